"""Survey files of every kind and from every program: nothing is lost, nothing ends in a crash."""

from __future__ import annotations

import json
import random
import struct
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyreadstat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coder.errors import UserError
from coder.i18n import LANGUAGES, load_texts
from coder.study import Study
from coder.survey import compound
from coder.survey import raw as raw_module
from coder.survey.read import (
    MultipleSet,
    RawTable,
    as_codes,
    join_background,
    read_file,
    read_set,
    told_apart,
    with_variable_list,
)
from tests.fixtures import refused

FILES = Path(__file__).parent / "files"


def cells(raw: RawTable) -> list[list[str | None]]:
    return [[None if value != value else value for value in row] for row in raw.table.to_numpy()]


def columns(raw: RawTable) -> dict[str, list[str | None]]:
    return dict(zip(raw.table.columns, map(list, zip(*cells(raw), strict=True)), strict=True))


def written(folder: Path, text: str, name: str = "survey.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def notices(raw: RawTable) -> dict[str, dict[str, Any]]:
    """The notices by the last word of their keys; each can be put in words."""
    for notice in raw.notices:
        for language in LANGUAGES:
            assert "{" not in load_texts(language)(notice.key, **notice.params)
    return {notice.key.rpartition(".")[2]: dict(notice.params) for notice in raw.notices}


def workbook(folder: Path, *rows: list[Any], name: str = "survey.xlsx") -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(folder / name)
    return folder / name


# --- text files --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "mark", "shown"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", b"\xef\xbb\xbf", "utf-8-sig"),
        ("cp1252", b"", "cp1252"),
        ("utf-16-le", b"\xff\xfe", "utf-16"),
        ("utf-16-be", b"\xfe\xff", "utf-16"),
        ("utf-16-le", b"", "utf-16-le"),
        ("utf-16-be", b"", "utf-16-be"),
        ("utf-32-le", b"\xff\xfe\0\0", "utf-32"),
    ],
)
@pytest.mark.parametrize("separator", list(";,\t|"))
def test_encoding_and_delimiter_are_found_and_shown(
    tmp_path: Path, encoding: str, mark: bytes, shown: str, separator: str
) -> None:
    text = separator.join(["navn", "på"]) + "\r\n" + separator.join(["Åse", '"æ; ø, å\t|–"'])
    path = tmp_path / "survey.csv"
    path.write_bytes(mark + text.encode(encoding))
    raw = read_file(path)
    assert columns(raw) == {"navn": ["Åse"], "på": ["æ; ø, å\t|–"]}
    assert (raw.source.encoding, raw.source.delimiter) == (shown, separator)
    assert (raw.source.rows, raw.source.columns, raw.source.file) == (1, 2, "survey.csv")


def test_a_late_letter_decides_the_encoding_of_the_whole_file(tmp_path: Path) -> None:
    rows = "1;plain\n" * 200_000 + "2;på\n"
    path = written(tmp_path, "nr;why\n" + rows, encoding="cp1252")
    assert read_file(path).table["why"].iloc[-1] == "på"
    path.write_bytes(b"nr;why\n1;\xc3\xa5\n2;\xe5\n")
    with refused("file.bad_encoding", row=3, encoding="utf-8"):
        read_file(path)


def test_a_file_that_ends_in_a_letter_of_windows_is_no_cut_utf8(tmp_path: Path) -> None:
    path = written(tmp_path, "nr;why\n1;på", encoding="cp1252")
    assert columns(read_file(path)) == {"nr": ["1"], "why": ["på"]}


@pytest.mark.parametrize(
    ("text", "width", "delimiter"),
    [
        ('nr,"What; why; how?"\n1,a\n', 2, ","),
        ("a;b\n1,5;2,5\n", 2, ";"),
        ("What, when, where?;b\n1;2\n", 2, ";"),
        ("Why, really?\nwell\nno\n", 1, None),
        ("why\nfor this, and that\nor; not\n", 1, None),
        ("nr;why\n1;a, b, c\n2;d, e, f\n", 2, ";"),
        ("a;b;c\n1;x\n2\n3;x;y\n", 3, ";"),
        ("sep=|\nnr|why, when\n1|a;b\n", 2, "|"),
        ("a\tb\n1\t2,5\n", 2, "\t"),
    ],
)
def test_the_delimiter_is_the_one_that_fits(
    tmp_path: Path, text: str, width: int, delimiter: str | None
) -> None:
    raw = read_file(written(tmp_path, text))
    assert (raw.source.columns, raw.source.delimiter) == (width, delimiter)


