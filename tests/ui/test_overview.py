"""The overview: the counts by hand, and the next sensible step of each state of the work."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from coder.demo import make_demo
from coder.errors import UserError
from coder.i18n import LANGUAGES, Language, load_texts
from coder.model import (
    ApplyCode,
    CreateCode,
    MarkAnswers,
    RemoveCode,
    ReviseCode,
    SetRole,
    SetStatus,
    TreatFinds,
    Undo,
)
from coder.study import Study
from coder.ui import session

DA = load_texts("da")
COUNTS = (
    "invited", "answered", "described", "answers",
    "coded", "done", "discuss", "disputed", "again", "set_aside",
)  # fmt: skip


@pytest.fixture
def study(shown: Study) -> Study:
    return shown


def open_page(coder: str = "Anna", language: Language = "da") -> AppTest:
    app = AppTest.from_string("from coder.ui import overview\noverview.show()", default_timeout=60)
    app.query_params["lang"] = language
    if coder:
        app.query_params["coder"] = coder
    return app.run()


def counts(app: AppTest) -> dict[str, str]:
    """The figures by name, in the order in which they stand."""
    assert [metric.label for metric in app.metric] == [DA(f"overview.{each}") for each in COUNTS]
    return dict(zip(COUNTS, (metric.value for metric in app.metric), strict=True))


def said(app: AppTest) -> list[str]:
    return [each.value for each in app.text]


def treat_finds(study: Study) -> str:
    """Nothing of personal data is open any more; Anna's id."""
    anna = study.coder("Anna")
    study.decide(anna, TreatFinds(tuple(each.id for each in study.finds()), "replace"))
    return anna


def code_all(study: Study) -> str:
    anna = treat_finds(study)
    study.decide(anna, CreateCode("a", "Alt", "Det hele."))
    study.decide(anna, ApplyCode("a", tuple(study.survey.answers.index)))
    return anna


def test_a_lead_is_told_when_there_is_no_backup(study: Study) -> None:
    trouble = UserError("study.no_backup", path="demo.db", reason="full")
    served = session._open(str(study.path))
    served.backups_made()
    served.backup_trouble = trouble
    try:
        told = [each.value for each in open_page().warning]
        eva, anna = study.coder("Eva"), study.coder("Anna")
        study.decide(eva, SetRole(anna, "coder"))
        assert told == [DA("overview.backup_trouble", why=DA.error(trouble))]
        assert not open_page().warning
        assert len(open_page("Eva").warning) == 1
    finally:
        served.backup_trouble = None


def test_what_came_in_before_anything_is_decided(study: Study) -> None:
    app = open_page()
    assert not app.exception
    assert study.state.no == 0
    came_in = {"invited": "556", "answered": "296", "described": "160", "answers": "174"}
    assert counts(app) == came_in | dict.fromkeys(COUNTS[4:], "0")
    assert DA("overview.no_work") in said(app)
    assert DA("log.empty") in said(app)


def test_the_counts_of_the_work(study: Study) -> None:
    anna, bo = study.coder("Anna"), study.coder("Bo")
    study.decide(anna, CreateCode("a", "Gåture", "Ud."))
    study.decide(anna, CreateCode("b", "Skærm"))
    study.decide(anna, ApplyCode("a", ("R002", "R004", "R005")))
    study.decide(bo, ApplyCode("b", ("R002", "R010")))  # disputed: R002
    study.decide(anna, MarkAnswers(("R004", "R006"), "done"))
    study.decide(anna, MarkAnswers(("R010",), "discuss"))
    study.decide(bo, MarkAnswers(("R011", "R013"), "discuss"))
    study.decide(anna, ReviseCode("a", definition="Ud i det fri."))  # again: R002, R005
    study.decide(anna, MarkAnswers(("R004",), "done"))  # she has looked at this one
    study.decide(anna, SetStatus(("R022",), "none"))
    found = counts(open_page("Anna"))
    assert {each: found[each] for each in COUNTS[4:]} == {
        "coded": "3",
        "done": "2",
        "discuss": "1",
        "disputed": "1",
        "again": "2",
        "set_aside": "1",
    }
    assert DA("overview.dealt_of", dealt="4", there="173", codes="2") in [
        each.proto.text for each in open_page("Anna").get("progress")
    ]
    # Who has coded nothing sees what all have done.
    assert (counts(open_page("Cilla"))["coded"], counts(open_page("Cilla"))["discuss"]) == (
        "4",
        "3",
    )


