"""Many questions compared at once, with p corrected for all the tests together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import pandas as pd
import streamlit as st

from coder import sentences
from coder.errors import UserError
from coder.i18n import Texts
from coder.study import Battery, Study
from coder.ui import choices, parts, session, table
from coder.ui.table import Column, Table

_METHODS: tuple[Literal["holm", "bh"], ...] = ("holm", "bh")


def battery(study: Study, texts: Texts) -> None:
    """Every closed question by the same groups."""
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    with left:
        by = choices.groups(study, texts("compare.by"), "compare_battery_by", texts)
    with right:
        method = _method("battery", texts)
    _when_asked("battery", lambda: study.battery(by, method=method), texts, by, method)


def writers(study: Study, texts: Texts) -> None:
    """Those who wrote an open answer beside those who did not."""
    method = _method("writers", texts)
    _when_asked("writers", lambda: study.writers(method=method), texts, method)


def side_sample(study: Study, texts: Texts) -> None:
    """Those who answered beside a file with what some who did not would have said."""
    labels = {
        each.name: f"{each.name}  {each.label}"
        for each in study.questionnaire.of_kind("single", "number")
        if not study.questionnaire.is_about_case(each)
    }
    items = st.multiselect(
        texts("compare.side_items"),
        list(labels),
        format_func=labels.__getitem__,
        placeholder=texts("ui.choose"),
        select_all=False,
        key=f"compare_side_items.{texts.language}",
        persist_state="session",
    )
    upload = st.file_uploader(texts("compare.side_file"), key="compare_side_file")
    method = _method("side", texts)
    if not items or upload is None:
        st.info(texts("compare.side_first"))
        return
    file = session.kept_file(upload)
    try:
        found = study.side_sample(file, items, method)
    except UserError as error:
        st.error(parts.plain(texts.error(error)))
        return
    _shown("side", found, texts)


def _method(name: str, texts: Texts) -> Literal["holm", "bh"]:
    labels: dict[str, str] = {each: texts(f"compare.method_{each}") for each in _METHODS}
    about = texts("compare.method_help")
    chosen = choices.one(texts("compare.method"), f"compare_{name}_method", labels, texts, about)
    return "bh" if chosen == "bh" else "holm"


def _when_asked(name: str, make: Callable[[], Battery], texts: Texts, *choice: object) -> None:
    """Many tests take some seconds, so they wait until somebody wants them."""
    st.button(
        texts("compare.run"),
        key=f"compare_run_{name}",
        type="primary",
        on_click=lambda: session.choose(f"compare_{name}", repr(choice)),
    )
    if session.chosen(f"compare_{name}") != repr(choice):
        return
    with st.spinner(texts("compare.running")):
        found = session.result(f"compare_{name}", make, *choice)
    _shown(name, found, texts)


def _shown(name: str, found: Battery, texts: Texts) -> None:
    rows = _rows(found, texts)
    if not rows:
        st.info(texts("compare.nothing"))
        return
    told = {"count": texts.number(len(found.differing)), "of": texts.number(len(found.comparisons))}
    st.text(texts("compare.differing", **told))
    first = next(test for each in found.comparisons for test in each.tests)
    st.caption(parts.plain(sentences.correction(texts, first)))
    p = table.number(texts, 3)
    columns = (
        Column("item", texts("column.item"), about=texts("compare.column_about.item"), width=300),
        Column(
            "found",
            texts("compare.column.found"),
            about=texts("compare.column_about.found"),
            width=90,
        ),
        Column("p", "p", p, texts("compare.column_about.p"), width=60),
        Column("final", texts("compare.column.final"), p, texts("compare.column_about.final")),
        Column("effect", texts("compare.column.effect"), width=220),
        Column("test", texts("compare.column.test")),
        Column("n", texts("column.n"), table.number(texts), width=55),
    )
    shown = Table(name, texts("compare.run"), pd.DataFrame(rows), columns, tall=True)
    table.show(shown, texts, search=True)


def _rows(found: Battery, texts: Texts) -> Sequence[dict[str, Any]]:
    """A row per test, those that show a difference first."""
    rows = [
        {
            "item": f"{each.item}  {each.label}",
            "found": texts("compare.found_yes") if test.significant else texts("compare.found_no"),
            "test": texts(f"compare.test.{test.test}"),
            "p": test.p,
            "final": test.final_p,
            "effect": sentences.effect(texts, test.effect),
            "n": test.n,
        }
        for each in found.comparisons
        for test in each.tests
    ]
    return sorted(rows, key=lambda row: (row["final"], row["p"]))
