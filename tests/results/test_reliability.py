"""Reliability against published output and an independent library; certainty by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from coder.model import Dimension, Recipe, RecipeItem, Survey
from coder.results.reliability import (
    certainty,
    cronbach_alpha,
    item_rest,
    reliability,
    residual_variance,
)
from coder.results.score import Scores, score
from coder.study import Study
from coder.survey.questionnaire import parse_questionnaire
from tests.fixtures import survey_of

STEPS = ", ".join(f"{{code: {code}, label: l{code}}}" for code in range(5))
SURVEY = parse_questionnaire(f"""
cases: {{questions: [why, m, alone]}}
questions:
  - {{name: why, kind: open}}
  - name: m
    kind: matrix
    scale: ascending
    options: [{STEPS}]
    items: [{{name: a, label: A}}, {{name: b, label: B}}, {{name: c, label: C}}]
  - {{name: alone, kind: single, scale: ascending, options: [{STEPS}]}}
""")
RECIPE = Recipe(
    name="x",
    threshold=0.5,
    most_dont_know=0,
    dimensions=(
        Dimension("three", {}, (RecipeItem("a"), RecipeItem("b"), RecipeItem("c"))),
        Dimension("one", {}, (RecipeItem("alone"),)),
    ),
)


def answered(*codes: str) -> Survey:
    """One case for each text, the codes of a, b, c and alone; "." skipped."""
    names = ("a", "b", "c", "alone")
    rows = [
        {"why": "x"} | {name: code for name, code in zip(names, each, strict=True) if code != "."}
        for each in codes
    ]
    return survey_of(rows, SURVEY)


def scores_of(*codes: str, recipe: Recipe = RECIPE) -> Scores:
    return score(answered(*codes), recipe)


def with_correlations(wanted: np.ndarray) -> pd.DataFrame:
    """Made-up answers of eight people whose items correlate exactly so."""
    signs = np.array([[1 if person >> bit & 1 else -1 for bit in range(3)] for person in range(8)])
    independent = np.column_stack([signs, signs.prod(axis=1)])  # orthogonal, each summing to 0
    return pd.DataFrame(independent @ np.linalg.cholesky(wanted).T, columns=list("abcd"))


# R package psych, example(alpha): alpha(sim.congeneric()), four items that load .8, .7, .6 and .5
# on one factor, as printed in the reference of the R package codebook (knit_print.alpha):
# raw_alpha 0.74; raw_alpha without each 0.62 0.66 0.70 0.74; r.drop 0.64 0.57 0.51 0.43.
LOADINGS = np.array([0.8, 0.7, 0.6, 0.5])
CONGENERIC = np.outer(LOADINGS, LOADINGS) + np.diag(1 - LOADINGS**2)


def test_alpha_is_that_of_the_published_example() -> None:
    items = with_correlations(CONGENERIC)
    np.testing.assert_allclose(items.corr(), CONGENERIC, atol=1e-12)
    assert round(cronbach_alpha(items), 2) == 0.74
    without = [round(cronbach_alpha(items.drop(columns=name)), 2) for name in items]
    assert without == [0.62, 0.66, 0.70, 0.74]


def test_the_item_rest_correlations_are_those_of_the_published_example() -> None:
    items = with_correlations(CONGENERIC)
    dimension = Dimension("d", {}, tuple(RecipeItem(name) for name in items))
    cases = pd.DataFrame({"number": 1, "score": 0.0}, index=items.index)
    found = item_rest(Scores(replace(RECIPE, dimensions=(dimension,)), items, items, cases))
    assert found["correlation"].round(2).tolist() == [0.64, 0.57, 0.51, 0.43]
    assert found["alpha_without"].round(2).tolist() == [0.62, 0.66, 0.70, 0.74]


def test_alpha_by_hand() -> None:
    # Two items, 0 1 2 and 0 2 1: variances 1 and 1, of the sum 0 3 3 it is 3. 2 (1 - 2/3) = 2/3.
    assert cronbach_alpha(pd.DataFrame({"a": [0, 1, 2], "b": [0, 2, 1]})) == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    "items",
    [
        {"a": [1, 2, 3]},
        {"a": [1], "b": [2]},
        {"a": [1, 2], "b": [2, 1]},
        {"a": [1, 1], "b": [1, 1]},
    ],
)
def test_there_is_no_alpha_of_one_item_one_case_or_what_does_not_vary(
    items: dict[str, list[int]],
) -> None:
    assert math.isnan(cronbach_alpha(pd.DataFrame(items)))


def test_reliability_is_over_scored_cases_that_answered_all_of_a_dimension() -> None:
    scores = scores_of("0001", "1120", "2210", "33.1", "4444")
    without_last = replace(scores, cases=scores.cases.assign(number=[1, 1, 1, 1, 2]))
    found = reliability(without_last).set_index("dimension")
    assert found.loc["three", ["items", "n"]].tolist() == [3, 3]
    # Rows 000, 112, 221 in quarters: variances 1, 1, 1; sums 0, 4, 5 with variance 7.
    assert found.loc["three", "alpha"] == pytest.approx(3 / 2 * (1 - 3 / 7))
    assert found.loc["one", ["items", "n"]].tolist() == [1, 4]
    assert math.isnan(found.loc["one", "alpha"])
    assert reliability(without_last, "all").set_index("dimension").loc["three", "n"] == 4


def test_what_is_left_out_of_the_score_is_left_out_of_its_reliability() -> None:
    survey = answered("0001", "1120", "2210", "4444")
    strict = replace(RECIPE, needs_description=True)
    half = replace(survey, answers=survey.answers.head(3))
    assert reliability(score(half, strict)).loc[0, "n"] == 3


# --- how sure a score is -----------------------------------------------------------------------


def test_the_residual_variance_is_that_of_an_analysis_of_variance() -> None:
    import statsmodels.formula.api as smf
    from statsmodels.stats.anova import anova_lm

    scores = scores_of("0011", "1121", "2211", "3420", "4433")
    long = scores.items[["a", "b", "c"]].reset_index(names="case").melt("case")
    table = anova_lm(smf.ols("value ~ C(case) + C(variable)", long).fit())
    assert residual_variance(scores) == pytest.approx(table.loc["Residual", "mean_sq"])


def test_the_residual_variance_and_alpha_are_one_thing() -> None:
    """Hoyt (1941): alpha is what the residual leaves of the variance between cases."""
    scores = scores_of("0011", "1121", "2211", "3420", "4433")
    between = 3 * scores.items[["a", "b", "c"]].mean(axis="columns").var()
    expected = 1 - residual_variance(scores) / between
    assert reliability(scores).loc[0, "alpha"] == pytest.approx(expected)


def test_an_interval_by_hand() -> None:
    # In quarters, a, b and c of two cases: 0 0 4 and 4 4 4. Less the items' means 2, 2, 4: -2 -2 0
    # and 2 2 0; less the cases' means -4/3 and 4/3: ±(2/3, 2/3, -4/3). The squares sum to
    # 2 (4 + 4 + 16) / 9 = 48/9, over 6 - 2 - 2 = 2 degrees of freedom 24/9, in wholes 1/6.
    scores = scores_of("0042", "4442")
    assert residual_variance(scores) == pytest.approx(1 / 6)
    found = certainty(scores).loc["R001"]
    # Four items, each a quarter of the score: 1/6 / 4, and the score is (0 + 0 + 1 + .5) / 4.
    error = math.sqrt(1 / 24)
    assert found["score"] == pytest.approx(0.375)
    assert found["error"] == pytest.approx(error)
    assert found["low"] == 0  # .375 - .4
    assert found["high"] == pytest.approx(0.375 + 1.959964 * error)
    assert found["chance_above"] == pytest.approx(norm.cdf((0.375 - 0.5) / error))


def test_fewer_answered_items_make_a_score_less_sure() -> None:
    found = certainty(scores_of("0123", "2301", "4440", "2..2", "2.22"))["error"]
    assert found["R001"] == found["R002"] < found["R005"] < found["R004"]
    assert found["R004"] ** 2 == pytest.approx(2 * found["R001"] ** 2)


def test_without_two_items_in_a_dimension_nothing_is_known_of_the_error() -> None:
    single = replace(RECIPE, dimensions=RECIPE.dimensions[1:])
    found = certainty(scores_of("0001", "0002", recipe=single))
    assert found["score"].tolist() == [0.25, 0.5]
    assert found[["error", "low", "high", "chance_above"]].isna().all(axis=None)


def test_without_any_error_the_chance_is_none_or_full() -> None:
    found = certainty(scores_of("0000", "4444", "1111"))
    assert found["error"].tolist() == pytest.approx([0, 0, 0])
    assert found["chance_above"].tolist() == pytest.approx([0, 1, 0])


def test_in_the_demo_the_chance_follows_the_score(demo: Study) -> None:
    found = certainty(demo.scores())
    above = found["score"] > 0.8
    assert above.sum() == 60
    assert (found.loc[above, "chance_above"] > 0.5).all()
    assert (found.loc[~above, "chance_above"] < 0.5).all()
    assert ((found["low"] <= found["score"]) & (found["score"] <= found["high"])).all()
    assert found[["low", "high"]].stack().between(0, 1).all()
    wider = certainty(demo.scores(), level=0.99)
    assert (wider["low"] <= found["low"]).all()
