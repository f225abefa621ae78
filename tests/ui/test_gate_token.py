"""The access token: nothing is served without it, and it is soon out of sight."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.websockets import WebSocketDisconnect

from coder.i18n import LANGUAGES, load_texts
from coder.ui.gate_token import OpenDoor, TokenDoor, find_token
from coder.ui.open_browser import leading_to
from tests.fixtures import refused
from tests.ui.gates import PLACES, SOCKET, behind

TOKEN = "a-token-that-is-long-enough"
PAGE = {"accept": "text/html,*/*;q=0.8"}


def door() -> TokenDoor:
    return TokenDoor(TOKEN, 8501)


@pytest.mark.parametrize("path", PLACES)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_nothing_is_served_without_the_token(path: str, method: str) -> None:
    answer = behind(door()).request(method, f"http://127.0.0.1:8501{path}")
    assert answer.status_code == 403
    sentences = [load_texts(language)("gate.no_token") for language in LANGUAGES]
    assert answer.text.splitlines() == sentences
    assert "set-cookie" not in answer.headers


def test_a_page_is_refused_in_the_language_of_who_asks() -> None:
    browser = behind(door())
    for header, query, language in [
        ("en-GB,en", "", "en"),
        ("da-DK,en", "", "da"),
        ("de", "", "da"),
        ("en", "?lang=da", "da"),
    ]:
        answer = browser.get(f"/coding{query}", headers=PAGE | {"accept-language": header})
        assert answer.status_code == 403
        assert f'<html lang="{language}">' in answer.text
        assert load_texts(language)("gate.no_token")[:40] in answer.text
        assert "<script" not in answer.text


def test_no_websocket_without_the_token() -> None:
    with pytest.raises(WebSocketDisconnect) as told, behind(door()).websocket_connect(SOCKET):
        pass
    assert told.value.code == 1008


def test_a_server_may_be_asked_whether_it_is_there() -> None:
    assert behind(door()).get("/_stcore/health").status_code == 200


def test_the_link_leads_to_where_it_said_without_the_token() -> None:
    browser = behind(door())
    answer = browser.get(f"/grid?study=a%26b&token={TOKEN}&lang=en")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/grid?study=a%26b&lang=en"
    assert answer.headers["cache-control"] == "no-store"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"coder_token_8501={TOKEN};")
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
    assert browser.get("/grid").json() == {"path": "/grid", "account": []}
    with browser.websocket_connect(SOCKET) as socket:
        socket.send_text("hello")
        assert socket.receive_text() == "hello"


def test_a_link_on_another_site_takes_one_step_more() -> None:
    """A redirect would take it without the strict cookie; a page of ours sends it along."""
    answer = behind(door()).get(f"/?token={TOKEN}", headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 200
    assert '<meta http-equiv="refresh" content="0; url=/">' in answer.text
    assert TOKEN in answer.headers["set-cookie"]
    assert TOKEN not in answer.text


@pytest.mark.parametrize("path", ["//example.org/x", "/\\example.org", "/%5Cexample.org"])
def test_the_link_leads_to_no_other_host(path: str) -> None:
    answer = behind(door()).get(f"http://127.0.0.1:8501{path}?token={TOKEN}")
    to = answer.headers["location"]
    assert to.startswith("/")
    assert not to.startswith(("//", "/\\"))


@pytest.mark.parametrize("given", ["", "x", TOKEN[:-1], TOKEN + "x", TOKEN.upper(), "æ"])
def test_another_token_opens_nothing(given: str) -> None:
    browser = behind(door())
    assert browser.get("/", params={"token": given}).status_code == 403
    cookie = {"cookie": f"coder_token_8501={given}".encode()}
    assert browser.get("/", headers=cookie).status_code == 403


@pytest.mark.parametrize(
    "host", ["evil.example:8501", "127.0.0.1.evil.example", "", "[::1", "10.0.0.5"]
)
def test_no_name_of_another_machine_is_taken(host: str) -> None:
    """A page elsewhere could have its own name lead here, to read what is served (rebinding)."""
    for either in (door(), OpenDoor()):
        headers = {"host": host, "cookie": f"coder_token_8501={TOKEN}"}
        assert behind(either).get("/", headers=headers).status_code == 403


def test_no_other_machine_is_served() -> None:
    for either in (door(), OpenDoor()):
        headers = {"cookie": f"coder_token_8501={TOKEN}"}
        assert behind(either, client="10.0.0.5").get("/", headers=headers).status_code == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "http://127.0.0.1:9000", "null"])
def test_no_page_of_another_origin_opens_a_websocket(origin: str) -> None:
    headers = {"origin": origin, "cookie": f"coder_token_8501={TOKEN}"}
    with (
        pytest.raises(WebSocketDisconnect),
        behind(door()).websocket_connect(SOCKET, headers=headers),
    ):
        pass


def test_nobody_can_call_themselves_an_account() -> None:
    headers = {"x-coder-account": "Anna", "cookie": f"coder_token_8501={TOKEN}"}
    assert behind(door()).get("/", headers=headers).json()["account"] == []


def test_each_start_has_a_token_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CODER_TOKEN", raising=False)
    first, second = find_token(), find_token()
    assert first != second
    assert len(first) >= 40
    monkeypatch.setenv("CODER_TOKEN", TOKEN)
    assert find_token() == TOKEN


def test_a_token_in_a_file_is_its_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.touch(mode=0o600)
    file.write_text(TOKEN + "\n")
    assert find_token(file) == TOKEN
    file.chmod(0o640)
    with refused("app.token_open", file=file):
        find_token(file)
    with refused("file.missing"):
        find_token(tmp_path / "none")


@pytest.mark.parametrize("text", ["", "short", "a token with spaces in it", "x" * 201])
def test_a_token_that_could_be_guessed_or_does_not_fit_an_address(
    text: str, tmp_path: Path
) -> None:
    file = tmp_path / "token"
    file.touch(mode=0o600)
    file.write_text(text)
    with refused("app.token_unfit"):
        find_token(file)


def test_the_list_of_processes_does_not_show_the_link(tmp_path: Path) -> None:
    """What a browser is started with can be read by everyone on the machine; this file can't."""
    file = leading_to(f"http://127.0.0.1:8501/?token={TOKEN}", tmp_path)
    assert file.stat().st_mode & 0o077 == 0
    assert TOKEN not in str(file)
    assert f"url=http://127.0.0.1:8501/?token={TOKEN}" in file.read_text()
