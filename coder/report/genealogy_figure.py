"""Where each code came from, as a vector picture: time runs to the right, each code is a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from xml.etree.ElementTree import Element, SubElement, tostring

_INK, _FAINT, _LINE, _GRID = "#1c2b2a", "#566765", "#0b6e6e", "#d5dedc"
_FONT = "DejaVu Sans, Verdana, sans-serif"
_SIZE, _SMALL, _SIGN = 13, 12, 7.4  # of letters, in pixels; and how wide one is at most
_ROW, _STEP, _TURN = 38, 44, 14  # height of a line, width of a moment, radius of a bend
_PLOT, _NAMES, _EDGE, _TOP = 640, 260, 16, 26  # widths of the lines and the names; the margins
_LONGEST = 33  # signs of a name
LEGEND = ("born", "renamed", "split", "merged", "retired")


class Happening(Protocol):
    """What happened to a code at one entry of the log, as ``coding.genealogy`` tells it."""

    @property
    def no(self) -> int: ...
    @property
    def at(self) -> datetime: ...
    @property
    def code(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def what(self) -> str: ...
    @property
    def other(self) -> str | None: ...


@dataclass(frozen=True)
class Lane:
    """The line of one code; moments are numbered from 0.

    ``name`` is what it is called now, or was at last, and ``first`` what it was at its birth.
    ``begin`` and ``end`` are moments; no ``end``: it is there now. ``source`` is the code that it
    was split from, ``target`` the one that it was merged into. ``marks`` are the other moments at
    which something happened: it was renamed, retired or returned.
    """

    code: str
    name: str
    first: str
    begin: int
    end: int | None = None
    source: str | None = None
    target: str | None = None
    marks: tuple[tuple[int, str], ...] = ()


def lanes(events: Sequence[Happening]) -> list[Lane]:
    """A line for each code, those beside each other that were split or merged.

    Moments are the entries of the log at which a code was born, renamed, split, merged, retired
    or returned, in order; when it was moved or only described otherwise is left out.
    """
    told = [each for each in events if each.what in (*LEGEND, "returned")]
    moments = {no: at for at, no in enumerate(dict.fromkeys(each.no for each in told))}
    found: dict[str, Lane] = {}
    for each in told:
        now = moments[each.no]
        if each.what in ("born", "split"):
            source = each.other if each.what == "split" else None
            found[each.code] = Lane(each.code, each.label, each.label, now, source=source)
        elif each.what == "merged":
            found[each.code] = replace(found[each.code], end=now, target=each.other)
        else:
            lane = found[each.code]
            marks = (*lane.marks, (now, each.what))
            found[each.code] = replace(lane, name=each.label, marks=marks)
    return [found[code] for code in _order(found)]


def _order(found: Mapping[str, Lane]) -> list[str]:
    """As they were born; what was split off stands below its source, what was merged likewise."""
    order: list[str] = []
    for lane in found.values():
        after = [at for at, code in enumerate(order) if _is_from(found[code], lane.source)]
        order.insert(after[-1] + 1 if after else len(order), lane.code)
    merged = sorted((e for e in found.values() if e.target), key=lambda e: -(e.end or 0))
    for lane in merged:
        order.remove(lane.code)
        order.insert(order.index(str(lane.target)) + 1, lane.code)
    return order


def _is_from(lane: Lane, source: str | None) -> bool:
    return source is not None and source in (lane.code, lane.source)


def genealogy_figure(
    events: Sequence[Happening],
    colours: Mapping[str, str],
    words: Mapping[str, str],
    when: Callable[[datetime], str],
) -> str:
    """The lines of all codes, as SVG.

    colours : ``#rrggbb`` by code; one that has none is drawn like the others that have none.
    words : what each sign of ``LEGEND`` is called. when : writes a moment. Raises ``ValueError``
    when nothing has happened.
    """
    rows = lanes(events)
    if not rows:
        raise ValueError("a genealogy needs at least one code")
    times = dict.fromkeys(each.no for each in events if each.what in (*LEGEND, "returned"))
    picture = _Picture(rows, colours, len(times))
    for lane in rows:
        picture.draw_line(lane)
    for lane in rows:  # above all lines
        picture.draw_marks(lane)
        picture.draw_names(lane)
    picture.draw_axis(when(min(e.at for e in events)), when(max(e.at for e in events)))
    picture.draw_legend(words)
    return picture.svg()


class _Picture:
    """The picture while it is drawn, in pixels."""

    def __init__(self, rows: Sequence[Lane], colours: Mapping[str, str], moments: int) -> None:
        self.y = {lane.code: _TOP + _ROW * no for no, lane in enumerate(rows)}
        self.begins = {lane.code: lane.begin for lane in rows}
        self.colours = colours
        self.step = min(_STEP, _PLOT / moments)
        self.turn = min(_TURN, self.step * 0.8)
        self.right = self.x(moments) + 4  # now
        self.width, self.height = self.right + _NAMES, float(_TOP + _ROW * len(rows))
        self.root = Element("svg", xmlns="http://www.w3.org/2000/svg")
        self.root.set("font-family", _FONT)
        SubElement(self.root, "rect", width="100%", height="100%", fill="#ffffff")

    def svg(self) -> str:
        size = {"width": f"{self.width:.0f}", "height": f"{self.height:.0f}"}
        self.root.attrib.update(size, viewBox=f"0 0 {size['width']} {size['height']}")
        return tostring(self.root, encoding="unicode")

    def x(self, moment: int) -> float:
        return _EDGE + self.step * (moment + 0.3)

    def colour(self, code: str) -> str:
        return self.colours.get(code) or _LINE

    # --- lines ---------------------------------------------------------------------------------

    def draw_line(self, lane: Lane) -> None:
        """From where it comes up, or leaves its source, to now, or into its target.

        While it is not in use it is dashed.
        """
        x, y = self.x(lane.begin), self.y[lane.code]
        if lane.source is not None:
            self.path(f"M{x:.1f},{self.y[lane.source]} {self.bend(x, y, lane.source)}", lane.code)
            x += self.turn
        stops = [moment for moment, what in lane.marks if what in ("retired", "returned")]
        last = self.right if lane.end is None else self.x(lane.end) - self.turn
        for no, stop in enumerate([*map(self.x, stops), last]):
            self.path(f"M{x:.1f},{y} H{stop:.1f}", lane.code, dashed=no % 2 == 1)
            x = stop
        if lane.target is not None and lane.end is not None:
            to, end = self.y[lane.target], self.x(lane.end)
            away = self.turn if to > y else -self.turn
            bend = f"M{x:.1f},{y} Q{end:.1f},{y} {end:.1f},{y + away:.1f} V{to}"
            self.path(bend, lane.code)

    def bend(self, x: float, y: float, source: str) -> str:
        """Up or down from the source, then to the right."""
        back = -self.turn if y > self.y[source] else self.turn
        return f"V{y + back:.1f} Q{x:.1f},{y} {x + self.turn:.1f},{y}"

    def path(self, way: str, code: str, dashed: bool = False) -> None:
        style = {"fill": "none", "stroke": self.colour(code), "stroke-width": "3"}
        if dashed:
            style |= {"stroke-dasharray": "3 5", "stroke-width": "2"}
        SubElement(self.root, "path", {"d": way, **style})

    # --- signs ---------------------------------------------------------------------------------

    def draw_marks(self, lane: Lane) -> None:
        """What happened to it, and what it became of another or another of it."""
        y, colour = self.y[lane.code], self.colour(lane.code)
        sign = "born" if lane.source is None else "split"
        at = y if lane.source is None else self.y[lane.source]
        self.sign(sign, self.x(lane.begin), at, colour)
        for moment, what in lane.marks:
            self.sign(what, self.x(moment), y, colour)
        if lane.target is not None and lane.end is not None:
            to = self.y[lane.target]
            self.sign("merged", self.x(lane.end), to, colour, up=to < y)

    def sign(self, what: str, x: float, y: float, colour: str, up: bool = False) -> None:
        style = {"fill": "#ffffff", "stroke": colour, "stroke-width": "2.5"}
        match what:
            case "born":
                SubElement(self.root, "circle", cx=f"{x:.1f}", cy=f"{y}", r="6", fill=colour)
            case "split":
                SubElement(self.root, "circle", style, cx=f"{x:.1f}", cy=f"{y}", r="4")
            case "renamed":
                way = f"M{x:.1f},{y - 7} l7,7 l-7,7 l-7,-7 z"
                SubElement(self.root, "path", {"d": way, **style})
            case "merged":
                base = 9 if up else -9
                way = f"M{x:.1f},{y} l-6,{base} h12 z"
                SubElement(self.root, "path", {"d": way, "fill": colour})
            case _:  # retired, returned
                way = f"M{x:.1f},{y - 7} v14"
                SubElement(self.root, "path", {"d": way, "stroke": colour, "stroke-width": "3"})

    # --- words ---------------------------------------------------------------------------------

    def draw_names(self, lane: Lane) -> None:
        """What is there now is named behind its line; what is not, and first names, above it."""
        y, x = self.y[lane.code], self.x(lane.begin) - 6
        if lane.source is not None:
            x += self.turn
        if lane.end is None:
            self.text(lane.name, self.right + 10, y + 5, _SIZE, _INK)
        if lane.end is not None or lane.first != lane.name:
            self.text(lane.first, x, y - 10, _SMALL, _FAINT)

    def text(self, words: str, x: float, y: float, size: int, colour: str) -> None:
        """Words with a white edge, that can be read also where a line runs through."""
        style = {"stroke": "#ffffff", "stroke-width": "4", "stroke-linejoin": "round"}
        place = {"x": f"{x:.1f}", "y": f"{y:.1f}", "font-size": str(size), "fill": colour}
        made = SubElement(self.root, "text", {**place, **style, "paint-order": "stroke"})
        made.text = shortened(words)

    def draw_axis(self, first: str, last: str) -> None:
        y = self.height - _ROW / 2 + 6
        way = f"M{_EDGE},{y} H{self.right:.1f}"
        SubElement(self.root, "path", d=way, stroke=_GRID).set("stroke-width", "1")
        self.text(first, _EDGE, y + 18, _SMALL, _FAINT)
        if last != first:
            begin = max(self.right - len(last) * _SIGN, _EDGE + (len(first) + 3) * _SIGN)
            self.text(last, begin, y + 18, _SMALL, _FAINT)
        self.height = y + 30

    def draw_legend(self, words: Mapping[str, str]) -> None:
        x, y = float(_EDGE + 6), self.height + 16
        for sign in LEGEND:
            wide = 40 + len(words[sign]) * _SIGN
            if x + wide > self.width:
                x, y = float(_EDGE + 6), y + 24
            self.sign(sign, x, y + (6 if sign == "merged" else 0), _LINE)
            self.text(words[sign], x + 14, y + 4, _SMALL, _INK)
            x += wide
        self.height = y + 18


def shortened(words: str) -> str:
    """Words as they fit beside a line; signs that can't be written are left out."""
    written = "".join(each for each in words if each.isprintable())
    return written if len(written) <= _LONGEST else written[: _LONGEST - 1].rstrip() + "…"
