"""A treemap: a box for each theme, as large as how much it fills, with a quotation in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from coder.report.canvas import Canvas
from coder.report.figure import Figure, Writer
from coder.report.letters import printable, wrapped
from coder.report.look import SEQUENTIAL, ink_on, ramp
from coder.report.rows import WIDTH

HEIGHT = 520.0
_GAP, _INSET = 3.0, 10.0  # pixels: between boxes, and around the text in one
_NAME_SIZES = (15.0, 13.0, 11.0)
_QUOTE_SIZE, _COUNT_SIZE = 12.5, 12.0
_LINE = 1.3  # the height of a line, as a share of the size
_TOLD = 8  # of more boxes than that, only the first are told in words
_FEWEST_WORDS = 4  # of a quotation that is shortened


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels."""

    x: float
    y: float
    width: float
    height: float

    @property
    def area(self) -> float:
        """In square pixels."""
        return self.width * self.height


def treemap(
    table: pd.DataFrame,
    texts: Writer,
    *,
    size: str,
    title: str = "",
    note: str = "",
) -> Figure:
    """A box for each row of the table, largest first.

    table : with ``category``, the column named by ``size``, and ``quotation`` (missing: none).
    What is of size 0 has no box.
    """
    shown = table[table[size] > 0].sort_values(size, ascending=False, kind="stable")
    canvas = Canvas(WIDTH)
    boxes = squarified(shown[size].astype("float64").tolist(), Box(0, 0, WIDTH, HEIGHT))
    fills = ramp(SEQUENTIAL, max(len(boxes), 2))
    for box, fill, row in zip(boxes, fills, shown.to_dict("records"), strict=False):
        quotation = row["quotation"] if isinstance(row["quotation"], str) else ""
        count = texts(f"figure.size.{size}", count=texts.number(row[size]))
        _draw(canvas, box, fill, row["category"], count, quotation, texts)
    return Figure("treemap", title, note, _alt(shown, size, texts), canvas.spec(HEIGHT), shown)


def squarified(sizes: Sequence[float], within: Box) -> list[Box]:
    """A box for each size, of an area in proportion, together filling the whole.

    The boxes are as near to squares as can be had row by row (Bruls, Huizing and van Wijk 2000).
    sizes : greater than 0, largest first.
    """
    total, left = sum(sizes), within
    areas = [each * within.area / total for each in sizes]
    boxes: list[Box] = []
    while areas:
        side = min(left.width, left.height)
        count = 1
        while count < len(areas) and _worst(areas[: count + 1], side) <= _worst(
            areas[:count], side
        ):
            count += 1
        row, left = _laid(areas[:count], left)
        boxes += row
        areas = areas[count:]
    return boxes


def _worst(areas: Sequence[float], side: float) -> float:
    """How far from a square the worst box of a row is."""
    thick = sum(areas) / side
    return max(max(thick * thick / area, area / (thick * thick)) for area in areas)


def _laid(areas: Sequence[float], left: Box) -> tuple[list[Box], Box]:
    """A row of boxes along the shorter side, and what is left beside it."""
    boxes, at = [], 0.0
    if left.width >= left.height:
        thick = sum(areas) / left.height
        for area in areas:
            boxes.append(Box(left.x, left.y + at, thick, area / thick))
            at += area / thick
        return boxes, Box(left.x + thick, left.y, left.width - thick, left.height)
    thick = sum(areas) / left.width
    for area in areas:
        boxes.append(Box(left.x + at, left.y, area / thick, thick))
        at += area / thick
    return boxes, Box(left.x, left.y + thick, left.width, left.height - thick)


def _draw(
    canvas: Canvas, box: Box, fill: str, name: str, count: str, quotation: str, texts: Writer
) -> None:
    half = _GAP / 2
    canvas.rect(
        box.x + half, box.y + half, max(box.width - _GAP, 1), max(box.height - _GAP, 1), fill
    )
    x, room = box.x + _INSET, box.width - 2 * _INSET
    y, end, ink = box.y + _INSET, box.y + box.height - _INSET, ink_on(fill)
    size, lines = _name(name, room, end - y)
    for line in lines:
        canvas.text(line, x, y + size * _LINE / 2, ink, size, bold=True)
        y += size * _LINE
    if not lines or y + _COUNT_SIZE * _LINE > end or len(wrapped(count, room, _COUNT_SIZE)) != 1:
        return
    canvas.text(count, x, y + _COUNT_SIZE * _LINE / 2, ink, _COUNT_SIZE)
    y += _COUNT_SIZE * _LINE + 6
    most = int((end - y) / (_QUOTE_SIZE * _LINE))
    for line in _quoted(quotation, room, most, texts):
        canvas.text(line, x, y + _QUOTE_SIZE * _LINE / 2, ink, _QUOTE_SIZE, italic=True)
        y += _QUOTE_SIZE * _LINE


def _name(name: str, width: float, height: float) -> tuple[float, list[str]]:
    """The name as large as it fits whole, else as much as fits of the smallest; maybe nothing."""
    for size in _NAME_SIZES:
        most = int(height / (size * _LINE))
        lines = wrapped(name, width, size, bold=True)
        if lines and len(lines) <= most:
            return size, lines
    size = _NAME_SIZES[-1]
    return size, wrapped(name, width, size, bold=True, most=int(height / (size * _LINE)))


def _quoted(quotation: str, width: float, most: int, texts: Writer) -> list[str]:
    """The quotation in quotation marks, shortened at a word if it must be; else nothing."""
    words = printable(quotation).split()
    fewest = min(len(words), _FEWEST_WORDS)
    for count in range(len(words), max(fewest, 1) - 1, -1):
        told = " ".join(words[:count])
        if count < len(words):
            told = told.rstrip(" ,;:.–-") + " …"
        lines = wrapped(texts("figure.quote", words=told), width, _QUOTE_SIZE)
        if 0 < len(lines) <= most:
            return lines
    return []


def _alt(shown: pd.DataFrame, size: str, texts: Writer) -> str:
    if shown.empty:
        return texts("figure.alt.nothing")
    told = [
        texts("figure.named", name=row["category"], value=texts.number(row[size]))
        for row in shown.to_dict("records")
    ]
    first = "; ".join(told[:_TOLD])
    if len(told) <= _TOLD:
        return texts("figure.alt.treemap_all", told=first)
    return texts("figure.alt.treemap", told=first, count=texts.number(len(told) - _TOLD))
