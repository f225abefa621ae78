"""How sure the scores are, and what other choices would have made of the list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from coder.i18n import Texts
from coder.study import Study
from coder.ui import behind, parts, session, table
from coder.ui.table import Column, Table


def sure(study: Study, texts: Texts) -> None:
    """Whether the items of a dimension go together, and how sure each score is."""
    st.header(texts("score.certainty"), anchor=False)
    st.caption(texts("score.certainty_about"))
    _certainty(study, texts)
    st.header(texts("score.reliability"), anchor=False)
    st.caption(parts.plain(texts("score.formative")))
    _reliability(study, texts)


def _certainty(study: Study, texts: Texts) -> None:
    rows = session.result("score_certainty", study.certainty)
    rows = rows.sort_values("chance_above", ascending=False, kind="stable")
    rows = rows.reset_index(names="case")
    two = table.number(texts, 2)
    columns = (
        Column("case", texts("column.case")),
        Column(
            "chance_above",
            texts("column.chance_above"),
            table.percent(texts),
            texts("score.column_about.chance"),
        ),
        Column("low", texts("score.column.low"), two, texts("score.column_about.interval")),
        Column("high", texts("score.column.high"), two, texts("score.column_about.interval")),
    )
    found = Table("certainty", texts("score.certainty"), rows, columns)
    place = table.pick_row(found, texts, search=True)
    if place is not None:
        behind.of_cases([str(rows["case"].iloc[place])], texts)


def _reliability(study: Study, texts: Texts) -> None:
    names = dimensions(study, texts)
    rows = session.result("score_reliability", study.reliability)
    rows = rows.assign(dimension=rows["dimension"].map(names))
    whole, two = table.number(texts), table.number(texts, 2)
    columns = (
        Column("dimension", texts("column.dimension")),
        Column("alpha", texts("column.alpha"), two, texts("score.column_about.alpha")),
        Column("items", texts("column.items"), whole),
        Column("n", texts("column.cases"), whole),
    )
    table.show(Table("reliability", texts("score.reliability"), rows, columns), texts)
    table.show(_items(study, names, texts), texts)


def _items(study: Study, names: Mapping[str, str], texts: Texts) -> Table:
    """How each item goes with the rest of its dimension."""
    rows = session.result("score_item_rest", study.item_rest)
    labels, two = study.closed_items(), table.number(texts, 2)
    rows = rows.assign(dimension=rows["dimension"].map(names), item=rows["item"].map(labels))
    columns = (
        Column("dimension", texts("column.dimension")),
        Column("item", texts("column.item"), width=380),
        Column("mean", texts("column.mean"), two),
        Column(
            "correlation",
            texts("column.correlation"),
            two,
            texts("score.column_about.correlation"),
            width=180,
        ),
        Column(
            "alpha_without", texts("column.alpha_without"), two, texts("score.column_about.without")
        ),
    )
    return Table("items", texts("column.item"), rows, columns)


def otherwise(study: Study, texts: Texts) -> None:
    """What the list would be with another threshold, or another choice of the recipe's."""
    rows = session.result("score_sensitivity", study.sensitivity)
    names = dimensions(study, texts)
    rows = rows.assign(
        changed=[change(row, names, texts) for row in rows.to_dict("records")],
        comes=rows["gained"].map(len),
        goes=rows["lost"].map(len),
    )
    whole = table.number(texts)
    columns = (
        Column("changed", texts("column.change"), width=330),
        Column("above", texts("column.above"), whole),
        Column("comes", texts("column.gained"), whole, texts("score.column_about.gained")),
        Column("goes", texts("column.lost"), whole, texts("score.column_about.lost")),
        Column("scored", texts("column.scored"), whole),
        Column(
            "rank_correlation",
            texts("column.rank_correlation"),
            table.number(texts, 2),
            texts("score.column_about.rho"),
        ),
    )
    place = table.pick_row(
        Table("sensitivity", texts("score.view_otherwise"), rows, columns), texts
    )
    if place is not None:
        row = rows.iloc[place]
        for name in ("gained", "lost"):
            if row[name]:
                st.text(texts(f"score.{name}", cases=", ".join(row[name])))
        behind.of_cases([*row["gained"], *row["lost"]], texts)


def dimensions(study: Study, texts: Texts) -> dict[str, str]:
    """What the dimensions are called."""
    recipe = study.scores().recipe
    return {each.name: each.label.get(texts.language, each.name) for each in recipe.dimensions}


def change(row: Mapping[Any, Any], names: Mapping[str, str], texts: Texts) -> str:
    """What is another than in the recipe."""
    if row["change"] == "threshold":
        return texts("sensitivity.threshold", to=texts.number(float(row["to"]), 2))
    if row["change"] == "without":
        return texts("sensitivity.without", to=names[row["to"]])
    return texts(f"sensitivity.{row['change']}_{row['to']}" if row["to"] else "sensitivity.none")
