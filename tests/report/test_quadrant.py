"""The quadrant figure: where dots lie, and that labels keep clear of each other."""

from __future__ import annotations

from itertools import combinations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coder.i18n import load_texts
from coder.report.figure import Figure
from coder.report.quadrant import Axis, Place, place_labels, quadrant
from tests.report.drawn import layers, texts_in, words_in

TEXTS = load_texts("da")
UNIT = st.floats(0, 1).map(lambda value: round(value, 3))
FIELD = Place(0, 0, 700, 400)
DOTS = st.lists(st.tuples(st.floats(10, 690), st.floats(10, 390), st.just(5.5)), max_size=25)


def drawn(points: list[tuple[float, float]], name: str | None = "category") -> Figure:
    table = pd.DataFrame(points, columns=["across", "up"], dtype="float64")
    table["category"] = [f"Kategori {no}" for no in range(len(points))]
    table["n"] = range(1, len(points) + 1)
    counts = {"both": 12, "across": 3, "up": 0, "neither": 5}
    return quadrant(table, counts, Axis("Potentiale"), Axis("Højde"), TEXTS, name=name)


def dots_of(figure: Figure) -> list[tuple[float, float]]:
    return [(row["x"], row["y"]) for _, rows in layers(figure, "point") for row in rows]


@given(DOTS)
def test_labels_keep_clear_of_dots_labels_and_the_edge(
    dots: list[tuple[float, float, float]],
) -> None:
    sizes = [(60.0 + 7 * (no % 9), 15.0 * (1 + no % 2)) for no in range(len(dots))]
    found = [each for each in place_labels(dots, sizes, FIELD) if each is not None]
    assert all(each.within(FIELD) for each in found)
    assert not any(one.meets(other) for one, other in combinations(found, 2))
    for x, y, r in dots:
        assert not any(each.meets(Place(x - r, y - r, x + r, y + r)) for each in found)


def test_a_label_stands_beside_its_dot_when_it_can() -> None:
    (place,) = place_labels([(100, 100, 5)], [(80, 16)], FIELD)
    assert place == Place(109, 92, 189, 108)


def test_a_label_keeps_off_a_line_when_it_can() -> None:
    line = Place(150, 0, 151, 400)
    (place,) = place_labels([(100, 100, 5)], [(80, 16)], FIELD, [line])
    assert place is not None
    assert not place.meets(line)


@settings(max_examples=15)  # each draws a whole figure
@given(st.lists(st.tuples(UNIT, UNIT), min_size=1, max_size=12, unique=True))
def test_dots_lie_in_the_quadrant_of_their_values(points: list[tuple[float, float]]) -> None:
    figure = drawn(points)
    rules = [row for _, rows in layers(figure, "rule") for row in rows][:2]
    x, y = rules[0]["x"], rules[1]["y"]
    for (across, up), (dot_x, dot_y) in zip(points, dots_of(figure), strict=True):
        assert (dot_x > x) == (across > 0.5) or abs(dot_x - x) < 0.01
        assert (dot_y < y) == (up > 0.5) or abs(dot_y - y) < 0.01


@settings(max_examples=15)  # each draws a whole figure
@given(st.lists(st.tuples(UNIT, UNIT), min_size=1, max_size=12))
def test_no_text_lies_on_another(points: list[tuple[float, float]]) -> None:
    boxes = [each.box() for each in texts_in(drawn(points)) if not each.angle]
    for (l1, t1, r1, b1), (l2, t2, r2, b2) in combinations(boxes, 2):
        assert min(r1, r2) - max(l1, l2) < 0.5 or min(b1, b2) - max(t1, t2) < 0.5


def test_quadrants_have_a_name_and_a_number() -> None:
    words = words_in(drawn([(0.2, 0.3)]))
    assert {"12", "Begge over midten", "0", "5", "Ingen over midten"} <= set(words)
    assert {"Potentiale", "Højde", "Kategori 0"} <= set(words)


def test_of_cases_there_are_no_labels_and_the_area_tells_how_many() -> None:
    figure = drawn([(0.2, 0.3), (0.7, 0.3)], name=None)
    assert "Kategori 0" not in words_in(figure)
    sizes = sorted(row["size"] for _, rows in layers(figure, "point") for row in rows)
    assert sizes[1] / sizes[0] == pytest.approx(2)


def test_the_words_tell_the_counts() -> None:
    assert "Begge over midten: 12; Kun Potentiale over midten: 3" in drawn([(0.2, 0.3)]).alt
