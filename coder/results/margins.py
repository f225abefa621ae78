"""How far a share may be from that of the population it is drawn from."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coder.model import Survey
from coder.results.groups import Groups

LEVEL = 0.95

Floats = NDArray[np.float64]


def with_margins(table: pd.DataFrame, drawn: Mapping[str, float] | None = None) -> pd.DataFrame:
    """A frequency table with the statistical uncertainty of its shares, at 95 %.

    drawn : how large a part of the population answered, from 0 to 1, by group (``""`` without
    groups); the finite-population correction then makes the intervals narrower. None: the
    population counts as endless.

    Adds ``margin``, the widest there is for this n (of a share of one half), as printed under a
    figure: "± 6 percentage points"; and ``low`` and ``high``, Wilson's interval of each share.
    All are missing where n is 0. Where n counts ticks, they rest on how many ticked.
    """
    from scipy.stats import norm  # slow to load, and most tables do without

    like = _as_if_drawn(table, drawn)
    reach = norm.ppf((1 + LEVEL) / 2)
    with np.errstate(divide="ignore"):
        margin = np.where(like > 0, reach * np.sqrt(0.25 / like), np.nan)
    low, high = _wilson(table["share"].to_numpy(np.float64), like)
    return table.assign(margin=margin, low=low, high=high)


def part_drawn(survey: Survey, groups: Groups | None = None) -> dict[str, float]:
    """The part of everyone invited who answered, by group (``""`` without groups).

    Of groups that are not known of everyone invited, and of groups of cases, it is the part in
    all.
    """
    answered = survey.respondents["answered"]
    in_all = float(answered.mean()) if len(answered) else 1.0
    if groups is None:
        return {"": in_all}
    if groups.by_case or not groups.of.reindex(answered.index[~answered]).notna().any():
        return dict.fromkeys(groups.labels, in_all)
    by_group = answered.groupby(groups.of.reindex(answered.index)).mean()
    return {name: float(by_group.get(name, in_all)) for name in groups.labels}


def _as_if_drawn(table: pd.DataFrame, drawn: Mapping[str, float] | None) -> Floats:
    """How many, drawn from an endless population, would tell as much; infinite when all are in.

    The variance is (N - n) / (N - 1) of that of an endless population (Cochran 1977, § 2.6). N is
    not known of an item behind a filter: it is taken to be as much larger than those asked as the
    invited are than those who answered.
    """
    n_effective = table["n_effective"].to_numpy(np.float64)
    if drawn is None:
        return np.asarray(n_effective)
    group = table["group"] if "group" in table.columns else pd.Series("", index=table.index)
    population = table["asked"].to_numpy() / group.map(drawn).to_numpy(np.float64)
    n = table["units"].to_numpy(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        correction = np.clip((population - n) / (population - 1), 0, 1)
        like: Floats = np.where(n > 0, n_effective / correction, 0)
    return like


def _wilson(share: Floats, n: Floats) -> tuple[Floats, Floats]:
    from statsmodels.stats.proportion import proportion_confint

    some = np.where(np.isfinite(n) & (n > 0), n, 1)
    low, high = proportion_confint(np.nan_to_num(share) * some, some, 1 - LEVEL, method="wilson")
    known, certain = n > 0, np.isinf(n)
    return (
        np.where(known, np.where(certain, share, low), np.nan),
        np.where(known, np.where(certain, share, high), np.nan),
    )
