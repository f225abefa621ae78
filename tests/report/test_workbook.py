"""Workbooks, read back cell by cell with openpyxl."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from coder.report.workbook import write_workbook
from tests.fixtures import refused


def cells(path: Path, sheet: str = "s") -> list[list[Any]]:
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(path)[sheet]]


def written(folder: Path, *texts: object) -> list[Any]:
    write_workbook(folder / "t.xlsx", {"s": pd.DataFrame({"x": list(texts)}, dtype="object")})
    return [row[0] for row in cells(folder / "t.xlsx")[1:]]


def test_every_cell_stands_where_it_stood(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {"text": ["æøå", None, "🌿"], "whole": [1, 2, 3], "part": [0.5, np.nan, -2.25]},
        index=list("abc"),
    )
    table["text"] = table["text"].astype("str")
    write_workbook(tmp_path / "t.xlsx", {"s": table, "other": table[["whole"]]})
    assert cells(tmp_path / "t.xlsx") == [
        ["text", "whole", "part"], ["æøå", 1, 0.5], [None, 2, None], ["🌿", 3, -2.25]
    ]  # fmt: skip
    assert cells(tmp_path / "t.xlsx", "other") == [["whole"], [1], [2], [3]]


COMMAND = "+cmd|' /C calc'!A0"
FORMULAS = [
    "=1+1",
    COMMAND,
    "-1",
    "@SUM(A1)",
    "\t=1",
    '=HYPERLINK("http://x")',
    "{=1}",
    "#N/A",
    "TRUE",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_looks_like_a_formula_stays_text(tmp_path: Path, text: str) -> None:
    write_workbook(tmp_path / "t.xlsx", {"s": pd.DataFrame({text: [text]})})
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["s"]
    for cell in (sheet["A1"], sheet["A2"]):
        assert (cell.value, cell.data_type) == (text, "s")


@pytest.mark.parametrize("text", FORMULAS[:5])
def test_a_text_that_a_spreadsheet_could_run_when_edited_is_marked_as_text(
    tmp_path: Path, text: str
) -> None:
    write_workbook(tmp_path / "t.xlsx", {"s": pd.DataFrame({"x": [text, "plain", ""]})})
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["s"]
    assert [sheet[cell].quotePrefix for cell in ("A2", "A3", "A4")] == [True, False, False]


def test_a_return_before_a_formula_does_not_let_it_out(tmp_path: Path) -> None:
    assert written(tmp_path, "\r=1+1") == ["\r=1+1"]
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["s"]
    assert (sheet["A2"].data_type, sheet["A2"].quotePrefix) == ("s", True)


def test_control_characters_are_left_out(tmp_path: Path) -> None:
    assert written(tmp_path, "a\x00b\x07c\x1bd", "\x0b", "line\nbreak\ttab") == [
        "abcd", None, "line\nbreak\ttab"
    ]  # fmt: skip


@pytest.mark.parametrize("character", ["\ufffe", "\uffff", "\ud800"])
def test_what_is_no_character_is_left_out(tmp_path: Path, character: str) -> None:
    assert written(tmp_path, f"a{character}b") == ["ab"]


# Excel itself knows one line break only.
TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1
)


@given(st.lists(TEXTS, min_size=1, max_size=8))
@example(["_x0041_", "&amp;", "<b>", " spaces ", "\u2028", "é", "e\u0301", "👩‍👧"])
def test_any_text_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    assert written(tmp_path_factory.mktemp("texts"), *texts) == texts


def test_a_sheet_may_be_called_anything(tmp_path: Path) -> None:
    name = "Svar: [alle] / første \\ sidste? * og meget mere"
    write_workbook(tmp_path / "t.xlsx", {name: pd.DataFrame({"x": [1]})})
    (title,) = openpyxl.load_workbook(tmp_path / "t.xlsx").sheetnames
    assert title == "Svar   alle    første   sidste "[:31]


def test_an_empty_table_is_a_sheet_with_its_headings(tmp_path: Path) -> None:
    write_workbook(
        tmp_path / "t.xlsx", {"s": pd.DataFrame(columns=["a", "b"]), "t": pd.DataFrame()}
    )
    assert cells(tmp_path / "t.xlsx") == [["a", "b"]]


def test_the_headings_stay_in_sight_and_can_be_filtered(tmp_path: Path) -> None:
    write_workbook(tmp_path / "t.xlsx", {"s": pd.DataFrame({"a": ["x" * 200], "b": [1]})})
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["s"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", "A1:B2")
    assert sheet["A1"].font.bold
    assert sheet["A2"].alignment.wrap_text
    assert sheet.column_dimensions["A"].width < 100


def test_an_earlier_file_is_replaced_and_nothing_lies_beside_it(tmp_path: Path) -> None:
    (tmp_path / "t.xlsx").write_bytes(b"old")
    assert written(tmp_path, "new") == ["new"]
    assert [path.name for path in tmp_path.iterdir()] == ["t.xlsx"]


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with refused("file.no_folder", path=tmp_path / "no"):
        write_workbook(tmp_path / "no" / "t.xlsx", {"s": pd.DataFrame({"x": [1]})})


def test_a_folder_is_no_file_to_write_to(tmp_path: Path) -> None:
    (tmp_path / "t.xlsx").mkdir()
    with refused("file.unwritable"):
        write_workbook(tmp_path / "t.xlsx", {"s": pd.DataFrame({"x": [1]})})


def test_a_workbook_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Cannot convert"):
        write_workbook(tmp_path / "t.xlsx", {"s": pd.DataFrame({"x": [object()]})})
    with refused("file.unwritable"):
        (tmp_path / "u.xlsx").mkdir()
        write_workbook(tmp_path / "u.xlsx", {"s": pd.DataFrame({"x": [1]})})
    assert [path.name for path in tmp_path.iterdir()] == ["u.xlsx"]