def test_a_delimiter_at_the_end_of_each_row_shifts_nothing(tmp_path: Path) -> None:
    for text in ("nr;why\n1;a;\n2;b;\n", "nr;why;\n1;a;\n2;b;\n"):
        assert columns(read_file(written(tmp_path, text))) == {"nr": ["1", "2"], "why": ["a", "b"]}


def test_decimal_commas_are_read_where_a_column_is_all_numbers(tmp_path: Path) -> None:
    path = written(tmp_path, 'a;b;c\n1,5;1,5;"1,2,3"\n-2;x;1,2\n;;\n3;;\n')
    raw = read_file(path)
    assert columns(raw)["a"] == ["1.5", "-2", None, "3"]
    assert columns(raw)["b"][:2] == ["1,5", "x"]
    assert columns(raw)["c"][:2] == ["1,2,3", "1,2"]
    assert raw.source.decimal == ","
    assert notices(raw)["decimal_comma"] == {"count": 1, "columns": "a"}
    assert read_file(written(tmp_path, "a,b\n1.5,2\n")).source.decimal == "."
    assert read_file(written(tmp_path, "a,b\n1,2\n")).source.decimal is None


def test_an_empty_row_between_others_stays_and_is_told(tmp_path: Path) -> None:
    raw = read_file(written(tmp_path, "nr;why\n1;a\n\n2;b\n\n\n"))
    assert columns(raw)["nr"] == ["1", None, "2"]
    assert notices(raw) == {"empty_rows": {"count": 1, "rows": "3"}}


def test_short_rows_are_filled_and_told_but_not_at_a_cut_end(tmp_path: Path) -> None:
    raw = read_file(written(tmp_path, "nr;why;more\n1;a\n2;b;c\n"))
    assert cells(raw) == [["1", "a", None], ["2", "b", "c"]]
    assert notices(raw) == {"short_rows": {"count": 1, "rows": "2"}}
    with refused("file.cut_off", row=3):
        read_file(written(tmp_path, "nr;why;more\n1;a;b\n2;c"))


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ('nr;why\n1;"never ends\n2;b\n', 2),
        ('nr;why\n1;"a" b\n2;c\n', 2),
        ('nr;why\n1;"a\n2;"b;\n', 2),
    ],
)
def test_quotes_that_do_not_match_are_refused_with_the_row(
    tmp_path: Path, text: str, row: int
) -> None:
    with refused("file.bad_quotes", row=row):
        read_file(written(tmp_path, text))


def test_cells_without_a_heading_are_refused_with_the_row(tmp_path: Path) -> None:
    with refused("file.row_too_long", row=3, count=4, expected=2):
        read_file(written(tmp_path, "a;b\n1;2\n1;2;3;4\n"))


def test_columns_of_one_name_get_numbers_and_a_notice(tmp_path: Path) -> None:
    raw = read_file(written(tmp_path, "why;why;why (2);;x;\n1;2;3;4;5;\n"))
    assert list(raw.table.columns) == ["why", "why (3)", "why (2)", "column_4", "x"]
    assert notices(raw)["renamed"]["count"] == 1
    assert notices(raw)["unnamed"]["columns"] == "column_4"


def test_prefixes_of_headings_are_offered_and_not_taken_away(tmp_path: Path) -> None:
    raw = read_file(
        written(tmp_path, "!navn;^hvem;.a;:b;#c;<d;::e;land::Hvilket land?;f\n" + "1;" * 8 + "1\n")
    )
    kinds = ["name", "author", "group", "group", "group", "ignore", "comment"]
    assert list(raw.roles.values()) == kinds
    assert list(raw.roles) == list(raw.table.columns)[:7]
    assert raw.labels == {"land::Hvilket land?": "Hvilket land?"}


# --- workbooks ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_workbooks_of_libreoffice_keep_zeros_dates_and_line_breaks(kind: str) -> None:
    raw = read_file(FILES / f"libreoffice.{kind}")
    assert columns(raw) == {
        "id": ["0012", "0013"],
        "tal": ["0", "1.5"],
        "dato": ["2020-06-01", None],
        "tid": ["2020-06-01T14:30:00", None],
        "andel": ["0.25", "1"],
        "sandt": ["1", "0"],
        "formel": [None, "3"],
        "tekst": [None, "to linjer\nog æøå"],
    }
    assert (raw.source.sheet, raw.source.sheets) == ("Svar", ("Svar", "Noter"))
    with refused("file.no_rows"):
        read_file(FILES / f"libreoffice.{kind}", "Noter")
    with refused("file.no_sheet", sheet="Andet", sheets="Svar, Noter"):
        read_file(FILES / f"libreoffice.{kind}", "Andet")


