"""The results: categories joined to the closed questions, the score, and frequency tables."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from coder.i18n import Texts
from coder.model import Question
from coder.study import Study
from coder.ui import parts, session


def show() -> None:
    """Draw the page."""
    texts, study = session.texts(), session.study()
    parts.title(texts, "results")
    names = ("joint", "score", "frequencies")
    joint, score, frequencies = st.tabs([texts(f"results.{name}") for name in names])
    with joint:
        _joint(study, texts)
    with score:
        _score(study, texts)
    with frequencies:
        _frequencies(study, texts)


def _joint(study: Study, texts: Texts) -> None:
    table = study.joint()
    if table.empty:
        parts.empty(texts("joint.nothing_coded"), "candidates")
        return
    st.caption(texts("results.joint_about" if study.recipe() else "results.counts_about"))
    recipe = study.recipe()
    names = {name: texts(f"column.{name}") for name in table.columns if name in _PLAIN_COLUMNS}
    if recipe:
        names |= {
            each.name: each.label.get(texts.language, each.name) for each in recipe.dimensions
        }
    order = [name for name in table.columns if name != "share_above"]
    if "share_above" in table.columns:
        order.insert(1, "share_above")  # beside the category: it is what the figure shows
    shown = table[order].copy()
    for column in shown.columns:
        if column == "share_above":
            shown[column] = [_missing(value, texts.percent) for value in shown[column]]
        elif shown[column].dtype.kind == "f":
            shown[column] = [_missing(v, lambda x: texts.number(x, 2)) for v in shown[column]]
    right = {names[each]: st.column_config.Column(alignment="right") for each in shown.columns[1:]}
    figure = study.joint_figure(texts)
    st.image(figure.svg(), alt=figure.alt)
    st.dataframe(
        shown.rename(columns=names),
        hide_index=True,
        column_config=right,
        height="content",
        key="joint",
    )


_PLAIN_COLUMNS = ("category", "answers", "cases", "organisations", "scored", "share_above")


def _missing(value: float, write: Callable[[float], str]) -> str:
    return "–" if pd.isna(value) else write(value)


def _score(study: Study, texts: Texts) -> None:
    recipe = study.recipe()
    if recipe is None:
        parts.empty(texts("results.no_recipe"), "import")
        return
    found = study.score_summary()
    left, right = st.columns(2)
    left.metric(texts("results.above"), texts.number(found["above_threshold"]), border=True)
    right.metric(texts("results.described"), texts.number(found["described"]), border=True)
    threshold = texts.number(recipe.threshold, 2)
    st.caption(texts("results.score_about", recipe=parts.plain(recipe.name), threshold=threshold))
    steps = [(texts(f"score.rule.{rule}"), count) for rule, count in found["left_out"].items()]
    steps += [(texts("score.rule.scored"), found["scored"])]
    steps += [(texts("score.rule.above"), found["above_threshold"])]
    columns = [texts("column.step"), texts("column.cases")]
    st.dataframe(pd.DataFrame(steps, columns=columns), hide_index=True, key="steps")


def _frequencies(study: Study, texts: Texts) -> None:
    questions = [
        each
        for each in study.questionnaire.questions
        if each.kind in ("single", "multiple", "matrix")
    ]
    if not questions:
        st.info(texts("results.no_closed"))
        return
    question = st.selectbox(
        texts("results.question"),
        questions,
        format_func=lambda each: f"{each.name}  {each.label}",
        placeholder=texts("ui.choose"),
        key="question",
    )
    table = study.frequencies()
    for item in question.items:
        rows = table[(table["question"] == question.name) & (table["item"] == item.name)]
        _item(study, question, item.name, item.label, rows, texts)


def _item(
    study: Study, question: Question, item: str, label: str, rows: pd.DataFrame, texts: Texts
) -> None:
    """One item: the figure, and the table behind it."""
    if question.kind == "matrix":
        st.header(parts.plain(label), anchor=False)
    n = int(rows["n"].iloc[0])
    if n:
        figure = study.bars_figure(texts, item)
        st.image(figure.svg(), alt=figure.alt)
    st.caption(texts("results.n", n=texts.number(n)))
    with st.expander(texts("results.table")):
        shares = ["–" if pd.isna(share) else texts.percent(share) for share in rows["share"]]
        shown = pd.DataFrame(
            {
                texts("column.option"): rows["option"],
                texts("column.count"): rows["count"],
                texts("column.percent"): shares,
            }
        )
        st.dataframe(shown, hide_index=True, key=f"frequencies.{item}")
