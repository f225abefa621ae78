"""The score: each rule of the report in a case small enough to add up by hand, and its traps."""

from __future__ import annotations

import ast
import csv
import json
from collections.abc import Callable
from dataclasses import replace
from operator import add, mul, sub, truediv
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coder.model import MeanOf, Recipe, RecipeItem, Survey
from coder.results.score import RULES, Scores, explained, ranking, score, summary
from coder.study import Study
from tests.fixtures import survey_of

SHAPE = (4, 4, 2, 1, 2)  # items in each of the five dimensions, as the ratings below are spaced
SHEET = Path(__file__).with_name("hand_computed.csv")


def founding(demo: Study) -> Recipe:
    recipe = demo.recipe()
    assert recipe is not None
    return recipe


def rated(demo: Study, ratings: str, text: str | None = "what we did") -> Survey:
    """One case rated so: 13 codes in the order of the recipe, "." skipped."""
    groups = ratings.split()
    assert tuple(map(len, groups)) == SHAPE
    codes = [None if code == "." else code for code in "".join(groups)]
    row = dict(zip((each.item for each in founding(demo).items()), codes, strict=True))
    return survey_of([{"id": "R1", "q19": text, **row}], demo.questionnaire)


def scored(demo: Study, ratings: str, text: str | None = "what we did") -> pd.Series:
    """The score's row of one case rated so, by the founding recipe."""
    return score(rated(demo, ratings, text), founding(demo)).cases.loc["R1"]


# Codes in the sheet: q20 and q22 1-5 are 1, .75, .5, .25, 0 and 6 don't know; q21 1-3 are 1, .5, 0
# and 4 don't know; q23 1, 2 are 1, 0; q24 1, 2 are 1, 0 and 3 don't know. The second of q22 is
# reversed. A recipe is the founding one but for what the sheet says.


def sheet() -> list[dict[str, str]]:
    with SHEET.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter=";"))


def as_in_sheet(recipe: Recipe, written: str) -> Recipe:
    """The founding recipe with the changes of one row of the sheet."""
    other = json.loads(written or "{}")
    weights, values = other.pop("weights", {}), other.pop("values", {})
    dimensions = tuple(
        replace(
            dimension,
            weight=weights.get(dimension.name, 1.0),
            items=tuple(
                replace(each, weight=weights.get(each.item, 1.0), values=values.get(each.item))
                for each in dimension.items
            ),
        )
        for dimension in recipe.dimensions
    )
    return replace(recipe, dimensions=dimensions, **other)


def worked_out(node: ast.expr) -> float:
    """The value of what is written with numbers, brackets and + - * /."""
    match node:
        case ast.Constant(value=int() | float() as value):
            return float(value)
        case ast.BinOp(left=left, op=op, right=right):
            signs = {ast.Add: add, ast.Sub: sub, ast.Mult: mul, ast.Div: truediv}
            return float(signs[type(op)](worked_out(left), worked_out(right)))
    raise ValueError(ast.dump(node))


@pytest.mark.parametrize("row", sheet(), ids=[row["rule"] for row in sheet()])
def test_a_case_added_up_by_hand(demo: Study, row: dict[str, str]) -> None:
    recipe = as_in_sheet(founding(demo), row["recipe"])
    survey = rated(demo, row["codes"], "what we did" if row["described"] == "yes" else None)
    found = score(survey, recipe)
    case = found.cases.loc["R1"]
    assert (case["left_out"] if pd.notna(case["left_out"]) else "") == row["left_out"]
    assert bool(case["above"]) == (row["above"] == "yes")
    if row["left_out"]:
        assert pd.isna(case["score"])
    else:
        by_hand = worked_out(ast.parse(row["arithmetic"], mode="eval").body)
        assert by_hand == pytest.approx(float(row["score"]), abs=1e-6)
        assert case["score"] == pytest.approx(by_hand)
        assert explained(survey, found, "R1")["adds"].sum() == pytest.approx(by_hand)


def test_the_sheet_uses_every_rule_of_a_recipe() -> None:
    used = {row["left_out"] for row in sheet()}
    changed = {key for row in sheet() for key in json.loads(row["recipe"] or "{}")}
    assert set(RULES) <= used
    assert changed == {
        "replaced_dont_know_counts", "skipped_counts", "fewest_values", "needs_description",
        "most_dont_know", "mean_of", "weights", "values",
    }  # fmt: skip


