"""The door for OpenID Connect: Streamlit signs people in, and a page shows nothing before it has.

Who may come in stands in ``secrets.toml`` under ``[coder]``, since everyone can have an account at
most providers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec

import streamlit as st
from starlette.requests import HTTPConnection
from starlette.responses import Response

from coder.errors import UserError
from coder.ui.gate import refused
from coder.ui.headers import Receive


class ProviderDoor:
    """Lets everyone as far as the page that asks them to sign in."""

    only_here = False

    async def meet(self, asking: HTTPConnection, receive: Receive) -> Response | None:
        return None

    def refusal(self, asking: HTTPConnection) -> Response:
        return refused(asking, "gate.signed_out")

    def admits(self, asking: HTTPConnection) -> str | None:
        return ""


def has_provider() -> bool:
    """Whether ``secrets.toml`` says where to sign in."""
    return st.secrets.load_if_toml_exists() and "auth" in st.secrets


def check_provider() -> None:
    """Raise ``UserError`` for what is missing before anyone could sign in."""
    if not has_provider():
        raise UserError("app.no_auth")
    if find_spec("authlib") is None:
        raise UserError("app.no_authlib")
    if not _allowed():
        raise UserError("app.no_allowed")


def provider_account() -> str | None:
    """The mail address of who has signed in, "" if that one may not come in; None before."""
    if not st.user.is_logged_in:
        return None
    return known_account(st.user.to_dict(), _allowed())


def known_account(claims: Mapping[str, object], allowed: Sequence[str]) -> str:
    """The mail address in what a provider says of somebody, if it is allowed; else ""."""
    address = str(claims.get("email") or "").strip().casefold()
    if "@" not in address or claims.get("email_verified") in (False, "false"):
        return ""
    domain = address[address.rindex("@") :]
    return address if {address, domain} & {each.casefold() for each in allowed} else ""


def _allowed() -> list[str]:
    """Mail addresses, and domains that begin with an @."""
    return [str(each) for each in st.secrets.get("coder", {}).get("allowed", [])]
