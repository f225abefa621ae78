"""Signing in with an account: what one gets in with, how long it lasts, and what stops guessing."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from starlette.websockets import WebSocketDisconnect

from coder.accounts import Accounts
from coder.i18n import load_texts
from coder.ui.gate_accounts import AccountsDoor
from coder.ui.gate_sessions import Sessions
from coder.ui.gate_throttle import Throttle
from tests.ui.gates import PLACES, SOCKET, behind

PASSWORD = "correct horse battery staple"
PAGE = {"accept": "text/html"}
SERVER = "https://kodning.example"
HERE = {"origin": SERVER}
HOUR = 3600.0


class Clock:
    """A time that passes when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    """Two accounts, whose passwords are hashed fast."""
    made = Accounts(tmp_path / "accounts.json", PasswordHasher(1, 8, 1))
    made.add("Anna", PASSWORD)
    made.add("Bo Bech", PASSWORD + " too")
    return made


@pytest.fixture
def door(accounts: Accounts, clock: Clock) -> AccountsDoor:
    return AccountsDoor(accounts, Sessions(accounts.stamp, clock), Throttle(clock))


def sign_in(browser: Any, name: str = "Anna", password: str = PASSWORD, **more: str) -> Any:
    return browser.post(
        "/sign-in", data={"name": name, "password": password} | more, headers=PAGE | HERE
    )


def at(door: AccountsDoor, client: str = "10.0.0.7") -> Any:
    return behind(door, url=SERVER, client=client)


def signed_in(door: AccountsDoor) -> Any:
    browser = at(door)
    assert sign_in(browser).status_code == 303
    return browser


def is_in(browser: Any) -> bool:
    return bool(browser.get("/").status_code == 200)


@pytest.mark.parametrize("path", PLACES)
def test_nothing_is_served_before_one_has_signed_in(path: str, door: AccountsDoor) -> None:
    for headers in ({}, {"cookie": "coder_session=guessed"}, {"x-coder-account": "Anna"}):
        answer = at(door).get(SERVER + path, headers=headers)
        assert answer.status_code == 403
        assert load_texts("en")("gate.signed_out") in answer.text
    with pytest.raises(WebSocketDisconnect), at(door).websocket_connect(SOCKET):
        pass


def test_a_page_asks_to_sign_in_and_leads_on(door: AccountsDoor) -> None:
    browser = at(door)
    asked = browser.get("/grid?study=x&lang=en", headers=PAGE)
    assert asked.status_code == 403
    assert 'name="to" value="/grid?study=x&amp;lang=en"' in asked.text
    assert 'action="/sign-in?lang=en"' in asked.text
    answer = sign_in(browser, to="/grid?study=x&lang=en")
    assert (answer.status_code, answer.headers["location"]) == (303, "/grid?study=x&lang=en")
    assert browser.get("/grid").json() == {"path": "/grid", "account": ["Anna"]}


@pytest.mark.parametrize(
    "to", ["//evil.example", "https://evil.example", "/\\evil.example", "", "/\nx"]
)
def test_it_leads_to_no_other_host(to: str, door: AccountsDoor) -> None:
    assert sign_in(at(door), to=to).headers["location"] == "/"


def test_the_cookie_is_for_this_site_and_no_script(door: AccountsDoor) -> None:
    cookie = sign_in(at(door)).headers["set-cookie"]
    assert {"HttpOnly", "SameSite=strict", "Path=/", "Secure"} <= set(cookie.split("; "))
    plain = behind(door, url="http://10.0.0.1:8501")
    origin = {"origin": "http://10.0.0.1:8501"}
    form = {"name": "Anna", "password": PASSWORD}
    assert "Secure" not in plain.post("/sign-in", data=form, headers=origin).headers["set-cookie"]
    proxied = plain.post("/sign-in", data=form, headers=origin | {"x-forwarded-proto": "https"})
    assert "Secure" in proxied.headers["set-cookie"]


def test_signing_in_gives_a_session_that_was_never_seen_before(door: AccountsDoor) -> None:
    """Else one could give somebody a session, wait, and share it (session fixation)."""
    browser = at(door)
    browser.cookies.set("coder_session", "chosen-by-another", domain="kodning.example")
    first = sign_in(browser).cookies["coder_session"]
    second = sign_in(browser).cookies["coder_session"]
    assert len({"chosen-by-another", first, second}) == 3
    for old in ("chosen-by-another", first):
        assert at(door).get("/", headers={"cookie": f"coder_session={old}"}).status_code == 403
    assert is_in(browser)


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("Anna", "wrong"),
        ("Anna", ""),
        ("Anna", PASSWORD + " too"),
        ("Anna", PASSWORD.upper()),
        ("nobody", PASSWORD),
        ("", ""),
        ("Anna", "x" * 5000),
        ("<script>", "<b>"),
    ],
)
def test_whatever_is_wrong_the_answer_is_the_same(
    name: str, password: str, door: AccountsDoor
) -> None:
    """Nobody learns which names there are."""
    answer = sign_in(at(door), name, password)
    assert answer.status_code == 403
    assert load_texts("da")("gate.wrong_password") in answer.text
    assert "set-cookie" not in answer.headers
    assert "<script" not in answer.text
    assert not password or len(password) < 3 or password not in answer.text


