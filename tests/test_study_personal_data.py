"""Personal data in answers: who sees it, and what becomes of a study when answers come later."""

from __future__ import annotations

import io
import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from coder.cli import main
from coder.errors import UserError
from coder.i18n import LANGUAGES, load_texts
from coder.model import (
    ApplyCode,
    CreateCode,
    FindInSentence,
    RemoveCode,
    SetStatus,
    TreatFinds,
    Treatment,
)
from coder.study import Study
from coder.survey.merge import Change
from coder.survey.questionnaire import parse_questionnaire
from tests.fixtures import refused

QUESTIONNAIRE = parse_questionnaire(
    """
title: Privat
language: da
questions:
  - {name: id, kind: id}
  - {name: ofte, kind: single, options: [{code: 1, label: Ja}, {code: 2, label: Nej}]}
  - {name: ja, kind: consent, options: [{code: 1, label: Ja}, {code: 2, label: Nej}], permits: [1]}
  - {name: tekst, kind: open, elaboration: mere}
"""
)
ROWS = [
    ("R1", "1", "1", "Ring til Anna Holm på 20 41 00 00 om gåture i skoven.", None),
    ("R2", "2", "2", "Skriv til anna.holm@example.dk om gåture i skoven.", "Eller 20 41 00 01."),
    ("R3", "1", "1", "Vi gik gåture, cpr 010190-1234, fra Bredgade 12, 2. tv.", None),
    ("R4", "1", "1", "Se www.eksempel-kommune.dk/gaa; bilen er AB 12 345.", None),
    ("R5", "2", "1", "ved ikke", None),
    ("R6", "2", "1", "Samtaler på video hver uge. Det siger Anna Holm.", None),
    ("R7", "2", "1", "Samtaler på video hver dag. Det siger Anna Holm også.", None),
    ("R8", None, None, None, None),
]
# What nobody may see who didn't ask, in whatever spelling it would come through.
PERSONAL = (
    "Anna", "Holm", "20 41", "20410000", "@example", "010190", "Bredgade", "eksempel-kommune",
    "AB 12", "AB12345",
)  # fmt: skip
COLUMNS = ["id", "ofte", "ja", "tekst", "mere"]
PHONE = "20 41 00 00"
MASKED = "Ring til [person] på [telefonnummer] om gåture i skoven."

Row = tuple[str | None, ...]


def save(folder: Path, rows: list[Row], name: str = "survey.csv") -> Path:
    path = folder / name
    pd.DataFrame(rows, columns=COLUMNS).to_csv(path, sep=";", index=False)
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("private")
    Study.create(folder / "s.db", save(folder, ROWS), QUESTIONNAIRE)
    return folder


@pytest.fixture
def study(made: Path, tmp_path: Path) -> Study:
    """A study with finds in six of its answers, with the file of its pseudonyms."""
    for file in made.iterdir():
        shutil.copy(file, tmp_path)
    return Study.open(tmp_path / "s.db")


@pytest.fixture
def anna(study: Study) -> str:
    return study.coder("Koder")


def answers_text(survey: Any) -> str:
    return "\n".join(survey.answers[["text", "elaboration"]].fillna("").to_numpy().ravel())


def leaks(text: str) -> list[str]:
    return [words for words in PERSONAL if words.casefold() in text.casefold()]


def find(study: Study, words: str) -> FindInSentence:
    return next(each for each in study.finds() if each.words == words)


def pseudonyms_file(study: Study) -> Path:
    return study.path.with_name("s.pseudonyms.json")


def treat_all(study: Study, coder: str, treatment: Treatment) -> None:
    study.decide(coder, TreatFinds(tuple(each.id for each in study.finds()), treatment))


def unzipped(path: Path) -> str:
    """Everything in an Excel file, as one text."""
    with zipfile.ZipFile(path) as book:
        return "\n".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())


# --- nothing of it is shown --------------------------------------------------------------------


def test_everything_personal_is_found(study: Study) -> None:
    found = {each.words for each in study.finds()}
    assert found == {
        "Anna Holm", "20 41 00 00", "anna.holm@example.dk", "20 41 00 01", "010190-1234",
        "Bredgade 12, 2. tv.", "www.eksempel-kommune.dk/gaa", "AB 12 345",
    }  # fmt: skip


