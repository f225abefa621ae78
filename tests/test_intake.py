"""A file before it is stored: read, guessed, corrected, and checked again."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pandas as pd
import pytest

from coder.i18n import LANGUAGES, load_texts
from coder.intake import Intake, as_yaml, correct, examples, set_kind, take_in
from coder.model import Kind
from coder.study import Study
from coder.survey.ingest import build_survey, code_table
from coder.survey.questionnaire import parse_questionnaire
from tests.fixtures import refused

SURVEY = """id;koen;ofte_hjemme;ofte_ude;alder;fortael
1;Kvinde;Ofte;Sjældent;30;Vi holdt samtaler på skærm i jobcentret, og det virkede godt
2;Mand;Sjældent;Ofte;31;Vi gik ture med de ældre i haven og sang for dem hver dag
3;Kvinde;Ofte;Aldrig;45;Vi flyttede undervisningen ud i skoven hele foråret
4;Mand;Aldrig;Sjældent;50;Vi delte medarbejderne i faste hold, som ikke mødtes
"""
# What a survey program exports as three files: lists of variables and values, and the answers.
STRUCTURE = (
    "ofte;Single;Hvor ofte?\ntit;Single;Hvor tit?\nmeget;Single;Hvor meget?\n"
    "hvorfor;Open;Hvorfor det hele?\n"
)
VALUES = "".join(f"{name};1;Ofte\n{name};2;Sjældent\n" for name in ("ofte", "tit", "meget"))
DATA = "nr;ofte;tit;meget;hvorfor\n5;1;2;1;fordi\n6;2;1;1;derfor\n7;1;2;2;altså\n"
OFTEN = ["Ofte", "Sjældent", "Aldrig"]


def written(folder: Path, text: str, name: str = "survey.csv") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


@pytest.fixture
def intake(tmp_path: Path) -> Intake:
    return take_in([written(tmp_path, SURVEY)])


def kinds(intake: Intake) -> dict[str, str]:
    return {question.name: question.kind for question in intake.questionnaire.questions}


def options(intake: Intake, name: str) -> list[tuple[str, str]]:
    question = intake.questionnaire.question(name)
    return [(option.code, option.label) for option in question.options]


def findings(intake: Intake) -> list[str]:
    return [finding.key for finding in intake.findings]


# --- take_in -----------------------------------------------------------------------------------


def test_without_a_questionnaire_one_is_guessed_with_reasons(intake: Intake) -> None:
    assert kinds(intake) == {
        "id": "id", "koen": "background", "ofte": "matrix", "alder": "number",
        "fortael": "open",
    }  # fmt: skip
    assert intake.questionnaire.title == "survey"
    assert {reason.question for reason in intake.reasons} == set(kinds(intake))
    assert intake.findings == ()


def test_what_was_guessed_can_be_stored(intake: Intake, tmp_path: Path) -> None:
    study = Study.create_from(tmp_path / "s.db", intake.raw.table, intake.questionnaire)
    assert study.check().counts["answers"] == 4


def test_with_a_questionnaire_nothing_is_guessed(tmp_path: Path) -> None:
    given = parse_questionnaire("questions: [{name: id, kind: id}, {name: fortael, kind: open}]")
    intake = take_in([written(tmp_path, SURVEY)], given)
    assert (intake.questionnaire, intake.reasons) == (given, ())
    assert findings(intake) == ["check_table.unnamed_columns"]
    assert intake.stops == ()


def test_what_she_names_is_not_guessed(tmp_path: Path) -> None:
    file = written(tmp_path, "løbenr;kode;ord\n5;a;ja\n6;b;ja\n7;c;nej\n")
    intake = take_in([file], title="Min", open_columns=["ord"], id_column="kode")
    assert kinds(intake)["ord"] == "open"
    assert kinds(intake)["kode"] == "id"
    assert intake.questionnaire.title == "Min"
    with refused("survey.no_column", column="ordet"):
        take_in([file], open_columns=["ordet"])


def test_the_data_is_known_among_the_lists_of_its_variables_and_values(tmp_path: Path) -> None:
    files = [
        written(tmp_path, VALUES, "a.csv"),
        written(tmp_path, STRUCTURE, "b.csv"),
        written(tmp_path, DATA, "c.csv"),
    ]
    intake = take_in(files)
    assert intake.raw.source.file == "c.csv"
    assert intake.questionnaire.question("ofte").label == "Hvor ofte?"
    assert options(intake, "ofte") == [("1", "Ofte"), ("2", "Sjældent")]
    assert intake.stops == ()


def test_a_column_of_labels_has_the_codes_of_the_list_of_values(tmp_path: Path) -> None:
    words = DATA.replace(";1;2;", ";Ofte;Sjældent;").replace(";2;1;", ";Sjældent;Ofte;")
    intake = take_in([written(tmp_path, words, "data.csv"), written(tmp_path, VALUES, "list.csv")])
    assert options(intake, "ofte") == [("1", "Ofte"), ("2", "Sjældent")]
    coded = code_table(intake.raw.table, intake.questionnaire)
    assert coded["ofte"].tolist() == ["1", "2", "1"]


def test_everyone_invited_is_joined_by_the_id(tmp_path: Path) -> None:
    data = written(tmp_path, SURVEY)
    everyone = written(tmp_path, "id;by\n4;Ribe\n2;Vejle\n9;Skive\n1;Ribe\n3;Ribe\n", "all.csv")
    intake = take_in([data], background=everyone)
    survey = build_survey(code_table(intake.raw.table, intake.questionnaire), intake.questionnaire)
    assert survey.respondents.index.tolist() == ["1", "2", "3", "4", "9"]
    assert survey.respondents["answered"].tolist() == [True] * 4 + [False]
    assert intake.raw.table["by"].tolist() == ["Ribe", "Vejle", "Ribe", "Ribe", "Skive"]
    assert [each.key for each in intake.raw.notices] == ["file.notice.only_background"]
    assert kinds(intake)["by"] == "background"


def test_the_id_by_which_files_are_joined_may_be_called_anything(tmp_path: Path) -> None:
    data = written(tmp_path, "kode;ord\nx;ja\ny;nej\n")
    everyone = written(tmp_path, "kode;by\ny;Vejle\nx;Ribe\n", "all.csv")
    named = take_in([data], id_column="kode", open_columns=["ord"], background=everyone)
    assert named.raw.table["by"].tolist() == ["Ribe", "Vejle"]
    given = parse_questionnaire(
        "columns: {nr: kode}\nquestions: [{name: nr, kind: id}, {name: ord, kind: open}]"
    )
    assert take_in([data], given, background=everyone).raw.table["by"].tolist() == [
        "Ribe",
        "Vejle",
    ]
    with refused("file.no_id_column"):
        take_in([data], id_column="ord", background=everyone)


def test_what_keeps_a_file_from_being_imported_stops(tmp_path: Path) -> None:
    given = parse_questionnaire(
        """questions:
          - {name: id, kind: id}
          - {name: koen, kind: single, options: [{code: 1, label: Kvinde}]}"""
    )
    intake = take_in([written(tmp_path, SURVEY)], given)
    assert [(each.key, each.rows) for each in intake.stops] == [("check_table.bad_value", (3, 5))]
    assert set(findings(intake)) == {"check_table.bad_value", "check_table.unnamed_columns"}


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with refused("file.missing", path=tmp_path / "no.csv"):
        take_in([tmp_path / "no.csv"])


# --- correct -----------------------------------------------------------------------------------


def test_a_corrected_questionnaire_is_checked_against_the_same_file(intake: Intake) -> None:
    wrong = as_yaml(intake.questionnaire).replace("label: Aldrig", "label: Aldrigt")
    corrected = correct(intake, wrong)
    assert [each.key for each in corrected.stops] == ["check_table.bad_value"] * 2
    again = correct(corrected, as_yaml(intake.questionnaire))
    assert (again.questionnaire, again.findings) == (intake.questionnaire, ())
    assert again.raw is intake.raw


def test_a_questionnaire_that_is_none_changes_nothing(intake: Intake) -> None:
    with refused("yaml.missing_key"):
        correct(intake, "title: x")


# --- set_kind ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind", [each for each in get_args(Kind) if each not in ("multiple", "matrix")]
)
@pytest.mark.parametrize("name", ["koen", "fortael", "alder"])
def test_a_question_of_one_column_may_be_of_any_kind_that_has_one(
    intake: Intake, name: str, kind: Kind
) -> None:
    changed = set_kind(intake, name, kind)
    assert kinds(changed) == {**kinds(intake), name: kind}
    question = changed.questionnaire.question(name)
    assert question.columns() == (name,)
    assert question.label == intake.questionnaire.question(name).label
    assert bool(question.options) == (
        kind in ("single", "consent") or (kind == "background" and name == "koen")
    )
    numbers = {"number": name != "alder", "id": name == "koen"}
    assert bool(changed.stops) == numbers.get(kind, False)


@pytest.mark.parametrize("kind", ["single", "background", "consent", "open", "number", "ignore"])
def test_a_matrix_falls_into_its_columns(intake: Intake, kind: Kind) -> None:
    changed = set_kind(intake, "ofte", kind)
    assert list(kinds(changed)) == ["id", "koen", "ofte_hjemme", "ofte_ude", "alder", "fortael"]
    for name in ("ofte_hjemme", "ofte_ude"):
        assert kinds(changed)[name] == kind
        labels = [label for _, label in options(changed, name)]
        assert labels == (OFTEN if kind in ("single", "background", "consent") else [])


def test_a_multiple_question_falls_into_columns_with_the_values_of_the_file(
    tmp_path: Path,
) -> None:
    file = written(tmp_path, "id;s_1;s_2;ord\n1;1;0;ja\n2;0;1;nej\n3;1;1;ja\n")
    intake = take_in([file], open_columns=["ord"])
    assert kinds(intake)["s"] == "multiple"
    changed = set_kind(intake, "s", "single")
    assert options(changed, "s_1") == options(changed, "s_2") == [("0", "0"), ("1", "1")]
    assert changed.stops == ()


@pytest.mark.parametrize("kind", ["matrix", "multiple"])
def test_what_needs_several_columns_is_refused(intake: Intake, kind: Kind) -> None:
    with refused("import.needs_columns", kind=kind):
        set_kind(intake, "koen", kind)


def test_an_open_question_becomes_about_the_case(intake: Intake) -> None:
    changed = set_kind(intake, "koen", "open")
    assert changed.questionnaire.cases.questions == ("fortael", "koen")
    survey = build_survey(
        code_table(changed.raw.table, changed.questionnaire), changed.questionnaire
    )
    assert set(survey.answers["question"]) == {"fortael", "koen"}


def test_what_took_a_questions_place_stands_among_the_cases(intake: Intake) -> None:
    opened = set_kind(intake, "ofte", "open")
    cases = opened.questionnaire.cases.questions
    assert cases == ("fortael", "ofte_hjemme", "ofte_ude")
    assert set_kind(opened, "ofte_ude", "ignore").questionnaire.cases.questions == cases


def test_a_closed_question_has_the_values_of_all_cases(tmp_path: Path) -> None:
    given = parse_questionnaire(
        """cases: {questions: [fortael], prefixes: ["", n2_]}
