"""The 13 ratings of the innovations: exact margins first, then swaps until the score behaves.

A rating table has one row per rater and one column per rated item; 0 stands for a skipped item.
A swap exchanges two raters' answers to an item. It keeps every count, and between raters from
municipalities of the same size it keeps every table by size as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.demo.closed import (
    Counts,
    Question,
    dont_knows,
    hand_out,
    items_of,
    unrelated_to_size,
)

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

SKIPPED = 0
PROFITABILITY = ("q24_kendte_omkostninger", "q24_staar_maal")

# Both profitability items at once: how many gave each pair of codes (1 Ja, 2 Nej, 3 Ved ikke).
# Of the 61 who do not know the costs one skipped the next item and 28 find them worthwhile; one
# who skipped the first item answered the second.
PROFITABILITY_PAIRS = {
    (1, 1): 88,
    (1, 2): 2,
    (1, 3): 15,
    (3, 1): 10,
    (3, 3): 18,
    (2, 1): 28,
    (2, 3): 29,
    (2, 2): 3,
    (2, SKIPPED): 1,
    (SKIPPED, 3): 1,
}

# What the finished ratings must show. Each number may lie from the first to the second value.
TARGETS = {
    "most promising": (60, 60),
    "without the reversal": (17, 27),
    "don't-know as .5": (38, 43),
    "mean of dimension means": (32, 36),
    "profitability don't-knows without value": (66, 85),
    "left out for don't-knows": (5, 8),
    "high, but left out for don't-knows": (1, 3),
    "high, but described nothing": (3, 12),
    "exactly at the threshold": (0, 0),
    "decided by how don't-knows are counted": (0, 0),
    "percent of the variance between categories": (9, 15),
}
MOST_SWAPS = 200_000


@dataclass(frozen=True)
class Scoring:
    """A recipe as arrays. `points` is item x code: NaN for skipped and for don't know without
    value. `reversed_` and `replaced` (a don't-know that has a value) mark items.
    """

    items: list[str]
    points: Floats
    dont_know: Codes
    dimension: Codes
    reversed_: NDArray[np.bool_]
    replaced: NDArray[np.bool_]
    threshold: float
    most_dont_know: int


def read_scoring(recipe: Mapping[str, Any], questions: list[Question]) -> Scoring:
    """The recipe's items with the points of every code, from the scales in the questionnaire."""
    question_of = {item: question for question in questions for item in items_of(question)}
    dimensions = recipe["dimensions"]
    parts = [part for dimension in dimensions for part in dimension["items"]]
    items = [part["item"] for part in parts]
    return Scoring(
        items=items,
        points=np.array([_points(question_of[part["item"]], part) for part in parts]),
        dont_know=np.array([(dont_knows(question_of[item]) or [-1])[0] for item in items]),
        dimension=np.repeat(np.arange(len(dimensions)), [len(d["items"]) for d in dimensions]),
        reversed_=np.array([part.get("reversed", False) for part in parts]),
        replaced=np.array(["dont_know" in part for part in parts]),
        threshold=recipe["threshold"],
        most_dont_know=recipe["most_dont_know"],
    )


def _points(question: Question, part: Mapping[str, Any]) -> list[float]:
    """Points by code: the options of a scale in equal steps from 1 to 0."""
    points = [np.nan] * 8
    unknown = dont_knows(question)
    scale = [o["code"] for o in question["options"] if o["code"] not in unknown]
    for code, value in zip(scale, np.linspace(1, 0, len(scale)), strict=True):
        points[code] = 1 - value if part.get("reversed") else value
    for code in unknown:
        points[code] = part.get("dont_know", np.nan)
    return points


def draw_ratings(
    raters: pd.DataFrame,
    questions: list[Question],
    published: Mapping[str, Counts],
    scoring: Scoring,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """The ratings of `raters` (stoerrelse, enthusiasm, describes, category), one column per item.

    Raises ValueError when the swaps do not reach the targets; another seed may.
    """
    columns = []
    for question in questions:
        draw = partial(_draw_question, question, raters, published, rng)
        columns.append(unrelated_to_size(draw, raters["stoerrelse"], question))
    start = _codes(pd.concat(columns, axis=1)[scoring.items])
    codes = _search(start, raters, scoring, rng)
    return _table(codes, raters.index, scoring)


def draw_second_ratings(
    people: pd.Index, published: Mapping[str, Counts], scoring: Scoring, rng: np.random.Generator
) -> pd.DataFrame:
    """Ratings of these people's second innovations, drawn from the published distributions."""
    while True:
        columns = [_any_codes(published[item], len(people), rng) for item in scoring.items]
        codes = np.stack(columns, axis=1)
        scores = mean_of(_points_of(codes, scoring))
        if 2 <= _above(scores, scoring).sum() <= 4 and not _at(scores, scoring).any():
            return _table(codes, people, scoring)


def most_promising(ratings: pd.DataFrame, raters: pd.DataFrame, scoring: Scoring) -> pd.Index:
    """The raters whose described innovation scores above the threshold."""
    codes = _codes(ratings)
    scores = mean_of(_points_of(codes, scoring))
    few = (codes == scoring.dont_know).sum(axis=1) <= scoring.most_dont_know
    passed: pd.DataFrame = raters[_above(scores, scoring) & few & raters["describes"]]
    return passed.index


def _table(codes: Codes, people: pd.Index, scoring: Scoring) -> pd.DataFrame:
    """Codes as the survey has them: empty where skipped."""
    frame = pd.DataFrame(codes, index=people, columns=scoring.items)
    return frame.where(frame != SKIPPED)


def _codes(ratings: pd.DataFrame) -> Codes:
    codes: Codes = ratings.fillna(SKIPPED).to_numpy(dtype=np.int64)
    return codes


def _points_of(codes: Codes, scoring: Scoring) -> Floats:
    points: Floats = scoring.points[np.arange(len(scoring.items)), codes]
    return points


def _any_codes(counts: Counts, size: int, rng: np.random.Generator) -> Codes:
    share = np.array([*counts.values()]) / sum(counts.values())
    codes = rng.choice([*counts], size, p=share)
    return np.where(rng.random(size) < 0.03, SKIPPED, codes)


def _draw_question(
    question: Question, raters: pd.DataFrame, published: Mapping[str, Counts], rng: Any
) -> pd.DataFrame:
    """The items of a question by their margins, in the order of the raters' enthusiasm."""
    items = items_of(question)
    if tuple(items) == PROFITABILITY:
        return _draw_profitability(raters, rng)
    columns = {}
    for item in items:
        who = raters.loc[_answering(raters, sum(published[item].values()), rng)]
        counts = published[item]
        if item == "q22_saerlige_forhold":  # the enthusiastic see few special circumstances
            counts = dict(reversed(counts.items()))
        liking = who["enthusiasm"] + rng.normal(size=len(who))
        columns[item] = hand_out(counts, dont_knows(question), liking, rng)
    return pd.DataFrame(columns, index=raters.index)


def _draw_profitability(raters: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    who = raters.loc[_answering(raters, sum(PROFITABILITY_PAIRS.values()), rng)]
    pairs = dict(enumerate(PROFITABILITY_PAIRS.values()))
    liking = who["enthusiasm"] + rng.normal(size=len(who))
    drawn = hand_out(pairs, [], liking, rng).astype(int)
    codes = np.array([*PROFITABILITY_PAIRS])[drawn]
    frame = pd.DataFrame(codes, index=drawn.index, columns=PROFITABILITY)
    return frame.where(frame != SKIPPED).reindex(raters.index)


def _answering(raters: pd.DataFrame, count: int, rng: np.random.Generator) -> pd.Index:
    """All but a few; most of those who skip described nothing."""
    patience = raters["describes"] + rng.normal(size=len(raters))
    return patience.nlargest(count).index


def mean_of(points: Floats) -> Floats:
    """Row means of what has a value; 0 for a row without any."""
    known = ~np.isnan(points)
    sums: Floats = np.where(known, points, 0.0).sum(axis=1)
    means: Floats = sums / np.maximum(known.sum(axis=1), 1)
    return means


def measure(ratings: pd.DataFrame, raters: pd.DataFrame, scoring: Scoring) -> dict[str, float]:
    """What TARGETS speaks of, for a rating table."""
    return _measure(_codes(ratings), raters["describes"].to_numpy(), _groups(raters), scoring)


def _groups(raters: pd.DataFrame) -> Codes:
    """The category of each rater's innovation as a number."""
    numbers: Codes = pd.factorize(raters["category"])[0]
    return numbers


def _measure(
    codes: Codes, describes: NDArray[np.bool_], groups: Codes, scoring: Scoring
) -> dict[str, float]:
    points = _points_of(codes, scoring)
    unknown = codes == scoring.dont_know
    half = np.where(unknown, 0.5, points)
    bare = np.where(unknown, np.nan, points)
    straight = np.where(scoring.reversed_, 1 - points, points)
    dimensions = [_dimension_mean(points, scoring.dimension == d) for d in range(5)]
    few = unknown.sum(axis=1) <= scoring.most_dont_know
    scores = mean_of(points)
    scored = describes & few & ~np.isnan(points).all(axis=1)
    high = _above(scores, scoring)
    return {
        "most promising": float((high & scored).sum()),
        "without the reversal": _passing(straight, scored, scoring),
        "don't-know as .5": _passing(half, scored, scoring),
        "mean of dimension means": _passing(np.stack(dimensions, axis=1), scored, scoring),
        "profitability don't-knows without value": _passing(bare, scored, scoring),
        "left out for don't-knows": float((describes & ~few).sum()),
        "high, but left out for don't-knows": float((describes & ~few & high).sum()),
        "high, but described nothing": float((~describes & few & high).sum()),
        "exactly at the threshold": float(_at(scores, scoring).sum()),
        "decided by how don't-knows are counted": _undecided(codes, describes & high, scoring),
        "percent of the variance between categories": 100 * _eta(scores[scored], groups[scored]),
    }


def _dimension_mean(points: Floats, inside: NDArray[np.bool_]) -> Floats:
    """The mean of a dimension's items; NaN when none has a value."""
    part = points[:, inside]
    return np.where(np.isnan(part).all(axis=1), np.nan, mean_of(part))


def _passing(points: Floats, scored: NDArray[np.bool_], scoring: Scoring) -> float:
    return float((_above(mean_of(points), scoring) & scored).sum())


def _above(scores: Floats, scoring: Scoring) -> NDArray[np.bool_]:
    """Strictly above, where sums of quarters may be off in the last digits."""
    return scores > scoring.threshold + 1e-9


def _at(scores: Floats, scoring: Scoring) -> NDArray[np.bool_]:
    return np.abs(scores - scoring.threshold) < 1e-6


def _undecided(codes: Codes, high: NDArray[np.bool_], scoring: Scoring) -> float:
    """How many high scores are in or out depending on what counts as a don't-know.

    The mildest count leaves out those that are given a value; the strictest includes skipped items.
    """
    unknown = codes == scoring.dont_know
    mildest = (unknown & ~scoring.replaced).sum(axis=1) <= scoring.most_dont_know
    strictest = (unknown | (codes == SKIPPED)).sum(axis=1) <= scoring.most_dont_know
    return float((high & (mildest != strictest)).sum())


def _eta(scores: Floats, groups: Codes) -> float:
    """Eta squared: the share of the variance that lies between groups."""
    sizes = np.bincount(groups)
    means = np.bincount(groups, scores) / np.maximum(sizes, 1)
    spread = scores - scores.mean()
    return float((sizes * (means - scores.mean()) ** 2).sum() / (spread @ spread))


def _search(
    codes: Codes, raters: pd.DataFrame, scoring: Scoring, rng: np.random.Generator
) -> Codes:
    """Random swaps, kept when they do not lead further from the targets."""
    blocks = _blocks(scoring)
    same_size = [np.flatnonzero(raters["stoerrelse"] == size) for size in (1, 2)]
    describes, groups = raters["describes"].to_numpy(), _groups(raters)
    best = _distance(_measure(codes, describes, groups, scoring))
    for _ in range(MOST_SWAPS):
        if best == 0:
            return codes
        pair = rng.choice(same_size[rng.integers(2)], 2, replace=False)
        block = blocks[rng.integers(len(blocks))]
        trial = codes.copy()
        trial[pair[:, None], block] = codes[pair[::-1, None], block]
        distance = _distance(_measure(trial, describes, groups, scoring))
        if distance <= best:
            codes, best = trial, distance
    raise ValueError(f"after {MOST_SWAPS} swaps the ratings are still {best} from the targets")


def _blocks(scoring: Scoring) -> list[list[int]]:
    """What is swapped at once: one item, or both profitability items, whose cross table stays."""
    pair = [scoring.items.index(item) for item in PROFITABILITY]
    return [[i] for i in range(len(scoring.items)) if i not in pair] + [pair]


def _distance(measured: Mapping[str, float]) -> float:
    """How far the measures are outside their targets, in all."""
    return sum(
        max(low - measured[name], measured[name] - high, 0.0)
        for name, (low, high) in TARGETS.items()
    )
