"""Tables written as an Excel workbook."""

from __future__ import annotations

import re
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from coder.errors import UserError
from coder.files import replacing

_WIDEST = 60  # characters
# No characters, or halves of one: no text in XML, which a workbook is made of.
_UNWRITABLE = re.compile("[\\ud800-\\udfff\\ufffe\\uffff]")
_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")


def write_workbook(path: Path, sheets: Mapping[str, pd.DataFrame]) -> None:
    """Write tables as sheets, first row the column names; all or nothing.

    Text is always written as text: what looks like a formula stays what was written. Characters
    that Excel can't hold are left out; missing values are empty cells. Raises ``UserError`` when
    the folder isn't there.
    """
    if path.suffix.lower() != ".xlsx":
        raise UserError("export.wrong_ending", path=path, ending=".xlsx")
    with replacing(path) as draft:
        _book(sheets).save(draft)


def workbook_bytes(sheets: Mapping[str, pd.DataFrame]) -> bytes:
    """The same workbook as bytes, for a browser to fetch."""
    content = BytesIO()
    _book(sheets).save(content)
    return content.getvalue()


def _book(sheets: Mapping[str, pd.DataFrame]) -> Workbook:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, table in sheets.items():
        _fill(book.create_sheet(_SHEET_NAME.sub(" ", title)[:31]), table)
    return book


def _fill(sheet: Worksheet, table: pd.DataFrame) -> None:
    for column, (name, values) in enumerate(table.items(), start=1):
        _write(sheet.cell(1, column), str(name))
        sheet.cell(1, column).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = _width(values, str(name))
        for row, value in enumerate(values, start=2):
            _write(sheet.cell(row, column), value)
    sheet.freeze_panes = "B2"
    if len(table.columns):
        sheet.auto_filter.ref = sheet.dimensions


def _write(cell: Any, value: object) -> None:
    if value is None or value != value:
        return
    if isinstance(value, str):
        cell.value = _UNWRITABLE.sub("", ILLEGAL_CHARACTERS_RE.sub("", value))
        # Set after the value: openpyxl takes a text that begins with "=" for a formula.
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(("=", "+", "-", "@", "\t", "\r"))
        cell.alignment = Alignment(vertical="top", wrap_text=len(value) > _WIDEST)
    else:
        cell.value = value


def _width(values: pd.Series, name: str) -> float:
    longest = max([len(name), *(len(str(value)) for value in values.dropna())])
    return min(longest, _WIDEST) + 2
