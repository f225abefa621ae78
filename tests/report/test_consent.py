"""Nothing leaves the study that its author has not permitted."""

from __future__ import annotations

import html
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from coder.i18n import load_texts
from coder.report.consent import permitted
from coder.study import Study
from coder.survey.questionnaire import parse_questionnaire
from tests.fixtures import refused, survey_of

OPTIONS = "options: [{code: 1, label: Ja}, {code: 2, label: Med navn}, {code: 3, label: Nej}]"
# A phone number and a name, each in an answer that must not be published.
PRIVATE = ["20 41 00 00", "Asbjørn Vinterkær Holgersen"]


@pytest.fixture(scope="module")
def exported(demo: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("export") / "published.xlsx"
    counts = demo.export(path)
    answers = demo.survey.answers
    assert counts.rows == answers["respondent"].isin(permitted(demo.survey)).sum() > 100
    assert counts.rows + len(counts.withheld) == len(answers) == 174
    return path


def all_texts(path: Path) -> list[str]:
    book = openpyxl.load_workbook(path)
    return [str(c.value) for sheet in book for row in sheet for c in row if c.value is not None]


def test_only_the_codes_that_permit_are_a_permission() -> None:
    questionnaire = parse_questionnaire(
        f"questions: [{{name: ok, kind: consent, permits: [1, 2], {OPTIONS}}}]"
    )
    rows = [{"ok": "1"}, {"ok": "2"}, {"ok": "3"}, {"ok": None}]
    assert permitted(survey_of(rows, questionnaire)) == {"R001", "R002"}


def test_of_two_consent_questions_both_must_permit() -> None:
    questionnaire = parse_questionnaire(
        f"questions: [{{name: a, kind: consent, permits: [1], {OPTIONS}}},"
        f" {{name: b, kind: consent, permits: [1, 2], {OPTIONS}}}]"
    )
    rows = [
        {"a": "1", "b": "2"},
        {"a": "1", "b": "3"},
        {"a": "1"},
        {"b": "1"},
        {"a": "2", "b": "1"},
    ]
    assert permitted(survey_of(rows, questionnaire)) == {"R001"}


def test_without_a_consent_question_nothing_is_known_to_be_permitted() -> None:
    questionnaire = parse_questionnaire("questions: [{name: why, kind: open}]")
    with refused("export.no_consent"):
        permitted(survey_of([{"why": "a"}], questionnaire))


def test_the_demo_survey_has_the_permissions_of_its_file(demo: Study, demo_folder: Path) -> None:
    table = pd.read_csv(demo_folder / "demo.csv", sep=";", dtype=str, encoding="utf-8-sig")
    assert permitted(demo.survey) == set(table[table["samtykke"] == "1"]["id"])


def test_no_row_and_no_id_is_of_one_who_did_not_permit_it(demo: Study, exported: Path) -> None:
    table = pd.read_excel(exported, sheet_name="answers")
    allowed = permitted(demo.survey)
    assert set(table["respondent"]) <= allowed
    forbidden = set(demo.survey.respondents.index) - allowed
    forbidden |= {f"{each}.2" for each in forbidden}
    assert forbidden.isdisjoint(all_texts(exported))


def test_no_text_is_of_one_who_did_not_permit_it(demo: Study, exported: Path) -> None:
    answers = pd.concat([demo.survey.answers, demo.original.answers])
    withheld = answers[~answers["respondent"].isin(permitted(demo.survey))]
    assert len(withheld) > 40  # each as it came and as it may be shown
    content = "\n".join(all_texts(exported))
    for text in [*withheld["text"], *withheld["elaboration"].dropna()]:
        assert text not in content


def test_each_exported_municipality_stands_with_its_own_permitted_answer(
    demo: Study, exported: Path
) -> None:
    table = pd.read_excel(exported, sheet_name="answers").set_index("answer")
    people, answers = demo.survey.respondents, demo.survey.answers
    for answer, row in table.iterrows():
        assert row["respondent"] == answers["respondent"][answer]
        assert row["kommune"] == people["kommune"][row["respondent"]]
        assert row["text"] == answers["text"][answer]


@pytest.mark.parametrize("secret", PRIVATE)
def test_private_details_are_nowhere_in_the_published_file(
    demo: Study, exported: Path, secret: str
) -> None:
    assert demo.original.answers["text"].str.contains(secret).any()

    def content(path: Path) -> bytes:
        with zipfile.ZipFile(path) as archive:
            parts = b"\n".join(archive.read(name) for name in archive.namelist())
        return html.unescape(parts.decode()).encode()  # some writers of XML write æ as a number

    assert secret.encode() not in content(exported)
    assert "Online kontakt til pårørende".encode() in content(exported)  # the search can find


@pytest.mark.parametrize(("as_written", "count"), [(False, 0), (True, 2)])
def test_only_who_asks_for_it_by_name_gets_what_was_written(
    demo: Study, tmp_path: Path, as_written: bool, count: int
) -> None:
    demo.export(tmp_path / "own.xlsx", unpublished=True, as_written=as_written)
    texts = pd.read_excel(tmp_path / "own.xlsx", engine="openpyxl")["text"]
    assert texts.str.contains("|".join(PRIVATE)).sum() == count


def test_the_researchers_own_file_has_every_answer(demo: Study, tmp_path: Path) -> None:
    counts = demo.export(tmp_path / "own.xlsx", words=load_texts("da"), unpublished=True)
    assert (counts.rows, len(counts.withheld)) == (174, 0)
    book = openpyxl.load_workbook(tmp_path / "own.xlsx")
    assert book.sheetnames[:2] == ["Svar", "Kodebog"]
    assert book["Svar"].max_row == 175
    assert book["Kodebog"][1][0].value == "code"
    assert book["Kodebog"].max_row == 12


def test_an_export_that_is_refused_writes_nothing(small_path: Path, tmp_path: Path) -> None:
    with refused("export.no_consent"):
        Study.open(small_path).export(tmp_path / "out.xlsx")
    assert not list(tmp_path.glob("*out.xlsx*"))


def test_a_study_cannot_be_exported_over_itself(own_demo: Study) -> None:
    before = own_demo.path.read_bytes()
    with refused("export.wrong_ending"):
        own_demo.export(own_demo.path)
    assert own_demo.path.read_bytes() == before
