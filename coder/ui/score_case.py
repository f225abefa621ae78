"""How one case got its score: its responses, what each is worth, and the rules that count."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from coder.i18n import Texts
from coder.model import Recipe, RecipeItem
from coder.study import Study
from coder.ui import behind, session, table
from coder.ui.table import Column, Table


def one_case(study: Study, texts: Texts) -> None:
    """A case to choose, and its score item by item."""
    cases = study.scores().cases
    told = list(cases.index[cases["described"] | cases["score"].notna()])
    if not told:
        st.info(texts("score.no_cases"))
        return
    before = session.chosen("score_case")
    case = st.selectbox(
        texts("column.case"),
        told,
        index=told.index(before) if before in told else 0,
        placeholder=texts("ui.choose"),
        key=f"score_case.{before}",
        format_func=lambda each: _called(study, each),
    )
    _outcome(study, case, texts)
    recipe = study.scores().recipe
    rows = study.explained(case)
    rules = {each.item: _rules(each, recipe, texts) for each in recipe.items()}
    names = {each.name: each.label.get(texts.language, each.name) for each in recipe.dimensions}
    rows = rows.assign(
        dimension=rows["dimension"].map(names),
        rules=rows["item"].map(rules),
        answer=[_answer(row, texts) for row in rows.to_dict("records")],
    )
    table.show(_explained(case, rows, texts), texts)
    behind.of_cases([case], texts)


def _called(study: Study, case: str) -> str:
    """A case by its id and, where it is known, its organisation."""
    (organisation,) = study.organisations([case])
    return f"{case} · {organisation}" if organisation else case


def _outcome(study: Study, case: str, texts: Texts) -> None:
    """The score in one sentence, or why there is none."""
    scores = study.scores()
    found = scores.cases.loc[case]
    if pd.notna(found["left_out"]):
        rule = texts(f"score.rule.{found['left_out']}")
        st.text(texts("score.explained_out", rule=rule))
        return
    values = {
        "score": texts.number(found["score"], 3),
        "threshold": texts.number(scores.recipe.threshold, 2),
    }
    st.text(texts("score.is_above_by" if found["above"] else "score.is_not_above", **values))


def _rules(item: RecipeItem, recipe: Recipe, texts: Texts) -> str:
    """What the recipe says of an item, beyond that it counts."""
    told = []
    if item.reversed:
        told.append(texts("score.rule_reversed"))
    if item.dont_know is not None:
        told.append(texts("score.rule_dont_know", value=texts.number(item.dont_know, 2)))
    if item.weight != 1:
        told.append(texts("score.rule_weight", value=texts.number(item.weight, 2)))
    if item.values is not None:
        told.append(texts("score.rule_values"))
    return ", ".join(told) or texts("score.rule_plain")


def _answer(row: dict[Any, Any], texts: Texts) -> str:
    return texts("score.skipped") if row["kind"] == "skipped" else str(row["answer"])


def _explained(case: str, rows: pd.DataFrame, texts: Texts) -> Table:
    columns = (
        Column("dimension", texts("column.dimension"), width=110),
        Column("label", texts("column.item")),
        Column("answer", texts("column.response"), width=140),
        Column(
            "rules",
            texts("score.column.rules"),
            about=texts("score.column_about.rules"),
            width=155,
        ),
        *(
            Column(
                name,
                texts(f"column.{name}"),
                table.number(texts, decimals),
                texts(f"score.column_about.{name}"),
                width=75,
            )
            for name, decimals in (("value", 2), ("part", 3), ("adds", 3))
        ),
    )
    return Table(f"case-{case}", texts("score.view_case"), rows, columns)
