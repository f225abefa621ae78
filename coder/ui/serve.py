"""Start the app's server with safe settings."""

from __future__ import annotations

import os
import socket
from importlib.resources import files
from typing import Any

import streamlit as st
from starlette.middleware import Middleware

from coder.errors import UserError
from coder.place import Database, Place
from coder.study import Study
from coder.ui.headers import SafeHeaders

_LOOPBACK = ("127.0.0.1", "localhost", "::1")

# `.streamlit/config.toml` says the same to `streamlit run app_streamlit.py`; a test compares them.
SETTINGS: dict[str, Any] = {
    "server.address": "127.0.0.1",
    # A page elsewhere could have its own name lead here, and would be taken for this one.
    "server.allowedHosts": list(_LOOPBACK),
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


def check_can_serve(study: Place | None, address: str, port: int) -> None:
    """Raise ``UserError`` for what ``serve`` could not do.

    That is a study that can't be opened, a port that is taken, and an address that others on the
    network could reach, since the app has no sign-in yet.
    """
    if address not in _LOOPBACK:
        raise UserError("app.not_loopback", address=address)
    if study:
        Study.open(study)
    _check_port(address, port)


def serve(study: Place | None, address: str, port: int, browser: bool) -> None:
    """Run the app until it is stopped; ``study`` None stands for the demo study."""
    check_can_serve(study, address, port)
    if study:
        # Where nobody sees it: a list of processes shows what a command was given, not this.
        kept_in = study.url if isinstance(study, Database) else str(study.resolve())
        os.environ["CODER_STUDY"] = kept_in
    settings = {"server.address": address, "server.port": port, "server.headless": not browser}
    script = str(files("coder.ui").joinpath("_entry.py"))
    st.App(script, middleware=[Middleware(SafeHeaders)]).run(config=SETTINGS | settings)


def _check_port(address: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except (OSError, OverflowError) as error:
            raise UserError("app.port_taken", port=port) from error
