"""The log, looked through: by coder, kind, code, answer, and by what stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from coder.coding.log import advance
from coder.coding.lookup import (
    answers_concerned,
    answers_of,
    codes_of,
    entries,
    labels,
    undone_by,
)
from coder.coding.state import State
from coder.model import (
    AcceptGroup,
    AddCoder,
    ApplyCode,
    Assigned,
    CloseRound,
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
    PermitPublishing,
    RejectGroup,
    RemoveCode,
    RetireCode,
    ReviseCode,
    SetApart,
    SetRole,
    SetStatus,
    Settle,
    SplitCode,
    SplitPart,
    TreatFinds,
    Turn,
    UncodeSegment,
    Undo,
    UnmarkPart,
    WriteMemo,
    WriteSheet,
)

START = datetime(2025, 11, 3, 9, tzinfo=UTC)
TURN = Turn(("R1", "R2", "R3"), "a", ("a",))
SPLIT = SplitCode("a", (SplitPart("x", "X", ("R1",)), SplitPart("y", "Y", ("R2", "R1"))))
# Each kind of decision, with the answers and the codes that it is about.
ABOUT: list[tuple[Decision, tuple[str, ...], tuple[str, ...]]] = [
    (AddCoder("anna", "Anna"), (), ()),
    (SetRole("anna", "lead"), (), ()),
    (CreateCode("a", "A"), (), ("a",)),
    (ConfirmProposal("a", "A", ("R1", "R2"), "p", "fake"), ("R1", "R2"), ("a",)),
    (AcceptGroup(TURN, "b", ("R2",), ("R1",)), ("R2", "R1"), ("b",)),
    (RejectGroup(TURN), ("R1", "R2", "R3"), ("a",)),
    (RejectGroup(Turn(("R1",))), ("R1",), ()),
    (SetApart("R1", "R2"), ("R1", "R2"), ()),
    (ReviseCode("a", "B"), (), ("a",)),
    (MoveCode("a", "b"), (), ("a", "b")),
    (MoveCode("a"), (), ("a",)),
    (RetireCode("a"), (), ("a",)),
    (ApplyCode("a", ("R1",)), ("R1",), ("a",)),
    (RemoveCode("a", ("R1",)), ("R1",), ("a",)),
    (MoveAnswers(("R1",), "a", "b"), ("R1",), ("a", "b")),
    (MergeCodes("a", "b"), (), ("a", "b")),
    (SPLIT, ("R1", "R2"), ("a", "x", "y")),
    (CodeSegment("a", "R1", 0, 2), ("R1",), ("a",)),
    (UncodeSegment("a", "R1", 0, 2), ("R1",), ("a",)),
    (MarkAnswers(("R1", "R2"), "discuss"), ("R1", "R2"), ()),
    (WriteMemo("R1", "Se R2"), ("R1",), ()),
    (SetStatus(("R1",), "none"), ("R1",), ()),
    (TreatFinds(("f",), "keep"), (), ()),
    (
        OpenRound("r", "R", (Assigned("anna", ("R1",)), Assigned("bo", ("R2",)))),
        ("R1", "R2"),
        (),
    ),
    (CloseRound("r"), (), ()),
    (Settle(("R1",), ("a", "b"), "both_apply"), ("R1",), ("a", "b")),
    (WriteSheet("a", "They call [R1].", case="R2"), ("R2",), ("a",)),
    (WriteSheet("a", benefit="Calm"), (), ("a",)),
    (MarkPart("R1", "purpose", 0, 2), ("R1",), ()),
    (UnmarkPart("R1", "purpose", 0, 2), ("R1",), ()),
    (PermitPublishing("anonymous"), (), ()),
    (Hidden(), (), ()),
    (Undo(2), (), ()),
]


@pytest.mark.parametrize(("decision", "answers", "codes"), ABOUT)
def test_what_a_decision_is_about(
    decision: Decision, answers: tuple[str, ...], codes: tuple[str, ...]
) -> None:
    assert (answers_of(decision), codes_of(decision)) == (answers, codes)


def test_no_kind_of_decision_is_forgotten_here() -> None:
    assert {type(decision) for decision, *_ in ABOUT} == set(get_args(Decision))


def replayed(*made: tuple[str, Decision]) -> State:
    """The state after these decisions, one a minute."""
    log = [
        LogEntry(no, START + timedelta(minutes=no), coder, decision)
        for no, (coder, decision) in enumerate(made, start=1)
    ]
    return advance(State(frozenset({"R1", "R2", "R3"})), log)


@pytest.fixture(scope="module")
def state() -> State:
    return replayed(
        ("anna", AddCoder("anna", "Anna")),  # 1
        ("bo", AddCoder("bo", "Bo")),  # 2
        ("anna", CreateCode("a", "A")),  # 3
        ("anna", CreateCode("b", "B")),  # 4
        ("anna", ApplyCode("a", ("R1", "R2"))),  # 5
        ("bo", ApplyCode("a", ("R1",))),  # 6
        ("anna", RemoveCode("a", ("R2",))),  # 7
        ("anna", ReviseCode("a", "Aa")),  # 8
        ("bo", MergeCodes("a", "b")),  # 9
        ("bo", MarkAnswers(("R3",), "quote")),  # 10
        ("bo", Undo(10)),  # 11
        ("bo", Undo(11)),  # 12
        ("anna", CreateCode("c", "C")),  # 13
        ("anna", ReviseCode("c", "Cc")),  # 14
        ("anna", Undo(14)),  # 15
        ("anna", Undo(13)),  # 16
    )


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        ({}, [*range(16, 0, -1)]),
        ({"coder": "bo"}, [12, 11, 10, 9, 6, 2]),
        ({"kind": "ApplyCode"}, [6, 5]),
        ({"code": "a"}, [9, 8, 7, 6, 5, 3]),
        ({"code": "b"}, [9, 4]),
        ({"code": "c"}, [16, 15, 14, 13]),
        ({"answer": "R1"}, [9, 6, 5]),  # the merger concerned it too
        ({"answer": "R2"}, [7, 5]),  # the code was off when it was merged
        ({"answer": "R3"}, [12, 11, 10]),
        ({"stands": False}, [14, 13, 11]),
        ({"stands": True, "coder": "bo"}, [12, 10, 9, 6, 2]),
        ({"coder": "bo", "code": "a", "kind": "ApplyCode"}, [6]),
        ({"coder": "nobody"}, []),
    ],
)
def test_only_what_is_wanted_newest_first(
    state: State, wanted: dict[str, str], numbers: list[int]
) -> None:
    assert [entry.no for entry in entries(state, **wanted)] == numbers  # type: ignore[arg-type]


def test_a_merger_concerns_what_had_the_code_just_then(state: State) -> None:
    assert answers_concerned(state)[9] == ("R1",)


def test_a_merger_that_is_undone_concerns_nothing(state: State) -> None:
    entry = LogEntry(17, START + timedelta(hours=1), "bo", Undo(9))
    found = answers_concerned(advance(state, [entry]))
    assert (found[9], found[17]) == ((), ())


def test_an_undo_concerns_what_it_takes_back(state: State) -> None:
    found = answers_concerned(state)
    assert found[10] == found[11] == found[12] == ("R3",)


def test_which_undo_took_each_entry_back(state: State) -> None:
    assert undone_by(state.log) == {11: 12, 14: 15, 13: 16}


def test_codes_that_are_no_more_are_called_what_they_were_at_last(state: State) -> None:
    assert labels(state) == {"a": "Aa", "b": "B", "c": "C"}


def test_the_parts_of_a_split_have_names_too() -> None:
    made = (
        ("anna", each)
        for each in (
            AddCoder("anna", "Anna"),
            CreateCode("a", "A"),
            ApplyCode("a", ("R1", "R2")),
            SplitCode("a", (SplitPart("x", "X", ("R1",)),)),
            Undo(4),
        )
    )
    assert labels(replayed(*made)) == {"a": "A", "x": "X"}
