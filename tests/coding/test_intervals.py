"""Bootstrap intervals: those of scipy, their coverage, and what can't be computed."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from coder.coding import coefficients as formulas
from coder.coding.coefficients import Coefficient
from coder.coding.distances import nominal_distance
from coder.coding.intervals import bca_tails, intervals, times_drawn
from coder.coding.ratings import Categories


def simulated(random: np.random.Generator, n: int, kept: float = 0.7) -> Categories:
    """Two coders who each give the true one of three categories, or any at random."""
    true = random.choice(3, size=n, p=[0.6, 0.3, 0.1])
    guess = random.choice(3, size=(n, 2), p=[0.6, 0.3, 0.1])
    return np.where(random.random((n, 2)) < kept, true[:, None], guess)


def alpha(values: Categories) -> Coefficient:
    return formulas.krippendorff_alpha(values, nominal_distance(3))


def test_bca_is_that_of_scipy_on_the_same_draws() -> None:
    random = np.random.default_rng(3)
    values = simulated(random, 60)
    units = np.arange(60)
    theirs = stats.bootstrap(
        (units,),
        lambda who, axis: np.apply_along_axis(lambda w: alpha(values[w]).of_all(), axis, who),
        n_resamples=999,
        method="BCa",
        rng=random,
        vectorized=True,
    )
    drawn = np.sort(theirs.bootstrap_distribution)
    left_out = np.array([alpha(np.delete(values, no, axis=0)).of_all() for no in units])
    tails = bca_tails(np.array([0.025, 0.975]), alpha(values).of_all(), drawn, left_out)
    assert tails is not None
    assert np.quantile(drawn, tails) == pytest.approx(list(theirs.confidence_interval), abs=2e-3)


def test_a_draw_that_equals_the_value_is_half_below_it() -> None:
    """As many above as below, and no skew: nothing to correct."""
    drawn = np.repeat([0.4, 0.5, 0.6], [40, 20, 40])
    tails = np.array([0.025, 0.975])
    found = bca_tails(tails, 0.5, drawn, np.array([0.49, 0.51]))
    assert found is not None
    assert found.tolist() == pytest.approx(tails.tolist())


def test_drawing_with_sums_is_drawing_units() -> None:
    values = simulated(np.random.default_rng(1), 40)
    coefficient = alpha(values)
    times = times_drawn(np.random.default_rng(8), 20, 40)
    assert times.sum(axis=1).tolist() == [40] * 20
    drawn = coefficient.value(times @ coefficient.parts)
    one_by_one = [alpha(np.repeat(values, row.astype(int), axis=0)).of_all() for row in times]
    assert drawn.tolist() == pytest.approx(one_by_one)


def test_an_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    """The true alpha here is .49; of 300 samples of 80 units about 95 % cover it (±3 errors)."""
    random = np.random.default_rng(11)
    true = alpha(simulated(random, 400_000)).of_all()
    assert true == pytest.approx(0.49, abs=0.01)
    covered = []
    for seed in range(300):
        found = alpha(simulated(random, 80))
        (interval,) = intervals([found], np.arange(80), draws=400, seed=seed)
        assert interval.method == "bca"
        covered.append(interval.low <= true <= interval.high)  # type: ignore[operator]
    assert 0.91 < np.mean(covered) < 0.985


def test_respondents_are_drawn_with_all_their_units() -> None:
    """Ten units each that say the same are one witness, not ten: the interval is as of one each."""
    values = simulated(np.random.default_rng(5), 40)
    repeated = np.repeat(values, 10, axis=0)
    whose = np.repeat(np.arange(40), 10)
    agreed = formulas.percent_agreement(values, np.eye(3))
    agreed_often = formulas.percent_agreement(repeated, np.eye(3))
    assert intervals([agreed], np.arange(40)) == intervals([agreed_often], whose)
    (apart,) = intervals([agreed_often], np.arange(400))
    (together,) = intervals([agreed_often], whose)
    assert None not in (apart.low, apart.high, together.low, together.high)
    assert apart.high - apart.low < 0.5 * (together.high - together.low)  # type: ignore[operator]


def test_the_seed_decides_and_progress_is_told() -> None:
    found = alpha(simulated(np.random.default_rng(2), 50))
    told: list[tuple[str, int, int]] = []
    one = intervals([found], np.arange(50), 300, 1, lambda *step: told.append(step))
    assert one == intervals([found], np.arange(50), 300, 1)
    assert one != intervals([found], np.arange(50), 300, 2)
    assert told[-1] == ("progress.drawing", 300, 300)


def test_percentiles_where_bca_cannot_be_computed() -> None:
    """Without one of two units that disagree there is nothing left but 0 / 0."""
    values = np.array([[0, 0]] * 30 + [[0, 1]])
    found = formulas.cohen_kappa(values, np.eye(2))
    assert bca_tails(np.array([0.025, 0.975]), 1.0, np.array([0.0, 0.5]), np.zeros(3)) is None
    (interval,) = intervals([found], np.arange(31), draws=500)
    assert interval.method in ("percentile", None)
    assert interval.draws < 500  # in some draws all agree on one category


def test_no_interval_where_nothing_varies_or_nothing_is_drawn() -> None:
    same = np.array([[0, 0], [1, 1]] * 10)
    found = formulas.percent_agreement(same, np.eye(2))
    for draws in (0, 100):
        (interval,) = intervals([found], np.arange(20), draws=draws)
        assert (interval.low, interval.high, interval.method) == (None, None, None)
        assert interval.draws == draws
