"""Suggestions through the study: turns and acts, what is held out, and what is in doubt."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator

import pytest

from coder.cli import main
from coder.model import (
    AcceptGroup,
    ApplyCode,
    CreateCode,
    RejectGroup,
    ReviseCode,
    SetApart,
    SetStatus,
    TreatFinds,
    Turn,
)
from coder.study import Study
from coder.text.misfits import chances_left_out
from tests.fixtures import refused


@pytest.fixture
def study(own_proposed: Study) -> Study:
    return own_proposed


@pytest.fixture(scope="module")
def labels(demo: Study) -> dict[str, str]:
    """The expert's first category of each answer of the demo."""
    codes = demo.state.codes
    return {answer: codes[own[0]].label for (_, answer), own in demo.state.codings.items()}


def work(study: Study, coder: str, labels: dict[str, str], most: int = 1000) -> Iterator[Turn]:
    """The turns that a coder is shown who knows the right codes, and gives the first one's."""
    for _ in range(most):
        turn = study.next_turn()
        if turn is None:
            return
        label = labels[turn.shown[0]]
        there = {code.label: code.id for code in study.state.codes.values()}
        right = tuple(each for each in turn.shown if labels[each] == label)
        wrong = tuple(each for each in turn.shown if labels[each] != label)
        code, made = there.get(label, str(uuid.uuid4())), "" if label in there else label
        by = study.suggested_by()
        study.decide(coder, AcceptGroup(turn, code, right, wrong, by, made))
        yield turn


def test_turns_and_acts_until_every_answer_is_coded(study: Study, labels: dict[str, str]) -> None:
    coder = study.coder("Anna")
    turns = list(work(study, coder, labels))
    state = study.state
    assert study.next_turn() is None
    assert study.suggestions() == []
    assert state.coded_answers() == set(labels)
    given = {answer: state.codes[codes[0]].label for (_, answer), codes in state.codings.items()}
    assert given == labels
    assert len(turns) < len(labels)
    assert Study.open(study.path).state.acts() == state.acts()
    assert study.suggested_by() == "fake"


def test_an_undone_act_teaches_nothing(study: Study, labels: dict[str, str]) -> None:
    coder = study.coder("Anna")
    list(work(study, coder, labels, 5))
    turn, before = study.next_turn(), study.suggestions()
    assert turn is not None
    study.decide(coder, RejectGroup(turn, "fake"))
    assert study.suggestions() != before
    study.undo(coder)
    assert (study.next_turn(), study.suggestions()) == (turn, before)


def test_another_process_sees_the_same(study: Study, labels: dict[str, str]) -> None:
    list(work(study, study.coder("Anna"), labels, 5))
    other = Study.open(study.path)
    assert (other.next_turn(), other.suggestions()) == (study.next_turn(), study.suggestions())


def test_a_coder_may_work_for_themselves(study: Study, labels: dict[str, str]) -> None:
    anna, bo = study.coder("Anna"), study.coder("Bo")
    (first,) = {each.new for each in study.suggestions(coder=bo)}
    list(work(study, anna, labels, 5))
    done = study.state.coded_answers(anna)
    assert {each.new for each in study.suggestions(coder=bo)} == {first}
    assert {each.new for each in study.suggestions(coder=anna)} != {first}
    assert {each.answer for each in study.suggestions(coder=bo)} == set(labels)
    assert not {each.answer for each in study.suggestions()} & done
    assert all(each.chances == (0.0,) * len(each.codes) for each in study.suggestions(coder=bo))


def test_what_is_set_aside_is_not_offered_until_it_is_an_answer_again(study: Study) -> None:
    coder = study.coder("Anna")
    turn = study.next_turn()
    assert turn is not None
    gone = turn.shown
    study.decide(coder, SetStatus(gone, "noise"))
    later = study.next_turn()
    assert later is not None
    assert not set(later.shown) & set(gone)
    assert not {each.answer for each in study.suggestions()} & set(gone)
    assert study.suggestions(gone) == []
    fresh = Study.open(study.path)  # whose suggestions have never known them
    assert not {each.answer for each in fresh.suggestions()} & set(gone)
    fresh.decide(coder, SetStatus(gone, None))
    assert set(gone) <= {each.answer for each in fresh.suggestions()}


