"""The appendix of the most promising, on answers whose parts are known."""

from __future__ import annotations

import pandas as pd
import pytest

from coder.model import Coding, Passage, Survey
from coder.results.appendix import COLUMNS, appendix, words_of
from coder.results.passages import proposed_passages
from coder.survey.questionnaire import parse_questionnaire
from tests.fixtures import survey_of

FORM = """
title: Ideer
language: da
organisation: by
cases: {questions: [q]}
questions:
  - {name: id, kind: id, label: Id}
  - {name: by, kind: background, label: By}
  - name: omr
    kind: background
    label: Forvaltning eller afdeling
    options: [{code: 1, label: Social}, {code: 2, label: Kultur}]
  - {name: forv, kind: background, label: Forvaltning}
  - {name: job, kind: background, label: Stillingsbetegnelse}
  - {name: q, kind: open, label: Beskriv, elaboration: q_mere}
"""
TOLD = (
    "Vi ringer til dem hver dag. Målgruppen er ældre med demens. "
    "Formålet er ro. Vi lærte at tale langsomt."
)


@pytest.fixture(scope="module")
def survey() -> Survey:
    rows = [
        {"id": "A", "by": "Vejle", "omr": "2", "job": "Chef", "q": "Det gik."},
        {"id": "B", "by": "Aarhus", "omr": "1", "q": TOLD, "q_mere": "De har lært mere."},
        {"id": "C", "omr": "1", "q": "Intet at kode."},
        {"id": "D", "by": "Vejle", "q": "Ikke lovende."},
    ]
    return survey_of(rows, parse_questionnaire(FORM))


THEMES = {"late": "Sidst", "none": "Uden svar", "early": "Først"}


def test_one_row_per_case_in_the_order_of_the_themes(survey: Survey) -> None:
    codings = [Coding("A", "early", "x"), Coding("A", "late", "y"), Coding("B", "early", "x")]
    table = appendix(survey, THEMES, codings, ["C", "B", "A"], {})
    assert tuple(table.columns) == COLUMNS
    assert table["case"].tolist() == ["A", "B", "C"]  # A by the first of its two codes, C by none
    assert table["theme"].tolist() == ["Sidst", "Først", ""]
    assert table["code"].tolist() == ["late", "early", ""]
    assert table["organisation"].tolist() == ["Vejle", "Aarhus", ""]
    assert table["department"].tolist() == ["Kultur", "Social", "Social"]
    assert table["role"].tolist() == ["Chef", "", ""]


def test_parts_that_nobody_has_marked_are_proposed_and_told_to_be(survey: Survey) -> None:
    (row,) = appendix(survey, {}, [], ["B"], {}).to_dict("records")
    assert row["action"] == "Vi ringer til dem hver dag."
    assert row["target_group"] == "Målgruppen er ældre med demens."
    assert row["purpose"] == "Formålet er ro."
    assert row["learning"] == "Vi lærte at tale langsomt."
    assert row["proposed"] == ("target_group", "purpose", "action", "learning")


def test_what_is_marked_stands_instead_and_is_not_proposed(survey: Survey) -> None:
    marked = {
        "B": (
            Passage("purpose", TOLD.index("ro."), TOLD.index("ro.") + 2),
            Passage("learning", 0, 16, "elaboration"),
        )
    }
    (row,) = appendix(survey, {}, [], ["B"], marked).to_dict("records")
    assert (row["purpose"], row["learning"]) == ("ro", "De har lært mere")
    assert row["proposed"] == ("target_group", "action")


def test_an_answer_that_tells_nothing_is_what_was_done(survey: Survey) -> None:
    (row,) = appendix(survey, {}, [], ["A"], {}).to_dict("records")
    assert row["action"] == "Det gik."
    assert (row["target_group"], row["purpose"], row["learning"]) == ("", "", "")
    assert row["proposed"] == ("action",)


def test_without_cases_there_are_no_rows(survey: Survey) -> None:
    table = appendix(survey, THEMES, [], [], {})
    assert table.empty
    assert tuple(table.columns) == COLUMNS


def test_passages_that_overlap_tell_their_words_once() -> None:
    fields = {"text": "En to tre\n fire", "elaboration": "Fem"}
    passages = [
        Passage("action", 0, 5), Passage("action", 3, 9), Passage("action", 11, 15),
        Passage("action", 0, 3, "elaboration"),
    ]  # fmt: skip
    assert words_of(passages, fields) == "En to tre fire Fem"


def test_a_proposal_is_a_passage_of_the_answer() -> None:
    answers = pd.DataFrame({"text": [TOLD], "elaboration": [None]}, index=["R1"])
    (found,) = proposed_passages(answers, "da").values()
    assert [each.part for each in found] == ["target_group", "purpose", "action", "learning"]
    assert TOLD[found[0].start : found[0].end] == "Målgruppen er ældre med demens."
