"""How often each option of each closed item was chosen, and of how many.

Counts are of respondents as they are; weights change shares only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from coder.model import Item, Kind, Question, Survey
from coder.results.groups import Groups
from coder.results.merged import codes_merged, merge
from coder.results.units import (
    WhichCases,
    asked_among,
    beside,
    places_among,
    units,
    units_of,
    was_asked,
)

__all__ = ["WhichCases", "frequencies", "units", "was_asked"]

_COUNTED: tuple[Kind, ...] = ("single", "multiple", "matrix")
_COLUMNS = [
    "question", "item", "code", "option", "group",
    "count", "share", "n", "outside", "asked", "units", "n_effective",
]  # fmt: skip

_TINY = np.finfo(np.float64).tiny

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class _Counted:
    """The units that count: their table, the group of each (0, 1, …) and its weight."""

    table: pd.DataFrame
    group: NDArray[np.intp]
    weight: Floats
    groups: tuple[str, ...]

    @cached_property
    def _members(self) -> csr_array:
        """Who is in which group, ones of shape (n_groups, n_units)."""
        units = np.arange(len(self.group))
        return csr_array(
            (np.ones(len(units)), (self.group, units)), shape=(len(self.groups), len(units))
        )

    def sums(self, values: NDArray[Any]) -> Floats:
        """The sums in every group: of (n_units,) or (n_units, k), shape (n_groups,) or with k."""
        sums: Floats = self._members @ values.astype(np.float64, copy=False)
        return sums

    def weighted(self, values: Floats) -> Floats:
        """The same with each unit's weight."""
        if (self.weight == 1).all():
            return self.sums(values)
        return self.sums((values.T * self.weight).T)


def frequencies(
    survey: Survey,
    cases: WhichCases = "first",
    *,
    groups: Groups | None = None,
    weights: pd.Series | None = None,
    merged: bool = False,
) -> pd.DataFrame:
    """The frequency table of every closed question with options.

    cases : questions about a case count first cases, or all.
    groups : side by side; who is in none is not counted.
    weights : index respondent; who has none is not counted.
    merged : with the merges of the questionnaire. Of a multiple question a merge counts those who
        ticked any of its options, or, with the base ``ticks``, the ticks.

    Returns one row per option, or per option and group, with

    * ``question``, ``item``, ``code``, ``option`` (its label) and, with groups, ``group``;
    * ``count``: how many chose it;
    * ``share``: of n, from 0 to 1, weighted; missing when n is 0;
    * ``n``: how many answered the item, were asked or ticked anything, or how many ticks there
      are, as the question's base says. Options whose role is outside the base are not in it;
      their own row, with ``outside``, has the n with them, so that count is of n in every row;
    * ``asked``: how many units the filters let through; ``units``: how many are in n (the same as
      n, unless ticks are counted);
    * ``n_effective``: how many of equal weight would tell as much (Kish 1965, ch. 11.7).
    """
    kept = {
        about_case: _counted(survey, about_case, cases, groups, weights)
        for about_case in (False, True)
    }
    rows = [
        row
        for question in survey.questionnaire.of_kind(*_COUNTED)
        for row in _rows(survey, question, kept, merged)
    ]
    table = pd.DataFrame(rows, columns=_COLUMNS)
    return table if groups else table.drop(columns="group")


def _counted(
    survey: Survey,
    about_case: bool,
    cases: WhichCases,
    groups: Groups | None,
    weights: pd.Series | None,
) -> _Counted:
    table = units_of(survey, about_case, cases)
    names = tuple(groups.labels) if groups else ("",)
    place = np.zeros(len(table), dtype=np.intp)
    if groups:
        place = places_among(names, groups.beside(survey, table))
    weight = np.ones(len(table))
    if weights is not None:
        weight = beside(survey, weights, False, table).to_numpy(np.float64)
    there = (place >= 0) & ~np.isnan(weight)
    return _Counted(table[there], place[there].astype(np.intp), weight[there], names)


