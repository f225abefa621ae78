"""Long answers cut where their subject changes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from coder.text.cut import Span
from coder.text.nearest import Points, unit

# A sentence ends at a line break, or at its sign when what follows doesn't begin in lower case:
# "ca. 11" and "medarb. på" are no ends.
_END = re.compile(
    r"\s*\n\s*|(?:(?<=[.!?…])|(?<=[.!?…][\"'»«”)]))\s+(?=[^\W\d_a-zæøåäöüéß]|[-–•*»«\"'(])"
)
_SHORTEST = 25  # characters of a sentence that can have a subject of its own

Encode = Callable[[Sequence[str]], NDArray[np.float32]]


def segments(
    texts: Sequence[str], encode: Encode
) -> tuple[list[int], list[Span], NDArray[np.float32]]:
    """Each text as runs of sentences about the same.

    encode : gives the vectors of sentences, shape (n, dimensions), rows of length 1.

    Returns, one per segment: the number of its text, its span in code points of the text, without
    white space around it, and its vector, the mean of its sentences' vectors by their length. Two
    sentences are parted when they are less alike than all neighbours are on average, less half a
    standard deviation (the cutoff of TextTiling: Hearst 1997, Computational Linguistics 23). Every
    text has at least one segment, an empty text an empty one. The order of the texts makes no
    difference.
    """
    distinct = sorted(set(texts))
    owner, spans, vectors = _cut_up(distinct, encode)
    bounds = np.searchsorted(owner, np.arange(len(distinct) + 1))
    at = {text: range(*bounds[i : i + 2].tolist()) for i, text in enumerate(distinct)}
    rows = [(number, row) for number, text in enumerate(texts) for row in at[text]]
    return (
        [number for number, _ in rows],
        [spans[row] for _, row in rows],
        vectors[[row for _, row in rows]],
    )


def _cut_up(
    texts: Sequence[str], encode: Encode
) -> tuple[NDArray[np.int64], list[Span], NDArray[np.float32]]:
    spans = [sentences(text) for text in texts]
    owner = np.repeat(np.arange(len(texts)), [len(each) for each in spans])
    flat = [span for each in spans for span in each]
    found = encode([texts[text][a:b] for text, (a, b) in zip(owner.tolist(), flat, strict=True)])
    first = np.flatnonzero(_begins(owner, found))
    lengths = np.array([end - start + 1 for start, end in flat], dtype=found.dtype)
    sums = np.add.reduceat(found * lengths[:, None], first, axis=0)
    last = [*(first[1:] - 1), len(flat) - 1]
    runs = [(flat[a][0], flat[b][1]) for a, b in zip(first, last, strict=True)]
    return owner[first], runs, unit(sums).astype(found.dtype)


def sentences(text: str) -> list[Span]:
    """The sentences of a text, or the lines of a list; very short ones stay with the one before."""
    ends = [(each.start(), each.end()) for each in _END.finditer(text)]
    starts, stops = [0, *(end for _, end in ends)], [*(start for start, _ in ends), len(text)]
    trimmed = (_trimmed(text, span) for span in zip(starts, stops, strict=True))
    first, *rest = [(start, stop) for start, stop in trimmed if start < stop] or [(0, 0)]
    joined = [first]
    for start, stop in rest:
        if min(stop - start, joined[-1][1] - joined[-1][0]) < _SHORTEST:
            joined[-1] = (joined[-1][0], stop)
        else:
            joined.append((start, stop))
    return joined


def _trimmed(text: str, span: Span) -> Span:
    own = text[slice(*span)]
    start = span[0] + len(own) - len(own.lstrip())
    return start, start + len(own.strip())


def _begins(owner: NDArray[np.int64], found: Points) -> NDArray[np.bool_]:
    """Which sentences begin a segment: the first of each text, and those unlike the one before."""
    centred = unit(found - found.mean(axis=0))
    alike = np.einsum("nd,nd->n", centred[1:], centred[:-1]).astype(np.float64).round(6)
    same = owner[1:] == owner[:-1]
    if not same.any():
        return np.ones(len(owner), dtype=bool)
    least = alike[same].mean() - alike[same].std() / 2
    return np.concatenate([[True], ~same | (alike < least)])
