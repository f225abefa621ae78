"""A zip archive from elsewhere, of which nothing is ever unpacked to the disk."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath

from coder.errors import UserError

MOST_FILES, MOST_BYTES = 100_000, 500_000_000  # in all; of what is read, unfolded
# What zipfile raises for an archive that is broken, locked, or packed in a way it doesn't know.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
    LookupError,
    OverflowError,
)


def read_parts(path: Path, wanted: Callable[[str], bool], kind: str) -> dict[str, bytes]:
    """The files of the archive whose names are ``wanted``, by name.

    kind : what the archive is, for the sentence that says it is none. Raises ``UserError`` when
    it can't be read, unfolds to more than ``MOST_BYTES``, or has names that lead out of it.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = [each for each in archive.infolist() if not each.is_dir()]
            if len(parts) > MOST_FILES or _lead_out(each.filename for each in parts):
                raise UserError("file.bad_archive", path=path)
            return _read(path, archive, [each for each in parts if wanted(each.filename)])
    except FileNotFoundError as error:
        raise UserError("file.missing", path=path) from error
    except _BROKEN as error:
        raise UserError("file.unreadable", path=path, kind=kind) from error


def _read(path: Path, archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    """What is said of its size is not believed: reading stops where the limit is."""
    found: dict[str, bytes] = {}
    left = MOST_BYTES
    for part in parts:
        with archive.open(part) as stream:
            found[part.filename] = stream.read(left + 1)
        left -= len(found[part.filename])
        if left < 0:
            raise UserError("file.archive_unfolds", path=path, most=MOST_BYTES // 1_000_000)
    return found


def _lead_out(names: Iterable[str]) -> bool:
    """Whether a name is meant for another folder, or stands twice, so that two may be meant."""
    seen: set[str] = set()
    for name in names:
        place = PurePosixPath(name)
        if (
            name in seen
            or "\\" in name
            or ":" in name
            or place.is_absolute()
            or ".." in place.parts
        ):
            return True
        seen.add(name)
    return False
