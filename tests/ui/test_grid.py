"""The table: which rows it shows, and one decision on all that are selected."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from coder.i18n import LANGUAGES, Language, load_texts
from coder.model import (
    AcceptGroup,
    ApplyCode,
    CreateCode,
    Decision,
    MarkAnswers,
    MoveCode,
    RemoveCode,
    RetireCode,
    ReviseCode,
    SetStatus,
    Turn,
    WriteMemo,
)
from coder.study import Study
from coder.survey.questionnaire import parse_questionnaire
from coder.ui.grid_filters import BARE, UNCODED, Wanted, from_address, to_address

DA = load_texts("da")
SURVEY = """id;sted;tilfreds;hjælp_1;hjælp_2;alder;tekst
R1;Ærø;3;1;;9;Vi holdt møder på skærm med borgerne
R2;Aarhus;1;1;1;10;Vi gik ture i haven
R3;Århus;;;;;Børnene fik skærmmøder
R4;Zoo;2;;1;100;ved ikke
"""
QUESTIONS = """
language: da
organisation: sted
cases: {questions: [tekst]}
questions:
  - {name: id, kind: id, label: Id}
  - {name: sted, kind: background, label: Sted}
  - name: tilfreds
    kind: single
    label: Tilfreds
    options: [{code: 1, label: Slet ikke}, {code: 2, label: Lidt}, {code: 3, label: Meget}]
  - name: hjælp
    kind: multiple
    label: Hjælp
    options: [{code: 1, label: "Mad, drikke"}, {code: 2, label: Mad}]
  - {name: alder, kind: number, label: Alder}
  - {name: tekst, kind: open, label: Fortæl}
"""


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    """Four answers, two codes of which one lies under the other, and nothing coded."""
    (tmp_path / "survey.csv").write_text(SURVEY, "utf-8")
    questionnaire = parse_questionnaire(QUESTIONS)
    made = Study.create(tmp_path / "s.db", tmp_path / "survey.csv", questionnaire)
    monkeypatch.setenv("CODER_STUDY", str(made.path))
    anna = made.coder("Anna")
    made.decide(anna, CreateCode("a", "Skærm"))
    made.decide(anna, CreateCode("b", "Møder", parent="a"))
    return made


def open_page(**address: str | list[str]) -> AppTest:
    app = AppTest.from_string("from coder.ui import grid\ngrid.show()", default_timeout=60)
    for name, value in {"lang": "da", "coder": "Anna", **address}.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def ids(app: AppTest) -> list[str]:
    """The answers in the table, from the top."""
    return list(app.dataframe[0].value["answer"]) if app.dataframe else []


def column(app: AppTest, name: str) -> list[object]:
    return list(app.dataframe[0].value[name])


def shown(**address: str | list[str]) -> list[str]:
    return ids(open_page(**address))


def select(app: AppTest, *answers: str) -> AppTest:
    """Tick these answers' rows."""
    key = app.dataframe[0].proto.id.rsplit("-", 1)[-1]
    there = ids(app)
    rows = [there.index(answer) for answer in answers]
    app.session_state[key] = {"selection": {"rows": rows, "columns": [], "cells": []}}
    return app.run()


def widget(kind: Iterable[Any], name: str) -> Any:
    """A widget by the beginning of its key."""
    return next(each for each in kind if str(each.key).startswith(f"grid_{name}."))


def menus(app: AppTest) -> list[Any]:
    """What can be done by a menu: to mark, and to set aside."""
    return list(app.get("menu_button"))


def choose_code(app: AppTest, code: str) -> AppTest:
    widget(app.selectbox, "code").select(code).run()
    return app


def counts(app: AppTest) -> list[str]:
    return [each.value for each in app.caption]


# --- which rows --------------------------------------------------------------------------------


