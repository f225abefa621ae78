"""Of whom the shares of an item are, and who is left out: what stands under a table."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from coder.model import Base, Condition, Question, Role, Survey
from coder.results.units import WhichCases, units, was_asked


@dataclass(frozen=True)
class Filter:
    """The question was put to those who chose any of these options of another."""

    question: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class Basis:
    """What a share of an item is of.

    taking_part : how many respondents, or cases, there are; asked : how many of them the filters
    let through; answered : how many responded to the item; skipped : were asked and did not.
    ``dont_know`` and ``not_relevant`` tell how many of those who answered chose only that;
    ``outside`` which of the two are not in the base.
    """

    item: str
    base: Base
    outside: tuple[Role, ...]
    filters: tuple[Filter, ...]
    taking_part: int
    asked: int
    answered: int
    skipped: int
    dont_know: int
    not_relevant: int

    def share(self, role: Role) -> float | None:
        """The share of don't-knows, or of not relevant, of all who answered; None of nobody."""
        count = self.dont_know if role == "dont_know" else self.not_relevant
        return count / self.answered if self.answered else None


def with_outside(survey: Survey, outside: bool) -> Survey:
    """The survey with all don't-knows and not relevant outside the base, or all inside."""
    roles: tuple[Role, ...] = ("dont_know", "not_relevant") if outside else ()
    form = survey.questionnaire
    questions = tuple(replace(each, outside=roles) for each in form.questions)
    return replace(survey, questionnaire=replace(form, questions=questions))


def basis(survey: Survey, item: str, cases: WhichCases = "first") -> Basis:
    """What the shares of a closed item are of; ``ValueError`` when there is no such item."""
    question = survey.questionnaire.question_of(item)
    table = units(survey, question, cases)
    asked = was_asked(survey, question, cases)
    columns = list(question.columns()) if question.kind == "multiple" else [item]
    answered = table[columns].notna().any(axis="columns")
    return Basis(
        item=item,
        base=question.base,
        outside=question.outside,
        filters=tuple(_filter(survey, condition) for condition in question.asked_if),
        taking_part=len(table),
        asked=int(asked.sum()),
        answered=int(answered.sum()),
        skipped=int((asked & ~answered).sum()),
        dont_know=_only(table, question, item, "dont_know"),
        not_relevant=_only(table, question, item, "not_relevant"),
    )


def _filter(survey: Survey, condition: Condition) -> Filter:
    question = survey.questionnaire.question_of(condition.item)
    label = next(item.label for item in question.items if item.name == condition.item)
    options = (question.option(code) for code in condition.any_of)
    return Filter(label, tuple(option.label for option in options if option))


def _only(table: pd.DataFrame, question: Question, item: str, role: Role) -> int:
    """How many chose an option of this role, and no option of another."""
    codes = [option.code for option in question.options if option.role == role]
    if question.kind != "multiple":
        return int(table[item].isin(codes).sum())
    of_role = [option.role == role for option in question.options]
    ticks = table[list(question.columns())].eq("1")
    others = ticks.loc[:, [not each for each in of_role]].any(axis="columns")
    return int((ticks.loc[:, of_role].any(axis="columns") & ~others).sum())