def test_a_dimension_is_the_mean_of_its_own_items(demo: Study) -> None:
    found = scored(demo, "1236 1444 24 2 13")
    # potential (1 + .75 + .5) / 3, impact 1 / 1, transferability (.75 + .75) / 2
    assert found[["potential", "impact", "transferability", "innovation_height", "profitability"]
                 ].tolist() == pytest.approx([0.75, 1, 0.75, 0, 0.75])  # fmt: skip
    assert found["dont_know"] == 5


@pytest.mark.parametrize(
    ("ratings", "text", "rule"),
    [
        ("1111 1111 15 1 11", None, "no_description"),
        (".... .... .. . ..", "what we did", "no_rating"),
        ("6666 4444 66 . ..", "what we did", "no_rating"),
        ("6666 4444 66 . ..", None, None),
    ],
)
def test_the_first_rule_that_leaves_a_case_out_is_named(
    demo: Study, ratings: str, text: str | None, rule: str | None
) -> None:
    found = scored(demo, ratings, text)
    assert found["left_out"] == (rule or "no_description")
    assert pd.isna(found["score"])


@pytest.mark.parametrize(
    ("ratings", "above"),
    [
        ("1111 .... 5. . ..", False),  # 4 of 5: exactly .8
        ("1131 1131 1. 1 11", True),  # (3.5 + 3 + 1 + 1 + 2) of 12 = .875
        ("2222 2... 5. 1 ..", False),
        ("122. .... .. . ..", True),  # 2.5 of 3
        ("122. .... 2. . 33", False),  # (2.5 + .75 + 1) of 6
    ],
)
def test_only_what_is_strictly_greater_is_above_the_threshold(
    demo: Study, ratings: str, above: bool
) -> None:
    assert scored(demo, ratings)["above"] == above


# --- how one case got its score, and the order of all ------------------------------------------


def test_a_case_is_explained_item_by_item(demo: Study) -> None:
    survey = rated(demo, "16.1 1444 24 2 33")
    table = explained(survey, score(survey, founding(demo)), "R1").set_index("item")
    shown = ["dimension", "answer", "kind", "reversed", "value", "part", "adds"]
    # Five don't-knows: the case is left out, but how it would have come out is still shown. Values
    # stand in 2 of q20, 1 of q21, 2 of q22, 1 of q23 and 2 of q24: each is an eighth.
    assert table.loc["q20_drift", shown].tolist() == [
        "potential", "I meget høj grad", "answer", False, 1, 1 / 8, 1 / 8
    ]  # fmt: skip
    assert table.loc["q20_tilpasning", "kind"] == "dont_know"
    assert pd.isna(table.loc["q20_tilpasning", "value"])
    assert table.loc["q20_forankring", "kind"] == "skipped"
    assert pd.isna(table.loc["q20_forankring", "answer"])
    assert table.loc["q22_saerlige_forhold", shown[1:]].tolist() == [
        "I lav grad", "answer", True, 0.75, 1 / 8, 0.75 / 8
    ]  # fmt: skip
    assert table.loc["q24_staar_maal", shown[1:]].tolist() == [
        "Ved ikke", "dont_know", False, 0.5, 1 / 8, 0.5 / 8
    ]  # fmt: skip
    assert table["part"].sum() == pytest.approx(1)
    # 1 + 1 + 1 + .75 + .75 + 0 + .5 + .5 = 5.5
    assert table["adds"].sum() == pytest.approx(5.5 / 8)


def test_every_score_of_the_demo_is_the_sum_of_what_its_items_add(demo: Study) -> None:
    scores = demo.scores()
    scored = scores.cases["score"].dropna()
    for case in scored.index:
        table = explained(demo.survey, scores, case)
        assert table["adds"].sum() == pytest.approx(scored[case])


def test_only_the_cases_own_answers_describe_it(demo: Study) -> None:
    recipe = founding(demo)
    items = [each.item for each in recipe.items()]
    rows = [{"id": "R1", items[0]: "1"}, {"id": "R2", "q19": "a", items[0]: "1"}]
    survey = survey_of(rows, demo.questionnaire)
    assert score(survey, recipe).cases["described"].tolist() == [False, True]
    first = replace(survey, cases=survey.cases.head(1))
    assert score(first, recipe).cases["described"].tolist() == [False]


