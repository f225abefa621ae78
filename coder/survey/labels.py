"""Closed responses in words, to stand beside an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from coder.model import Item, Kind, Question, Questionnaire, Survey

_CLOSED: tuple[Kind, ...] = ("background", "single", "matrix", "multiple", "number", "consent")
_AT_FIRST = 4  # as many as stand on one line beside an answer


def closed_items(questionnaire: Questionnaire) -> dict[str, str]:
    """The label of every closed item, by its name; a multiple question is one item."""
    found = {}
    for question in questionnaire.of_kind(*_CLOSED):
        for item in _items(question):
            of_matrix = question.kind == "matrix"
            found[item.name] = f"{question.label} – {item.label}" if of_matrix else item.label
    return found


def usual_items(questionnaire: Questionnaire) -> tuple[str, ...]:
    """The items that stand beside an answer before anyone has chosen: the organisation first."""
    names = [question.name for question in questionnaire.of_kind("background")]
    first = [questionnaire.organisation] if questionnaire.organisation else []
    return tuple(dict.fromkeys([*first, *names]))[:_AT_FIRST]


def labelled(survey: Survey, items: Sequence[str]) -> pd.DataFrame:
    """The responses to these items for every answer, as they are called.

    Returns one row per answer (index ``answer``), one column per item; missing where there is no
    response. What was ticked of a multiple question stands in one text.
    """
    questions = {
        item.name: question
        for question in survey.questionnaire.of_kind(*_CLOSED)
        for item in _items(question)
    }
    answers = survey.answers
    columns = {}
    for name in items:
        question = questions[name]
        about_case = survey.questionnaire.is_about_case(question)
        table, key = (survey.cases, "case") if about_case else (survey.respondents, "respondent")
        values = _in_words(table, question, name)
        columns[name] = values.loc[answers[key]].set_axis(answers.index)
    return pd.DataFrame(columns, index=answers.index)


def _items(question: Question) -> tuple[Item, ...]:
    return (Item(question.name, question.label),) if question.kind == "multiple" else question.items


def _in_words(table: pd.DataFrame, question: Question, item: str) -> pd.Series:
    labels = {option.code: option.label for option in question.options}
    if question.kind == "multiple":
        return _ticked(table, question, labels)
    if question.kind == "number":
        return table[item].map("{:g}".format, na_action="ignore")
    return table[item].map(labels) if labels else table[item]


def _ticked(table: pd.DataFrame, question: Question, labels: Mapping[str, str]) -> pd.Series:
    """What was ticked, joined; missing where nothing was."""
    columns = dict(zip(question.columns(), labels.values(), strict=True))
    words = [
        ", ".join(label for column, label in columns.items() if row[column] == "1") or None
        for row in table[list(columns)].to_dict("records")
    ]
    return pd.Series(words, index=table.index, dtype="str")
