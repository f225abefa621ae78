"""The score of each case, by a recipe.

Each answer is rescaled to 0–1: with equal steps over the ordinary options, lowest 0, highest 1, or
as the recipe gives the values; and turned around where the recipe says so. The score is the mean of
the items that have a value, or of the dimensions that have one. The default recipe of the demo is
that of the founding report (VIVE 2021, appendix on method).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coder.model import Question, Questionnaire, Recipe, RecipeItem, Survey
from coder.results.units import WhichCases

Floats = NDArray[np.float64]

RULES = ("no_description", "no_rating", "dont_know", "few_values")


@dataclass(frozen=True, eq=False)
class Scores:
    """The scores of all cases.

    items : one row per case, one column per item of the recipe, values 0–1, missing = no value.
    parts : the same shape; the part that each item has in the mean. A row adds up to 1, or is all
        0 when no item has a value.
    cases : one row per case with ``number``, ``described``, ``dont_know`` (how many count),
        ``left_out`` (the first rule of ``RULES`` that leaves it out, or missing), one column per
        dimension (mean of its items with a value) and ``score`` (missing when left out), ``above``.
    """

    recipe: Recipe
    items: pd.DataFrame
    parts: pd.DataFrame
    cases: pd.DataFrame

    def of(self, cases: WhichCases) -> pd.DataFrame:
        """The rows of ``cases`` for all cases, or for first ones only."""
        return self.cases if cases == "all" else self.cases[self.cases["number"] == 1]


def score(survey: Survey, recipe: Recipe) -> Scores:
    """Score every case of a survey."""
    questionnaire = survey.questionnaire
    items = pd.DataFrame(
        {each.item: _values(survey.cases, questionnaire, each) for each in recipe.items()}
    )
    parts = _parts(items, recipe)
    cases = pd.DataFrame(
        {
            "number": survey.cases["number"],
            "described": _described(survey),
            "dont_know": _dont_knows(survey.cases, questionnaire, recipe),
        }
    )
    cases["left_out"] = _left_out(cases, items, recipe)
    for dimension in recipe.dimensions:
        names = [each.item for each in dimension.items]
        cases[dimension.name] = _mean(items[names], parts[names])
    # Rounded, so that a score of exactly the threshold is not above it by an error of the machine.
    cases["score"] = _mean(items, parts).round(12).where(cases["left_out"].isna())
    cases["above"] = cases["score"] > recipe.threshold
    return Scores(recipe, items, parts, cases)


def summary(scores: Scores, cases: WhichCases = "first") -> dict[str, Any]:
    """How many cases were described, scored, left out by which rule, and are above.

    ``left_out`` counts every case with any rating or description, so that ``described`` is
    ``scored`` and those of the described that were left out.
    """
    table = scores.of(cases)
    return {
        "described": int(table["described"].sum()),
        "scored": int(table["score"].notna().sum()),
        "left_out": {rule: int((table["left_out"] == rule).sum()) for rule in RULES},
        "threshold": scores.recipe.threshold,
        "above_threshold": int(table["above"].sum()),
    }


def ranking(scores: Scores, cases: WhichCases = "first") -> pd.DataFrame:
    """The scored cases, best first.

    Returns one row per case (index ``case``) with ``rank`` (1 is best; equal scores share the
    best rank among them), ``tied`` (how many cases have this rank), each dimension, ``score`` and
    ``above``. Cases with one rank stand in the order of the survey.
    """
    table = scores.of(cases).dropna(subset="score")
    rank = table["score"].rank(method="min", ascending=False).astype("int64")
    ranked = table.assign(rank=rank, tied=rank.map(rank.value_counts()))
    dimensions = [dimension.name for dimension in scores.recipe.dimensions]
    columns = ["rank", "tied", *dimensions, "score", "above"]
    return ranked.sort_values("rank", kind="stable")[columns]


def explained(survey: Survey, scores: Scores, case: str) -> pd.DataFrame:
    """How one case got its score, item by item.

    Returns one row per item with ``dimension``, ``item``, ``label``, ``answer`` (as it is called;
    missing when skipped), ``kind`` (``answer``, ``dont_know``, ``not_relevant`` or ``skipped``),
    ``reversed``, ``value`` (0–1, after the reversal; missing = none), ``part`` (that the item has
    in the mean) and ``adds`` (value × part). ``adds`` sums to the score, or to what it would have
    been for a case that a rule leaves out. ``KeyError`` when there is no such case.
    """
    responses = survey.cases.loc[case]
    rows = [
        {
            "dimension": dimension.name,
            **_answered(survey.questionnaire, each, responses[each.item]),
            "reversed": each.reversed,
            "value": scores.items.at[case, each.item],
            "part": scores.parts.at[case, each.item],
        }
        for dimension in scores.recipe.dimensions
        for each in dimension.items
    ]
    table = pd.DataFrame(rows)
    return table.assign(adds=(table["value"] * table["part"]).fillna(0.0))


def _described(survey: Survey) -> NDArray[np.bool_]:
    """Which cases have an open answer, shape (n_cases,)."""
    described = np.zeros(len(survey.cases), dtype=bool)
    # By position: much faster than to look every case up among the answers.
    places = survey.cases.index.get_indexer(survey.answers["case"])
    described[places[places >= 0]] = True
    return described


def _answered(questionnaire: Questionnaire, each: RecipeItem, code: Any) -> dict[str, Any]:
    """What was answered to an item, in words."""
    question = questionnaire.question_of(each.item)
    label = next(item.label for item in question.items if item.name == each.item)
    option = None if pd.isna(code) else question.option(code)
    answer, kind = (option.label, option.role) if option else (None, "skipped")
    return {"item": each.item, "label": label, "answer": answer, "kind": kind}


def _values(cases: pd.DataFrame, questionnaire: Questionnaire, item: RecipeItem) -> pd.Series:
    """The rescaled values of one item, shape (n_cases,)."""
    question = questionnaire.question_of(item.item)
    steps = dict(item.values) if item.values is not None else _steps(question)
    if item.reversed:
        steps = {code: 1 - value for code, value in steps.items()}
    if item.dont_know is not None:
        steps |= dict.fromkeys(_dont_know_codes(question), item.dont_know)
    return cases[item.item].map(steps).astype("float64")


def _steps(question: Question) -> dict[str, float]:
    codes = [option.code for option in question.options if option.role == "answer"]
    if question.scale == "descending":
        codes.reverse()
    return {code: step / (len(codes) - 1) for step, code in enumerate(codes)}


def _parts(items: pd.DataFrame, recipe: Recipe) -> pd.DataFrame:
    """The part of each item in its case's mean, shape as ``items``; 0 where it has no value."""
    parts, first = np.array(items.notna(), dtype=np.float64), 0
    for dimension in recipe.dimensions:
        its = slice(first, first := first + len(dimension.items))
        parts[:, its] *= [each.weight for each in dimension.items]
        if recipe.mean_of == "dimensions":
            parts[:, its] = _shares(parts[:, its])
        parts[:, its] *= dimension.weight
    return pd.DataFrame(_shares(parts), items.index, items.columns)


