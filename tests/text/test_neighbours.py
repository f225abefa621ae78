"""The share of each code among the coded answers near to an answer."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coder.text import neighbours
from coder.text.neighbours import near_shares

# Four coded answers on a circle, two of each code, and three to ask about.
ANGLES = np.radians([0, 10, 90, 100, 5, 95, 50])
POINTS = np.column_stack([np.cos(ANGLES), np.sin(ANGLES)]).astype(np.float32)
ROWS, CODES = np.arange(4), np.array([0, 0, 1, 1])
ASKED = np.array([4, 5, 6])


def test_an_answer_has_the_code_of_those_around_it() -> None:
    shares = near_shares(POINTS, ROWS, CODES, 2, ASKED)
    assert shares[0, 0] > 0.9
    assert shares[1, 1] > 0.9


def test_between_two_codes_neither_has_more() -> None:
    assert near_shares(POINTS, ROWS, CODES, 2, ASKED)[2] == pytest.approx([0.5, 0.5], abs=1e-4)


def test_shares_by_hand() -> None:
    """One coded answer in the same direction, one at right angles: say 1 and (1/2)^32."""
    points = np.array([[1, 0], [0, 1], [2, 0]], dtype=np.float32)  # length makes no difference
    shares = near_shares(points, np.array([0, 1]), np.array([0, 1]), 2, np.array([2]))
    assert shares[0] == pytest.approx([1.02 / 1.04, 0.02 / 1.04], abs=1e-6)


def test_a_code_without_answers_is_possible() -> None:
    shares = near_shares(POINTS, ROWS, CODES, 3, ASKED)
    assert (shares[:, 2] > 0).all()
    assert (shares[:, 2] < 0.02).all()


def test_points_of_no_length_and_opposite_ones_have_shares() -> None:
    points = np.array([[1, 0], [0, 0], [-1, 0]], dtype=np.float32)
    shares = near_shares(points, np.array([0]), np.array([0]), 1, np.array([1, 2]))
    assert shares == pytest.approx(np.ones((2, 1)))


@given(st.permutations(range(4)))
def test_the_order_of_what_is_coded_makes_no_difference(order: list[int]) -> None:
    mixed = near_shares(POINTS, ROWS[order], CODES[order], 2, ASKED)
    assert mixed == pytest.approx(near_shares(POINTS, ROWS, CODES, 2, ASKED), abs=1e-6)
    assert mixed.sum(axis=1) == pytest.approx(np.ones(3))


def test_in_portions_the_shares_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = near_shares(POINTS, ROWS, CODES, 2, ASKED)
    monkeypatch.setattr(neighbours, "_TABLE", 5)  # one answer at a time
    assert near_shares(POINTS, ROWS, CODES, 2, ASKED) == pytest.approx(whole, abs=1e-6)


def test_of_very_many_coded_answers_some_of_every_part_have_a_say(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(neighbours, "_MOST", 2)
    shares = near_shares(POINTS, ROWS, CODES, 2, ASKED)  # the first and the last are left
    only = near_shares(POINTS, ROWS[[0, 3]], CODES[[0, 3]], 2, ASKED)
    assert shares == pytest.approx(only)


def test_nobody_asked_about_has_no_shares() -> None:
    assert near_shares(POINTS, ROWS, CODES, 2, ASKED[:0]).shape == (0, 2)
