"""The codebook: its tree, what is written of a code, its answers, and what is done with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from coder.demo import EXPERT, apply_expert
from coder.i18n import LANGUAGES, Language, load_texts
from coder.model import (
    ApplyCode,
    CreateCode,
    LogEntry,
    MarkAnswers,
    MergeCodes,
    MoveAnswers,
    MoveCode,
    RemoveCode,
    RetireCode,
    ReviseCode,
    SetStatus,
    SplitCode,
)
from coder.study import Study
from coder.ui.codebook_tree import Row, is_colour, retired, rows

DA = load_texts("da")


@pytest.fixture
def study(shown: Study) -> Study:
    """A heading with two codes under it and one beside it; five answers coded."""
    anna = shown.coder("Anna")
    shown.decide(anna, CreateCode("a", "Digitalt", codable=False))
    shown.decide(anna, CreateCode("b", "Møder", "På skærm.", parent="a"))
    shown.decide(anna, CreateCode("c", "Træning", parent="a"))
    shown.decide(anna, CreateCode("d", "*Ude*"))
    shown.decide(anna, ApplyCode("b", ("R002", "R004", "R005")))
    shown.decide(anna, ApplyCode("c", ("R005",)))
    shown.decide(anna, ApplyCode("d", ("R006", "R010")))
    return shown


def open_page(code: str = "", language: Language = "da", coder: str = "Anna") -> AppTest:
    """The page, with a code that is chosen, if any."""
    app = AppTest.from_string("from coder.ui import codebook\ncodebook.show()", default_timeout=60)
    app.query_params["lang"] = language
    app.query_params["coder"] = coder
    if code:
        app.session_state["chosen.code"] = code
    app.run()
    assert not app.exception
    return app


def part(app: AppTest, name: str) -> AppTest:
    app.session_state["chosen.code_part"] = name
    return app.run()


def act(app: AppTest, name: str) -> AppTest:
    return app.button(key=f"act_{name}").click().run()


def keyed(elements: Any, start: str) -> Any:
    """The widget whose key begins so."""
    (found,) = [each for each in elements if str(each.key).startswith(start)]
    return found


def last(study: Study) -> LogEntry:
    return study.state.log[-1]


def texts_of(app: AppTest) -> list[str]:
    return [each.value for each in app.text]


# --- the tree ----------------------------------------------------------------------------------


def test_the_tree_has_every_code_below_its_own(study: Study) -> None:
    having = study.answers_by_code()
    # The heading counts each answer under it once: R005 has both codes.
    assert [(row.code.id, row.depth, row.count) for row in rows(study, having)] == [
        ("a", 0, 3),
        ("b", 1, 3),
        ("c", 1, 1),
        ("d", 0, 2),
    ]
    options = open_page().radio[0].options
    left = len(study.state.answers) - 5
    assert options[:4] == ["Digitalt (3)", "Møder (3)", "Træning (1)", r"\*Ude\* (2)"]
    assert options[4:] == [f"*{DA('categories.uncoded')}* ({left})"]


def test_what_is_out_of_use_stands_by_itself(study: Study) -> None:
    study.decide(study.coder("Anna"), RetireCode("a"))
    having = study.answers_by_code()
    assert [(row.code.id, row.depth) for row in rows(study, having)] == [
        ("b", 0),
        ("c", 0),
        ("d", 0),
    ]
    (out,) = retired(study, having)
    assert isinstance(out, Row)
    app = open_page("a")
    assert app.expander[0].label == DA("codebook.retired", count="1")
    assert app.radio[1].options == ["Digitalt (3)"]
    assert [each.value for each in app.radio] == [None, "a"]


def test_what_is_set_aside_is_not_counted(study: Study) -> None:
    study.decide(study.coder("Anna"), SetStatus(("R006",), "none"))
    assert study.answers_by_code()["d"] == {"R010"}


def test_a_code_is_found_by_what_it_stands_under_and_means(study: Study) -> None:
    app = open_page("d")
    app.text_input(key="code_search").set_value("DIGITALT skærm").run()
    assert app.radio[0].options == ["Digitalt › Møder (3)"]
    assert app.radio[0].value is None
    assert app.header[0].value == r"\*Ude\*"  # what was chosen stays
    app.text_input(key="code_search").set_value("findes ikke").run()
    assert DA("codebook.not_found") in [each.value for each in app.caption]


def test_to_choose_another_leaves_what_was_begun(study: Study) -> None:
    app = act(open_page("b"), "move")
    assert app.button(key="move_code")
    app.radio[0].set_value("d").run()
    assert app.header[0].value == r"\*Ude\*"
    assert "move_code" not in [each.key for each in app.button]


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("#0072b2", True), ("", False), ("red", False), ("#0072b2;} body{display:none", False)],
)
def test_nothing_but_a_colour_goes_into_a_style(text: str, is_one: bool) -> None:
    assert is_colour(text) == is_one


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("view", ["codes", "history", "saturation", "relook"])
def test_every_view_is_drawn(study: Study, view: str, language: Language) -> None:
    app = open_page("b", language)
    app.session_state["chosen.codebook_view"] = view
    assert not app.run().exception


# --- what is written of a code -----------------------------------------------------------------


def test_only_what_is_another_is_written(study: Study) -> None:
    app = open_page("b")
    keyed(app.text_input, "to.").set_value("Videomøder")
    keyed(app.text_area, "exclude.").set_value("Telefon")
    keyed(app.text_input, "why.revise").set_value("Klarere")
    keyed(app.button, "FormSubmitter:revise").click().run()
    assert last(study).decision == ReviseCode("b", label="Videomøder", exclude="Telefon")
    assert last(study).why == "Klarere"
    keyed(app.button, "FormSubmitter:revise").click().run()
    assert last(study).decision == ReviseCode("b", label="Videomøder", exclude="Telefon")


def test_colour_and_heading(study: Study) -> None:
    app = open_page("d")
    keyed(app.button_group, "colour.").set_value("#c85200")
    keyed(app.checkbox, "heading.").check()
    keyed(app.button, "FormSubmitter:revise").click().run()
    assert last(study).decision == ReviseCode("d", colour="#c85200", codable=False)


def test_a_name_that_is_taken_is_refused(study: Study) -> None:
    app = open_page("b")
    keyed(app.text_input, "to.").set_value("digitalt")
    keyed(app.button, "FormSubmitter:revise").click().run()
    assert app.session_state["message"] == (DA("log.code_exists", label="digitalt"), True)
    assert study.state.codes["b"].label == "Møder"


def test_examples_are_taken_from_the_answers(study: Study) -> None:
    app = part(open_page("b"), "answers")
    app.button(key="example_on.R004").click().run()
    app.button(key="example_on.R002").click().run()
    assert study.state.codes["b"].examples == ("R004", "R002")
    app.button(key="example_off.R004").click().run()
    assert last(study).decision == ReviseCode("b", examples=("R002",))
    app = part(app, "describe")
    app.button(key="example_off.R002").click().run()
    assert study.state.codes["b"].examples == ()


# --- its answers -------------------------------------------------------------------------------


def test_ticked_answers_are_moved_and_taken_out(study: Study) -> None:
    app = part(open_page("b"), "answers")
    assert app.button(key="move").disabled
    app.checkbox(key="tick.b.R002").check().run()
    assert app.button(key="take_out").label == DA("categories.take_out")
    app.selectbox(key="move_to").set_value("d").run()
    app.button(key="move").click().run()
    assert last(study).decision == MoveAnswers(("R002",), "b", "d")
    app.checkbox(key="tick.b.R004").check().run()
    app.button(key="take_out").click().run()
    assert last(study).decision == RemoveCode("b", ("R004",))


def test_a_heading_and_what_is_out_of_use_is_not_given(study: Study) -> None:
    study.decide(study.coder("Anna"), RetireCode("c"))
    app = part(open_page("b"), "answers")
    assert app.selectbox(key="move_to").options == ["*Ude*"]


def test_one_sees_the_coding_of_others_until_one_has_coded(study: Study) -> None:
    app = part(open_page("b", coder="Bo"), "answers")
    assert DA("categories.of_others") in [each.value for each in app.caption]
    app.checkbox(key="tick.b.R002").check().run()
    assert app.button(key="take_out").disabled
    app.selectbox(key="move_to").set_value("d").run()
    app.button(key="move").click().run()
    assert last(study).decision == ApplyCode("d", ("R002",))  # beside what the other decided


def test_those_without_a_code_are_shown_in_pieces(study: Study) -> None:
    app = open_page("uncoded")
    assert len(app.checkbox) == 50 + 1  # and the one in the form for a new code
    app.button(key="more_answers").click().run()
    assert len(app.checkbox) == 100 + 1
    keys = [str(each.key) for each in app.checkbox]
    assert "tick.uncoded.R002" not in keys


def test_what_looks_wrong_is_told_only_when_asked(study: Study) -> None:
    app = part(open_page("b"), "answers")
    app.toggle(key="misfits_in.b").set_value(True).run()
    assert not app.exception
    # Two codes have fewer than three answers: nothing can be said.
    assert DA("candidates.misfits_none") in [each.value for each in app.caption]


def test_what_looks_wrong_comes_first_and_says_where_it_may_belong(
    shown: Study, checkout: Path
) -> None:
    apply_expert(shown, checkout / "data" / "expert.csv")
    odd = next(each for each in shown.misfits())
    app = part(open_page(odd.code, coder=EXPERT), "answers")
    app.toggle(key=f"misfits_in.{odd.code}").set_value(True).run()
    ticks = [str(each.key) for each in app.checkbox if str(each.key).startswith("tick.")]
    here = [each.answer for each in shown.misfits() if each.code == odd.code]
    assert {key.split(".")[2] for key in ticks[: len(here)]} == set(here)
    label, chance = shown.labels()[odd.likelier], DA.percent(odd.likelier_chance)
    assert DA("candidates.misfit_likelier", label=label, chance=chance) in texts_of(app)


def test_a_category_without_answers_says_how_to_fill_it(study: Study) -> None:
    study.decide(study.coder("Anna"), CreateCode("e", "Tom"))
    app = part(open_page("e"), "answers")
    assert app.info[0].value == DA("categories.empty")


def test_one_answer_is_not_plural(study: Study) -> None:
    app = open_page("uncoded", "en")
    keyed(app.checkbox, "tick.uncoded.R011").check().run()
    assert app.button(key="move").label == "Code 1 answer"


# --- acts on the whole -------------------------------------------------------------------------


def test_a_new_code_under_another(study: Study) -> None:
    app = open_page()
    keyed(app.text_input, "new_label.").set_value(" Telefon ")
    keyed(app.selectbox, "new_parent.").set_value("a")
    keyed(app.text_input, "why.new").set_value("Det mangler")
    keyed(app.button, "FormSubmitter:form.new").click().run()
    made = last(study)
    assert isinstance(made.decision, CreateCode)
    assert (made.decision.parent, made.why) == ("a", "Det mangler")
    assert app.header[0].value == "Telefon"  # it is chosen
    app = act(app, "under")
    keyed(app.text_input, "new_label.under").set_value("Fastnet")
    keyed(app.checkbox, "new_heading.under").check()
    keyed(app.button, "FormSubmitter:form.under").click().run()
    assert study.state.path(last(study).decision.code) == "Digitalt › Telefon › Fastnet"  # type: ignore[union-attr]
    assert not study.state.codes[last(study).decision.code].codable  # type: ignore[union-attr]


def test_a_code_without_a_name_is_refused(study: Study) -> None:
    app = open_page()
    keyed(app.button, "FormSubmitter:form.new").click().run()
    assert app.session_state["message"] == (DA("log.empty_name"), True)


def test_a_code_is_moved_in_the_tree(study: Study) -> None:
    app = act(open_page("d"), "move")
    assert app.button(key="move_down").disabled
    app.button(key="move_up").click().run()
    assert last(study).decision == MoveCode("d", None, "a")
    app.button(key="move_down").click().run()
    assert [each.id for each in study.state.children()] == ["a", "d"]
    places = keyed(app.selectbox, "move_parent.")
    assert places.options == [
        DA("codebook.at_top"),
        "Digitalt",
        "Digitalt › Møder",
        "Digitalt › Træning",
    ]
    places.set_value("a").run()
    keyed(app.selectbox, "move_before.").set_value("c").run()
    app.text_input(key="why.move.d").set_value("Hører til")
    app.button(key="move_code").click().run()
    assert (last(study).decision, last(study).why) == (MoveCode("d", "a", "c"), "Hører til")
    assert [each.id for each in study.state.children("a")] == ["b", "d", "c"]
    assert "move_code" not in [each.key for each in app.button]  # it is over


def test_before_a_merger_one_sees_what_it_does(study: Study) -> None:
    app = act(open_page("b"), "merge")
    app.selectbox(key="merge_into.b").set_value("c").run()
    assert [each.value for each in app.subheader] == ["Møder", "Træning"]
    assert DA("codebook.no_definition") in texts_of(app)
    told = DA("codebook.merge_preview", count=3, source="Møder", target="Træning", total=3)
    assert f"{told} {DA('codebook.merge_both', count=1)}" in texts_of(app)
    app.text_input(key="why.merge.b").set_value("Det samme")
    app.button(key="merge").click().run()
    assert (last(study).decision, last(study).why) == (MergeCodes("b", "c"), "Det samme")
    assert app.header[0].value == "Træning"


def test_a_code_is_split_by_reading_its_answers(study: Study) -> None:
    app = act(open_page("b"), "split")
    keyed(app.button_group, "goes.b.R002").set_value(1).run()
    keyed(app.button_group, "goes.b.R005").set_value(2).run()
    app.text_input(key="split_label.b.1").set_value("Med borgere").run()
    app.text_input(key="split_label.b.2").set_value("Internt").run()
    assert app.text_input(key="split_label.b.1").label == DA("codebook.split_label", no=1, count=1)
    app.text_input(key="why.split.b").set_value("To slags").run()
    app.button(key="split").click().run()
    decision = last(study).decision
    assert isinstance(decision, SplitCode)
    assert [(each.label, each.answers) for each in decision.parts] == [
        ("Med borgere", ("R002",)),
        ("Internt", ("R005",)),
    ]
    assert last(study).why == "To slags"
    assert study.state.answers_of("b") == ["R004"]


def test_a_split_without_a_name_is_refused(study: Study) -> None:
    app = act(open_page("b"), "split")
    app.button(key="split").click().run()
    assert app.session_state["message"] == (DA("log.split_nothing", label="Møder"), True)
    keyed(app.button_group, "goes.b.R002").set_value(1).run()
    app.button(key="split").click().run()
    assert app.session_state["message"] == (DA("log.empty_name"), True)
    assert study.state.answers_of("b") == ["R002", "R004", "R005"]


def test_a_split_is_offered_and_decides_nothing(study: Study) -> None:
    before = study.state.no
    app = act(open_page("b"), "split")
    app.button(key="split_offer").click().run()
    offered = study.sub_groups("b", 2)
    goes = {
        str(each.key).split(".")[2]: each.value
        for each in app.button_group
        if str(each.key).startswith("goes.")
    }
    assert goes == {answer: no for no, group in enumerate(offered, 1) for answer in group}
    assert list(goes) == [answer for group in offered for answer in group]
    assert study.state.no == before


def test_one_can_only_split_what_one_has_coded(study: Study) -> None:
    app = act(open_page("b", coder="Bo"), "split")
    assert app.info[0].value == DA("codebook.split_none")


def test_out_of_use_and_back(study: Study) -> None:
    app = act(open_page("b"), "retire")
    assert DA("codebook.retire_about", count=3) in texts_of(app)
    app.text_input(key="why.retire.b").set_value("Uklar")
    app.button(key="retire").click().run()
    assert (last(study).decision, last(study).why) == (RetireCode("b"), "Uklar")
    app = act(app, "return")
    app.button(key="retire").click().run()
    assert last(study).decision == RetireCode("b", retired=False)


@pytest.mark.parametrize("name", ["under", "move", "merge", "split", "retire"])
def test_an_act_can_be_closed_without_doing_it(study: Study, name: str) -> None:
    before = study.state.no
    app = act(open_page("b"), name)
    app.button(key="act_close").click().run()
    assert "act_close" not in [each.key for each in app.button]
    assert study.state.no == before


# --- where it came from, and what to look at again ---------------------------------------------


def history(study: Study, code: str) -> list[str]:
    return texts_of(part(open_page(code), "history"))


def test_the_history_of_a_code(study: Study) -> None:
    anna = study.coder("Anna")
    study.decide(anna, ReviseCode("b", "Videomøder"))
    study.decide(anna, MergeCodes("d", "b"), why="For *få*")
    assert history(study, "b") == [
        "»*Ude*« blev lagt ind i den",
        "Omdøbt fra »Møder«",
        "Oprettet",
    ]
    app = part(open_page("b"), "history")
    assert r"»For \*få\*«" in [each.value for each in app.caption]
    study.decide(anna, MoveCode("b", "a"))
    assert history(study, "a") == ["Oprettet"]  # what stands under it has its own history


def view(name: str, coder: str = "Anna") -> AppTest:
    app = open_page(coder=coder)
    app.session_state["chosen.codebook_view"] = name
    return app.run()


def test_the_history_of_all_has_its_table(study: Study) -> None:
    table = view("history").dataframe[0].value
    assert table[DA("column.category")].tolist() == ["Digitalt", "Møder", "Træning", "*Ude*"]
    assert set(table[DA("codebook.what")]) == {"Oprettet"}


def test_saturation_has_its_table(study: Study) -> None:
    table = view("saturation").dataframe[0].value
    # Five answers coded, three codes given.
    assert table.to_numpy().tolist() == [[5, 3, 3]]


def test_before_there_is_anything_the_pages_say_so(shown: Study) -> None:
    assert view("history").info[0].value == DA("codebook.no_history")
    assert view("saturation").info[0].value == DA("codebook.no_saturation")
    assert view("relook").info[0].value == DA("again.none")


@pytest.fixture
def changed(study: Study) -> Study:
    """What code d means has changed, which is a question to its two answers."""
    anna = study.coder("Anna")
    study.decide(anna, ReviseCode("d", definition="I det fri."))
    study.decide(anna, ReviseCode("d", definition="I haven."))
    return study


def test_what_a_change_concerns_is_listed_and_kept(changed: Study) -> None:
    app = view("relook")
    why = DA("relook.definition", no=changed.state.no)
    assert texts_of(app).count(DA("again.has", label="*Ude*", why=why)) == 2
    app.button(key="keep.R006").click().run()
    assert last(changed).decision == ApplyCode("d", ("R006",))
    assert [str(e.key) for e in app.button if str(e.key).startswith("keep.")] == ["keep.R010"]


def test_the_most_doubtful_first_when_asked(changed: Study) -> None:
    app = view("relook")
    app.toggle(key="relook_doubtful").set_value(True).run()
    keys = [str(e.key) for e in app.button if str(e.key).startswith("keep.")]
    assert keys == [f"keep.{each.answer}" for each in changed.relook()]


def test_it_is_moved_or_taken_off_there(changed: Study) -> None:
    app = view("relook")
    app.selectbox(key="relook_to.R006.d").set_value("c").run()
    app.button(key="relook_move.R006.d").click().run()
    assert last(changed).decision == MoveAnswers(("R006",), "d", "c")
    app.button(key="take.R010.d").click().run()
    assert last(changed).decision == RemoveCode("d", ("R010",))


def test_what_was_refused_may_be_given_after_all(study: Study) -> None:
    anna = study.coder("Anna")
    study.decide(anna, ReviseCode("d", definition="I det fri."))
    study.decide(anna, RemoveCode("d", ("R006",)))
    study.decide(anna, ReviseCode("d", definition="I haven."))
    app = view("relook")
    why = DA("relook.definition", no=study.state.no)
    assert DA("again.has_not", label="*Ude*", why=why) in texts_of(app)
    app.button(key="give.R006.d").click().run()
    assert last(study).decision == ApplyCode("d", ("R006",))


def test_that_it_still_does_not_belong_is_said_by_being_done(study: Study) -> None:
    anna = study.coder("Anna")
    study.decide(anna, ReviseCode("d", definition="I det fri."))
    study.decide(anna, RemoveCode("d", ("R006",)))
    study.decide(anna, ReviseCode("d", definition="I haven."))
    app = view("relook")
    app.button(key="keep.R006").click().run()
    assert last(study).decision == MarkAnswers(("R006",), "done")
    assert study.again(anna) == {"R010"}


def test_what_others_should_see_again_is_only_counted(changed: Study) -> None:
    app = view("relook", coder="Bo")
    assert app.info[0].value == DA("again.none")
    assert DA("again.of_others", count="2") in [each.value for each in app.caption]
