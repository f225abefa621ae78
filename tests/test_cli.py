"""The command line: what each command prints in both languages, and how it refuses."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from coder.cli import main
from coder.i18n import LANGUAGES, Language, load_texts
from coder.model import CreateCode
from coder.study import Study

COMMANDS = (
    "demo", "import", "propose", "app", "score", "tables", "export", "check", "copy", "join", "log",
    "suggestions", "doubts", "simulate",
)  # fmt: skip


class Ran:
    """One command that was run: its exit code, and the lines it wrote."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*arguments: object) -> Ran:
        capsys.readouterr()
        code = main([str(each) for each in arguments])
        return Ran(code, *capsys.readouterr())

    return run


@pytest.fixture(params=LANGUAGES)
def lang(request: pytest.FixtureRequest) -> Language:
    return request.param  # type: ignore[no-any-return]


def sentence(key: str, lang: Language = "da") -> re.Pattern[str]:
    """What a line saying this looks like, whatever its parameters are."""
    parts = re.split(r"\{\w+\}", load_texts(lang).sentences[key])
    return re.compile(".+".join(map(re.escape, parts)))


def on_disk(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


# --- every command on the demo study -----------------------------------------------------------


def test_demo_writes_the_files_and_a_study_ready_to_work_in(
    run: Any, tmp_path: Path, lang: Language
) -> None:
    ran = run("--lang", lang, "demo", tmp_path / "d")
    assert (ran.code, ran.out) == (0, "")
    assert sentence("cli.demo.done", lang).search(ran.err)
    assert Study.open(tmp_path / "d" / "demo.db").check().counts["entries"] == 0


def test_demo_with_the_experts_categories(run: Any, tmp_path: Path) -> None:
    assert run("demo", tmp_path, "--coded").code == 0
    assert run("check", tmp_path / "demo.db", "--json").json["codings"] == 174


def test_import_uses_the_files_beside_the_survey(
    run: Any, demo_folder: Path, tmp_path: Path, lang: Language
) -> None:
    ran = run("--lang", lang, "import", tmp_path / "s.db", demo_folder / "demo.xlsx")
    assert (ran.code, ran.out) == (0, "")
    for name in ("questionnaire.yaml", "recipe.yaml"):
        assert load_texts(lang)("cli.import.beside", path=demo_folder / name) in ran.err
    counted = {"respondents": 556, "answered": 296, "answers": 174}
    assert load_texts(lang)("cli.import.done", path=tmp_path / "s.db", **counted) in ran.err
    assert run("score", tmp_path / "s.db", "--json").json["above_threshold"] == 60


def test_import_with_a_questionnaire_and_a_recipe_of_its_own(
    run: Any, demo_folder: Path, tmp_path: Path
) -> None:
    survey = tmp_path / "only.csv"
    survey.write_bytes((demo_folder / "demo.csv").read_bytes())
    given = (
        "--questionnaire",
        demo_folder / "questionnaire.yaml",
        "--recipe",
        demo_folder / "recipe.yaml",
    )
    assert run("import", tmp_path / "s.db", survey, *given).code == 0
    assert run("score", tmp_path / "s.db", "--json").json["above_threshold"] == 60


def test_propose_prints_a_row_for_each_proposal(run: Any, own_path: Path, lang: Language) -> None:
    ran = run("--lang", lang, "propose", own_path, "--count", 5, "--encoder", "fake")
    heading, *rows = ran.out.splitlines()
    assert ran.code == 0
    assert heading.split()[:2] == [
        load_texts(lang)("column.no"),
        load_texts(lang)("column.answers"),
    ]
    assert [row.split()[0] for row in rows] == ["1", "2", "3", "4", "5"]
    sizes = [int(row.split()[1]) for row in rows]
    assert sum(sizes) == 174
    assert sizes == sorted(sizes, reverse=True)
    assert re.search(r"0,\d\d" if lang == "da" else r"0\.\d\d", rows[0])


def test_propose_if_missing_keeps_the_proposals_that_are_there(run: Any, own_path: Path) -> None:
    first = run("propose", own_path, "--count", 5, "--encoder", "fake")
    again = run("propose", own_path, "--if-missing", "--encoder", "nobody/no-such-encoder")
    assert (again.code, again.out) == (0, first.out)


def test_score_says_its_steps(run: Any, demo_folder: Path, lang: Language) -> None:
    ran = run("--lang", lang, "score", demo_folder / "demo.db")
    texts = load_texts(lang)
    assert (ran.code, ran.err) == (0, "")
    assert ("0,80" if lang == "da" else "0.80") in ran.out.splitlines()[0]
    assert texts("cli.score.described", count=160) in ran.out.splitlines()
    assert texts("cli.score.above", count=60) in ran.out.splitlines()


def test_score_as_json(run: Any, demo_folder: Path) -> None:
    found = run("score", demo_folder / "demo.db", "--json").json
    assert (found["described"], found["above_threshold"], found["threshold"]) == (160, 60, 0.8)
    assert set(found) == {"described", "scored", "left_out", "threshold", "above_threshold"}
    assert set(found["left_out"]) == {"no_description", "no_rating", "dont_know", "few_values"}
    everyone = run("score", demo_folder / "demo.db", "--json", "--cases", "all").json
    assert everyone["described"] == 174


def test_score_by_another_recipe(
    run: Any, own_path: Path, demo_folder: Path, tmp_path: Path
) -> None:
    text = (
        (demo_folder / "recipe.yaml").read_text("utf-8").replace("threshold: 0.8", "threshold: 1")
    )
    (tmp_path / "strict.yaml").write_text(text, "utf-8")
    found = run("score", own_path, "--recipe", tmp_path / "strict.yaml", "--json").json
    assert (found["threshold"], found["above_threshold"]) == (1, 0)


def test_tables_as_json_are_the_published_counts(
    run: Any, demo_folder: Path, published: Path
) -> None:
    found = run("tables", demo_folder / "demo.db", "--json").json
    assert set(found) == {"cases", "frequencies", "numbers", "joint"}
    names = ("question", "item", "option", "count", "percent", "n")
    rows = {tuple(str(row[name]) for name in names) for row in found["frequencies"]}
    with (published / "counts.csv").open(encoding="utf-8-sig", newline="") as lines:
        columns = ("question", "item", "option_da", "count", "percent", "n")
        assert rows == {tuple(row[name] for name in columns) for row in csv.DictReader(lines)}
    assert all(type(row["count"]) is type(row["n"]) is int for row in found["frequencies"])
    largest = {row["category"]: row for row in found["joint"]}["Online kontakt til pårørende"]
    assert (largest["organisations"], largest["answers"], largest["cases"]) == (12, 26, 26)


def test_tables_print_every_item_and_category(run: Any, demo_folder: Path, lang: Language) -> None:
    ran = run("--lang", lang, "tables", demo_folder / "demo.db")
    percent = "49 %" if lang == "da" else "49%"
    assert re.search(rf"^ +{percent} +146  I høj grad$", ran.out, re.MULTILINE)
    assert re.search(r"^Online kontakt til pårørende +26 +26 +12 ", ran.out, re.MULTILINE)
    assert load_texts(lang)("column.organisations") in ran.out
    assert (ran.code, ran.err) == (0, "")


def test_tables_of_a_study_without_categories_say_so(
    run: Any, demo_folder: Path, tmp_path: Path
) -> None:
    run("import", tmp_path / "s.db", demo_folder / "demo.csv")
    ran = run("tables", tmp_path / "s.db")
    assert ran.code == 0
    assert load_texts("da")("joint.nothing_coded") in ran.err
    assert run("tables", tmp_path / "s.db", "--json").json["joint"] == []


def test_export_says_how_many_answers_are_withheld(
    run: Any, own_path: Path, tmp_path: Path, lang: Language
) -> None:
    texts, out = load_texts(lang), tmp_path / "out.xlsx"
    ran = run("--lang", lang, "export", own_path, "--format", "xlsx", "--out", out)
    book = openpyxl.load_workbook(out)
    rows = book[texts("export.sheet.answers")].max_row - 1
    assert ran.code == 0
    assert ran.err.splitlines() == [
        texts("cli.export.done", path=out, rows=rows),
        texts("cli.export.withheld_refused", count=174 - rows),
    ]
    sheets = ("answers", "codebook", "categories", "sheets", "ratings", "log", "columns")
    assert book.sheetnames == [texts(f"export.sheet.{each}") for each in sheets]


def test_export_of_everything_withholds_nothing(run: Any, own_path: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    ran = run("export", own_path, "--format", "xlsx", "--out", out, "--unpublished")
    assert ran.err.splitlines() == [load_texts("da")("cli.export.done", path=out, rows=174)]


def test_check_counts_and_says_that_all_is_well(
    run: Any, demo_folder: Path, lang: Language
) -> None:
    ran = run("--lang", lang, "check", demo_folder / "demo.db")
    texts = load_texts(lang)
    assert ran.code == 0
    assert texts("check.respondents", count=556) in ran.out.splitlines()
    assert texts("check.codings", count=174) in ran.out.splitlines()
    assert ran.err.splitlines() == [texts("check.whole")]


def test_check_as_json(run: Any, demo_folder: Path) -> None:
    found = run("check", demo_folder / "demo.db", "--json").json
    assert found["damages"] == []
    assert (found["respondents"], found["answered"], found["answers"]) == (556, 296, 174)
    assert re.fullmatch("[0-9a-f]{64}", found["responses"])


def test_log_prints_every_decision_and_what_is_undone(
    run: Any, own_demo: Study, lang: Language
) -> None:
    anna = own_demo.coder("Anna")
    own_demo.decide(anna, CreateCode("x", "Walks"))
    own_demo.undo(anna)
    ran = run("--lang", lang, "log", own_demo.path)
    texts = load_texts(lang)
    _, *rows = ran.out.splitlines()
    assert ran.code == 0
    assert len(rows) == 26
    assert rows[0].startswith("1 ")
    assert "ekspert" in rows[0]
    created = rows[24]
    assert "Anna" in created
    assert created.index(texts("decision.CreateCode")) < created.index(texts("log.undone"))
    assert sum(texts("log.undone") in row.split("  ")[-1] for row in rows[:24]) == 0


def test_an_empty_log_prints_nothing(run: Any, small_path: Path) -> None:
    ran = run("log", small_path)
    assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_every_command_has_help_in_both_languages(
    capsys: pytest.CaptureFixture[str], lang: Language
) -> None:
    for command in COMMANDS:
        with pytest.raises(SystemExit) as stopped:
            main(["--lang", lang, command, "--help"])
        assert stopped.value.code == 0
        text = " ".join(capsys.readouterr().out.split())
        assert load_texts(lang)(f"cli.{command}.help") in text


# --- any other survey --------------------------------------------------------------------------


@pytest.fixture
def opened(run: Any, tmp_path: Path) -> Path:
    """A study of a file of which only the open column is known."""
    (tmp_path / "any.csv").write_text(
        "no,age,story\n" + "".join(f"{no},{20 + no},story number {no} æøå\n" for no in range(12)),
        "utf-8",
    )
    # Belongs to another survey: with --open it must not be used.
    (tmp_path / "recipe.yaml").write_text("name: x", "utf-8")
    (tmp_path / "questionnaire.yaml").write_text("questions: [", "utf-8")
    ran = run("import", tmp_path / "any.db", tmp_path / "any.csv", "--open", "story", "--id", "no")
    assert ran.code == 0
    assert (
        load_texts("da")(
            "cli.import.done", path=tmp_path / "any.db", respondents=12, answered=12, answers=12
        )
        in ran.err
    )
    return tmp_path / "any.db"


def test_any_file_can_be_grouped_once_its_open_column_is_named(run: Any, opened: Path) -> None:
    ran = run("propose", opened, "--encoder", "fake", "--count", 3)
    assert ran.code == 0
    assert len(ran.out.splitlines()) == 4


def test_any_file_has_tables_a_check_and_a_log(run: Any, opened: Path) -> None:
    ages = {"n": 12, "mean": 25.5, "median": 25.5, "lower": 22.5, "upper": 28.5, "min": 20,
            "max": 31, "sd": pytest.approx(13**0.5)}  # fmt: skip
    assert run("tables", opened, "--json").json == {
        "cases": "first",
        "frequencies": [],
        "numbers": [{"question": "age", "item": "age", **ages}],
        "joint": [],
    }
    assert run("check", opened, "--json").json["answers"] == 12
    assert run("log", opened).code == 0


def test_any_file_has_no_score_without_a_recipe(run: Any, opened: Path, lang: Language) -> None:
    ran = run("--lang", lang, "score", opened)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.splitlines() == [load_texts(lang)("score.no_recipe")]


def test_any_file_is_exported_only_for_ones_own_use(run: Any, opened: Path, tmp_path: Path) -> None:
    out = tmp_path / "any.xlsx"
    ran = run("export", opened, "--format", "xlsx", "--out", out)
    assert (ran.code, ran.err.splitlines()) == (1, [load_texts("da")("export.no_consent")])
    assert not out.exists()
    assert run("export", opened, "--format", "xlsx", "--out", out, "--unpublished").code == 0
    heading, *rows = openpyxl.load_workbook(out).worksheets[0].values
    stories = {row[heading.index("answer")]: row[heading.index("text")] for row in rows}
    assert stories == {str(no): f"story number {no} æøå" for no in range(12)}


def test_a_column_called_text_is_exported_as_it_is(run: Any, tmp_path: Path) -> None:
    (tmp_path / "any.csv").write_text("no,text,story\n1,short,long\n", "utf-8")
    run("import", tmp_path / "any.db", tmp_path / "any.csv", "--open", "story", "--id", "no")
    out = tmp_path / "any.xlsx"
    run("export", tmp_path / "any.db", "--format", "xlsx", "--out", out, "--unpublished")
    assert "short" in list(openpyxl.load_workbook(out).worksheets[0].values)[1]


def test_an_open_column_named_twice_is_one(run: Any, tmp_path: Path) -> None:
    (tmp_path / "any.csv").write_text("no,story\n1,long\n", "utf-8")
    ran = run(
        "import", tmp_path / "s.db", tmp_path / "any.csv", "--open", "story", "--open", "story"
    )
    assert ran.code in (0, 1)


# --- refusals ----------------------------------------------------------------------------------

ENCODER = "nobody/no-such-encoder"
REFUSALS: list[tuple[str, str]] = [
    ("import new.db demo.csv --questionnaire no.yaml", "file.missing"),
    ("import new.db no.csv --open why", "file.missing"),
    ("import new.db demo.csv --questionnaire questionnaire.yaml --recipe no.yaml", "file.missing"),
    ("import new.db notes.docx --open why", "file.unknown_kind"),
    ("import new.db fake.sav --open why", "file.unreadable"),
    ("import new.db fake.xlsx --open why", "file.unreadable"),
    ("import new.db empty.csv --open why", "file.no_rows"),
    ("import new.db demo.csv --open why", "survey.no_column"),
    ("import new.db demo.csv --open q19 --id nummer", "survey.no_column"),
    ("import new.db wrong.csv --questionnaire small.yaml", "check_table.bad_value"),
    ("import new.db demo.csv --questionnaire notes.txt", "yaml.not_mapping"),
    ("import new.db demo.csv --questionnaire demo.sav", "file.unreadable"),
    ("import study.db demo.csv", "study.exists"),
    ("import no/new.db demo.csv", "file.no_folder"),
    ("demo demo", "study.exists"),
    ("demo notes.txt", "file.no_folder"),
    *(
        (f"{command} no.db", "study.missing")
        for command in ("score", "tables", "check", "log", "propose")
    ),
    *(
        (f"{command} notes.txt", "study.not_a_study")
        for command in ("score", "tables", "check", "log")
    ),
    ("export no.db --format xlsx --out out.xlsx", "study.missing"),
    ("export study.db --format xlsx --out no/out.xlsx", "file.no_folder"),
    (f"propose study.db --encoder {ENCODER}", "encoder.unknown"),
    ("propose study.db --encoder fake --count 0", "propose.bad_count"),
    ("propose study.db --encoder fake --count 999", "propose.bad_count"),
    ("score study.db --recipe no.yaml", "file.missing"),
    ("score study.db --recipe small.yaml", "yaml.unknown_key"),
]


@pytest.fixture
def folder(
    demo_folder: Path, own_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A folder with all that the refusals name, and in which they are run."""
    place = tmp_path / "work"
    (place / "demo").mkdir(parents=True)
    for name in ("demo.csv", "demo.sav", "questionnaire.yaml", "recipe.yaml"):
        (place / name).write_bytes((demo_folder / name).read_bytes())
    own_path.rename(place / "study.db")
    texts = {
        "notes.txt": "just notes", "notes.docx": "no survey", "fake.sav": "a;b",
        "fake.xlsx": "a;b", "empty.csv": "id;why\n", "wrong.csv": "id;q\n1;7\n",
        "demo/demo.db": "a study",
        "small.yaml": "questions: [{name: q, kind: single, options: [{code: 1, label: a}]}]",
    }  # fmt: skip
    for name, text in texts.items():
        (place / name).write_text(text, "utf-8")
    monkeypatch.chdir(place)
    return place


@pytest.mark.parametrize(("command", "key"), REFUSALS)
def test_a_refusal_is_one_sentence_and_changes_nothing(
    run: Any, folder: Path, command: str, key: str
) -> None:
    before = on_disk(folder)
    ran = run(*command.split())
    *remarks, said = ran.err.splitlines()
    assert ran.code == 1
    assert sentence(key).fullmatch(said), said
    # An import first says what it found; nothing else says more than the sentence.
    assert not remarks or command.startswith("import")
    assert ran.out == ""
    assert on_disk(folder) == before


def test_a_refusal_is_in_the_language_asked_for(run: Any, tmp_path: Path, lang: Language) -> None:
    ran = run("--lang", lang, "check", tmp_path / "no.db")
    assert ran.err.splitlines() == [load_texts(lang)("study.missing", path=tmp_path / "no.db")]


def test_a_survey_file_that_is_not_there_is_what_is_said_to_be_missing(
    run: Any, tmp_path: Path
) -> None:
    ran = run("import", tmp_path / "new.db", tmp_path / "no.csv")
    assert ran.err.splitlines() == [load_texts("da")("file.missing", path=tmp_path / "no.csv")]


def test_a_refused_value_with_a_line_break_is_still_told_in_one_line(
    run: Any, folder: Path
) -> None:
    (folder / "wrong.csv").write_text('id;q\n1;"a\nb"\n', "utf-8")
    ran = run("import", "new.db", "wrong.csv", "--questionnaire", "small.yaml")
    assert ran.code == 1
    said = [line for line in ran.err.splitlines() if sentence("check_table.bad_value").match(line)]
    assert len(said) == 1


def damage(path: Path, kind: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        row = connection.execute("select no, content from part where kind = ?", [kind]).fetchone()
        middle = len(row[1]) // 2
        content = row[1][:middle] + bytes([row[1][middle] ^ 0xFF]) + row[1][middle + 1 :]
        connection.execute("update part set content = ? where no = ?", [content, row[0]])


@pytest.mark.parametrize(
    "kind",
    [
        "recipe",
        *(pytest.param(kind) for kind in ("survey", "questionnaire")),
    ],
)
def test_check_tells_of_a_damaged_part(run: Any, own_path: Path, kind: str) -> None:
    damage(own_path, kind)
    ran = run("check", own_path)
    assert ran.code == 1
    assert sentence("check.damaged").fullmatch(ran.err.strip())


def test_check_tells_of_a_damaged_entry_also_as_json(run: Any, own_path: Path) -> None:
    with closing(sqlite3.connect(own_path)) as connection, connection:
        connection.execute("update log set coder = 'x' where no = 4")
    ran = run("check", own_path, "--json")
    assert ran.code == 1
    assert ran.json["damages"] == [{"where": "log", "no": 4}]
    assert ran.err.splitlines() == [load_texts("da")("check.damaged", places="log 4")]


# --- usage -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [
        "", "nope", "check", "score study.db --cases second", "propose study.db --count many",
        "export study.db --out x.xlsx", "export study.db --format pdf --out x.pdf",
        "check study.db --verbose", "--lang sv check study.db", "log study.db other.db",
        pytest.param(
            "--lang"
        ),
    ],
)  # fmt: skip
def test_what_is_no_command_is_exit_code_2_with_the_usage(
    run: Any, folder: Path, command: str
) -> None:
    before = on_disk(folder)
    ran = run(*command.split())
    assert (ran.code, ran.out) == (2, "")
    usage, *_, said = ran.err.splitlines()
    assert usage.startswith(load_texts("da")("cli.usage") + ": coder")
    assert said.startswith(load_texts("da")("cli.not_understood"))
    assert on_disk(folder) == before


def test_usage_is_in_the_language_asked_for(run: Any) -> None:
    ran = run("--lang", "en", "nope")
    assert ran.code == 2
    assert ran.err.startswith("usage: coder")
    assert load_texts("en")("cli.not_understood") in ran.err


@pytest.mark.parametrize(
    ("option", "key"),
    [("--address=0.0.0.0", "app.no_sign_in"), ("--port=99999", "app.port_taken")],
)
def test_the_app_does_not_start_where_it_should_not(
    run: Any, demo_folder: Path, option: str, key: str
) -> None:
    ran = run("app", demo_folder / "demo.db", option, "--no-browser")
    assert ran.code == 1
    assert sentence(key).fullmatch(ran.err.splitlines()[-1])