def test_other_treatments_are_other_texts(study: Study) -> None:
    coder, finds = study.coder("Anna"), study.finds()
    study.next_turn()
    before = study._known_now(None)
    assert study._known_now(None) is before
    study.decide(coder, TreatFinds(tuple(each.id for each in finds), "drop"))
    after = study._known_now(None)
    assert after.texts != before.texts
    assert after.texts == study.survey.answers["text"].tolist()


def test_answers_held_out_come_alone_and_without_offers(
    study: Study, labels: dict[str, str]
) -> None:
    study.hold_out(0.3, seed=5)
    blind = study.held_out()
    assert 30 <= len(blind) <= 75
    assert Study.open(study.path).held_out() == blind
    assert not {each.answer for each in study.suggestions()} & blind
    turns = list(work(study, study.coder("Anna"), labels))
    alone = [i for i, turn in enumerate(turns) if set(turn.shown) & blind]
    assert all(turns[i] == Turn(turns[i].shown) and len(turns[i].shown) == 1 for i in alone)
    assert len(alone) == len(blind)
    # They keep up with the others instead of being left to the end.
    assert alone[len(alone) // 2] < len(turns) * 0.75
    found = study.influence()
    assert found.agreed_blind.of > 0.8 * len(blind)
    assert found.agreed.of > found.agreed_blind.of
    assert found.changed.count == 0
    study.hold_out(0)
    assert study.held_out() == frozenset()


@pytest.mark.parametrize("share", [-0.1, 1, 3, float("nan")])
def test_a_share_that_is_none_is_refused(study: Study, share: float) -> None:
    with refused("suggestions.bad_share"):
        study.hold_out(share)


def test_answers_set_apart_are_never_proposed_together(study: Study) -> None:
    before = study.proposals(2)
    assert before is not None
    one, other = before.proposals[0].answers[:2]
    study.decide(study.coder("Anna"), SetApart(one, other))
    for count in (2, 5):
        made = study.propose(count, "fake")
        assert not any({one, other} <= set(each.answers) for each in made)


def test_what_is_in_doubt(study: Study, labels: dict[str, str]) -> None:
    coder = study.coder("Anna")
    for label in sorted(set(labels.values())):
        code = str(uuid.uuid4())
        study.decide(coder, CreateCode(code, label, "as the expert says"))
        own = tuple(sorted(answer for answer in labels if labels[answer] == label))
        study.decide(coder, ApplyCode(code, own))
    assert study.relook() == []
    codes = {code.label: code.id for code in study.state.codes.values()}
    largest = max(codes, key=lambda each: len(study.state.answers_of(codes[each])))
    study.decide(coder, ReviseCode(codes[largest], largest, "something else"))
    again = study.relook()
    assert {each.answer for each in again} == set(study.state.answers_of(codes[largest]))
    assert study.relook(next(code for each, code in codes.items() if each != largest)) == []
    chances = chances_left_out(study._known_now(None).space, study._past(None))
    leads = []  # of its own code over the best other: the nearest to another code comes first
    for each in again:
        this = chances[each.answer].pop(each.code, 0.0)
        leads.append(this - max(chances[each.answer].values()))
    assert leads == sorted(leads)
    assert leads[0] < leads[-1]
    assert all(len(each.answers) > 1 for each in study.near_duplicates())


def test_the_commands(
    study: Study, labels: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    list(work(study, study.coder("Anna"), labels, 20))
    capsys.readouterr()
    command = ["suggestions", str(study.path), "--hold-out", "0.2", "--json"]
    assert main(command) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["held_out"] == len(study.held_out()) > 0
    assert set(found["agreed"]) == {"count", "of", "share", "low", "high"}
    assert main(["doubts", str(study.path), "--json"]) == 0
    assert set(json.loads(capsys.readouterr().out)) == {"misfits", "near_duplicates", "relook"}
    for verb in ("suggestions", "doubts"):
        assert main([verb, str(study.path)]) == 0
        assert capsys.readouterr().out
