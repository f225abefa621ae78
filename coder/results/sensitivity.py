"""How far the list of the most promising depends on choices that could have been others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd

from coder.model import Recipe, RecipeItem, Survey
from coder.results.score import score
from coder.results.units import WhichCases

THRESHOLDS = (0.75, 0.85)
Variant = tuple[str, str, Recipe]  # what is changed, to what, and the recipe as it then is


def sensitivity(
    survey: Survey,
    recipe: Recipe,
    cases: WhichCases = "first",
    thresholds: Sequence[float] = THRESHOLDS,
) -> pd.DataFrame:
    """What happens to the list of those above the threshold when one choice is another.

    Returns one row per variant, the recipe itself first, with ``change`` and ``to`` (see
    ``variants``), ``scored``, ``above``, ``gained`` and ``lost`` (tuples of cases that come to the
    list and leave it) and ``rank_correlation`` (Spearman's rho with the recipe's own scores, over
    the cases that have both; missing where there is none).
    """
    ids, survey = survey.cases.index, _quick(survey, recipe)
    first = score(survey, recipe).of(cases)
    rows = []
    for change, to, other in variants(recipe, thresholds):
        if change in ("none", "threshold"):  # the scores stay as they are
            table = first.assign(above=first["score"] > other.threshold)
        else:
            table = score(survey, other).of(cases)
        gained = ids[table.index[table["above"] & ~first["above"]]]
        lost = ids[table.index[first["above"] & ~table["above"]]]
        counts = int(table["score"].count()), int(table["above"].sum())
        agreed = _rank_correlation(first["score"], table["score"])
        rows.append((change, to, *counts, tuple(gained), tuple(lost), agreed))
    columns = ["change", "to", "scored", "above", "gained", "lost", "rank_correlation"]
    return pd.DataFrame(rows, columns=columns)


def variants(recipe: Recipe, thresholds: Sequence[float] = THRESHOLDS) -> Iterator[Variant]:
    """The recipe itself (``none``) and others that differ from it in one choice.

    ``threshold``: another one. ``without``: a dimension left out. ``dont_know``: no value for any
    (``no_value``), .5 for all (``half``), the lowest for all (``lowest``), cases with any left out
    (``none_allowed``), or no case left out for them (``all_allowed``). ``mean_of``: items or
    dimensions, whichever the recipe doesn't say.
    """
    yield "none", "", recipe
    for threshold in thresholds:
        yield "threshold", f"{threshold:g}", replace(recipe, threshold=threshold)
    for dimension in recipe.dimensions if len(recipe.dimensions) > 1 else ():
        others = tuple(each for each in recipe.dimensions if each is not dimension)
        yield "without", dimension.name, replace(recipe, dimensions=others)
    for name, value in (("no_value", None), ("half", 0.5), ("lowest", 0.0)):
        yield "dont_know", name, _with_dont_know(recipe, value)
    yield "dont_know", "none_allowed", replace(recipe, most_dont_know=0)
    yield "dont_know", "all_allowed", replace(recipe, most_dont_know=len(recipe.items()))
    if recipe.mean_of == "items":
        yield "mean_of", "dimensions", replace(recipe, mean_of="dimensions")
    else:
        yield "mean_of", "items", replace(recipe, mean_of="items")


def _quick(survey: Survey, recipe: Recipe) -> Survey:
    """The survey with its cases numbered from 0, and the answers to the recipe's items categories.

    So they are rescaled and put side by side many times faster, and every variant does it again.
    """
    answers = dict.fromkeys((each.item for each in recipe.items()), "category")
    cases = survey.cases.astype(answers).reset_index(drop=True)
    places = survey.cases.index.get_indexer(survey.answers["case"])
    return replace(survey, cases=cases, answers=survey.answers.assign(case=places))


def _with_dont_know(recipe: Recipe, value: float | None) -> Recipe:
    def changed(item: RecipeItem) -> RecipeItem:
        return replace(item, dont_know=value)

    dimensions = (replace(d, items=tuple(map(changed, d.items))) for d in recipe.dimensions)
    return replace(recipe, dimensions=tuple(dimensions))


def _rank_correlation(one: pd.Series, other: pd.Series) -> float:
    both = pd.DataFrame({"one": one, "other": other}).dropna().rank()
    varies = len(both) > 1 and min(both["one"].nunique(), both["other"].nunique()) > 1
    return float(both["one"].corr(both["other"])) if varies else float("nan")
