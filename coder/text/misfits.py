"""Codings that look odd next to their neighbours, and answers that say nearly the same."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from coder.text.nearest import nearest, unit
from coder.text.suggest import Past, Space, suggestions

_PARTS = 10  # of the coded answers, each judged by the codes of the others
_DOUBTED, _LIKELIER, _FEWEST = 0.2, 0.5, 3
_EVIDENCE = 3  # nearest answers shown
_CLOSE = 5  # nearest texts in which duplicates are looked for
_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Misfit:
    """An answer whose ``code`` looks less likely than ``likelier``, by the codes of the others.

    ``chance`` and ``likelier_chance`` are their probabilities; ``near`` the coded answers that are
    most like it, with their codes.
    """

    answer: str
    code: str
    chance: float
    likelier: str
    likelier_chance: float
    near: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Duplicates:
    """Answers that say the same, nearly word for word, and the codes of each (none: uncoded)."""

    answers: tuple[str, ...]
    codes: tuple[tuple[str, ...], ...]

    @property
    def differ(self) -> bool:
        """Whether they are coded differently, or some of them not yet."""
        return len({frozenset(each) for each in self.codes}) > 1


def chances_left_out(space: Space, past: Past) -> dict[str, dict[str, float]]:
    """The probabilities of codes for each coded answer, as the other answers' codes tell.

    Ten-fold cross-validation; the folds follow from the texts, so that equal texts, which stand
    beside each other, tell of one another. At most nine codes for each, the likeliest.
    """
    coded = [each for each in space.answers if past.coded.get(each)]
    found = {}
    for part in range(_PARTS):
        asked = coded[part::_PARTS]
        others = {each: codes for each, codes in past.coded.items() if each not in set(asked)}
        # Without the acts: a group turned down once says nothing against what was decided later.
        for each in suggestions(space, Past(past.codes, others, ()), asked):
            left = max(1 - each.new, 1e-9)
            chances = (min(1.0, chance / left) for chance in each.chances)
            found[each.answer] = dict(zip(each.codes, chances, strict=True))
    return found


def misfits(space: Space, past: Past) -> list[Misfit]:
    """The codings that the others speak against, the oddest first.

    A code with fewer than three answers is not judged: nobody can know what belongs there.
    """
    chances = chances_left_out(space, past)
    sizes: dict[str, int] = {}
    for codes in past.coded.values():
        for code in codes:
            sizes[code] = sizes.get(code, 0) + 1
    odd = [
        (answer, code, likelier)
        for answer, found in chances.items()
        for code in past.coded[answer]
        if sizes[code] >= _FEWEST and (likelier := _likelier(found, code, past.coded[answer]))
    ]
    odd.sort(key=lambda each: chances[each[0]].get(each[1], 0.0) - chances[each[0]][each[2]])
    near = _near(space, past, [answer for answer, *_ in odd])
    return [
        Misfit(a, code, chances[a].get(code, 0.0), other, chances[a][other], near[a])
        for a, code, other in odd
    ]


def _likelier(chances: Mapping[str, float], code: str, own: Sequence[str]) -> str | None:
    """The code that speaks against this one, or None when none does clearly."""
    others = {each: chance for each, chance in chances.items() if each not in own}
    best = max(others, key=lambda each: others[each], default=None)
    if best is None or chances.get(code, 0.0) > _DOUBTED or others[best] < _LIKELIER:
        return None
    return best


def _near(
    space: Space, past: Past, asked: Sequence[str]
) -> dict[str, tuple[tuple[str, tuple[str, ...]], ...]]:
    """The coded answers nearest to each, with their codes."""
    if not asked:
        return {}
    row = {answer: i for i, answer in enumerate(space.answers)}
    coded = [answer for answer in space.answers if past.coded.get(answer)]
    points = np.asarray(unit(space.views[0]), dtype=np.float32)
    queries, known = points[[row[each] for each in asked]], points[[row[each] for each in coded]]
    numbers, _ = nearest(queries, known, _EVIDENCE + 1)
    return {
        answer: tuple((coded[i], tuple(past.coded[coded[i]])) for i in found if coded[i] != answer)[
            :_EVIDENCE
        ]
        for answer, found in zip(asked, numbers.tolist(), strict=True)
    }


def near_duplicates(
    answers: Sequence[str],
    texts: Sequence[str],
    vectors: NDArray[np.float32],
    coded: Mapping[str, Sequence[str]],
    likeness: float = 0.97,
) -> list[Duplicates]:
    """Groups of answers that say the same but for case, signs and spaces, or nearly so.

    vectors : shape (n, dimensions), rows of length 1. likeness : the cosine from which two count
    as nearly the same. Each text is compared with all others, in blocks, and joined with the five
    nearest at most. Groups whose coding differs come first, then larger ones.
    """
    keys = [_SIGNS.sub(" ", text.casefold()).strip() or text for text in texts]
    number = {key: i for i, key in enumerate(dict.fromkeys(keys))}
    of = np.array([number[key] for key in keys], dtype=np.int64)
    _, first = np.unique(of, return_index=True)
    group = _joined(vectors[first], likeness)[of] if len(first) else of
    members: dict[int, list[str]] = {}
    for answer, each in sorted(zip(answers, group.tolist(), strict=True)):
        members.setdefault(each, []).append(answer)
    found = [
        Duplicates(tuple(each), tuple(tuple(coded.get(answer, ())) for answer in each))
        for each in members.values()
        if len(each) > 1
    ]
    return sorted(found, key=lambda each: (not each.differ, -len(each.answers), each.answers))


def _joined(points: NDArray[np.float32], likeness: float) -> NDArray[np.int64]:
    """The number of the group of each point: what is near enough, or near to what is."""
    near, cosine = nearest(points, points, _CLOSE, itself=True)
    rows, places = np.nonzero(cosine >= likeness)
    links = (np.ones(len(rows)), (rows, near[rows, places]))
    graph = coo_array(links, shape=(len(points), len(points)))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)
