"""What was measured, one row per set, draw, method and seed, and how rows are summed up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import NamedTuple

from benchmarks.acts.peers import ANCHORS
from benchmarks.acts.price import CREATE, Turn, acts_per_100, curve
from benchmarks.acts.sets import Answers

BY_HAND, CODER = "by hand", "Coder"
AIM = 0.6  # of what the better anchor needs


@dataclass(frozen=True)
class Row:
    """The work on one set, or on one draw of it, with one method.

    draw : the seed of the draw, None for the whole set. seed : the method's, None if it needs
    none. detail : which alternative of the method this is. curve : see ``price.curve``; empty for
    draws. seconds_per_act : how long the machine needed on average before it showed the next answer
    or group; None for other methods, which show everything at once.
    """

    set: str
    answers: int
    codes: int
    draw: int | None
    method: str
    seed: int | None
    detail: str
    acts_per_100: float
    curve: tuple[tuple[float, float], ...] = ()
    seconds_per_act: float | None = None


class Spread(NamedTuple):
    """Mean, standard deviation (0 when there is one value only), lowest and highest value."""

    mean: float
    deviation: float
    low: float
    high: float


def as_row(
    answers: Answers, method: str, seed: int | None, detail: str, turns: Sequence[Turn]
) -> Row:
    """The row of a work that is done; draws are kept without their curve."""
    drawn_curve = tuple(curve(turns)) if answers.draw is None else ()
    codes, acts = len(set(answers.labels)), round(acts_per_100(turns), 2)
    return Row(
        answers.name, len(answers), codes, answers.draw, method, seed, detail, acts, drawn_curve
    )


def units(rows: Iterable[Row]) -> dict[tuple[str, int, int | None], list[Row]]:
    """Rows that belong together, because they are about the same answers."""
    found: dict[tuple[str, int, int | None], list[Row]] = {}
    for row in rows:
        found.setdefault((row.set, row.answers, row.draw), []).append(row)
    return found


def whole(rows: Iterable[Row]) -> list[list[Row]]:
    """The units that are no draws: the rows of each whole set."""
    return [unit for (_, _, draw), unit in units(rows).items() if draw is None]


def best(rows: Iterable[Row], *methods: str) -> Row | None:
    """The cheapest row of these methods, whatever its seed; None when there is none."""
    mine = [row for row in rows if row.method in methods]
    return min(mine, key=lambda row: row.acts_per_100, default=None)


def anchor(rows: Iterable[Row]) -> Row | None:
    """The better of Ward at its best cut and BERTopic at its best seed, on the same answers."""
    return best(rows, *ANCHORS)


def ratio(rows: Sequence[Row], method: str) -> float | None:
    """What a method needs of what the better anchor needs on the same answers; None if unknown."""
    ours, theirs = best(rows, method), anchor(rows)
    return ours.acts_per_100 / theirs.acts_per_100 if ours and theirs else None


def naming(row: Row) -> float:
    """Acts per 100 answers that creating the codes takes: nobody who names them needs fewer."""
    return 100 * CREATE * row.codes / row.answers


def spread(values: Sequence[float]) -> Spread:
    """Of at least one value; ``ValueError`` when there is none."""
    if not values:
        raise ValueError("no values")
    deviation = stdev(values) if len(values) > 1 else 0.0
    return Spread(fmean(values), deviation, min(values), max(values))
