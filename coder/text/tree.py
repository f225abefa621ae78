"""One tree from coarse to fine: which points stand together at every number of groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import linkage
from scipy.sparse import csr_array
from scipy.spatial.distance import squareform

from coder.text.cut import open_nodes
from coder.text.nearest import Points, neighbours_of, smoothed, unit

_APART = 1e8  # a distance that no two points have; merges that reach it are left out
_DECIMALS = 9  # of a distance: what is behind them is noise of the arithmetic


@dataclass(frozen=True)
class Tree:
    """A hierarchy of groups.

    ``groups`` gives each point's finest group, numbered so that every coarser group is a run
    of them. ``nodes`` gives that run, ``(start, stop)``, for each group there is: first the
    ``roots`` of the tree, then the two parts of each split. ``splits`` tells which node is parted,
    coarsest first: split number ``i`` makes the nodes ``roots + 2 i`` and ``roots + 2 i + 1``.
    """

    groups: NDArray[np.int64]
    nodes: NDArray[np.int64]
    splits: tuple[int, ...]

    @property
    def roots(self) -> int:
        """The least number of groups: more than one where some must stand apart."""
        return len(self.nodes) - 2 * len(self.splits)


def grow(points: Points, finest: int, apart: Sequence[tuple[int, int]] = ()) -> Tree:
    """The tree of Ward's method (1963) over smoothed points, down to ``finest`` groups.

    points : array of shape (n, d), n at least 1, rows of length 1. apart : pairs of points that
    never stand in one group (Davidson & Ravi 2005); the tree then has several roots. Memory and
    time grow with the square of n.
    """
    merges = _ward(smoothed(points, neighbours_of(len(points))), apart)
    nodes, splits = _top(merges, len(points), finest)
    return _numbered(merges, len(points), nodes, splits)


def _ward(points: Points, apart: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The pairs of nodes that are merged, from the first to the last; node n + i is merge i."""
    if len(points) < 2:
        return []
    points = np.asarray(points, dtype=np.float64)
    distances = np.sqrt(np.maximum(2 - 2 * (points @ points.T), 0)).round(_DECIMALS)
    for one, other in apart:
        distances[one, other] = distances[other, one] = _APART
    np.fill_diagonal(distances, 0)
    table = linkage(squareform(distances, checks=False), "ward")
    # A merge of groups that must be apart costs at least the distance, spread over all points.
    allowed = table[table[:, 2] < _APART / len(points)]
    return [(int(a), int(b)) for a, b in allowed[:, :2]]


def _top(
    merges: Sequence[tuple[int, int]], n: int, finest: int
) -> tuple[list[int], tuple[int, ...]]:
    """The merges undone from the last one on: the nodes by number there, and what is parted."""
    merged = {node for pair in merges for node in pair}
    nodes = [node for node in range(n + len(merges)) if node not in merged]
    splits = []
    for merge in range(len(merges) - 1, -1, -1)[: max(0, finest - len(nodes))]:
        splits.append(nodes.index(n + merge))
        nodes += merges[merge]
    return nodes, tuple(splits)


def _numbered(
    merges: Sequence[tuple[int, int]], n: int, nodes: Sequence[int], splits: tuple[int, ...]
) -> Tree:
    """The nodes as runs of the finest groups."""
    roots = len(nodes) - 2 * len(splits)
    parts = {node: roots + 2 * i for i, node in enumerate(splits)}
    groups, runs = np.zeros(n, dtype=np.int64), np.zeros((len(nodes), 2), dtype=np.int64)
    todo, group = [(root, False) for root in reversed(range(roots))], 0
    while todo:
        node, seen = todo.pop()
        if seen:
            runs[node, 1] = group
            continue
        runs[node, 0] = group
        todo.append((node, True))
        if node in parts:
            todo += [(parts[node] + 1, False), (parts[node], False)]
        else:
            groups[_members(merges, n, nodes[node])] = group
            group += 1
    return Tree(groups, runs, splits)


def _members(merges: Sequence[tuple[int, int]], n: int, node: int) -> list[int]:
    todo, found = [node], []
    while todo:
        each = todo.pop()
        if each < n:
            found.append(each)
        else:
            todo += merges[each - n]
    return found


def default_count(tree: Tree, points: Points) -> int:
    """The number of groups to begin with, from half the square root of n to the whole of it.

    The cut whose groups are told apart best, by the simplified silhouette (Hruschka, Campello &
    de Castro 2004; Vendramin, Campello & Hruschka 2010). Without these bounds a silhouette
    prefers pairs: it grows as groups get smaller, and a coder who has to read a hundred candidates
    is not helped.
    """
    root = max(1, round(len(points) ** 0.5))
    cuts = [open_nodes(tree.roots, tree.splits, k) for k in range(max(1, root // 2), root + 1)]
    best = max(cuts, key=lambda cut: round(_silhouette(tree, points, cut), _DECIMALS))
    return len(best)


def _silhouette(tree: Tree, points: Points, cut: Sequence[int]) -> float:
    """How much nearer points are to their own centre than to the next, -1 to 1, on average."""
    if not 1 < len(cut) < len(points):
        return -1.0
    runs = sorted((int(tree.nodes[node, 0]), int(tree.nodes[node, 1])) for node in cut)
    labels = np.searchsorted([stop for _, stop in runs], tree.groups, side="right")
    away = 1 - points @ centres(points, labels, len(runs)).T
    everyone = np.arange(len(points))
    own = away[everyone, labels].copy()
    away[everyone, labels] = np.inf
    other = away.min(axis=1)
    return float(np.mean((other - own) / np.maximum(np.maximum(own, other), 1e-9)))


def centres(points: Points, labels: NDArray[np.int64], count: int) -> Points:
    """The mean of the points with each label, shape (count, d), set to length 1."""
    shape = (count, len(points))
    members = csr_array((np.ones(len(points)), (labels, np.arange(len(points)))), shape=shape)
    return unit(members @ points)
