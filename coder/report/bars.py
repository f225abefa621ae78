"""Horizontal bars: one number for each of a few names, such as how often an option was chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isnan
from typing import Any

import pandas as pd

from coder.report.canvas import Canvas
from coder.report.figure import Figure, Writer
from coder.report.look import DONT_KNOW, INK, LINE
from coder.report.rows import LEFT, WIDTH, draw_names, rows_below

_THICK, _AFTER = 18.0, 80.0  # pixels: of a bar, and left for what stands behind the longest
_TOLD = 8  # of more bars than that, only the ends are told in words

Write = Callable[[float], str]


def bars(
    table: pd.DataFrame,
    texts: Writer,
    write: Write,
    *,
    name: str,
    value: str,
    longest: float = 1.0,
    faint: Sequence[bool] = (),
    title: str = "",
    note: str = "",
) -> Figure:
    """A bar for each row of the table, in its order.

    name, value : the columns with what a bar is called and how long it is; missing has no bar.
    write : writes a value. longest : the value of a bar as wide as there is room. faint : for each
    row whether it is drawn in grey, for what is no ordinary answer (don't know).
    """
    labels, values = table[name].astype("str").tolist(), table[value].astype("float64").tolist()
    written = ["–" if isnan(each) else write(each) for each in values]
    grey = list(faint) or [False] * len(labels)
    spec = _spec(labels, [0.0 if isnan(v) else v / longest for v in values], written, grey)
    return Figure("bars", title, note, _alt(labels, values, written, texts), spec, table)


def _spec(
    labels: Sequence[str], lengths: Sequence[float], written: Sequence[str], grey: Sequence[bool]
) -> dict[str, Any]:
    canvas, rows = Canvas(WIDTH), rows_below(0, labels)
    for row, length, words, faint in zip(rows, lengths, written, grey, strict=True):
        wide = length * (WIDTH - LEFT - _AFTER)
        colour = DONT_KNOW if faint else LINE
        canvas.rect(LEFT, row.middle - _THICK / 2, wide, _THICK, colour, radius=2)
        canvas.text(words, LEFT + wide + 6, row.middle, INK)
    draw_names(canvas, rows)
    return canvas.spec(rows[-1].top + rows[-1].height if rows else 0)


def _alt(
    labels: Sequence[str], values: Sequence[float], written: Sequence[str], texts: Writer
) -> str:
    known = [no for no, value in enumerate(values) if not isnan(value)]
    if not known:
        return texts("figure.alt.nothing")
    if len(labels) <= _TOLD:
        pairs = zip(labels, written, strict=True)
        told = "; ".join(texts("figure.named", name=name, value=value) for name, value in pairs)
        return texts("figure.alt.bars_all", told=told)
    high = max(known, key=lambda no: values[no])
    low = min(known, key=lambda no: values[no])
    return texts(
        "figure.alt.bars",
        count=texts.number(len(labels)),
        highest=labels[high],
        high=written[high],
        lowest=labels[low],
        low=written[low],
    )
