"""What each decision about codes, segments and marks does, and why it may be refused."""

from __future__ import annotations

import pytest

from coder.coding.state import State
from coder.model import (
    AcceptGroup,
    ApplyCode,
    Code,
    CodeSegment,
    Coding,
    CreateCode,
    Decision,
    MarkAnswers,
    MergeCodes,
    MoveAnswers,
    MoveCode,
    RemoveCode,
    RetireCode,
    ReviseCode,
    SetStatus,
    SplitCode,
    SplitPart,
    Turn,
    UncodeSegment,
    WriteMemo,
)
from tests.coding.test_log import CODED, JOINED, played
from tests.fixtures import refused


def after(*decisions: Decision, state: State = CODED) -> State:
    return played(*(("anna", each) for each in decisions), state=state)


def labels(state: State, parent: str | None = None) -> list[str]:
    return [code.label for code in state.children(parent)]


# a with b and c under it, c with d under it, e beside a
TREE = after(
    CreateCode("a", "A"), CreateCode("b", "B", parent="a"), CreateCode("c", "C", parent="a"),
    CreateCode("d", "D", parent="c"), CreateCode("e", "E"), state=JOINED,
)  # fmt: skip


# --- the codebook ------------------------------------------------------------------------------


def test_what_is_not_told_of_a_code_stays() -> None:
    state = after(
        ReviseCode("x", include="in rain", colour="#0b6e6e"), ReviseCode("x", examples=("A2",)),
        ReviseCode("x", memo="ask Bo", definition=""),
    )  # fmt: skip
    assert state.codes["x"] == Code(
        "x", "Walks", "", "in rain", memo="ask Bo", colour="#0b6e6e", examples=("A2",)
    )


def test_a_tree_is_read_from_the_top() -> None:
    assert labels(TREE) == ["A", "E"]
    assert labels(TREE, "a") == ["B", "C"]
    assert TREE.path("d") == "A › C › D"


def test_a_code_moves_with_all_that_is_under_it() -> None:
    state = after(MoveCode("c", None, before="a"), state=TREE)
    assert labels(state) == ["C", "A", "E"]
    assert state.path("d") == "C › D"
    assert labels(after(MoveCode("a"), state=state)) == ["C", "E", "A"]
    assert labels(after(MoveCode("e", "a", before="c"), state=TREE), "a") == ["B", "E", "C"]


def test_what_stood_under_a_merged_code_stands_under_the_other() -> None:
    assert labels(after(MergeCodes("a", "e"), state=TREE), "e") == ["B", "C"]
    into_a_grandchild = after(MergeCodes("a", "d"), state=TREE)
    assert labels(into_a_grandchild) == ["C", "E"]
    assert into_a_grandchild.path("b") == "C › D › B"


def test_a_retired_code_keeps_what_is_coded_and_may_come_back() -> None:
    state = after(RetireCode("x"))
    assert state.codes["x"].retired
    assert state.codings == CODED.codings
    assert after(RetireCode("x", retired=False), state=state).codes == CODED.codes


def test_what_can_be_given_is_neither_a_heading_nor_retired() -> None:
    state = after(RetireCode("b"), ReviseCode("a", codable=False), state=TREE)
    assert [code.label for code in state.usable()] == ["C", "D", "E"]


def test_a_split_takes_over_this_coders_answers_and_leaves_the_rest() -> None:
    both = played(("bo", ApplyCode("x", ("A1",))), state=after(MoveCode("y", "x")))
    parts = (SplitPart("p", "Long", ("A1",), "over 1 km"), SplitPart("q", "Short", ("A1",)))
    state = after(SplitCode("x", parts), state=both)
    assert state.codes["p"] == Code("p", "Long", "over 1 km")
    assert state.codings["anna", "A1"] == ("p", "q")
    assert state.codings["anna", "A2"] == ("x",)
    assert state.codings["bo", "A1"] == ("y", "x")
    of_a_child = after(SplitCode("d", (SplitPart("p", "P", ()),)), state=TREE)
    assert of_a_child.codes["p"].parent == "c"


# --- segments ----------------------------------------------------------------------------------


def test_a_code_on_segments_is_on_the_answer() -> None:
    state = after(CodeSegment("y", "A3", 5, 9), CodeSegment("y", "A3", 0, 2))
    assert Coding("A3", "y", "anna", ((0, 2), (5, 9))) in state.all_codings()
    assert state.answers_of("y", "anna") == ["A3"]
    one = after(UncodeSegment("y", "A3", 0, 2), state=state)
    assert one.spans["anna", "A3", "y"] == ((5, 9),)
    none = after(UncodeSegment("y", "A3", 5, 9), state=one)
    assert (none.codings, none.spans) == (CODED.codings, {})


def test_a_code_is_on_all_of_an_answer_or_on_segments_of_it() -> None:
    narrowed = after(CodeSegment("x", "A1", 0, 4))
    assert narrowed.spans == {("anna", "A1", "x"): ((0, 4),)}
    assert narrowed.codings == CODED.codings
    assert after(ApplyCode("x", ("A1",)), state=narrowed).spans == {}
    assert after(RemoveCode("x", ("A1",)), state=narrowed).spans == {}


def test_segments_follow_their_answer_to_another_code() -> None:
    state = after(CodeSegment("x", "A1", 0, 4), MoveAnswers(("A1",), "x", "y"))
    assert state.spans == {("anna", "A1", "y"): ((0, 4),)}
    whole = after(CodeSegment("x", "A1", 0, 4), ApplyCode("y", ("A1",)))
    assert after(MoveAnswers(("A1",), "x", "y"), state=whole).spans == {}


