"""Other choices in the recipe, and what they do to the list."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from coder.results.recipe import parse_recipe
from coder.results.score import score
from coder.results.sensitivity import sensitivity, variants
from coder.study import Study
from coder.survey.questionnaire import parse_questionnaire
from tests.fixtures import survey_of

STEPS = "{code: 0, label: l}, {code: 1, label: m}, {code: 2, label: h}"
SURVEY = parse_questionnaire(f"""
cases: {{questions: [why, m]}}
questions:
  - {{name: why, kind: open}}
  - name: m
    kind: matrix
    scale: ascending
    options: [{STEPS}, {{code: 9, label: x, role: dont_know}}]
    items: [{{name: a, label: A}}, {{name: b, label: B}}, {{name: c, label: C}}]
""")
RECIPE = parse_recipe(
    "{name: x, threshold: 0.8, most_dont_know: 1, dimensions: ["
    "{name: first, items: [{item: a}, {item: b}]}, {name: second, items: [{item: c}]}]}",
    SURVEY,
)
# Scores: 222 is 1, 221 is 5/6, 22- (don't know) is 1, 112 is 4/6, 2-- has too many don't-knows.
CASES = ["222", "221", "229", "112", "299"]
PEOPLE = survey_of(
    [{"why": "x", **dict(zip("abc", codes, strict=True))} for codes in CASES], SURVEY
)


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return sensitivity(PEOPLE, RECIPE).set_index(["change", "to"])


@pytest.mark.parametrize(
    ("change", "scored", "above", "gained", "lost"),
    [
        (("none", ""), 4, 3, (), ()),
        (("threshold", "0.75"), 4, 3, (), ()),
        (("threshold", "0.85"), 4, 2, (), ("R002",)),
        # c alone: 1, .5, none, 1; the fifth has none.
        (("without", "first"), 3, 2, ("R004",), ("R002", "R003")),
        # a and b alone: 1, 1, 1, .5, and the fifth has one don't-know: 1.
        (("without", "second"), 5, 4, ("R005",), ()),
        (("dont_know", "no_value"), 4, 3, (), ()),
        (("dont_know", "half"), 4, 3, (), ()),  # the third is 2.5 / 3 = .83
        (("dont_know", "lowest"), 4, 2, (), ("R003",)),
        (("dont_know", "none_allowed"), 3, 2, (), ("R003",)),
        (("dont_know", "all_allowed"), 5, 4, ("R005",), ()),
        # The second is (1 + .5) / 2, the fourth (.5 + 1) / 2.
        (("mean_of", "dimensions"), 4, 2, (), ("R002",)),
    ],
)
def test_a_change_by_hand(
    table: pd.DataFrame,
    change: tuple[str, str],
    scored: int,
    above: int,
    gained: tuple[str, ...],
    lost: tuple[str, ...],
) -> None:
    found = table.loc[change]
    assert found[["scored", "above", "gained", "lost"]].tolist() == [scored, above, gained, lost]


def test_every_variant_is_there(table: pd.DataFrame) -> None:
    assert len(table) == 11
    assert table.index[0] == ("none", "")


def test_the_order_is_compared_by_ranks(table: pd.DataFrame) -> None:
    # The recipe ranks R001 to R004 3.5, 2, 3.5, 1; don't-know as half 4, 2.5, 2.5, 1. Spearman's
    # rho is Pearson's of these: deviations 1 -.5 1 -1.5 and 1.5 0 0 -1.5, so 3.75 / 4.5.
    assert table.loc[("dont_know", "half"), "rank_correlation"] == pytest.approx(3.75 / 4.5)
    assert table.loc[("threshold", "0.85"), "rank_correlation"] == pytest.approx(1)


def test_without_two_scores_that_differ_there_is_no_order_to_compare() -> None:
    alone = survey_of([{"why": "x", "a": "1", "b": "1", "c": "1"}], SURVEY)
    assert all(math.isnan(each) for each in sensitivity(alone, RECIPE)["rank_correlation"])


def test_a_recipe_of_one_dimension_is_not_left_without_any() -> None:
    single = parse_recipe(
        "{name: x, threshold: 0.8, most_dont_know: 1, mean_of: dimensions,"
        " dimensions: [{name: d, items: [{item: a}]}]}",
        SURVEY,
    )
    changes = [change for change, _, _ in variants(single)]
    assert "without" not in changes
    assert [to for change, to, _ in variants(single) if change == "mean_of"] == ["items"]


def test_the_list_of_the_demo_under_other_choices(demo: Study) -> None:
    found = demo.sensitivity().set_index(["change", "to"])
    assert found.loc[("none", ""), "above"] == 60
    assert (
        found.loc[("threshold", "0.75"), "above"] > 60 > found.loc[("threshold", "0.85"), "above"]
    )
    assert 37 <= found.loc[("dont_know", "half"), "above"] <= 44
    assert 31 <= found.loc[("mean_of", "dimensions"), "above"] <= 37
    # Whoever comes and goes makes up the difference.
    moved = found["gained"].map(len) - found["lost"].map(len)
    assert (found["above"] - 60).tolist() == moved.tolist()


def test_the_variants_leave_the_recipe_as_it_was(demo: Study) -> None:
    recipe = demo.recipe()
    assert recipe is not None
    list(variants(recipe))
    assert score(demo.survey, recipe).cases["above"].sum() == demo.scores().cases["above"].sum()
