"""The rows of a workbook: ``.xlsx`` and ``.ods`` as a stream, ``.xls`` by way of xlrd.

The two formats of XML are read here, cell by cell, because that keeps what a library loses: a
number stands as the file has it (12345678901234567, not its nearest float), nothing is kept but
text, and a small file that unfolds to gigabytes is stopped on the way. A formula is the value that
was computed last.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import IO
from xml.etree import ElementTree
from xml.parsers import expat

import xlrd

from coder.errors import UserError
from coder.survey import compound
from coder.survey.raw import (
    MOST_BYTES,
    MOST_COLUMNS,
    check_size,
    clock_text,
    moment_text,
    number_text,
    too_large,
)

Row = Sequence[str]

_MOST_UNFOLDED = 4 << 30
_MOST_RATIO = 300  # a sheet of nothing but one code is packed to a hundredth; a bomb to less
_SMALL = 100 << 20  # below this the ratio says nothing
_MOST_PART = 16 << 20  # of the parts that are read in one piece
_MOST_PIECES = 1 << 16  # of the text of one element, 8 KB each
_MOST_XLS = 64 << 20
_MOST_ROWS = 1 << 20
_BLOCK = 1 << 17
_REMEMBERED = 50_000

_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    ElementTree.ParseError,
    LookupError,  # a part, an attribute or a shared string that is not there; an encoding
    EOFError,
    OSError,
    NotImplementedError,  # a way of packing that zipfile doesn't know
    RuntimeError,  # a part behind a password
    ValueError,  # a number that is none, also text that can't be decoded
    # What xlrd, which trusts its file, raises beside.
    xlrd.XLRDError,
    xlrd.compdoc.CompDocError,
    struct.error,
    AssertionError,
    TypeError,
    AttributeError,
    OverflowError,
    MemoryError,
)


@dataclass(frozen=True)
class Workbook:
    """A sheet that is about to be read: its name, those of all sheets, and its rows."""

    sheet: str
    sheets: tuple[str, ...]
    rows: Iterator[Row]


@contextmanager
def open_workbook(path: Path, sheet: str | None) -> Iterator[Workbook]:
    """Open a workbook, whatever of the three kinds it is, at ``sheet`` or the first visible one.

    Raises ``UserError`` for one that is broken, locked, too large, or has no such sheet, also
    while the rows are read.
    """
    try:
        if not _is_zip(path):
            yield _xls(path, sheet)
            return
        with zipfile.ZipFile(path) as archive:
            _check_archive(path, archive)
            opened = _ods if "content.xml" in archive.namelist() else _xlsx
            yield opened(path, archive, sheet)
    except _BROKEN as error:
        raise UserError("file.unreadable", path=path, kind="Excel") from error


def _is_zip(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(4) == b"PK\x03\x04"


def _check_archive(path: Path, archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    unfolded = sum(part.file_size for part in parts)
    packed = max(1, sum(part.compress_size for part in parts))
    if unfolded > _MOST_UNFOLDED or (unfolded > _SMALL and unfolded / packed > _MOST_RATIO):
        raise UserError(
            "file.unfolds", path=path, megabytes=unfolded >> 20, most=_MOST_UNFOLDED >> 20
        )
    if any(part.flag_bits & 1 for part in parts):
        raise UserError("file.locked", path=path)


def _chosen(path: Path, sheet: str | None, names: Sequence[str], visible: Sequence[str]) -> str:
    if sheet is None and names:
        return [*visible, *names][0]
    if sheet not in names or sheet is None:
        shown = ", ".join(names)
        raise UserError("file.no_sheet", path=path, sheet=sheet or "", sheets=shown)
    return sheet


# --- streams of XML ----------------------------------------------------------------------------


class _Reader:
    """Turns a stream of XML into items: a subclass appends to ``done`` as it sees their end.

    Element names lose the prefix that the root has; some programs write ``x:row`` for ``row``.
    """

    def __init__(self) -> None:
        self.done: list[Row] = []
        self.text: list[str] = []

    def read(self, stream: IO[bytes]) -> Iterator[Row]:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.text.append
        given = 0
        while block := stream.read(_BLOCK):
            parser.Parse(block, False)
            given += len(block)
            if given - parser.CurrentByteIndex > _MOST_PART or len(self.text) > _MOST_PIECES:
                raise ValueError("an endless element")
            yield from self.done
            self.done.clear()
        parser.Parse(b"", True)
        yield from self.done

    def start(self, name: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def end(self, name: str) -> None:
        raise NotImplementedError


def _refuse_doctype(*_: object) -> None:
    """No office program writes one; those who want entities to unfold do."""
    raise ValueError("document type")


def _root(archive: zipfile.ZipFile, part: str) -> ElementTree.Element:
    """A small part as a tree, its element names without their namespaces."""
    if archive.getinfo(part).file_size > _MOST_PART:
        raise ValueError("part too large")
    content = archive.read(part)
    if b"<!DOCTYPE" in content:
        raise ValueError("document type")
    root = ElementTree.fromstring(content)  # noqa: S314 - no document type, so no entities
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        for name in [name for name in element.attrib if name.startswith("{")]:
            element.attrib[name.rpartition("}")[2]] = element.attrib.pop(name)
    return root


# --- xlsx --------------------------------------------------------------------------------------


def _xlsx(path: Path, archive: zipfile.ZipFile, sheet: str | None) -> Workbook:
    top = {kind: target for kind, target in _related(archive, "").values()}
    main = top["officeDocument"]
    book, related = _root(archive, main), _related(archive, main)
    listed = [
        (each.get("name", ""), related[each.attrib["id"]][1], each.get("state", "visible"))
        for each in book.iter("sheet")
        if related[each.attrib["id"]][0] == "worksheet"
    ]
    names = tuple(name for name, *_ in listed)
    name = _chosen(path, sheet, names, [name for name, _, state in listed if state == "visible"])
    parts = {kind: target for kind, target in related.values()}
    strings = _shared_strings(path, archive, parts.get("sharedStrings"))
    properties = book.find("workbookPr")
    from_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    styles = _styles(archive, parts.get("styles"), from_1904)
    stream = archive.open(next(target for each, target, _ in listed if each == name))
    return Workbook(name, names, _Sheet(path, strings, styles).read(stream))


def _related(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """What a part refers to: by id, the kind and the name of the other part."""
    place = PurePosixPath(part)
    root = _root(archive, str(place.parent / "_rels" / f"{place.name}.rels"))
    found = {}
    for each in root.iter("Relationship"):
        target = each.get("Target", "")
        whole = target[1:] if target.startswith("/") else str(place.parent / target)
        found[each.get("Id", "")] = (each.get("Type", "").rpartition("/")[2], _resolved(whole))
    return found


def _resolved(name: str) -> str:
    """A name of a part without ``..``."""
    parts: list[str] = []
    for each in name.split("/"):
        if each == "..":
            parts = parts[:-1]
        elif each not in ("", "."):
            parts.append(each)
    return "/".join(parts)


class _Strings(_Reader):
    """The shared strings: one item for each, of one cell; readings of Asian words left out."""

    def __init__(self) -> None:
        super().__init__()
        self.prefix, self.parts, self.reading = "", [""], False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "si":
            self.parts = []
        elif local == "rPh":
            self.reading = True
        self.text.clear()

    def end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        if local == "t" and not self.reading:
            self.parts.append("".join(self.text))
        elif local == "rPh":
            self.reading = False
        elif local == "si":
            self.done.append((_unescaped("".join(self.parts)),))
        self.text.clear()


def _shared_strings(path: Path, archive: zipfile.ZipFile, part: str | None) -> list[str]:
    if part is None:
        return []
    if archive.getinfo(part).file_size > MOST_BYTES // 2:
        raise UserError(
            "file.unfolds",
            path=path,
            megabytes=archive.getinfo(part).file_size >> 20,
            most=MOST_BYTES >> 21,
        )
    with archive.open(part) as stream:
        return [row[0] for row in _Strings().read(stream)]


class _Sheet(_Reader):
    """The rows of a worksheet. Cells and rows that the file leaves out are empty."""

    def __init__(
        self, path: Path, strings: Sequence[str], styles: Sequence[Callable[[str], str]]
    ) -> None:
        super().__init__()
        self.path, self.strings, self.styles = path, strings, styles
        self.row: list[str] = []
        self.number = self.next = 0
        self.kind = self.style = self.place = ""
        self.parts: list[str] = []
        self.reading = False
        self.names: dict[str, str] = {}
        self.columns: dict[str, int] = {}
        self.known: dict[tuple[str, str], str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = self.names.get(name) or self.names.setdefault(name, name.rpartition(":")[2])
        if local == "c":
            self.kind = attributes.get("t", "n")
            self.style = attributes.get("s", "0")
            self.place = attributes.get("r", "")
            self.parts.clear()
        elif local == "row":
            self._skip_to(int(attributes.get("r", self.number + 1)))
        elif local == "rPh":
            self.reading = True
        self.text.clear()

    def end(self, name: str) -> None:
        local = self.names[name]
        if local == "c":
            self._put("".join(self.parts))
        elif local == "v" or (local == "t" and not self.reading):
            self.parts.append("".join(self.text))
        elif local == "rPh":
            self.reading = False
        elif local == "row":
            self.done.append(self.row)
            self.row, self.next = [], 0

    def _skip_to(self, number: int) -> None:
        """Empty rows up to this one. The file may leave them out, but not go back."""
        if not self.number < number <= _MOST_ROWS:
            raise ValueError("row number")
        self.done.extend([()] * (number - self.number - 1))
        self.number = number

    def _put(self, text: str) -> None:
        column = self._column()
        self.next = column + 1
        if text:
            row = self.row
            row.extend([""] * (column + 1 - len(row)))
            row[column] = self._value(text)

    def _column(self) -> int:
        """The column of the cell, from 0; the next one where the file doesn't say."""
        if not self.place:
            return self.next
        letters = self.place.rstrip("0123456789")
        column = self.columns.get(letters)
        if column is None:
            column = self.columns[letters] = _column_number(letters)
            if not 0 <= column < MOST_COLUMNS:
                raise too_large(self.path, self.number, column)
        return column

    def _value(self, text: str) -> str:
        if self.kind == "n":
            key = self.style, text
            value = self.known.get(key)
            if value is None:
                if len(self.known) > _REMEMBERED:
                    self.known.clear()
                value = self.known[key] = self.styles[int(self.style)](text)
            return value
        if self.kind == "s":
            return self.strings[int(text)]
        return _unescaped(text) if self.kind in ("str", "inlineStr") else text


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def _unescaped(text: str) -> str:
    """Text in which ``_x000D_`` stands for a sign that XML can't hold."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: _sign(found[0], int(found[1], 16)), text)


def _sign(written: str, number: int) -> str:
    return written if 0xD800 <= number <= 0xDFFF else chr(number)


# --- numbers of a worksheet --------------------------------------------------------------------

_BUILT_IN = {
    **dict.fromkeys([*range(14, 18), 22, *range(27, 37), *range(50, 59)], "yyyy-mm-dd"),
    **dict.fromkeys([*range(18, 22), 45, 47], "h:mm:ss"),
    46: "[h]:mm:ss",
}
_NO_PATTERN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)


def _styles(
    archive: zipfile.ZipFile, part: str | None, from_1904: bool
) -> list[Callable[[str], str]]:
    """How each style of the workbook writes a number; a workbook without styles has one."""
    if part is None:
        return [_plain]
    root = _root(archive, part)
    own = {each.get("numFmtId", ""): each.get("formatCode", "") for each in root.iter("numFmt")}
    built_in = {str(number): code for number, code in _BUILT_IN.items()}
    formats = built_in | own
    used = [each for cells in root.iter("cellXfs") for each in cells.iter("xf")]
    codes = [formats.get(each.get("numFmtId", "0"), "") for each in used]
    return [_style(code, from_1904) for code in codes] or [_plain]


def _style(code: str, from_1904: bool) -> Callable[[str], str]:
    pattern = _NO_PATTERN.sub("", code).split(";")[0].lower()
    if re.fullmatch("0{2,}", code):
        return lambda text: _plain(text).zfill(len(code))
    if re.search("[dy]", pattern) or ("m" in pattern and not re.search("[hs]", pattern)):
        return lambda text: _day(text, from_1904)
    if re.search("[hs]", pattern):
        return lambda text: _clock(text, from_1904, "[" in pattern)
    return _plain


def _plain(text: str) -> str:
    """A number as it stands, whole ones to the last digit, others without an error of storing."""
    if text.removeprefix("-").isdecimal():
        return text
    try:
        return number_text(float(text))
    except ValueError:
        return text


def _day(text: str, from_1904: bool) -> str:
    """The day that a number stands for; the number itself when no calendar has such a day."""
    days = float(text)
    # The 1900 calendar counts a 29 February that was not; the days before it are one off.
    start = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30 if days >= 60 else 31)
    try:
        return moment_text(start + timedelta(seconds=round(days * 86400)))
    except (OverflowError, ValueError):
        return _plain(text)


def _clock(text: str, from_1904: bool, is_duration: bool) -> str:
    days = float(text)
    if days != days or abs(days) > 1e6:
        return _plain(text)
    return _day(text, from_1904) if days >= 1 and not is_duration else clock_text(days * 86400)


# --- ods ---------------------------------------------------------------------------------------


def _ods(path: Path, archive: zipfile.ZipFile, sheet: str | None) -> Workbook:
    if b"encryption-data" in _first(archive, "META-INF/manifest.xml"):
        raise UserError("file.locked", path=path)
    with archive.open("content.xml") as stream:
        names = tuple(row[0] for row in _TableNames().read(stream))
    name = _chosen(path, sheet, names, names)
    return Workbook(name, names, _Table(path, name).read(archive.open("content.xml")))


def _first(archive: zipfile.ZipFile, part: str) -> bytes:
    if part not in archive.namelist():
        return b""
    with archive.open(part) as stream:
        return stream.read(_MOST_PART)


class _TableNames(_Reader):
    """The names of the sheets, each as a row of its own."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.text.clear()
        if name == "table:table":
            self.done.append((attributes.get("table:name", ""),))

    def end(self, name: str) -> None:
        self.text.clear()


