"""Who codes which answers in a round, by design and seed, and how far each has come.

What is worked out here is written into the decision that opens the round. So another version of
these lines changes no round that has been opened.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle

from coder.coding.compared import twice
from coder.coding.layers import done_codes
from coder.coding.state import State
from coder.model import Assigned, Design, OpenRound


def assign(
    answers: Collection[str],
    coders: Collection[str],
    design: Design = "all",
    overlap: int = 0,
    strata: Mapping[str, str] | None = None,
    seed: int = 0,
) -> tuple[Assigned, ...]:
    """The answers that each coder gets, those without any left out.

    all : everyone codes every answer. overlap : everyone codes ``overlap`` answers that are drawn
    by lot, the others are parted. pairs : every answer is coded by two. strata : of each answer; as
    many are drawn from each as it has a share of the answers, to the nearest whole number.

    Loads differ by one at most. The same answers, coders and seed give the same, in any order.
    ``ValueError`` for pairs of fewer than two, or an overlap that is no number of these answers.
    """
    lots, names = _by_lot(answers, seed), _by_lot(coders, seed)
    given: dict[str, list[str]] = {name: [] for name in names}
    if design == "pairs":
        for answer, two in zip(lots, _pairs(names), strict=False):
            for name in two:
                given[name].append(answer)
    else:
        if not 0 <= overlap <= len(lots):
            raise ValueError(f"{overlap} of {len(lots)} answers")
        shared = set(lots if design == "all" else _drawn(lots, overlap, strata))
        rest = [answer for answer in lots if answer not in shared]
        for name in names:
            given[name] += [answer for answer in lots if answer in shared]
        for answer, name in zip(rest, cycle(names), strict=False):
            given[name].append(answer)
    return tuple(
        Assigned(name, tuple(sorted(some))) for name, some in sorted(given.items()) if some
    )


def assign_again(
    done: Mapping[str, Collection[str]],
    count: int,
    strata: Mapping[str, str] | None = None,
    seed: int = 0,
) -> tuple[Assigned, ...]:
    """For each coder so many of the answers that they are done with, all when there are fewer.

    done : the answers by coder. strata : as for ``assign``. The same answers and seed give the
    same, in any order; coders who are done with the same answers get the same of them.
    """
    return tuple(
        Assigned(name, tuple(sorted(_drawn(_by_lot(some, seed), min(count, len(some)), strata))))
        for name, some in sorted(done.items())
    )


def _by_lot(names: Collection[str], seed: int) -> list[str]:
    """In an order that follows from the names and the seed alone."""
    return sorted(set(names), key=lambda each: hashlib.sha256(f"{seed}:{each}".encode()).digest())


def _drawn(lots: Sequence[str], count: int, strata: Mapping[str, str] | None) -> Iterator[str]:
    """So many of the answers, from each stratum in proportion (largest remainders)."""
    groups: dict[str, list[str]] = {}
    strata = strata or {}
    for answer in lots:
        groups.setdefault(strata.get(answer, ""), []).append(answer)
    exact = {name: count * len(some) / max(len(lots), 1) for name, some in groups.items()}
    sizes = {name: int(share) for name, share in exact.items()}
    by_rest = sorted(groups, key=lambda name: (sizes[name] - exact[name], name))
    for name in by_rest[: count - sum(sizes.values())]:
        sizes[name] += 1
    for name, some in groups.items():
        yield from some[: sizes[name]]


def _pairs(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Two coders at a time for ever: those with least to do, and of them the least tried pair."""
    if len(names) < 2:
        raise ValueError("pairs of fewer than two coders")
    load, tried = Counter(dict.fromkeys(names, 0)), Counter[frozenset[str]]()
    while True:
        first = min(names, key=load.__getitem__)
        others = [name for name in names if name != first]
        second = min(others, key=lambda name: (load[name], tried[frozenset((first, name))]))
        load.update((first, second))
        tried[frozenset((first, second))] += 1
        yield first, second


# --- how far it is -----------------------------------------------------------------------------


@dataclass(frozen=True)
class RoundProgress:
    """How far a round is: for each coder how many answers are done of how many.

    ``shared`` answers are coded by two or more, of which ``compared`` are done by all who should
    and ``agreed`` have the same codes from them; None as long as that would tell what others coded.
    When answers are coded again, the two are the coder at first and the coder in the round.
    """

    round: OpenRound
    is_open: bool
    done: Mapping[str, int]
    assigned: Mapping[str, int]
    shared: int
    compared: int
    agreed: int | None


def progress(
    state: State, round: OpenRound, tells: bool = True, single: Collection[str] = ()
) -> RoundProgress:
    """How far this round is. tells : whether it may be said how many agree.

    single : see ``coding.layers.done_codes``.
    """
    if round.again:
        return _progress_again(state, round, tells, single)
    codes = done_codes(state, single)
    who: dict[str, list[str]] = {}
    for each in round.assigned:
        for answer in each.answers:
            who.setdefault(answer, []).append(each.coder)
    shared = {answer: coders for answer, coders in who.items() if len(coders) > 1}
    compared = [a for a, coders in shared.items() if all((c, a) in codes for c in coders)]
    agreed = sum(len({codes[c, a] for c in shared[a]}) == 1 for a in compared)
    return RoundProgress(
        round,
        round.round not in state.closed,
        {e.coder: sum((e.coder, a) in codes for a in e.answers) for e in round.assigned},
        {e.coder: len(e.answers) for e in round.assigned},
        len(shared),
        len(compared),
        agreed if tells else None,
    )


def _progress_again(
    state: State, round: OpenRound, tells: bool, single: Collection[str]
) -> RoundProgress:
    """What is done was done in the round: what was coded before does not count."""
    codes = done_codes(state.seconds[round.round], single)
    both = twice(state, round.round, single)
    return RoundProgress(
        round,
        round.round not in state.closed,
        {e.coder: sum((e.coder, a) in codes for a in e.answers) for e in round.assigned},
        {e.coder: len(e.answers) for e in round.assigned},
        sum(len(each.answers) for each in round.assigned),
        len(both),
        sum(first == later for first, later in both.values()) if tells else None,
    )
