"""The codings that a changed code puts in question."""

from __future__ import annotations

from coder.coding.relook import relook
from coder.coding.state import State
from coder.model import (
    AcceptGroup,
    AddCoder,
    ApplyCode,
    CodeSegment,
    CreateCode,
    Decision,
    MarkAnswers,
    MergeCodes,
    MoveAnswers,
    RejectGroup,
    RemoveCode,
    ReviseCode,
    SplitCode,
    SplitPart,
    Turn,
    Undo,
)
from tests.coding.test_log import EMPTY, played

START: tuple[Decision, ...] = (
    AddCoder("anna", "Anna"),
    CreateCode("x", "Walks", "on foot"),
    CreateCode("y", "Calls"),
    ApplyCode("x", ("A1", "A2")),
    ApplyCode("y", ("A3",)),
)  # entries 1 to 5


def after(*decisions: Decision) -> State:
    return played(*(("anna", each) for each in (*START, *decisions)), state=EMPTY)


def asked(*decisions: Decision) -> list[tuple[str, str, str, int]]:
    return [(each.answer, each.code, each.reason, each.no) for each in relook(after(*decisions))]


def test_nothing_is_in_question_at_first() -> None:
    assert asked() == []


def test_a_changed_definition_puts_all_its_codings_in_question() -> None:
    changed = ReviseCode("x", "Walks", "outdoors")
    both = [("A1", "x", "definition", 6), ("A2", "x", "definition", 6)]
    assert asked(changed) == both
    assert relook(after(changed), "y") == []
    assert asked(changed, ApplyCode("x", ("A4",))) == both


def test_another_name_or_a_first_definition_does_not() -> None:
    assert asked(ReviseCode("x", "Long walks", "on foot")) == []
    assert asked(ReviseCode("y", "Calls", "by phone")) == []


def test_who_decides_again_has_looked() -> None:
    changed = ReviseCode("x", "Walks", "outdoors")
    assert [a for a, *_ in asked(changed, ApplyCode("x", ("A1",)))] == ["A2"]
    assert [a for a, *_ in asked(changed, RemoveCode("x", ("A1",)))] == ["A2"]
    accept = AcceptGroup(Turn(("A2",)), "x", ("A2",))
    assert [a for a, *_ in asked(changed, accept)] == ["A1"]


def test_what_came_with_another_code_is_in_question() -> None:
    assert asked(MergeCodes("y", "x")) == [("A3", "x", "merge", 6)]


def test_what_has_both_codes_was_seen_already() -> None:
    assert asked(ApplyCode("x", ("A3",)), MergeCodes("y", "x")) == []


def test_what_stays_when_a_code_is_split_is_in_question() -> None:
    split = (CreateCode("z", "Runs"), MoveAnswers(("A1",), "x", "z"))
    assert asked(*split) == [("A2", "x", "split", 7)]
    assert asked(MoveAnswers(("A1",), "x", "y")) == []


def test_what_is_undone_puts_nothing_in_question() -> None:
    assert asked(ReviseCode("x", "Walks", "outdoors"), Undo(6)) == []


def test_another_rule_of_what_belongs_lets_the_refused_in_again() -> None:
    taken_off = RemoveCode("x", ("A1",))
    cut = AcceptGroup(Turn(("A3", "A4"), "x"), "x", ("A3",), ("A4",))
    state = after(taken_off, cut, ReviseCode("x", exclude="indoors"))
    found = {(each.answer, each.coded) for each in relook(state)}
    assert found == {("A2", True), ("A3", True), ("A1", False), ("A4", False)}


def test_a_group_turned_down_for_a_code_was_refused_it() -> None:
    state = after(RejectGroup(Turn(("A4",), "x")), ReviseCode("x", definition="outdoors"))
    assert {(each.answer, each.coded) for each in relook(state)} == {
        ("A1", True), ("A2", True), ("A4", False),
    }  # fmt: skip


def test_a_split_asks_for_what_stays_and_for_what_others_coded() -> None:
    split = SplitCode("x", (SplitPart("z", "Long walks", ("A1",)),))
    assert asked(split) == [("A2", "x", "split", 6)]
    bo = played(("bo", AddCoder("bo", "Bo")), ("bo", ApplyCode("x", ("A1",))), state=after())
    state = played(("anna", split), state=bo)
    assert {(each.coder, each.answer) for each in relook(state)} == {("anna", "A2"), ("bo", "A1")}


def test_who_is_done_with_an_answer_anew_has_looked() -> None:
    changed = ReviseCode("x", "Walks", "outdoors")
    assert [a for a, *_ in asked(changed, MarkAnswers(("A1",), "done"))] == ["A2"]
    assert [a for a, *_ in asked(changed, CodeSegment("x", "A1", 0, 4))] == ["A2"]
    flagged = (MarkAnswers(("A1",), "discuss"), MarkAnswers(("A2",), "done", on=False))
    assert [a for a, *_ in asked(changed, *flagged)] == ["A1", "A2"]
    bo = played(("bo", AddCoder("bo", "Bo")), state=after(changed))
    state = played(("bo", MarkAnswers(("A1",), "done")), state=bo)
    assert [each.answer for each in relook(state)] == ["A1", "A2"]
