"""Stacked bars: that segments are as long as their shares, in order, and can be read."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coder.i18n import load_texts
from coder.report.figure import Figure
from coder.report.look import DONT_KNOW, PAPER, contrast
from coder.report.rows import LEFT
from coder.report.stacked import StackedOption, stacked
from tests.report.drawn import rects, texts_in, words_in

TEXTS = load_texts("da")
OPTIONS = (
    StackedOption("1", "I høj grad"),
    StackedOption("2", "I nogen grad"),
    StackedOption("3", "Slet ikke"),
    StackedOption("9", "Ved ikke", "dont_know"),
)
COUNTS = st.lists(st.lists(st.integers(0, 300), min_size=4, max_size=4), min_size=1, max_size=5)


def table_of(counts: list[list[int]]) -> pd.DataFrame:
    """A bar for each list of counts."""
    rows = []
    for no, own in enumerate(counts):
        n = sum(own)
        for option, count in zip(OPTIONS, own, strict=True):
            share = count / n if n else float("nan")
            rows.append((f"i{no}", f"Punkt {no}", option.code, option.label, count, share, n))
    columns = ["item", "item_label", "code", "option", "count", "share", "n"]
    return pd.DataFrame(rows, columns=columns)


def drawn(counts: list[list[int]]) -> Figure:
    return stacked(table_of(counts), OPTIONS, TEXTS)


def bars_of(figure: Figure) -> list[list[tuple[float, str]]]:
    """From the top, the length and colour of each segment from the left; the legend left out."""
    bars: dict[float, list[tuple[float, str]]] = {}
    for each in rects(figure):
        if each.x >= LEFT and each.y2 - each.y > 15:
            bars.setdefault(each.y, []).append((each.width, each.colour))
    return [bars[y] for y in sorted(bars)]


@settings(max_examples=15)  # each draws a whole figure
@given(COUNTS)
def test_segments_are_as_long_as_their_shares_and_fill_the_bar(counts: list[list[int]]) -> None:
    figure = drawn(counts)
    asked = [own for own in counts if sum(own)]
    whole = max((sum(w + 1 for w, _ in bar) for bar in bars_of(figure)), default=0.0)
    for bar, own in zip(bars_of(figure), asked, strict=True):
        shares = [count / sum(own) for count in own if count]
        assert len(bar) == len(shares)
        for (width, _), share in zip(bar, shares, strict=True):
            assert width == pytest.approx(max(share * whole - 1, 0.5), abs=1.0)


@settings(max_examples=15)  # each draws a whole figure
@given(COUNTS)
def test_colours_stand_in_the_order_of_the_options(counts: list[list[int]]) -> None:
    figure = drawn(counts)
    legend = [each.colour for each in rects(figure) if each.y2 - each.y < 15]
    assert len(set(legend)) == len(OPTIONS)
    assert legend[-1] == DONT_KNOW
    for bar in bars_of(figure):
        places = [legend.index(colour) for _, colour in bar]
        assert places == sorted(places)


@settings(max_examples=15)  # each draws a whole figure
@given(COUNTS)
def test_what_is_written_in_a_segment_has_room_and_can_be_read(counts: list[list[int]]) -> None:
    figure = drawn(counts)
    segments = [each for each in rects(figure) if each.y2 - each.y > 15]
    inside = [each for each in texts_in(figure) if each.words.endswith(" %")]
    for text in inside:
        (own,) = (each for each in segments if each.holds(text))
        assert contrast(text.colour, own.colour) >= 4.5


def test_percents_are_written_half_up_and_n_at_the_end() -> None:
    words = words_in(drawn([[1, 7, 0, 0], [0, 0, 0, 0]]))
    assert [each for each in words if each.endswith("%")] == ["13 %", "88 %"]
    assert words.count("8") == 1
    assert TEXTS("figure.no_answers") in words


def test_groups_stand_under_their_item_with_their_margin() -> None:
    one, two = (table_of([own]) for own in ([1, 1, 0, 0], [3, 1, 0, 0]))
    parts = []
    for item in ("a", "b"):
        for group, own in (("1", one), ("2", two)):
            named = {"item": item, "item_label": f"Punkt {item}", "group": group}
            parts.append(own.assign(**named, group_label=f"Gruppe {group}", margin=0.0625))
    words = words_in(stacked(pd.concat(parts), OPTIONS, TEXTS))
    rows = [each for each in words if each.startswith(("Punkt", "Gruppe"))]
    heads = [each for each in rows if each.startswith("Punkt")]
    assert heads == ["Punkt a", "Punkt b"]
    assert len(rows) == 6
    assert words.count("± 6") == 4


def test_neighbours_are_parted_by_paper() -> None:
    figure = drawn([[10, 10, 10, 10]])
    bar = sorted((each for each in rects(figure) if each.y2 - each.y > 15), key=lambda r: r.x)
    gaps = [after.x - before.x2 for before, after in pairwise(bar)]
    assert all(gap == pytest.approx(1) for gap in gaps)
    assert figure.spec["background"] == PAPER


def test_the_words_tell_where_the_first_option_is_largest() -> None:
    alt = drawn([[1, 3, 0, 0], [3, 1, 0, 0]]).alt
    assert "Punkt 1 (75 %)" in alt
    assert "Punkt 0 (25 %)" in alt
    assert drawn([[0, 0, 0, 0]]).alt == TEXTS("figure.alt.nothing")
