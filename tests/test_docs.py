"""The documents: that they agree with the program, and that what they point to is there."""

from __future__ import annotations

import dataclasses
import json
import re
import shlex
import sqlite3
import tomllib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, get_args

import pytest

from coder import cli, model
from coder.demo import make_demo
from coder.i18n import load_texts
from coder.results.recipe import parse_recipe
from coder.study import Study
from coder.survey import read
from coder.survey.privacy import FindKind
from coder.survey.questionnaire import parse_questionnaire
from coder.survey.read import Source
from coder.text.wordlist import parse_wordlist
from tools import docs

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("docs", "data", "models")
PAGES = sorted(
    path
    for pattern in ("*.md", *(f"{folder}/**/*.md" for folder in FOLDERS))
    for path in ROOT.glob(pattern)
    if not (path.is_relative_to(ROOT / "models") and path.parent != ROOT / "models")
)
READMES = [ROOT / "README.md", ROOT / "README.da.md"]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def text_of(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def code_blocks(text: str, language: str = r"\w*") -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def rows(text: str) -> list[list[str]]:
    """The cells of every table row below a head, in all tables of a page."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    below = [line for line in lines if not re.fullmatch(r"[|\s:-]+", line)]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in below]


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The demo study, coded."""
    return make_demo(tmp_path_factory.mktemp("docs"), coded=True)


# --- generated documents -----------------------------------------------------------------------


def test_generated_documents_are_fresh(capsys: pytest.CaptureFixture[str]) -> None:
    status = docs.main(["--check"])
    assert status == 0, capsys.readouterr().out


def test_every_command_and_option_is_on_the_page_about_them() -> None:
    page = text_of("docs/cli.md")
    for name, command in docs.commands(cli.make_parser(load_texts("en"))).items():
        section = page.partition(f"## coder {name}\n")[2].partition("\n## ")[0]
        options = [o for action in command._actions for o in action.option_strings if o != "-h"]
        missing = [each for each in options if not re.search(f"`{each}[ `]", section)]
        assert section, name
        assert missing == ["--help"], name


def test_a_stale_document_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.md"
    page.write_text("old", "utf-8")
    monkeypatch.setattr(docs, "ROOT", tmp_path)
    monkeypatch.setattr(docs, "documents", lambda check: [(page, "new")])
    assert docs.main(["--check"]) == 1
    assert page.read_text("utf-8") == "old"
    assert "page.md" in capsys.readouterr().out
    assert docs.main([]) == 0
    assert page.read_text("utf-8") == "new"


def test_a_console_block_gets_the_output_of_its_commands() -> None:
    text = "before\n```console\n$ echo one\nold\n$ echo two >&2; exit 3\n```\nafter\n"
    written = "before\n```console\n$ echo one\none\n$ echo two >&2; exit 3\ntwo\n```\nafter\n"
    assert docs.with_output(text, check=False) == written


def test_what_needs_the_encoder_is_left_alone_by_the_check() -> None:
    text = "```console\n$ coder propose nothing.db\nas it was\n```\n"
    assert docs.with_output(text, check=True) == text


def test_a_block_without_its_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="figures"):
        docs._filled("<!-- begin: figures -->\n", "figures", "x")


# --- the founding case -------------------------------------------------------------------------


def test_every_published_figure_is_reproduced(study: Study) -> None:
    figures = docs.figures(study)
    assert len(figures) == 41
    assert [figure for figure in figures if not figure.agrees] == []


def test_every_published_count_is_reproduced(study: Study) -> None:
    assert docs.same_counts(study) == (366, 366)


def test_mistakes_in_the_score_show(study: Study) -> None:
    right = study.score_summary()["above_threshold"]
    found = docs.mistakes(study)
    assert len(found) == 4
    assert right not in found.values()


# --- what readers type -------------------------------------------------------------------------


def commands_in(path: Path) -> Iterator[list[str]]:
    """Every `coder` command in the code blocks of a page, split as a shell would."""
    for block in code_blocks(path.read_text("utf-8")):
        for line in block.splitlines():
            command = line.removeprefix("$ ").partition(" | ")[0]
            if command.startswith("coder "):
                yield shlex.split(command)[1:]


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_every_command_shown_is_one(path: Path) -> None:
    parser = cli.make_parser(load_texts("en"))
    for arguments in commands_in(path):
        parser.parse_args(arguments)  # raises for what is no command


@pytest.mark.parametrize("path", READMES, ids=name_of)
def test_a_readme_shows_commands(path: Path) -> None:
    assert len(list(commands_in(path))) >= 5


@pytest.mark.parametrize("path", READMES, ids=name_of)
def test_a_readme_begins_with_the_two_commands(path: Path) -> None:
    head = path.read_text("utf-8")[:800]
    assert "\n`make run` " in head
    assert "\n`make test` " in head
    assert "```sh\nmake run\nmake test\n```" in head


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_every_make_target_named_is_there(path: Path) -> None:
    targets = re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE)
    named = re.findall(r"(?:^|`|= )make ([a-z][a-z-]*)", path.read_text("utf-8"), re.MULTILINE)
    assert [each for each in named if each not in targets] == []