@pytest.mark.usefixtures("study")
@pytest.mark.parametrize("language", LANGUAGES)
def test_all_answers_with_what_is_known_of_them(language: Language) -> None:
    app, texts = open_page(lang=language), load_texts(language)
    assert app.title[0].value == texts("page.grid.title")
    assert ids(app) == ["R1", "R2", "R3", "R4"]
    assert list(app.dataframe[0].value.columns) == ["answer", "text", "codes", "marks", "item.sted"]
    assert column(app, "item.sted") == ["Ærø", "Aarhus", "Århus", "Zoo"]
    assert texts("grid.found", count=4, total=4) in counts(app)


def test_codes_marks_and_memos_are_ones_own(study: Study) -> None:
    anna, bo = study.coder("Anna"), study.coder("Bo")
    study.decide(anna, ApplyCode("a", ("R1",)))
    study.decide(anna, ApplyCode("b", ("R1",)))
    study.decide(bo, ApplyCode("b", ("R2",)))
    study.decide(anna, MarkAnswers(("R1",), "quote"))
    study.decide(bo, MarkAnswers(("R1", "R2"), "discuss"))
    study.decide(bo, WriteMemo("R2", "Se her"))
    address: dict[str, str | list[str]] = {"columns": ["codes", "count", "marks", "memo", "length"]}
    app = open_page(**address)
    assert column(app, "codes") == ["Skærm\nMøder", "", "", ""]
    assert column(app, "count") == [2, 0, 0, 0]
    assert column(app, "marks") == [DA("mark.quote"), "", "", ""]
    assert column(app, "length") == [36, 19, 22, 8]
    app = open_page(**address, coder="Bo")
    assert column(app, "codes") == ["", "Møder", "", ""]
    assert column(app, "memo")[1] == "Se her"
    assert column(open_page(**address, coder="Ny"), "codes") == ["Skærm\nMøder", "Møder", "", ""]


@pytest.mark.usefixtures("study")
def test_the_search_reads_texts_and_ids() -> None:
    assert shown(q="skærm") == ["R1", "R3"]
    assert shown(q='"skærm"') == ["R1"]
    assert shown(q="skærm -borgerne") == ["R3"]
    assert shown(q="r2") == ["R2"]


def test_answers_by_their_codes(study: Study) -> None:
    anna = study.coder("Anna")
    study.decide(anna, ApplyCode("a", ("R1", "R2")))
    study.decide(anna, ApplyCode("b", ("R2", "R3")))
    assert shown(codes=["a"]) == ["R1", "R2"]
    assert shown(codes=["a", "b"]) == ["R1", "R2", "R3"]
    assert shown(codes=["a", "b"], having="all") == ["R2"]
    assert shown(codes=["a"], having="none") == ["R3", "R4"]
    assert shown(codes=[UNCODED]) == ["R4"]
    assert shown(codes=[UNCODED, "a"]) == ["R1", "R2", "R4"]
    assert shown(codes=[UNCODED], having="none") == ["R1", "R2", "R3"]


def test_answers_by_what_is_noted_and_decided(study: Study) -> None:
    anna, bo = study.coder("Anna"), study.coder("Bo")
    study.decide(anna, MarkAnswers(("R1",), "discuss"))
    study.decide(anna, WriteMemo("R2", "Se her"))
    study.decide(bo, MarkAnswers(("R3",), "discuss"))
    study.decide(anna, SetStatus(("R4",), "dont_know"))
    assert shown() == ["R1", "R2", "R3"]
    assert shown(marks=["discuss"]) == ["R1"]
    assert shown(marks=["discuss", "memo"]) == ["R1", "R2"]
    assert shown(status="aside") == ["R4"]
    assert shown(status="all") == ["R1", "R2", "R3", "R4"]


def test_answers_that_coders_disagree_on_or_should_look_at_again(study: Study) -> None:
    anna, bo = study.coder("Anna"), study.coder("Bo")
    study.decide(anna, ReviseCode("a", definition="Noget"))
    study.decide(anna, ApplyCode("a", ("R1", "R2")))
    study.decide(bo, ApplyCode("a", ("R1",)))
    study.decide(bo, ApplyCode("b", ("R2",)))
    assert shown(only=["disputed"]) == ["R2"]
    assert shown(only=["again"]) == []
    study.decide(bo, ReviseCode("a", definition="Noget andet"))
    assert shown(only=["again"]) == ["R1", "R2"]
    assert shown(only=["again"], coder="Bo") == ["R1"]
    assert shown(only=["again", "disputed"]) == ["R2"]


