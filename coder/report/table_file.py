"""One table as a file that a spreadsheet opens, in which no answer becomes a formula."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any, Literal

import pandas as pd

from coder.report.workbook import workbook_bytes

Ending = Literal["csv", "xlsx"]
# What spreadsheets take for the beginning of a formula (OWASP, "CSV injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def table_file(table: pd.DataFrame, ending: Ending, decimal: Literal[",", "."] = ",") -> bytes:
    """A table as CSV or as an Excel workbook; the first row has the names of the columns.

    decimal : the sign in numbers of a CSV file. With a comma there, cells are parted by semicolons,
    as spreadsheets expect where numbers are written so. Missing values are empty cells. In CSV,
    text that a spreadsheet would compute has an apostrophe before it; in a workbook it is text.
    """
    if ending == "xlsx":
        return workbook_bytes({"1": table})
    content = StringIO()
    writer = csv.writer(content, delimiter=";" if decimal == "," else ",")
    writer.writerow([_cell(str(name), decimal) for name in table.columns])
    for row in table.itertuples(index=False, name=None):
        writer.writerow([_cell(value, decimal) for value in row])
    return content.getvalue().encode("utf-8-sig")  # by the mark, Excel reads æ, ø and å


def _cell(value: Any, decimal: str) -> str:
    if pd.isna(value):
        return ""
    if isinstance(value, float):
        return f"{value:.10g}".replace(".", decimal)
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text