def test_a_workbook_keeps_every_sign(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["007", 123456789012345, 1.1, 1e20, -4.0, " a\r\nb ", "_x0041_", "NA", True],
        [0, None, "1,50", 1e-9, 7, "<&>\"'", "=1+1", "#N/A", False],
    ]
    path = workbook(tmp_path, list("abcdefghi"), *rows)
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["G3"].data_type = "s"
    book.worksheets[0]["H3"].data_type = "s"
    book.worksheets[0]["E3"].number_format = "0000"
    book.save(path)
    assert cells(read_file(path)) == [
        [
            "007",
            "123456789012345",
            "1.1",
            "1e+20",
            "-4",
            " a\r\nb ",
            "A",
            "NA",
            "1",
        ],
        ["0", None, "1,50", "1e-09", "0007", "<&>\"'", "=1+1", "#N/A", "0"],
    ]


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (43983, "dd-mm-yyyy", "2020-06-01"),
        (43983.5, 'd. mmmm "kl." h:mm', "2020-06-01T12:00:00"),
        (0.5, "hh:mm", "12:00:00"),
        (1.25, "[h]:mm", "30:00:00"),
        (59, "yyyy-mm-dd", "1900-02-28"),
        (61, "yyyy-mm-dd", "1900-03-01"),
        (43983, '0 "dage"', "43983"),
        (43983, "[$kr.-406] #,##0", "43983"),
        (43983, "[Red]0", "43983"),
        (1e9, "yyyy", "1000000000"),
    ],
)
def test_only_a_format_of_dates_makes_a_date(
    tmp_path: Path, value: float, form: str, text: str
) -> None:
    path = workbook(tmp_path, ["a", "b"], [value, 1])
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["A2"].number_format = form
    book.save(path)
    assert columns(read_file(path))["a"] == [text]


SHEET = (
    '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<x:sheetData>{rows}</x:sheetData></x:worksheet>"
)


def hand_made(folder: Path, rows: str, sheet: str = SHEET) -> Path:
    """A workbook with a prefix on every element, as some programs write it."""
    path = workbook(folder, ["a"], [1])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = sheet.replace("{rows}", rows).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def cell(place: str, text: str) -> str:
    return f'<x:c r="{place}" t="inlineStr"><x:is><x:t>{text}</x:t></x:is></x:c>'


def test_cells_may_stand_anywhere_and_pretty(tmp_path: Path) -> None:
    rows = (
        f"<x:row r='1'>{cell('A1', 'a')}{cell('C1', 'c')}</x:row>"
        "<x:row r='4'>\n  <x:c r='C4'>\n <x:f>1+1</x:f>\n <x:v>2</x:v>\n </x:c>\n</x:row>"
        "<x:row><x:c t='str'><x:v>x</x:v></x:c><x:c/><x:c><x:v>1.0</x:v></x:c></x:row>"
        "<x:row><x:c><x:v>12345678901234567</x:v></x:c><x:c/><x:c><x:v>1.1000000000000001</x:v>"
        "</x:c></x:row>"
    )
    raw = read_file(hand_made(tmp_path, rows))
    assert columns(raw) == {
        "a": [None, None, None, "x", "12345678901234567"],
        "c": [None, None, "2", "1", "1.1"],
    }
    assert notices(raw)["empty_rows"]["rows"] == "2, 3"


def test_a_sheet_of_two_cells_at_its_corners_is_refused_at_once(tmp_path: Path) -> None:
    far = f"<x:row r='1048576'>{cell('XFD1048576', 'x')}</x:row>"
    head = "".join(f"<x:c r='{name}1'><x:v>1</x:v></x:c>" for name in ("A", "XFD"))
    with refused("file.too_large"):
        read_file(hand_made(tmp_path, f"<x:row r='1'>{head}</x:row>{far}"))


@pytest.mark.parametrize(
    "rows",
    [
        "<x:row r='0'/>",
        "<x:row r='9999999'/>",
        "<x:row r='2'/><x:row r='1'/>",
        "<x:row><x:c t='s'><x:v>99</x:v></x:c></x:row>",
        "<x:row><x:c s='99'><x:v>9</x:v></x:c></x:row>",
        "<x:row><x:c r='?1'><x:v>9</x:v></x:c></x:row>",
        "<x:row>",
    ],
)
def test_a_sheet_that_makes_no_sense_is_refused(tmp_path: Path, rows: str) -> None:
    with pytest.raises(UserError):
        read_file(hand_made(tmp_path, rows))


def test_entities_are_never_unfolded(tmp_path: Path) -> None:
    sheet = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>' + SHEET
    with refused("file.unreadable", kind="Excel"):
        read_file(hand_made(tmp_path, f"<x:row>{cell('A1', '&a;')}</x:row>", sheet))


