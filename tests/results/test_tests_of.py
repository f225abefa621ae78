"""Each test against what R publishes, or prints, for the same data; the guards by hand."""

from __future__ import annotations

from itertools import combinations, product
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from coder.results.many import adjusted
from coder.results.tests_of import Difference, distribution, means, order

# R's airquality: ozone in May, June, July, August and September.
MAY = [1, 4, 6, 7, 8, 11, 11, 11, 12, 14, 14, 16, 18, 18, 19, 23, 23, 28, 30, 32, 34, 36, 37, 41,
       45, 115]  # fmt: skip
JUNE = [12, 13, 20, 21, 23, 29, 37, 39, 71]
JULY = [7, 10, 16, 20, 27, 32, 35, 40, 48, 49, 50, 52, 59, 61, 63, 64, 64, 77, 79, 80, 82, 85, 97,
        97, 108, 135]  # fmt: skip
AUGUST = [9, 9, 16, 21, 22, 23, 28, 31, 35, 39, 44, 44, 45, 59, 65, 66, 73, 76, 78, 84, 85, 89, 110,
          118, 122, 168]  # fmt: skip
SEPTEMBER = [7, 9, 13, 13, 13, 14, 14, 16, 18, 18, 20, 20, 21, 21, 23, 23, 24, 24, 28, 30, 32, 36,
             44, 46, 47, 73, 78, 91, 96]  # fmt: skip


def table(*columns: list[int]) -> np.ndarray:
    return np.array(columns, dtype=float).T


def counted(*samples: list[int]) -> np.ndarray:
    """How often each value stands in each sample, values from low to high."""
    values = sorted({value for sample in samples for value in sample})
    return table(*([sample.count(value) for value in values] for sample in samples))


def sure(found: Difference | None) -> Difference:
    assert found is not None
    return found


# --- against R ---------------------------------------------------------------------------------


def test_chi_square_of_party_by_gender() -> None:
    """?chisq.test in R, from Agresti (2007), p. 39: X-squared = 30.07, df = 2, p = 2.954e-07."""
    found = sure(distribution(table([762, 327, 468], [484, 239, 477])))
    assert (found.test, found.why, found.df) == ("chi_square", "large", (2,))
    assert found.statistic == pytest.approx(30.07014910, rel=1e-9)
    assert found.p == pytest.approx(2.953589183e-07, rel=1e-8)
    assert (found.sizes, found.n, found.plain_p) == ((1557, 1200), 2757, None)


def test_fisher_of_the_lady_tasting_tea() -> None:
    """?fisher.test in R, from Agresti (1990), two-sided: 0.4857."""
    found = sure(distribution(table([3, 1], [1, 3])))
    assert (found.test, found.why, found.statistic) == ("fisher", "small_two_by_two", None)
    assert found.p == pytest.approx(34 / 70)
    assert found.plain_p == pytest.approx(stats.chi2.sf(2, 1))  # 8 (9 - 1)^2 / 4^4 = 2


def test_ranks_of_two_samples_with_ties() -> None:
    """wilcox.test(Ozone ~ Month, airquality, Month %in% c(5, 8), exact=FALSE, correct=FALSE)."""
    found = sure(order(counted(MAY, AUGUST)))
    assert (found.test, found.why, found.statistic) == ("mann_whitney", "two_ordered", 127.5)
    assert found.p == pytest.approx(1.1637726e-04, rel=1e-7)


def test_ranks_of_several_samples_with_ties() -> None:
    """?kruskal.test in R: chi-squared = 29.267, df = 4, p = 6.901e-06; but June has nine."""
    found = sure(order(counted(MAY, JUNE, JULY, AUGUST, SEPTEMBER)))
    assert (found.test, found.why, found.df) == ("ranks_permutation", "few_ordered", None)
    assert found.statistic == pytest.approx(29.26657631, rel=1e-9)
    assert found.plain_p == pytest.approx(6.900714119e-06, rel=1e-8)
    assert found.p == pytest.approx(1 / 10_000)
    without = sure(order(counted(MAY, JULY, AUGUST, SEPTEMBER)))
    assert (without.test, without.df) == ("kruskal_wallis", (3,))


