"""Figures, as vector pictures that look the same in the app and in print."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd
import vl_convert

_INK, _BAR, _FAINT = "#1c2b2a", "#0b6e6e", "#b5c4c1"
_FONT = "DejaVu Sans, Verdana, sans-serif"
_ROW, _LABELS = 30, 300  # pixels: the height of one bar, the width of what stands before it


def bars(
    labels: Sequence[str], shares: Sequence[float], written: Sequence[str], faint: Sequence[bool]
) -> str:
    """Horizontal bars, one per label, in the order given, as SVG.

    shares : from 0 to 1. written : what stands at the end of each bar. faint : drawn in grey,
    for what is no ordinary answer (don't know).
    """
    table = pd.DataFrame(
        {"label": labels, "share": shares, "written": written, "faint": faint}
    ).reset_index(names="order")
    base = alt.Chart(table).encode(
        y=alt.Y("label:N", sort=alt.SortField("order"), title=None, axis=_label_axis()),
        x=alt.X("share:Q", scale=alt.Scale(domain=[0, 1]), axis=None),
    )
    bar = base.mark_bar(height=18, cornerRadiusEnd=3).encode(
        color=alt.condition("datum.faint", alt.value(_FAINT), alt.value(_BAR))
    )
    text = base.mark_text(align="left", dx=6, fontSize=13, color=_INK).encode(text="written:N")
    chart = (bar + text).properties(width=440, height=_ROW * len(table))
    return _svg(chart.configure(font=_FONT, view=alt.ViewConfig(stroke=None)))


def _label_axis() -> alt.Axis:
    style: dict[str, Any] = {"domain": False, "ticks": False, "labelPadding": 8}
    return alt.Axis(
        minExtent=_LABELS, labelLimit=_LABELS, labelFontSize=13, labelColor=_INK, **style
    )


def _svg(chart: alt.LayerChart) -> str:
    return str(vl_convert.vegalite_to_svg(chart.to_json()))
