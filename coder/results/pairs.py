"""Which cases of a category are most alike, and who could learn from whom."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coder.model import Code, Coding, Survey
from coder.results.closed import Closed, Responses, compared_columns
from coder.results.joint import coded_answers
from coder.results.likeness import cases_of
from coder.results.score import Scores
from coder.results.units import WhichCases

Floats = NDArray[np.float64]
MOST_CASES, SEED = 300, 0  # of a larger category so many are drawn
_APART = 3  # items that a pair is furthest apart on
_AHEAD = 0.25  # on a dimension from 0 to 1: one step of a scale of five


def alike_and_unlike(
    survey: Survey,
    codings: Sequence[Coding],
    code: str,
    cases: WhichCases = "first",
    count: int = 3,
) -> pd.DataFrame:
    """The pairs of a category's cases that are most alike, and those that are most unlike.

    The distance is Gower's (1971): the mean, over the items that both answered, of how far apart
    the answers are: in steps of the scale, or, without one, not at all or wholly. The items are
    those about the case, if there are any. Pairs who both answered less than half of them are not
    compared. No case is in two of the pairs alike, nor in two of those unlike. Of a category of
    more than 300 cases, 300 are drawn with the seed 0.

    Returns one row per pair with ``like`` (``alike`` first, then ``unlike``), ``first`` and
    ``second`` (cases), ``distance`` (0–1), ``n`` (items compared) and ``apart`` (a tuple of the at
    most three items on which they are furthest apart).
    """
    own = drawn(cases_of(survey, codings, code, cases)[0])
    columns = compared_columns(survey)
    far = _distances(survey, columns, own)
    n = np.isfinite(far).sum(axis=0)
    mean = np.nansum(far, axis=0) / np.maximum(n, 1)
    rows = []
    for like, sign in (("alike", 1), ("unlike", -1)):
        for i, j in _first_pairs(sign * mean, n * 2 >= max(len(columns), 1), count, own):
            apart = _furthest(columns, far[:, i, j])
            rows.append((like, own[i], own[j], float(mean[i, j]), int(n[i, j]), apart))
    return pd.DataFrame(rows, columns=["like", "first", "second", "distance", "n", "apart"])


def drawn(cases: pd.Index) -> pd.Index:
    """The cases, or so many of them that their pairs can be looked at; in the same order."""
    if len(cases) <= MOST_CASES:
        return cases
    chosen = np.random.default_rng(SEED).choice(len(cases), MOST_CASES, replace=False)
    return cases[np.sort(chosen)]


def _distances(survey: Survey, columns: Sequence[Closed], cases: pd.Index) -> Floats:
    """How far apart two cases are on each item, shape (n_items, n_cases, n_cases); NaN unknown."""
    far = np.full((len(columns), len(cases), len(cases)), np.nan)
    responses = Responses(survey, cases)
    for no, column in enumerate(columns):
        places = {code: place for place, code in enumerate(column.values)}
        at = responses[column].map(places).to_numpy(dtype=np.float64)
        steps = np.abs(at[:, None] - at[None, :])
        longest = max(len(places) - 1, 1)
        far[no] = steps / longest if column.question.scale else np.minimum(steps, 1)
    return far


def _first_pairs(
    order: Floats, comparable: NDArray[np.bool_], count: int, of: Sequence[Any]
) -> Iterator[tuple[int, int]]:
    """The pairs with the lowest numbers, of equals those that stand first.

    of : what each is a case of; nothing is in two pairs.
    """
    first, second = np.triu_indices(len(order), k=1)
    kept = comparable[first, second]
    first, second = first[kept], second[kept]
    used: set[object] = set()
    for at in np.argsort(order[first, second].round(12), kind="stable"):
        pair = int(first[at]), int(second[at])
        both = {of[each] for each in pair}
        if len(used) >= 2 * count:
            return
        if not used & both:
            used |= both
            yield pair


def _furthest(columns: Sequence[Closed], far: Floats) -> tuple[str, ...]:
    """The items with the greatest distances, none of nothing."""
    ranked = np.argsort(-np.nan_to_num(far), kind="stable")[:_APART]
    return tuple(columns[no].item for no in ranked if far[no] > 0)


# --- who could talk to whom --------------------------------------------------------------------


def could_talk(
    survey: Survey,
    codes: Mapping[str, Code],
    codings: Sequence[Coding],
    scores: Scores,
    named: Collection[str],
    cases: WhichCases = "first",
    count: int = 5,
) -> pd.DataFrame:
    """The organisations of each category whose ratings complement each other best.

    Each of the two is ahead of the other on a dimension of the score, by a quarter of it or more;
    ``lead`` is the smaller of their longest leads. No organisation is in two pairs of a category.
    named : the respondents whose organisation may be named; of others it is missing. count : pairs
    per category at most. Of a category of more than 300 scored cases, 300 are drawn.

    Returns one row per pair, best first in each category: ``code`` (id), ``category``, ``first``
    and ``second`` (cases), ``first_organisation`` and ``second_organisation``, ``first_ahead`` and
    ``second_ahead`` (tuples of dimensions, longest lead first) and ``lead``. Empty when the
    questionnaire names no organisation.
    """
    where = coded_answers(survey, codings, cases).dropna(subset="organisation")
    may = where["respondent"].isin(list(named))
    where = where.assign(shown=where["organisation"].where(may))
    where = where[where["case"].isin(scores.cases.dropna(subset="score").index)]
    rows = []
    for code in codes.values():
        own = where[where["code"] == code.id].drop_duplicates("case").set_index("case")
        own = own.loc[drawn(own.index)]
        rows += [(code.id, code.label, *pair) for pair in _complements(own, scores, count)]
    columns = ["code", "category", "first", "second", "first_organisation", "second_organisation"]
    return pd.DataFrame(rows, columns=[*columns, "first_ahead", "second_ahead", "lead"])


def _complements(own: pd.DataFrame, scores: Scores, count: int) -> Iterator[tuple[object, ...]]:
    names = [dimension.name for dimension in scores.recipe.dimensions]
    ratings = scores.cases.loc[own.index, names].to_numpy(dtype=np.float64)
    # Where one of them has no rating, neither is ahead.
    ahead = np.nan_to_num(ratings[:, None, :] - ratings[None, :, :])
    longest = ahead.max(axis=2, initial=0)
    lead = np.minimum(longest, longest.T).round(12)
    of = own["organisation"].to_numpy()
    for i, j in _first_pairs(-lead, (lead >= _AHEAD) & (of[:, None] != of[None, :]), count, of):
        leads = _leads(names, ahead[i, j]), _leads(names, ahead[j, i])
        shown = own["shown"].iloc[i], own["shown"].iloc[j]
        yield own.index[i], own.index[j], *shown, *leads, float(lead[i, j])


def _leads(names: Sequence[str], ahead: Floats) -> tuple[str, ...]:
    ranked = np.argsort(-ahead.round(12), kind="stable")
    return tuple(names[no] for no in ranked if ahead[no].round(12) >= _AHEAD)
