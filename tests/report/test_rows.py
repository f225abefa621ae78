"""Bars, dots and heat maps: what stands where, and that numbers are written as people do."""

from __future__ import annotations

from functools import partial

import pandas as pd
import pytest

from coder.i18n import load_texts
from coder.report.bars import bars
from coder.report.dots import Reference, dots
from coder.report.heat import heat
from coder.report.look import DONT_KNOW, LINE, contrast
from coder.report.rows import LABELS, LEFT
from tests.report.drawn import layers, rects, texts_in, words_in

TEXTS = load_texts("da")
NUMBER = partial(TEXTS.number, decimals=2)
NAN = float("nan")


def test_bars_are_as_long_as_their_shares() -> None:
    table = pd.DataFrame({"label": ["b", "a", "<c>"], "share": [1.0, 0.25, NAN]})
    figure = bars(
        table, TEXTS, TEXTS.percent, name="label", value="share", faint=[False, False, True]
    )
    whole, quarter, none = rects(figure)
    assert quarter.width / whole.width == 0.25
    assert none.width == 0
    assert [each.colour for each in (whole, quarter, none)] == [LINE, LINE, DONT_KNOW]
    assert words_in(figure) == ["100 %", "25 %", "–", "b", "a", "<c>"]
    assert figure.alt == TEXTS("figure.alt.bars_all", told="b: 100 %; a: 25 %; <c>: –")


def test_labels_wrap_and_stay_left_of_the_bars() -> None:
    label = "Medarbejdere fra andre fagområder/sektorområder i kommunen"
    table = pd.DataFrame({"label": [label], "share": [0.5]})
    figure = bars(table, TEXTS, TEXTS.percent, name="label", value="share")
    own = [each for each in texts_in(figure) if each.align == "right"]
    assert len(own) == 2
    assert " ".join(each.words for each in own) == label
    assert all(each.box()[0] >= 0 and each.box()[2] <= LABELS for each in own)


def table_of_dots() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "category": ["A", "B", "C"],
            "value": [0.75, 0.5, NAN],
            "low": [0.5, NAN, NAN],
            "high": [1.0, NAN, NAN],
            "n": [1200, 3, 0],
        }
    )


def test_a_dot_lies_within_its_interval_on_the_scale() -> None:
    figure = dots(
        table_of_dots(), TEXTS, NUMBER, name="category", reference=Reference(0.25, "Alle: 0,25")
    )
    points = [row for _, rows in layers(figure, "point") for row in rows]
    rules = {mark["strokeWidth"]: rows for mark, rows in layers(figure, "rule")}
    (interval,), (reference,) = rules[2.5], rules[1.5]
    assert len(points) == 2  # where there is no value, there is no dot
    zero = points[1]["x"] - (points[0]["x"] - points[1]["x"]) * 2
    assert zero == pytest.approx(LEFT)
    assert (interval["x"], interval["x2"]) == pytest.approx((points[1]["x"], interval["x2"]))
    assert interval["x2"] - points[0]["x"] == pytest.approx(points[0]["x"] - points[1]["x"])
    assert reference["x"] - zero == pytest.approx(points[0]["x"] - points[1]["x"])
    words = words_in(figure)
    assert {"0,75", "0,50", "–", "1.200", "3", "Alle: 0,25"} <= set(words)


def table_of_cells(ns: list[int]) -> pd.DataFrame:
    cells = [("A", "x", 0.125), ("A", "y", 1.0), ("B", "x", NAN), ("B", "y", 0.0)]
    table = pd.DataFrame(cells, columns=["row", "column", "value"])
    return table.assign(n=ns)


def test_cells_get_darker_and_can_be_read() -> None:
    table = table_of_cells([4, 4, 2, 2])
    figure = heat(table, TEXTS, TEXTS.percent, row="row", column="column", value="value")
    cells = rects(figure)
    lights = [contrast(each.colour, "#000000") for each in cells]
    assert lights[1] < lights[0] < lights[3] < lights[2]  # all, an eighth, none, not known
    for text in texts_in(figure):
        for own in (each for each in cells if each.holds(text)):
            assert contrast(text.colour, own.colour) >= 4.5
    words = words_in(figure)
    assert {"13 %", "100 %", "0 %", "–", "4", "2", "n"} <= set(words)


def test_n_stands_in_the_cells_where_it_is_not_the_same_in_a_row() -> None:
    table = table_of_cells([4, 3, 2, 2])
    figure = heat(table, TEXTS, TEXTS.percent, row="row", column="column", value="value")
    assert {"n = 4", "n = 3"} <= set(words_in(figure))
    assert "n" not in words_in(figure)


def test_the_words_tell_the_highest_and_the_lowest() -> None:
    table = table_of_cells([4, 4, 2, 2])
    alt = heat(table, TEXTS, TEXTS.percent, row="row", column="column", value="value").alt
    assert "A, y (100 %)" in alt
    assert "B, y (0 %)" in alt
