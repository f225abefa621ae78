"""How far what the machine says can be believed: learnt from what coders made of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from coder.model import Act

Values = NDArray[np.float64]

_LATEST = 60  # acts that are learnt from
_FADE = 0.95  # how much less each earlier act counts
_PER_ACT = 3  # answers that one act counts for, at most: those of a group are not independent
_FIRST_REFUSED = 3  # answers of a group that was turned down which were surely seen to be wrong
_STEPS = 6


def correction(acts: Sequence[Act], strength: float) -> tuple[float, float]:
    """The ``a`` and ``b`` that make the chances of these acts come true: a + b logit(chance).

    Logistic regression of what was right on the chance that it was given (Platt 1999), with recent
    acts counting more, and held to a = 0 and b = 1, no correction, as firmly as ``strength``
    answers would.
    """
    outcomes = [each for each in map(outcome, acts[-_LATEST:]) if each]
    if not outcomes:
        return 0.0, 1.0
    ages = range(len(outcomes) - 1, -1, -1)
    weights = np.concatenate(
        [
            np.full(len(each), _FADE**age * min(1, _PER_ACT / len(each)))
            for age, each in zip(ages, outcomes, strict=True)
        ]
    )
    pairs = np.array([pair for each in outcomes for pair in each], dtype=np.float64)
    return _regression(logit(pairs[:, 0]), pairs[:, 1], weights, strength)


def outcome(act: Act) -> list[tuple[float, bool]]:
    """The chances that were given to answers of a turn, and whether they were right.

    Of the answers below the cut only the first is known to be wrong: there the coder stopped.
    """
    turn = act.turn
    if not turn.chances:
        return []
    chances = dict(zip(turn.shown, turn.chances, strict=True))
    expected = turn.code or (turn.offered[0] if len(turn.shown) == 1 and turn.offered else None)
    if act.code is None:
        return [(chances[each], False) for each in turn.shown[:_FIRST_REFUSED]]
    if expected is not None and act.code != expected:
        return [(chances[each], False) for each in (*act.accepted, *act.excluded)]
    right = [(chances[each], True) for each in act.accepted]
    return right + [(chances[each], False) for each in (*act.excluded, *_returned(act)[:1])]


def _returned(act: Act) -> list[str]:
    """What was shown below the cut."""
    decided = {*act.accepted, *act.excluded}
    return [each for each in act.turn.shown if each not in decided]


def _regression(x: Values, y: Values, weights: Values, strength: float) -> tuple[float, float]:
    """A logistic regression with a ridge around (0, 1), by Newton's method in short steps."""
    a, b, hold = 0.0, 1.0, 3 * strength
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-(a + b * x)))
        miss, v = weights * (y - p), weights * p * (1 - p)
        slope = np.array([miss.sum() - strength * a, (miss * x).sum() - hold * (b - 1)])
        bend = np.array(
            [[v.sum() + strength, (v * x).sum()], [(v * x).sum(), (v * x * x).sum() + hold]]
        )
        step = np.clip(np.linalg.solve(bend, slope), -1, 1)
        a, b = a + float(step[0]), min(max(b + float(step[1]), 0.2), 3.0)
    return a, b


def corrected(chances: Values, by: tuple[float, float]) -> Values:
    """The chances after a correction."""
    return np.asarray(1 / (1 + np.exp(-(by[0] + by[1] * logit(chances)))))


def logit(chances: Values) -> Values:
    """The log-odds; of 0 and 1 a large finite number."""
    held = np.clip(chances, 1e-6, 1 - 1e-6)
    return np.asarray(np.log(held / (1 - held)))


def chance_of_new(acts: Iterable[Act]) -> float:
    """How likely the next answer needs a code that is not there: the share of recent acts.

    With one act that made a code, and half an act that did not, assumed beforehand.
    """
    made = [act.new for act in acts if act.code is not None][-20:]
    return (sum(made) + 1) / (len(made) + 1.5)
