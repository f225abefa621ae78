"""A state said again comes to the same, whatever it took to come there."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from coder.coding.restated import restated
from coder.coding.state import State
from coder.errors import UserError
from coder.model import Code, CodeSegment, MarkAnswers, ReviseCode, Settle
from tests.coding.test_log import CODED, EMPTY, HISTORIES, played


def again(state: State) -> State:
    """The state after a new log that says the same."""
    decided = restated(
        state.coders,
        list(state.codes.values()),
        state.all_codings(),
        state.marks,
        state.statuses,
        state.settled,
    )
    return played(*decided, state=EMPTY)


def essence(state: State) -> tuple[object, ...]:
    """What counts of a state: neither who decided what when, nor what was noted on the way."""
    marks = {key: set(each) for key, each in state.marks.items()}
    codes = [replace(code, memo="") for code in state.codes.values()]
    settled = {answer: replace(each, note="") for answer, each in state.settled.items()}
    codings = {(c.answer, c.code, c.coder, c.spans) for c in state.all_codings()}
    return state.coders, codes, codings, marks, state.statuses, settled


@given(HISTORIES)
def test_any_state_said_again_is_the_same(states: list[State]) -> None:
    assert essence(again(states[-1])) == essence(states[-1])


def test_settled_answers_and_all_of_a_code_are_said_again() -> None:
    state = played(
        ("anna", ReviseCode("x", include="gåture", exclude="cykel", colour="#123456")),
        ("anna", ReviseCode("x", examples=("A2",), memo="kun for os")),
        ("bo", CodeSegment("y", "A3", 2, 5)),
        ("bo", MarkAnswers(("A1", "A3"), "done")),
        ("bo", MarkAnswers(("A4",), "nothing")),
        ("anna", Settle(("A1",), ("x", "y"), "both_apply", "vi talte om det")),
        ("anna", ReviseCode("y", codable=False)),
        state=CODED,
    )
    made = again(state)
    assert essence(made) == essence(state)
    assert made.codes["x"].memo == ""
    assert made.settled["A1"].note == ""


def test_nobody_says_nothing_and_nothing_can_follow_that_could_not_before() -> None:
    assert restated({}, [], [], {}, {}, {}) == []
    twice = restated({"anna": "Anna"}, [Code("x", "Gåture"), Code("y", "gåture")], [], {}, {}, {})
    with pytest.raises(UserError, match=r"log\.code_exists"):
        played(*twice, state=EMPTY)
