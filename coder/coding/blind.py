"""What one person sees of the log while rounds are blind.

``look`` gives a state from a log in which whatever others decided of hidden answers is left out.
Numbers, times and coders stay, so that everything that follows from a log follows from this one.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from coder.coding.citations import mentioned
from coder.coding.log import advance
from coder.coding.state import State
from coder.model import (
    AcceptGroup,
    ApplyCode,
    CodeSegment,
    ConfirmProposal,
    CreateCode,
    Decision,
    Hidden,
    LogEntry,
    MarkAnswers,
    MarkPart,
    MoveAnswers,
    RejectGroup,
    RemoveCode,
    ReviseCode,
    SetApart,
    SetStatus,
    Settle,
    SplitCode,
    Turn,
    UncodeSegment,
    Undo,
    UnmarkPart,
    WriteMemo,
    WriteSheet,
)


@dataclass(frozen=True)
class Sight:
    """What somebody sees (``state``) of what is the case (``whole``), without the ``hidden``."""

    whole: State
    hidden: frozenset[str]
    state: State


def hidden_from(state: State, viewer: str | None) -> frozenset[str]:
    """The answers of which this person may not see what others decided; None: nobody known.

    Those of every open blind round. A test is blind only to those who take it.
    """
    found: set[str] = set()
    for each in state.open_rounds():
        if each.blind and (not each.test or viewer is None or viewer in each.coders):
            found.update(each.answers)
    return frozenset(found)


def look(whole: State, viewer: str | None, before: Sight | None = None) -> Sight:
    """What this person sees. before : an earlier look, so that only what is new is read."""
    if before and before.whole is whole:
        return before
    hidden = hidden_from(whole, viewer)
    if not hidden:
        return Sight(whole, hidden, whole)
    goes_on = before and before.hidden == hidden and before.whole.answers == whole.answers
    start = before.state if before and goes_on else State(whole.answers)
    entries = [_seen(each, whole.log, viewer, hidden) for each in whole.log[start.no :]]
    return Sight(whole, hidden, advance(start, entries))


def _seen(
    entry: LogEntry, log: tuple[LogEntry, ...], viewer: str | None, hidden: Collection[str]
) -> LogEntry:
    """The entry as this person sees it: their own as it is, another's without what is hidden."""
    if entry.coder == viewer:
        return entry
    decision = without(entry.decision, hidden)
    about = entry
    while isinstance(about.decision, Undo):
        about = log[about.decision.no - 1]
    told = decision == entry.decision and without(about.decision, hidden) == about.decision
    return entry if told else replace(entry, decision=decision, why="", id="")


def without(decision: Decision, hidden: Collection[str]) -> Decision:
    """What a decision says of other answers than these, and of codes; ``Hidden`` for nothing."""
    match decision:
        case (
            ApplyCode(answers=answers)
            | RemoveCode(answers=answers)
            | MoveAnswers(answers=answers)
            | MarkAnswers(answers=answers)
            | SetStatus(answers=answers)
            | Settle(answers=answers)
        ):
            kept = _others(answers, hidden)
            return replace(decision, answers=kept) if kept else Hidden()
        case CodeSegment() | UncodeSegment() | WriteMemo() | MarkPart() | UnmarkPart():
            return Hidden() if decision.answer in hidden else decision
        case SetApart(first, second):
            return Hidden() if {first, second} & set(hidden) else decision
        case ReviseCode(examples=examples) if examples is not None:
            return replace(decision, examples=_others(examples, hidden))
        case WriteSheet():
            return _of_sheet(decision, hidden)
        case ConfirmProposal() | AcceptGroup() | RejectGroup() | SplitCode():
            return _of_group(decision, hidden)
    return decision


def _of_group(
    decision: ConfirmProposal | AcceptGroup | RejectGroup | SplitCode, hidden: Collection[str]
) -> Decision:
    """The codes that were made by it stay, since the codebook is everyone's."""
    match decision:
        case SplitCode(parts=parts):
            left = (replace(each, answers=_others(each.answers, hidden)) for each in parts)
            return replace(decision, parts=tuple(left))
        case RejectGroup(turn):
            seen = _turn(turn, hidden)
            return replace(decision, turn=seen) if seen.shown else Hidden()
        case ConfirmProposal(code, label, answers, definition=definition):
            kept = _others(answers, hidden)
            made = CreateCode(code, label, definition)
            return replace(decision, answers=kept) if kept else made
        case AcceptGroup(turn, code, answers, excluded, _, label, definition):
            kept = _others(answers, hidden)
            if not kept:
                return CreateCode(code, label, definition) if label else Hidden()
            rest = _others(excluded, hidden)
            return replace(decision, turn=_turn(turn, hidden), answers=kept, excluded=rest)


def _of_sheet(decision: WriteSheet, hidden: Collection[str]) -> Decision:
    """Without the texts that name a hidden answer, since they tell which category it is in."""
    said = {name: text for name, text in vars(decision).items() if name != "code" and text}
    out = {name for name, text in said.items() if mentioned(text, hidden)}
    kept = {name: text for name, text in vars(decision).items() if name not in out}
    seen = WriteSheet(**kept)
    return Hidden() if out and seen == WriteSheet(decision.code) else seen


def _turn(turn: Turn, hidden: Collection[str]) -> Turn:
    at = [no for no, answer in enumerate(turn.shown) if answer not in hidden]
    chances = tuple(turn.chances[no] for no in at) if turn.chances else ()
    return replace(turn, shown=tuple(turn.shown[no] for no in at), chances=chances)


def _others(answers: Collection[str], hidden: Collection[str]) -> tuple[str, ...]:
    return tuple(each for each in answers if each not in hidden)
