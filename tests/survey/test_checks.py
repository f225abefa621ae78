"""What is odd about a table: everything at once, with its rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from coder.errors import UserError
from coder.i18n import LANGUAGES, load_texts
from coder.survey.checks import Finding, check_table
from coder.survey.ingest import code_table
from coder.survey.questionnaire import parse_questionnaire
from coder.survey.read import read_file

SURVEY = parse_questionnaire("""
cases: {questions: [why], prefixes: [""]}
questions:
  - {name: nr, kind: id}
  - {name: town, kind: background}
  - name: often
    kind: single
    options: [{code: 1, label: Often}, {code: 2, label: Rarely}, {code: 0, label: Don't know}]
  - name: where
    kind: multiple
    maximum: 1
    asked_if: [{item: often, any_of: [1]}]
    options: [{code: 1, label: Home}, {code: 2, label: Work}, {code: 3, label: Elsewhere}]
  - name: good
    kind: matrix
    options: [{code: 1, label: Yes}, {code: 2, label: No}]
    items: [{name: good_a, label: A}, {name: good_b, label: B}]
  - {name: hours, kind: number}
  - {name: why, kind: open}
""")
COLUMNS = [
    "nr",
    "town",
    "often",
    "where_1",
    "where_2",
    "where_3",
    "good_a",
    "good_b",
    "hours",
    "why",
]
FINE = {
    "nr": "1", "town": "X", "often": "1", "where_1": "1",
    "good_a": "1", "good_b": "2", "hours": "3", "why": "so",
}  # fmt: skip


def table(*rows: dict[str, Any]) -> pd.DataFrame:
    """Respondents that are fine but for what is given of each."""
    filled = [{**FINE, "nr": str(no), **row} for no, row in enumerate(rows, start=1)]
    return pd.DataFrame(filled, columns=COLUMNS, dtype="str")


def found(data: pd.DataFrame, key: str, questionnaire: Any = SURVEY) -> list[Finding]:
    """The findings of one key; all of them can be put in words."""
    findings = check_table(data, questionnaire)
    for finding in findings:
        for language in LANGUAGES:
            sentence = load_texts(language)(finding.key, **finding.params)
            assert "{" not in sentence
        assert finding.params["count"] == len(finding.rows)
    stopping = [finding.stops for finding in findings]
    assert stopping == sorted(stopping, reverse=True)
    return [finding for finding in findings if finding.key == f"check_table.{key}"]


def test_every_wrong_value_is_told_with_its_row() -> None:
    data = table({"often": "7"}, {}, {"often": "8"}, {"hours": "many"}, {"where_1": "maybe"})
    findings = found(data, "bad_value")
    assert [(each.params["column"], each.params["value"], each.rows) for each in findings] == [
        ("often", "7", (2, 4)),
        ("where_1", "maybe", (6,)),
        ("hours", "many", (5,)),
    ]
    assert all(each.stops for each in findings)
    with pytest.raises(UserError) as caught:
        code_table(data, SURVEY)
    assert caught.value.params["row"] == 2


def test_many_rows_are_kept_but_not_all_shown() -> None:
    (finding,) = found(table(*[{"often": "7"}] * 50), "bad_value")
    assert finding.rows == tuple(range(2, 52))
    assert finding.params["rows"] == "2, 3, 4, 5, 6, 7, 8, 9 …"
    assert finding.params["count"] == 50


def test_ids_that_are_missing_or_used_twice() -> None:
    data = table({}, {"nr": None}, {"nr": "1"}, {"nr": None})
    assert [each.rows for each in found(data, "no_id")] == [(3, 5)]
    (same,) = found(data, "same_id")
    assert (same.rows, same.params["first"], same.stops) == ((4,), 2, True)


def test_a_missing_column_stops_and_one_too_many_does_not() -> None:
    data = table({}).rename(columns={"often": "offen"})
    assert [each.params["column"] for each in found(data, "no_column")] == ["often"]
    (left,) = found(data, "unnamed_columns")
    assert (left.params["columns"], left.stops) == ("offen", False)


def test_answers_against_a_filter_and_none_in_spite_of_it() -> None:
    data = table({"often": "2"}, {"where_1": None}, {}, {"often": "2", "where_1": None})
    assert [each.rows for each in found(data, "not_asked")] == [(2,)]
    (silent,) = found(data, "not_answered")
    assert (silent.rows, silent.params["asked"]) == ((3,), 2)


def test_more_ticks_than_allowed() -> None:
    data = table({"where_2": "1"}, {}, {"where_2": "x", "where_3": "1"})
    (finding,) = found(data, "too_many_ticks")
    assert (finding.rows, finding.params["maximum"], finding.stops) == ((2, 4), 1, False)


def test_an_item_that_few_answered() -> None:
    data = table(*[{"good_a": None}] * 3, {}, {})
    (finding,) = found(data, "item_sum")
    assert (finding.params["item"], finding.params["answers"], finding.params["most"]) == (
        "good_a",
        2,
        5,
    )
    assert not found(table({"good_a": None}, *[{}] * 9), "item_sum")


def test_options_that_nobody_chose_and_questions_that_nobody_answered() -> None:
    unused = {
        each.params["question"]: each.params["options"]
        for each in found(table({}, {}), "unused_options")
    }
    assert unused == {"often": "Rarely; Don't know", "where": "Work; Elsewhere"}
    assert [each.params["question"] for each in found(table({"hours": None}), "empty")] == ["hours"]


def test_one_label_with_two_codes() -> None:
    questionnaire = parse_questionnaire(
        "questions: [{name: q, kind: single, options: [{code: 1, label: Yes}, {code: 2, label: no},"
        " {code: 3, label: ' yes'}]}]"
    )
    (finding,) = found(pd.DataFrame({"q": ["1"]}, dtype="str"), "same_label", questionnaire)
    assert (finding.params["label"], finding.params["codes"]) == ("Yes", "1, 3")


def test_a_filter_of_a_case_is_met_by_the_same_case() -> None:
    questionnaire = parse_questionnaire("""
cases: {questions: [digital, how], prefixes: ["", second_]}
questions:
  - {name: digital, kind: single, options: [{code: 1, label: Yes}, {code: 2, label: No}]}
  - name: how
    kind: single
    asked_if: [{item: digital, any_of: [1]}]
    options: [{code: 1, label: Phone}, {code: 2, label: Video}]
""")
    first, second = {"digital": "1", "how": "1"}, {"second_digital": "2", "second_how": "2"}
    data = pd.DataFrame([{**first, **second}], dtype="str")
    (finding,) = found(data, "not_asked", questionnaire)
    assert (finding.params["question"], finding.rows) == ("second_how", (2,))


ROWS = parse_questionnaire("""
cases: {questions: [what], rows: true}
questions:
  - {name: nr, kind: id}
  - {name: town, kind: background}
  - {name: what, kind: open}
""")


def test_rows_of_one_respondent_must_agree_in_what_is_known_of_them() -> None:
    data = pd.DataFrame(
        {"nr": ["1", "1", "1", "2"], "town": ["A", None, "B", "C"], "what": list("abcd")},
        dtype="str",
    )
    (finding,) = found(data, "rows_differ", ROWS)
    assert (finding.rows, finding.params["first"], finding.stops) == ((4,), "A", True)
    with pytest.raises(UserError) as caught:
        code_table(data, ROWS)
    assert caught.value.key == "survey.rows_differ"


def test_the_demo_survey_has_nothing_that_stops(checkout: Path) -> None:
    text = (checkout / "data/questionnaire.yaml").read_text("utf-8")
    questionnaire = parse_questionnaire(text)
    for kind in ("sav", "xlsx", "csv"):
        findings = check_table(read_file(checkout / f"data/demo.{kind}").table, questionnaire)
        assert not [each for each in findings if each.stops]
        # One of the five who were asked q02 did not answer: the report prints no such sum.
        silent = [each for each in findings if each.key == "check_table.not_answered"]
        assert [
            (each.params["asked"], len(each.rows))
            for each in silent
            if each.params["question"] == "q02"
        ] == [(5, 1)]


def test_a_sound_table_has_no_findings() -> None:
    others = {"often": "2", "where_1": None}
    data = table(
        {}, {"where_1": None, "where_2": "1"}, {"where_1": None, "where_3": "1"},
        {**others, "good_a": "2"}, {**others, "often": "0", "good_b": "1"},
    )  # fmt: skip
    assert check_table(data, SURVEY) == []


def test_a_large_table_is_checked_soon() -> None:
    rows = 50_000
    data = pd.DataFrame({name: ["1"] * rows for name in COLUMNS}, dtype="str")
    data["nr"] = np.arange(rows).astype(str)
    (finding,) = found(data.assign(often="7"), "bad_value")
    assert len(finding.rows) == rows
