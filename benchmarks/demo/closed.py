"""The closed questions before the ratings: q01 to q18, with exactly the published counts.

Each question is drawn by its margins, and drawn again until it has nothing to do with the size of
the municipality (q01 excepted, whose table by size is given). Codes are floats; NaN is an empty
cell: the respondent skipped the question, had left the survey or was not asked.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import chi2_contingency, mannwhitneyu

from benchmarks.demo.people import LARGE, SMALL

Counts = dict[int, int]  # how many gave each code
Question = dict[str, Any]  # one entry of questionnaire.yaml

LEAST_P = 0.06  # a difference by size below this is drawn again; 5 % is the level in the report
MOST_DRAWS = 1000

# q01 by size in the order of its options. The published 59 and 50 percent do not differ
# significantly by themselves; this whole table does (chi-square p .045, rank sums p .034).
EXTENT = {LARGE: [7, 75, 47, 4, 4, 2, 1], SMALL: [6, 71, 45, 22, 6, 3, 2]}
EXTENT_CODES = [1, 2, 3, 4, 5, 6, 0]
EXTENT_LOWEST = 5  # those below, "Slet ikke" and "Ved ikke", described no innovation

EXCLUSIVE = {"q04": [6, 8], "q08": [6], "q12": [13], "q13": [16]}  # ticked alone
TICKED_EITHER = {"q09": ((4, 5), 78)}  # the two options that lead to q10, which 78 answered

# What a department's leaders tick more readily. It makes plausible answers, no published count.
READILY: dict[str, dict[str, list[int]]] = {
    "q04": {
        "socialpsykiatri": [1],
        "handicap": [1, 2, 4, 5],
        "udsatte_voksne": [3],
        "boern_familie": [3, 7],
        "beskaeftigelse": [3, 7],
        "sundhed": [2, 6],
        "aeldre": [2, 6, 7],
        "administration": [6, 8],
    },
    "q08": {
        "socialpsykiatri": [2, 3],
        "handicap": [2, 3],
        "udsatte_voksne": [3],
        "boern_familie": [1, 5],
        "beskaeftigelse": [2, 3],
        "sundhed": [3, 4],
        "aeldre": [4, 5],
        "administration": [6],
    },
}
READILY_BY = 1.8  # added to random keenness with a standard deviation of about 1.3
ONLINE_BY = 2.0  # likewise for digitalisation, for those who describe something online


def draw_closed(
    people: pd.DataFrame,
    questions: Sequence[Question],
    published: Mapping[str, Counts],
    answered: Mapping[str, int],
    rng: np.random.Generator,
) -> pd.DataFrame:
    """The columns of q01 to q18 for the respondents in `people`.

    `people` has stoerrelse, department (a key), enthusiasm (a number), describes and online
    (booleans). `published` gives the counts by item, `answered` how many answered it.
    """
    closed = pd.DataFrame({"q01": _draw_extent(people, rng)})
    stamina = pd.Series(rng.random(len(people)) + people["describes"], index=people.index)
    innovated = closed["q01"] != 6
    for question in questions:
        asked = filtered(question, closed) & (innovated | (question["name"] == "q02"))
        for item in items_of(question):
            takers = people.loc[_takers(stamina[asked], answered[item], rng)]
            draw = partial(_draw_item, question, item, takers, published[item], rng)
            closed = closed.join(unrelated_to_size(draw, people["stoerrelse"], question))
    return closed


def items_of(question: Question) -> list[str]:
    """The item names of a question; its own name when it has no items."""
    return [item["name"] for item in question.get("items", [question])]


def filtered(question: Question, closed: pd.DataFrame) -> pd.Series:
    """Who was asked the question: True for those who meet all of its `asked_if`."""
    asked = pd.Series(True, index=closed.index)
    for rule in question.get("asked_if", []):
        item, codes = rule["item"], rule["any_of"]
        if item in closed:
            asked &= closed[item].isin(codes)
        else:
            asked &= (closed[[f"{item}_{code}" for code in codes]] == 1).any(axis=1)
    return asked


def dont_knows(question: Question) -> list[int]:
    """The codes of a question that mean don't know."""
    options = question["options"]
    return [option["code"] for option in options if option.get("role") == "dont_know"]


def hand_out(
    counts: Counts, anyone: Sequence[int], liking: pd.Series, rng: np.random.Generator
) -> pd.Series:
    """Give each of the people in `liking` a code, as many of each as counted.

    The codes in `anyone` (don't know) fall on people at random, the others in their order from
    the highest liking to the lowest.
    """
    people = liking.index[rng.permutation(len(liking))]
    blank = sum(counts[code] for code in anyone)
    ranked = liking[people[blank:]].sort_values(ascending=False, kind="stable").index
    order = [*anyone, *(code for code in counts if code not in anyone)]
    codes = np.repeat(np.array(order, dtype=float), [counts[code] for code in order])
    return pd.Series(codes, index=people[:blank].append(ranked))


def unrelated_to_size(
    draw: Callable[[], pd.DataFrame], size: pd.Series, question: Question
) -> pd.DataFrame:
    """Draw until no column differs by size, tested in any way the researchers might.

    Raises ValueError when that never happens; another seed may help.
    """
    for _ in range(MOST_DRAWS):
        columns = draw()
        if min(_size_p(columns[name], size, question) for name in columns) >= LEAST_P:
            return columns
    raise ValueError(f"{question['name']} differs by size in each of {MOST_DRAWS} draws")


