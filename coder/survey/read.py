"""From a file to a table of text, with everything that the file says about its columns.

``read_file`` understands SPSS, Excel, OpenDocument, text and Parquet. What else belongs to a
survey comes in two more files: ``with_variable_list`` adds the labels of SurveyXact's list of
variables, ``join_background`` what is known of everyone invited. Nothing is coded here, and
nothing is dropped: what was guessed or changed stands in ``RawTable.notices``.
"""

from __future__ import annotations

import math
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pyreadstat

from coder.errors import UserError
from coder.survey.delimited import open_delimited, with_decimal_points
from coder.survey.raw import (
    FIRST_ROW,
    MOST_BYTES,
    HeaderRole,
    MultipleSet,
    Notice,
    RawTable,
    Source,
    check_size,
    clock_text,
    columns_notice,
    header_role,
    moment_text,
    number_text,
    shown,
    table_of_columns,
    table_of_rows,
    text_array,
    too_large,
    unique_names,
    without_empty,
)
from coder.survey.sheets import open_workbook

__all__ = [
    "Form",
    "HeaderRole",
    "MultipleSet",
    "Notice",
    "RawTable",
    "Source",
    "as_codes",
    "join_background",
    "read_file",
    "read_set",
    "told_apart",
    "with_variable_list",
]

Form = Literal["code", "label", "position", "both"]

_CELLS_AT_A_TIME = 4_000_000
_LIST_CELL = 10  # a cell of a list takes about this many times the memory of one in a table


def read_file(path: Path, sheet: str | None = None) -> RawTable:
    """Read a survey file, one row per respondent, the names of the columns in the first row.

    sheet : of a workbook; the first visible one if left out.
    Raises ``UserError`` (``file.*``) when there is no such file, when its kind is not known, and
    for anything that would make the table wrong, partial or too large. There is no other error.
    """
    kind = _kind(path, (*_READERS, *_WORKBOOKS))
    try:
        raw = _READERS[kind](path) if kind in _READERS else _read_workbook(path, sheet)
    except (OSError, MemoryError) as error:
        raise UserError("file.unreadable", path=path, kind=kind.removeprefix(".")) from error
    return _with_headings(raw)


def read_set(paths: Sequence[Path]) -> RawTable:
    """Read an export in several files: the data, and lists of its variables and their values.

    The data is the file whose headings the others name most often; the names and the order of
    the files don't matter. Raises ``UserError`` as ``read_file`` and ``with_variable_list`` do.
    """
    rows = {path: _list_rows(path, None) for path in paths}
    named = {path: {cell for row in rows[path] for cell in row} for path in paths}

    def mentions(path: Path) -> int:
        return sum(
            cell in named[other] for other in paths if other != path for cell in rows[path][0]
        )

    data = max(paths, key=mentions)
    raw = read_file(data)
    for path in paths:
        raw = raw if path == data else with_variable_list(raw, path)
    return raw


def _kind(path: Path, kinds: Sequence[str]) -> str:
    if not path.is_file():
        raise UserError("file.missing", path=path)
    if path.suffix.lower() not in kinds:
        raise UserError("file.unknown_kind", path=path, kinds=", ".join(kinds))
    return path.suffix.lower()


def _with_headings(raw: RawTable) -> RawTable:
    """The table with what its headings say: roles, and a text after ``::``."""
    names = [str(name) for name in raw.table.columns]
    roles = {name: role for name in names if (role := header_role(name))}
    split = {name: name.partition("::")[2].strip() for name in names if not name.startswith("::")}
    labels = {name: label for name, label in split.items() if label}
    return replace(raw, roles=roles, labels={**labels, **raw.labels})


# --- workbooks and text ------------------------------------------------------------------------


def _read_workbook(path: Path, sheet: str | None) -> RawTable:
    with open_workbook(path, sheet) as book:
        table, notices = table_of_rows(path, book.rows)
    source = Source(
        file=path.name,
        format=path.suffix.lower().removeprefix("."),
        rows=len(table),
        columns=len(table.columns),
        sheet=book.sheet,
        sheets=book.sheets,
    )
    return RawTable(table, source, notices=notices)


