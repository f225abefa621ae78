"""The review in the browser: what may be shown of personal data, and which texts are no answers."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from coder.i18n import load_texts
from coder.model import SetStatus, TreatFinds
from coder.study import Study
from coder.survey.questionnaire import parse_questionnaire
from tests.browser.running import App, go, refused, settle, shown, told

pytestmark = pytest.mark.browser

TEXTS = load_texts("da")
PHONE, EMAIL = "20 41 00 00", "anna@example.dk"
PSEUDONYMS = ("[telefonnummer 1]", "[e-mail 1]")
ANSWERS = (
    f"Vi lavede en vejledning om samtaler på skærm, ring på {PHONE} og hør mere.",
    f"Vi holdt samtaler på skærm i jobcentret; skriv til {EMAIL} om dem.",
    "Vi gik ture med de ældre i haven og sang for dem hver dag.",
    "Vi flyttede sangen med de ældre ud i haven, så flere var med.",
    "ved ikke",
    "Ved ikke",
    "-",
)
QUESTIONNAIRE = """
title: Gennemgang
language: da
questions:
  - {name: id, kind: id, label: Id}
  - {name: tekst, kind: open, label: Fortæl}
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study with two finds of personal data and three texts that are no answers."""
    folder = tmp_path_factory.mktemp("personal")
    with (folder / "survey.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "tekst"])
        rows.writerows([f"R{no}", text] for no, text in enumerate(ANSWERS))
    questions = parse_questionnaire(QUESTIONNAIRE)
    study = Study.create(folder / "study.db", folder / "survey.csv", questions)
    study.propose(2, encoder="fake")
    return study.path


def treatments(page: Page, answer: str = "") -> Locator:
    """What may be done with the find in an answer, or with all."""
    return page.locator(f'[class*="st-key-treat-{answer}"]').get_by_role("radio")


def chosen(page: Page) -> Locator:
    """What was chosen for each find."""
    return treatments(page).and_(page.get_by_role("radio", checked=True))


def treat(page: Page, answer: str, button: str) -> None:
    treatments(page, answer).filter(has_text=button).click()
    told(page, TEXTS("review.treated", count=1))


def all_texts(app: App) -> str:
    """What the candidates page shows, of both proposals."""
    page = app.open("candidates")
    texts = shown(page)
    page.get_by_test_id("stRadio").get_by_role("radio").last.locator(
        "xpath=ancestor::label"
    ).click()
    settle(page)
    return "\n".join([*texts, *shown(page)])


def test_replace_all(app: App) -> None:
    page = app.open("review", coder="Anna")
    page.locator(".st-key-replace_all button").click()
    told(page, TEXTS("review.treated", count=2))
    decision = app.study().state.log[-1].decision
    assert isinstance(decision, TreatFinds)
    assert (len(decision.finds), decision.treatment) == (2, "replace")
    for _ in range(2):
        expect(page.get_by_role("tab").first).to_have_text(TEXTS("review.finds", count=0))
        expect(page.locator(".st-key-replace_all")).to_have_count(0)
        expect(chosen(page)).to_have_text(
            [TEXTS("review.replace", pseudonym=each) for each in PSEUDONYMS]
        )
        page.reload()
        settle(page)
    go(page, "Beslutningslog")
    done = TEXTS("decision.long.TreatFinds", count=2, treatment=TEXTS("treatment.replace"))
    expect(page.locator(".st-key-log_list").get_by_text(done)).to_be_visible()


def test_what_is_kept_is_shown_elsewhere_and_what_is_not_is_not(app: App) -> None:
    before = all_texts(app)
    assert PHONE not in before
    assert EMAIL not in before
    page = app.open("review", coder="Anna")
    treat(page, "R0", TEXTS("review.keep"))
    treat(page, "R1", TEXTS("review.drop"))
    page.reload()
    settle(page)
    expect(chosen(page)).to_have_text([TEXTS("review.keep"), TEXTS("review.drop")])
    after = all_texts(app)
    assert PHONE in after
    assert EMAIL not in after
    assert "[" not in after


def test_what_was_decided_can_be_decided_again(app: App) -> None:
    page = app.open("review", coder="Anna")
    treat(page, "R0", TEXTS("review.keep"))
    treat(page, "R0", TEXTS("review.replace", pseudonym=PSEUDONYMS[0]))
    assert PHONE not in all_texts(app)
    page.locator(".st-key-undo button").click()
    told(page, TEXTS("ui.undone"))
    assert PHONE in all_texts(app)


def test_nobody_decides_without_a_name(app: App) -> None:
    page = app.open("review")
    page.locator(".st-key-replace_all button").click()
    refused(page, TEXTS("ui.name_first"))
    assert app.decisions() == []


def test_texts_that_are_no_answers(app: App) -> None:
    page = app.open("review", coder="Anna")
    page.get_by_role("tab").last.click()
    page.locator(".st-key-set_all-dont_know button").click()
    told(page, TEXTS("review.set", count=2))
    assert app.study().state.log[-1].decision == SetStatus(("R4", "R5"), "dont_know")
    page.reload()
    settle(page)
    page.get_by_role("tab").last.click()
    expect(page.get_by_text(TEXTS("review.set_aside", count=2))).to_be_visible()
    page.locator(".st-key-back-R5 button").click()
    told(page, TEXTS("review.set", count=1))
    assert app.study().state.set_aside() == {"R4"}
    go(page, "Kodebog")
    expect(page.get_by_test_id("stCheckbox").filter(has_text="R5")).to_be_visible()
    expect(page.get_by_test_id("stCheckbox").filter(has_text="R4")).to_have_count(0)
