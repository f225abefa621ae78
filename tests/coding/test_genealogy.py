"""Where each code came from, as the log tells it."""

from __future__ import annotations

from coder.coding.genealogy import Event, genealogy
from coder.coding.log import advance
from coder.coding.state import State
from coder.model import (
    AcceptGroup,
    ConfirmProposal,
    CreateCode,
    Decision,
    LogEntry,
    MergeCodes,
    MoveCode,
    RetireCode,
    ReviseCode,
    SplitCode,
    SplitPart,
    Turn,
    Undo,
)
from tests.coding.test_log import JOINED, NOW


def told(*decisions: Decision) -> list[tuple[object, ...]]:
    """Code, label, what, other label and label before, for each event."""
    return [(e.code, e.label, e.what, e.other_label, e.before) for e in events(*decisions)]


def events(*decisions: Decision) -> list[Event]:
    state: State = JOINED
    for decision in decisions:
        entry = LogEntry(state.no + 1, NOW, "anna", decision, f"why {state.no + 1}")
        state = advance(state, [entry])
    return genealogy(state)


WALKS, CALLS = CreateCode("w", " The   walks "), CreateCode("c", "Calls")


def test_a_code_is_born_by_hand_from_a_proposal_or_from_what_was_shown() -> None:
    turn = Turn(("A2",))
    assert told(
        WALKS,
        ConfirmProposal("v", "Videos", ("A1",), "p", "fake"),
        AcceptGroup(turn, "s", ("A2",), label="Songs"),
        AcceptGroup(turn, "s", ("A2",)),
    ) == [
        ("w", "The walks", "born", "", ""),
        ("v", "Videos", "born", "", ""),
        ("s", "Songs", "born", "", ""),
    ]


def test_what_it_is_called_and_where_it_stands_may_change() -> None:
    assert told(
        WALKS, CALLS, ReviseCode("w", "Strolls"), ReviseCode("w", definition="on foot"),
        MoveCode("w", "c"), MoveCode("w"), RetireCode("w"), RetireCode("w", retired=False),
    )[2:] == [
        ("w", "Strolls", "renamed", "", "The walks"),
        ("w", "Strolls", "revised", "", ""),
        ("w", "Strolls", "moved", "Calls", ""),
        ("w", "Strolls", "moved", "", ""),
        ("w", "Strolls", "retired", "", ""),
        ("w", "Strolls", "returned", "", ""),
    ]  # fmt: skip


def test_a_merged_code_is_still_told_of() -> None:
    parts = (SplitPart("l", "Long", ()), SplitPart("s", "Short", ()))
    assert told(WALKS, CALLS, SplitCode("w", parts), MergeCodes("w", "c"))[2:] == [
        ("l", "Long", "split", "The walks", ""),
        ("s", "Short", "split", "The walks", ""),
        ("w", "The walks", "merged", "Calls", ""),
    ]


def test_each_event_tells_its_entry_and_the_reason() -> None:
    (event,) = events(WALKS)
    assert (event.no, event.at, event.coder, event.why) == (3, NOW, "anna", "why 3")


def test_what_was_undone_never_happened() -> None:
    assert told(WALKS, ReviseCode("w", "Strolls"), Undo(4), ReviseCode("w", "Paths")) == [
        ("w", "The walks", "born", "", ""),
        ("w", "Paths", "renamed", "", "The walks"),
    ]
