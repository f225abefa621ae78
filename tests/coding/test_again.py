"""Coding again: the first coding stands, the coder sees none of it, and the second is beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coder.coding.again import second_codings
from coder.coding.blind import Sight, hidden_from, look
from coder.coding.compared import over_time, twice
from coder.coding.course import firsts
from coder.coding.join import join_logs
from coder.coding.log import advance, next_redo, next_undo, standing
from coder.coding.lookup import answers_concerned, entries
from coder.coding.plain import decision_fields, decision_from
from coder.coding.relook import relook
from coder.coding.rounds import assign_again, progress
from coder.coding.state import State
from coder.coding.without import without
from coder.errors import UserError
from coder.model import (
    AcceptGroup,
    ApplyCode,
    Assigned,
    CloseRound,
    CodeSegment,
    ConfirmProposal,
    CreateCode,
    Decision,
    LogEntry,
    MarkAnswers,
    MarkPart,
    MergeCodes,
    MoveAnswers,
    OpenRound,
    RejectGroup,
    RemoveCode,
    ReviseCode,
    SetRole,
    SetStatus,
    Settle,
    Turn,
    Undo,
    WriteMemo,
    WriteSheet,
)
from tests.coding.test_log import (
    ANSWERS,
    CODERS,
    EMPTY,
    INTENTS,
    JOINED,
    NOW,
    Intent,
    decision_for,
    played,
    said,
)
from tests.fixtures import refused

ALL = ("A1", "A2", "A3", "A4")
# Anna has coded all four answers and is done; Bo leads.
DONE = played(
    ("bo", SetRole("anna", "coder")),
    ("anna", CreateCode("x", "Walks", "on foot")),
    ("anna", CreateCode("y", "Calls")),
    ("anna", ApplyCode("x", ("A1", "A2"))),
    ("anna", ApplyCode("y", ("A2", "A3"))),
    ("anna", WriteMemo("A1", "first")),
    ("anna", MarkAnswers(("A1", "A2", "A3"), "done")),
    ("anna", MarkAnswers(("A4",), "nothing")),
    state=JOINED,
)
AGAIN = OpenRound("r", "Igen", (Assigned("anna", ("A1", "A2", "A3")),), design="again", overlap=3)
OPEN = played(("bo", AGAIN), state=DONE)
CLOSE = ("bo", CloseRound("r"))
# In the round she gives A1 x as before, A2 y alone, A3 x instead of y and is not done with it.
SECOND: list[tuple[str, Decision]] = [
    ("anna", ApplyCode("x", ("A1", "A3"))),
    ("anna", ApplyCode("y", ("A2",))),
    ("anna", MarkAnswers(("A1", "A2"), "done")),
]


def codes_of(state: State, coder: str = "anna") -> dict[str, tuple[str, ...]]:
    return {answer: codes for (who, answer), codes in state.codings.items() if who == coder}


def times(state: State, coder: str = "anna", **more: str) -> dict[str, tuple[set[str], set[str]]]:
    """The codes of each answer at first and later, as they are compared."""
    found = over_time(state, coder, ALL, **more)  # type: ignore[arg-type]
    assert set(found.coders) <= {"first", "later"}
    first, later = found.coders.index("first"), found.coders.index("later")
    return {
        answer: (
            {c for c, yes in zip(found.codes, found.given[row, first], strict=True) if yes},
            {c for c, yes in zip(found.codes, found.given[row, later], strict=True) if yes},
        )
        for row, answer in enumerate(found.units)
    }


# --- the coding stands -------------------------------------------------------------------------


def test_what_is_coded_again_changes_nothing_of_the_coding() -> None:
    first = {"A1": ("x",), "A2": ("x", "y"), "A3": ("y",)}
    assert codes_of(DONE) == first
    for state in (played(*SECOND, state=OPEN), played(*SECOND, CLOSE, state=OPEN)):
        assert codes_of(state) == first
        assert (state.marks, state.memos, state.acted) == (DONE.marks, DONE.memos, DONE.acted)


SAMPLE_ONLY: list[Decision] = [
    RemoveCode("x", ("A1",)),
    MoveAnswers(("A1",), "x", "y"),
    MarkAnswers(("A1",), "done", on=False),
    MarkAnswers(("A2",), "discuss"),
    WriteMemo("A1", ""),
    WriteMemo("A2", "second"),
    CodeSegment("y", "A1", 0, 2),
    SetStatus(("A1",), "noise"),
    MarkPart("A1", "purpose", 0, 2),
    AcceptGroup(Turn(("A1", "A3"), "y"), "y", ("A1",), ("A3",)),
    RejectGroup(Turn(("A1",), "x")),
]


@pytest.mark.parametrize("decision", SAMPLE_ONLY, ids=lambda each: type(each).__name__)
def test_no_kind_of_decision_about_a_drawn_answer_touches_the_coding(decision: Decision) -> None:
    """The first is given in the round first, since otherwise it could not be taken off in it."""
    before = played(("anna", ApplyCode("x", ("A1",))), state=OPEN)
    after = played(("anna", decision), state=before)
    assert said(after) == said(before) == said(OPEN)


def test_the_rest_of_a_decision_counts() -> None:
    whole = played(
        ("anna", ApplyCode("y", ("A1", "A4"))),
        ("anna", ConfirmProposal("n", "New", ("A2",), "p", "fake")),
        ("anna", ReviseCode("x", examples=("A1", "A4"))),
        ("anna", WriteSheet("x", benefit="It saves time [A1]")),
        ("bo", ApplyCode("y", ("A1",))),
        state=OPEN,
    )
    assert codes_of(whole) == codes_of(DONE) | {"A4": ("y",)}
    assert list(whole.codes) == ["x", "y", "n"]
    assert whole.codes["x"].examples == ("A1", "A4")
    assert whole.sheets["x"].benefit == "It saves time [A1]"
    assert codes_of(whole, "bo") == {"A1": ("y",)}


def test_once_the_round_is_closed_decisions_count_again() -> None:
    state = played(*SECOND, CLOSE, ("anna", MoveAnswers(("A1",), "x", "y")), state=OPEN)
    assert codes_of(state)["A1"] == ("y",)
    assert codes_of(state.seconds["r"]) == {"A1": ("x",), "A2": ("y",), "A3": ("x",)}


# --- what the coder sees -----------------------------------------------------------------------


def test_the_coder_sees_the_answers_as_if_never_coded_and_then_what_was_given_anew() -> None:
    fresh = look(OPEN, "anna").state
    assert codes_of(fresh) == {}
    assert set(fresh.marks) == {("anna", "A4")}
    assert (fresh.memos, fresh.acted) == ({}, ())
    seen = look(played(*SECOND, state=OPEN), "anna").state
    assert codes_of(seen) == {"A1": ("x",), "A3": ("x",), "A2": ("y",)}
    assert seen.done_answers("anna") == {"A1", "A2", "A4"}
    after = played(*SECOND, CLOSE, state=OPEN)
    assert look(after, "anna").state is after


def test_no_entry_tells_the_coder_of_the_first_nor_others_of_the_second() -> None:
    whole = played(*SECOND, state=OPEN)
    listed = {entry.no for entry in entries(look(whole, "anna").state, answer="A1")}
    assert listed == {OPEN.no, OPEN.no + 1, OPEN.no + 3}  # the opening, and two of the second
    seen = look(whole, "bo")
    assert seen.hidden == frozenset()
    assert [entry.no for entry in entries(seen.state)] == list(range(OPEN.no, 0, -1))
    assert said(seen.state) == said(OPEN)
    nobody = look(whole, None)
    assert nobody.hidden == {"A1", "A2", "A3"}
    assert codes_of(nobody.state) == {}


def test_another_blind_round_does_not_bring_back_what_was_coded_again() -> None:
    """The second coding of a round that is over does not count in a look at the next either."""
    other = OpenRound("s", "Blind", (Assigned("bo", ("A4",)),))
    whole = played(*SECOND, CLOSE, ("bo", other), state=OPEN)
    assert codes_of(look(whole, "anna").state) == codes_of(DONE)
    twice_over = played(CLOSE, ("bo", replace(AGAIN, round="q")), state=played(*SECOND, state=OPEN))
    assert codes_of(look(twice_over, "anna").state) == {}


def test_others_see_a_second_coding_when_its_own_round_is_closed() -> None:
    bos = OpenRound("q", "Bo igen", (Assigned("bo", ("A4",)),), design="again")
    both = played(("bo", ApplyCode("x", ("A4",))), ("bo", bos), *SECOND, state=OPEN)
    before = look(both, "eva")
    told = look(played(CLOSE, state=both), "eva", before).state
    assert before.state.seconds["r"].codings == {}
    assert codes_of(told.seconds["r"]) == {"A1": ("x",), "A2": ("y",), "A3": ("x",)}


# --- what may be done in it --------------------------------------------------------------------


def test_a_decision_is_checked_against_what_its_coder_sees() -> None:
    with refused("log.not_coded", answer="A1", label="Walks"):
        played(("anna", RemoveCode("x", ("A1",))), state=OPEN)
    given = played(("anna", ApplyCode("x", ("A1",))), state=OPEN)
    taken = played(("anna", RemoveCode("x", ("A1",))), state=given)
    assert codes_of(look(taken, "anna").state) == {}
    with refused("log.nothing_but_coded", answer="A1"):
        played(("anna", MarkAnswers(("A1",), "nothing")), state=given)
    played(("anna", MarkAnswers(("A1",), "nothing")), state=OPEN)
    with refused("log.still_blind", label="Igen"):
        played(("bo", Settle(("A1",), ("x",), "slip")), state=OPEN)


def test_a_round_of_coding_again_is_blind_and_no_test() -> None:
    for wrong in (replace(AGAIN, blind=False), replace(AGAIN, test=True)):
        with pytest.raises(ValueError, match="coding again"):
            played(("bo", wrong), state=DONE)


def test_undo_reaches_only_what_was_decided_in_the_round() -> None:
    assert next_undo(OPEN, "anna") is None
    first = next(e.no for e in DONE.log if isinstance(e.decision, ApplyCode))
    with refused("log.undo_before_again", no=first):
        played(("anna", Undo(first)), state=OPEN)
    undone = played(("anna", Undo(first + 1)), state=DONE)  # y on A2 and A3
    assert next_redo(undone, "anna") is not None
    assert next_redo(played(("bo", AGAIN), state=undone), "anna") is None
    whole = played(*SECOND, state=OPEN)
    assert next_undo(look(whole, "anna").state, "anna") == whole.log[-1]
    back = played(("anna", Undo(whole.no)), state=whole)
    assert codes_of(back) == codes_of(DONE)
    assert look(back, "anna").state.done_answers("anna") == {"A4"}
    assert codes_of(look(back, "anna").state) == {"A1": ("x",), "A2": ("y",), "A3": ("x",)}
    assert next_redo(back, "anna") == back.log[-1]
    played(("anna", Undo(first)), state=played(CLOSE, state=OPEN))


def test_what_is_coded_again_rests_on_codes_that_can_not_be_undone_from_under_it() -> None:
    state = played(("bo", CreateCode("n", "New")), state=OPEN)
    state = played(("anna", ApplyCode("n", ("A1",))), state=state)
    for each in (state, played(CLOSE, state=state)):
        with refused("log.undo_blocked", no=state.no):
            played(("bo", Undo(state.no - 1)), state=each)


def test_no_undo_makes_one_coding_the_other() -> None:
    for state in (played(*SECOND, state=OPEN), played(*SECOND, CLOSE, state=OPEN)):
        with pytest.raises(UserError):
            played(("bo", Undo(OPEN.no)), state=state)
    with refused("log.undo_recounts", no=OPEN.no):
        played(("bo", Undo(OPEN.no)), state=played(*SECOND, state=OPEN))
    closed = played(CLOSE, state=OPEN)
    assert said(played(("bo", Undo(closed.no)), state=closed)) == said(OPEN)
    assert said(played(("bo", Undo(OPEN.no)), state=OPEN)) == said(DONE)
    after = played(("anna", ApplyCode("y", ("A1",))), state=closed)
    with refused("log.undo_recounts", no=closed.no):
        played(("bo", Undo(closed.no)), state=after)
    elsewhere = played(("anna", ApplyCode("y", ("A4",))), ("bo", Undo(closed.no)), state=closed)
    assert elsewhere.round_of("anna") == AGAIN


# --- how far they agree ------------------------------------------------------------------------


def test_the_first_coding_is_compared_with_that_of_the_round_where_both_are_done() -> None:
    state = played(*SECOND, CLOSE, state=OPEN)
    assert times(state) == {"A1": ({"x"}, {"x"}), "A2": ({"x", "y"}, {"y"})}
    assert times(state, round="r") == times(state)
    found = progress(state, AGAIN)
    assert (found.done, found.assigned) == ({"anna": 2}, {"anna": 3})
    assert (found.shared, found.compared, found.agreed, found.is_open) == (3, 2, 1, False)
    assert progress(OPEN, AGAIN, tells=False).agreed is None
    assert over_time(look(played(*SECOND, state=OPEN), "anna").state, "anna", ALL).units == ()
    left = [("anna", MarkAnswers(("A3",), "done", on=yes)) for yes in (True, False)]
    assert times(played(*SECOND, *left, CLOSE, state=OPEN)) == times(state)
    aside = played(("bo", SetStatus(("A1",), "noise")), state=state)
    assert set(times(aside)) == {"A2"}


def test_what_is_corrected_after_the_round_does_not_make_the_two_codings_alike() -> None:
    """Who sees the difference may give in to it; the figure is of what was coded without seeing."""
    state = played(*SECOND, CLOSE, ("anna", RemoveCode("x", ("A2",))), state=OPEN)
    assert codes_of(state)["A2"] == ("y",)
    assert times(state)["A2"] == ({"x", "y"}, {"y"})


def test_codes_merged_since_count_as_what_they_went_into() -> None:
    in_it = played(*SECOND, ("bo", MergeCodes("x", "y")), CLOSE, state=OPEN)
    after = played(*SECOND, CLOSE, ("bo", MergeCodes("x", "y")), state=OPEN)
    for state in (in_it, after):
        assert times(state) == {"A1": ({"y"}, {"y"}), "A2": ({"y"}, {"y"})}


def test_of_several_rounds_the_latest_counts_and_of_no_round_what_was_taken_up_by_hand() -> None:
    second = OpenRound("q", "Igen igen", (Assigned("anna", ("A2", "A3")),), design="again")
    state = played(
        *SECOND, CLOSE, ("bo", second),
        ("anna", ApplyCode("x", ("A2",))), ("anna", MarkAnswers(("A2",), "done")),
        ("bo", CloseRound("q")),
        ("anna", MarkAnswers(("A4",), "nothing", on=False)),
        ("anna", ApplyCode("x", ("A4",))), ("anna", MarkAnswers(("A4",), "done")),
        state=OPEN,
    )  # fmt: skip
    assert times(state) == {
        "A1": ({"x"}, {"x"}), "A2": ({"x", "y"}, {"x"}), "A4": (set(), {"x"}),
    }  # fmt: skip
    assert times(state, round="r")["A2"] == ({"x", "y"}, {"y"})
    assert set(times(state, round="q")) == {"A2"}


def test_where_one_code_is_all_there_is_the_code_says_that_it_is_done() -> None:
    state = played(*SECOND, CLOSE, state=OPEN)
    assert set(twice(state, "r", ALL)) == {("anna", "A1"), ("anna", "A2"), ("anna", "A3")}


def test_what_follows_from_a_log_follows_from_the_coding() -> None:
    """A relook is not done by coding again, and no code comes up first by it."""
    changed = played(("bo", ReviseCode("x", definition="by foot only")), state=OPEN)
    assert {each.answer for each in relook(changed)} == {"A1", "A2"}
    assert relook(played(*SECOND, CLOSE, state=changed)) == relook(changed)
    merged = played(*SECOND, ("bo", MergeCodes("x", "y")), state=OPEN)
    assert answers_concerned(merged)[merged.no] == ("A1", "A2")
    assert answers_concerned(look(merged, "anna").state)[merged.no] == ("A1", "A3")
    new = played(("anna", ConfirmProposal("n", "New", ("A1",), "p", "fake")), state=OPEN)
    assert firsts(new) == firsts(OPEN)


# --- who gets what -----------------------------------------------------------------------------


@given(
    st.dictionaries(st.sampled_from("abc"), st.sets(st.integers(0, 30), min_size=1)),
    st.integers(1, 20),
    st.integers(0, 4),
)
def test_each_coder_gets_as_many_of_their_own_as_there_are(
    done: dict[str, set[int]], count: int, seed: int
) -> None:
    given = {coder: [f"A{no}" for no in some] for coder, some in done.items()}
    found = {each.coder: each.answers for each in assign_again(given, count, seed=seed)}
    assert {c: len(some) for c, some in found.items()} == {
        c: min(count, len(some)) for c, some in given.items()
    }
    assert all(set(some) <= set(given[coder]) for coder, some in found.items())
    mixed = {coder: sorted(given[coder], reverse=True) for coder in reversed(given)}
    assert assign_again(mixed, count, seed=seed) == assign_again(given, count, seed=seed)


def test_a_sample_is_drawn_from_each_stratum_in_proportion() -> None:
    """Of six and three, 2 to 1."""
    answers = [f"A{no}" for no in range(9)]
    strata = {answer: "old" if no < 6 else "new" for no, answer in enumerate(answers)}
    (got,) = assign_again({"anna": answers}, 3, strata)
    assert sorted(strata[each] for each in got.answers) == ["new", "old", "old"]
    assert {assign_again({"anna": answers}, 3, seed=seed) for seed in range(6)} != {(got,)}


# --- any log -----------------------------------------------------------------------------------

STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["again", "again", "close", "apply", "remove", "move", "mark", *["other"] * 6]
        ),
        st.sampled_from(["anna", "anna", "bo"]),
        INTENTS.filter(lambda intent: intent[0] != "role"),
    ),
    min_size=8,
    max_size=30,
)


def histories(steps: Iterable[tuple[str, str, Intent]]) -> list[State]:
    states = [DONE]
    for kind, who, intent in steps:
        state, coder = states[-1], "bo" if kind in ("again", "close") else who
        answers, often = tuple(sorted(intent[4])), intent[0] if kind == "other" else kind
        made: Decision = (
            OpenRound(f"r{state.no}", "Igen", (Assigned(who, answers),), design="again")
            if kind == "again"
            else CloseRound(([*state.rounds][-1:] or ["none"])[0])
            if kind == "close"
            else decision_for(
                look(state, who).state,
                (often, *intent[1:3], CODERS.index(who), intent[4]),
            )
        )
        try:
            states.append(played((coder, made), state=state))
        except UserError:
            continue
    return states


HISTORIES = STEPS.map(histories)


def without_second(log: Sequence[LogEntry]) -> State:
    """The log as if nothing had been coded again: neither the rounds, nor what was said in them."""
    left, second, rounds = standing(log), second_codings(standing(log)), {}
    state = EMPTY
    for entry in left:
        if isinstance(entry.decision, OpenRound):
            rounds[entry.decision.round] = entry.decision
        if isinstance(entry.decision, OpenRound | CloseRound):
            continue
        decision = entry.decision
        if entry.no in second:
            decision = without(decision, rounds[second[entry.no]].of(entry.coder))
        state = advance(state, [LogEntry(state.no + 1, NOW, entry.coder, decision)])
    return state


@given(HISTORIES)
def test_the_coding_is_that_of_the_log_without_what_was_coded_again(states: list[State]) -> None:
    whole = states[-1]
    alone = without_second(whole.log)
    for name in ("codings", "spans", "marks", "memos", "acted", "statuses", "codes", "passages"):
        assert getattr(whole, name) == getattr(alone, name), name


@given(HISTORIES, st.integers(0, 40))
def test_replay_is_the_same_as_step_by_step(states: list[State], cut: int) -> None:
    log = states[-1].log
    assert advance(EMPTY, log) == states[-1]
    assert advance(advance(EMPTY, log[:cut]), log[cut:], [states[len(states) // 2]]) == states[-1]


@given(HISTORIES, st.sampled_from(["anna", "bo", None]))
def test_everyone_can_look_at_any_moment_and_sees_nothing_that_is_hidden(
    states: list[State], viewer: str | None
) -> None:
    sight: Sight | None = None
    for whole in states:
        sight = look(whole, viewer, sight)
        seen, hidden = sight.state, hidden_from(whole, viewer)
        assert said(seen) == said(look(whole, viewer).state)
        own = whole.round_of(viewer)
        second = whole.seconds[own.round] if own else None
        for name in ("codings", "spans", "marks", "memos"):
            there, found = getattr(whole, name), getattr(seen, name)
            expected = {key: each for key, each in there.items() if key[1] not in hidden}
            if second:
                expected |= {k: v for k, v in getattr(second, name).items() if k[0] == viewer}
            assert found == expected, name


def test_the_random_logs_code_again() -> None:
    met: set[str] = set()

    @given(HISTORIES)
    def collect(states: list[State]) -> None:
        log = states[-1].log
        numbers = second_codings(standing(log))
        met.update(type(log[no - 1].decision).__name__ for no in numbers)
        met.update("closed" for id in states[-1].closed if states[-1].seconds[id].codings)

    collect()
    assert met >= {"ApplyCode", "RemoveCode", "MarkAnswers", "AcceptGroup", "closed"}


def test_it_is_stored_and_read_as_any_other_round() -> None:
    assert decision_from(decision_fields(AGAIN)) == AGAIN


# --- joined ------------------------------------------------------------------------------------


def at(log: Sequence[LogEntry], start: int) -> list[LogEntry]:
    """The log with each entry a second after the one before."""
    return [replace(e, at=NOW + timedelta(seconds=start + e.no)) for e in log]


def test_joined_copies_keep_both_codings_apart() -> None:
    ours = at(played(*SECOND, CLOSE, state=OPEN).log, 0)
    base = ours[: DONE.no]
    late = LogEntry(DONE.no + 1, NOW + timedelta(seconds=99), "bo", ApplyCode("y", ("A1",)))
    joined = join_logs(frozenset(ANSWERS), ours, [*base, late])
    assert joined.clashes == ()
    state = advance(EMPTY, joined.log)
    assert codes_of(state) == codes_of(DONE)
    assert codes_of(state, "bo") == {"A1": ("y",)}
    assert times(state) == {"A1": ({"x"}, {"x"}), "A2": ({"x", "y"}, {"y"})}


def test_what_would_count_otherwise_once_joined_is_a_clash() -> None:
    """Anna went on with her coding in the other copy while the round was open in this one."""
    ours = at(played(*SECOND, CLOSE, state=OPEN).log, 0)
    moment = ours[OPEN.no].at
    theirs = [*ours[: DONE.no], LogEntry(DONE.no + 1, moment, "anna", ApplyCode("y", ("A1",)))]
    (clash,) = join_logs(frozenset(ANSWERS), ours, theirs).clashes
    assert (clash.side, clash.no, clash.reason.key) == ("theirs", DONE.no + 1, "join.recounted")
    other = [*ours[: DONE.no], LogEntry(DONE.no + 1, moment, "anna", ApplyCode("y", ("A4",)))]
    assert join_logs(frozenset(ANSWERS), ours, other).clashes == ()
