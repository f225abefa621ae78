"""Two logs as one: nothing of either is lost, and everything still means what it meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from coder.coding.join import Joined, join_logs
from coder.coding.log import advance, undone
from coder.coding.state import State
from coder.model import (
    AddCoder,
    ApplyCode,
    CreateCode,
    Decision,
    LogEntry,
    MergeCodes,
    RemoveCode,
    ReviseCode,
    Undo,
    WriteMemo,
)

ANSWERS = frozenset({"1", "2", "3"})
START = datetime(2020, 3, 11, 12, 0, 0, tzinfo=UTC)


def at(second: int) -> datetime:
    return START + timedelta(seconds=second)


def log(*entries: tuple[int, str, Decision]) -> list[LogEntry]:
    """Entries numbered from 1, each from its second, coder and decision."""
    return [LogEntry(no, at(t), who, what) for no, (t, who, what) in enumerate(entries, start=1)]


def after(joined: Joined) -> State:
    return advance(State(ANSWERS), joined.log)


BASE = (
    (0, "anna", AddCoder("anna", "Anna")),
    (1, "bo", AddCoder("bo", "Bo")),
    (2, "anna", CreateCode("x", "X")),
    (3, "anna", CreateCode("y", "Y")),
)


# --- any two logs ------------------------------------------------------------------------------

_ACTS = st.sampled_from(["apply", "remove", "memo", "undo", "new"])
_COURSE = st.lists(
    st.tuples(_ACTS, st.sampled_from("xy"), st.sampled_from("123"), st.integers(0, 3)), max_size=25
)


def grown(base: Sequence[LogEntry], coder: str, course: Sequence[tuple[str, str, str, int]]):
    """The log after a coder has worked on a copy of it: what can't be done is left out."""
    state = advance(State(ANSWERS), base)
    second = 10
    for kind, code, answer, pause in course:
        second += pause
        decision = decided(state, coder, kind, code, answer)
        if decision is not None:
            state = advance(state, [LogEntry(state.no + 1, at(second), coder, decision)])
    return state


def decided(state: State, coder: str, kind: str, code: str, answer: str) -> Decision | None:
    has = code in state.codings.get((coder, answer), ())
    if kind == "apply":
        return ApplyCode(code, (answer,))
    if kind == "remove":
        return RemoveCode(code, (answer,)) if has else None
    if kind == "memo":
        return WriteMemo(answer, f"{coder} {state.no}")
    if kind == "new":
        return CreateCode(f"{coder}{state.no}", f"{coder} {state.no}")
    gone = undone(state.log)
    own = [e for e in state.log[len(BASE) :] if e.coder == coder and e.no not in gone]
    return Undo(own[-1].no) if own else None


@given(_COURSE, _COURSE)
def test_what_two_coders_did_apart_is_the_union_of_what_each_did(first, second) -> None:
    base = log(*BASE)
    anna, bo = grown(base, "anna", first), grown(base, "bo", second)
    joined = join_logs(ANSWERS, anna.log, bo.log)
    assert joined.clashes == ()
    both = after(joined)
    assert both.codings == {**anna.codings, **bo.codings}
    assert both.memos == {**anna.memos, **bo.memos}
    assert {*both.codes} == {*anna.codes, *bo.codes}
    assert both.no == anna.no + bo.no - len(BASE)
    assert joined.shared == len(BASE)


@given(_COURSE, _COURSE)
def test_either_may_be_joined_to_the_other_and_again(first, second) -> None:
    base = log(*BASE)
    anna, bo = grown(base, "anna", first), grown(base, "bo", second)
    joined = join_logs(ANSWERS, anna.log, bo.log)
    assert join_logs(ANSWERS, bo.log, anna.log).log == joined.log
    for once_more in (bo.log, anna.log, joined.log):
        again = join_logs(ANSWERS, joined.log, once_more)
        assert (again.log, again.added) == (joined.log, 0)


@given(_COURSE, _COURSE, _COURSE)
def test_what_was_done_after_joining_comes_over_as_well(first, second, third) -> None:
    base = log(*BASE)
    anna, bo = grown(base, "anna", first), grown(base, "bo", second)
    joined = join_logs(ANSWERS, anna.log, bo.log)
    later = grown(bo.log, "bo", [(kind, code, each, 1) for kind, code, each, _ in third])
    again = join_logs(ANSWERS, joined.log, later.log)
    assert again.clashes == ()
    assert after(again).codings == {**anna.codings, **later.codings}


# --- by hand -----------------------------------------------------------------------------------


def test_entries_stand_in_order_of_time_then_of_coder() -> None:
    ours = log(*BASE, (9, "anna", ApplyCode("x", ("1",))), (11, "anna", ApplyCode("x", ("2",))))
    theirs = log(*BASE, (9, "bo", ApplyCode("y", ("1",))), (10, "bo", ApplyCode("y", ("2",))))
    joined = join_logs(ANSWERS, ours, theirs)
    assert [(e.no, e.coder, e.at) for e in joined.log[4:]] == [
        (5, "anna", at(9)),
        (6, "bo", at(9)),
        (7, "bo", at(10)),
        (8, "anna", at(11)),
    ]
    assert joined.theirs == {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 7}
    assert joined.ours == {1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 8}


