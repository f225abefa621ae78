"""Categories from wave to wave: a dot and its interval for each wave, joined by a line."""

from __future__ import annotations

from itertools import pairwise
from math import isnan
from typing import Any

import pandas as pd

from coder.report.canvas import Canvas
from coder.report.figure import Figure, Writer
from coder.report.look import FAINT, GRID, LINE, SMALL, ramp
from coder.report.rows import LEFT, WIDTH, Row, draw_legend, draw_names, rows_below

_STEP, _RADIUS, _VALUE = 17.0, 4.5, 48.0  # pixels: from wave to wave, of a dot, of a number
_RIGHT = WIDTH - _VALUE
_FADING = (LINE, "#9aa8a6")  # from the last wave to the first
_STEPS = (0.05, 0.1, 0.2, 0.25)


def trend(table: pd.DataFrame, texts: Writer, *, title: str, note: str) -> Figure:
    """A row for each category, in it the waves from the earliest at the top to the latest.

    table : as ``results.trend.trend_table`` gives it. What meant something else then has a hollow
    dot; what was not there then has none.
    """
    return Figure("trend", title, note, _alt(table, texts), _spec(table, texts), table)


def _spec(table: pd.DataFrame, texts: Writer) -> dict[str, Any]:
    canvas = Canvas(WIDTH)
    sizes = table.drop_duplicates("wave").set_index("wave")["n"]
    waves = list(sizes.index)
    latest_first = waves[::-1]
    shades = ramp(_FADING, max(len(waves), 2))
    colours = dict(zip(latest_first, shades, strict=False))
    names = [(colours[wave], _named(texts, wave, int(sizes[wave]))) for wave in waves]
    top = draw_legend(canvas, names, LEFT) + 8
    groups = [rows for _, rows in table.groupby("code", sort=False)]
    labels = [str(rows["category"].iloc[0]) for rows in groups]
    placed = rows_below(top, labels, least=max(30.0, len(waves) * _STEP + 12))
    bottom = placed[-1].top + placed[-1].height if placed else top
    most = _most(table)
    for tick in _ticks(most):
        x = _x(tick, most)
        canvas.rule(x, top, x, bottom, GRID)
        canvas.text(texts.percent(tick), x, bottom + 14, FAINT, SMALL, align="center")
    for row, rows in zip(placed, groups, strict=True):
        _draw(canvas, row, rows.to_dict("records"), colours, texts, most)
    draw_names(canvas, placed)
    return canvas.spec(bottom + 24)


def _named(texts: Writer, wave: str, n: int) -> str:
    told = texts("figure.n_of", n=texts.number(n))
    return texts("figure.named", name=wave, value=told)


def _draw(
    canvas: Canvas,
    row: Row,
    waves: list[dict[Any, Any]],
    colours: dict[str, str],
    texts: Writer,
    most: float,
) -> None:
    first = row.middle - (len(waves) - 1) * _STEP / 2
    at = [(first + no * _STEP, each) for no, each in enumerate(waves)]
    known = [(y, each) for y, each in at if not isnan(each["share"])]
    for (y, one), (below, other) in pairwise(known):
        canvas.rule(_x(one["share"], most), y, _x(other["share"], most), below, FAINT, 1.5)
    for y, each in at:
        colour = colours[each["wave"]]
        words = "–"
        if not isnan(each["share"]):
            words = texts.percent(each["share"])
            canvas.rule(_x(each["low"], most), y, _x(each["high"], most), y, colour, 2.5)
            hollow = each["then"] == "other"
            fill, edge = ("#ffffff", colour) if hollow else (colour, "#ffffff")
            canvas.dot(_x(each["share"], most), y, _RADIUS, fill, edge)
        canvas.text(words, WIDTH, y, size=SMALL, align="right")


def _most(table: pd.DataFrame) -> float:
    """How far the axis goes: to the next tick after the longest interval."""
    longest = float(table["high"].max()) if table["high"].notna().any() else 1.0
    step = _step(longest)
    return min(1.0, step * -(-longest // step))


def _step(longest: float) -> float:
    return next((each for each in _STEPS if longest / each <= 5), _STEPS[-1])


def _ticks(most: float) -> list[float]:
    step = _step(most)
    return [no * step for no in range(round(most / step) + 1)]


def _x(share: float, most: float) -> float:
    return LEFT + min(share / most, 1.0) * (_RIGHT - 16 - LEFT)


def _alt(table: pd.DataFrame, texts: Writer) -> str:
    """The categories that rose and fell most between the first wave and the last they have."""
    known = table[table["share"].notna()]
    if known.empty:
        return texts("figure.alt.nothing")
    by = known.groupby("category", sort=False)["share"]
    change = by.last() - by.first()
    up, down = change.idxmax(), change.idxmin()
    return texts(
        "figure.alt.trend",
        count=texts.number(table["code"].nunique()),
        waves=texts.number(table["wave"].nunique()),
        up=up,
        up_from=texts.percent(by.first()[up]),
        up_to=texts.percent(by.last()[up]),
        down=down,
        down_from=texts.percent(by.first()[down]),
        down_to=texts.percent(by.last()[down]),
    )
