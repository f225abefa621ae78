"""The door that a name and a password open: for a server that others can reach."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from urllib.parse import parse_qs

from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response

from coder.accounts import Accounts
from coder.ui.gate import local_path, refused, same_origin
from coder.ui.gate_page import page
from coder.ui.gate_sessions import Sessions
from coder.ui.gate_throttle import Throttle
from coder.ui.headers import Receive

COOKIE = "coder_session"
SIGN_IN, SIGN_OUT = "/sign-in", "/sign-out"
_LARGEST_FORM = 8192


class AccountsDoor:
    """Opens to those who have signed in. TLS is for the proxy before it."""

    only_here = False

    def __init__(self, accounts: Accounts, sessions: Sessions, throttle: Throttle) -> None:
        self._accounts = accounts
        self._sessions = sessions
        self._throttle = throttle
        # Argon2 takes 64 MiB for each password that it looks at.
        self._one_at_a_time = asyncio.Lock()

    async def meet(self, asking: HTTPConnection, receive: Receive) -> Response | None:
        """The pages to sign in and out, and what is sent from them."""
        path, method = asking.scope["path"], asking.scope["method"]
        if path not in (SIGN_IN, SIGN_OUT):
            return None
        if method == "POST":
            if not same_origin(asking) or "origin" not in asking.headers:
                return refused(asking, "gate.elsewhere")
            form = await _form(Request(asking.scope, receive))
            return await self._sign_in(asking, form) if path == SIGN_IN else self._sign_out(asking)
        if path == SIGN_OUT and self.admits(asking) is not None:
            return page(asking, "out")
        return _form_page(asking)

    def refusal(self, asking: HTTPConnection) -> Response:
        """One who opens a page is led to sign in, and from there to the page."""
        if asking.scope["type"] == "http" and "text/html" in asking.headers.get("accept", ""):
            return _form_page(asking, status=403, to=local_path(asking))
        return refused(asking, "gate.signed_out")

    def admits(self, asking: HTTPConnection) -> str | None:
        return self._sessions.account(asking.cookies.get(COOKIE, ""))

    async def _sign_in(self, asking: HTTPConnection, form: dict[str, str]) -> Response:
        name, address = form.get("name", ""), asking.client.host if asking.client else ""
        wait = self._throttle.wait(name, address)
        if wait:
            return _again(asking, form, 429, "gate.wait", seconds=wait)
        self._throttle.wrong(name, address)
        async with self._one_at_a_time:
            account = await asyncio.to_thread(
                self._accounts.matching, name, form.get("password", "")
            )
        if account is None:
            return _again(asking, form, 403, "gate.wrong_password")
        self._throttle.right(name, address)
        self._sessions.end(asking.cookies.get(COOKIE, ""))
        answer = RedirectResponse(_safe(form.get("to", "")), HTTPStatus.SEE_OTHER)
        _set_cookie(answer, asking, self._sessions.begin(account))
        return answer

    def _sign_out(self, asking: HTTPConnection) -> Response:
        self._sessions.end(asking.cookies.get(COOKIE, ""))
        answer = RedirectResponse(SIGN_IN, HTTPStatus.SEE_OTHER)
        answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
        # Of what it keeps only the cache: a decision not yet sent is kept there too.
        answer.headers["clear-site-data"] = '"cache"'
        return answer


def _set_cookie(answer: Response, asking: HTTPConnection, id: str) -> None:
    proxied = asking.headers.get("x-forwarded-proto") == "https"
    secure = proxied or asking.url.scheme == "https"
    answer.set_cookie(COOKIE, id, httponly=True, samesite="strict", path="/", secure=secure)


def _form_page(
    asking: HTTPConnection,
    status: int = 200,
    sentence: str = "",
    to: str = "/",
    name: str = "",
    **values: object,
) -> Response:
    return page(asking, "sign_in", status, sentence, to=to, name=name, **values)


def _again(
    asking: HTTPConnection, form: dict[str, str], status: int, sentence: str, **values: object
) -> Response:
    to, name = _safe(form.get("to", "")), form.get("name", "")
    return _form_page(asking, status, sentence, to, name, **values)


async def _form(request: Request) -> dict[str, str]:
    """The fields of a form, the first value of each; what is too large is read as none."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST_FORM:
            return {}
    try:
        fields = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=10)
    except ValueError:
        return {}
    return {name: values[0] for name, values in fields.items()}


def _safe(to: str) -> str:
    """An address on this host, and none that a browser would take for another."""
    plain = to.isprintable() and "\\" not in to
    return to if plain and to.startswith("/") and not to.startswith("//") else "/"
