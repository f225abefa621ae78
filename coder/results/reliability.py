"""How well the items of a dimension go together, and how sure a score is.

Alpha and its kin suppose that the items of a dimension are signs of one thing (a reflective
index). Where they are what the thing is made of (a formative index, as an importance score may
well be), they need not go together, and a low alpha is no fault.

The interval of a score answers: had we asked about the same dimensions with other items of the same
kind, how far might the score have been from this one? It is the standard error of measurement of
generalizability theory (Brennan 2001, *Generalizability Theory*, ch. 1–2): what is left of the
answers when how high the case and how easy the item is are taken away, pooled over all scored
cases. It was preferred to drawing each case's own items anew: a case that answered all items alike
would seem wholly certain, and two cases with equal scores would differ in their chances by the
luck of a few items.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from coder.model import Dimension
from coder.results.score import Scores
from coder.results.units import WhichCases


def reliability(scores: Scores, cases: WhichCases = "first") -> pd.DataFrame:
    """Cronbach's alpha of each dimension, over the scored cases with a value for all its items.

    Returns one row per dimension with ``dimension``, ``items`` (how many), ``n`` (cases) and
    ``alpha`` (Cronbach 1951), missing for a single item, for fewer than two cases and where
    nothing varies. Items count alike, whatever their weights.
    """
    rows = []
    for dimension in scores.recipe.dimensions:
        complete = _complete(scores, dimension, cases)
        rows.append((dimension.name, complete.shape[1], len(complete), cronbach_alpha(complete)))
    return pd.DataFrame(rows, columns=["dimension", "items", "n", "alpha"])


def item_rest(scores: Scores, cases: WhichCases = "first") -> pd.DataFrame:
    """How each item goes with the rest of its dimension, over the cases of ``reliability``.

    Returns one row per item with ``dimension``, ``item``, ``n``, ``mean``, ``correlation``
    (Pearson's, with the sum of the other items) and ``alpha_without`` (of the other items);
    missing where there is none.
    """
    rows = []
    for dimension in scores.recipe.dimensions:
        complete = _complete(scores, dimension, cases)
        for item in complete.columns:
            rest = complete.drop(columns=item)
            measures = (complete[item].mean(), _correlation(complete[item], rest.sum(axis=1)))
            rows.append((dimension.name, item, len(complete), *measures, cronbach_alpha(rest)))
    columns = ["dimension", "item", "n", "mean", "correlation", "alpha_without"]
    return pd.DataFrame(rows, columns=columns)


def cronbach_alpha(items: pd.DataFrame) -> float:
    """Alpha of complete answers, shape (n_cases, n_items); NaN where there is none."""
    count = items.shape[1]
    if count < 2 or len(items) < 2:
        return math.nan
    total = items.sum(axis="columns").var()
    if math.isclose(total, 0, abs_tol=1e-12):
        return math.nan
    return float(count / (count - 1) * (1 - items.var().sum() / total))


def certainty(scores: Scores, cases: WhichCases = "first", level: float = 0.95) -> pd.DataFrame:
    """How sure each score is, as told at the top of this module.

    Returns one row per scored case (index ``case``) with ``score``, ``error`` (standard error),
    ``low`` and ``high`` (the interval at ``level``, within 0–1) and ``chance_above`` (that the
    score of like items is above the threshold; normal distribution). All but ``score`` are missing
    when no dimension has two items that somebody answered both of.
    """
    from scipy.stats import norm  # slow to load, and most commands don't need it

    table = scores.of(cases)["score"].dropna()
    parts = scores.parts.loc[table.index]
    error = np.sqrt(residual_variance(scores, cases) * (parts**2).sum(axis="columns"))
    reach = norm.ppf((1 + level) / 2) * error
    distance = table - scores.recipe.threshold
    # Without any error the chance is none or full.
    chance = norm.cdf(distance / error.where(error > 0, 1e-12)) if error.notna().any() else np.nan
    return pd.DataFrame(
        {
            "score": table,
            "error": error,
            "low": (table - reach).clip(lower=0.0),
            "high": (table + reach).clip(upper=1.0),
            "chance_above": chance,
        }
    )


def residual_variance(scores: Scores, cases: WhichCases = "first") -> float:
    """The variance of a value beyond how high its case is and how easy its item; NaN if unknown.

    With all items answered, the residual mean square of cases × items within dimensions (Hoyt
    1941). Where values are missing, the items' means are over those who have one.
    """
    scored = scores.of(cases)["score"].dropna().index
    squares, freedom = 0.0, 0
    for dimension in scores.recipe.dimensions:
        values = scores.items.loc[scored, [each.item for each in dimension.items]]
        values = values[values.notna().sum(axis="columns") >= 2]
        if len(values) > 1:
            easy = values - values.mean()
            squares += float((easy.sub(easy.mean(axis="columns"), axis="index") ** 2).sum().sum())
            freedom += int(values.notna().sum().sum()) - len(values) - (values.shape[1] - 1)
    return squares / freedom if freedom > 0 else math.nan


def _complete(scores: Scores, dimension: Dimension, cases: WhichCases) -> pd.DataFrame:
    scored = scores.of(cases)["score"].dropna().index
    return scores.items.loc[scored, [each.item for each in dimension.items]].dropna()


def _correlation(one: pd.Series, other: pd.Series) -> float:
    constant = min(one.nunique(), other.nunique()) < 2
    return math.nan if constant else float(np.corrcoef(one, other)[0, 1])
