"""Questions that are answered by a number: mean, spread and quartiles."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coder.model import Survey
from coder.results.groups import Groups
from coder.results.units import WhichCases, beside, units

_COLUMNS = [
    "question",
    "item",
    "group",
    "n",
    "mean",
    "sd",
    "median",
    "lower",
    "upper",
    "min",
    "max",
]


def numbers(
    survey: Survey,
    cases: WhichCases = "first",
    *,
    groups: Groups | None = None,
    weights: pd.Series | None = None,
) -> pd.DataFrame:
    """Every number question: one row per item, or per item and group.

    Returns ``question``, ``item``, with groups ``group``, ``n`` (who gave a number), ``mean``,
    ``sd`` (over n - 1), ``median``, the quartiles ``lower`` and ``upper``, ``min`` and ``max``;
    missing where n is too small. Weights, index respondent, change all but n, min and max; who
    has none is not counted. They are scaled to a mean of one, so that the sd is not changed by
    their sum.
    """
    rows = []
    for question in survey.questionnaire.of_kind("number"):
        table = units(survey, question, cases)
        weight = pd.Series(1.0, index=table.index)
        if weights is not None:
            weight = beside(survey, weights, False, table)
        group = groups.beside(survey, table) if groups else pd.Series("", index=table.index)
        for item in question.items:
            for name in groups.labels if groups else ("",):
                there = (group == name) & table[item.name].notna() & weight.notna()
                values = table.loc[there, item.name].to_numpy(np.float64)
                told = _told(values, weight[there].to_numpy(np.float64))
                rows.append((question.name, item.name, name, len(values), *told))
    found = pd.DataFrame(rows, columns=_COLUMNS)
    return found if groups else found.drop(columns="group")


def _told(values: NDArray[np.float64], weight: NDArray[np.float64]) -> tuple[Any, ...]:
    """Mean, sd, median, quartiles, least and greatest."""
    if not len(values) or not weight.any():
        return (np.nan,) * 7
    from statsmodels.stats.weightstats import DescrStatsW  # slow to load

    # Rounded, so that equal weights are all exactly 1: quartiles look for sums that are equal.
    found = DescrStatsW(values, (weight / weight.mean()).round(12), ddof=1)
    sd = float(found.std) if len(values) > 1 else np.nan
    lower, median, upper = found.quantile([0.25, 0.5, 0.75], return_pandas=False)
    return (float(found.mean), sd, median, lower, upper, values.min(), values.max())
