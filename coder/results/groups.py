"""Groups to compare by: a background value, a response to a closed question, or a code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from coder.model import Code, Coding, Survey
from coder.results.merged import codes_merged, merge
from coder.results.units import beside, item_of

# The two groups that have no name of their own: with a code or tick, and without.
WITH, WITHOUT = "with", "without"


@dataclass(frozen=True, eq=False)
class Groups:
    """Which group every respondent, or every case, is in.

    of : the group's code as text; index respondent, or case when ``by_case``; missing: in none.
    labels : by the group's code, in the order in which groups are shown. The label is empty where
        a group has no name of its own, as ``with`` and ``without`` a code.
    """

    name: str
    label: str
    labels: Mapping[str, str]
    of: pd.Series
    by_case: bool = False

    def beside(self, survey: Survey, table: pd.DataFrame) -> pd.Series:
        """The group of each unit of a table (see ``units``)."""
        return beside(survey, self.of, self.by_case, table)


def groups_by(survey: Survey, name: str, merged: bool = False) -> Groups:
    """Groups by a background question, a single question, an item of a matrix, or one tick.

    name : of the item, or ``question_code`` for with and without a tick. merged : with the merges
    of the question. ``ValueError`` when there is no such item.
    """
    question, item, tick = item_of(survey.questionnaire, name)
    by_case = survey.questionnaire.is_about_case(question)
    table = survey.cases if by_case else survey.respondents
    if tick is not None:
        ticked = table[name].map({"1": WITH, "0": WITHOUT})
        return Groups(name, item.label, {WITH: "", WITHOUT: ""}, ticked, by_case)
    if not question.options:
        values = table[name].astype("str")
        return Groups(name, item.label, {v: v for v in sorted(values.dropna().unique())}, values)
    shown = merge(question) if merged else question
    of = table[name].map(codes_merged(question)) if merged else table[name]
    there = set(of.dropna().unique())
    labels = {each.code: each.label for each in shown.options if each.code in there}
    return Groups(name, item.label, labels, of, by_case)


def groups_by_code(survey: Survey, code: Code, codings: Iterable[Coding]) -> Groups:
    """Cases with a code, from any coder, and cases that are coded, but without it.

    Cases of which nothing is coded are in neither.
    """
    with_code: dict[str, bool] = {}
    for coding in codings:
        with_code[coding.answer] = with_code.get(coding.answer, False) or coding.code == code.id
    of_answers = pd.Series(with_code, dtype="bool")
    cases = survey.answers.loc[of_answers.index, "case"]
    of = of_answers.groupby(cases).any().map({True: WITH, False: WITHOUT})
    return Groups(code.id, code.label, {WITH: "", WITHOUT: ""}, of, by_case=True)