def test_an_undo_goes_on_meaning_the_entry_that_it_meant() -> None:
    """On both sides it was number 5 that was undone: here two different entries."""
    ours = log(*BASE, (9, "anna", ApplyCode("x", ("1",))), (12, "anna", Undo(5)))
    theirs = log(*BASE, (5, "bo", ApplyCode("y", ("1",))), (11, "bo", Undo(5)))
    joined = join_logs(ANSWERS, ours, theirs)
    assert [e.decision for e in joined.log[6:]] == [Undo(5), Undo(6)]
    assert after(joined).codings == {}
    redone = join_logs(ANSWERS, ours, [*theirs, LogEntry(7, at(13), "bo", Undo(6))])
    assert after(redone).codings == {("bo", "1"): ("y",)}


def test_what_was_posted_twice_counts_once_whatever_clock_it_was_posted_by() -> None:
    ours = [*log(*BASE), LogEntry(5, at(9), "bo", ApplyCode("x", ("1",)), id="post-1")]
    theirs = [*log(*BASE), replace(ours[-1], at=at(30))]
    joined = join_logs(ANSWERS, ours, theirs)
    assert (len(joined.log), joined.added) == (5, 0)


def test_a_clock_that_went_back_changes_no_order_within_a_log() -> None:
    theirs = log(
        *BASE,
        (30, "bo", ApplyCode("x", ("1",))),
        (5, "bo", RemoveCode("x", ("1",))),
    )
    joined = join_logs(ANSWERS, log(*BASE, (10, "anna", ApplyCode("y", ("1",)))), theirs)
    assert joined.clashes == ()
    assert after(joined).codings == {("anna", "1"): ("y",)}


def test_one_label_for_two_codes_is_a_clash_or_is_told_apart() -> None:
    ours = log(*BASE, (9, "anna", CreateCode("a", "Økonomi")))
    theirs = log(*BASE, (8, "bo", CreateCode("b", "økonomi ")), (9, "bo", ApplyCode("b", ("1",))))
    joined = join_logs(ANSWERS, ours, theirs)
    assert [(c.side, c.no, c.reason.key) for c in joined.clashes] == [
        ("ours", 5, "log.code_exists")
    ]
    kept = join_logs(ANSWERS, ours, theirs, keep_both=True)
    assert kept.clashes == ()
    assert kept.renamed == (("Økonomi", "Økonomi (2)"),)
    labels = {code.id: code.label for code in after(kept).codes.values()}
    assert (labels["a"], labels["b"]) == ("Økonomi (2)", "økonomi")
    assert after(kept).codings == {("bo", "1"): ("b",)}


def test_a_code_renamed_to_what_another_is_called_is_told_apart_too() -> None:
    ours = log(*BASE, (5, "anna", CreateCode("a", "Z")))
    theirs = log(*BASE, (9, "bo", ReviseCode("y", label="Z", definition="new")))
    assert join_logs(ANSWERS, ours, theirs).clashes[0].reason.params == {"label": "Z"}
    kept = after(join_logs(ANSWERS, ours, theirs, keep_both=True))
    assert (kept.codes["y"].label, kept.codes["y"].definition) == ("Z (2)", "new")


def test_two_people_of_one_name_are_told_apart() -> None:
    ours = log((0, "a", AddCoder("a", "Anna")))
    theirs = log((1, "b", AddCoder("b", "anna")))
    assert [c.reason.key for c in join_logs(ANSWERS, ours, theirs).clashes] == ["log.coder_exists"]
    kept = after(join_logs(ANSWERS, ours, theirs, keep_both=True))
    assert kept.coders == {"a": "Anna", "b": "anna (2)"}


def test_what_cannot_be_done_any_more_is_listed_with_its_number_there() -> None:
    """Anna merged a code away which Bo, who could not know, used afterwards."""
    ours = log(*BASE, (5, "anna", MergeCodes("x", "y")))
    theirs = log(
        *BASE,
        (4, "bo", ApplyCode("x", ("1",))),
        (6, "bo", ApplyCode("y", ("2",))),
        (7, "bo", ApplyCode("x", ("3",))),
    )
    joined = join_logs(ANSWERS, ours, theirs)
    assert [(c.side, c.no, c.reason.key) for c in joined.clashes] == [("theirs", 7, "log.no_code")]
    taken_back = [*ours, LogEntry(6, at(20), "anna", Undo(5))]
    sorted_out = join_logs(ANSWERS, taken_back, theirs)
    assert sorted_out.clashes == ()
    assert after(sorted_out).codings == {("bo", n): (c,) for n, c in zip("123", "xyx", strict=True)}


def test_one_code_made_twice_is_a_clash() -> None:
    ours = log(*BASE, (5, "anna", CreateCode("same", "One")))
    theirs = log(*BASE, (6, "bo", CreateCode("same", "Two")))
    assert [c.reason.key for c in join_logs(ANSWERS, ours, theirs).clashes] == ["join.same_id"]


def test_what_came_before_a_shared_entry_there_comes_before_it_here() -> None:
    """Bo's clock ran ahead until it was put right: his order counts, not his clock."""
    shared = (5, "anna", WriteMemo("3", "shared"))
    ours = log(*BASE, shared)
    theirs = log(*BASE, (30, "bo", ApplyCode("x", ("1",))), shared)
    joined = join_logs(ANSWERS, ours, theirs)
    assert [entry.coder for entry in joined.log[4:]] == ["bo", "anna"]


@given(_COURSE, st.integers(1, 5))
def test_an_undo_from_an_earlier_state_is_as_from_the_start(course, apart) -> None:
    """``advance`` may begin from states that it gave before, whatever was undone since."""
    entries = grown(log(*BASE), "anna", course).log
    state, earlier = State(ANSWERS), []
    for entry in entries:
        state = advance(state, [entry], earlier)
        if entry.no % apart == 0:
            earlier.append(state)
        assert state == advance(State(ANSWERS), entries[: entry.no])
