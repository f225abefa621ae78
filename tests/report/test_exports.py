"""The coded table in every format: read back, harmless, and of nobody who did not permit it."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any, get_args

import openpyxl
import pandas as pd
import pyreadstat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coder.model import ApplyCode, Code, Coding, CreateCode, MarkAnswers, Option, Survey
from coder.report.coded import OURS, coded
from coder.report.consent import permitted
from coder.report.plain_files import as_text, harmless, write_csv
from coder.report.spss import option_numbers, spss_names, variables_of, write_sav
from coder.study import Format, Study
from coder.survey.questionnaire import parse_questionnaire
from coder.survey.read import read_file
from tests.fixtures import refused, survey_of

LONG = "Speciallægepraksisplanlægningsstabiliseringsperiode, " * 40 + "slut"
TEXTS = [
    "=1+1",
    "'=x",
    "-5",
    "+45 20",
    "@sum",
    "\tx",
    "æøå ÆØÅ 👩‍🚀",
    LONG,
    '"a";b\nc',
]
WORDS = {name: name.upper() for name in (*OURS, "codes", "yes", "no")}


@pytest.fixture(scope="module")
def files(demo: Study, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The demo study in every format, as it may be published."""
    folder = tmp_path_factory.mktemp("out")
    made = {name: folder / f"out.{name}" for name in get_args(Format)}
    for name, path in made.items():
        demo.export(path, name, with_score=True)
    return made


def content(path: Path) -> bytes:
    """All that a file holds, unpacked."""
    if path.suffix == ".parquet":
        return pd.read_parquet(path).to_csv().encode()
    if not zipfile.is_zipfile(path):
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        parts = b"\n".join(archive.read(name) for name in archive.namelist())
    # Some writers of XML write æ as a number.
    parts = html.unescape(parts.decode("utf-8", "replace")).encode()
    return re.sub(rb' (r|ref|topLeftCell)="[A-Z0-9:]+"', b"", parts)  # R134 is also a cell


@pytest.mark.parametrize("name", get_args(Format))
def test_nothing_of_one_who_did_not_permit_it_is_in_a_file(
    demo: Study, files: dict[str, Path], name: Format
) -> None:
    held = content(files[name])
    answers = pd.concat([demo.survey.answers, demo.original.answers])
    mine = answers["respondent"].isin(permitted(demo.survey))
    gone = answers[~mine]
    for text in [*gone["text"], *gone["elaboration"].dropna(), "20 41 00 00"]:
        assert text.encode() not in held
    for who in set(gone["respondent"]):
        assert who.encode() not in held
    assert "Online kontakt til pårørende".encode() in held  # so the search can find
    if name not in ("qdc", "md", "docx"):
        assert answers[mine]["respondent"].iloc[0].encode() in held


@pytest.fixture(scope="module")
def survey() -> Survey:
    questionnaire = parse_questionnaire(
        """
title: Prøve
language: da
questions:
  - {name: nr, kind: id}
  - {name: by, kind: background, label: By}
  - {name: text, kind: background, label: Hedder som vores}
  - name: tilfreds
    kind: single
    label: Er du tilfreds?
    options:
      - {code: 1, label: Ja}
      - {code: 2, label: Nej}
      - {code: 8, label: Ved ikke, role: dont_know}
      - {code: 9, label: Ikke relevant, role: not_relevant}
  - {name: alder, kind: number, label: Alder}
  - name: hvilke
    kind: multiple
    label: Hvilke?
    options: [{code: a, label: Den ene}, {code: b, label: Den anden}]
  - {name: hvorfor, kind: open, label: Hvorfor?}
"""
    )
    rows = [
        {
            "nr": str(no), "by": "Ærø", "text": "x", "tilfreds": "1289"[no % 4], "alder": "41,5",
            "hvilke_a": "1" if no % 2 else None, "hvilke_b": "1" if no == 2 else None,
            "hvorfor": text,
        }
        for no, text in enumerate(TEXTS)
    ]  # fmt: skip
    return survey_of(rows, questionnaire)


CODES = [
    Code("c1", "Økonomi"),
    Code("c2", "Overskrift", codable=False),
    Code("c3", "Tid", parent="c2"),
]


@pytest.fixture(scope="module")
def codings(survey: Survey) -> list[Coding]:
    first, second = survey.answers.index[:2]
    return [Coding(first, "c1", "k"), Coding(first, "c3", "k"), Coding(second, "c3", "l")]


# --- SPSS --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sav(survey: Survey, codings: list[Coding], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sav") / "out.sav"
    write_sav(path, coded(survey), CODES, codings, WORDS)
    return path


