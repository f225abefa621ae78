"""The nearest points, ties and all, and noise averaged away."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.neighbors import NearestNeighbors

from coder.text import nearest as module
from coder.text.nearest import joined, nearest, smoothed, unit

rng = np.random.default_rng(3)


def test_the_nearest_are_those_that_another_library_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BATCH", 500)  # several batches
    points, queries = unit(rng.normal(size=(60, 8))), unit(rng.normal(size=(25, 8)))
    found, likeness = nearest(queries, points, 4)
    away, wanted = NearestNeighbors(n_neighbors=4, metric="cosine").fit(points).kneighbors(queries)
    assert found.tolist() == wanted.tolist()
    assert likeness == pytest.approx(1 - away, abs=1e-6)


def test_of_equally_near_points_the_first_come_first() -> None:
    points = np.eye(4)[[0, 1, 0, 0, 1]]
    assert nearest(points[:2], points, 3)[0].tolist() == [[0, 2, 3], [1, 4, 0]]


def test_a_point_is_not_its_own_neighbour() -> None:
    points = np.eye(3)[[0, 0, 1]]
    assert nearest(points, points, 1, itself=True)[0].tolist() == [[1], [0], [0]]


def test_there_are_no_more_neighbours_than_points() -> None:
    assert nearest(np.eye(2), np.eye(2), 9)[0].shape == (2, 2)
    assert nearest(np.eye(1), np.eye(1), 9, itself=True)[0].shape == (1, 0)


def test_a_point_joins_the_group_of_most_of_its_nearest_the_nearer_the_more() -> None:
    angles = np.radians([0, 20, 21, 40, 60, 180])
    points = np.column_stack([np.cos(angles), np.sin(angles)])
    # By hand, from 0 degrees: group 7 has 1 + cos 60, group 8 cos 20 + cos 21, group 9 cos 40.
    assert joined(points[:1], points, np.array([7, 8, 8, 9, 7, 9])).tolist() == [8]
    assert joined(points[:1], points, np.array([7, 8, 9, 9, 7, 9])).tolist() == [9]
    assert joined(points[:1], points[:2], np.array([5, 6])).tolist() == [5]


def test_queries_may_come_in_any_portions() -> None:
    points, queries = unit(rng.normal(size=(40, 5))), unit(rng.normal(size=(30, 5)))
    groups = np.arange(40) % 4
    portions = [joined(queries[at : at + 7], points, groups) for at in range(0, 30, 7)]
    assert np.concatenate(portions).tolist() == joined(queries, points, groups).tolist()


def test_smoothing_moves_each_point_halfway_to_the_mean_of_its_nearest() -> None:
    # By hand: the nearest of the first is the second, and their sum points between them.
    points = unit(np.array([[1.0, 0.0], [1.0, 1.0], [-1.0, 3.0]]))
    moved = smoothed(points, 1, rounds=1)
    assert moved[0] == pytest.approx(unit(points[:1] + points[1:2])[0])
    assert moved[2] == pytest.approx(unit(points[2:] + points[1:2])[0])


@given(st.integers(0, 2), st.integers(1, 3))
def test_too_few_points_have_nothing_to_learn_from_each_other(n: int, count: int) -> None:
    assert smoothed(np.eye(3)[:n], count).tolist() == np.eye(3)[:n].tolist()


def test_a_point_of_no_length_has_none_afterwards() -> None:
    assert unit(np.array([[0.0, 0.0], [0.0, 2.0]])).tolist() == [[0, 0], [0, 1]]
