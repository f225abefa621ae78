"""Any questionnaire and any answers to it, in any kind of file, come in as they were given."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coder.intake import take_in
from coder.model import Cases, Item, Kind, Option, Question, Questionnaire, tick_column
from coder.survey.ingest import build_survey, code_table

WORDS = st.text("abcdefæøå ,;.'\"!?", min_size=3, max_size=30).filter(
    lambda text: text == text.strip() and any(sign.isalpha() for sign in text)
)
LABELS = st.lists(
    st.text("abcdefæøå", min_size=3, max_size=8), min_size=2, max_size=5, unique_by=str.casefold
)


@st.composite
def questions(draw: st.DrawFn, no: int) -> Question:
    kind: Kind = draw(st.sampled_from(("single", "multiple", "matrix", "number", "background")))
    options = tuple(
        Option(str(code), label)
        for code, label in enumerate(draw(LABELS) if kind not in ("number",) else [], start=1)
    )
    name = f"q{no}"
    parts = [f"{name}_{part}" for part in "ab"] if kind == "matrix" else [name]
    return Question(name, kind, name, options, tuple(Item(part, part) for part in parts))


@st.composite
def surveys(draw: st.DrawFn) -> tuple[Questionnaire, pd.DataFrame]:
    """A questionnaire and coded answers: codes, ticks, numbers and text, or missing."""
    asked = [draw(questions(no)) for no in range(draw(st.integers(1, 4)))]
    identity = Question("id", "id", "id", items=(Item("id", "id"),))
    why = Question("why", "open", "why", items=(Item("why", "why"),))
    form = Questionnaire("t", "da", (identity, *asked, why), Cases(("why",)))
    rows = [
        {"id": f"R{no}", "why": draw(WORDS), **{k: v for q in asked for k, v in draw(given_to(q))}}
        for no in range(draw(st.integers(1, 5)))
    ]
    columns = [column for question in form.questions for column in question.columns()]
    return form, pd.DataFrame(rows, columns=columns)


def given_to(question: Question) -> st.SearchStrategy[list[tuple[str, Any]]]:
    if question.kind == "number":
        numbers = st.none() | st.integers(-999, 999).map(float)
        return numbers.map(lambda number: [(question.name, number)])
    codes = [option.code for option in question.options]
    if question.kind == "multiple":
        ticks = st.lists(st.sampled_from("01"), min_size=len(codes), max_size=len(codes))
        names = [tick_column(question.name, code) for code in codes]
        return ticks.map(lambda chosen: list(zip(names, chosen, strict=True)))
    each = st.none() | st.sampled_from(codes)
    values = st.tuples(*[each] * len(question.items))
    return values.map(lambda v: list(zip((i.name for i in question.items), v, strict=True)))


def labelled(table: pd.DataFrame, form: Questionnaire) -> pd.DataFrame:
    """The table as an export with labels has it."""
    texts = table.copy()
    for question in form.questions:
        labels = {option.code: option.label for option in question.options}
        for column in question.columns():
            if question.kind == "multiple":
                texts[column] = texts[column].map({"1": "Valgt", "0": "Ikke valgt"})
            elif labels:
                texts[column] = texts[column].map(labels)
    return texts


def as_sav(table: pd.DataFrame, path: Path) -> None:
    numbers = {
        name: pd.to_numeric(table[name]) for name in table.columns if name not in ("id", "why")
    }
    pyreadstat.write_sav(table.assign(**numbers), path)


WRITERS: dict[str, Callable[[pd.DataFrame, Questionnaire, Path], object]] = {
    "codes.csv": lambda table, form, path: table.to_csv(path, sep=";", index=False),
    "labels.csv": lambda table, form, path: labelled(table, form).to_csv(path, index=False),
    "codes.xlsx": lambda table, form, path: table.to_excel(path, index=False),
    "labels.xlsx": lambda table, form, path: labelled(table, form).to_excel(path, index=False),
    "codes.parquet": lambda table, form, path: table.to_parquet(path, index=False),
    "codes.sav": lambda table, form, path: as_sav(table, path),
}


@pytest.mark.parametrize("name", WRITERS)
@settings(max_examples=12, deadline=None)
@given(survey=surveys())
def test_answers_come_in_as_they_were_given(
    name: str, survey: tuple[Questionnaire, pd.DataFrame], tmp_path_factory: pytest.TempPathFactory
) -> None:
    form, table = survey
    path = tmp_path_factory.mktemp("survey") / name
    WRITERS[name](table, form, path)
    intake = take_in([path], form)
    assert intake.stops == ()
    found = build_survey(code_table(intake.raw.table, form), form)
    assert found.answers["text"].tolist() == table["why"].tolist()
    for question in form.questions[1:-1]:
        for column in question.columns():
            given_, came = table[column].tolist(), found.respondents[column].tolist()
            assert [None if pd.isna(v) else v for v in came] == [
                None if pd.isna(v) else v for v in given_
            ], column
