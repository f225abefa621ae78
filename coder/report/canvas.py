"""A picture drawn by pixels as one Vega-Lite specification.

Figures lay out themselves, since labels must wrap and nothing may overlap; Vega-Lite draws.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import altair as alt

from coder.report.look import FONT, INK, PAPER, SIZE

_MARKS = {
    "rect": alt.Chart.mark_rect,
    "rule": alt.Chart.mark_rule,
    "point": alt.Chart.mark_point,
    "text": alt.Chart.mark_text,
}
_FIELDS = {"text": "words"}  # of a row, where it is not called as what it is drawn by

Ends = list[float]
Align = Literal["left", "center", "right"]
MARGIN = 8.0  # pixels around everything
_RISE = 0.36  # half the height of a capital letter, as a share of the size


class Canvas:
    """What is drawn, in pixels from the top left corner; what comes first lies lowest."""

    def __init__(self, width: float) -> None:
        self.width = width
        # Marks of one style are one layer, at the place of the first.
        self._layers: dict[tuple[str, tuple[tuple[str, Any], ...]], list[dict[str, Any]]] = {}

    def rect(
        self, x: float, y: float, width: float, height: float, fill: str, radius: float = 0
    ) -> None:
        """A filled rectangle."""
        row = {"x": x, "y": y, "x2": x + width, "y2": y + height, "colour": fill}
        self._add("rect", {"cornerRadius": radius}, row)

    def rule(
        self, x: float, y: float, x2: float, y2: float, colour: str, width: float = 1,
        dash: tuple[float, ...] = (),
    ) -> None:  # fmt: skip
        """A straight line."""
        style = {"strokeWidth": width, "strokeDash": dash}
        self._add("rule", style, {"x": x, "y": y, "x2": x2, "y2": y2, "colour": colour})

    def dot(self, x: float, y: float, radius: float, fill: str, edge: str = PAPER) -> None:
        """A disc with an edge."""
        style = {"stroke": edge, "strokeWidth": 1.5, "filled": True, "opacity": 1}
        size = 3.14159 * radius**2
        self._add("point", style, {"x": x, "y": y, "colour": fill, "size": size})

    def text(
        self, words: str, x: float, middle: float, colour: str = INK, size: float = SIZE,
        align: Align = "left", bold: bool = False, italic: bool = False, turned: bool = False,
    ) -> None:  # fmt: skip
        """One line of text, its height halved by ``middle``; or turned, to be read upwards."""
        style = {
            "fontSize": size,
            "align": align,
            "baseline": "alphabetic",
            "fontWeight": "bold" if bold else "normal",
            "fontStyle": "italic" if italic else "normal",
            "angle": 270 if turned else 0,
        }
        across, down = (_RISE * size, 0) if turned else (0, _RISE * size)
        row = {"x": x + across, "y": middle + down, "colour": colour, "words": words}
        self._add("text", style, row)

    def spec(self, height: float) -> dict[str, Any]:
        """The Vega-Lite specification of all of it."""
        ends = ([-MARGIN, self.width + MARGIN], [-MARGIN, height + MARGIN])
        if not self._layers:  # Vega-Lite draws something or nothing at all
            self.rect(0, 0, self.width, height, PAPER)
        layers = [
            _layer(mark, dict(style), rows, *ends) for (mark, style), rows in self._layers.items()
        ]
        chart = alt.layer(*layers).properties(
            width=self.width + 2 * MARGIN,
            height=height + 2 * MARGIN,
            autosize=alt.AutoSizeParams(type="none"),
            padding=0,
            background=PAPER,
        )
        look = chart.configure(font=FONT, view=alt.ViewConfig(stroke=None))
        # Not checked against the schema, which takes longer than drawing: a test does that.
        found: dict[str, Any] = look.to_dict(validate=False)
        return found

    def _add(self, mark: str, style: Mapping[str, Any], row: dict[str, Any]) -> None:
        plain = {name: it if isinstance(it, str) else float(it) for name, it in row.items()}
        self._layers.setdefault((mark, tuple(style.items())), []).append(plain)


def _layer(
    mark: str, style: dict[str, Any], rows: list[dict[str, Any]], across: Ends, down: Ends
) -> alt.Chart:
    """Marks of one style, placed by pixels."""
    seen = {
        "x": alt.X("x:Q", scale=alt.Scale(domain=across, nice=False), axis=None),
        "y": alt.Y("y:Q", scale=alt.Scale(domain=down, nice=False, reverse=True), axis=None),
        "color": alt.Color("colour:N", scale=None),
    }
    more = {
        "x2": alt.X2("x2:Q"),
        "y2": alt.Y2("y2:Q"),
        "size": alt.Size("size:Q", scale=None),
        "text": alt.Text("words:N"),
    }
    seen |= {name: way for name, way in more.items() if _FIELDS.get(name, name) in rows[0]}
    data = alt.Data(values=rows)  # type: ignore[no-untyped-call]
    chart: alt.Chart = _MARKS[mark](alt.Chart(data), **style).encode(**seen)
    return chart
