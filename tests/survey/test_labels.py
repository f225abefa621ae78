"""Closed responses in words beside each answer."""

from __future__ import annotations

import pandas as pd

from coder.study import Study
from coder.survey.labels import closed_items, labelled, usual_items
from coder.survey.questionnaire import parse_questionnaire
from tests.fixtures import survey_of

QUESTIONNAIRE = parse_questionnaire(
    """
    organisation: town
    cases: {questions: [what, kind], prefixes: ["", "b_"]}
    questions:
    - {name: nr, kind: id}
    - {name: town, kind: background, label: Town}
    - {name: size, kind: background, options: [{code: 1, label: Small}, {code: 2, label: Large}]}
    - {name: age, kind: number, label: Age}
    - name: used
      kind: multiple
      label: Used
      options: [{code: a, label: Phone}, {code: b, label: Video}]
    - name: rate
      kind: matrix
      label: Rate
      options: [{code: 1, label: Low}, {code: 2, label: High}]
      items: [{name: r1, label: Use}, {name: r2, label: Joy}]
    - {name: kind, kind: single, label: Kind, options: [{code: x, label: New}]}
    - {name: what, kind: open}
    """
)
SURVEY = survey_of(
    [
        {"nr": "1", "town": "Ribe", "size": "2", "age": "40", "used_a": "1", "used_b": "1",
         "r1": "2", "kind": "x", "what": "Walks", "b_what": "Songs"},
        {"nr": "2", "used_a": "0", "used_b": "0", "what": "Calls"},
    ],
    QUESTIONNAIRE,
)  # fmt: skip


def words(item: str) -> list[str | None]:
    column = labelled(SURVEY, (item,))[item]
    return [None if pd.isna(each) else each for each in column]


def test_an_item_of_a_matrix_is_called_after_both() -> None:
    assert closed_items(QUESTIONNAIRE) == {
        "town": "Town", "size": "size", "age": "Age", "used": "Used", "r1": "Rate – Use",
        "r2": "Rate – Joy", "kind": "Kind",
    }  # fmt: skip


def test_responses_are_called_as_in_the_questionnaire() -> None:
    assert words("town") == ["Ribe", "Ribe", None]
    assert words("size") == ["Large", "Large", None]
    assert words("age") == ["40", "40", None]
    assert words("r1") == ["High", "High", None]


def test_what_is_about_a_case_stands_at_its_own_answer() -> None:
    assert words("kind") == ["New", None, None]


def test_all_that_was_ticked_stands_in_one_text() -> None:
    assert words("used") == ["Phone, Video", "Phone, Video", None]


def test_the_organisation_comes_first_and_only_a_line_full_at_first(demo: Study) -> None:
    assert usual_items(QUESTIONNAIRE) == ("town", "size")
    assert usual_items(demo.questionnaire) == ("kommune", "stoerrelse", "afdeling", "stilling")


def test_every_closed_item_of_the_demo_can_stand_beside_an_answer(demo: Study) -> None:
    items = demo.closed_items()
    table = demo.labelled(list(items))
    assert list(table.index) == list(demo.survey.answers.index)
    assert table["kommune"].notna().all()
    assert set(table["q01"].dropna()) <= {
        o.label for o in demo.questionnaire.question("q01").options
    }
