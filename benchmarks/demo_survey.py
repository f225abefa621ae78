"""Build the demo survey: made-up respondents whose tables are the published ones.

Run from the root of the repository: `python -m benchmarks.demo_survey [SEED]`. It reads
`benchmarks/demo/answers.yaml` and `municipalities.csv`, `data/questionnaire.yaml`,
`data/recipe.yaml` and `data/published/counts.csv`, and writes `data/demo.csv`, `demo.xlsx`,
`demo.sav` and `expert.csv`. The same seed and the same texts give the same CSV files. It takes
about ten seconds.

The steps, each with exact margins from the start:

1. people: who was invited, who answered, who wrote which open answer, where;
2. closed: q01 to q18, drawn again until unrelated to the size of the municipality;
3. ratings: q20 to q24, swapped until the score shows what the report found;
4. q25, consent, the second innovations;
5. files.
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from benchmarks.demo.closed import (
    Counts,
    Question,
    dont_knows,
    draw_closed,
    hand_out,
    items_of,
    unrelated_to_size,
)
from benchmarks.demo.files import column_labels, write_csv, write_sav, write_xlsx
from benchmarks.demo.people import DEPARTMENTS, Entry, draw_people
from benchmarks.demo.ratings import (
    draw_ratings,
    draw_second_ratings,
    measure,
    most_promising,
    read_scoring,
)

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "data"
DEMO = ROOT / "benchmarks" / "demo"
SEED = 2020

DESCRIBERS_WITHOUT_RATINGS = 3
RATERS = 205  # no item was rated by more than 203
PUBLISHED_OF_THE_PROMISING = 49
CONSENT_ELSEWHERE = 0.8

Rng = np.random.Generator

NOT_ONLINE = ("kompenserende_kontakt", "oevrige")
CATEGORY_LABELS = {
    "online_paaroerende": "Online kontakt til pårørende",
    "online_bostoette": "Online bostøtte",
    "digital_genoptraening": "Digital genoptræning",
    "digitale_jobsamtaler": "Digitale opfølgningssamtaler i jobcentre",
    "fysisk_aktivitet_online": "Fysisk aktivitet online",
    "online_familiebehandling": "Online familiebehandling",
    "kompenserende_kontakt": "Kompenserende kontakt (fx gåture)",
    "online_hjemmepleje": "Online hjemmepleje",
    "virtuel_jobtraening": "Virtuel jobtræning",
    "online_undervisning": "Online undervisning",
    "oevrige": "Øvrige",
}


def main(argv: list[str]) -> int:
    """Build the survey with the seed given, or the usual one, and write its files."""
    seed = int(argv[0]) if argv else SEED
    questionnaire, answers = _yaml(DATA / "questionnaire.yaml"), _yaml(DEMO / "answers.yaml")
    survey, expert = build(questionnaire, answers, seed)
    labels = column_labels(questionnaire)
    write_csv(survey, DATA / "demo.csv")
    write_xlsx(survey, labels, DATA / "demo.xlsx")
    write_sav(survey, labels, DATA / "demo.sav")
    write_csv(expert, DATA / "expert.csv")
    _say(f"files: {len(survey)} rows and {len(survey.columns)} columns in {DATA.name}/")
    return 0


def build(
    questionnaire: dict[str, Any], answers: list[Entry], seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The survey (556 rows, codes and texts) and the expert's category of every answer."""
    for_people, for_closed, for_ratings, for_rest = np.random.default_rng(seed).spawn(4)
    questions = questionnaire["questions"]
    published = read_published(DATA / "published" / "counts.csv", questions)
    people = draw_people(pd.read_csv(DEMO / "municipalities.csv"), answers, for_people)
    people.insert(0, "id", [f"R{number:03}" for number in range(1, len(people) + 1)])
    respondents = _describe(people[people["status"] == 1], answers, for_people)
    _say(f"people: {len(people)} invited, {len(respondents)} answered")
    closed = draw_closed(respondents, _before_answer(questions), *published, for_closed)
    _say(f"closed questions: {len(closed.columns)} columns with the published counts")
    rated = _rate(respondents, questions, published[0], for_ratings, for_rest)
    parts = [people, closed, _texts(respondents, answers), *rated]
    return _assemble(parts, questionnaire), _expert(people, answers)


def _rate(
    respondents: pd.DataFrame,
    questions: list[Question],
    published: dict[str, Counts],
    for_ratings: Rng,
    for_rest: Rng,
) -> list[pd.DataFrame]:
    """The ratings, q25, the consent and the ratings of the second innovations."""
    scoring = read_scoring(_yaml(DATA / "recipe.yaml"), questions)
    rated = [q for q in questions if items_of(q)[0] in scoring.items]
    raters = _raters(respondents, for_ratings)
    ratings = draw_ratings(raters, rated, published, scoring, for_ratings)
    for name, value in measure(ratings, raters, scoring).items():
        _say(f"ratings, {name}: {value:.3g}")
    another = _draw_another(raters, _named("q25", questions), published["q25"], for_rest)
    promising = most_promising(ratings, raters, scoring)
    consent = _draw_consent(respondents, promising, _named("samtykke", questions), for_rest)
    twice = respondents.index[respondents["second"] >= 0]
    second = draw_second_ratings(twice, published, scoring, for_rest).add_prefix("n2_")
    return [ratings, another, consent, second]