def test_equal_scores_share_the_best_rank(demo: Study) -> None:
    items = [each.item for each in founding(demo).items()]
    rows = [{"id": f"R{no}", "q19": "a", items[0]: code} for no, code in enumerate("21252", 1)]
    rows.append({"id": "R6", items[0]: "1"})  # no description, so no score
    table = ranking(score(survey_of(rows, demo.questionnaire), founding(demo)))
    assert table.index.tolist() == ["R2", "R1", "R3", "R5", "R4"]
    assert table["rank"].tolist() == [1, 2, 2, 2, 5]
    assert table["tied"].tolist() == [1, 3, 3, 3, 1]
    assert table["above"].tolist() == [True, False, False, False, False]


def test_the_ranking_of_the_demo_begins_with_the_sixty(demo: Study) -> None:
    table = ranking(demo.scores())
    assert len(table) == 149
    assert table["above"].tolist() == [True] * 60 + [False] * 89
    assert table["score"].is_monotonic_decreasing
    assert len(ranking(demo.scores(), "all")) > 149


# --- the demo survey ---------------------------------------------------------------------------


def by_hand(file: Path) -> set[str]:
    """The report's rules written down once more, from the file and without our code."""
    five = dict(zip("12345", (1, 0.75, 0.5, 0.25, 0), strict=True))
    values = {
        "q20": five, "q21": {"1": 1, "2": 0.5, "3": 0}, "q22": five, "q23": {"1": 1, "2": 0},
        "q24": {"1": 1, "2": 0, "3": 0.5},
    }  # fmt: skip
    unknown = {"q20": "6", "q21": "4", "q22": "6", "q23": "", "q24": "3"}
    above = set()
    with file.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines, delimiter=";"):
            rated = [
                (name[:3], name, code) for name, code in row.items() if name[:3] in values and code
            ]
            dont_know = sum(code == unknown[question] for question, _, code in rated)
            points = [
                1 - five[code] if name == "q22_saerlige_forhold" else values[question][code]
                for question, name, code in rated
                if code in values[question]
            ]
            if row["q19"] and points and dont_know <= 3 and sum(points) / len(points) > 0.8:
                above.add(row["id"])
    return above


def test_the_sixty_are_those_that_the_rules_give_without_our_code(
    demo: Study, checkout: Path
) -> None:
    cases = demo.scores().cases
    found = set(cases[cases["above"] & (cases["number"] == 1)].index)
    assert len(found) == 60
    assert found == by_hand(checkout / "data" / "demo.csv")


def test_the_steps_of_the_score_add_up(demo: Study) -> None:
    found = demo.score_summary()
    cases = demo.scores().cases
    first = cases[cases["number"] == 1]
    assert (found["described"], found["above_threshold"]) == (160, 60)
    assert found["scored"] + sum(found["left_out"].values()) == len(first)
    out = first[first["described"] & first["left_out"].notna()]
    assert found["scored"] + len(out) == 160
    assert demo.score_summary("all")["described"] == 174
    assert demo.score_summary("all")["above_threshold"] > 60


def test_no_score_of_the_demo_is_at_the_threshold(demo: Study) -> None:
    scores = demo.scores().cases["score"].dropna()
    assert not scores.between(0.8 - 1e-6, 0.8 + 1e-6).any()
    assert scores.between(0, 1).all()


def above_with(demo: Study, recipe: Recipe) -> int:
    return int(summary(score(demo.survey, recipe))["above_threshold"])


def changed(demo: Study, change: Callable[[RecipeItem], RecipeItem]) -> Recipe:
    recipe = demo.recipe()
    assert recipe is not None
    dimensions = tuple(
        replace(dimension, items=tuple(map(change, dimension.items)))
        for dimension in recipe.dimensions
    )
    return replace(recipe, dimensions=dimensions)


def test_forgetting_the_reversal_shows(demo: Study) -> None:
    assert 15 <= above_with(demo, changed(demo, lambda item: replace(item, reversed=False))) <= 29


def test_a_half_for_every_dont_know_shows(demo: Study) -> None:
    assert 37 <= above_with(demo, changed(demo, lambda item: replace(item, dont_know=0.5))) <= 44


