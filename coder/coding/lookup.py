"""The log, looked through: which entries are about a coder, a kind, a code or an answer."""

from __future__ import annotations

from collections.abc import Sequence

from coder.coding.draft import Draft
from coder.coding.log import standing, undone
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
    MergeCodes,
    MoveAnswers,
    MoveCode,
    OpenRound,
    RejectGroup,
    RemoveCode,
    RetireCode,
    ReviseCode,
    SetApart,
    SetStatus,
    Settle,
    SplitCode,
    UncodeSegment,
    Undo,
    UnmarkPart,
    WriteMemo,
    WriteSheet,
)


def entries(
    state: State,
    coder: str | None = None,
    kind: str | None = None,
    code: str | None = None,
    answer: str | None = None,
    stands: bool | None = None,
) -> list[LogEntry]:
    """The entries that are wanted, newest first; None: that does not matter.

    kind : the name of a decision, such as ``ApplyCode``. code, answer : what the decision is
    about; an undo is about what it takes back. stands : False for those that are undone.
    What is hidden is never among them.
    """
    cancelled = undone_by(state.log)
    concerned = answers_concerned(state) if answer else {}

    def is_wanted(entry: LogEntry) -> bool:
        return (
            not isinstance(taken_back(state.log, entry).decision, Hidden)
            and coder in (None, entry.coder)
            and kind in (None, type(entry.decision).__name__)
            and (code is None or code in codes_of(taken_back(state.log, entry).decision))
            and (answer is None or answer in concerned[entry.no])
            and (stands is None or stands == (entry.no not in cancelled))
        )

    return [entry for entry in reversed(state.log) if is_wanted(entry)]


def undone_by(log: Sequence[LogEntry]) -> dict[int, int]:
    """The entries that count as never made, each with the undo that says so."""
    cancelled = undone(log)
    return {
        entry.decision.no: entry.no
        for entry in log
        if isinstance(entry.decision, Undo) and entry.no not in cancelled
    }


def taken_back(log: Sequence[LogEntry], entry: LogEntry) -> LogEntry:
    """What an undo, or an undo of an undo, is about in the end; any other entry itself."""
    while isinstance(entry.decision, Undo):
        entry = log[entry.decision.no - 1]
    return entry


def answers_concerned(state: State) -> dict[int, tuple[str, ...]]:
    """The answers that each entry is about, by its number.

    A merger names none: it is about those that had the code just then. One that is undone is about
    none, and what was done with personal data tells its places, not its answers.
    """
    merged = _merged_answers(state)
    abouts = ((entry.no, taken_back(state.log, entry)) for entry in state.log)
    return {no: merged.get(about.no) or answers_of(about.decision) for no, about in abouts}


def answers_of(decision: Decision) -> tuple[str, ...]:
    """The answers that a decision names, each once; what was only shown with them is not there."""
    match decision:
        case AcceptGroup(answers=answers, excluded=excluded):
            return (*answers, *excluded)
        case RejectGroup(turn):
            return turn.shown
        case SetApart(first, second):
            return first, second
        case SplitCode(parts=parts):
            return tuple(dict.fromkeys(answer for part in parts for answer in part.answers))
        case CodeSegment(answer=answer) | UncodeSegment(answer=answer) | WriteMemo(answer):
            return (answer,)
        case MarkPart(answer) | UnmarkPart(answer):
            return (answer,)
        case WriteSheet(case=case):
            return (case,) if case else ()
        case (
            ConfirmProposal(answers=answers)
            | ApplyCode(answers=answers)
            | RemoveCode(answers=answers)
            | MoveAnswers(answers=answers)
            | MarkAnswers(answers=answers)
            | SetStatus(answers=answers)
            | Settle(answers)
        ):
            return answers
        case OpenRound():
            return decision.answers
    return ()


def codes_of(decision: Decision) -> tuple[str, ...]:
    """The codes that a decision is about; the new parent of one that is moved is among them."""
    match decision:
        case MoveAnswers(source=source, target=target) | MergeCodes(source, target):
            return source, target
        case SplitCode(source, parts):
            return (source, *(part.code for part in parts))
        case RejectGroup(turn):
            return (turn.code,) if turn.code else ()
        case MoveCode(code, parent):
            return (code, parent) if parent else (code,)
        case Settle(codes=codes):
            return codes
        case (
            CreateCode(code=code)
            | ConfirmProposal(code=code)
            | AcceptGroup(code=code)
            | ReviseCode(code=code)
            | RetireCode(code=code)
            | ApplyCode(code=code)
            | RemoveCode(code=code)
            | CodeSegment(code=code)
            | UncodeSegment(code=code)
            | WriteSheet(code=code)
        ):
            return (code,)
    return ()


def _merged_answers(state: State) -> dict[int, tuple[str, ...]]:
    draft = Draft.of(state.beginning())
    found: dict[int, tuple[str, ...]] = {}
    for entry in standing(state.log):
        if isinstance(entry.decision, MergeCodes):
            source = entry.decision.source
            having = (answer for (_, answer), codes in draft.codings.items() if source in codes)
            found[entry.no] = tuple(sorted(set(having)))
        draft.apply(entry.coder, entry.decision)
    return found


def labels(state: State) -> dict[str, str]:
    """What every code is called, and what those that are no more were called at last."""
    cancelled = undone(state.log)
    found: dict[str, str] = {}
    for entry in state.log:
        match entry.decision:
            case CreateCode(code, label) | ConfirmProposal(code, label):
                found[code] = label
            case AcceptGroup(code=code, label=label) if label:
                found[code] = label
            case SplitCode(_, parts):
                found |= {part.code: part.label for part in parts}
            case ReviseCode(code, label) if label and entry.no not in cancelled:
                found[code] = label
    tidy = {code: " ".join(label.split()) for code, label in found.items()}
    return tidy | {code.id: code.label for code in state.codes.values()}
