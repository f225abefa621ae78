"""The log in the browser: found, read, taken back from there; the study as it was; the tour."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from coder.i18n import load_texts
from coder.model import ApplyCode, CreateCode, MergeCodes, ReviseCode, TreatFinds, Undo, WriteMemo
from tests.browser.running import PAGES, App, log_lines, refused, settle, told

pytestmark = pytest.mark.browser

TEXTS = load_texts("da")


@pytest.fixture
def decided(app: App) -> App:
    """Eight decisions of Anna's; the last is no. 8."""
    study = app.study()
    anna = study.coder("Anna")
    study.decide(anna, CreateCode("a", "Gåture"))  # 2
    study.decide(anna, CreateCode("b", "Skærm"))  # 3
    study.decide(anna, ApplyCode("a", ("R002", "R004")), why="De går")  # 4
    study.decide(anna, ApplyCode("b", ("R005",)))  # 5
    study.decide(anna, ReviseCode("a", "Ture"))  # 6
    study.decide(anna, MergeCodes("b", "a"))  # 7
    study.decide(anna, WriteMemo("R002", "Spørg Bo"))  # 8
    return app


def choose(page: Page, no: int) -> None:
    option = page.locator(".st-key-log_list").get_by_test_id("stRadioOption")
    option.filter(has_text=f"{no}\u2002").first.click()
    title = TEXTS("entry.title", no=no)
    expect(page.get_by_role("heading", level=2, name=title, exact=True)).to_be_visible()
    settle(page)


def entry(page: Page) -> Locator:
    return page.locator(".st-key-log_entry")


def test_an_entry_is_found_undone_and_done_again(decided: App) -> None:
    page = decided.open("log", coder="Anna")
    assert [line[0] for line in log_lines(page)] == [*"87654321"]
    page.locator(".st-key-log_text input").fill("de går")
    expect(page.get_by_text(TEXTS("entry.count_of", count=1, total=8))).to_be_visible()
    settle(page)
    expect(entry(page).get_by_text("De går")).to_be_visible()
    expect(entry(page).get_by_text("R004 ·")).to_be_visible()

    page.locator(".st-key-undo_this button").click()
    told(page, TEXTS("ui.undone"))
    assert decided.study().state.log[-1].decision == Undo(4)
    expect(entry(page).get_by_text(TEXTS("entry.undone_by", no=9))).to_be_visible()
    assert log_lines(page)[0][2].split(" · ")[2] == TEXTS("log.undone")

    page.get_by_role("button", name=TEXTS("entry.redo"), exact=True).last.click()
    told(page, TEXTS("ui.redone"))
    assert decided.study().state.answers_of("a") == ["R002", "R004", "R005"]


def test_what_stands_in_the_way_is_named_and_one_click_away(decided: App) -> None:
    page = decided.open("log", coder="Anna")
    choose(page, 3)
    page.locator(".st-key-undo_this button").click()
    refused(page, TEXTS("log.undo_blocked", no=5))
    page.get_by_role("button", name=TEXTS("entry.jump", no=5)).click()
    expect(page.get_by_role("heading", name=TEXTS("entry.title", no=5))).to_be_visible()
    assert decided.study().state.no == 8


def test_the_keyboard_walks_the_list(decided: App) -> None:
    page = decided.open("log", coder="Anna")
    chosen = page.locator(".st-key-log_list").get_by_role("radio", checked=True)
    chosen.focus()
    for no in (7, 6):
        page.keyboard.press("ArrowDown")
        expect(page.get_by_role("heading", name=TEXTS("entry.title", no=no))).to_be_visible()
        settle(page)
    expect(page.locator(".st-key-log_list").get_by_role("radio", checked=True)).to_be_focused()


