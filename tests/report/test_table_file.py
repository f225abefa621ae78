"""One table as a file: what a spreadsheet would make of it."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO

import openpyxl
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from coder.report.table_file import table_file

TABLE = pd.DataFrame(
    {
        "Svar": ["=1+1", "-5 grader", "+45 1234", "@her", "æ; ø", None],
        "Andel": [0.5, 0.125, 1.0, 0.0, float("nan"), 1 / 3],
        "Antal": [1, 2, 3, 4, 5, 1000],
    }
)


def lines(content: bytes, separator: str) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")  # or Excel reads æ as two other signs
    return list(csv.reader(StringIO(content.decode("utf-8-sig")), delimiter=separator))


def test_numbers_are_written_as_the_language_writes_them() -> None:
    danish, english = (
        lines(table_file(TABLE, "csv"), ";"),
        lines(table_file(TABLE, "csv", "."), ","),
    )
    assert danish[0] == english[0] == ["Svar", "Andel", "Antal"]
    assert [row[1] for row in danish[1:5]] == ["0,5", "0,125", "1,0", "0,0"]
    assert [row[1] for row in english[1:5]] == ["0.5", "0.125", "1.0", "0.0"]
    assert danish[5] == ["æ; ø", "", "5"]
    assert danish[6][0] == ""


def test_no_text_becomes_a_formula() -> None:
    found = [row[0] for row in lines(table_file(TABLE, "csv"), ";")[1:5]]
    assert found == ["'=1+1", "'-5 grader", "'+45 1234", "'@her"]
    sheet = openpyxl.load_workbook(BytesIO(table_file(TABLE, "xlsx"))).active
    assert sheet is not None
    cells = [sheet.cell(row, 1) for row in range(2, 6)]
    assert [cell.value for cell in cells] == ["=1+1", "-5 grader", "+45 1234", "@her"]
    assert {cell.data_type for cell in cells} == {"s"}
    assert sheet.cell(2, 2).value == 0.5


def test_a_heading_that_looks_like_a_formula_is_none() -> None:
    table = pd.DataFrame({"=SUM(A1:A9)": [1]})
    assert lines(table_file(table, "csv"), ";")[0] == ["'=SUM(A1:A9)"]


def test_columns_of_one_name_are_all_there() -> None:
    table = pd.DataFrame([[1, 2, "=3"]], columns=["n", "n", "n"])
    assert lines(table_file(table, "csv"), ";") == [["n", "n", "n"], ["1", "2", "'=3"]]
    sheet = openpyxl.load_workbook(BytesIO(table_file(table, "xlsx"))).active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]] == [1, 2, "=3"]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"))))
def test_every_text_comes_back(texts: list[str]) -> None:
    table = pd.DataFrame({"x": pd.Series(texts, dtype="object"), "y": 1})
    found = [row[0] for row in lines(table_file(table, "csv"), ";")[1:]]
    assert [each.removeprefix("'") for each in found] == [t.removeprefix("'") for t in texts]
    assert not any(each.startswith(("=", "+", "-", "@", "\t")) for each in found)
