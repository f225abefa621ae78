"""Many tests at once: p values corrected for how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from coder.results.tests_of import Adjusted, Difference, Method

_IN_STATSMODELS = {"holm": "holm", "bh": "fdr_bh"}


def adjusted(
    differences: Sequence[Difference | None], method: Method = "holm"
) -> list[Difference | None]:
    """The same with p corrected for all tests there are; None, where nothing was tested, stays.

    ``holm`` (Holm 1979) holds the chance of even one false difference at 5 %. ``bh`` (Benjamini &
    Hochberg 1995) holds the expected share of false ones, among those found, at 5 %.
    """
    tested = [each for each in differences if each]
    if not tested:
        return list(differences)
    from statsmodels.stats.multitest import multipletests

    found = multipletests([each.p for each in tested], method=_IN_STATSMODELS[method])[1]
    ps = iter(found.tolist())
    return [
        each and replace(each, adjusted=Adjusted(method, len(tested), next(ps)))
        for each in differences
    ]
