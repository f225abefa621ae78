"""Options shown as one, such as "high or very high": defined once, used by every table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from coder.model import Merged, Option, Question, Survey


def merge(question: Question) -> Question:
    """The question with each of its merges as one option, in the place of its first.

    The code of a merged option is that of its options joined by "+".
    """
    codes = codes_merged(question)
    labels = {"+".join(merged.codes): merged.label for merged in question.merged}
    options: dict[str, Option] = {}
    for option in question.options:
        code = codes[option.code]
        options.setdefault(code, Option(code, labels.get(code, option.label), option.role))
    return replace(question, options=tuple(options.values()), merged=())


def codes_merged(question: Question) -> dict[str, str]:
    """The code that each code has after merging; its own where it is in no merge."""
    codes = {option.code: option.code for option in question.options}
    return codes | {each: "+".join(it.codes) for it in question.merged for each in it.codes}


def with_merges(survey: Survey, merges: Mapping[str, tuple[Merged, ...]]) -> Survey:
    """The survey with these merges, by the name of the question, and no others."""
    questions = tuple(
        replace(each, merged=merges.get(each.name, ())) for each in survey.questionnaire.questions
    )
    return replace(survey, questionnaire=replace(survey.questionnaire, questions=questions))