@pytest.mark.usefixtures("study")
def test_answers_by_a_closed_question() -> None:
    assert shown(item="tilfreds", values=["Meget", "Lidt"]) == ["R1", "R4"]
    assert shown(item="sted", values=["Ærø"]) == ["R1"]
    assert shown(item="hjælp", values=["Mad"]) == ["R2", "R4"]
    assert shown(item="hjælp", values=["Mad, drikke"]) == ["R1", "R2"]
    assert shown(item="hjælp", values=["drikke"]) == ["R1", "R2", "R3", "R4"]  # no such option
    assert shown(item="tilfreds") == ["R1", "R2", "R3", "R4"]


@pytest.mark.usefixtures("study")
@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("", ["R1", "R2", "R3", "R4"]),
        ("-answer", ["R4", "R3", "R2", "R1"]),
        ("item.sted", ["R2", "R4", "R1", "R3"]),  # a … z, æ, ø, å
        ("item.tilfreds", ["R2", "R4", "R1", "R3"]),  # as the options stand; the missing one last
        ("-item.tilfreds", ["R1", "R4", "R2", "R3"]),
        ("item.alder", ["R1", "R2", "R4", "R3"]),  # 9, 10, 100
        ("length", ["R4", "R2", "R3", "R1"]),
        ("text", ["R3", "R4", "R2", "R1"]),
    ],
)
def test_the_order(sort: str, expected: list[str]) -> None:
    assert shown(sort=sort) == expected


@pytest.mark.usefixtures("study")
def test_an_old_link_shows_what_there_still_is() -> None:
    app = open_page(
        q="vi", codes=["gone"], having="x", marks=["x"], item="x", values=["x"], status="x",
        only=["x"], sort="x", columns=["item.x", "codes"],
    )  # fmt: skip
    assert ids(app) == ["R1", "R2"]
    assert list(app.dataframe[0].value.columns) == ["answer", "text", "codes"]


# --- what is chosen ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(),
        Wanted(q='møde -"i haven"', sort="-length"),
        Wanted(codes=("a", UNCODED), having="none", columns=(BARE,)),
        Wanted(ids=("R002", "R004")),
        Wanted(marks=("memo",), item="sted", values=("Ærø & Ø",), status="all", only=("again",)),
    ],
)
def test_what_is_wanted_stands_in_the_address(wanted: Wanted) -> None:
    assert from_address(to_address(wanted)) == wanted


def test_what_is_as_usual_does_not_stand_in_the_address() -> None:
    assert to_address(Wanted()) == {}
    assert to_address(Wanted(q="x", codes=("a",))) == {"q": ["x"], "codes": ["a"]}


@pytest.mark.usefixtures("study")
def test_what_is_chosen_is_kept_in_the_address_and_can_be_cleared() -> None:
    app = open_page()
    app.text_input(key="grid_q.0.da").set_value("skærm").run()
    assert ids(app) == ["R1", "R3"]
    widget(app.multiselect, "codes").select("a").run()
    assert ids(app) == []
    assert DA("grid.nothing_found") in [each.value for each in app.info]
    app.button_group(key="grid_having.0.da").set_value("none").run()
    assert ids(app) == ["R1", "R3"]
    app.multiselect(key="grid_columns.0.da").set_value(["length"]).run()
    address = {name: app.query_params[name] for name in ("q", "codes", "having", "columns")}
    assert shown(**address) == ["R1", "R3"]
    assert column(open_page(**address), "length") == [36, 22]
    app.button(key="grid_clear").click().run()
    assert ids(app) == ["R1", "R2", "R3", "R4"]
    assert "q" not in app.query_params
    assert "codes" not in app.query_params
    assert column(app, "length") == [36, 19, 22, 8]  # columns are no filter


