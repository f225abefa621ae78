"""The overview: what came in, how far the coding is, and the next sensible step."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Literal

import pandas as pd
import streamlit as st

from coder.i18n import Texts
from coder.study import Step, Study
from coder.ui import decisions, parts, session, tour

_CAME_IN = ("invited", "answered", "described", "answers")
_WORK = ("coded", "done", "discuss", "disputed", "again", "set_aside")
_ENDINGS: tuple[Literal["docx", "html"], ...] = ("docx", "html")
# Where each step is taken: the page, and what its address says besides.
_WHERE: Mapping[Step, tuple[str, dict[str, str]]] = {
    "review": ("review", {}),
    "propose": ("candidates", {}),
    "candidates": ("candidates", {}),
    "coding": ("coding", {}),
    "relook": ("coding", {"show": "again"}),
    "results": ("joint", {}),
}


def show() -> None:
    """Draw the page."""
    texts, study = session.texts(), session.study()
    st.title(parts.plain(study.questionnaire.title or study.path.stem), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center", key="overview_about"):
        st.caption(texts("page.overview.about"))
        tour.offer(texts)
    if study.backup_trouble and session.role() == "lead":
        why = texts.error(study.backup_trouble)
        st.warning(parts.plain(texts("overview.backup_trouble", why=why)))
    far = study.how_far(session.layer())
    reads = session.role() == "reader"
    if not reads:
        _next_step(study, texts)
    _counts("came_in", _CAME_IN, far, texts)
    _progress(far, texts)
    _counts("work", _WORK, far, texts)
    _report(study, texts)
    if reads:
        return
    left, right = st.columns([3, 2], gap="large")
    with left:
        _work_done(study, texts)
    with right:
        _last_decisions(study, texts)


def _next_step(study: Study, texts: Texts) -> None:
    step = study.next_step(session.layer())
    page, query = _WHERE[step]
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="next"):
        with st.container(gap=None):
            st.markdown(f"**{texts('overview.next')}**")
            st.text(texts(f"overview.step.{step}"))
        label = texts(f"page.{page}.title")
        if st.button(label, key="next_step", type="primary", icon=":material/arrow_forward:"):
            parts.go(page, **query)


def _counts(key: str, names: tuple[str, ...], far: Mapping[str, int], texts: Texts) -> None:
    """Some counts side by side; on a narrow screen below each other."""
    with st.container(key=f"counts_{key}"):
        for column, name in zip(st.columns(len(names)), names, strict=True):
            column.metric(texts(f"overview.{name}"), texts.number(far[name]), border=True)


def _progress(far: Mapping[str, int], texts: Texts) -> None:
    dealt, there = far["there"] - far["left"], far["there"]
    values = {"dealt": texts.number(dealt), "there": texts.number(there)}
    told = texts("overview.dealt_of", **values, codes=texts.number(far["codes"]))
    st.progress(dealt / there if there else 0.0, text=told)


def _report(study: Study, texts: Texts) -> None:
    """The report as a file, made when it is asked for."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="report"):
        for ending in _ENDINGS:
            st.download_button(
                texts(f"report.fetch_{ending}"),
                partial(study.report_file, ending, texts),
                file_name=f"{study.path.stem}.{ending}",
                key=f"report_{ending}",
                icon=":material/description:",
                type="tertiary",
                on_click="ignore",
            )
        st.caption(texts("report.fetch_about"))


def _work_done(study: Study, texts: Texts) -> None:
    """How many answers were dealt with by when: a line, and the table behind it."""
    st.header(texts("overview.work_done"), anchor=False)
    work = study.work_done(session.layer())
    if work.empty:
        st.text(texts("overview.no_work"))
        return
    figure = study.work_figure(partial(parts.when, texts=texts), texts.number, session.layer())
    st.image(figure, alt=texts("overview.work_alt"), width="stretch")
    with st.expander(texts("results.table")):
        at = [parts.when(each, texts) for each in work["at"]]
        shown = pd.DataFrame({texts("column.at"): at, texts("column.answers"): work["answers"]})
        st.dataframe(shown, hide_index=True, key="work_done", alt=texts("overview.work_done"))


def _last_decisions(study: Study, texts: Texts) -> None:
    """The latest decisions that stand, each with the way to it in the log."""
    st.header(texts("overview.last"), anchor=False)
    entries = study.entries(stands=True)[:5]
    if not entries:
        st.text(texts("log.empty"))
    for entry in entries:
        who = study.state.coders.get(entry.coder, "")
        with st.container(gap=None, key=f"last.{entry.no}"):
            said = parts.plain(f"{entry.no}. {parts.describe(entry, texts)}")
            if st.button(said, key=f"to_entry.{entry.no}", type="tertiary"):
                decisions.jump(entry.no)
                parts.go("log")
            st.caption(parts.plain(f"{who} · {parts.when(entry.at, texts)}"))
