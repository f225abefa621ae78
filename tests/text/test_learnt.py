"""What has been coded changes what counts as alike."""

from __future__ import annotations

import numpy as np
import pytest

from coder.text.learnt import learnt
from coder.text.nearest import unit

rng = np.random.default_rng(2)
# Two directions tell the codes apart, the two others, which vary more, do not.
KIND = np.arange(80) % 4
SIGNS = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]])[KIND]
POINTS = unit(
    np.column_stack([SIGNS + 0.1 * rng.normal(size=(80, 2)), 3 * rng.normal(size=(80, 2))])
)


def apartness(points: np.ndarray, rows: np.ndarray) -> float:
    """How much more alike answers of one kind are than others."""
    alike, same = points[rows] @ points[rows].T, KIND[rows][:, None] == KIND[rows][None, :]
    return float(alike[same].mean() - alike[~same].mean())


def test_codes_that_nobody_has_used_yet_are_told_apart_better_too() -> None:
    codes = [f"code {kind}" if kind < 2 and no < 60 else None for no, kind in enumerate(KIND)]
    others = np.flatnonzero(KIND >= 2)
    assert apartness(learnt(POINTS, codes), others) > 1.5 * apartness(POINTS, others)


@pytest.mark.parametrize("codes", [[None] * 80, ["a", *[None] * 79], ["a", "b", *[None] * 78]])
def test_before_two_answers_have_one_code_nothing_is_learnt(codes: list[str | None]) -> None:
    assert learnt(POINTS, codes).tolist() == POINTS.tolist()


def test_the_names_of_the_codes_make_no_difference() -> None:
    one = learnt(POINTS, [f"{kind}" for kind in KIND])
    other = learnt(POINTS, [f"{9 - kind}" for kind in KIND])
    assert one == pytest.approx(other, abs=1e-6)


def test_answers_that_are_all_like_their_code_teach_nothing() -> None:
    kinds = [0] * 30 + [1] * 5 + [2, 3]
    points = unit(np.eye(4)[kinds] + 0.1)
    assert learnt(points, [f"{kind}" for kind in kinds]).tolist() == points.tolist()
