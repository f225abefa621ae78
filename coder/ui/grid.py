"""The table: all answers at once, to search, sort, filter and code many in one act."""

from __future__ import annotations

from typing import Any

import streamlit as st

from coder.i18n import Texts
from coder.study import Study
from coder.ui import grid_acts, grid_bar, parts, session
from coder.ui.grid_acts import Selection
from coder.ui.grid_filters import BARE, Wanted, found
from coder.ui.grid_rows import Rows, cells, column_label, item_of, rows_of

# In pixels. From 64 on the words are wrapped, so that three lines of an answer can be read.
_ROW = 66
_HEIGHT = 500
_WIDTHS = {"answer": 90, "text": 420, "codes": 220, "memo": 200, "elaboration": 300}


def show() -> None:
    """Draw the page."""
    texts, study = session.texts(), session.study()
    parts.title(texts, "grid")
    wanted, rows = grid_bar.choose(study, texts), rows_of(study)
    ids = found(study, rows, wanted, texts)
    selection = Selection(study.path, tuple(ids))
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="grid_counts"):
        _how_many(len(ids), len(rows.text), wanted, texts)
        if ids:
            grid_acts.choose_rows(selection, texts)
    if not ids:
        st.info(texts("grid.nothing_found"))
        return
    grid_acts.act_on(study, selection, texts)
    _table(study, rows, wanted, selection, texts)
    selected = selection.answers()
    if len(selected) == 1:
        _read(study, rows, selected[0], texts)


def _how_many(count: int, total: int, wanted: Wanted, texts: Texts) -> None:
    told = texts("grid.found", count=texts.number(count), total=texts.number(total))
    st.caption(told, width="content")
    if wanted.filters or wanted.q:
        clear = texts("grid.clear")
        st.button(clear, key="grid_clear", type="tertiary", on_click=grid_bar.clear)


def _table(study: Study, rows: Rows, wanted: Wanted, selection: Selection, texts: Texts) -> None:
    columns = ["answer", "text", *(each for each in wanted.columns if each != BARE)]
    data = {each: list(map(cells(study, rows, each, texts), selection.ids)) for each in columns}
    labels = {each: column_label(study, each, texts) for each in columns}
    with st.container(key="grid_table"):
        st.dataframe(
            data,
            hide_index=True,
            placeholder="",
            row_height=_ROW,
            height=min(_HEIGHT, _ROW * len(selection.ids) + 40),
            column_config={each: _config(each, labels[each]) for each in columns},
            key=selection.key,
            on_select="rerun",
            selection_mode="multi-row",
            alt=texts("page.grid.title"),
        )


def _config(column: str, label: str) -> Any:
    """How a column is shown. Answers and names stay text, whatever they look like."""
    width = _WIDTHS.get(column, 180 if item_of(column) else 120)
    if column in ("count", "length"):
        return st.column_config.NumberColumn(label, width=width)
    return st.column_config.TextColumn(label, width=width, help=label if item_of(column) else None)


def _read(study: Study, rows: Rows, answer: str, texts: Texts) -> None:
    """One answer in full, with what is known of it."""
    with st.container(border=True, gap="xsmall", key="grid_answer"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.subheader(parts.plain(parts.answer_heading(answer)), anchor=False, width="stretch")
            parts.link("coding", texts("grid.open"), answer=answer)
        parts.answer_text(answer)
        for column in ("codes", "marks", "memo"):
            cell = cells(study, rows, column, texts)(answer)
            if cell:
                told = ", ".join(str(cell).splitlines())
                st.caption(parts.plain(f"{column_label(study, column, texts)}: {told}"))
