"""Codings that look odd, and answers that say nearly the same."""

from __future__ import annotations

import numpy as np
import pytest

from coder.text.encode import FakeEncoder
from coder.text.misfits import chances_left_out, misfits, near_duplicates
from coder.text.suggest import Past, Space, make_space

WALKS = [f"gåtur i skoven med borgere, hold {i}" for i in range(12)]
CALLS = [f"videomøde med familien over nettet, uge {i}" for i in range(12)]
TEXTS = {f"w{i}": text for i, text in enumerate(WALKS)} | {
    f"c{i}": text for i, text in enumerate(CALLS)
}


@pytest.fixture(scope="module")
def space() -> Space:
    vectors = FakeEncoder().encode(list(TEXTS.values()))
    return make_space(list(TEXTS), list(TEXTS.values()), vectors)


def coded(**other: tuple[str, ...]) -> Past:
    right: dict[str, tuple[str, ...]] = {answer: (answer[0],) for answer in TEXTS}
    return Past(("w", "c", "rare"), right | other, ())


def test_right_codings_are_no_misfits(space: Space) -> None:
    assert misfits(space, coded()) == []


def test_wrong_codings_are_found_with_what_speaks_against_them(space: Space) -> None:
    found = misfits(space, coded(w3=("c",), c7=("w",)))
    assert {(each.answer, each.code, each.likelier) for each in found} == {
        ("w3", "c", "w"), ("c7", "w", "c")
    }  # fmt: skip
    for each in found:
        assert each.chance <= 0.2 < 0.5 <= each.likelier_chance <= 1
        assert len(each.near) == 3
        assert each.answer not in dict(each.near)
        assert all(codes == (each.likelier,) for _, codes in each.near)


def test_a_code_beside_the_likely_one_is_no_misfit(space: Space) -> None:
    assert misfits(space, coded(w3=("w", "c"))) == []


def test_a_code_with_hardly_any_answers_is_not_judged(space: Space) -> None:
    assert misfits(space, coded(w3=("rare",), w4=("rare",))) == []


def test_an_answer_is_judged_without_its_own_code(space: Space) -> None:
    """Alone with its code, it can't be given it."""
    assert chances_left_out(space, coded(w3=("rare",)))["w3"].get("rare", 0.0) == 0


def test_uncoded_answers_are_no_misfits_and_no_evidence(space: Space) -> None:
    few = {each: (each[0],) for each in ("w1", "w2", "w5", "w6", "c1", "c2", "c5", "c6")}
    found = misfits(space, Past(("w", "c"), few | {"w3": ("c",), "w4": ()}, ()))
    assert [each.answer for each in found] == ["w3"]
    assert {answer for answer, _ in found[0].near} <= set(few)
    assert misfits(space, Past((), {}, ())) == []


SAME = {"a": "Vi går en tur.", "b": "vi går en  tur", "c": "VI GÅR EN TUR!", "d": "noget andet"}


def alike(texts: dict[str, str], codes: dict[str, tuple[str, ...]]) -> list[tuple[str, ...]]:
    vectors = FakeEncoder().encode(list(texts.values()))
    return [
        each.answers for each in near_duplicates(list(texts), [*texts.values()], vectors, codes)
    ]


def test_case_signs_and_spaces_make_no_difference() -> None:
    assert alike(SAME, {}) == [("a", "b", "c")]


def test_signs_alone_are_not_all_the_same() -> None:
    assert alike({"a": "?", "b": "!!!", "c": "?"}, {}) == [("a", "c")]


def test_near_enough_joins_with_what_is_near() -> None:
    """Steps of 5 degrees have cosine .996; the first and the last, 15 degrees apart, .966."""
    angles = np.radians([0, 5, 10, 15, 60])
    vectors = np.column_stack([np.cos(angles), np.sin(angles)]).astype(np.float32)
    (found,) = near_duplicates(list("abcde"), list("abcde"), vectors, {"a": ("x",)}, 0.99)
    assert found.answers == ("a", "b", "c", "d")
    assert found.codes == (("x",), (), (), ())
    assert near_duplicates(list("abcde"), list("abcde"), vectors, {}, 0.999) == []


def test_those_that_are_coded_differently_come_first() -> None:
    texts = {**SAME, "e": "noget andet"}
    same: dict[str, tuple[str, ...]] = dict.fromkeys("abc", ("x",))
    assert alike(texts, same) == [("a", "b", "c"), ("d", "e")]
    assert alike(texts, {**same, "d": ("x",)}) == [("d", "e"), ("a", "b", "c")]


def test_of_no_answers_none_are_alike() -> None:
    assert near_duplicates([], [], np.empty((0, 4), np.float32), {}) == []
    assert alike({"a": "one"}, {}) == []
