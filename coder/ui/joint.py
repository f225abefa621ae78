"""Categories joined to the closed questions: what each adds up to, and how they go together."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from coder.i18n import Texts
from coder.study import Study
from coder.ui import behind, choices, parts, session, table
from coder.ui.grid_filters import Wanted
from coder.ui.joint_crossing import crossing, together
from coder.ui.score_sure import dimensions
from coder.ui.table import Column, Table

_COUNTS = ("answers", "cases", "organisations", "scored")


def show() -> None:
    """Draw the page."""
    texts, study = session.texts(), session.study()
    parts.title(texts, "joint")
    if not study.state.codes:
        parts.empty(texts("joint.nothing_coded"), "candidates")
        return
    draw = {"figures": _figures, "crossing": crossing, "together": together}
    view = choices.view("joint", {each: texts(f"joint.view_{each}") for each in draw}, texts)
    st.caption(texts(f"joint.about_{view}"))
    draw[view](study, texts)


def _figures(study: Study, texts: Texts) -> None:
    """A row per category: how much there is of it, and how its cases are rated."""
    rows = session.result("joint", study.joint)
    if study.recipe():
        rows = rows.merge(_intervals(study, texts), on="category", how="left")
    columns = [Column("category", texts("column.category"))]
    for name in _COUNTS:
        if name in rows.columns:
            about = texts(f"joint.column_about.{name}")
            columns.append(Column(name, texts(f"column.{name}"), table.number(texts), about))
    if study.recipe():
        columns += _ratings(study, texts)
    found = Table("joint", texts("page.joint.title"), rows, tuple(columns))
    place = table.pick_row(found, texts, search=True)
    if place is not None:
        _behind(study, str(rows["category"].iloc[place]), texts)


def _ratings(study: Study, texts: Texts) -> list[Column]:
    share, two = table.percent(texts), table.number(texts, 2)
    about = texts("joint.column_about.interval")
    columns = [
        Column("share_above", texts("column.share_above"), share),
        Column("share_above.interval", texts("column.interval"), about=about),
    ]
    for name, label in dimensions(study, texts).items():
        columns += [
            Column(name, label, two, texts("joint.column_about.dimension")),
            Column(f"{name}.interval", texts("joint.interval_of", of=label), about=about),
        ]
    return columns


def _intervals(study: Study, texts: Texts) -> pd.DataFrame:
    """A row per category, and for each measure where it may lie."""
    rows = session.result("profile", study.profile)
    writes = {"share_above": texts.percent}
    usual = partial(texts.number, decimals=2)
    found: dict[str, dict[str, str]] = {}
    for row in rows.to_dict("records"):
        write = writes.get(row["measure"], usual)
        known = not pd.isna(row["low"])
        told = f"{write(row['low'])}–{write(row['high'])}" if known else "–"
        found.setdefault(row["category"], {})[f"{row['measure']}.interval"] = told
    return pd.DataFrame([{"category": category, **cells} for category, cells in found.items()])


def _behind(study: Study, category: str, texts: Texts) -> None:
    codes = [code.id for code in study.state.codes.values() if code.label == category]
    told = texts("behind.category", category=category)
    with st.container(horizontal=True):
        behind.answers(Wanted(codes=tuple(codes)), told)
        parts.link("across", texts("joint.to_across"), code=codes[0])
