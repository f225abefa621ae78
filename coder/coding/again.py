"""Coding again: what coders decide in a round of answers that they have coded before.

While such a round is open, what its coders decide of the answers drawn for them is a second coding.
It stands in the log like anything else and never counts as the coding.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from coder.coding.state import State
from coder.coding.without import without
from coder.model import CloseRound, Decision, LogEntry, OpenRound, ReviseCode, WriteSheet


def drawn(state: State) -> dict[str, tuple[int, frozenset[str]]]:
    """Who codes again at this moment: since which entry of the log, and which answers."""
    rounds = {each.round: each for each in state.open_rounds() if each.again}
    if not rounds:
        return {}
    opened = {
        entry.decision.round: entry.no
        for entry in state.log
        if isinstance(entry.decision, OpenRound) and entry.no not in state.undone
    }
    return {
        each.coder: (opened[id], frozenset(each.answers))
        for id, round in rounds.items()
        for each in round.assigned
    }


def as_coding(decision: Decision, round: OpenRound | None, coder: str) -> Decision:
    """What of a decision counts as the coding, when its coder is in this round of coding again.

    How a code is described and what its sheet says is no coding, whatever answers stand there.
    """
    if round is None or isinstance(decision, ReviseCode | WriteSheet):
        return decision
    return without(decision, frozenset(round.of(coder)))


def counted(entries: Iterable[LogEntry], anew: str = "") -> Iterator[LogEntry]:
    """The entries, of a log in which nothing is undone, as they count as the coding.

    anew : the round of which the second coding counts (see ``State``).
    """
    for entry, round in _with_round(entries):
        if round is None or round.round == anew:
            yield entry
        else:
            yield replace(entry, decision=as_coding(entry.decision, round, entry.coder))


def second_codings(entries: Iterable[LogEntry]) -> dict[int, str]:
    """The entries that belong to a second coding, by their numbers, and the round of each.

    entries : of a log in which nothing is undone.
    """
    return {
        entry.no: round.round
        for entry, round in _with_round(entries)
        if round and as_coding(entry.decision, round, entry.coder) != entry.decision
    }


def _with_round(entries: Iterable[LogEntry]) -> Iterator[tuple[LogEntry, OpenRound | None]]:
    """Each entry, and the round in which its coder coded again when it was made."""
    rounds: dict[str, OpenRound] = {}
    for entry in entries:
        yield entry, rounds.get(entry.coder)
        match entry.decision:
            case OpenRound() as opened if opened.again:
                rounds |= dict.fromkeys(opened.coders, opened)
            case CloseRound(id):
                rounds = {who: each for who, each in rounds.items() if each.round != id}
