"""Who was invited, who answered, and who wrote which open answer.

All tables here have one row per leader. `stoerrelse` is 1 (large) or 2 (small), codes as in the
questionnaire.
"""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

Floats = NDArray[np.float64]
Wholes = NDArray[np.int64]
Entry = dict[str, Any]  # one open answer: category, department, text, perhaps elaboration, second

LARGE, SMALL = 1, 2
LARGE_FROM = 50_000
INVITED = {LARGE: 277, SMALL: 279}
ANSWERED = {LARGE: 141, SMALL: 155}
SILENT_MUNICIPALITIES = 5
LEAST_INVITED, MOST_INVITED = 3, 9

DEPARTMENTS = [  # in the order of the questionnaire's codes 1 to 8
    "socialpsykiatri",
    "handicap",
    "udsatte_voksne",
    "boern_familie",
    "beskaeftigelse",
    "sundhed",
    "aeldre",
    "administration",
]
TITLE_SHARES = [0.04, 0.2, 0.2, 0.26, 0.12, 0.12, 0.06]  # of the questionnaire's codes 1 to 7

# In how many municipalities each category is found. The remainder is found anywhere.
MUNICIPALITIES = {
    "kompenserende_kontakt": 3,
    "online_hjemmepleje": 2,
    "virtuel_jobtraening": 2,
    "online_undervisning": 2,
    "online_paaroerende": 12,
    "online_bostoette": 9,
    "digital_genoptraening": 8,
    "digitale_jobsamtaler": 7,
    "fysisk_aktivitet_online": 7,
    "online_familiebehandling": 5,
}
REMAINDER = "oevrige"

# What it costs when a second innovation is given to someone it does not fit.
WRONG_DEPARTMENT, NEW_MUNICIPALITY, SAME_CATEGORY = 10_000.0, 1_000.0, 10.0
TOLERABLE = 4 * SAME_CATEGORY
MOST_DRAWS = 20_000


def draw_people(
    municipalities: pd.DataFrame, answers: list[Entry], rng: np.random.Generator
) -> pd.DataFrame:
    """Everyone invited, in random order, with `first` and `second`: positions in `answers`.

    Columns: kommune, stoerrelse, status, first, second, afdeling, stilling. A missing `first` or
    `second` (-1) means that the leader described none. Draws again until every second innovation
    finds someone of its department in a municipality that its category already counts, nearly
    always someone whose first innovation was of another category. Raises ValueError when the
    texts and the numbers of municipalities leave no such draw.
    """
    people = _invite(municipalities)
    _write(people, answers, rng)
    people["afdeling"] = _departments(people, answers, rng)
    people["stilling"] = 1 + rng.choice(len(TITLE_SHARES), len(people), p=TITLE_SHARES)
    return people.iloc[rng.permutation(len(people))].reset_index(drop=True)


def _write(people: pd.DataFrame, answers: list[Entry], rng: np.random.Generator) -> None:
    """Add status, first and second to the invited."""
    for _ in range(MOST_DRAWS):
        people["status"] = _who_answers(people, rng)
        people["first"] = _place_first(people, answers, rng)
        people["second"], cost = _place_second(people, answers, rng)
        if cost <= TOLERABLE:
            return
    raise ValueError(f"no fitting second innovations in {MOST_DRAWS} draws; try another seed")


def _invite(municipalities: pd.DataFrame) -> pd.DataFrame:
    size = np.where(municipalities["population"] >= LARGE_FROM, LARGE, SMALL)
    seats = pd.Series(0, index=municipalities.index)
    for code, total in INVITED.items():
        weights = municipalities.loc[size == code, "population"] ** 0.3
        seats.update(_share_out(weights, total))
    frame = pd.DataFrame({"kommune": municipalities["name"], "stoerrelse": size})
    return frame.loc[frame.index.repeat(seats)].reset_index(drop=True)


def _share_out(weights: pd.Series, total: int) -> pd.Series:
    """Whole seats in proportion to the weights: the next one goes where a seat weighs most."""
    seats = pd.Series(LEAST_INVITED, index=weights.index)
    for _ in range(total - int(seats.sum())):
        seats.iloc[int((weights / (seats + 1)).where(seats < MOST_INVITED).argmax())] += 1
    return seats


