"""Whether a point is like those that are known: as sure as it says, and blind to order."""

from __future__ import annotations

import numpy as np
import pytest

from coder.text import unlike
from coder.text.unlike import fits


def test_far_from_all_is_as_rare_as_can_be_and_a_copy_is_common() -> None:
    known = np.eye(8, 12, dtype=np.float32) + 0.5
    odd = np.zeros((1, 12), np.float32)
    odd[0, 11] = 1.0
    assert fits(known, odd)[0] == pytest.approx(1 / 9)
    assert fits(known, known[:1])[0] == 1.0


def test_it_is_counted_as_by_hand() -> None:
    """Three points of a circle at 0, 10 and 90 degrees; another at 45."""
    known, asked = np.radians([0.0, 10.0, 90.0]), np.radians([45.0])
    points = [np.column_stack([np.cos(a), np.sin(a)]).astype(np.float32) for a in (known, asked)]
    own = [
        (np.cos(np.radians(10)) + np.cos(np.radians(90))) / 2,
        (np.cos(np.radians(10)) + np.cos(np.radians(80))) / 2,
        (np.cos(np.radians(90)) + np.cos(np.radians(80))) / 2,
    ]
    new = np.mean(np.cos(np.radians([45, 35, 45])))
    assert fits(*points)[0] == pytest.approx((sum(each <= new for each in own) + 1) / 4)


def test_of_those_that_are_alike_a_share_has_that_share_or_less() -> None:
    rng = np.random.default_rng(1)
    drawn = rng.normal(size=(800, 12)).astype(np.float32) + 1
    found = fits(drawn[:400], drawn[400:])
    for share in (0.05, 0.1, 0.25, 0.5):
        assert (found <= share).mean() == pytest.approx(share, abs=0.06)


def test_parts_and_one_known_point_do_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(2)
    known, asked = (rng.normal(size=(n, 5)).astype(np.float32) for n in (30, 17))
    whole = fits(known, asked)
    monkeypatch.setattr(unlike, "_TABLE", 90)
    assert fits(known, asked) == pytest.approx(whole)
    assert fits(known[::-1].copy(), asked) == pytest.approx(whole)
    assert fits(known[:1], asked).shape == (17,)
