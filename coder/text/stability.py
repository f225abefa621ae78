"""How far groups come again when answers are left out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from coder.text.nearest import Points
from coder.text.tree import Tree, grow

_ROUNDS = 20
_SHARE = 0.8  # of the texts that stay in each round
_LARGEST = 1_000  # texts of one round: the tree costs the square of them


def stability(tree: Tree, points: Points, texts: Sequence[str]) -> NDArray[np.float64]:
    """For each node of the tree how stable it is, from 0 to 1; not a number when not known.

    points, texts : what the tree was grown from, shape (n, d) and length n.

    In each of twenty rounds a fifth of the texts is left out and the rest grouped again. The
    round counts how well the best group there, at whichever cut, agrees with what is left of this
    one: the size of what they share over the size of both together (Jaccard). The mean over the
    rounds is the stability of Hennig (2007, Computational Statistics & Data Analysis 52), with
    groups of every cut to choose from and subsets for bootstrap samples; there, a group below .6
    is not to be trusted and one above .85 highly stable. What is left out follows from the texts
    alone, so it is the same in every run. A node none of whose texts is ever left in is not known.
    """
    nodes = _members(tree)
    total, rounds = np.zeros(len(nodes)), np.zeros(len(nodes))
    for number in range(_ROUNDS if len(texts) > 2 else 0):
        left = _left_in(texts, number)
        again = grow(points[left], len(left))
        best = _best_jaccard(nodes[:, left], _members(again))
        seen = nodes[:, left].any(axis=1)
        total += np.where(seen, best, 0)
        rounds += seen
    return np.asarray(np.where(rounds > 0, total / np.maximum(rounds, 1), np.nan))


def _members(tree: Tree) -> NDArray[np.float32]:
    """Which node has which text, shape (nodes, texts), 1 where it has it."""
    start, stop = tree.nodes[:, :1], tree.nodes[:, 1:]
    return ((tree.groups >= start) & (tree.groups < stop)).astype(np.float32)


def _left_in(texts: Sequence[str], number: int) -> NDArray[np.int64]:
    """The texts that stay in this round: those with the smallest hashes."""
    hashes = [hashlib.sha256(f"{number}\n{text}".encode()).digest()[:8] for text in texts]
    ranked = sorted(range(len(texts)), key=lambda i: (hashes[i], i))
    kept = ranked[: min(max(2, round(_SHARE * len(texts))), _LARGEST)]
    return np.array(sorted(kept), dtype=np.int64)


def _best_jaccard(nodes: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float64]:
    shared = nodes @ others.T
    either = nodes.sum(axis=1)[:, None] + others.sum(axis=1)[None, :] - shared
    return np.asarray((shared / np.maximum(either, 1)).max(axis=1), dtype=np.float64)