@pytest.mark.usefixtures("study")
def test_no_columns_but_the_text() -> None:
    app = open_page()
    app.multiselect(key="grid_columns.0.da").set_value([]).run()
    assert list(app.dataframe[0].value.columns) == ["answer", "text"]
    assert app.query_params["columns"] == BARE


@pytest.mark.usefixtures("study")
def test_the_buttons_tell_what_is_on() -> None:
    app = open_page(codes=["a"], having="none", only=["again"], sort="-length", status="all")
    buttons: list[Any] = list(app.get("popover"))
    labels = [each.proto.popover.label for each in buttons]
    assert labels[:2] == [
        DA("grid.filters_on", count=3),
        f"↓ {DA('grid.column.length')}",
    ]


# --- acts --------------------------------------------------------------------------------------


def test_a_code_on_what_is_selected_is_one_decision_and_undone_in_one(study: Study) -> None:
    anna = study.coder("Anna")
    app = choose_code(select(open_page(sort="-answer"), "R1", "R3"), "b")
    assert app.button(key="grid_give").label == DA("grid.give", count=2)
    app.button(key="grid_give").click().run()
    assert study.state.log[-1].decision == ApplyCode("b", ("R3", "R1"))
    study.undo(anna)
    assert study.state.codings == {}


def test_a_code_goes_to_those_that_lack_it_and_comes_off_those_that_have_it(study: Study) -> None:
    anna = study.coder("Anna")
    study.decide(anna, ApplyCode("a", ("R2", "R4")))
    app = choose_code(select(open_page(), "R1", "R2"), "a")
    assert app.button(key="grid_give").label == DA("grid.give", count=1)
    app.button(key="grid_give").click().run()
    assert study.state.log[-1].decision == ApplyCode("a", ("R1",))
    assert app.button(key="grid_give").disabled
    app.button(key="grid_take").click().run()
    decision: Decision = study.state.log[-1].decision
    assert decision == RemoveCode("a", ("R1", "R2"))
    assert study.state.answers_of("a") == ["R4"]


def test_what_others_have_coded_is_not_taken_off(study: Study) -> None:
    study.decide(study.coder("Bo"), ApplyCode("a", ("R1",)))
    app = choose_code(select(open_page(), "R1"), "a")
    assert app.button(key="grid_take").disabled
    assert not app.button(key="grid_give").disabled


def test_a_new_category_is_made_and_given_in_one_decision(study: Study) -> None:
    app = select(open_page(), "R2", "R4")
    app.text_input(key="grid_label.2").set_value("Ude")
    app.button(key="grid_create").click().run()
    decision = study.state.log[-1].decision
    assert isinstance(decision, AcceptGroup)
    assert decision == AcceptGroup(
        Turn(("R2", "R4")), decision.code, ("R2", "R4"), label="Ude"
    )  # fmt: skip
    assert study.state.answers_of(decision.code) == ["R2", "R4"]
    study.undo(study.coder("Anna"))
    assert [code.label for code in study.state.codes.values()] == ["Skærm", "Møder"]


def test_a_category_without_a_name_is_not_made(study: Study) -> None:
    before = study.state.no
    select(open_page(), "R2").button(key="grid_create").click().run()
    assert study.state.no == before


def test_marks_are_set_and_taken_away(study: Study) -> None:
    study.decide(study.coder("Anna"), MarkAnswers(("R1",), "quote"))
    app = select(open_page(), "R1", "R2")
    menu = menus(app)[0]
    assert menu.options == [
        DA("mark.done"), DA("mark.discuss"), DA("mark.quote"),
        DA("grid.unmark", mark=DA("mark.quote")),
    ]  # fmt: skip
    menu.click(DA("mark.discuss")).run()
    assert study.state.log[-1].decision == MarkAnswers(("R1", "R2"), "discuss")
    menus(app)[0].click(DA("grid.unmark", mark=DA("mark.quote"))).run()
    assert study.state.log[-1].decision == MarkAnswers(("R1", "R2"), "quote", on=False)