def test_the_survey_shows_nothing_of_it_and_the_original_all(study: Study) -> None:
    assert leaks(answers_text(study.survey)) == []
    written = [value for row in ROWS for value in row[3:] if value]
    assert sorted(answers_text(study.original).split("\n")) == sorted([*written, *[""] * 6])
    assert study.survey.answers.loc["R1", "text"] == (
        "Ring til [person 1] på [telefonnummer 1] om gåture i skoven."
    )


def test_one_thing_has_one_pseudonym_everywhere(study: Study) -> None:
    texts = study.survey.answers["text"]
    assert all("[person 1]" in texts[answer] for answer in ("R1", "R6", "R7"))


@pytest.mark.parametrize("unpublished", [False, True])
def test_no_export_has_any_of_it(study: Study, anna: str, unpublished: bool) -> None:
    out = study.path.with_name("out.xlsx")
    treat_all(study, anna, "replace")
    study.decide(anna, CreateCode("c", "Gåture"))
    study.decide(anna, ApplyCode("c", ("R1", "R2")))
    assert study.export(out, unpublished=unpublished).rows == (7 if unpublished else 6)
    content = unzipped(out)
    assert leaks(content) == []
    assert "[person 1]" in content
    assert ("[e-mail 1]" in content) == unpublished


def test_what_is_kept_is_exported(study: Study, anna: str) -> None:
    """Otherwise the test above would see nothing in any export."""
    study.decide(anna, TreatFinds((find(study, PHONE).id,), "keep"))
    out = study.path.with_name("out.xlsx")
    study.export(out)
    assert leaks(unzipped(out)) == ["20 41"]


@pytest.mark.parametrize("treatment", ["keep", "replace", "drop"])
def test_the_log_has_places_and_no_words(study: Study, anna: str, treatment: Treatment) -> None:
    treat_all(study, anna, treatment)
    study.undo(anna)
    with closing(sqlite3.connect(study.path)) as connection:
        rows = connection.execute("select coder, decision, why from log").fetchall()
    assert len(rows) == 3
    assert leaks(json.dumps(rows, ensure_ascii=False)) == []


