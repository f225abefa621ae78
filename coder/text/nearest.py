"""The nearest of many points, in batches, with ties always resolved the same way."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.floating]

_BATCH = 4_000_000  # likenesses that are looked at together
_VOTES = 5  # nearest points that say where another belongs
_STEPS = 1 << 20  # likenesses nearer to each other than one step count as equal


def nearest(
    queries: Points, points: Points, count: int, itself: bool = False
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The ``count`` points with the greatest cosine to each query, nearest first.

    queries, points : arrays of shape (n, d) and (m, d), rows of length 1. itself : the queries are
    the points, and none is counted as near to itself.

    Returns the numbers of the points and the cosines, both of shape (n, at most ``count``). Of
    points that are equally near the first comes first.
    """
    count = min(count, len(points) - itself)
    numbers = np.empty((len(queries), count), dtype=np.int64)
    likeness = np.empty((len(queries), count), dtype=np.float32)
    rows = max(1, _BATCH // max(1, len(points)))
    for start in range(0, len(queries) if count else 0, rows):
        found = queries[start : start + rows] @ points.T
        if itself:
            own = np.arange(len(found))
            found[own, start + own] = -2.0
        best = _greatest(found, count)
        numbers[start : start + rows] = best
        likeness[start : start + rows] = np.take_along_axis(found, best, axis=1)
    return numbers, likeness


def _greatest(found: Points, count: int) -> NDArray[np.int64]:
    """The columns of the greatest values of each row, greatest first, of equals the first.

    Likeness and column are packed into one whole number, so that no two of a row are equal: a
    partition of equal values may give any of them.
    """
    m = found.shape[1]
    keys = np.rint(found * _STEPS).astype(np.int64) * m - np.arange(m)
    top = np.partition(keys, m - count, axis=1)[:, m - count :]
    top = -np.sort(-top, axis=1)
    return np.asarray(-top % m)


def joined(queries: Points, points: Points, groups: NDArray[np.int64]) -> NDArray[np.int64]:
    """The group that each query joins: the one its nearest points are in, the nearer the more.

    queries, points : arrays of shape (n, d) and (m, d), rows of length 1, m at least 1. groups :
    of the points. Of groups with the same weight it is that of the nearest point. Each query is
    judged for itself, so they may come in any portions.
    """
    near, likeness = nearest(queries, points, _VOTES)
    own = groups[near]
    same = own[:, :, None] == own[:, None, :]
    votes = (same * np.maximum(likeness, 0)[:, None, :]).sum(axis=2).round(6)
    return np.asarray(np.take_along_axis(own, votes.argmax(axis=1)[:, None], axis=1).ravel())


def smoothed(points: Points, neighbours: int, rounds: int = 2) -> Points:
    """The points, each moved halfway to the mean of its nearest, and set to length 1 again.

    Noise that neighbours don't share is averaged away before grouping (mean-shift filtering:
    Yang, Rahardja & Fränti 2021, Pattern Recognition 115).
    """
    for _ in range(rounds if len(points) > 2 else 0):
        near, _ = nearest(points, points, neighbours, itself=True)
        points = unit(points + points[near].mean(axis=1))
    return points


def neighbours_of(n: int) -> int:
    """How many neighbours say what is noise in a point: more in a larger survey, but slowly."""
    return max(2, round(float(np.log2(max(n, 2)))))


def unit(points: Points) -> Points:
    """The points set to length 1; those of no length stay as they are."""
    lengths = np.linalg.norm(points, axis=1, keepdims=True)
    return np.asarray(points / np.where(lengths > 1e-9, lengths, 1))
