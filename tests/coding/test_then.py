"""The codebook and the codings as they were, beside those of now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from coder.coding.log import advance
from coder.coding.state import State
from coder.coding.then import CodingThen, codebook_then, codings_then
from coder.model import (
    AddCoder,
    ApplyCode,
    CreateCode,
    Decision,
    LogEntry,
    MergeCodes,
    MoveCode,
    RemoveCode,
    RetireCode,
    ReviseCode,
    SetStatus,
    Undo,
)

START = datetime(2025, 11, 3, 9, tzinfo=UTC)
FIRST: tuple[Decision, ...] = (
    AddCoder("anna", "Anna"),
    CreateCode("a", "A"),
    CreateCode("b", "B"),
    CreateCode("c", "C", "Som det er."),
    ApplyCode("a", ("R1", "R2")),
    ApplyCode("b", ("R2", "R3")),
)


def replayed(*made: Decision) -> State:
    log = [
        LogEntry(no, START + timedelta(minutes=no), "anna", decision)
        for no, decision in enumerate(made, start=1)
    ]
    return advance(State(frozenset({"R1", "R2", "R3"})), log)


THEN = replayed(*FIRST)


@pytest.mark.parametrize(
    ("later", "since"),
    [
        ((), {}),
        ((CreateCode("d", "D"),), {"d": ("new",)}),
        ((MergeCodes("a", "b"),), {"a": ("merged",)}),
        ((Undo(4),), {"c": ("gone",)}),
        ((ReviseCode("a", "Aa"),), {"a": ("renamed",)}),
        ((ReviseCode("c", definition="Andet."),), {"c": ("revised",)}),
        ((ReviseCode("c", exclude="Ikke B."),), {"c": ("revised",)}),
        ((ReviseCode("c", memo="Til mig selv."),), {}),
        ((MoveCode("c", "a"),), {"c": ("moved",)}),
        ((RetireCode("c"),), {"c": ("retired",)}),
        ((RetireCode("c"), RetireCode("c", False)), {}),
        (
            (ReviseCode("a", "Aa", "Nyt."), RetireCode("a")),
            {"a": ("renamed", "revised", "retired")},
        ),
        ((ReviseCode("a", "Aa"), Undo(7)), {}),
    ],
)
def test_what_has_become_of_each_code(
    later: tuple[Decision, ...], since: dict[str, tuple[str, ...]]
) -> None:
    found = codebook_then(THEN, replayed(*FIRST, *later))
    assert {each.code: each.since for each in found if each.since} == since
    assert [each.code for each in found][:3] == ["a", "b", "c"]


def test_a_code_that_came_back_into_use() -> None:
    then = replayed(*FIRST, RetireCode("a"))
    found = codebook_then(then, replayed(*FIRST, RetireCode("a"), RetireCode("a", False)))
    assert found[0].since == ("returned",)


def test_a_merger_is_followed_to_the_code_of_now() -> None:
    now = replayed(*FIRST, MergeCodes("a", "b"), MergeCodes("b", "c"))
    found = {each.code: each for each in codebook_then(THEN, now)}
    assert (found["a"].into, found["b"].into, found["c"].into) == ("c", "c", None)
    assert found["a"].now is None


def test_a_merger_that_was_undone_is_none() -> None:
    now = replayed(*FIRST, MergeCodes("a", "b"), Undo(7))
    assert [(each.since, each.into) for each in codebook_then(THEN, now)] == [((), None)] * 3


def test_how_many_answers_had_and_have_each_code() -> None:
    now = replayed(*FIRST, MergeCodes("a", "b"), SetStatus(("R3",), "none"))
    counts = {each.code: (each.answers_then, each.answers_now) for each in codebook_then(THEN, now)}
    assert counts == {"a": (2, 0), "b": (2, 2), "c": (0, 0)}


def test_the_codings_then_and_now() -> None:
    now = replayed(
        *FIRST, RemoveCode("a", ("R1",)), RemoveCode("b", ("R2",)), ReviseCode("b", "Bb")
    )
    found = codings_then(THEN, now)
    assert found == [
        CodingThen("R1", "anna", ("a",), ()),
        CodingThen("R2", "anna", ("a", "b"), ("a",)),
        CodingThen("R3", "anna", ("b",), ("b",)),
    ]
    assert [each.is_same for each in found] == [False, False, True]


def test_what_is_set_aside_now_was_an_answer_then() -> None:
    found = codings_then(THEN, replayed(*FIRST, SetStatus(("R3",), "noise")))
    assert found[2] == CodingThen("R3", "anna", ("b",), ())


def test_before_the_first_decision_there_was_nothing() -> None:
    found = codebook_then(State(THEN.answers), THEN)
    assert [(each.then, each.since) for each in found] == [(None, ("new",))] * 3