class _Table(_Reader):
    """The rows of one sheet. A cell or row may stand for many alike."""

    def __init__(self, path: Path, name: str) -> None:
        super().__init__()
        self.path, self.name = path, name
        self.inside = False
        self.row: list[str] = []
        self.number = self.column = self.repeat = self.row_repeat = self.gap = 0
        self.value: str | None = None
        self.paragraphs: list[str] = []
        self.comments = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            self.inside = attributes.get("table:name", "") == self.name
        elif name == "table:table-row":
            self.row, self.column = [], 0
            self.row_repeat = int(attributes.get("table:number-rows-repeated", "1"))
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self.repeat = int(attributes.get("table:number-columns-repeated", "1"))
            self.value, self.paragraphs = _ods_value(attributes), []
        elif name == "office:annotation":
            self.comments += 1
        elif name == "text:p":
            self.text.clear()
        elif name in _ODS_SIGNS:
            self.text.append(_ODS_SIGNS[name] * min(int(attributes.get("text:c", "1")), 1000))

    def end(self, name: str) -> None:
        if name == "text:p" and not self.comments:
            self.paragraphs.append("".join(self.text))
        elif name == "office:annotation":
            self.comments -= 1
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._put("\n".join(self.paragraphs) if self.value is None else self.value)
        elif name == "table:table-row" and self.inside:
            self._finish_row()
        if not name.startswith("text:") or name == "text:p":
            self.text.clear()

    def _put(self, value: str) -> None:
        self.column += self.repeat
        if value and self.inside:
            if self.column > MOST_COLUMNS:
                raise too_large(self.path, self.number, self.column)
            self.row.extend([""] * (self.column - self.repeat - len(self.row)))
            self.row.extend([value] * self.repeat)

    def _finish_row(self) -> None:
        self.number += self.row_repeat
        if not any(self.row):
            self.gap += self.row_repeat  # the rest of an empty sheet stands as a million rows
            return
        if self.number > _MOST_ROWS:
            raise too_large(self.path, self.number, len(self.row))
        check_size(self.path, self.number, len(self.row))
        self.done.extend([()] * self.gap)
        self.done.extend([self.row] * self.row_repeat)
        self.gap = 0


