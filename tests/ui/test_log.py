"""The decision log: what is shown of it, what is found in it, and how an entry is taken back."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from coder.i18n import LANGUAGES, Language, load_texts
from coder.model import (
    AcceptGroup,
    ApplyCode,
    CodeSegment,
    ConfirmProposal,
    CreateCode,
    MergeCodes,
    RejectGroup,
    ReviseCode,
    SetStatus,
    SplitCode,
    SplitPart,
    TreatFinds,
    Turn,
    Undo,
    WriteMemo,
)
from coder.study import Study

DA = load_texts("da")
TURN = Turn(("R002", "R004", "R005", "R010"), "a", ("a", "b"))


@pytest.fixture
def study(shown: Study) -> Study:
    """Two coders' decisions on the demo study, one of them undone; the last is no. 10."""
    anna, bo = shown.coder("Anna"), shown.coder("Bo")
    shown.decide(anna, CreateCode("a", "Gåture", "Ud i det fri."))  # 3
    shown.decide(anna, CreateCode("b", "*Skærm*"))  # 4
    shown.decide(anna, AcceptGroup(TURN, "a", ("R002", "R004"), ("R005",), "fake"))  # 5
    shown.decide(bo, ApplyCode("b", ("R006",)), why="Det siger <b>de</b> selv")  # 6
    shown.decide(anna, ReviseCode("a", "Ture", include="også cykelture"))  # 7
    shown.decide(bo, MergeCodes("b", "a"))  # 8
    shown.decide(bo, SetStatus(("R011",), "none"))  # 9
    shown.decide(bo, Undo(9))  # 10
    return shown


def open_page(language: Language = "da", coder: str = "Anna") -> AppTest:
    app = AppTest.from_string(
        "from coder.ui import decisions\ndecisions.show()", default_timeout=60
    )
    app.query_params["lang"] = language
    if coder:
        app.query_params["coder"] = coder
    return app.run()


def listed(app: AppTest) -> list[int]:
    """The numbers of the entries on the page."""
    return [int(line.split("\u2002")[0]) for line in app.radio[0].options]


def choose(app: AppTest, no: int) -> AppTest:
    return app.radio[0].set_value(no).run()


def said(app: AppTest) -> list[str]:
    return [each.value for each in app.text]


def keys(app: AppTest) -> set[str]:
    return {str(button.key) for button in app.button}


# --- the list ----------------------------------------------------------------------------------


@pytest.mark.usefixtures("study")
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_decision_stands_there_newest_first(language: Language) -> None:
    app = open_page(language)
    assert not app.exception
    assert listed(app) == [*range(10, 0, -1)]
    assert app.radio[0].value == 10
    assert app.header[0].value == load_texts(language)("entry.title", no=10)
    count = load_texts(language)("entry.count", count="10")
    assert count in [caption.value for caption in app.caption]


@pytest.mark.usefixtures("study")
def test_an_undone_entry_is_struck_and_says_so() -> None:
    app = open_page()
    line, caption = app.radio[0].options[1], app.radio[0].proto.captions[1]
    assert line.endswith("~~Satte R011 til »Ingen«~~")
    assert caption.startswith("Bo · ")
    assert caption.endswith(f" · {DA('log.undone')}")


@pytest.mark.usefixtures("study")
def test_labels_and_reasons_are_no_markdown() -> None:
    app = open_page()
    line, caption = app.radio[0].options[4], app.radio[0].proto.captions[4]
    assert "\\*Skærm\\*" in line
    assert "\\<b>" in caption


def test_a_long_log_is_shown_in_parts(study: Study) -> None:
    for no in range(95):
        study.decide(study.coder("Anna"), WriteMemo("R002", f"nr. {no}"))
    app = open_page()
    assert listed(app) == [*range(105, 55, -1)]
    assert app.button(key="newer").disabled
    app.button(key="older").click().run()
    assert listed(app) == [*range(55, 5, -1)]
    assert app.radio[0].value == 55
    app.button(key="older").click().run()
    assert listed(app) == [5, 4, 3, 2, 1]
    assert app.button(key="older").disabled
    app.button(key="newer").click().run()
    assert listed(app)[0] == 55


