"""Which answer of a study each text of a project is: the same words, and no other answer's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from coder.model import Survey
from coder.report.qdpx import as_told, in_study
from coder.report.qdpx_in import Project, ReadSource


class Match(NamedTuple):
    """A text of the project is this answer; ``shown``: as it is shown, not as it was written.

    ``places`` tells where in the answer a position of the text is.
    """

    answer: str
    shown: bool
    places: Mapping[int, int]


@dataclass(frozen=True)
class Matches:
    """The answer of each text, by its place; and why a text is none (the key of a sentence)."""

    found: Mapping[int, Match]
    missed: Mapping[int, str]


def match_sources(project: Project, shown: Survey, written: Survey, study: str) -> Matches:
    """Find the texts of a project among the answers, as they are shown or as they were written.

    What has one of our GUIDs for this ``study`` is that answer. Otherwise the text decides, and
    among answers alike the name of the text or of its case, and the question. Line breaks and
    signs that our own projects write otherwise do no harm.
    """
    candidates = _by_text(shown, written)
    by_guid = {in_study(study, "answer", str(each)): str(each) for each in shown.answers.index}
    cases = {no: case.name for case in project.cases for no in case.sources}
    found: dict[int, Match] = {}
    missed: dict[int, str] = {}
    for no, source in enumerate(project.sources):
        same = candidates.get(source.text.rstrip(), [])
        ours = by_guid.get(source.guid)
        if ours:
            left = [each for each in same if each.answer == ours]
            missed[no] = "project.other_text"
        else:
            left = _narrowed(same, source, cases.get(no, ""), shown)
            missed[no] = "project.several_answers" if left else "project.no_answer"
        if len({each.answer for each in left}) == 1:
            found[no] = left[0]
            del missed[no]
    return Matches(found, missed)


def _by_text(shown: Survey, written: Survey) -> dict[str, list[Match]]:
    found: dict[str, list[Match]] = defaultdict(list)
    for is_shown, survey in ((True, shown), (False, written)):
        for answer, text in survey.answers["text"].items():
            for form, places in _forms(text):
                found[form.rstrip()].append(Match(str(answer), is_shown, _back(places)))
    return found


def _forms(text: str) -> Iterator[tuple[str, list[int]]]:
    """The text as other programs may have it, and as our own projects do."""
    plain, places = "", []
    for no, sign in enumerate(text):
        places.append(len(plain))
        if not (sign == "\r" and text[no + 1 : no + 2] == "\n"):
            plain += "\n" if sign == "\r" else sign
    yield plain, [*places, len(plain)]
    yield as_told(text)


def _back(places: Sequence[int]) -> dict[int, int]:
    """For each place there the first place here."""
    return {there: here for here, there in reversed(list(enumerate(places)))}


def _narrowed(same: list[Match], source: ReadSource, case: str, survey: Survey) -> list[Match]:
    """Those of the answers with this text that the name, and then the question, speaks for."""
    answers = survey.answers

    def is_named(each: Match) -> bool:
        row = answers.loc[each.answer]
        return bool({source.name, case} & {each.answer, row["case"], row["respondent"]})

    def is_asked(each: Match) -> bool:
        name = answers.at[each.answer, "question"]
        return source.description in (name, survey.questionnaire.question(name).label)

    named = [each for each in same if is_named(each)] or same
    return [each for each in named if is_asked(each)] or named
