"""A file of ratings, without a study: who gave what to which unit, in long or wide form.

In long form a row is one code that one coder gave one unit; several rows are several codes. In
wide form a row is a unit, and each coder has a column. A cell may hold several codes, as ``a; b``
or ``{a, b}``; ``{}`` is a rating without any. An empty cell is no rating.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from coder.coding.agreement import Agreement, Ratings, agreement, make_ratings
from coder.coding.distances import LEVELS, Level
from coder.errors import UserError
from coder.survey.raw import FIRST_ROW
from coder.survey.read import read_file

__all__ = ["LEVELS", "Agreement", "Form", "Level", "RatedFile", "agreement", "read_ratings"]


@dataclass(frozen=True)
class Form:
    """Which columns of a file hold what.

    coders : in long form the one column with their names; in wide form a column for each, or none
    for all columns that are nothing else. code : in long form only; None means that the form is
    wide. not_rated : what stands in a cell that is no rating; when it is not the empty text, an
    empty cell is a rating without codes.
    """

    unit: str
    coders: tuple[str, ...] = ()
    code: str | None = None
    respondent: str | None = None
    not_rated: str = ""


@dataclass(frozen=True, eq=False)
class RatedFile:
    """What a file of ratings holds.

    ratings : what ``agreement`` takes. respondents : whose each unit is; None when the file does
    not tell. not_rated : how many cells or rows were no rating.
    """

    ratings: Ratings
    respondents: Mapping[str, str] | None
    not_rated: int


@dataclass(frozen=True)
class _Cell:
    """What one coder gave one unit, in one place of the file."""

    row: int
    unit: str
    coder: str
    written: str


def read_ratings(file: Path, form: Form, level: Level = "nominal") -> RatedFile:
    """Read a file of ratings.

    level : nominal, or one at which each rating is one number. Codes that are all numbers are
    compared as numbers, so that ``1`` and ``1.0`` are the same.
    Raises ``UserError`` (``file.*``, ``rated.*``), with the row, for what can't be meant.
    """
    table = read_file(file).table.fillna("")
    table = table.apply(lambda column: column.str.strip())
    coders = _coders(file, table, form)
    cells = list(_cells(file, table, form, coders))
    rated = [cell for cell in cells if cell.written != form.not_rated]
    if not rated:
        raise UserError("rated.nothing", path=file)
    given = _given(file, rated, level)
    if level != "nominal":
        _check_numbers(file, rated, level)
    whose = _respondents(file, table, form) if form.respondent else None
    given = _as_numbers(given)
    codes = sorted({code for some in given.values() for code in some})
    return RatedFile(make_ratings(given, codes), whose, len(cells) - len(rated))


# --- the columns -------------------------------------------------------------------------------


def _coders(file: Path, table: pd.DataFrame, form: Form) -> tuple[str, ...]:
    """The columns with the coders' names (long) or ratings (wide), which must all be there."""
    there = [str(name) for name in table.columns]
    named = [form.unit, *form.coders, *filter(None, [form.code, form.respondent])]
    for column in named:
        if column not in there:
            raise UserError("rated.no_column", path=file, column=column, there=", ".join(there))
        if named.count(column) > 1:
            raise UserError("rated.same_column", column=column)
    if form.code is not None:
        if len(form.coders) != 1:
            raise UserError("rated.one_column_of_coders", count=len(form.coders))
        return form.coders
    coders = form.coders or tuple(name for name in there if name not in named)
    if not coders:
        raise UserError("rated.no_coders", path=file, there=", ".join(there))
    return coders


def _cells(file: Path, table: pd.DataFrame, form: Form, coders: Sequence[str]) -> Iterator[_Cell]:
    units = _filled(file, table, form.unit)
    if form.code is None:
        _check_once(file, units)
        for coder in coders:
            for row, (unit, written) in enumerate(zip(units, table[coder], strict=True), FIRST_ROW):
                yield _Cell(row, unit, coder, written)
        return
    names = _filled(file, table, coders[0])
    for row, cell in enumerate(zip(units, names, table[form.code], strict=True), FIRST_ROW):
        yield _Cell(row, *cell)


def _filled(file: Path, table: pd.DataFrame, column: str) -> list[str]:
    found: list[str] = table[column].tolist()
    if "" in found:
        raise UserError("rated.empty", path=file, row=found.index("") + FIRST_ROW, column=column)
    return found


def _check_once(file: Path, units: Sequence[str]) -> None:
    """In wide form a unit has one row."""
    first: dict[str, int] = {}
    for row, unit in enumerate(units, FIRST_ROW):
        if first.setdefault(unit, row) != row:
            raise UserError("rated.unit_twice", path=file, row=row, unit=unit, first=first[unit])


def _respondents(file: Path, table: pd.DataFrame, form: Form) -> dict[str, str]:
    """Whose each unit is; a unit without a respondent is left out."""
    whose: dict[str, str] = {}
    rows = zip(table[form.unit], table[form.respondent], strict=True)
    for row, (unit, respondent) in enumerate(rows, FIRST_ROW):
        if respondent and whose.setdefault(unit, respondent) != respondent:
            told = {"unit": unit, "one": whose[unit], "other": respondent}
            raise UserError("rated.two_respondents", path=file, row=row, **told)
    return whose


# --- the codes ---------------------------------------------------------------------------------


def _given(file: Path, rated: Sequence[_Cell], level: Level) -> dict[tuple[str, str], set[str]]:
    given: dict[tuple[str, str], set[str]] = {}
    first: dict[tuple[str, str], int] = {}
    for cell in rated:
        pair, codes = (cell.unit, cell.coder), _codes_in(cell.written)
        if level != "nominal" and (pair in given or len(codes) != 1):
            told = {"row": cell.row, "unit": cell.unit, "coder": cell.coder, "level": level}
            raise UserError("rated.several", path=file, first=first.get(pair, cell.row), **told)
        first.setdefault(pair, cell.row)
        given.setdefault(pair, set()).update(codes)
    return given


def _codes_in(written: str) -> set[str]:
    """The codes of a cell; commas part them only between braces, as they may stand in a name."""
    braces = written.startswith("{") and written.endswith("}")
    parted = written[1:-1].replace(",", ";") if braces else written
    return {code for each in parted.split(";") if (code := each.strip())}


def _check_numbers(file: Path, rated: Sequence[_Cell], level: Level) -> None:
    for cell in rated:
        (code,) = _codes_in(cell.written)
        number = _number(code)
        if number is None:
            raise UserError("rated.no_number", path=file, row=cell.row, value=code, level=level)
        if level == "ratio" and number < 0:
            raise UserError("rated.below_zero", path=file, row=cell.row, value=code)


def _as_numbers(given: Mapping[tuple[str, str], set[str]]) -> dict[tuple[str, str], set[str]]:
    """Codes that are all numbers, each written in one way."""
    numbers = {code: _number(code) for some in given.values() for code in some}
    if None in numbers.values():
        return dict(given)
    spelt: dict[float | None, str] = {}
    for code in sorted(numbers, key=len):
        spelt.setdefault(numbers[code], code.removesuffix(".0"))
    return {pair: {spelt[numbers[code]] for code in some} for pair, some in given.items()}


def _number(code: str) -> float | None:
    try:
        found = float(code)
    except ValueError:
        return None
    return found if math.isfinite(found) else None
