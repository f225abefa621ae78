"""What may leave a study: one value that every kind of export is made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from coder.model import Code, Coding, Publishing, Survey
from coder.report.consent import need_permission, publishable, usual_form, why_not

Entries = pd.DataFrame  # of the log: no, at, coder, decision, codes, answers, why, undone


@dataclass(frozen=True, eq=False)
class Leaving:
    """A study as it may leave; whoever writes a file knows nothing else of it.

    survey : its respondents, cases and answers. codes : the codebook, in its order. codings : of
    answers that leave, with spans in the text as it leaves. coders : names by id. withheld : what
    stays behind, one row per answer, or per background value of one: ``answer``, ``respondent``,
    ``column`` (empty: all of the answer) and ``reason`` (``refused`` or ``unanswered``;
    ``small_cell``), by the ids of the study. ids : what each answer that leaves is called there,
    by its id in the study. memos : what coders have noted of answers, by (coder, answer); only for
    the researchers' own use, and only where a format has a place for it.
    """

    survey: Survey
    codes: tuple[Code, ...]
    codings: tuple[Coding, ...]
    coders: Mapping[str, str]
    withheld: pd.DataFrame
    ids: Mapping[str, str] = field(default_factory=dict)
    memos: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @property
    def project(self) -> str:
        """What tells this study from others: its first coder, whose id is a UUID."""
        return next(iter(self.coders), "")


def may_leave(
    survey: Survey,
    codes: Sequence[Code],
    codings: Sequence[Coding],
    coders: Mapping[str, str],
    unpublished: bool = False,
    form: Publishing | None = None,
) -> Leaving:
    """What may leave of all this: what is permitted or, with ``unpublished``, everything.

    form : as a lead has decided; None: nobody has. What leaves anonymously is made so afterwards
    (``survey.anonymous``). Of the codebook only the examples depend on it, and memos stay behind:
    they are working notes, which nobody has written to be published. Raises ``UserError`` when
    nothing may leave.
    """
    if unpublished:
        nothing, ids = _withheld(survey, {}), _same(survey)
        return Leaving(survey, tuple(codes), tuple(codings), coders, nothing, ids)
    need_permission(survey, form)
    form = form or usual_form(survey)
    reasons = why_not(survey)
    kept = _only(survey, publishable(survey, form))
    there = frozenset(kept.answers.index)
    return Leaving(
        kept,
        tuple(_published(code, there) for code in codes),
        tuple(each for each in codings if each.answer in there),
        coders,
        _withheld(survey, reasons),
        _same(kept),
    )


def _same(survey: Survey) -> dict[str, str]:
    return {str(answer): str(answer) for answer in survey.answers.index}


def _only(survey: Survey, respondents: frozenset[str]) -> Survey:
    people, cases, answers = survey.respondents, survey.cases, survey.answers
    return replace(
        survey,
        respondents=people[people.index.isin(respondents)],
        cases=cases[cases["respondent"].isin(respondents)],
        answers=answers[answers["respondent"].isin(respondents)],
    )


def _published(code: Code, answers: frozenset[str]) -> Code:
    examples = tuple(each for each in code.examples if each in answers)
    return replace(code, examples=examples, memo="")


def _withheld(survey: Survey, reasons: Mapping[str, str]) -> pd.DataFrame:
    answers = survey.answers
    left = answers[answers["respondent"].isin(list(reasons))]
    table = pd.DataFrame({"answer": left.index, "respondent": left["respondent"].to_numpy()})
    return table.assign(column="", reason=table["respondent"].map(dict(reasons)))
