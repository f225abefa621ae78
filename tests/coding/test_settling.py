"""What is to be settled and in which order, what is agreed on, and who is compared with whom."""

from __future__ import annotations

from coder.coding.compared import of_coders, over_time, with_key, with_machine
from coder.coding.layers import codings_of, consensus
from coder.coding.settling import disagreements
from coder.coding.state import State
from coder.model import (
    AddCoder,
    ApplyCode,
    Coding,
    CreateCode,
    MarkAnswers,
    MergeCodes,
    MoveAnswers,
    RemoveCode,
    SetStatus,
    Settle,
    Undo,
)
from tests.coding.test_log import played
from tests.fixtures import refused

IDS = tuple(f"A{no}" for no in range(1, 9))


def coded(anna: dict[str, str], bo: dict[str, str]) -> State:
    """Each has coded and is done with these answers; a code per letter, none for an empty text."""
    joined = [("anna", AddCoder("anna", "Anna")), ("bo", AddCoder("bo", "Bo"))]
    made = [("anna", CreateCode(code, code.upper())) for code in "xyzw"]
    given = [
        (who, ApplyCode(code, (answer,)))
        for who, codes in (("anna", anna), ("bo", bo))
        for answer, some in codes.items()
        for code in some
    ]
    done = [("anna", MarkAnswers(tuple(anna), "done")), ("bo", MarkAnswers(tuple(bo), "done"))]
    return played(*joined, *made, *given, *done, state=State(frozenset(IDS)))


# X and Y are taken for one another twice, once each way; Z is given by one alone; on A5 and A6
# they agree, and A7 only Anna has done.
STATE = coded(
    {"A1": "x", "A2": "y", "A3": "zx", "A4": "w", "A5": "x", "A6": "", "A7": "x"},
    {"A1": "y", "A2": "x", "A3": "x", "A4": "z", "A5": "x", "A6": ""},
)


def test_the_confusion_that_most_answers_share_comes_first() -> None:
    found = disagreements(STATE)
    assert [each.answer for each in found] == ["A1", "A2", "A3", "A4"]
    assert [(each.confusion, each.alike) for each in found] == [
        (("x", "y"), 2),
        (("x", "y"), 2),
        (("z",), 1),  # one of two uses of z, where w/z is one of three
        (("w", "z"), 1),
    ]
    assert found[0].chosen == {"anna": ("x",), "bo": ("y",)}
    assert found[2].disputed == ("z",)


def test_what_is_settled_or_set_aside_is_to_be_settled_no_more() -> None:
    state = played(("anna", Settle(("A1",), ("x",), "slip")), state=STATE)
    assert [each.answer for each in disagreements(state)] == [
        "A3",
        "A4",
        "A2",
    ]  # 1 of 2, 1 of 3, 1 of 9
    assert len(disagreements(state, settled=True)) == 4
    assert disagreements(played(("anna", Undo(state.no)), state=state)) == disagreements(STATE)
    aside = played(("bo", SetStatus(("A1",), "noise")), state=STATE)
    assert "A1" not in {each.answer for each in disagreements(aside)}
    assert [each.answer for each in disagreements(STATE, {"A3", "A5"})] == ["A3"]


def test_the_consensus_is_what_is_settled_or_what_all_who_are_done_agree_on() -> None:
    state = played(("bo", Settle(("A1", "A7"), ("x", "y"), "both_apply")), state=STATE)
    assert consensus(STATE) == {"A5": {"x"}, "A6": set(), "A7": {"x"}}
    assert consensus(state) == {"A1": {"x", "y"}, "A5": {"x"}, "A6": set(), "A7": {"x", "y"}}
    assert codings_of(state, "consensus")[:2] == [Coding("A1", "x", ""), Coding("A1", "y", "")]
    assert state.codings == STATE.codings


def test_layers() -> None:
    assert codings_of(STATE, "all") == STATE.all_codings()
    assert codings_of(STATE, " BO ") == codings_of(STATE, "bo")
    assert {each.coder for each in codings_of(STATE, "Bo")} == {"bo"}
    with refused("layer.unknown", name="Eva", coders="Anna, Bo"):
        codings_of(STATE, "Eva")


def pairs(state: State, **how: object) -> dict[str, list[set[str]]]:
    found = of_coders(state, **how)  # type: ignore[arg-type]
    return {
        unit: [
            {code for code, yes in zip(found.codes, some, strict=True) if yes}
            for some, rated in zip(found.given[row], found.rated[row], strict=True)
            if rated
        ]
        for row, unit in enumerate(found.units)
    }


def test_ratings_are_of_answers_that_are_done_and_codes_that_could_be_given() -> None:
    found = pairs(STATE)
    assert found["A1"] == [{"x"}, {"y"}]
    assert found["A6"] == [set(), set()]  # done, and nothing applies: that is a rating
    assert found["A7"] == [{"x"}]
    assert "A8" not in found
    assert of_coders(STATE).codes == ("x", "y", "z", "w")
    unmarked = played(("bo", MarkAnswers(("A1",), "done", False)), state=STATE)
    assert pairs(unmarked)["A1"] == [{"x"}]


def test_after_settling_everyone_has_what_was_settled_and_nobodys_coding_is_another() -> None:
    state = played(("anna", Settle(("A1",), ("z",), "ambiguous")), state=STATE)
    assert pairs(state, settled=True)["A1"] == [{"z"}, {"z"}]
    assert pairs(state) == pairs(STATE)


def test_one_coder_with_the_key_with_a_later_coding_and_with_the_machine() -> None:
    state = played(("anna", Settle(("A1", "A8"), ("y",), "slip")), state=STATE)
    key = with_key(state, "anna", set(IDS))
    assert (key.units, key.coders) == (("A1",), ("anna", "key"))
    assert key.given[0].tolist() == [[True, False, False, False], [False, True, False, False]]
    machine = with_machine(STATE, "bo", {"A1": ["x"], "A8": ["x"]})
    assert (machine.units, machine.coders) == (("A1",), ("bo", "machine"))


def test_the_same_coder_again_is_what_was_taken_up_and_done_anew() -> None:
    state = played(
        ("anna", MarkAnswers(("A1", "A5"), "done", False)),
        ("anna", MoveAnswers(("A1",), "x", "y")),
        ("anna", MarkAnswers(("A1",), "done")),
        ("anna", RemoveCode("x", ("A7",))),  # changed, but never taken up
        state=STATE,
    )
    found = over_time(state, "anna", set(IDS))
    assert (found.units, found.coders) == (("A1",), ("first", "later"))
    assert [found.codes[row.argmax()] for row in found.given[0]] == ["x", "y"]
    merged = played(("bo", MergeCodes("x", "y")), state=state)
    found = over_time(merged, "anna", set(IDS))
    assert [found.codes[row.argmax()] for row in found.given[0]] == ["y", "y"]