def test_a_workbook_that_unfolds_to_gigabytes_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path, ["a"], [1])
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet9.xml", "w") as part,
    ):
        for _ in range(200):
            part.write(b" " * (1 << 20))
    with refused("file.unfolds", megabytes=200):
        read_file(path)


def test_one_element_without_an_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coder.survey.sheets._MOST_PART", 1 << 18)
    rows = f"<x:row r='{'1' * (1 << 20)}'/>"
    with refused("file.unreadable"):
        read_file(hand_made(tmp_path, rows))


def compound_file(name: str, content: bytes, following: int = 0xFFFFFFFE) -> bytes:
    """A compound file of one stream of up to one sector, whose next sector may be wrong."""
    header = bytearray(512)
    header[:8] = compound.MAGIC
    struct.pack_into("<HH", header, 30, 9, 6)
    struct.pack_into("<I", header, 48, 1)
    struct.pack_into("<II", header, 60, 0xFFFFFFFE, 0)
    struct.pack_into("<I", header, 68, 0xFFFFFFFE)
    struct.pack_into("<109I", header, 76, 0, *[0xFFFFFFFF] * 108)
    table = struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, following, *[0xFFFFFFFF] * 125)
    entries = b""
    for each, start, length in (("Root Entry", 0xFFFFFFFE, 0), (name, 2, 4096)):
        letters = each.encode("utf-16-le")
        entry = bytearray(128)
        entry[: len(letters)] = letters
        struct.pack_into("<H", entry, 64, len(letters) + 2)
        struct.pack_into("<II", entry, 116, start, length)
        entries += entry
    return bytes(header) + table + entries.ljust(512, b"\0") + content.ljust(512, b"\0")


def test_a_locked_workbook_is_refused_as_locked(tmp_path: Path) -> None:
    path = tmp_path / "survey.xlsx"
    path.write_bytes(compound_file("EncryptedPackage", b"secret"))
    with refused("file.locked"):
        read_file(path)
    assert compound.streams(compound_file("a", b"b"))["a"].startswith(b"b")


def test_sectors_that_go_round_in_a_circle_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "survey.xls"
    path.write_bytes(compound_file("Workbook", b"x", following=2))
    with refused("file.unreadable", kind="Excel"):
        read_file(path)


# --- SPSS --------------------------------------------------------------------------------------


def test_a_file_of_haven_keeps_labels_missing_values_dates_and_long_texts() -> None:
    raw = read_file(FILES / "haven.sav")
    assert columns(raw) == {
        "id": ["0012", "0013", "0014"],
        "grad": ["1", "9", None],
        "alder": ["34", "999", "998"],
        "dato": ["2020-06-01", None, "1999-12-31"],
        "svar": ["æ" * 300, None, "kort"],
    }
    assert raw.labels == {"grad": "I hvilken grad?"}
    assert raw.value_labels["grad"] == {"1": "I høj grad", "5": "Slet ikke", "9": "Ved ikke"}
    assert raw.missing == {"grad": ("9",), "alder": ("998", "999")}
    assert raw.source.encoding == "UTF-8"


def test_a_file_that_would_kill_the_reader_is_refused(tmp_path: Path) -> None:
    content = bytearray((FILES / "haven.sav").read_bytes())
    content[2907] = 70  # value labels of a variable that there is not
    (tmp_path / "survey.sav").write_bytes(content)
    with refused("file.unreadable", kind="SPSS"):
        read_file(tmp_path / "survey.sav")


def test_multiple_response_sets_are_read() -> None:
    assert read_file(FILES / "multiple_sets.sav").multiple == (
        MultipleSet("hvem", "Hvem deltog?", ("hvem_1", "hvem_2"), "1"),
        MultipleSet("valg", "Hvilke?", ("valg_a", "valg_b"), None),
    )


