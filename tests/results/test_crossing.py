"""Codes by closed items and by each other, counted by hand on five people in three towns."""

from __future__ import annotations

import math
from typing import get_args

import pandas as pd
import pytest

from coder.model import Code, Coding
from coder.results.crossing import codes_by_item, codes_together
from coder.results.joint import Unit
from coder.results.quadrants import quadrants, quadrants_by_code
from coder.results.recipe import parse_recipe
from coder.results.score import score
from coder.study import Study
from coder.survey.questionnaire import parse_questionnaire
from tests.fixtures import refused, survey_of

SURVEY = parse_questionnaire("""
organisation: town
cases: {questions: [what, good, new], prefixes: ["", b_]}
questions:
  - {name: town, kind: background}
  - {name: size, kind: background, options: [{code: 1, label: Large}, {code: 2, label: Small}]}
  - {name: age, kind: number}
  - name: who
    kind: multiple
    options: [{code: 1, label: Citizens}, {code: 2, label: Staff}]
  - {name: what, kind: open}
  - name: good
    kind: single
    scale: ascending
    options: [{code: 1, label: Poor}, {code: 2, label: Fair}, {code: 3, label: Good}]
  - name: new
    kind: single
    scale: ascending
    options: [{code: 0, label: "No"}, {code: 1, label: "Yes"}]
""")
PEOPLE = survey_of(
    [
        {"town": "A", "size": "1", "who_1": "1", "who_2": "1", "what": "w", "good": "3"},
        {"town": "A", "size": "1", "who_1": "1", "what": "w", "good": "1"},
        {"town": "B", "size": "2", "who_2": "1", "what": "w", "good": "3", "b_what": "w",
         "b_good": "3"},
        {"town": "C", "size": "2", "what": "s"},
        {"town": "C", "what": "n", "good": "1"},
    ],
    SURVEY,
)  # fmt: skip
CODES = {each.id: each for each in (Code("w", "Walks"), Code("s", "Songs"), Code("e", "Empty"))}
CODINGS = [
    Coding("R001", "w", "anna"), Coding("R001", "w", "bo"), Coding("R002", "w", "anna"),
    Coding("R003", "w", "bo"), Coding("R003.2", "w", "bo"), Coding("R004", "s", "anna"),
    Coding("R003", "s", "anna"),
]  # fmt: skip


def crossed(item: str, unit: Unit = "case", cases: str = "first") -> pd.DataFrame:
    table = codes_by_item(PEOPLE, CODES, CODINGS, item, unit, cases)  # type: ignore[arg-type]
    return table.set_index(["category", "value"])


def test_a_code_by_an_item_about_the_case_in_both_directions() -> None:
    table = crossed("good")
    # Walks: R001 good, R002 poor, R003 good. Songs: R003 good, R004 did not answer. R005 is not
    # coded, and counts nowhere.
    counts = ["count", "of_category", "of_value"]
    assert table.loc[("Walks", "Good"), counts].tolist() == [2, 3, 2]
    assert table.loc[("Walks", "Poor"), counts].tolist() == [1, 3, 1]
    assert table.loc[("Walks", "Fair"), counts].tolist() == [0, 3, 0]
    assert table.loc[("Songs", "Good"), counts].tolist() == [1, 1, 2]
    shares = ["share_of_category", "share_of_value"]
    assert table.loc[("Walks", "Good"), shares].tolist() == pytest.approx([2 / 3, 1])
    assert table.loc[("Songs", "Good"), shares].tolist() == [1, 0.5]
    assert table.loc[("Walks", "Fair"), "share_of_category"] == 0
    assert math.isnan(table.loc[("Walks", "Fair"), "share_of_value"])
    assert math.isnan(table.loc[("Empty", "Good"), "share_of_category"])
    assert table.index.tolist()[:3] == [("Walks", "Poor"), ("Walks", "Fair"), ("Walks", "Good")]


@pytest.mark.parametrize(
    ("unit", "count", "of_category"),
    [("answer", 3, 4), ("case", 3, 4), ("respondent", 2, 3), ("organisation", 2, 2)],
)
def test_what_is_counted_counts_once(unit: Unit, count: int, of_category: int) -> None:
    # Walks and Good with all cases: R001 in A, R003 and R003.2 in B; R002 in A is poor.
    row = crossed("good", unit, "all").loc[("Walks", "Good")]
    assert row[["count", "of_category"]].tolist() == [count, of_category]


def test_a_background_question_and_one_without_options() -> None:
    assert crossed("size")["count"].to_dict() == {
        ("Walks", "Large"): 2, ("Walks", "Small"): 1, ("Songs", "Large"): 0,
        ("Songs", "Small"): 2, ("Empty", "Large"): 0, ("Empty", "Small"): 0,
    }  # fmt: skip
    assert crossed("town").loc["Walks", "count"].to_dict() == {"A": 2, "B": 1, "C": 0}


def test_a_multiple_question_counts_who_ticked_anything() -> None:
    table = crossed("who")
    counts = ["count", "of_category", "of_value"]
    assert table.loc[("Walks", "Citizens"), counts].tolist() == [2, 3, 2]
    assert table.loc[("Walks", "Staff"), counts].tolist() == [2, 3, 2]
    assert table.loc[("Songs", "Staff"), counts].tolist() == [1, 1, 2]