@pytest.mark.parametrize("command", ["log", "tables", "score", "check"])
def test_no_command_prints_any_of_it(
    study: Study, anna: str, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    treat_all(study, anna, "keep")
    study.decide(anna, CreateCode("c", "Gåture"))
    study.decide(anna, ApplyCode("c", ("R1",)))
    for more in [[]] if command == "log" else [[], ["--json"]]:
        main([command, str(study.path), *more])
        printed = capsys.readouterr()
        assert leaks(printed.out + printed.err) == []
        assert printed.out + printed.err


REFUSALS: list[Callable[[Study, str], object]] = [
    lambda study, coder: study.decide(coder, ApplyCode("c", ("R1", "R99"))),
    lambda study, coder: study.decide(coder, ApplyCode("no", ("R1",))),
    lambda study, coder: study.decide(coder, RemoveCode("c", ("R1",))),
    lambda study, coder: study.decide(coder, SetStatus(("R99",), "noise")),
    lambda study, coder: study.decide("nobody", TreatFinds(("R1:text:0-1",), "keep")),
    lambda study, _: study.propose(count=99, encoder="fake"),
    lambda study, _: study.export(study.path.with_name("out.csv")),
    lambda study, _: study.add(save(study.path.parent, [ROWS[0], ROWS[0]], "twice.csv")),
    lambda study, _: study.add(save(study.path.parent, [(None, *ROWS[0][1:])], "noid.csv")),
    lambda study, _: study.add(
        save(study.path.parent, [("R1", "9", *ROWS[0][2:])], "wrong.csv"), "take"
    ),
    lambda study, _: Study.create(study.path, study.path, QUESTIONNAIRE),
]


@pytest.mark.parametrize("refusal", REFUSALS)
def test_no_refusal_tells_any_of_it(
    study: Study, anna: str, refusal: Callable[[Study, str], object]
) -> None:
    study.decide(anna, CreateCode("c", "Gåture"))
    with pytest.raises(UserError) as caught:
        refusal(study, anna)
    for language in LANGUAGES:
        assert leaks(load_texts(language).error(caught.value)) == []
    assert leaks(str(caught.value)) == []


def test_no_proposal_is_called_after_a_person(study: Study, anna: str) -> None:
    def terms() -> str:
        return " ".join(term for each in study.propose(3, "fake") for term in each.terms)

    assert leaks(terms()) == []
    # Kept, the name is what two answers have in common: the test would see it.
    treat_all(study, anna, "keep")
    assert leaks(terms()) != []


# --- what is decided ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("treatment", "text"),
    [
        ("keep", "Ring til [person 1] på 20 41 00 00 om gåture i skoven."),
        ("replace", "Ring til [person 1] på [telefonnummer 1] om gåture i skoven."),
        ("drop", "Ring til [person 1] på  om gåture i skoven."),
    ],
)
def test_a_decision_shows_at_once_survives_and_can_be_undone(
    study: Study, anna: str, treatment: Treatment, text: str
) -> None:
    before = study.survey.answers["text"].tolist()
    place = find(study, PHONE).id
    assert place.startswith("R1:text:22-33")
    study.decide(anna, TreatFinds((place,), treatment))
    for each in (study, Study.open(study.path)):
        assert each.state.treatments == {place: treatment}
        assert each.survey.answers.loc["R1", "text"] == text
        assert each.survey.answers["text"].tolist()[1:] == before[1:]
        assert find(each, PHONE).treatment == treatment
    study.undo(anna)
    for each in (study, Study.open(study.path)):
        assert each.state.treatments == {}
        assert each.survey.answers["text"].tolist() == before
    study.redo(anna)
    assert study.survey.answers.loc["R1", "text"] == text


def test_the_last_decision_counts(study: Study, anna: str) -> None:
    place = (find(study, PHONE).id,)
    for treatment in ("keep", "drop", "replace"):
        study.decide(anna, TreatFinds(place, treatment))
    assert leaks(answers_text(study.survey)) == []
    study.undo(anna)
    assert "[telefonnummer 1]" not in study.survey.answers.loc["R1", "text"]


def test_what_another_decides_meanwhile_shows_with_the_next_state(study: Study) -> None:
    other = Study.open(study.path)
    other.decide(other.coder("Bo"), TreatFinds((find(other, PHONE).id,), "keep"))
    assert PHONE not in answers_text(study.survey)
    assert study.state.no == 2
    assert PHONE in answers_text(study.survey)


# --- pseudonyms --------------------------------------------------------------------------------


def test_the_pseudonyms_stand_in_a_file_that_only_its_owner_may_read(study: Study) -> None:
    file = pseudonyms_file(study)
    names = {words: name for _, words, name in json.loads(file.read_text("utf-8"))}
    assert names["Anna Holm"] == "[person 1]"
    assert set(names) == {each.words for each in study.finds()}
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_decisions_and_openings_leave_the_pseudonyms_alone(study: Study, anna: str) -> None:
    file = pseudonyms_file(study)
    before = file.read_bytes(), file.stat().st_mtime_ns, file.stat().st_ino
    treat_all(study, anna, "drop")
    study.propose(2, "fake")
    Study.open(study.path).check()
    assert (file.read_bytes(), file.stat().st_mtime_ns, file.stat().st_ino) == before


def test_without_finds_there_is_no_such_file(small_path: Path) -> None:
    assert Study.open(small_path).finds() == []
    assert list(small_path.parent.glob("*.json")) == []


def test_without_its_file_the_same_pseudonyms_are_made_again(study: Study) -> None:
    before = answers_text(study.survey)
    pseudonyms_file(study).unlink()
    assert answers_text(Study.open(study.path).survey) == before