@pytest.mark.usefixtures("study")
@pytest.mark.parametrize("language", LANGUAGES)
def test_personal_data_comes_first(language: Language) -> None:
    texts, app = load_texts(language), open_page(language=language)
    assert app.button(key="next_step").label == texts("page.review.title")
    assert texts("overview.step.review") in said(app)


def next_step(app: AppTest) -> tuple[str, str]:
    """The page of the button, and which of the sentences stands by it."""
    steps = ("review", "propose", "candidates", "coding", "relook", "results")
    (step,) = [each for each in steps if DA(f"overview.step.{each}") in said(app)]
    return app.button(key="next_step").label, step


def test_then_proposals_are_made(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    study = make_demo(tmp_path)  # type: ignore[arg-type]
    monkeypatch.setenv("CODER_STUDY", str(study.path))
    treat_finds(study)
    assert next_step(open_page()) == (DA("page.candidates.title"), "propose")


def test_then_the_first_category_is_confirmed_and_the_rest_coded(study: Study) -> None:
    anna = treat_finds(study)
    assert next_step(open_page()) == (DA("page.candidates.title"), "candidates")
    study.decide(anna, CreateCode("a", "Gåture"))
    study.decide(anna, ApplyCode("a", ("R002",)))
    assert next_step(open_page()) == (DA("page.coding.title"), "coding")


def test_what_one_is_done_with_is_not_left(study: Study) -> None:
    anna = code_all(study)
    study.decide(anna, RemoveCode("a", ("R002", "R004")))
    assert next_step(open_page())[1] == "coding"
    study.decide(anna, MarkAnswers(("R002",), "nothing"))
    study.decide(anna, SetStatus(("R004",), "none"))
    assert next_step(open_page())[1] == "results"


def test_when_all_is_coded_one_looks_again_and_then_at_the_results(study: Study) -> None:
    anna = code_all(study)
    assert next_step(open_page()) == (DA("page.joint.title"), "results")
    study.decide(anna, ReviseCode("a", definition="Noget andet."))
    assert next_step(open_page()) == (DA("page.coding.title"), "relook")
    study.undo(anna)
    assert next_step(open_page())[1] == "results"


def test_the_line_of_the_work_has_its_table(study: Study) -> None:
    code_all(study)
    app = open_page()
    assert len(app.get("image")) == 1
    table = app.expander[0].dataframe[0].value
    assert table[DA("column.answers")].tolist() == [*range(1, 175)]


def test_the_latest_decisions_that_stand_lead_to_the_log(study: Study) -> None:
    anna = study.coder("Anna")
    for no in range(6):
        study.decide(anna, CreateCode(f"c{no}", f"*Kode* {no}"))
    study.decide(anna, Undo(7))
    app = open_page()
    lines = [each.label for each in app.button if str(each.key).startswith("to_entry.")]
    assert lines == [
        "8\\. Fortrød beslutning nr. 7",
        *(f"{no}\\. Oprettede kategorien »\\*Kode\\* {no - 2}«" for no in (6, 5, 4, 3)),
    ]


def test_the_report_is_fetched_from_the_overview(study: Study) -> None:
    """It is made only when it is asked for, since that takes a while."""
    offered = [each for each in open_page().get("download_button")]
    labels = [each.proto.label for each in offered]
    assert labels == [DA(f"report.fetch_{ending}") for ending in ("docx", "html")]
