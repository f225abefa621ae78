"""A heat map: a number for each row and column, written on a colour that tells how large it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isnan
from typing import Any

import pandas as pd

from coder.report.canvas import Canvas
from coder.report.figure import Figure, Writer
from coder.report.letters import balanced, has_room
from coder.report.look import FAINT, INK, PAPER, SEQUENTIAL, SIZE, SMALL, along, ink_on
from coder.report.rows import LEFT, WIDTH, draw_heads, draw_names, rows_below

Write = Callable[[float], str]
_FROM_LOW = ("#f0f6f5", *reversed(SEQUENTIAL[:-1]))
_N, _GAP = 48.0, 2.0  # pixels: the column with n, between cells
_NARROWEST, _HEAD_LINE, _HEAD_LINES = 58.0, 15.0, 4
_LEAST, _WITH_N = 30.0, 40.0  # the height of a row
_N_SIZE, _HEAD_SIZES = 10.5, (SMALL, 11.0, 10.0)


def heat(
    table: pd.DataFrame,
    texts: Writer,
    write: Write,
    *,
    row: str,
    column: str,
    value: str,
    longest: float = 1.0,
    title: str = "",
    note: str = "",
) -> Figure:
    """A cell for each row of the table.

    table : rows and columns of the picture in the order in which they come up; ``n`` of each cell.
        It is written once for a row or a column that has one alone, else in every cell.
    row, column, value : columns of the table: what the rows and columns of the picture are called,
    and what is written (missing: nothing is known). write : writes a value. longest : the value
    that is darkest.
    """
    spec = _spec(table, texts, write, (row, column, value), longest)
    return Figure("heat", title, note, _alt(table, texts, write, row, column, value), spec, table)


def _spec(
    table: pd.DataFrame, texts: Writer, write: Write, names: tuple[str, str, str], longest: float
) -> dict[str, Any]:
    row, column, value = names
    labels, heads = ([str(each) for each in table[name].unique()] for name in (row, column))
    cells = {(str(r[row]), str(r[column])): r for r in table.to_dict("records")}
    one_n, n_above = (bool((table.groupby(by)["n"].nunique() <= 1).all()) for by in (row, column))
    n_above = n_above and not one_n
    wide = max(_NARROWEST, (WIDTH - LEFT - (_N if one_n else 0)) / max(len(heads), 1))
    right = LEFT + wide * len(heads)
    canvas = Canvas(right + (_N if one_n else 0))
    above = [_with_n(table, column, head, texts) for head in heads] if n_above else heads
    top = _draw_column_heads(canvas, above, wide)
    alone = one_n or n_above
    rows = rows_below(top, labels, _LEAST if alone else _WITH_N)
    draw_names(canvas, rows)
    for at in rows:
        label = labels[rows.index(at)]
        for no, head in enumerate(heads):
            box = (LEFT + no * wide, at.top + _GAP / 2, wide - _GAP, at.height - _GAP)
            found = cells.get((label, head))
            _draw_cell(canvas, found, value, box, longest, write, texts, alone)
        if one_n:
            n = next(each["n"] for (name, _), each in cells.items() if name == label)
            canvas.text(texts.number(n), canvas.width, at.middle, size=SMALL, align="right")
    if one_n:
        draw_heads(canvas, [(canvas.width, texts("figure.n"))], top - 12)
    return canvas.spec(rows[-1].top + rows[-1].height if rows else top)


def _with_n(table: pd.DataFrame, column: str, head: str, texts: Writer) -> str:
    n = table.loc[table[column].astype(str) == head, "n"].iloc[0]
    return f"{head} ({texts('figure.n_of', n=texts.number(n))})"


def _draw_column_heads(canvas: Canvas, heads: list[str], wide: float) -> float:
    """What the columns are called, in letters in which no word is parted, if there are such."""
    room = wide - 4
    sizes = (size for size in _HEAD_SIZES if all(has_room(each, room, size) for each in heads))
    size = next(sizes, _HEAD_SIZES[-1])
    lines = [balanced(each, room, size, most=_HEAD_LINES) for each in heads]
    bottom = max([len(each) for each in lines], default=0) * _HEAD_LINE + 8
    for no, own in enumerate(lines):
        for at, line in enumerate(reversed(own)):
            x, y = LEFT + (no + 0.5) * wide - _GAP / 2, bottom - 12 - at * _HEAD_LINE
            canvas.text(line, x, y, INK, size, align="center")
    return bottom


def _draw_cell(
    canvas: Canvas,
    found: Mapping[Any, Any] | None,
    value: str,
    box: tuple[float, float, float, float],
    longest: float,
    write: Write,
    texts: Writer,
    alone: bool,
) -> None:
    x, y, wide, high = box
    known = found is not None and not isnan(found[value])
    fill = along(_FROM_LOW, found[value] / longest) if found is not None and known else PAPER
    canvas.rect(x, y, wide, high, fill)
    middle, ink = y + high / 2, ink_on(fill)
    if found is None or not known:
        canvas.text("–", x + wide / 2, middle, FAINT, SIZE, align="center")
        return
    up = 0 if alone else 7
    canvas.text(write(found[value]), x + wide / 2, middle - up, ink, SIZE, align="center")
    if not alone:
        n = texts("figure.n_of", n=texts.number(found["n"]))
        canvas.text(n, x + wide / 2, middle + 9, ink, _N_SIZE, align="center")


def _alt(
    table: pd.DataFrame, texts: Writer, write: Write, row: str, column: str, value: str
) -> str:
    known = table[table[value].notna()]
    if known.empty:
        return texts("figure.alt.nothing")
    high, low = known.loc[known[value].idxmax()], known.loc[known[value].idxmin()]
    return texts(
        "figure.alt.heat",
        rows=texts.number(table[row].nunique()),
        columns=texts.number(table[column].nunique()),
        highest=texts("figure.cell", row=high[row], column=high[column]),
        high=write(high[value]),
        lowest=texts("figure.cell", row=low[row], column=low[column]),
        low=write(low[value]),
    )
