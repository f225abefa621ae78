"""How long the tables of a large survey take: `docs/benchmarks/tables.md`.

Run from the root of the repository: `python -m benchmarks.tables [ROWS]`, by default 100,000
respondents. They answer the demo's questionnaire, drawn with replacement from the demo's own
respondents, so that filters and skipped questions are as there; and two number questions. Each
table is made three times, and the median is told: seconds of processor time, which other work on
the machine does not lengthen.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from coder.model import Code, Coding, Item, Question, Survey
from coder.results.basis import basis
from coder.results.compare import battery, comparable
from coder.results.crossing import codes_by_item, codes_together
from coder.results.frequencies import frequencies
from coder.results.groups import groups_by
from coder.results.joint import coded_table, joint_table
from coder.results.likeness import differing, shared
from coder.results.margins import part_drawn, with_margins
from coder.results.numbers import numbers
from coder.results.pairs import alike_and_unlike, could_talk
from coder.results.profile import profile
from coder.results.quadrants import quadrants, quadrants_by_code
from coder.results.recipe import parse_recipe
from coder.results.reliability import certainty, item_rest, reliability
from coder.results.response import compare_writers, response
from coder.results.score import ranking, score
from coder.results.sensitivity import sensitivity
from coder.results.weighting import rake
from coder.survey.ingest import build_survey, code_table
from coder.survey.questionnaire import parse_questionnaire
from coder.survey.read import read_file

ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "docs" / "benchmarks" / "tables.md"
RECIPE = ROOT / "data" / "recipe.yaml"
CODES = 12
SIZE, DEPARTMENT, MANY = "stoerrelse", "afdeling", "kommune"
TIMES = 3


def main(argv: list[str]) -> int:
    """Measure and write the report."""
    count = int(argv[0]) if argv else 100_000
    survey = large_survey(count)
    every = tables(survey) | joined(survey)
    rows = [(name, measured(work)) for name, work in every.items()]
    lines = [f"| {name} | {seconds:.2f} |" for name, seconds in rows]
    REPORT.write_text(HEAD.format(count=f"{count:,}") + "\n".join(lines) + "\n", "utf-8")
    for line in lines:
        print(line)
    return 0


def large_survey(count: int) -> Survey:
    """The demo's respondents, drawn with replacement, with two numbers more."""
    form = parse_questionnaire((ROOT / "data" / "questionnaire.yaml").read_text("utf-8"))
    raw = read_file(ROOT / "data" / "demo.csv").table
    random = np.random.default_rng(1)
    drawn = raw.iloc[random.integers(0, len(raw), count)].reset_index(drop=True)
    ids = next(question.name for question in form.questions if question.kind == "id")
    drawn[ids] = [f"P{no:07}" for no in range(count)]
    extra = [Question(name, "number", name, items=(Item(name, name),)) for name in ("age", "hours")]
    for each in extra:
        drawn[each.name] = random.normal(40, 12, count).round(1).astype(str)
    form = replace(form, questions=(*form.questions, *extra))
    return build_survey(code_table(drawn, form), form)


def tables(survey: Survey) -> dict[str, Callable[[], object]]:
    """Every table and what it takes to make it."""
    by_size, by_department = groups_by(survey, SIZE), groups_by(survey, DEPARTMENT)
    by_many = groups_by(survey, MANY)
    weights = rake(survey, [SIZE, DEPARTMENT]).values
    item = "q16_stoerre_risikovillighed_blandt_ledelsen"
    return {
        "all frequencies (366 options)": lambda: frequencies(survey),
        "the same, merged": lambda: frequencies(survey, merged=True),
        "the same, weighted": lambda: frequencies(survey, weights=weights),
        "the same, by 2 groups": lambda: frequencies(survey, groups=by_size),
        "the same, by 8 groups": lambda: frequencies(survey, groups=by_department),
        "the same, by 98 groups": lambda: frequencies(survey, groups=by_many),
        "the same, with margins": lambda: with_margins(frequencies(survey), part_drawn(survey)),
        "two number questions by 8 groups": lambda: numbers(survey, groups=by_department),
        "what one item is of": lambda: basis(survey, item),
        "one item by 2 groups, with tests": lambda: battery(survey, [item], by_size),
        "one item by 98 groups, with tests": lambda: battery(survey, [item], by_many),
        "two numbers by 8 groups, with tests": lambda: battery(
            survey, ["age", "hours"], by_department
        ),
        "response by 98 groups": lambda: response(survey, MANY),
        "weights by two questions": lambda: rake(survey, [SIZE, DEPARTMENT]),
        "every item by 2 groups, with tests": lambda: battery(survey, comparable(survey), by_size),
        "who wrote and who did not, every item": lambda: compare_writers(survey),
    }


def joined(survey: Survey) -> dict[str, Callable[[], object]]:
    """The tables about the score, and those about codes: twelve, on all answers in turn."""
    recipe = parse_recipe(RECIPE.read_text("utf-8"), survey.questionnaire)
    codes = {f"c{no}": Code(f"c{no}", f"Category {no}") for no in range(CODES)}
    answers = survey.answers.index
    codings = [Coding(answer, f"c{no % CODES}", "A") for no, answer in enumerate(answers)]
    scores, item = score(survey, recipe), "q16_stoerre_risikovillighed_blandt_ledelsen"
    across, up = (each.name for each in recipe.dimensions[:2])
    placed = quadrants(scores, across, up)
    return {
        "the score of every case": lambda: score(survey, recipe),
        "the ranking": lambda: ranking(scores),
        "reliability of the dimensions": lambda: reliability(scores),
        "each item with the rest": lambda: item_rest(scores),
        "how sure each score is": lambda: certainty(scores),
        "the list by other choices": lambda: sensitivity(survey, recipe),
        "codes joined to scores": lambda: joint_table(survey, codes, codings, scores),
        "the same, with intervals": lambda: profile(survey, codes, codings, scores),
        "codes by an item": lambda: codes_by_item(survey, codes, codings, item),
        "codes by 98 organisations": lambda: codes_by_item(
            survey, codes, codings, MANY, "organisation"
        ),
        "codes with each other": lambda: codes_together(survey, codes, codings),
        "what a category shares": lambda: shared(survey, codings, "c0", {}),
        "where it differs": lambda: differing(survey, codings, "c0", {}),
        "its pairs alike and unlike": lambda: alike_and_unlike(survey, codings, "c0"),
        "who could talk to whom": lambda: could_talk(survey, codes, codings, scores, ()),
        "categories in quadrants": lambda: quadrants_by_code(survey, codes, codings, placed),
        "the coded table": lambda: coded_table(survey, codes, codings, scores),
    }


def measured(work: Callable[[], object]) -> float:
    """The median of the seconds that it took."""
    return statistics.median(_seconds(work) for _ in range(TIMES))


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


# ruff: noqa: E501 - a line of the report is a paragraph
HEAD = """\
# Tables of a large survey: time

Written by `python -m benchmarks.tables`. {count} invited respondents, drawn from the demo's own with replacement, with its questionnaire and two number questions. Seconds of one processor. A table is meant to take less than two. *Every item by 2 groups* and *who wrote and who did not* are not one table each but batteries, of some two hundred tests.

| table | seconds |
| --- | ---: |
"""

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
