"""How often each option was chosen, and of how many: small cases counted by hand."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coder.results.frequencies import frequencies
from coder.results.groups import groups_by
from coder.results.units import was_asked
from coder.survey.questionnaire import parse_questionnaire
from tests.fixtures import survey_of

YES_NO = "options: [{code: 1, label: Yes}, {code: 2, label: No}]"
SURVEY = parse_questionnaire(f"""
cases: {{questions: [why, worth, cost], prefixes: ["", b_]}}
questions:
  - {{name: place, kind: background}}
  - {{name: tried, kind: single, {YES_NO}}}
  - {{name: who, kind: multiple, {YES_NO}}}
  - {{name: reason, kind: single, base: asked, asked_if: [{{item: tried, any_of: [2]}}], {YES_NO}}}
  - {{name: both, kind: single, base: asked, {YES_NO},
      asked_if: [{{item: tried, any_of: [1]}}, {{item: who, any_of: [1, 2]}}]}}
  - {{name: why, kind: open}}
  - {{name: worth, kind: single, {YES_NO}}}
  - {{name: cost, kind: single, base: asked, asked_if: [{{item: worth, any_of: [1]}}], {YES_NO}}}
""")
ROWS = [
    {
        "place": "a",
        "tried": "1",
        "who_1": "1",
        "both": "1",
        "worth": "1",
        "cost": "2",
        "b_worth": "2",
    },
    {"place": "a", "tried": "2", "reason": "1", "who_1": "1", "who_2": "1", "worth": "1"},
    {"place": "b", "tried": "2", "who_1": "0", "who_2": "0"},
    {"place": "b", "tried": "1", "who_2": "1", "b_worth": "1", "b_cost": "1"},
    {"place": "b"},  # invited, did not answer
]


def counts(table: pd.DataFrame, item: str) -> tuple[list[int], int]:
    rows = table[table["item"] == item]
    assert rows["n"].nunique() == 1
    return rows["count"].tolist(), int(rows["n"].iloc[0])


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("tried", ([2, 2], 4)),
        ("who", ([2, 2], 4)),  # who ticked nothing has answered too, who skipped it has not
        ("reason", ([1, 0], 2)),  # of two who were asked, one skipped it
        ("both", ([1, 0], 2)),  # both conditions are met by the first and the fourth
        ("worth", ([2, 0], 2)),
        ("cost", ([0, 1], 2)),
    ],
)
def test_options_are_counted_among_those_who_answered_or_were_asked(
    item: str, expected: tuple[list[int], int]
) -> None:
    assert counts(frequencies(survey_of(ROWS, SURVEY)), item) == expected


def test_second_cases_count_only_when_all_do() -> None:
    table = frequencies(survey_of(ROWS, SURVEY), "all")
    assert counts(table, "worth") == ([3, 1], 4)
    assert counts(table, "cost") == ([1, 1], 3)
    assert counts(table, "tried") == ([2, 2], 4)


def test_an_item_that_nobody_answered_has_no_share() -> None:
    table = frequencies(survey_of([{"tried": "1"}], SURVEY))
    assert counts(table, "worth") == ([0, 0], 0)
    assert math.isnan(table[table["item"] == "worth"]["share"].iloc[0])


def test_the_background_and_open_questions_are_not_counted() -> None:
    assert set(frequencies(survey_of(ROWS, SURVEY))["item"]) == {
        "tried", "who", "reason", "both", "worth", "cost"
    }  # fmt: skip


def test_a_filter_on_a_multiple_question_is_met_by_any_tick() -> None:
    survey = survey_of(ROWS, SURVEY)
    asked = was_asked(survey, SURVEY.question("both"))
    assert asked.to_dict() == {"R001": True, "R002": False, "R003": False, "R004": True}


CODES = st.sampled_from(["1", "2", None])


@given(st.lists(st.fixed_dictionaries({"place": st.just("a"), "tried": CODES}), min_size=1))
def test_shares_of_a_single_question_sum_to_one(rows: list[dict[str, str | None]]) -> None:
    table = frequencies(survey_of(rows, SURVEY))
    tried = table[table["item"] == "tried"]
    answered = pd.Series([row["tried"] for row in rows]).dropna()
    assert tried["n"].tolist() == [len(answered)] * 2
    if len(answered):
        assert tried["share"].sum() == pytest.approx(1)


ABOUT_THE_CASE = parse_questionnaire(f"""
cases: {{questions: [why, worth]}}
questions:
  - {{name: why, kind: open}}
  - {{name: worth, kind: single, {YES_NO}}}
  - {{name: again, kind: single, base: asked, asked_if: [{{item: worth, any_of: [1]}}], {YES_NO}}}
