"""Survey files: the same table whatever kind of file it lies in, and no wrong value unseen."""

from __future__ import annotations

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
from coder.study import Study
from coder.survey.ingest import build_survey, code_table
from coder.survey.questionnaire import parse_questionnaire
from coder.survey.read import read_file
from tests.fixtures import refused, survey_of

SMALL = parse_questionnaire("""
title: Small
questions:
  - {name: nr, kind: id}
  - name: often
    kind: single
    options: [{code: 1, label: Often}, {code: 2, label: Now and then}, {code: 0, label: Don't know}]
  - {name: where, kind: multiple, options: [{code: 1, label: Home}, {code: 2, label: Work}]}
  - {name: hours, kind: number}
  - {name: why, kind: open, elaboration: more}
""")
HEADER = "nr;often;where_1;where_2;hours;why;more"


def read_table(path: Path) -> pd.DataFrame:
    return read_file(path).table


def coded(rows: str, folder: Path, header: str = HEADER) -> pd.DataFrame:
    path = folder / "survey.csv"
    path.write_text(f"{header}\n{rows}\n", "utf-8")
    return code_table(read_table(path), SMALL)


def values(column: pd.Series) -> list[Any]:
    return [None if value != value else value for value in column]


# --- reading -----------------------------------------------------------------------------------


def test_the_demo_survey_is_the_same_in_every_kind_of_file(demo: Study, demo_folder: Path) -> None:
    tables = [
        code_table(read_table(demo_folder / f"demo.{kind}"), demo.questionnaire)
        for kind in ("csv", "xlsx", "sav")
    ]
    assert tables[0].shape == (556, 180)
    pd.testing.assert_frame_equal(tables[0], tables[1], check_dtype=False)
    pd.testing.assert_frame_equal(tables[0], tables[2], check_dtype=False)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_csv_is_read_whatever_its_encoding_and_separator(
    tmp_path: Path, encoding: str, separator: str
) -> None:
    path = tmp_path / "survey.csv"
    written = separator.join(["navn", "på"]) + "\n" + separator.join(["Åse", '"æ; ø, å\t–"'])
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    path.write_bytes(mark + written.encode(encoding))
    table = read_table(path)
    assert table.to_dict("records") == [{"navn": "Åse", "på": "æ; ø, å\t–"}]


def test_a_separator_inside_a_quoted_heading_splits_nothing(tmp_path: Path) -> None:
    (tmp_path / "survey.csv").write_text('nr,"What; why; how?"\n1,a\n', "utf-8")
    assert read_table(tmp_path / "survey.csv").shape == (1, 2)


def test_a_quoted_line_break_is_part_of_the_answer(tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    path.write_bytes(b'nr;why\n1;"first\n\nthird ""so"""\n2;b\n')
    assert read_table(path)["why"].tolist() == ['first\n\nthird "so"', "b"]


@pytest.mark.parametrize("word", ["NA", "null", "nan", "None", "#N/A", "-", " "])
def test_what_others_take_for_missing_is_an_answer(tmp_path: Path, word: str) -> None:
    path = tmp_path / "survey.csv"
    path.write_text(f"nr;why\n1;{word}\n2;\n", "utf-8")
    assert values(read_table(path)["why"]) == [word, None]


def test_numbers_in_a_workbook_are_written_as_codes(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in [["a", "b", "c"], [1, 1.5, True], [2.0, None, "01"]]:
        book.worksheets[0].append(row)
    book.save(tmp_path / "survey.xlsx")
    table = read_table(tmp_path / "survey.xlsx")
    assert [values(table[name]) for name in "abc"] == [["1", "2"], ["1.5", None], ["1", "01"]]


def test_user_missing_values_of_spss_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "survey.sav"
    table = pd.DataFrame({"q": [1.0, 9.0, None]})
    pyreadstat.write_sav(table, path, missing_ranges={"q": [9]})
    assert values(read_table(path)["q"]) == ["1", "9", None]


WORD = st.text("abcæøåÆ 0123?!.,;:'\"\t", min_size=1, max_size=12).filter(
    lambda text: text == text.strip()
)
CELL = WORD | st.none()
ROW = st.tuples(st.integers(0, 10**6).map(str), CELL, st.integers(-99, 99), CELL)


@settings(max_examples=15)
@given(st.lists(ROW, min_size=1, max_size=6), st.sampled_from(["csv", "xlsx", "sav"]))
def test_a_table_written_by_another_library_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[Any, ...]], kind: str
) -> None:
    path = tmp_path_factory.mktemp("tables") / f"survey.{kind}"
    table = pd.DataFrame(rows, columns=["nr", "a", "n", "b"])
    if kind == "csv":
        table.to_csv(path, index=False)
    elif kind == "xlsx":
        table.to_excel(path, index=False)
    else:
        pyreadstat.write_sav(table.fillna({"a": "", "b": ""}), path)
    expected = [[nr, a, str(n), b] for nr, a, n, b in rows]
    found = read_table(path)
    assert [values(row) for _, row in found.iterrows()] == expected


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with refused("file.missing", path=tmp_path / "no.csv"):
        read_table(tmp_path / "no.csv")


