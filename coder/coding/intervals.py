"""How sure a coefficient is: bootstrap intervals over respondents.

Whole respondents are drawn, with all their units, since the units of one person are no independent
witnesses. Every coefficient is a function of sums over units, so a draw is a multiplication of how
often each respondent was drawn with what the respondents add. All coefficients see the same draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse, special

from coder.coding.coefficients import Coefficient, Parts
from coder.coding.ratings import Floats
from coder.model import Progress

Method = Literal["bca", "percentile"]
LEVEL = 0.95
LEAST_DEFINED = 0.5  # of the draws; a coefficient that is mostly undefined has no interval
_CELLS_AT_A_TIME = 2_000_000


@dataclass(frozen=True)
class Interval:
    """A bootstrap interval at 95 %.

    method : None when there is none, and then low and high are None too. draws : how many of the
    draws had a value; in the others the coefficient was 0 / 0, as of a code that was not drawn.
    """

    low: float | None
    high: float | None
    method: Method | None
    draws: int


def intervals(
    coefficients: Sequence[Coefficient],
    respondents: NDArray[np.int64],
    draws: int = 2000,
    seed: int = 0,
    progress: Progress | None = None,
) -> list[Interval]:
    """The interval of each coefficient, from the same draws.

    respondents : shape (n_units,), whose each unit is, numbered from 0. draws : 0 for no intervals.

    BCa (Efron 1987): corrected for bias and for a spread that changes with the value, the latter
    by the jackknife over respondents. Where that can't be computed, because all draws are on one
    side of the value or a respondent left out leaves 0 / 0, the interval is of plain percentiles.
    None where all draws are the same, as when all agree: that nothing varied does not say that
    nothing could.
    """
    added = [_by_respondent(each.parts, respondents) for each in coefficients]
    found = _drawn(coefficients, added, draws, seed, progress)
    return [
        _interval(each.of_all(), values, _left_out(each, parts) if draws else values)
        for each, parts, values in zip(coefficients, added, found, strict=True)
    ]


def _by_respondent(parts: Parts, respondents: NDArray[np.int64]) -> Parts:
    """What each respondent adds; shape (n_respondents, n_parts)."""
    count = int(respondents.max(initial=-1)) + 1
    whose = np.ones(len(respondents)), (respondents, np.arange(len(respondents)))
    found: Parts = sparse.csr_array(whose, shape=(count, len(respondents))) @ parts
    return found


def _drawn(
    coefficients: Sequence[Coefficient],
    added: Sequence[Parts],
    draws: int,
    seed: int,
    progress: Progress | None,
) -> Floats:
    """The value of each coefficient in each draw; shape (n_coefficients, draws)."""
    found = np.full((len(coefficients), draws), np.nan)
    n = added[0].shape[0] if added else 0
    if n == 0:
        return found
    random = np.random.default_rng(seed)
    widest = max(each.shape[1] for each in added)
    step = max(1, min(draws, _CELLS_AT_A_TIME // max(n, widest)))
    for start in range(0, draws, step):
        here = slice(start, min(start + step, draws))
        times = times_drawn(random, here.stop - start, n)
        for no, (each, parts) in enumerate(zip(coefficients, added, strict=True)):
            found[no, here] = each.value(times @ parts)
        if progress:
            progress("progress.drawing", here.stop, draws)
    return found


def times_drawn(random: np.random.Generator, draws: int, n: int) -> Floats:
    """How often each of n is drawn in each of some draws with replacement; shape (draws, n)."""
    who = random.integers(0, n, size=(draws, n)) + np.arange(draws)[:, None] * n
    return np.bincount(who.ravel(), minlength=draws * n).reshape(draws, n).astype(np.float64)


def _left_out(coefficient: Coefficient, added: Parts) -> Floats:
    """The coefficient without each respondent in turn; shape (n_respondents,)."""
    total = np.asarray(added.sum(axis=0))
    n, width = added.shape
    step = max(1, _CELLS_AT_A_TIME // width)
    some = [added[start : start + step] for start in range(0, n, step)]
    dense = (each if isinstance(each, np.ndarray) else each.toarray() for each in some)
    return np.concatenate([coefficient.value(total - each) for each in dense] or [np.zeros(0)])


def _interval(value: float, drawn: Floats, left_out: Floats) -> Interval:
    defined = np.sort(drawn[np.isfinite(drawn)])
    count = len(defined)
    if count < max(2, LEAST_DEFINED * len(drawn)) or not np.isfinite(value):
        return Interval(None, None, None, count)
    if np.ptp(defined) < 1e-12:
        return Interval(None, None, None, count)
    tails = np.array([(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    corrected = bca_tails(tails, value, defined, left_out)
    method: Method = "percentile" if corrected is None else "bca"
    low, high = np.quantile(defined, tails if corrected is None else corrected)
    return Interval(float(low), float(high), method, count)


def bca_tails(tails: Floats, value: float, drawn: Floats, left_out: Floats) -> Floats | None:
    """Which quantiles of the draws are taken for ``tails``; None where that can't be told.

    drawn : finite values. left_out : the value without each respondent (Efron 1987; DiCiccio &
    Efron 1996, eq. 2.3 and 6.6). A draw that equals the value counts as half below it.
    """
    close = np.isclose(drawn, value, rtol=0, atol=1e-12)
    below = ((drawn < value) & ~close).mean() + close.mean() / 2
    apart = left_out.mean() - left_out
    spread = (apart**2).sum()
    if not 0 < below < 1 or not np.isfinite(spread) or spread < 1e-24:
        return None
    acceleration = (apart**3).sum() / (6 * spread**1.5)
    bias = special.ndtri(below)
    moved = bias + special.ndtri(tails)
    return np.asarray(special.ndtr(bias + moved / (1 - acceleration * moved)))
