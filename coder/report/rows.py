"""Figures in rows: what a row is called on the left, then what is drawn, then n."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coder.report.canvas import Canvas
from coder.report.letters import balanced, width_of, wrapped
from coder.report.look import FAINT, INK, SIZE, SMALL

WIDTH = 744.0  # pixels: of a page's text, in the app and on paper
LABELS, BESIDE = 270.0, 12.0  # the width of what a row is called, and the space behind it
LEFT = LABELS + BESIDE
LINE_HEIGHT = 16.0
_BETWEEN = 8.0  # what a row has above and below its lines, together
_LINES = 3  # of what a row is called
_HEADING = 34.0


@dataclass(frozen=True)
class Row:
    """Where a row lies: its height, halved by ``middle``, and the lines of its name."""

    lines: tuple[str, ...]
    top: float
    height: float

    @property
    def middle(self) -> float:
        """Half way down."""
        return self.top + self.height / 2


def rows_below(top: float, labels: Sequence[str], least: float = 30.0) -> list[Row]:
    """A row for each label, as high as its lines but no lower than ``least``."""
    rows = []
    for label in labels:
        lines = tuple(balanced(label, LABELS, SIZE, most=_LINES))
        row = Row(lines, top, max(least, len(lines) * LINE_HEIGHT + _BETWEEN))
        top += row.height
        rows.append(row)
    return rows


def draw_names(canvas: Canvas, rows: Sequence[Row]) -> None:
    """What each row is called, right up to what is drawn."""
    for row in rows:
        first = row.middle - (len(row.lines) - 1) * LINE_HEIGHT / 2
        for no, line in enumerate(row.lines):
            canvas.text(line, LABELS, first + no * LINE_HEIGHT, align="right")


def draw_heading(canvas: Canvas, words: str, top: float) -> float:
    """A line above rows that belong together; where the first of them begins."""
    (line,) = wrapped(words, WIDTH, SIZE, bold=True, most=1) or [""]
    canvas.text(line, 0, top + _HEADING - 12, bold=True)
    return top + _HEADING


def draw_legend(canvas: Canvas, entries: Sequence[tuple[str, str]], left: float) -> float:
    """Colours with what they mean, in as many lines as they need; where they end."""
    x, y = left, 8.0
    for colour, words in entries:
        line = " ".join(wrapped(words, WIDTH - left - 20, SMALL, most=1))
        wide = 18 + width_of(line, SMALL) + 16
        if x > left and x + wide - 16 > WIDTH:
            x, y = left, y + 20
        canvas.rect(x, y - 6, 12, 12, colour, radius=2)
        canvas.text(line, x + 18, y, INK, SMALL)
        x += wide
    return y + 14 if entries else 0.0


def draw_heads(canvas: Canvas, heads: Sequence[tuple[float, str]], middle: float) -> None:
    """What the columns of numbers on the right are, each by its right end."""
    for right, words in heads:
        canvas.text(words, right, middle, FAINT, SMALL, align="right")
