"""What the machine offers next: codes for each answer, and groups of answers to accept.

Everything here follows from the answers and from what people have done so far; nothing is kept
from one call to the next but what is known of the answers themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from coder.model import Act, Suggestion, Turn
from coder.text.calibrate import chance_of_new, corrected, correction
from coder.text.clusters import SMALLEST, Clusters, clusters
from coder.text.discriminant import log_odds
from coder.text.neighbours import near_shares
from coder.text.views import views

SHOWN, OFFERED = 30, 9  # answers in a group and codes offered, at most
_LEAST = 0.34  # a smaller chance is not worth a place in a group
_SEARCH = 3.0  # acts that a code costs which is not offered
_PER_GROUP = 1 / 20  # acts that accepting a group costs each of its answers, about
_SPREAD_OF_LINE = 1.3  # standard deviations that a group gains by being cut where it is best
_BY_NEIGHBOURS = 1  # the view in which neighbours are looked for
_DEPTH = 2  # how many groups an answer is thought to be shown in, one after the other
_LOOSE, _TIGHT = 0.8, 0.8  # log-odds that a cluster is pure: usually, and more per deviation
_FIRM, _FIRM_CLUSTERS = 4.0, 2.0  # see ``calibrate.correction``
# What an answer keeps of the chance of a code that a group with it was turned down for, when it
# stood first or further down, and when it stood below a cut.
_FIRST_OF_REFUSED, _OF_REFUSED, _BELOW = 0.3, 0.6, 0.7

# What a group may be shown for: a code that is there, or because the answers look alike.
Groups = Literal["codes", "clusters"]
Chances = NDArray[np.float64]
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Space:
    """What is known of the answers before anyone decides: ids in order, two views, clusters."""

    answers: tuple[str, ...]
    views: tuple[NDArray[np.float32], ...]
    clusters: Clusters


@dataclass(frozen=True)
class Past:
    """What has been decided: the codes of each coded answer, and the acts that led there.

    ``codes`` are all codes there are, in a fixed order. ``coded`` has every answer with a code;
    ``acts`` those acts that still stand, in order.
    """

    codes: tuple[str, ...]
    coded: Mapping[str, Sequence[str]]
    acts: Sequence[Act]


def make_space(answers: Sequence[str], texts: Sequence[str], vectors: NDArray[np.float32]) -> Space:
    """Prepare answers for suggestions; the same whatever order they come in.

    vectors : shape (n, dimensions), rows of length 1. With fewer than two answers there is
    nothing to learn from: the views are empty.
    """
    order = sorted(range(len(answers)), key=lambda i: (texts[i], answers[i]))
    ids = tuple(answers[i] for i in order)
    if len(order) < 2:
        return Space(ids, (np.zeros((len(order), 1), dtype=np.float32),), clusters(vectors[:0]))
    seen = views([texts[i] for i in order], vectors[order])
    return Space(ids, seen, clusters(seen[0]))


# --- codes for answers -------------------------------------------------------------------------


@dataclass(frozen=True)
class _Outlook:
    """The open answers (rows of the space) and their chances: of each code, and of a new one."""

    rows: Numbers
    chances: Chances
    new: float


def suggestions(
    space: Space, past: Past, answers: Collection[str] | None = None
) -> list[Suggestion]:
    """Up to nine codes for each answer without one, or for these answers, likeliest first."""
    outlook = _outlook(space, past, answers)
    return [
        _suggestion(space.answers[row], past.codes, chances, outlook.new)
        for row, chances in zip(outlook.rows, outlook.chances, strict=True)
    ]


def _suggestion(answer: str, codes: Sequence[str], chances: Chances, new: float) -> Suggestion:
    best = np.argsort(-chances, kind="stable")[:OFFERED]
    offered = tuple(codes[i] for i in best)
    return Suggestion(answer, offered, tuple(round(float(chances[i]), 4) for i in best), new)


def _outlook(space: Space, past: Past, answers: Collection[str] | None = None) -> _Outlook:
    place = {answer: row for row, answer in enumerate(space.answers)}
    asked = (each for each in space.answers if each not in past.coded)
    rows = np.array([place[each] for each in (asked if answers is None else answers)], np.int64)
    new = chance_of_new(past.acts)
    found = _learnt(space, past, place, rows)
    likely = found * _not_refused(past, place, len(place))[rows] * (1 - new)
    likely /= np.maximum(likely.sum(axis=1, keepdims=True) + new, 1e-9)
    right = corrected(likely, correction([a for a in past.acts if not _is_open(a)], _FIRM))
    right = np.where(likely > 0, right, 0.0)
    too_much = np.maximum(right.sum(axis=1, keepdims=True) / (1 - new + 1e-9), 1.0)
    return _Outlook(rows, right / too_much, new)


def _is_open(act: Act) -> bool:
    """Whether a group was offered without a code."""
    return act.turn.code is None and len(act.turn.shown) > 1


def _learnt(space: Space, past: Past, place: Mapping[str, int], rows: Numbers) -> Chances:
    """The chance of each code by what is coded, the mean of four judges: rows that add up to 1."""
    number = {code: i for i, code in enumerate(past.codes)}
    pairs = [
        (place[answer], number[code])
        for answer, codes in past.coded.items()
        if answer in place
        for code in codes
    ]
    known, codes = (
        np.array(each, dtype=np.int64) for each in (zip(*pairs, strict=True) if pairs else ([], []))
    )
    used, codes = np.unique(codes, return_inverse=True)
    found = np.zeros((len(rows), len(past.codes)))
    if len(used) == 1:
        found[:, used[0]] = 1.0
    elif len(used):
        by = (known, codes, len(used), rows)
        judges: list[Chances] = [_shares(log_odds(view, *by)) for view in space.views]
        judges.append(near_shares(space.views[_BY_NEIGHBOURS], *by).astype(np.float64))
        found[:, used] = np.mean(judges, axis=0)
    return found


def _shares(odds: NDArray[np.float32]) -> Chances:
    least = np.exp((odds - odds.max(axis=1, keepdims=True)).astype(np.float64))
    return np.asarray(least / least.sum(axis=1, keepdims=True))


def _not_refused(past: Past, place: Mapping[str, int], n: int) -> Chances:
    """What each answer keeps of the chance of each code after all groups it was shown in."""
    number = {code: i for i, code in enumerate(past.codes)}
    kept = np.ones((n, len(past.codes)))
    for act in past.acts:
        for answer, code, share in _refusals(act):
            if answer in place and code in number:
                kept[place[answer], number[code]] *= share
    return kept


def _refusals(act: Act) -> Iterator[tuple[str, str, float]]:
    """The answer, the code, and what the answer keeps of its chance, after one act."""
    shown, offered = act.turn.shown, act.turn.code
    if act.code is not None:
        yield from ((each, act.code, 0.0) for each in act.excluded)
    if offered is None:
        return
    if act.code is None:
        yield shown[0], offered, _FIRST_OF_REFUSED
        yield from ((each, offered, _OF_REFUSED) for each in shown[1:])
    elif act.code == offered:
        decided = {*act.accepted, *act.excluded}
        below = [each for each in shown if each not in decided]
        yield from ((each, offered, 0.0) for each in below[:1])
        yield from ((each, offered, _BELOW) for each in below[1:])
    else:
        yield from ((each, offered, _FIRST_OF_REFUSED) for each in shown)


# --- what to show next -------------------------------------------------------------------------


def next_turn(
    space: Space,
    past: Past,
    held_out: Collection[str] = (),
    shows: Collection[Groups] = ("codes", "clusters"),
) -> Turn | None:
    """The group or the single answer that saves most work now; None when every answer has a code.

    held_out : answers that are shown alone, without any suggestion, to see what suggestions do.
    shows : which groups may be shown.
    """
    outlook = _outlook(space, past)
    if not len(outlook.rows):
        return None
    free = np.array([space.answers[row] not in held_out for row in outlook.rows])
    open_now = _Outlook(outlook.rows[free], outlook.chances[free], outlook.new)
    best = {"codes": _best_of_codes, "clusters": _best_cluster}
    found = [best[each](space, past, open_now) for each in shows if len(open_now.rows)]
    gain, turn = max(found, key=lambda each: each[0], default=(0.0, None))
    if gain > 0.0 and turn is not None:
        return turn
    return _single(space, past, open_now if len(open_now.rows) else outlook, held_out)


def _single(space: Space, past: Past, outlook: _Outlook, held_out: Collection[str]) -> Turn:
    """The answer of which least is known: what it teaches helps most."""
    best = outlook.chances.max(axis=1, initial=0.0)
    i = int(best.argmin())
    answer = space.answers[outlook.rows[i]]
    if answer in held_out or not past.codes:
        return Turn((answer,))
    found = _suggestion(answer, past.codes, outlook.chances[i], outlook.new)
    return Turn((answer,), None, found.codes, found.chances[:1])


def _best_of_codes(space: Space, past: Past, outlook: _Outlook) -> tuple[float, Turn | None]:
    """The most useful group for a code that is there, and the acts it is expected to save."""
    alone = _cost_alone(outlook)
    best: tuple[float, int, Numbers] = (0.0, -1, np.empty(0, np.int64))
    for code in range(outlook.chances.shape[1]):
        own = outlook.chances[:, code]
        likely = np.flatnonzero(own > _LEAST)
        shown = likely[np.argsort(-own[likely], kind="stable")][:SHOWN]
        if len(shown) < 2:
            continue
        gain = _gain(
            alone[shown], _cost_in_group(outlook.chances[shown], alone[shown], code), own[shown]
        )
        if gain > best[0]:
            best = (gain, code, shown)
    gain, code, shown = best
    if code < 0:
        return 0.0, None
    chances = tuple(round(float(each), 4) for each in outlook.chances[shown, code])
    return gain, _group(space, past, outlook, shown, past.codes[code], chances)


def _gain(alone: Chances, inside: Chances, chances: Chances) -> float:
    """The acts that a group is expected to save, cut at its best line.

    Where the line falls is seen by the coder, not by the machine, so that a group is worth more
    than the best of its expected sums: by a part of the standard deviation there.
    """
    spread = np.sqrt(np.cumsum(chances * (1 - chances))) * _SPREAD_OF_LINE
    return float((np.cumsum(alone - inside) + spread).max()) - 1


def _group(
    space: Space,
    past: Past,
    outlook: _Outlook,
    shown: Numbers,
    code: str | None,
    chances: tuple[float, ...],
) -> Turn:
    means = outlook.chances[shown].mean(axis=0)
    offered = tuple(past.codes[i] for i in np.argsort(-means, kind="stable")[:OFFERED])
    return Turn(tuple(space.answers[row] for row in outlook.rows[shown]), code, offered, chances)


def _cost_alone(outlook: _Outlook) -> Chances:
    """The acts that each answer is expected to cost when it is shown alone."""
    if outlook.chances.shape[1] <= OFFERED:
        return np.full(len(outlook.rows), 1 + (_SEARCH - 1) * outlook.new)
    offered = -np.sort(-outlook.chances, axis=1)[:, :OFFERED].sum(axis=1)
    return np.asarray(offered + _SEARCH * (1 - offered))


def _cost_in_group(chances: Chances, alone: Chances, code: int) -> Chances:
    """The expected acts of answers shown in a group for a code, without what the group costs.

    If it is wrong there, it is taken out (1) and goes on the cheapest way that is left.
    """
    own = chances[:, code]
    return np.asarray((1 - own) * (1 + _cheapest(_without(chances, code), alone, _DEPTH - 1)))


def _cheapest(chances: Chances, alone: Chances, depth: int) -> Chances:
    """Alone, or in a group for the likeliest code."""
    if not depth:
        return alone
    code = chances.argmax(axis=1)
    own = chances[np.arange(len(chances)), code]
    rest = _cheapest(_without(chances, code), alone, depth - 1)
    return np.asarray(np.minimum(alone, (1 - own) * (1 + rest) + _PER_GROUP))


def _without(chances: Chances, code: Numbers | int) -> Chances:
    """The chances of the other codes when it is known not to be this one."""
    left, rows = chances.copy(), np.arange(len(chances))
    left[rows, code] = 0.0
    own = chances[rows, code]
    return np.asarray(left / np.maximum(1 - own, 1e-9)[:, None])


def _best_cluster(space: Space, past: Past, outlook: _Outlook) -> tuple[float, Turn | None]:
    """The most useful group that looks alike, for a new code or an old, and what it saves."""
    groups = space.clusters
    if not len(groups.tightness):
        return 0.0, None
    is_open = np.zeros(len(space.answers), dtype=bool)
    is_open[outlook.rows] = True
    left = np.add.reduceat(is_open[groups.members].astype(np.int64), groups.starts[:-1])
    shown = np.minimum(left, SHOWN)
    usable = (left >= SMALLEST) & (shown >= 0.6 * np.minimum(np.diff(groups.starts), SHOWN))
    pure = 1 / (1 + np.exp(-(_LOOSE + _TIGHT * groups.tightness)))
    by = correction([act for act in past.acts if _is_open(act)], _FIRM_CLUSTERS)
    gains = np.where(usable, shown * (2 * corrected(pure, by) - 1) - 2, -1.0)
    refused = {act.turn.shown[:5] for act in past.acts if _is_open(act)}
    for group in np.argsort(-gains, kind="stable"):
        if gains[group] <= 0:
            break
        own = groups.members[groups.starts[group] : groups.starts[group + 1]]
        places = np.searchsorted(outlook.rows, own[is_open[own]][:SHOWN])
        chances = (round(float(pure[group]), 4),) * len(places)
        turn = _group(space, past, outlook, places, None, chances)
        if turn.shown[:5] not in refused:
            return float(gains[group]), turn
    return 0.0, None
