"""Colours: that letters can be read on them, and that neighbours can be told apart in grey."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coder.report import look
from coder.report.look import along, contrast, ink_on, ramp

COLOURS = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")
ONE_WAY = {"sequential": look.SEQUENTIAL, "nominal": look.NOMINAL}


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#777777") == 1
    # The greys on either side of what AA asks for, as WebAIM's checker has them.
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@given(COLOURS)
def test_letters_can_be_read_on_any_fill(fill: str) -> None:
    assert contrast(ink_on(fill), fill) >= 4.5


@pytest.mark.parametrize("name", ONE_WAY)
@pytest.mark.parametrize("count", range(2, 8))
def test_colours_get_lighter_step_by_step(name: str, count: int) -> None:
    """In grey, and for those who see fewer colours, only how light they are tells them apart."""
    against_black = [contrast(each, "#000000") for each in ramp(ONE_WAY[name], count)]
    assert all(after / before > 1.15 for before, after in pairwise(against_black))


@pytest.mark.parametrize("count", range(2, 8))
def test_of_two_sides_the_middle_is_lightest(count: int) -> None:
    lights = [contrast(each, "#000000") for each in ramp(look.DIVERGING, count)]
    top = lights.index(max(lights))
    assert lights[: top + 1] == sorted(lights[: top + 1])
    assert lights[top:] == sorted(lights[top:], reverse=True)


def test_a_ramp_begins_and_ends_with_its_anchors() -> None:
    colours = ramp(look.SEQUENTIAL, 5)
    assert (colours[0], colours[-1]) == (look.SEQUENTIAL[0], look.SEQUENTIAL[-1])
    assert [along(look.SEQUENTIAL, place / 4) for place in range(5)] == colours
    assert ramp(look.SEQUENTIAL, 1) == [look.LINE]
    assert ramp(look.SEQUENTIAL, 0) == []


def test_a_share_beyond_the_ends_has_the_colour_of_the_end() -> None:
    assert along(look.SEQUENTIAL, 1.2) == look.SEQUENTIAL[-1]
    assert along(look.SEQUENTIAL, -1) == look.SEQUENTIAL[0]


def test_grey_is_told_from_white_and_from_the_other_grey() -> None:
    assert contrast(look.DONT_KNOW, look.PAPER) > contrast(look.NOT_RELEVANT, look.PAPER) > 1.1
    assert contrast(look.FAINT, look.PAPER) >= 4.5