def test_an_unknown_kind_of_file_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    (tmp_path / "survey.docx").write_bytes(b"x")
    with pytest.raises(UserError) as caught:
        read_table(tmp_path / "survey.docx")
    assert caught.value.key == "file.unknown_kind"
    assert {".sav", ".xlsx", ".csv"} <= set(caught.value.params["kinds"].split(", "))


def test_a_file_with_nothing_but_headings_is_refused(tmp_path: Path) -> None:
    (tmp_path / "survey.csv").write_text("nr;why\n", "utf-8")
    with refused("file.no_rows", path=tmp_path / "survey.csv"):
        read_table(tmp_path / "survey.csv")


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("survey.sav", b"nr;why\n1;a\n", "SPSS"),
        ("survey.xlsx", b"nr;why\n1;a\n", "Excel"),
        ("survey.xlsx", b"", "Excel"),
        # What a workbook with a password begins with.
        ("survey.xlsx", bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600), "Excel"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(
    tmp_path: Path, name: str, content: bytes, kind: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with refused("file.unreadable", path=tmp_path / name, kind=kind):
        read_table(tmp_path / name)


@pytest.mark.parametrize(
    ("content", "key", "params"),
    [
        (b"", "file.no_rows", {}),
        (b"a;b\n1;2\n1;2;3;4\n", "file.row_too_long", {"row": 3, "count": 4, "expected": 2}),
        (b"\xff\xfea", "file.bad_encoding", {"encoding": "utf-16"}),
        (b"a;b\n\x81;\x8d\n", "file.bad_encoding", {"encoding": "cp1252", "row": 2}),
    ],
)
def test_a_text_file_that_would_be_read_wrong_is_refused_with_the_row(
    tmp_path: Path, content: bytes, key: str, params: dict[str, object]
) -> None:
    (tmp_path / "survey.csv").write_bytes(content)
    with refused(key, **params):
        read_table(tmp_path / "survey.csv")


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "survey.xlsx", "w") as archive:
        archive.writestr("hello.txt", "hello")
    with refused("file.unreadable", kind="Excel"):
        read_table(tmp_path / "survey.xlsx")


def test_a_separator_at_the_end_of_each_row_shifts_nothing(tmp_path: Path) -> None:
    (tmp_path / "survey.csv").write_text("nr;why\n1;a;\n2;b;\n", "utf-8")
    assert read_table(tmp_path / "survey.csv")["nr"].tolist() == ["1", "2"]


def test_an_empty_line_counts_as_a_row(tmp_path: Path) -> None:
    with refused("survey.bad_value", row=4, column="often"):
        coded("1;Often;1;0;8;a;\n\n2;Nevr;1;0;8;b;", tmp_path)


def test_of_two_columns_with_one_name_both_are_kept_and_told_of(tmp_path: Path) -> None:
    (tmp_path / "survey.csv").write_text("nr;why;why\n1;a;b\n", "utf-8")
    raw = read_file(tmp_path / "survey.csv")
    assert sorted(raw.table.iloc[0]) == ["1", "a", "b"]
    assert [notice.key for notice in raw.notices] == ["file.notice.renamed"]


