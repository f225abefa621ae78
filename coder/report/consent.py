"""Who has permitted publication."""

from __future__ import annotations

from coder.errors import UserError
from coder.model import Survey


def permitted(survey: Survey) -> frozenset[str]:
    """The respondents whose answers may leave the study.

    No answer to the consent question is no permission. Raises ``UserError`` when the
    questionnaire has no consent question: then nothing tells what may be published.
    """
    questions = survey.questionnaire.of_kind("consent")
    if not questions:
        raise UserError("export.no_consent")
    allowed = [survey.respondents[each.name].isin(each.permits) for each in questions]
    everywhere = sum(allowed[1:], start=allowed[0].astype(int)) == len(allowed)
    return frozenset(survey.respondents.index[everywhere])
