"""The closed questions as answered for some cases: by the case, or by its respondent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from coder.model import Question, Survey, tick_column


@dataclass(frozen=True)
class Closed:
    """A column of closed answers; ``values`` has the label of each code that tells something.

    A don't-know tells nothing. Of a multiple question every option is a column of its own.
    """

    question: Question
    item: str
    column: str
    values: Mapping[str, str]


def closed_columns(survey: Survey) -> Iterator[Closed]:
    """Every closed column but consent and the organisation, in the order of the questionnaire."""
    questionnaire = survey.questionnaire
    for question in questionnaire.of_kind("single", "matrix", "background"):
        labels = {each.code: each.label for each in question.options if each.role == "answer"}
        for item in question.items if labels else ():
            if item.name != questionnaire.organisation:
                yield Closed(question, item.name, item.name, labels)
    for question in questionnaire.of_kind("multiple"):
        for option in question.options:
            if option.role == "answer":
                column = tick_column(question.name, option.code)
                yield Closed(question, question.name, column, {"1": option.label})


def compared_columns(survey: Survey) -> list[Closed]:
    """The columns by which cases are compared: those about the case, or without any, all items."""
    items = [each for each in closed_columns(survey) if each.question.kind in ("single", "matrix")]
    about_case = [each for each in items if survey.questionnaire.is_about_case(each.question)]
    return about_case or items


class Responses:
    """The closed answers of some cases: ``responses[column]`` has a code for each, or missing."""

    def __init__(self, survey: Survey, cases: pd.Index) -> None:
        self._survey = survey
        self._cases = survey.cases.index.get_indexer(cases)
        who = survey.cases["respondent"].iloc[self._cases]
        self._respondents = survey.respondents.index.get_indexer(who)

    def __getitem__(self, column: Closed) -> pd.Series:
        """The codes in a column, in the order of the cases."""
        if self._survey.questionnaire.is_about_case(column.question):
            return self._survey.cases[column.column].iloc[self._cases]
        return self._survey.respondents[column.column].iloc[self._respondents]
