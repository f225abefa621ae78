"""A coder who knows the right code of every answer, to measure how much work is saved.

The simulated coder reads every answer shown, works only through ``suggest.next_turn`` as the pages
do, and sees nothing else. What an act costs is close to the key presses that it takes: accepting or
refusing a group 1, taking one answer out 1, a code that is offered 1, one that must be searched 3
(or 1 while nine or fewer are there, which all have their key), a new one 3.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from coder.model import Act, Turn
from coder.text.suggest import OFFERED, Groups, Past, Space, next_turn

Part = Literal["all", "offers", "groups", "clusters"]

# Giving a code that is offered, that has a key since there are few, that must be searched, or that
# is made by this; and what is done to a group.
PRICES: Mapping[str, int] = {
    **{"offered": 1, "key": 1, "search": 3, "new": 3},
    **{"accept": 1, "exclude": 1, "reject": 1},
}


@dataclass(frozen=True)
class Played:
    """One act, and how often each kind of ``PRICES`` was needed for it."""

    act: Act
    kinds: tuple[str, ...]

    @property
    def cost(self) -> int:
        """What the act costs."""
        return sum(PRICES[kind] for kind in self.kinds)


def by_hand(labels: Sequence[str]) -> int:
    """The cost of coding without help: each code is made, and every answer given its own.

    labels : the right code of each answer. With nine codes or fewer in all each has a key.
    """
    codes = len(set(labels))
    return len(labels) * PRICES["key" if codes <= OFFERED else "search"] + codes * PRICES["new"]


@dataclass
class _Coder:
    """The codes given so far; ``labels`` has the right code of every answer."""

    labels: Mapping[str, str]
    codes: list[str] = field(default_factory=list)
    coded: dict[str, tuple[str, ...]] = field(default_factory=dict)
    acts: list[Act] = field(default_factory=list)

    def past(self) -> Past:
        return Past(tuple(self.codes), self.coded, self.acts)

    def play(self, turn: Turn) -> Played:
        played = self._one(turn) if len(turn.shown) == 1 else self._group(turn)
        act = played.act
        if act.new and act.code is not None:
            self.codes.append(act.code)
        self.coded |= {answer: (act.code,) for answer in act.accepted if act.code is not None}
        self.acts.append(act)
        return played

    def _one(self, turn: Turn) -> Played:
        label = self.labels[turn.shown[0]]
        act = Act(turn, label, turn.shown, new=label not in self.codes)
        return Played(act, (self._giving(label, turn),))

    def _giving(self, label: str, turn: Turn) -> str:
        """The kind of act by which the code is given."""
        if label not in self.codes:
            return "new"
        if label in turn.offered:
            return "offered"
        return "key" if len(self.codes) <= OFFERED else "search"

    def _group(self, turn: Turn) -> Played:
        """The code and the line that spare most acts, or to turn the group down."""
        labels = [self.labels[each] for each in turn.shown]
        common = [label for label, _ in Counter(labels).most_common(3)]
        cuts = [(_best_line(labels, each), each) for each in common]
        (gain, last), label = max(cuts, key=lambda each: each[0][0] - self._extra(each[1], turn))
        if gain - PRICES["accept"] - self._extra(label, turn) <= -PRICES["reject"]:
            return Played(Act(turn, None), ("reject",))
        above = turn.shown[: last + 1]
        accepted = tuple(each for each in above if self.labels[each] == label)
        excluded = tuple(each for each in above if self.labels[each] != label)
        act = Act(turn, label, accepted, excluded, label not in self.codes)
        giving = () if label == turn.code else (self._giving(label, turn),)
        return Played(act, ("accept", *("exclude" for _ in excluded), *giving))

    def _extra(self, label: str, turn: Turn) -> int:
        """What giving a group this code costs beyond accepting it.

        A code that has to be made anyway costs little more for being made here.
        """
        if label == turn.code:
            return 0
        return PRICES[self._giving(label, turn)] if label in self.codes else 1


def _best_line(labels: Sequence[str], label: str) -> tuple[int, int]:
    """What is gained above the best line, right less wrong, and the last answer above it."""
    gains = np.cumsum([1 if each == label else -1 for each in labels])
    return int(gains.max()), int(gains.argmax())


def simulate(space: Space, labels: Mapping[str, str], part: Part = "all") -> Iterator[Played]:
    """Every act until all answers of the space have their label, in order.

    labels : the right code of each answer. part : ``offers`` shows single answers only, ``groups``
    offers no codes for single answers, ``clusters`` shows clusters, which never change, and single
    answers with offers, but no groups for a code.
    """
    coder, shows = _Coder(labels), _SHOWS[part]
    while (turn := next_turn(space, coder.past(), shows=shows)) is not None:
        bare = part == "groups" and len(turn.shown) == 1
        yield coder.play(Turn(turn.shown) if bare else turn)


_SHOWS: Mapping[Part, tuple[Groups, ...]] = {
    "all": ("codes", "clusters"),
    "offers": (),
    "groups": ("codes", "clusters"),
    "clusters": ("clusters",),
}
