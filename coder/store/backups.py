"""Copies of a study's file in a folder beside it: one a day, and one before each large change.

A database that is no file is backed up by those who run it, with ``pg_dump``.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from coder.errors import UserError
from coder.files import replacing
from coder.place import Database, Place

KEPT = 14  # of each of the two sorts
_STEPS = 1000  # pages that are copied at a time; between them others may write


def backups_of(place: Place) -> list[Path]:
    """The backups of a study, the oldest first; none of one that is no file."""
    if isinstance(place, Database):
        return []
    found = _folder(place).glob(f"{place.stem}-*.db")
    return sorted(found, key=lambda each: (each.stat().st_mtime_ns, each.name))


def back_up(path: Path, purpose: str) -> Path:
    """Copy a study's file before something large is done to it; where the copy is.

    purpose : a word or two for the name of the copy. Raises ``UserError`` when it can't be made.
    """
    return _copied(path, f"{datetime.now(UTC):%Y-%m-%d-%H%M%S-%f}-before-{purpose}")


def back_up_today(path: Path) -> Path | None:
    """Copy a study's file, unless that was done today or nothing is new; where the copy is."""
    name = f"{datetime.now(UTC):%Y-%m-%d}"
    if _copy(path, name).exists() or any(map(_ends(path).__eq__, map(_ends, backups_of(path)))):
        return None
    return _copied(path, name)


def broken(path: Path) -> UserError:
    """What is said of a file that has been damaged, and where the latest backup is."""
    kept = backups_of(path)
    if kept:
        return UserError("study.broken_backed_up", path=path, backup=kept[-1])
    return UserError("study.broken", path=path)


def _folder(path: Path) -> Path:
    return path.with_suffix(".backups")


def _copy(path: Path, name: str) -> Path:
    return _folder(path) / f"{path.stem}-{name}.db"


def _copied(path: Path, name: str) -> Path:
    copy = _copy(path, name)
    mode = path.stat().st_mode & 0o777  # who may not read the study may not read its backup
    try:
        copy.parent.mkdir(exist_ok=True)
    except OSError as error:
        raise UserError("file.unwritable", path=copy, reason=error.strerror or error) from error
    with replacing(copy, mode) as draft:
        _copy_pages(path, draft)
    _forget_old(path, daily="before" not in name)
    return copy


def _copy_pages(path: Path, draft: Path) -> None:
    """The file as of one moment, also while others write to it."""
    try:
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(draft)) as target:
            source.backup(target, pages=_STEPS, sleep=0.01)
    except sqlite3.Error as error:
        raise UserError("study.no_backup", path=path, reason=error) from error


def _forget_old(path: Path, daily: bool) -> None:
    same = [each for each in backups_of(path) if ("-before-" not in each.name) == daily]
    for each in same[:-KEPT]:
        each.unlink(missing_ok=True)


def _ends(path: Path) -> list[tuple[str, str]]:
    """The last hash of each chain; empty when the file can't be read."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            return connection.execute("SELECT chain, sha256 FROM seal ORDER BY chain").fetchall()
    except sqlite3.Error:
        return []
