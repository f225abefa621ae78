"""Stability: what is plain comes again, what is chance does not."""

from __future__ import annotations

import numpy as np
import pytest

from coder.text.nearest import unit
from coder.text.stability import _best_jaccard, _left_in, stability
from coder.text.tree import Tree, grow

rng = np.random.default_rng(5)
TEXTS = [f"svar {no}" for no in range(60)]


def of_groups(tree: Tree, points: np.ndarray, wanted: list[set[int]]) -> list[float]:
    """The stability of the nodes that have exactly these points."""
    found = stability(tree, points, TEXTS)
    members = [
        set(np.flatnonzero((tree.groups >= start) & (tree.groups < stop)).tolist())
        for start, stop in tree.nodes
    ]
    return [float(found[members.index(each)]) for each in wanted]


def test_groups_far_from_each_other_are_as_stable_as_can_be() -> None:
    points = unit(np.eye(3)[np.arange(60) % 3] + 0.01 * rng.normal(size=(60, 3)))
    wanted = [set(range(kind, 60, 3)) for kind in range(3)]
    assert of_groups(grow(points, 60), points, wanted) == [1, 1, 1]


def test_groups_of_chance_are_not() -> None:
    points = unit(rng.normal(size=(60, 20)))
    tree = grow(points, 6)
    sizes = tree.nodes[:, 1] - tree.nodes[:, 0]
    assert stability(tree, points, TEXTS)[sizes == 1].mean() < 0.75


def test_it_lies_between_0_and_1_and_is_the_same_every_time() -> None:
    points = unit(rng.normal(size=(60, 4)))
    tree = grow(points, 60)
    found = stability(tree, points, TEXTS)
    assert ((found >= 0) & (found <= 1)).all()
    assert found.tolist() == stability(tree, points, TEXTS).tolist()


def test_of_one_or_two_texts_nothing_is_known() -> None:
    tree = grow(np.eye(2), 2)
    assert np.isnan(stability(tree, np.eye(2), TEXTS[:2])).all()


def test_jaccard_by_hand() -> None:
    nodes = np.array([[1, 1, 1, 0, 0]], dtype=np.float32)
    others = np.array([[1, 1, 0, 0, 1], [0, 0, 1, 1, 1], [1, 0, 0, 0, 0]], dtype=np.float32)
    assert _best_jaccard(nodes, others).tolist() == [pytest.approx(2 / 4)]


def test_rounds_differ_and_depend_on_the_texts_only() -> None:
    rounds = [_left_in(TEXTS, number) for number in range(20)]
    assert {len(each) for each in rounds} == {48}
    assert len({tuple(each.tolist()) for each in rounds}) == 20
    turned = {59 - i for i in _left_in(TEXTS[::-1], 3).tolist()}
    assert turned == set(rounds[3].tolist())