_ODS_SIGNS = {"text:s": " ", "text:tab": "\t", "text:line-break": "\n"}
_ODS_TIME = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")


def _ods_value(attributes: Mapping[str, str]) -> str | None:
    """The value of a cell as text; None when it is the text inside."""
    kind = attributes.get("office:value-type")
    if kind in ("float", "percentage", "currency"):
        return _plain(attributes.get("office:value", ""))
    if kind == "boolean":
        return str(int(attributes.get("office:boolean-value") == "true"))
    if kind == "date":
        return attributes.get("office:date-value", "").removesuffix("T00:00:00")
    if kind == "time":
        written = attributes.get("office:time-value", "")
        found = _ODS_TIME.fullmatch(written)
        return ":".join(found.groups()) if found else written
    return attributes.get("office:string-value")


# --- xls ---------------------------------------------------------------------------------------


def _xls(path: Path, sheet: str | None) -> Workbook:
    book = _xls_book(path)
    visible = [each.name for each in book.sheets() if not each.visibility]
    name = _chosen(path, sheet, book.sheet_names(), visible)
    found = book.sheet_by_name(name)
    check_size(path, found.nrows, found.ncols)
    rows = ([_cell_text(cell, book.datemode) for cell in row] for row in found.get_rows())
    return Workbook(name, tuple(book.sheet_names()), rows)


def _xls_book(path: Path) -> xlrd.Book:
    if (size := path.stat().st_size) > _MOST_XLS:
        raise UserError("file.unfolds", path=path, megabytes=size >> 20, most=_MOST_XLS >> 20)
    found = compound.streams(path.read_bytes())
    if "EncryptedPackage" in found:  # an .xlsx behind a password
        raise UserError("file.locked", path=path)
    content = found.get("Workbook") or found["Book"]
    try:
        # What xlrd has to say of the file goes nowhere: it is read as it stands, or refused.
        return xlrd.open_workbook(file_contents=content, logfile=io.StringIO(), ragged_rows=True)
    except xlrd.XLRDError as error:
        if "encrypted" not in str(error):
            raise
        raise UserError("file.locked", path=path) from error


def _cell_text(cell: xlrd.sheet.Cell, date_mode: int) -> str:
    if cell.ctype == xlrd.XL_CELL_DATE:
        return _clock(repr(cell.value), from_1904=bool(date_mode), is_duration=False)
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        return number_text(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, ""))
    return str(cell.value)
