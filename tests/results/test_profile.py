"""Means and shares per category, with intervals."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coder.results.profile import bootstrap, profile
from coder.study import Study


def people(values: list[float]) -> tuple[pd.Series, pd.Series]:
    """Values of one case per respondent."""
    cases = [f"R{no}" for no in range(len(values))]
    return pd.Series(values, cases), pd.Series(cases, cases)


def test_the_interval_of_many_is_that_of_the_normal_distribution() -> None:
    values = np.tile([0.0, 0.25, 0.5, 0.75, 1.0], 400)
    low, high = bootstrap(*people(values.tolist()))
    reach = 1.96 * values.std() / math.sqrt(len(values))
    assert (low, high) == pytest.approx((0.5 - reach, 0.5 + reach), abs=0.002)


def test_respondents_drawn_together_are_as_drawn_one_by_one() -> None:
    """Against scipy's bootstrap, which draws every single one."""
    from scipy.stats import bootstrap as drawn_singly

    values = [0.0, 0.25, 0.25, 0.5, 0.75, 0.75, 1.0, 1.0, 1.0, 1.0] * 4
    expected = drawn_singly(
        (values,), np.mean, n_resamples=20_000, method="percentile", rng=np.random.default_rng(1)
    ).confidence_interval
    assert bootstrap(*people(values)) == pytest.approx((expected.low, expected.high), abs=0.02)


def test_the_cases_of_one_respondent_are_drawn_together() -> None:
    # Ten respondents with two equal cases each are no surer than ten with one.
    values, who = people([0.0, 1.0] * 5)
    twice = pd.concat([values, values.rename(lambda case: f"{case}.2")])
    whose = pd.concat([who, who.rename(lambda case: f"{case}.2")])
    assert bootstrap(twice, whose) == pytest.approx(bootstrap(values, who))


@given(st.permutations([0.0, 0.25, 0.25, 0.5, 0.75, 1.0, 1.0]))
def test_the_interval_is_the_same_each_time_and_in_any_order(values: list[float]) -> None:
    assert bootstrap(*people(values)) == bootstrap(*people(sorted(values)))


def test_fewer_than_five_have_no_interval() -> None:
    assert all(math.isnan(end) for end in bootstrap(*people([0.0, 1.0, 0.5, 0.5])))
    assert not any(math.isnan(end) for end in bootstrap(*people([0.0, 1.0, 0.5, 0.5, 0.5])))
    assert all(math.isnan(end) for end in bootstrap(*people([])))


def test_the_profile_of_the_demo_has_the_values_of_the_joint_table(demo: Study) -> None:
    found = demo.profile()
    joint = demo.joint().set_index("category")
    wide = found.pivot(index="category", columns="measure", values="value").loc[joint.index]
    for measure in wide.columns:
        np.testing.assert_allclose(wide[measure], joint[measure].astype("float64"))
    shares = found[found["measure"] == "share_above"].set_index("category")
    assert shares["n"].to_dict() == joint["scored"].to_dict()
    known = found.dropna(subset=["low"])
    assert ((known["low"] <= known["value"]) & (known["value"] <= known["high"])).all()
    assert len(found) == len(joint) * 6


def test_the_interval_of_a_share_is_wilsons(demo: Study) -> None:
    # 6 of 23, by the formula (Wilson 1927), written down once more.
    found = demo.profile().set_index(["category", "measure"])
    row = found.loc[("Online kontakt til pårørende", "share_above")]
    assert (row["n"], row["value"]) == (23, pytest.approx(6 / 23))
    z, p, n = 1.959964, 6 / 23, 23
    middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    reach = z / (1 + z**2 / n) * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    assert (row["low"], row["high"]) == pytest.approx((middle - reach, middle + reach))


def test_a_category_without_a_scored_case_has_nothing(demo: Study) -> None:
    state = demo.state
    found = profile(demo.survey, state.codes, [], demo.scores())
    assert (found["n"] == 0).all()
    assert found[["value", "low", "high"]].isna().all(axis=None)
