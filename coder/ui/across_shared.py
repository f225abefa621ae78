"""What the cases of a category share more than others do, and on what they differ most."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from coder.i18n import Texts
from coder.model import Code
from coder.study import Study
from coder.ui import session, table
from coder.ui.table import Column, Table


def shared(study: Study, code: Code, texts: Texts) -> None:
    """Closed values, and then words, with how many have them here and elsewhere."""
    st.header(texts("across.shared"), anchor=False)
    st.caption(texts("across.shared_about"))
    with st.spinner(texts("table.working")):  # the first time, the words are looked up
        rows = session.result("shared", lambda: study.shared(code.id), code.id)
    share = table.percent(texts)
    told = (
        Column("share", texts("across.here"), share, texts("across.here_about"), width=65),
        Column(
            "elsewhere", texts("across.elsewhere"), share, texts("across.elsewhere_about"), width=65
        ),
    )
    _parts(study, "shared", rows, "value", told, texts)


def differing(study: Study, code: Code, texts: Texts) -> None:
    """Closed items, and then words, with how far two cases are apart."""
    st.header(texts("across.differing"), anchor=False)
    st.caption(texts("across.differing_about"))
    rows = session.result("differing", lambda: study.differing(code.id), code.id)
    spread = table.number(texts, 2)
    about = texts("across.spread_about")
    told = (Column("spread", texts("across.spread"), spread, about, width=85),)
    _parts(study, "differing", rows, "item", told, texts)


def _parts(
    study: Study,
    name: str,
    rows: pd.DataFrame,
    kind: str,
    told: tuple[Column, ...],
    texts: Texts,
) -> None:
    """The closed ones, and below them the words."""
    items = study.closed_items()
    closed = rows[rows["kind"] == kind]
    closed = closed.assign(of=[items.get(item, item) for item in closed["item"]])
    words = rows[rows["kind"] == "term"]
    if rows.empty:
        st.text(texts("across.nothing"))
    if len(closed):
        value = Column("label", texts("column.response"), width=120)
        item = Column("of", texts("column.item"), width=230 if kind == "value" else 330)
        both = (value, *told, item) if kind == "value" else (item, *told)
        called = texts(f"across.{name}")
        table.show(Table(f"{name}-closed", called, closed, both, tall=True, files=False), texts)
    if len(words):
        word = Column("label", texts("across.word"))
        called = texts("across.word")
        table.show(Table(f"{name}-words", called, words, (word, *told), files=False), texts)