# --- coding ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "often", ["1 2 0", "Often|Now and then|Don't know", "often| NOW  and then |DON'T KNOW"]
)
def test_a_column_may_hold_codes_or_labels(tmp_path: Path, often: str) -> None:
    answers = often.split("|" if "|" in often else " ")
    table = coded("\n".join(f"{no};{each};;;;;" for no, each in enumerate(answers)), tmp_path)
    assert table["often"].tolist() == ["1", "2", "0"]


def test_a_leading_zero_makes_another_code(tmp_path: Path) -> None:
    with refused("survey.bad_value", value="01", row=2, column="often"):
        coded("1;01;;;;;", tmp_path)


@pytest.mark.parametrize(
    ("home", "work", "expected"),
    [
        ("1", "", ["1", "0"]),
        ("1", "0", ["1", "0"]),
        ("Home", "", ["1", "0"]),
        ("", "2", ["0", "1"]),
        ("Ja", "Nej", ["1", "0"]),
        ("TRUE", "false", ["1", "0"]),
        ("Valgt", "Ikke valgt", ["1", "0"]),
        ("x", "", ["1", "0"]),
        ("0", "", ["0", "0"]),
        ("", "", [None, None]),
    ],
)
def test_blank_means_not_ticked_for_one_who_answered_the_question(
    tmp_path: Path, home: str, work: str, expected: list[str | None]
) -> None:
    table = coded(f"1;;{home};{work};;;", tmp_path)
    assert [*values(table["where_1"]), *values(table["where_2"])] == expected


def test_an_option_with_code_0_is_not_ticked_by_0() -> None:
    questionnaire = parse_questionnaire(
        "questions: [{name: q, kind: multiple,"
        " options: [{code: 0, label: Don't know}, {code: 1, label: A}]}]"
    )
    table = code_table(pd.DataFrame({"q_0": ["0", "1"], "q_1": ["1", "0"]}), questionnaire)
    assert table["q_0"].tolist() == ["0", "1"]


def test_numbers_may_have_a_decimal_comma(tmp_path: Path) -> None:
    table = coded("1;;;;1,5;;\n2;;;; 2.25 ;;\n3;;;;;;", tmp_path)
    assert values(table["hours"]) == [1.5, 2.25, None]


@pytest.mark.parametrize(
    ("rows", "row", "column", "value", "expected"),
    [
        ("1;1;;;;;\n2;7;;;;;\n3;8;;;;;", 3, "often", "7", "Often, Now and then, Don't know"),
        ("1;Often;;;;;\n2;Nevr;;;;;", 3, "often", "Nevr", "Often, Now and then, Don't know"),
        ("1;1;;;;;\n2;Often;;;;;", 2, "often", "1", "Often, Now and then, Don't know"),
        ("1;;1;;;;\n2;;maybe;;;;", 3, "where_1", "maybe", "0, 1"),
        ('1;;;;;"a\nb";\n2;;;;many;;', 3, "hours", "many", "0–9"),
    ],
)
def test_the_first_value_that_is_no_option_is_named_with_its_place(
    tmp_path: Path, rows: str, row: int, column: str, value: str, expected: str
) -> None:
    with refused("survey.bad_value", row=row, column=column, value=value, expected=expected):
        coded(rows, tmp_path)


def test_a_missing_column_is_refused_with_names_like_it(tmp_path: Path) -> None:
    with refused("survey.no_column", column="often", columns="oftn"):
        coded("1;1;;;;;", tmp_path, HEADER.replace("often", "oftn"))


def test_a_missing_column_of_elaborations_is_refused(tmp_path: Path) -> None:
    with refused("survey.no_column", column="more"):
        coded("1;1;;;;;", tmp_path, HEADER.replace("more", "moer"))


def test_a_respondent_without_id_is_refused_with_the_row(tmp_path: Path) -> None:
    with refused("survey.no_id", row=3, column="nr"):
        coded("1;1;;;;;\n;1;;;;;", tmp_path)


def test_an_id_used_twice_is_refused_with_both_rows(tmp_path: Path) -> None:
    with refused("survey.same_id", value="b", row=4, first=3, column="nr"):
        coded("a;;;;;;\nb;;;;;;\nb;;;;;;", tmp_path)