@pytest.mark.parametrize("suffix", ["sav", "zsav"])
def test_spss_times_codes_and_missing_values_of_texts(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"survey.{suffix}"
    seconds = 13_810_348_800.0  # 2020-06-01
    table = pd.DataFrame(
        {
            "moment": [seconds + 3600, seconds, None],
            "clock": [3600.0 * 14, None, 60.0],
            "code": ["a", "z", ""],
            "half": [0.5, 1e20, -0.0],
        }
    )
    pyreadstat.write_sav(
        table,
        path,
        variable_format={"moment": "DATETIME20", "clock": "TIME8"},
        missing_ranges={"code": ["z"]},
        variable_value_labels={"code": {"a": "Alfa", "z": "Uoplyst"}, "half": {0.5: "Halv"}},
        compress=suffix == "zsav",
    )
    raw = read_file(path)
    assert columns(raw) == {
        "moment": ["2020-06-01T01:00:00", "2020-06-01", None],
        "clock": ["14:00:00", None, "00:01:00"],
        "code": ["a", "z", None],
        "half": ["0.5", "1e+20", "0"],
    }
    assert raw.missing == {"code": ("z",)}
    assert raw.value_labels == {"code": {"a": "Alfa", "z": "Uoplyst"}, "half": {"0.5": "Halv"}}


def test_a_large_file_is_read_some_columns_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coder.survey.read._CELLS_AT_A_TIME", 7)
    table = pd.DataFrame({f"q{no}": [float(no), 2.0, 3.0] for no in range(5)})
    pyreadstat.write_sav(table, tmp_path / "survey.sav")
    table.to_parquet(tmp_path / "survey.parquet")
    for kind in ("sav", "parquet"):
        found = columns(read_file(tmp_path / f"survey.{kind}"))
        assert found == {f"q{no}": [str(no), "2", "3"] for no in range(5)}


def test_an_old_file_without_an_encoding_is_read_as_that_of_windows(tmp_path: Path) -> None:
    path = tmp_path / "survey.sav"
    pyreadstat.write_sav(pd.DataFrame({"why": ["p?", "x"]}), path, column_labels=["?rsag"])
    content = path.read_bytes().replace(b"p?", b"p\xe5").replace(b"?rsag", b"\xc5rsag")
    path.write_bytes(content)
    raw = read_file(path)
    assert columns(raw) == {"why": ["på", "x"]}
    assert raw.labels == {"why": "Årsag"}
    assert notices(raw)["encoding"] == {"encoding": "cp1252"}


# --- Parquet -----------------------------------------------------------------------------------


def test_parquet_keeps_every_kind_of_value(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {
            "int": [12345678901234567, 0],
            "half": [0.5, None],
            "maybe": pd.array([1, None], dtype="Int64"),
            "tick": [True, False],
            "text": ["", "æ"],
            "kind": pd.Categorical(["b", "a"]),
            "when": pd.to_datetime(["2020-06-01 00:00", "2020-06-01 14:30"]),
        }
    )
    table.to_parquet(tmp_path / "survey.parquet")
    assert cells(read_file(tmp_path / "survey.parquet")) == [
        ["12345678901234567", "0.5", "1", "1", None, "b", "2020-06-01"],
        ["0", None, None, "0", "æ", "a", "2020-06-01T14:30:00"],
    ]
    pd.DataFrame({"a": [[1, 2]]}).to_parquet(tmp_path / "lists.parquet")
    with refused("file.nested_column", column="a"):
        read_file(tmp_path / "lists.parquet")


def test_a_text_repeated_to_gigabytes_is_refused_before_it_unfolds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coder.survey.read.MOST_BYTES", 1 << 20)
    pd.DataFrame({"a": ["x" * 5000] * 1000}).to_parquet(tmp_path / "survey.parquet")
    with refused("file.too_large", rows=1000):
        read_file(tmp_path / "survey.parquet")


# --- every kind alike --------------------------------------------------------------------------

KINDS = ("csv", "utf16.csv", "cp1252.csv", "xlsx", "ods", "sav", "zsav", "parquet")
WORD = st.text("abcæøåÆ 0123?!.,;:'\"\t\n|&<_x=", min_size=1, max_size=12).filter(
    lambda text: text == text.strip() and text != "0,0"
)
CELL = st.sampled_from(["0", "007", "NA", "1e5", "x" * 300]) | WORD | st.none()
NUMBER = st.integers(-(10**6), 10**6) | st.sampled_from([0.5, -1.25, 1e-7])
ROW = st.tuples(st.integers(0, 10**6).map(str), CELL, NUMBER | st.none(), CELL)


def save(table: pd.DataFrame, folder: Path, kind: str) -> Path:
    path = folder / f"survey.{kind}"
    if kind.endswith("csv"):
        encoding = {"utf16.csv": "utf-16", "cp1252.csv": "cp1252"}.get(kind, "utf-8-sig")
        table.to_csv(path, index=False, encoding=encoding, sep=";")
    elif kind in ("xlsx", "ods"):
        save_workbook(table, path) if kind == "xlsx" else save_ods(table, path)
    elif kind == "parquet":
        table.to_parquet(path)
    else:
        filled = table.fillna({"a": "", "b": ""})
        pyreadstat.write_sav(filled, path, compress=kind == "zsav", row_compress=kind == "sav")
    return path


def save_workbook(table: pd.DataFrame, path: Path) -> None:
    book = openpyxl.Workbook()
    rows = [list(table.columns), *table.astype(object).where(table.notna(), None).to_numpy()]
    for number, row in enumerate(rows, start=1):
        for place, value in enumerate(row, start=1):
            made = book.worksheets[0].cell(number, place)
            made.value = value
            if isinstance(value, str):
                made.data_type = "s"
    book.save(path)


def save_ods(table: pd.DataFrame, path: Path) -> None:
    """A minimal OpenDocument sheet, with what stands alike side by side written once."""

    def one(value: Any, count: int) -> str:
        many = f' table:number-columns-repeated="{count}"'
        if value is None or value != value:
            return f"<table:table-cell{many}/>"
        if isinstance(value, str):
            text = value.replace("&", "&amp;").replace("<", "&lt;").replace("\t", "<text:tab/>")
            lines = "".join(f"<text:p>{line}</text:p>" for line in text.split("\n"))
            return f'<table:table-cell office:value-type="string"{many}>{lines}</table:table-cell>'
        return f'<table:table-cell office:value-type="float" office:value="{value!r}"{many}/>'

    rows = [list(table.columns), *table.astype(object).where(table.notna(), None).to_numpy()]
    body = ""
    for row in rows:
        runs: list[list[Any]] = []
        for value in row:
            if runs and runs[-1][0] is value:
                runs[-1][1] += 1
            else:
                runs.append([value, 1])
        body += "<table:table-row>" + "".join(one(*run) for run in runs) + "</table:table-row>"
    many = 'table:number-rows-repeated="1048000"'
    rest = f"<table:table-row {many}><table:table-cell/></table:table-row>"
    names = "".join(
        f' xmlns:{each}="urn:oasis:names:tc:opendocument:xmlns:{each}:1.0"'
        for each in ("office", "table", "text")
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "content.xml",
            f"<office:document-content{names}><office:body><office:spreadsheet>"
            f'<table:table table:name="A">{body}{rest}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )


def as_written(value: Any) -> str | None:
    if value is None:
        return None
    return str(value)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=8)
@given(rows=st.lists(ROW, min_size=1, max_size=6))
def test_what_was_written_is_read_back_cell_by_cell(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[Any, ...]], kind: str
) -> None:
    # One text that is no number, so that no column of the text file is all decimal commas.
    rows = [("x1", "ord", 0, "ord"), *rows]
    table = pd.DataFrame(rows, columns=["nr", "a", "n", "b"])
    table["n"] = table["n"].astype("float64")
    path = save(table, tmp_path_factory.mktemp("tables"), kind)
    expected = [
        [nr, a, None if n is None else raw_module.number_text(n), b] for nr, a, n, b in rows
    ]
    found = cells(read_file(path))
    if kind.endswith("csv"):  # where pandas writes the numbers, 1e-07 among them
        expected = [
            [*row[:2], *(None if n is None else repr(float(n)) for n in row[2:3]), row[3]]
            for row in expected
        ]
        found = [
            [*row[:2], *(None if n is None else repr(float(n)) for n in row[2:3]), row[3]]
            for row in found
        ]
    if kind == "xlsx":  # by its standard, _x0041_ is how a sign is written that XML can't hold
        expected = [[each and each.replace("\r", "") for each in row] for row in expected]
    assert found == expected


