"""Candidate categories: answers that are near each other, grouped along one tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from coder.model import ProposalNode, ProposalSet, ProposalTree
from coder.text.cut import UNIT, cut, open_nodes
from coder.text.leaves import Extras, Leaves, Numbers, Units, canonical, make_leaves, make_units
from coder.text.nearest import Points, joined, nearest, unit
from coder.text.prepare import COMPOUNDING, words
from coder.text.spread import spread
from coder.text.stability import stability
from coder.text.terms import TermTable, named, term_table
from coder.text.tree import Tree, default_count, grow

_FINEST = 256  # groups that are kept to choose from: nobody reads more candidates
_NEAR = 5
_PIECE = 10_000  # texts that are assigned to groups together
_DOUBTFUL = 6  # three are shown, of those that are not among the most typical

Vectors = NDArray[np.float32]


def propose(
    answers: Sequence[str],
    texts: Sequence[str],
    vectors: Vectors,
    language: str,
    encoder: str,
    count: int | None = None,
    extras: Extras | None = None,
    client: Any = None,
) -> ProposalSet:
    """Group answers into candidate categories.

    answers, texts : ids and texts, in any order; the order makes no difference to the result.
    vectors : array of shape (n, dimensions), rows of length 1.
    language : of the answers, for the terms. encoder : its name, kept with the proposals.
    count : how many groups, as near to it as can be; None chooses (see ``tree.default_count``).
    client : from ``spread.connected``, whose workers then say which group the others join.

    Every answer without a code stands in exactly one proposal, or by segment in one or more, and
    equal texts stand in the same; the largest proposal comes first. Of more than 4,000 distinct
    texts a sample is grouped, which depends on nothing but the texts, and every other joins those
    of the sample that are nearest to it. ``ValueError`` when there is nothing without a code.
    """
    more = extras or Extras()
    points = _space(answers, texts, vectors)
    units = make_units(answers, texts, points, language, more)
    if not units.texts:
        raise ValueError("there is nothing without a code to group")
    leaves = make_leaves(units, language, more)
    grown = _grown(leaves, max(count or 0, _FINEST), client)
    chosen = grown.default if count is None else count
    tree = _described(units, leaves, grown, _Terms.of(units, leaves, language, more))
    settings = {"method": "ward", "by": "segment" if more.spans else "answer", "count": chosen}
    return cut(ProposalSet((), encoder, settings, tree), chosen)


def _space(answers: Sequence[str], texts: Sequence[str], vectors: Vectors) -> Points:
    """Where texts that say the same lie near each other: rows of length 1.

    Vectors without what all answers have in common, which says nothing about any of them: those of
    one language and subject point nearly the same way, and the differences count.
    """
    ordered = vectors[canonical(answers, texts, [(0, 0)] * len(answers))]  # sums depend on order
    return unit(vectors - ordered.mean(axis=0, dtype=np.float64).astype(vectors.dtype))


# --- the tree ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Grown:
    """The tree with the seeds' groups, each leaf's finest group, and what is known of nodes."""

    nodes: Numbers
    splits: tuple[int, ...]
    groups: Numbers
    stable: NDArray[np.float64]
    default: int

    @property
    def roots(self) -> int:
        return len(self.nodes) - 2 * len(self.splits)


def _grown(leaves: Leaves, finest: int, client: Any) -> _Grown:
    """The tree of the sample; every other leaf in a group of it, or in the group of its seed."""
    points = leaves.points[leaves.sample]
    at = {leaf: number for number, leaf in enumerate(leaves.sample.tolist())}
    apart = [(at[a], at[b]) for a, b in leaves.apart if a in at and b in at]
    tree = grow(points, finest, apart)
    stable = stability(tree, points, [leaves.texts[leaf] for leaf in leaves.sample])
    groups = _groups(leaves, tree, client)
    seeds = np.unique(leaves.seeds[leaves.seeds >= 0])
    groups[leaves.seeds >= 0] = len(_own_runs(tree)) + np.searchsorted(
        seeds, leaves.seeds[leaves.seeds >= 0]
    )
    return _with_seeds(tree, groups, stable, len(seeds), default_count(tree, points))


def _own_runs(tree: Tree) -> Numbers:
    """The numbers of the finest groups of a tree."""
    return np.unique(tree.groups)


def _groups(leaves: Leaves, tree: Tree, client: Any) -> Numbers:
    """The finest group of each leaf: its own, or the one that most of its nearest are in."""
    groups = np.full(len(leaves.texts), -1, dtype=np.int64)
    groups[leaves.sample] = tree.groups
    others = np.flatnonzero((groups < 0) & (leaves.seeds < 0))
    pieces = [others[i : i + _PIECE] for i in range(0, len(others), _PIECE)]
    join = partial(joined, points=leaves.points[leaves.sample], groups=tree.groups)
    for number, found in spread(join, (leaves.points[piece] for piece in pieces), client):
        groups[pieces[number]] = found
    return groups


def _with_seeds(
    tree: Tree, groups: Numbers, stable: NDArray[np.float64], seeds: int, default: int
) -> _Grown:
    """The tree with one more root for each seed, whose group is never parted."""
    roots, first = tree.roots, len(_own_runs(tree))
    runs = np.arange(first, first + seeds)
    nodes = np.insert(tree.nodes, roots, np.column_stack([runs, runs + 1]), axis=0)
    splits = tuple(split + seeds * (split >= roots) for split in tree.splits)
    return _Grown(
        nodes, splits, groups, np.insert(stable, roots, [np.nan] * seeds), default + seeds
    )


# --- what each group shows ---------------------------------------------------------------------


@dataclass(frozen=True)
class _Terms:
    """The terms of the sampled leaves, and the seeds' names by number."""

    table: TermTable
    leaves: Numbers
    seeds: tuple[str, ...]

    @classmethod
    def of(cls, units: Units, leaves: Leaves, language: str, extras: Extras) -> _Terms:
        found = words([leaves.texts[leaf] for leaf in leaves.shown], language)
        answers = len({units.answers[first] for first in leaves.first[leaves.shown]})
        table = term_table(found, language in COMPOUNDING, extras.wordlist, answers)
        return cls(table, leaves.shown, extras.wordlist.seeds)


