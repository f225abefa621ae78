"""Frequencies: how every closed question was answered, and of how many."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from coder.i18n import Texts
from coder.model import Kind, Question
from coder.study import Figure, Study
from coder.ui import behind, choices, figure, parts, session, table
from coder.ui.frequencies_choice import Choice, choose
from coder.ui.frequencies_table import alone, numbers, side_by_side
from coder.ui.frequencies_words import about, names
from coder.ui.grid_filters import Wanted

_KINDS: tuple[Kind, ...] = ("single", "multiple", "matrix", "number")


def show() -> None:
    """Draw the page."""
    texts, study = session.texts(), session.study()
    parts.title(texts, "frequencies")
    study = choices.layer(study, texts)
    questions = {each.name: each for each in study.questionnaire.of_kind(*_KINDS)}
    if not questions:
        parts.empty(texts("frequencies.no_closed"), "import")
        return
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    with left:
        labels = {name: f"{name}  {each.label}" for name, each in questions.items()}
        name = choices.among(texts("frequencies.question"), "frequencies_question", labels, texts)
    with right:
        by = choices.groups(
            study, texts("frequencies.by"), "frequencies_by", texts, texts("frequencies.by_none")
        )
    question = questions[name]
    choice = choose(study, question, by, texts)
    st.header(parts.plain(question.label), anchor=False)
    if question.kind == "number":
        _numbers(study, question, choice, texts)
    else:
        _counts(study, question, choice, texts)


def _counts(study: Study, question: Question, choice: Choice, texts: Texts) -> None:
    rows = choice.rows(study, question)
    st.caption(parts.plain(" ".join(about(study, question, choice, rows, texts))))
    _figure(study, question, choice, texts)
    shown = side_by_side if choice.by else alone
    found = shown(question, rows, names(study, choice, texts), texts)
    place = table.pick_row(found, texts, search=True)
    if place is not None:
        _behind(question, found.rows.iloc[place], texts)


def _figure(study: Study, question: Question, choice: Choice, texts: Texts) -> None:
    """Bars of one item alone, else a stacked bar for each; of several ticks in groups, cells."""
    cases, options = choice.cases, choice.options(study)
    plain = {each: options[each] for each in ("merged", "weights")}
    name, item = question.name, question.items[0].name
    make: Callable[[], Figure]
    if choice.by and question.kind == "multiple":
        make = partial(study.ticks_figure, texts, name, choice.by, cases, **plain)
    elif choice.by or question.kind == "matrix":
        make = partial(study.stacked_figure, texts, name, cases, **options)
    else:
        make = partial(study.bars_figure, texts, item, cases, **plain)
    figure.show(question.name, make, texts, choice)


def _behind(question: Question, row: dict[str, str], texts: Texts) -> None:
    """The way to those who chose an option, and wrote something."""
    labels = {each.code: each.label for each in question.options}
    codes = [row["code"]] if row["code"] in labels else row["code"].split("+")
    wanted = Wanted(item=row["name"], values=tuple(labels[code] for code in codes))
    behind.answers(wanted, texts("behind.chose", option=row["option"]))


def _numbers(study: Study, question: Question, choice: Choice, texts: Texts) -> None:
    rows = choice.numbers(study, question)
    table.show(numbers(question, rows, names(study, choice, texts), texts), texts)
