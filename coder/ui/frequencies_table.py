"""The frequencies of one question as a table: alone, or groups side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from coder.i18n import Texts
from coder.model import Question
from coder.ui import table
from coder.ui.table import Column, Table

_TOLD = ("n", "mean", "sd", "median", "lower", "upper", "min", "max")


def alone(question: Question, rows: pd.DataFrame, groups: Mapping[str, str], texts: Texts) -> Table:
    """A row per option, and per item where there are several."""
    return _table(question, rows.assign(group=""), {"": ""}, texts)


def side_by_side(
    question: Question, rows: pd.DataFrame, groups: Mapping[str, str], texts: Texts
) -> Table:
    """The same, with columns for each group. groups : what each is called."""
    return _table(question, rows, groups, texts)


def _table(
    question: Question, rows: pd.DataFrame, groups: Mapping[str, str], texts: Texts
) -> Table:
    labels = {item.name: item.label for item in question.items}
    found = [
        _row(labels[str(item)], of_option)
        for (item, _), of_option in rows.groupby(["item", "code"], sort=False)
    ]
    columns = [] if len(labels) == 1 else [Column("item", texts("column.item"), width=300)]
    columns.append(Column("option", texts("column.option")))
    for group, name in groups.items():
        columns += _columns(rows, group, name, texts)
    return Table(question.name, question.label, pd.DataFrame(found), tuple(columns))


def _row(item: str, of_option: pd.DataFrame) -> dict[str, Any]:
    first = of_option.iloc[0]
    row = {"name": first["item"], "code": first["code"], "item": item, "option": first["option"]}
    for record in of_option.to_dict("records"):
        told = ("share", "count", "n", "low", "high")
        row |= {f"{name}.{record['group']}": record[name] for name in told if name in record}
    return row


def _columns(rows: pd.DataFrame, group: str, called: str, texts: Texts) -> list[Column]:
    def column(name: str, write: table.Write) -> Column:
        about = texts(f"frequencies.column_about.{name}")
        label = texts(f"frequencies.column.{name}")
        return Column(f"{name}.{group}", label, write, about, called)

    columns = [column("share", table.percent(texts))]
    if "low" in rows.columns:
        columns += [column(end, table.percent(texts)) for end in ("low", "high")]
    return columns + [column(name, table.number(texts)) for name in ("count", "n")]


def numbers(
    question: Question, rows: pd.DataFrame, groups: Mapping[str, str], texts: Texts
) -> Table:
    """Mean, spread and quartiles: a row per item, or per item and group."""
    labels = {item.name: item.label for item in question.items}
    named = rows.assign(
        item=rows["item"].map(labels),
        group=rows["group"].map(dict(groups)) if "group" in rows.columns else "",
    )
    columns = [Column("item", texts("column.item"))] if len(labels) > 1 else []
    if "group" in rows.columns:
        columns.append(Column("group", texts("column.group")))
    for name in _TOLD:
        write = table.number(texts, 0 if name == "n" else 2)
        columns.append(Column(name, texts(f"frequencies.column.{name}"), write))
    return Table(question.name, question.label, named, tuple(columns))
