"""The map of the answers: neighbours stay neighbours, and neither order nor edges change it."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.manifold import trustworthiness

from coder.model import SetStatus
from coder.study import Study
from coder.text import map as module
from coder.text.map import answer_map
from coder.text.nearest import unit

Vectors = NDArray[np.float32]


def groups(count: int, of: int, seed: int = 0) -> tuple[list[str], list[str], Vectors]:
    """Ids, texts and vectors of this many well-parted groups, one after the other."""
    chance = np.random.default_rng(seed)
    centres = unit(chance.normal(size=(count, 40)))
    points = np.repeat(centres, of, axis=0) + 0.06 * chance.normal(size=(count * of, 40))
    ids = [f"R{i:03}" for i in range(count * of)]
    return ids, [f"text {i:03}" for i in range(count * of)], unit(points).astype(np.float32)


def test_every_answer_has_a_place_on_a_map_from_minus_one_to_one() -> None:
    ids, texts, vectors = groups(4, 15)
    places = answer_map(ids, texts, vectors)
    assert list(places.index) == ids
    assert places.index.name == "answer"
    assert list(places.columns) == ["x", "y"]
    assert places.min().tolist() == pytest.approx([-1, -1])
    assert places.max().tolist() == pytest.approx([1, 1])


def test_a_group_stands_together() -> None:
    """The nearest on the map is one of the same group, for all of them."""
    ids, texts, vectors = groups(5, 12)
    places = answer_map(ids, texts, vectors).to_numpy()
    away = ((places[:, None] - places[None]) ** 2).sum(axis=2)
    np.fill_diagonal(away, np.inf)
    assert (away.argmin(axis=1) // 12 == np.arange(60) // 12).all()
    assert trustworthiness(vectors, places, n_neighbors=5) > 0.9


@pytest.mark.parametrize("landmarks", [2_000, 25])
def test_the_order_of_the_answers_changes_nothing(
    landmarks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_LANDMARKS", landmarks)
    ids, texts, vectors = groups(4, 12)
    texts[7] = texts[6]
    vectors[7] = vectors[6]
    order = Random(1).sample(range(48), 48)
    plain = answer_map(ids, texts, vectors)
    mixed = answer_map([ids[i] for i in order], [texts[i] for i in order], vectors[order])
    assert mixed.loc[ids].equals(plain)


def test_of_many_each_other_one_stands_by_the_landmark_most_like_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ids, texts, vectors = groups(4, 30)
    monkeypatch.setattr(module, "_LANDMARKS", 40)
    places = answer_map(ids, texts, vectors).to_numpy()
    centres = places.reshape(4, 30, 2).mean(axis=1)
    away = ((places[:, None] - centres[None]) ** 2).sum(axis=2)
    assert (away.argmin(axis=1) == np.arange(120) // 30).all()


def test_answers_of_one_text_stand_beside_each_other_and_never_on_each_other() -> None:
    ids, texts, vectors = groups(3, 10)
    for i in range(1, 6):
        texts[i], vectors[i] = texts[0], vectors[0]
    places = answer_map(ids, texts, vectors).to_numpy()
    same = places[:6]
    assert len(np.unique(same.round(6), axis=0)) == 6
    # The fifth after the first is the square root of five steps away.
    assert np.linalg.norm(same - same[0], axis=1).max() == pytest.approx(0.006 * 5**0.5)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 7])
def test_few_answers_have_places_too(count: int) -> None:
    ids, texts, vectors = groups(7, 1)
    places = answer_map(ids[:count], texts[:count], vectors[:count])
    assert places.shape == (count, 2)
    assert np.isfinite(places.to_numpy()).all()


def test_texts_that_cannot_be_told_apart_stand_in_the_middle() -> None:
    ids, texts, vectors = groups(1, 6)
    places = answer_map(ids, texts, np.repeat(vectors[:1], 6, axis=0)).to_numpy()
    assert (places == 0).all()


def test_the_study_leaves_out_what_is_set_aside(own_proposed: Study) -> None:
    before = own_proposed.answer_map()
    assert set(before.index) == set(own_proposed.survey.answers.index)
    aside = before.index[3]
    own_proposed.decide(own_proposed.coder("Anna"), SetStatus((aside,), "noise"))
    assert own_proposed.answer_map().equals(before.drop(index=[aside]))