def _read_text(path: Path) -> RawTable:
    with open_delimited(path) as text:
        table, notices = table_of_rows(path, text.rows, text.ends_with_line)
    table, decimal, changed = with_decimal_points(table)
    if changed:
        notices = (*notices, columns_notice("file.notice.decimal_comma", changed))
    source = Source(
        file=path.name,
        format=path.suffix.lower().removeprefix("."),
        rows=len(table),
        columns=len(table.columns),
        encoding=text.encoding,
        delimiter=text.delimiter,
        decimal=decimal,
    )
    return RawTable(table, source, notices=notices)


# --- SPSS --------------------------------------------------------------------------------------

_SPSS_START = datetime(1582, 10, 14)
_SPSS_DAYS = {"DATE", "ADATE", "EDATE", "JDATE", "SDATE", "QYR", "MOYR", "WKYR"}
_SPSS_MOMENTS = {"DATETIME", "YMDHMS"}
_SPSS_CLOCKS = {"TIME", "DTIME", "MTIME"}
_SAV_BROKEN = (
    pyreadstat.ReadstatError,
    pyreadstat.PyreadstatError,
    UnicodeDecodeError,
    ValueError,
    OverflowError,
    KeyError,  # a name that the file gives to two variables
)

_READ_DICTIONARY = "import sys, pyreadstat; pyreadstat.read_sav(sys.argv[1], metadataonly=True)"
_PATIENCE = 60  # seconds

Write = Callable[[float], str]  # a number as text


def _read_sav(path: Path) -> RawTable:
    _survive(path)
    try:
        meta, encoding = _sav_metadata(path)
        _check_names(meta.column_names)
        columns = _sav_columns(path, meta, encoding)
    except _SAV_BROKEN as error:
        raise UserError("file.unreadable", path=path, kind="SPSS") from error
    table, notices = table_of_columns(path, meta.column_names, columns)
    writers = {name: _sav_writer(meta, name) for name in meta.column_names}
    value_labels = {
        name: {_sav_code(code, writers[name]): label for code, label in labels.items()}
        for name, labels in meta.variable_value_labels.items()
    }
    if encoding:
        notices = (*notices, Notice("file.notice.encoding", {"encoding": encoding}))
    return RawTable(
        table,
        _sav_source(path, table, encoding or meta.file_encoding),
        labels={name: text for name, text in meta.column_names_to_labels.items() if text},
        value_labels=value_labels,
        missing=_sav_missing(meta, table, value_labels, writers),
        multiple=_sav_sets(meta),
        notices=notices,
    )


def _survive(path: Path) -> None:
    """Let another process read the file's dictionary first: some damaged ones kill the reader."""
    command = [sys.executable, "-c", _READ_DICTIONARY, str(path.absolute())]
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            command, capture_output=True, timeout=_PATIENCE, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise UserError("file.unreadable", path=path, kind="SPSS") from error
    if done.returncode not in (0, 1):  # 1 is an ordinary error, which comes again in a moment
        raise UserError("file.unreadable", path=path, kind="SPSS")


def _check_names(names: Sequence[str | None]) -> None:
    """SPSS gives every variable a name of its own, without spaces; a damaged file may not."""
    if len(set(names)) < len(names) or any(not name or name != name.strip() for name in names):
        raise ValueError("names of variables")


def _sav_metadata(path: Path) -> tuple[Any, str | None]:
    """What the file says of itself, and the encoding if it had to be guessed (old files)."""
    try:
        return pyreadstat.read_sav(path, metadataonly=True, user_missing=True)[1], None
    except (pyreadstat.ReadstatError, UnicodeDecodeError) as error:
        if "convert string" not in str(error) and not isinstance(error, UnicodeDecodeError):
            raise
    meta = pyreadstat.read_sav(path, metadataonly=True, user_missing=True, encoding="cp1252")[1]
    return meta, "cp1252"


def _sav_source(path: Path, table: pd.DataFrame, encoding: str | None) -> Source:
    return Source(
        file=path.name,
        format=path.suffix.lower().removeprefix("."),
        rows=len(table),
        columns=len(table.columns),
        encoding=encoding,
    )