def _rows(
    survey: Survey,
    question: Question,
    kept: dict[bool, _Counted],
    merged: bool,
) -> Iterator[tuple[Any, ...]]:
    counted = kept[survey.questionnaire.is_about_case(question)]
    asked = asked_among(survey, question, counted.table).to_numpy()
    shown = merge(question) if merged else question
    for item in question.items:
        chosen, answered = _responses(counted.table, question, item)
        if merged:
            chosen = _joined(chosen, question, shown)
        yield from _item_rows(counted, shown, item, chosen, answered, asked)


def _responses(table: pd.DataFrame, question: Question, item: Item) -> tuple[Floats, Flags]:
    """What was chosen, ones and zeros of shape (n_units, n_options), and who answered at all."""
    if question.kind == "multiple":
        ticks = [table[column] for column in question.columns()]
        chosen = np.column_stack([tick.eq("1").to_numpy(np.float64, na_value=0) for tick in ticks])
        return chosen, ticks[0].notna().to_numpy()  # who answered has a 1 or a 0 in each
    codes = [option.code for option in question.options]
    place = places_among(codes, table[item.name])
    chosen = np.zeros((len(table), len(codes) + 1))
    chosen[np.arange(len(table)), place] = 1  # no answer has the place -1: the last column
    return chosen[:, :-1], table[item.name].notna().to_numpy()


def _joined(chosen: Floats, question: Question, shown: Question) -> Floats:
    """The same with merged options: chosen any of them, or how many ticks of them."""
    codes = codes_merged(question)
    of = np.array([codes[option.code] for option in question.options])
    parts = [chosen[:, of == each.code] for each in shown.options]
    if question.base == "ticks":
        return np.column_stack([part.sum(axis=1) for part in parts])
    return np.column_stack([part.max(axis=1) for part in parts])


def _item_rows(
    counted: _Counted,
    question: Question,
    item: Item,
    chosen: Floats,
    answered: Flags,
    asked: Flags,
) -> Iterator[tuple[Any, ...]]:
    outside = np.array([option.role in question.outside for option in question.options])
    everyone = _size(question, chosen, answered, asked)
    inside = everyone
    if outside.any():
        inside = _without(question, everyone, chosen, outside)
    bases = {True: _Base.of(counted, everyone), False: _Base.of(counted, inside)}
    asked_sums = counted.sums(asked)
    every_count, every_weight = counted.sums(chosen).T, counted.weighted(chosen).T
    for no, option in enumerate(question.options):
        base = bases[bool(outside[no])]
        counts, weighted = every_count[no], every_weight[no]
        for place, group in enumerate(counted.groups):
            share = weighted[place] / base.weight[place] if base.weight[place] else np.nan
            yield (
                question.name, item.name, option.code, option.label, group,
                int(counts[place]), share, int(base.n[place]), bool(outside[no]),
                int(asked_sums[place]), int(base.units[place]), float(base.effective[place]),
            )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Base:
    """Of whom shares are, by group: n, its weight, how many units and effective units."""

    n: Floats
    weight: Floats
    units: Floats
    effective: Floats

    @classmethod
    def of(cls, counted: _Counted, size: Floats) -> _Base:
        """By how much each unit counts in n: 0 or 1, or its number of ticks."""
        w = np.where(size > 0, counted.weight, 0)
        # Where nobody is, the sum of squares is 0, and so is the sum above it.
        effective = counted.sums(w) ** 2 / np.maximum(counted.sums(w**2), _TINY)
        weight = counted.weighted(size)
        return cls(counted.sums(size), weight, counted.sums(size > 0), effective)


def _size(question: Question, chosen: Floats, answered: Flags, asked: Flags) -> Floats:
    """How much each unit counts in n, before anything is left outside."""
    if question.base == "ticks":
        return _ticks(chosen)
    if question.base == "ticked":
        return np.minimum(_ticks(chosen), 1)
    return np.asarray(asked if question.base == "asked" else answered, dtype=np.float64)


def _ticks(chosen: Floats) -> Floats:
    ticks: Floats = chosen.sum(axis=1)
    return ticks


def _without(question: Question, size: Floats, chosen: Floats, outside: Flags) -> Floats:
    """The same without those who chose nothing but what is outside, or without those ticks."""
    if question.base == "ticks":
        return _ticks(chosen[:, ~outside])
    only = (_ticks(chosen[:, outside]) > 0) & (_ticks(chosen[:, ~outside]) == 0)
    return np.where(only, 0, size)
