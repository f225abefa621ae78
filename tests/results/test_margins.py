"""Statistical uncertainty: published intervals, and the correction for a small population."""

from __future__ import annotations

from math import sqrt

import pandas as pd
import pytest

from coder.results.groups import groups_by
from coder.results.margins import part_drawn, with_margins
from coder.study import Study

REACH = 1.959963984540054  # the 97.5 percentile of the normal distribution


def table(count: int, n: int, **others: float) -> pd.DataFrame:
    share = count / n if n else float("nan")
    row = {"share": share, "n": n, "units": n, "asked": n, "n_effective": float(n), **others}
    return pd.DataFrame([row])


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611),
     (1, 29, 0.0061, 0.1718)],
)  # fmt: skip
def test_wilsons_interval(count: int, n: int, low: float, high: float) -> None:
    """Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3."""
    found = with_margins(table(count, n)).iloc[0]
    assert (found["low"], found["high"]) == (
        pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5)
    )  # fmt: skip
    assert found["margin"] == pytest.approx(REACH * sqrt(0.25 / n))


def test_296_of_556_are_less_uncertain_than_296_of_endlessly_many(demo: Study) -> None:
    assert part_drawn(demo.survey) == {"": pytest.approx(296 / 556)}
    everyone = table(148, 296)
    endless = with_margins(everyone)["margin"].iloc[0]
    finite = with_margins(everyone, {"": 296 / 556})["margin"].iloc[0]
    assert endless == pytest.approx(REACH * sqrt(0.25 / 296))
    assert finite == pytest.approx(endless * sqrt((556 - 296) / (556 - 1)))
    assert (round(100 * endless, 1), round(100 * finite, 1)) == (5.7, 3.9)


def test_when_everyone_is_in_there_is_no_uncertainty() -> None:
    found = with_margins(table(3, 10), {"": 1.0}).iloc[0]
    assert (found["margin"], found["low"], found["high"]) == (0, 0.3, 0.3)


def test_nobody_has_no_margin() -> None:
    found = with_margins(table(0, 0), {"": 0.5})
    assert found[["margin", "low", "high"]].isna().all(axis=None)


def test_behind_a_filter_the_population_is_as_much_larger_as_the_invited_are() -> None:
    # Of 100 who answered out of 200, 40 were asked and 30 answered: 30 of 80.
    found = with_margins(table(15, 30, asked=40), {"": 0.5}).iloc[0]
    assert found["margin"] == pytest.approx(REACH * sqrt(0.25 / 30 * (80 - 30) / (80 - 1)))


def test_each_group_has_its_own_margin(demo: Study) -> None:
    groups = groups_by(demo.survey, "stoerrelse")
    drawn = part_drawn(demo.survey, groups)
    assert drawn == {"1": pytest.approx(141 / 277), "2": pytest.approx(155 / 279)}
    found = demo.frequencies(by="stoerrelse", margins="finite")
    q01 = found[found["item"] == "q01"].drop_duplicates("group").set_index("group")
    by_hand = REACH * sqrt(0.25 / 140 * (277 - 140) / (277 - 1))
    assert q01.loc["1", "margin"] == pytest.approx(by_hand)
    assert q01["n"].to_dict() == {"1": 140, "2": 155}


def test_groups_that_are_known_only_of_those_who_answered_count_as_drawn_like_all(
    demo: Study,
) -> None:
    drawn = part_drawn(demo.survey, groups_by(demo.survey, "q11"))
    assert drawn == dict.fromkeys("120", pytest.approx(296 / 556))
