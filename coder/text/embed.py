"""Vectors of texts: each distinct text encoded once, and never again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from coder.model import Progress
from coder.text import prepare
from coder.text.encode import Encoder, EncoderRecord

Vectors = NDArray[np.float32]
# From lists of texts to the vectors of each, with its number, in any order.
EncodeParts = Callable[[Sequence[list[str]]], Iterator[tuple[int, Vectors]]]

_PART = 256  # texts encoded between two writes to the cache
_GOLDEN = (5**0.5 - 1) / 2


class VectorCache(Protocol):
    """Vectors kept by key; may lose any of them at any time."""

    def get(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """Those of the vectors that are there."""
        ...

    def put(self, vectors: Mapping[str, bytes]) -> None:
        """Keep these vectors."""
        ...


def embed(
    texts: Sequence[str],
    encoder: Encoder,
    cache: VectorCache,
    progress: Progress | None = None,
    encode_parts: EncodeParts | None = None,
) -> Vectors:
    """The vectors of texts, shape (n_texts, dimensions), rows of length 1.

    What the cache has is taken from there. The rest is encoded, parts of like length at a time,
    and kept part by part, so that work that was stopped goes on where it was. encode_parts : what
    encodes the parts, such as other machines; None: ``encoder``, here.
    """
    cleaned = [prepare.clean(text) for text in texts]
    keys = _keys(cleaned, encoder.record)
    found = dict(cache.get(list(keys.values())))
    parts = _parts([text for text in keys if keys[text] not in found])
    count = _Count(sum(map(len, parts)), progress)
    encode = encode_parts or partial(_encode_here, encoder, count)
    for number, made in encode(parts):
        pairs = zip(parts[number], made, strict=True)
        fresh = {keys[text]: row.tobytes() for text, row in pairs}
        cache.put(fresh)
        found |= fresh
        count.add(len(fresh))
    return _stacked([found[keys[text]] for text in cleaned], encoder.record)


def remembered(texts: Sequence[str], record: EncoderRecord, cache: VectorCache) -> Vectors | None:
    """The vectors of texts as ``embed`` gives them, if the cache has them all; else None.

    So an encoder that has seen every text before need not be loaded, which takes seconds.
    """
    cleaned = [prepare.clean(text) for text in texts]
    keys = _keys(cleaned, record)
    found = cache.get(list(keys.values()))
    if len(found) < len(set(keys.values())):
        return None
    return _stacked([found[keys[text]] for text in cleaned], record)


def _stacked(vectors: Sequence[bytes], record: EncoderRecord) -> Vectors:
    stacked = np.empty((len(vectors), record.dimensions), np.float32)
    for row, vector in enumerate(vectors):
        stacked[row] = np.frombuffer(vector, np.float32)
    return stacked


def _parts(texts: Sequence[str]) -> list[list[str]]:
    """Texts of like length together, and the parts in an order in which short and long mix.

    So what has been done says at any time how long the rest takes. The steps of the golden ratio
    never come near each other.
    """
    ordered = sorted(texts, key=lambda text: (len(text), text))
    parts = [ordered[start : start + _PART] for start in range(0, len(ordered), _PART)]
    places = sorted(range(len(parts)), key=lambda place: place * _GOLDEN % 1)
    return [parts[place] for place in places]


def _encode_here(
    encoder: Encoder, count: _Count, parts: Sequence[list[str]]
) -> Iterator[tuple[int, Vectors]]:
    for number, part in enumerate(parts):
        yield number, encoder.encode(part, count.within)


class _Count:
    """How many texts are done, told whenever there are more."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self._done, self._total, self._progress = 0, total, progress
        self._tell(0)

    def add(self, texts: int) -> None:
        """A whole part more."""
        self._done += texts
        self._tell(self._done)

    def within(self, _key: str, done: int, _total: int) -> None:
        """So many of the part that is being encoded."""
        self._tell(self._done + done)

    def _tell(self, done: int) -> None:
        if self._progress and self._total:
            self._progress("progress.encoding", done, self._total)


def _keys(cleaned: Sequence[str], record: EncoderRecord) -> dict[str, str]:
    """For each distinct text a hash of everything that decides what its vector is."""
    before = f"{record.key()}\n{prepare.VERSION}\n"
    return {
        text: hashlib.sha256((before + text).encode()).hexdigest()
        for text in dict.fromkeys(cleaned)
    }