def test_without_decisions_it_tells_where_to_begin(shown: Study) -> None:
    app = open_page()
    assert shown.state.no == 0
    assert app.info[0].value == DA("log.empty")
    assert app.button(key="go.overview").label == DA("page.overview.title")


# --- what is wanted ----------------------------------------------------------------------------


@pytest.mark.usefixtures("study")
@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("ture", [8, 7, 5, 3]),  # as it is called now
        ("TURE bo", [8]),
        ("siger", [6]),  # the reason
        ("r005", [5]),  # an answer that the line does not name
        ("gammelt", []),
        ("  ", [*range(10, 0, -1)]),
    ],
)
def test_every_word_must_be_there(text: str, numbers: list[int]) -> None:
    app = open_page()
    app.text_input(key="log_text").set_value(text).run()
    assert (listed(app) if app.radio else []) == numbers


@pytest.mark.parametrize(
    ("name", "value", "numbers"),
    [
        ("kind", "CreateCode", [4, 3]),
        ("code", "b", [8, 6, 4]),
        ("answer", "R006", [8, 6]),
        ("answer", "R011", [10, 9]),
    ],
)
@pytest.mark.usefixtures("study")
def test_the_filters(name: str, value: str, numbers: list[int]) -> None:
    app = open_page()
    app.selectbox(key=f"log_{name}").set_value(value).run()
    assert listed(app) == numbers
    assert DA("entry.count_of", count=str(len(numbers)), total="10") in [
        caption.value for caption in app.caption
    ]


def test_by_coder_and_by_what_stands(study: Study) -> None:
    app = open_page()
    app.selectbox(key="log_coder").set_value(study.coder("Bo")).run()
    assert listed(app) == [10, 9, 8, 6, 2]
    app.segmented_control(key="log_status").set_value("undone").run()
    assert listed(app) == [9]
    app.segmented_control(key="log_status").set_value("stands").run()
    assert listed(app) == [10, 8, 6, 2]


@pytest.mark.usefixtures("study")
def test_filters_that_match_nothing_can_be_taken_away() -> None:
    app = open_page()
    app.text_input(key="log_text").set_value("findes ikke")
    app.selectbox(key="log_kind").set_value("CreateCode").run()
    assert app.info[0].value == DA("entry.no_match")
    app.button(key="clear").click().run()
    assert listed(app) == [*range(10, 0, -1)]
    assert app.text_input(key="log_text").value == ""


# --- one entry ---------------------------------------------------------------------------------


def test_what_was_accepted_of_what_was_shown(study: Study) -> None:
    app = choose(open_page(), 5)
    texts = said(app)
    assert DA("entry.turn", shown=4, taken=2, out=1) in texts
    assert "Ture, *Skærm*" in texts  # offered; the second is no more
    assert "fake" in texts
    assert DA("entry.no_reason") in texts
    assert app.subheader[0].value == DA("entry.answers", count="3")
    assert study.survey.answers.at["R002", "text"] in texts
    captions = [caption.value for caption in app.caption]
    assert sum(each.endswith(f" · {DA('entry.excluded')}") for each in captions) == 1


def test_what_was_turned_down(study: Study) -> None:
    study.decide(study.coder("Anna"), RejectGroup(TURN, "fake"))
    texts = said(open_page())
    assert DA("entry.turn", shown=4, taken=0, out=4) in texts


@pytest.mark.usefixtures("study")
def test_a_reason_is_text() -> None:
    assert "Det siger <b>de</b> selv" in said(choose(open_page(), 6))


@pytest.mark.usefixtures("study")
def test_what_a_revision_changed() -> None:
    texts = said(choose(open_page(), 7))
    assert "Gåture → Ture" in texts
    assert "– → også cykelture" in texts
    assert not any(text.startswith("Ud i det fri.") for text in texts)


@pytest.mark.usefixtures("study")
def test_a_merger_names_the_answers_it_moved() -> None:
    app = choose(open_page(), 8)
    assert app.subheader[0].value == DA("entry.answers", count="1")
    assert any(caption.value.startswith("R006") for caption in app.caption)


