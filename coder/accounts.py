"""Local accounts: who may sign in where the app is served to others, and their passwords' hashes.

One JSON file, readable by its owner only. It belongs to the machine that serves, not to a study.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import platformdirs
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from coder.errors import UserError
from coder.files import replacing

MIN_LENGTH = 12  # of a password, in characters; NIST SP 800-63B asks for 8 at the least
MAX_LENGTH = 256

_Hashes = dict[str, str]


class Accounts:
    """The accounts in a file; every question is answered from the file as it is now.

    hasher : how passwords are hashed: Argon2id, with what RFC 9106 recommends where memory is
    scarce (64 MiB, three passes).
    """

    def __init__(self, file: Path, hasher: PasswordHasher | None = None) -> None:
        self.file = file
        self._hasher = hasher or PasswordHasher()
        # A name without an account is compared with this, so that it takes as long.
        self._nobody = self._hasher.hash(os.urandom(16))

    def names(self) -> list[str]:
        """The names of all accounts, in the order of the alphabet."""
        return sorted(self._read())

    def add(self, name: str, password: str) -> None:
        """Make an account; ``UserError`` when the name is taken or something is unfit."""
        name, hashes = _tidy(name), self._read()
        if not name:
            raise UserError("accounts.no_name")
        if _find(hashes, name):
            raise UserError("accounts.exists", name=name)
        self._write(hashes | {name: self._hashed(name, password)})

    def change_password(self, name: str, password: str) -> None:
        """Give an account another password, which ends its sessions."""
        hashes = self._read()
        name = self._known(hashes, name)
        self._write(hashes | {name: self._hashed(name, password)})

    def remove(self, name: str) -> None:
        """Take an account away, which ends its sessions. Its decisions stay."""
        hashes = self._read()
        del hashes[self._known(hashes, name)]
        self._write(hashes)

    def matching(self, name: str, password: str) -> str | None:
        """The account's name as it was made, if this is its password; else None.

        Takes as long for a name that has no account.
        """
        hashes = self._read()
        known = _find(hashes, name)
        given = password if len(password) <= MAX_LENGTH else ""
        try:
            self._hasher.verify(hashes[known] if known else self._nobody, given)
        except (VerifyMismatchError, InvalidHashError):
            return None
        return known

    def stamp(self, name: str) -> str | None:
        """What is another after each change of the password; None when there is no such account."""
        return self._read().get(name)

    def _known(self, hashes: _Hashes, name: str) -> str:
        known = _find(hashes, name)
        if known is None:
            raise UserError("accounts.missing", name=name, file=self.file)
        return known

    def _hashed(self, name: str, password: str) -> str:
        check_password(name, password)
        return self._hasher.hash(password)

    def _read(self) -> _Hashes:
        """The hash of each name's password; empty when there is no file."""
        try:
            if os.name == "posix" and self.file.stat().st_mode & 0o077:
                raise UserError("accounts.open_to_others", file=self.file)
            content = json.loads(self.file.read_text("utf-8"))
            return {str(name): str(hashed) for name, hashed in content.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, AttributeError) as error:
            raise UserError("file.unreadable", path=self.file, kind="JSON") from error

    def _write(self, hashes: _Hashes) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with replacing(self.file, mode=0o600) as draft:
            draft.write_text(json.dumps(hashes, ensure_ascii=False, indent=1), "utf-8")


def check_password(name: str, password: str) -> None:
    """Raise ``UserError`` for a password that is too short, too long or little but the name."""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise UserError("accounts.password_length", least=MIN_LENGTH, most=MAX_LENGTH)
    # The whole name, several times over or with little added to it, is the first that is guessed.
    if len(_folded(password).replace(_folded(name), "")) < MIN_LENGTH // 2:
        raise UserError("accounts.password_is_name")


def ask_password(ask: Callable[[str], str], first: str, again: str) -> str:
    """A password asked for twice; ``UserError`` when the two differ."""
    password = ask(first)
    if ask(again) != password:
        raise UserError("accounts.passwords_differ")
    return password


def default_file() -> Path:
    """The accounts of this machine's user, unless ``CODER_ACCOUNTS`` names another file."""
    named = os.environ.get("CODER_ACCOUNTS")
    folder = platformdirs.user_config_path("coder-open-answers", appauthor=False)
    return Path(named) if named else folder / "accounts.json"


def _find(hashes: _Hashes, name: str) -> str | None:
    """The name as it was made: upper and lower case are the same, as for coders in a study."""
    wanted = _folded(_tidy(name))
    return next((each for each in hashes if _folded(each) == wanted), None)


def _tidy(name: str) -> str:
    return " ".join(name.split())


def _folded(text: str) -> str:
    return text.casefold()
