"""What the browser posts becomes decisions: each once, about what stood on the screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from coder.model import (
    AcceptGroup,
    CloseRound,
    CodeSegment,
    CreateCode,
    Decision,
    MarkAnswers,
    MoveAnswers,
    RemoveCode,
    SetStatus,
    TreatFinds,
    Turn,
    UncodeSegment,
    WriteMemo,
)
from coder.study import Study, seen_as
from coder.survey.questionnaire import parse_questionnaire
from coder.ui.desk_posts import carry_out, decisions, read_post
from tests.fixtures import refused

TEXT = "Gåture 🌲 hver dag"


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """Two questions: the first allows several codes, the second one. Anna has made x and y."""
    file = tmp_path / "survey.csv"
    file.write_text(f"nr;many;one\n1;{TEXT};ring\n2;skærm;til Anna Hansen\n", "utf-8")
    fields = "{name: nr, kind: id}, {name: many, kind: open}, {name: one, kind: open, codes: one}"
    made = Study.create(tmp_path / "s.db", file, parse_questionnaire(f"questions: [{fields}]"))
    for code in "xy":
        made.decide(made.coder("Anna"), CreateCode(code, code.upper()))
    return made


def answer_to(study: Study, question: str, respondent: str = "1") -> str:
    rows = study.survey.answers
    return str(rows.index[(rows["question"] == question) & (rows["respondent"] == respondent)][0])


def decided(study: Study, **post: Any) -> list[Decision]:
    given = {"uid": "p", "answer": answer_to(study, "many"), **post}
    return decisions(study, study.coder("Anna"), read_post(given))


def post(study: Study, uid: str, **values: Any) -> None:
    given = {"uid": uid, "answer": answer_to(study, "many"), **values}
    carry_out(study, study.coder("Anna"), read_post(given))


def codes(study: Study, question: str = "many") -> tuple[str, ...]:
    return study.state.codings.get((study.coder("Anna"), answer_to(study, question)), ())


# --- one decision for each act -----------------------------------------------------------------


def test_a_code_is_given_with_what_was_offered(study: Study) -> None:
    answer = answer_to(study, "many")
    (made,) = decided(study, act="give", code="x", offered=["y", "x"], chance=0.25, by="e5")
    turn = Turn((answer,), None, ("y", "x"), (0.25,))
    assert made == AcceptGroup(turn, "x", (answer,), (), "e5")


def test_without_suggestions_nothing_is_said_to_have_been_offered(study: Study) -> None:
    answer = answer_to(study, "many")
    (made,) = decided(study, act="give", code="x", offered=[], chance=None, by="e5")
    assert made == AcceptGroup(Turn((answer,)), "x", (answer,))


def test_of_an_answer_held_out_nothing_was_offered_whatever_the_browser_says(study: Study) -> None:
    study.hold_out(0.99)
    answer = answer_to(study, "many")
    assert answer in study.held_out()
    (made,) = decided(study, act="give", code="x", offered=["y"], chance=0.5, by="e5")
    assert made == AcceptGroup(Turn((answer,)), "x", (answer,))


def test_a_new_code_is_made_by_the_same_decision(study: Study) -> None:
    (made,) = decided(study, act="give", code="n", label="Ny", definition="Alt nyt.")
    assert isinstance(made, AcceptGroup)
    assert (made.code, made.label, made.definition) == ("n", "Ny", "Alt nyt.")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"act": "take", "code": "x"}, RemoveCode("x", ("A",))),
        ({"act": "mark", "mark": "discuss"}, MarkAnswers(("A",), "discuss")),
        ({"act": "mark", "mark": "quote", "on": False}, MarkAnswers(("A",), "quote", on=False)),
        ({"act": "memo", "text": "Spørg Bo"}, WriteMemo("A", "Spørg Bo")),
        ({"act": "aside"}, SetStatus(("A",), "none")),
        ({"act": "aside", "on": False}, SetStatus(("A",), None)),
    ],
)
def test_every_other_act(study: Study, values: dict[str, Any], expected: Decision) -> None:
    answer = answer_to(study, "many")
    names = {"answers": (answer,)} if hasattr(expected, "answers") else {"answer": answer}
    assert decided(study, **values) == [type(expected)(**{**vars(expected), **names})]


def test_where_one_code_is_allowed_another_replaces_it(study: Study) -> None:
    answer = answer_to(study, "one")
    post(study, "1", act="give", answer=answer, code="x")
    post(study, "2", act="give", answer=answer, code="y", replaces="x")
    assert codes(study, "one") == ("y",)
    assert study.state.log[-1].decision == MoveAnswers((answer,), "x", "y")
    post(study, "3", act="give", answer=answer, code="n", label="Ny", replaces="y")
    assert [type(each.decision) for each in study.state.log[-2:]] == [CreateCode, MoveAnswers]
    assert codes(study, "one") == ("n",)


# --- segments ----------------------------------------------------------------------------------


def test_a_segment_is_counted_in_code_points(study: Study) -> None:
    span = [TEXT.index("hver"), len(TEXT)]
    assert span == [9, 17]  # the tree is one, though it is two units of JavaScript
    answer = answer_to(study, "many")
    (made,) = decided(study, act="give", code="x", span=span, length=len(TEXT))
    assert made == CodeSegment("x", answer, 9, 17)
    post(study, "1", act="give", code="n", label="Ny", span=span, length=len(TEXT))
    assert [type(each.decision) for each in study.state.log[-2:]] == [CreateCode, CodeSegment]
    (taken,) = decided(study, act="take", code="n", span=span)
    assert taken == UncodeSegment("n", answer, 9, 17)


def test_nothing_is_coded_in_a_text_that_is_shown_otherwise_than_it_was(study: Study) -> None:
    with refused("desk.text_changed"):
        decided(study, act="give", code="x", span=[0, 6], length=len(TEXT) + 3)
    for span in ([0, 0], [5, 3], [-1, 3], [0, len(TEXT) + 1]):
        with refused("log.bad_segment"):
            decided(study, act="give", code="x", span=span, length=len(TEXT))


def test_a_place_beside_a_pseudonym_is_kept_as_in_what_was_written(study: Study) -> None:
    answer = answer_to(study, "one", "2")
    shown = study.survey.answers.at[answer, "text"]
    written = study.original.answers.at[answer, "text"]
    assert "Anna" not in shown
    start = shown.index("[")
    span = [start, shown.index("]", start) + 1]
    values = {"answer": answer, "code": "x", "span": span}
    (made,) = decided(study, act="give", length=len(shown), **values)
    assert isinstance(made, CodeSegment)
    assert written[made.start : made.end] == "Anna Hansen"
    study.decide(study.coder("Anna"), made)
    (taken,) = decided(study, act="take", **values)
    assert taken == UncodeSegment("x", answer, made.start, made.end)
    study.decide(study.coder("Anna"), TreatFinds((study.finds()[0].id,), "keep"))
    with refused("desk.text_changed"):
        decided(study, act="give", length=len(shown), **values)


# --- once, and in order ------------------------------------------------------------------------


def test_what_comes_again_is_written_once(study: Study) -> None:
    before = study.state.no
    for _ in range(2):
        post(study, "1", act="give", code="x")
        post(study, "2", act="give", code="n", label="Ny", span=[0, 6], length=len(TEXT))
    assert study.state.no == before + 3
    assert codes(study) == ("x", "n")


def test_undo_and_redo_come_in_order_with_the_rest_and_count_once(study: Study) -> None:
    coder = study.coder("Anna")
    post(study, "1", act="give", code="x")
    post(study, "2", act="give", code="y")
    undo, redo = read_post({"uid": "3", "act": "undo"}), read_post({"uid": "4", "act": "redo"})
    for _ in range(2):
        taken_back = carry_out(study, coder, undo)
        assert taken_back is not None
        assert taken_back.id == "2"
    assert codes(study) == ("x",)
    assert carry_out(study, coder, redo) is not None
    assert codes(study) == ("x", "y")
    assert carry_out(study, coder, read_post({"uid": "5", "act": "redo"})) is None


def test_an_answer_that_there_is_not_is_refused(study: Study) -> None:
    for answer in ("R999", None):
        with refused("log.no_answer"):
            decided(study, act="mark", answer=answer)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"act": "give", "uid": ""},
        {"act": "give", "uid": 3},
        {"act": "burn"},
        {"act": "undo", "span": [1, "2"]},
        {"act": "give", "span": [1, 2, 3]},
        {"act": "give", "offered": [str(no) for no in range(10)]},
        {"act": "give", "offered": [1]},
        {"act": "give", "chance": "high"},
        {"act": "mark", "mark": "burnt"},
        {"act": "mark", "on": "yes"},
        {"act": "take", "code": None},
        {"act": "mark", "answer": 3},
    ],
)
def test_what_is_no_post_is_refused(values: dict[str, Any]) -> None:
    with refused("desk.not_understood"):
        read_post({"uid": "1", **values})


# --- coding again ------------------------------------------------------------------------------


def test_what_was_decided_in_a_round_of_coding_again_is_no_coding_when_it_comes_late(
    study: Study,
) -> None:
    anna, answer = study.coder("Anna"), answer_to(study, "many")
    post(study, "a", act="give", code="x")
    post(study, "b", act="mark", mark="done")
    study.decide(anna, study.plan_round("r", "Igen", [anna], "again", 1, answers=[answer]))
    seen = seen_as(study, "lead", anna)
    with refused("desk.other_round"):
        post(seen, "c", act="give", code="y")
    post(seen, "d", act="give", code="y", again="r")
    assert codes(seen) == ("y",)
    study.decide(anna, CloseRound("r"))
    for late in ({"act": "take", "code": "y"}, {"act": "undo", "answer": None}):
        with refused("desk.other_round"):
            post(seen, "e", again="r", **late)
    assert codes(seen) == ("x",)