def test_of_many_answers_five_can_be_read_and_all_are_named(study: Study) -> None:
    answers = tuple(study.survey.answers.index[:8])
    study.decide(study.coder("Anna"), ConfirmProposal("c", "Mange", answers, "p", "fake"))
    app = open_page()
    assert app.expander[0].label == DA("entry.rest", count="3")
    assert app.expander[0].text[0].value == ", ".join(answers[5:])
    shown = study.survey.answers["text"]
    read = [answer for answer in answers if shown[answer] in said(app)]
    assert read == list(answers[:5])


def test_the_segment_the_memo_and_the_parts(study: Study) -> None:
    anna, text = study.coder("Anna"), study.survey.answers.at["R002", "text"]
    study.decide(anna, CodeSegment("a", "R002", 0, 7))
    assert f"»{text[:7]}«" in said(open_page())
    study.decide(anna, WriteMemo("R002", "Spørg Bo"))
    assert "Spørg Bo" in said(open_page())
    study.decide(anna, SplitCode("a", (SplitPart("x", "Haven", ("R004",)),)))
    assert DA("entry.part", label="Haven", count=1) in said(open_page())


def test_personal_data_is_not_shown_by_its_treatment(study: Study) -> None:
    finds = study.finds()
    study.decide(study.coder("Anna"), TreatFinds(tuple(each.id for each in finds), "replace"))
    app = open_page()
    assert app.subheader[0].value == DA("entry.answers", count=str(len(finds)))
    assert not [text for text in said(app) if any(find.words in text for find in finds)]


# --- taking it back ----------------------------------------------------------------------------


def test_an_earlier_entry_is_undone_and_done_again(study: Study) -> None:
    app = choose(open_page(), 6)
    app.button(key="undo_this").click().run()
    # The merger says nothing against it: there is just nothing left for it to move.
    assert study.state.log[-1].decision == Undo(6)
    assert app.radio[0].value == 6
    assert app.info[0].value == DA("entry.undone_by", no=11)
    assert app.button(key="undo_this").label == DA("entry.redo")
    app.button(key="undo_this").click().run()
    assert study.state.log[-1].decision == Undo(11)
    assert app.button(key="undo_this").label == DA("entry.undo")
    assert "R006" in study.state.answers_of("a")


def test_from_an_undo_it_can_be_redone(study: Study) -> None:
    app = choose(open_page(), 10)
    assert app.button(key="undo_this").label == DA("entry.redo")
    app.button(key="undo_this").click().run()
    assert study.state.set_aside() == {"R011"}


def test_what_others_build_on_is_refused_and_they_are_named(study: Study) -> None:
    app = choose(open_page(), 4)
    app.text_input(key="log_text").set_value("oprettede").run()
    app.button(key="undo_this").click().run()
    assert study.state.no == 10
    assert app.session_state["message"] == (DA("log.undo_blocked", no=6), True)
    assert DA("log.undo_blocked", no="6") in said(app)
    app.button(key="jump.6").click().run()
    assert app.radio[0].value == 6  # though what was looked for left it out
    assert app.text_input(key="log_text").value == ""


def test_once_nothing_stands_in_the_way_that_is_not_said_any_more(study: Study) -> None:
    app = choose(open_page(), 4)
    app.button(key="undo_this").click().run()
    assert "jump.6" in keys(app)
    study.decide(study.coder("Bo"), Undo(6))
    assert "jump.6" not in keys(app.run())


@pytest.mark.usefixtures("study")
def test_to_have_joined_cannot_be_taken_back() -> None:
    assert "undo_this" not in keys(choose(open_page(), 1))


def test_without_a_name_nothing_is_taken_back(study: Study) -> None:
    app = choose(open_page(coder=""), 6)
    app.button(key="undo_this").click().run()
    assert app.session_state["message"] == (DA("ui.name_first"), True)
    assert study.state.no == 10


def test_what_another_has_undone_meanwhile_is_refused(study: Study) -> None:
    app = choose(open_page(), 7)
    study.decide(study.coder("Bo"), Undo(7))
    app.button(key="undo_this").click().run()
    assert app.session_state["message"] == (DA("log.nothing_to_undo", no=7), True)
    assert study.state.no == 11
