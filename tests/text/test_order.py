"""In which order answers are read."""

from __future__ import annotations

import numpy as np

from coder.text.order import ranked, shuffled, similarities

ANSWERS = [f"R{no}" for no in range(40)]


def test_a_shuffle_follows_from_the_seed_alone() -> None:
    once = shuffled(ANSWERS, 7)
    assert once == shuffled(ANSWERS[::-1], 7)
    assert sorted(once) == sorted(ANSWERS)
    assert once not in (ANSWERS, shuffled(ANSWERS, 8))


def test_a_later_answer_leaves_the_others_in_their_order() -> None:
    assert [each for each in shuffled([*ANSWERS, "late"], 7) if each != "late"] == shuffled(
        ANSWERS, 7
    )


def test_equal_values_stay_as_they_came_and_what_has_none_comes_last() -> None:
    value = {"b": 0.5, "c": 0.9, "d": 0.5}
    assert ranked(["a", "b", "c", "d"], value, least_first=True) == ["b", "d", "c", "a"]
    assert ranked(["a", "b", "c", "d"], value, least_first=False) == ["c", "b", "d", "a"]


def test_likeness_is_the_cosine_to_the_mean() -> None:
    vectors = np.array([[1, 0], [0, 1], [0.6, 0.8]], dtype=np.float32)
    found = similarities(["a", "b", "c"], vectors, ["a", "b", "unknown"])
    np.testing.assert_allclose(list(found.values()), [0.7071, 0.7071, 1.4 * 0.7071], atol=1e-4)
    assert similarities(["a", "b", "c"], vectors, []) == {}
