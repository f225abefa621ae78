"""Statistical tests of whether groups differ, each with why that one was taken.

A table is tested as it is counted: shape (n_options, n_groups), whole numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from coder.results.effects import (
    LEVEL,
    Effect,
    cliffs_delta,
    cramers_v,
    eta_squared_ranks,
    omega_squared,
)

TestName = Literal[
    "chi_square", "fisher", "permutation", "mann_whitney", "kruskal_wallis", "ranks_permutation",
    "welch", "welch_anova",
]  # fmt: skip
# Why that test, in the words of [compare.why].
Why = Literal[
    "large", "small_two_by_two", "small", "two_ordered", "several_ordered", "few_ordered",
    "two_means", "several_means",
]  # fmt: skip
About = Literal["distribution", "order", "mean"]
Method = Literal["holm", "bh"]

SIGNIFICANT = 0.05
_FEW = 10  # in a group of fewer, ranks are permuted: their sum is not normal yet
_LITTLE = 20  # in the smallest group; less than that can only show very large differences
_PORTION, _PORTIONS = 1_111, 9  # 9,999 random tables
_SEED = 20_200_311

Table = NDArray[np.float64]


@dataclass(frozen=True)
class Adjusted:
    """A p value corrected for the tests of a whole battery: by which method, for how many."""

    method: Method
    tests: int
    p: float


@dataclass(frozen=True)
class Difference:
    """What one test says of whether groups differ, and how much.

    about : the whole distribution, the order on a scale, or the mean. test, why : which test, and
    why that one. statistic : chi-square (also of a permutation), U, H, t or F; None of Fisher's
    test, which has none. df : None where there is none. p : two-sided, not adjusted. plain_p : of
    the same statistic by its usual distribution, where p is exact or permuted. sizes : answers
    per group.
    """

    about: About
    test: TestName
    why: Why
    statistic: float | None
    df: tuple[float, ...] | None
    p: float
    effect: Effect
    sizes: tuple[int, ...]
    plain_p: float | None = None
    adjusted: Adjusted | None = None

    @property
    def n(self) -> int:
        """How many answers there are in all groups."""
        return sum(self.sizes)

    @property
    def final_p(self) -> float:
        """The p value to go by: the adjusted one, where there is one."""
        return self.adjusted.p if self.adjusted else self.p

    @property
    def significant(self) -> bool:
        """Whether the difference is significant at 5 %, after any adjustment."""
        return self.final_p < SIGNIFICANT

    @property
    def says(self) -> str:
        """The key of the sentence about what can and can't be concluded."""
        groups = "two" if len(self.sizes) == 2 else "several"
        found = groups if self.significant else "not_shown"
        return f"compare.says.{self.about}.{found}"

    @property
    def little(self) -> bool:
        """Whether the smallest group is so small that only large differences could be seen."""
        return min(self.sizes) < _LITTLE


def distribution(counts: Table) -> Difference | None:
    """Whether the whole distribution differs, order or none; None when there is nothing to test.

    Pearson's chi-square without continuity correction, if at most a fifth of the expected counts
    are below 5 and none is below 1 (Cochran 1954). Otherwise Fisher's exact test of a table of
    two by two, and of larger ones the same chi-square among random tables with the same sums.
    """
    kept = _without_empty(counts)
    if min(kept.shape) < 2:
        return None
    from scipy import stats  # slow to load, and most commands do without

    found = stats.chi2_contingency(kept, correction=False)
    chi2, plain, df = float(found.statistic), float(found.pvalue), (float(found.dof),)
    effect = cramers_v(kept, chi2)
    usual = Difference("distribution", "chi_square", "large", chi2, df, plain, effect, _sizes(kept))
    if _enough(found.expected_freq):
        return usual
    if kept.shape == (2, 2):
        p = float(stats.fisher_exact(kept.astype(int)).pvalue)
        return _instead(usual, "fisher", "small_two_by_two", p, None)
    in_one_order = kept[np.argsort(kept.sum(axis=1))]
    return _instead(usual, "permutation", "small", _permuted(in_one_order, _chi_squares), chi2)


def order(counts: Table) -> Difference | None:
    """Whether groups stand higher or lower on a scale; None when there is nothing to test.

    counts : the options from low to high. Two groups: Wilcoxon-Mann-Whitney; several:
    Kruskal-Wallis; both with ties and without continuity correction. With fewer than ten in a
    group, the same among random tables with the same sums.
    """
    kept = _without_empty(counts)
    if min(kept.shape) < 2:
        return None
    steps = np.arange(len(kept), dtype=np.float64)
    samples = [np.repeat(steps, column.astype(int)) for column in kept.T]
    usual = _two_ordered(*samples) if len(samples) == 2 else _several_ordered(samples)
    if min(usual.sizes) >= _FEW:
        return usual
    p = _permuted(kept, _rank_sums)
    return _instead(usual, "ranks_permutation", "few_ordered", p, usual.statistic)


