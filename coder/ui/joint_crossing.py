"""Categories by any closed question, and categories by each other."""

from __future__ import annotations

from functools import partial
from typing import Literal, get_args

import pandas as pd
import streamlit as st

from coder.i18n import Texts
from coder.model import Kind
from coder.study import Study
from coder.ui import behind, choices, figure, session, table
from coder.ui.grid_filters import Wanted
from coder.ui.table import Column, Table

Unit = Literal["answer", "case", "respondent", "organisation"]
_WAYS = ("category", "value")
_WIDEST = 12  # values; of more, a picture could not be read


def crossing(study: Study, texts: Texts) -> None:
    """A row per category, a column per value; each cell a share, or how many."""
    items = _items(study)
    first = next((name for name in items if name != study.questionnaire.organisation), "")
    item = choices.among(texts("joint.item"), "joint_item", items, texts, first=first)
    with st.container(horizontal=True):
        unit = _unit(study, "crossing", "case", texts)
        ways = {each: texts(f"joint.way_{each}") for each in (*_WAYS, "count")}
        way = choices.one(texts("joint.way"), "joint_way", ways, texts, texts("joint.way_help"))
    rows = session.result("crossing", lambda: study.codes_by_item(item, unit), item, unit)
    if rows.empty or not rows["count"].any():
        st.info(texts("joint.nothing_there"))
        return
    if way == "category" and rows["value"].nunique() <= _WIDEST:
        make = partial(study.crossing_figure, texts, item, unit)
        figure.show("crossing", make, texts, item, unit)
    _crossed(study, item, rows, way, texts)


def _items(study: Study) -> dict[str, str]:
    """Every closed item and background question, by name."""
    kinds: tuple[Kind, ...] = ("background", "single", "matrix", "multiple", "consent")
    found = {}
    for question in study.questionnaire.of_kind(*kinds):
        for each in question.items:
            own = f": {each.label}" if question.kind == "matrix" else ""
            found[each.name] = f"{question.name}  {question.label}{own}"
    return found


def _unit(study: Study, name: str, first: Unit, texts: Texts) -> Unit:
    """What is counted; at first the one that is given."""
    units: tuple[Unit, ...] = get_args(Unit)
    named = study.questionnaire.organisation is not None
    there = [each for each in units if named or each != "organisation"]
    labels: dict[str, str] = {each: texts(f"joint.unit_{each}") for each in there}
    help_ = texts("joint.unit_help")
    chosen = choices.one(
        texts("joint.unit"), f"joint_unit_{name}", labels, texts, help_, first=first
    )
    return next(each for each in units if each == chosen)


def _crossed(study: Study, item: str, rows: pd.DataFrame, way: str, texts: Texts) -> None:
    shown = "count" if way == "count" else f"share_of_{way}"
    values = list(dict.fromkeys(rows["value"]))
    codes = rows.drop_duplicates("code")[["code", "category", "of_category"]]
    cells = rows.pivot(index="code", columns="value", values=shown)[values]
    wide = codes.rename(columns={"of_category": "n"}).join(cells, on="code").reset_index(drop=True)
    whole = table.number(texts)
    write = whole if way == "count" else table.percent(texts)
    columns = (
        Column("category", texts("column.category")),
        Column("n", texts("column.n"), whole, texts("joint.column_about.n")),
        *(Column(value, value, write) for value in values),
    )
    found = Table(f"crossing-{item}", texts("joint.view_crossing"), wide, columns)
    picked = table.pick_cell(found, texts)
    if picked is None:
        st.caption(texts("joint.pick_cell"))
        return
    place, value = picked
    one = value in values
    told = texts(
        "behind.both" if one else "behind.category",
        category=wide["category"].iloc[place],
        value=value,
    )
    wanted = Wanted(
        codes=(str(wide["code"].iloc[place]),),
        item=item if one else "",
        values=(value,) if one else (),
    )
    behind.answers(wanted, told, study)


def together(study: Study, texts: Texts) -> None:
    """Which categories stand on the same answers, or whatever is counted."""
    unit = _unit(study, "together", "answer", texts)
    rows = session.result("together", lambda: study.codes_together(unit), unit)
    rows = rows[rows["together"] > 0].reset_index(drop=True)
    if rows.empty:
        st.info(texts("joint.never_together"))
        return
    figure.show("together", partial(study.together_figure, texts, unit), texts, unit)
    whole, share = table.number(texts), table.percent(texts)
    columns = (
        Column("first", texts("joint.first")),
        Column("second", texts("joint.second")),
        Column("together", texts("joint.together"), whole),
        Column("share_of_first", texts("joint.of_first"), share),
        Column("share_of_second", texts("joint.of_second"), share),
    )
    found = Table("together", texts("joint.view_together"), rows, columns)
    place = table.pick_row(found, texts, search=True)
    if place is not None:
        _both(study, rows.iloc[place], unit, texts)


def _both(study: Study, pair: pd.Series, unit: Unit, texts: Texts) -> None:
    """The way to the answers with both categories; of an organisation each may have but one."""
    having = "all" if unit == "answer" else "any"
    wanted = Wanted(codes=(pair["first_code"], pair["second_code"]), having=having)
    told = texts(f"behind.pair_{having}", first=pair["first"], second=pair["second"])
    behind.answers(wanted, told, study)