def test_means_of_two_groups() -> None:
    """?t.test in R, Student's sleep data: t = -1.8608, df = 17.776, p = 0.07939."""
    first = np.array([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])
    second = np.array([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])
    found = sure(means([first, second]))
    assert (found.test, found.statistic) == ("welch", pytest.approx(-1.86081346749))
    assert found.df == (pytest.approx(17.77647351618),)
    assert found.p == pytest.approx(0.07939414019)
    assert (found.effect.low, found.effect.high) == (
        pytest.approx(-3.36548323071), pytest.approx(0.20548323071)
    )  # fmt: skip
    assert found.effect.value == pytest.approx(-1.58)


PLANTS = [
    np.array([4.17, 5.58, 5.18, 6.11, 4.50, 4.61, 5.17, 4.53, 5.33, 5.14]),
    np.array([4.81, 4.17, 4.41, 3.59, 5.87, 3.83, 6.03, 4.89, 4.32, 4.69]),
    np.array([6.31, 5.12, 5.54, 5.50, 5.37, 5.29, 4.92, 6.15, 5.80, 5.26]),
]


def test_means_of_several_groups() -> None:
    """oneway.test(weight ~ group, PlantGrowth) in R: F = 5.181, df = 2 and 17.128, p = 0.01739."""
    found = sure(means(PLANTS))
    assert (found.test, found.statistic) == ("welch_anova", pytest.approx(5.18097240811))
    assert found.df == (2, pytest.approx(17.12841861664))
    assert found.p == pytest.approx(0.01739282149)


@pytest.mark.parametrize(
    ("method", "expected"),
    [("holm", [0.005, 0.093, 0.093, 0.2, 0.048]), ("bh", [0.005, 0.05125, 0.05125, 0.2, 0.03])],
)
def test_p_of_many_tests(method: str, expected: list[float]) -> None:
    """p.adjust(c(.001, .041, .031, .2, .012), "holm" and "BH") in R."""
    one = sure(distribution(table([3, 1], [1, 3])))
    ps = [0.001, 0.041, 0.031, 0.2, 0.012]
    tests = [None, *(Difference(**{**vars(one), "p": p}) for p in ps)]
    found = adjusted(tests, method)  # type: ignore[arg-type]
    assert found[0] is None
    got = [each.adjusted for each in found if each and each.adjusted]
    assert [each.p for each in got] == pytest.approx(expected)
    assert {(each.method, each.tests) for each in got} == {(method, 5)}
    assert [each.significant for each in found if each] == [p < 0.05 for p in expected]
    assert adjusted([None], method) == [None]  # type: ignore[arg-type]


# --- the guards --------------------------------------------------------------------------------


def test_a_fifth_of_small_expected_counts_is_still_enough_and_more_is_not() -> None:
    # Two groups of 40: the options expect 16, 8, 8, 4, 4 and then 16, 8, 7, 5, 4 in either.
    assert sure(distribution(table([20, 8, 8, 2, 2], [12, 8, 8, 6, 6]))).test == "permutation"
    assert sure(distribution(table([20, 8, 7, 3, 2], [12, 8, 7, 7, 6]))).test == "chi_square"


def test_one_expected_count_below_one_is_too_few() -> None:
    # The last option expects 1/2 in either group, one of five rows.
    assert sure(distribution(table([30, 30, 30, 30, 1], [30, 30, 30, 31, 0]))).test == (
        "permutation"
    )


def exact_p(counts: np.ndarray) -> float:
    """Of a small table of two groups: every table with the same sums, with its probability."""
    rows, first = counts.sum(axis=1).astype(int), int(counts[:, 0].sum())
    expected = np.outer(rows, counts.sum(axis=0)) / counts.sum()
    far = ((counts - expected) ** 2 / expected).sum()
    total = 0
    for column in product(*(range(row + 1) for row in rows)):
        other = np.column_stack([column, rows - np.array(column)])
        if sum(column) == first and ((other - expected) ** 2 / expected).sum() >= far - 1e-9:
            total += int(np.prod([comb(r, c) for r, c in zip(rows, column, strict=True)]))
    return total / comb(int(counts.sum()), first)