def test_the_study_as_it_was(decided: App) -> None:
    page = decided.open("log", coder="Anna")
    choose(page, 5)
    page.locator(".st-key-as_of button").click()
    expect(page.get_by_role("heading", name=TEXTS("then.codebook"))).to_be_visible()
    settle(page)
    book = page.get_by_test_id("data-grid-canvas").first
    expect(book.get_by_test_id("glide-cell-3-0")).to_have_text("hedder nu »Ture«")
    expect(book.get_by_test_id("glide-cell-3-1")).to_have_text("lagt ind under »Ture«")
    page.locator(".st-key-as_of_earlier button").click()
    expect(page.get_by_text("4. Kodede R002, R004 som »Ture«")).to_be_visible()
    settle(page)
    page.get_by_text(TEXTS("entry.view_list"), exact=True).click()
    expect(page.get_by_role("heading", name=TEXTS("entry.title", no=5))).to_be_visible()


def test_on_a_phone_the_entry_is_seen_below_the_list(decided: App) -> None:
    for no in range(30):
        decided.study().decide(decided.study().coder("Anna"), WriteMemo("R004", f"nr. {no}"))
    page = decided.open("log", coder="Anna", width=390)
    choose(page, 35)
    expect(page.get_by_role("heading", name=TEXTS("entry.title", no=35))).to_be_in_viewport()


def test_the_overview_leads_to_a_decision(decided: App) -> None:
    page = decided.open(coder="Anna")
    figure = page.get_by_role("img", name=TEXTS("overview.work_alt"))
    expect(figure).to_be_visible()
    page.get_by_role("button", name="6. Rettede en kategori").click()
    expect(page.get_by_role("heading", name=TEXTS("entry.title", no=6))).to_be_visible()


def test_the_next_step_leads_to_what_is_to_be_looked_at_again(app: App) -> None:
    study = app.study()
    anna = study.coder("Anna")
    study.decide(anna, TreatFinds(tuple(each.id for each in study.finds()), "replace"))
    study.decide(anna, CreateCode("a", "Alt", "Det hele."))
    study.decide(anna, ApplyCode("a", tuple(study.survey.answers.index)))
    study.decide(anna, ReviseCode("a", definition="Noget andet."))
    page = app.open(coder="Anna")
    page.locator(".st-key-next_step button").click()
    title = TEXTS("page.coding.title")
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
    settle(page)
    assert "show=again" in page.url
    assert "coder=Anna" in page.url


# --- the tour ----------------------------------------------------------------------------------


@pytest.fixture
def demo(shared: App, made: Path, watch: Callable[[App], App]) -> App:
    """A study called what the demo is called, beside the server's own."""
    file = Path(shutil.copy(made, shared.study_file.with_name("demo.db")))
    return watch(App(shared.url, file, shared.browser, {"study": "demo"}, shared.profiles))


def test_the_tour_goes_round_and_is_closed_for_good(demo: App) -> None:
    page = demo.open()
    box = page.locator(".st-key-tour")
    expect(box.get_by_text(TEXTS("tour.overview.about"))).to_be_visible()
    following = page.locator(".st-key-tour_next button")
    for no in range(2, len(PAGES) + 1):
        following.focus()
        page.keyboard.press("Enter")
        expect(box.get_by_text(TEXTS("tour.step", no=no, count=len(PAGES)))).to_be_visible()
        settle(page)
    expect(following).to_have_count(0)
    expect(page.get_by_role("heading", level=1, name=TEXTS("page.export.title"))).to_be_visible()
    page.locator(".st-key-tour_close button").click()
    expect(box).to_have_count(0)
    page.get_by_role("link", name="Overblik").click()
    expect(page.locator(".st-key-tour_begin")).to_be_visible()
    settle(page)
    page.reload()
    settle(page)
    expect(page.locator(".st-key-tour_begin")).to_be_visible()
    expect(box).to_have_count(0)


def test_what_stands_below_works_while_the_tour_is_on(demo: App) -> None:
    page = demo.open("review", coder="Anna")
    expect(page.locator(".st-key-tour")).to_be_visible()
    page.locator(".st-key-replace_all button").click()
    told(page, TEXTS("review.treated", count=2))
    assert demo.decisions() == ["AddCoder", "TreatFinds"]
