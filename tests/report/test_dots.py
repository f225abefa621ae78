"""Values with their intervals as a picture, from 0 or from −1."""

from __future__ import annotations

import math
import re

import pandas as pd

from coder.i18n import load_texts
from coder.report.dots import dots
from coder.report.figure import Figure
from coder.report.look import FAINT

TEXTS = load_texts("da")


def figure(*rows: tuple[str, float, float, float, int, bool]) -> Figure:
    table = pd.DataFrame(rows, columns=["code", "value", "low", "high", "n", "faint"])
    return dots(table, TEXTS, lambda value: TEXTS.number(value, 2), name="code")


def test_what_is_missing_has_no_dot_and_what_is_doubted_is_grey() -> None:
    sure = ("Gåture", 0.8, 0.5, 1.0, 40, False)
    drawn = figure(sure, ("Film & <b>", math.nan, math.nan, math.nan, 0, True)).svg()
    for words in ("Gåture", "Film &amp; &lt;b&gt;", "0,80"):
        assert words in drawn
    both = figure(sure, ("Film", 0.2, 0.1, 0.3, 3, True)).svg()
    assert both.count(FAINT) > drawn.count(FAINT)


def test_below_zero_there_is_room() -> None:
    ticks = re.findall(r">([−-]?\d,\d\d)<", figure(("a", -0.4, -0.9, 0.1, 9, False)).svg())
    assert {"−1,00", "0,00", "1,00"} <= {each.replace("-", "−") for each in ticks}
    above = re.findall(r">(\d,\d\d)<", figure(("a", 0.4, 0.1, 0.9, 9, False)).svg())
    assert {"0,00", "0,25", "1,00"} <= set(above)
