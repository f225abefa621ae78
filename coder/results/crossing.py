"""Codes by closed items, and codes by codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import pandas as pd

from coder.model import Code, Coding, Question, Survey, tick_column
from coder.results.joint import Unit, coded_answers
from coder.results.units import WhichCases

_CROSSED = ("single", "matrix", "multiple", "background", "consent")


def codes_by_item(
    survey: Survey,
    codes: Mapping[str, Code],
    codings: Sequence[Coding],
    item: str,
    unit: Unit = "case",
    cases: WhichCases = "first",
) -> pd.DataFrame:
    """How often each code and each value of a closed item, or of the background, go together.

    item : the name of an item; of a multiple question, the question's. ``ValueError`` when there
    is none such. unit : what is counted. An organisation has a code and a value when one of its
    answers has both.

    Returns one row per code and value, in the order of the codebook and of the options, with
    ``code`` (id), ``category``, ``value`` (label), ``count``; ``of_category`` (units with the code
    that answered the item) and ``share_of_category``; ``of_value`` (coded units with the value)
    and ``share_of_value``. A share of none is missing. Don't-knows are values as any other.
    """
    question = _question(survey, item)
    coded = coded_answers(survey, codings, cases)
    coded = coded[coded[unit].notna() & coded["code"].isin(list(codes))]
    both = coded.merge(_values(survey, question, item, coded), on="answer")
    count = both.groupby(["code", "value"])[unit].nunique()
    of_code, of_value = (both.groupby(by)[unit].nunique() for by in ("code", "value"))
    rows = [
        (
            code.id,
            code.label,
            label,
            *(
                int(n)
                for n in (
                    count.get((code.id, value), 0),
                    of_code.get(code.id, 0),
                    of_value.get(value, 0),
                )
            ),
        )
        for code in codes.values()
        for value, label in _labels(question, both["value"]).items()
    ]
    columns = ["code", "category", "value", "count", "of_category", "of_value"]
    table = pd.DataFrame(rows, columns=columns)
    for whole in ("category", "value"):
        base = table[f"of_{whole}"]
        table[f"share_of_{whole}"] = table["count"] / base.where(base > 0)
    return table


def codes_together(
    survey: Survey,
    codes: Mapping[str, Code],
    codings: Sequence[Coding],
    unit: Unit = "answer",
    cases: WhichCases = "first",
) -> pd.DataFrame:
    """How often two codes stand together, on the same answer or whatever is counted.

    Returns one row per pair of codes, most often together first: ``first_code`` and
    ``second_code`` (ids), ``first`` and ``second`` (labels), ``together``, ``of_first`` and
    ``of_second`` (units that have the one, or the other), ``share_of_first`` and
    ``share_of_second``, and ``jaccard`` (together, of those with either); missing when of none.
    """
    coded = coded_answers(survey, codings, cases).dropna(subset=unit)
    of = coded.groupby("code")[unit].agg(frozenset)
    units = {code.id: of.get(code.id, frozenset()) for code in codes.values()}
    rows = []
    for one, other in combinations(codes.values(), 2):
        a, b = units[one.id], units[other.id]
        shares = (_part(a & b, whole) for whole in (a, b, a | b))
        sizes = (len(a & b), len(a), len(b))
        rows.append((one.id, other.id, one.label, other.label, *sizes, *shares))
    columns = ["first_code", "second_code", "first", "second", "together", "of_first", "of_second"]
    columns += ["share_of_first", "share_of_second", "jaccard"]
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values("together", ascending=False, kind="stable", ignore_index=True)


def _part(some: frozenset[str], whole: frozenset[str]) -> float:
    return len(some) / len(whole) if whole else float("nan")


def _question(survey: Survey, item: str) -> Question:
    question = survey.questionnaire.question_of(item)
    if question.kind not in _CROSSED:
        raise ValueError(f"{item!r} is a question of kind {question.kind}")
    return question


def _values(survey: Survey, question: Question, item: str, coded: pd.DataFrame) -> pd.DataFrame:
    """The values of each coded answer: one row per ``answer`` and ``value`` (a code)."""
    about_case = survey.questionnaire.is_about_case(question)
    table, key = (survey.cases, "case") if about_case else (survey.respondents, "respondent")
    answers = coded.drop_duplicates("answer")
    beside = table.loc[answers[key]].set_axis(answers["answer"], axis="index")
    if question.kind != "multiple":
        return beside[item].rename("value").dropna().reset_index()
    ticks = [
        beside.index[beside[tick_column(question.name, option.code)] == "1"]
        .to_frame(name="answer")
        .assign(value=option.code)
        for option in question.options
    ]
    return pd.concat(ticks, ignore_index=True)


def _labels(question: Question, values: pd.Series) -> dict[str, str]:
    """The values and what they are called, in the order of the options or of the alphabet."""
    if question.options:
        return {option.code: option.label for option in question.options}
    return {value: value for value in sorted(values.unique())}
