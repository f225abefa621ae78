"""Who has permitted publication."""

from __future__ import annotations

import pandas as pd

from coder.errors import UserError
from coder.model import Publishing, Survey


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


def usual_form(survey: Survey) -> Publishing:
    """How answers leave before a lead has decided: named where consent was asked, else not."""
    return "named" if survey.questionnaire.of_kind("consent") else "nothing"


def publishable(survey: Survey, form: Publishing) -> frozenset[str]:
    """The respondents whose answers leave in this form; without a consent question, all.

    Of ``nothing`` there are none; a lead's decision never takes the place of a refusal.
    """
    if form == "nothing":
        return frozenset()
    if not survey.questionnaire.of_kind("consent"):
        return frozenset(survey.respondents.index)
    return permitted(survey)


def need_permission(survey: Survey, form: Publishing | None) -> None:
    """Raise ``UserError`` when nothing may leave: a lead has decided so, or nobody was asked.

    form : as a lead has decided; None: nobody has.
    """
    if form == "nothing":
        raise UserError("export.not_permitted")
    if (form or usual_form(survey)) == "nothing":
        raise UserError("export.no_consent")


def why_not(survey: Survey) -> dict[str, str]:
    """The respondents whose answers may not leave, each with why.

    ``refused``: a consent question was answered otherwise; ``unanswered``: it was not answered.
    Nobody is among them where there is no consent question.
    """
    if not survey.questionnaire.of_kind("consent"):
        return {}
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
