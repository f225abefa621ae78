"""Effects and their intervals, against R, published values and hand calculation."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coder.results.effects import cliffs_delta, cramers_v, eta_squared_ranks, omega_squared


def test_cramers_v_of_party_by_gender() -> None:
    """Bergsma's correction by hand; the ends with R: uniroot on pchisq(30.07014910, 2, nc)."""
    counts = np.array([[762, 484], [327, 239], [468, 477]], dtype=float)
    n, chi2 = 2757, 30.0701490957
    found = cramers_v(counts, chi2)
    size = (2 - 1 / (n - 1)) - 1  # the smaller side, 2, less (2 - 1)^2 / (n - 1)
    assert found.value == pytest.approx(sqrt((chi2 / n - 2 * 1 / (n - 1)) / size))
    assert found.low == pytest.approx(sqrt(11.61516635 / n / size), rel=1e-6)
    assert found.high == pytest.approx(sqrt(54.24111586 / n / size), rel=1e-6)


def test_cramers_v_is_nothing_when_chi_square_is_no_more_than_chance_gives() -> None:
    found = cramers_v(np.full((2, 2), 10.0), 0.0)
    assert (found.value, found.low, found.high) == (0, 0, 0)
    assert cramers_v(np.full((3, 3), 10.0), 4.0).value == 0


def test_cramers_v_of_a_perfect_association_is_one() -> None:
    found = cramers_v(np.diag([50.0, 50.0]), 100.0)
    assert found.value == pytest.approx(1, abs=1e-9)
    assert found.high == 1
    assert found.low is not None
    assert 0.7 < found.low < 1


def test_cramers_v_of_two_answers_has_no_interval() -> None:
    assert cramers_v(np.eye(2), 2.0).low is None


def test_cliffs_delta_of_brunner_and_munzels_pain_scores() -> None:
    """brunner.munzel.test in R's lawstat, from Brunner & Munzel (2000): .7890 [.5952, .9827].

    That is the chance that the second is higher, ties by half; delta is one minus twice that.
    """
    first = np.array([1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 2, 4, 1, 1], dtype=float)
    second = np.array([3, 3, 4, 3, 1, 2, 3, 1, 1, 5, 4], dtype=float)
    found = cliffs_delta(first, second)
    assert found.value == pytest.approx(1 - 2 * 0.7889610, abs=1e-6)
    assert found.low == pytest.approx(1 - 2 * 0.9827052, abs=1e-6)
    assert found.high == pytest.approx(1 - 2 * 0.5952169, abs=1e-6)


def test_cliffs_delta_without_doubt_or_with_one_answer_has_no_interval() -> None:
    apart = cliffs_delta(np.array([3.0, 4.0]), np.array([1.0, 2.0]))
    assert (apart.value, apart.low, apart.high) == (1, None, None)
    # One against three: higher than one of them, lower than none, equal to two.
    single = cliffs_delta(np.array([2.0]), np.array([1.0, 2.0, 2.0]))
    assert (single.value, single.low) == (pytest.approx(1 / 3), None)


SAMPLE = st.lists(st.integers(1, 5), min_size=2, max_size=15).map(lambda x: np.array(x, float))


@given(SAMPLE, SAMPLE)
def test_cliffs_delta_is_what_all_pairs_say(first: np.ndarray, second: np.ndarray) -> None:
    pairs = [np.sign(a - b) for a in first for b in second]
    found = cliffs_delta(first, second)
    assert found.value == pytest.approx(np.mean(pairs))
    if found.low is not None and found.high is not None:
        assert -1 <= found.low <= found.value <= found.high <= 1


def test_eta_squared_of_the_ozone_of_five_months() -> None:
    """H of R's kruskal.test(Ozone ~ Month, airquality); the ends with uniroot on pchisq."""
    found = eta_squared_ranks(29.26657631, 116, 5)
    assert found.value == pytest.approx((29.26657631 - 4) / 111)
    assert found.low == pytest.approx(9.515281246 / 111, rel=1e-6)
    assert found.high == pytest.approx(50.806712445 / 111, rel=1e-6)
    assert eta_squared_ranks(1.0, 50, 4).value == 0


def test_omega_squared_of_the_plants() -> None:
    """F and df of R's oneway.test(weight ~ group, PlantGrowth); the ends with uniroot on pf."""
    f, df = 5.18097240811, (2.0, 17.12841861664)
    found = omega_squared(f, df, 30)
    assert found.value == pytest.approx(df[0] * (f - 1) / (df[0] * f + df[1] + 1))
    low, high = (nc / (nc + 30) for nc in (0.2578002178, 28.1113169612))
    assert (found.low, found.high) == (pytest.approx(low, rel=1e-4), pytest.approx(high, rel=1e-4))
    assert omega_squared(0.5, df, 30).value == 0
    assert omega_squared(0.5, df, 30).low == 0