def test_columns_outside_the_questionnaire_stay_as_they_came(tmp_path: Path) -> None:
    table = coded("1;1;;;;;;left alone", tmp_path, HEADER + ";extra")
    assert table["extra"].tolist() == ["left alone"]


# --- respondents, cases and answers ------------------------------------------------------------


def test_a_survey_with_one_respondent_is_a_survey(tmp_path: Path) -> None:
    survey = build_survey(coded("7;1;1;;8;because;later", tmp_path), SMALL)
    assert survey.respondents.loc["7", ["often", "where_2", "answered"]].tolist() == [
        "1",
        "0",
        True,
    ]
    assert survey.cases.loc["7", ["respondent", "number"]].tolist() == ["7", 1]
    assert survey.answers.loc["7", ["text", "elaboration", "question"]].tolist() == [
        "because", "later", "why"
    ]  # fmt: skip


def test_one_who_gave_no_answer_at_all_did_not_take_part(tmp_path: Path) -> None:
    survey = build_survey(coded("1;;;;;;\n2;;0;;;;\n3;;;;;why;", tmp_path), SMALL)
    assert survey.respondents["answered"].tolist() == [False, True, True]
    assert survey.answers.index.tolist() == ["3"]


TWO_CASES = parse_questionnaire("""
cases: {questions: [what, why, worth], prefixes: ["", second_]}
questions:
  - {name: what, kind: open}
  - {name: why, kind: open}
  - {name: worth, kind: single, options: [{code: 1, label: Yes}, {code: 2, label: No}]}
""")


def test_each_block_of_columns_is_a_case_and_each_open_question_an_answer() -> None:
    row = {"what": "a", "second_why": "b", "second_worth": "2"}
    survey = survey_of([{"worth": "1"}, row], TWO_CASES)
    assert survey.cases["worth"].fillna("–").to_dict() == {"R001": "1", "R002": "–", "R002.2": "2"}
    assert survey.answers["text"].to_dict() == {"R002/what": "a", "R002.2/why": "b"}
    assert survey.answers["case"].tolist() == ["R002", "R002.2"]


def test_respondents_without_ids_are_numbered_in_the_order_of_the_file() -> None:
    survey = survey_of([{"what": str(no)} for no in range(1000)], TWO_CASES)
    assert survey.respondents.index[[0, 999]].tolist() == ["R0001", "R1000"]


def test_the_demo_survey_has_its_published_size(demo: Study) -> None:
    survey = demo.survey
    assert len(survey.respondents) == 556
    assert survey.respondents["answered"].sum() == 296
    assert survey.answers["number"].value_counts().to_dict() == {1: 160, 2: 14}
    assert survey.answers["elaboration"].notna().sum() == 20


def test_texts_that_are_alike_are_two_answers() -> None:
    survey = survey_of([{"what": "same"}, {"what": "same"}], TWO_CASES)
    assert survey.answers.index.tolist() == ["R001/what", "R002/what"]


@pytest.mark.parametrize("heading", ["respondent", "case", "number", "answered", "Hvad, nu?"])
def test_a_column_may_have_any_heading(heading: str) -> None:
    questionnaire = parse_questionnaire(
        f"columns: {{mine: {heading!r}}}\n"
        "questions: [{name: mine, kind: open}, {name: q, kind: background}]"
    )
    table = pd.DataFrame({heading: ["my answer"], "q": ["by phone"]}, dtype="str")
    survey = build_survey(code_table(table, questionnaire), questionnaire)
    assert survey.answers["text"].tolist() == ["my answer"]
    assert survey.respondents[["q", "answered"]].to_numpy().tolist() == [["by phone", True]]


# --- names, ticks, and cases in rows -----------------------------------------------------------


def test_a_heading_may_be_the_name_of_another_column() -> None:
    questionnaire = parse_questionnaire(
        "columns: {a: b}\nquestions: [{name: a, kind: open}, {name: c, kind: background}]"
    )
    table = pd.DataFrame({"a": ["other"], "b": ["mine"], "c": ["x"]}, dtype="str")
    coded_table = code_table(table, questionnaire)
    assert coded_table["a"].tolist() == ["mine"]
    assert "other" in coded_table.to_numpy()  # what the questionnaire doesn't name is kept


