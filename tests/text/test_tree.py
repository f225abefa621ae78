"""The tree: Ward's, whole, and with those apart that must be."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.cluster import AgglomerativeClustering
from sklearn.metrics import adjusted_rand_score

from coder.text.cut import open_nodes
from coder.text.nearest import neighbours_of, smoothed, unit
from coder.text.tree import Tree, _silhouette, default_count, grow

POINTS = unit(np.random.default_rng(8).normal(size=(60, 6)))


def labels(tree: Tree, count: int) -> NDArray[np.int64]:
    """The node of each point in a cut."""
    found = np.full(len(tree.groups), -1)
    for node in open_nodes(tree.roots, tree.splits, count):
        start, stop = tree.nodes[node]
        inside = (tree.groups >= start) & (tree.groups < stop)
        assert (found[inside] == -1).all()
        found[inside] = node
    return found


@pytest.mark.parametrize("count", [1, 2, 3, 7, 20, 60])
def test_the_groups_are_those_of_another_implementation_of_ward(count: int) -> None:
    tree = grow(POINTS, 60)
    moved = smoothed(POINTS, neighbours_of(60))
    wanted = AgglomerativeClustering(count, linkage="ward").fit_predict(moved)
    assert adjusted_rand_score(wanted, labels(tree, count)) == 1


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=14), st.integers(1, 14))
def test_every_cut_has_every_point_once_and_parts_one_group_of_the_cut_before(
    kinds: list[int], finest: int
) -> None:
    """Also when many points are equal, and all ties are."""
    tree = grow(unit(np.eye(6)[kinds] + 0.1), finest)
    cuts = [labels(tree, count) for count in range(1, min(finest, len(kinds)) + 1)]
    assert all((cut >= 0).all() for cut in cuts)
    assert [len(set(cut.tolist())) for cut in cuts] == list(range(1, len(cuts) + 1))
    for coarse, fine in pairwise(cuts):
        assert len(set(coarse.tolist()) - set(fine.tolist())) == 1
        assert (fine[coarse == fine] == coarse[coarse == fine]).all()


def test_more_groups_than_were_kept_are_those_that_were() -> None:
    assert len(set(labels(grow(POINTS, 5), 40).tolist())) == 5


def test_no_points_have_no_groups() -> None:
    tree = grow(np.empty((0, 3)), 4)
    assert (tree.roots, tree.splits, default_count(tree, np.empty((0, 3)))) == (0, (), 0)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 29), st.integers(0, 29)), max_size=12))
def test_what_must_be_apart_is_so_at_every_cut(pairs: list[tuple[int, int]]) -> None:
    apart = [pair for pair in pairs if pair[0] != pair[1]]
    tree = grow(POINTS[:30], 30, apart)
    coarsest = labels(tree, 1)
    assert all(coarsest[one] != coarsest[other] for one, other in apart)
    assert (coarsest >= 0).all()
    assert tree.roots == 1 or apart


def test_equal_points_can_be_apart_too() -> None:
    tree = grow(np.eye(2)[[0, 0, 0, 1]], 4, [(0, 2)])
    found = labels(tree, 1)
    assert found[0] != found[2]


def test_the_simplified_silhouette_by_hand() -> None:
    # Two groups of one direction each and one point between: its own centre is at cosine
    # (2 + sqrt 2) / 2 / sqrt(1 + sqrt 2 + 1), the other at cosine sqrt(1/2).
    points = unit(np.array([[1.0, 0], [1, 0], [0, 1], [0, 1], [1, 1]]))
    tree = Tree(np.array([0, 0, 1, 1, 1]), np.array([[0, 2], [0, 1], [1, 2]]), (0,))
    centre = unit(points[2:].mean(axis=0, keepdims=True))[0]
    own, other = 1 - points[[2, 2, 4]] @ centre, np.array([1, 1, 1 - 0.5**0.5])
    first = 1.0  # nothing from its own centre
    wanted = (2 * first + sum((other - own) / np.maximum(own, other))) / 5
    assert _silhouette(tree, points, [1, 2]) == pytest.approx(wanted)


def test_the_cut_that_parts_best_is_proposed() -> None:
    kinds = np.repeat(np.arange(5), 10)
    points = unit(np.eye(5)[kinds] + 0.02 * np.random.default_rng(1).normal(size=(50, 5)))
    assert default_count(grow(points, 50), points) == 5
