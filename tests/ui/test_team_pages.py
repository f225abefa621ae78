"""The pages for several coders: rounds, agreement and settling."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from coder.i18n import LANGUAGES, Language, load_texts
from coder.intake import take_in
from coder.model import (
    AddCoder,
    ApplyCode,
    CloseRound,
    CreateCode,
    MarkAnswers,
    SetRole,
    Settle,
    WriteMemo,
)
from coder.study import Study
from coder.survey.questionnaire import parse_questionnaire
from tests.fixtures import refused

DA = load_texts("da")
PAGES = ("rounds", "agreed", "settling")
SECRET = "Det stod jeg længe med"


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    """Eva leads; Anna and Bo have coded six answers blind, and differ on two."""
    rows = [f"{no};Vi gjorde noget nyt nummer {no}" for no in range(1, 7)]
    file = tmp_path / "few.csv"
    file.write_text("\n".join(["nr;hvad", *rows]), "utf-8")
    form = take_in([file], open_columns=["hvad"], id_column="nr").questionnaire
    study = Study.create(tmp_path / "few.db", file, form)
    monkeypatch.setenv("CODER_STUDY", str(study.path))
    for coder in ("eva", "anna", "bo"):
        study.decide(coder, AddCoder(coder, coder.title()))
    for code in ("x", "y"):
        study.decide("eva", CreateCode(code, f"Kategori {code}", f"Om {code}"))
    study.decide("eva", SetRole("anna", "coder"))
    study.decide("eva", study.plan_round("r", "Første", ["anna", "bo"]))
    answers = tuple(study.survey.answers.index)
    for coder, own in (("anna", answers[:4]), ("bo", answers[:2])):
        study.decide(coder, ApplyCode("x", own))
        study.decide(coder, ApplyCode("y", tuple(each for each in answers if each not in own)))
        study.decide(coder, MarkAnswers(answers, "done"))
    study.decide("bo", WriteMemo(answers[2], SECRET))
    return study


def open_page(page: str, coder: str = "Eva", language: Language = "da", **address: str) -> AppTest:
    app = AppTest.from_string(f"from coder.ui import {page}\n{page}.show()", default_timeout=60)
    app.query_params["lang"], app.query_params["coder"] = language, coder
    for name, value in address.items():
        app.query_params[name] = value
    return app.run()


def said(app: AppTest) -> str:
    """Every word on the page."""
    assert not app.exception
    kinds = ("text", "caption", "markdown", "info", "success", "title", "header", "subheader")
    return "\n".join(str(each.value) for kind in kinds for each in app.get(kind))


def button(app: AppTest, key: str) -> AppTest:
    return next(each for each in app.button if each.key == key).click().run()


@pytest.mark.usefixtures("study")
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_runs_for_every_role_while_the_round_is_blind(language: Language) -> None:
    for page in PAGES:
        for coder in ("Eva", "Bo", "Nobody yet"):
            shown = said(open_page(page, coder, language))
            assert SECRET not in shown
            assert "rounds." not in shown
            assert "settling." not in shown


def test_a_coder_sees_their_round_and_how_far_they_are(study: Study) -> None:
    app = open_page("rounds", "Anna")
    assert DA("rounds.about_blind") in said(app)
    assert DA("rounds.all_done") in said(app)
    assert not {"open_round", "close.r"} & {str(each.key) for each in app.button}
    study.decide("eva", CloseRound("r"))
    assert DA("rounds.over", label="Første") in said(open_page("rounds", "Anna"))


def test_a_lead_closes_the_round_and_opens_a_new_one_by_a_plan(study: Study) -> None:
    app = open_page("rounds")
    told = DA("rounds.shared_agreed", compared=6, shared=6, agreed=4)
    assert told in said(app)
    button(app, "close.r")
    assert not study.state.open_rounds()
    app = open_page("rounds")
    app.multiselect(key="round_coders").set_value(["anna", "bo"]).run()
    app.radio(key="round_design").set_value("pairs").run()
    app.text_input(key="round_label").set_value("Anden").run()
    button(app, "open_round")
    (opened,) = study.state.open_rounds()
    assert (opened.label, opened.design, opened.blind) == ("Anden", "pairs", True)
    assert opened.coders == ("anna", "bo")


def test_a_round_of_coding_again_is_opened_coded_and_leads_to_its_agreement(study: Study) -> None:
    """Anna codes four of six again: one as before, one otherwise, and is done with these."""
    study.decide("eva", CloseRound("r"))
    app = open_page("rounds")
    app.multiselect(key="round_coders").set_value(["eva"]).run()
    app.radio(key="round_design").set_value("again").run()
    assert [each.value for each in app.warning] == [DA("round.nothing_done", name="Eva")]
    app.multiselect(key="round_coders").set_value(["anna"]).run()
    app.number_input(key="round_again").set_value(4).run()
    assert not {"round_blind", "round_test"} & {str(each.key) for each in app.toggle}
    assert DA("rounds.told_again", overlap=4, by="", seed=1) in said(app)
    button(app, "open_round")
    (opened,) = study.state.open_rounds()
    assert (opened.again, opened.blind, len(opened.answers)) == (True, True, 4)
    anna = open_page("rounds", "Anna")
    assert DA("rounds.about_again") in said(anna)
    first, second = (study.state.codings["anna", each][0] for each in opened.answers[:2])
    study.decide("anna", ApplyCode(first, opened.answers[:1]))
    study.decide("anna", ApplyCode({"x": "y", "y": "x"}[second], opened.answers[1:2]))
    study.decide("anna", MarkAnswers(opened.answers[:2], "done"))
    assert DA("rounds.twice_agreed", compared=2, shared=4, agreed=1) in said(open_page("rounds"))
    button(open_page("rounds"), f"close.{opened.round}")
    shown = open_page("agreed", "Eva", round=opened.round, of="later")
    assert shown.selectbox(key="agreement_coder").value == "anna"
    assert DA("agreed.about.later_blind", count=2) in said(shown)
    assert "50 %" in {each.value for each in shown.metric}


def test_a_plan_that_does_not_fit_is_told_and_not_offered(study: Study) -> None:
    study.decide("eva", CloseRound("r"))
    app = open_page("rounds")
    app.multiselect(key="round_coders").set_value(["anna"]).run()
    app.radio(key="round_design").set_value("pairs").run()
    assert [each.value for each in app.warning] == [DA("round.no_pairs", count=1)]
    assert "open_round" not in {str(each.key) for each in app.button}


def test_a_lead_gives_roles_and_adds_coders(study: Study) -> None:
    app = open_page("rounds")
    select = next(each for each in app.selectbox if str(each.key).startswith("set_role.bo."))
    select.set_value("reader").run()
    assert study.state.role("bo") == "reader"
    app.text_input(key="new_coder").set_value("Ida")
    next(each for each in app.button if each.label == DA("rounds.add")).click().run()
    assert "Ida" in study.state.coders.values()


def test_results_are_of_the_layer_that_one_chooses_on_all_pages(study: Study) -> None:
    def choice(app: AppTest) -> Any:
        return next((each for each in app.selectbox if str(each.key).startswith("layer.")), None)

    assert choice(open_page("joint")) is None  # blind: nobody's coding is to be seen
    study.decide("eva", CloseRound("r"))
    app = open_page("joint")
    assert choice(app).options == [
        DA("choices.layer_all"),
        DA("choices.layer_consensus"),
        *(DA("choices.layer_of", name=name) for name in ("Anna", "Bo")),
    ]
    everyone = session_rows(app)
    choice(app).set_value("anna").run()
    assert session_rows(app) == counts_of(study, "anna") != everyone
    study.decide("eva", SetRole("bo", "reader"))
    assert choice(open_page("joint", "Bo")).options[2:] == []


def session_rows(app: AppTest) -> dict[str, int]:
    """How many answers each category has, as the page counted them."""
    rows = app.session_state["once.joint"][1]
    return dict(zip(rows["category"], rows["answers"], strict=True))


def counts_of(study: Study, coder: str) -> dict[str, int]:
    codes = study.state.codes.values()
    return {each.label: len(study.state.answers_of(each.id, coder)) for each in codes}


def test_agreement_is_told_of_what_both_are_done_with(study: Study) -> None:
    assert DA("agreed.none.coders") in said(open_page("agreed"))
    study.decide("eva", CloseRound("r"))
    app = open_page("agreed")
    assert "67 %" in {each.value for each in app.metric}  # 4 of 6
    assert DA("agreed.about.coders", count=6) in said(app)
    study.decide("eva", Settle(tuple(study.survey.answers.index[2:3]), ("x",), "slip"))
    app.selectbox(key="agreement_of").set_value("settled").run()
    assert "83 %" in {each.value for each in app.metric}  # 5 of 6


def test_where_one_code_is_allowed_the_code_says_that_one_is_done(tmp_path: Path) -> None:
    file = tmp_path / "one.csv"
    file.write_text("nr;hvad\n1;en\n2;to\n", "utf-8")
    form = parse_questionnaire(
        "questions: [{name: nr, kind: id}, {name: hvad, kind: open, codes: one}]"
    )
    study = Study.create(tmp_path / "one.db", file, form)
    for coder, code in (("anna", "x"), ("bo", "y")):
        study.decide(coder, AddCoder(coder, coder.title()))
        study.decide(coder, CreateCode(code, code))
        study.decide(coder, ApplyCode(code, ("1",)))
    assert study.ratings().units == ("1",)
    assert [each.answer for each in study.disagreements()] == ["1"]
    with refused("log.one_code", answer="1"):
        study.decide("anna", Settle(("1",), ("x", "y"), "both_apply"))
    study.decide("anna", Settle(("1",), ("x",), "slip"))
    assert study.consensus() == {"1": {"x"}}
    assert study.layer("consensus").codebook()["answers"].tolist() == [1, 0]


def test_what_is_settled_counts_and_what_was_coded_stays_until_it_is_undone(study: Study) -> None:
    study.decide("eva", CloseRound("r"))
    answer, before = study.survey.answers.index[2], study.state.codings
    app = open_page("settling")
    shown = said(app)
    for words in (SECRET, "Om x", "Om y", "Anna", "Bo"):
        assert words in shown
    labels = [each.label for each in app.button if str(each.key).startswith("settle.")]
    assert labels[:2] == ["»Kategori x«", "»Kategori y«"]
    app.pills(key=f"cause.{answer}").set_value("unclear_definition").run()
    app.text_input(key=f"note.{answer}").set_value("Aftalt på mødet").run()
    app = button(app, f"settle.{answer}.2")
    settled = study.state.settled[answer]
    assert (settled.codes, settled.reason, settled.note) == (
        ("y",), "unclear_definition", "Aftalt på mødet",
    )  # fmt: skip
    assert study.state.codings == before
    app.text_area(key=f"include.x.{answer}").set_value("Også på afstand").run()
    app.checkbox(key=f"example.x.{answer}").set_value(True).run()
    button(app, "clarify_save")
    code = study.state.codes["x"]
    assert (code.include, code.examples) == ("Også på afstand", (answer,))
    study.undo("eva")
    study.undo("eva")
    assert answer not in study.state.settled
