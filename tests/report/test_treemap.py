"""The treemap: that boxes share out the area, and that no text leaves its box."""

from __future__ import annotations

from itertools import combinations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coder.i18n import load_texts
from coder.report.figure import Figure
from coder.report.look import contrast
from coder.report.treemap import Box, squarified, treemap
from tests.report.drawn import Rect, rects, texts_in, words_in

TEXTS = load_texts("da")
SIZES = st.lists(st.integers(1, 500), min_size=1, max_size=40).map(
    lambda sizes: sorted(sizes, reverse=True)
)
WORDS = "Kontakten til de pårørende blev holdt ved lige på kommunikationsteknologiplatformen"
NAMES = st.text(st.sampled_from("abe ørt-&<"), max_size=60)


def drawn(
    sizes: list[int], names: list[str] | None = None, quotations: list[str] | None = None
) -> Figure:
    table = pd.DataFrame({"answers": sizes})
    table["category"] = names or [f"Kategori {no}" for no in range(len(sizes))]
    table["quotation"] = quotations or [f"{WORDS}."] * len(sizes)
    return treemap(table, TEXTS, size="answers")


@given(SIZES)
def test_boxes_part_the_area_in_proportion(sizes: list[int]) -> None:
    boxes = squarified([float(each) for each in sizes], Box(0, 0, 700, 500))
    assert len(boxes) == len(sizes)
    for box, size in zip(boxes, sizes, strict=True):
        assert box.area == pytest.approx(700 * 500 * size / sum(sizes))
        assert -1e-6 <= box.x <= box.x + box.width <= 700 + 1e-6
        assert -1e-6 <= box.y <= box.y + box.height <= 500 + 1e-6
    for one, other in combinations(boxes, 2):
        across = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
        down = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
        assert min(across, down) < 1e-6


def test_the_example_of_the_paper_comes_out_as_printed() -> None:
    """Bruls, Huizing and van Wijk (2000), figure 4: areas 6, 6, 4, 3, 2, 2, 1 in 6 by 4."""
    boxes = squarified([6, 6, 4, 3, 2, 2, 1], Box(0, 0, 6, 4))
    assert [(round(b.width, 2), round(b.height, 2)) for b in boxes[:4]] == [
        (3, 2), (3, 2), (1.71, 2.33), (1.29, 2.33),
    ]  # fmt: skip


def own_box(figure: Figure, x: float, y: float) -> Rect:
    (own,) = (each for each in rects(figure) if each.x <= x <= each.x2 and each.y <= y <= each.y2)
    return own


@settings(max_examples=15)  # each draws a whole figure
@given(SIZES, st.data())
def test_no_text_leaves_its_box_and_all_can_be_read(sizes: list[int], data: st.DataObject) -> None:
    names = data.draw(st.lists(NAMES, min_size=len(sizes), max_size=len(sizes)))
    figure = drawn(sizes, names)
    for text in texts_in(figure):
        box = own_box(figure, text.x, text.y)
        assert box.holds(text)
        assert contrast(text.colour, box.colour) >= 4.5


def test_a_box_has_name_count_and_quotation() -> None:
    words = words_in(drawn([3, 1], ["Bostøtte", "Andet"], ["Det gik godt.", "Ja."]))
    assert {"Bostøtte", "3 svar", "»Det gik godt.«", "Andet", "1 svar", "»Ja.«"} == set(words)


def test_a_quotation_that_is_too_long_is_shortened_at_a_word() -> None:
    figure = drawn([20, 1, 1], quotations=[f"{WORDS} " * 30, WORDS, WORDS])
    told = " ".join(t.words for t in texts_in(figure) if t.style == "italic")
    first = told.partition("«")[0] + "«"
    assert first.startswith(f"»{WORDS} ")
    assert first.endswith(" …«")


def test_where_a_quotation_has_no_room_there_is_none() -> None:
    figure = drawn([500, 1], quotations=["", WORDS])
    assert [each for each in texts_in(figure) if each.style == "italic"] == []


def test_what_has_nothing_has_no_box() -> None:
    figure = drawn([2, 0])
    assert len(rects(figure)) == 1
    assert figure.table["category"].tolist() == ["Kategori 0"]


def test_the_words_tell_every_size_or_the_largest() -> None:
    assert drawn([3, 1], ["A", "B"]).alt == TEXTS("figure.alt.treemap_all", told="A: 3; B: 1")
    assert drawn([2] * 12).alt.endswith("og 4 mindre.")
