"""What the table knows of each answer: its columns, and how they are sorted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf, isfinite

from coder.i18n import Texts
from coder.model import Mark, Question, Status
from coder.study import Study
from coder.ui import session

# The columns that are there in every study; an answer's id and text always stand first.
OWN = ("codes", "marks", "memo", "count", "status", "length", "elaboration")
_ITEM = "item."  # before the name of a closed item, which might be called like one of ours
_LAST_LETTER = str.maketrans("å", "\u00fe")  # the alphabet ends æ, ø, å; Unicode has å first

Cell = str | int | None


@dataclass(frozen=True)
class Rows:
    """What is known of every answer, by its id; ``text`` has them all, in order of import.

    ``codes`` are ids, of the layer that the pages show, and ``labels`` what they are called;
    ``marks`` and ``memos`` are those of the coder who looks. Where there is nothing there is no
    entry.
    """

    text: Mapping[str, str]
    elaboration: Mapping[str, str]
    codes: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, str]
    marks: Mapping[str, tuple[Mark, ...]]
    memos: Mapping[str, str]
    statuses: Mapping[str, Status | None]


def rows_of(study: Study) -> Rows:
    """What is known now."""
    state, answers, own = study.state, study.survey.answers, session.known_coder()
    return Rows(
        answers["text"].to_dict(),
        answers["elaboration"].dropna().to_dict(),
        _codes(state.codings, session.layer()),
        {code.id: code.label for code in state.codes.values()},
        {answer: marks for (coder, answer), marks in state.marks.items() if coder == own},
        {answer: memo for (coder, answer), memo in state.memos.items() if coder == own},
        state.statuses,
    )


def _codes(
    codings: Mapping[tuple[str, str], tuple[str, ...]], layer: str | None
) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for (coder, answer), codes in codings.items():
        if layer in (None, coder):
            found[answer] = tuple(dict.fromkeys((*found.get(answer, ()), *codes)))
    return found


# --- columns -----------------------------------------------------------------------------------


def item_column(item: str) -> str:
    """The name of the column that shows a closed item."""
    return _ITEM + item


def item_of(column: str) -> str | None:
    """The closed item that a column shows; None for one of our own columns."""
    return column.removeprefix(_ITEM) if column.startswith(_ITEM) else None


def column_label(study: Study, column: str, texts: Texts) -> str:
    """What a column is called."""
    item = item_of(column)
    return study.closed_items()[item] if item else texts(f"grid.column.{column}")


def responses(study: Study, item: str) -> dict[str, str]:
    """What was responded to a closed item, in words, by answer; no entry where it is missing."""

    def look() -> dict[str, str]:
        return dict(study.labelled([item])[item].dropna())

    return session.once(f"responses.{item}", study.survey, look)


def question_of(study: Study, item: str) -> Question:
    """The question that a closed item belongs to, or is, when several options may be ticked."""
    return next(
        question
        for question in study.questionnaire.questions
        if item in (question.name, *(each.name for each in question.items))
    )


def cells(study: Study, rows: Rows, column: str, texts: Texts) -> Callable[[str], Cell]:
    """What tells the value of a column for an answer; None or nothing for an empty cell.

    Of several codes or marks, each stands on a line of its own.
    """
    item = item_of(column)
    if item:
        return responses(study, item).get
    of: dict[str, Callable[[str], Cell]] = {
        "answer": lambda answer: answer,
        "text": rows.text.get,
        "elaboration": rows.elaboration.get,
        "memo": rows.memos.get,
        "codes": lambda answer: "\n".join(rows.labels[each] for each in rows.codes.get(answer, ())),
        "marks": lambda answer: _marks(rows.marks.get(answer, ()), texts),
        "count": lambda answer: len(rows.codes.get(answer, ())),
        "length": lambda answer: len(rows.text[answer]),
        "status": lambda answer: texts(f"status.{rows.statuses.get(answer) or 'answer'}"),
    }
    return of[column]


def _marks(marks: tuple[Mark, ...], texts: Texts) -> str:
    return "\n".join(texts(f"mark.{mark}") for mark in marks)


# --- order -------------------------------------------------------------------------------------


def ordered(study: Study, rows: Rows, ids: list[str], sort: str, texts: Texts) -> list[str]:
    """These answers by a column, downwards if its name has a minus before it; empty cells last."""
    column = sort.removeprefix("-")
    cell, rank = cells(study, rows, column, texts), _ranks(study, column)
    found = {answer: cell(answer) for answer in ids}
    filled = [answer for answer in ids if found[answer] not in (None, "")]
    filled.sort(key=lambda answer: rank(found[answer]), reverse=sort.startswith("-"))
    return filled + [answer for answer in ids if found[answer] in (None, "")]


def _ranks(study: Study, column: str) -> Callable[[Cell], tuple[float, str]]:
    """What a column is sorted by: the order of an item's options, a number, the alphabet."""
    item = item_of(column)
    options = question_of(study, item).options if item else ()
    places = {option.label: place for place, option in enumerate(options)}

    def rank(cell: Cell) -> tuple[float, str]:
        text = str(cell)
        small = text.casefold().translate(_LAST_LETTER)
        return (places.get(text, len(places)) if places else _number(text)), small

    return rank


def _number(text: str) -> float:
    """A number as itself; all else after the numbers."""
    try:
        number = float(text)
    except ValueError:
        return inf
    return number if isfinite(number) else inf