def test_the_demo_survey_is_the_same_study_in_every_kind_of_file(
    demo_folder: Path, tmp_path: Path
) -> None:
    from coder.study import read_questionnaire

    questionnaire = read_questionnaire(demo_folder / "questionnaire.yaml")
    table = read_file(demo_folder / "demo.csv").table
    files = [demo_folder / f"demo.{kind}" for kind in ("csv", "xlsx", "sav")]
    files += [save_as(table, tmp_path / name) for name in ("u.csv", "w.csv", "b.csv")]
    save_workbook(table, tmp_path / "codes.xlsx")
    save_ods(table, tmp_path / "codes.ods")
    table.to_parquet(tmp_path / "codes.parquet")
    files += [tmp_path / f"codes.{kind}" for kind in ("xlsx", "ods", "parquet")]
    hashes = set()
    for number, file in enumerate(files):
        study = Study.create(tmp_path / f"{number}.db", file, questionnaire)
        hashes.add(study.check().responses)
    assert len(hashes) == 1


def save_as(table: pd.DataFrame, path: Path) -> Path:
    encoding = {"u.csv": "utf-16", "w.csv": "cp1252", "b.csv": "utf-8"}[path.name]
    table.to_csv(path, index=False, encoding=encoding, sep="," if path.name == "b.csv" else ";")
    return path


# --- a list of variables -----------------------------------------------------------------------

