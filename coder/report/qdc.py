"""Codebooks as REFI-QDA codebook files, ``.qdc``: written by the standard, read leniently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser
from xml.parsers.expat import ExpatError

from coder.errors import UserError
from coder.files import replacing
from coder.model import Code
from coder.report.plain_files import check_ending
from coder.report.refi import as_bytes, code_elements, element

NAMESPACE = "urn:QDA-XML:codebook:1.0"
MOST_BYTES, MOST_CODES, DEEPEST = 20_000_000, 20_000, 100


@dataclass(frozen=True)
class ReadCode:
    """A code as a file has it. ``row`` is where it stands: its number, from 1, or its row.

    ``parent`` is the number of the code above in the list of them, None at the top. ``include``
    and ``exclude`` are empty where the format has no place for them.
    """

    row: int
    label: str
    definition: str = ""
    include: str = ""
    exclude: str = ""
    colour: str = ""
    codable: bool = True
    parent: int | None = None


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
    GUIDs are not read, since a code of ours has an id of its own. Raises ``UserError`` for a file
    that is too large or too deep, is no codebook, or declares entities: those could fetch files.
    """
    root = _root(path)
    codes = next((each for each in root.iter() if _name(each) == "codes"), None)
    if _name(root) not in ("codebook", "project") or codes is None:
        raise UserError("file.unreadable", path=path, kind="REFI-QDA")
    found: list[ReadCode] = []
    _collect(path, codes, None, found)
    return found


def _collect(path: Path, above: Element, parent: int | None, found: list[ReadCode]) -> None:
    for each in _named(above, "code"):
        if len(found) >= MOST_CODES:
            raise UserError("codes.too_many", path=path, most=MOST_CODES)
        no = len(found)
        definition = "".join(part.text or "" for part in _named(each, "description"))
        found.append(
            ReadCode(
                row=no + 1,
                label=each.get("name", ""),
                definition=definition.strip(),
                colour=_colour(each.get("color", "")),
                codable=each.get("isCodable", "true").strip().lower() not in ("false", "0"),
                parent=parent,
            )
        )
        _collect(path, each, no, found)


def _colour(written: str) -> str:
    text = written.strip().lower()
    is_one = len(text) == 7 and text[0] == "#" and all(c in "0123456789abcdef" for c in text[1:])
    return text if is_one else ""


def _named(above: Element, name: str) -> Iterator[Element]:
    return (each for each in above if _name(each) == name)


def _name(each: Element) -> str:
    return str(each.tag).rpartition("}")[2].lower()


def _root(path: Path) -> Element:
    """The root of an XML file; no entity is ever looked up."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UserError("codes.too_large", path=path, most=MOST_BYTES)
        parser = XMLParser(target=_Careful())  # noqa: S314  it refuses entities, see there
        parser.feed(path.read_bytes())
        root: Element = parser.close()
    except FileNotFoundError as error:
        raise UserError("file.missing", path=path) from error
    except (ParseError, ExpatError, OSError, ValueError, LookupError) as error:
        raise UserError("file.unreadable", path=path, kind="REFI-QDA") from error
    return root


class _Careful(TreeBuilder):
    """Builds a tree of what is no deeper than ``DEEPEST`` and declares no document type."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def doctype(self, *_: Any) -> None:
        """Only there can entities be declared."""
        raise ValueError("a document type")

    def start(self, tag: Any, attrs: Any) -> Any:
        self._depth += 1
        if self._depth > DEEPEST:
            raise ValueError("too deep")
        return super().start(tag, attrs)

    def end(self, tag: str) -> Element:
        self._depth -= 1
        return super().end(tag)
