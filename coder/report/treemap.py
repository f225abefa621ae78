"""A treemap: a box for each theme, as large as how much it fills, with a quotation in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from coder.report.canvas import Canvas
from coder.report.figure import Figure, Writer
from coder.report.letters import has_room, printable, width_of, wrapped
from coder.report.look import SEQUENTIAL, ink_on, ramp
from coder.report.rows import WIDTH

HEIGHT = 520.0
_GAP, _INSET = 3.0, 10.0  # pixels: between boxes, and around the text in one
_NAME_SIZES = (19.0, 17.0, 15.0, 13.0, 11.5, 10.0)
_QUOTE_SIZES = (18.0, 16.0, 14.0, 12.5)
_COUNT_SIZE = 12.0
_APART = 6.0  # between the count and the quotation
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
        number = texts.number(row[size])
        told = texts(f"figure.size.{size}", count=number)
        count = told if width_of(told, _COUNT_SIZE) <= box.width - 2 * _INSET else number
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
    y = _write(canvas, lines, x, y, ink, size, bold=True)
    if not lines or y + _COUNT_SIZE * _LINE > end or width_of(count, _COUNT_SIZE) > room:
        return
    y = _write(canvas, [count], x, y, ink, _COUNT_SIZE) + _APART
    size, lines = _quoted(quotation, room, end - y, size, texts)
    _write(canvas, lines, x, y, ink, size, italic=True)


def _write(
    canvas: Canvas,
    lines: Sequence[str],
    x: float,
    y: float,
    ink: str,
    size: float,
    bold: bool = False,
    italic: bool = False,
) -> float:
    """Lines below each other; where the next could begin."""
    for line in lines:
        canvas.text(line, x, y + size * _LINE / 2, ink, size, bold=bold, italic=italic)
        y += size * _LINE
    return y


def _name(name: str, width: float, height: float) -> tuple[float, list[str]]:
    """The name in the largest letters in which it has room; of the smallest, what has."""
    size, widest = _NAME_SIZES[-1], max(width, 0)
    for each in _NAME_SIZES:
        lines = wrapped(name, widest, each, bold=True)
        if has_room(name, widest, each, bold=True) and _fits(lines, each, height / 2):
            return each, lines
    return size, wrapped(name, widest, size, bold=True, most=max(int(height / (size * _LINE)), 0))


def _fits(lines: Sequence[str], size: float, height: float) -> bool:
    return 0 < len(lines) * size * _LINE <= height


def _quoted(
    quotation: str, width: float, height: float, largest: float, texts: Writer
) -> tuple[float, list[str]]:
    """The quotation in quotation marks, no larger than the name; shortened if it must be.

    It is shortened at a word; where not even a few words have room, there is none.
    """
    words = printable(quotation).split()
    for size in (each for each in _QUOTE_SIZES if each < largest):
        lines = wrapped(texts("figure.quote", words=" ".join(words)), width, size)
        if words and _fits(lines, size, height):
            return size, lines
    size = _QUOTE_SIZES[-1]
    for count in range(len(words) - 1, _FEWEST_WORDS - 1, -1):
        told = " ".join(words[:count]).rstrip(" ,;:.–-") + " …"
        lines = wrapped(texts("figure.quote", words=told), width, size)
        if _fits(lines, size, height):
            return size, lines
    return size, []


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
