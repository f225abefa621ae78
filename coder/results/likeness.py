"""What the cases of a category share more than others do, and where they differ."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from coder.model import Coding, Survey
from coder.results.closed import Closed, Responses, closed_columns, compared_columns
from coder.results.joint import coded_answers
from coder.results.units import WhichCases

Terms = Mapping[str, Collection[str]]  # the answers that have each term
_SHARED_BY = 0.5  # of the cases


def cases_of(
    survey: Survey, codings: Sequence[Coding], code: str, cases: WhichCases = "first"
) -> tuple[pd.Index, pd.Index]:
    """The cases that have a code, and the other coded cases."""
    coded = coded_answers(survey, codings, cases)
    own = pd.Index(coded.loc[coded["code"] == code, "case"].unique())
    return own, pd.Index(coded["case"].unique()).difference(own, sort=False)


def shared(
    survey: Survey,
    codings: Sequence[Coding],
    code: str,
    terms: Terms,
    cases: WhichCases = "first",
    count: int = 5,
) -> pd.DataFrame:
    """The closed values and the terms that a category's cases share most.

    terms : those to choose among. count : how many of each kind at most.

    Returns one row per value or term, values first, with ``kind`` (``value`` or ``term``), ``item``
    (empty for a term), ``label``, ``count``, ``share`` (of the category's cases that answered) and
    ``elsewhere`` (the same of the other coded cases; missing when none answered). At least half
    of all its cases must share a value, and more than elsewhere. They are ranked as key terms are,
    by p log(p / q) with half a case added outside (Kullback & Leibler 1951), so that what everyone
    has is no news.
    """
    own, others = cases_of(survey, codings, code, cases)
    rows = [*_values(survey, own, others), *_mentions(survey, terms, own, others)]
    columns = ["kind", "item", "label", "count", "of", "count_else", "of_else"]
    table = pd.DataFrame(rows, columns=columns)
    table["share"] = table["count"] / table["of"].where(table["of"] > 0)
    table["elsewhere"] = table["count_else"] / table["of_else"].where(table["of_else"] > 0)
    expected = (table["count_else"] + 0.5) / (table["of_else"] + 1)
    enough = (table["kind"] == "term") | (table["count"] >= _SHARED_BY * len(own))
    told = table[enough & (table["share"] > table["elsewhere"].fillna(0))]
    value = told["share"] * np.log(told["share"] / expected.loc[told.index])
    ranked = told.loc[value.sort_values(ascending=False, kind="stable").index]
    return _first_of_kinds(ranked, count)[["kind", "item", "label", "count", "share", "elsewhere"]]


def differing(
    survey: Survey,
    codings: Sequence[Coding],
    code: str,
    terms: Terms,
    cases: WhichCases = "first",
    count: int = 5,
) -> pd.DataFrame:
    """The closed items and the terms on which a category's cases differ most.

    Returns one row per item or term, items first, with ``kind`` (``item`` or ``term``), ``item``
    (empty for a term), ``label``, ``n`` (cases that answered, at least two) and ``spread``: how far
    two of the cases are apart on average, 0 when all are alike, 1 when they are as far apart as
    can be. On a scale the distance is in steps; without one, any two values are equally far apart.
    """
    own, _ = cases_of(survey, codings, code, cases)
    responses = Responses(survey, own)
    rows = [
        ("item", each.item, _label(each), *_spread(each, responses[each]))
        for each in compared_columns(survey)
    ]
    for kind, item, term, have, of, *_ in _mentions(survey, terms, own, own):
        rows.append((kind, item, term, of, 4 * have / of * (1 - have / of) if of else math.nan))
    table = pd.DataFrame(rows, columns=["kind", "item", "label", "n", "spread"])
    told = table[(table["n"] > 1) & (table["spread"] > 0)]
    return _first_of_kinds(told.sort_values("spread", ascending=False, kind="stable"), count)


def _values(survey: Survey, own: pd.Index, others: pd.Index) -> Iterator[tuple[object, ...]]:
    """Every closed value: how many have it and how many answered, here and elsewhere."""
    groups = Responses(survey, own), Responses(survey, others)
    for each in closed_columns(survey):
        here, there = (_counts(each, responses[each]) for responses in groups)
        for code, label in each.values.items():
            found = here.get(code, 0), sum(here.values()), there.get(code, 0), sum(there.values())
            yield ("value", each.item, label, *found)


def _counts(column: Closed, answered: pd.Series) -> dict[str, int]:
    """How many gave each value; of a tick, also how many did not tick it."""
    counts = answered.value_counts()
    told = [*column.values, "0"] if column.question.kind == "multiple" else [*column.values]
    return {code: int(counts.get(code, 0)) for code in told}


def _mentions(
    survey: Survey, terms: Terms, own: pd.Index, others: pd.Index
) -> Iterator[tuple[str, str, str, int, int, int, int]]:
    """Every term: how many cases have it in an answer, of how many, here and elsewhere."""
    case = survey.answers["case"]
    for term, answers in terms.items():
        having = pd.Index(case[case.index.isin(list(answers))].unique())
        here, there = (int(some.isin(having).sum()) for some in (own, others))
        yield "term", "", term, here, len(own), there, len(others)


def _spread(column: Closed, answered: pd.Series) -> tuple[int, float]:
    """How many answered, and how far two of them are apart on average, as a part of the most."""
    counts = answered.value_counts()
    found = np.array([counts.get(code, 0) for code in column.values], dtype=np.float64)
    n, kinds = int(found.sum()), len(found)
    if n == 0 or kinds < 2:
        return n, math.nan
    share = found / n
    if column.question.scale is None:
        return n, float((1 - (share**2).sum()) / (1 - 1 / kinds))
    steps = np.arange(kinds) / (kinds - 1)
    apart = np.abs(steps[:, None] - steps[None, :])
    return n, float(share @ apart @ share / 0.5)  # half of them at each end are half apart


def _label(column: Closed) -> str:
    return next(each.label for each in column.question.items if each.name == column.item)


def _first_of_kinds(table: pd.DataFrame, count: int) -> pd.DataFrame:
    """The first rows of each kind, terms last."""
    first = table.groupby("kind", sort=False).head(count)
    last = (first["kind"] == "term").to_numpy()
    return pd.concat([first[~last], first[last]], ignore_index=True)
