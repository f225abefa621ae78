"""One table as a file for a browser to fetch, in which no answer becomes a formula."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from coder.report.delimited import delimited
from coder.report.workbook import workbook_bytes

Ending = Literal["csv", "xlsx"]


def table_file(table: pd.DataFrame, ending: Ending, decimal: Literal[",", "."] = ",") -> bytes:
    """A table as CSV or as an Excel workbook; the first row has the names of the columns.

    decimal : the sign in numbers of a CSV file. With a comma there, cells are parted by semicolons,
    as spreadsheets expect where numbers are written so.
    """
    if ending == "xlsx":
        return workbook_bytes({"1": table})
    return delimited(table, ";" if decimal == "," else ",", decimal)
