"""What a figure draws, read from its specification: the marks in pixels."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from PIL import ImageFont

from coder.report.figure import Figure

_FONTS = Path("/usr/share/fonts/truetype/dejavu")
_FILES = {"normal": "DejaVuSans.ttf", "bold": "DejaVuSans-Bold.ttf"}


@dataclass(frozen=True)
class Rect:
    x: float
    y: float
    x2: float
    y2: float
    colour: str

    @property
    def width(self) -> float:
        return self.x2 - self.x

    def holds(self, other: Text, slack: float = 0.5) -> bool:
        left, top, right, bottom = other.box()
        return (
            self.x - slack <= left
            and right <= self.x2 + slack
            and self.y - slack <= top
            and bottom <= self.y2 + slack
        )


@dataclass(frozen=True)
class Text:
    words: str
    x: float
    y: float  # of the line that letters stand on
    colour: str
    size: float
    align: str
    weight: str
    style: str
    angle: float

    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom, by the real font; the bottom without what hangs below."""
        wide = measured(self.words, self.size, self.weight)
        left = self.x - {"left": 0, "center": wide / 2, "right": wide}[self.align]
        return left, self.y - 0.73 * self.size, left + wide, self.y


def rects(figure: Figure) -> list[Rect]:
    return [
        Rect(row["x"], row["y"], row["x2"], row["y2"], row["colour"])
        for _, rows in layers(figure, "rect")
        for row in rows
    ]


def texts_in(figure: Figure) -> list[Text]:
    return [
        Text(
            row["words"],
            row["x"],
            row["y"],
            row["colour"],
            mark["fontSize"],
            mark["align"],
            mark["fontWeight"],
            mark["fontStyle"],
            mark["angle"],
        )
        for mark, rows in layers(figure, "text")
        for row in rows
    ]


def words_in(figure: Figure) -> list[str]:
    return [each.words for each in texts_in(figure)]


def layers(figure: Figure, kind: str) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """The marks of one kind, with their rows."""
    spec = json.loads(json.dumps(figure.spec))
    for layer in spec.get("layer", [spec]):
        if layer["mark"]["type"] == kind:
            data = layer["data"]
            yield layer["mark"], data.get("values") or spec["datasets"][data["name"]]


def measured(words: str, size: float, weight: str = "normal") -> float:
    """The width of a line in DejaVu Sans itself."""
    return float(_font(weight).getlength(words)) * size / 1000


@cache
def _font(weight: str) -> ImageFont.FreeTypeFont:
    path = _FONTS / _FILES[weight]
    if not path.is_file():
        pytest.skip("DejaVu Sans is not installed")
    return ImageFont.truetype(str(path), 1000)