""")


def test_a_question_to_the_respondent_may_be_filtered_by_one_about_the_case() -> None:
    survey = survey_of([{"worth": "1", "again": "2"}, {"worth": "2"}], ABOUT_THE_CASE)
    assert counts(frequencies(survey), "again") == ([0, 1], 1)


# --- bases -------------------------------------------------------------------------------------

BASES = """
questions:
  - {name: place, kind: background}
  - name: q
    kind: multiple
    base: BASE
    outside: [not_relevant]
    options: [{code: 1, label: a}, {code: 2, label: b}, {code: 3, label: c},
              {code: 9, label: None of these, role: not_relevant}]
"""
# Who ticked a and b; a, b and c; b; nothing, though they answered; only "none"; b and "none".
TICKS = ["12", "123", "2", "", "9", "29"]


def ticked(base: str, places: str = "xxxxxx") -> pd.DataFrame:
    rows = [
        {"place": place, **{f"q_{code}": str(int(code in ticks)) for code in "1239"}}
        for ticks, place in zip(TICKS, places, strict=True)
    ]
    survey = survey_of(rows, parse_questionnaire(BASES.replace("BASE", base)))
    groups = groups_by(survey, "place") if len(set(places)) > 1 else None
    return frequencies(survey, groups=groups)


@pytest.mark.parametrize(
    ("base", "n", "n_outside"),
    [("answered", 5, 6), ("asked", 5, 6), ("ticked", 4, 5), ("ticks", 7, 9)],
)
def test_each_base_counts_what_it_says_and_what_is_outside_is_of_all(
    base: str, n: int, n_outside: int
) -> None:
    table = ticked(base)
    assert table["count"].tolist() == [2, 4, 1, 2]
    assert table["n"].tolist() == [n, n, n, n_outside]
    assert table["outside"].tolist() == [False, False, False, True]
    assert table["share"].tolist() == pytest.approx([2 / n, 4 / n, 1 / n, 2 / n_outside])


def test_shares_of_ticks_add_up_to_one_and_rest_on_those_who_ticked() -> None:
    table = ticked("ticks")
    assert table[~table["outside"]]["share"].sum() == pytest.approx(1)
    assert table["units"].tolist() == [4, 4, 4, 5]
    assert table["n_effective"].tolist() == [4, 4, 4, 5]


def test_groups_stand_side_by_side_each_with_its_n() -> None:
    table = ticked("ticked", "xxyyyy").set_index(["group", "code"])
    assert table["count"].to_dict() == {
        ("x", "1"): 2, ("y", "1"): 0, ("x", "2"): 2, ("y", "2"): 2,
        ("x", "3"): 1, ("y", "3"): 0, ("x", "9"): 0, ("y", "9"): 2,
    }  # fmt: skip
    assert table.loc["x", "n"].tolist() == [2, 2, 2, 2]
    assert table.loc["y", "n"].tolist() == [2, 2, 2, 3]


GROUPS = st.lists(st.tuples(st.sampled_from("xyz"), CODES), min_size=1, max_size=20)


@given(GROUPS)
def test_the_counts_of_groups_add_up_to_those_of_all(rows: list[tuple[str, str | None]]) -> None:
    survey = survey_of([{"place": place, "tried": code} for place, code in rows], SURVEY)
    whole = frequencies(survey)
    parts = frequencies(survey, groups=groups_by(survey, "place"))
    assert parts.groupby(["item", "code"], sort=False)[["count"]].sum()["count"].tolist() == (
        whole["count"].tolist()
    )
    some = parts[parts["n"] > 0]
    sums = some[some["item"] == "tried"].groupby("group")["share"].sum()
    assert sums.to_numpy() == pytest.approx(1)
