"""The language of a session, and what Streamlit would say in its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.running import App, give_name, settle

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(made_coded: Path, serve: Callable[[Path], App]) -> App:
    return serve(made_coded)


@pytest.fixture
def app(server: App, watch: Callable[[App], App]) -> App:
    return watch(server)


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


def test_the_hint_of_the_upload_is_not_shown_in_english(app: App) -> None:
    hint = app.open("import").get_by_test_id("stFileUploaderDropzoneInstructions")
    expect(hint.first).to_be_hidden()
