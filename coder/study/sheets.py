"""What is written of the categories, and the appendix of the most promising cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from coder.coding import citations
from coder.errors import UserError
from coder.model import AnswerPart, Passage, Sheet
from coder.report.consent import need_permission
from coder.report.plain_files import write_csv
from coder.report.workbook import write_workbook
from coder.results.appendix import PARTS, appendix
from coder.results.frequencies import WhichCases
from coder.results.passages import passage_of, proposed_passages
from coder.results.wording import sorted_sentences
from coder.study.exchange import Words
from coder.study.incoming import FromElsewhere

_WHO = ("organisation", "department", "role")


@dataclass(frozen=True, eq=False)
class SheetHelp:
    """What helps to write the sheet of a category.

    answers : those of the category, in the order of the survey. sentences : theirs, each with what
    it seems to be about (see ``results.wording``). cited : the answers of the category that the
    sheet cites, ``unused`` those that it does not; ``moved`` are cited answers that are in the
    category no more, ``unknown`` what is cited and is no answer, ``uncited`` the sentences of the
    sheet that cite none. permitted : those of ``answers`` that may be published. candidates : for
    the case, those of them that are about the most promising cases, most typical first; ``ranked``
    tells whether how typical they are is known.
    """

    code: str
    sheet: Sheet
    answers: tuple[str, ...]
    sentences: pd.DataFrame
    cited: tuple[str, ...]
    unused: tuple[str, ...]
    moved: tuple[str, ...]
    unknown: tuple[str, ...]
    uncited: tuple[str, ...]
    permitted: tuple[str, ...]
    candidates: tuple[str, ...]
    ranked: bool


class Sheets(FromElsewhere):
    """The sheet of each category, and what is marked in answers for the appendix."""

    def sheets(self) -> tuple[Sheet, ...]:
        """The sheet of every code, in the order of the codebook; empty where none is written.

        For those who work in the study. What may leave it is ``published_sheets``.
        """
        state = self.state
        return tuple(state.sheets.get(code.id, Sheet(code.id)) for code in state.ordered())

    def published_sheets(self) -> tuple[Sheet, ...]:
        """The sheets as they may leave: without cases and citations of those who don't permit it.

        Without a consent question that is everyone, unless a lead has decided otherwise.
        """
        answers = frozenset(self.survey.answers.index)
        ids = {each: each for each in self._permitted_answers()}
        return tuple(citations.leaving(each, answers, ids) for each in self.sheets())

    def sheet_help(self, code: str) -> SheetHelp:
        """What helps to write the sheet of a code (``ValueError`` when there is none)."""
        state, survey = self.state, self.survey
        if code not in state.codes:
            raise ValueError(f"no code {code!r}")
        sheet, own = state.sheets.get(code, Sheet(code)), self._answers_of(code)
        text, there = "\n".join(_texts(sheet).values()), frozenset(survey.answers.index)
        named = dict.fromkeys(filter(None, (*citations.cited(text, there), sheet.case)))
        allowed = self._permitted_answers()
        may_leave = tuple(each for each in own if each in allowed)
        candidates, ranked = self._candidates(own, may_leave)
        return SheetHelp(
            code=code,
            sheet=sheet,
            answers=own,
            sentences=sorted_sentences(survey.answers.loc[list(own)], self.questionnaire.language),
            cited=tuple(each for each in own if each in named),
            unused=tuple(each for each in own if each not in named),
            moved=tuple(each for each in named if each not in own),
            unknown=citations.unknown(text, there),
            uncited=citations.uncited(text, there),
            permitted=may_leave,
            candidates=candidates,
            ranked=ranked,
        )

    def with_citation(self, text: str, answer: str) -> str:
        """A text of a sheet with one more citation, of this answer, in its last sentence."""
        return citations.cite(text, answer)

    def most_promising(
        self, cases: WhichCases = "first", *, unpublished: bool = False
    ) -> pd.DataFrame:
        """The appendix: the cases above the threshold that may be published, by theme.

        One row per case (see ``results.appendix``), the themes in the order of the codebook.
        unpublished : also those without permission, for the researchers' own use. Where answers
        leave without names, organisation, department and role are missing. Raises ``UserError``
        when the study has no recipe, or when nothing may leave it.
        """
        if unpublished:
            self.need_lead()
        state, survey = self.state, self.survey
        scores = self.scores().of(cases)
        above = scores.index[scores["above"]]
        if not unpublished:
            need_permission(survey, self._decided_form())
            owners = survey.cases.loc[above, "respondent"]
            above = above[owners.isin(self.may_be_published())]
        themes = {code.id: state.path(code.id) for code in state.ordered()}
        found = appendix(survey, themes, self._codings(), above, self.passages())
        if unpublished or self.publishing().form == "named":
            return found
        return found.assign(**dict.fromkeys(_WHO, None))

    def save_appendix(
        self, path: Path, words: Words, cases: WhichCases = "first", *, unpublished: bool = False
    ) -> pd.DataFrame:
        """Write the appendix as ``.xlsx`` or ``.csv``; returns it as ``most_promising`` does.

        words : what the columns and parts are called, by ``appendix.column`` and ``appendix.part``.
        """
        table = self.most_promising(cases, unpublished=unpublished)
        names = {part: words(f"appendix.part.{part}") for part in PARTS}
        proposed = [", ".join(names[part] for part in of) for of in table["proposed"]]
        told = table.assign(proposed=proposed).drop(columns="code")
        told = told.rename(columns=lambda name: words(f"appendix.column.{name}"))
        if path.suffix.lower() == ".csv":
            write_csv(path, told)
        else:
            write_workbook(path, {words("appendix.title"): told})
        return table

    def passages(self) -> dict[str, tuple[Passage, ...]]:
        """The marked parts of answers, in code points of the texts as they are shown.

        What is left out of a text altogether is not there.
        """
        return {
            answer: tuple(shown for each in passages for shown in self._shown_passage(answer, each))
            for answer, passages in self.state.passages.items()
        }

    def proposed_passages(self, answer: str) -> tuple[Passage, ...]:
        """What may stand for each part of an answer (see ``results.passages``)."""
        language = self.questionnaire.language
        return proposed_passages(self.survey.answers.loc[[answer]], language).get(answer, ())

    def passage_of(
        self, answer: str, part: AnswerPart, text: str, near: Passage | None = None
    ) -> Passage:
        """These words of an answer, as it is shown, as a passage (see ``results.passages``).

        near : of several places the one nearest to this passage. Raises ``UserError`` when the
        words do not stand in the answer, one after the other.
        """
        texts = self.survey.answers.loc[answer, ["text", "elaboration"]].to_dict()
        found = passage_of(text, part, texts, near)
        if found is None:
            raise UserError("appendix.not_in_answer", answer=answer)
        return found

    def sentences_of(self, answer: str) -> pd.DataFrame:
        """The sentences of an answer, as those of ``SheetHelp``."""
        return sorted_sentences(self.survey.answers.loc[[answer]], self.questionnaire.language)

    def _shown_passage(self, answer: str, passage: Passage) -> Iterator[Passage]:
        """The passage as it is shown, unless a later file has brought a shorter text."""
        text = self._original.answers.at[answer, passage.field]
        if isinstance(text, str) and passage.end <= len(text):
            start, end = self.span_as_shown(answer, passage.start, passage.end, passage.field)
            if start < end:
                yield replace(passage, start=start, end=end)

    def _answers_of(self, code: str) -> tuple[str, ...]:
        own = {each.answer for each in self._codings() if each.code == code}
        return tuple(answer for answer in self.survey.answers.index if answer in own)

    def _permitted_answers(self) -> frozenset[str]:
        """The answers that may leave."""
        answers = self.survey.answers
        return frozenset(answers.index[answers["respondent"].isin(self.may_be_published())])

    def _candidates(
        self, own: tuple[str, ...], permitted: tuple[str, ...]
    ) -> tuple[tuple[str, ...], bool]:
        """Which of a category's answers may illustrate it, and whether in order of typicality."""
        scores, found = self._scores_or_none(), list(permitted)
        if scores:
            above = frozenset(scores.cases.index[scores.cases["above"]])
            of_case = self.survey.answers["case"]
            found = [answer for answer in found if of_case[answer] in above]
        if self.proposals() is None:  # then no language model has been chosen
            return tuple(found), False
        typical = self._typicality(own)
        return tuple(sorted(found, key=lambda each: (-typical.get(each, 0.0), each))), True

    def _typicality(self, answers: tuple[str, ...]) -> Mapping[str, float]:
        """How near each answer lies to the middle of all of them: a cosine."""
        known, wanted = self._known_now(None), set(answers)
        rows = [row for row, answer in enumerate(known.answers) if answer in wanted]
        if not rows:
            return {}
        vectors = known.vectors[rows].astype(np.float64)
        centre = vectors.mean(axis=0)
        length = float(np.linalg.norm(centre)) or 1.0
        near = (vectors @ centre / length).round(9).tolist()
        return dict(zip((known.answers[row] for row in rows), near, strict=True))


def _texts(sheet: Sheet) -> dict[str, str]:
    """What is written in a sheet, by field."""
    names = ("character", "audience", "benefit")
    return {name: getattr(sheet, name) for name in names}
