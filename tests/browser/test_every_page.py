"""Every page with all that can be opened on it: once coded, in Danish and as narrow as can be; once
begun, in English and with text twice as large."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from coder.i18n import Language, load_texts
from tests.browser.axe import complaints
from tests.browser.running import PAGES, App, views
from tests.browser.widths import cut_off, too_wide
from tests.browser.words import foreign_words

pytestmark = pytest.mark.browser

# Every page, and what one of them is when it is asked to be otherwise.
ADDRESSES: tuple[tuple[str, dict[str, str]], ...] = (
    *((path, {}) for path in PAGES),
    ("coding", {"by": "groups"}),
)
NAMES = ["-".join((path or "overview", *query)) for path, query in ADDRESSES]
each_page = pytest.mark.parametrize("no", range(len(ADDRESSES)), ids=NAMES.__getitem__)


@pytest.fixture(scope="module")
def coded(made_coded: Path, serve: Callable[[Path], App]) -> App:
    """The demo with proposals and all that the expert coded."""
    return serve(made_coded)


@pytest.fixture(scope="module")
def begun(made_begun: Path, serve: Callable[[Path], App]) -> App:
    return serve(made_begun)


def opened(app: App, no: int, coder: str, language: Language, width: int) -> Page:
    """The page, with the title and the language that it should have."""
    path, query = ADDRESSES[no]
    page = app.open(path, width=width, coder=coder, lang=language, **query)
    title = load_texts(language)(f"page.{path or 'overview'}.title")
    expect(page).to_have_title(f"{title} – Coder")
    expect(page.locator("html")).to_have_attribute("lang", language)
    return page


@each_page
def test_coded_in_danish_in_the_narrowest_window(
    coded: App, watch: Callable[[App], App], no: int
) -> None:
    """As wide as a window of 1280 pixels is at 400 %."""
    page, study = opened(watch(coded), no, "ekspert", "da", 320), coded.study()
    for view in views(page):
        assert complaints(view) == []
        assert foreign_words(view, "da", study) == set()
        assert too_wide(view) == []


@each_page
def test_begun_in_english_in_a_wide_window_with_large_text(
    begun: App, watch: Callable[[App], App], no: int
) -> None:
    """As it stands, then with text twice as large."""
    page, study = opened(watch(begun), no, "Anna", "en", 1280), begun.study()
    assert complaints(page) == []
    page.add_style_tag(content=":root { font-size: 200% !important }")
    for view in views(page):
        assert foreign_words(view, "en", study) == set()
        assert too_wide(view) == []
        assert cut_off(view) == []
