"""A REFI-QDA project, ``.qdpx``, read leniently: what other programs really write.

Nothing is unpacked to the disk. What a project has and we have no place for is counted, not
guessed at.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element

from coder.errors import UserError
from coder.report.archive import read_parts
from coder.report.careful_xml import BROKEN, name_of, named, parsed, text_under
from coder.report.qdc import ReadCode, codes_under, plain_guid

Span = tuple[int, int]
_SOURCES = ("textsource", "pdfsource", "picturesource", "audiosource", "videosource")
_INTERNAL = "internal://"
_SIGNS = re.compile("\r\n|.", re.DOTALL)  # a line break of two signs is one
_MOST = 1_000_000  # sources, cases, codings and notes, each
_LONGEST = 100_000  # signs of a note that is taken as a memo


@dataclass(frozen=True)
class ReadSource:
    """A text, with its values of variables by their GUIDs. Its line breaks are line feeds."""

    guid: str
    name: str
    text: str
    description: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ReadCase:
    """A case: the places of its texts in the list of them, and its values by variable."""

    guid: str
    name: str
    sources: tuple[int, ...]
    values: Mapping[str, str]


@dataclass(frozen=True)
class ReadCoding:
    """A code on a text: the places of both in their lists.

    ``no`` : its number in the file, from 1. ``coder`` and ``user`` : the name and GUID of who made
    it, empty where the file tells none. ``span`` : in code points of the text, or None for all of
    it. It may lie outside the text.
    """

    no: int
    source: int
    code: int
    coder: str
    user: str
    span: Span | None


@dataclass(frozen=True)
class ReadNote:
    """What somebody has noted of a text or of a code, which is its place in the list of them.

    ``coder`` and ``user`` are as of ``ReadCoding``. What was noted of a selection begins with the
    selected words.
    """

    source: int | None
    code: int | None
    coder: str
    user: str
    text: str


class Variable(NamedTuple):
    """A variable: its GUID, name and type, such as ``Text`` or ``Boolean``."""

    guid: str
    name: str
    kind: str


@dataclass(frozen=True)
class Project:
    """What was understood of a project, and how many of what else there is (``lost``).

    The codes are without those that only stand for a case.
    """

    name: str
    origin: str
    codes: tuple[ReadCode, ...]
    variables: tuple[Variable, ...]
    sources: tuple[ReadSource, ...]
    cases: tuple[ReadCase, ...]
    codings: tuple[ReadCoding, ...]
    lost: Mapping[str, int]
    notes: tuple[ReadNote, ...] = ()


def read_qdpx(path: Path) -> Project:
    """Read a project. Any ``.qde`` name, namespace, folder and case of GUIDs will do.

    Raises ``UserError`` when it can't be read, has no texts, or is too large (see ``archive``).
    """
    parts = read_parts(path, _is_wanted, "REFI-QDA")
    inner = [name for name in parts if name.lower().endswith(".qde")]
    try:
        root = parsed(parts[inner[0]]) if len(inner) == 1 else None
    except BROKEN as error:
        raise UserError("file.unreadable", path=path, kind="REFI-QDA") from error
    if root is None or name_of(root) != "project":
        raise UserError("file.unreadable", path=path, kind="REFI-QDA")
    texts = {name.rpartition("/")[2].lower(): content for name, content in parts.items()}
    found = _Reading(path, root, texts).project()
    if not found.sources:
        raise UserError("project.no_texts", path=path)
    return found


def _is_wanted(name: str) -> bool:
    return name.lower().endswith((".qde", ".txt"))


class _Reading:
    """A project as it is read: what has been found of it so far."""

    def __init__(self, path: Path, root: Element, texts: Mapping[str, bytes]) -> None:
        self._path, self._root, self._texts = path, root, texts
        self._lost: Counter[str] = Counter()
        self._users = {
            plain_guid(each.get("guid", "")): " ".join(each.get("name", "").split())
            for each in self._all("users", "user")
        }
        cases = {plain_guid(each.get("guid", "")) for each in self._all("cases", "case")}
        written = [
            code
            for book in named(root, "codebook")
            for above in named(book, "codes")
            for code in codes_under(path, above)
        ]
        self._codes = _without(written, cases)
        self._places = {code.guid: no for no, code in enumerate(self._codes)}
        self._cases = cases
        self._sources: list[ReadSource] = []
        self._numbers: dict[str, int] = {}
        self._codings: list[ReadCoding] = []
        self._written = {
            plain_guid(each.get("guid", "")): each for each in self._all("notes", "note")
        }
        self._notes: dict[tuple[str, int | None, int | None], ReadNote] = {}

    def project(self) -> Project:
        for each in self._all("sources", *_SOURCES):
            self._source(each)
        for name in ("links", "sets", "graphs"):
            self._lost[name] += sum(len(each) for each in named(self._root, name))
        self._notes_of_codes()
        self._lost["notes"] += len(set(self._written) - {note for note, _, _ in self._notes})
        return Project(
            " ".join(self._root.get("name", "").split()),
            self._root.get("origin", ""),
            tuple(self._codes),
            tuple(_variable(each) for each in self._all("variables", "variable")),
            tuple(self._sources),
            tuple(self._case(each) for each in self._all("cases", "case")),
            tuple(self._codings),
            {name: count for name, count in self._lost.items() if count},
            tuple(self._notes.values()),
        )

    def _all(self, above: str, *names: str) -> Iterator[Element]:
        """What is called so in the lists called ``above``."""
        for no, each in enumerate(e for a in named(self._root, above) for e in a):
            if no >= _MOST:
                raise UserError("project.too_large", path=self._path, most=_MOST)
            if name_of(each) in names:
                yield each

    # --- texts and what is coded in them --------------------------------------------------------

    def _source(self, each: Element) -> None:
        written = self._text(each) if name_of(each) == "textsource" else None
        if written is None:
            self._lost["sources"] += 1
            return
        text, place = _counted(written, self._root.get("origin", ""))
        no, guid = len(self._sources), plain_guid(each.get("guid", ""))
        self._numbers[guid] = no
        self._sources.append(
            ReadSource(
                guid,
                " ".join(each.get("name", "").split()),
                text,
                text_under(each, "description"),
                _values(each),
            )
        )
        for coding in named(each, "coding"):
            self._coding(coding, each, no, None)
        for selection in named(each, "plaintextselection"):
            self._selection(selection, no, place)
        self._noted(each, no)

    def _selection(self, each: Element, no: int, place: Callable[[int], int]) -> None:
        start, end = (_whole(each.get(name, "")) for name in ("startPosition", "endPosition"))
        if not any(name_of(inside) in ("coding", "noteref") for inside in each):
            self._lost["selections"] += 1
        span = place(start), place(end)
        for coding in named(each, "coding"):
            self._coding(coding, each, no, span)
        self._noted(each, no, span)

    def _coding(self, each: Element, above: Element, source: int, span: Span | None) -> None:
        self._noted(each, source, span)
        refs = [plain_guid(ref.get("targetGUID", "")) for ref in named(each, "coderef")]
        user = plain_guid(each.get("creatingUser", "") or above.get("creatingUser", ""))
        for ref in refs:
            if ref in self._cases:
                continue  # it only tells whose text this is
            if ref not in self._places:
                self._lost["codings"] += 1
                continue
            if len(self._codings) >= _MOST:
                raise UserError("project.too_large", path=self._path, most=_MOST)
            whole = span is None or _is_all(self._sources[source].text, span)
            self._codings.append(
                ReadCoding(
                    len(self._codings) + 1,
                    source,
                    self._places[ref],
                    self._users.get(user, ""),
                    user,
                    None if whole else span,
                )
            )

    def _text(self, each: Element) -> str | None:
        """The text inside, or of the file that is referred to; None when there is none."""
        inside = [part.text or "" for part in named(each, "plaintextcontent")]
        if inside:
            return "".join(inside)
        path = each.get("plainTextPath", "")
        name = path.removeprefix(_INTERNAL).rpartition("/")[2].lower()
        content = self._texts.get(name) if path.startswith(_INTERNAL) else None
        if content is None:
            return None
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise UserError("file.unreadable", path=self._path, kind="UTF-8") from error

    # --- notes ----------------------------------------------------------------------------------

    def _noted(self, above: Element, source: int, span: Span | None = None) -> None:
        """What is noted of a text, or of a selection of it."""
        text = self._sources[source].text
        about = "" if span is None or _is_all(text, span) else text[slice(*span)].strip()
        for ref in named(above, "noteref"):
            self._take_note(ref, f"“{about}”: " if about else "", source, None)

    def _notes_of_codes(self) -> None:
        for book in named(self._root, "codebook"):
            for code in (each for each in book.iter() if name_of(each) == "code"):
                place = self._places.get(plain_guid(code.get("guid", "")))
                for ref in named(code, "noteref") if place is not None else ():
                    self._take_note(ref, "", None, place)

    def _take_note(self, ref: Element, about: str, source: int | None, code: int | None) -> None:
        """One that has no words, or too many, stays among those that are lost."""
        target = plain_guid(ref.get("targetGUID", ""))
        note = self._written.get(target)
        text = (self._text(note) or "").strip() if note is not None else ""
        if note is None or not text or len(text) > _LONGEST or len(self._notes) >= _MOST:
            return
        user = plain_guid(note.get("creatingUser", ""))
        lines = about + text.replace("\r\n", "\n").replace("\r", "\n")
        read = ReadNote(source, code, self._users.get(user, ""), user, lines)
        self._notes.setdefault((target, source, code), read)

    # --- cases ----------------------------------------------------------------------------------

    def _case(self, each: Element) -> ReadCase:
        refs = [plain_guid(ref.get("targetGUID", "")) for ref in named(each, "sourceref")]
        for name in ("coderef", "selectionref"):
            self._lost["case_parts"] += sum(1 for _ in named(each, name))
        return ReadCase(
            plain_guid(each.get("guid", "")),
            " ".join(each.get("name", "").split()),
            tuple(dict.fromkeys(self._numbers[r] for r in refs if r in self._numbers)),
            _values(each),
        )


def _without(codes: Sequence[ReadCode], cases: set[str]) -> list[ReadCode]:
    """The codes but those that stand for a case, with the places of those above as they are now."""
    kept = [no for no, code in enumerate(codes) if code.guid not in cases]
    places = {old: new for new, old in enumerate(kept)}
    found = []
    for old in kept:
        code = codes[old]
        above = None if code.parent is None else places.get(code.parent)
        found.append(ReadCode(**{**vars(code), "row": places[old] + 1, "parent": above}))
    return found


def _variable(each: Element) -> Variable:
    name = " ".join(each.get("name", "").split())
    return Variable(plain_guid(each.get("guid", "")), name, each.get("typeOfVariable", "Text"))


def _values(above: Element) -> dict[str, str]:
    """The values of variables that an element has, by their GUIDs; what is empty has none."""
    found: dict[str, str] = {}
    for each in named(above, "variablevalue"):
        refs = [plain_guid(ref.get("targetGUID", "")) for ref in named(each, "variableref")]
        told = [(part.text or "").strip() for part in each if name_of(part) != "variableref"]
        if refs and told and told[0]:
            found[refs[0]] = told[0]
    return found


def _whole(written: str) -> int:
    """A position; -1 for what is none, which no text has."""
    text = written.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else -1


def _is_all(text: str, span: Span) -> bool:
    """Whether nothing that can be read lies outside the span."""
    start, end = span
    return 0 <= start < end and not text[:start].strip() and not text[end:].strip()


def _counted(written: str, origin: str) -> tuple[str, Callable[[int], int]]:
    """The text with line feeds as line breaks, and where in it a position of the file is.

    The standard counts code points. ATLAS.ti counts a line break of two signs as one; NVivo counts
    a character beyond U+FFFF as two. What lies outside the text becomes -1.
    """
    text = written.replace("\r\n", "\n").replace("\r", "\n")
    by_atlas, by_nvivo = "atlas" in origin.lower(), "nvivo" in origin.lower()
    places: dict[int, int] = {}
    at = 0
    for no, sign in enumerate(text if by_atlas else _SIGNS.findall(written)):
        places[at] = no
        at += 2 if sign == "\r\n" or (by_nvivo and ord(sign[0]) > 0xFFFF) else 1
    places[at] = len(text)
    return text, lambda position: places.get(position, -1)
