"""Groups of answers that look alike: inside each other, of sizes that can be shown, tight first."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

from coder.text import clusters as module
from coder.text.clusters import LARGEST, SMALLEST, Clusters, _likeness, _standing, clusters
from coder.text.nearest import unit

Matrix = NDArray[np.float32]


def groups(found: Clusters) -> list[list[int]]:
    ends = zip(found.starts[:-1], found.starts[1:], strict=True)
    return [found.members[start:end].tolist() for start, end in ends]


def noise(n: int, d: int = 20, seed: int = 0) -> Matrix:
    return np.random.default_rng(seed).normal(size=(n, d)).astype(np.float32)


def planted(sizes: list[int], seed: int = 0) -> tuple[Matrix, list[set[int]]]:
    """Tight groups of these sizes, and after them 60 answers like nothing else."""
    rng, points = np.random.default_rng(seed), noise(sum(sizes) + 60, 20, seed)
    ends = np.cumsum(sizes)
    tight = [set(range(end - size, end)) for end, size in zip(ends, sizes, strict=True)]
    for group in tight:
        centre = rng.normal(size=20)
        points[sorted(group)] = centre + 0.1 * points[sorted(group)]
    return points, tight


@settings(deadline=None, max_examples=30)
@given(st.integers(4, 150), st.integers(1, 8), st.integers(0, 99), st.sampled_from([4_000, 30]))
def test_groups_lie_inside_each_other_and_can_be_shown(
    n: int, d: int, seed: int, landmarks: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_LANDMARKS", landmarks)
        found = clusters(noise(n, d, seed))
    sets = [set(group) for group in groups(found)]
    assert all(SMALLEST <= len(group) <= LARGEST for group in sets)
    assert [len(group) for group in sets] == np.diff(found.starts).tolist()
    assert all(a <= b or b <= a or not a & b for a, b in combinations(sets, 2))
    assert len(found.tightness) == len(sets)
    assert np.isfinite(found.tightness).all()


def test_the_groups_are_all_of_their_size_in_the_tree() -> None:
    """Every group is one of some cut of Ward's tree, and none of those is missing."""
    points = unit(noise(90))
    tree = linkage(points.astype(np.float64), "ward")
    wanted = set()
    for count in range(1, 91):
        label = fcluster(tree, count, "maxclust")
        parts = [frozenset(np.flatnonzero(label == each).tolist()) for each in set(label)]
        wanted |= {part for part in parts if SMALLEST <= len(part) <= LARGEST}
    assert {frozenset(group) for group in groups(clusters(points))} == wanted


def test_planted_tight_groups_rank_highest() -> None:
    points, tight = planted([6, 12, 25])
    found = clusters(points)
    best = [set(groups(found)[i]) for i in np.argsort(-found.tightness)]
    assert all(group in best for group in tight)
    # Parts of a tight group are as tight; every group that mixes comes after all of these.
    pure = [any(group <= each for each in tight) for group in best]
    assert pure == sorted(pure, reverse=True)


def test_the_most_typical_answers_stand_first() -> None:
    found = clusters(noise(80, 6))
    points = unit(noise(80, 6))
    for group in groups(found):
        own = points[group]
        typical = own @ own.mean(axis=0)
        assert np.all(np.diff(typical) <= 1e-6)


def test_answers_beyond_the_landmarks_join_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    points, tight = planted([8, 8, 8])
    twins = np.repeat(points, 2, axis=0)
    monkeypatch.setattr(module, "_LANDMARKS", len(points))
    found = [set(group) for group in groups(clusters(twins))]
    doubled = [{2 * i + j for i in group for j in (0, 1)} for group in tight]
    assert all(group in found for group in doubled)


@pytest.mark.parametrize(("n", "count"), [(0, 0), (1, 0), (2, 0), (3, 0), (4, 1)])
def test_few_answers_have_few_groups(n: int, count: int) -> None:
    found = clusters(noise(n))
    assert len(found.tightness) == count
    assert found.starts.tolist() == ([0, 4] if count else [0])
    assert sorted(found.members.tolist()) == (list(range(4)) if count else [])


@pytest.mark.parametrize("points", [np.ones((50, 3)), np.zeros((50, 3)), np.zeros((50, 0))])
def test_equal_answers_are_groups_too(points: Matrix) -> None:
    found = clusters(points)
    assert found.members.size
    assert all(SMALLEST <= len(group) <= LARGEST for group in groups(found))
    assert np.isfinite(found.tightness).all()


def test_equal_answers_are_groups_also_beyond_the_landmarks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Four times the same, next to each other, of which every second is a landmark."""
    points, _ = planted([])
    monkeypatch.setattr(module, "_LANDMARKS", 120)
    found = [set(group) for group in groups(clusters(np.repeat(points, 4, axis=0)))]
    same = [set(range(4 * i, 4 * i + 4)) for i in range(60)]
    assert all(group in found for group in same)


def test_likeness_is_the_mean_cosine_of_two() -> None:
    points = unit(noise(7, 3))
    wanted = np.mean([one @ other for one, other in combinations(points, 2)])
    assert _likeness(points) == pytest.approx(wanted, abs=1e-6)


def test_tightness_is_judged_beside_groups_of_that_size() -> None:
    """Likeness falls exactly with the logarithm of the size, but for one group."""
    sizes = np.array([4, 6, 9, 14, 20, 30, 38, 10])
    usual = 0.9 - 0.1 * np.log(sizes)
    assert _standing(usual, sizes) == pytest.approx(np.zeros(8), abs=1e-6)
    found = _standing(usual + 0.05 * (np.arange(8) == 7), sizes)
    assert found.argmax() == 7
    assert found[7] > 2
    assert found.mean() == pytest.approx(0, abs=1e-9)
    assert found.std() == pytest.approx(1)
    assert _standing(usual[:3], sizes[:3]).tolist() == [0, 0, 0]