def test_pseudonyms_stay_when_answers_are_added_before_the_others(study: Study) -> None:
    new = ("R0", "1", "1", "Ring til Bo Lund på 31 22 44 55. Anna Holm er syg.", None)
    study.add(save(study.path.parent, [new, *ROWS], "later.csv"))
    texts = study.survey.answers["text"]
    assert texts["R0"] == "Ring til [person 2] på [telefonnummer 3]. [person 1] er syg."
    assert texts["R1"] == "Ring til [person 1] på [telefonnummer 1] om gåture i skoven."
    assert answers_text(Study.open(study.path).survey) == answers_text(study.survey)
    names = {words: name for _, words, name in json.loads(pseudonyms_file(study).read_text())}
    assert names["Bo Lund"] == "[person 2]"
    if os.name == "posix":
        assert stat.S_IMODE(pseudonyms_file(study).stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["{", "5", '[["name"]]'])
def test_pseudonyms_that_cannot_be_read_are_refused_by_name(study: Study, content: str) -> None:
    file = pseudonyms_file(study)
    file.write_text(content, "utf-8")
    with refused("study.bad_pseudonyms", path=study.path):
        Study.open(study.path)


def test_pseudonyms_that_an_earlier_study_of_the_name_left_behind_are_not_taken_over(
    tmp_path: Path,
) -> None:
    left_behind = tmp_path / "s.pseudonyms.json"
    left_behind.write_text('[["name", "Another Person", "[person 7]"]]', "utf-8")
    Study.create(tmp_path / "s.db", save(tmp_path, ROWS), QUESTIONNAIRE)
    assert "Another Person" not in left_behind.read_text("utf-8")


PIPELINE = """
import spacy

def load(**settings):
    pipeline = spacy.blank("da")
    ruler = pipeline.add_pipe("entity_ruler", name="ner")
    ruler.add_patterns([{"label": "PER", "pattern": "Zorblax"}])
    return pipeline
"""


def test_an_installed_pipeline_finds_names_that_no_list_has(
    tmp_path: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = tmp_path / "site" / "da_test_ner-1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: da_test_ner\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[spacy_models]\nda_test_ner = da_test_ner\n")
    (tmp_path / "site" / "da_test_ner.py").write_text(PIPELINE)
    (tmp_path / "new.csv").write_text("id;hvad\nR1;Vi talte med Zorblax om det\n", "utf-8")
    command = ["-m", "coder", "import", "s.db", "new.csv", "--open", "hvad", "--id", "id"]
    # A process of its own: spaCy looks for pipelines once, when it is loaded.
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path / 'site'}{os.pathsep}{checkout}")
    subprocess.run([sys.executable, *command], cwd=tmp_path, check=True, capture_output=True)
    study = Study.open(tmp_path / "s.db")
    assert study.survey.answers["text"].tolist() == ["Vi talte med [person 1] om det"]


# --- what is no answer -------------------------------------------------------------------------


def test_what_looks_like_no_answer_is_proposed_until_somebody_decides(
    study: Study, anna: str
) -> None:
    assert study.proposed_statuses() == {"R5": "dont_know"}
    study.decide(anna, SetStatus(("R5",), "dont_know"))
    assert study.proposed_statuses() == {}
    assert study.state.set_aside() == {"R5"}
    study.undo(anna)
    assert study.proposed_statuses() == {"R5": "dont_know"}
    assert study.state.set_aside() == set()


def test_what_was_dismissed_is_not_proposed_again(study: Study, anna: str) -> None:
    study.decide(anna, SetStatus(("R5",), None))
    for each in (study, Study.open(study.path)):
        assert each.proposed_statuses() == {}
        assert each.state.set_aside() == set()
        assert each.state.statuses == {"R5": None}
    study.add(save(study.path.parent, [*ROWS, ("R9", "1", "1", "ved ikke", None)], "later.csv"))
    assert study.proposed_statuses() == {"R9": "dont_know"}


def test_what_is_set_aside_is_not_coded(study: Study, anna: str) -> None:
    before = study.joint().empty
    study.decide(anna, CreateCode("c", "Gåture"))
    study.decide(anna, ApplyCode("c", ("R1",)))
    study.decide(anna, SetStatus(("R5",), "dont_know"))
    assert before
    assert study.state.coded_answers() == {"R1"}
    assert study.codebook()["answers"].tolist() == [1]
    assert study.joint()["answers"].tolist() == [1]
    assert study.check().counts["codings"] == 1


