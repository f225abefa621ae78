"""Any number of proposals from the tree that was made: it splits and merges, nothing else."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from coder.model import Proposal, ProposalNode, ProposalSet, ProposalTree

UNIT = 10_000  # in which typicality is kept
_SHOWN = 3  # typical answers, and doubtful ones beside them

Span = tuple[int, int]


def cut(made: ProposalSet, count: int) -> ProposalSet:
    """The same answers in ``count`` proposals, or in as near to it as the tree has.

    From one count to the next one group is parted in two, and all others stay. ``ValueError`` when
    the proposals were kept without a tree.
    """
    tree = made.tree
    if tree is None:
        raise ValueError("proposals without a tree have one cut only")
    open_now = open_nodes(tree.fewest, tree.splits, count)
    found = [_proposal(tree, tree.nodes[node]) for node in open_now]
    ranked = sorted(found, key=lambda each: (-len(each.answers), each.answers))
    return replace(made, proposals=tuple(_named_apart(ranked)))


def _named_apart(proposals: Sequence[Proposal]) -> Iterator[Proposal]:
    """The proposals; of several with one name, each with its next term, best one of its own."""
    same: dict[str, list[Proposal]] = defaultdict(list)
    for each in proposals:
        same[each.name].append(each)
    for each in proposals:
        others = {term for other in same[each.name] if other is not each for term in other.terms}
        more = [term for term in each.terms if term not in each.name.split(", ")]
        own = [term for term in more if term not in others] or more
        if len(same[each.name]) > 1 and own:
            each = replace(each, name=f"{each.name}, {own[0]}")
        yield each


def open_nodes(roots: int, splits: Sequence[int], count: int) -> list[int]:
    """The nodes that are the groups of a cut into ``count``, or into as near to it as there is."""
    done = min(max(count - roots, 0), len(splits))
    parted = set(splits[:done])
    return [node for node in range(roots + 2 * done) if node not in parted]


def parted(made: ProposalSet, proposal: Proposal) -> tuple[Proposal, ...]:
    """The two groups that this one is parted into along the tree; empty when it has no finer."""
    tree, size = made.tree, sum(map(len, proposal.spans)) or len(proposal.answers)
    if tree is None:
        return ()
    for split, number in enumerate(tree.splits):
        node = tree.nodes[number]
        if node.stop - node.start == size and _proposal(tree, node).id == proposal.id:
            first = tree.fewest + 2 * split
            return tuple(_named_apart([_proposal(tree, tree.nodes[first + i]) for i in (0, 1)]))
    return ()


def _proposal(tree: ProposalTree, node: ProposalNode) -> Proposal:
    typicality: dict[str, float] = {}
    spans: dict[str, list[Span]] = defaultdict(list)
    for at in sorted(
        range(node.start, node.stop), key=lambda i: (-node.typicality[i - node.start], i)
    ):
        answer = tree.units[at]
        typicality.setdefault(answer, node.typicality[at - node.start] / UNIT)
        if tree.spans:
            spans[answer].append(tree.spans[at])
    placed = tuple(tuple(sorted(spans[answer])) for answer in typicality) if tree.spans else ()
    rest = list(typicality)[_SHOWN:]
    doubtful = dict.fromkeys(tree.units[unit] for unit in node.doubtful)
    return Proposal(
        id=_group_id(tuple(typicality), placed),
        answers=tuple(typicality),
        typicality=tuple(typicality.values()),
        terms=node.terms,
        coherence=round(sum(node.typicality) / len(node.typicality) / UNIT, 6),
        name=node.name,
        doubtful=tuple(each for each in doubtful if each in rest)[:_SHOWN],
        stability=node.stability,
        spans=placed,
    )


def _group_id(answers: Sequence[str], spans: Sequence[Sequence[Span]]) -> str:
    """The same answers or segments, grouped again, are the same proposal."""
    places = [[f":{start}-{end}" for start, end in each] for each in spans] or [[""]] * len(answers)
    members = [answer + place for answer, own in zip(answers, places, strict=True) for place in own]
    return hashlib.sha256("\n".join(sorted(members)).encode()).hexdigest()[:8]
