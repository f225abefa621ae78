"""The coding page: a turn stays until it is decided, and each act is one decision about it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from coder.i18n import LANGUAGES, Language, load_texts
from coder.model import (
    AcceptGroup,
    ApplyCode,
    ConfirmProposal,
    CreateCode,
    MergeCodes,
    RejectGroup,
    RetireCode,
    ReviseCode,
    SetStatus,
    Turn,
)
from coder.study import Study
from coder.ui.in_words import chance_level

DA = load_texts("da")


@pytest.fixture
def study(shown: Study) -> Study:
    return shown


def open_page(coder: str = "Anna", language: Language = "da") -> AppTest:
    app = AppTest.from_string("from coder.ui import coding\ncoding.show()", default_timeout=60)
    app.query_params["lang"] = language
    app.query_params["by"] = "groups"
    if coder:
        app.query_params["coder"] = coder
    return app.run()


def shown(app: AppTest) -> Turn:
    turn = app.session_state["turn"].turn
    assert isinstance(turn, Turn)
    return turn


def key(app: AppTest, name: str) -> str:
    return f"{name}.{app.session_state['turn'].no}"


def press(app: AppTest, name: str) -> AppTest:
    return app.button(key=key(app, name)).click().run()


def name_it(app: AppTest, label: str, definition: str = "") -> AppTest:
    app.text_input(key=key(app, "new")).set_value(label)
    app.text_input(key=key(app, "definition")).set_value(definition)
    return press(app, "create")


def last(study: Study) -> object:
    return study.state.log[-1].decision


def with_codes(study: Study, count: int) -> list[str]:
    """So many codes by Anna, each on one answer: what the page then shows is offered codes."""
    anna = study.coder("Anna")
    codes = [f"code {no:02}" for no in range(count)]
    for code, answer in zip(codes, study.survey.answers.index[::7], strict=False):
        study.decide(anna, CreateCode(code, code))
        study.decide(anna, ApplyCode(code, (answer,)))
    return codes


def open_at(study: Study, wanted: Callable[[Turn], bool]) -> AppTest:
    """The page at the first such turn: what comes before, Anna turns down or codes."""
    anna = study.coder("Anna")
    for _ in range(200):
        turn = study.next_turn(anna)
        assert turn is not None
        if wanted(turn):
            return open_page()
        if len(turn.shown) > 1:
            study.decide(anna, RejectGroup(turn, "fake"))
        else:
            study.decide(anna, ApplyCode(next(iter(study.state.codes)), turn.shown))
    raise RuntimeError("there was no such turn")


# --- a group -----------------------------------------------------------------------------------


def test_a_new_code_for_what_is_ticked_above_the_line(study: Study) -> None:
    app = open_page()
    turn = shown(app)
    assert turn.code is None
    assert 5 <= len(turn.shown) <= 30
    app.checkbox(key=key(app, "in") + f".{turn.shown[1]}").uncheck().run()
    press(app, "cut.4")
    assert app.button(key=key(app, "create")).label == DA("coding.create", count=3)
    name_it(app, "Gåture", "Ud i det fri.")
    decision = last(study)
    assert isinstance(decision, AcceptGroup)
    assert decision.turn == turn
    assert decision.answers == (turn.shown[0], *turn.shown[2:4])
    assert decision.excluded == (turn.shown[1],)
    assert (decision.suggested_by, decision.definition) == ("fake", "Ud i det fri.")
    assert [each.label for each in study.state.codes.values()] == ["Gåture"]
    assert study.state.coded_answers() == set(decision.answers)
    assert shown(app) == study.next_turn(study.coder("Anna"))


def test_the_line_can_be_taken_away_and_what_is_below_it_is_not_ticked(study: Study) -> None:
    app = open_page()
    turn = shown(app)
    press(app, "cut.2")
    boxes = [app.checkbox(key=key(app, "in") + f".{each}") for each in turn.shown]
    assert [box.disabled for box in boxes] == [False] * 2 + [True] * (len(boxes) - 2)
    left = len(turn.shown) - 2
    assert app.button(key=key(app, "cut.2")).label == DA("coding.uncut", count=left)
    press(app, "cut.2")
    assert not any(box.disabled for box in app.checkbox)
    assert app.button(key=key(app, "create")).label == DA("coding.create", count=len(turn.shown))


def test_a_group_is_accepted_for_the_code_it_is_offered_for(study: Study) -> None:
    anna, made = study.coder("Anna"), study.proposals()
    assert made is not None
    for each in made.proposals[:4]:
        half = each.answers[::2]
        study.decide(anna, ConfirmProposal(each.id, each.name, half, each.id, "fake"))
    app = open_at(study, lambda turn: turn.code is not None)
    turn = shown(app)
    label = study.state.codes[str(turn.code)].label
    assert app.header[0].value == DA("coding.for_code", label=label)
    press(app, "cut.1")
    assert app.button(key=key(app, "accept")).label == DA("coding.accept", count=1)
    press(app, "accept")
    assert last(study) == AcceptGroup(turn, str(turn.code), turn.shown[:1], (), "fake")


def test_nothing_ticked_cannot_be_accepted(study: Study) -> None:
    with_codes(study, 10)
    app = open_page()
    press(app, "cut.1")
    app.checkbox(key=key(app, "in") + f".{shown(app).shown[0]}").uncheck().run()
    assert app.button(key=key(app, "create")).disabled
    assert app.button(key=key(app, "offer.1")).disabled
    assert not app.button(key=key(app, "reject")).disabled


def test_a_group_is_rejected_in_one_decision(study: Study) -> None:
    app = open_page()
    turn = shown(app)
    press(app, "reject")
    assert last(study) == RejectGroup(turn, "fake")
    assert shown(app) != turn
    assert not study.state.codings


def test_another_code_by_number_or_by_search(study: Study) -> None:
    codes = with_codes(study, 12)
    app = open_page()
    turn = shown(app)
    assert len(turn.offered) == 9
    labels = [app.button(key=key(app, f"offer.{no}")).label for no in range(1, 10)]
    assert labels == [f"`{no}` {code}" for no, code in enumerate(turn.offered, start=1)]
    press(app, "offer.3")
    assert last(study) == AcceptGroup(turn, turn.offered[2], turn.shown, (), "fake")
    turn = shown(app)
    search = app.selectbox(key=key(app, "search"))
    assert search.options == codes
    found = next(code for code in codes if code not in turn.offered)
    search.set_value(found).run()
    press(app, "use")
    assert last(study) == AcceptGroup(turn, found, turn.shown, (), "fake")


def test_headings_and_what_is_out_of_use_are_not_offered(study: Study) -> None:
    codes, anna = with_codes(study, 12), study.coder("Anna")
    study.decide(anna, ReviseCode(codes[0], codable=False))
    study.decide(anna, RetireCode(codes[1]))
    app = open_page()
    assert app.selectbox(key=key(app, "search")).options == codes[2:]
    assert not set(codes[:2]) & set(shown(app).offered)
    for code in codes[5:]:
        study.decide(anna, RetireCode(code))
    app = open_page()
    with pytest.raises(KeyError):
        app.button(key=key(app, "offer.4"))


def test_with_nine_codes_or_fewer_each_has_its_number(study: Study) -> None:
    codes = with_codes(study, 9)
    study.hold_out(0.9)
    app = open_at(study, lambda turn: not turn.offered and len(turn.shown) == 1)
    labels = [app.button(key=key(app, f"offer.{no}")).label for no in range(1, 10)]
    assert labels == [f"`{no}` {code}" for no, code in enumerate(codes, start=1)]
    assert not app.selectbox


# --- a single answer ---------------------------------------------------------------------------


def test_a_single_answer_with_chances(study: Study) -> None:
    with_codes(study, 12)
    app = open_at(study, lambda turn: len(turn.shown) == 1)
    turn = shown(app)
    (answer,) = turn.shown
    row = study.survey.answers.loc[answer]
    assert row["text"] in [text.value for text in app.text]
    assert app.header[0].value == DA("coding.single")
    (offer,) = study.suggestions(turn.shown, study.coder("Anna"))
    assert offer.codes == turn.offered
    bars = [html.proto.body for html in app.get("html")]
    assert [DA.percent(each) in bar for each, bar in zip(offer.chances, bars, strict=True)]
    assert not app.checkbox
    assert "reject" not in {each.key and each.key.split(".")[0] for each in app.button}
    press(app, "offer.2")
    assert last(study) == AcceptGroup(turn, turn.offered[1], turn.shown, (), "fake")


def test_a_held_out_answer_comes_without_suggestions(study: Study) -> None:
    with_codes(study, 12)
    study.hold_out(0.9)
    app = open_at(study, lambda turn: turn.shown[0] in study.held_out())
    assert len(shown(app).shown) == 1
    assert DA("coding.blind") in [each.value for each in app.caption]
    assert not app.get("html")
    assert len(app.selectbox(key=key(app, "search")).options) == 12


# --- what was on the screen --------------------------------------------------------------------


def test_the_turn_stays_when_another_coder_decides(study: Study) -> None:
    app = open_page()
    turn = shown(app)
    bo = study.coder("Bo")
    study.decide(bo, CreateCode("b", "Bos"))
    study.decide(bo, ApplyCode("b", turn.shown[:3]))
    name_it(app.run(), "Annas")
    decision = last(study)
    assert isinstance(decision, AcceptGroup)
    assert decision.turn == turn
    assert not app.info


def test_nothing_is_saved_of_what_was_coded_in_another_tab(study: Study) -> None:
    anna = study.coder("Anna")
    app = open_page()
    turn = shown(app)
    study.decide(anna, CreateCode("a", "Annas"))
    study.decide(anna, ApplyCode("a", turn.shown[:1]))
    before = study.state.no
    name_it(app, "For sent")
    assert study.state.no == before
    assert app.session_state["message"] == (DA("coding.not_saved"), True)
    assert app.info[0].value == DA("coding.meanwhile")
    assert turn.shown[0] not in shown(app).shown


@pytest.mark.parametrize("status", ["noise", None])
def test_what_is_set_aside_meanwhile_goes(study: Study, status: str | None) -> None:
    app = open_page()
    turn = shown(app)
    study.decide(study.coder("Bo"), SetStatus(turn.shown[:1], status))  # type: ignore[arg-type]
    app.run()
    assert (shown(app) == turn) is (status is None)
    assert bool(app.info) is (status == "noise")


def test_a_code_that_is_no_more_is_not_offered(study: Study) -> None:
    codes = with_codes(study, 10)
    app = open_page()
    gone = shown(app).offered[0]
    kept = next(code for code in codes if code != gone)
    study.decide(study.coder("Bo"), MergeCodes(gone, kept))
    app.run()
    assert not app.exception
    assert gone not in shown(app).offered


def test_what_is_undone_is_shown_again_without_a_word(study: Study) -> None:
    app, anna = open_page(), study.coder("Anna")
    turn = shown(app)
    name_it(app, "Første")
    study.undo(anna)
    app.run()
    assert shown(app) == turn
    study.redo(anna)
    app.run()
    assert shown(app) != turn
    assert not app.info


def test_a_name_that_is_taken_or_empty_leaves_the_turn(study: Study) -> None:
    with_codes(study, 1)
    app = open_page()
    turn, no = shown(app), study.state.no
    for label in ("", "  ", "CODE 00"):
        name_it(app, label)
        assert app.session_state["message"][1]
        assert (shown(app), study.state.no) == (turn, no)


def test_without_a_name_nothing_is_decided(study: Study) -> None:
    app = open_page("")
    press(app, "reject")
    assert app.session_state["message"] == (DA("ui.name_first"), True)
    assert not study.state.log


def test_the_first_decision_of_a_new_coder(study: Study) -> None:
    app = open_page("Ny koder")
    turn = shown(app)
    press(app, "reject")
    assert last(study) == RejectGroup(turn, "fake")
    assert shown(app) != turn
    assert not app.info


# --- how far one is ----------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_when_all_is_coded_the_next_step_is_shown(study: Study, language: Language) -> None:
    texts = load_texts(language)
    anna = study.coder("Anna")
    study.decide(anna, CreateCode("a", "Alt"))
    study.decide(anna, ApplyCode("a", tuple(study.survey.answers.index)))
    app = open_page(language=language)
    assert app.info[0].value == texts("overview.step.results")
    assert app.button(key="go.joint").label == texts("page.joint.title")
    study.undo(anna)
    app.run()
    assert shown(app)


def test_how_far_one_is(study: Study) -> None:
    app = open_page()
    press(app, "cut.3")
    name_it(app, "Første")
    told = DA("coding.how_far", coded="3", total="174", acts="1")
    assert app.get("progress")[0].proto.text == told


@pytest.mark.parametrize(
    ("chance", "level"), [(0, "low"), (0.49, "low"), (0.5, "middle"), (0.85, "high"), (1, "high")]
)
def test_chances_in_words(chance: float, level: str) -> None:
    assert chance_level(chance) == level
