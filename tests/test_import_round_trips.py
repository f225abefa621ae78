"""One survey in every kind of file is one and the same study."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from coder.model import Questionnaire
from coder.study import Study
from coder.survey.read import read_file


@pytest.fixture(scope="module")
def table(checkout: Path) -> pd.DataFrame:
    """The demo survey as codes and texts, read without our own readers."""
    path = checkout / "data" / "demo.csv"
    return pd.read_csv(path, sep=";", dtype="str", encoding="utf-8-sig", keep_default_na=False)


def options(questionnaire: Questionnaire) -> dict[str, dict[str, str]]:
    """The labels by code of every column that is answered with one option."""
    return {
        prefix + name: {option.code: option.label for option in question.options}
        for question in questionnaire.questions
        if question.options and question.kind != "multiple"
        for prefix in questionnaire.prefixes(question)
        for name in question.columns()
    }


Labels = Mapping[str, Mapping[str, str]]


def with_labels(table: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    return table.assign(
        **{name: table[name].replace(dict(codes)) for name, codes in labels.items()}
    )


def save_sav(table: pd.DataFrame, labels: Labels, path: Path) -> None:
    """Numbers with value labels, as SPSS has them; 3 is 3.0 there."""
    numbers = {name: pd.to_numeric(table[name], errors="coerce") for name in table}
    coded = {
        name: values
        for name, values in numbers.items()
        if (values.notna() == (table[name] != "")).all()
    }
    pyreadstat.write_sav(
        table.assign(**coded),
        path,
        column_labels=[f"Spørgsmål {name}?" for name in table],
        variable_value_labels={
            name: {float(code): label for code, label in codes.items()}
            for name, codes in labels.items()
            if name in coded
        },
        row_compress=True,
    )


def save_text(encoding: str, separator: str) -> Callable[[pd.DataFrame, Labels, Path], None]:
    # The demo has only signs of Windows-1252, so none had to be replaced for it: another one
    # would be an error here.
    def save(table: pd.DataFrame, _: Labels, path: Path) -> None:
        table.to_csv(path, sep=separator, index=False, encoding=encoding)

    return save


FILES: dict[str, tuple[str, Callable[[pd.DataFrame, Labels, Path], None]]] = {
    "sav": ("s.sav", save_sav),
    "xlsx, labels": (
        "s.xlsx",
        lambda t, labels, p: with_labels(t, labels).to_excel(p, index=False),
    ),
    "xlsx, codes": ("s.xlsx", lambda t, _, p: t.to_excel(p, index=False)),
    "csv, UTF-8 with BOM": ("s.csv", save_text("utf-8-sig", ";")),
    "csv, UTF-8": ("s.csv", save_text("utf-8", ",")),
    "csv, Windows-1252": ("s.csv", save_text("cp1252", ";")),
    "csv, UTF-16": ("s.csv", save_text("utf-16", "\t")),
}


@pytest.mark.parametrize("kind", FILES)
def test_the_demo_survey_is_the_same_study(
    kind: str, table: pd.DataFrame, demo: Study, tmp_path: Path
) -> None:
    name, save = FILES[kind]
    save(table, options(demo.questionnaire), tmp_path / name)
    made = Study.create(tmp_path / "s.db", tmp_path / name, demo.questionnaire).check()
    assert made.responses == demo.check().responses
    assert (made.counts["answered"], made.counts["answers"]) == (296, 174)


def test_labels_and_codes_are_different_files(table: pd.DataFrame, demo: Study) -> None:
    """Otherwise the test above would compare a file with itself."""
    labelled = with_labels(table, options(demo.questionnaire))
    assert set(labelled["q01"]) - {""} == {
        "I meget høj grad", "I høj grad", "I hverken høj eller lav grad", "I lav grad",
        "I meget lav grad", "Slet ikke", "Ved ikke",
    }  # fmt: skip
    assert set(table["q01"]) - {""} == set("0123456")


@pytest.mark.parametrize("kind", ["csv, Windows-1252", "csv, UTF-16"])
def test_danish_letters_come_through(
    kind: str, table: pd.DataFrame, demo: Study, tmp_path: Path
) -> None:
    name, save = FILES[kind]
    save(table, options(demo.questionnaire), tmp_path / name)
    found = read_file(tmp_path / name).table
    assert found["q19"].fillna("").tolist() == table["q19"].str.strip().tolist()
    assert found["kommune"].tolist() == table["kommune"].tolist()


def test_one_other_answer_is_another_study(
    table: pd.DataFrame, demo: Study, tmp_path: Path
) -> None:
    other = table.copy()
    other.loc[0, "q01"] = "1" if table.loc[0, "q01"] != "1" else "2"
    other.to_csv(tmp_path / "s.csv", index=False)
    made = Study.create(tmp_path / "s.db", tmp_path / "s.csv", demo.questionnaire)
    assert made.check().responses != demo.check().responses
