"""The door that an access token opens: for one's own use, on a machine that several may share."""

from __future__ import annotations

import hmac
import os
import re
import secrets
from pathlib import Path

from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, RedirectResponse, Response

from coder.errors import UserError
from coder.ui.gate import local_path, refused
from coder.ui.gate_page import page
from coder.ui.headers import Receive

_TOKEN = re.compile(r"[\w.~-]{20,200}", re.ASCII)


class TokenDoor:
    """Opens to those whose address or cookie has the token.

    port : part of the cookie's name, since all servers of a machine share their cookies.
    """

    only_here = True

    def __init__(self, token: str, port: int) -> None:
        self._token = token
        self._cookie = f"coder_token_{port}"

    async def meet(self, asking: HTTPConnection, receive: Receive) -> Response | None:
        """Turns the token in an address into a cookie, and leads on to the address without it."""
        given = asking.query_params.get("token")
        if given is None or asking.scope["method"] != "GET":
            return None
        if not self._is_token(given):
            return refused(asking, "gate.wrong_token")
        to = local_path(asking, without="token")
        # Had another site led here, the browser would keep a strict cookie back on the way on; one
        # step that begins on a page of ours makes the difference.
        led = asking.headers.get("sec-fetch-site") == "cross-site"
        answer = _step(asking, to) if led else RedirectResponse(to, 303)
        answer.set_cookie(self._cookie, self._token, httponly=True, samesite="strict", path="/")
        return answer

    def refusal(self, asking: HTTPConnection) -> Response:
        return refused(asking, "gate.no_token")

    def admits(self, asking: HTTPConnection) -> str | None:
        return "" if self._is_token(asking.cookies.get(self._cookie, "")) else None

    def _is_token(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self._token.encode())


class OpenDoor:
    """Open to everyone on this machine: what ``--no-token`` asks for."""

    only_here = True

    async def meet(self, asking: HTTPConnection, receive: Receive) -> Response | None:
        return None

    def refusal(self, asking: HTTPConnection) -> Response:
        return refused(asking, "gate.elsewhere")

    def admits(self, asking: HTTPConnection) -> str | None:
        return ""


def find_token(file: Path | None = None) -> str:
    """The token in the file, else in ``CODER_TOKEN``; a new one where neither says.

    Raises ``UserError`` when others may read the file, or what is in it is too short.
    """
    given = _from_file(file) if file else os.environ.get("CODER_TOKEN", "")
    if not given:
        return secrets.token_urlsafe(32)
    if not _TOKEN.fullmatch(given):
        raise UserError("app.token_unfit")
    return given


def _from_file(file: Path) -> str:
    try:
        if os.name == "posix" and file.stat().st_mode & 0o077:
            raise UserError("app.token_open", file=file)
        return file.read_text("utf-8").strip() or " "
    except FileNotFoundError as error:
        raise UserError("file.missing", path=file) from error
    except (OSError, UnicodeDecodeError) as error:
        raise UserError("file.unreadable", path=file, kind="UTF-8") from error


def _step(asking: HTTPConnection, to: str) -> HTMLResponse:
    return page(asking, "step", to=to)
