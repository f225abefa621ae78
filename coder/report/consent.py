"""Who has permitted publication."""

from __future__ import annotations

import pandas as pd

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


def why_not(survey: Survey) -> dict[str, str]:
    """The respondents whose answers may not leave, each with why.

    ``refused``: a consent question was answered otherwise; ``unanswered``: it was not answered.
    Raises ``UserError`` as ``permitted`` does.
    """
    allowed = permitted(survey)
    refused = pd.Series(False, index=survey.respondents.index)
    for each in survey.questionnaire.of_kind("consent"):
        given = survey.respondents[each.name]
        refused |= given.notna() & ~given.isin(each.permits)
    return {
        who: "refused" if said else "unanswered"
        for who, said in refused.items()
        if who not in allowed
    }
