"""Codebooks as REFI-QDA codebook files, ``.qdc``: written by the standard, read leniently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element

from coder.errors import UserError
from coder.files import replacing
from coder.model import Code
from coder.report.careful_xml import BROKEN, name_of, named, parsed, text_under
from coder.report.plain_files import check_ending
from coder.report.refi import as_bytes, code_elements, element

NAMESPACE = "urn:QDA-XML:codebook:1.0"
MOST_BYTES, MOST_CODES = 20_000_000, 20_000


@dataclass(frozen=True)
class ReadCode:
    """A code as a file has it. ``row`` is where it stands: its number, from 1, or its row.

    ``parent`` is the number of the code above in the list of them, None at the top. ``include``,
    ``exclude`` and ``guid`` are empty where the format has no place for them.
    """

    row: int
    label: str
    definition: str = ""
    include: str = ""
    exclude: str = ""
    colour: str = ""
    codable: bool = True
    parent: int | None = None
    guid: str = ""


def write_qdc(path: Path, codes: Sequence[Code], words: Mapping[str, str]) -> None:
    """Write the codebook; whole or not at all. words : as ``refi.description`` takes them.

    Raises ``UserError`` when there is no code: the standard has no empty codebook.
    """
    check_ending(path, ".qdc")
    if not codes:
        raise UserError("export.no_codes")
    held = element("Codes", {}, *code_elements(codes, words))
    book = element("CodeBook", {"xmlns": NAMESPACE, "origin": "Coder"}, held)
    with replacing(path) as draft:
        draft.write_bytes(as_bytes(book))


def read_qdc(path: Path) -> list[ReadCode]:
    """The codes of a file, those above before those below.

    Taken as they come: any namespace, a byte order mark, codes without colour or ``isCodable``.
    A code of ours gets an id of its own, whatever its GUID. Raises ``UserError`` for a file
    that is too large or too deep, is no codebook, or declares entities: those could fetch files.
    """
    root = _root(path)
    codes = next((each for each in root.iter() if name_of(each) == "codes"), None)
    if name_of(root) not in ("codebook", "project") or codes is None:
        raise UserError("file.unreadable", path=path, kind="REFI-QDA")
    return codes_under(path, codes)


def codes_under(path: Path, above: Element) -> list[ReadCode]:
    """The codes below a ``Codes`` element, those above before those below."""
    found: list[ReadCode] = []
    _collect(path, above, None, found)
    return found


def _collect(path: Path, above: Element, parent: int | None, found: list[ReadCode]) -> None:
    for each in named(above, "code"):
        if len(found) >= MOST_CODES:
            raise UserError("codes.too_many", path=path, most=MOST_CODES)
        no = len(found)
        found.append(
            ReadCode(
                row=no + 1,
                label=each.get("name", ""),
                definition=text_under(each, "description"),
                colour=_colour(each.get("color", "")),
                codable=each.get("isCodable", "true").strip().lower() not in ("false", "0"),
                parent=parent,
                guid=plain_guid(each.get("guid", "")),
            )
        )
        _collect(path, each, no, found)


def plain_guid(written: str) -> str:
    """A GUID however it is written: without braces, in lower case."""
    return written.strip().strip("{}").lower()


def _colour(written: str) -> str:
    text = written.strip().lower()
    is_one = len(text) == 7 and text[0] == "#" and all(c in "0123456789abcdef" for c in text[1:])
    return text if is_one else ""


def _root(path: Path) -> Element:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UserError("codes.too_large", path=path, most=MOST_BYTES)
        return parsed(path.read_bytes())
    except FileNotFoundError as error:
        raise UserError("file.missing", path=path) from error
    except (OSError, *BROKEN) as error:
        raise UserError("file.unreadable", path=path, kind="REFI-QDA") from error
