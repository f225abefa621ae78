"""Every page in each language, in its own session, and on a window as narrow as a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from coder.i18n import Language, load_texts
from coder.study import Study
from tests.browser.running import PAGES, App, give_name, go, settle, shown

pytestmark = pytest.mark.browser


def words(texts: object) -> set[str]:
    """The words of two letters or more, in small letters."""
    return set(re.findall(r"[^\W\d_]{2,}", str(texts).lower()))


# What Streamlit itself says in English, and can't be told not to: on the page, and read aloud.
STREAMLITS_OWN = {"Skip to main content", "Upload"}  # the first shows when one tabs into the page
READ_ALOUD = {
    "Sidebar",
    "Collapse sidebar",
    "App pages",
    "progress",
    "check_circle icon",
    "Decrement",
    "Increment",
    "Open",
    "Fullscreen",
    "Show/hide columns",
    "Download as CSV",
    "Search",
    "file upload",
}
# Other English words of Streamlit that must not come up. (Both languages have "app" and "data".)
STREAMLIT = words(
    "upload browse drag drop choose select option options results enter press apply submit "
    "required connecting running rerun stop deploy settings manage cache loading error traceback "
    "close expand collapse fullscreen download search sort ascending descending hide page found "
    "show more less help"
)


@pytest.fixture(scope="module")
def server(made_coded: Path, serve: Callable[[Path], App]) -> App:
    return serve(made_coded)


@pytest.fixture
def app(server: App, watch: Callable[[App], App]) -> App:
    return watch(server)


def words_of_study(study: Study) -> set[str]:
    """The words of the survey and of the log, which are in the language of those who wrote them."""
    survey = study.survey
    tables = (survey.answers, survey.respondents)
    cells = [table.astype(str).to_numpy().tolist() for table in tables]
    proposals = study.proposals()
    terms = [proposal.terms for proposal in proposals] if proposals else []
    return words([cells, terms, study.questionnaire, study.state.codes, study.recipe()])


def only_in(language: Language, other: Language) -> set[str]:
    """The words of our texts that only this language has."""

    def every(each: Language) -> set[str]:
        sentences = load_texts(each).sentences
        ours = [text for key, text in sentences.items() if not key.startswith(("cli.", "gate."))]
        return words([re.sub(r"{\w+[:}]", "", text) for text in ours])

    return every(language) - every(other)


def everything_shown(page: Page) -> list[str]:
    """The texts of a page, with each of its tabs and its expanders opened."""
    texts = shown(page)
    for tab in page.get_by_role("tab").all():
        tab.click()
        settle(page)
        texts += shown(page)
    return texts


@pytest.mark.parametrize("path", PAGES)
def test_a_danish_page_has_no_english_word_and_fits_a_phone(app: App, path: str) -> None:
    page = app.open(path, coder="ekspert")
    assert_danish(app, page)
    page.set_viewport_size({"width": 390, "height": 900})
    settle(page)
    assert page.evaluate(_TOO_WIDE) == []
    for tab in page.get_by_role("tab").all():
        tab.click()
        settle(page)
        assert page.evaluate(_TOO_WIDE) == []


def assert_danish(app: App, page: Page) -> None:
    foreign = (only_in("en", "da") | STREAMLIT) - words_of_study(app.study())
    texts = [text for text in everything_shown(page) if text not in {*STREAMLITS_OWN, "English"}]
    assert words(texts) & foreign == set()
    aloud = set(page.locator("[aria-label]").evaluate_all(_ARIA_LABELS)) - READ_ALOUD
    ours = [re.sub("^(Help for |Fullscreen: )", "", each) for each in aloud]
    assert words(ours) & foreign == set()
    assert page.locator("html").get_attribute("lang") == "da"


_ARIA_LABELS = """found => found.filter(each => each.checkVisibility())
  .map(each => each.getAttribute('aria-label'))"""  # what is not displayed is not read aloud


def test_the_english_pages_have_no_danish_word(app: App) -> None:
    foreign = only_in("da", "en") - words_of_study(app.study())
    page = app.open(coder="ekspert")
    page.get_by_test_id("stSidebar").get_by_text("English", exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    for name in PAGES[1:]:
        go(page, load_texts("en")(f"page.{name}.title"))
        texts = [text for text in everything_shown(page) if text != "Dansk"]
        assert words(texts) & foreign == set()
    page.get_by_role("link", name="Overview").click()
    expect(page.get_by_text("Latest decisions")).to_be_visible()
    assert words([text for text in shown(page) if text != "Dansk"]) & foreign == set()


def test_no_english_while_one_writes(app: App) -> None:
    page = app.open()
    page.locator(".st-key-coder_name input").press_sequentially("An")
    hint = page.get_by_test_id("InputInstructions")
    expect(hint).to_be_attached()
    expect(hint).to_be_hidden(timeout=1_000)


def test_two_sessions_in_two_languages(app: App) -> None:
    danish, english = app.open("log"), app.open("log", apart=True)
    english.get_by_test_id("stSidebar").get_by_text("English", exact=True).click()
    expect(english.get_by_role("heading", level=1)).to_have_text("Decision log")
    give_name(danish, "ekspert")
    expect(danish.get_by_role("heading", level=1)).to_have_text("Beslutningslog")
    for page, language in ((danish, "da"), (english, "en")):
        expect(page.locator("html")).to_have_attribute("lang", language)
    english.get_by_role("link", name="Comparison").click()
    expect(english.get_by_role("heading", level=1)).to_have_text("Comparison")
    english.reload()
    settle(english)
    expect(english.get_by_role("heading", level=1)).to_have_text("Comparison")


def test_the_one_who_came_by_a_link_keeps_the_language(app: App) -> None:
    page = app.open("log", lang="en")
    page.get_by_role("link", name="Comparison").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Comparison")


_TOO_WIDE = """() => [document.documentElement, ...document.querySelectorAll(
    '[data-testid=stAppViewContainer], [data-testid=stMain], [data-testid=stMainBlockContainer]')]
  .filter(each => each.scrollWidth > each.clientWidth || each.clientWidth > 390)
  .map(each => `${each.tagName} ${each.dataset.testid}: ${each.scrollWidth}`)"""


def test_the_hint_of_the_upload_is_not_shown_in_english(app: App) -> None:
    hint = app.open("import").get_by_test_id("stFileUploaderDropzoneInstructions")
    expect(hint.first).to_be_hidden()