def test_a_coded_answer_that_is_set_aside_counts_no_more(study: Study, anna: str) -> None:
    study.decide(anna, CreateCode("c", "Gåture"))
    study.decide(anna, ApplyCode("c", ("R1", "R3")))
    study.decide(anna, SetStatus(("R3",), "none"))
    assert study.joint()["answers"].tolist() == [1]
    assert study.codebook()["answers"].tolist() == [1]
    made = study.propose(2, "fake")
    # R3 is set aside, and R1 has its code.
    assert {answer for each in made for answer in each.answers} == {"R2", "R4", "R5", "R6", "R7"}
    study.undo(anna)
    assert study.joint()["answers"].tolist() == [2]


# --- later answers -----------------------------------------------------------------------------

LATER: list[Row] = [
    *ROWS[:7],
    ("R8", "2", "1", "Sent svar om sang i haven.", None),
    ("R9", "1", "1", "Nyt svar om bål på stranden.", None),
]


def changed(text: str) -> list[Row]:
    """The later file in which somebody has also given R1's first answer another value."""
    return [("R1", "2", "1", text, None), *LATER[1:]]


@pytest.fixture
def coded(study: Study, anna: str) -> Study:
    study.decide(anna, CreateCode("c", "Gåture"))
    study.decide(anna, ApplyCode("c", ("R1", "R2")))
    return study


@pytest.fixture
def folder(study: Study) -> Iterator[Path]:
    return study.path.parent


def test_a_later_file_adds_respondents_and_fills_what_was_empty(coded: Study, folder: Path) -> None:
    merge = coded.add(save(folder, LATER, "later.csv"))
    assert (merge.added, merge.filled, merge.changes) == (("R9",), 3, ())
    counts = coded.check().counts
    assert (counts["respondents"], counts["answered"], counts["answers"]) == (9, 9, 9)
    assert coded.survey.answers.loc["R8", "text"] == "Sent svar om sang i haven."
    assert coded.check() == Study.open(coded.path).check()


def test_the_same_file_again_changes_nothing(coded: Study, folder: Path) -> None:
    before = coded.check()
    merge = coded.add(save(folder, ROWS))
    assert (merge.added, merge.filled, merge.changes) == ((), 0, ())
    assert coded.check() == before


def test_to_ask_stores_nothing_and_tells_what_differs(coded: Study, folder: Path) -> None:
    before = coded.path.read_bytes()
    merge = coded.add(save(folder, changed("Noget andet."), "later.csv"))
    assert merge.changes == (
        Change("R1", "ofte", "1", "2"),
        Change("R1", "tekst", MASKED, "Noget andet."),
    )
    assert coded.path.read_bytes() == before
    assert "R9" not in coded.survey.answers.index


def test_to_keep_leaves_what_was_there_and_adds_the_rest(coded: Study, folder: Path) -> None:
    coded.add(save(folder, changed("Noget andet."), "later.csv"), "keep")
    assert coded.original.answers.loc["R1", "text"] == ROWS[0][3]
    assert coded.survey.respondents.loc["R1", "ofte"] == "1"
    assert "R9" in coded.survey.answers.index


def test_to_take_uses_what_is_new_and_what_was_coded_stays_coded(
    coded: Study, folder: Path
) -> None:
    coded.add(save(folder, changed("Noget andet."), "later.csv"), "take")
    for each in (coded, Study.open(coded.path)):
        assert each.survey.answers.loc["R1", "text"] == "Noget andet."
        assert each.survey.respondents.loc["R1", "ofte"] == "2"
        assert each.state.answers_of("c") == ["R1", "R2"]
        assert each.check().damages == ()


def test_an_answer_that_the_later_file_lacks_stays_with_its_code(
    coded: Study, folder: Path
) -> None:
    gone = [("R1", "1", "1", None, None), *LATER[1:]]
    coded.add(save(folder, gone, "later.csv"), "take")
    assert coded.original.answers.loc["R1", "text"] == ROWS[0][3]
    assert coded.state.answers_of("c") == ["R1", "R2"]