def _size_p(values: pd.Series, size: pd.Series, question: Question) -> float:
    """The smallest p value of a column by size: chi-square, and on a scale rank sums.

    The chi-square is tried with and without the don't-knows. Rank sums leave them out.
    """
    answers = values.dropna()
    multiple = question["kind"] == "multiple"
    ordinary = answers if multiple else answers[~answers.isin(dont_knows(question))]
    tests = [_chi_square_p(each, size) for each in (answers, ordinary)]
    if "scale" in question:
        large, small = (
            ordinary[size[ordinary.index] == code].to_numpy(float) for code in (LARGE, SMALL)
        )
        tests.append(float(mannwhitneyu(large, small).pvalue))
    return min(tests)


def _chi_square_p(values: pd.Series, size: pd.Series) -> float:
    """Pearson's chi-square without correction; 1 when there is nothing to compare."""
    codes, row = np.unique(values, return_inverse=True)
    groups, column = np.unique(size[values.index], return_inverse=True)
    if min(len(codes), len(groups)) < 2:
        return 1.0
    table = np.zeros((len(codes), len(groups)))
    np.add.at(table, (row, column), 1)
    return float(chi2_contingency(table, correction=False).pvalue)


def _draw_extent(people: pd.DataFrame, rng: np.random.Generator) -> pd.Series:
    """q01 by size, one answer missing; whoever described an innovation has had some."""
    extent = pd.Series(np.nan, index=people.index)
    for size, row in EXTENT.items():
        members = people[people["stoerrelse"] == size]
        some = dict(zip(EXTENT_CODES[:EXTENT_LOWEST], row, strict=False))
        none = np.repeat(EXTENT_CODES[EXTENT_LOWEST:], row[EXTENT_LOWEST:])
        without = rng.permutation(members.index[~members["describes"]])
        left_over = without[: len(members) - sum(some.values())]
        rest = members[~members.index.isin(left_over)]
        extent[without[: len(none)]] = none
        liking = rest["enthusiasm"] + rest["describes"] + rng.normal(size=len(rest))
        extent.update(hand_out(some, [], liking, rng))
    return extent


def _takers(stamina: pd.Series, count: int, rng: np.random.Generator) -> pd.Index:
    """Those who answer: people leave the survey on the way, and skip a question here and there."""
    mood = stamina + rng.normal(scale=0.1, size=len(stamina))
    return mood.nlargest(count).index.sort_values()


def _draw_item(
    question: Question, item: str, takers: pd.DataFrame, counts: Counts, rng: np.random.Generator
) -> pd.DataFrame:
    """The column of a single choice or matrix item; one column per option of a multiple one."""
    if question["kind"] == "multiple":
        return _tick(item, takers, counts, rng).add_prefix(f"{item}_")
    liking = pd.Series(rng.normal(size=len(takers)), index=takers.index)
    if "scale" in question:
        liking += takers["enthusiasm"]
    if item == "q17_oeget_digitalisering":
        liking += ONLINE_BY * takers["online"]
    return pd.DataFrame({item: hand_out(counts, dont_knows(question), liking, rng)})


def _tick(
    item: str, takers: pd.DataFrame, counts: Counts, rng: np.random.Generator
) -> pd.DataFrame:
    """1 where an option is ticked: exact counts, and everybody ticks at least one."""
    ticks = pd.DataFrame(0.0, index=takers.index, columns=list(counts))
    left = takers
    for code in EXCLUSIVE.get(item, []):
        ticks.loc[_keenest(item, code, left, counts[code], rng), code] = 1
        left = left[ticks.loc[left.index, code] == 0]
    (one, other), either = TICKED_EITHER.get(item, ((0, 0), 0))
    if either:
        pair = rng.permutation(left.index)[:either]
        ticks.loc[pair[: counts[one]], one] = 1
        ticks.loc[pair[-counts[other] :], other] = 1
    free = [code for code in counts if code not in {*EXCLUSIVE.get(item, []), one, other}]
    for code in free:
        ticks.loc[_keenest(item, code, left, counts[code], rng), code] = 1
    return _nobody_empty(ticks, free, rng)


def _keenest(
    item: str, code: int, takers: pd.DataFrame, count: int, rng: np.random.Generator
) -> pd.Index:
    """The people most inclined to tick an option."""
    ready = [key for key, codes in READILY.get(item, {}).items() if code in codes]
    keenness = READILY_BY * takers["department"].isin(ready)
    if item == "q18":
        keenness += ONLINE_BY * takers["online"]
    return (keenness + rng.gumbel(size=len(takers))).nlargest(count).index


def _nobody_empty(ticks: pd.DataFrame, free: list[int], rng: np.random.Generator) -> pd.DataFrame:
    """Move a tick from someone with many to everyone with none; the counts stay."""
    for person in ticks.index[ticks.sum(axis=1) == 0]:
        many = ticks[free].sum(axis=1).idxmax()
        code = rng.choice([code for code in free if ticks[code][many] == 1])
        ticks[code] = ticks[code].where(ticks.index != many, 0).where(ticks.index != person, 1)
    return ticks
