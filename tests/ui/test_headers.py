"""The headers: on every answer over HTTP, on no websocket, and what the policy says."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Coroutine
from importlib.resources import files

import pytest

from coder.ui.headers import Message, Receive, SafeHeaders, Send, policy, safe_headers

Inner = Callable[[Message, Receive, Send], Coroutine[None, None, None]]


def sent(inner: Inner, kind: str) -> list[Message]:
    """What leaves the middleware when `inner` answers a request of this kind."""
    found: list[Message] = []

    async def send(message: Message) -> None:
        found.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    with pytest.raises(StopIteration):  # nothing here waits, so it needs no loop of events
        SafeHeaders(inner)({"type": kind}, receive, send).send(None)
    return found


async def answer(scope: Message, receive: Receive, send: Send) -> None:
    assert (await receive())["type"] == "http.request"
    headers = [(b"content-type", b"text/html")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"hello"})


async def bare(scope: Message, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 304})


async def join(scope: Message, receive: Receive, send: Send) -> None:
    await send({"type": "websocket.accept", "headers": []})


def test_an_answer_keeps_its_headers_and_gets_ours() -> None:
    start, body = sent(answer, "http")
    ours = [(name.encode(), value.encode()) for name, value in safe_headers().items()]
    assert start["headers"] == [(b"content-type", b"text/html"), *ours]
    assert (start["status"], body["body"]) == (200, b"hello")


def test_an_answer_without_headers_gets_them() -> None:
    (start,) = sent(bare, "http")
    assert b"content-security-policy" in dict(start["headers"])


def test_a_websocket_is_left_alone() -> None:
    assert sent(join, "websocket") == [{"type": "websocket.accept", "headers": []}]


def test_headers_are_one_line_of_ascii() -> None:
    for name, value in safe_headers().items():
        assert (name + value).isascii()
        assert (name + value).isprintable()
        assert name == name.lower()


def directives() -> dict[str, set[str]]:
    found = (each.split() for each in policy().split("; "))
    return {name: set(values) for name, *values in found}


def test_no_other_host_is_asked_for_anything() -> None:
    here = {"'self'", "'none'", "data:", "blob:", "ws://127.0.0.1:*", "ws://localhost:*"}
    for name, values in directives().items():
        hosts = {each for each in values if not each.startswith(("'sha256-", "'unsafe", "'wasm"))}
        assert hosts <= here, name


def test_no_script_comes_from_a_text() -> None:
    scripts = directives()["script-src"]
    assert not scripts & {"'unsafe-inline'", "'unsafe-eval'", "data:", "*"}
    assert directives()["default-src"] == {"'none'"}  # objects, frames and the like


def test_streamlits_own_inline_script_may_run() -> None:
    page = files("streamlit").joinpath("static", "index.html").read_text("utf-8")
    script = page.partition("<script>")[2].partition("</script>")[0]
    assert "prerenderReady" in script
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in directives()["script-src"]


@pytest.mark.parametrize("name", ["base-uri", "form-action", "frame-ancestors"])
def test_what_no_default_covers_is_said(name: str) -> None:
    assert directives()[name] <= {"'self'", "'none'"}
