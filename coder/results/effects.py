"""How large a difference is, with an interval at 95 %.

A p value tells how surprising a difference would be by chance, and shrinks with the number of
answers; an effect does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Literal

import numpy as np
from numpy.typing import NDArray

EffectName = Literal[
    "cramers_v", "cliffs_delta", "eta_squared_ranks", "mean_difference", "omega_squared"
]
LEVEL = 0.95

Counts = NDArray[np.float64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Effect:
    """An effect and the ends of its interval; None where there is too little to tell them from."""

    name: EffectName
    value: float
    low: float | None
    high: float | None


def cramers_v(counts: Counts, chi2: float) -> Effect:
    """Cramér's V of a table, from 0 (no association) to 1, corrected for bias.

    counts : shape (n_options, n_groups), no empty row or column; chi2 : Pearson's, uncorrected.

    Without the correction V is above 0 also when there is nothing, the more so the more cells
    there are. It is Bergsma's (2013, J. Korean Stat. Soc. 42, 323-328): the degrees of freedom
    are taken from chi-square, and the table counts as a little smaller. The interval is where
    the noncentral chi-square distribution puts the observed one (Smithson 2003, ch. 4), put on
    the same scale.
    """
    n, (rows, columns) = counts.sum(), counts.shape
    df = (rows - 1) * (columns - 1)
    size = min(k - (k - 1) ** 2 / (n - 1) for k in (rows, columns)) - 1
    if size <= 0:
        return Effect("cramers_v", 0.0, None, None)

    def v(phi2: float) -> float:
        return sqrt(min(max(phi2, 0.0) / size, 1.0))

    low, high = _noncentrality(chi2, df)
    return Effect("cramers_v", v(chi2 / n - df / (n - 1)), v(low / n), v(high / n))


def eta_squared_ranks(h: float, n: int, groups: int) -> Effect:
    """Eta squared of ranks from the Kruskal-Wallis H: how much of the ranks the groups explain.

    (H - k + 1) / (n - k) (Tomczak & Tomczak 2014), not below 0. The interval is from the
    noncentral chi-square distribution, to which H comes close when differences are small.
    """
    low, high = _noncentrality(h, groups - 1)
    rest = max(n - groups, 1)
    value = max(h - groups + 1, 0.0) / rest
    return Effect("eta_squared_ranks", min(value, 1.0), min(low / rest, 1), min(high / rest, 1))


def cliffs_delta(first: Floats, second: Floats) -> Effect:
    """Cliff's delta of two samples of ranks or values, which is also the rank-biserial correlation.

    Of all pairs with one from each: the share where the first is higher minus the share where
    the second is, from -1 to 1. The interval is Brunner and Munzel's (2000), which holds also
    when the spread differs; it is not known of fewer than two, nor when no pair disagrees.
    """
    from statsmodels.stats.nonparametric import rank_compare_2indep

    if min(len(first), len(second)) < 2:
        pairs = np.sign(np.subtract.outer(first, second))
        return Effect("cliffs_delta", float(pairs.mean()), None, None)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = rank_compare_2indep(first, second)
        ends = found.conf_int(alpha=1 - LEVEL)
    delta = 2 * float(found.prob1) - 1
    if not found.var > 0:
        return Effect("cliffs_delta", delta, None, None)
    low, high = (min(max(2 * float(end) - 1, -1.0), 1.0) for end in ends)
    return Effect("cliffs_delta", delta, low, high)


def omega_squared(f: float, df: tuple[float, float], n: int) -> Effect:
    """Omega squared of an analysis of variance: how much of the variance the groups explain.

    The interval is from the noncentral F distribution.
    """
    from statsmodels.stats.oneway import confint_effectsize_oneway

    f2 = f * df[0] / df[1]
    value = (f2 - df[0] / df[1]) / (f2 + 1 + 1 / df[1])
    with np.errstate(divide="ignore", invalid="ignore"):  # where an end is 0
        ends = confint_effectsize_oneway(f, df, alpha=1 - LEVEL, nobs=n).eta2
    low, high = (float(np.clip(np.nan_to_num(end), 0, 1)) for end in ends)
    return Effect("omega_squared", max(value, 0.0), low, high)


def _noncentrality(statistic: float, df: int) -> tuple[float, float]:
    """The noncentralities of which the statistic is the 97.5 and the 2.5 percentile; 0 if none."""
    from scipy.special import chdtr, chndtrinc

    def end(below: float) -> float:
        none = chdtr(df, statistic) <= below
        return 0.0 if none else float(chndtrinc(statistic, df, below))

    return end((1 + LEVEL) / 2), end((1 - LEVEL) / 2)
