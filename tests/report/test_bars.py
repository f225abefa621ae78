"""Figures: what is drawn, read from the SVG."""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree

from coder.i18n import load_texts
from coder.report.figures import bars
from coder.study import Study


def drawn(svg: str) -> tuple[list[str], list[str]]:
    """The texts of a figure, and the colour of each bar from the top."""
    root = ElementTree.fromstring(svg)
    texts = [node.text or "" for node in root.iter("{http://www.w3.org/2000/svg}text")]
    paths = [node for node in root.iter() if node.get("aria-roledescription") == "bar"]
    return texts, [node.get("fill", "") for node in paths]


def test_labels_and_values_stand_in_the_order_given() -> None:
    texts, colours = drawn(
        bars(["b", "a", "<c>"], [0.5, 1, 0], ["50 %", "100 %", "0 %"], [False, False, True])
    )
    assert texts == ["b", "a", "<c>", "50 %", "100 %", "0 %"]
    assert colours[0] == colours[1] != colours[2]


def test_bars_are_as_long_as_their_shares() -> None:
    svg = bars(["a", "b", "c"], [1.0, 0.25, 0.5], ["", "", ""], [False] * 3)
    whole, quarter, half = map(float, re.findall(r'="bar" d="M0,0h([\d.]+)', svg))
    assert (quarter / whole, half / whole) == (0.25, 0.5)


def test_the_figure_of_the_categories_writes_their_shares_above(demo: Study) -> None:
    texts, _ = drawn(demo.joint_figure(load_texts("en").percent))
    labels, values = texts[:11], texts[11:]
    shares = demo.joint().set_index("category")["share_above"]
    assert labels == shares.index.tolist()
    assert values == [f"{math.floor(100 * shares[label] + 0.5)}%" for label in labels]


def test_the_figure_of_an_item_has_the_published_percents(demo: Study) -> None:
    texts, colours = drawn(demo.figure("q01", load_texts("da").percent))
    assert texts == [
        "I meget høj grad", "I høj grad", "I hverken høj eller lav grad", "I lav grad",
        "I meget lav grad", "Slet ikke", "Ved ikke",
        "4 %", "49 %", "31 %", "9 %", "3 %", "2 %", "1 %",
    ]  # fmt: skip
    assert len(set(colours[:6])) == 1
    assert colours[6] != colours[0]
