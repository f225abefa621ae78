"""How figures look: colours that print well in grey and are told apart by everyone."""

from __future__ import annotations

from collections.abc import Sequence

FONT = "DejaVu Sans, Verdana, sans-serif"  # Verdana has the same widths where there is no DejaVu
SIZE, SMALL = 13, 12  # of letters, in pixels
INK, FAINT, PAPER = "#1c2b2a", "#566765", "#ffffff"
LINE, GRID = "#0b6e6e", "#d5dedc"
DONT_KNOW, NOT_RELEVANT = "#c3c9c8", "#e3e7e6"

# From dark to light, so that neighbours differ in grey too. A scale has one hue; one with a middle
# has two; what has no order has several.
SEQUENTIAL = ("#0a4a4c", "#2a7b79", "#8dc3be", "#d6ebe8")
DIVERGING = ("#0a4a4c", "#74b3af", "#efece4", "#f0b27a", "#b35c12")
NOMINAL = ("#1f2f5c", "#176f7c", "#5fa56b", "#c9bf52", "#f6e3a1")

READABLE = 4.5  # the least contrast of letters and what is behind them (WCAG 2.2, AA)
_INKS = (INK, "#ffffff", "#000000")  # one of the last two can be read on any fill


def ramp(anchors: Sequence[str], count: int) -> list[str]:
    """So many colours, evenly along the anchors; of one alone, the colour of bars."""
    if count == 1:
        return [LINE]
    places = [no * (len(anchors) - 1) / (count - 1) for no in range(count)]
    return [_between(anchors, place) for place in places]


def along(anchors: Sequence[str], share: float) -> str:
    """The colour at a share of the way from the first anchor to the last."""
    return _between(anchors, min(max(share, 0.0), 1.0) * (len(anchors) - 1))


def _between(anchors: Sequence[str], place: float) -> str:
    at = min(int(place), len(anchors) - 2)
    first, second = _parts(anchors[at]), _parts(anchors[at + 1])
    mixed = (a + (b - a) * (place - at) for a, b in zip(first, second, strict=True))
    return "#" + "".join(f"{round(each):02x}" for each in mixed)


def ink_on(fill: str) -> str:
    """The first colour of letters that can be read on this fill."""
    return next(ink for ink in _INKS if contrast(ink, fill) >= READABLE)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    dark, light = sorted(map(_luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    """Relative luminance of sRGB (WCAG 2.2)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _unit(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _unit(colour: str) -> list[float]:
    return [each / 255 for each in _parts(colour)]


def _parts(colour: str) -> list[int]:
    """Red, green and blue of ``#rrggbb``, 0–255."""
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