def test_a_name_without_an_account_takes_as_long(tmp_path: Path) -> None:
    made = Accounts(tmp_path / "accounts.json", PasswordHasher(1, 8192, 1))
    made.add("Anna", PASSWORD)

    def seconds(name: str) -> float:
        times = []
        for _ in range(5):
            begun = time.perf_counter()
            assert made.matching(name, "a wrong password") is None
            times.append(time.perf_counter() - begun)
        return min(times)

    assert seconds("nobody") > seconds("Anna") / 2


def test_wrong_passwords_make_one_wait_longer_and_longer(door: AccountsDoor, clock: Clock) -> None:
    browser = at(door)
    for _ in range(3):
        assert sign_in(browser, password="wrong").status_code == 403
    waits = []
    for _ in range(4):
        answer = sign_in(browser)  # even the right one is not looked at
        assert answer.status_code == 429
        wait = next(
            n for n in range(1, 100) if load_texts("da")("gate.wait", seconds=n) in answer.text
        )
        waits.append(wait)
        clock.now += wait
        assert sign_in(browser, password="wrong").status_code == 403
    assert waits == [1, 2, 4, 8]
    clock.now += 16
    assert sign_in(browser).status_code == 303
    assert sign_in(browser, password="wrong").status_code == 403  # it begins anew


def test_many_names_from_one_address_are_slowed_as_well(door: AccountsDoor) -> None:
    browser = at(door)
    found = [sign_in(browser, f"name {no}", "wrong").status_code for no in range(12)]
    assert found == [403] * 10 + [429] * 2
    assert sign_in(at(door, "10.0.0.8")).status_code == 303  # others are not


def test_many_addresses_for_one_name_can_not_lock_it_out_for_long(
    door: AccountsDoor, clock: Clock
) -> None:
    for no in range(200):
        sign_in(at(door, f"10.1.0.{no}"), password="wrong")
        clock.now += 31
    assert sign_in(at(door)).status_code == 303


def test_signing_out_ends_the_session_also_for_one_who_kept_the_cookie(door: AccountsDoor) -> None:
    browser = signed_in(door)
    kept = {"cookie": f"coder_session={browser.cookies['coder_session']}"}
    assert 'action="/sign-out?lang=da"' in browser.get("/sign-out", headers=PAGE).text
    assert is_in(browser)  # to look at the page changes nothing
    answer = browser.post("/sign-out", headers=HERE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert not is_in(browser)
    assert at(door).get("/", headers=kept).status_code == 403


def test_a_session_ends_when_it_is_not_used_and_when_it_is_old(
    door: AccountsDoor, clock: Clock
) -> None:
    browser = signed_in(door)
    clock.now += 1.9 * HOUR
    assert is_in(browser)
    clock.now += 2.1 * HOUR
    assert not is_in(browser)
    assert sign_in(browser).status_code == 303
    for _ in range(8):
        clock.now += 1.4 * HOUR
        assert is_in(browser)
    clock.now += 1.4 * HOUR
    assert not is_in(browser)


def test_a_session_ends_with_its_account_and_with_its_password(
    door: AccountsDoor, accounts: Accounts
) -> None:
    browser = signed_in(door)
    accounts.change_password("anna", PASSWORD)  # the same one again counts too
    assert not is_in(browser)
    sign_in(browser)
    assert is_in(browser)
    accounts.remove("Anna")
    accounts.add("Anna", PASSWORD)
    assert not is_in(browser)


def test_an_open_websocket_ends_with_the_session(door: AccountsDoor, accounts: Accounts) -> None:
    browser = signed_in(door)
    cookie = {"cookie": f"coder_session={browser.cookies['coder_session']}"}
    with browser.websocket_connect(SOCKET, headers=cookie) as socket:
        socket.send_text("I am ")
        assert socket.receive_text() == "I am Anna"
        accounts.remove("Anna")
        socket.send_text("still here")
        with pytest.raises(WebSocketDisconnect) as told:
            socket.receive_text()
    assert told.value.code == 1008


def test_a_name_in_any_letters_reaches_the_app(accounts: Accounts, door: AccountsDoor) -> None:
    accounts.add("Åse Ørsted\u00a0Ærø", PASSWORD)
    browser = at(door)
    assert sign_in(browser, "åse  ørsted ærø").status_code == 303
    assert browser.get("/").json()["account"] == ["%C3%85se%20%C3%98rsted%20%C3%86r%C3%B8"]


@pytest.mark.parametrize(
    "origin", [{}, {"origin": "https://evil.example"}, {"origin": "null"}], ids=str
)
def test_no_other_site_can_sign_one_in_or_out(origin: dict[str, str], door: AccountsDoor) -> None:
    form = {"name": "Anna", "password": PASSWORD}
    assert at(door).post("/sign-in", data=form, headers=origin).status_code == 403
    browser = signed_in(door)
    assert browser.post("/sign-out", headers=origin).status_code == 403
    assert is_in(browser)


@pytest.mark.parametrize("body", [b"x" * 100_000, b"\xff\xfe=1", b"a=1&" * 50, b""])
def test_a_form_that_is_none_signs_nobody_in(body: bytes, door: AccountsDoor) -> None:
    answer = at(door).post("/sign-in", content=body, headers=HERE)
    assert answer.status_code == 403