def _sav_columns(path: Path, meta: Any, encoding: str | None) -> list[pa.ChunkedArray]:
    """The columns as text, some at a time: what pyreadstat gives is larger than what is kept."""
    names = meta.column_names
    rows = _sav_rows(path, meta, encoding)
    check_size(path, rows, len(names))
    step = max(1, _CELLS_AT_A_TIME // max(1, rows))
    columns = []
    for start in range(0, len(names), step):
        some = names[start : start + step]
        found, _ = pyreadstat.read_sav(
            path,
            usecols=some,
            user_missing=True,
            disable_datetime_conversion=True,
            output_format="dict",
            encoding=encoding,
        )
        for name in some:
            is_text = meta.readstat_variable_types[name] == "string"
            values = found.pop(name)
            columns.append(_texts(values) if is_text else _numbers(values, _sav_writer(meta, name)))
    return columns


def _sav_rows(path: Path, meta: Any, encoding: str | None) -> int:
    """How many rows; not every program writes it at the beginning of the file."""
    if meta.number_rows and meta.number_rows > 0:
        return int(meta.number_rows)
    first = meta.column_names[:1]
    found, _ = pyreadstat.read_sav(path, usecols=first, output_format="dict", encoding=encoding)
    return max((len(values) for values in found.values()), default=0)


def _texts(values: Iterable[str | None]) -> pa.ChunkedArray:
    return pa.chunked_array([text_array([each or "" for each in values])])


def _numbers(values: Any, write: Write) -> pa.ChunkedArray:
    """Numbers as text; each different one is written once, since codes repeat."""
    known, place = np.unique(np.asarray(values, dtype="float64"), return_inverse=True)
    texts = text_array([write(float(each)) for each in known])
    return pa.chunked_array([texts.take(pa.array(place))])


def _sav_writer(meta: Any, name: str) -> Write:
    """How the numbers of a variable are written, by its format: as a date, a time or a number."""
    kind = re.match("[A-Z]*", meta.original_variable_types.get(name) or "")
    word = kind[0] if kind else ""
    if word in _SPSS_DAYS | _SPSS_MOMENTS:
        return _spss_moment
    return _spss_clock if word in _SPSS_CLOCKS else number_text


def _spss_moment(seconds: float) -> str:
    """A date of SPSS, which counts seconds since 1582; the number when there is no such day."""
    if not math.isfinite(seconds):
        return number_text(seconds)
    try:
        return moment_text(_SPSS_START + timedelta(seconds=seconds))
    except (OverflowError, ValueError):
        return number_text(seconds)


def _spss_clock(seconds: float) -> str:
    return clock_text(seconds) if math.isfinite(seconds) else ""


def _sav_code(code: object, write: Write) -> str:
    return write(float(code)) if isinstance(code, int | float) else str(code).rstrip()


def _sav_missing(
    meta: Any,
    table: pd.DataFrame,
    value_labels: Mapping[str, Mapping[str, str]],
    writers: Mapping[str, Write],
) -> dict[str, tuple[str, ...]]:
    """The codes declared user-missing that occur or have a label, in the order of their values."""
    declared = {}
    for name, ranges in meta.missing_ranges.items():
        known = [str(each) for each in table[name].dropna().unique()]
        codes = dict.fromkeys([*value_labels.get(name, {}), *known])
        found = [code for code in codes if _is_declared(code, ranges, writers[name])]
        if found:
            declared[name] = tuple(sorted(found, key=lambda code: (len(code), code)))
    return declared


def _is_declared(code: str, ranges: Sequence[Any], write: Write) -> bool:
    for each in ranges:
        low, high = (each["lo"], each["hi"]) if isinstance(each, dict) else (each, each)
        if isinstance(low, str):
            if code == low.rstrip():
                return True
        elif code in (write(float(low)), write(float(high))) or low <= _number(code) <= high:
            return True
    return False


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _sav_sets(meta: Any) -> tuple[MultipleSet, ...]:
    """The multiple-response sets of which every variable is in the file."""
    by_upper = {name.upper(): name for name in meta.column_names}
    sets = []
    for name, found in meta.mr_sets.items():
        columns = [by_upper.get(each.upper()) for each in found["variable_list"]]
        counted = found["counted_value"] if found["is_dichotomy"] else None
        code = None if counted is None else str(counted).strip()
        known = tuple(each for each in columns if each)
        sets.append(MultipleSet(name.removeprefix("$"), found["label"], known, code))
    return tuple(sets)


# --- Parquet -----------------------------------------------------------------------------------


def _read_parquet(path: Path) -> RawTable:
    try:
        fields = pq.read_schema(path)
        # Texts stay in their dictionary, so that their size is known before they are unfolded.
        texts = [field.name for field in fields if _is_text(field.type)]
        with pq.ParquetFile(path, read_dictionary=texts) as file:
            check_size(path, file.metadata.num_rows, file.metadata.num_columns)
            columns = _parquet_columns(path, file)
    except (pa.ArrowException, UnicodeDecodeError) as error:
        raise UserError("file.unreadable", path=path, kind="Parquet") from error
    table, notices = table_of_columns(path, fields.names, columns)
    source = Source(path.name, "parquet", len(table), len(table.columns))
    return RawTable(table, source, notices=notices)


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _parquet_columns(path: Path, file: pq.ParquetFile) -> list[pa.ChunkedArray]:
    """The columns as text, some rows at a time."""
    width = max(1, len(file.schema_arrow))
    parts: list[list[pa.Array]] = [[] for _ in file.schema_arrow]
    size = 0
    for batch in file.iter_batches(batch_size=max(1, _CELLS_AT_A_TIME // 10 // width)):
        for part, field, values in zip(parts, batch.schema, batch.columns, strict=True):
            if size + _unfolded(values) > MOST_BYTES:
                raise too_large(path, file.metadata.num_rows, width)
            part.append(_arrow_text(path, field, values))
            size += part[-1].nbytes
    return [pa.chunked_array(part, pa.large_string()) for part in parts]


def _unfolded(values: pa.Array) -> int:
    """The bytes of text that an array with a dictionary of texts stands for."""
    if not (pa.types.is_dictionary(values.type) and _is_text(values.type.value_type)):
        return 0
    lengths = pc.cast(pc.binary_length(values.dictionary), pa.int64())
    return pc.sum(lengths.take(values.indices)).as_py() or 0


def _arrow_text(path: Path, field: pa.Field, values: pa.Array) -> pa.Array:
    kind = field.type
    if pa.types.is_dictionary(kind):
        values, kind = values.dictionary_decode(), kind.value_type
    if pa.types.is_boolean(kind):
        return values.cast(pa.int8()).cast(pa.large_string())
    if pa.types.is_floating(kind):
        return _numbers(values.to_numpy(zero_copy_only=False), number_text).combine_chunks()
    if pa.types.is_timestamp(kind):
        moments = values.cast(pa.timestamp("us"), safe=False).to_pylist()
        return text_array(["" if each is None else moment_text(each) for each in moments])
    if pa.types.is_nested(kind):
        raise UserError("file.nested_column", path=path, column=field.name)
    return without_empty(values.cast(pa.large_string()))


_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
_TEXTS = (".csv", ".tsv", ".txt")
_READERS: dict[str, Callable[[Path], RawTable]] = {
    ".sav": _read_sav,
    ".zsav": _read_sav,
    **dict.fromkeys(_TEXTS, _read_text),
    ".parquet": _read_parquet,
}


# --- a list of variables -----------------------------------------------------------------------

_MOST_TYPES = 12
_VALUE_WORDS = ("value", "værdi", "kode", "code", "v.value")
_QUESTION_WORDS = ("question", "spørgsmål", "questiontext", "spørgsmålstekst")
_LABEL_WORDS = ("label", "etiket", "tekst", "text", "choice", "svar", "valg", "v.label")


def with_variable_list(raw: RawTable, path: Path, sheet: str | None = None) -> RawTable:
    """The table with the labels of a list of variables, such as SurveyXact's.

    A list has one row per variable (variable, perhaps a type, the question, the label) or one per
    value (variable, value, label), with or without headings; which of them is seen from what it
    holds, not from its name. Both kinds may be added, one after the other. Raises ``UserError``
    when the file is unreadable or names none of the columns.
    """
    rows = _list_rows(path, sheet)
    known = {str(name) for name in raw.table.columns}
    place = _variable_place(rows, known)
    if place is None:
        raise UserError("file.no_variables", path=path, columns=shown(sorted(known)))
    body = [row for row in rows if row[place] in known]
    heading = [] if rows[0][place] in known else [cell.strip().casefold() for cell in rows[0]]
    if len({row[place] for row in body}) < len(body) or _find(heading, _VALUE_WORDS) is not None:
        return _with_value_labels(raw, body, heading, place)
    return _with_labels(raw, body, heading, place)


def _list_rows(path: Path, sheet: str | None) -> list[list[str]]:
    """Every row of a text file or a workbook, all of one length."""
    if _kind(path, (*_TEXTS, *_WORKBOOKS)) in _WORKBOOKS:
        with open_workbook(path, sheet) as book:
            rows = _few(path, book.rows)
    else:
        with open_delimited(path) as text:
            rows = _few(path, text.rows)
    width = max((len(row) for row in rows), default=0)
    if not width:
        raise UserError("file.no_rows", path=path)
    return [[*row, *[""] * (width - len(row))] for row in rows]


def _few(path: Path, rows: Iterable[Sequence[str]]) -> list[Sequence[str]]:
    """The rows that have anything in them, held in memory as long as they are not too many."""
    found: list[Sequence[str]] = []
    for row in rows:
        if any(row):
            found.append(row)
        check_size(path, len(found) * _LIST_CELL, max(1, len(row)))
    return found


def _variable_place(rows: Sequence[Sequence[str]], known: set[str]) -> int | None:
    """The column of the list that names most columns of the table; None when none does."""
    hits = [sum(row[place] in known for row in rows) for place in range(len(rows[0]))]
    return hits.index(max(hits)) if max(hits) else None


def _find(heading: Sequence[str], words: Sequence[str]) -> int | None:
    return next((place for place, cell in enumerate(heading) if cell in words), None)


def _with_value_labels(
    raw: RawTable, body: Sequence[Sequence[str]], heading: Sequence[str], place: int
) -> RawTable:
    """Without headings the value is the column after the variable, the label the one after."""
    others = [each for each in range(len(body[0])) if each != place]
    value = _find(heading, _VALUE_WORDS)
    value = others[0] if value is None else value
    label = _find(heading, _LABEL_WORDS)
    label = next((each for each in others if each > value), value) if label is None else label
    labels: dict[str, dict[str, str]] = {}
    for row in body:
        labels.setdefault(row[place], {})[row[value]] = row[label]
    return replace(raw, value_labels={**raw.value_labels, **labels})


def _with_labels(
    raw: RawTable, body: Sequence[Sequence[str]], heading: Sequence[str], place: int
) -> RawTable:
    """Question and label together are the label; without headings, what is no type."""
    asked = [_find(heading, _QUESTION_WORDS), _find(heading, _LABEL_WORDS)]
    places = [each for each in asked if each is not None]
    if not places:
        others = [each for each in range(len(body[0])) if each != place]
        places = others[1:] if len(others) > 1 and _is_type(body, others[0]) else others
    labels = {row[place]: _joined([row[each] for each in places]) for row in body}
    return replace(
        raw, labels={**raw.labels, **{name: text for name, text in labels.items() if text}}
    )


def _is_type(body: Sequence[Sequence[str]], place: int) -> bool:
    """Whether a column holds kinds of questions: few different single words, used again."""
    words = [row[place].strip() for row in body]
    few = len(set(words)) < len(words) and len(set(words)) <= _MOST_TYPES
    return few and all(word and " " not in word for word in words)


def _joined(texts: Sequence[str]) -> str:
    return " ".join(dict.fromkeys(text.strip() for text in texts if text.strip()))


# --- codes, labels or both ---------------------------------------------------------------------

_BOTH = re.compile(r"\s*\(?(-?\w{1,6})\)?\s*[:=.)–-]\s*(\S.*)", re.DOTALL)


def told_apart(raw: RawTable) -> dict[str, Form]:
    """How each column with value labels holds them, where all of its cells agree.

    code : as the labels' codes. label : as their texts. both : code and text in one cell, such
    as ``1: Often``. position : as the number of the label in the list, from 1, when that is not
    also its code. A column that is none of these, or empty, is not among the keys.
    """
    forms = {}
    for name, labels in raw.value_labels.items():
        if name in raw.table.columns:
            form = _form([str(each) for each in raw.table[name].dropna().unique()], labels)
            if form:
                forms[name] = form
    return forms


def _form(cells: Sequence[str], labels: Mapping[str, str]) -> Form | None:
    texts = {_folded(label) for label in labels.values()}
    positions = {str(number) for number in range(1, len(labels) + 1)}
    if not cells:
        return None
    if all(cell in labels for cell in cells):
        return "code"
    if all(_folded(cell) in texts for cell in cells):
        return "label"
    if all(_code_of_both(cell, labels) for cell in cells):
        return "both"
    return "position" if all(cell in positions for cell in cells) else None


def as_codes(raw: RawTable, forms: Mapping[str, Form]) -> RawTable:
    """The table with these columns as codes. A label that two codes share stands for the first."""
    changed = {}
    for name, form in forms.items():
        if form != "code":
            known = raw.table[name].dropna().unique()
            codes = {cell: _code(str(cell), form, raw.value_labels[name]) for cell in known}
            changed[name] = raw.table[name].map(codes, na_action="ignore").astype("str")
    return replace(raw, table=raw.table.assign(**changed))


def _code(cell: str, form: Form, labels: Mapping[str, str]) -> str:
    if form == "position":
        return list(labels)[int(cell) - 1]
    if form == "both":
        return _code_of_both(cell, labels) or cell
    return next(code for code, label in labels.items() if _folded(label) == _folded(cell))


def _code_of_both(cell: str, labels: Mapping[str, str]) -> str | None:
    """The code of a cell such as ``1: Often``, if that is the label of the code."""
    found = _BOTH.fullmatch(cell)
    if found and found[1] in labels and _folded(labels[found[1]]) == _folded(found[2]):
        return found[1]
    return None


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


# --- everyone invited --------------------------------------------------------------------------


def join_background(raw: RawTable, background: RawTable, id_column: str) -> RawTable:
    """The answers with what a second file knows of everyone invited.

    Rows that only the second file has come last, as respondents without answers. Respondents
    whom the second file doesn't know stay as they are. Both are told in the notices. A column
    that both files have keeps the answers' values; the other file's stands beside it under a
    name of its own. Raises ``UserError`` when a file has no such column, or when an id stands
    twice in the second file.
    """
    for each in (raw, background):
        if id_column not in each.table.columns:
            columns = shown([str(name) for name in each.table.columns])
            raise UserError(
                "file.no_id_column", path=each.source.file, column=id_column, columns=columns
            )
    _check_unique(background, id_column)
    added = _renamed(background, raw, id_column)
    has_id = added.table[id_column].notna()
    table = raw.table.merge(added.table[has_id], on=id_column, how="left")
    only = added.table[~has_id | ~added.table[id_column].isin(raw.table[id_column])]
    table = pd.concat([table, only], ignore_index=True)[list(table.columns)].astype("str")
    notices = _join_notices(raw, background, id_column, len(only))
    return replace(
        raw,
        table=table,
        source=replace(raw.source, rows=len(table), columns=len(table.columns)),
        labels={**added.labels, **raw.labels},
        value_labels={**added.value_labels, **raw.value_labels},
        missing={**added.missing, **raw.missing},
        multiple=(*raw.multiple, *added.multiple),
        roles={**added.roles, **raw.roles},
        notices=(*raw.notices, *background.notices, *notices),
    )


def _check_unique(raw: RawTable, column: str) -> None:
    ids = raw.table[column].dropna()
    for row in ids.index[ids.duplicated()]:
        first = ids.index[ids == ids[row]][0]
        raise UserError(
            "file.same_id",
            path=raw.source.file,
            column=column,
            value=ids[row],
            row=int(row) + FIRST_ROW,
            first=int(first) + FIRST_ROW,
        )


def _renamed(background: RawTable, raw: RawTable, id_column: str) -> RawTable:
    """The second file, its columns under names that the first doesn't have."""
    own = [str(name) for name in raw.table.columns]
    others = [str(name) for name in background.table.columns if name != id_column]
    new = dict(zip(others, unique_names([*own, *others])[len(own) :], strict=True))
    new[id_column] = id_column

    def keyed(values: Mapping[str, Any]) -> dict[str, Any]:
        return {new[name]: value for name, value in values.items()}

    return replace(
        background,
        table=background.table.rename(columns=new),
        labels=keyed(background.labels),
        value_labels=keyed(background.value_labels),
        missing=keyed(background.missing),
        multiple=tuple(
            replace(each, columns=tuple(new[name] for name in each.columns))
            for each in background.multiple
        ),
        roles=keyed(background.roles),
    )


def _join_notices(raw: RawTable, background: RawTable, id_column: str, silent: int) -> list[Notice]:
    ids = raw.table[id_column]
    unknown = ids[ids.notna() & ~ids.isin(background.table[id_column])]
    notices = []
    if silent:
        notices.append(Notice("file.notice.only_background", {"count": silent}))
    if not unknown.empty:
        params = {"count": len(unknown), "ids": shown(unknown.tolist())}
        notices.append(Notice("file.notice.not_in_background", params))
    return notices
