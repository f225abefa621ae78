"""The coded table as an SPSS file.

Closed items are numbers with labels, and don't-know and not relevant are declared missing. Codes
are one multiple-response set of ticks, and so is each multiple question. ReadStat, which writes
the file, knows no such sets; the record that tells of them is put in afterwards.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat

from coder.errors import UserError
from coder.files import replacing
from coder.model import Code, Coding, Option
from coder.report.coded import Coded, Column, TickSet
from coder.report.plain_files import check_ending, writable

MOST_TEXT = 32_767  # bytes of a text; SPSS's own limits, as are those below
_MOST_NAME, _MOST_LABEL, _MOST_VALUE_LABEL = 64, 256, 120
_RESERVED = {"all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"}
_NUMBER = re.compile(r"-?\d{1,15}(\.\d+)?")
_MOST_MISSING = 3
Missing = tuple[tuple[float, float], ...]  # from and to, both with it


@dataclass(frozen=True, eq=False)
class Variable:
    """A variable as the file has it: numbers, with NaN for missing, or texts."""

    name: str
    label: str
    values: pd.Series
    labels: Mapping[float, str] = field(default_factory=dict)
    missing: Missing = ()


def write_sav(
    path: Path,
    table: Coded,
    codes: Sequence[Code],
    codings: Sequence[Coding],
    words: Mapping[str, str],
) -> None:
    """Write an SPSS file and read it back; whole or not at all.

    words : what columns of ours are called, and ``codes``, ``yes`` and ``no``. Of each code that
    can be given there is a variable ``code_1``, ``code_2`` … in the order of the codebook. Raises
    ``UserError`` for a text that is too long for SPSS, and if what was read back is something else.
    """
    check_ending(path, ".sav")
    variables, sets = variables_of(table, codes, codings, words)
    _check_lengths(variables, table.rows["answer"])
    with replacing(path) as draft:
        _write(draft, variables)
        draft.write_bytes(with_sets(draft.read_bytes(), sets))
        _compare(draft, variables, sets)


def variables_of(
    table: Coded, codes: Sequence[Code], codings: Sequence[Coding], words: Mapping[str, str]
) -> tuple[list[Variable], list[TickSet]]:
    """The variables and the sets that the file has, under names that SPSS takes."""
    yes_no = {1.0: words["yes"], 0.0: words["no"]}
    found = [_variable(column, table.rows[column.name], yes_no, words) for column in table.columns]
    ticks = list(_code_variables(table.rows["answer"], codes, codings, yes_no))
    names = spss_names([each.name for each in [*found, *ticks]])
    named = [replace(each, name=n) for each, n in zip([*found, *ticks], names, strict=True)]
    by_column = dict(zip([each.name for each in found], names, strict=False))
    sets = [replace(s, columns=tuple(by_column[c] for c in s.columns)) for s in table.sets]
    if ticks:
        sets.append(TickSet("codes", words["codes"], tuple(names[len(found) :])))
    return named, _set_names(sets)


def _variable(
    column: Column, values: pd.Series, yes_no: Mapping[float, str], words: Mapping[str, str]
) -> Variable:
    label = _cut(column.label or words[column.name], _MOST_LABEL)
    if column.kind == "tick":
        return Variable(column.name, label, values.astype("float64"), yes_no)
    if column.kind == "number":
        return Variable(column.name, label, values.astype("float64"))
    if column.kind == "options":
        numbers = option_numbers(column.options)
        labels = {numbers[o.code]: _cut(o.label, _MOST_VALUE_LABEL) for o in column.options}
        held = values.map(numbers).astype("float64")
        return Variable(column.name, label, held, labels, _missing(column.options, numbers))
    texts = values.fillna("").map(lambda v: writable(str(v)).replace("\0", "").rstrip(" "))
    return Variable(column.name, label, texts.astype(object))


def _missing(options: Sequence[Option], numbers: Mapping[str, float]) -> Missing:
    """What is declared missing: up to three values, or all in a range that holds no answer."""
    outside = sorted(numbers[each.code] for each in options if each.role != "answer")
    if len(outside) <= _MOST_MISSING:
        return tuple((value, value) for value in outside)
    low, high = outside[0], outside[-1]
    answers = [numbers[each.code] for each in options if each.role == "answer"]
    if any(low <= each <= high for each in answers):
        return tuple((value, value) for value in outside[:_MOST_MISSING])
    return ((low, high),)


def _code_variables(
    answers: pd.Series,
    codes: Sequence[Code],
    codings: Sequence[Coding],
    yes_no: Mapping[float, str],
) -> Iterator[Variable]:
    given = {(each.answer, each.code) for each in codings}
    used = {code for _, code in given}
    can_be_given = [code for code in codes if code.codable or code.id in used]
    for no, code in enumerate(can_be_given, start=1):
        ticks = [float((answer, code.id) in given) for answer in answers]
        values = pd.Series(ticks, index=answers.index, dtype="float64")
        yield Variable(f"code_{no}", _cut(code.label, _MOST_LABEL), values, yes_no)


def option_numbers(options: Sequence[Option]) -> dict[str, float]:
    """The number of each option: its code if all codes are different numbers, else 1, 2, 3 …"""
    codes = [option.code for option in options]
    if all(_NUMBER.fullmatch(code) for code in codes):
        numbers = [float(code) for code in codes]
        if len(set(numbers)) == len(numbers):
            return dict(zip(codes, numbers, strict=True))
    return {code: float(no) for no, code in enumerate(codes, start=1)}


def spss_names(names: Iterable[str]) -> list[str]:
    """Names that SPSS takes: at most 64 bytes, a letter first, no two alike in any case."""
    found: list[str] = []
    for name in names:
        plain = re.sub(r"[^\w.$#@]", "_", writable(name)).rstrip("._")
        if not plain[:1].isalpha() or plain.casefold() in _RESERVED:
            plain = f"v_{plain}".rstrip("._")
        found.append(_free_name(plain, {each.casefold() for each in found}))
    return found


def _free_name(plain: str, taken: set[str]) -> str:
    name, no = _cut(plain, _MOST_NAME).rstrip("._"), 1
    while name.casefold() in taken:
        no += 1
        ending = f"_{no}"
        name = _cut(plain, _MOST_NAME - len(ending)) + ending
    return name


def _cut(text: str, most: int) -> str:
    """A text of at most so many bytes, without half a character at its end."""
    one_line = " ".join(writable(text).replace("\0", "").split())
    return one_line.encode()[:most].decode("utf-8", "ignore").rstrip()


# --- the file ----------------------------------------------------------------------------------


def _check_lengths(variables: Sequence[Variable], answers: pd.Series) -> None:
    for variable in variables:
        if variable.values.dtype == object:
            sizes = variable.values.map(lambda text: len(text.encode()))
            if sizes.max() > MOST_TEXT:
                raise UserError("export.too_long", answer=answers[sizes.idxmax()], most=MOST_TEXT)


def _write(path: Path, variables: Sequence[Variable]) -> None:
    pyreadstat.write_sav(
        pd.DataFrame({each.name: each.values for each in variables}),
        path,
        column_labels={each.name: each.label for each in variables},
        variable_value_labels={each.name: dict(each.labels) for each in variables if each.labels},
        missing_ranges={each.name: _ranges(each) for each in variables if each.missing},
        variable_measure={each.name: "nominal" for each in variables if each.labels},
    )


def _ranges(variable: Variable) -> list[Any]:
    return [lo if lo == hi else {"lo": lo, "hi": hi} for lo, hi in variable.missing]


def _compare(path: Path, variables: Sequence[Variable], sets: Sequence[TickSet]) -> None:
    """Raises ``UserError`` when what stands in the file is not what was to stand there."""
    table, said = pyreadstat.read_sav(path, user_missing=True)
    meta: Any = said
    for each in variables:
        read = Variable(
            each.name,
            meta.column_names_to_labels.get(each.name) or "",
            table[each.name] if each.name in table else pd.Series(dtype=object),
            meta.variable_value_labels.get(each.name, {}),
            tuple((r["lo"], r["hi"]) for r in meta.missing_ranges.get(each.name, [])),
        )
        if not _is_same(each, read):
            raise UserError("export.differs", path=path, column=each.name)
    found = {name: tuple(each["variable_list"]) for name, each in meta.mr_sets.items()}
    for one in sets:
        if found.get(one.name) != one.columns:
            raise UserError("export.differs", path=path, column=f"${one.name}")


def _is_same(one: Variable, other: Variable) -> bool:
    said = (one.label, dict(one.labels), one.missing) == (
        other.label, dict(other.labels), other.missing
    )  # fmt: skip
    plain = [each.values.astype(object).where(each.values.notna(), None) for each in (one, other)]
    return said and plain[0].tolist() == plain[1].tolist()


# --- multiple-response sets --------------------------------------------------------------------


def _set_names(sets: Sequence[TickSet]) -> list[TickSet]:
    names = spss_names([each.name[: _MOST_NAME - 1] for each in sets])
    return [replace(each, name=name) for each, name in zip(sets, names, strict=True)]


def with_sets(content: bytes, sets: Sequence[TickSet]) -> bytes:
    """An SPSS file with the record (7, subtype 7) that tells which ticks are one question.

    A line per set: ``$name=D``, the length and text of the counted value, those of the label, and
    the short names of the variables in lower case (as PSPP documents the format).
    """
    if not sets:
        return content
    short, end = _dictionary(content)
    lines = []
    for each in sets:
        label = _cut(each.label, _MOST_LABEL)
        columns = "".join(f" {short[name].lower()}" for name in each.columns)
        lines.append(f"${each.name}=D1 1 {len(label.encode())} {label}{columns}\n")
    record = "".join(lines).encode()
    head = struct.pack("<iiii", 7, 7, 1, len(record))
    return content[:end] + head + record + content[end:]


def _dictionary(content: bytes) -> tuple[dict[str, str], int]:
    """The short name of every variable by its long one, and where the dictionary ends."""
    names: dict[str, str] = {}
    at = 176  # what the header takes
    while (kind := _int(content, at)) != 999:
        if kind == 2:
            at, name = _skip_variable(content, at)
            names |= {name: name} if name else {}
        elif kind == 3:
            at = _skip_labels(content, at)
        elif kind == 4:
            at += 8 + 4 * _int(content, at + 4)
        elif kind == 7:
            size = _int(content, at + 8) * _int(content, at + 12)
            if _int(content, at + 4) == 13:  # long names: SHORT=long, with tabs between
                pairs = content[at + 16 : at + 16 + size].decode().split("\t")
                names |= {long: short for short, long in (each.split("=", 1) for each in pairs)}
            at += 16 + size
        else:
            raise ValueError(f"no record of an SPSS dictionary: {kind}")
    return names, at


def _skip_variable(content: bytes, at: int) -> tuple[int, str]:
    """Where the next record begins, and the name; the parts of a long text have none."""
    goes_on, has_label, missing = (
        _int(content, at + 4),
        _int(content, at + 8),
        _int(content, at + 12),
    )
    name = "" if goes_on == -1 else content[at + 24 : at + 32].decode("ascii", "replace").rstrip()
    at += 32
    if has_label:
        at += 4 + -(-_int(content, at) // 4) * 4
    return at + 8 * abs(missing), name


def _skip_labels(content: bytes, at: int) -> int:
    count, at = _int(content, at + 4), at + 8
    for _ in range(count):
        at += 8 + -(-(content[at + 8] + 1) // 8) * 8
    return at


def _int(content: bytes, at: int) -> int:
    return int(struct.unpack_from("<i", content, at)[0])
