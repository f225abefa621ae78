"""Comparison: whether groups answered alike, and whether those who answered are like the others."""

from __future__ import annotations

import streamlit as st

from coder import sentences
from coder.i18n import Texts
from coder.model import Question
from coder.study import Figure, Groups, Study
from coder.ui import behind, choices, figure, parts, session, table
from coder.ui.compare_battery import battery, side_sample, writers
from coder.ui.compare_tests import tests
from coder.ui.frequencies_table import side_by_side
from coder.ui.grid_filters import Wanted
from coder.ui.table import Column, Table


def show() -> None:
    """Draw the page."""
    texts, study = session.texts(), session.study()
    parts.title(texts, "compare")
    study = choices.layer(study, texts)
    draw = {
        "one": _one,
        "battery": battery,
        "response": _response,
        "writers": writers,
        "side_sample": side_sample,
    }
    view = choices.view("compare", {each: texts(f"compare.view_{each}") for each in draw}, texts)
    st.caption(texts(f"compare.about_{view}"))
    draw[view](study, texts)


def _one(study: Study, texts: Texts) -> None:
    """One question by groups: how each answered, and what can be concluded."""
    questions = {
        each.name: f"{each.name}  {each.label}"
        for each in study.questionnaire.of_kind("single", "multiple", "matrix", "number")
    }
    if not questions:
        parts.empty(texts("frequencies.no_closed"), "import")
        return
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    with left:
        name = choices.among(texts("compare.question"), "compare_question", questions, texts)
    with right:
        by = choices.groups(study, texts("compare.by"), "compare_by", texts)
    question = study.questionnaire.question(name)
    item = _item(question, texts)
    groups = study.groups(by)
    found = session.result("compare_one", lambda: study.compare(item, by), item, by)
    st.header(parts.plain(found.label), anchor=False)
    if question.kind != "number":
        _answers(study, question, item, groups, texts)
    tests(found, groups, texts)


def _item(question: Question, texts: Texts) -> str:
    """Which item of a matrix, or which tick."""
    options = {each.name: each.label for each in question.items}
    if question.kind == "multiple":
        labels = [option.label for option in question.options]
        options = dict(zip(question.columns(), labels, strict=True))
    if len(options) == 1:
        return next(iter(options))
    return choices.among(texts("compare.item"), f"compare_item.{question.name}", options, texts)


def _answers(study: Study, question: Question, item: str, groups: Groups, texts: Texts) -> None:
    """How each group answered, and the way to those who did."""
    by = groups.name
    if question.kind == "multiple":
        code = item.removeprefix(f"{question.name}_")

        def make() -> Figure:
            return study.shares_figure(texts, question.name, [code], by)
    else:

        def make() -> Figure:
            return study.stacked_figure(texts, item, by=by)

    figure.show("compare", make, texts, item, by)
    rows = session.result("compare_rows", lambda: study.frequencies(by=by), by)
    own = rows[rows["item"] == (question.name if question.kind == "multiple" else item)]
    if question.kind == "multiple":
        own = own[[f"{question.name}_{code}" == item for code in own["code"]]]
    names = {code: sentences.group_name(texts, groups, code) for code in groups.labels}
    shown = side_by_side(question, own, names, texts)
    place = table.pick_row(shown, texts)
    if place is not None:
        row = shown.rows.iloc[place]
        wanted = Wanted(item=row["name"], values=(row["option"],))
        behind.answers(wanted, texts("behind.chose", option=row["option"]))


def _response(study: Study, texts: Texts) -> None:
    """Who answered of all who were invited, by what is known of them."""
    labels = {each.name: each.label for each in study.questionnaire.of_kind("background")}
    if not labels:
        st.info(texts("compare.no_background"))
        return
    first = next((each for each in labels if each != study.questionnaire.organisation), "")
    by = choices.among(texts("compare.by"), "compare_response", labels, texts, first=first)
    found = study.response(by)
    if found.difference is None:
        st.caption(texts("compare.nothing"))
    else:
        shown = "differs" if found.difference.significant else "alike"
        st.text(texts(f"compare.response_{shown}"))
        st.caption(parts.plain(sentences.result(texts, found.difference)))
    rows = found.groups.reset_index(drop=True)
    columns = (
        Column("group", found.label),
        Column("share", texts("compare.share_answered"), table.percent(texts)),
        Column("answered", texts("compare.answered"), table.number(texts)),
        Column("invited", texts("compare.invited"), table.number(texts)),
    )
    table.show(Table(f"response-{by}", found.label, rows, columns), texts, search=True)
