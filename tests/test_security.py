"""What docs/security.md promises and nothing else covers, and that its tests are there."""

from __future__ import annotations

import ast
import re
import shutil
import socket
import time
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from coder.errors import UserError
from coder.intake import take_in
from coder.results.recipe import parse_recipe
from coder.study import Study
from coder.survey.questionnaire import parse_questionnaire
from coder.text.wordlist import parse_wordlist

READERS = [parse_questionnaire, parse_wordlist, lambda text: parse_recipe(text, None)]


# --- the document ------------------------------------------------------------------------------


def named_tests(checkout: Path) -> list[tuple[str, str]]:
    page = (checkout / "docs" / "security.md").read_text("utf-8")
    return re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", page)


def test_every_test_that_the_threat_model_names_is_there(checkout: Path) -> None:
    named = named_tests(checkout)
    assert len(named) > 30
    for file, name in named:
        tree = ast.parse((checkout / file).read_text("utf-8"))
        assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, name


def test_every_threat_has_a_test(checkout: Path) -> None:
    """Each is a paragraph that begins with its name in bold."""
    page = (checkout / "docs" / "security.md").read_text("utf-8")
    threats = page.partition("## Threats")[2].partition("\n## ")[0]
    paragraphs = [each for each in threats.split("\n\n") if each.startswith("**")]
    assert len(paragraphs) > 15
    assert [each[:40] for each in paragraphs if "::test_" not in each] == []


# --- nothing leaves the machine ------------------------------------------------------------------


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every address that is asked for or connected to, none of which can be reached."""
    found: list[Any] = []

    def refuse(*address: Any, **rest: Any) -> Any:
        found.append(address)
        raise OSError("the guard lets nothing out")

    for name in ("getaddrinfo", "gethostbyname", "create_connection"):
        monkeypatch.setattr(socket, name, refuse)
    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, lambda self, to: refuse(to))
    return found


def test_no_work_with_a_study_asks_another_machine(
    asked: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the import to the export, and the pages: with every way out guarded."""
    file = tmp_path / "small.csv"
    file.write_text("nr;why\n" + "".join(f"{n};because of {n % 7}\n" for n in range(30)), "utf-8")
    form = take_in([file], open_columns=["why"], id_column="nr").questionnaire
    study = Study.create(tmp_path / "small.db", file, form)
    assert study.propose(encoder="fake")
    assert study.export(tmp_path / "out.xlsx", unpublished=True).rows == 30
    monkeypatch.setenv("CODER_STUDY", str(study.path))
    page = AppTest.from_string("from coder.ui.app import main\nmain()", default_timeout=60).run()
    assert not page.exception
    assert asked == []


def test_the_guard_would_tell(asked: list[Any]) -> None:
    with pytest.raises(OSError, match="guard"):
        socket.create_connection(("192.0.2.1", 80))
    assert asked


# --- YAML --------------------------------------------------------------------------------------


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("tag", ["python/object/apply:os.system", "python/name:os.system", "x"])
def test_a_tag_in_yaml_runs_nothing(read: Any, tag: str, tmp_path: Path) -> None:
    made = tmp_path / "made"
    for text in (f"title: !!{tag} ['touch {made}']", f"!!{tag} ['touch {made}']"):
        with pytest.raises(UserError):
            read(text)
    assert not made.exists()


@pytest.mark.parametrize("read", READERS)
def test_names_that_unfold_to_billions_are_refused_at_once(read: Any) -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    for one, next_ in zip("abcdefgh", "bcdefghi", strict=False):
        lines.append(f"{next_}: &{next_} [{', '.join([f'*{one}'] * 9)}]")
    lines.append("title: *i\nquestions: *i")
    begun = time.monotonic()
    with pytest.raises(UserError) as told:
        read("\n".join(lines))
    assert len(str(told.value)) < 1000
    assert time.monotonic() - begun < 5


# --- other studies -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folders(proposed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that is served, with a study beside the server's own, and another folder."""
    root = tmp_path_factory.mktemp("root")
    for name in ("served/own.db", "served/beside.db", "elsewhere/secret.db"):
        (root / name).parent.mkdir(exist_ok=True)
        shutil.copy(proposed, root / name)
    (root / "served" / "link.db").symlink_to(root / "elsewhere" / "secret.db")
    return root


@pytest.mark.parametrize(
    ("asked_for", "shown"),
    [
        ("beside", "served/beside.db"),
        ("beside.db", "served/beside.db"),
        ("none", "served/own.db"),
        ("link", "served/own.db"),
        ("../elsewhere/secret", "served/own.db"),
        ("..%2felsewhere%2fsecret", "served/own.db"),
        ("{root}/elsewhere/secret.db", "served/own.db"),
        ("file:///{root}/elsewhere/secret.db", "served/own.db"),
        ("postgresql+psycopg://user:pass@host/db", "served/own.db"),
        ("sqlite:///../elsewhere/secret.db", "served/own.db"),
        ("beside\x00", "served/beside.db"),
    ],
)
def test_the_address_opens_only_studies_beside_the_servers_own(
    asked_for: str, shown: str, folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CODER_STUDY", str(folders / "served" / "own.db"))
    script = "import streamlit as st\nfrom coder.ui import session\n"
    script += "st.text(str(session.study().path))\nst.text(','.join(session.studies()))"
    page = AppTest.from_string(script)
    page.query_params["study"] = asked_for.format(root=folders)
    page.run()
    assert not page.exception
    path, names = (each.value for each in page.text)
    assert path == str(folders / shown)
    assert names == "beside,own"
