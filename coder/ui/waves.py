"""Trend: the categories from wave to wave, what fits none of them, and an earlier study."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from coder.i18n import Texts
from coder.study import Study
from coder.ui import behind, choices, figure, parts, session, table
from coder.ui.grid_filters import Wanted
from coder.ui.table import Column, Table
from coder.ui.waves_follow import follow
from coder.ui.waves_uncoded import uncoded

_WAVES = ("studies", "question", "files")


def show() -> None:
    """Draw the page."""
    texts, study, role = session.texts(), session.study(), session.role()
    parts.title(texts, "waves")
    draw = {"trend": _trend}
    if role != "reader":
        draw["uncoded"] = uncoded
    if role == "lead":
        draw["follow"] = follow
    view = "trend"
    if len(draw) > 1:
        view = choices.view("waves", {each: texts(f"waves.view_{each}") for each in draw}, texts)
    st.caption(texts(f"waves.about_{view}"))
    draw[view](study, texts)


# --- the trend ---------------------------------------------------------------------------------


def _trend(study: Study, texts: Texts) -> None:
    """The figure and its table, or what is missing for one."""
    study = choices.layer(study, texts)
    if not study.state.codes:
        parts.empty(texts("joint.nothing_coded"), "candidates")
        return
    names = {each: texts(f"waves.of_{each}") for each in _WAVES}
    kind = choices.one(texts("waves.of"), "waves_of", names, texts, first=_first(study))
    if kind == "studies" and not study.earlier_waves():
        st.info(texts("waves.no_earlier"))
    elif kind == "files" and not study.questionnaire.of_kind("id"):
        st.info(texts("waves.no_id"))
    elif kind == "question":
        _by_question(study, texts)
    else:
        _waves(study, None, kind == "files", texts)


def _first(study: Study) -> str:
    """Earlier studies where there are any; else a question, which most surveys have."""
    return "studies" if study.earlier_waves() else "question"


def _by_question(study: Study, texts: Texts) -> None:
    questions = session.result("wave_questions", study.wave_questions)
    if not questions:
        st.info(texts("waves.no_question"))
        return
    by = choices.among(texts("waves.question"), "waves_by", questions, texts)
    _waves(study, by, False, texts)


def _waves(study: Study, by: str | None, files: bool, texts: Texts) -> None:
    choice = by, files, study.earlier_waves(), study.wave_label()
    with st.spinner(texts("table.working")):
        rows = session.result("trend", lambda: study.trend(by, files), *choice)
    if files and rows["wave"].nunique() == 1:
        st.info(texts("waves.one_file"))
        return
    figure.show("trend", lambda: study.trend_figure(texts, by, files), texts, *choice)
    st.caption(parts.plain(_codebooks(rows, texts)))
    found = _table(rows, texts)
    if session.role() == "reader":
        table.show(found, texts, search=True)
        return
    place = table.pick_row(found, texts, search=True)
    if place is not None:
        _behind(study, rows.iloc[place].to_dict(), by, texts, files)


def _codebooks(rows: pd.DataFrame, texts: Texts) -> str:
    """Whether the categories were described alike in all waves, and the versions if not."""
    versions = rows.drop_duplicates("wave").set_index("wave")["version"]
    if versions.nunique() == 1:
        return texts("waves.same_codebook", version=versions.iloc[0])
    told = [texts("waves.version", wave=wave, version=each) for wave, each in versions.items()]
    return texts("waves.other_codebooks", told=", ".join(told))


def _table(rows: pd.DataFrame, texts: Texts) -> Table:
    """A row for each category and wave; what can't be known of it is a dash."""
    shown = rows.assign(
        count=rows["count"].where(rows["share"].notna()),
        remark=[_remark(each, texts) for each in rows["then"]],
    )
    number, share = table.number(texts), table.percent(texts)
    interval = texts("column.interval")
    columns = (
        Column("category", texts("column.category")),
        Column("wave", texts("column.wave")),
        Column("count", texts("column.respondents"), number, texts("waves.column_about.count")),
        Column("n", texts("column.n"), number, texts("waves.column_about.n"), width=60),
        Column("share", texts("column.share"), share, width=70),
        Column("low", texts("column.low"), share, group=interval, width=60),
        Column("high", texts("column.high"), share, group=interval, width=60),
        Column("remark", texts("column.remark"), width=220),
    )
    return Table("trend", texts("figure.title.trend"), shown, columns)


def _remark(then: str, texts: Texts) -> str:
    return "" if then == "same" else texts(f"trend.then.{then}")


def _behind(
    study: Study, row: Mapping[Any, Any], by: str | None, texts: Texts, files: bool = False
) -> None:
    """The way to the answers of a category in a wave, where they are in this study."""
    if row["wave"] in {each.label for each in study.earlier_waves()}:
        st.caption(texts("waves.answers_elsewhere"))
        return
    wanted, told = Wanted(codes=(row["code"],)), partial(texts, category=row["category"])
    if files:
        coded = study.answers_by_code()[row["code"]]
        ids = tuple(each for each in study.answers_by_file().get(row["wave"], ()) if each in coded)
        if ids:
            behind.answers(Wanted(ids=ids), told("waves.behind_file", wave=row["wave"]))
        else:
            st.caption(texts("behind.nothing"))
    elif by in study.closed_items():
        wanted = Wanted(codes=(row["code"],), item=by, values=(row["wave"],))
        behind.answers(wanted, told("behind.both", value=row["wave"]))
    else:
        behind.answers(wanted, told("behind.category"))
