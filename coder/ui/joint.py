"""Categories joined to the closed questions: what each adds up to, and how they go together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from coder.i18n import Texts, whole_percent
from coder.study import Figure, Study
from coder.ui import behind, choices, figure, parts, session, table
from coder.ui.grid_filters import Wanted
from coder.ui.joint_crossing import crossing, together
from coder.ui.joint_treemap import treemap
from coder.ui.score_sure import dimensions
from coder.ui.table import Column, Table

_COUNTS = ("answers", "cases", "organisations", "scored")


def show() -> None:
    """Draw the page."""
    texts, study = session.texts(), session.study()
    parts.title(texts, "joint")
    study = choices.layer(study, texts)
    if not study.state.codes:
        parts.empty(texts("joint.nothing_coded"), "candidates")
        return
    draw = {
        "figures": _figures,
        "treemap": treemap,
        "crossing": crossing,
        "together": together,
    }
    view = choices.view("joint", {each: texts(f"joint.view_{each}") for each in draw}, texts)
    st.caption(texts(f"joint.about_{view}"))
    draw[view](study, texts)


def _figures(study: Study, texts: Texts) -> None:
    """A row per category: how much there is of it, and how its cases are rated."""
    rows = session.result("joint", study.joint)
    if study.recipe():
        _pictures(study, texts)
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


def _pictures(study: Study, texts: Texts) -> None:
    """All dimensions of all categories at once, or one measure with its intervals."""
    names = {"heat": texts("joint.all_dimensions"), "share_above": texts("column.share_above")}
    names |= dimensions(study, texts)
    measure = choices.among(texts("joint.measure"), "joint_measure", names, texts)

    def make() -> Figure:
        if measure == "heat":
            return study.heat_figure(texts)
        return study.dots_figure(texts, measure)

    figure.show("joint", make, texts, measure)


def _ratings(study: Study, texts: Texts) -> list[Column]:
    share, two = table.percent(texts), table.number(texts, 2)
    measures = {"share_above": texts("column.share_above")} | dimensions(study, texts)
    columns = []
    for name, label in measures.items():
        first = name == "share_above"
        value = texts("joint.share" if first else "column.mean")
        about = "" if first else texts("joint.column_about.dimension")
        interval = texts("column.interval"), texts("joint.column_about.interval")
        columns += [
            Column(name, value, share if first else two, about, label),
            Column(f"{name}.interval", interval[0], about=interval[1], group=label),
        ]
    return columns


def _intervals(study: Study, texts: Texts) -> pd.DataFrame:
    """A row per category, and for each measure where it may lie."""
    rows = session.result("profile", study.profile)
    found: dict[str, dict[str, str]] = {}
    for row in rows.to_dict("records"):
        told = "–" if pd.isna(row["low"]) else _interval(row, texts)
        found.setdefault(row["category"], {})[f"{row['measure']}.interval"] = told
    return pd.DataFrame([{"category": category, **cells} for category, cells in found.items()])


def _interval(row: Mapping[Any, Any], texts: Texts) -> str:
    low, high = float(row["low"]), float(row["high"])
    if row["measure"] == "share_above":
        return f"{texts.number(whole_percent(low))}–{texts.percent(high)}"
    return f"{texts.number(low, 2)}–{texts.number(high, 2)}"


def _behind(study: Study, category: str, texts: Texts) -> None:
    codes = [code.id for code in study.state.codes.values() if code.label == category]
    told = texts("behind.category", category=category)
    with st.container(horizontal=True):
        behind.answers(Wanted(codes=tuple(codes)), told, study)
        parts.link("across", texts("joint.to_across"), code=codes[0])
