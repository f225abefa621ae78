"""The whole distribution of each item as one stacked bar, alone or group by group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from coder.model import Role
from coder.report.canvas import Canvas
from coder.report.figure import Figure, Writer
from coder.report.letters import width_of
from coder.report.look import (
    DIVERGING,
    DONT_KNOW,
    NOMINAL,
    NOT_RELEVANT,
    SEQUENTIAL,
    SMALL,
    ink_on,
    ramp,
)
from coder.report.rows import (
    LEFT,
    WIDTH,
    draw_heading,
    draw_heads,
    draw_legend,
    draw_names,
    rows_below,
)

Ramp = Literal["sequential", "diverging", "nominal"]
_ANCHORS = {"sequential": SEQUENTIAL, "diverging": DIVERGING, "nominal": NOMINAL}
_THICK, _GAP = 22.0, 1.0  # pixels: of a bar, and between its segments
_N, _MARGIN = 52.0, 46.0  # the width of the columns on the right


@dataclass(frozen=True)
class StackedOption:
    """A segment of every bar. ``code`` is the option's, ``role`` tells what is drawn in grey."""

    code: str
    label: str
    role: Role = "answer"


def stacked(
    table: pd.DataFrame,
    options: Sequence[StackedOption],
    texts: Writer,
    *,
    kind: Ramp = "sequential",
    title: str = "",
    note: str = "",
) -> Figure:
    """A bar for each item, or for each group under its item.

    table : one row per bar and option, bars in order, with ``item`` and ``item_label``, ``code``,
    ``option``, ``share`` (of n; missing when n is 0), ``count`` and ``n``; with groups also
    ``group`` and ``group_label``; ``margin`` if it is to be shown. options : those that are drawn,
    from the left; the shares of a bar add up to 1 when all of n chose one of them.
    kind : whether the colours go from much to little, from one end over a middle to the other, or
    have no order.
    """
    colours = _colours(options, kind)
    spec = _spec(table, options, colours, texts)
    return Figure("stacked", title, note, _alt(table, options, texts), spec, table)


def _colours(options: Sequence[StackedOption], kind: Ramp) -> dict[str, str]:
    ordinary = [each.code for each in options if each.role == "answer"]
    found = (
        dict(zip(ordinary, ramp(_ANCHORS[kind], len(ordinary)), strict=True)) if ordinary else {}
    )
    grey = {"dont_know": DONT_KNOW, "not_relevant": NOT_RELEVANT}
    return found | {each.code: grey[each.role] for each in options if each.role != "answer"}


def _spec(
    table: pd.DataFrame,
    options: Sequence[StackedOption],
    colours: Mapping[str, str],
    texts: Writer,
) -> dict[str, Any]:
    canvas = Canvas(WIDTH)
    with_margin = "margin" in table.columns
    right = WIDTH - (_N + _MARGIN if with_margin else _N)
    top = draw_legend(canvas, [(colours[each.code], each.label) for each in options], 0)
    heads = [(right + _N, texts("figure.n"))]
    heads += [(WIDTH, texts("figure.plus_minus"))] if with_margin else []
    draw_heads(canvas, heads, top + 8)
    top += 18
    bars, grouped = list(_bars(table)), "group" in table.columns
    several = table["item"].nunique() > 1
    for item in table["item"].unique():
        own = [bar for bar in bars if bar.item == item]
        if grouped and several:
            top = draw_heading(canvas, own[0].item_label, top)
        labels = [bar.group_label if grouped else bar.item_label for bar in own]
        rows = rows_below(top, labels)
        draw_names(canvas, rows)
        for bar, row in zip(own, rows, strict=True):
            _draw_bar(canvas, bar, row.middle, right, options, colours, texts)
        top = rows[-1].top + rows[-1].height
    return canvas.spec(top)


@dataclass(frozen=True)
class _Bar:
    item: str
    item_label: str
    group_label: str
    shares: Mapping[str, float]
    n: int
    margin: float


def _bars(table: pd.DataFrame) -> list[_Bar]:
    by = [each for each in ("item", "group") if each in table.columns]
    found = []
    for _, rows in table.groupby(by, sort=False):
        first = rows.iloc[0]
        shares = rows.set_index("code")["share"].fillna(0.0).to_dict()
        margin = float(first.get("margin", float("nan")))
        group = str(first.get("group_label", ""))
        bar = _Bar(first["item"], first["item_label"], group, shares, int(first["n"]), margin)
        found.append(bar)
    return found


def _draw_bar(
    canvas: Canvas,
    bar: _Bar,
    middle: float,
    right: float,
    options: Sequence[StackedOption],
    colours: Mapping[str, str],
    texts: Writer,
) -> None:
    x, room = LEFT, right - LEFT
    for option in options:
        share = bar.shares.get(option.code, 0.0)
        wide = share * room
        if wide > 0:
            colour = colours[option.code]
            canvas.rect(x, middle - _THICK / 2, max(wide - _GAP, 0.5), _THICK, colour)
            words = texts.percent(share)
            if width_of(words, SMALL) + 6 <= wide:
                place = x + (wide - _GAP) / 2
                canvas.text(words, place, middle, ink_on(colour), SMALL, align="center")
        x += wide
    if bar.n == 0:
        canvas.text(texts("figure.no_answers"), LEFT, middle, size=SMALL, italic=True)
    canvas.text(texts.number(bar.n), right + _N, middle, size=SMALL, align="right")
    if bar.margin == bar.margin:
        points = texts("figure.margin", points=texts.number(100 * bar.margin))
        canvas.text(points, WIDTH, middle, size=SMALL, align="right")


def _alt(table: pd.DataFrame, options: Sequence[StackedOption], texts: Writer) -> str:
    bars = [bar for bar in _bars(table) if bar.n]
    ordinary = [each for each in options if each.role == "answer"]
    if not bars or not ordinary:
        return texts("figure.alt.nothing")
    first = ordinary[0]
    most = max(bars, key=lambda bar: bar.shares.get(first.code, 0.0))
    least = min(bars, key=lambda bar: bar.shares.get(first.code, 0.0))
    return texts(
        "figure.alt.stacked",
        count=texts.number(len(bars)),
        first=first.label,
        last=ordinary[-1].label,
        highest=_named(most),
        high=texts.percent(most.shares.get(first.code, 0.0)),
        lowest=_named(least),
        low=texts.percent(least.shares.get(first.code, 0.0)),
    )


def _named(bar: _Bar) -> str:
    return bar.group_label or bar.item_label
