"""Answers that are like none of those that are coded: perhaps something new."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coder.text.nearest import unit

Matrix = NDArray[np.float32]

_NEAREST = 5  # coded answers that an answer is held against
_TABLE = 1 << 24  # likenesses that are looked at together


def fits(coded: Matrix, asked: Matrix) -> NDArray[np.float64]:
    """For each point asked about, the share of coded points that are no nearer to the others.

    coded : shape (n, d), with n at least 1. asked : shape (m, d). Returns m numbers above 0, at
    most 1: how usual it would be for a coded answer to stand so far from the others. How far is
    the mean cosine to the five nearest, of a coded answer to those but itself.

    This is a conformal p-value for being one of them (Vovk, Gammerman & Shafer 2005; Laxhammar &
    Falkman 2010): of answers that are like the coded ones, a share of at most s has s or less. A
    hair more, since a coded answer has one other less to be near to.
    """
    own, others = unit(coded), unit(asked)
    usual = np.sort(_nearness(own, own, skip=True))
    found = _nearness(others, own, skip=False)
    below = np.searchsorted(usual, found, side="right")
    return np.asarray((below + 1) / (len(usual) + 1), dtype=np.float64)


def _nearness(points: Matrix, own: Matrix, skip: bool) -> NDArray[np.float64]:
    """The mean cosine of each point to the nearest of ``own``; skip : but to itself."""
    block = max(1, _TABLE // max(1, len(own)))
    found = [np.empty(0)]
    for start in range(0, len(points), block):
        cosines = points[start : start + block] @ own.T
        if skip:
            rows = np.arange(len(cosines))
            cosines[rows, start + rows] = -1.0
        most = min(_NEAREST, cosines.shape[1])
        best = np.partition(cosines, cosines.shape[1] - most, axis=1)[:, -most:]
        found.append(best.mean(axis=1))
    return np.concatenate(found)
