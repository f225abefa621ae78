"""The two views of the answers: what is near in them, and that no order and no edge changes it."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.decomposition import PCA

from coder.text import views as module
from coder.text.encode import FakeEncoder
from coder.text.nearest import unit
from coder.text.views import _evenly, _first_of_each, _reduced, _smoothed, _spelling, views

Matrix = NDArray[np.float32]

WORDS = ["mad", "bus", "læge", "park", "skole", "vand", "hjem", "gade"]
WORDS += ["rolig", "dyr", "varm", "ny", "sen", "tryg", "kold", "grøn"]
TEXTS = [f"{WORDS[i % 16]} {WORDS[(i * 7 + 3) % 16]} {WORDS[i * i % 11]}" for i in range(45)]


def made(texts: list[str]) -> tuple[Matrix, ...]:
    return views(texts, FakeEncoder().encode(texts))


def likenesses(points: Matrix) -> Matrix:
    """What no turning of the axes changes."""
    return points @ points.T


def random_points(n: int, d: int, seed: int = 0) -> Matrix:
    return unit(np.random.default_rng(seed).normal(size=(n, d))).astype(np.float32)


@pytest.mark.parametrize("landmarks", [4_000, 20])
@settings(deadline=None, max_examples=15)
@given(chance=st.randoms(use_true_random=False))
def test_the_order_of_the_answers_changes_nothing(landmarks: int, chance: Random) -> None:
    order = chance.sample(range(len(TEXTS)), len(TEXTS))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_LANDMARKS", landmarks)
        plain, mixed = made(TEXTS), made([TEXTS[i] for i in order])
    for one, other in zip(plain, mixed, strict=True):
        # Sums of 32-bit floats in another order differ by about 1e-7 each.
        assert likenesses(other) == pytest.approx(likenesses(one[order]), abs=1e-4)


def test_the_same_answers_have_the_same_views_again() -> None:
    """Also when few words make many texts, so that there are few directions to be found."""
    texts = [f"{one} {two} {WORDS[i % 16]}" for i, one in enumerate(WORDS) for two in WORDS[:12]]
    wanted = [view.tobytes() for view in made(texts)]
    for _ in range(5):
        assert [view.tobytes() for view in made(texts)] == wanted


@pytest.mark.parametrize(
    "texts",
    [
        ["god mad", "god bus"],
        ["samme"] * 2,
        ["samme"] * 30,
        ["", ""],
        ["", "god mad", "god mad"],
        ["a", "b", "c", "d"],
        ["!", "?", "...", "#"],
        ["ab cd", "cd ab", "ab  cd"],
        ["x" * 5_000, "y"],
    ],
)
def test_a_view_has_a_row_for_each_answer_equal_for_equal_texts(texts: list[str]) -> None:
    for view in made(texts):
        assert view.shape[0] == len(texts)
        assert view.shape[1] < max(2, len(set(texts)) + 1)
        assert np.isfinite(view).all()
        for i, text in enumerate(texts):
            assert view[i] == pytest.approx(view[texts.index(text)], abs=1e-5)


def test_answers_beyond_the_landmarks_still_lie_where_they_would(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    texts = [*TEXTS, *(f"{text}!" for text in TEXTS)]  # the later all but equal one before
    monkeypatch.setattr(module, "_LANDMARKS", 45)
    for view in made(texts):
        alike = likenesses(unit(view))
        assert np.median(np.diag(alike, 45)) > 0.8 > 0.3 > np.median(alike)


def test_the_second_view_sees_what_two_words_share_when_their_meaning_does_not() -> None:
    """The vectors know nothing here: each stands straight on every other."""
    stems = ["børnehave", "cykelsti", "hjemmehjælp", "genbrugsplads", "vejarbejde"]
    texts = [stem + end for stem in stems for end in ("", "n", "r", "ns")]
    meaning, both, *_ = views(texts, np.eye(20, dtype=np.float32))
    same = np.arange(20)[:, None] // 4 == np.arange(20) // 4
    np.fill_diagonal(same, False)
    seen = likenesses(unit(both))
    assert seen[same].mean() > seen[~same].mean() + 0.5
    blind = likenesses(unit(meaning))
    assert blind[same].mean() < seen[same].mean() - 0.5


def test_the_order_of_words_is_no_matter_of_spelling() -> None:
    texts = ["varm suppe", "suppe varm", "tidlig bus", "bus tidlig", "god læge", "god læge nu"]
    found = likenesses(_spelling(texts, np.arange(6)))
    assert found[0, 1] == pytest.approx(1, abs=1e-5)
    assert found[2, 3] == pytest.approx(1, abs=1e-5)
    assert abs(found[0, 2]) < 0.05  # "varm suppe" and "tidlig bus" share no two letters
    assert found[4, 5] > 0.8


def test_without_shared_letters_there_is_one_empty_column() -> None:
    for texts in (["", ""], ["a", "b", "c"], ["ab", "ab"]):
        landmarks = np.arange(len(set(texts)))
        assert _spelling(texts, landmarks).tolist() == [[0.0]] * len(texts)


def test_each_answer_is_moved_towards_its_nearest_as_by_hand() -> None:
    """One nearest each: 0° and 60° to each other, 150° to 60° (over which it hangs by cos 90°=0).

    Half the way (share .5) from 0°: .5 (1, 0) + .5 (cos 60°, sin 60°), which points to 30°. The
    third has no weight to go by, so it stays.
    """
    angles = np.radians([0, 60, 150])
    points = np.column_stack([np.cos(angles), np.sin(angles)]).astype(np.float32)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_NEIGHBOURS", 1)
        once = _smoothed(points, np.arange(3), 0.5, 1)
        twice = _smoothed(points, np.arange(3), 0.5, 2)
    directions = np.degrees(np.arctan2(once[:, 1], once[:, 0]))
    assert directions == pytest.approx([30, 30, 150], abs=1e-3)
    # Once more from where each began: .5 at 0° and .25 each at 0° and 60°, so atan(.2165 / .875)
    # from the nearest of the moved neighbour (which has not been set to length 1 in between).
    wanted = 0.5 * points[0] + 0.5 * (0.5 * points[1] + 0.5 * points[0])
    assert twice[0] == pytest.approx(unit(wanted[None])[0], abs=1e-6)


def test_two_landmarks_are_too_few_to_be_moved_by() -> None:
    points = random_points(5, 3)
    assert _smoothed(points, np.array([0, 3]), 0.5, 2) is points


@pytest.mark.parametrize("count", [1, 3, 8])
def test_the_directions_that_are_kept_are_the_principal_ones(count: int) -> None:
    points = random_points(30, 8) * np.arange(1, 9, dtype=np.float32)
    wanted = PCA(count).fit(points[:20]).transform(points)
    found = _reduced(points, np.arange(20), count)
    assert np.abs(found) == pytest.approx(np.abs(wanted), abs=1e-4)


def test_there_are_fewer_directions_than_landmarks() -> None:
    points = random_points(9, 8)
    assert _reduced(points, np.arange(4), 8).shape == (9, 3)
    assert _reduced(points, np.arange(1), 8).shape == (9, 0)


@given(st.integers(1, 40), st.integers(1, 45))
def test_landmarks_are_spread_over_all_distinct_texts(n: int, most: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_LANDMARKS", most)
        found = _evenly(n).tolist()
    assert len(found) == min(n, most)
    assert found[0] == 0
    assert found[-1] == (n - 1 if most > 1 else 0)
    gaps = set(np.diff(found).tolist())
    assert not gaps or max(gaps) - min(gaps) <= 1


def test_of_equal_texts_the_first_stands_for_all() -> None:
    assert _first_of_each(["a", "a", "b", "c", "c"]).tolist() == [0, 2, 3]
