"""What is odd about a table, told before anything is stored: everything at once, with its rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from coder.model import Condition, Question, Questionnaire, tick_column
from coder.survey.ingest import Mistake, try_code

_FIRST_ROW = 2  # the row of the first respondent, as a spreadsheet counts
_SHOWN_ROWS = 8
_FEW = 0.75  # an item with less than this share of the answers of its neighbours is odd


@dataclass(frozen=True)
class Finding:
    """Something odd: a text key and its parameters, and every row that it is about.

    Rows count as a spreadsheet does: the first respondent is in row 2. The parameters have the
    first of them as ``rows`` and how many there are as ``count``. ``stops`` tells that the table
    can't be imported so.
    """

    key: str
    params: Mapping[str, object]
    rows: tuple[int, ...]
    stops: bool


# The text key of each finding that keeps a table from being coded.
_STOPS = {
    "survey.no_column": "check_table.no_column",
    "survey.bad_value": "check_table.bad_value",
    "survey.no_id": "check_table.no_id",
    "survey.same_id": "check_table.same_id",
    "survey.rows_differ": "check_table.rows_differ",
}


def check_table(table: pd.DataFrame, questionnaire: Questionnaire) -> list[Finding]:
    """Everything odd about a table as read, given its questionnaire; what stops comes first.

    Of a column in which something stops, no more is told: what else seems odd may follow from it.
    """
    coded, mistakes = try_code(table, questionnaire)
    findings = [_stopping(mistake) for mistake in mistakes]
    findings += _unnamed_columns({str(column) for column in table.columns}, questionnaire)
    sound = coded.drop(columns={str(each.params["column"]) for each in mistakes}, errors="ignore")
    for question in questionnaire.questions:
        findings += _of_labels(question)
        for prefix in questionnaire.prefixes(question):
            if all(prefix + name in sound.columns for name in question.columns()):
                findings += _of_answers(sound, questionnaire, question, prefix)
        findings += _unused_options(sound, questionnaire, question)
    return findings


def _stopping(mistake: Mistake) -> Finding:
    return _finding(_STOPS[mistake.key], mistake.rows, stops=True, **mistake.params)


def _finding(
    key: str, rows: tuple[int, ...] = (), stops: bool = False, **params: object
) -> Finding:
    shown = ", ".join(map(str, rows[:_SHOWN_ROWS])) + (" …" if len(rows) > _SHOWN_ROWS else "")
    return Finding(key, {**params, "rows": shown, "count": len(rows)}, rows, stops)


def _rows(chosen: pd.Series) -> tuple[int, ...]:
    return tuple(int(place) + _FIRST_ROW for place in np.flatnonzero(chosen))


# --- the questionnaire and the columns ---------------------------------------------------------


def _unnamed_columns(columns: set[str], questionnaire: Questionnaire) -> Iterator[Finding]:
    """Columns that the questionnaire does not name are kept but not used."""
    named = {
        questionnaire.columns.get(prefix + name, prefix + name)
        for question in questionnaire.questions
        for prefix in questionnaire.prefixes(question)
        for name in (*question.columns(), question.elaboration or question.name)
    }
    left = sorted(columns - named)
    if left:
        shown = ", ".join(left[:_SHOWN_ROWS]) + (" …" if len(left) > _SHOWN_ROWS else "")
        yield _finding("check_table.unnamed_columns", columns=shown, number=len(left))


def _of_labels(question: Question) -> Iterator[Finding]:
    """The same label with two codes: in a column of labels nobody can tell them apart."""
    codes: dict[str, list[str]] = defaultdict(list)
    for option in question.options:
        codes[" ".join(option.label.split()).casefold()].append(option.code)
    for option in question.options:
        same = codes.pop(" ".join(option.label.split()).casefold(), [])
        if len(same) > 1:
            yield _finding(
                "check_table.same_label",
                question=question.name,
                label=option.label,
                codes=", ".join(same),
            )


def _unused_options(
    coded: pd.DataFrame, questionnaire: Questionnaire, question: Question
) -> Iterator[Finding]:
    """Options that nobody chose, in any item or case."""
    columns = [
        prefix + name
        for prefix in questionnaire.prefixes(question)
        for name in question.columns()
        if prefix + name in coded.columns
    ]
    if question.kind in ("id", "ignore", "open", "number") or not coded[columns].notna().any(
        axis=None
    ):
        return
    if len(columns) % len(question.columns()):
        return  # not all of it is there
    used = _used(coded, questionnaire, question)
    unused = [option.label for option in question.options if option.code not in used]
    if unused:
        options = "; ".join(unused)
        yield _finding("check_table.unused_options", question=question.name, options=options)


def _used(coded: pd.DataFrame, questionnaire: Questionnaire, question: Question) -> set[str]:
    used: set[str] = set()
    for prefix in questionnaire.prefixes(question):
        if question.kind == "multiple":
            for option in question.options:
                column = prefix + tick_column(question.name, option.code)
                if column in coded.columns and (coded[column] == "1").any():
                    used.add(option.code)
        else:
            for name in question.columns():
                if prefix + name in coded.columns:
                    used |= set(coded[prefix + name].dropna().unique())
    return used


# --- the answers -------------------------------------------------------------------------------


def _of_answers(
    coded: pd.DataFrame, questionnaire: Questionnaire, question: Question, prefix: str
) -> Iterator[Finding]:
    if question.kind in ("id", "ignore", "background"):
        return
    table = coded[[prefix + name for name in question.columns()]]
    yield from _empty_columns(table, question)
    yield from _filtered(coded, table, questionnaire, question, prefix)
    yield from _too_many_ticks(table, question, prefix)
    yield from _item_sums(table, question, prefix)


def _empty_columns(table: pd.DataFrame, question: Question) -> Iterator[Finding]:
    if table.isna().all(axis=None):
        yield _finding("check_table.empty", question=question.name)


def _filtered(
    coded: pd.DataFrame,
    table: pd.DataFrame,
    questionnaire: Questionnaire,
    question: Question,
    prefix: str,
) -> Iterator[Finding]:
    """Answers of those who were not to be asked, and no answer from those who were."""
    if not question.asked_if:
        return
    asked = pd.Series(True, index=coded.index)
    for condition in question.asked_if:
        asked &= _meets(coded, questionnaire, condition, prefix)
    given = table.notna().any(axis="columns")
    name = prefix + question.name
    filters = ", ".join(condition.item for condition in question.asked_if)
    for key, rows in (
        ("check_table.not_asked", _rows(given & ~asked)),
        ("check_table.not_answered", _rows(asked & ~given)),
    ):
        if rows:
            yield _finding(key, rows, question=name, filter=filters, asked=int(asked.sum()))


def _meets(
    coded: pd.DataFrame, questionnaire: Questionnaire, condition: Condition, prefix: str
) -> pd.Series:
    """Which rows meet a condition; that of a case is looked for in the case's own block."""
    question = questionnaire.question_of(condition.item)
    own = prefix if questionnaire.is_about_case(question) else ""
    if question.kind == "multiple":
        columns = [own + tick_column(question.name, code) for code in condition.any_of]
        present = [name for name in columns if name in coded.columns]
        return (coded[present] == "1").any(axis="columns")
    if own + condition.item not in coded.columns:
        return pd.Series(False, index=coded.index)
    return coded[own + condition.item].isin(condition.any_of)


def _too_many_ticks(table: pd.DataFrame, question: Question, prefix: str) -> Iterator[Finding]:
    if question.maximum is None:
        return
    rows = _rows((table == "1").sum(axis="columns") > question.maximum)
    if rows:
        name = prefix + question.name
        yield _finding("check_table.too_many_ticks", rows, question=name, maximum=question.maximum)


def _item_sums(table: pd.DataFrame, question: Question, prefix: str) -> Iterator[Finding]:
    """Items of a matrix that far fewer answered than the item most people answered."""
    if question.kind != "matrix":
        return
    counts = table.notna().sum()
    for item in question.items:
        answers, most = int(counts[prefix + item.name]), int(counts.max())
        if answers < _FEW * most:
            yield _finding(
                "check_table.item_sum",
                question=question.name,
                item=prefix + item.name,
                answers=answers,
                most=most,
            )
