"""The page of category sheets: what is written, cited and chosen there is decided."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from coder.demo import EXPERT
from coder.i18n import load_texts
from coder.model import MoveAnswers, WriteSheet
from coder.study import Study

DA = load_texts("da")


@pytest.fixture
def study(own_demo: Study, monkeypatch: pytest.MonkeyPatch) -> Study:
    monkeypatch.setenv("CODER_STUDY", str(own_demo.path))
    return own_demo


def open_page(script: str = "from coder.ui import sheets\nsheets.show()") -> AppTest:
    app = AppTest.from_string(script, default_timeout=120)
    app.query_params["coder"] = EXPERT
    return app.run()


def said(app: AppTest) -> str:
    return "\n".join(each.value for each in (*app.text, *app.caption, *app.warning, *app.markdown))


def first_code(study: Study) -> str:
    return study.sheets()[0].code


def test_a_field_is_saved_when_one_leaves_it_and_a_click_cites(study: Study) -> None:
    answer, code = study.sheet_help(first_code(study)).answers[0], first_code(study)
    app = open_page()
    (field,) = (e for e in app.text_area if str(e.key).startswith("sheet.character."))
    field.set_value("De ringer.").run()
    assert study.sheets()[0].character == "De ringer."
    app.button(key=f"cite.{answer}").click().run()
    assert not app.exception
    assert study.sheets()[0].character == f"De ringer [{answer}]."
    assert study.sheet_help(code).cited == (answer,)
    app.segmented_control(key="sheet_field.da").set_value("benefit").run()
    app.button(key=f"cite.{answer}").click().run()
    assert study.sheets()[0].benefit == f"[{answer}]"
    app.toggle(key="only_unused.da").set_value(True).run()
    assert not [each for each in app.button if each.key == f"cite.{answer}"]


def test_it_says_what_is_cited_and_has_moved_and_what_cites_nothing(study: Study) -> None:
    code, other = (each.code for each in study.sheets()[:2])
    one, two = study.sheet_help(code).answers[:2]
    who = study.coder(EXPERT)
    study.decide(who, WriteSheet(code, f"De ringer [{one}]. Godt. Se [R999]."))
    study.decide(who, MoveAnswers((one,), code, other))
    app = open_page()
    assert DA("sheets.moved", answer=one) in said(app)
    assert DA("sheets.unknown", answer="R999") in said(app)
    assert DA("sheets.moved", answer=two) not in said(app)
    assert "Godt." in said(app)


def test_the_case_is_chosen_among_the_candidates_and_let_go_again(study: Study) -> None:
    candidate = study.sheet_help(first_code(study)).candidates[0]
    app = open_page()
    app.button(key=f"case.{candidate}").click().run()
    assert study.sheets()[0].case == candidate
    app.button(key="case_off").click().run()
    assert study.sheets()[0].case == ""
    assert not app.exception


def test_sentences_stand_by_what_they_are_about(study: Study) -> None:
    help = study.sheet_help(first_code(study))
    app = open_page()
    app.segmented_control(key="sheet_way.da").set_value("sentence").run()
    (thing,) = (each for each in app.selectbox if str(each.key).startswith("sheet_thing."))
    told = help.sentences[["obstacles" in each for each in help.sentences["things"]]]
    thing.set_value("obstacles").run()
    assert len(told) > 2
    shown = [each.value for each in app.text]
    assert all(sentence in shown for sentence in told["sentence"])
    answer = told["answer"].iloc[0]
    app.button(key=f"cite.0.{answer}").click().run()
    assert study.sheets()[0].character == f"[{answer}]"
    (thing,) = (each for each in app.selectbox if str(each.key).startswith("sheet_thing."))
    assert thing.value == "obstacles"


CASE = """
from coder.ui import session, sheets_appendix
study = session.study()
sheets_appendix._case(study, study.most_promising().iloc[0], session.texts())
"""


def test_a_proposal_is_confirmed_with_a_click_and_another_sentence_may_be_marked(
    study: Study,
) -> None:
    before = study.most_promising().iloc[0]
    app = open_page(CASE)
    (confirm,) = (
        e for e in app.button if str(e.key).startswith(f"confirm.{before['case']}.action")
    )
    confirm.click().run()
    after = study.most_promising().iloc[0]
    assert after["action"] == before["action"]
    assert "action" in before["proposed"]
    assert "action" not in after["proposed"]
    sentences = study.sentences_of(before["case"])["sentence"].tolist()
    (another,) = (e for e in app.selectbox if f"another.{before['case']}.learning" in str(e.key))
    another.set_value(len(sentences) - 1).run()
    assert study.most_promising().iloc[0]["learning"] == sentences[-1]
    (unmark,) = (e for e in app.button if str(e.key).startswith(f"unmark.{before['case']}.learn"))
    unmark.click().run()
    assert study.most_promising().iloc[0]["learning"] == before["learning"]
    assert not app.exception


def field_of(app: AppTest, part: str) -> Any:
    """The field with the words of a part, in the first case."""
    (found,) = (each for each in app.text_area if f".{part}." in str(each.key))
    return found


def test_only_the_words_left_in_the_field_are_marked_and_one_undo_brings_back_what_was(
    study: Study,
) -> None:
    case = study.most_promising()["case"].iloc[0]
    text, no = study.survey.answers.at[case, "text"], study.state.no
    app = open_page(CASE)
    first, fewer = " ".join(text.split()[:4]), text.split()[1]
    field_of(app, "target_group").set_value(f" {first.upper()}").run()
    assert study.most_promising().iloc[0]["target_group"] == first
    assert field_of(app, "target_group").value == first
    field_of(app, "target_group").set_value(fewer).run()
    assert study.most_promising().iloc[0]["target_group"] == fewer
    assert study.state.no == no + 2  # to put other words there is one decision
    study.undo(study.coder(EXPERT))
    assert study.most_promising().iloc[0]["target_group"] == first
    field_of(app.run(), "target_group").set_value(" ").run()
    assert study.passages() == {}
    assert not app.exception


def test_words_that_do_not_stand_in_the_answer_are_refused_and_stay_in_the_field(
    study: Study,
) -> None:
    case, no = study.most_promising()["case"].iloc[0], study.state.no
    app = open_page(CASE)
    field_of(app, "target_group").set_value("katte og hunde").run()
    assert app.session_state["message"] == (DA("appendix.not_in_answer", answer=case), True)
    assert field_of(app, "target_group").value == "katte og hunde"
    assert study.state.no == no


def test_what_is_marked_by_leaving_the_field_is_not_marked_again_by_the_button(
    study: Study,
) -> None:
    case, no = study.most_promising()["case"].iloc[0], study.state.no
    word = study.survey.answers.at[case, "text"].split()[0]
    app = open_page(CASE)
    field_of(app, "action").set_value(word)
    (confirm,) = (e for e in app.button if str(e.key).startswith(f"confirm.{case}.action"))
    confirm.click().run()
    assert not app.exception
    assert study.state.no == no + 1
    assert study.most_promising().iloc[0]["action"] == word


def test_the_appendix_is_a_table_with_how_much_of_it_is_confirmed(study: Study) -> None:
    app = open_page()
    app.segmented_control(key="sheets_view.da").set_value("appendix").run()
    assert len(app.dataframe[0].value) == 49
    assert DA("appendix.about", count="49") in said(app)
