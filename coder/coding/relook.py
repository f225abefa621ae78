"""The codings to look at again, since the code has become another than when they were made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from coder.coding.again import counted
from coder.coding.log import standing
from coder.coding.state import State
from coder.model import (
    AcceptGroup,
    ApplyCode,
    CodeSegment,
    ConfirmProposal,
    CreateCode,
    LogEntry,
    MarkAnswers,
    MergeCodes,
    MoveAnswers,
    RejectGroup,
    RemoveCode,
    ReviseCode,
    SplitCode,
)

Reason = Literal["definition", "merge", "split"]
_Key = tuple[str, str, str]  # coder, answer, code


@dataclass(frozen=True)
class Relook:
    """A coding to look at again; ``no`` is the entry of the log since which it is in question.

    ``coded`` False: the answer has not got the code, since the coder refused it or took it off.
    """

    coder: str
    answer: str
    code: str
    reason: Reason
    no: int
    coded: bool = True


def relook(state: State, code: str | None = None) -> list[Relook]:
    """The codings that are older than the latest change of their code (None: of any code).

    A code changes when its definition, or what it includes or excludes, does (to write the first
    is no change): that concerns the answers that have it, and those for which a coder refused it
    or took it off. It changes for the answers that came with another code that was merged into it.
    And when it is split, or answers are moved from it to a code that had none: for those that
    stay. Who puts the code on an answer once more, or is done with it anew, has looked.
    """
    walk = _Walk()
    for entry in counted(standing(state.log), state.anew):
        walk.step(entry)
    given = [(key, True) for key in walk.given] + [(key, False) for key in walk.refused]
    return [
        Relook(*key, *walk.asked[key], coded)
        for key, coded in given
        if key in walk.asked and code in (None, key[2])
    ]


@dataclass
class _Walk:
    """What was given and refused so far, and which of it is in question, why and since when."""

    given: dict[_Key, None] = field(default_factory=dict)
    refused: dict[_Key, None] = field(default_factory=dict)
    asked: dict[_Key, tuple[Reason, int]] = field(default_factory=dict)
    meant: dict[str, tuple[str, str, str]] = field(default_factory=dict)  # definition, in, out

    def step(self, entry: LogEntry) -> None:
        match entry.decision:
            case AcceptGroup() | RejectGroup():
                self._answer_to_offer(entry.coder, entry.decision)
            case ConfirmProposal(code, _, answers, _, _, definition):
                self.meant[code] = (definition, "", "")
                self._give(entry.coder, answers, code)
            case ApplyCode(code, answers):
                self._give(entry.coder, answers, code)
            case CodeSegment(code, answer):
                self._give(entry.coder, [answer], code)
            case RemoveCode(code, answers):
                self._take(entry.coder, answers, code)
                self._refuse(entry.coder, answers, code)
            case MarkAnswers(answers, "done" | "nothing", True):
                self._looked(entry.coder, answers)
            case _:
                self._step_of_codebook(entry)

    def _step_of_codebook(self, entry: LogEntry) -> None:
        match entry.decision:
            case CreateCode(code, _, definition):
                self.meant[code] = (definition, "", "")
            case ReviseCode():
                self._revise(entry.decision, entry.no)
            case MoveAnswers(answers, source, target):
                is_split = all(key[2] != target for key in self.given)
                self._move(entry.coder, answers, source, target)
                if is_split:
                    self._ask(source, "split", entry.no)
            case SplitCode(source, parts):
                for part in parts:
                    self.meant[part.code] = (part.definition, "", "")
                    self._move(entry.coder, part.answers, source, part.code)
                self._ask(source, "split", entry.no)
            case MergeCodes():
                self._merge(entry.decision, entry.no)

    def _answer_to_offer(self, coder: str, decision: AcceptGroup | RejectGroup) -> None:
        if isinstance(decision, RejectGroup):
            if decision.turn.code:
                self._refuse(coder, decision.turn.shown, decision.turn.code)
            return
        if decision.label:
            self.meant[decision.code] = (decision.definition, "", "")
        self._give(coder, decision.answers, decision.code)
        self._refuse(coder, decision.excluded, decision.code)

    def _revise(self, revised: ReviseCode, no: int) -> None:
        before = self.meant.get(revised.code, ("", "", ""))
        given = (revised.definition, revised.include, revised.exclude)
        after = tuple(b if g is None else g for b, g in zip(before, given, strict=True))
        if after != before and any(before):
            self._ask(revised.code, "definition", no)
        self.meant[revised.code] = (after[0], after[1], after[2])

    def _give(self, coder: str, answers: Iterable[str], code: str) -> None:
        for answer in answers:
            self.given[coder, answer, code] = None
            self.refused.pop((coder, answer, code), None)
            self.asked.pop((coder, answer, code), None)

    def _refuse(self, coder: str, answers: Iterable[str], code: str) -> None:
        keys = ((coder, answer, code) for answer in answers)
        self.refused |= {key: None for key in keys if key not in self.given}

    def _take(self, coder: str, answers: Iterable[str], code: str) -> None:
        for answer in answers:
            self.given.pop((coder, answer, code), None)
            self.asked.pop((coder, answer, code), None)

    def _looked(self, coder: str, answers: Iterable[str]) -> None:
        seen = set(answers)
        kept = self.asked.items()
        self.asked = {k: why for k, why in kept if k[0] != coder or k[1] not in seen}

    def _ask(self, code: str, reason: Reason, no: int) -> None:
        """What has the code is in question; another definition also lets the refused in again."""
        also = self.refused if reason == "definition" else {}
        self.asked |= {key: (reason, no) for key in (*self.given, *also) if key[2] == code}

    def _move(self, coder: str, answers: Iterable[str], source: str, target: str) -> None:
        self._take(coder, answers, source)
        self._refuse(coder, answers, source)
        self._give(coder, answers, target)

    def _merge(self, merged: MergeCodes, no: int) -> None:
        for coder, answer, code in list(self.given):
            if code == merged.source:
                self._take(coder, [answer], code)
                key = (coder, answer, merged.target)
                if key not in self.given:
                    self.given[key] = None
                    self.refused.pop(key, None)
                    self.asked[key] = ("merge", no)
        self.refused = {key: None for key in self.refused if key[2] != merged.source}
