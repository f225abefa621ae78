"""What the door gives to those who code: orders, places in a text, what is posted twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from coder.model import (
    ApplyCode,
    CodeSegment,
    CreateCode,
    MarkAnswers,
    MergeCodes,
    MoveAnswers,
    RetireCode,
    ReviseCode,
    SetStatus,
    Undo,
)
from coder.study import Study
from coder.survey.questionnaire import parse_questionnaire
from tests.fixtures import refused


@pytest.fixture
def small(small_path: Path) -> Study:
    study = Study.open(small_path)
    study.decide(study.coder("Anna"), CreateCode("x", "Walks", "on foot"))
    return study


def anna(study: Study) -> str:
    return study.coder("Anna")


# --- posted twice ------------------------------------------------------------------------------


def test_what_comes_twice_is_written_once_also_after_a_restart(small: Study) -> None:
    first = small.decide(anna(small), ApplyCode("x", ("1",)), id="p1")
    assert small.decide(anna(small), ApplyCode("x", ("2",)), id="p1") == first
    again = Study.open(small.path)
    assert again.decide(anna(again), ApplyCode("x", ("2",)), id="p1") == first
    assert again.state.no == first.no
    assert again.check().damages == ()


def test_another_programs_entry_is_known_by_its_id(small: Study) -> None:
    other = Study.open(small.path)
    first = other.decide(anna(other), ApplyCode("x", ("1",)), id="p1")
    assert small.decide(anna(small), ApplyCode("x", ("1",)), id="p1") == first


def test_an_undo_that_comes_twice_takes_back_once(small: Study) -> None:
    one = small.decide(anna(small), ApplyCode("x", ("1",)))
    two = small.decide(anna(small), ApplyCode("x", ("2",)))
    assert small.undo(anna(small), id="u1") == two
    assert small.undo(anna(small), id="u1") == two
    assert small.state.answers_of("x") == ["1"]
    assert small.undo(anna(small), id="u2") == one
    assert small.redo(anna(small), id="r1") == small.redo(anna(small), id="r1")
    assert small.state.answers_of("x") == ["1"]


# --- places ------------------------------------------------------------------------------------


def test_a_segment_ends_where_its_answer_does(small: Study) -> None:
    length = len("because")
    small.decide(anna(small), CodeSegment("x", "1", 2, length))
    with refused("log.bad_segment", answer="1", end=length + 1):
        small.decide(anna(small), CodeSegment("x", "1", 2, length + 1))
    assert list(small.state.spans.values()) == [((2, length),)]


def test_a_place_in_a_shielded_answer_is_kept_as_in_what_was_written(demo: Study) -> None:
    changed = demo.survey.answers["text"] != demo.original.answers["text"]
    answer = demo.survey.answers.index[changed][0]
    shown, written = (s.answers.at[answer, "text"] for s in (demo.survey, demo.original))
    start, end = demo.span_as_written(answer, len(shown) - 4, len(shown))
    assert written[start:end] == shown[-4:]
    assert demo.span_as_shown(answer, start, end) == (len(shown) - 4, len(shown))


# --- orders ------------------------------------------------------------------------------------


def test_orders_hold_every_answer_that_can_be_coded_once(own_demo: Study) -> None:
    coder, gone = anna(own_demo), own_demo.survey.answers.index[3]
    own_demo.propose(encoder="fake")
    own_demo.decide(coder, SetStatus((gone,), "noise"))
    there = sorted(set(own_demo.survey.answers.index) - {gone})
    code = next(iter(own_demo.state.codes))
    for by in ("imported", "doubtful", "typical", "random", "similar"):
        assert sorted(own_demo.order(by, coder, code)) == there
    assert own_demo.order() == [a for a in own_demo.survey.answers.index if a != gone]
    assert own_demo.order("random", seed=1) != own_demo.order("random", seed=2)


def test_the_answers_of_a_code_are_most_like_it(own_demo: Study) -> None:
    own_demo.propose(encoder="fake")
    code = max(own_demo.state.codes, key=lambda each: len(own_demo.state.answers_of(each)))
    members = set(own_demo.state.answers_of(code))
    order = own_demo.order("similar", code=code)
    first = sum(each in members for each in order[: len(members)])
    last = sum(each in members for each in order[-len(members) :])
    assert first > last


def test_before_there_are_codes_proposals_tell_what_is_typical(own_proposed: Study) -> None:
    made = own_proposed.proposals()
    assert made is not None
    best = {t: a for p in made for a, t in zip(p.answers, p.typicality, strict=True)}
    assert own_proposed.order("typical")[0] == best[max(best)]
    assert own_proposed.order("doubtful")[0] == best[min(best)]


def test_nothing_is_like_a_code_that_nothing_has(own_proposed: Study) -> None:
    own_proposed.decide(anna(own_proposed), CreateCode("n", "New"))
    with refused("order.no_answers", label="New"):
        own_proposed.order("similar", code="n")


# --- beside an answer --------------------------------------------------------------------------


def test_what_stands_beside_an_answer_is_kept_with_the_study(own_demo: Study) -> None:
    assert own_demo.context_items()[0] == "kommune"
    own_demo.set_context_items(["q01", "stoerrelse"])
    assert Study.open(own_demo.path).context_items() == ("q01", "stoerrelse")


def test_an_open_question_allows_several_codes_unless_it_says_else(demo: Study) -> None:
    assert {demo.codes_per_answer(each) for each in demo.survey.answers.index} == {"many"}


def test_a_question_may_allow_one_code_only(tmp_path: Path) -> None:
    file = tmp_path / "survey.csv"
    file.write_text("nr;why;how\n1;a;b\n", "utf-8")
    fields = "{name: nr, kind: id}, {name: why, kind: open, codes: one}, {name: how, kind: open}"
    study = Study.create(tmp_path / "s.db", file, parse_questionnaire(f"questions: [{fields}]"))
    of = dict(zip(study.survey.answers["question"], study.survey.answers.index, strict=True))
    assert (study.codes_per_answer(of["why"]), study.codes_per_answer(of["how"])) == ("one", "many")
    for code in "xyz":
        study.decide(anna(study), CreateCode(code, code))
    study.decide(anna(study), ApplyCode("x", (of["how"], of["why"])))
    study.decide(anna(study), ApplyCode("y", (of["how"],)))
    with refused("log.one_code", answer=of["why"]):
        study.decide(anna(study), ApplyCode("y", (of["why"],)))
    study.decide(anna(study), MoveAnswers((of["why"],), "x", "z"))
    study.decide(study.coder("Bo"), ApplyCode("y", (of["why"],)))
    assert study.state.codings[anna(study), of["why"]] == ("z",)


# --- looking back ------------------------------------------------------------------------------


def test_the_study_as_it_was(small: Study) -> None:
    small.decide(anna(small), ApplyCode("x", ("1",)))  # entry 3
    small.decide(anna(small), ReviseCode("x", "Strolls"))
    small.decide(anna(small), Undo(3))
    then = small.as_of(4)
    assert then.codes["x"].label == "Strolls"
    assert then.answers_of("x") == ["1"]
    assert small.as_of(3).codes["x"].label == "Walks"
    assert (small.as_of(0).no, small.as_of(99).no) == (0, 5)


def test_the_course_of_the_work(small: Study) -> None:
    coder = anna(small)
    small.decide(coder, CreateCode("y", "Calls"))
    small.decide(coder, ApplyCode("x", ("2",)))
    small.decide(coder, MarkAnswers(("1",), "nothing"))
    assert small.saturation(1).to_numpy().tolist() == [[1, 1, 1], [2, 0, 1]]
    assert small.work_done()["answers"].tolist() == [1, 2]
    assert [each.what for each in small.genealogy()] == ["born", "born"]
    bo = small.coder("Bo")
    small.decide(bo, ApplyCode("y", ("1", "2")))
    assert small.disputed() == {"1", "2"}
    small.decide(bo, MergeCodes("y", "x"))
    small.decide(bo, SetStatus(("1",), "noise"))
    assert small.disputed() == set()


# --- what is offered ---------------------------------------------------------------------------


def test_what_is_done_with_or_retired_is_not_offered(own_demo: Study) -> None:
    own_demo.propose(encoder="fake")
    coder, state = anna(own_demo), own_demo.state
    code = next(iter(state.codes))
    own_demo.decide(coder, ApplyCode(code, tuple(state.answers_of(code))))
    own_demo.decide(coder, MarkAnswers(tuple(sorted(state.answers))[:150], "done"))
    own_demo.decide(coder, RetireCode(code))
    offers = own_demo.suggestions(coder=coder)
    assert len(offers) < len(state.answers) - 149
    assert all(code not in each.codes for each in offers)
