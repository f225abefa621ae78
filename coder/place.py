"""Where a study is kept: in a file, or in a database that several programs share."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

_SECRETS = re.compile(r"(://[^:/?#\s]*):\S*@|(\w*password=)[^&\s]*", re.IGNORECASE)


@dataclass(frozen=True)
class Database:
    """A PostgreSQL database that holds one study. In words it is its address, but no password."""

    url: str = field(repr=False)

    def __str__(self) -> str:
        return without_password(self.url.partition("?")[0])

    @property
    def stem(self) -> str:
        """The name of the database, as a file's name without its ending."""
        return str(self).partition("://")[2].rpartition("/")[2]


Place = Path | Database


def place_of(text: str) -> Place:
    """What the user calls a study: the path of a file, or the address of a database."""
    return Database(text) if re.match(r"[a-z][a-z\d+.-]*://", text, re.IGNORECASE) else Path(text)


def without_password(text: str) -> str:
    """The text, in which the addresses of databases have lost their passwords."""
    return _SECRETS.sub(lambda found: f"{found[1]}@" if found[1] else f"{found[2]}…", text)