@pytest.mark.parametrize("columns", [([5, 1, 0], [1, 3, 4]), ([2, 2, 2], [3, 2, 3])])
def test_the_permutation_comes_close_to_counting_every_table(
    columns: tuple[list[int], list[int]],
) -> None:
    found = sure(distribution(table(*columns)))
    assert (found.test, found.why) == ("permutation", "small")
    # 9,999 draws: the standard error of p is at most .005.
    assert found.p == pytest.approx(exact_p(table(*columns)), abs=0.02)
    assert found.plain_p == pytest.approx(stats.chi2_contingency(table(*columns), False).pvalue)


def test_few_ranks_come_close_to_counting_every_way_to_deal_them() -> None:
    first, second = [1, 1, 2, 3], [2, 3, 3, 4, 4]
    found = sure(order(counted(first, second)))
    ranks = stats.rankdata([*first, *second])
    far = abs(ranks[:4].sum() - 4 * 5)
    ways = [abs(sum(dealt) - 4 * 5) >= far - 1e-9 for dealt in combinations(ranks, 4)]
    assert (found.test, found.why) == ("ranks_permutation", "few_ordered")
    assert found.p == pytest.approx(np.mean(ways), abs=0.02)


@pytest.mark.parametrize("counts", [table([3, 4]), table([3, 4], [0, 0]), table([3, 0], [4, 0])])
def test_one_group_or_one_answer_is_nothing_to_test(counts: np.ndarray) -> None:
    assert distribution(counts) is None
    assert order(counts) is None


def test_means_without_spread_or_groups_are_nothing_to_test() -> None:
    one, flat = np.array([1.0, 2.0]), np.array([1.0, 1.0])
    assert means([one]) is None
    assert means([one, np.array([3.0])]) is None
    assert means([flat, flat]) is None
    assert means([one, one + 1, flat]) is None
    assert means([one, flat]) is not None


# --- what they say -----------------------------------------------------------------------------


def test_a_difference_says_what_it_is_about_and_whether_it_is_shown() -> None:
    shown = sure(distribution(table([762, 327, 468], [484, 239, 477])))
    assert (shown.says, shown.little) == ("compare.says.distribution.two", False)
    hidden = sure(order(counted(MAY, AUGUST[-9:])))
    assert (hidden.says, hidden.little) == ("compare.says.order.two", True)
    assert sure(distribution(table([3, 1], [1, 3]))).says == "compare.says.distribution.not_shown"
    assert sure(means(PLANTS)).says == "compare.says.mean.several"


# --- properties --------------------------------------------------------------------------------

COUNTS = st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=2, max_size=4)


@given(COUNTS, st.randoms(use_true_random=False))
def test_the_order_of_groups_changes_no_p(columns: list[list[int]], random: object) -> None:
    shuffled = list(columns)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    for test in (distribution, order):
        found, again = test(table(*columns)), test(table(*shuffled))
        assert (found is None) == (again is None)
        if found and again:
            assert again.p == pytest.approx(found.p, rel=1e-9)
            assert again.test == found.test
            assert abs(again.effect.value) == pytest.approx(abs(found.effect.value), abs=1e-9)


@given(COUNTS)
def test_the_order_of_options_changes_no_p_of_the_distribution(columns: list[list[int]]) -> None:
    found, again = distribution(table(*columns)), distribution(table(*columns)[::-1])
    assert (found and found.p) == (again and pytest.approx(again.p))


@given(COUNTS)
def test_turning_the_scale_around_turns_delta_and_hardly_moves_p(columns: list[list[int]]) -> None:
    found, again = order(table(*columns[:2])), order(table(*columns[:2])[::-1])
    if found and again:
        assert again.effect.value == pytest.approx(-found.effect.value)
        assert again.p == pytest.approx(found.p, abs=0.03)
