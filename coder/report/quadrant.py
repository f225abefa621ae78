"""A quadrant figure: two measures against each other, parted in the middle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, cos, floor, pi, sin, sqrt
from typing import Any

import pandas as pd

from coder.report.canvas import Align, Canvas
from coder.report.figure import Figure, Writer
from coder.report.letters import balanced, width_of
from coder.report.look import FAINT, INK, LINE, SMALL
from coder.report.rows import WIDTH

_LEFT, _TOP, _PLOT = 56.0, 8.0, 430.0  # pixels; the last is the height of the field
_STRIP = 48.0  # above and below the dots, for the names of the quadrants
_PAD = 24.0  # the same at the sides, so that no dot lies on the edge
_RADIUS, _LARGEST = 5.5, 16.0
_LABEL, _LINES, _LINE = 190.0, 2, 15.0  # the width of a label, its lines and their height
_NAME, _COUNT = 19.0, 17.0  # of a quadrant: how far in, and the size of its number
_MOST_TICKS = 8
_AROUND_CUT = 0.15  # so much of an axis is on either side of where it is parted
_GROUND = "#f6f8f7"
_FURTHEST = 90  # pixels between a dot and its label
_QUADRANTS = ("up", "both", "neither", "across")  # top left, top right, bottom left, bottom right


Dot = tuple[float, float, float]  # x, y and radius in pixels


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
    _draw_dots(canvas, field, placed, across, up, name)
    return canvas.spec(_TOP + _PLOT + 44)


def _ends(values: pd.Series, cut: float) -> tuple[float, float]:
    """From where to where an axis goes: around the values, with the cut well inside."""
    low, high = min([*values, cut - _AROUND_CUT]), max([*values, cut + _AROUND_CUT])
    return low, high


def _ticks(ends: tuple[float, float]) -> list[float]:
    first, last = ceil(ends[0] * 10 - 1e-9), floor(ends[1] * 10 + 1e-9)
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
        count = texts.number(counts.get(quadrant, 0))
        taken = width_of(count, _COUNT, bold=True) + 8
        room = (WIDTH - x if on_right else x - _LEFT) - 24 - taken
        lines = balanced(_quadrant_name(quadrant, across, up, texts), room, SMALL, most=2)
        middle = _TOP + (_PLOT - _NAME if below else _NAME)
        left = x + 10 if on_right else _LEFT + 10
        canvas.text(count, left, middle, INK, _COUNT, bold=True)
        for at, line in enumerate(lines):
            y = middle + (at - (len(lines) - 1) / 2) * _LINE
            canvas.text(line, left + taken, y, FAINT, SMALL)


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


def _draw_dots(
    canvas: Canvas,
    field: _Field,
    placed: pd.DataFrame,
    across: Axis,
    up: Axis,
    name: str | None,
) -> None:
    dots = [
        (field.x(row["across"]), field.y(row["up"]), _radius(row["n"], placed["n"].max(), name))
        for row in placed.to_dict("records")
    ]
    labels = [] if name is None else placed[name].astype("str").tolist()
    lines = [balanced(label, _LABEL, SMALL, most=_LINES) for label in labels]
    sizes = [
        (max([width_of(each, SMALL) for each in own], default=0), len(own) * _LINE) for own in lines
    ]
    places = place_labels(dots, sizes, *_where(field, across, up))
    for (x, y, radius), place in zip(dots, places, strict=False):
        if place is not None:
            _draw_leader(canvas, x, y, radius, place)
    for x, y, radius in sorted(dots, key=lambda dot: -dot[2]):
        canvas.dot(x, y, radius, LINE)
    for dot, own, place in zip(dots, lines, places, strict=False):
        if place is not None:
            _draw_label(canvas, dot[0], own, place)


def _draw_label(canvas: Canvas, x: float, lines: Sequence[str], place: Place) -> None:
    """The lines of a label, right up to the dot at ``x``."""
    on_left = place.right <= x
    for no, line in enumerate(lines):
        edge: tuple[float, Align] = (place.right, "right") if on_left else (place.left, "left")
        canvas.text(line, edge[0], place.top + (no + 0.5) * _LINE, INK, SMALL, align=edge[1])


def _where(field: _Field, across: Axis, up: Axis) -> tuple[Place, list[Place]]:
    """Within what labels stand, and the lines that had better not run through them."""
    inner = Place(_LEFT + 4, _TOP + _STRIP, WIDTH - 4, _TOP + _PLOT - _STRIP)
    x, y = field.x(across.cut), field.y(up.cut)
    return inner, [Place(x, _TOP, x + 1, _TOP + _PLOT), Place(_LEFT, y, WIDTH, y + 1)]


def _radius(n: float, most: float, name: str | None) -> float:
    return _RADIUS if name is not None else max(_LARGEST * sqrt(n / most), 2.5)


def place_labels(
    dots: Sequence[Dot],
    sizes: Sequence[tuple[float, float]],
    within: Place,
    lines: Sequence[Place] = (),
) -> list[Place | None]:
    """Where the label of each dot stands, as near to it as it can, free of dots and other labels.

    sizes : width and height of each label; there may be fewer than dots. lines : what a label only
    lies on when it can't stand near its dot without. None where there is no place at all.
    """
    taken = [Place(x - r, y - r, x + r, y + r) for x, y, r in dots]
    found: list[Place | None] = []
    for dot, size in zip(dots, sizes, strict=False):
        free = [
            each
            for each in _around(dot, size)
            if each.within(within) and not any(each.meets(other) for other in taken)
        ]
        off = (each for each in free if not any(each.meets(line) for line in lines))
        place = next(off, free[0] if free else None)
        found.append(place)
        if place is not None:
            taken.append(place)
    return found


def _around(dot: Dot, size: tuple[float, float]) -> Iterator[Place]:
    """Places around a dot, the best first: on the right, left, above, below, then further off."""
    (x, y, radius), (wide, high) = dot, size
    for far in range(4, _FURTHEST, 6):
        reach = radius + far
        for turn in (0, 8, 12, 4, 15, 1, 9, 7, 14, 2, 10, 6, 13, 3, 11, 5):
            across, down = cos(turn * pi / 8), sin(turn * pi / 8)
            middle_x = x + reach * across + round(across * 2) / 2 * wide / 2
            middle_y = y + reach * down + round(down * 2) / 2 * high / 2
            yield Place(
                middle_x - wide / 2, middle_y - high / 2, middle_x + wide / 2, middle_y + high / 2
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
    if placed.empty:
        return texts("figure.alt.nothing")
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