def test_a_merge_brings_segments_together_unless_one_code_was_on_all_of_it() -> None:
    marked = after(CodeSegment("x", "A1", 0, 4), CodeSegment("y", "A1", 2, 6))
    assert after(MergeCodes("x", "y"), state=marked).spans == {
        ("anna", "A1", "y"): ((0, 4), (2, 6))
    }
    whole = after(CodeSegment("x", "A1", 0, 4), ApplyCode("y", ("A1",)))
    assert after(MergeCodes("x", "y"), state=whole).spans == {}


# --- marks and memos ---------------------------------------------------------------------------


def test_marks_are_each_coders_own() -> None:
    state = after(MarkAnswers(("A1", "A3"), "discuss"), MarkAnswers(("A3",), "nothing"))
    assert state.marked("discuss") == {"A1", "A3"}
    assert state.done_answers("anna") == {"A3"}
    assert state.dealt_with("anna") == {"A1", "A2", "A3"}
    assert state.done_answers("bo") == set()
    off = after(MarkAnswers(("A1", "A4"), "discuss", on=False), state=state)
    assert off.marks == {("anna", "A3"): ("discuss", "nothing")}


def test_a_code_says_that_something_applies_after_all() -> None:
    state = after(MarkAnswers(("A3",), "nothing"), MarkAnswers(("A3",), "quote"))
    coded = after(AcceptGroup(Turn(("A3",)), "x", ("A3",)), state=state)
    assert coded.marks == {("anna", "A3"): ("quote",)}


def test_a_memo_stands_until_it_is_emptied() -> None:
    state = after(WriteMemo("A1", "first\nsecond"))
    assert state.memos == {("anna", "A1"): "first\nsecond"}
    assert after(WriteMemo("A1", "  "), state=state).memos == {}


def test_coders_who_chose_differently_dispute_an_answer() -> None:
    assert CODED.disputed() == {"A1"}  # Walks by Anna, Calls by Bo
    same = played(("bo", ApplyCode("x", ("A1",))), ("anna", ApplyCode("y", ("A1",))), state=CODED)
    assert same.disputed() == set()
    nothing = played(("bo", MarkAnswers(("A2",), "nothing")), state=same)
    assert nothing.disputed() == {"A2"}
    flagged = played(("bo", MarkAnswers(("A2",), "discuss")), state=same)
    assert flagged.disputed() == set()


# --- refused -----------------------------------------------------------------------------------

REFUSALS: list[tuple[Decision, str, dict[str, object]]] = [
    (CreateCode("f", "F", parent="z"), "log.no_code", {"code": "z"}),
    (MoveCode("a", "d"), "log.below_itself", {"label": "A"}),
    (MoveCode("a", "a"), "log.below_itself", {"label": "A"}),
    (MoveCode("b", None, before="c"), "log.not_a_sibling", {"label": "C"}),
    (MoveCode("b", "z"), "log.no_code", {"code": "z"}),
    (RetireCode("z"), "log.no_code", {"code": "z"}),
    (ReviseCode("a", examples=("A9",)), "log.no_answer", {"answer": "A9"}),
    (ReviseCode("a", label="E"), "log.code_exists", {"label": "E"}),
    (SplitCode("a", ()), "log.split_nothing", {"label": "A"}),
    (SplitCode("a", (SplitPart("f", "F", ("A1",)),)), "log.not_coded", {"answer": "A1"}),
    (SplitCode("a", (SplitPart("f", "B", ()),)), "log.code_exists", {"label": "B"}),
    (CodeSegment("a", "A1", 3, 3), "log.bad_segment", {"answer": "A1", "start": 3, "end": 3}),
    (CodeSegment("a", "A1", -1, 3), "log.bad_segment", {"answer": "A1"}),
    (CodeSegment("a", "A9", 0, 3), "log.no_answer", {"answer": "A9"}),
    (UncodeSegment("a", "A1", 0, 3), "log.no_segment", {"answer": "A1", "label": "A"}),
    (MarkAnswers(("A9",), "done"), "log.no_answer", {"answer": "A9"}),
    (WriteMemo("A9", "?"), "log.no_answer", {"answer": "A9"}),
]


@pytest.mark.parametrize(("decision", "key", "params"), REFUSALS)
def test_what_cannot_be_done_is_refused(
    decision: Decision, key: str, params: dict[str, object]
) -> None:
    with refused(key, **params):
        after(decision, state=TREE)


def test_a_heading_codes_nothing() -> None:
    state = after(ReviseCode("x", codable=False))
    assert state.codings == CODED.codings
    for decision in (ApplyCode("x", ("A3",)), CodeSegment("x", "A3", 0, 1)):
        with refused("log.not_codable", label="Walks"):
            after(decision, state=state)


def test_nothing_can_not_apply_where_something_does() -> None:
    with refused("log.nothing_but_coded", answer="A1"):
        after(MarkAnswers(("A3", "A1"), "nothing"))
    assert after(MarkAnswers(("A1",), "nothing", on=False)).marks == {}


def test_what_is_set_aside_is_not_disputed_by_the_study_but_stays_coded() -> None:
    state = after(SetStatus(("A1",), "noise"))
    assert state.codings == CODED.codings
    assert state.set_aside() == {"A1"}
