"""An emergency solution, or one to last? Two dimensions of the score against each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from coder.model import Code, Coding, Survey
from coder.results.joint import coded_answers
from coder.results.score import Scores
from coder.results.units import WhichCases

MIDDLE = 0.5  # of a scale from 0 to 1


def quadrants(
    scores: Scores, across: str, up: str, cases: WhichCases = "first", cut: float = MIDDLE
) -> pd.DataFrame:
    """Where each case stands on two dimensions.

    across, up : names of dimensions; ``ValueError`` for others. cut : a case is high on a
    dimension when its mean is greater than this.

    Returns one row per scored case with both (index ``case``): ``across``, ``up`` (0–1) and
    ``quadrant``: ``both``, ``across`` (only), ``up`` (only) or ``neither``.
    """
    unknown = {across, up} - {dimension.name for dimension in scores.recipe.dimensions}
    if unknown:
        raise ValueError(f"no dimension {sorted(unknown)}")
    scored = scores.of(cases).dropna(subset=["score", across, up])
    table = pd.DataFrame({"across": scored[across], "up": scored[up]})
    names = {(True, True): "both", (True, False): "across", (False, True): "up"}
    high = zip(table["across"] > cut, table["up"] > cut, strict=True)
    return table.assign(quadrant=[names.get(each, "neither") for each in high])


def quadrants_by_code(
    survey: Survey,
    codes: Mapping[str, Code],
    codings: Sequence[Coding],
    placed: pd.DataFrame,
) -> pd.DataFrame:
    """The categories in the same figure.

    placed : what ``quadrants`` returns. Returns one row per code with ``code`` (id), ``category``,
    ``n`` (cases placed), the means ``across`` and ``up`` (missing when n is 0) and, for each
    quadrant, how many cases: ``both``, ``only_across``, ``only_up``, ``neither``.
    """
    coded = coded_answers(survey, codings, "all")
    rows = []
    for code in codes.values():
        own = coded.loc[coded["code"] == code.id, "case"].unique()
        found = placed[placed.index.isin(own)]
        counts = found["quadrant"].value_counts()
        sizes = (int(counts.get(name, 0)) for name in ("both", "across", "up", "neither"))
        means = (found["across"].mean(), found["up"].mean())
        rows.append((code.id, code.label, len(found), *means, *sizes))
    columns = ["code", "category", "n", "across", "up", "both", "only_across", "only_up", "neither"]
    return pd.DataFrame(rows, columns=columns)