def test_spss_reads_numbers_with_labels_and_missing_values(sav: Path) -> None:
    table, meta = pyreadstat.read_sav(sav, user_missing=True)
    assert table["tilfreds"].tolist()[:4] == [1, 2, 8, 9]
    assert meta.variable_value_labels["tilfreds"][8] == "Ved ikke"
    ranges = [{"lo": 8.0, "hi": 8.0}, {"lo": 9.0, "hi": 9.0}]
    assert meta.missing_ranges["tilfreds"] == ranges
    assert pyreadstat.read_sav(sav)[0]["tilfreds"].isna().tolist()[:4] == [False, False, True, True]
    assert meta.column_names_to_labels["alder"] == "Alder"
    assert table["alder"].tolist()[0] == 41.5


def test_codes_are_one_set_of_ticks_and_so_is_a_multiple_question(sav: Path) -> None:
    table, meta = pyreadstat.read_sav(sav)
    assert meta.mr_sets["codes"]["variable_list"] == ["code_1", "code_2"]
    assert meta.mr_sets["codes"]["label"] == "CODES"
    assert meta.mr_sets["hvilke"]["counted_value"] == 1
    assert meta.column_names_to_labels["code_2"] == "Tid"
    assert table["code_1"].tolist()[:3] == [1, 0, 0]
    assert table["code_2"].tolist()[:3] == [1, 1, 0]


def test_our_own_reader_finds_the_same_in_it(sav: Path, survey: Survey) -> None:
    raw = read_file(sav)
    assert {each.name: each.columns for each in raw.multiple}["codes"] == ("code_1", "code_2")
    assert raw.table["text"].tolist()[:8] == TEXTS[:8]
    assert raw.table["survey_text"].tolist()[0] == "x"


