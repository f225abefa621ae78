"""Where each code came from: every change of the codebook as an event, in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from coder.coding.log import standing
from coder.coding.state import State
from coder.model import (
    AcceptGroup,
    ConfirmProposal,
    CreateCode,
    Decision,
    MergeCodes,
    MoveCode,
    RetireCode,
    ReviseCode,
    SplitCode,
)

What = Literal["born", "renamed", "revised", "merged", "split", "moved", "retired", "returned"]


@dataclass(frozen=True)
class Event:
    """What happened to a code at entry ``no``; ``label`` is what it was called after that.

    ``other`` is the code that it was merged into, split from or moved under; None at the top and
    where there is none. ``before`` is the label before a renaming. ``why`` is the coder's reason.
    """

    no: int
    at: datetime
    coder: str
    code: str
    label: str
    what: What
    other: str | None = None
    other_label: str = ""
    before: str = ""
    why: str = ""


def genealogy(state: State) -> list[Event]:
    """Every birth, renaming, revision, merger, split and move that stands, in order."""
    labels = _Labels()
    return [
        Event(
            entry.no,
            entry.at,
            entry.coder,
            each.code,
            labels.of[each.code],
            each.what,
            each.other,
            labels.of.get(each.other or "", ""),
            each.before,
            entry.why,
        )
        for entry in standing(state.log)
        for each in labels.changes(entry.decision)
    ]


@dataclass(frozen=True)
class _Change:
    code: str
    what: What
    other: str | None = None
    before: str = ""


@dataclass
class _Labels:
    """What each code is called at this moment of the log, also those that are no more."""

    of: dict[str, str] = field(default_factory=dict)

    def changes(self, decision: Decision) -> Iterator[_Change]:
        """What the decision does to codes."""
        match decision:
            case CreateCode(code, label) | ConfirmProposal(code, label):
                yield self._born(code, label)
            case AcceptGroup(code=code, label=label) if label:
                yield self._born(code, label)
            case SplitCode(source, parts):
                for part in parts:
                    self.of[part.code] = part.label
                    yield _Change(part.code, "split", source)
            case ReviseCode():
                yield self._revised(decision)
            case MergeCodes(source, target):
                yield _Change(source, "merged", target)
            case MoveCode(code, parent):
                yield _Change(code, "moved", parent)
            case RetireCode(code, retired):
                yield _Change(code, "retired" if retired else "returned")

    def _born(self, code: str, label: str) -> _Change:
        self.of[code] = " ".join(label.split())
        return _Change(code, "born")

    def _revised(self, decision: ReviseCode) -> _Change:
        before = self.of[decision.code]
        now = before if decision.label is None else " ".join(decision.label.split())
        self.of[decision.code] = now
        if now == before:
            return _Change(decision.code, "revised")
        return _Change(decision.code, "renamed", before=before)