def means(samples: Sequence[Table]) -> Difference | None:
    """Whether means differ, by Welch's test, which does not take spreads to be equal.

    samples : the values of each group. None when there is nothing to test: fewer than two groups
    of two or more, or values that are all the same within groups.
    """
    kept = [sample for sample in samples if len(sample) > 1]
    spreads = [np.ptp(sample) > 0 for sample in kept]
    if len(kept) == 2 and any(spreads):
        return _two_means(*kept)
    # Of several groups each is weighed by its spread, so that each must have one.
    return _several_means(kept) if len(kept) > 2 and all(spreads) else None


def _two_ordered(first: Table, second: Table) -> Difference:
    from scipy import stats

    found = stats.mannwhitneyu(first, second, use_continuity=False, method="asymptotic")
    u, p, effect = float(found.statistic), float(found.pvalue), cliffs_delta(first, second)
    sizes = len(first), len(second)
    return Difference("order", "mann_whitney", "two_ordered", u, None, p, effect, sizes)


def _several_ordered(samples: Sequence[Table]) -> Difference:
    from scipy import stats

    found = stats.kruskal(*samples)
    h, p, df = float(found.statistic), float(found.pvalue), (len(samples) - 1.0,)
    sizes = tuple(len(sample) for sample in samples)
    effect = eta_squared_ranks(h, sum(sizes), len(sizes))
    return Difference("order", "kruskal_wallis", "several_ordered", h, df, p, effect, sizes)


def _two_means(first: Table, second: Table) -> Difference:
    from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

    both = CompareMeans(DescrStatsW(first), DescrStatsW(second))
    t, p, df = map(float, both.ttest_ind(usevar="unequal"))
    low, high = map(float, both.tconfint_diff(1 - LEVEL, usevar="unequal"))
    effect = Effect("mean_difference", float(first.mean() - second.mean()), low, high)
    sizes = len(first), len(second)
    return Difference("mean", "welch", "two_means", t, (df,), p, effect, sizes)


def _several_means(samples: Sequence[Table]) -> Difference:
    from statsmodels.stats.oneway import anova_oneway

    found = anova_oneway(samples, use_var="unequal")
    f, p = float(found.statistic), float(found.pvalue)
    df = (float(found.df_num), float(found.df_denom))
    sizes = tuple(len(sample) for sample in samples)
    effect = omega_squared(f, df, sum(sizes))
    return Difference("mean", "welch_anova", "several_means", f, df, p, effect, sizes)


def _instead(
    usual: Difference, test: TestName, why: Why, p: float, statistic: float | None
) -> Difference:
    """The result of a test that takes the place of the usual one, whose p is kept beside."""
    return replace(usual, test=test, why=why, statistic=statistic, df=None, p=p, plain_p=usual.p)


def _sizes(table: Table) -> tuple[int, ...]:
    return tuple(int(size) for size in table.sum(axis=0))


def _without_empty(table: Table) -> Table:
    kept: Table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    return kept


def _enough(expected: Table) -> bool:
    return bool(expected.min() >= 1 and np.mean(expected < 5) <= 0.2)


# --- random tables -----------------------------------------------------------------------------


def _permuted(table: Table, statistic: Callable[[Table], Table]) -> float:
    """How often a random table with the same sums is at least as far out as this one.

    statistic : of tables of shape (n_tables, n_options, n_groups). The table itself counts among
    the random ones (Phipson & Smyth 2010). The draws begin from one seed, and groups stand in the
    order of their sizes, so that the same table gives the same p whatever the order of its groups.
    """
    from scipy.stats import random_table

    observed = statistic(table[np.newaxis])[0] * (1 - 1e-9)  # what is equal but for an error counts
    sums = random_table(table.sum(axis=1).astype(int), np.sort(table.sum(axis=0)).astype(int))
    random = np.random.default_rng(_SEED)
    # In portions, so that a table with many cells does not fill the memory.
    portions = (sums.rvs(_PORTION, random_state=random) for _ in range(_PORTIONS))
    as_far = sum(int(np.sum(statistic(tables) >= observed)) for tables in portions)
    return (as_far + 1) / (_PORTION * _PORTIONS + 1)


def _chi_squares(tables: Table) -> Table:
    rows, columns = tables.sum(axis=2, keepdims=True), tables.sum(axis=1, keepdims=True)
    expected = rows * columns / tables[0].sum()
    squares: Table = ((tables - expected) ** 2 / expected).sum(axis=(1, 2))
    return squares


def _rank_sums(tables: Table) -> Table:
    """The weighted squares of how far each group's mean rank lies from the middle.

    With the same sums it puts tables in the same order as H, and with two groups as U does, in
    either direction.
    """
    options = tables[0].sum(axis=1)
    ranks = np.cumsum(options) - (options - 1) / 2
    sizes = tables.sum(axis=1)
    mean_ranks = np.einsum("k,bkg->bg", ranks, tables) / sizes
    away: Table = (sizes * (mean_ranks - (options.sum() + 1) / 2) ** 2).sum(axis=1)
    return away
