"""Codes joined to the closed questions: counted by hand on a survey of five cases."""

from __future__ import annotations

import math

import pytest

from coder.model import Code, Coding
from coder.results.joint import coded_table, joint_table
from coder.results.recipe import parse_recipe
from coder.results.score import score
from coder.study import Study
from coder.survey.questionnaire import parse_questionnaire
from tests.fixtures import survey_of

SURVEY = parse_questionnaire("""
organisation: town
cases: {questions: [what, good], prefixes: ["", b_]}
questions:
  - {name: town, kind: background}
  - {name: size, kind: background, options: [{code: 1, label: Large}, {code: 2, label: Small}]}
  - {name: what, kind: open, elaboration: more}
  - name: good
    kind: single
    scale: ascending
    options: [{code: 1, label: Poor}, {code: 2, label: Fair}, {code: 3, label: Good}]
""")
PEOPLE = survey_of(
    [
        {"town": "A", "size": "1", "what": "walk", "more": "long", "good": "3"},
        {"town": "A", "size": "1", "what": "walk", "good": "1"},
        {"town": "B", "size": "2", "what": "call", "good": "2", "b_what": "walk", "b_good": "3"},
        {"town": "C", "size": "2", "what": "sing"},
    ],
    SURVEY,
)
RECIPE = parse_recipe(
    "{name: x, threshold: 0.6, most_dont_know: 0,"
    " dimensions: [{name: value, items: [{item: good}]}]}",
    SURVEY,
)
CODES = {each.id: each for each in (Code("w", "Walks"), Code("s", "Songs"), Code("e", "Empty"))}
CODINGS = [
    Coding("R001", "w", "anna"),
    Coding("R001", "w", "bo"),
    Coding("R002", "w", "anna"),
    Coding("R003", "w", "bo"),
    Coding("R003.2", "w", "anna"),
    Coding("R004", "s", "anna"),
    Coding("R003", "s", "anna"),
]


def test_a_category_adds_up_to_answers_cases_organisations_and_means() -> None:
    table = joint_table(PEOPLE, CODES, CODINGS, score(PEOPLE, RECIPE)).set_index("category")
    # Walks: R001 1, R002 0, R003 .5; Songs: R003 .5, R004 without rating.
    assert table.loc["Walks"].tolist() == [3, 3, 2, 3, pytest.approx(0.5), pytest.approx(1 / 3)]
    assert table.loc["Songs"].tolist() == [2, 2, 2, 1, pytest.approx(0.5), 0]
    assert table.loc["Empty"].tolist()[:4] == [0, 0, 0, 0]
    assert all(math.isnan(value) for value in table.loc["Empty"].tolist()[4:])
    assert table.columns.tolist() == [
        "answers", "cases", "organisations", "scored", "value", "share_above"
    ]  # fmt: skip


def test_second_cases_are_joined_only_when_all_are_asked_for() -> None:
    table = joint_table(PEOPLE, CODES, CODINGS, score(PEOPLE, RECIPE), "all").set_index("category")
    # R003.2 comes in with 1: (1 + 0 + .5 + 1) / 4
    assert table.loc["Walks"].tolist() == [4, 4, 2, 4, pytest.approx(0.625), pytest.approx(0.5)]


def test_the_largest_category_is_first_and_equal_ones_go_by_name() -> None:
    codes = {name: Code(name, name) for name in ("Songs", "Calls", "Walks")}
    codings = [Coding("R001", "Walks", "a"), Coding("R001", "Songs", "a")]
    table = joint_table(PEOPLE, codes, codings, None)
    assert table["category"].tolist() == ["Songs", "Walks", "Calls"]
    assert table.columns.tolist() == ["category", "answers", "cases", "organisations"]


def test_no_codes_give_an_empty_table() -> None:
    assert joint_table(PEOPLE, {}, [], None).empty


def test_the_coded_table_has_a_row_per_answer_with_labels_for_codes() -> None:
    table = coded_table(PEOPLE, CODES, CODINGS, score(PEOPLE, RECIPE)).fillna("–")
    assert table.to_dict("list") == {
        "answer": ["R001", "R002", "R003", "R003.2", "R004"],
        "respondent": ["R001", "R002", "R003", "R003", "R004"],
        "case": ["R001", "R002", "R003", "R003.2", "R004"],
        "town": ["A", "A", "B", "B", "C"],
        "size": ["Large", "Large", "Small", "Small", "Small"],
        "text": ["walk", "walk", "call", "walk", "sing"],
        "elaboration": ["long", "–", "–", "–", "–"],
        "codes": ["Walks", "Walks", "Walks; Songs", "Walks", "Songs"],
        "good": ["Good", "Poor", "Fair", "Good", "–"],
        "value": [1, 0, 0.5, 1, "–"],
        "score": [1, 0, 0.5, 1, "–"],
    }


def test_the_demo_has_a_row_for_every_answer_each_with_its_category(demo: Study) -> None:
    state = demo.state
    table = coded_table(demo.survey, state.codes, state.all_codings(), demo.scores())
    assert len(table) == 174
    assert table["codes"].notna().all()
    assert table["answer"].is_unique
    assert table["case"].tolist() == demo.survey.answers["case"].tolist()


@pytest.mark.parametrize("name", ["text", "codes"])
def test_a_background_column_named_as_one_of_ours_keeps_a_name_of_its_own(name: str) -> None:
    questionnaire = parse_questionnaire(
        f"questions: [{{name: {name}, kind: background}}, {{name: why, kind: open}}]"
    )
    survey = survey_of([{name: "mine", "why": "a"}], questionnaire)
    table = coded_table(survey, {}, [], None)
    assert table.columns.is_unique
