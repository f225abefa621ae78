"""What can be done with a candidate category, and that each act is one decision."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from coder.i18n import load_texts
from coder.model import (
    AcceptGroup,
    ApplyCode,
    ConfirmProposal,
    Decision,
    MergeCodes,
    MoveAnswers,
    Proposal,
    ReviseCode,
    SetApart,
    SetStatus,
    Turn,
)
from coder.study import Study
from coder.survey.questionnaire import parse_questionnaire
from coder.ui.candidate_answers import joined, name

DA = load_texts("da")


@pytest.fixture
def study(shown: Study) -> Study:
    return shown


def open_page(**address: str) -> AppTest:
    app = AppTest.from_string(
        "from coder.ui import candidates\ncandidates.show()", default_timeout=60
    )
    for each, value in {"lang": "da", "coder": "Anna", **address}.items():
        app.query_params[each] = value
    return app.run()


def proposal(study: Study, place: int = 0) -> Proposal:
    made = study.proposals()
    assert made is not None
    return made.proposals[place]


def opened(app: AppTest, each: Proposal) -> AppTest:
    return app.radio[0].set_value(each.id).run()


def behind(app: AppTest, what: str) -> AppTest:
    """Open what stands behind a word."""
    app.session_state[what] = True
    return app.run()


def press(app: AppTest, key: str) -> AppTest:
    return app.button(key=key).click().run()


def view(app: AppTest, which: str) -> AppTest:
    return app.segmented_control(key="order.da").set_value(which).run()


def box(app: AppTest, answer: str) -> object:
    (found,) = (each for each in app.checkbox if f".{answer}." in str(each.key))
    return found


def last(study: Study) -> Decision:
    return study.state.log[-1].decision


def confirmed(study: Study, place: int, coder: str = "Anna") -> ConfirmProposal:
    each = proposal(study, place)
    decision = ConfirmProposal(f"c{place}", f"Kode {place}", each.answers, each.id, "fake")
    study.decide(study.coder(coder), decision)
    return decision


# --- confirm -----------------------------------------------------------------------------------


def test_a_category_is_confirmed_with_a_definition(study: Study) -> None:
    each = proposal(study)
    app = open_page()
    app.text_input(key=f"label.{each.id}").set_value("Hjælp")
    app.text_input(key=f"definition.{each.id}").set_value(" om hjælp ")
    press(app, "confirm")
    decision = last(study)
    assert isinstance(decision, ConfirmProposal)
    assert (decision.label, decision.definition) == ("Hjælp", "om hjælp")
    assert (decision.answers, decision.proposal) == (each.answers, each.id)


def test_what_is_unticked_is_counted_and_left_out(study: Study) -> None:
    each = proposal(study)
    app = open_page()
    box(app, each.answers[1]).uncheck().run()  # type: ignore[attr-defined]
    told = DA("candidates.chosen", count=len(each.answers) - 1, total=len(each.answers))
    assert told in [caption.value for caption in app.caption]
    press(app, "confirm")
    decision = last(study)
    assert isinstance(decision, ConfirmProposal)
    assert decision.answers == (each.answers[0], *each.answers[2:])


# --- the line ----------------------------------------------------------------------------------


def test_all_below_the_line_is_left_out(study: Study) -> None:
    each = proposal(study)
    app = view(open_page(), "ranked")
    press(app, "cut.4")
    assert [b.disabled for b in app.checkbox[:6]] == [False] * 4 + [True] * 2
    press(app, "confirm")
    decision = last(study)
    assert isinstance(decision, ConfirmProposal)
    assert decision.answers == each.answers[:4]


def test_the_line_can_be_moved_and_taken_away(study: Study) -> None:
    each = proposal(study)
    app = press(press(view(open_page(), "ranked"), "cut.4"), "cut.2")
    assert [b.disabled for b in app.checkbox[:3]] == [False, False, True]
    press(app, "cut.2")
    assert not any(b.disabled for b in app.checkbox)
    press(app, "confirm")
    assert set(last(study).answers) == set(each.answers)  # type: ignore[union-attr]


def test_a_line_that_is_not_seen_does_not_count(study: Study) -> None:
    app = view(press(view(open_page(), "ranked"), "cut.4"), "apart")
    press(app, "confirm")
    assert set(last(study).answers) == set(proposal(study).answers)  # type: ignore[union-attr]


# --- merge -------------------------------------------------------------------------------------


def test_the_answers_get_a_category_that_is_there(study: Study) -> None:
    confirmed(study, 0)
    each = proposal(study, 1)
    app = opened(open_page(), each)
    box(app, each.answers[0]).uncheck().run()  # type: ignore[attr-defined]
    behind(app, f"merge.{each.id}")
    assert app.button(key="merge_give").disabled
    app.selectbox(key=f"merge_with.{each.id}").set_value(study.state.codes["c0"]).run()
    press(app, "merge_give")
    decision = last(study)
    assert isinstance(decision, AcceptGroup)
    assert (decision.code, decision.answers) == ("c0", each.answers[1:])
    assert (decision.turn, decision.excluded) == (Turn(each.answers), each.answers[:1])


def test_below_the_line_is_not_taken_out_but_left_for_later(study: Study) -> None:
    confirmed(study, 0)
    each = proposal(study, 1)
    app = press(view(opened(open_page(), each), "ranked"), "cut.3")
    behind(app, f"merge.{each.id}")
    app.selectbox(key=f"merge_with.{each.id}").set_value(study.state.codes["c0"]).run()
    press(app, "merge_give")
    decision = last(study)
    assert isinstance(decision, AcceptGroup)
    assert (decision.answers, decision.excluded) == (each.answers[:3], ())


def test_two_proposals_are_read_together_and_confirmed_as_one(study: Study) -> None:
    first, other = proposal(study, 0), proposal(study, 1)
    app = behind(open_page(), f"merge.{first.id}")
    app.selectbox(key=f"merge_with.{first.id}").set_value(other).run()
    press(app, "merge_show")
    told = DA("candidates.together", name=name(other, DA))
    assert told in [text.value for text in app.text]
    drawn = {str(b.key).split(".")[2] for b in app.checkbox}
    assert set(other.answers) <= drawn  # what will be decided is on the screen
    box(app, other.answers[2]).uncheck().run()  # type: ignore[attr-defined]
    press(app, "confirm")
    decision = last(study)
    assert isinstance(decision, ConfirmProposal)
    assert set(decision.answers) == {*first.answers, *other.answers} - {other.answers[2]}


def test_what_was_read_together_comes_apart_again(study: Study) -> None:
    first, other = proposal(study, 0), proposal(study, 1)
    app = behind(open_page(), f"merge.{first.id}")
    app.selectbox(key=f"merge_with.{first.id}").set_value(other).run()
    press(press(app, "merge_show"), "together_end")
    press(app, "confirm")
    assert set(last(study).answers) == set(first.answers)  # type: ignore[union-attr]


def test_of_two_proposals_by_segment_an_answer_has_the_segments_of_both() -> None:
    first = Proposal("p", ("a", "b"), (0.9, 0.8), (), 0.8, spans=(((0, 4),), ((2, 6),)))
    other = Proposal("q", ("b", "c"), (0.7, 0.6), (), 0.7, spans=(((6, 9),), ((0, 3),)))
    both = joined(first, other)
    assert (both.id, both.answers) == ("p", ("a", "b", "c"))
    assert both.typicality == (0.9, 0.8, 0.6)
    assert both.spans == (((0, 4),), ((2, 6), (6, 9)), ((0, 3),))


def test_a_category_is_merged_into_another_from_its_proposal(study: Study) -> None:
    confirmed(study, 0)
    confirmed(study, 1)
    app = behind(opened(open_page(), proposal(study)), "merge.c0")
    app.selectbox(key="merge_into.c0").set_value("c1").run()
    press(app, "merge_codes")
    assert last(study) == MergeCodes("c0", "c1")
    assert app.success[0].value == DA("candidates.confirmed_merged", label="Kode 0")


# --- the parts ---------------------------------------------------------------------------------


def test_each_part_is_confirmed_on_its_own(study: Study) -> None:
    whole = proposal(study)
    one, other = study.parted(whole)
    assert {*one.answers, *other.answers} == set(whole.answers)
    app = press(open_page(), "parts")
    press(app, "confirm")
    decision = last(study)
    assert isinstance(decision, ConfirmProposal)
    assert (decision.proposal, set(decision.answers)) == (one.id, set(one.answers))
    press(app, "confirm")  # the other part is open now
    decision = last(study)
    assert isinstance(decision, ConfirmProposal)
    assert (decision.proposal, set(decision.answers)) == (other.id, set(other.answers))


def test_the_parts_are_those_of_the_next_finer_cut_that_parts_the_proposal(study: Study) -> None:
    whole = proposal(study)
    parts = {each.id for each in study.parted(whole)}
    for count in range(len(study.proposals() or ()), 200):
        ids = {each.id for each in study.proposals(count) or ()}
        if whole.id not in ids:
            assert parts <= ids
            return
    pytest.fail("never parted")


def test_a_single_answer_has_no_parts(study: Study) -> None:
    finest = study.proposals(10_000)
    assert finest is not None
    assert study.parted(finest.proposals[-1]) == ()


def test_the_parts_are_put_together_again(study: Study) -> None:
    whole = proposal(study)
    app = press(press(open_page(), "parts"), "whole.0")
    press(app, "confirm")
    assert last(study).proposal == whole.id  # type: ignore[union-attr]


# --- set aside, and set apart ------------------------------------------------------------------


def test_what_is_ticked_is_set_aside_and_can_not_be_ticked_again(study: Study) -> None:
    each = proposal(study)
    app = open_page()
    for answer in each.answers[1:]:
        box(app, answer).uncheck()  # type: ignore[attr-defined]
    behind(app.run(), f"aside.{each.id}")
    assert app.button(key="aside_do").disabled
    app.selectbox(key=f"aside_why.{each.id}").set_value("noise").run()
    press(app, "aside_do")
    assert last(study) == SetStatus(each.answers[:1], "noise")
    first = box(app, each.answers[0])
    assert first.disabled  # type: ignore[attr-defined]
    assert DA("candidates.aside_as", status=DA("status.noise")) in first.label  # type: ignore[attr-defined]


def test_two_answers_are_kept_apart(study: Study) -> None:
    each = proposal(study)
    app = behind(open_page(), f"apart.{each.id}")
    assert app.selectbox(key=f"apart_first.{each.id}.{len(each.answers)}").value == each.doubtful[0]
    press(app, "apart_do")
    assert last(study) == SetApart(each.doubtful[0], each.answers[0])
    pairs = f"{each.doubtful[0]} – {each.answers[0]}"
    assert DA("candidates.apart_before", pairs=pairs) in [c.value for c in app.caption]


def test_an_answer_is_not_kept_apart_from_itself(study: Study) -> None:
    each = proposal(study)
    app = behind(open_page(), f"apart.{each.id}")
    key = f"apart_first.{each.id}.{len(each.answers)}"
    app.selectbox(key=key).set_value(each.answers[0]).run()
    assert app.button(key="apart_do").disabled


# --- what says the same ------------------------------------------------------------------------


ROWS = (
    "Vi ringer til de ældre",
    "Vi går en tur",
    "vi ringer til de ældre!",
    "Ny side",
    "VI GÅR EN TUR",
)


def test_answers_that_say_the_same_stand_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    survey = "id;tekst\n" + "\n".join(f"R{no};{text}" for no, text in enumerate(ROWS))
    (tmp_path / "survey.csv").write_text(survey, "utf-8")
    questions = parse_questionnaire("questions: [{name: id, kind: id}, {name: tekst, kind: open}]")
    study = Study.create(tmp_path / "study.db", tmp_path / "survey.csv", questions)
    study.propose(1, encoder="fake")
    monkeypatch.setenv("CODER_STUDY", str(study.path))
    app = view(open_page(), "alike")
    titles = [m.value for m in app.markdown if m.value.startswith("**")]
    assert titles == [f"**{DA('candidates.same', count=2)}**"] * 2
    drawn = [str(b.key).split(".")[2] for b in app.checkbox]
    assert {frozenset(drawn[:2]), frozenset(drawn[2:4])} == {
        frozenset({"R0", "R2"}), frozenset({"R1", "R4"}),
    }  # fmt: skip
    assert drawn[4:] == ["R3"]


# --- a confirmed one ---------------------------------------------------------------------------


def test_a_confirmed_category_is_renamed_from_here(study: Study) -> None:
    confirmed(study, 0)
    app = behind(opened(open_page(), proposal(study)), "relabel.c0")
    app.text_input[0].set_value("Andet navn")
    app.text_area[-1].set_value("en definition")
    press(app, "relabel")
    assert last(study) == ReviseCode("c0", "Andet navn", "en definition")
    assert app.success[0].value == DA("candidates.confirmed", label="Andet navn")


@pytest.fixture
def odd(study: Study) -> tuple[str, str, str]:
    """A study with every proposal confirmed but one answer put wrong: answer, its code, its own."""
    made = study.proposals()
    assert made is not None
    wrong = made.proposals[1].answers[0]
    coder = study.coder("Anna")
    for no, each in enumerate(made):
        answers = tuple(a for a in each.answers if a != wrong)
        answers = (*answers, wrong) if no == 0 else answers
        study.decide(coder, ConfirmProposal(f"c{no}", f"Kode {no}", answers, each.id, "fake"))
    (found,) = (each for each in study.misfits() if each.answer == wrong)
    assert found.code == "c0"
    return wrong, "c0", found.likelier


@pytest.mark.parametrize("act", ["keep_in", "move_to"])
def test_what_looks_wrong_is_kept_or_moved_and_asked_no_more(
    study: Study, odd: tuple[str, str, str], act: str
) -> None:
    answer, code, likelier = odd
    app = behind(opened(open_page(), proposal(study)), f"misfits.{code}")
    press(app, f"{act}.{answer}")
    expected = {
        "keep_in": ApplyCode(code, (answer,)),
        "move_to": MoveAnswers((answer,), code, likelier),
    }
    assert last(study) == expected[act]
    assert f"{act}.{answer}" not in [str(each.key) for each in app.button]


def test_another_coders_coding_stays_when_one_moves_an_answer(
    study: Study, odd: tuple[str, str, str]
) -> None:
    answer, code, likelier = odd
    app = behind(opened(open_page(coder="Bo"), proposal(study)), f"misfits.{code}")
    press(app, f"move_to.{answer}")
    assert last(study) == ApplyCode(likelier, (answer,))
