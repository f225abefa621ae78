"""What a number says, in a word that everybody knows: the words are in the language files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

Level = Literal["high", "middle", "low"]

FIRM, LOOSE = 0.85, 0.6
_LIKELY, _DOUBTFUL = 0.85, 0.5


def likeness(coherence: float, count: int) -> float:
    """How alike two answers of a group are on average, whatever its size; ``count`` at least 2.

    Coherence, the mean cosine to the centre, is the length of the mean of ``count`` vectors of
    length 1, so its square is 1 / count + (1 - 1 / count) times the mean cosine between two of
    them. Of vectors that have nothing in common it is 0 in a group of any size, where coherence
    is high in small ones.
    """
    return (count * coherence**2 - 1) / (count - 1)


def coherence_level(own: float, usual: Sequence[float]) -> Level:
    """How alike the answers of a proposal are, compared with ``usual`` ones: likenesses all.

    More alike than two thirds of them is high, less than two thirds low. What is much or little
    in itself depends on the encoder, so nothing is said of that.
    """
    most = 2 * len(usual) / 3
    if usual and sum(each < own for each in usual) >= most:
        return "high"
    return "low" if usual and sum(each > own for each in usual) >= most else "middle"


def stability_level(stability: float) -> Level:
    """How firm a proposal is, with the bounds of Hennig (2007).

    From .85 he calls a group highly stable, and one below .6 he would not trust (Computational
    Statistics & Data Analysis 52, p. 258-271).
    """
    if stability >= FIRM:
        return "high"
    return "low" if stability < LOOSE else "middle"


def chance_level(chance: float) -> Level:
    """How likely something is, by its probability: low when it is more likely not so."""
    if chance >= _LIKELY:
        return "high"
    return "low" if chance < _DOUBTFUL else "middle"


def slider_steps(fewest: int, most: int, chosen: int) -> list[int]:
    """The numbers of proposals that a slider stops at: every one at first, then fewer and fewer.

    Between 13 and 14 proposals is more of a difference than between 130 and 131. ``chosen`` and
    ``most`` are always among them.
    """
    steps, count = {chosen, most}, fewest
    while count < most:
        steps.add(count)
        count += max(1, count // 20)
    return sorted(steps)
