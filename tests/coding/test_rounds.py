"""Who codes what: each design keeps its promise, whatever order things come in."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coder.coding.rounds import assign, progress
from coder.coding.state import State
from coder.model import Assigned, MarkAnswers, OpenRound, RemoveCode
from tests.coding.test_log import CODED, played

ANSWERS = st.sets(st.text("abcdef0123", min_size=1, max_size=4), min_size=1, max_size=40).map(
    sorted
)
CODERS = st.sets(st.text("xyz", min_size=1, max_size=3), min_size=2, max_size=6).map(sorted)
SEEDS = st.integers(0, 5)


def counts(assigned: tuple[Assigned, ...]) -> Counter[str]:
    return Counter(answer for each in assigned for answer in each.answers)


def loads(assigned: tuple[Assigned, ...], coders: list[str]) -> list[int]:
    given = {each.coder: len(each.answers) for each in assigned}
    return [given.get(coder, 0) for coder in coders]


@given(ANSWERS, CODERS, SEEDS)
def test_all_code_everything(answers: list[str], coders: list[str], seed: int) -> None:
    assigned = assign(answers, coders, "all", seed=seed)
    assert assigned == tuple(Assigned(coder, tuple(answers)) for coder in coders)


@given(ANSWERS, CODERS, SEEDS, st.floats(0, 1))
def test_of_an_overlap_all_code_as_many_as_promised_and_one_each_of_the_rest(
    answers: list[str], coders: list[str], seed: int, share: float
) -> None:
    overlap = int(share * len(answers))
    assigned = assign(answers, coders, "overlap", overlap, seed=seed)
    found = counts(assigned)
    assert set(found) == set(answers)
    assert (
        Counter(found.values())
        == Counter({len(coders): overlap, 1: len(answers) - overlap} if len(coders) > 1 else {})
        + Counter()
    )
    assert max(loads(assigned, coders)) - min(loads(assigned, coders)) <= 1


@given(ANSWERS, CODERS, SEEDS)
def test_in_pairs_every_answer_has_two_coders_who_have_as_much_to_do(
    answers: list[str], coders: list[str], seed: int
) -> None:
    assigned = assign(answers, coders, "pairs", seed=seed)
    assert counts(assigned) == Counter(dict.fromkeys(answers, 2))
    assert max(loads(assigned, coders)) - min(loads(assigned, coders)) <= 1


@given(ANSWERS, CODERS, SEEDS, st.randoms(), st.sampled_from(["all", "overlap", "pairs"]))
def test_the_same_seed_gives_the_same_in_any_order(
    answers: list[str], coders: list[str], seed: int, random: object, design: str
) -> None:
    strata = {answer: answer[0] for answer in answers}
    first = assign(answers, coders, design, len(answers) // 3, strata, seed)  # type: ignore[arg-type]
    others, people = list(answers), list(coders)
    random.shuffle(others)  # type: ignore[attr-defined]
    random.shuffle(people)  # type: ignore[attr-defined]
    mixed = {answer: strata[answer] for answer in others}
    assert assign(others, people, design, len(answers) // 3, mixed, seed) == first  # type: ignore[arg-type]


@given(st.lists(st.integers(1, 20), min_size=1, max_size=5), SEEDS, st.floats(0, 1))
def test_each_stratum_has_its_share_of_the_overlap_to_the_nearest(
    sizes: list[int], seed: int, share: float
) -> None:
    strata = {f"{group}-{no}": str(group) for group, size in enumerate(sizes) for no in range(size)}
    overlap = int(share * len(strata))
    found = counts(assign(strata, ["a", "b"], "overlap", overlap, strata, seed))
    drawn = Counter(strata[answer] for answer, count in found.items() if count == 2)
    assert sum(drawn.values()) == overlap
    for group, size in enumerate(sizes):
        assert abs(drawn[str(group)] - overlap * size / len(strata)) < 1


def test_another_seed_draws_others() -> None:
    answers = [f"A{no}" for no in range(40)]
    first, second = (assign(answers, ["a", "b"], "overlap", 10, seed=seed) for seed in (1, 2))
    assert first != second


def test_designs_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match="pairs of fewer"):
        assign(["A1"], ["a"], "pairs")
    with pytest.raises(ValueError, match="3 of 2"):
        assign(["A1", "A2"], ["a", "b"], "overlap", 3)


# --- how far it is -----------------------------------------------------------------------------

ROUND = OpenRound("r", "R", (Assigned("anna", ("A1", "A2")), Assigned("bo", ("A1", "A3"))))


def at(*marked: tuple[str, str]) -> State:
    return played(
        ("anna", ROUND), *((who, MarkAnswers((a,), "done")) for who, a in marked), state=CODED
    )


def test_only_what_is_marked_as_done_is_done() -> None:
    """Anna has x on A1 and A2, Bo y on A1; coded is not yet done."""
    found = progress(at(), ROUND)
    assert (found.done, found.assigned) == ({"anna": 0, "bo": 0}, {"anna": 2, "bo": 2})
    assert (found.shared, found.compared, found.agreed) == (1, 0, 0)
    found = progress(at(("anna", "A1"), ("anna", "A2"), ("bo", "A3")), ROUND)
    assert (found.done, found.compared) == ({"anna": 2, "bo": 1}, 0)


def test_how_many_agree_is_told_only_where_it_may() -> None:
    both = at(("anna", "A1"), ("bo", "A1"))
    assert (progress(both, ROUND).compared, progress(both, ROUND).agreed) == (1, 0)
    assert progress(both, ROUND, tells=False).agreed is None
    nothing = played(
        ("bo", RemoveCode("y", ("A1",))), ("anna", RemoveCode("x", ("A1",))), state=both
    )
    assert progress(nothing, ROUND).agreed == 1