def _shares(parts: Floats) -> Floats:
    """Each row divided by its sum; a row of nothing stays nothing."""
    total = parts.sum(axis=1, keepdims=True)
    return parts / np.where(total > 0, total, 1)


def _mean(items: pd.DataFrame, parts: pd.DataFrame) -> pd.Series:
    """The weighted mean of each row over what has a value; missing where nothing has."""
    weights = parts.to_numpy()
    total = weights.sum(axis=1)
    sums = np.nansum(items.to_numpy() * weights, axis=1)
    return pd.Series(sums / np.where(total > 0, total, np.nan), items.index)


def _dont_know_codes(question: Question) -> list[str]:
    return [option.code for option in question.options if option.role == "dont_know"]


def _dont_knows(cases: pd.DataFrame, questionnaire: Questionnaire, recipe: Recipe) -> pd.Series:
    """How many of the recipe's items are don't-know (and, if it says so, skipped)."""
    count = np.zeros(len(cases), dtype=np.int64)
    for each in recipe.items():
        answers = cases[each.item]
        if each.dont_know is None or recipe.replaced_dont_know_counts:
            codes = _dont_know_codes(questionnaire.question_of(each.item))
            count += answers.isin(codes).to_numpy()
        if recipe.skipped_counts:
            count += answers.isna().to_numpy()
    return pd.Series(count, cases.index)


def _left_out(cases: pd.DataFrame, items: pd.DataFrame, recipe: Recipe) -> pd.Series:
    """The rule that leaves a case out; of several the first of ``RULES``."""
    values = items.notna().sum(axis="columns")
    reason = pd.Series(None, index=cases.index, dtype="object")
    reason[values < recipe.fewest_values] = "few_values"
    reason[cases["dont_know"] > recipe.most_dont_know] = "dont_know"
    reason[values == 0] = "no_rating"
    if recipe.needs_description:
        reason[~cases["described"]] = "no_description"
    return reason
