"""Who answered, and whether they are like those who did not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from coder.model import Survey
from coder.results.compare import (
    Battery,
    Variable,
    battery,
    comparable,
    compare_values,
    corrected,
    variable,
)
from coder.results.groups import WITH, WITHOUT, Groups, groups_by
from coder.results.tests_of import Difference, Method, distribution


@dataclass(frozen=True, eq=False)
class Response:
    """Who answered, by a background value.

    groups : one row per group (index: its code) with ``group`` (its label), ``invited``,
    ``answered`` and ``share``. difference : the test of answered × group; None when there is
    nothing to test.
    """

    by: str
    label: str
    groups: pd.DataFrame
    difference: Difference | None


def response(survey: Survey, by: str, merged: bool = False) -> Response:
    """Response rates by the background question ``by``, over everyone invited."""
    groups = groups_by(survey, by, merged)
    answered = survey.respondents["answered"]
    found = answered.groupby(groups.of).agg(invited="size", answered="sum")
    found = found.reindex(list(groups.labels))
    table = np.array([found["answered"], found["invited"] - found["answered"]], dtype=np.float64)
    found.insert(0, "group", list(groups.labels.values()))
    found["share"] = found["answered"] / found["invited"]
    return Response(by, groups.label, found, distribution(table))


def wrote(survey: Survey) -> Groups:
    """Who took part and wrote an open answer (of the first case), and who wrote none."""
    people = survey.respondents[survey.respondents["answered"]].index
    writers = survey.answers.loc[survey.answers["number"] == 1, "respondent"]
    of = pd.Series(np.where(people.isin(writers), WITH, WITHOUT), index=people, dtype="str")
    return Groups("wrote", "", {WITH: "", WITHOUT: ""}, of)


def compare_writers(
    survey: Survey, items: Sequence[str] = (), method: Method = "holm", merged: bool = False
) -> Battery:
    """Those who wrote an open answer beside those who took part and wrote none.

    items : background questions, or items that are not about the case; empty: every background
    question with options and every such item.
    """
    return battery(survey, items or _of_everyone(survey), wrote(survey), method, merged=merged)


def compare_side_sample(
    survey: Survey, others: Survey, items: Sequence[str], method: Method = "holm"
) -> Battery:
    """Those who answered beside a side sample of those who did not, on chosen items.

    others : what the side sample said, for instance by telephone, read with the same
    questionnaire. The groups are ``with`` (answered the survey) and ``without``.
    """
    found = []
    for item in items:
        ours, theirs = variable(survey, item), variable(others, item)
        values = pd.concat([ours.values, theirs.values], ignore_index=True)
        places = np.repeat([0, 1], [len(ours.values), len(theirs.values)])
        joined = Variable(ours.name, ours.label, values, ours.labels, ours.steps)
        found.append(compare_values(joined, places, (WITH, WITHOUT)))
    return corrected("side_sample", found, method)


def _of_everyone(survey: Survey) -> list[str]:
    """Background questions with options, and all comparable items put to the respondent."""
    questionnaire = survey.questionnaire
    background = [each.name for each in questionnaire.of_kind("background") if each.options]
    once = [each.name for each in questionnaire.questions if not questionnaire.is_about_case(each)]
    return [*background, *(comparable(survey, once) if once else ())]
