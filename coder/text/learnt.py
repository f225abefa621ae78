"""A space that knows what people have decided: what varies within a code counts less in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.covariance import ledoit_wolf

from coder.text.nearest import Points, unit


def learnt(points: Points, codes: Sequence[str | None]) -> Points:
    """The points in a space scaled by what has been coded, rows of length 1.

    points : array of shape (n, d). codes : for each its code, None where it has none.

    Directions in which answers of one code differ are shortened, so that those which tell codes
    apart count for more, also among answers that nobody has coded (within-class covariance
    normalisation: Hatch & Stolcke 2006). The covariance is shrunk towards the same in all
    directions (Ledoit & Wolf 2004), the more the fewer answers it is known from; before any two
    answers have the same code, nothing changes.
    """
    rest = _within(points, codes)
    if not np.any(np.abs(rest) > 1e-9):
        return points
    covariance, _ = ledoit_wolf(rest, assume_centered=True)
    variances, directions = np.linalg.eigh(covariance)
    floor = variances.max() * 1e-6
    return unit((points @ directions) / np.sqrt(np.maximum(variances, floor)))


def _within(points: Points, codes: Sequence[str | None]) -> Points:
    """How each coded answer differs from the mean of its code; at least one row."""
    rows = [np.zeros((1, points.shape[1]))]
    for code in sorted({each for each in codes if each is not None}):
        own = points[[i for i, each in enumerate(codes) if each == code]].astype(np.float64)
        if len(own) > 1:
            rows.append(own - own.mean(axis=0))
    return np.concatenate(rows)
