"""A quadrant figure: two measures against each other, parted in the middle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, cos, floor, pi, sin, sqrt
from typing import Any

import pandas as pd

from coder.report.canvas import Canvas
from coder.report.figure import Figure, Writer
from coder.report.letters import shortened, width_of
from coder.report.look import FAINT, INK, LINE, SMALL
from coder.report.rows import WIDTH

_LEFT, _TOP, _PLOT = 56.0, 8.0, 430.0  # pixels; the last is the height of the field
_STRIP = 26.0  # above and below the field, for the names of the quadrants
_PAD = 24.0  # the same at the sides, so that no dot lies on the edge
_RADIUS, _LARGEST = 5.5, 22.0
_LABEL, _HIGH = 210.0, 16.0  # the widest label, and the height of one
_MOST_TICKS = 8
_GROUND = "#f6f8f7"
_QUADRANTS = ("up", "both", "neither", "across")  # top left, top right, bottom left, bottom right


@dataclass(frozen=True)
class Axis:
    """A measure from 0 to 1: its name, and the value at which it is parted."""

    name: str
    cut: float = 0.5


def quadrant(
    table: pd.DataFrame,
    counts: Mapping[str, int],
    across: Axis,
    up: Axis,
    texts: Writer,
    *,
    name: str | None = "category",
    title: str = "",
    note: str = "",
) -> Figure:
    """A dot for each row of the table.

    table : with ``across`` and ``up`` (0–1; missing has no dot) and ``n``. counts : how many cases
    there are in each quadrant: ``both``, ``across`` (only), ``up`` (only) and ``neither``. name :
    the column with the labels; without one dots have none, and are as large as n of them.
    """
    placed = table.dropna(subset=["across", "up"])
    spec = _spec(placed, counts, across, up, texts, name)
    alt = _alt(placed, counts, across, up, texts, name)
    return Figure("quadrant", title, note, alt, spec, table)


@dataclass(frozen=True)
class _Field:
    """Where values lie in pixels: the ends of both axes."""

    across: tuple[float, float]
    up: tuple[float, float]

    def x(self, value: float) -> float:
        low, high = self.across
        return _LEFT + _PAD + (value - low) / (high - low) * (WIDTH - _LEFT - 2 * _PAD)

    def y(self, value: float) -> float:
        low, high = self.up
        return _TOP + _STRIP + (high - value) / (high - low) * (_PLOT - 2 * _STRIP)


def _spec(
    placed: pd.DataFrame,
    counts: Mapping[str, int],
    across: Axis,
    up: Axis,
    texts: Writer,
    name: str | None,
) -> dict[str, Any]:
    canvas = Canvas(WIDTH)
    field = _Field(_ends(placed["across"], across.cut), _ends(placed["up"], up.cut))
    _draw_field(canvas, field, across, up, texts)
    _draw_quadrants(canvas, field, counts, across, up, texts)
    _draw_dots(canvas, field, placed, name)
    return canvas.spec(_TOP + _PLOT + 44)


def _ends(values: pd.Series, cut: float) -> tuple[float, float]:
    """Whole tenths around the values, with the cut well inside."""
    low = min([*values.tolist(), cut - 0.1]) - 0.04
    high = max([*values.tolist(), cut + 0.1]) + 0.04
    return max(floor(low * 10) / 10, 0.0), min(ceil(high * 10) / 10, 1.0)


def _ticks(ends: tuple[float, float]) -> list[float]:
    first, last = round(ends[0] * 10), round(ends[1] * 10)
    step = 1 if last - first <= _MOST_TICKS else 2
    return [no / 10 for no in range(first, last + 1, step)]


def _draw_field(canvas: Canvas, field: _Field, across: Axis, up: Axis, texts: Writer) -> None:
    """The frame, the two lines that part it, and the axes."""
    bottom = _TOP + _PLOT
    canvas.rect(_LEFT, _TOP, WIDTH - _LEFT, _PLOT, _GROUND)
    x, y = field.x(across.cut), field.y(up.cut)
    canvas.rule(x, _TOP, x, bottom, FAINT, 1.5)
    canvas.rule(_LEFT, y, WIDTH, y, FAINT, 1.5)
    for tick in _ticks(field.across):
        words = texts.number(tick, 1)
        canvas.text(words, field.x(tick), bottom + 14, FAINT, SMALL, align="center")
    for tick in _ticks(field.up):
        canvas.text(texts.number(tick, 1), _LEFT - 8, field.y(tick), FAINT, SMALL, align="right")
    canvas.text(across.name, (_LEFT + WIDTH) / 2, bottom + 36, bold=True, align="center")
    canvas.text(up.name, 8, _TOP + _PLOT / 2, bold=True, align="center", turned=True)


def _draw_quadrants(
    canvas: Canvas,
    field: _Field,
    counts: Mapping[str, int],
    across: Axis,
    up: Axis,
    texts: Writer,
) -> None:
    """The name of each quadrant, and how many cases it has, in its outer corner."""
    x = field.x(across.cut)
    for no, quadrant in enumerate(_QUADRANTS):
        on_right, below = no % 2 == 1, no > 1
        words = _quadrant_name(quadrant, across, up, texts)
        told = texts("figure.named", name=words, value=texts.number(counts.get(quadrant, 0)))
        room = (WIDTH - x if on_right else x - _LEFT) - 16
        middle = _TOP + (_PLOT - _STRIP / 2 if below else _STRIP / 2)
        place = WIDTH - 8 if on_right else _LEFT + 8
        line = shortened(told, room, SMALL)
        canvas.text(line, place, middle, FAINT, SMALL, align="right" if on_right else "left")


def _quadrant_name(quadrant: str, across: Axis, up: Axis, texts: Writer) -> str:
    return texts(f"figure.quadrant.{quadrant}", across=across.name, up=up.name)


# --- dots and their labels ---------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """A rectangle in pixels that is taken."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Place) -> bool:
        """Whether they share more than an edge."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def within(self, other: Place) -> bool:
        """Whether nothing of it is outside the other."""
        return (
            other.left <= self.left
            and self.right <= other.right
            and other.top <= self.top
            and self.bottom <= other.bottom
        )


def _draw_dots(canvas: Canvas, field: _Field, placed: pd.DataFrame, name: str | None) -> None:
    dots = [
        (field.x(row["across"]), field.y(row["up"]), _radius(row["n"], placed["n"].max(), name))
        for row in placed.to_dict("records")
    ]
    labels = [] if name is None else placed[name].astype("str").tolist()
    lines = [shortened(label, _LABEL, SMALL) for label in labels]
    inner = Place(_LEFT + 4, _TOP + _STRIP, WIDTH - 4, _TOP + _PLOT - _STRIP)
    places = place_labels(dots, [width_of(line, SMALL) for line in lines], inner)
    for (x, y, radius), place in zip(dots, places, strict=False):
        if place is not None:
            _draw_leader(canvas, x, y, radius, place)
    for x, y, radius in sorted(dots, key=lambda dot: -dot[2]):
        canvas.dot(x, y, radius, LINE)
    for line, place in zip(lines, places, strict=False):
        if place is not None:
            middle = (place.top + place.bottom) / 2
            canvas.text(line, place.left, middle, INK, SMALL)


def _radius(n: float, most: float, name: str | None) -> float:
    return _RADIUS if name is not None else max(_LARGEST * sqrt(n / most), 2.5)


def place_labels(
    dots: Sequence[tuple[float, float, float]], widths: Sequence[float], within: Place
) -> list[Place | None]:
    """Where the label of each dot stands, as near to it as it can, free of dots and other labels.

    dots : x, y and radius. None where there is no such place.
    """
    taken = [Place(x - r, y - r, x + r, y + r) for x, y, r in dots]
    found: list[Place | None] = []
    for (x, y, radius), width in zip(dots, widths, strict=False):
        free = (
            each
            for each in _around(x, y, radius, width)
            if each.within(within) and not any(each.meets(other) for other in taken)
        )
        place = next(free, None)
        found.append(place)
        if place is not None:
            taken.append(place)
    return found


def _around(x: float, y: float, radius: float, width: float) -> Iterator[Place]:
    """Places for a label around a dot, the best first: beside it, above, below, then further off."""
    for far in range(4, 140, 8):
        reach = radius + far
        for turn in (0, 8, 12, 4, 2, 14, 6, 10, 1, 15, 7, 9, 3, 13, 5, 11):
            angle = turn * pi / 8
            side = cos(angle)
            middle_x = x + reach * side + (width / 2) * (0 if abs(side) < 0.1 else side / abs(side))
            middle_y = y + (reach + _HIGH / 2) * sin(angle)
            yield Place(
                middle_x - width / 2,
                middle_y - _HIGH / 2,
                middle_x + width / 2,
                middle_y + _HIGH / 2,
            )


def _draw_leader(canvas: Canvas, x: float, y: float, radius: float, place: Place) -> None:
    """A thin line from a dot to its label, if that is not right beside it."""
    to_x = min(max(x, place.left), place.right)
    to_y = min(max(y, place.top), place.bottom)
    if sqrt((to_x - x) ** 2 + (to_y - y) ** 2) > radius + 8:
        canvas.rule(x, y, to_x, to_y, FAINT, 0.8)


def _alt(
    placed: pd.DataFrame,
    counts: Mapping[str, int],
    across: Axis,
    up: Axis,
    texts: Writer,
    name: str | None,
) -> str:
    named = [
        texts(
            "figure.named",
            name=_quadrant_name(each, across, up, texts),
            value=texts.number(counts.get(each, 0)),
        )
        for each in ("both", "across", "up", "neither")
    ]
    key = "figure.alt.quadrant_cases" if name is None else "figure.alt.quadrant"
    told = {"across": across.name, "up": up.name, "counts": "; ".join(named)}
    return texts(key, count=texts.number(len(placed)), **told)
