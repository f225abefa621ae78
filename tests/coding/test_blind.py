"""Rounds and settlements in the log, and what one coder sees of it while a round is blind."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from coder.coding.blind import Sight, hidden_from, look
from coder.coding.course import firsts
from coder.coding.genealogy import genealogy
from coder.coding.log import advance
from coder.coding.lookup import answers_concerned, entries
from coder.coding.relook import relook
from coder.coding.state import State
from coder.errors import UserError
from coder.model import (
    AcceptGroup,
    AddCoder,
    ApplyCode,
    Assigned,
    CloseRound,
    Decision,
    Hidden,
    MarkAnswers,
    MarkPart,
    MergeCodes,
    OpenRound,
    SetRole,
    Settle,
    Sheet,
    Turn,
    Undo,
    UnmarkPart,
    WriteMemo,
    WriteSheet,
)
from tests.coding.test_log import ANSWERS, CODED, EMPTY, INTENTS, Intent, decision_for, played, said
from tests.fixtures import refused

WHO = ("anna", "bo", "eva")
TEAM = played(
    ("eva", AddCoder("eva", "Eva")),
    ("eva", SetRole("eva", "lead")),
    ("eva", SetRole("anna", "coder")),
    state=CODED,
)
BLIND = OpenRound("r", "Prøve", (Assigned("anna", ("A1", "A2")), Assigned("bo", ("A2", "A3"))))


# --- random logs with rounds -------------------------------------------------------------------


def team_decision(state: State, intent: Intent, kind: str) -> Decision:
    _, a, b, _, chosen = intent
    answers, codes = tuple(sorted(chosen)), list(state.codes)
    if kind == "settle":
        causes = ("slip", "unclear_definition", "both_apply", "ambiguous")
        return Settle(answers, tuple(codes[a % 3 : a % 3 + b % 3]), causes[a % 4], "note")
    if kind == "close":
        return CloseRound(([*state.rounds][-1:] or ["none"])[0])
    is_test = a % 4 == 0
    among = answers if not is_test else tuple(x for x in answers if x in state.settled)
    assigned = tuple(Assigned(who, among) for who in WHO[a % 2 : 2 + b % 2])
    return OpenRound(f"r{state.no}", "Runde", assigned, is_test or b % 5 > 0, is_test)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["open", "open", "close", "settle", *["other"] * 7]),
        st.sampled_from(WHO),
        INTENTS.filter(lambda intent: intent[0] != "role"),
    ),
    min_size=10,
    max_size=30,
)


def team_history(steps: Iterable[tuple[str, str, Intent]]) -> list[State]:
    states = [TEAM]
    for kind, who, intent in steps:
        state = states[-1]
        decide = decision_for if kind == "other" else partial(team_decision, kind=kind)
        made, coder = decide(state, intent=intent), who if kind == "other" else "eva"
        try:
            states.append(played((coder, made), state=state))
        except UserError:
            continue
    return states


HISTORIES = STEPS.map(team_history)


@given(HISTORIES, st.integers(0, 40))
def test_replay_with_rounds_and_settlements_is_the_same_as_step_by_step(
    states: list[State], cut: int
) -> None:
    log = states[-1].log
    assert advance(EMPTY, log) == states[-1]
    assert said(advance(advance(EMPTY, log[:cut]), log[cut:])) == said(states[-1])


@given(HISTORIES)
def test_undoing_a_round_or_a_settlement_is_as_if_it_never_was(states: list[State]) -> None:
    for before, after in pairwise(states):
        if isinstance(after.log[-1].decision, (OpenRound, CloseRound, Settle)):
            assert said(played(("eva", Undo(after.no)), state=after)) == said(before)


@given(HISTORIES)
def test_no_settlement_and_no_round_changes_what_any_coder_coded(states: list[State]) -> None:
    for before, after in pairwise(states):
        if isinstance(after.log[-1].decision, (OpenRound, CloseRound, Settle)):
            assert (after.codings, after.spans, after.marks, after.memos, after.acted) == (
                before.codings, before.spans, before.marks, before.memos, before.acted,
            )  # fmt: skip


@given(HISTORIES)
def test_what_is_settled_is_in_the_codebook(states: list[State]) -> None:
    for state in states:
        assert all(set(each.codes) <= set(state.codes) for each in state.settled.values())


def test_the_random_logs_reach_rounds_that_hide_something() -> None:
    met: set[str] = set()

    @given(HISTORIES)
    def collect(states: list[State]) -> None:
        met.update(type(entry.decision).__name__ for entry in states[-1].log)
        for state in states:
            met.update(type(each.decision).__name__ for each in look(state, "bo").state.log)
            if any(each.test for each in state.open_rounds()):
                met.add("test")

    collect()
    assert met >= {"OpenRound", "CloseRound", "Settle", "Hidden", "Undo", "MergeCodes", "test"}


# --- what is seen ------------------------------------------------------------------------------


@given(HISTORIES, st.sampled_from([*WHO, None]))
def test_one_sees_all_but_what_others_decided_of_hidden_answers(
    states: list[State], viewer: str | None
) -> None:
    for whole in states:
        hidden, seen = hidden_from(whole, viewer), look(whole, viewer).state

        def is_seen(key: tuple[str, ...], hidden: frozenset[str] = hidden) -> bool:
            return key[0] == viewer or key[1] not in hidden

        for name in ("codings", "spans", "marks", "memos"):
            there = getattr(whole, name)
            assert getattr(seen, name) == {k: v for k, v in there.items() if is_seen(k)}
        assert [code.label for code in seen.codes.values()] == [
            code.label for code in whole.codes.values()
        ]
        for name in ("coders", "roles", "rounds", "closed", "treatments", "no"):
            assert getattr(seen, name) == getattr(whole, name)
        if viewer != "eva":  # who settled it
            assert set(seen.settled) == set(whole.settled) - hidden


@given(HISTORIES, st.sampled_from([*WHO, None]))
def test_a_look_that_goes_on_from_an_earlier_one_is_the_same(
    states: list[State], viewer: str | None
) -> None:
    sight: Sight | None = None
    for whole in states:
        sight = look(whole, viewer, sight)
        assert said(sight.state) == said(look(whole, viewer).state)


@given(HISTORIES, st.sampled_from([*WHO, None]))
def test_what_is_computed_from_a_log_can_be_computed_from_what_is_seen(
    states: list[State], viewer: str | None
) -> None:
    whole = states[-1]
    hidden, seen = hidden_from(whole, viewer), look(whole, viewer).state
    advance(State(seen.answers), seen.log[: seen.no // 2])
    genealogy(seen)
    others = [coder for coder in WHO if coder != viewer]
    assert not hidden & {each.answer for coder in others for each in firsts(seen, coder)}
    assert not hidden & {each.answer for each in relook(seen) if each.coder != viewer}
    concerned = answers_concerned(seen)
    for entry in entries(seen):
        assert not isinstance(entry.decision, Hidden)
        of_a_round = isinstance(entry.decision, OpenRound)  # who codes what is no code
        undone = isinstance(entry.decision, Undo)  # of one's own by another
        if entry.coder != viewer and not of_a_round and not undone:
            assert not hidden & set(concerned[entry.no]) or "MergeCodes" in repr(entry)


def test_a_blind_round_hides_its_answers_from_everyone_and_shows_them_when_closed() -> None:
    state = played(
        ("eva", BLIND),
        ("anna", ApplyCode("y", ("A2", "A4"))),
        ("anna", WriteMemo("A2", "secret")),
        state=TEAM,
    )
    assert hidden_from(state, "bo") == {"A1", "A2", "A3"}
    seen = look(state, "bo").state
    assert seen.log[-2].decision == ApplyCode("y", ("A4",))
    assert seen.log[-1].decision == Hidden()
    assert "secret" not in repr(seen)
    assert ("anna", "A2") in look(state, "anna").state.codings
    assert ("anna", "A2") not in look(state, "eva").state.codings
    closed = played(("eva", CloseRound("r")), state=state)
    assert look(closed, "bo").state is closed
    again = played(("eva", Undo(closed.no)), state=closed)
    assert "secret" not in repr(look(again, "bo").state)


def test_a_sheet_is_hidden_where_it_names_a_hidden_answer() -> None:
    written = WriteSheet("x", "On foot (A1).", "The old [A4].", case="A2")
    state = played(
        ("eva", BLIND),
        ("anna", written),
        ("anna", WriteSheet("y", benefit="As A2 says")),
        ("anna", MarkPart("A1", "purpose", 0, 3)),
        ("anna", MarkPart("A4", "purpose", 0, 3)),
        state=TEAM,
    )
    seen = look(state, "bo").state
    assert seen.sheets == {"x": Sheet("x", audience="The old [A4].")}
    assert [each.decision for each in seen.log[-4:]] == [
        WriteSheet("x", audience="The old [A4]."), Hidden(), Hidden(),
        MarkPart("A4", "purpose", 0, 3),
    ]  # fmt: skip
    assert list(seen.passages) == ["A4"]
    assert look(state, "anna").state.sheets["x"].case == "A2"


def test_one_who_is_blind_may_have_unmarked_what_another_marked() -> None:
    state = played(
        ("anna", MarkPart("A1", "purpose", 0, 3)),
        ("bo", UnmarkPart("A1", "purpose", 0, 3)),
        ("eva", BLIND),
        state=TEAM,
    )
    assert not look(state, "bo").state.passages


def test_a_test_round_is_blind_to_those_who_take_it_only() -> None:
    settled = played(("eva", Settle(("A1",), ("x",), "slip", "the key")), state=TEAM)
    state = played(
        ("eva", OpenRound("t", "Test", (Assigned("bo", ("A1",)),), True, True)), state=settled
    )
    assert not hidden_from(state, "anna")
    assert hidden_from(state, "bo") == hidden_from(state, None) == {"A1"}
    assert "the key" not in repr(look(state, "bo").state)


def test_a_code_that_was_made_on_hidden_answers_is_in_everyones_codebook() -> None:
    turn = Turn(("A2", "A4"), None, (), (0.9, 0.1))
    accept = AcceptGroup(turn, "z", ("A2",), ("A4",), "m", "New code")
    seen = look(played(("eva", BLIND), ("anna", accept), state=TEAM), "bo").state
    assert seen.codes["z"].label == "New code"
    assert not seen.answers_of("z")
    assert "A2" not in repr(seen.acted[-1:])


# --- what is refused ---------------------------------------------------------------------------


def test_rounds_that_can_not_be() -> None:
    opened = played(("eva", BLIND), state=TEAM)
    with refused("log.leads_only", name="Bo"):
        played(("bo", CloseRound("r")), state=opened)
    with refused("log.in_a_round", name="Anna", label="Prøve"):
        played(("eva", OpenRound("s", "New", (Assigned("anna", ("A4",)),))), state=opened)
    with refused("log.still_blind", label="Prøve"):
        played(("eva", Settle(("A1",), ("x",), "slip")), state=opened)
    with refused("log.round_of_nothing"):
        played(("eva", OpenRound("s", "New", ())), state=TEAM)
    with refused("log.no_answer", answer="A9"):
        played(("eva", OpenRound("s", "New", (Assigned("anna", ("A9",)),))), state=TEAM)
    with refused("log.no_round"):
        played(("eva", CloseRound("r")), ("eva", CloseRound("r")), state=opened)
    reader = played(("eva", SetRole("bo", "reader")), state=TEAM)
    with refused("log.reader", name="Bo"):
        played(("eva", BLIND), state=reader)


def test_a_merger_takes_settlements_along() -> None:
    state = played(
        ("eva", Settle(ANSWERS[:2], ("x", "y"), "both_apply")),
        ("anna", MergeCodes("x", "y")),
        ("bo", MarkAnswers(("A1",), "done")),
        state=TEAM,
    )
    assert {each.codes for each in state.settled.values()} == {("y",)}