# --- links -------------------------------------------------------------------------------------


def links(path: Path) -> list[str]:
    """The targets of all links and pictures of a page, code left out."""
    text = re.sub(r"```.*?```|`[^`\n]*`", "", path.read_text("utf-8"), flags=re.DOTALL)
    return re.findall(r"\]\(([^)\s]+)\)", text)


def anchors(path: Path) -> set[str]:
    """What `#…` may name on a page: its headings, as they are turned into anchors."""
    headings = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_every_link_leads_somewhere(path: Path) -> None:
    assert [link for link in links(path) if not leads_somewhere(link, path)] == []


def leads_somewhere(link: str, page: Path) -> bool:
    """Whether a relative link's file is there, and its heading; other links aren't tried."""
    if "://" in link:
        return True
    name, _, anchor = link.partition("#")
    target = page.parent / name if name else page
    return target.exists() and (not anchor or anchor in anchors(target))


def test_a_broken_link_is_seen() -> None:
    page = ROOT / "README.md"
    assert leads_somewhere("docs/formats.md#recipeyaml", page)
    assert not leads_somewhere("docs/formats.md#nothing", page)
    assert not leads_somewhere("docs/nothing.md", page)


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    pages = sorted(path.name for path in folder.glob("0*.md"))
    assert [link for link in links(folder / "README.md") if link.startswith("0")] == pages


def test_pages_name_no_folder_of_one_machine() -> None:
    folder = re.compile(r"/(home|root|tmp|work)/")
    assert [name_of(path) for path in PAGES if folder.search(path.read_text("utf-8"))] == []


# --- dependencies ------------------------------------------------------------------------------


def test_every_dependency_has_its_line() -> None:
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    needed = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = [re.split(r"[^\w.-]", each)[0] for each in needed]
    table = rows(text_of("docs/dependencies.md"))
    assert sorted(row[0] for row in table if row[0] != "distribution") == sorted(names)
    assert [row for row in table if len(row) != 3 or not all(row)] == []


# --- words -------------------------------------------------------------------------------------


def glossary() -> list[list[str]]:
    return rows(text_of("docs/glossary.md").partition("## What is not the same")[0])


def test_every_word_has_a_translation_and_a_meaning() -> None:
    assert [row for row in glossary() if len(row) != 3 or not all(row)] == []


def test_no_word_stands_twice() -> None:
    words = [word for row in glossary() for word in row[0].split(", ")]
    assert sorted(words) == sorted(set(words))


def test_every_noun_is_in_the_glossary() -> None:
    """The dataclasses of the model are the words of the program."""
    first = " ".join(f"{row[0]} {row[2]}" for row in glossary()).lower()
    nouns = [n for n, each in vars(model).items() if dataclasses.is_dataclass(each)]
    nouns = [noun for noun in nouns if noun not in kinds()]
    as_written = [re.sub(r"(?<=.)([A-Z])", r" \1", noun).lower() for noun in nouns]
    assert [noun for noun in as_written if not re.search(rf"\b{noun}\b", first)] == []


def test_every_kind_of_decision_has_its_danish_name() -> None:
    texts = load_texts("da")
    shown = {row[0].strip("`"): row[1] for row in glossary() if row[0].startswith("`")}
    assert shown == {kind: texts(f"decision.{kind}").lower() for kind in kinds()}


def kinds() -> list[str]:
    return [kind.__name__ for kind in get_args(model.Decision)]


# --- formats -----------------------------------------------------------------------------------


def keys(content: Any) -> set[str]:
    """Every key of a JSON value, at any depth."""
    if isinstance(content, list):
        return {key for each in content for key in keys(each)}
    if isinstance(content, dict):
        return set(content) | {key for each in content.values() for key in keys(each)}
    return set()


