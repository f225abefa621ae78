"""In which order answers are read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Order = Literal["imported", "doubtful", "typical", "random", "similar"]


def shuffled(answers: Sequence[str], seed: int) -> list[str]:
    """The answers in an order that follows from their ids and the seed alone.

    An answer that comes in later finds its place between them; the others keep their order.
    """
    return sorted(answers, key=lambda each: hashlib.sha256(f"{seed}:{each}".encode()).digest())


def ranked(answers: Sequence[str], value: Mapping[str, float], least_first: bool) -> list[str]:
    """The answers by this value, equal ones as they came; those without a value come last."""
    sign = 1.0 if least_first else -1.0
    return sorted(answers, key=lambda each: sign * value[each] if each in value else float("inf"))


def similarities(
    answers: Sequence[str], vectors: NDArray[np.float32], like: Sequence[str]
) -> dict[str, float]:
    """The cosine of each answer to the mean of the answers ``like``; empty when there are none.

    vectors : shape (n, dimensions), rows of length 1, parallel to ``answers``.
    """
    rows = [i for i, each in enumerate(answers) if each in set(like)]
    if not rows:
        return {}
    mean = vectors[rows].mean(axis=0)
    cosines = vectors @ (mean / max(float(np.linalg.norm(mean)), 1e-12))
    return dict(zip(answers, cosines.tolist(), strict=True))