@pytest.mark.parametrize("item", ["age", "what", "nope"])
def test_only_closed_items_can_be_crossed(item: str, demo: Study) -> None:
    with pytest.raises(ValueError, match=item):
        crossed(item)
    with refused("compare.no_item", name=f"no_{item}"):
        demo.codes_by_item(f"no_{item}")


@pytest.mark.parametrize(
    ("unit", "together", "of_first", "of_second"),
    [("answer", 1, 4, 2), ("case", 1, 4, 2), ("respondent", 1, 3, 2), ("organisation", 1, 2, 2)],
)
def test_codes_that_stand_together(
    unit: Unit, together: int, of_first: int, of_second: int
) -> None:
    row = codes_together(PEOPLE, CODES, CODINGS, unit, "all").iloc[0]
    assert row[["first", "second"]].tolist() == ["Walks", "Songs"]
    counts = row[["together", "of_first", "of_second"]].tolist()
    assert counts == [together, of_first, of_second]
    assert row["share_of_first"] == together / of_first
    assert row["share_of_second"] == together / of_second
    assert row["jaccard"] == together / (of_first + of_second - together)


def test_a_code_that_is_not_used_stands_with_none() -> None:
    table = codes_together(PEOPLE, CODES, CODINGS).set_index(["first", "second"])
    assert len(table) == 3
    assert table.loc[("Songs", "Empty"), "together"] == 0
    assert math.isnan(table.loc[("Songs", "Empty"), "share_of_second"])
    assert codes_together(PEOPLE, {}, []).empty


@pytest.mark.parametrize("unit", get_args(Unit))
def test_in_the_demo_what_is_crossed_adds_up(demo: Study, unit: Unit) -> None:
    table = demo.codes_by_item("q23_hoejde", unit)
    summed = table.groupby("category")[["count", "of_category"]].agg(
        {"count": "sum", "of_category": "first"}
    )
    # A case has one answer to the item; a municipality may have several cases.
    if unit == "organisation":
        assert (summed["count"] >= summed["of_category"]).all()
    else:
        assert (summed["count"] == summed["of_category"]).all()
    cases = demo.codes_by_item("kommune", "organisation").groupby("category")["count"].sum()
    assert cases["Online kontakt til pårørende"] == 12
    assert (demo.codes_together()["together"] == 0).all()


# --- quadrants ---------------------------------------------------------------------------------

RECIPE = parse_recipe(
    "{name: x, threshold: 0.8, most_dont_know: 0, dimensions:"
    " [{name: value, items: [{item: good}]}, {name: height, items: [{item: new}]}]}",
    SURVEY,
)
RATED = survey_of(
    [
        {"what": "w", "good": good, "new": new}
        for good, new in (("3", "1"), ("3", "0"), ("1", "1"), ("2", "0"), ("3", None))
    ],
    SURVEY,
)


def test_cases_stand_in_quadrants_by_two_dimensions() -> None:
    placed = quadrants(score(RATED, RECIPE), "value", "height")
    assert placed["quadrant"].to_dict() == {
        "R001": "both", "R002": "across", "R003": "up", "R004": "neither"
    }  # fmt: skip
    assert placed.loc["R004", ["across", "up"]].tolist() == [0.5, 0]
    turned = quadrants(score(RATED, RECIPE), "height", "value")
    assert turned["quadrant"].tolist() == ["both", "up", "across", "neither"]
    lower = quadrants(score(RATED, RECIPE), "value", "height", cut=0.4)
    assert lower.loc["R004", "quadrant"] == "across"


def test_categories_stand_in_the_same_figure() -> None:
    placed = quadrants(score(RATED, RECIPE), "value", "height")
    codings = [Coding(f"R00{no}", "w", "anna") for no in (1, 2, 4, 5)]
    table = quadrants_by_code(RATED, CODES, codings, placed).set_index("category")
    assert table.loc["Walks", "n":].tolist() == [
        3, pytest.approx(2.5 / 3), pytest.approx(1 / 3), 1, 1, 0, 1
    ]  # fmt: skip
    assert table.loc["Songs", "n"] == 0
    assert math.isnan(table.loc["Songs", "across"])


def test_a_dimension_that_is_not_there_is_a_mistake(demo: Study) -> None:
    with pytest.raises(ValueError, match="depth"):
        demo.quadrants("potential", "depth")


def test_every_scored_case_of_the_demo_that_is_rated_on_both_is_placed(demo: Study) -> None:
    placed = demo.quadrants("potential", "innovation_height")
    cases = demo.scores().cases
    first = cases[(cases["number"] == 1) & cases["score"].notna()]
    assert len(placed) == len(first.dropna(subset=["potential", "innovation_height"]))
    table = demo.quadrants_by_code("potential", "innovation_height")
    assert table["n"].sum() == len(placed)
    parts = table[["both", "only_across", "only_up", "neither"]].sum(axis="columns")
    assert (parts == table["n"]).all()
