"""How the cases of each category are rated, and how sure that is: a dot plot, or a heat map."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from coder.model import Code, Coding, Survey
from coder.results.joint import coded_answers
from coder.results.score import Scores
from coder.results.units import WhichCases

LEVEL = 0.95
DRAWS, SEED = 2000, 0
_FEWEST = 5  # respondents; drawn anew, fewer are too often drawn alike


def profile(
    survey: Survey,
    codes: Mapping[str, Code],
    codings: Sequence[Coding],
    scores: Scores,
    cases: WhichCases = "first",
) -> pd.DataFrame:
    """The mean of each dimension and the share above the threshold, per category.

    Returns one row per code and measure with ``code`` (id), ``category``, ``measure`` (a
    dimension's name or ``share_above``), ``n`` (scored cases that have it), ``value``, ``low`` and
    ``high``: the interval at 95 %. Missing is what there is none of. The interval of a mean is a
    bootstrap's (see ``bootstrap``), that of a share is Wilson's (1927), as of independent cases.
    """
    coded = coded_answers(survey, codings, cases)
    names = [dimension.name for dimension in scores.recipe.dimensions]
    rows = []
    for code in codes.values():
        scored = scores.cases.loc[coded.loc[coded["code"] == code.id, "case"].unique()]
        scored = scored.dropna(subset="score")
        who = survey.cases.loc[scored.index, "respondent"]
        rows += [(code.id, code.label, name, *_mean(scored[name].dropna(), who)) for name in names]
        rows.append((code.id, code.label, "share_above", *_share(scored["above"])))
    columns = ["code", "category", "measure", "n", "value", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


def bootstrap(values: pd.Series, who: pd.Series) -> tuple[float, float]:
    """The interval of a mean at 95 %, by drawing respondents anew (Efron 1979; percentiles).

    values : one per case, none missing. who : the respondent of each case, with the same index.
    2000 draws with the seed 0, so that the same cases always give the same interval. Missing when
    there are fewer than five respondents.
    """
    of_each = values.groupby(who.loc[values.index]).agg(["sum", "count"]).round(12)
    # Respondents with the same values are drawn together: the same distribution in a moment.
    kinds, times = np.unique(of_each.to_numpy(dtype=np.float64), axis=0, return_counts=True)
    count = int(times.sum())
    if count < _FEWEST:
        return math.nan, math.nan
    drawn = np.random.default_rng(SEED).multinomial(count, times / count, size=DRAWS)
    means = (drawn @ kinds[:, 0]) / (drawn @ kinds[:, 1])
    low, high = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def _mean(values: pd.Series, who: pd.Series) -> tuple[int, float, float, float]:
    return len(values), float(values.mean()), *bootstrap(values, who)


def _share(above: pd.Series) -> tuple[int, float, float, float]:
    if above.empty:
        return 0, math.nan, math.nan, math.nan
    from statsmodels.stats.proportion import proportion_confint  # slow to load

    low, high = proportion_confint(above.sum(), len(above), 1 - LEVEL, method="wilson")
    return len(above), float(above.mean()), float(low), float(high)
