"""Codes joined to the closed questions: per category, and per case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import pandas as pd

from coder.model import Code, Coding, Questionnaire, Survey
from coder.results.score import Scores
from coder.results.units import WhichCases

# What a code may be counted by; of answers, cases and so on, each counts once.
Unit = Literal["answer", "case", "respondent", "organisation"]
_OURS = ("answer", "respondent", "case", "text", "elaboration", "codes", "score")


def joint_table(
    survey: Survey,
    codes: Mapping[str, Code],
    codings: Sequence[Coding],
    scores: Scores | None,
    cases: WhichCases = "first",
) -> pd.DataFrame:
    """What each category adds up to.

    codes : by id. codings : of any coder; an answer coded alike by two coders counts once.
    scores : None when the study has no recipe; then only the counts are given.

    Returns one row per code, most answers first: ``category``, ``answers``, ``cases``,
    ``organisations`` (distinct values of the questionnaire's organisation), ``scored`` (cases
    with a score), the mean of each dimension and ``share_above`` over the scored cases, missing
    where there are none.
    """
    coded = coded_answers(survey, codings, cases)
    rows = [
        {
            "category": code.label,
            **_counts(survey, coded[coded["code"] == code.id]),
            **(_means(scores, coded[coded["code"] == code.id]) if scores else {}),
        }
        for code in codes.values()
    ]
    table = pd.DataFrame(rows, columns=list(rows[0]) if rows else ["category", "answers"])
    return table.sort_values(["answers", "category"], ascending=[False, True], ignore_index=True)


def coded_table(
    survey: Survey, codes: Mapping[str, Code], codings: Sequence[Coding], scores: Scores | None
) -> pd.DataFrame:
    """The coded table: one row per answer, with everything that is known of it.

    Columns: ``answer``, ``respondent``, ``case``; the background, as labels; ``text``,
    ``elaboration``; ``codes`` (labels, joined by "; "); every closed item about the case, as
    labels; with ``scores``, each dimension and ``score``. A survey column with a name that is ours
    stands as ``survey_`` and its name.
    """
    answers = survey.answers
    questionnaire = survey.questionnaire
    people = _own_names(_labelled(survey.respondents, questionnaire, ("background",)))
    closed = _own_names(_labelled(survey.cases, questionnaire, ("single", "matrix")))
    parts = [
        pd.DataFrame({"respondent": answers["respondent"], "case": answers["case"]}),
        people.loc[answers["respondent"]].set_axis(answers.index, axis="index"),
        answers[["text", "elaboration"]],
        _labels_of(answers.index, codes, codings),
        closed.loc[answers["case"]].set_axis(answers.index, axis="index"),
    ]
    if scores:
        names = [*(dimension.name for dimension in scores.recipe.dimensions), "score"]
        of_case = scores.cases.loc[answers["case"], names]
        parts.append(of_case.set_axis(answers.index, axis="index"))
    return pd.concat(parts, axis="columns").reset_index(names="answer")


def coded_answers(
    survey: Survey, codings: Iterable[Coding], cases: WhichCases = "first"
) -> pd.DataFrame:
    """One row per answer and code, of whatever coder.

    Columns: ``answer``, ``code``, ``case``, ``respondent`` and ``organisation``, missing when the
    questionnaire names none.
    """
    pairs = sorted({(coding.answer, coding.code) for coding in codings})
    table = pd.DataFrame(pairs, columns=["answer", "code"]).merge(
        survey.answers[["case", "respondent", "number"]], left_on="answer", right_index=True
    )
    kept = table if cases == "all" else table[table["number"] == 1]
    name = survey.questionnaire.organisation
    where = survey.respondents[name] if name else pd.Series(None, survey.respondents.index, "str")
    organisation = where.loc[kept["respondent"]].to_numpy()
    return kept.drop(columns="number").assign(organisation=organisation)


def _counts(survey: Survey, coded: pd.DataFrame) -> dict[str, int]:
    counts = {"answers": coded["answer"].nunique(), "cases": coded["case"].nunique()}
    if survey.questionnaire.organisation:
        counts["organisations"] = coded["organisation"].nunique()
    return counts


def _means(scores: Scores, coded: pd.DataFrame) -> dict[str, float]:
    scored = scores.cases.loc[coded["case"].unique()].dropna(subset="score")
    names = [dimension.name for dimension in scores.recipe.dimensions]
    means = {name: float(scored[name].mean()) for name in names}
    above = float(scored["above"].mean()) if len(scored) else float("nan")
    return {"scored": len(scored), **means, "share_above": above}


def _labels_of(
    answers: pd.Index, codes: Mapping[str, Code], codings: Sequence[Coding]
) -> pd.Series:
    """For each answer the labels of its codes, those of all coders taken together."""
    labels: dict[str, list[str]] = {}
    for coding in codings:
        label = codes[coding.code].label
        if label not in labels.setdefault(coding.answer, []):
            labels[coding.answer].append(label)
    joined = ["; ".join(labels.get(answer, [])) or None for answer in answers]
    return pd.Series(joined, index=answers, name="codes", dtype="str")


def _own_names(table: pd.DataFrame) -> pd.DataFrame:
    return table.rename(columns={name: f"survey_{name}" for name in _OURS})


def _labelled(
    table: pd.DataFrame, questionnaire: Questionnaire, kinds: tuple[str, ...]
) -> pd.DataFrame:
    """The closed columns of these kinds that the table has, labels in place of codes."""
    columns = {}
    for question in questionnaire.questions:
        labels = {option.code: option.label for option in question.options}
        for column in question.columns():
            if question.kind in kinds and column in table.columns:
                columns[column] = table[column].map(labels) if labels else table[column]
    return pd.DataFrame(columns, index=table.index)
