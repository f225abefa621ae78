"""The coded table in full: codes of options, not labels, and what every column means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from coder.model import Option, Question, Questionnaire, Survey

ColumnKind = Literal["text", "number", "options", "tick"]
OURS = ("answer", "respondent", "case", "question", "text", "elaboration")


@dataclass(frozen=True)
class Column:
    """A column: its name, the question it answers, and what stands in it.

    ``options`` : the code of one of them. ``tick`` : "1" or "0". A column of ours has no label,
    since what it is called depends on the language of the reader.
    """

    name: str
    label: str
    kind: ColumnKind
    options: tuple[Option, ...] = ()


@dataclass(frozen=True)
class TickSet:
    """Columns that are one multiple question; each is one of its options."""

    name: str
    label: str
    columns: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Coded:
    """One row per answer, as imported; a column of ``rows`` for each of ``columns``, by name.

    Option codes and ticks are text, numbers floats; missing means not answered.
    """

    columns: tuple[Column, ...]
    rows: pd.DataFrame
    sets: tuple[TickSet, ...]


def coded(survey: Survey) -> Coded:
    """The answers with every closed question of their respondent and their case.

    A column of the survey that is called as one of ours stands as ``survey_`` and its name.
    """
    answers = survey.answers
    rows = {name: answers[name] for name in OURS[1:]}
    columns = [Column(name, "", "text") for name in OURS]
    for question, name, column in _closed(survey.questionnaire):
        about_case = survey.questionnaire.is_about_case(question)
        table, key = (survey.cases, "case") if about_case else (survey.respondents, "respondent")
        rows[column.name] = table[name].loc[answers[key]].set_axis(answers.index)
        columns.append(column)
    table = pd.DataFrame(rows, index=answers.index).reset_index(names="answer")
    return Coded(tuple(columns), table, tuple(_sets(survey.questionnaire)))


def closed_columns(questionnaire: Questionnaire) -> list[Column]:
    """The columns of the closed questions, under the names they have beside ours."""
    return [column for _, _, column in _closed(questionnaire)]


def _closed(questionnaire: Questionnaire) -> Iterator[tuple[Question, str, Column]]:
    """Each closed question's columns, with the names they have in the survey."""
    for question in questionnaire.of_kind(
        "background", "single", "matrix", "multiple", "number", "consent"
    ):
        if question.kind == "multiple":
            for name, option in zip(question.columns(), question.options, strict=True):
                label = f"{question.label} – {option.label}"
                yield question, name, Column(_own_name(name), label, "tick")
            continue
        for item in question.items:
            of_matrix = question.kind == "matrix"
            label = f"{question.label} – {item.label}" if of_matrix else item.label
            column = Column(_own_name(item.name), label, _kind(question), question.options)
            yield question, item.name, column


def _own_name(name: str) -> str:
    return f"survey_{name}" if name in OURS else name


def _kind(question: Question) -> ColumnKind:
    if question.kind == "number":
        return "number"
    return "options" if question.options else "text"


def _sets(questionnaire: Questionnaire) -> Iterator[TickSet]:
    for question in questionnaire.of_kind("multiple"):
        columns = tuple(_own_name(each) for each in question.columns())
        yield TickSet(question.name, question.label, columns)
