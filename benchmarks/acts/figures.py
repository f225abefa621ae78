"""The figures of the work saved, as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd
import vl_convert

from benchmarks.acts.peers import BERTOPIC, WARD
from benchmarks.acts.rows import AIM, BY_HAND, CODER, Row, anchor, best, whole

_FONT = "DejaVu Sans, Verdana, sans-serif"
_INK = "#1c2b2a"
_LINES = {
    BY_HAND: ((BY_HAND,), "#8a8f8e"),
    "Ward, best cut": (WARD, "#c98a1b"),
    f"{BERTOPIC}, best seed": ((BERTOPIC,), "#8b4a8f"),
    CODER: ((CODER,), "#0b6e6e"),
}


def acts_figure(rows: Sequence[Row]) -> str:
    """Acts per 100 answers on whole sets: a point per method, and a stroke at the aim."""
    table = pd.DataFrame(
        [{"set": row.set, "method": line, "acts": row.acts_per_100} for line, row in _shown(rows)]
    )
    base = alt.Chart(table).encode(y=alt.Y("set:N", title=None, axis=_plain_axis()))
    span = base.mark_rule(color="#d5dedc", size=3).encode(
        x=alt.X("min(acts):Q", title="acts per 100 answers", scale=alt.Scale(zero=True)),
        x2="max(acts):Q",
    )
    points = base.mark_point(filled=True, size=110, opacity=1).encode(
        x="acts:Q", color=_colours(), shape=_shapes()
    )
    return _svg((span + _strokes(rows) + points).properties(width=560, height=alt.Step(38)))


def _strokes(rows: Sequence[Row]) -> alt.Chart:
    chart = alt.Chart(pd.DataFrame(_aims(rows).items(), columns=["set", "aim"]))
    strokes: alt.Chart = chart.mark_tick(color=_INK, thickness=2, size=22)
    return strokes.encode(y="set:N", x="aim:Q")


def curves_figure(rows: Sequence[Row]) -> str:
    """The share of answers coded right after so many acts, on whole sets; a broken line at the aim.

    Every set has its own scale of acts.
    """
    table = pd.DataFrame(
        [
            {"set": row.set, "method": line, "acts": acts, "share": share}
            for line, row in _shown(rows)
            for acts, share in row.curve
        ]
    )
    table["aim"] = table["set"].map(_aims(rows))
    base = alt.Chart(table)
    lines = base.mark_line(strokeWidth=2.2).encode(
        x=alt.X(
            "acts:Q",
            title="acts per 100 answers",
            axis=alt.Axis(tickCount=5),
            scale=alt.Scale(nice=False),
        ),
        y=alt.Y("share:Q", title="coded right", axis=alt.Axis(format="%", tickCount=5)),
        color=_colours(),
    )
    aim = base.mark_rule(color=_INK, strokeDash=[4, 4]).encode(x="mean(aim):Q")
    panels = (aim + lines).properties(width=250, height=170)
    facets = panels.facet(facet=alt.Facet("set:N", title=None), columns=3)
    return _svg(facets.resolve_scale(x="independent"))


def _aims(rows: Sequence[Row]) -> dict[str, float]:
    """The acts aimed at on every whole set: a share of what the better anchor needs."""
    return {
        unit[0].set: AIM * better.acts_per_100
        for unit in whole(rows)
        if (better := anchor(unit)) is not None
    }


def _shown(rows: Sequence[Row]) -> list[tuple[str, Row]]:
    """The best row of each line, for every whole set."""
    return [
        (line, row)
        for unit in whole(rows)
        for line, (methods, _) in _LINES.items()
        if (row := best(unit, *methods)) is not None
    ]


def _colours() -> alt.Color:
    colours = [colour for _, colour in _LINES.values()]
    scale = alt.Scale(domain=list(_LINES), range=colours)
    return alt.Color("method:N", scale=scale, title=None, legend=alt.Legend(orient="bottom"))


def _shapes() -> alt.Shape:
    shapes = ["circle", "square", "triangle-up", "diamond"]
    scale = alt.Scale(domain=list(_LINES), range=shapes)
    return alt.Shape("method:N", scale=scale, title=None, legend=alt.Legend(orient="bottom"))


def _plain_axis() -> alt.Axis:
    style: dict[str, Any] = {"domain": False, "ticks": False, "labelPadding": 8}
    return alt.Axis(labelLimit=300, labelFontSize=13, labelColor=_INK, **style)


def _svg(chart: alt.LayerChart | alt.FacetChart) -> str:
    styled = chart.configure(
        font=_FONT,
        background="white",
        view=alt.ViewConfig(stroke=None),
        padding=12,
        axis=alt.AxisConfig(labelFontSize=12, titleFontSize=12, titleFontWeight="normal"),
        legend=alt.LegendConfig(labelFontSize=12, symbolStrokeWidth=3),
        header=alt.HeaderConfig(labelFontSize=13),
    )
    return str(vl_convert.vegalite_to_svg(styled.to_json()))