def read_published(
    path: Path, questions: list[Question]
) -> tuple[dict[str, Counts], dict[str, int]]:
    """The published count of each code by item, and how many answered each item.

    Matrix options are published without codes and are found by their labels.
    """
    question_of = {item: q for q in questions if "options" in q for item in items_of(q)}
    counts: dict[str, Counts] = {}
    answered: dict[str, int] = {}
    for item, rows in pd.read_csv(path).groupby("item", sort=False):
        question = question_of[str(item)]
        codes = {option["label"]: option["code"] for option in question["options"]}
        counts[str(item)] = dict(zip(rows["option_da"].map(codes), rows["count"], strict=True))
        several = question["kind"] == "multiple"
        answered[str(item)] = int(rows["n"].iloc[0] if several else rows["count"].sum())
    return counts, answered


def _describe(respondents: pd.DataFrame, answers: list[Entry], rng: Rng) -> pd.DataFrame:
    """Respondents with what their closed answers lean on.

    Adds department, category (None without a description), describes, online and enthusiasm.
    """
    category = respondents["first"].map(lambda i: answers[i]["category"] if i >= 0 else None)
    mood = {name: rng.normal(scale=0.5) for name in CATEGORY_LABELS}
    return respondents.assign(
        department=respondents["afdeling"].map(dict(enumerate(DEPARTMENTS, start=1))),
        category=category,
        describes=category.notna(),
        online=category.notna() & ~category.isin(NOT_ONLINE),
        private=respondents["first"].map(lambda i: i >= 0 and bool(answers[i].get("private"))),
        enthusiasm=category.map(mood).fillna(0.0) + rng.normal(size=len(respondents)),
    )


def _raters(respondents: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """Nearly all who described an innovation, and some of those who did not."""
    described = respondents["describes"] & (respondents["second"] < 0)
    silent = rng.permutation(respondents.index[described])[:DESCRIBERS_WITHOUT_RATINGS]
    others = rng.permutation(respondents.index[~respondents["describes"]])
    count = RATERS - int(respondents["describes"].sum()) + len(silent)
    return respondents.drop(index=[*silent, *others[count:]])


def _draw_another(
    raters: pd.DataFrame, question: Question, counts: Counts, rng: Rng
) -> pd.DataFrame:
    """q25: yes for those with a second innovation, the other answers among the other raters."""
    has_second = raters["second"] >= 0
    others = raters[~has_second]
    rest = {code: count for code, count in counts.items() if code != 1}

    def draw() -> pd.DataFrame:
        who = rng.permutation(others.index)[: sum(rest.values())]
        liking = pd.Series(rng.normal(size=len(who)), index=who)
        codes = pd.Series(1.0, index=raters.index[has_second])
        drawn = hand_out(rest, dont_knows(question), liking, rng)
        return pd.DataFrame({"q25": pd.concat([codes, drawn])})

    return unrelated_to_size(draw, raters["stoerrelse"], question)


def _draw_consent(
    respondents: pd.DataFrame, promising: pd.Index, question: Question, rng: Rng
) -> pd.DataFrame:
    """Consent of those who described; never for texts with private matters.

    Exactly the published number of the most promising, others with a fixed chance.
    """
    asked = respondents[respondents["describes"]]
    willing = asked.index[~asked["private"]]

    def draw() -> pd.DataFrame:
        codes = pd.Series(2.0, index=asked.index)
        codes[willing[rng.random(len(willing)) < CONSENT_ELSEWHERE]] = 1
        codes[promising] = 2
        codes[rng.permutation(promising.intersection(willing))[:PUBLISHED_OF_THE_PROMISING]] = 1
        return pd.DataFrame({"samtykke": codes})

    return unrelated_to_size(draw, respondents["stoerrelse"], question)


def _texts(respondents: pd.DataFrame, answers: list[Entry]) -> pd.DataFrame:
    """The open answers and the later elaborations; empty where there is none."""
    entries = [*answers, {}]  # position -1, no answer, finds the empty entry
    first, second = respondents["first"], respondents["second"]
    return pd.DataFrame(
        {
            "q19": first.map(lambda i: entries[i].get("text")),
            "q19_uddybning": first.map(lambda i: entries[i].get("elaboration")),
            "n2_q19": second.map(lambda i: entries[i].get("text")),
        }
    )


def _assemble(parts: list[pd.DataFrame], questionnaire: dict[str, Any]) -> pd.DataFrame:
    """All columns in the order of the survey; codes as whole numbers, empty where missing."""
    joined = pd.concat(parts, axis=1)
    columns = {}
    for name, (_, values) in column_labels(questionnaire).items():
        column = joined[name]
        columns[name] = column.astype("Int64") if values else column
    return pd.DataFrame(columns)


def _expert(people: pd.DataFrame, answers: list[Entry]) -> pd.DataFrame:
    """The category that the writer of each answer had in mind; `.2` marks a second innovation.

    Category by category, in the order of the report.
    """
    rows = []
    for column, suffix in (("first", ""), ("second", ".2")):
        written = people[people[column] >= 0]
        for number, position in zip(written["id"], written[column], strict=True):
            category = answers[position]["category"]
            rows.append((number + suffix, category, CATEGORY_LABELS[category]))
    order = list(CATEGORY_LABELS)
    rows.sort(key=lambda row: (order.index(row[1]), row[0]))
    return pd.DataFrame(rows, columns=["answer", "category", "category_label"])


def _before_answer(questions: list[Question]) -> list[Question]:
    """The closed questions after q01 and before the open answer."""
    names = [question["name"] for question in questions]
    return questions[names.index("q01") + 1 : names.index("q19")]


def _named(name: str, questions: list[Question]) -> Question:
    return next(question for question in questions if question["name"] == name)


def _yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _say(line: str) -> None:
    print(line, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
