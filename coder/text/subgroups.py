"""The answers of one code in smaller groups, as an offer for how it might be split."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from coder.text.nearest import Points, unit
from coder.text.tree import grow


def sub_groups(answers: Sequence[str], vectors: NDArray[np.float32], count: int) -> list[list[str]]:
    """The answers in ``count`` groups that are each about the same, the largest first.

    vectors : shape (n, dimensions), one row per answer. What all of them share tells nothing of
    how they differ, so it is taken away first. Groups, and answers in a group, stand the most
    typical first; of fewer answers than ``count``, each is a group.
    """
    if not answers:
        return []
    order = sorted(range(len(answers)), key=lambda row: answers[row])  # the same in any order
    own = vectors[order].astype(np.float64)
    points = unit(own - own.mean(axis=0))
    found: dict[int, list[int]] = {}
    for row, group in enumerate(grow(points, count).groups.tolist()):
        found.setdefault(group, []).append(row)
    ranked = sorted(found.values(), key=lambda rows: (-len(rows), rows))
    return [[answers[order[row]] for row in _typical_first(points, rows)] for rows in ranked]


def _typical_first(points: Points, rows: list[int]) -> list[int]:
    nearness = (points[rows] @ points[rows].mean(axis=0)).round(9)
    return [rows[at] for at in np.argsort(-nearness, kind="stable").tolist()]
