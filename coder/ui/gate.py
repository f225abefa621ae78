"""The gate before the app: nothing behind it is served to one who may not come in.

Plain ASGI middleware, so that it stands before everything: pages, uploads, pictures, the files of
components, and the websocket through which a page is drawn. Who may come in is for a ``Door`` to
say; there is one for an access token and one for accounts.
"""

from __future__ import annotations

from typing import Protocol
from urllib.parse import quote, urlsplit

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, Response

from coder.i18n import LANGUAGES, load_texts
from coder.ui.gate_page import page
from coder.ui.headers import App, Message, Receive, Send

LOOPBACK = ("127.0.0.1", "localhost", "::1")
ACCOUNT_HEADER = "x-coder-account"  # which account sent this; only the gate can say so
_HEALTH = "/_stcore/health"  # says only that there is a server
_POLICY_VIOLATION = 1008  # of a websocket, RFC 6455


class Door(Protocol):
    """Who may come in."""

    only_here: bool  # whether none but this machine may ask

    async def meet(self, asking: HTTPConnection, receive: Receive) -> Response | None:
        """What one gets who comes for the door itself: a way in or out; None: no such thing."""

    def refusal(self, asking: HTTPConnection) -> Response:
        """What one gets who may not come in."""

    def admits(self, asking: HTTPConnection) -> str | None:
        """The account of one who may come in, "" where there are none; None: may not."""


class Gate:
    """ASGI middleware that lets through whom its door admits."""

    def __init__(self, app: App, door: Door) -> None:
        self.app = app
        self.door = door

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request, or hold one websocket."""
        if scope["type"] not in ("http", "websocket") or scope.get("path") == _HEALTH:
            return await self.app(scope, receive, send)
        asking = HTTPConnection(scope)
        answer = await self._answer(asking, receive)
        if answer is None:
            return await self._let_in(asking, receive, send)
        if asking.scope["type"] == "websocket":
            await receive()
            return await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
        answer.headers.setdefault("cache-control", "no-store")
        return await answer(scope, receive, send)

    async def _answer(self, asking: HTTPConnection, receive: Receive) -> Response | None:
        """What is said instead of what was asked for; None when it may be had."""
        if self.door.only_here and not _is_here(asking):
            return refused(asking, "gate.elsewhere")
        is_socket = asking.scope["type"] == "websocket"
        if is_socket and not same_origin(asking):
            return refused(asking, "gate.elsewhere")
        met = None if is_socket else await self.door.meet(asking, receive)
        if met is None and self.door.admits(asking) is None:
            return self.door.refusal(asking)
        return met

    async def _let_in(self, asking: HTTPConnection, receive: Receive, send: Send) -> None:
        account = self.door.admits(asking) or ""
        headers = [each for each in asking.scope["headers"] if each[0] != ACCOUNT_HEADER.encode()]
        if account:
            headers.append((ACCOUNT_HEADER.encode(), quote(account).encode()))
        scope = {**asking.scope, "headers": headers}
        if scope["type"] == "http":
            return await self.app(scope, receive, send)

        async def receive_while_admitted() -> Message:
            """A websocket stays open for hours, and an account may lose its right meanwhile."""
            message = await receive()
            if message["type"] != "websocket.receive" or self.door.admits(asking) == account:
                return message
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
            return {"type": "websocket.disconnect", "code": _POLICY_VIOLATION}

        return await self.app(scope, receive_while_admitted, send)


def refused(asking: HTTPConnection, key: str, status: int = 403) -> Response:
    """One sentence: on a page in the language of the one who asks, else in both languages."""
    if "text/html" in asking.headers.get("accept", ""):
        return page(asking, "refused", status, sentence=key)
    sentences = [load_texts(language)(key) for language in LANGUAGES]
    return PlainTextResponse("\n".join(sentences) + "\n", status)


def same_origin(asking: HTTPConnection) -> bool:
    """Whether a page of our own asks; a program that isn't a browser names no origin."""
    origin = asking.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == asking.headers.get("host")


def local_path(asking: HTTPConnection, without: str = "") -> str:
    """Path and query of what was asked for, but one parameter: always on this host."""
    path = "/" + quote(asking.url.path.lstrip("/\\"))
    query = "&".join(
        each for each in asking.url.query.split("&") if each and each.partition("=")[0] != without
    )
    return f"{path}?{query}" if query else path


def _is_here(asking: HTTPConnection) -> bool:
    """Whether this machine asks, for a name of this machine.

    The name guards against a page elsewhere that has its own name lead here (DNS rebinding).
    """
    client = asking.client.host if asking.client else ""
    return is_local_host(asking.headers.get("host", "")) and client in LOOPBACK


def is_local_host(host: str) -> bool:
    """Whether a Host header names this machine, with any port."""
    try:
        return urlsplit(f"//{host}").hostname in LOOPBACK
    except ValueError:
        return False