DATA = "id;s_1;s_2_1;s_2_2;s_3\n1;1;0;1;fordi\n2;2;;;\n"
STRUCTURE = (
    "s_1;Single;Hvor ofte?;\ns_2_1;Multiple;Hvor?;Hjemme\ns_2_2;Multiple;Hvor?;På arbejde\n"
    "s_3;Open;Hvorfor?;\n"
)
VALUES = "s_1;1;Ofte\ns_1;2;Sjældent\ns_2_1;0;Ikke valgt\ns_2_1;1;Valgt\n"


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
@pytest.mark.parametrize("headings", [True, False])
def test_an_export_of_three_files_is_known_by_what_they_hold(
    tmp_path: Path, encoding: str, headings: bool
) -> None:
    structure = ("variable;type;question;label\n" if headings else "") + STRUCTURE
    values = ("variable;value;label\n" if headings else "") + VALUES
    paths = [
        written(tmp_path, values, "1.csv", encoding),
        written(tmp_path, DATA, "2.csv", encoding),
        written(tmp_path, structure, "3.csv", encoding),
    ]
    raw = read_set(paths)
    assert list(raw.table.columns) == ["id", "s_1", "s_2_1", "s_2_2", "s_3"]
    assert raw.labels == {
        "s_1": "Hvor ofte?",
        "s_2_1": "Hvor? Hjemme",
        "s_2_2": "Hvor? På arbejde",
        "s_3": "Hvorfor?",
    }
    assert raw.value_labels == {
        "s_1": {"1": "Ofte", "2": "Sjældent"},
        "s_2_1": {"0": "Ikke valgt", "1": "Valgt"},
    }


def test_a_list_may_be_a_sheet_of_the_workbook(tmp_path: Path) -> None:
    path = workbook(tmp_path, ["id", "q"], ["1", 2])
    book = openpyxl.load_workbook(path)
    for row in (["Variabel", "Værdi", "Etiket"], ["q", 1, "Ja"], ["q", 2, "Nej"]):
        (book["Liste"] if "Liste" in book.sheetnames else book.create_sheet("Liste")).append(row)
    book.save(path)
    raw = with_variable_list(read_file(path), path, "Liste")
    assert raw.value_labels == {"q": {"1": "Ja", "2": "Nej"}}


def test_a_list_of_other_variables_is_refused(tmp_path: Path) -> None:
    raw = read_file(written(tmp_path, DATA))
    with refused("file.no_variables"):
        with_variable_list(raw, written(tmp_path, "a;b\nc;d\n", "list.csv"))


# --- codes, labels or both ---------------------------------------------------------------------

LABELS = {"10": "Ofte", "20": "Nu og da", "90": "Ved ikke"}


@pytest.mark.parametrize(
    ("answers", "form"),
    [
        (["10", "90", "20"], "code"),
        (["Ofte", "ved  ikke", "Nu og da"], "label"),
        (["10: Ofte", "90 - Ved ikke", "(20) Nu og da"], "both"),
        (["1", "3", "2"], "position"),
        (["10", "Ofte", "x"], None),
        (["", "", ""], None),
    ],
)
def test_codes_labels_and_positions_are_told_apart(
    tmp_path: Path, answers: list[str], form: str | None
) -> None:
    rows = "\n".join(f"{no};{each}" for no, each in enumerate(answers))
    raw = read_file(written(tmp_path, f"nr;q\n{rows}\n"))
    raw = type(raw)(raw.table, raw.source, value_labels={"q": LABELS})
    forms = told_apart(raw)
    assert forms == ({"q": form} if form else {})
    if form:
        assert columns(as_codes(raw, forms))["q"] == ["10", "90", "20"]


# --- everyone invited --------------------------------------------------------------------------


def test_everyone_invited_is_joined_by_id(tmp_path: Path) -> None:
    answers = read_file(written(tmp_path, "id;q;by\n3;1;Ribe\n1;2;Vejle\n9;1;\n", "a.csv"))
    invited = read_file(
        written(tmp_path, "by;id;size\nRibe;1;9\nOdense;2;7\nRibe;3;9\n;;5\n", "b.csv")
    )
    raw = join_background(answers, invited, "id")
    assert list(raw.table.columns) == ["id", "q", "by", "by (2)", "size"]
    assert cells(raw) == [
        ["3", "1", "Ribe", "Ribe", "9"],
        ["1", "2", "Vejle", "Ribe", "9"],
        ["9", "1", None, None, None],
        ["2", None, None, "Odense", "7"],
        [None, None, None, None, "5"],
    ]
    assert list(raw.table.index) == [0, 1, 2, 3, 4]
    assert raw.source.rows == 5
    assert notices(raw) == {
        "only_background": {"count": 2},
        "not_in_background": {"count": 1, "ids": "9"},
    }


