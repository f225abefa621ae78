"""The demo survey as the files a researcher would have: codes, labels and SPSS."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from benchmarks.demo.closed import Question, items_of

Labels = dict[int | float, str]  # of the codes

TICKED: Labels = {1: "Valgt", 0: "Ikke valgt"}
SHEET = "Besvarelser"
TEXT_WIDTH, CODE_WIDTH = 60, 16


def column_labels(questionnaire: Mapping[str, Any]) -> dict[str, tuple[str, Labels | None]]:
    """Each column's label and value labels (None for text), in the order of the survey."""
    columns: dict[str, tuple[str, Labels | None]] = {}
    for question in questionnaire["questions"]:
        columns.update(_labels_of(question))
    first, *others = questionnaire["cases"]["prefixes"]
    rated = questionnaire["cases"]["questions"]
    for prefix in others:
        for question in (q for q in questionnaire["questions"] if q["name"] in rated):
            for item in items_of(question):
                label, values = columns[first + item]
                columns[prefix + item] = (f"Anden nyskabelse: {label}", values)
    return columns


def _labels_of(question: Question) -> dict[str, tuple[str, Labels | None]]:
    name, label = question["name"], question["label"]
    if question["kind"] == "multiple":
        return {
            f"{name}_{option['code']}": (f"{label} {option['label']}", TICKED)
            for option in question["options"]
        }
    options = question.get("options")
    values = {option["code"]: option["label"] for option in options} if options else None
    columns = {name: (label, values)}
    if "items" in question:
        columns = {i["name"]: (f"{label} {i['label']}", values) for i in question["items"]}
    if "elaboration" in question:
        columns[question["elaboration"]] = ("Senere uddybning", None)
    return columns


def write_csv(survey: pd.DataFrame, path: Path) -> None:
    """Codes, separated by semicolons, with the byte order mark that Excel wants."""
    survey.to_csv(path, sep=";", index=False, encoding="utf-8-sig", lineterminator="\n")


def write_xlsx(
    survey: pd.DataFrame, labels: Mapping[str, tuple[str, Labels | None]], path: Path
) -> None:
    """Labels in place of codes; a text is never taken for a formula."""
    book = Workbook()
    sheet = book.create_sheet(SHEET, 0)
    del book["Sheet"]
    sheet.append(list(survey.columns))
    for row in labelled(survey, labels).itertuples(index=False):
        sheet.append([None if pd.isna(value) else value for value in row])
        for cell in sheet[sheet.max_row]:
            if cell.value is not None:
                cell.data_type = "s"
    for number, name in enumerate(survey.columns, start=1):
        is_long = labels[name][1] is None and name not in ("id", "kommune")
        width = TEXT_WIDTH if is_long else max(CODE_WIDTH, min(len(name) + 2, 40))
        sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.cell(1, number).font = Font(bold=True)
        sheet.cell(1, number).alignment = Alignment(vertical="top")
    sheet.freeze_panes = "B2"
    book.save(path)


def labelled(survey: pd.DataFrame, labels: Mapping[str, tuple[str, Labels | None]]) -> pd.DataFrame:
    """The survey with the label of each code."""
    columns = {}
    for name in survey.columns:
        values = labels[name][1]
        columns[name] = survey[name].map(values) if values else survey[name]
    return pd.DataFrame(columns).astype(object)


def write_sav(
    survey: pd.DataFrame, labels: Mapping[str, tuple[str, Labels | None]], path: Path
) -> None:
    """SPSS: numbers with value labels, texts as strings (an empty one is missing)."""
    coded = {name: values for name, (_, values) in labels.items() if values}
    frame = survey.copy()
    for name, column in survey.items():
        frame[name] = column.astype(float) if name in coded else column.fillna("").astype(object)
    pyreadstat.write_sav(
        frame,
        str(path),
        column_labels=[labels[name][0] for name in frame.columns],
        variable_value_labels=coded,
        variable_measure={n: "nominal" for n in frame.columns},
        variable_format={name: "F8.0" for name in coded},
        row_compress=True,
    )
