"""With the keyboard alone: every page can be gone through by Tab, and its main button pressed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from coder.i18n import load_texts
from tests.browser.running import PAGES, App, settle

pytestmark = pytest.mark.browser

TEXTS = load_texts("da")
CODER = "Anna"
FAR = 40  # stops of Tab: past the menu and into the page, however long that is
REACH = 400  # stops of Tab within which a page's main button must be met


@dataclass(frozen=True)
class Stop:
    """Where the keyboard is: what a screen reader calls it, and where it is drawn."""

    id: int
    tag: str
    name: str
    grid: bool  # one of Streamlit's, which draws its cells, and the frame around one, by itself
    seen: bool
    within: str  # "menu" or "page"


def stops(page: Page, most: int) -> Iterator[Stop]:
    """Press Tab and tell where that leads, until it leaves the page."""
    for _ in range(most):
        page.keyboard.press("Tab")
        found = page.evaluate(_STOP)
        if found is None:
            return
        yield Stop(**found)


# The same number again for the same element.
_STOP = """() => {
  let each = document.activeElement;
  while (each?.shadowRoot?.activeElement) each = each.shadowRoot.activeElement;
  if (!each || each === document.body) return null;
  const seenBefore = window.stopsOfTab ??= new Map();
  if (!seenBefore.has(each)) seenBefore.set(each, seenBefore.size);
  const labels = [...(each.labels ?? [])].map(label => label.textContent);
  const shown = (each.closest('label') ?? each).getBoundingClientRect();
  return {
    id: seenBefore.get(each),
    tag: each.tagName.toLowerCase(),
    name: each.getAttribute('aria-label') || labels.join(' ') || each.textContent.trim()
      || each.title,
    grid: each.closest('[data-testid=stDataFrame]') !== null,
    seen: shown.bottom > 0 && shown.top < innerHeight && shown.right > 0
      && shown.left < innerWidth && shown.width > 0,
    within: each.closest('[data-testid=stSidebar]') ? 'menu' : 'page',
  };
}"""


@pytest.mark.parametrize("path", PAGES)
def test_tab_goes_through_a_page(app: App, path: str) -> None:
    """In order, everywhere once, always in sight, with a name; and out of it the way it came.

    What has the focus looks different from when it has not: itself or a frame around it.
    """
    page = app.open(path, coder=CODER)
    way, unmarked = [], []
    for stop in stops(page, FAR):
        way.append(stop)
        if not stop.grid and page.evaluate(_UNMARKED):
            unmarked.append(f"{stop.tag} {stop.name[:60]}")
    assert unmarked == []
    assert way[0].name == TEXTS("ui.skip_to_page")
    assert [each for each in way if not each.name and not each.grid] == []
    assert [each.name for each in way if not each.seen and not each.grid] == []
    ids = [each.id for each in way if not each.grid]
    assert len(set(ids)) == len(ids)
    places = [each.within for each in way[1:]]
    assert places == sorted(places)  # first the menu, then the page
    assert {"menu", "page"} == set(places)
    page.keyboard.press("Shift+Tab")
    back = page.evaluate(_STOP)
    assert back is None or back["id"] in ids or back["grid"]


# Whether neither the element nor what is around it or in it has a ring two pixels wide.
_UNMARKED = """() => {
  let each = document.activeElement;
  while (each?.shadowRoot?.activeElement) each = each.shadowRoot.activeElement;
  const near = [...each.querySelectorAll('*')];
  for (let no = 0; each && no < 5; no++, each = each.parentElement ?? each.getRootNode().host)
    near.push(each);
  const ring = style => style.outlineStyle === 'solid' && parseFloat(style.outlineWidth) >= 2;
  return !near.some(element => ring(getComputedStyle(element)));
}"""


def reach(page: Page, selector: str) -> None:
    """Go to a widget by Tab alone."""
    for _ in range(REACH):
        page.keyboard.press("Tab")
        if page.evaluate(_WITHIN, selector):
            return
    pytest.fail(f"{REACH} times Tab do not lead to {selector}")


_WITHIN = "selector => document.activeElement.closest(selector) !== null"


def test_the_next_step(app: App) -> None:
    page = app.open(coder=CODER)
    reach(page, ".st-key-next_step")
    page.keyboard.press("Enter")
    title = TEXTS("page.review.title")
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()


def test_the_link_past_the_menu(app: App) -> None:
    """The page is one press of Tab away, however long the menu is."""
    page = app.open(coder=CODER)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate(_STOP)["within"] == "page"


def test_personal_data_is_replaced(app: App) -> None:
    page = app.open("review", coder=CODER)
    reach(page, ".st-key-replace_all")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-replace_all")).to_have_count(0)
    settle(page)
    assert app.decisions()[-1] == "TreatFinds"


def test_a_proposal_is_confirmed(app: App) -> None:
    page = app.open("candidates", coder=CODER)
    reach(page, ".st-key-confirm")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-undo button")).to_be_enabled()
    settle(page)
    assert app.decisions()[-1] == "ConfirmProposal"


def test_another_question(app: App) -> None:
    page, question = app.open("frequencies", coder=CODER), '[class*="st-key-frequencies_question"]'
    reach(page, question)
    before = page.locator(f"{question} input").input_value()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(f"{question} input")).not_to_have_value(before)


def test_the_window_for_files_opens(app: App) -> None:
    page = app.open("import", coder=CODER)
    field = page.locator(".st-key-files input[type=file]")
    field.evaluate(_NOTE_THE_CLICK)  # the window itself is the system's own
    reach(page, ".st-key-files button")
    page.keyboard.press("Enter")
    expect(field).to_have_attribute("data-clicked", "")


_NOTE_THE_CLICK = """field => field.addEventListener('click', event => {
  event.preventDefault();
  field.dataset.clicked = '';
})"""


def test_a_survey_comes_in(app: App, checkout: Path) -> None:
    page = app.open("import", coder=CODER)
    page.locator(".st-key-files input[type=file]").set_input_files(checkout / "data" / "demo.csv")
    heading = page.get_by_role("heading", name=TEXTS("importing.understood"), exact=True)
    expect(heading).to_be_visible()
    settle(page)
    reach(page, ".st-key-import")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("stMetric").first).to_be_visible()
    assert app.study_file.with_name("demo.db").is_file()
