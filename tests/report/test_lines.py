"""The line figure: where the line runs, and what is written beside it."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from coder.report.lines import line_figure, x_ticks, y_ticks


def whole(value: float) -> str:
    return f"{value:.0f}"


def written(svg: str) -> list[str]:
    """Every piece of text in the picture."""
    return [each.text or "" for each in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def line(svg: str) -> list[tuple[float, float]]:
    """The points of the line in pixels; y runs downwards."""
    (path,) = re.findall(r'd="(M[^"]*)"[^>]*stroke="#0b6e6e" stroke-width="2.5"', svg)
    pairs = re.findall(r"[ML](-?[\d.]+),(-?[\d.]+)", path)
    return [(float(x), float(y)) for x, y in pairs]


def test_the_line_runs_through_the_points_from_left_to_right() -> None:
    svg = line_figure([(20, 10), (10, 0), (30, 5)], whole, whole)
    # 560 by 220 pixels; y goes from 0 to 10.
    assert line(svg) == [(0, 220), (280, 0), (560, 110)]


def test_the_axes_say_what_they_are_told() -> None:
    svg = line_figure([(1, 1), (2, 3)], lambda x: f"dag {x:.0f}", lambda y: f"{y:.0f} svar")
    assert written(svg) == ["dag 1", "dag 2", "0 svar", "1 svar", "2 svar", "3 svar"]


def test_what_is_written_is_text() -> None:
    svg = line_figure([(1, 1), (2, 3)], lambda _: "<b>\"Æ\" & 'ø'</b>", whole)
    assert written(svg)[0] == "<b>\"Æ\" & 'ø'</b>"


def test_one_point_alone_is_seen() -> None:
    svg = line_figure([(5, 1)], whole, whole)
    assert "5" in written(svg)
    assert svg.count('aria-roledescription="point"') == 1


def test_of_many_points_none_is_marked() -> None:
    svg = line_figure([(no, no) for no in range(41)], whole, whole)
    assert 'aria-roledescription="point"' not in svg


def test_without_points_there_is_no_line() -> None:
    with pytest.raises(ValueError, match="point"):
        line_figure([], whole, whole)


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ([3], [3]),
        ([0, 10], [0, 10]),
        ([10, 20, 30, 40, 50], [10, 30, 50]),
        ([0, 30, 100], [0, 30, 100]),
        ([0, 1, 2, 99, 100], [0, 100]),  # nothing happened in the middle
        ([7, 7, 7], [7]),
    ],
)
def test_where_something_is_written_below(values: list[float], ticks: list[float]) -> None:
    assert x_ticks(values) == ticks


@pytest.mark.parametrize(
    ("highest", "ticks"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (5, [0, 1, 2, 3, 4, 5]),
        (6, [0, 2, 4, 6]),
        (12, [0, 5, 10, 15]),
        (50, [0, 10, 20, 30, 40, 50]),
        (51, [0, 20, 40, 60]),
        (174, [0, 50, 100, 150, 200]),
        (5000, [0, 1000, 2000, 3000, 4000, 5000]),
    ],
)
def test_round_numbers_up_to_the_highest(highest: float, ticks: list[float]) -> None:
    assert y_ticks(highest) == ticks
