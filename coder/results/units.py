"""What is counted: respondents or cases, and what is known of them from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coder.model import Item, Question, Questionnaire, Survey, tick_column

WhichCases = Literal["first", "all"]


def units(survey: Survey, question: Question, cases: WhichCases = "first") -> pd.DataFrame:
    """The table that holds a question: one row per respondent who took part, or per case."""
    return units_of(survey, survey.questionnaire.is_about_case(question), cases)


def units_of(survey: Survey, about_case: bool, cases: WhichCases = "first") -> pd.DataFrame:
    """The cases, first ones or all, or the respondents who took part."""
    if not about_case:
        return survey.respondents[survey.respondents["answered"]]
    return survey.cases if cases == "all" else survey.cases[survey.cases["number"] == 1]


def item_of(questionnaire: Questionnaire, name: str) -> tuple[Question, Item, str | None]:
    """The question of an item, the item, and, if ``name`` is that of a tick, the code ticked.

    ``ValueError`` when there is no such item.
    """
    for question in questionnaire.of_kind("multiple"):
        for option in question.options:
            if tick_column(question.name, option.code) == name:
                return question, Item(name, option.label), option.code
    question = questionnaire.question_of(name)
    return question, next(item for item in question.items if item.name == name), None


def was_asked(survey: Survey, question: Question, cases: WhichCases = "first") -> pd.Series:
    """For each unit whether the filters of the questionnaire let the question be asked."""
    return asked_among(survey, question, units(survey, question, cases))


def asked_among(survey: Survey, question: Question, table: pd.DataFrame) -> pd.Series:
    """The same for some units: rows of the table that holds the question."""
    asked = pd.Series(True, index=table.index)
    for condition in question.asked_if:
        other = survey.questionnaire.question_of(condition.item)
        about_case = survey.questionnaire.is_about_case(other)
        source = survey.cases if about_case else survey.respondents
        met = _has_any(source, other, condition.item, condition.any_of)
        asked &= beside(survey, met, about_case, table).fillna(False).astype(bool)
    return asked


def beside(survey: Survey, values: pd.Series, by_case: bool, table: pd.DataFrame) -> pd.Series:
    """Values of respondents, or of cases, put beside the units of a table.

    values : index respondent, or case when ``by_case``; what is not in it is missing.
    Of a respondent's cases the first one counts.
    """
    of_cases = "respondent" in table.columns
    if of_cases == by_case:
        return values.reindex(table.index)
    if of_cases:
        return values.reindex(table["respondent"]).set_axis(table.index)
    first = survey.cases[survey.cases["number"] == 1]
    of_first = values.reindex(first.index).set_axis(pd.Index(first["respondent"]))
    return of_first.reindex(table.index)


def places_among(options: Sequence[str], values: pd.Series) -> NDArray[np.intp]:
    """Where among the options each value stands, shape (n_values,); -1 where it does not.

    Each different value is looked up once, so that a long column costs little.
    """
    number, different = values.factorize()  # a missing value has the number -1, the last place
    place = np.full(len(different) + 1, -1, dtype=np.intp)
    place[:-1] = pd.Index(options).get_indexer(pd.Index(different))
    found: NDArray[np.intp] = place[number]
    return found


def _has_any(
    table: pd.DataFrame, question: Question, item: str, codes: tuple[str, ...]
) -> pd.Series:
    if question.kind == "multiple":
        ticks = table[[tick_column(question.name, code) for code in codes]]
        return (ticks == "1").any(axis="columns")
    return table[item].isin(codes)
