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
from coder.report.rows import LEFT, WIDTH, draw_heads, draw_names, rows_below

Write = Callable[[float], str]
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
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

    table : with ``value``, ``low``, ``high`` (0–1, missing where not known) and ``n``. name : the
    column with what a row is called. write : writes a value.
    """
    spec = _spec(table, texts, write, name, reference)
    alt = _alt(table, texts, write, name, reference)
    return Figure("dots", title, note, alt, spec, table)


def _spec(
    table: pd.DataFrame, texts: Writer, write: Write, name: str, reference: Reference | None
) -> dict[str, Any]:
    canvas, top = Canvas(WIDTH), 38.0
    rows = rows_below(top, table[name].astype("str").tolist())
    bottom = rows[-1].top + rows[-1].height if rows else top
    for tick in _TICKS:
        canvas.rule(_x(tick), top, _x(tick), bottom, GRID)
    if reference:
        _draw_reference(canvas, reference, top, bottom)
    records = table.to_dict("records")
    for row, each in zip(rows, records, strict=True):
        if not isnan(each["low"]):
            canvas.rule(_x(each["low"]), row.middle, _x(each["high"]), row.middle, LINE, 2.5)
    for row, each in zip(rows, records, strict=True):
        known = not isnan(each["value"])
        if known:
            canvas.dot(_x(each["value"]), row.middle, _RADIUS, LINE)
        words = write(each["value"]) if known else "–"
        canvas.text(words, WIDTH - _N, row.middle, align="right")
        canvas.text(texts.number(each["n"]), WIDTH, row.middle, size=SMALL, align="right")
    draw_names(canvas, rows)
    draw_heads(canvas, [(WIDTH, texts("figure.n"))], top - 12)
    for tick in _TICKS:
        canvas.text(write(tick), _x(tick), bottom + 14, FAINT, SMALL, align="center")
    return canvas.spec(bottom + 24)


def _draw_reference(canvas: Canvas, reference: Reference, top: float, bottom: float) -> None:
    x = _x(reference.value)
    canvas.rule(x, top - 4, x, bottom, FAINT, 1.5, (4, 3))
    canvas.text(reference.label, x, top - 14, FAINT, SMALL, align="center")


def _x(value: float) -> float:
    return LEFT + min(max(value, 0.0), 1.0) * (_RIGHT - LEFT)


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
