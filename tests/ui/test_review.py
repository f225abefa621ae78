"""The review page: personal data and what is no answer, decided by a person with a name."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from coder.i18n import LANGUAGES, Language, load_texts
from coder.model import ApplyCode, CreateCode, SetStatus, TreatFinds
from coder.study import Study
from coder.survey.questionnaire import parse_questionnaire

DA = load_texts("da")
PHONE, EMAIL = "20 41 00 00", "anna@example.dk"
SURVEY = f"""id;tekst
R1;Vi lavede en vejledning, ring på {PHONE} og hør mere.
R2;Vi holdt samtaler på skærm; skriv til {EMAIL} om dem.
R3;Vi gik ture med de ældre i haven og sang for dem hver dag.
R4;ved ikke
R5;Ved ikke
R6;-
""".replace("skærm; ", "skærm, ")
QUESTIONS = "questions: [{name: id, kind: id}, {name: tekst, kind: open}]"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("review")
    (folder / "survey.csv").write_text(SURVEY, "utf-8")
    return Study.create(folder / "s.db", folder / "survey.csv", parse_questionnaire(QUESTIONS)).path


@pytest.fixture
def study(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    path = Path(shutil.copy(made, tmp_path / "s.db"))
    monkeypatch.setenv("CODER_STUDY", str(path))
    return Study.open(path)


def open_page(page: str = "review", coder: str = "Anna", language: Language = "da") -> AppTest:
    app = AppTest.from_string(f"from coder.ui import {page}\n{page}.show()", default_timeout=60)
    app.query_params["lang"] = language
    if coder:
        app.query_params["coder"] = coder
    return app.run()


def keys(app: AppTest) -> set[str]:
    return {str(button.key) for button in app.button}


@pytest.mark.usefixtures("study")
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_find_stands_in_its_sentence_and_is_told_apart(language: Language) -> None:
    app = open_page(language=language)
    texts = load_texts(language)
    assert not app.exception
    assert [tab.label for tab in app.tabs] == [
        texts("review.finds", count=2), texts("review.statuses", count=3),
    ]  # fmt: skip
    found = [each.value for each in app.markdown]
    assert any(f":orange-background[{PHONE}]" in each for each in found)
    assert not any("haven" in each for each in found)


def test_all_finds_are_replaced_at_once(study: Study) -> None:
    app = open_page()
    app.button(key="replace_all").click().run()
    decision = study.state.log[-1].decision
    assert decision == TreatFinds(tuple(each.id for each in study.finds()), "replace")
    assert app.tabs[0].label == DA("review.finds", count=0)
    assert "replace_all" not in keys(app)
    assert [each.treatment for each in study.finds()] == ["replace", "replace"]


@pytest.mark.parametrize("treatment", ["keep", "drop"])
def test_one_find_is_decided_alone(study: Study, treatment: str) -> None:
    app = open_page()
    place = study.finds()[0].id
    app.button_group(key=f"treat.{place}.None.da").set_value(treatment).run()
    assert not app.exception
    assert study.state.treatments == {place: treatment}
    assert (PHONE in study.survey.answers.loc["R1", "text"]) == (treatment == "keep")
    assert app.tabs[0].label == DA("review.finds", count=1)


def test_nobody_decides_without_a_name(study: Study) -> None:
    app = open_page(coder="")
    app.button(key="replace_all").click().run()
    app.button(key="is_answer.R4").click().run()
    assert study.state.log == ()


def test_a_text_that_is_an_answer_after_all_is_not_asked_about_again(study: Study) -> None:
    app = open_page()
    app.button(key="is_answer.R4").click().run()
    assert study.state.statuses == {"R4": None}
    assert "set.R4" not in keys(app)
    assert "back.R4" not in keys(app)
    assert "set.R4" not in keys(open_page())
    assert app.tabs[1].label == DA("review.statuses", count=2)


def test_all_of_one_kind_are_set_aside_and_one_comes_back(study: Study) -> None:
    app = open_page()
    app.button(key="set_all.dont_know").click().run()
    assert study.state.log[-1].decision == SetStatus(("R4", "R5"), "dont_know")
    assert DA("review.set_aside", count=2) in [each.value for each in app.header]
    app.button(key="back.R5").click().run()
    assert study.state.set_aside() == {"R4"}
    assert keys(app) & {"back.R4", "back.R5", "set.R4", "set.R5", "set.R6"} == {
        "back.R4",
        "set.R6",
    }


def progress() -> str:
    return str(open_page("overview").get("progress")[0].proto.text)


def test_what_is_set_aside_is_not_counted_as_coded(study: Study) -> None:
    """Six texts of which one is set aside leave five to code; a code on it doesn't count."""
    anna = study.coder("Anna")
    study.decide(anna, CreateCode("c", "Gåture"))
    study.decide(anna, ApplyCode("c", ("R3", "R4")))
    assert progress() == DA("overview.dealt_of", dealt="2", there="6", codes=1)
    study.decide(anna, SetStatus(("R4",), "dont_know"))
    assert progress() == DA("overview.dealt_of", dealt="1", there="5", codes=1)


def test_with_nothing_to_review_the_page_says_so(
    small_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CODER_STUDY", str(small_path))
    app = open_page()
    assert [each.value for each in app.info] == [
        DA("review.no_finds"), DA("review.no_statuses"),
    ]  # fmt: skip
    assert not [each for each in keys(app) if not each.startswith("go.")]
