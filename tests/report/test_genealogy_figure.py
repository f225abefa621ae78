"""The picture of where codes came from: which lines there are, how they run, what is written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest

from coder.report.genealogy_figure import LEGEND, Lane, genealogy_figure, lanes, shortened

SVG = "{http://www.w3.org/2000/svg}"
WORDS = {sign: f"<{sign}>" for sign in LEGEND}
START = datetime(2026, 3, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Event:
    no: int
    code: str
    label: str
    what: str
    other: str | None = None

    @property
    def at(self) -> datetime:
        return START + timedelta(days=self.no)


def drawn(*events: Event, colours: dict[str, str] | None = None) -> ET.Element:
    when = "{:%d.%m}".format
    return ET.fromstring(genealogy_figure(events, colours or {}, WORDS, when))


def written(svg: ET.Element) -> list[str]:
    return [each.text or "" for each in svg.iter(f"{SVG}text")]


def ways(svg: ET.Element, colour: str) -> list[str]:
    """The lines drawn in this colour."""
    return [
        each.get("d", "")
        for each in svg.iter(f"{SVG}path")
        if each.get("stroke") == colour and each.get("fill") == "none"
    ]


def place(svg: ET.Element, words: str) -> float:
    """How far down something is written."""
    (found,) = [each for each in svg.iter(f"{SVG}text") if each.text == words]
    return float(found.get("y", ""))


# --- which lines there are ---------------------------------------------------------------------


def test_a_code_lives_from_its_birth_to_its_merger() -> None:
    found = lanes(
        [
            Event(2, "a", "A", "born"),
            Event(5, "b", "B", "born"),
            Event(6, "b", "B", "revised"),  # nothing that the picture shows
            Event(9, "b", "Bb", "renamed"),
            Event(12, "b", "Bb", "merged", "a"),
        ]
    )
    assert found == [
        Lane("a", "A", "A", 0),
        Lane("b", "Bb", "B", 1, end=3, target="a", marks=((2, "renamed"),)),
    ]


def test_the_parts_of_one_split_come_at_one_moment() -> None:
    found = lanes(
        [
            Event(1, "a", "A", "born"),
            Event(2, "z", "Z", "born"),
            Event(3, "b", "B", "split", "a"),
            Event(3, "c", "C", "split", "a"),
            Event(4, "a", "A", "retired"),
        ]
    )
    assert [(each.code, each.begin, each.source) for each in found] == [
        ("a", 0, None),
        ("b", 2, "a"),  # below what it was split from, before what came earlier
        ("c", 2, "a"),
        ("z", 1, None),
    ]
    assert found[0].marks == ((3, "retired"),)


def test_what_was_merged_stands_below_what_it_went_into() -> None:
    found = lanes(
        [
            *(Event(no, code, code, "born") for no, code in enumerate("abcd", start=1)),
            Event(5, "a", "a", "merged", "b"),
            Event(6, "b", "b", "merged", "d"),
        ]
    )
    assert [each.code for each in found] == ["c", "d", "b", "a"]


def test_a_part_that_goes_back_and_a_source_that_goes_into_its_part() -> None:
    born, split = Event(1, "a", "A", "born"), Event(2, "b", "B", "split", "a")
    back = lanes([born, split, Event(3, "b", "B", "merged", "a")])
    assert [each.code for each in back] == ["a", "b"]
    into = lanes([born, split, Event(3, "a", "A", "merged", "b")])
    assert [each.code for each in into] == ["b", "a"]
    assert drawn(born, split, Event(3, "a", "A", "merged", "b")) is not None


# --- how they are drawn ------------------------------------------------------------------------


def test_what_is_there_now_runs_to_the_end_and_is_named_there() -> None:
    svg = drawn(Event(1, "a", "A", "born"), Event(2, "b", "B", "born"), colours={"a": "#0072b2"})
    (line,) = ways(svg, "#0072b2")
    # A moment is 44 pixels wide and the first begins at 16 + 0.3 * 44; now is after the second.
    assert line == "M29.2,26 H121.2"
    (other,) = ways(svg, "#0b6e6e")  # that has no colour
    assert other == "M73.2,64 H121.2"
    assert written(svg)[:2] == ["A", "B"]
    assert place(svg, "B") - place(svg, "A") == 38


def test_a_merger_bends_into_the_other_line() -> None:
    svg = drawn(
        Event(1, "a", "A", "born"),
        Event(2, "b", "B", "born"),
        Event(3, "b", "B", "merged", "a"),
        colours={"b": "#c85200"},
    )
    assert ways(svg, "#c85200") == [
        "M73.2,64 H103.2",
        "M103.2,64 Q117.2,64 117.2,50.0 V26",
    ]
    assert place(svg, "B") == 64 - 10  # above its line: it is no more


def test_a_split_leaves_its_source() -> None:
    svg = drawn(
        Event(1, "a", "A", "born"), Event(2, "b", "B", "split", "a"), colours={"b": "#c85200"}
    )
    assert ways(svg, "#c85200") == ["M73.2,26 V50.0 Q73.2,64 87.2,64", "M87.2,64 H121.2"]


def test_while_it_is_out_of_use_it_is_dashed() -> None:
    svg = drawn(
        Event(1, "a", "A", "born"),
        Event(2, "a", "A", "retired"),
        Event(3, "a", "A", "returned"),
    )
    dashed = [each.get("stroke-dasharray") for each in svg.iter(f"{SVG}path")][:3]
    assert dashed == [None, "3 5", None]


def test_a_renamed_code_has_its_first_name_above_its_line() -> None:
    svg = drawn(Event(1, "a", "Før", "born"), Event(2, "a", "Nu", "renamed"))
    assert (place(svg, "Nu"), place(svg, "Før")) == (26 + 5, 26 - 10)


def test_the_time_and_the_signs_are_told() -> None:
    svg = drawn(Event(1, "a", "A", "born"), Event(9, "b", "B", "born"))
    assert written(svg)[2:] == ["02.03", "10.03", *(WORDS[sign] for sign in LEGEND)]
    assert written(drawn(Event(1, "a", "A", "born")))[1:2] == ["02.03"]  # once, if it is one


@pytest.mark.parametrize("moments", [1, 20, 400])
def test_the_picture_is_never_wider_than_a_page(moments: int) -> None:
    svg = drawn(*(Event(no, f"c{no}", f"Kode {no}", "born") for no in range(moments)))
    width, height = float(svg.get("width", "")), float(svg.get("height", ""))
    assert width <= 960
    inside = [float(each) for each in re.findall(r'y="([\d.]+)"', ET.tostring(svg, "unicode"))]
    assert max(inside) < height


def test_names_are_text() -> None:
    name = "<b>\"Æ\" & 'ø'</b>\x00"
    assert written(drawn(Event(1, "a", name, "born")))[0] == name[:-1]


def test_a_long_name_is_shortened() -> None:
    assert shortened("Kort") == "Kort"
    assert shortened("Hjælp til ældre i eget hjem og andre steder") == (
        "Hjælp til ældre i eget hjem og a…"
    )
    assert len(shortened("x" * 99)) == len(shortened("x" * 33)) == 33


def test_before_any_code_there_is_no_picture() -> None:
    with pytest.raises(ValueError, match="code"):
        drawn()
