"""The commands about accounts and roles. A password is asked for, never an argument."""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path
from typing import get_args

from coder.accounts import Accounts, ask_password, default_file
from coder.cli_output import print_rows, say
from coder.errors import UserError
from coder.i18n import Texts
from coder.model import CoderRole, SetRole
from coder.study import Study


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


def roles(options: argparse.Namespace, texts: Texts) -> None:
    """Tell who may do what in a study, or let a lead give a role."""
    study = Study.open(options.study)
    if options.name:
        if not (options.role and options.by):
            raise UserError("accounts.role_incomplete")
        # The lead joins first: of two who are new, it is the one who gives the role.
        lead = study.coder(options.by)
        study.decide(lead, SetRole(study.coder(options.name), options.role))
    state = study.state
    rows = [
        {
            texts("column.coder"): name,
            texts("column.role"): texts(f"coder_role.{state.role(coder)}"),
        }
        for coder, name in state.coders.items()
    ]
    print_rows(rows)


def roles_arguments(command: argparse.ArgumentParser, texts: Texts) -> None:
    command.add_argument("study", type=Path, metavar="STUDY", help=texts("cli.study"))
    command.add_argument("name", nargs="?", metavar="NAME", help=texts("cli.roles.name"))
    command.add_argument(
        "role",
        nargs="?",
        choices=get_args(CoderRole),
        metavar="ROLE",
        help=texts("cli.roles.role"),
    )
    command.add_argument("--by", metavar="NAME", help=texts("cli.roles.by"))


def _password(texts: Texts) -> str:
    """Asked for unseen at a keyboard; from a pipe, the two first lines."""
    ask = _ask_unseen if sys.stdin.isatty() else _next_line
    return ask_password(ask, texts("cli.accounts.ask"), texts("cli.accounts.ask_again"))


def _ask_unseen(prompt: str) -> str:
    return getpass.getpass(f"{prompt} ")


def _next_line(prompt: str) -> str:
    return sys.stdin.readline().rstrip("\n")
