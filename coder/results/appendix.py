"""The appendix of the most promising cases: who, for whom, why, what was done, what was learned.

What each answer says of that is what people have marked in it; where nothing is marked, words
that the wording points to, which the table tells from the others.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import get_args

import pandas as pd

from coder.model import AnswerPart, Coding, Passage, Questionnaire, Survey
from coder.results.obstacles import any_of
from coder.results.passages import proposed_passages

PARTS: tuple[AnswerPart, ...] = get_args(AnswerPart)
COLUMNS = ("case", "code", "theme", "organisation", "department", "role", *PARTS, "proposed")


def appendix(
    survey: Survey,
    themes: Mapping[str, str],
    codings: Iterable[Coding],
    cases: Collection[str],
    marked: Mapping[str, tuple[Passage, ...]],
) -> pd.DataFrame:
    """One row for each of these cases, by theme, and within it in the order of the survey.

    themes : what each code is called, by id, in the order in which they stand; a case with several
    stands under the first, one with none last. marked : the passages of answers, in code points of
    the texts of this survey.

    Returns the columns ``COLUMNS``: ids, then text, empty where nothing is known. ``organisation``,
    ``department`` and ``role`` are the labels of background values. ``proposed`` is a tuple of
    those of the four parts that nobody has marked.
    """
    answers = survey.answers[survey.answers["case"].isin(list(cases))]
    proposals = proposed_passages(answers, survey.questionnaire.language)
    first = _first_codes(list(themes), codings)
    who = _backgrounds(survey)
    rows = []
    for case, own in answers.groupby("case", sort=False):
        code = min((first[each] for each in own.index if each in first), default=len(themes))
        found = {part: _words(own, part, marked, proposals) for part in PARTS}
        rows.append(
            (
                code,
                case,
                [*themes, ""][code],
                [*themes.values(), ""][code],
                *who.loc[own["respondent"].iloc[0]],
                *(words for words, _ in found.values()),
                tuple(part for part, (words, proposed) in found.items() if words and proposed),
            )
        )
    table = pd.DataFrame(rows, columns=["at", *COLUMNS])
    return table.sort_values("at", kind="stable", ignore_index=True).drop(columns="at")


def _first_codes(order: Sequence[str], codings: Iterable[Coding]) -> dict[str, int]:
    """For each answer the place of the first of its codes."""
    place = {code: no for no, code in enumerate(order)}
    found: dict[str, int] = {}
    for each in codings:
        found[each.answer] = min(found.get(each.answer, len(order)), place[each.code])
    return found


def _words(
    own: pd.DataFrame,
    part: AnswerPart,
    marked: Mapping[str, tuple[Passage, ...]],
    proposals: Mapping[str, tuple[Passage, ...]],
) -> tuple[str, bool]:
    """What a case's answers say of a part, and whether that is only proposed."""
    for passages in (marked, proposals):
        texts = [
            words_of([each for each in passages.get(str(answer), ()) if each.part == part], fields)
            for answer, fields in own[["text", "elaboration"]].to_dict("index").items()
        ]
        if any(texts):
            return " ".join(filter(None, texts)), passages is proposals
    return "", True


def words_of(passages: Iterable[Passage], fields: Mapping[str, str]) -> str:
    """What stands in these passages of an answer, in order, single spaces between."""
    found: list[tuple[str, int, int]] = []
    for each in passages:  # those that overlap tell the words they share once
        field, start, end = each.field, each.start, each.end
        if found and found[-1][0] == field and start <= found[-1][2]:
            found[-1] = (field, found[-1][1], max(end, found[-1][2]))
        else:
            found.append((field, start, end))
    texts = (fields[field][start:end] for field, start, end in found)
    return " ".join(" ".join(text.split()) for text in texts)


def _backgrounds(survey: Survey) -> pd.DataFrame:
    """The labels of each respondent's organisation, department and job; empty where not known."""
    people, questionnaire = survey.respondents, survey.questionnaire
    names = {
        "organisation": questionnaire.organisation,
        "department": _background(questionnaire, "department"),
        "role": _background(questionnaire, "role"),
    }
    columns = {}
    for column, name in names.items():
        if name is None:
            columns[column] = pd.Series("", index=people.index)
            continue
        labels = {each.code: each.label for each in questionnaire.question(name).options}
        values = people[name].map(lambda value, of=labels: of.get(value, value))
        columns[column] = values.fillna("").astype(str)
    return pd.DataFrame(columns)


def _background(questionnaire: Questionnaire, what: str) -> str | None:
    """The background question that is called so, by its label or its name."""
    for question in questionnaire.of_kind("background"):
        if question.name != questionnaire.organisation and any(
            _called(what).match(text) for text in (question.label, question.name)
        ):
            return question.name
    return None


@cache
def _called(what: str) -> re.Pattern[str]:
    lists = tomllib.loads(files("coder.results").joinpath("appendix.toml").read_text("utf-8"))
    return re.compile(rf"{any_of(lists[what])}(?!\w)", re.IGNORECASE)
