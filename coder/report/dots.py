"""A dot plot: a mean or share with its interval, for each category or group."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isnan
from typing import Any

import pandas as pd

from coder.report.canvas import Canvas
from coder.report.figure import Figure, Writer
from coder.report.look import FAINT, GRID, LINE, SMALL
from coder.report.rows import LEFT, WIDTH, Row, draw_heads, draw_names, rows_below

Write = Callable[[float], str]
Ticks = tuple[float, ...]
_TICKS, _BELOW_ZERO = (0.0, 0.25, 0.5, 0.75, 1.0), (-1.0, -0.5, 0.0, 0.5, 1.0)
_N, _VALUE, _RADIUS = 44.0, 56.0, 5.5  # pixels
_RIGHT = WIDTH - _N - _VALUE - 16


@dataclass(frozen=True)
class Reference:
    """A value to compare with, and what it is called."""

    value: float
    label: str


def dots(
    table: pd.DataFrame,
    texts: Writer,
    write: Write,
    *,
    name: str,
    reference: Reference | None = None,
    title: str = "",
    note: str = "",
) -> Figure:
    """A dot and the line of its interval for each row of the table, in its order.

    table : with ``value``, ``low``, ``high`` (0–1, or from −1; missing where not known) and ``n``,
    and if wanted ``faint``: drawn in grey, for what should not be relied on. name : the column
    with what a row is called. write : writes a value.
    """
    spec = _spec(table, texts, write, name, reference)
    alt = _alt(table, texts, write, name, reference)
    return Figure("dots", title, note, alt, spec, table)


def _spec(
    table: pd.DataFrame, texts: Writer, write: Write, name: str, reference: Reference | None
) -> dict[str, Any]:
    canvas, top, ticks = Canvas(WIDTH), 38.0, _ticks(table)
    rows = rows_below(top, table[name].astype("str").tolist())
    bottom = rows[-1].top + rows[-1].height if rows else top
    for tick in ticks:
        x = _x(tick, ticks)
        canvas.rule(x, top, x, bottom, GRID)
    if reference:
        _draw_reference(canvas, reference, _x(reference.value, ticks), top, bottom)
    for row, each in zip(rows, table.to_dict("records"), strict=True):
        _draw_row(canvas, row, each, texts, write, ticks)
    draw_names(canvas, rows)
    draw_heads(canvas, [(WIDTH, texts("figure.n"))], top - 12)
    for tick in ticks:
        canvas.text(write(tick), _x(tick, ticks), bottom + 14, FAINT, SMALL, align="center")
    return canvas.spec(bottom + 24)


def _draw_row(
    canvas: Canvas, row: Row, each: dict[Any, Any], texts: Writer, write: Write, ticks: Ticks
) -> None:
    colour, known = FAINT if each.get("faint") else LINE, not isnan(each["value"])
    if not isnan(each["low"]):
        low, high = _x(each["low"], ticks), _x(each["high"], ticks)
        canvas.rule(low, row.middle, high, row.middle, colour, 2.5)
    if known:
        canvas.dot(_x(each["value"], ticks), row.middle, _RADIUS, colour)
    words = write(each["value"]) if known else "–"
    canvas.text(words, WIDTH - _N, row.middle, align="right")
    canvas.text(texts.number(each["n"]), WIDTH, row.middle, size=SMALL, align="right")


def _draw_reference(
    canvas: Canvas, reference: Reference, x: float, top: float, bottom: float
) -> None:
    canvas.rule(x, top - 4, x, bottom, FAINT, 1.5, (4, 3))
    canvas.text(reference.label, x, top - 14, FAINT, SMALL, align="center")


def _ticks(table: pd.DataFrame) -> Ticks:
    """Where lines stand behind the dots: from 0, or from −1 when something is below 0."""
    return _BELOW_ZERO if (table[["value", "low"]].min() < 0).any() else _TICKS


def _x(value: float, ticks: Ticks) -> float:
    least, most = ticks[0], ticks[-1]
    share = (min(max(value, least), most) - least) / (most - least)
    return LEFT + share * (_RIGHT - LEFT)


def _alt(
    table: pd.DataFrame, texts: Writer, write: Write, name: str, reference: Reference | None
) -> str:
    known = table[table["value"].notna()]
    if known.empty:
        return texts("figure.alt.nothing")
    high, low = known.loc[known["value"].idxmax()], known.loc[known["value"].idxmin()]
    told = texts(
        "figure.alt.dots",
        count=texts.number(len(known)),
        highest=high[name],
        high=write(high["value"]),
        lowest=low[name],
        low=write(low["value"]),
    )
    return f"{told} {texts('figure.alt.line', label=reference.label)}" if reference else told
