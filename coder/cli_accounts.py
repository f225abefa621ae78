"""The command about local accounts. A password is asked for, never given on the command line."""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path

from coder.accounts import Accounts, ask_password, default_file
from coder.cli_output import say
from coder.i18n import Texts


def accounts(options: argparse.Namespace, texts: Texts) -> None:
    """Add, list and remove accounts, and change their passwords."""
    kept = Accounts(options.file or default_file())
    match options.act, options.name:
        case "list", _:
            for name in kept.names():
                print(name)
        case "add", name:
            kept.add(name, _password(texts))
            say(texts("cli.accounts.added", name=name, file=kept.file))
        case "password", name:
            kept.change_password(name, _password(texts))
            say(texts("cli.accounts.changed", name=name))
        case _, name:
            kept.remove(name)
            say(texts("cli.accounts.removed", name=name))


def accounts_arguments(command: argparse.ArgumentParser, texts: Texts) -> None:
    acts = ("add", "list", "remove", "password")
    command.add_argument("act", choices=acts, help=texts("cli.accounts.act"))
    command.add_argument(
        "name", nargs="?", default="", metavar="NAME", help=texts("cli.accounts.name")
    )
    command.add_argument("--file", type=Path, metavar="FILE", help=texts("cli.accounts.file"))


def _password(texts: Texts) -> str:
    """Asked for unseen at a keyboard; from a pipe, the two first lines."""
    ask = _ask_unseen if sys.stdin.isatty() else _next_line
    return ask_password(ask, texts("cli.accounts.ask"), texts("cli.accounts.ask_again"))


def _ask_unseen(prompt: str) -> str:
    return getpass.getpass(f"{prompt} ")


def _next_line(prompt: str) -> str:
    return sys.stdin.readline().rstrip("\n")
