"""Every kind of figure: well formed whatever it is of, the same each time, as large as it says."""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import partial
from xml.etree import ElementTree as ET

import altair as alt
import pandas as pd
import pytest

from coder.i18n import load_texts
from coder.report.bars import bars
from coder.report.dots import Reference, dots
from coder.report.figure import Figure
from coder.report.heat import heat
from coder.report.letters import printable
from coder.report.quadrant import Axis, quadrant
from coder.report.stacked import StackedOption, stacked
from coder.report.treemap import treemap

TEXTS = load_texts("da")
DA = partial(TEXTS.number, decimals=2)
HOSTILE = [
    "<script>alert(1)</script>",
    "A & B \"citat\" 'x'",
    "",
    "kommunikationsteknologiplatformsforhandlingsgruppemedlemmer" * 3,
    "\x00\x1b\n\ttegn",
    "datum.x; [x](javascript:1) {{y}}",
    "👩‍👩‍👧 smil 🎉 e\u0301",
    "=1+1",
]


def _bars(labels: list[str]) -> Figure:
    table = pd.DataFrame({"label": labels, "share": [(no % 5) / 4 for no in range(len(labels))]})
    return bars(table, TEXTS, TEXTS.percent, name="label", value="share")


def _stacked(labels: list[str]) -> Figure:
    options = [StackedOption("1", labels[0] if labels else "Ja"), StackedOption("2", "Nej")]
    rows = [
        (f"i{no}", label, code, "x", 1, share, 2)
        for no, label in enumerate(labels)
        for code, share in (("1", 0.25), ("2", 0.75))
    ]
    names = ["item", "item_label", "code", "option", "count", "share", "n"]
    return stacked(pd.DataFrame(rows, columns=names), options, TEXTS)


def _dots(labels: list[str]) -> Figure:
    table = pd.DataFrame({"label": labels, "value": 0.5, "low": 0.25, "high": 0.75, "n": 4})
    reference = Reference(0.4, labels[-1]) if labels else None
    return dots(table, TEXTS, DA, name="label", reference=reference)


def _heat(labels: list[str]) -> Figure:
    rows = [(one, other, 0.5, 3) for one in labels for other in labels[:9]]
    table = pd.DataFrame(rows, columns=["row", "column", "value", "n"])
    return heat(table, TEXTS, DA, row="row", column="column", value="value")


def _treemap(labels: list[str]) -> Figure:
    table = pd.DataFrame({"category": labels, "quotation": labels})
    table["answers"] = range(1, len(labels) + 1)
    return treemap(table, TEXTS, size="answers")


def _quadrant(labels: list[str]) -> Figure:
    table = pd.DataFrame({"category": labels, "n": 1})
    table["across"] = [no / 50 for no in range(len(labels))]
    table["up"] = [0.5] * len(labels)
    name = labels[0] if labels else "Højde"
    return quadrant(table, {"both": 1}, Axis(name), Axis("Op"), TEXTS)


KINDS: list[Callable[[list[str]], Figure]] = [_bars, _stacked, _dots, _heat, _treemap, _quadrant]


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_it_is_of_is_text_in_a_well_formed_picture(
    kind: Callable[[list[str]], Figure],
) -> None:
    figure = kind(HOSTILE)
    root = ET.fromstring(figure.svg())
    tags = {each.tag.rpartition("}")[2] for each in root.iter()}
    assert tags <= {"svg", "title", "rect", "g", "path", "text", "line", "defs", "clipPath"}
    (title,) = root.iter("{http://www.w3.org/2000/svg}title")
    assert title.text == printable(figure.alt)
    alt.Chart.from_dict(dict(figure.spec))  # raises for what is no Vega-Lite


@pytest.mark.parametrize("labels", [[], ["Alene"], [f"Kategori nummer {n}" for n in range(40)]])
@pytest.mark.parametrize("kind", KINDS)
def test_none_one_and_forty_can_be_drawn(
    kind: Callable[[list[str]], Figure], labels: list[str]
) -> None:
    figure = kind(labels)
    assert figure.spec["height"] < 40 * 60
    assert (figure.alt == TEXTS("figure.alt.nothing")) == (not labels)
    assert len(figure.alt) < 700
    if len(labels) < 40:
        ET.fromstring(figure.svg())


def test_a_picture_is_the_same_each_time() -> None:
    assert _treemap(["A", "B"]).svg() == _treemap(["A", "B"]).svg()


def test_a_png_has_the_size_of_the_specification() -> None:
    figure = _bars(["A", "B"])
    for scale in (1, 2.5):
        png = figure.png(scale)
        width, height = struct.unpack(">II", png[16:24])
        assert png.startswith(b"\x89PNG")
        assert width == pytest.approx(figure.spec["width"] * scale, abs=1)
        assert height == pytest.approx(figure.spec["height"] * scale, abs=1)


def test_columns_are_called_as_people_call_them() -> None:
    assert _treemap(["A"]).named(TEXTS).columns.tolist() == ["Kategori", "Citat", "Svar"]


def test_a_picture_is_the_same_however_many_were_drawn_before() -> None:
    """The names of clips are counted on by what draws; what an answer says of clips stays."""
    words = 'id="clip7" clip-path="url(#clip7)"'
    spec = {
        "mark": {"type": "bar", "clip": True},
        "data": {"values": [{"a": 1, "b": words}]},
        "encoding": {"x": {"field": "a", "type": "quantitative"}, "y": {"field": "b"}},
    }
    figure = Figure("bars", "", "", "", spec, pd.DataFrame())
    assert figure.svg() == figure.svg()
    assert f">{words}<" in figure.svg()