questions: [{name: id, kind: id}, {name: fortael, kind: open}]"""
    )
    file = written(tmp_path, "id;fortael;n2_fortael\n1;tur;sang\n2;sang;bål\n")
    changed = set_kind(take_in([file], given), "fortael", "single")
    assert options(changed, "fortael") == [(each, each) for each in ("bål", "sang", "tur")]
    assert changed.stops == ()


def test_a_closed_question_has_the_labels_that_the_file_gives(tmp_path: Path) -> None:
    """There and back: a kind chosen by mistake loses nothing."""
    intake = take_in([written(tmp_path, DATA, "data.csv"), written(tmp_path, VALUES, "list.csv")])
    back = set_kind(set_kind(intake, "ofte", "open"), "ofte", "single")
    assert options(back, "ofte") == options(intake, "ofte")


def test_a_heading_in_words_keeps_its_column_when_the_kind_changes(tmp_path: Path) -> None:
    file = written(tmp_path, "id;Hvor bor du?\n1;Ribe\n2;Vejle\n3;Ribe\n4;Vejle\n")
    intake = take_in([file])
    (name,) = intake.questionnaire.columns
    changed = set_kind(intake, name, "open")
    assert dict(changed.questionnaire.columns) == {name: "Hvor bor du?"}
    closed = set_kind(changed, name, "single")
    assert options(closed, name) == [("Ribe", "Ribe"), ("Vejle", "Vejle")]
    assert closed.stops == ()


def test_a_filter_that_would_lose_its_options_keeps_the_kind(tmp_path: Path) -> None:
    given = parse_questionnaire(
        """questions:
          - {name: koen, kind: single, options: [{code: 1, label: Kvinde}, {code: 2, label: Mand}]}
          - {name: fortael, kind: open, asked_if: [{item: koen, any_of: [1]}]}"""
    )
    intake = take_in([written(tmp_path, SURVEY)], given)
    with refused("questionnaire.no_code", code="1"):
        set_kind(intake, "koen", "open")


# --- what is shown -----------------------------------------------------------------------------


def test_the_yaml_is_read_back_as_the_same_questionnaire(intake: Intake) -> None:
    assert parse_questionnaire(as_yaml(intake.questionnaire)) == intake.questionnaire


def test_examples_are_few_short_and_of_one_line() -> None:
    cells = ["a\nb", None, "a\nb", "c" * 30, "d", "e"]
    table = pd.DataFrame({"x": cells}, dtype="str")
    assert examples(table, "x") == (5, f"a b · {'c' * 23}… · d")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_and_finding_can_be_put_in_words(intake: Intake, language: str) -> None:
    texts = load_texts(language)  # type: ignore[arg-type]
    odd = correct(intake, as_yaml(intake.questionnaire).replace("label: Aldrig", "label: Nej"))
    for each in (*intake.reasons, *odd.findings):
        assert "{" not in texts(each.key, **each.params)