def test_a_background_without_the_id_or_with_one_twice_is_refused(tmp_path: Path) -> None:
    answers = read_file(written(tmp_path, "id;q\n1;1\n", "a.csv"))
    with refused("file.no_id_column", column="id", columns="nr, q"):
        join_background(answers, read_file(written(tmp_path, "nr;q\n1;1\n", "b.csv")), "id")
    with refused("file.same_id", value="1", row=4, first=2):
        join_background(answers, read_file(written(tmp_path, "id\n1\n2\n1\n", "c.csv")), "id")


# --- hostile files -----------------------------------------------------------------------------


def test_what_is_no_file_or_no_survey_file_is_refused(tmp_path: Path) -> None:
    with refused("file.missing"):
        read_file(tmp_path / "no.csv")
    with refused("file.missing"):
        read_file(tmp_path)
    with refused("file.unknown_kind"):
        read_file(written(tmp_path, "x", "survey.docx"))


@pytest.mark.parametrize("kind", ["csv", "tsv", "xlsx", "xls", "ods", "sav", "zsav", "parquet"])
@pytest.mark.parametrize(
    "content", [b"", b"\0" * 100, b"nr;why\n", b"PK\x03\x04", b"$FL2", b"PAR1PAR1", b"\xff\xfea"]
)
def test_a_file_that_is_not_what_its_name_says_is_refused(
    tmp_path: Path, kind: str, content: bytes
) -> None:
    path = tmp_path / f"survey.{kind}"
    path.write_bytes(content)
    with pytest.raises(UserError) as caught:
        read_file(path)
    assert caught.value.key.startswith("file.")


def small_file(folder: Path, kind: str) -> Path:
    if kind == "xls":
        return FILES / "libreoffice.xls"
    rows = [(str(no), f"svar nummer {no} æøå", no / 2, None) for no in range(30)]
    return save(pd.DataFrame(rows, columns=["nr", "a", "n", "b"]), folder, kind)


@pytest.mark.parametrize("kind", [*KINDS, "xls"])
def test_a_file_that_was_cut_or_damaged_is_whole_or_refused(tmp_path: Path, kind: str) -> None:
    """Never a traceback; and a text file cut anywhere but at a line's end is never read in part."""
    content = small_file(tmp_path, kind).read_bytes()
    path, chance = tmp_path / f"broken.{kind.rpartition('.')[2]}", random.Random(kind)
    for _ in range(6 if "sav" in kind else 150):  # each .sav is first tried in a process
        damaged = bytearray(content)
        if chance.random() < 0.5:
            damaged = damaged[: chance.randrange(len(damaged))]
        else:
            for _ in range(chance.randrange(1, 9)):
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        path.write_bytes(damaged)
        try:
            read_file(path)
        except UserError as error:
            for language in LANGUAGES:
                load_texts(language).error(error)


@pytest.mark.parametrize("kind", ["xlsx", "ods", "sav", "zsav", "parquet"])
def test_a_cut_file_is_never_read_in_part(tmp_path: Path, kind: str) -> None:
    content = small_file(tmp_path, kind).read_bytes()
    path = tmp_path / f"broken.{kind}"
    for share in (1, 5, 9) if "sav" in kind else range(1, 10):
        path.write_bytes(content[: len(content) * share // 10])
        with pytest.raises(UserError):
            read_file(path)


def test_columns_of_one_name_may_be_many(tmp_path: Path) -> None:
    text = ";".join(["q"] * 300) + "\n" + ";".join(str(no) for no in range(300)) + "\n"
    for raw in (
        read_file(written(tmp_path, text)),
        read_file(workbook(tmp_path, ["q"] * 300, list(range(300)))),
    ):
        assert raw.table.columns.is_unique
        assert cells(raw) == [[str(no) for no in range(300)]]


def test_a_case_count_that_is_not_true_makes_no_difference(tmp_path: Path) -> None:
    path = small_file(tmp_path, "sav")
    content = bytearray(path.read_bytes())
    for count in (2**31 - 1, -1):
        content[80:84] = struct.pack("<i", count)  # where the file says how many rows it has
        path.write_bytes(content)
        assert len(read_file(path).table) == 30


MEASURE = """
import json, sys
from pathlib import Path
from coder.survey.read import read_file
raw = read_file(Path(sys.argv[1]))
status = Path("/proc/self/status").read_text().split("VmHWM:")[1]
peak = int(status.split()[0]) / 1024
print(json.dumps([len(raw.table), raw.table.iloc[-1].tolist(), peak]))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="tells memory on Linux only")
def test_a_million_rows_are_read_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    with path.open("w", encoding="utf-8") as stream:
        stream.write("nr;q;why\n")
        stream.writelines(f"{no};{no % 5};a short answer\n" for no in range(1_000_000))
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, check=True
    )
    rows, last, megabytes = json.loads(done.stdout)
    assert (rows, last) == (1_000_000, ["999999", "4", "a short answer"])
    assert megabytes < 1500
