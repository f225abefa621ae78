"""Values with their intervals, as a vector picture."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd
import vl_convert

_INK, _DOT, _FAINT, _GRID = "#1c2b2a", "#0b6e6e", "#7b8b88", "#e3e9e8"
_FONT = "DejaVu Sans, Verdana, sans-serif"
_ROW, _LABELS = 30, 300  # pixels: the height of one row, the width of what stands before it


def dots(
    labels: Sequence[str],
    values: Sequence[float],
    lows: Sequence[float],
    highs: Sequence[float],
    written: Sequence[str],
    faint: Sequence[bool],
    title: str,
    mark: str = ".",
) -> str:
    """A dot with its interval for each label, in the order given, as SVG.

    values, lows, highs : from -1 to 1, or missing: then there is no dot, or no line. written : what
    stands at the right of each. faint : drawn in grey, for what should not be relied on. mark : the
    decimal mark.
    """
    table = pd.DataFrame(
        {"label": labels, "value": values, "low": lows, "high": highs, "written": written,
         "faint": faint}
    ).reset_index(names="order")  # fmt: skip
    least = min([0.0, *(each for each in [*values, *lows] if each == each)])
    y = alt.Y("label:N", sort=alt.SortField("order"), title=None, axis=_label_axis())
    x = alt.X("value:Q", scale=alt.Scale(domain=[least, 1]), axis=_value_axis(title, mark))
    colour = alt.condition("datum.faint", alt.value(_FAINT), alt.value(_DOT))
    base = alt.Chart(table).encode(y=y)
    line = base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q"), x2="high:Q", color=colour)
    dot = base.mark_point(size=90, filled=True, opacity=1).encode(x=x, color=colour)
    text = base.mark_text(align="left", fontSize=13, color=_INK, x=452).encode(text="written:N")
    chart = (line + dot + text).properties(width=440, height=_ROW * len(table))
    configured = chart.configure(font=_FONT, view=alt.ViewConfig(stroke=None))
    return str(vl_convert.vegalite_to_svg(configured.to_json()))


def _label_axis() -> alt.Axis:
    return alt.Axis(
        minExtent=_LABELS, labelLimit=_LABELS, labelFontSize=13, labelColor=_INK,
        labelPadding=8, domain=False, ticks=False,
    )  # fmt: skip


def _value_axis(title: str, mark: str) -> alt.Axis:
    return alt.Axis(
        title=title, titleColor=_INK, labelColor=_INK, gridColor=_GRID, domain=False,
        ticks=False, tickCount=5,
        labelExpr=f"replace(format(datum.value, '.1f'), '.', '{mark}')",
    )  # fmt: skip
