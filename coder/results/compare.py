"""How groups answered: one closed item by groups, or a whole battery of items."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coder.model import Question, Survey
from coder.results.groups import Groups
from coder.results.many import adjusted
from coder.results.merged import codes_merged, merge
from coder.results.tests_of import Difference, Method, distribution, means, order
from coder.results.units import WhichCases, item_of, places_among, units, units_of

Places = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Variable:
    """What one item holds, unit by unit.

    values : option codes, or numbers when there are no ``labels``; missing: no answer.
    labels : of the options that count, by code, in the order of the questionnaire.
    steps : the codes of the ordinary options from low to high; empty without a scale.
    """

    name: str
    label: str
    values: pd.Series
    labels: dict[str, str]
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Comparison:
    """One item by groups.

    counts : a row per option that anybody chose, a column per group; of a number question there
    is none. numbers : of a number question a row per group with ``n``, ``mean`` and ``sd``.
    distribution, order, mean : the tests that fit the item; None where one does not, or where
    there is nothing to test. The distribution has don't-knows in it unless they are outside the
    base; the order has ordinary answers only.
    """

    item: str
    label: str
    counts: pd.DataFrame
    numbers: pd.DataFrame
    distribution: Difference | None
    order: Difference | None
    mean: Difference | None

    @property
    def tests(self) -> tuple[Difference, ...]:
        """Every test that was made."""
        return tuple(each for each in (self.distribution, self.order, self.mean) if each)


@dataclass(frozen=True, eq=False)
class Battery:
    """Several items by the same groups, p corrected for all their tests together."""

    by: str
    method: Method
    tests: int
    comparisons: tuple[Comparison, ...]

    @property
    def differing(self) -> tuple[Comparison, ...]:
        """The items of which a test is significant after the correction."""
        return tuple(
            each for each in self.comparisons if any(test.significant for test in each.tests)
        )


def compare(
    survey: Survey,
    item: str,
    groups: Groups,
    cases: WhichCases = "first",
    merged: bool = False,
) -> Comparison:
    """A closed item by groups: single, number, background, of a matrix, or one tick.

    item : its name, or ``question_code`` for a tick. merged : with the merges of its question.
    Weights play no part: tests are of the answers as they were given. ``ValueError`` when there
    is no such item.
    """
    (found,) = _compare_all(survey, [item], groups, cases, merged)
    return found


def battery(
    survey: Survey,
    items: Sequence[str],
    groups: Groups,
    method: Method = "holm",
    cases: WhichCases = "first",
    merged: bool = False,
) -> Battery:
    """Several items by groups, p corrected for all tests of all of them."""
    found = list(_compare_all(survey, items, groups, cases, merged))
    return corrected(groups.name, found, method)


def _compare_all(
    survey: Survey, items: Sequence[str], groups: Groups, cases: WhichCases, merged: bool
) -> Iterator[Comparison]:
    names, kept = tuple(groups.labels), dict[bool, tuple[pd.DataFrame, Places]]()
    for item in items:
        question, _, _ = item_of(survey.questionnaire, item)
        about_case = survey.questionnaire.is_about_case(question)
        if about_case not in kept:  # looked up once for all items of these units
            table = units_of(survey, about_case, cases)
            kept[about_case] = table, places_among(names, groups.beside(survey, table))
        table, places = kept[about_case]
        yield compare_values(_variable(survey, item, table, merged), places, names)


def corrected(by: str, comparisons: Sequence[Comparison], method: Method) -> Battery:
    """Comparisons as one battery."""
    tests = [each for it in comparisons for each in (it.distribution, it.order, it.mean)]
    new = iter(adjusted(tests, method))
    again = [
        replace(each, distribution=next(new), order=next(new), mean=next(new))
        for each in comparisons
    ]
    return Battery(by, method, sum(each is not None for each in tests), tuple(again))


def comparable(survey: Survey, items: Sequence[str] = ()) -> tuple[str, ...]:
    """The names of all that can be compared, in the order of the questionnaire.

    items : only of these questions and items; empty: of all single, matrix, number and multiple
    questions.
    """
    found = []
    for question in survey.questionnaire.of_kind("single", "matrix", "number", "multiple"):
        names = [each.name for each in question.items]
        if question.kind == "multiple":
            names = list(question.columns())
        found += [name for name in names if not items or {name, question.name} & {*items}]
    return tuple(found)


def variable(
    survey: Survey, item: str, cases: WhichCases = "first", merged: bool = False
) -> Variable:
    """What an item holds for the units of its question."""
    question, _, _ = item_of(survey.questionnaire, item)
    return _variable(survey, item, units(survey, question, cases), merged)


def _variable(survey: Survey, item: str, table: pd.DataFrame, merged: bool) -> Variable:
    question, own, _ = item_of(survey.questionnaire, item)
    if question.kind == "multiple":  # who answered it has a 1 or a 0 at every option
        return Variable(item, own.label, table[item], {"1": own.label, "0": ""})
    if question.kind == "number":
        return Variable(item, own.label, table[item], {})
    shown = merge(question) if merged else question
    values = table[item].map(codes_merged(question)) if merged else table[item]
    inside = [option for option in shown.options if option.role not in question.outside]
    labels = {option.code: option.label for option in inside}
    if not question.options:
        labels = {value: value for value in sorted(values.dropna().unique())}
    return Variable(item, own.label, values, labels, _steps(shown))


def compare_values(of: Variable, places: Places, names: Sequence[str]) -> Comparison:
    """One variable by groups. places : of each unit, the place of its group among the names.

    A place of -1 is in no group.
    """
    if not of.labels:
        return _compare_numbers(of, places, names)
    counts = _crossed(of.values, places, list(of.labels), names)
    kept = counts.loc[counts.sum(axis="columns") > 0, counts.sum() > 0]
    ordered = counts.reindex(list(of.steps)).to_numpy(np.float64)
    return Comparison(
        of.name,
        of.label,
        kept,
        pd.DataFrame(),
        distribution(counts.to_numpy(np.float64)),
        order(ordered) if of.steps else None,
        None,
    )


def _compare_numbers(of: Variable, places: Places, names: Sequence[str]) -> Comparison:
    values = of.values.to_numpy(np.float64)
    known = ~np.isnan(values)
    samples = {name: values[known & (places == no)] for no, name in enumerate(names)}
    rows = {
        name: (len(each), each.mean(), each.std(ddof=1) if len(each) > 1 else np.nan)
        for name, each in samples.items()
        if len(each)
    }
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["n", "mean", "sd"])
    test = means(list(samples.values()))
    return Comparison(of.name, of.label, pd.DataFrame(), table, None, None, test)


def _crossed(
    values: pd.Series, column: Places, codes: Sequence[str], names: Sequence[str]
) -> pd.DataFrame:
    """How many of each group chose each option: a row per code, a column per group."""
    row = places_among(codes, values)
    there = (row >= 0) & (column >= 0)
    cells = np.bincount(row[there] * len(names) + column[there], minlength=len(codes) * len(names))
    return pd.DataFrame(
        cells.reshape(len(codes), len(names)), index=list(codes), columns=list(names)
    )


def _steps(question: Question) -> tuple[str, ...]:
    """The codes of the ordinary options from low to high; empty without a scale."""
    codes = tuple(option.code for option in question.options if option.role == "answer")
    if question.scale is None:
        return ()
    return codes[::-1] if question.scale == "descending" else codes
