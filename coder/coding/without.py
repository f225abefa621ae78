"""What a decision says of some answers, or of all but some."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

from coder.coding.citations import mentioned
from coder.model import (
    AcceptGroup,
    ApplyCode,
    CodeSegment,
    ConfirmProposal,
    CreateCode,
    Decision,
    Hidden,
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
    UnmarkPart,
    WriteMemo,
    WriteSheet,
)

Keep = Callable[[str], bool]


def without(decision: Decision, hidden: Collection[str]) -> Decision:
    """What a decision says of other answers than these, and of codes; ``Hidden`` for nothing."""
    if isinstance(decision, WriteSheet):
        return _of_sheet(decision, hidden)
    return _narrowed(decision, lambda answer: answer not in hidden)


def only(decision: Decision, kept: Collection[str]) -> Decision:
    """What a decision says of these answers, and of codes; ``Hidden`` for nothing.

    A sheet is about a category, whatever answers it cites: nothing is left of it.
    """
    if isinstance(decision, WriteSheet):
        return Hidden()
    return _narrowed(decision, lambda answer: answer in kept)


def _narrowed(decision: Decision, keep: Keep) -> Decision:
    match decision:
        case (
            ApplyCode(answers=answers)
            | RemoveCode(answers=answers)
            | MoveAnswers(answers=answers)
            | MarkAnswers(answers=answers)
            | SetStatus(answers=answers)
            | Settle(answers=answers)
        ):
            kept = _kept(answers, keep)
            return replace(decision, answers=kept) if kept else Hidden()
        case CodeSegment() | UncodeSegment() | WriteMemo() | MarkPart() | UnmarkPart():
            return decision if keep(decision.answer) else Hidden()
        case SetApart(first, second):
            return decision if keep(first) and keep(second) else Hidden()
        case ReviseCode(examples=examples) if examples is not None:
            return replace(decision, examples=_kept(examples, keep))
        case ConfirmProposal() | AcceptGroup() | RejectGroup() | SplitCode():
            return _of_group(decision, keep)
    return decision


def _of_group(
    decision: ConfirmProposal | AcceptGroup | RejectGroup | SplitCode, keep: Keep
) -> Decision:
    """The codes that were made by it stay, since the codebook is everyone's."""
    match decision:
        case SplitCode(parts=parts):
            left = (replace(each, answers=_kept(each.answers, keep)) for each in parts)
            return replace(decision, parts=tuple(left))
        case RejectGroup(turn):
            seen = _turn(turn, keep)
            return replace(decision, turn=seen) if seen.shown else Hidden()
        case ConfirmProposal(code, label, answers, definition=definition):
            kept = _kept(answers, keep)
            made = CreateCode(code, label, definition)
            return replace(decision, answers=kept) if kept else made
        case AcceptGroup(turn, code, answers, excluded, _, label, definition):
            kept = _kept(answers, keep)
            if not kept:
                return CreateCode(code, label, definition) if label else Hidden()
            rest = _kept(excluded, keep)
            return replace(decision, turn=_turn(turn, keep), answers=kept, excluded=rest)


def _of_sheet(decision: WriteSheet, hidden: Collection[str]) -> Decision:
    """Without the texts that name a hidden answer, since they tell which category it is in."""
    said = {name: text for name, text in vars(decision).items() if name != "code" and text}
    out = {name for name, text in said.items() if mentioned(text, hidden)}
    kept = {name: text for name, text in vars(decision).items() if name not in out}
    seen = WriteSheet(**kept)
    return Hidden() if out and seen == WriteSheet(decision.code) else seen


def _turn(turn: Turn, keep: Keep) -> Turn:
    at = [no for no, answer in enumerate(turn.shown) if keep(answer)]
    chances = tuple(turn.chances[no] for no in at) if turn.chances else ()
    return replace(turn, shown=tuple(turn.shown[no] for no in at), chances=chances)


def _kept(answers: Iterable[str], keep: Keep) -> tuple[str, ...]:
    return tuple(each for each in answers if keep(each))
