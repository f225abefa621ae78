"""The decision log: what follows from it, and whether one more decision can follow.

A ``State`` is what the log says at one moment; it never changes. ``advance`` gives the next one
and refuses, with a ``UserError``, what can't be done. Since undoing means "as if never made",
a log with an ``Undo`` in it is replayed without the entries that are undone.
"""

from __future__ import annotations

from collections.abc import Sequence

from coder.coding.again import drawn, second_codings
from coder.coding.draft import Draft
from coder.coding.state import State
from coder.errors import UserError
from coder.model import AddCoder, CloseRound, LogEntry, MergeCodes, OpenRound, Undo


def advance(state: State, entries: Sequence[LogEntry], earlier: Sequence[State] = ()) -> State:
    """The state after these entries as well; ``state`` itself stays as it is.

    earlier : states of this same log, oldest first; an undo is replayed from the latest of them
    that it does not reach back to. Raises ``UserError`` (``log.*``) for the first entry that can't
    follow, and ``ValueError`` when the numbers have a gap.
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
            _check_counts_alike(state, entries[0])
        return _replay(state, log, earlier)
    draft = Draft.of(state)
    for entry in entries:
        draft.apply(entry.coder, entry.decision)
    return draft.state(log, state.undone)


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
    """The coder's latest decision that stands, or None. To have joined is no such decision.

    Who codes again takes back only what was decided since that began.
    """
    cancelled, log = state.undone, _since_again(state, coder)
    own = (e for e in reversed(log) if e.coder == coder and e.no not in cancelled)
    return next((e for e in own if not isinstance(e.decision, (Undo, AddCoder))), None)


def next_redo(state: State, coder: str) -> LogEntry | None:
    """The coder's latest undo that stands, unless the coder has decided something after it.

    An undo of an undo is a redo: it is passed over, so that one redo can follow another. Of one
    who codes again only what was undone since that began.
    """
    cancelled, log = state.undone, _since_again(state, coder)
    undos = {entry.no for entry in state.log if isinstance(entry.decision, Undo)}
    for entry in reversed(log):
        if entry.coder != coder or entry.no in cancelled:
            continue
        if not isinstance(entry.decision, Undo):
            return None
        if entry.decision.no not in undos:
            return entry
    return None


def _since_again(state: State, coder: str) -> tuple[LogEntry, ...]:
    """The log since the coder has coded again, if that is so now; otherwise all of it."""
    opened, _ = drawn(state).get(coder, (1, frozenset()))
    return state.log[opened - 1 :]


# --- replay ------------------------------------------------------------------------------------


def _replay(state: State, log: tuple[LogEntry, ...], earlier: Sequence[State]) -> State:
    """Everything again without what is undone, from the latest state that knew as much of it."""
    _check_undo(log)
    gone = frozenset(undone(log))
    known = (s for s in reversed(earlier) if s.undone == {no for no in gone if no <= s.no})
    begin = next(known, state.beginning())
    draft = Draft.of(begin)
    for entry in log[begin.no :]:
        if entry.no in gone or isinstance(entry.decision, Undo):
            continue
        try:
            draft.apply(entry.coder, entry.decision)
        except UserError as error:
            raise UserError("log.undo_blocked", no=entry.no) from error
    return draft.state(log, gone)


def _check_may_undo(state: State, entry: LogEntry) -> None:
    """Everyone takes back what they did themselves, a lead also what others did."""
    role, undo = state.role(entry.coder), entry.decision
    if role == "reader":
        raise UserError("log.reader", name=state.coders[entry.coder])
    if not isinstance(undo, Undo):
        return
    opened, _ = drawn(state).get(entry.coder, (0, frozenset()))
    own = (each.no for each in state.log if each.coder == entry.coder and each.no < opened)
    if undo.no in own:
        raise UserError("log.undo_before_again", no=undo.no)
    if role == "lead":
        return
    if any(each.no == undo.no and each.coder != entry.coder for each in state.log):
        raise UserError("log.undo_others", no=undo.no)


def _check_counts_alike(state: State, entry: LogEntry) -> None:
    """No undo makes a second coding the coding, or the other way round."""
    about = entry
    while isinstance(about.decision, Undo) and 0 < about.decision.no < about.no:
        about = state.log[about.decision.no - 1]
    if isinstance(about.decision, OpenRound | CloseRound):
        log = (*state.log, entry)
        if second_codings(standing(state.log)) != second_codings(standing(log)):
            raise UserError("log.undo_recounts", no=about.no)


def _check_undo(log: tuple[LogEntry, ...]) -> None:
    """The last entry, if an undo, takes back an earlier one that stands and may be taken back."""
    last = log[-1]
    if not isinstance(last.decision, Undo):
        return
    earlier, no = log[:-1], last.decision.no
    target = earlier[no - 1] if 0 < no < last.no else None
    if target is None or no in undone(earlier) or isinstance(target.decision, AddCoder):
        raise UserError("log.nothing_to_undo", no=last.decision.no)