def test_another_who_has_the_study_open_sees_the_new_answers_at_the_next_state(
    coded: Study, folder: Path
) -> None:
    other = Study.open(coded.path)
    coded.add(save(folder, LATER, "later.csv"))
    assert "R9" in other.state.answers
    assert other.survey.answers.loc["R9", "text"] == "Nyt svar om bål på stranden."
    other.decide(other.coder("Bo"), ApplyCode("c", ("R9",)))
    assert coded.state.answers_of("c") == ["R1", "R2", "R9"]


def test_what_was_decided_of_finds_stays_when_answers_are_added(
    coded: Study, anna: str, folder: Path
) -> None:
    coded.decide(anna, TreatFinds((find(coded, PHONE).id,), "keep"))
    coded.add(save(folder, LATER, "later.csv"))
    assert leaks(answers_text(coded.survey)) == ["20 41"]


def test_personal_data_in_later_answers_is_replaced(coded: Study, folder: Path) -> None:
    coded.add(save(folder, changed("Ring til Bo Lund på 31 22 44 55."), "later.csv"), "take")
    shown = coded.survey.answers.loc["R1", "text"]
    assert shown == "Ring til [person 2] på [telefonnummer 3]."


def test_what_was_kept_says_nothing_of_other_words_in_its_place(
    coded: Study, anna: str, folder: Path
) -> None:
    coded.decide(anna, TreatFinds((find(coded, PHONE).id,), "keep"))
    text = str(ROWS[0][3]).replace(PHONE, "31 22 44 55")
    coded.add(save(folder, changed(text), "later.csv"), "take")
    assert "31 22 44 55" not in answers_text(coded.survey)


BAD_FILES: list[tuple[str, bytes, str]] = [
    ("later.xlsx", b"no workbook", "file.unreadable"),
    ("later.docx", b"no survey", "file.unknown_kind"),
    ("later.csv", b"id;ofte\n", "file.no_rows"),
    ("later.csv", b"id;ofte;ja;mere\nR1;1;1;\n", "survey.no_column"),
    ("later.csv", b"id;ofte;ja;tekst;mere\nR1;7;1;;\n", "survey.bad_value"),
    ("later.csv", b"id;ofte;ja;tekst;mere\nR1;1;1;;\nR1;1;1;;\n", "survey.same_id"),
]


@pytest.mark.parametrize(("name", "content", "key"), BAD_FILES)
def test_a_file_that_cannot_be_used_changes_nothing(
    coded: Study, folder: Path, name: str, content: bytes, key: str
) -> None:
    (folder / name).write_bytes(content)
    before = {path: path.read_bytes() for path in folder.iterdir()}
    with refused(key):
        coded.add(folder / name, "take")
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    assert coded.state.answers_of("c") == ["R1", "R2"]


def test_without_ids_nothing_can_be_added(tmp_path: Path) -> None:
    file = tmp_path / "survey.csv"
    file.write_text("tekst\ngåtur\n", "utf-8")
    questionnaire = parse_questionnaire("questions: [{name: tekst, kind: open}]")
    study = Study.create(tmp_path / "s.db", file, questionnaire)
    with refused("import.no_id_to_add"):
        study.add(file)


def test_what_differs_is_told_without_personal_data(coded: Study, folder: Path) -> None:
    later = changed("Ring til Bo Lund på 31 22 44 55.")
    _, text = coded.add(save(folder, later, "later.csv")).changes
    assert (text.before, text.after) == (MASKED, "Ring til [person] på [telefonnummer].")


def test_decisions_hold_from_the_moment_a_study_is_opened(study: Study, anna: str) -> None:
    treat_all(study, anna, "drop")
    assert "[" not in answers_text(Study.open(study.path).survey)


def test_what_is_stored_of_finds_are_places_only(study: Study) -> None:
    with closing(sqlite3.connect(study.path)) as connection:
        kinds = dict(connection.execute("select kind, content from part").fetchall())
    assert leaks(kinds["finds"].decode()) == []
    assert pd.read_parquet(io.BytesIO(kinds["survey"]))["tekst"][0] == ROWS[0][3]
