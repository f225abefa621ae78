"""Values with their intervals as a picture."""

from __future__ import annotations

import math
import re

from coder.report.dots import dots


def test_each_label_has_what_was_written_and_what_is_missing_has_no_dot() -> None:
    labels, written = ["Gåture", "Film & <b>"], ["0,80 · alle 4", "–"]
    figure = dots(labels, [0.8, math.nan], [0.5, math.nan], [1.0, math.nan], written,
                  [False, True], "Alfa", ",")  # fmt: skip
    for words in ("Gåture", "Film &amp; &lt;b&gt;", "0,80 · alle 4", "Alfa"):
        assert words in figure
    assert len(re.findall(r'aria-roledescription="point"', figure)) == 1
    ticks = re.findall(r">(\d,\d)<", figure)
    assert ticks[0] == "0,0"
    assert ticks[-1] == "1,0"


def test_below_zero_there_is_room() -> None:
    figure = dots(["a"], [-0.4], [-0.9], [0.1], ["x"], [False], "Alfa")
    assert "−1.0" in figure or "-1.0" in figure or "−0.8" in figure
