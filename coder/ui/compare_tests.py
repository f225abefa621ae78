"""What tests say of one question: in plain words first, then as a statistician writes it."""

from __future__ import annotations

import streamlit as st

from coder import sentences
from coder.i18n import Texts
from coder.study import Comparison, Groups
from coder.ui import parts, table
from coder.ui.table import Column, Table


def tests(found: Comparison, groups: Groups, texts: Texts) -> None:
    """Each test of a comparison, in a box of its own."""
    if not found.numbers.empty:
        _means(found, groups, texts)
    if not found.tests:
        st.info(texts("compare.nothing"))
    for test in found.tests:
        found_ = texts("compare.yes" if test.significant else "compare.no")
        with st.container(border=True, gap="xsmall"):
            st.markdown(f"**{texts(f'compare.asks.{test.about}')}** {found_}")
            st.text(sentences.conclusion(texts, test))
            st.caption(parts.plain(sentences.result(texts, test)))
            why = f"{texts(f'compare.test.{test.test}')}: {sentences.why(texts, test)}"
            effect = texts(f"compare.effect_about.{test.effect.name}")
            st.caption(parts.plain(f"{why} {effect}"))


def _means(found: Comparison, groups: Groups, texts: Texts) -> None:
    """Of a number question, the mean of each group."""
    rows = found.numbers.rename_axis("code").reset_index()
    rows["group"] = [sentences.group_name(texts, groups, code) for code in rows["code"]]
    columns = (
        Column("group", groups.label),
        Column("mean", texts("column.mean"), table.number(texts, 2)),
        Column("sd", texts("frequencies.column.sd"), table.number(texts, 2)),
        Column("n", texts("column.n"), table.number(texts)),
    )
    table.show(Table("means", found.label, rows, columns), texts)