def test_what_was_read_back_otherwise_is_an_error_and_no_file(
    survey: Survey, codings: list[Coding], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = pyreadstat.write_sav

    def losing(table: pd.DataFrame, *rest: Any, **more: Any) -> None:
        whole(table.replace("Ærø", "Aeroe"), *rest, **more)

    monkeypatch.setattr(pyreadstat, "write_sav", losing)
    with refused("export.differs", column="v_by"):  # BY means something in SPSS
        write_sav(tmp_path / "out.sav", coded(survey), CODES, codings, WORDS)
    assert list(tmp_path.iterdir()) == []


def test_a_text_that_spss_cannot_hold_is_refused_with_its_answer(tmp_path: Path) -> None:
    questionnaire = parse_questionnaire("questions: [{name: why, kind: open, label: Why}]")
    survey = survey_of([{"why": "kort"}, {"why": "å" * 16_384}], questionnaire)
    with refused("export.too_long", answer="R002", most=32_767):
        write_sav(tmp_path / "out.sav", coded(survey), [], [], WORDS)


def test_options_are_numbered_only_when_their_codes_are_no_numbers() -> None:
    assert option_numbers([Option("0", "a"), Option("2.5", "b")]) == {"0": 0, "2.5": 2.5}
    assert option_numbers([Option("1", "a"), Option("1.0", "b")]) == {"1": 1, "1.0": 2}
    assert option_numbers([Option("ja", "a"), Option("nej", "b")]) == {"ja": 1, "nej": 2}


def test_more_than_three_values_are_missing_as_a_range() -> None:
    options = ", ".join(
        f"{{code: {code}, label: L{code}, role: dont_know}}" for code in (95, 96, 97, 98)
    )
    questionnaire = parse_questionnaire(
        "questions: [{name: why, kind: open, label: W}, {name: q, kind: single, label: Q,"
        f" options: [{{code: 1, label: A}}, {options}]}}]"
    )
    survey = survey_of([{"why": "x", "q": "96"}], questionnaire)
    found, _ = variables_of(coded(survey), [], [], WORDS)
    assert found[-1].missing == ((95.0, 98.0),)


@given(st.lists(st.text(max_size=90), max_size=8))
def test_names_are_such_as_spss_takes(names: list[str]) -> None:
    found = spss_names(names)
    assert len({each.casefold() for each in found}) == len(names) == len(found)
    for name in found:
        assert len(name.encode()) <= 64
        assert name[0].isalpha()
        assert not name.endswith((".", "_"))
        assert name.casefold() not in {"all", "and", "by", "not", "or", "to", "with"}


# --- text files --------------------------------------------------------------------------------


@given(st.text())
def test_a_cell_never_begins_as_a_formula_and_nothing_is_lost(text: str) -> None:
    cell = harmless(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert as_text(cell) == text.encode("utf-8", "replace").decode()


def test_csv_comes_back_as_it_was(tmp_path: Path) -> None:
    table = pd.DataFrame({"=head": TEXTS, "n": range(len(TEXTS))}).astype({"n": "float64"})
    write_csv(tmp_path / "out.csv", table)
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbf'=head;n\r\n'=1+1;")
    read = pd.read_csv(tmp_path / "out.csv", sep=";", dtype=str, keep_default_na=False)
    assert [as_text(each) for each in read["'=head"]][:9] == TEXTS[:9]


def test_json_has_every_answer_with_its_codings(files: dict[str, Path], demo: Study) -> None:
    held = json.loads(files["json"].read_text("utf-8"))
    assert held["title"] == demo.questionnaire.title
    assert len(held["answers"]) == 134
    one = held["answers"][0]
    assert one["text"] == demo.survey.answers["text"][one["answer"]]
    codes = {each["id"]: each["label"] for each in held["codebook"]}
    assert {codes[each["code"]] for each in one["codings"]}
    named = {each["name"]: each for each in held["columns"]}
    assert set(one) == {*named, "codings"}
    assert named["stoerrelse"]["options"][1]["label"] == "Under 50.000 indbyggere"


def test_the_same_table_is_in_csv_parquet_and_excel(files: dict[str, Path]) -> None:
    parquet = pd.read_parquet(files["parquet"])
    excel = pd.read_excel(files["xlsx"], sheet_name="answers")
    csv = pd.read_csv(files["csv"], sep=";", encoding="utf-8-sig")
    assert list(parquet.columns) == list(excel.columns) == list(csv.columns)
    assert parquet["text"].tolist() == excel["text"].tolist() == csv["text"].map(as_text).tolist()
    assert parquet["score"].dtype == "float64"


def test_formulas_are_text_in_the_workbook(
    small_path: Path, tmp_path: Path, survey: Survey
) -> None:
    study = Study.open(small_path)
    coder = study.coder("=HYPERLINK(1)")
    study.decide(coder, CreateCode("c", "=cmd|' /C calc'!A0"))
    study.export(tmp_path / "out.xlsx", unpublished=True)
    book = openpyxl.load_workbook(io.BytesIO((tmp_path / "out.xlsx").read_bytes()))
    cells = [cell for sheet in book for row in sheet for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert "=cmd|' /C calc'!A0" in {cell.value for cell in cells}


# --- the workbook ------------------------------------------------------------------------------


def test_every_column_of_the_workbook_is_explained(files: dict[str, Path]) -> None:
    sheets = pd.read_excel(files["xlsx"], sheet_name=None)
    told = sheets.pop("columns")
    names = ["answers", "codebook", "categories", "sheets", "ratings", "scores", "log"]
    assert list(sheets) == names
    columns = [(sheet, str(name)) for sheet, table in sheets.items() for name in table.columns]
    assert list(zip(told["sheet"], told["column"], strict=True)) == columns
    assert told["meaning"].notna().all()


def test_scores_are_in_the_workbook_only_when_asked_for(demo: Study, tmp_path: Path) -> None:
    demo.export(tmp_path / "out.xlsx")
    sheets = pd.read_excel(tmp_path / "out.xlsx", sheet_name=None)
    assert "scores" not in sheets
    assert "score" not in sheets["answers"]
    assert "share_above" not in sheets["categories"]


def test_what_is_withheld_is_told_with_why(demo: Study, tmp_path: Path) -> None:
    exported = demo.export(tmp_path / "out.csv", "csv", withheld=tmp_path / "withheld.csv")
    told = pd.read_csv(tmp_path / "withheld.csv", sep=";", encoding="utf-8-sig")
    assert set(told["respondent"]).isdisjoint(permitted(demo.survey))
    assert len(told) == len(exported.withheld) == 40
    assert set(told["reason"]) == {"refused"}


def test_a_place_that_is_not_there_for_what_is_withheld_stops_the_export(
    demo: Study, tmp_path: Path
) -> None:
    with refused("file.no_folder"):
        demo.export(tmp_path / "out.csv", "csv", withheld=tmp_path / "no" / "w.csv")
    assert list(tmp_path.iterdir()) == []


# --- layers ------------------------------------------------------------------------------------


def test_a_layer_is_all_that_is_in_the_file(small_path: Path, tmp_path: Path) -> None:
    study = Study.open(small_path)
    anna, bo = study.coder("Anna"), study.coder("Bo")
    first, second, third = study.survey.answers.index
    for code in ("x", "y"):
        study.decide(anna, CreateCode(code, code.upper()))
    study.decide(anna, ApplyCode("x", (first, second)))
    study.decide(bo, ApplyCode("x", (first,)))
    study.decide(bo, ApplyCode("y", (second,)))
    for coder in (anna, bo):
        study.decide(coder, MarkAnswers((first, second), "done"))
    study.decide(bo, MarkAnswers((third,), "nothing"))

    def ratings(layer: str) -> list[tuple[str, ...]]:
        out = tmp_path / "out.xlsx"
        study.layer(layer).export(out, unpublished=True)
        table = pd.read_excel(out, sheet_name="ratings", keep_default_na=False, dtype=str)
        return list(table[["answer", "code", "coder"]].itertuples(index=False, name=None))

    assert ratings("Bo") == [(first, "X", "Bo"), (second, "Y", "Bo"), (third, "", "Bo")]
    assert ratings("consensus") == [(first, "X", "agreed"), (third, "", "agreed")]
    assert len(ratings("all")) == 5