def test_answers_are_set_aside_with_a_reason_and_come_back(study: Study) -> None:
    app = select(open_page(status="all"), "R3", "R4")
    assert DA("review.is_answer") not in menus(app)[1].options
    menus(app)[1].click(DA("status.noise")).run()
    assert study.state.log[-1].decision == SetStatus(("R3", "R4"), "noise")
    menus(app)[1].click(DA("review.is_answer")).run()
    assert study.state.log[-1].decision == SetStatus(("R3", "R4"), None)


def test_only_what_may_be_given_is_offered(study: Study) -> None:
    anna = study.coder("Anna")
    study.decide(anna, ApplyCode("b", ("R1",)))
    study.decide(anna, ReviseCode("a", codable=False))
    study.decide(anna, RetireCode("b"))
    study.decide(anna, CreateCode("c", "Ude"))
    study.decide(anna, MoveCode("c", parent="a"))
    app = select(open_page(), "R2")
    assert widget(app.selectbox, "code").options == ["Skærm › Ude"]
    app = choose_code(select(open_page(), "R1"), "b")
    assert app.button(key="grid_give").disabled
    assert not app.button(key="grid_take").disabled


# --- the selection -----------------------------------------------------------------------------


@pytest.mark.usefixtures("study")
def test_nothing_selected_nothing_to_do() -> None:
    app = choose_code(open_page(), "a")
    assert app.button(key="grid_give").disabled
    assert app.button(key="grid_take").disabled
    assert app.button(key="grid_create").disabled
    assert all(each.disabled for each in menus(app))


def test_all_that_match_are_selected(study: Study) -> None:
    app = open_page(q="skærm")
    assert app.button(key="grid_all").label == DA("grid.select_all", count=2)
    app.button(key="grid_all").click().run()
    assert DA("grid.selected", count=2) in counts(app)
    choose_code(app, "a").button(key="grid_give").click().run()
    assert study.state.log[-1].decision == ApplyCode("a", ("R1", "R3"))
    app.button(key="grid_none").click().run()
    assert DA("grid.none_selected") in counts(app)


@pytest.mark.usefixtures("study")
def test_other_rows_or_another_order_select_nothing() -> None:
    app = select(open_page(), "R1", "R2")
    assert DA("grid.selected", count=2) in counts(app)
    app.text_input(key="grid_q.0.da").set_value("vi").run()
    assert ids(app)[:2] == ["R1", "R2"]
    assert DA("grid.none_selected") in counts(app)
    app.text_input(key="grid_q.0.da").set_value("").run()
    app = select(app, "R1")
    app.selectbox(key="grid_sort.0.da").select("text").run()
    assert DA("grid.none_selected") in counts(app)


def test_rows_that_leave_with_an_act_leave_nothing_selected(study: Study) -> None:
    """The rows that come in their places are others."""
    app = choose_code(select(open_page(codes=[UNCODED]), "R1", "R2"), "a")
    app.button(key="grid_give").click().run()
    assert ids(app) == ["R3", "R4"]
    assert DA("grid.none_selected") in counts(app)
    assert study.state.answers_of("a") == ["R1", "R2"]


def test_nobody_codes_without_a_name(study: Study) -> None:
    before = study.state.no
    app = choose_code(select(open_page(coder=""), "R1"), "a")
    app.button(key="grid_give").click().run()
    assert study.state.no == before


def test_one_answer_is_read_in_full(study: Study) -> None:
    study.decide(study.coder("Anna"), ApplyCode("b", ("R2",)))
    app = select(open_page(), "R2")
    assert app.subheader[0].value == "R2 · Aarhus"
    assert "Vi gik ture i haven" in [each.value for each in app.text]
    assert f"{DA('grid.column.codes')}: Møder" in counts(app)
    link: Any = app.get("page_link")[0]
    assert "answer=R2" in link.proto.query_string
    assert not select(open_page(), "R2", "R3").subheader
