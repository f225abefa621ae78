"""What is grouped: the distinct texts, in an order that does not depend on how they came."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np
from numpy.typing import NDArray

from coder.model import Wordlist
from coder.text.cut import Span
from coder.text.learnt import learnt
from coder.text.nearest import Points, unit
from coder.text.seeds import having, seeded

Numbers = NDArray[np.int64]

SAMPLE = 4_000  # distinct texts that the tree is grown from; the others join the nearest of them
_TOGETHER = 1.0  # weight of words that belong together, beside all else that a text says


@dataclass(frozen=True)
class Extras:
    """What else may be known of the texts that are grouped; ``spans``, ``codes`` empty or parallel.

    ``spans`` : where each stands in its answer, when the texts are segments; an answer then has
    several rows. ``codes`` : the code that each has, or None; what has one is not grouped, but
    teaches what makes answers alike. ``apart`` : pairs of answers that never stand in one group.
    """

    spans: Sequence[Span] = ()
    codes: Sequence[str | None] = ()
    apart: Sequence[tuple[str, str]] = ()
    wordlist: Wordlist = field(default_factory=Wordlist)


@dataclass(frozen=True)
class Units:
    """The answers or segments to group, by text, answer and span; ``spans`` empty for answers."""

    answers: list[str]
    spans: list[Span]
    texts: list[str]
    points: Points


@dataclass(frozen=True)
class Leaves:
    """The distinct texts of units: what is never parted.

    ``of`` gives the leaf of each unit, ``first`` a unit of each leaf, ``seeds`` the number of the
    seed that each leaf has or -1. ``sample`` are the leaves to grow a tree from, ``shown`` these
    and the sample of leaves with a seed. ``apart`` are pairs of leaves.
    """

    of: Numbers
    first: Numbers
    texts: list[str]
    points: Points
    seeds: Numbers
    sample: Numbers
    shown: Numbers
    apart: list[tuple[int, int]]


def make_units(
    answers: Sequence[str], texts: Sequence[str], points: Points, language: str, extras: Extras
) -> Units:
    """The units that have no code, in the space that codes and words that belong together make.

    points : array of shape (n, d), rows of length 1, in the order of the answers and texts.
    """
    spans = extras.spans or [(0, 0)] * len(answers)
    codes = extras.codes or [None] * len(answers)
    order = canonical(answers, texts, spans)
    points = _drawn_together([texts[i] for i in order], points[order], extras.wordlist, language)
    points = learnt(points, [codes[i] for i in order])
    rows = [row for row, i in enumerate(order) if codes[i] is None]
    left = [order[row] for row in rows]
    return Units(
        [answers[i] for i in left],
        [spans[i] for i in left] if extras.spans else [],
        [texts[i] for i in left],
        points[rows] if len(rows) < len(order) else points,
    )


def canonical(answers: Sequence[str], texts: Sequence[str], spans: Sequence[Span]) -> list[int]:
    """The order in which the same rows always stand, however they came."""
    return sorted(range(len(answers)), key=lambda i: (texts[i], answers[i], spans[i]))


def make_leaves(units: Units, language: str, extras: Extras) -> Leaves:
    """The distinct texts of the units, and the sample of them; at least one unit."""
    pairs = {pair for pair in extras.apart if pair[0] != pair[1]}
    alone = _alone(units, pairs)
    keys = [(text, alone.get(answer, "")) for text, answer in zip(*_columns(units), strict=True)]
    numbers = {key: leaf for leaf, key in enumerate(sorted(set(keys)))}
    of = np.array([numbers[key] for key in keys], dtype=np.int64)
    first = np.unique(of, return_index=True)[1]
    texts = [text for text, _ in numbers]
    apart = _leaf_pairs(units.answers, of, pairs)
    seeds = _without_conflicts(seeded(texts, extras.wordlist, language), apart)
    hashes = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in texts]
    forced = {leaf for pair in apart for leaf in pair}
    sample = _sample(np.flatnonzero(seeds < 0), hashes, forced)
    shown = np.sort(np.concatenate([sample, _sample(np.flatnonzero(seeds >= 0), hashes, ())]))
    return Leaves(of, first, texts, units.points[first], seeds, sample, shown, apart)


def _columns(units: Units) -> tuple[list[str], list[str]]:
    return units.texts, units.answers


def _drawn_together(
    texts: Sequence[str], points: Points, wordlist: Wordlist, language: str
) -> Points:
    """Texts with words that belong together, nearer to each other."""
    if not wordlist.together:
        return points
    marks = [having(texts, group, language) for group in wordlist.together]
    return unit(np.column_stack([points, _TOGETHER * np.column_stack(marks)]).astype(points.dtype))


def _alone(units: Units, pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The answers that are a leaf of their own, since one of the same text must be apart."""
    texts: dict[str, set[str]] = {}
    for text, answer in zip(*_columns(units), strict=True):
        texts.setdefault(answer, set()).add(text)
    same = [pair for pair in pairs if texts.get(pair[0], set()) & texts.get(pair[1], set())]
    return {answer: answer for pair in same for answer in pair}


def _leaf_pairs(
    answers: Sequence[str], of: Numbers, pairs: Iterable[tuple[str, str]]
) -> list[tuple[int, int]]:
    leaves: dict[str, list[int]] = {}
    for answer, leaf in zip(answers, of.tolist(), strict=True):
        leaves.setdefault(answer, []).append(leaf)
    found = (product(leaves.get(one, ()), leaves.get(other, ())) for one, other in pairs)
    return sorted({(min(pair), max(pair)) for some in found for pair in some})


def _without_conflicts(seeds: Numbers, apart: Sequence[tuple[int, int]]) -> Numbers:
    """The seeds, but of two leaves that must be apart only the first keeps a seed of both."""
    for one, other in apart:
        if seeds[one] == seeds[other]:
            seeds[other] = -1
    return seeds


def _sample(leaves: Numbers, hashes: Sequence[bytes], forced: Iterable[int]) -> Numbers:
    """All leaves, or of many those with the smallest hashes and those that must be there.

    A hash depends on the text alone: neither on the order of the answers nor on the other texts.
    """
    ranked = sorted(leaves.tolist(), key=lambda leaf: (hashes[leaf], leaf))
    chosen = set(ranked[:SAMPLE]) | (set(forced) & set(ranked))
    return np.array(sorted(chosen), dtype=np.int64)
