"""Two codebooks made independently of the same answers: which codes were used alike."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from coder.coding.ratings import Floats, Ratings, make_ratings

Coded = Mapping[str, Collection[str]]  # the codes of each answer, by answer


@dataclass(frozen=True, eq=False)
class Matching:
    """Codes of two codebooks matched by their answers.

    pairs : one row per pair with ``first``, ``second``, ``both`` (answers that have both codes),
        ``only_first``, ``only_second`` and ``overlap`` (Jaccard: both over either), the largest
        first.
    left_first, left_second : the codes without a partner, with ``code``, ``answers``, and the
        ``nearest`` code of the other codebook with its ``overlap``; missing when there is none.
    ratings : the answers as two coders gave them codes, a pair being one code called by its name in
        the first codebook; what ``agreement`` takes.
    """

    pairs: pd.DataFrame
    left_first: pd.DataFrame
    left_second: pd.DataFrame
    ratings: Ratings


def match_codebooks(
    first: Coded, second: Coded, names: tuple[str, str] = ("first", "second")
) -> Matching:
    """Match the codes of two codebooks so that the overlap in all is as large as can be.

    first, second : only answers that stand in both count, those without any code too. names : of
    the two coders in ``Matching.ratings``. A code has one partner at most (Kuhn 1955, with Jaccard
    as what a pair is worth), and none with which it has no answer in common.
    """
    answers = [answer for answer in first if answer in second]
    one, other = _marks(first, answers), _marks(second, answers)
    both = one.to_numpy(np.float64).T @ other.to_numpy(np.float64)
    overlap = _jaccard(both, one.sum().to_numpy(), other.sum().to_numpy())
    rows, columns = linear_sum_assignment(overlap, maximize=True)
    partners = [(i, j) for i, j in zip(rows, columns, strict=True) if both[i, j] > 0]
    return Matching(
        _pairs(one, other, partners, both, overlap),
        _left(one, other, [i for i, _ in partners], overlap),
        _left(other, one, [j for _, j in partners], overlap.T),
        _ratings(
            first, second, answers, names, {other.columns[j]: one.columns[i] for i, j in partners}
        ),
    )


def _marks(coded: Coded, answers: list[str]) -> pd.DataFrame:
    """Which codes each answer has; one row per answer, one column per code in order of its name."""
    codes = sorted({code for answer in answers for code in coded[answer]})
    found = [[code in coded[answer] for code in codes] for answer in answers]
    return pd.DataFrame(
        np.array(found, dtype=bool).reshape(len(answers), len(codes)), columns=codes
    )


def _jaccard(both: Floats, one: Floats, other: Floats) -> Floats:
    either = np.add.outer(one, other) - both
    return np.divide(both, either, out=np.zeros_like(both), where=either > 0)


def _pairs(
    one: pd.DataFrame,
    other: pd.DataFrame,
    partners: list[tuple[int, int]],
    both: Floats,
    overlap: Floats,
) -> pd.DataFrame:
    rows = [
        (
            one.columns[i],
            other.columns[j],
            int(both[i, j]),
            int(one.iloc[:, i].sum() - both[i, j]),
            int(other.iloc[:, j].sum() - both[i, j]),
            float(overlap[i, j]),
        )
        for i, j in partners
    ]
    columns = ["first", "second", "both", "only_first", "only_second", "overlap"]
    found = pd.DataFrame(rows, columns=columns)
    return found.sort_values("overlap", ascending=False, kind="stable", ignore_index=True)


def _left(
    own: pd.DataFrame, others: pd.DataFrame, matched: list[int], overlap: Floats
) -> pd.DataFrame:
    rows = []
    for i, code in enumerate(own.columns):
        if i not in matched:
            best = int(overlap[i].argmax()) if overlap.shape[1] else 0
            near = bool(overlap[i].max(initial=0) > 0)
            nearest = (others.columns[best], float(overlap[i, best])) if near else (None, np.nan)
            rows.append((code, int(own.iloc[:, i].sum()), *nearest))
    return pd.DataFrame(rows, columns=["code", "answers", "nearest", "overlap"])


def _ratings(
    first: Coded,
    second: Coded,
    answers: list[str],
    names: tuple[str, str],
    called: Mapping[str, str],
) -> Ratings:
    """A code left over keeps its name, unless the first codebook has another of that name."""
    taken = {code for answer in answers for code in first[answer]}
    left = {code for answer in answers for code in second[answer]} - set(called)
    free = {
        code: _free_name(f"{code} ({names[1]})", taken) if code in taken else code for code in left
    }
    known = {**called, **free}
    given: dict[tuple[str, str], Collection[str]] = {}
    for answer in answers:
        given[answer, names[0]] = list(first[answer])
        given[answer, names[1]] = [known[code] for code in second[answer]]
    return make_ratings(given)


def _free_name(name: str, taken: Collection[str]) -> str:
    return name if name not in taken else _free_name(f"{name}'", taken)
