"""The joint display: a box for each category, as large as it fills, with a quotation in it."""

from __future__ import annotations

from functools import partial
from typing import Literal, get_args

from coder.i18n import Texts
from coder.study import Study
from coder.ui import behind, choices, figure, table
from coder.ui.grid_filters import Wanted
from coder.ui.table import Column, Table

Size = Literal["answers", "cases", "organisations"]


def treemap(study: Study, texts: Texts) -> None:
    """The picture, and the same as a table."""
    size = _size(study, texts)
    found = figure.show("treemap", partial(study.treemap_figure, texts, size), texts, size)
    rows = found.table
    columns = (
        Column("category", texts("column.category"), width=220),
        Column(size, texts(f"column.{size}"), table.number(texts), width=110),
        Column("quotation", texts("joint.quotation"), width=420),
        Column("answer", texts("joint.quoted_from"), width=110),
    )
    title = texts("joint.view_treemap")
    place = table.pick_row(Table("treemap", title, rows, columns, tall=True), texts)
    if place is not None:
        told = texts("behind.category", category=rows["category"].iloc[place])
        behind.answers(Wanted(codes=(str(rows["code"].iloc[place]),)), told, study)


def _size(study: Study, texts: Texts) -> Size:
    """What a box is as large as."""
    sizes: tuple[Size, ...] = get_args(Size)
    named = study.questionnaire.organisation is not None
    there = [each for each in sizes if named or each != "organisations"]
    labels: dict[str, str] = {each: texts(f"column.{each}") for each in there}
    chosen = choices.one(texts("joint.unit"), "joint_size", labels, texts, texts("joint.unit_help"))
    return next(each for each in sizes if each == chosen)