def _described(units: Units, leaves: Leaves, grown: _Grown, terms: _Terms) -> ProposalTree:
    """The tree with all that is shown of each of its groups."""
    own = grown.groups[leaves.of]
    order = np.argsort(own, kind="stable")
    bounds = np.searchsorted(own[order], np.arange(int(own.max()) + 2))
    points = units.points[order]
    centres = _centres(points, bounds, grown.nodes)
    nodes = []
    for node, (first, last) in enumerate(grown.nodes.tolist()):
        start, stop = int(bounds[first]), int(bounds[last])
        rivals = [each for each in _standing(grown, node) if each != node]
        likeness = points[start:stop] @ centres[node]
        doubtful = _doubtful(points[start:stop], likeness, centres[rivals], start)
        typicality = np.rint(np.clip(likeness, -1, 1) * UNIT).astype(int).tolist()
        name, found = _named(leaves, grown, terms, node)
        stable = _known(grown.stable[node])
        nodes.append(ProposalNode(start, stop, tuple(typicality), found, name, doubtful, stable))
    spans = tuple(units.spans[i] for i in order) if units.spans else ()
    answers = tuple(units.answers[i] for i in order)
    return ProposalTree(answers, spans, tuple(nodes), grown.splits, _near(leaves, order))


def _known(stable: float) -> float | None:
    return None if np.isnan(stable) else round(float(stable), 4)


def _centres(points: Points, bounds: Numbers, nodes: Numbers) -> Points:
    """The centre of each node, from the sums of its finest groups; rows of length 1."""
    shape = (len(bounds) - 1, len(points))
    members = csr_array((np.ones(len(points)), np.arange(len(points)), bounds), shape=shape)
    sums = np.concatenate([np.zeros((1, points.shape[1])), np.cumsum(members @ points, axis=0)])
    return unit(sums[nodes[:, 1]] - sums[nodes[:, 0]]).astype(points.dtype)


def _standing(grown: _Grown, node: int) -> list[int]:
    """The groups of the coarsest cut in which this one stands."""
    split = max(0, (node - grown.roots) // 2 + 1)
    return open_nodes(grown.roots, grown.splits, grown.roots + split)


def _doubtful(
    points: Points, likeness: NDArray[np.floating], rivals: Points, start: int
) -> tuple[int, ...]:
    """The units that are nearest to leaving: most like another centre, compared with their own.

    It is the order of a silhouette with centres for the distances to all members.
    """
    if not len(rivals):
        return ()
    pull = ((points @ rivals.T).max(axis=1) - likeness).round(6)
    return tuple(start + int(i) for i in np.argsort(-pull, kind="stable")[:_DOUBTFUL])


def _named(leaves: Leaves, grown: _Grown, terms: _Terms, node: int) -> tuple[str, tuple[str, ...]]:
    """The name of a group and its terms; both empty when its answers have no words that tell."""
    start, stop = grown.nodes[node]
    groups = grown.groups[terms.leaves]
    rows = np.flatnonzero((groups >= start) & (groups < stop))
    name, found = named(terms.table, rows) if len(rows) else ("", ())
    seed = leaves.seeds[terms.leaves[rows[0]]] if len(rows) else -1
    return (terms.seeds[seed] if seed >= 0 else name), found


def _near(leaves: Leaves, order: Numbers) -> tuple[tuple[int, ...], ...]:
    """For each unit, in order, the units of other texts that are most like it, nearest first."""
    near, _ = nearest(leaves.points, leaves.points[leaves.shown], _NEAR + 1)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    places = place[leaves.first[leaves.shown]]
    found = [
        tuple(places[[at for at in row if leaves.shown[at] != leaf][:_NEAR]].tolist())
        for leaf, row in enumerate(near)
    ]
    return tuple(found[leaf] for leaf in leaves.of[order])