def _who_answers(people: pd.DataFrame, rng: np.random.Generator) -> Wholes:
    """1 for those who answer: at least one in each municipality, but for a few small ones."""
    small = people.loc[people["stoerrelse"] == SMALL, "kommune"].unique()
    silent = rng.choice(small, SILENT_MUNICIPALITIES, replace=False)
    status = np.zeros(len(people), dtype=np.int64)
    order = people.iloc[rng.permutation(len(people))]
    order = order[~order["kommune"].isin(silent)]
    rank = order.groupby("kommune").cumcount()
    order = order.assign(later=rank > 0).sort_values("later", kind="stable")
    for size, count in ANSWERED.items():
        status[order.index[order["stoerrelse"] == size][:count]] = 1
    return status


def _place_first(people: pd.DataFrame, answers: list[Entry], rng: np.random.Generator) -> Wholes:
    """Each first answer is given to a respondent, in as many municipalities as its category has."""
    free = _free_respondents(people, rng)
    first = np.full(len(people), -1)
    for category, count in MUNICIPALITIES.items():
        texts = _first_of(answers, category, rng)
        most = -(-len(texts) // count)
        roomy = [name for name, members in free.items() if len(members) >= most]
        chosen = rng.choice(roomy, count, replace=False)
        for turn, text in enumerate(texts):
            first[free[chosen[turn % count]].pop()] = text
    rest = rng.permutation([person for members in free.values() for person in members])
    texts = _first_of(answers, REMAINDER, rng)
    first[rest[: len(texts)]] = texts
    return first


def _free_respondents(people: pd.DataFrame, rng: np.random.Generator) -> dict[str, list[int]]:
    respondents = people[people["status"] == 1]
    shuffled = respondents.iloc[rng.permutation(len(respondents))]
    return {str(name): list(part.index) for name, part in shuffled.groupby("kommune")}


def _first_of(answers: list[Entry], category: str, rng: np.random.Generator) -> list[int]:
    """Positions of a category's first answers, by department.

    Dealt out like cards, neighbours go to different municipalities, so that the answers of one
    municipality come from as many departments as possible.
    """
    found = [i for i, entry in enumerate(answers) if entry["category"] == category]
    shuffled = rng.permutation([i for i in found if not answers[i].get("second")])
    return sorted((int(i) for i in shuffled), key=lambda i: str(answers[i]["department"]))


def _place_second(
    people: pd.DataFrame, answers: list[Entry], rng: np.random.Generator
) -> tuple[Wholes, float]:
    """The best fitting describer for each second answer, and the sum of the misfits."""
    describers = people[people["first"] >= 0]
    texts = [i for i, entry in enumerate(answers) if entry.get("second")]
    cost = np.array([_misfits(describers, answers, text) for text in texts])
    rows, columns = linear_sum_assignment(cost + rng.random(cost.shape))
    second = np.full(len(people), -1)
    second[describers.index[columns]] = np.array(texts)[rows]
    return second, float(cost[rows, columns].sum())


def _misfits(describers: pd.DataFrame, answers: list[Entry], text: int) -> Floats:
    """How badly a second answer fits each of the describers."""
    department, category = answers[text]["department"], answers[text]["category"]
    firsts = [answers[i] for i in describers["first"]]
    elsewhere = np.array([first["department"] != department for first in firsts])
    same = np.array([first["category"] == category for first in firsts])
    counted = describers["kommune"].isin(describers["kommune"][same]).to_numpy()
    new = ~counted & (category != REMAINDER)
    reasons = np.stack([elsewhere, new, same], axis=1)
    costs: Floats = reasons @ np.array([WRONG_DEPARTMENT, NEW_MUNICIPALITY, SAME_CATEGORY])
    return costs


def _departments(people: pd.DataFrame, answers: list[Entry], rng: np.random.Generator) -> pd.Series:
    """The department of the text; for others one that the municipality has not got yet."""
    codes = {key: code for code, key in enumerate(DEPARTMENTS, start=1)}
    written = people["first"].map(lambda i: codes[answers[i]["department"]] if i >= 0 else 0)
    departments = written.copy()
    for _, members in written.groupby(people["kommune"]):
        others = members.index[members == 0]
        unused = rng.permutation([code for code in codes.values() if code not in set(members)])
        spare = rng.permutation(len(DEPARTMENTS)) + 1
        departments[others] = np.concatenate([unused, spare])[: len(others)]
    return departments
