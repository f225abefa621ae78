"""A replication bundle: files in a zip archive, with a manifest that has the hash of each.

Here is how it is packed and read; what is in it, and that it can be rebuilt, is told in
``study.rebuilt``. An archive is never unpacked to disk, and what it unfolds to is counted.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from coder.errors import UserError
from coder.files import replacing
from coder.report.plain_files import check_ending

MANIFEST, FORMAT = "manifest.json", 1
MOST_FILES, MOST_BYTES = 5_000, 1 << 30
_PIECE = 1 << 20
_NAME = re.compile(r"[\w-][\w.-]*(/[\w-][\w.-]*)*")
_TEXT_MAPS = ("files", "rows", "versions")  # of the manifest
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,  # a way of packing that is not known
    RuntimeError,  # a part behind a password
    EOFError,
    OSError,
    ValueError,  # no UTF-8, or no JSON
    RecursionError,  # JSON without an end
)

Wrong = Literal["missing", "extra", "altered", "differs", "not_rebuilt"]


@dataclass(frozen=True)
class Bundle:
    """What is in a bundle: its files by name, without the manifest, and what that says."""

    files: Mapping[str, bytes]
    about: Mapping[str, Any]

    @property
    def rows(self) -> Mapping[str, str]:
        """The hash of everything that is told with each answer, by its pseudonym."""
        found: Mapping[str, str] = self.about["rows"]
        return found


def write_bundle(path: Path, files: Mapping[str, bytes], about: Mapping[str, Any]) -> None:
    """Write the files and their manifest, whole or not at all; the same files give the same bytes.

    about : what the manifest says besides the hashes. Raises ``UserError`` as ``replacing`` does.
    """
    check_ending(path, ".zip")
    hashes = {name: _sha256(content) for name, content in sorted(files.items())}
    told = {"format": FORMAT, **about, "files": hashes}
    manifest = json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"
    with replacing(path) as draft, zipfile.ZipFile(draft, "w") as archive:
        for name, content in {MANIFEST: manifest, **dict(sorted(files.items()))}.items():
            # Without the time, and at one level, so that it is the same archive every time.
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 3
            archive.writestr(info, content, compresslevel=6)


def is_archive(path: Path) -> bool:
    """Whether a file may be a bundle: it begins as a zip archive does."""
    try:
        with path.open("rb") as stream:
            return stream.read(4) == b"PK\x03\x04"
    except OSError:
        return False


def read_bundle(path: Path) -> Bundle:
    """Everything in a bundle, in memory. Nothing of it is believed yet (see ``altered``).

    Raises ``UserError`` for what is no bundle, or unfolds to too much.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            files = _unfolded(path, archive)
            about = json.loads(files.pop(MANIFEST, b"null"))
    except FileNotFoundError as error:
        raise UserError("file.missing", path=path) from error
    except _BROKEN as error:
        raise UserError("bundle.unreadable", path=path) from error
    if not isinstance(about, dict) or about.get("format") != FORMAT or not _is_told(about):
        raise UserError("bundle.unreadable", path=path)
    return Bundle(files, about)


def altered(bundle: Bundle) -> dict[str, Wrong]:
    """The files that are not as the manifest has them."""
    hashes, files = bundle.about["files"], bundle.files
    found: dict[str, Wrong] = {name: "missing" for name in hashes if name not in files}
    for name, content in files.items():
        if name not in hashes:
            found[name] = "extra"
        elif _sha256(content) != hashes[name]:
            found[name] = "altered"
    return found


def _unfolded(path: Path, archive: zipfile.ZipFile) -> dict[str, bytes]:
    """The content of every file, as long as there are not too many and not too much."""
    parts = archive.infolist()
    names = [part.filename for part in parts]
    strange = [name for name in names if not _NAME.fullmatch(name)]
    if strange or len(parts) > MOST_FILES or len(set(names)) < len(names):
        raise UserError("bundle.unreadable", path=path)
    files: dict[str, bytes] = {}
    left = MOST_BYTES
    for part in parts:
        pieces = []
        with archive.open(part) as stream:
            while piece := stream.read(_PIECE):
                left -= len(piece)
                if left < 0:
                    most = MOST_BYTES >> 20
                    raise UserError("bundle.unfolds", path=path, most=most)
                pieces.append(piece)
        files[part.filename] = b"".join(pieces)
    return files


def _is_told(about: Mapping[str, Any]) -> bool:
    """Whether the manifest has what is read of it."""
    maps = [about.get(name) for name in _TEXT_MAPS]
    return isinstance(about.get("language"), str) and all(
        isinstance(each, dict) and all(isinstance(value, str) for value in each.values())
        for each in maps
    )


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
