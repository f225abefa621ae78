"""Who is at the other end of a browser session, as far as the server knows."""

from __future__ import annotations

from typing import Literal
from urllib.parse import unquote

import streamlit as st

from coder.ui.gate import ACCOUNT_HEADER, LOOPBACK, is_local_host
from coder.ui.gate_provider import provider_account

Served = Literal["script", "here", "accounts", "oidc"]

# How this process serves the app: as a script, by `streamlit run`, unless `serve` says else.
_served: Served = "script"


def serving(how: Served) -> None:
    """Say, before the server starts, what stands before it."""
    global _served
    _served = how


def account() -> str | None:
    """The account that this session is of, "" for one that may not come in; None: there is none.

    Only what the gate or the provider says counts; what a browser says of itself does not.
    """
    if _served == "accounts":
        return unquote(st.context.headers.get(ACCOUNT_HEADER, ""))
    return provider_account() if _served == "oidc" else None


def must_sign_in() -> bool:
    """Whether the page has to ask for that before it shows anything."""
    return _served == "oidc" and account() is None


def refusal() -> str | None:
    """The key of the sentence why this session is shown nothing; None when it may go on."""
    if _served == "script" and not _is_here():
        return "gate.streamlit_elsewhere"
    return "gate.not_allowed" if account() == "" else None


def sign_out_here() -> bool:
    """Whether it is Streamlit that signs out; else the gate has a page for it."""
    return _served == "oidc"


def _is_here() -> bool:
    headers = st.context.headers
    if not headers:  # no browser at all: the script is run by a test
        return True
    listens_here = st.get_option("server.address") in LOOPBACK
    asks_from_here = st.context.ip_address is None  # so Streamlit calls this machine
    return listens_here and asks_from_here and is_local_host(headers.get("host", ""))
