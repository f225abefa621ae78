"""A line that rises or falls, as a vector picture that looks the same in the app and in print."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from math import ceil, log10

import altair as alt
import pandas as pd
import vl_convert

_INK, _LINE, _GRID = "#1c2b2a", "#0b6e6e", "#d5dedc"
_FONT = "DejaVu Sans, Verdana, sans-serif"
_WIDTH, _HEIGHT, _SIZE = 560, 220, 13  # pixels; of the letters too
_DOTS = 40  # of more points than that, each can't be seen any more

Write = Callable[[float], str]


def line_figure(points: Sequence[tuple[float, float]], write_x: Write, write_y: Write) -> str:
    """A line through the points, from left to right, as SVG; y begins at 0.

    write_x, write_y : write a number at its axis. Raises ``ValueError`` when there are no points.
    """
    if not points:
        raise ValueError("a line needs at least one point")
    table = pd.DataFrame(sorted(points), columns=["x", "y"], dtype="float64")
    xs, ys = x_ticks(table["x"].tolist()), y_ticks(table["y"].max())
    base = alt.Chart(table).encode(
        x=alt.X(
            "x:Q",
            scale=alt.Scale(zero=False, nice=False),
            axis=_axis(xs, write_x, grid=False),
        ),
        y=alt.Y("y:Q", scale=alt.Scale(domain=[0, ys[-1]]), axis=_axis(ys, write_y, grid=True)),
    )
    line = base.mark_line(color=_LINE, strokeWidth=2.5, strokeJoin="round")
    dots = base.mark_point(color=_LINE, filled=True, size=36, opacity=1)
    layers = [line, dots] if len(table) <= _DOTS else [line]
    chart = alt.layer(*layers).properties(width=_WIDTH, height=_HEIGHT)
    look = chart.configure(font=_FONT, view=alt.ViewConfig(stroke=None), padding=8)
    return str(vl_convert.vegalite_to_svg(look.to_json()))


def x_ticks(values: Sequence[float], most: int = 3) -> list[float]:
    """Where to write below the line: at its ends, and at points about evenly between.

    Where there is no point near enough, nothing is written: what stands too close can't be read.
    """
    first, last = values[0], values[-1]
    apart = (last - first) / (most - 1)
    found = [first]
    for place in (first + apart * no for no in range(1, most - 1)):
        near = min(values, key=lambda each: abs(each - place))
        if min(near - found[-1], last - near) > apart / 2:
            found.append(near)
    return found if last == first else [*found, last]


def y_ticks(highest: float) -> list[float]:
    """From 0 to at least the highest value, in at most five steps of 1, 2 or 5 times a power of 10.

    What is counted is whole, so no step is less than 1.
    """
    least = max(highest, 1.0) / 5
    power = 10.0 ** (ceil(log10(least)) - 1)
    step = max(1.0, next(each * power for each in (1, 2, 5, 10) if each * power >= least))
    return [no * step for no in range(ceil(max(highest, 1.0) / step) + 1)]


def _axis(ticks: Sequence[float], write: Write, grid: bool) -> alt.Axis:
    """An axis that says at each tick what ``write`` makes of it."""
    labels = json.dumps([write(tick) for tick in ticks], ensure_ascii=False)
    return alt.Axis(
        values=list(ticks),
        labelExpr=f"{labels}[indexof({json.dumps(list(ticks))}, datum.value)]",
        title=None,
        grid=grid,
        gridColor=_GRID,
        domain=not grid,
        domainColor=_INK,
        ticks=not grid,
        tickColor=_INK,
        labelColor=_INK,
        labelFontSize=_SIZE,
        labelPadding=8,
        labelFlush=not grid,
        labelLimit=_WIDTH // 2,
    )
