"""The answers without a category, with the one each is most like, and those that are like none."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from coder.i18n import Texts
from coder.study import UNUSUAL, Study
from coder.ui import behind, parts, session, table
from coder.ui.grid_filters import Wanted
from coder.ui.table import Column, Table

_LINKED = 100  # answers that an address has room for


def uncoded(study: Study, texts: Texts) -> None:
    """What is left to code, least like the coded ones first; only for one who asks, as it takes
    time.
    """
    st.button(
        texts("waves.look"),
        key="waves_look",
        icon=":material/search:",
        on_click=partial(session.choose, "waves", "look"),
    )
    if session.chosen("waves") is None:
        return
    with st.spinner(texts("candidates.comparing")):
        rows = session.result(
            "uncoded", lambda: study.uncoded(session.layer()), study.earlier_waves()
        )
    if rows.empty:
        st.info(texts("waves.all_coded"))
    elif rows["fits"].isna().all():
        st.info(texts("waves.nothing_to_be_like"))
    else:
        _rows(study, rows, texts)


def _rows(study: Study, rows: pd.DataFrame, texts: Texts) -> None:
    unlike = rows["answer"][rows["unlike"]].tolist()
    counts = {"count": texts.number(len(rows)), "unlike": texts.number(len(unlike))}
    st.text(texts("uncoded.told", **counts, share=texts.percent(UNUSUAL)))
    if unlike:
        ids = tuple(unlike[:_LINKED])
        behind.answers(Wanted(ids=ids), texts("waves.to_grid", count=len(ids)))
    place = table.pick_row(_table(study, rows, texts), texts, search=True)
    if place is not None:
        answer = str(rows["answer"].iloc[place])
        parts.link("coding", texts("behind.one", answer=parts.plain(answer)), answer=answer)


def _table(study: Study, rows: pd.DataFrame, texts: Texts) -> Table:
    shown = rows.assign(
        text=study.survey.answers["text"].loc[rows["answer"]].tolist(),
        category=rows["category"].fillna("–"),
        remark=[texts("uncoded.unlike") if each else "" for each in rows["unlike"]],
    )
    share = table.percent(texts)
    columns = (
        Column("answer", texts("column.answer"), width=70),
        Column("text", texts("column.text"), width=290),
        Column("category", texts("waves.column.category"), width=150),
        Column(
            "chance", texts("column.chance"), share, texts("waves.column_about.chance"), width=75
        ),
        Column("fits", texts("column.fits"), share, texts("waves.column_about.fits"), width=145),
        Column("remark", texts("column.remark"), width=140),
    )
    # No file to fetch: answers leave by the export, where consent decides.
    return Table("uncoded", texts("waves.view_uncoded"), shown, columns, tall=True, files=False)
