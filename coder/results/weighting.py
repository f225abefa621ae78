"""Weights that make those who answered look like everyone invited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coder.errors import UserError
from coder.model import Survey
from coder.results.groups import groups_by

_ROUNDS = 1_000
_CLOSE = 1e-9

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Weights:
    """One weight per respondent who answered, 1 on average.

    by : the background questions whose shares they restore, or the question that holds them.
    values : index respondent. n_effective : how many answers of equal weight would tell as much
    (Kish 1965); far below n, the weights cost more than they give.
    """

    by: tuple[str, ...]
    values: pd.Series

    @property
    def n(self) -> int:
        """How many have a weight above 0."""
        return int((self.values > 0).sum())

    @property
    def n_effective(self) -> float:
        """The square of the sum over the sum of squares."""
        return float(self.values.sum() ** 2 / (self.values**2).sum())

    @property
    def least(self) -> float:
        """The smallest weight."""
        return float(self.values.min())

    @property
    def greatest(self) -> float:
        """The largest weight."""
        return float(self.values.max())


def rake(
    survey: Survey, by: Sequence[str], who: pd.Index | None = None, merged: bool = False
) -> Weights:
    """Weights with which each background question has the same shares as among the invited.

    by : one question (post-stratification) or several (raking, iterative proportional fitting:
    Deming & Stephan 1940), each brought to its shares in turn until all agree. Names joined by
    ``*`` count as one question, by every combination. who : the respondents that get a weight;
    without, all who answered. A missing background value is a group of its own.

    Raises ``UserError`` when a group has nobody to weigh up (``weights.empty_group``), or the
    shares can't all be had at once (``weights.not_reached``).
    """
    people = survey.respondents
    index = people.index[people["answered"]] if who is None else who
    rows = people.index.get_indexer(index)
    margins = [_margin(survey, name, rows, merged) for name in by]
    weight = np.ones(len(rows))
    for _ in range(_ROUNDS):
        for place, target in margins:
            weight *= (target / _sums(weight, place, target))[place]
        gaps = [np.abs(_sums(weight, place, target) / target - 1) for place, target in margins]
        if all(gap.max() < _CLOSE for gap in gaps):
            return Weights(tuple(by), pd.Series(weight / weight.mean(), index=index))
    raise UserError("weights.not_reached", by=", ".join(by))


def given_weights(survey: Survey, name: str) -> Weights:
    """The weights that a number or background question holds, scaled to 1 on average.

    Raises ``UserError`` (``weights.not_numbers``) when they are not all numbers from 0.
    """
    values = survey.respondents.loc[survey.respondents["answered"], name]
    numbers = pd.to_numeric(values, errors="coerce").astype("float64")
    if numbers.isna().any() or (numbers < 0).any() or not numbers.sum() > 0:
        raise UserError("weights.not_numbers", name=name)
    return Weights((name,), numbers / numbers.mean())


def _margin(survey: Survey, name: str, rows: Codes, merged: bool) -> tuple[Codes, Floats]:
    """The group of each row, and how many of each group were invited."""
    parts = [groups_by(survey, each, merged).of.fillna("–") for each in name.split("*")]
    group = parts[0].str.cat(parts[1:], sep=" × ") if len(parts) > 1 else parts[0]
    place, names = pd.factorize(group)
    invited, there = np.bincount(place), np.bincount(place[rows], minlength=len(names))
    for missing in names[there == 0]:
        raise UserError("weights.empty_group", by=name, group=missing)
    return place[rows], invited.astype(np.float64)


def _sums(weight: Floats, place: Codes, target: Floats) -> Floats:
    return np.bincount(place, weight, len(target)).astype(np.float64)
