"""When answers were dealt with, and what new categories that brought."""

from __future__ import annotations

from datetime import timedelta

from coder.coding.course import firsts, saturation
from coder.coding.log import advance
from coder.coding.state import State
from coder.model import (
    AcceptGroup,
    ApplyCode,
    CodeSegment,
    CreateCode,
    Decision,
    LogEntry,
    MarkAnswers,
    MergeCodes,
    MoveAnswers,
    RemoveCode,
    SetStatus,
    SplitCode,
    SplitPart,
    Turn,
    Undo,
)
from tests.coding.test_log import JOINED, NOW


def worked(*decisions: Decision, coder: str = "anna", state: State = JOINED) -> State:
    """One decision a minute; the first is entry 3, at minute 3."""
    for decision in decisions:
        no = state.no + 1
        entry = LogEntry(no, NOW + timedelta(minutes=no), coder, decision)
        state = advance(state, [entry])
    return state


def told(state: State, coder: str | None = None) -> list[tuple[str, int, tuple[str, ...]]]:
    """Answer, minute and new codes."""
    return [
        (each.answer, (each.at - NOW) // timedelta(minutes=1), each.new)
        for each in firsts(state, coder)
    ]


X, Y = CreateCode("x", "X"), CreateCode("y", "Y")


def test_an_answer_counts_from_when_it_was_first_dealt_with() -> None:
    state = worked(
        X, Y, ApplyCode("x", ("A2",)), MarkAnswers(("A1",), "nothing"), ApplyCode("y", ("A2",)),
        CodeSegment("x", "A3", 0, 1), AcceptGroup(Turn(("A4",)), "y", ("A4",)),
    )  # fmt: skip
    assert told(state) == [
        ("A2", 5, ("x", "y")),
        ("A1", 6, ()),
        ("A3", 8, ()),
        ("A4", 9, ()),
    ]


def test_what_is_no_longer_coded_set_aside_or_undone_does_not_count() -> None:
    state = worked(
        X, Y, ApplyCode("x", ("A1", "A2", "A3", "A4")), RemoveCode("x", ("A1",)),
        SetStatus(("A2",), "noise"), ApplyCode("y", ("A4",)), Undo(8),
        MarkAnswers(("A1",), "quote"),
    )  # fmt: skip
    assert told(state) == [("A3", 5, ("x",)), ("A4", 5, ())]


def test_a_code_that_was_merged_is_the_other_from_the_beginning() -> None:
    state = worked(X, Y, ApplyCode("x", ("A1",)), ApplyCode("y", ("A2",)), MergeCodes("x", "y"))
    assert told(state) == [("A1", 5, ("y",)), ("A2", 6, ())]


def test_what_a_split_and_a_move_bring_is_new_with_the_answer() -> None:
    split = SplitCode("x", (SplitPart("z", "Z", ("A2",)),))
    state = worked(X, Y, ApplyCode("x", ("A1", "A2")), split, MoveAnswers(("A1",), "x", "y"))
    assert told(state) == [("A1", 5, ("x", "y")), ("A2", 5, ("z",))]


def test_the_course_may_be_asked_of_one_coder() -> None:
    state = worked(X, ApplyCode("x", ("A1",)))
    state = worked(ApplyCode("x", ("A2",)), coder="bo", state=state)
    assert told(state, "bo") == [("A2", 5, ("x",))]


def test_saturation_counts_what_each_step_brought() -> None:
    codes = [CreateCode(str(no), str(no)) for no in range(3)]
    state = worked(
        *codes, ApplyCode("0", ("A1",)), ApplyCode("1", ("A2",)), ApplyCode("2", ("A3",)),
        ApplyCode("0", ("A3", "A4")),
    )  # fmt: skip
    assert list(saturation(firsts(state), 2)) == [(2, 2, 2), (4, 1, 3)]
    assert list(saturation(firsts(state), 3)) == [(3, 3, 3), (4, 0, 3)]
    assert list(saturation([], 10)) == []
