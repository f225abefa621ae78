"""The server's settings, and the addresses and ports that it refuses."""

from __future__ import annotations

import socket
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from starlette.middleware import Middleware

from coder.demo import make_demo
from coder.errors import UserError
from coder.ui import serve as module
from coder.ui.headers import SafeHeaders
from coder.ui.serve import SETTINGS, serve


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The settings of every server that would have been started."""
    found: list[dict[str, Any]] = []

    class App:
        def __init__(self, script: str, middleware: Sequence[Middleware]) -> None:
            assert Path(script).is_file()
            assert [each.cls for each in middleware] == [SafeHeaders]

        def run(self, config: dict[str, Any]) -> None:
            found.append(config)

    monkeypatch.setattr(module.st, "App", App)
    monkeypatch.setenv("CODER_STUDY", "")
    return found


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return make_demo(tmp_path).path


def flat(node: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in node.items():
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def test_both_ways_to_start_have_the_same_settings(checkout: Path) -> None:
    file = tomllib.loads((checkout / ".streamlit" / "config.toml").read_text("utf-8"))
    assert dict(flat(file)) == SETTINGS


def test_streamlit_knows_every_setting() -> None:
    for name in SETTINGS:
        st.get_option(name)


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.168.1.7", "example.org", ""])
def test_no_address_that_others_can_reach(
    address: str, study: Path, started: list[dict[str, Any]]
) -> None:
    with pytest.raises(UserError) as told:
        serve(study, address, 0, browser=False)
    assert told.value.key == "app.not_loopback"
    assert told.value.params == {"address": address}
    assert not started


def test_no_port_that_is_taken(study: Path, started: list[dict[str, Any]]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(UserError) as told:
            serve(study, "127.0.0.1", port, browser=False)
    assert told.value.key == "app.port_taken"
    assert told.value.params == {"port": port}
    assert not started


@pytest.mark.parametrize("port", [-1, 65536, 10**12])
def test_no_port_that_is_none(port: int, study: Path, started: list[dict[str, Any]]) -> None:
    with pytest.raises(UserError) as told:
        serve(study, "127.0.0.1", port, browser=False)
    assert told.value.key == "app.port_taken"
    assert not started


def test_no_study_that_is_not_there(tmp_path: Path, started: list[dict[str, Any]]) -> None:
    with pytest.raises(UserError) as told:
        serve(tmp_path / "none.db", "127.0.0.1", 0, browser=False)
    assert told.value.key == "study.missing"
    assert not started


def test_what_was_asked_for_is_given_on(study: Path, started: list[dict[str, Any]]) -> None:
    serve(study, "localhost", 0, browser=True)
    own = {"server.address": "localhost", "server.port": 0, "server.headless": False}
    assert started == [SETTINGS | own]
