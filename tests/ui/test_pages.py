"""Every page runs, whatever state the study is in, and in both languages."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from coder.demo import EXPERT, apply_expert, make_demo
from coder.i18n import LANGUAGES, Language, load_texts
from coder.model import ConfirmProposal, CreateCode, TreatFinds
from coder.study import Study

MODULES = {
    "overview": "overview",
    "review": "review",
    "candidates": "candidates",
    "codebook": "codebook",
    "log": "decisions",
}
STATES = ("fresh", "proposed", "coded")
DA = load_texts("da")


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The demo study in three states, to be copied: as imported, with proposals, and coded."""
    folder = tmp_path_factory.mktemp("made")
    study = make_demo(folder)
    paths = {state: folder / f"{state}.db" for state in STATES}
    shutil.copy(study.path, paths["fresh"])
    study.propose(encoder="fake")
    shutil.copy(study.path, paths["proposed"])
    apply_expert(study, folder / "expert.csv")
    shutil.copy(study.path, paths["coded"])
    return paths


@pytest.fixture
def study(
    request: pytest.FixtureRequest,
    made: dict[str, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Study:
    """A copy of the study in the state that the test is given; with proposals if none is."""
    path = Path(shutil.copy(made[getattr(request, "param", "proposed")], tmp_path / "study.db"))
    monkeypatch.setenv("CODER_STUDY", str(path))
    return Study.open(path)


def open_page(page: str, coder: str = "", language: Language = "da") -> AppTest:
    """One page alone, in a session of its own."""
    module = MODULES[page]
    app = AppTest.from_string(f"from coder.ui import {module}\n{module}.show()", default_timeout=60)
    app.query_params["lang"] = language
    if coder:
        app.query_params["coder"] = coder
    return app.run()


@pytest.mark.parametrize("study", STATES, indirect=True)
@pytest.mark.parametrize("page", MODULES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_runs(study: Study, page: str, language: Language) -> None:
    app = open_page(page, EXPERT, language)
    assert not app.exception
    assert not app.error
    if page != "overview":  # there the study's own name stands
        assert app.title[0].value == load_texts(language)(f"page.{page}.title")


@pytest.mark.parametrize("study", STATES, indirect=True)
def test_the_whole_app_runs(study: Study, checkout: Path) -> None:
    app = AppTest.from_file(str(checkout / "app_streamlit.py"), default_timeout=60).run()
    assert not app.exception
    assert "Kommunale nyskabelser" in app.title[0].value
    assert app.metric[3].value == "174"


@pytest.mark.parametrize("study", ["fresh"], indirect=True)
def test_without_proposals_the_page_offers_to_make_them(study: Study) -> None:
    app = open_page("candidates")
    assert app.info[0].value == DA("candidates.none")
    assert app.button(key="propose").label == DA("candidates.propose")
    assert app.number_input(key="count").placeholder == DA("candidates.count_auto")


@pytest.mark.parametrize("study", ["fresh"], indirect=True)
def test_an_empty_study_says_what_is_missing(study: Study) -> None:
    assert open_page("log").info[0].value == DA("log.empty")


@pytest.mark.parametrize(
    ("study", "step", "page"),
    [("fresh", "review", "review"), ("coded", "results", "joint")],
    indirect=["study"],
)
def test_the_overview_names_the_next_step(study: Study, step: str, page: str) -> None:
    if step == "results":
        finds = tuple(each.id for each in study.finds())
        study.decide(study.coder(EXPERT), TreatFinds(finds, "replace"))
    app = open_page("overview", EXPERT)
    assert app.button(key="next_step").label == DA(f"page.{page}.title")
    assert DA(f"overview.step.{step}") in [text.value for text in app.text]


def test_the_first_proposal_to_confirm_is_chosen(study: Study) -> None:
    made = study.proposals()
    assert made is not None
    first, second = made.proposals[:2]
    anna = study.coder("Anna")
    study.decide(anna, ConfirmProposal("c", "Første", first.answers, first.id, made.encoder))
    app = open_page("candidates", "Anna")
    assert app.radio[0].value == second.id
    app.radio[0].set_value(first.id).run()
    assert app.success[0].value == DA("candidates.confirmed", label="Første")
    assert all(box.disabled for box in app.checkbox)


def test_a_name_in_other_capitals_is_the_same_coder(study: Study, checkout: Path) -> None:
    study.decide(study.coder("Anna"), CreateCode("c", "Første"))
    app = AppTest.from_file(str(checkout / "app_streamlit.py"), default_timeout=60)
    app.query_params["coder"] = "anna"
    assert not app.run().button(key="undo").disabled
