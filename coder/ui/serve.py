"""Start the app's server with safe settings."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Route

from coder.accounts import Accounts, default_file
from coder.errors import UserError
from coder.place import Database, Place
from coder.study import Study
from coder.ui import news, who
from coder.ui.gate import LOOPBACK, Door, Gate
from coder.ui.gate_accounts import AccountsDoor
from coder.ui.gate_provider import ProviderDoor, check_provider, has_provider
from coder.ui.gate_sessions import Sessions
from coder.ui.gate_throttle import Throttle
from coder.ui.gate_token import OpenDoor, TokenDoor, find_token
from coder.ui.headers import SafeHeaders
from coder.ui.open_browser import open_when_up

SignIn = Literal["accounts", "oidc"]

# `.streamlit/config.toml` says the same to `streamlit run app_streamlit.py`; a test compares them.
SETTINGS: dict[str, Any] = {
    "server.address": "127.0.0.1",
    # A page elsewhere could have its own name lead here, and would be taken for this one.
    "server.allowedHosts": list(LOOPBACK),
    "server.maxUploadSize": 200,
    "server.enableXsrfProtection": True,
    "server.enableCORS": True,
    "server.fileWatcherType": "none",
    "server.showEmailPrompt": False,
    "browser.gatherUsageStats": False,
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    # A slider that is put back to where it began has both a default and a value that was set.
    "global.disableWidgetStateDuplicationWarning": True,
    "runner.magicEnabled": False,
    # The default collects garbage after every run, 60 ms that every key press would wait for.
    "runner.postScriptGC": False,
    "theme.base": "light",
    "theme.primaryColor": "#0b6e6e",
    "theme.backgroundColor": "#ffffff",
    "theme.secondaryBackgroundColor": "#f3f6f5",
    "theme.textColor": "#1c2b2a",
    "theme.borderColor": "#d5dedc",
    "theme.baseRadius": "0.5rem",
    "theme.headingFontSizes": ["2rem", "1.25rem", "1.25rem", "1.1rem", "1rem", "0.9rem"],
    "theme.showWidgetBorder": True,
    "theme.sidebar.backgroundColor": "#eef3f2",
}

# Streamlit would open and print an address that has no token.
OWN: dict[str, Any] = {"server.headless": True, "logger.hideWelcomeMessage": True}


@dataclass(frozen=True)
class Entrance:
    """The door before the app, and the address that leads through it."""

    door: Door
    served: who.Served
    link: str


def entrance(
    address: str,
    port: int,
    sign_in: SignIn | None = None,
    token_file: Path | None = None,
    no_token: bool = False,
) -> Entrance:
    """How people come in: by a link with a token on this machine, by signing in elsewhere.

    Raises ``UserError`` when nobody could sign in, or when everyone on the network could come in
    without it.
    """
    url = f"http://[{address}]:{port}" if ":" in address else f"http://{address}:{port}"
    if no_token and (sign_in or address not in LOOPBACK):
        raise UserError("app.token_elsewhere")
    if sign_in is None and address in LOOPBACK:
        if no_token:
            return Entrance(OpenDoor(), "here", f"{url}/")
        token = find_token(token_file)
        return Entrance(TokenDoor(token, port), "here", f"{url}/?token={token}")
    accounts = Accounts(default_file())
    if sign_in == "oidc" or (sign_in is None and has_provider()):
        check_provider()
        return Entrance(ProviderDoor(), "oidc", f"{url}/")
    if not accounts.names():
        if sign_in:
            raise UserError("app.no_accounts", file=accounts.file)
        raise UserError("app.no_sign_in", address=address)
    door = AccountsDoor(accounts, Sessions(accounts.stamp), Throttle())
    return Entrance(door, "accounts", f"{url}/")


def check_can_serve(study: Place | None, address: str, port: int) -> None:
    """Raise ``UserError`` for a study that can't be opened, and for a port that is taken."""
    if study:
        Study.open(study)
    _check_port(address, port)


def serve(study: Place | None, address: str, port: int, browser: bool, way: Entrance) -> None:
    """Run the app until it is stopped; ``study`` None stands for the demo study."""
    check_can_serve(study, address, port)
    if study:
        # Where nobody sees it: a list of processes shows what a command was given, not this.
        kept_in = study.url if isinstance(study, Database) else str(study.resolve())
        os.environ["CODER_STUDY"] = kept_in
    settings: dict[str, Any] = {"server.address": address, "server.port": port}
    if way.served != "here":
        settings["server.allowedHosts"] = []  # the name that others know it by is the proxy's
    who.serving(way.served)
    if browser:
        open_when_up(way.link)
    script = str(files("coder.ui").joinpath("_entry.py"))
    guards = [Middleware(SafeHeaders), Middleware(Gate, door=way.door)]
    st.App(script, routes=[Route("/news/{key}", news.pulse)], middleware=guards).run(
        config=SETTINGS | OWN | settings
    )


def _check_port(address: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except (OSError, OverflowError) as error:
            raise UserError("app.port_taken", port=port) from error