def test_a_missing_column_is_called_by_its_heading() -> None:
    questionnaire = parse_questionnaire("columns: {a: 'Why?'}\nquestions: [{name: a, kind: open}]")
    with refused("survey.no_column", column="Why?", columns="Whyy?"):
        code_table(pd.DataFrame({"Whyy?": ["x"]}, dtype="str"), questionnaire)


def ticks(fields: str, **columns: list[str | None]) -> list[list[Any]]:
    questionnaire = parse_questionnaire(f"questions: [{{name: q, kind: multiple, {fields}}}]")
    coded_table = code_table(pd.DataFrame(columns, dtype="str"), questionnaire)
    return [values(coded_table[name]) for name in columns]


NO_MEANS = "options: [{code: 1, label: Yes}, {code: 2, label: No}]"


def test_an_option_called_no_is_ticked_by_its_label_where_nothing_else_stands() -> None:
    assert ticks(NO_MEANS, q_1=["Yes", None], q_2=[None, "No"]) == [["1", "0"], ["0", "1"]]
    assert ticks(NO_MEANS, q_1=["Yes", "No"], q_2=["No", "Yes"]) == [["1", "0"], ["0", "1"]]


def test_a_tick_may_be_written_as_the_questionnaire_says() -> None:
    fields = f"ticked: 2, {NO_MEANS}"
    assert ticks(fields, q_1=["2", "1"], q_2=["1", "1"]) == [["1", "0"], ["0", "0"]]
    with refused("survey.bad_value", row=2, column="q_1", value="2"):
        ticks(f"ticked: 1, {NO_MEANS}", q_1=["2", "1"], q_2=["3", "1"])


def test_a_later_case_need_not_be_asked_everything_but_whole_questions() -> None:
    row = {"what": "a", "why": "b", "worth": "1", "second_why": "c"}
    survey = build_survey(code_table(pd.DataFrame([row], dtype="str"), TWO_CASES), TWO_CASES)
    assert survey.answers["text"].to_dict() == {
        "R001/what": "a", "R001/why": "b", "R001.2/why": "c"
    }  # fmt: skip
    with refused("survey.no_column", column="second_what"):
        code_table(pd.DataFrame([row], dtype="str").drop(columns="second_why"), TWO_CASES)


IN_ROWS = parse_questionnaire("""
cases: {questions: [what, worth], rows: true}
questions:
  - {name: nr, kind: id}
  - {name: town, kind: background}
  - {name: hours, kind: number}
  - {name: what, kind: open}
  - {name: worth, kind: single, options: [{code: 1, label: Yes}, {code: 2, label: No}]}
""")


def test_rows_of_one_id_are_the_cases_of_one_respondent() -> None:
    rows = [
        {"nr": "b", "town": "X", "what": "one", "worth": "Yes"},
        {"nr": "a", "town": "Y", "hours": "2"},
        {"nr": "b", "hours": "3", "what": "two"},
        {"nr": "b", "town": "X"},
        {"nr": "b", "town": "X", "worth": "No"},
    ]
    table = pd.DataFrame(rows, columns=["nr", "town", "hours", "what", "worth"], dtype="str")
    survey = build_survey(code_table(table, IN_ROWS), IN_ROWS)
    assert survey.respondents["town"].to_dict() == {"b": "X", "a": "Y"}
    assert survey.respondents["hours"].to_dict() == {"b": 3.0, "a": 2.0}
    assert survey.respondents["answered"].tolist() == [True, True]
    assert survey.cases.index.tolist() == ["b", "b.2", "b.3"]
    assert values(survey.cases["worth"]) == ["1", None, "2"]
    assert survey.answers["text"].to_dict() == {"b": "one", "b.2": "two"}
    assert survey.answers["number"].tolist() == [1, 2]


def test_rows_of_one_id_that_differ_in_what_is_known_are_refused() -> None:
    table = pd.DataFrame({"nr": ["a", "a"], "town": ["X", "Y"]}, dtype="str")
    with refused("survey.rows_differ", row=3, column="town", value="Y", first="X"):
        code_table(table.reindex(columns=["nr", "town", "hours", "what", "worth"]), IN_ROWS)
