"""What a reader gives: a table of text, and all that the file says about it.

Every reader, whatever its format, hands its rows to ``table_of_rows`` or its columns to
``table_of_columns``. They make the table, refuse one that is too large before it is in memory,
and give each column a name of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from itertools import islice
from pathlib import Path
from typing import Literal

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from coder.errors import UserError

HeaderRole = Literal["name", "author", "group", "ignore", "comment"]

MOST_CELLS = 50_000_000
MOST_BYTES = 1 << 30  # of text, and what a zip archive may unfold to as one part
MOST_COLUMNS = 16_384  # as wide as a spreadsheet can be
FIRST_ROW = 2  # the row of the first respondent, as a spreadsheet counts

_CELLS_AT_A_TIME = 500_000
_SHOWN = 5
_PREFIXES: tuple[tuple[str, HeaderRole], ...] = (
    ("::", "comment"),  # before ":", which is its beginning
    ("!", "name"),
    ("^", "author"),
    ("<", "ignore"),
    (".", "group"),
    (":", "group"),
    ("#", "group"),
)


@dataclass(frozen=True)
class Source:
    """What was understood of a file, to be shown. None means that the format has no such thing.

    delimiter : between the cells of a text file. decimal : the sign that the file's numbers have,
    None when none has decimals. sheet, sheets : the one that was read, and all there are.
    rows, columns : of the table that was made, without the headings.
    """

    file: str
    format: str
    rows: int
    columns: int
    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Notice:
    """Something the reader did that she should know of: the key of a text, and its parameters."""

    key: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class MultipleSet:
    """Columns that are one multiple question.

    counted : the value that means ticked; None when each column holds one of the chosen codes.
    """

    name: str
    label: str
    columns: tuple[str, ...]
    counted: str | None


@dataclass(frozen=True, eq=False)
class RawTable:
    """A file as read, before any questionnaire.

    table : every cell as text, missing where the file has nothing; columns have unique names, the
        index is 0 … n-1, an empty row between others is a row.
    labels : the text of a variable, by column. value_labels : by column, the label of each code.
    missing : by column, the codes declared user-missing that occur or have a label. They stay in
        the table and among the value labels.
    multiple : the multiple questions that the file declares.
    roles : what the beginning of a heading says in the way of another tool, by column. Offered
        only: the headings keep it.
    notices : what was changed or guessed on the way.
    """

    table: pd.DataFrame
    source: Source
    labels: Mapping[str, str] = field(default_factory=dict)
    value_labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    multiple: tuple[MultipleSet, ...] = ()
    roles: Mapping[str, HeaderRole] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()


def header_role(heading: str) -> HeaderRole | None:
    """What the first signs of a heading mean to a tool for qualitative analysis, or None."""
    return next((role for sign, role in _PREFIXES if heading.startswith(sign)), None)


# --- from rows ---------------------------------------------------------------------------------


def table_of_rows(
    path: Path, rows: Iterable[Sequence[str]], ends_with_line: bool | None = None
) -> tuple[pd.DataFrame, tuple[Notice, ...]]:
    """The table of which the first row with anything in it holds the headings.

    rows : cells as text, "" for an empty one; a row may be shorter or longer than the headings as
    long as nothing is lost. ends_with_line : of a text file, whether its last line is ended; a
    short row is told of there, and without an end it means that the file was cut off.
    Raises ``UserError`` with the row for cells without a heading, and for too large a table.
    """
    stream = iter(rows)
    first, headings = _headings(path, stream)
    checked = _Checked(path, headings, first, ends_with_line)
    arrays = _arrays(path, checked.rows(stream), len(headings))
    names = [name or None for name in headings]
    table, notices = _named(names, arrays)
    if table.empty:
        raise UserError("file.no_rows", path=path)
    return table, (*notices, *checked.notices())


def _headings(path: Path, rows: Iterator[Sequence[str]]) -> tuple[int, list[str]]:
    """The row of the first respondent, and the headings without empty ones at the end."""
    for number, row in enumerate(rows, start=1):
        headings = [cell.strip() for cell in row]
        while headings and not headings[-1]:
            headings.pop()
        if len(headings) > MOST_COLUMNS:
            raise too_large(path, 0, len(headings))
        if headings:
            return number + 1, headings
    raise UserError("file.no_rows", path=path)


class _Checked:
    """Rows made as long as the headings, with what was seen on the way."""

    def __init__(
        self, path: Path, headings: list[str], first: int, ends_with_line: bool | None
    ) -> None:
        self.path, self.headings, self.number = path, headings, first - 1
        self.ends_with_line = ends_with_line
        self.short: list[int] = []
        self.empty: list[int] = []

    def rows(self, rows: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
        """The rows without the empty ones at the end. Raises ``UserError`` for the first fault."""
        waiting: list[int] = []  # empty rows, of which nobody knows yet whether more follows
        blank = [""] * len(self.headings)
        for row in rows:
            self.number += 1
            if not any(row):
                waiting.append(self.number)
                continue
            if waiting:
                check_size(self.path, self.number, len(blank))
                self.empty += waiting
                yield from (blank for _ in waiting)
                waiting.clear()
            yield self._fitted(row)
        if self.ends_with_line is False and self.short[-1:] == [self.number]:
            raise UserError("file.cut_off", path=self.path, row=self.number)

    def _fitted(self, row: Sequence[str]) -> Sequence[str]:
        width = len(self.headings)
        if len(row) == width:
            return row
        if len(row) < width:
            self.short.append(self.number)
            return [*row, *[""] * (width - len(row))]
        if any(row[width:]):
            raise UserError(
                "file.row_too_long",
                path=self.path,
                row=self.number,
                count=len(row),
                expected=width,
            )
        return row[:width]

    def notices(self) -> Iterator[Notice]:
        if self.empty:
            yield _rows_notice("file.notice.empty_rows", self.empty)
        if self.short and self.ends_with_line is not None:
            yield _rows_notice("file.notice.short_rows", self.short)


def _arrays(path: Path, rows: Iterator[Sequence[str]], width: int) -> list[pa.ChunkedArray]:
    """One array of text per column, made some rows at a time so that only text is kept."""
    parts: list[list[pa.Array]] = [[] for _ in range(width)]
    count, size, step = 0, 0, max(1, _CELLS_AT_A_TIME // width)
    while chunk := list(islice(rows, step)):
        count += len(chunk)
        if count * width > MOST_CELLS:
            raise too_large(path, count, width)
        for part, cells in zip(parts, zip(*chunk, strict=True), strict=True):
            part.append(text_array(cells))
            size += part[-1].nbytes
        if size > MOST_BYTES:
            raise too_large(path, count, width)
    return [pa.chunked_array(part, pa.large_string()) for part in parts]


def text_array(cells: Sequence[str]) -> pa.Array:
    """An array of text in which an empty cell is missing."""
    return without_empty(pa.array(cells, pa.large_string()))


def without_empty(texts: pa.Array) -> pa.Array:
    """The texts, of which an empty one is missing."""
    return pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.large_string()), texts)


# --- from columns ------------------------------------------------------------------------------


def table_of_columns(
    path: Path, names: Sequence[str], columns: Sequence[pa.ChunkedArray]
) -> tuple[pd.DataFrame, tuple[Notice, ...]]:
    """The table of columns of text. Raises ``UserError`` when it has no rows."""
    table, notices = _named([name.strip() or None for name in names], columns)
    if table.empty:
        raise UserError("file.no_rows", path=path)
    return table, notices


def check_size(path: Path, rows: int, columns: int) -> None:
    """Raise ``UserError`` when a table of this size is more than can be held."""
    if rows * columns > MOST_CELLS or columns > MOST_COLUMNS:
        raise too_large(path, rows, columns)


def too_large(path: Path, rows: int, columns: int) -> UserError:
    """What is told of a table that is too large; ``rows`` may be as far as it was read."""
    return UserError("file.too_large", path=path, rows=rows, columns=columns, most=MOST_CELLS)


# --- names of columns --------------------------------------------------------------------------


def _named(
    names: Sequence[str | None], columns: Sequence[pa.ChunkedArray]
) -> tuple[pd.DataFrame, tuple[Notice, ...]]:
    """The table with a name of its own for each column; an empty column without one is dropped."""
    kept = [
        (number, name, column)
        for number, (name, column) in enumerate(zip(names, columns, strict=True), start=1)
        if name or column.null_count < len(column)
    ]
    given = [name or f"column_{number}" for number, name, _ in kept]
    unique = unique_names(given)
    unnamed = [new for (_, name, _), new in zip(kept, unique, strict=True) if not name]
    renamed = [new for (_, name, _), new in zip(kept, unique, strict=True) if name and new != name]
    arrays = [column for *_, column in kept]
    table = pa.table(arrays, names=[str(each) for each in range(len(arrays))]).to_pandas()
    table.columns = pd.Index(unique, dtype="str")
    notices = [columns_notice("file.notice.renamed", renamed)] if renamed else []
    notices += [columns_notice("file.notice.unnamed", unnamed)] if unnamed else []
    return table, tuple(notices)


def unique_names(names: Sequence[str]) -> list[str]:
    """The names, in which a second ``why`` becomes ``why (2)``."""
    taken = set(names)
    seen: dict[str, int] = {}
    result = []
    for name in names:
        number = seen.get(name, 0) + 1
        new = name
        while number > 1 and (new := f"{name} ({number})") in taken:
            number += 1
        seen[name] = number
        taken.add(new)
        result.append(new)
    return result


def columns_notice(key: str, columns: Sequence[str]) -> Notice:
    """A notice about these columns."""
    return Notice(key, {"count": len(columns), "columns": shown(columns)})


def _rows_notice(key: str, rows: Sequence[int]) -> Notice:
    return Notice(key, {"count": len(rows), "rows": shown(rows)})


def shown(values: Sequence[object]) -> str:
    """The first few, as text."""
    more = [" …"] if len(values) > _SHOWN else []
    return ", ".join(str(value) for value in values[:_SHOWN]) + "".join(more)


# --- values as text ----------------------------------------------------------------------------


def number_text(value: float) -> str:
    """A number as it is typed, ``3`` and not ``3.0``; "" for one that is none."""
    if value != value:
        return ""
    if abs(value) < 1e18 and value == int(value):
        return str(int(value))
    return repr(float(value))


def moment_text(moment: datetime) -> str:
    """``2020-06-01``, or with the time of day where there is one, ``2020-06-01T14:30:00``."""
    if moment.time() == time():
        return moment.date().isoformat()
    return moment.replace(microsecond=0, tzinfo=None).isoformat()


def clock_text(seconds: float) -> str:
    """A time of day or a duration, ``14:30:00``; hours may go beyond 23."""
    whole = round(abs(seconds))
    sign = "-" if seconds < 0 and whole else ""
    return f"{sign}{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"
