"""What a coder's work costs in acts: by hand, and when fixed clusters are corrected.

An act weighs about as much as the key presses it takes. What is simulated is a sequence of turns,
so that one can also see how far the coder is after each of them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

KEYS = 9  # with at most so many codes in all, each has a key of its own
ACCEPT, EXCLUDE, KEY, SEARCH, CREATE = 1, 1, 1, 3, 3
NO_CLUSTER = -1


class Turn(NamedTuple):
    """One turn of the coder: the acts it took, and how many answers it gave their right code."""

    acts: int
    right: int


def by_hand(labels: Sequence[str]) -> list[Turn]:
    """Every code is created, and every answer is given its code, one at a time.

    labels : the right code of each answer, in the order of reading; none may be missing.
    """
    price, known, turns = _price_of_known(labels), set[str](), []
    for label in labels:
        turns.append(Turn(price + (CREATE if label not in known else 0), 1))
        known.add(label)
    return turns


def correcting(labels: Sequence[str], clusters: Sequence[int]) -> list[Turn]:
    """Fixed clusters are accepted for their most frequent code; the others are taken out.

    labels, clusters : the right code and the cluster of each answer. -1 stands for no cluster:
    such an answer is coded by itself, at the end. A cluster costs one act to accept, the price of
    its code, and for every answer that is of another code one act to take it out and the price
    of its own code. The largest cluster comes first; the sum does not depend on the order.
    ``ValueError`` when the two differ in length.
    """
    price, known = _price_of_known(labels), set[str]()

    def give(label: str) -> int:
        created = label not in known
        known.add(label)
        return CREATE if created else price

    turns = []
    for members in _largest_first(_members(labels, clusters)):
        if members.cluster != NO_CLUSTER:
            code, right = Counter(members.labels).most_common(1)[0]
            wrong = [label for label in members.labels if label != code]
            turns.append(Turn(ACCEPT + give(code) + EXCLUDE * len(wrong), right))
        else:
            wrong = members.labels
        turns += [Turn(give(label), 1) for label in wrong]
    return turns


def acts_per_100(turns: Sequence[Turn]) -> float:
    """Acts per 100 answers of a work that is done; ``ValueError`` when there was nothing to do."""
    answers = sum(turn.right for turn in turns)
    if not answers:
        raise ValueError("no answer was coded")
    return 100 * sum(turn.acts for turn in turns) / answers


def cheapest(
    labels: Sequence[str], alternatives: Mapping[str, Sequence[int]]
) -> tuple[str, list[Turn]]:
    """The name and turns of the clustering that costs the least; the first of equals."""
    priced = {name: correcting(labels, clusters) for name, clusters in alternatives.items()}
    best = min(priced, key=lambda name: sum(turn.acts for turn in priced[name]))
    return best, priced[best]


def curve(turns: Sequence[Turn], points: int = 60) -> list[tuple[float, float]]:
    """(acts per 100 answers, share coded right) from (0, 0) to the end, at most so many points."""
    answers, acts, right = sum(turn.right for turn in turns), 0, 0
    whole = [(0.0, 0.0)]
    for turn in turns:
        acts, right = acts + turn.acts, right + turn.right
        whole.append((round(100 * acts / answers, 2), round(right / answers, 4)))
    step = max(1, -(-len(whole) // (points - 1)))
    return [*whole[:-1:step], whole[-1]]


def _price_of_known(labels: Sequence[str]) -> int:
    return KEY if len(set(labels)) <= KEYS else SEARCH


class _Members(NamedTuple):
    cluster: int
    labels: list[str]


def _members(labels: Sequence[str], clusters: Sequence[int]) -> Iterator[_Members]:
    members = defaultdict[int, list[str]](list)
    for label, cluster in zip(labels, clusters, strict=True):
        members[int(cluster)].append(label)
    return (_Members(*each) for each in members.items())


def _largest_first(members: Iterator[_Members]) -> list[_Members]:
    """By size, then by number, with the answers in no cluster at the end."""
    return sorted(members, key=lambda m: (m.cluster == NO_CLUSTER, -len(m.labels), m.cluster))