def test_leaving_out_the_dont_knows_about_costs_shows(demo: Study) -> None:
    assert above_with(demo, changed(demo, lambda item: replace(item, dont_know=None))) != 60


def test_a_mean_of_dimension_means_shows(demo: Study) -> None:
    found = demo.scores()
    first = found.cases[(found.cases["number"] == 1) & found.cases["score"].notna()]
    names = [dimension.name for dimension in found.recipe.dimensions]
    assert 31 <= (first[names].mean(axis="columns") > 0.8).sum() <= 37


def test_raters_without_a_description_are_above_too_and_must_be_left_out(demo: Study) -> None:
    recipe = demo.recipe()
    assert recipe is not None
    assert above_with(demo, replace(recipe, needs_description=False)) > 60


@pytest.mark.parametrize("flags", [{"skipped_counts": True}, {"replaced_dont_know_counts": False}])
def test_how_the_dont_knows_are_counted_does_not_change_the_sixty(
    demo: Study, flags: dict[str, bool]
) -> None:
    recipe = demo.recipe()
    assert recipe is not None
    assert above_with(demo, replace(recipe, **flags)) == 60


def test_skipped_items_count_among_the_dont_knows_only_when_asked_for(demo: Study) -> None:
    recipe = demo.recipe()
    assert recipe is not None
    strict = score(demo.survey, replace(recipe, skipped_counts=True)).cases["dont_know"]
    loose = score(demo.survey, recipe).cases["dont_know"]
    skipped = demo.survey.cases[[each.item for each in recipe.items()]].isna().sum(axis="columns")
    assert (strict - loose).tolist() == skipped.tolist()


@given(st.sets(st.integers(0, 12)))
def test_reversing_twice_is_the_same_as_not_at_all(demo: Study, which: set[int]) -> None:
    recipe = demo.recipe()
    assert recipe is not None
    names = [each.item for each in recipe.items()]
    turned = {names[no] for no in which}

    def turn(item: RecipeItem) -> RecipeItem:
        return replace(item, reversed=not item.reversed) if item.item in turned else item

    survey = replace(demo.survey, cases=demo.survey.cases.head(12))
    once: Scores = score(survey, changed(demo, turn))
    straight = score(survey, recipe)
    dont_know = {each.item: each.dont_know for each in recipe.items()}
    for name in names:
        expected = 1 - straight.items[name] if name in turned else straight.items[name]
        # A don't-know of .5 is turned into itself.
        assert dont_know[name] in (None, 0.5)
        pd.testing.assert_series_equal(once.items[name], expected)


weights = st.floats(0.1, 10)


@given(weight=weights)
def test_weights_that_are_all_one_or_all_alike_change_nothing(demo: Study, weight: float) -> None:
    recipe = founding(demo)
    survey = replace(demo.survey, cases=demo.survey.cases.head(40))
    plain = score(survey, recipe).cases
    alike = changed(demo, lambda item: replace(item, weight=weight))
    one = changed(demo, lambda item: replace(item, weight=1.0))
    heavy = replace(
        recipe, dimensions=tuple(replace(each, weight=weight) for each in recipe.dimensions)
    )
    for other in (alike, one, heavy):
        pd.testing.assert_frame_equal(score(survey, other).cases, plain)


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_lower_threshold_never_shortens_the_list(demo: Study, one: float, other: float) -> None:
    recipe = founding(demo)
    survey = replace(demo.survey, cases=demo.survey.cases.head(60))
    low, high = (
        score(survey, replace(recipe, threshold=each)).cases["above"]
        for each in sorted((one, other))
    )
    assert (high <= low).all()


@given(st.sampled_from(["items", "dimensions"]), st.lists(weights, min_size=13, max_size=13))
def test_a_weighted_score_stays_among_the_values_of_its_items(
    demo: Study, mean_of: MeanOf, weights: list[float]
) -> None:
    by_item = dict(zip((each.item for each in founding(demo).items()), weights, strict=True))
    recipe = changed(demo, lambda item: replace(item, weight=by_item[item.item]))
    survey = replace(demo.survey, cases=demo.survey.cases.head(60))
    found = score(survey, replace(recipe, mean_of=mean_of))
    scored = found.cases["score"].dropna()
    values = found.items.loc[scored.index]
    assert (scored >= values.min(axis="columns") - 1e-9).all()
    assert (scored <= values.max(axis="columns") + 1e-9).all()
