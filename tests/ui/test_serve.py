"""The server's settings, and the addresses and ports that it refuses."""

from __future__ import annotations

import socket
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import streamlit as st
from argon2 import PasswordHasher
from starlette.middleware import Middleware
from starlette.routing import Route

from coder.accounts import Accounts
from coder.demo import make_demo
from coder.errors import UserError
from coder.ui import gate_provider
from coder.ui import serve as module
from coder.ui.gate import Gate
from coder.ui.gate_accounts import AccountsDoor
from coder.ui.gate_provider import ProviderDoor
from coder.ui.gate_token import OpenDoor, TokenDoor
from coder.ui.headers import SafeHeaders
from coder.ui.serve import OWN, SETTINGS, Entrance, entrance, serve
from tests.fixtures import refused


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The settings of every server that would have been started."""
    found: list[dict[str, Any]] = []

    class App:
        def __init__(
            self, script: str, routes: Sequence[Route], middleware: Sequence[Middleware]
        ) -> None:
            assert Path(script).is_file()
            assert [each.path for each in routes] == ["/news/{key}"]
            # The headers stand outermost, so that the gate's own pages have them too.
            assert [each.cls for each in middleware] == [SafeHeaders, Gate]

        def run(self, config: dict[str, Any]) -> None:
            found.append(config)

    monkeypatch.setattr(module.st, "App", App)
    monkeypatch.setattr(module.who, "_served", "script")
    monkeypatch.setenv("CODER_STUDY", "")
    return found


WAY = Entrance(OpenDoor(), "here", "http://127.0.0.1/")


@pytest.fixture(autouse=True)
def nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Accounts:
    """No account and no secrets, whatever this machine has."""
    monkeypatch.setenv("CODER_ACCOUNTS", str(tmp_path / "accounts.json"))
    monkeypatch.setattr(gate_provider, "st", SimpleNamespace(secrets=Secrets()))
    return Accounts(tmp_path / "accounts.json", PasswordHasher(1, 8, 1))


class Secrets(dict[str, Any]):
    """What stands in secrets.toml."""

    def load_if_toml_exists(self) -> bool:
        return True


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


ELSEWHERE = ["0.0.0.0", "::", "192.168.1.7", "example.org", ""]


@pytest.mark.parametrize("address", ELSEWHERE)
def test_no_address_that_others_can_reach_without_sign_in(address: str) -> None:
    with refused("app.no_sign_in", address=address):
        entrance(address, 8501)
    with refused("app.token_elsewhere"):
        entrance(address, 8501, no_token=True)


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost", "::1"])
def test_on_this_machine_a_link_has_the_token(address: str) -> None:
    way = entrance(address, 8501)
    assert isinstance(way.door, TokenDoor)
    assert way.served == "here"
    parts = urlsplit(way.link)
    assert (parts.hostname, parts.port) == (address, 8501)
    assert len(parse_qs(parts.query)["token"][0]) > 40
    assert isinstance(entrance(address, 8501, no_token=True).door, OpenDoor)


def test_with_accounts_others_may_come_and_sign_in(nobody: Accounts) -> None:
    with refused("app.no_accounts", file=nobody.file):
        entrance("127.0.0.1", 8501, sign_in="accounts")
    nobody.add("Anna", "correct horse battery staple")
    for way in (entrance("0.0.0.0", 8501), entrance("127.0.0.1", 8501, sign_in="accounts")):
        assert isinstance(way.door, AccountsDoor)
        assert way.served == "accounts"
    with refused("app.token_elsewhere"):
        entrance("127.0.0.1", 8501, sign_in="accounts", no_token=True)
    assert isinstance(entrance("127.0.0.1", 8501).door, TokenDoor)


def test_with_a_provider_it_must_be_said_who_may_come_in(monkeypatch: pytest.MonkeyPatch) -> None:
    with refused("app.no_auth"):
        entrance("0.0.0.0", 8501, sign_in="oidc")
    secrets = gate_provider.st.secrets
    secrets["auth"] = {"client_id": "x"}
    with monkeypatch.context() as without:
        without.setattr(gate_provider, "find_spec", lambda name: None)
        with refused("app.no_authlib"):
            entrance("0.0.0.0", 8501)
    monkeypatch.setattr(gate_provider, "find_spec", lambda name: object())
    with refused("app.no_allowed"):
        entrance("0.0.0.0", 8501)
    secrets["coder"] = {"allowed": ["@city.example"]}
    way = entrance("0.0.0.0", 8501)
    assert isinstance(way.door, ProviderDoor)
    assert way.served == "oidc"


def test_behind_a_proxy_the_server_is_known_by_another_name(
    study: Path, started: list[dict[str, Any]]
) -> None:
    way = Entrance(ProviderDoor(), "oidc", "")
    serve(study, "127.0.0.1", 0, browser=False, way=way)
    assert started[0]["server.allowedHosts"] == []
    assert module.who._served == "oidc"


def test_the_browser_is_opened_with_the_link(
    study: Path, started: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(module, "open_when_up", opened.append)
    serve(study, "127.0.0.1", 0, browser=False, way=WAY)
    assert opened == []
    serve(study, "127.0.0.1", 0, browser=True, way=WAY)
    assert opened == [WAY.link]


def test_no_port_that_is_taken(study: Path, started: list[dict[str, Any]]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(UserError) as told:
            serve(study, "127.0.0.1", port, browser=False, way=WAY)
    assert told.value.key == "app.port_taken"
    assert told.value.params == {"port": port}
    assert not started


@pytest.mark.parametrize("port", [-1, 65536, 10**12])
def test_no_port_that_is_none(port: int, study: Path, started: list[dict[str, Any]]) -> None:
    with pytest.raises(UserError) as told:
        serve(study, "127.0.0.1", port, browser=False, way=WAY)
    assert told.value.key == "app.port_taken"
    assert not started


def test_no_study_that_is_not_there(tmp_path: Path, started: list[dict[str, Any]]) -> None:
    with pytest.raises(UserError) as told:
        serve(tmp_path / "none.db", "127.0.0.1", 0, browser=False, way=WAY)
    assert told.value.key == "study.missing"
    assert not started


def test_what_was_asked_for_is_given_on(study: Path, started: list[dict[str, Any]]) -> None:
    serve(study, "localhost", 0, browser=False, way=WAY)
    own = {"server.address": "localhost", "server.port": 0}
    assert started == [SETTINGS | OWN | own]
    assert own | OWN == own | {"server.headless": True, "logger.hideWelcomeMessage": True}
