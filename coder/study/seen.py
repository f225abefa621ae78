"""A study as somebody sees it, and a study by one layer of its coding.

Both share everything with the whole study: its file, its lock, what it has in memory. Only what
they say was decided is their own, and all the rest of a ``Study`` is computed from that. So a
method need not know who asks, and a new one can't forget to ask.
"""

from __future__ import annotations

import threading

from coder.coding.blind import Sight, look
from coder.coding.layers import CONSENSUS, codings_of
from coder.coding.state import State
from coder.errors import UserError
from coder.model import (
    Coding,
    Decision,
    Hidden,
    LogEntry,
    ReviseCode,
    Sheet,
    Survey,
    Undo,
    WriteSheet,
)
from coder.study.study import Study


class Seen(Study):
    """The study as one person may see it while rounds are blind (see ``coding.blind``)."""

    __slots__ = ("_looking", "_sight", "_viewer", "_whole")

    def __init__(self, whole: Study, viewer: str | None) -> None:
        self.__dict__ = whole.__dict__  # what belongs to this one alone has a slot
        self._whole, self._viewer = whole, viewer
        self._sight: Sight | None = None
        self._looking = threading.Lock()  # its own: who looks need not wait for who writes

    @property
    def state(self) -> State:
        """What this person may see of what has been decided so far."""
        return self._look().state

    def _look(self) -> Sight:
        whole = self._current()
        with self._looking:
            self._sight = look(whole, self._viewer, self._sight)
            return self._sight

    def seen_by(self, viewer: str | None) -> Study:
        """The study as somebody else sees it."""
        return self._whole.seen_by(viewer)

    def hidden(self) -> frozenset[str]:
        """The answers of which this person may not see what others decided."""
        return self._look().hidden

    def viewer(self) -> str | None:
        """Whom the study is shown to; None: nobody known."""
        return self._viewer

    def decide(self, coder: str, decision: Decision, why: str = "", id: str = "") -> LogEntry:
        """As ``Study.decide``, without touching what this person may not see."""
        if isinstance(decision, Undo):
            self._check_seen(decision)
        if isinstance(decision, ReviseCode):
            decision = self._with_hidden_examples(decision)
        if isinstance(decision, WriteSheet):
            self._check_sheet(decision)
        return super().decide(coder, decision, why, id)

    def _check_sheet(self, decision: WriteSheet) -> None:
        """What this person can't see of a sheet is not written over."""
        nothing = Sheet(decision.code)
        whole = self._current().sheets.get(decision.code, nothing)
        seen = self.state.sheets.get(decision.code, nothing)
        for name, text in vars(decision).items():
            if text is not None and getattr(whole, name) != getattr(seen, name):
                raise UserError("log.sheet_hidden")

    def _check_seen(self, undo: Undo) -> None:
        log = self.state.log
        if 0 < undo.no <= len(log) and isinstance(log[undo.no - 1].decision, Hidden):
            raise UserError("log.nothing_to_undo", no=undo.no)

    def _with_hidden_examples(self, decision: ReviseCode) -> ReviseCode:
        """Examples that this person can't see stay where they are."""
        whole, seen = self._current().codes, self.state.codes
        if decision.examples is None or decision.code not in seen:
            return decision
        there = set(seen[decision.code].examples)
        kept = [each for each in whole[decision.code].examples if each not in there]
        examples = tuple(dict.fromkeys([*decision.examples, *kept]))
        return ReviseCode(**{**vars(decision), "examples": examples})


class Layered(Study):
    """A study in which only one layer of the coding counts (see ``coding.layers``)."""

    __slots__ = ("_layer", "_of")

    def __init__(self, study: Study, layer: str) -> None:
        self.__dict__ = study.__dict__
        self._of, self._layer = study, layer
        codings_of(study.state, layer)

    @property
    def state(self) -> State:
        """What has been decided, all of it: a layer says what counts, not what there is."""
        return self._of.state

    @property
    def survey(self) -> Survey:
        """As of the study that this is a layer of: a layer shows nobody more than that does."""
        return self._of.survey

    @property
    def original(self) -> Survey:
        """As of the study that this is a layer of."""
        return self._of.original

    def need_lead(self) -> None:
        """As of the study that this is a layer of."""
        self._of.need_lead()

    def hidden(self) -> frozenset[str]:
        """As of the study that this is a layer of."""
        return self._of.hidden()

    def _codings(self) -> list[Coding]:
        state = self.state
        aside = state.set_aside()
        return [
            each
            for each in codings_of(state, self._layer, self._single())
            if each.answer not in aside
        ]

    def _nothing(self) -> list[tuple[str, str]]:
        if self._layer == CONSENSUS:
            return [(answer, "") for answer, codes in self.consensus().items() if not codes]
        coder = self.coder_called(self._layer)
        return [each for each in super()._nothing() if each[1] == coder]

    def _memos(self) -> dict[tuple[str, str], str]:
        if self._layer == CONSENSUS:
            return {}  # nobody's in particular is what all agree on
        coder = self.coder_called(self._layer)
        return {key: text for key, text in super()._memos().items() if key[0] == coder}
