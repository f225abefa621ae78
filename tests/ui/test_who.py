"""Who is at the other end: by what the server knows, not by what the browser says."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from coder.i18n import load_texts
from coder.model import SetRole
from coder.study import Study
from coder.ui import app, gate_provider, who
from coder.ui.gate_provider import known_account

DA = load_texts("da")


def connected(monkeypatch: pytest.MonkeyPatch, **context: Any) -> None:
    """A browser session with these headers, from this machine unless an address is given."""
    context = {"headers": {}, "ip_address": None} | context
    listens = context.pop("listens", "127.0.0.1")
    monkeypatch.setattr(
        who,
        "st",
        SimpleNamespace(context=SimpleNamespace(**context), get_option=lambda name: listens),
    )


def test_only_what_the_gate_says_is_an_account(monkeypatch: pytest.MonkeyPatch) -> None:
    connected(monkeypatch, headers={who.ACCOUNT_HEADER: "%C3%85se%20A", "host": "localhost"})
    for how in ("script", "here"):  # no gate with accounts has said so
        monkeypatch.setattr(who, "_served", how)
        assert who.account() is None
    monkeypatch.setattr(who, "_served", "accounts")
    assert who.account() == "Åse A"
    assert who.refusal() is None


@pytest.mark.parametrize(
    "asked",
    [
        {"listens": "0.0.0.0"},
        {"listens": None},  # Streamlit then listens everywhere
        {"listens": "192.168.1.7"},
        {"ip_address": "10.0.0.5"},
        {"headers": {"host": "evil.example:8501"}},
        {"headers": {"x": "no host"}},
    ],
    ids=str,
)
def test_streamlit_run_serves_this_machine_only(
    asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(who, "_served", "script")
    connected(monkeypatch, **{"headers": {"host": "127.0.0.1:8501"}})
    assert who.refusal() is None
    connected(monkeypatch, **({"headers": {"host": "127.0.0.1:8501"}} | asked))
    assert who.refusal() == "gate.streamlit_elsewhere"
    monkeypatch.setattr(who, "_served", "here")  # then the gate has seen to it
    assert who.refusal() is None


def test_who_is_refused_is_shown_nothing(shown: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(who, "refusal", lambda: "gate.streamlit_elsewhere")
    page = AppTest.from_string("from coder.ui.app import main\nmain()", default_timeout=60).run()
    assert [each.value for each in page.error] == [DA("gate.streamlit_elsewhere")]
    assert [each.value for each in page.title] == [DA("gate.refused_title")]
    assert not page.sidebar.children


def test_with_a_provider_one_signs_in_first(shown: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(who, "_served", "oidc")
    monkeypatch.setattr(who, "provider_account", lambda: None)
    page = AppTest.from_string("from coder.ui.app import main\nmain()", default_timeout=60).run()
    assert [each.key for each in page.button] == ["sign_in"]
    assert not page.sidebar.children
    monkeypatch.setattr(who, "provider_account", lambda: "")  # signed in, and not allowed
    page.run()
    assert [each.value for each in page.error] == [DA("gate.not_allowed")]
    assert [each.key for each in page.button] == ["sign_out"]


@pytest.mark.parametrize(
    ("claims", "account"),
    [
        ({"email": "Anna@City.example"}, "anna@city.example"),
        ({"email": "anna@city.example", "email_verified": True}, "anna@city.example"),
        ({"email": "anna@city.example", "email_verified": False}, ""),
        ({"email": "guest@other.example"}, "guest@other.example"),
        ({"email": "else@other.example"}, ""),
        ({"email": "x@evil.example@city.example.evil"}, ""),
        ({"email": "@city.example.evil"}, ""),
        ({"email": "mallory@notcity.example"}, ""),
        ({"email": ""}, ""),
        ({"name": "anna@city.example"}, ""),
        ({}, ""),
    ],
    ids=str,
)
def test_a_provider_lets_in_who_is_named(claims: dict[str, object], account: str) -> None:
    assert known_account(claims, ["@CITY.example", "guest@other.example"]) == account


def test_nobody_is_named_by_nothing() -> None:
    assert known_account({"email": "anna@city.example"}, []) == ""


def test_the_provider_is_asked_once_one_has_signed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    user = {"is_logged_in": False, "email": "anna@city.example"}
    fake = SimpleNamespace(
        user=SimpleNamespace(is_logged_in=False, to_dict=lambda: user),
        secrets={"coder": {"allowed": ["@city.example"]}},
    )
    monkeypatch.setattr(gate_provider, "st", fake)
    assert gate_provider.provider_account() is None
    fake.user.is_logged_in = True
    assert gate_provider.provider_account() == "anna@city.example"


def test_with_sign_in_nobody_codes_as_another(
    shown: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the address nor a field gives a name, and the account's does."""
    shown.coder("Bo")
    monkeypatch.setattr(who, "account", lambda: "Anna")
    script = "import streamlit as st\nfrom coder.ui.app import main\nmain()\n"
    script += "from coder.ui import session\n"
    script += "st.text('I am ' + session.coder_name() + '/' + session.coder())"
    page = AppTest.from_string(script, default_timeout=60)
    page.query_params["coder"] = "Bo"
    page.run()
    assert not page.exception
    (told,) = [each.value for each in page.text if each.value.startswith("I am ")]
    name, _, id = told.removeprefix("I am ").partition("/")
    assert name == shown.state.coders[id] == "Anna"
    assert "coder_name" not in [each.key for each in page.text_input]
    assert "coder" not in page.query_params


RESULTS = {"frequencies", "compare", "score", "joint", "across", "sheets", "waves", "export"}


@pytest.mark.parametrize(
    ("role", "pages"),
    [
        ("reader", {"overview", "codebook", *RESULTS}),
        ("coder", {name for name, *_ in app._PAGES} - {"review", "import"}),
        ("lead", {name for name, *_ in app._PAGES}),
    ],
)
def test_the_menu_has_what_a_role_can_use(role: Any, pages: set[str]) -> None:
    assert {name for name, *_ in app._PAGES if app._is_for(role, name)} == pages


def test_a_reader_is_given_a_study_without_personal_data(
    shown: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead, reader = shown.coder("Lea"), shown.coder("Rita")
    shown.decide(lead, SetRole(reader, "reader"))
    monkeypatch.setattr(who, "account", lambda: "Rita")
    script = """
import streamlit as st
from coder.errors import UserError
from coder.ui import session
st.text(session.role())
try:
    session.study().finds()
except UserError as error:
    st.text(error.key)
"""
    page = AppTest.from_string(script, default_timeout=60).run()
    assert [each.value for each in page.text] == ["reader", "role.leads_only"]
