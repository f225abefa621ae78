"""The decision log: what follows from it, and whether one more decision can follow.

A ``State`` is what the log says at one moment; it never changes. ``advance`` gives the next one
and refuses, with a ``UserError``, what can't be done. Since undoing means "as if never made",
a log with an ``Undo`` in it is replayed without the entries that are undone.
"""

from __future__ import annotations

from collections.abc import Sequence

from coder.coding.draft import Draft
from coder.coding.state import State
from coder.errors import UserError
from coder.model import AddCoder, LogEntry, MergeCodes, Undo


def advance(state: State, entries: Sequence[LogEntry]) -> State:
    """The state after these entries as well; ``state`` itself stays as it is.

    Raises ``UserError`` (``log.*``) for the first entry that can't follow, and ``ValueError``
    when the numbers have a gap.
    """
    if not entries:
        return state
    log = state.log + tuple(entries)
    for before, entry in zip((state.no, *(e.no for e in entries)), entries, strict=False):
        if entry.no != before + 1:
            raise ValueError(f"entry {entry.no} can't follow entry {before}")
    if any(isinstance(entry.decision, Undo) for entry in entries):
        if len(entries) == 1:  # several at once have been written, and so checked, before
            _check_may_undo(state, entries[0])
        return _replay(state.answers, log)
    draft = Draft.of(state)
    for entry in entries:
        draft.apply(entry.coder, entry.decision)
    return draft.state(log)


def undone(log: Sequence[LogEntry]) -> set[int]:
    """The numbers of the entries that count as never made. An undone undo has no effect."""
    cancelled: set[int] = set()
    for entry in reversed(log):
        if isinstance(entry.decision, Undo) and entry.no not in cancelled:
            cancelled.add(entry.decision.no)
    return cancelled


def standing(log: Sequence[LogEntry]) -> list[LogEntry]:
    """The entries that count, in order: neither undone nor an undo."""
    cancelled = undone(log)
    return [e for e in log if e.no not in cancelled and not isinstance(e.decision, Undo)]


def merged_into(log: Sequence[LogEntry]) -> dict[str, str]:
    """The codes that are no more since they were merged, and the code each has ended up in."""
    merged = [e.decision for e in standing(log) if isinstance(e.decision, MergeCodes)]
    into: dict[str, str] = {}
    for each in reversed(merged):  # what a target went into later is known before
        into[each.source] = into.get(each.target, each.target)
    return into


def next_undo(state: State, coder: str) -> LogEntry | None:
    """The coder's latest decision that stands, or None. To have joined is no such decision."""
    cancelled = undone(state.log)
    own = (e for e in reversed(state.log) if e.coder == coder and e.no not in cancelled)
    return next((e for e in own if not isinstance(e.decision, (Undo, AddCoder))), None)


def next_redo(state: State, coder: str) -> LogEntry | None:
    """The coder's latest undo that stands, unless the coder has decided something after it.

    An undo of an undo is a redo: it is passed over, so that one redo can follow another.
    """
    cancelled = undone(state.log)
    undos = {entry.no for entry in state.log if isinstance(entry.decision, Undo)}
    for entry in reversed(state.log):
        if entry.coder != coder or entry.no in cancelled:
            continue
        if not isinstance(entry.decision, Undo):
            return None
        if entry.decision.no not in undos:
            return entry
    return None


# --- replay ------------------------------------------------------------------------------------


def _replay(answers: frozenset[str], log: tuple[LogEntry, ...]) -> State:
    """Everything from the start, without what is undone."""
    _check_undo(log)
    draft = Draft(answers)
    for entry in standing(log):
        try:
            draft.apply(entry.coder, entry.decision)
        except UserError as error:
            raise UserError("log.undo_blocked", no=entry.no) from error
    return draft.state(log)


def _check_may_undo(state: State, entry: LogEntry) -> None:
    """Everyone takes back what they did themselves, a lead also what others did."""
    role, undo = state.role(entry.coder), entry.decision
    if role == "reader":
        raise UserError("log.reader", name=state.coders[entry.coder])
    if role == "lead" or not isinstance(undo, Undo):
        return
    if any(each.no == undo.no and each.coder != entry.coder for each in state.log):
        raise UserError("log.undo_others", no=undo.no)


def _check_undo(log: tuple[LogEntry, ...]) -> None:
    """The last entry, if an undo, takes back an earlier one that stands and may be taken back."""
    last = log[-1]
    if not isinstance(last.decision, Undo):
        return
    earlier = log[:-1]
    target = next((entry for entry in earlier if entry.no == last.decision.no), None)
    if target is None or target.no in undone(earlier) or isinstance(target.decision, AddCoder):
        raise UserError("log.nothing_to_undo", no=last.decision.no)
