"""Groups of answers that look alike, of every size that can be shown: what may be a new code."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import linkage

from coder.text.nearest import nearest, unit

Matrix = NDArray[np.float32]
Numbers = NDArray[np.int64]

SMALLEST, LARGEST = 4, 40  # answers in a group
_LANDMARKS = 4_000  # answers that the tree is grown from; the others join the nearest of them


@dataclass(frozen=True)
class Clusters:
    """Groups that lie inside each other, as the tree has them.

    Group ``g`` has the answers ``members[starts[g]:starts[g + 1]]``, the most typical first.
    ``tightness`` is how alike they are, in standard deviations from other groups of that size.
    """

    members: Numbers
    starts: Numbers
    tightness: NDArray[np.float64]


def clusters(points: Matrix) -> Clusters:
    """All groups of 4 to 40 answers in the tree of Ward's method (1963).

    points : shape (n, d), in an order that does not depend on how the answers came.
    """
    points = np.asarray(unit(points), dtype=np.float32)
    groups = [_by_typicality(points, group) for group in _groups(points)]
    sizes = np.array([len(group) for group in groups], dtype=np.int64)
    alike = np.array([_likeness(points[group]) for group in groups])
    members = np.concatenate(groups) if groups else np.empty(0, dtype=np.int64)
    return Clusters(members, np.concatenate([[0], np.cumsum(sizes)]), _standing(alike, sizes))


def _groups(points: Matrix) -> list[Numbers]:
    """The answers of every node of the tree that is neither too small nor too large."""
    n = len(points)
    grown = np.unique(np.linspace(0, n - 1, min(n, _LANDMARKS)).round().astype(np.int64))
    if len(grown) < 2:
        return []
    joins = nearest(points, points[grown], 1)[0][:, 0] if len(grown) < n else np.arange(n)
    joins[grown] = np.arange(len(grown))  # also where one of those before it is equal
    order = np.argsort(joins, kind="stable")
    inside = np.split(order, np.searchsorted(joins[order], np.arange(1, len(grown))))
    found = []
    for left, right, *_ in linkage(points[grown].astype(np.float64), "ward"):
        one, other = inside[int(left)], inside[int(right)]
        together = len(one) and len(other) and len(one) + len(other) <= LARGEST
        # None of those that are too large is ever looked at again.
        inside.append(np.concatenate([one, other]) if together else np.empty(0, dtype=np.int64))
        if together and len(inside[-1]) >= SMALLEST:
            found.append(inside[-1])
    return found


def _by_typicality(points: Matrix, group: Numbers) -> Numbers:
    own = points[group]
    return np.asarray(group[np.argsort(-(own @ own.sum(axis=0)), kind="stable")])


def _likeness(points: Matrix) -> float:
    """The mean cosine of two of the points."""
    n, total = len(points), float((points.sum(axis=0) ** 2).sum())
    return (total - n) / (n * (n - 1))


def _standing(alike: NDArray[np.float64], sizes: Numbers) -> NDArray[np.float64]:
    """How far each likeness lies from what groups of its size usually have (small ones more)."""
    if len(alike) < 4:
        return np.zeros(len(alike))
    shape = np.column_stack([np.ones(len(sizes)), np.log(sizes)])
    rest = alike - shape @ np.linalg.lstsq(shape, alike)[0]
    return np.asarray(rest / max(rest.std(), 1e-6))