@pytest.mark.parametrize("command", ["score", "tables", "check"])
def test_every_json_key_is_described(
    command: str, study: Study, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([command, str(study.path), "--json"]) == 0
    found = keys(json.loads(capsys.readouterr().out))
    page = text_of("docs/formats.md").partition("## What `--json` writes")[2]
    section = page.partition("## Exported files")[0]
    assert found
    assert [key for key in sorted(found) if f"`{key}`" not in section] == []


@pytest.mark.parametrize("extra", [[], ["--dry-run"]])
def test_every_json_key_of_an_import_is_described(
    extra: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the part about that command; the file is guessed at, and odd enough to be remarked on."""
    file = tmp_path / "survey.csv"
    answers = ["Yes;more time"] * 9 + [";"] * 3
    lines = [f"R{no};{each}" for no, each in enumerate(answers)]
    file.write_text("\n".join(["id;helpful;comments", *lines]), "utf-8")
    command = ["import", str(tmp_path / "s.db"), str(file), "--open", "comments", "--json", *extra]
    assert cli.main(command) == 0
    found = json.loads(capsys.readouterr().out)
    section = text_of("docs/formats.md").partition("`coder import STUDY FILE --json`")[2]
    section = section.partition("`coder score STUDY --json`")[0]
    assert found["guesses"]
    assert found["imported"] == (not extra)
    expected = keys(found) | {field.name for field in dataclasses.fields(Source)}
    expected |= {"text", "rows", "stops"}
    assert [key for key in sorted(expected) if f"`{key}`" not in section] == []


def test_what_stops_an_import_is_in_the_json_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, form = tmp_path / "survey.csv", tmp_path / "form.yaml"
    file.write_text("id;helpful\nR1;perhaps\n", "utf-8")
    options = "[{code: 1, label: 'Yes'}, {code: 2, label: 'No'}]"
    form.write_text(
        f"questions: [{{name: id, kind: id}}, {{name: helpful, kind: single, options: {options}}}]",
        "utf-8",
    )
    command = ["import", str(tmp_path / "s.db"), str(file), "--questionnaire", str(form)]
    assert cli.main([*command, "--dry-run", "--json"]) == 1
    printed = json.loads(capsys.readouterr().out)
    assert [each["stops"] for each in printed["findings"]].count(True) == 1
    assert printed["imported"] is False


def test_every_json_key_of_a_damaged_study_is_described(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = make_demo(tmp_path, coded=True).path
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("DELETE FROM log WHERE no = (SELECT max(no) FROM log)")
    assert cli.main(["check", str(path), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert set(found) == {"damages", "responses"}
    assert set(found["damages"][0]) == {"where", "no"}


def test_every_table_and_part_of_a_study_is_described(study: Study) -> None:
    page = text_of("docs/formats.md").partition("## The study")[2]
    with closing(sqlite3.connect(study.path)) as file:
        tables = [name for (name,) in file.execute("SELECT name FROM sqlite_master")]
        parts = [kind for (kind,) in file.execute("SELECT DISTINCT kind FROM part")]
        columns = [
            name
            for table in ("part", "log", "seal")
            for (_, name, *_) in file.execute(f"PRAGMA table_info({table})")
        ]
    names = [*(each for each in tables if "_" not in each), *parts, *columns]
    assert len(names) > 10
    assert [name for name in names if f"`{name}`" not in page] == []


def test_every_kind_of_find_is_described() -> None:
    page = text_of("docs/formats.md")
    assert [kind for kind in get_args(FindKind) if f"`{kind}`" not in page] == []


def test_every_format_that_is_read_is_described() -> None:
    page = text_of("docs/formats.md").partition("## The survey file")[2].partition("\n## ")[0]
    endings = [*read._READERS, *read._WORKBOOKS]
    assert [each for each in endings if f"`{each}`" not in page] == []


def test_every_key_of_the_questionnaire_is_described() -> None:
    """Those of the schema, which the tests of questionnaires hold to what is read."""
    page = text_of("docs/formats.md").partition("## questionnaire.yaml")[2]
    page = page.partition("## recipe.yaml")[0]
    schema = json.loads(text_of("coder/survey/questionnaire.schema.json"))
    names = set(properties(schema))
    assert {"maximum", "ticked", "columns", "rows"} <= names
    assert [name for name in sorted(names) if not re.search(rf"\b{name}\b", page)] == []


def properties(schema: Any) -> Iterator[str]:
    """The names of all properties in a JSON Schema, at any depth."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
    nested = schema.values() if isinstance(schema, dict) else schema
    for each in nested if isinstance(schema, dict | list) else ():
        yield from properties(each)


def test_every_json_command_is_described() -> None:
    page = text_of("docs/formats.md")
    for name, command in docs.commands(cli.make_parser(load_texts("en"))).items():
        writes = any("--json" in action.option_strings for action in command._actions)
        described = re.search(rf"`coder {name} (STUDY )?(OTHER )?(FILE )?--json`", page)
        assert writes == bool(described), name


def test_every_column_of_the_workbook_is_described(study: Study) -> None:
    page = text_of("docs/formats.md").partition("## Exported files")[2]
    for column in study.codebook().columns:
        assert f"`{column}`" in page
    for column in ("answer", "respondent", "case", "text", "elaboration", "codes", "score"):
        assert f"`{column}`" in page


def test_the_examples_of_files_can_be_read() -> None:
    page = text_of("docs/formats.md")
    first, second, third = code_blocks(page, "yaml")
    questionnaire = parse_questionnaire(first)
    assert questionnaire.cases.prefixes == ("", "second_")
    assert [item.item for item in parse_recipe(second, questionnaire).items()] == [
        "q4_lasting",
        "q4_transferable",
    ]
    assert parse_wordlist(third).seeds == ("gåtur", "telefonvagt")


@pytest.mark.parametrize("kind", get_args(model.Kind))
def test_every_kind_of_question_is_described(kind: str) -> None:
    assert f"`{kind}`" in text_of("docs/formats.md")
