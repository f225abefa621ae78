"""The decision log: what follows from it, what can't, and that nothing is ever lost by it."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coder.coding.log import (
    advance,
    merged_into,
    next_redo,
    next_undo,
    standing,
    undone,
)
from coder.coding.plain import decision_fields, decision_from
from coder.coding.state import State
from coder.errors import UserError
from coder.model import (
    AcceptGroup,
    Act,
    AddCoder,
    ApplyCode,
    Code,
    CodeSegment,
    Coding,
    ConfirmProposal,
    CreateCode,
    Decision,
    LogEntry,
    MarkAnswers,
    MarkPart,
    MergeCodes,
    MoveAnswers,
    MoveCode,
    Passage,
    PermitPublishing,
    RejectGroup,
    RemoveCode,
    RetireCode,
    ReviseCode,
    SetApart,
    SetRole,
    SetStatus,
    Sheet,
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
from tests.fixtures import refused

NOW = datetime(2020, 3, 11, 20, 30, tzinfo=UTC)
CODERS = ("anna", "bo")
ANSWERS = ("A1", "A2", "A3", "A4")
EMPTY = State(frozenset(ANSWERS))


def played(*decisions: tuple[str, Decision], state: State = EMPTY) -> State:
    """The state after these (coder, decision) pairs."""
    for coder, decision in decisions:
        state = advance(state, [LogEntry(state.no + 1, NOW, coder, decision)])
    return state


def triples(state: State) -> set[tuple[str, str, str]]:
    """What is coded, whether as a whole or on segments."""
    return {(each.coder, each.answer, each.code) for each in state.all_codings()}


def said(state: State) -> tuple[object, ...]:
    """All that a state says, but for the log itself; the order of the codes counts."""
    return (
        state.coders, list(state.codes.items()), state.codings, state.statuses, state.treatments,
        state.acted, state.apart, state.spans, state.marks, state.memos, state.roles,
        state.rounds, state.closed, state.settled, state.sheets, state.passages, state.publishing,
    )  # fmt: skip


# --- random logs -------------------------------------------------------------------------------

Intent = tuple[str, int, int, int, frozenset[str]]
KINDS = [
    "create", "confirm", "revise", "apply", "apply", "remove", "move", "merge", "status", "treat",
    "undo", "accept", "reject", "apart", "merge", "place", "retire", "split", "segment", "segment",
    "unsegment", "mark", "memo", "role", "undo", "merge", "sheet", "part", "unpart",
    "merge", "apply", "publish",
]  # fmt: skip
INTENTS = st.tuples(
    st.sampled_from(KINDS),
    st.integers(0, 50),
    st.integers(0, 50),
    st.integers(0, 1),
    st.frozensets(st.sampled_from(ANSWERS), min_size=1),
)
JOINED = played(("anna", AddCoder("anna", "Anna")), ("bo", AddCoder("bo", "Bo")))
CODED = played(
    ("anna", CreateCode("x", "Walks", "on foot")),
    ("anna", ApplyCode("x", ("A1", "A2"))),
    ("bo", CreateCode("y", "Calls")),
    ("bo", ApplyCode("y", ("A1",))),
    state=JOINED,
)  # entries 3 to 6


def decision_for(state: State, intent: Intent) -> Decision:
    """What the intent comes to in this state; it may be refused."""
    kind, a, b, who, chosen = intent
    answers, fresh = tuple(sorted(chosen)), f"code {state.no}"
    codes = list(state.codes) or ["none"]
    one, other = codes[a % len(codes)], codes[b % len(codes)]
    own = [each for each in state.all_codings() if each.coder == CODERS[who]]
    if own and kind in ("remove", "move", "merge"):  # else refused, or without effect, too often
        one, answers = own[a % len(own)].code, (own[a % len(own)].answer,)
    match kind:
        case "create":
            return CreateCode(fresh, f"label {a % 6}")
        case "confirm":
            return ConfirmProposal(fresh, f"label {a % 6}", answers, f"p{b}", "fake")
        case "revise":
            return ReviseCode(one, f"label {b % 6}", "what it is")
        case "apply":
            return ApplyCode(one, answers)
        case "remove":
            return RemoveCode(one, answers)
        case "move":
            return MoveAnswers(answers, one, other)
        case "merge":
            return MergeCodes(one, other)
        case "status":
            return SetStatus(answers, (None, "empty", "noise")[a % 3])
        case "accept":
            label = f"label {a % 6}" if b % 2 else ""
            turn = Turn(answers, other, tuple(codes[:9]), (0.5,) * len(answers))
            return AcceptGroup(turn, fresh if label else one, answers[:1], answers[1:2], "m", label)
        case "reject":
            return RejectGroup(Turn(answers, one, (one,)), "m")
        case "apart":
            return SetApart(answers[0], ANSWERS[a % 4])
        case "place":
            return MoveCode(one, (None, other)[b % 2])
        case "retire":
            return RetireCode(one, b % 3 > 0)
        case "split":
            return SplitCode(one, (SplitPart(fresh, f"label {b % 6}", answers[:1]),))
        case "segment":
            return CodeSegment(one, answers[0], a % 3, a % 3 + 1 + b % 3)
        case "unsegment":
            marked = [
                (code, answer, *span)
                for (coder, answer, code), spans in state.spans.items()
                for span in spans
                if coder == CODERS[who]
            ]
            return UncodeSegment(*(marked[a % len(marked)] if marked else (one, answers[0], 0, 1)))
        case "mark":
            mark = ("done", "nothing", "discuss", "quote")[a % 4]
            return MarkAnswers(answers, mark, b % 3 > 0)
        case "memo":
            return WriteMemo(answers[0], ("", "note")[b % 2])
        case "sheet":
            cites = ("", f"They walk [{answers[0]}].", "They call.")[b % 3]
            return WriteSheet(one, *(cites, None, cites)[a % 3 :], case=(None, "A1", "")[b % 3])
        case "part" | "unpart":
            made = MarkPart if kind == "part" else UnmarkPart
            part = ("purpose", "action")[a % 2]
            place = b % 2, 2 + b % 3, ("text", "elaboration")[a % 3 == 0]
            if kind == "part" and a % 4 == 1:
                return MarkPart(answers[0], part, *place, instead=(0, 2 + b % 3))
            return made(answers[0], part, *place)
        case "role":
            return SetRole(CODERS[1 - who], ("lead", "coder")[b % 5 == 0])
        case "publish":
            return PermitPublishing(("nothing", "anonymous", "named")[a % 3], 1 + b % 5)
        case "treat":
            return TreatFinds((f"find {a % 3}",), ("keep", "replace", "drop")[b % 3])
    return Undo(1 + a % max(state.no, 1))


def history(intents: Iterable[Intent]) -> list[State]:
    """The states of a log of those intents that can follow one another."""
    states = [CODED]
    for intent in intents:
        coder = CODERS[intent[3]]
        try:
            states.append(played((coder, decision_for(states[-1], intent)), state=states[-1]))
        except UserError:
            continue
    return states


def lead(state: State) -> str:
    """One who may take back anything."""
    return next(coder for coder in CODERS if state.role(coder) == "lead")


HISTORIES = st.lists(INTENTS, min_size=8, max_size=30).map(history)


@given(HISTORIES)
def test_replay_of_the_whole_log_is_the_same_as_step_by_step(states: list[State]) -> None:
    replayed = advance(EMPTY, states[-1].log)
    assert said(replayed) == said(states[-1])
    assert replayed == states[-1]


@given(HISTORIES, st.integers(0, 40))
def test_a_log_may_be_caught_up_with_in_any_pieces(states: list[State], cut: int) -> None:
    log = states[-1].log
    halfway = advance(EMPTY, log[:cut])
    assert said(advance(halfway, log[cut:])) == said(states[-1])


@given(HISTORIES)
def test_undoing_the_last_decision_is_as_if_it_was_never_made(states: list[State]) -> None:
    for before, after in pairwise(states):
        if not isinstance(after.log[-1].decision, Undo):
            assert said(played((lead(after), Undo(after.no)), state=after)) == said(before)


@given(HISTORIES)
def test_undoing_the_undo_is_as_if_nothing_was_undone(states: list[State]) -> None:
    for state in states[1:]:
        once = played((lead(state), Undo(state.no)), state=state)
        assert said(played((lead(once), Undo(once.no)), state=once)) == said(state)


@given(HISTORIES)
def test_a_merge_loses_no_coded_answer(states: list[State]) -> None:
    for before, after in pairwise(states):
        decision = after.log[-1].decision
        if isinstance(decision, MergeCodes):
            assert set(after.codings) == set(before.codings)
            moved = {(c, a) for c, a, code in triples(before) if code == decision.source}
            assert {(c, a, decision.target) for c, a in moved} <= triples(after)
            assert decision.source not in after.codes


@given(HISTORIES)
def test_no_merge_loses_what_is_written_of_a_code(states: list[State]) -> None:
    for before, after in pairwise(states):
        decision = after.log[-1].decision
        if isinstance(decision, MergeCodes):
            assert set(after.sheets) <= set(after.codes)
            for code in (decision.source, decision.target):
                there = before.sheets.get(code, Sheet(code))
                now = after.sheets.get(decision.target, Sheet(decision.target))
                assert there.character in now.character
                assert there.benefit in now.benefit
                assert bool(now.case) or not there.case


@given(HISTORIES)
def test_every_coding_is_of_a_known_coder_answer_and_code(states: list[State]) -> None:
    for state in states:
        assert all(c in state.coders and code in state.codes for c, _, code in triples(state))
        assert all(state.codings.values())
        assert len(state.all_codings()) == len(triples(state))
        assert len({code.label.casefold() for code in state.codes.values()}) == len(state.codes)


@given(st.lists(INTENTS, min_size=8, max_size=30))
def test_a_state_handed_out_never_changes(intents: list[Intent]) -> None:
    state = JOINED
    for intent in intents:
        snapshot = copy.deepcopy(said(state))
        try:
            after = played(("anna", decision_for(state, intent)), state=state)
        except UserError:
            after = state
        assert said(state) == snapshot
        state = after


Place = tuple[str, str, str, tuple[int, int] | None]  # coder, answer, code, span or all of it


def by_sets(state: State) -> set[Place]:
    """The codings as a plain set of places would have them: a second opinion."""
    places: set[Place] = set()
    for entry in state.log:
        if entry.no in undone(state.log):
            continue
        who = entry.coder
        match entry.decision:
            case ApplyCode(code, answers) | ConfirmProposal(code, _, answers):
                places = given_to(places, {(who, answer, code, None) for answer in answers})
            case AcceptGroup(_, code, answers):
                places = given_to(places, {(who, answer, code, None) for answer in answers})
            case CodeSegment(code, answer, start, end):
                places -= {(who, answer, code, None)}
                places |= {(who, answer, code, (start, end))}
            case UncodeSegment(code, answer, start, end):
                places -= {(who, answer, code, (start, end))}
            case RemoveCode(code, answers):
                places = {p for p in places if p[0] != who or p[1] not in answers or p[2] != code}
            case MoveAnswers(answers, source, target):
                places = renamed(places, source, target, {(who, answer) for answer in answers})
            case SplitCode(source, parts):
                for part in parts:
                    there = {(who, answer) for answer in part.answers}
                    places = renamed(places, source, part.code, there)
            case MergeCodes(source, target):
                places = renamed(places, source, target, {place[:2] for place in places})
    return places


def given_to(places: set[Place], new: set[Place]) -> set[Place]:
    """All of an answer has the code, so no segment of it needs to."""
    whole = {place[:3] for place in new}
    return {place for place in places if place[:3] not in whole} | new


def renamed(
    places: set[Place], source: str, target: str, there: set[tuple[str, str]]
) -> set[Place]:
    moved = {p for p in places if p[2] == source and p[:2] in there}
    after = (places - moved) | {(c, a, target, span) for c, a, _, span in moved}
    return given_to(after, {place for place in after if place[3] is None})


@given(HISTORIES)
def test_the_codings_are_those_that_plain_sets_give(states: list[State]) -> None:
    found = {
        (each.coder, each.answer, each.code, span)
        for each in states[-1].all_codings()
        for span in each.spans or (None,)
    }
    assert found == by_sets(states[-1])


def test_the_random_logs_merge_codes_that_are_in_use() -> None:
    """Else the properties above could hold for want of examples."""
    merged: list[int] = []

    @given(HISTORIES)
    def collect(states: list[State]) -> None:
        for before, after in pairwise(states):
            decision = after.log[-1].decision
            if isinstance(decision, MergeCodes):
                merged.append(len(before.answers_of(decision.source)))

    collect()
    assert sum(count > 0 for count in merged) >= 20


def test_the_random_logs_reach_every_kind_of_decision() -> None:
    """Else the properties above could hold for want of examples."""
    met: set[str] = set()

    @given(HISTORIES)
    def collect(states: list[State]) -> None:
        met.update(type(entry.decision).__name__ for entry in states[-1].log)

    collect()
    of_teams = {"OpenRound", "CloseRound", "Settle", "Hidden"}  # reached in ``test_blind``
    assert met == {kind.__name__ for kind in KINDS_OF_DECISION} - of_teams


# --- one decision at a time --------------------------------------------------------------------


def test_a_sheet_is_written_field_by_field() -> None:
    written = played(
        ("anna", WriteSheet("x", character=" On foot [A1]. ", case="A1")),
        ("bo", WriteSheet("x", benefit="Calm [A2].")),
        state=CODED,
    )
    assert written.sheets["x"] == Sheet("x", "On foot [A1].", "", "Calm [A2].", "A1")
    emptied = played(("anna", WriteSheet("x", "", benefit="", case="")), state=written)
    assert not emptied.sheets
    with refused("log.no_answer", answer="A9"):
        played(("anna", WriteSheet("x", case="A9")), state=CODED)
    with refused("log.no_code", code="none"):
        played(("anna", WriteSheet("none", "What?")), state=CODED)


def test_the_sheet_of_a_merged_code_goes_on_in_the_other() -> None:
    merged = played(
        ("anna", WriteSheet("x", "On foot [A1].", "The old.", case="A1")),
        ("bo", WriteSheet("y", "By telephone [A1].", "The old.")),
        ("bo", MergeCodes("x", "y")),
        state=CODED,
    )
    both = "By telephone [A1].\n\nOn foot [A1]."
    assert merged.sheets == {"y": Sheet("y", both, "The old.", "", "A1")}


def test_parts_of_an_answer_stand_in_their_order_and_are_anyones_to_unmark() -> None:
    marked = played(
        ("anna", MarkPart("A1", "learning", 0, 4, "elaboration")),
        ("anna", MarkPart("A1", "purpose", 7, 9)),
        ("bo", MarkPart("A1", "purpose", 2, 5)),
        ("bo", MarkPart("A1", "purpose", 2, 5)),
        state=CODED,
    )
    assert marked.passages["A1"] == (
        Passage("purpose", 2, 5), Passage("purpose", 7, 9),
        Passage("learning", 0, 4, "elaboration"),
    )  # fmt: skip
    left = played(("bo", UnmarkPart("A1", "purpose", 7, 9)), state=marked)
    assert left.passages["A1"] == (marked.passages["A1"][0], marked.passages["A1"][2])
    shorter = MarkPart("A1", "purpose", 3, 5, instead=(2, 5))
    assert played(("bo", shorter), state=left).passages["A1"][0] == Passage("purpose", 3, 5)
    undone = played(("bo", shorter), ("bo", Undo(len(left.log) + 1)), state=left)
    assert undone.passages == left.passages
    nothing = played(("bo", UnmarkPart("A2", "purpose", 7, 9)), state=left)
    assert nothing.passages == left.passages
    with refused("log.bad_segment", answer="A1", start=5, end=5):
        played(("bo", MarkPart("A1", "action", 5, 5)), state=CODED)


def test_the_state_tells_what_is_coded() -> None:
    assert CODED.codes == {"x": Code("x", "Walks", "on foot"), "y": Code("y", "Calls")}
    assert CODED.all_codings() == [
        Coding("A1", "x", "anna"),
        Coding("A2", "x", "anna"),
        Coding("A1", "y", "bo"),
    ]
    assert CODED.answers_of("x") == ["A1", "A2"]
    assert CODED.coded_answers() == {"A1", "A2"}


def test_a_confirmed_proposal_is_a_code_on_its_answers() -> None:
    state = played(
        ("bo", ConfirmProposal("z", "Videos", ("A3", "A4"), "p1", "fake", "seen")), state=CODED
    )
    assert state.codes["z"] == Code("z", "Videos", "seen")
    assert triples(state) - triples(CODED) == {("bo", "A3", "z"), ("bo", "A4", "z")}


def test_moving_and_removing_are_for_the_coder_alone() -> None:
    both = played(("bo", ApplyCode("x", ("A1",))), state=CODED)
    moved = played(("anna", MoveAnswers(("A1",), "x", "y")), state=both)
    assert triples(moved) == {
        ("anna", "A1", "y"), ("anna", "A2", "x"), ("bo", "A1", "y"), ("bo", "A1", "x")
    }  # fmt: skip


def test_an_answer_coded_with_both_has_the_merged_code_once() -> None:
    both = played(("bo", ApplyCode("x", ("A1",))), ("bo", MergeCodes("x", "y")), state=CODED)
    assert both.codings == {("anna", "A1"): ("y",), ("anna", "A2"): ("y",), ("bo", "A1"): ("y",)}


def test_a_code_is_revised_without_touching_its_codings() -> None:
    state = played(("bo", ReviseCode("x", " Long   walks ", "outdoors")), state=CODED)
    assert state.codes["x"] == Code("x", "Long walks", "outdoors")
    assert triples(state) == triples(CODED)


def test_a_code_may_change_the_case_of_its_own_label() -> None:
    assert played(("bo", ReviseCode("x", "WALKS")), state=CODED).codes["x"].label == "WALKS"


def test_a_status_is_no_coding_and_none_says_that_it_is_an_answer_after_all() -> None:
    state = played(("bo", SetStatus(("A1", "A3"), "noise")), state=CODED)
    assert state.statuses == {"A1": "noise", "A3": "noise"}
    assert triples(state) == triples(CODED)
    state = played(("anna", SetStatus(("A3", "A4"), None)), state=state)
    assert state.statuses == {"A1": "noise", "A3": None, "A4": None}
    assert state.set_aside() == {"A1"}


def test_the_latest_treatment_of_a_find_counts_until_it_is_undone() -> None:
    state = played(
        ("bo", TreatFinds(("f1", "f2"), "replace")), ("anna", TreatFinds(("f1",), "keep")),
        state=CODED,
    )  # fmt: skip
    assert state.treatments == {"f1": "keep", "f2": "replace"}
    again = played(("bo", Undo(state.no)), state=state)
    assert again.treatments == {"f1": "replace", "f2": "replace"}


def test_the_answers_of_a_code_may_be_asked_of_one_coder() -> None:
    both = played(("bo", ApplyCode("x", ("A3",))), state=CODED)
    assert both.answers_of("x") == ["A1", "A2", "A3"]
    assert both.answers_of("x", "anna") == ["A1", "A2"]
    assert both.coded_answers("bo") == {"A1", "A3"}


def test_putting_a_code_where_it_is_changes_nothing() -> None:
    assert triples(played(("anna", ApplyCode("x", ("A1",))), state=CODED)) == triples(CODED)


SHOWN = Turn(("A3", "A4"), "x", ("x", "y"), (0.9, 0.6))
REFUSALS: list[tuple[str, Decision, str, dict[str, object]]] = [
    ("eva", CreateCode("z", "New"), "log.no_coder", {"coder": "eva"}),
    ("eva", AddCoder("eva", " ANNA "), "log.coder_exists", {"name": "ANNA"}),
    ("anna", AddCoder("anna", "Other"), "log.coder_exists", {"name": "Other"}),
    ("eva", AddCoder("eva", "  "), "log.empty_name", {}),
    ("anna", CreateCode("z", "\t\n"), "log.empty_name", {}),
    ("anna", ReviseCode("x", ""), "log.empty_name", {}),
    ("anna", CreateCode("z", "walks  "), "log.code_exists", {"label": "walks  "}),
    ("anna", ReviseCode("x", "CALLS"), "log.code_exists", {"label": "CALLS"}),
    ("anna", ConfirmProposal("z", "calls", ("A1",), "p", "m"), "log.code_exists", {}),
    ("anna", ApplyCode("z", ("A1",)), "log.no_code", {"code": "z"}),
    ("anna", RemoveCode("z", ("A1",)), "log.no_code", {"code": "z"}),
    ("anna", ReviseCode("z", "New"), "log.no_code", {"code": "z"}),
    ("anna", MoveAnswers(("A1",), "x", "z"), "log.no_code", {"code": "z"}),
    ("anna", MergeCodes("x", "z"), "log.no_code", {"code": "z"}),
    ("anna", MergeCodes("z", "x"), "log.no_code", {"code": "z"}),
    ("anna", MergeCodes("x", "x"), "log.merge_same", {"label": "Walks"}),
    ("anna", ApplyCode("x", ("A1", "A9")), "log.no_answer", {"answer": "A9"}),
    ("anna", ConfirmProposal("z", "New", ("A9",), "p", "m"), "log.no_answer", {"answer": "A9"}),
    ("anna", SetStatus(("A9",), None), "log.no_answer", {"answer": "A9"}),
    ("anna", RemoveCode("x", ("A3",)), "log.not_coded", {"answer": "A3", "label": "Walks"}),
    ("bo", RemoveCode("x", ("A1",)), "log.not_coded", {"answer": "A1", "label": "Walks"}),
    ("bo", MoveAnswers(("A1",), "x", "y"), "log.not_coded", {"answer": "A1"}),
    ("anna", AcceptGroup(SHOWN, "z", ("A3",)), "log.no_code", {"code": "z"}),
    ("anna", AcceptGroup(SHOWN, "z", ("A3",), label="Calls"), "log.code_exists", {}),
    ("anna", AcceptGroup(SHOWN, "x", ()), "log.nothing_accepted", {}),
    ("anna", AcceptGroup(SHOWN, "x", ("A1",)), "log.not_shown", {"answer": "A1"}),
    ("anna", AcceptGroup(SHOWN, "x", ("A3",), ("A1",)), "log.not_shown", {"answer": "A1"}),
    ("anna", AcceptGroup(SHOWN, "x", ("A3",), ("A3",)), "log.in_and_out", {"answer": "A3"}),
    ("anna", AcceptGroup(Turn(("A9",)), "x", ("A9",)), "log.no_answer", {"answer": "A9"}),
    ("anna", RejectGroup(Turn(("A9",))), "log.no_answer", {"answer": "A9"}),
    ("anna", SetApart("A1", "A9"), "log.no_answer", {"answer": "A9"}),
    ("anna", SetApart("A1", "A1"), "log.apart_same", {"answer": "A1"}),
    ("bo", Undo(99), "log.nothing_to_undo", {"no": 99}),
    ("bo", Undo(7), "log.nothing_to_undo", {"no": 7}),  # itself
    ("bo", Undo(1), "log.nothing_to_undo", {"no": 1}),  # that a coder joined
    ("bo", Undo(3), "log.undo_blocked", {"no": 4}),
]


@pytest.mark.parametrize(("coder", "decision", "key", "params"), REFUSALS)
def test_what_cannot_be_done_is_refused(
    coder: str, decision: Decision, key: str, params: dict[str, object]
) -> None:
    with refused(key, **params):
        played((coder, decision), state=CODED)


def test_the_creation_of_a_code_in_use_cannot_be_undone_and_the_log_still_replays() -> None:
    with refused("log.undo_blocked", no=4):
        played(("anna", Undo(3)), state=CODED)
    assert said(advance(EMPTY, CODED.log)) == said(CODED)
    without = played(("anna", Undo(4)), ("anna", Undo(3)), state=CODED)
    assert set(without.codes) == {"y"}


def test_what_is_undone_cannot_be_undone_again() -> None:
    state = played(("bo", Undo(6)), state=CODED)
    with refused("log.nothing_to_undo", no=6):
        played(("bo", Undo(6)), state=state)


def test_a_redo_that_a_later_code_stands_in_the_way_of_is_refused() -> None:
    state = played(("bo", Undo(6)), ("bo", Undo(5)), ("bo", CreateCode("z", "Calls")), state=CODED)
    with refused("log.undo_blocked", no=9):
        played(("bo", Undo(8)), state=state)


def test_numbers_with_a_gap_are_a_programmers_mistake() -> None:
    entries = [LogEntry(no, NOW, "anna", CreateCode(f"{no}", f"{no}")) for no in (7, 9)]
    with pytest.raises(ValueError, match="entry 9 can't follow entry 7"):
        advance(CODED, entries)
    with pytest.raises(ValueError, match="entry 9 can't follow entry 6"):
        advance(CODED, entries[1:])


# --- acts on turns ------------------------------------------------------------------------------


def test_an_accepted_group_is_one_decision_that_suggestions_learn_from() -> None:
    accept = AcceptGroup(SHOWN, "x", ("A3",), ("A4",), "fake")
    state = played(("anna", accept), state=CODED)
    assert triples(state) - triples(CODED) == {("anna", "A3", "x")}
    assert state.acted[-1] == ("anna", Act(SHOWN, "x", ("A3",), ("A4",), new=False))
    assert said(played(("anna", Undo(7)), state=state)) == said(CODED)


def test_a_group_may_make_its_code() -> None:
    state = played(
        ("bo", AcceptGroup(SHOWN, "z", ("A3", "A4"), (), "m", "Sing", "aloud")), state=CODED
    )
    assert state.codes["z"] == Code("z", "Sing", "aloud")
    assert state.acts("bo")[-1].new
    assert state.acts("anna") == CODED.acts("anna")


def test_a_group_turned_down_changes_no_coding() -> None:
    state = played(("anna", RejectGroup(SHOWN)), state=CODED)
    assert state.codings == CODED.codings
    assert state.acts()[-1] == Act(SHOWN, None)


def test_to_code_by_hand_counts_as_an_act_without_a_forecast() -> None:
    assert CODED.acts() == [
        Act(Turn(("A1", "A2")), "x", ("A1", "A2"), new=True),
        Act(Turn(("A1",)), "y", ("A1",), new=True),
    ]
    again = played(("bo", ApplyCode("x", ("A4",))), state=CODED)
    assert not again.acts()[-1].new


def test_acts_follow_a_code_into_what_it_is_merged_with() -> None:
    other = Turn(("A4",), None, ("y", "x"), (0.7,))
    state = played(
        ("anna", AcceptGroup(SHOWN, "x", ("A3",))), ("anna", RejectGroup(other)),
        ("anna", MergeCodes("x", "y")), state=CODED,
    )  # fmt: skip
    accepted, rejected = state.acts()[-2:]
    assert (accepted.code, accepted.turn.code, accepted.turn.offered) == ("y", "y", ("y",))
    assert rejected.turn.offered == ("y",)
    assert all(act.code in (None, "y") for act in state.acts())


def test_answers_set_apart_are_known() -> None:
    state = played(("anna", SetApart("A1", "A3")), state=CODED)
    assert state.apart == (("A1", "A3"),)
    assert triples(state) == triples(CODED)


@pytest.mark.parametrize(
    "turn", [Turn(()), Turn(("A1", "A1")), Turn(("A1",), None, (), (0.5, 0.5))]
)
def test_a_turn_that_none_was_shown_is_a_programmers_mistake(turn: Turn) -> None:
    with pytest.raises(ValueError, match="a turn"):
        played(("anna", RejectGroup(turn)), state=CODED)


# --- undo and redo of one coder ----------------------------------------------------------------


def test_a_coder_undoes_their_own_decisions_latest_first() -> None:
    first = next_undo(CODED, "anna")
    assert first is not None
    assert first.no == 4
    state = played(("anna", Undo(4)), state=CODED)
    second = next_undo(state, "anna")
    assert second is not None
    assert second.no == 3
    assert next_undo(played(("anna", Undo(3)), state=state), "anna") is None


def test_a_coder_redoes_until_deciding_something_new() -> None:
    assert next_redo(CODED, "anna") is None
    state = played(("anna", Undo(4)), state=CODED)
    redo = next_redo(state, "anna")
    assert redo is not None
    assert redo.no == 7
    assert next_redo(state, "bo") is None
    assert next_redo(played(("anna", ApplyCode("x", ("A4",))), state=state), "anna") is None


def test_an_undone_undo_cancels_nothing() -> None:
    state = played(("anna", Undo(4)), ("anna", Undo(7)), state=CODED)
    assert undone(state.log) == {7}
    assert undone(played(("anna", Undo(8)), state=state).log) == {4, 8}


def test_what_counts_is_neither_undone_nor_an_undo() -> None:
    state = played(("anna", Undo(4)), ("anna", ApplyCode("x", ("A3",))), state=CODED)
    assert [entry.no for entry in standing(state.log)] == [1, 2, 3, 5, 6, 8]


def test_a_merged_code_is_followed_to_the_last_one() -> None:
    state = played(
        ("bo", CreateCode("z", "Songs")), ("bo", MergeCodes("x", "y")),
        ("bo", MergeCodes("y", "z")), state=CODED,
    )  # fmt: skip
    assert merged_into(state.log) == {"x": "z", "y": "z"}
    assert merged_into(played(("bo", Undo(9)), state=state).log) == {"x": "y"}


# --- stored ------------------------------------------------------------------------------------

KINDS_OF_DECISION = get_args(Decision)
some_texts = st.lists(st.text(), max_size=3).map(tuple)
st.register_type_strategy(
    Turn,
    st.builds(
        Turn, some_texts, st.none() | st.text(), some_texts, st.lists(st.floats(0, 1)).map(tuple)
    ),
)


@pytest.mark.parametrize("kind", KINDS_OF_DECISION)
def test_a_decision_survives_being_stored(kind: type[Decision]) -> None:
    @given(st.builds(kind))
    def check(decision: Decision) -> None:
        stored = json.dumps(decision_fields(decision))
        assert decision_from(json.loads(stored)) == decision

    check()


def test_what_a_decision_may_leave_out_survives_too() -> None:
    parts = (SplitPart("a", "Å", ("A1", "A2"), "ø"), SplitPart("b", "B", ()))
    revised = ReviseCode("x", include="", examples=("A1",), codable=False)
    for decision in (SplitCode("x", parts), revised, ReviseCode("x", examples=())):
        assert decision_from(json.loads(json.dumps(decision_fields(decision)))) == decision


def test_a_decision_is_stored_under_the_names_of_its_fields() -> None:
    assert decision_fields(MoveAnswers(("A1", "A2"), "x", "y")) == {
        "kind": "MoveAnswers", "answers": ["A1", "A2"], "source": "x", "target": "y"
    }  # fmt: skip


@pytest.mark.parametrize("values", [{}, {"kind": "Delete"}, {"kind": None}, {"kind": "LogEntry"}])
def test_a_stored_decision_of_no_known_kind_is_no_decision(values: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="no decision of kind"):
        decision_from(values)
