"""The rows of a text file: ``.csv`` and its relatives, whatever their encoding and delimiter.

Nothing is decided halfway: the whole file is tried in an encoding before a row of it is used, so
that a late byte can't turn the earlier ones wrong.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

import pandas as pd

from coder.errors import UserError

_DELIMITERS = ";,\t|"
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is its beginning
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BLOCK = 1 << 20
_SAMPLE = 1 << 17  # characters
_SAMPLE_ROWS = 50
_LONGEST_CELL = 16 << 20
_LONGEST_LINE = 64 << 20
_END = "\x1eend\x1e"
_SEP_LINE = re.compile(r"sep=(.)\r?\n?")


@dataclass(frozen=True)
class Delimited:
    """A text file that is about to be read.

    delimiter : None when there is only one column. ends_with_line : whether the last line is
    ended as the others are; if not, the file may be cut off.
    """

    encoding: str
    delimiter: str | None
    ends_with_line: bool
    rows: Iterator[list[str]]


@contextmanager
def open_delimited(path: Path) -> Iterator[Delimited]:
    """Open a text file. Raises ``UserError``, also while the rows are read, for what is no text,
    for text in no encoding that is known, and for quotes that don't match.
    """
    encoding = _encoding(path)
    csv.field_size_limit(_LONGEST_CELL)
    with path.open(encoding=encoding, newline="") as stream:
        named = _SEP_LINE.fullmatch(stream.readline(10))
        start = stream.tell() if named else 0
        stream.seek(start)
        sample = stream.read(_SAMPLE)
        delimiter = named[1] if named else _delimiter(sample)
        stream.seek(start)
        rows = _rows(path, stream, delimiter or _unused(sample))
        yield Delimited(encoding, delimiter, _ends_with_line(path, encoding), rows)


# --- encoding ----------------------------------------------------------------------------------


def _encoding(path: Path) -> str:
    """The encoding in which all of the file is text. Windows-1252 is what is left."""
    with path.open("rb") as stream:
        beginning = stream.read(4096)
    for mark, encoding in _MARKS:
        if beginning.startswith(mark):
            return _tried(path, encoding)
    if b"\0" in beginning:
        # UTF-16 without a mark: every other byte of Latin letters is zero.
        odd, even = beginning[1::2].count(0), beginning[::2].count(0)
        if max(odd, even) < len(beginning) / 4:
            raise UserError("file.unreadable", path=path, kind="CSV")
        return _tried(path, "utf-16-le" if odd > even else "utf-16-be")
    try:
        return _tried(path, "utf-8")
    except _NotUtf8:
        return _tried(path, "cp1252")


class _NotUtf8(Exception):
    """The file is no UTF-8, and nothing says that it was meant to be."""


def _tried(path: Path, encoding: str) -> str:
    """The encoding, if all of the file can be read in it."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line, foreign = 1, False
    with path.open("rb") as stream:
        while True:
            block = stream.read(_BLOCK)
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                good = error.object[: error.start]
                line += good.count(b"\n")
                if encoding == "utf-8" and not foreign and good.isascii():
                    raise _NotUtf8 from error
                raise UserError(
                    "file.bad_encoding", path=path, encoding=encoding, row=line
                ) from error
            if not block:
                return encoding
            if "\0" in text:
                raise UserError("file.unreadable", path=path, kind="CSV")
            line += text.count("\n")
            foreign = foreign or not text.isascii()


def _ends_with_line(path: Path, encoding: str) -> bool:
    width = {"16": 2, "32": 4}.get(encoding[4:6], 1)
    with path.open("rb") as stream:
        stream.seek(-min(width, path.stat().st_size), io.SEEK_END)
        return stream.read().strip(b"\0") in (b"\n", b"\r")


# --- delimiter ---------------------------------------------------------------------------------


def _delimiter(sample: str) -> str | None:
    """The sign that splits most of the first rows, best into as many cells as the headings.

    None when no sign splits the headings, or when the rows are not split by it.
    """
    found = []
    for place, sign in enumerate(_DELIMITERS):
        first, *others = [(len(row), _filled(row)) for row in _first_rows(sample, sign)] or [(0, 0)]
        split = _share(width > 1 and filled <= first[0] for width, filled in others)
        if first[0] > 1 and split >= 0.5:
            same = _share(width == first[0] for width, _ in others)
            found.append((split, same, first[0], -place, sign))
    return max(found)[-1] if found else None


def _filled(row: list[str]) -> int:
    """How many cells a row has without the empty ones at its end."""
    return max((place for place, cell in enumerate(row, start=1) if cell), default=0)


def _share(found: Iterable[bool]) -> float:
    """How many are true, of all; 1 when there are none."""
    each = list(found)
    return sum(each) / len(each) if each else 1.0


def _first_rows(sample: str, delimiter: str) -> list[list[str]]:
    """The first rows that are in the sample as a whole, without empty ones."""
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    try:
        rows = list(islice(reader, _SAMPLE_ROWS))
    except csv.Error:
        return []
    is_cut = len(sample) == _SAMPLE and len(rows) < _SAMPLE_ROWS
    return [row for row in (rows[:-1] if is_cut else rows) if any(row)]


def _unused(sample: str) -> str:
    """A sign for the reader to split at that splits nothing."""
    return next((sign for sign in ";\t|\x1f" if sign not in sample), "\x1f")


# --- rows --------------------------------------------------------------------------------------


def _rows(path: Path, stream: IO[str], delimiter: str) -> Iterator[list[str]]:
    """The rows. A quote that is never closed would swallow the line that is added as the last."""
    reader = csv.reader(_lines(path, stream), delimiter=delimiter, strict=True)
    row, number = [""], 0
    try:
        for row in reader:
            number += 1
            if row != [_END]:
                yield row
    except csv.Error as error:
        raise UserError("file.bad_quotes", path=path, row=number + 1) from error
    if row != [_END]:
        raise UserError("file.bad_quotes", path=path, row=number)


def _lines(path: Path, stream: IO[str]) -> Iterator[str]:
    while line := stream.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE:
            raise UserError("file.unreadable", path=path, kind="CSV")
        yield line if line.endswith(("\n", "\r")) else line + "\n"
    yield f"{_END}\n"


# --- decimals ----------------------------------------------------------------------------------


def with_decimal_points(table: pd.DataFrame) -> tuple[pd.DataFrame, str | None, list[str]]:
    """The table with ``1,5`` as ``1.5`` in columns that hold nothing but numbers.

    Also the sign that the file's decimals have (None: no decimals), and the changed columns.
    """
    changed = [name for name in table.columns if _all_numbers(table[name], ",")]
    if changed:
        points = {name: table[name].str.replace(",", ".", regex=False) for name in changed}
        return table.assign(**points), ",", changed
    has_points = any(_all_numbers(table[name], ".") for name in table.columns)
    return table, "." if has_points else None, []


def _all_numbers(values: pd.Series, sign: str) -> bool:
    """Whether a column holds only numbers, some with decimals after this sign."""
    if not values.str.contains(sign, regex=False).any():
        return False
    number = rf"\s*-?\d{{1,15}}(?:{re.escape(sign)}\d+)?\s*"
    return bool(values.dropna().str.fullmatch(number).all())
