"""The trend as a picture: every wave where its numbers say, and what was not there is not drawn."""

from __future__ import annotations

import pytest

from coder.i18n import load_texts
from coder.model import Code
from coder.report.figure import Figure
from coder.report.look import LINE
from coder.report.trend import trend
from coder.results.trend import Wave, meaning, trend_table

TEXTS = load_texts("da")
CODES = {
    "a": Code("a", "Tid <b>", "Om tid"),
    "b": Code("b", "Ny"),
    "h": Code("h", "H", codable=False),
}
MEANT = {id: meaning(code) for id, code in CODES.items()}
BEFORE = Wave("2025", 40, 0, {"a": 10}, {"a": "other"}, 3)
NOW = Wave("2026", 20, 5, {"a": 10, "b": 2}, MEANT, 9)


def figure(*waves: Wave) -> Figure:
    return trend(trend_table(waves, CODES), TEXTS, title="", note="")


def rows(drawn: Figure, mark: str) -> list[dict[str, float]]:
    layers = [each for each in drawn.spec["layer"] if each["mark"]["type"] == mark]
    return [row for each in layers for row in each["data"]["values"]]


def test_dots_stand_on_their_intervals_in_proportion() -> None:
    drawn = figure(BEFORE, NOW)
    dots = rows(drawn, "point")
    assert len(dots) == 3  # a code that was not there then has none
    table = drawn.table.dropna(subset="share")
    lines = [each for each in rows(drawn, "rule") if each["y"] == each["y2"]]
    for dot, (_, row) in zip(dots, table.iterrows(), strict=True):
        (own,) = [each for each in lines if each["y"] == dot["y"]]
        assert own["x"] < dot["x"] < own["x2"]
        scale = (own["x2"] - own["x"]) / (row["high"] - row["low"])
        assert dot["x"] - own["x"] == pytest.approx(scale * (row["share"] - row["low"]))
    assert dots[0]["y"] < dots[1]["y"]


def test_what_meant_something_else_is_hollow_and_the_last_wave_is_darkest() -> None:
    dots = rows(figure(BEFORE, NOW), "point")
    assert [each["colour"] for each in dots] == ["#ffffff", LINE, LINE]
    assert [each["colour"] for each in rows(figure(NOW), "point")] == [LINE, LINE]


def test_the_words_say_what_rose_and_fell() -> None:
    drawn = figure(BEFORE, NOW)
    assert "Tid <b> (fra 25 % til 50 %)" in drawn.alt
    assert "Tid &lt;b&gt;" in drawn.svg()
    assert "2026: n = 20" in drawn.svg()
    assert list(drawn.table["category"].unique()) == ["Tid <b>", "Ny"]
    assert "" not in drawn.named(TEXTS).columns


@pytest.mark.parametrize("waves", [(), (Wave("x", 0, 9, {}, MEANT, 0),)])
def test_without_anything_to_show_it_says_so(waves: tuple[Wave, ...]) -> None:
    drawn = figure(*waves)
    assert drawn.alt == TEXTS("figure.alt.nothing")
    assert "<svg" in drawn.svg()


def test_the_version_changes_with_what_a_code_means_alone() -> None:
    assert NOW.version == Wave("y", 1, 0, {}, dict(reversed(MEANT.items())), 77).version
    assert NOW.version != BEFORE.version
    one = Code("a", "Tid", "Om tid")
    assert meaning(one) == meaning(Code("a", "Tid", "Om tid", colour="#000000", parent="h"))
    assert len({meaning(Code("a", *each)) for each in (("T",), ("T", "x"), ("T", "", "x"))}) == 3
