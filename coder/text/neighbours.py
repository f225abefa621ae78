"""Which code an answer has, by the coded answers that are most like it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coder.text.nearest import unit

Matrix = NDArray[np.float32]
Numbers = NDArray[np.int64]

_SQUARED = 5  # how often the say is squared: how fast it falls with the cosine
_DOUBT = 0.02  # say of each code without any answer
_MOST = 4_000  # coded answers that are asked; of more, so many spread evenly
_TABLE = 1 << 24  # likenesses that are looked at together


def near_shares(
    points: Matrix, rows: Numbers, codes: Numbers, count: int, asked: Numbers
) -> Matrix:
    """The share of each code among the coded answers near to each answer asked about.

    points : shape (n, d). rows, codes : the coded answers and their codes, 0 to ``count`` - 1, at
    least one. asked : rows. Returns shape (len(asked), count), rows that add up to 1.

    The say of a coded answer is a high power of 1 plus its cosine, 1 for the nearest
    (kernel-weighted neighbours: Nadaraya 1964; Watson 1964). Of more than 4,000 coded answers
    as many, spread evenly over ``rows``, have a say, so that the cost grows with ``asked`` alone.
    """
    if len(rows) > _MOST:
        some = np.linspace(0, len(rows) - 1, _MOST).astype(np.int64)
        rows, codes = rows[some], codes[some]
    known, others = unit(points[rows]), unit(points[asked])
    votes = np.zeros((len(rows), count), dtype=np.float32)
    votes[np.arange(len(rows)), codes] = 1.0
    block = max(1, _TABLE // len(rows))
    starts = range(0, len(asked), block)
    found = [_say(others[start : start + block], known) @ votes + _DOUBT for start in starts]
    shares = np.concatenate(found) if found else np.zeros((0, count))
    return np.asarray(shares / shares.sum(axis=1, keepdims=True), dtype=np.float32)


def _say(others: Matrix, known: Matrix) -> Matrix:
    """The say of each known point for each other: the power of its likeness, 1 at most."""
    say = 1 + others @ known.T
    say /= np.maximum(say.max(axis=1, keepdims=True), 1e-6)
    for _ in range(
        _SQUARED
    ):  # many times faster than an exponential, in the largest table there is
        say *= say
    return np.asarray(say)
