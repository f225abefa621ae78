"""What was decided, looked through and looked back at."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from coder.coding.again import counted
from coder.coding.course import firsts, saturation
from coder.coding.genealogy import Event, genealogy
from coder.coding.log import advance, standing
from coder.coding.lookup import answers_concerned, entries, labels, undone_by
from coder.coding.relook import relook
from coder.coding.state import State
from coder.coding.then import codebook_then, codings_then
from coder.model import (
    ConfirmProposal,
    LogEntry,
    PermitPublishing,
)
from coder.report.consent import publishable, usual_form
from coder.text.search import matching

if TYPE_CHECKING:
    pass

from coder.study.core import Core

_BOOK_THEN = ("label", "definition", "answers", "label_now", "answers_now", "since", "into")


class Lookback(Core):
    """The codebook and the log, as tables and lists for those who read them."""

    def publishing(self) -> PermitPublishing:
        """How answers leave: as a lead decided last, or as long as nobody has, as is usual."""
        return self.state.publishing or PermitPublishing(usual_form(self.survey))

    def may_be_published(self) -> frozenset[str]:
        """The respondents whose answers may leave (see ``report.consent``)."""
        return publishable(self.survey, self.publishing().form)

    def disputed(self) -> set[str]:
        """The answers that coders who have dealt with them coded differently."""
        return self.state.disputed() - self.state.set_aside()

    def again(self, coder: str | None = None) -> set[str]:
        """The answers with a coding (of the coder; None: of any) to look at again: see ``relook``.

        Here in no order, so without a language model.
        """
        return {each.answer for each in relook(self.state) if coder in (None, each.coder)}

    def search(self, query: str) -> list[str]:
        """The answers whose id, text or elaboration has what is asked for (see ``text.search``)."""
        answers = self.survey.answers
        rows = zip(answers.index, answers["text"], answers["elaboration"].fillna(""), strict=True)
        found = matching(["\n".join(row) for row in rows], query)
        return [answer for answer, yes in zip(answers.index, found, strict=True) if yes]

    def as_of(self, no: int) -> State:
        """What the log said when entry ``no`` was its last; 0: nothing yet, at most now."""
        state = self.state
        return advance(state.beginning(), state.log[: max(no, 0)])

    def codebook_then(self, no: int) -> pd.DataFrame:
        """The codebook as of entry ``no`` beside that of now: a row per code there was or is.

        ``label``, ``definition`` and ``answers`` (how many) are those of then, missing where there
        was no such code; so are ``label_now`` and ``answers_now``. ``since`` tells what has become
        of it, ``into`` the label of what it was merged into (see ``coding.then``).
        """
        then, now = self.as_of(no), self.state
        rows = [
            {
                "label": then.path(each.code) if each.then else None,
                "definition": each.then.definition if each.then else None,
                "answers": each.answers_then if each.then else None,
                "label_now": now.path(each.code) if each.now else None,
                "answers_now": each.answers_now if each.now else None,
                "since": each.since,
                "into": now.path(each.into) if each.into else None,
            }
            for each in codebook_then(then, now)
        ]
        counts = {"answers": "Int64", "answers_now": "Int64"}
        return pd.DataFrame(rows, columns=list(_BOOK_THEN)).astype(counts)

    def codings_then(self, no: int) -> pd.DataFrame:
        """The codings as of entry ``no`` beside those of now, by ``answer`` and ``coder`` (a name).

        ``then`` and ``now`` are the labels; ``same`` tells whether these are the same codes.
        """
        then, now = self.as_of(no), self.state
        rows = [
            {
                "answer": each.answer,
                "coder": now.coders[each.coder],
                "then": tuple(then.path(code) for code in each.then),
                "now": tuple(now.path(code) for code in each.now),
                "same": each.is_same,
            }
            for each in codings_then(then, now)
        ]
        return pd.DataFrame(rows, columns=["answer", "coder", "then", "now", "same"])

    def answers_by_code(self, coder: str | None = None) -> dict[str, set[str]]:
        """The answers that have each code from the coder (None: from any), but those set aside."""
        state = self.state
        found: dict[str, set[str]] = {code: set() for code in state.codes}
        for each in self._codings():
            if coder in (None, each.coder):
                found[each.code].add(each.answer)
        return found

    def entries(
        self,
        coder: str | None = None,
        kind: str | None = None,
        code: str | None = None,
        answer: str | None = None,
        stands: bool | None = None,
    ) -> list[LogEntry]:
        """The entries of the log that are wanted, newest first (see ``coding.lookup``)."""
        return entries(self.state, coder, kind, code, answer, stands)

    def answers_concerned(self) -> dict[int, tuple[str, ...]]:
        """The answers that each entry of the log is about (see ``coding.lookup``)."""
        return answers_concerned(self.state)

    def undone_by(self) -> dict[int, int]:
        """The entries that count as never made, each with the undo that says so."""
        return undone_by(self.state.log)

    def labels(self) -> dict[str, str]:
        """What every code is called, and what those that are no more were called at last."""
        return labels(self.state)

    def genealogy(self) -> list[Event]:
        """Where each code came from (see ``coding.genealogy``)."""
        return genealogy(self.state)

    def saturation(self, step: int = 10, coder: str | None = None) -> pd.DataFrame:
        """How many categories came up with every ``step`` answers that were dealt with.

        coder : whose work (None: everyone's). Returns ``answers`` (dealt with by then),
        ``new_codes`` (in the last ``step`` of them), ``codes`` (by then).
        """
        rows = saturation(firsts(self.state, coder), step)
        return pd.DataFrame(rows, columns=["answers", "new_codes", "codes"])

    def work_done(self, coder: str | None = None) -> pd.DataFrame:
        """``at`` (UTC) and ``answers``: how many of those dealt with now were so by then."""
        times = [first.at for first in firsts(self.state, coder)]
        return pd.DataFrame({"at": times, "answers": range(1, len(times) + 1)})

    def confirmed(self) -> dict[str, ConfirmProposal]:
        """The proposals that stand confirmed, by id: the decision, with the code's label of now."""
        state = self.state
        stand = (entry.decision for entry in counted(standing(state.log), state.anew))
        made = [each for each in stand if isinstance(each, ConfirmProposal)]
        labels = {code.id: code.label for code in state.codes.values()}
        return {
            each.proposal: replace(each, label=labels.get(each.code, each.label)) for each in made
        }
