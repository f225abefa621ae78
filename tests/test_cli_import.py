"""``coder import``: what it says, what it stores, and what keeps it from storing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from coder.i18n import LANGUAGES, Language, load_texts
from coder.study import Study
from coder.survey.questionnaire import parse_questionnaire
from tests.test_cli import Ran, on_disk, run, sentence

__all__ = ["run"]  # a fixture

SURVEY = """id;koen;alder;fortael
1;Kvinde;30;Vi holdt samtaler på skærm i jobcentret, og det virkede godt
2;Mand;31;Vi gik ture med de ældre i haven og sang for dem hver dag
3;Kvinde;45;Vi flyttede undervisningen ud i skoven hele foråret
4;Mand;50;Vi delte medarbejderne i faste hold, som ikke mødtes
"""
QUESTIONNAIRE = """title: Lille
questions:
  - {name: id, kind: id}
  - {name: koen, kind: single, options: [{code: 1, label: Kvinde}, {code: 2, label: Mand}]}
  - {name: alder, kind: number}
  - {name: fortael, kind: open}
"""
DA = load_texts("da")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the commands are run, with a survey in it."""
    (tmp_path / "survey.csv").write_text(SURVEY, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def stored(folder: Path, run: Any) -> Study:
    """The survey as a study; its questionnaire was given."""
    (folder / "q.yaml").write_text(QUESTIONNAIRE, "utf-8")
    assert run("import", "s.db", "survey.csv", "--questionnaire", "q.yaml").code == 0
    return Study.open(folder / "s.db")


def write(name: str, text: str) -> None:
    Path(name).write_text(text, "utf-8")


def lines(ran: Ran) -> list[str]:
    return [line.strip() for line in ran.err.splitlines()]


# --- guessing ----------------------------------------------------------------------------------


@pytest.mark.usefixtures("folder")
def test_without_a_questionnaire_one_is_guessed_and_stored(run: Any) -> None:
    ran = run("import", "s.db", "survey.csv")
    assert (ran.code, ran.out) == (0, "")
    assert DA("importing.size", rows="4", columns=4) in lines(ran)
    counted = {"respondents": 4, "answered": 4, "answers": 4}
    assert lines(ran)[-1] == DA("cli.import.done", path=Path("s.db"), **counted)
    guessed = Study.open(Path("s.db")).questionnaire
    assert [each.kind for each in guessed.questions] == ["id", "background", "number", "open"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_dry_run_stores_nothing_and_says_everything(
    run: Any, folder: Path, checkout: Path, lang: Language
) -> None:
    demo = (checkout / "data" / "demo.csv").read_bytes()
    (folder / "demo.csv").write_bytes(demo)
    before = on_disk(folder)
    ran = run("--lang", lang, "import", "s.db", "demo.csv", "--dry-run")
    assert (ran.code, ran.out) == (0, "")
    assert on_disk(folder) == before
    record = run("--lang", lang, "import", "s.db", "demo.csv", "--dry-run", "--json").json
    assert len(record["guesses"]) > 20
    told = [*record["notices"], *(each["why"] for each in record["guesses"])]
    told += [each["text"] for each in record["findings"]]
    assert lines(ran)[-len(told) :] == [" ".join(each.split()) for each in told]


@pytest.mark.usefixtures("folder")
def test_an_import_says_only_the_first_guesses(run: Any) -> None:
    headings = ";".join(f"{'abcdefgh'[no]}{no}" for no in range(8))
    write("wide.csv", f"{headings}\n" + "1;2;3;4;5;6;7;8\n" * 3)
    ran = run("import", "s.db", "wide.csv")
    assert DA("cli.import.more", count=4) in lines(ran)


# --- JSON --------------------------------------------------------------------------------------

KEYS = {"source", "questionnaire", "notices", "guesses", "reversed", "findings", "imported"}
COUNTS = {"respondents", "answered", "cases", "answers", "entries", "codes", "codings"}


@pytest.mark.usefixtures("folder")
def test_json_has_what_was_understood_and_the_counts(run: Any) -> None:
    ran = run("import", "s.db", "survey.csv", "--json")
    found = ran.json
    assert ran.code == 0
    assert set(found) == KEYS | COUNTS
    assert found["imported"] is True
    assert (found["respondents"], found["answers"], found["codings"]) == (4, 4, 0)
    source = found["source"]
    assert (source["file"], source["rows"], source["columns"]) == ("survey.csv", 4, 4)
    assert (source["format"], source["delimiter"]) == ("csv", ";")
    questionnaire = parse_questionnaire(found["questionnaire"])
    assert questionnaire == Study.open(Path("s.db")).questionnaire
    guesses = {each["question"] for each in found["guesses"]}
    assert guesses == {each.name for each in questionnaire.questions}
    assert all(each["why"] for each in found["guesses"])
    assert (found["findings"], found["reversed"], found["notices"]) == ([], [], [])


def test_json_of_a_dry_run_has_no_counts(run: Any, folder: Path) -> None:
    before = on_disk(folder)
    found = run("import", "s.db", "survey.csv", "--json", "--dry-run").json
    assert set(found) == KEYS
    assert found["imported"] is False
    assert on_disk(folder) == before


@pytest.mark.parametrize("more", [[], ["--dry-run"]])
def test_json_has_the_rows_of_what_stops(run: Any, folder: Path, more: list[str]) -> None:
    write("q.yaml", QUESTIONNAIRE.replace("label: Mand", "label: Dreng"))
    before = on_disk(folder)
    ran = run("import", "s.db", "survey.csv", "--questionnaire", "q.yaml", "--json", *more)
    assert ran.code == 1
    assert sentence("check_table.bad_value").fullmatch(ran.err.splitlines()[-1])
    assert set(ran.json) == KEYS
    stops = [each["rows"] for each in ran.json["findings"] if each["stops"]]
    assert (stops, ran.json["imported"]) == ([[3, 5]], False)
    assert on_disk(folder) == before


@pytest.mark.usefixtures("folder")
def test_json_has_what_is_odd(run: Any) -> None:
    write("q.yaml", QUESTIONNAIRE.replace("  - {name: alder, kind: number}\n", ""))
    found = run("import", "s.db", "survey.csv", "--questionnaire", "q.yaml", "--json").json
    (finding,) = found["findings"]
    assert (finding["rows"], finding["stops"]) == ([], False)
    assert finding["text"] == DA("check_table.unnamed_columns", columns="alder", number=1)
    assert found["guesses"] == []


# --- what stops --------------------------------------------------------------------------------


@pytest.mark.parametrize("more", [[], ["--dry-run"]])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_stops_is_told_and_nothing_is_stored(
    run: Any, folder: Path, lang: Language, more: list[str]
) -> None:
    write("q.yaml", QUESTIONNAIRE.replace("label: Mand", "label: Dreng"))
    before = on_disk(folder)
    ran = run("--lang", lang, "import", "s.db", "survey.csv", "--questionnaire", "q.yaml", *more)
    assert (ran.code, ran.out) == (1, "")
    said = ran.err.splitlines()[-1]
    assert sentence("check_table.bad_value", lang).fullmatch(said)
    assert re.search(r"\b3, 5\b", said)
    assert "Mand" in said
    assert on_disk(folder) == before


# --- more files and sheets ---------------------------------------------------------------------


@pytest.mark.usefixtures("folder")
def test_a_sheet_is_chosen_by_its_name(run: Any) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["kun", "noter"])
    book.worksheets[0].append(["her", "intet"])
    sheet = book.create_sheet("Svar")
    for line in SURVEY.splitlines():
        sheet.append(line.split(";"))
    book.save("survey.xlsx")
    found = run("import", "s.db", "survey.xlsx", "--sheet", "Svar", "--json").json
    assert (found["source"]["sheet"], found["source"]["rows"], found["answers"]) == ("Svar", 4, 4)
    ran = run("import", "t.db", "survey.xlsx", "--sheet", "Nej")
    assert ran.code == 1
    assert "Svar" in ran.err
    assert not Path("t.db").exists()


@pytest.mark.usefixtures("folder")
def test_lists_of_variables_and_values_give_the_labels(run: Any) -> None:
    write("values.csv", "".join(f"{name};1;Ofte\n{name};2;Sjældent\n" for name in "abc"))
    write("variables.csv", "a;Single;Ude?\nb;Single;Hjemme?\nc;Single;Andre steder?\n")
    write("data.csv", "nr;a;b;c\n7;1;2;1\n8;2;1;1\n9;1;1;2\n")
    ran = run(
        "import", "s.db", "data.csv", "--variables", "variables.csv", "--variables", "values.csv"
    )
    assert ran.code == 0
    question = Study.open(Path("s.db")).questionnaire.question("a")
    assert question.label == "Ude?"
    assert [option.label for option in question.options] == ["Ofte", "Sjældent"]


@pytest.mark.usefixtures("folder")
def test_everyone_invited_comes_from_a_second_file(run: Any) -> None:
    write("all.csv", "id;by\n1;Ribe\n2;Ribe\n3;Vejle\n4;Ribe\n5;Skive\n")
    found = run("import", "s.db", "survey.csv", "--background", "all.csv", "--json").json
    assert (found["respondents"], found["answered"]) == (5, 4)
    assert found["notices"] == [DA("file.notice.only_background", count=1)]


# --- later files -------------------------------------------------------------------------------

LATER = SURVEY + "5;Kvinde;;Vi sang i kor\n"
CHANGED = LATER.replace("2;Mand;31", "2;Kvinde;31")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_later_file_is_added(run: Any, stored: Study, lang: Language) -> None:
    write("later.csv", LATER)
    ran = run("--lang", lang, "import", "s.db", "later.csv", "--add")
    assert (ran.code, ran.out) == (0, "")
    added = load_texts(lang)("cli.import.added", respondents=1, values=0)
    assert ran.err.splitlines() == [added]
    assert stored.state is not None
    assert stored.survey.answers["text"].tolist()[-1] == "Vi sang i kor"


def test_what_differs_is_listed_and_nothing_is_stored(run: Any, stored: Study) -> None:
    write("later.csv", CHANGED)
    before = stored.path.read_bytes()
    ran = run("import", "s.db", "later.csv", "--add")
    change = {"respondent": "2", "column": "koen", "before": "2", "after": "1"}
    assert ran.out.splitlines() == [DA("cli.import.change", **change)]
    would = DA("cli.import.would_add", respondents=1, values=0)
    assert (ran.code, ran.err.splitlines()) == (1, [would, DA("import.changes", count=1)])
    assert stored.path.read_bytes() == before


@pytest.mark.parametrize(("changed", "value"), [("keep", "2"), ("take", "1")])
def test_she_says_which_of_two_values_counts(
    run: Any, stored: Study, changed: str, value: str
) -> None:
    write("later.csv", CHANGED)
    assert run("import", "s.db", "later.csv", "--add", "--changed", changed).code == 0
    again = Study.open(stored.path)
    assert again.survey.respondents.loc["2", "koen"] == value
    assert len(again.survey.answers) == 5


def test_what_differs_is_listed_without_personal_data(run: Any, stored: Study) -> None:
    write("later.csv", SURVEY.replace("Vi sang", "").replace("ud i skoven", "ring 20 41 00 00"))
    ran = run("import", "s.db", "later.csv", "--add")
    assert "20 41" not in ran.out + ran.err
    assert "[telefonnummer]" in ran.out


@pytest.mark.usefixtures("folder")
def test_a_wrong_value_is_told_without_the_personal_data_in_it(run: Any) -> None:
    write("odd.csv", "id;q\nR1;ring 20 41 00 00\n")
    options = "[{code: 1, label: Ja}, {code: 2, label: Nej}]"
    form = f"questions: [{{name: id, kind: id}}, {{name: q, kind: single, options: {options}}}]"
    write("odd.yaml", form)
    ran = run("import", "odd.db", "odd.csv", "--questionnaire", "odd.yaml")
    assert ran.code == 1
    assert "ring […]" in ran.err
    assert "20 41" not in ran.out + ran.err


def test_a_later_file_of_another_survey_is_refused(run: Any, stored: Study) -> None:
    write("later.csv", "x;y\n1;2\n")
    before = stored.path.read_bytes()
    ran = run("import", "s.db", "later.csv", "--add")
    assert ran.code == 1
    assert sentence("survey.no_column").fullmatch(ran.err.strip())
    assert stored.path.read_bytes() == before


@pytest.mark.usefixtures("folder")
def test_nothing_can_be_added_to_what_is_not_there(run: Any) -> None:
    ran = run("import", "s.db", "survey.csv", "--add")
    assert (ran.code, ran.err.strip()) == (1, DA("study.missing", path=Path("s.db")))


def test_a_dry_run_adds_nothing(run: Any, stored: Study) -> None:
    write("later.csv", LATER)
    before = stored.path.read_bytes()
    assert run("import", "s.db", "later.csv", "--add", "--dry-run").code == 0
    assert stored.path.read_bytes() == before


@pytest.mark.parametrize(
    ("text", "more", "code", "imported"),
    [
        (LATER, [], 0, True),
        (LATER, ["--dry-run"], 0, False),
        (CHANGED, [], 1, False),
        (CHANGED, ["--changed", "take"], 0, True),
    ],
)
def test_json_of_a_later_file_tells_what_it_adds_and_changes(
    run: Any, stored: Study, text: str, more: list[str], code: int, imported: bool
) -> None:
    write("later.csv", text)
    ran = run("import", "s.db", "later.csv", "--add", "--json", *more)
    change = {"respondent": "2", "column": "koen", "before": "2", "after": "1"}
    assert ran.code == code
    assert ran.json == {
        "added": ["5"],
        "filled": 0,
        "changes": [change] if text == CHANGED else [],
        "imported": imported,
    }
    assert len(Study.open(stored.path).survey.answers) == (5 if imported else 4)
