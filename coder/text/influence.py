"""What suggestions did to the coding: how often they were followed, and what came of it.

Answers that are held out are coded without any suggestion. They are chosen by a hash, as a lot
would: so what differs between them and the others is what the suggestions did.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from scipy.stats import binomtest

from coder.model import Act
from coder.text.suggest import Past, Space, suggestions

_MOMENTS = 20  # at which is asked, at most, what would have been suggested

Acted = Sequence[tuple[str, Act]]
Codings = Mapping[tuple[str, str], Sequence[str]]


@dataclass(frozen=True)
class Rate:
    """``count`` of ``of``, and Wilson's (1927) interval for the share at 95 %; None of nothing."""

    count: int
    of: int
    low: float | None = None
    high: float | None = None

    @property
    def share(self) -> float | None:
        """The share, 0 to 1, or None of nothing."""
        return self.count / self.of if self.of else None


@dataclass(frozen=True)
class Influence:
    """How far coders and suggestions went together.

    ``first_taken``, ``offer_taken`` : single answers shown with offers that were given the first
    code offered, or any of them. ``in_groups`` : answers shown in a group that were accepted as it
    was offered. ``changed``, ``changed_blind`` : codings since taken off or moved, given when codes
    were offered and to answers held out. ``agreed``, ``agreed_blind`` : answers that were given
    the code that the machine, from what was coded before, thought likeliest; it was shown to the
    coder of the former only.
    """

    first_taken: Rate
    offer_taken: Rate
    in_groups: Rate
    changed: Rate
    changed_blind: Rate
    agreed: Rate
    agreed_blind: Rate


def held_out(answers: Collection[str], share: float, seed: int) -> frozenset[str]:
    """About this share of the answers, the same whatever other answers there are."""
    return frozenset(each for each in answers if _lot(each, seed) < share)


def _lot(answer: str, seed: int) -> float:
    """A number from 0 to 1 that the answer's id and the seed decide."""
    digest = hashlib.sha256(f"{seed}:{answer}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def rate(count: int, of: int) -> Rate:
    """A rate with its interval."""
    if not of:
        return Rate(0, 0)
    found = binomtest(count, of).proportion_ci(method="wilson")
    return Rate(count, of, float(found.low), float(found.high))


def influence(space: Space, acted: Acted, codings: Codings, blind: Collection[str]) -> Influence:
    """What the acts tell of the suggestions.

    acted : every act with its coder, in order. codings : the codes by (coder, answer) now.
    blind : the answers held out.
    """
    offered = [(who, act) for who, act in acted if act.turn.offered or act.turn.code]
    bare = [(who, act) for who, act in acted if not (act.turn.offered or act.turn.code)]
    unseen = [(who, act) for who, act in bare if set(act.turn.shown) <= set(blind)]
    single = [act for _, act in offered if len(act.turn.shown) == 1]
    groups = [act for _, act in offered if len(act.turn.shown) > 1]
    foretold = list(_foretold(space, [act for _, act in acted]))
    return Influence(
        _rate([act.code == act.turn.offered[0] for act in single if act.turn.offered]),
        _rate([act.code in act.turn.offered for act in single]),
        _rate([each for act in groups for each in _accepted_as_offered(act)]),
        _rate(list(_changed(offered, codings))),
        _rate(list(_changed(unseen, codings))),
        _rate(_agreed(foretold, [act for _, act in offered])),
        _rate(_agreed(foretold, [act for _, act in unseen])),
    )


def _rate(outcomes: Sequence[bool]) -> Rate:
    return rate(sum(outcomes), len(outcomes))


def _accepted_as_offered(act: Act) -> list[bool]:
    as_offered = act.code is not None and act.turn.code in (None, act.code)
    return [as_offered and each in act.accepted for each in act.turn.shown]


def _changed(acted: Acted, codings: Codings) -> Iterator[bool]:
    """For each answer that was given a code, whether its coder has taken it off since."""
    for who, act in acted:
        if act.code is not None:
            yield from (act.code not in codings.get((who, each), ()) for each in act.accepted)


def _agreed(foretold: Sequence[tuple[Act, str, str]], acts: Sequence[Act]) -> list[bool]:
    asked = {id(act) for act in acts}
    return [act.code == first for act, _, first in foretold if id(act) in asked]


def _foretold(space: Space, acts: Sequence[Act]) -> Iterator[tuple[Act, str, str]]:
    """The act, the answer and the code that was likeliest before, for answers that got a code.

    It is asked at moments spread evenly, so that a long history does not take long; each time from
    the acts before alone.
    """
    step = max(1, -(-len(acts) // _MOMENTS))
    left = set(space.answers)  # not coded so far
    codes: dict[str, None] = {}
    coded: dict[str, tuple[str, ...]] = {}
    for start in range(0, len(acts), step):
        block = [act for act in acts[start : start + step] if act.code is not None]
        pairs = {each: act for act in block for each in act.accepted if each in left}
        found = suggestions(space, Past(tuple(codes), dict(coded), acts[:start]), list(pairs))
        yield from ((pairs[f.answer], f.answer, f.codes[0]) for f in found if f.codes)
        for act in block:
            codes |= {str(act.code): None}
            coded |= {each: (str(act.code),) for each in act.accepted}
            left -= set(act.accepted)
