"""The table in the browser: rows chosen with the mouse, one act on many, and one undo."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from coder.i18n import load_texts
from coder.model import AcceptGroup, ApplyCode, CreateCode, MarkAnswers, SetStatus, Turn, Undo
from coder.study import Study
from tests.browser.desk import shows
from tests.browser.running import App, go, pick, settle, told

pytestmark = pytest.mark.browser

TEXTS = load_texts("da")
_HEAD, _ROW = 36, 66  # pixels: how high the head of the table and each of its rows are


def tick_row(page: Page, row: int, selected: int) -> None:
    """Tick a row of the table, and wait until so many are selected."""
    table = page.get_by_test_id("stDataFrame")
    table.scroll_into_view_if_needed()
    table.click(position={"x": 18, "y": _HEAD + _ROW * row + _ROW // 2})
    says(page, TEXTS("grid.selected", count=selected).strip("*"))


def says(page: Page, words: str) -> None:
    """Wait until the line above the table says this."""
    expect(page.locator(".st-key-grid_counts").get_by_text(words, exact=True)).to_be_visible()
    settle(page)


def look_for(page: Page, words: str, count: int, total: int) -> None:
    """Type into the search field, and wait until so many answers are found."""
    field = page.locator("[class*='st-key-grid_q-'] input")
    field.press_sequentially(words)
    says(page, TEXTS("grid.found", count=count, total=total))


def cell(page: Page, column: int, row: int) -> Locator:
    """A cell of the table, of those drawn now."""
    return page.get_by_test_id(f"glide-cell-{column}-{row}")


def pick_within(page: Page, key: str, option: str) -> None:
    """Choose in a list whose key only begins like this."""
    page.locator(f"[class*='st-key-{key}'] input").click()
    page.get_by_role("option", name=option, exact=True).click()
    page.keyboard.press("Tab")  # closes the list, which would lie over what is below
    expect(page.get_by_role("listbox")).to_have_count(0)
    settle(page)


@pytest.fixture
def coded(app: App) -> Study:
    """The app's study with a category that nobody has been given."""
    study = app.study()
    study.decide(study.coder("Anna"), CreateCode("c", "Skærm"))
    return study


def answers(study: Study) -> list[str]:
    return list(study.survey.answers.index)


def test_two_rows_are_coded_in_one_act_and_undone_in_one(app: App, coded: Study) -> None:
    page = app.open("grid", coder="Anna")
    first, _, third, *_ = answers(coded)
    tick_row(page, 2, 1)
    expect(page.locator(".st-key-grid_answer")).to_contain_text(third)
    tick_row(page, 0, 2)
    expect(page.locator(".st-key-grid_answer")).to_have_count(0)
    pick(page, "grid_code", "Skærm")
    page.locator(".st-key-grid_give button").click()
    told(page, TEXTS("grid.given", count=2, label="Skærm"))
    assert app.study().state.log[-1].decision == ApplyCode("c", (first, third))
    page.locator(".st-key-undo button").click()
    told(page, TEXTS("ui.undone"))
    assert isinstance(app.study().state.log[-1].decision, Undo)
    assert app.study().state.codings == {}


def test_all_that_match_are_coded_at_once(app: App, coded: Study) -> None:
    found = coded.search("skærm")
    page = app.open("grid", coder="Anna")
    look_for(page, "skærm", len(found), len(answers(coded)))
    tick_row(page, 0, 1)
    page.get_by_role("button", name=TEXTS("grid.select_all", count=len(found))).click()
    says(page, TEXTS("grid.selected", count=len(found)).strip("*"))
    pick(page, "grid_code", "Skærm")
    page.locator(".st-key-grid_give button").click()
    told(page, TEXTS("grid.given", count=len(found), label="Skærm"))
    assert app.study().state.log[-1].decision == ApplyCode("c", tuple(found))


def test_a_new_category_for_what_is_selected(app: App, coded: Study) -> None:
    page = app.open("grid", coder="Anna")
    tick_row(page, 1, 1)
    page.locator(".st-key-grid_new button").first.click()
    page.locator("[class*='st-key-grid_label-'] input").fill("Ude")
    page.locator(".st-key-grid_create button").click()
    told(page, TEXTS("grid.given", count=1, label="Ude"))
    decision, second = app.study().state.log[-1].decision, (answers(coded)[1],)
    assert isinstance(decision, AcceptGroup)
    assert decision == AcceptGroup(Turn(second), decision.code, second, label="Ude")


def test_marked_and_set_aside(app: App, coded: Study) -> None:
    page = app.open("grid", coder="Anna")
    first, second, *_ = answers(coded)
    tick_row(page, 0, 1)
    tick_row(page, 1, 2)
    page.locator(".st-key-grid_mark button").click()
    page.get_by_role("menuitem", name=TEXTS("mark.discuss")).click()
    told(page, TEXTS("grid.marked", count=2, mark=TEXTS("mark.discuss")))
    assert app.study().state.log[-1].decision == MarkAnswers((first, second), "discuss")
    page.locator(".st-key-grid_status button").click()
    page.get_by_role("menuitem", name=TEXTS("status.noise")).click()
    told(page, TEXTS("grid.aside_set", count=2, status=TEXTS("status.noise")))
    assert app.study().state.log[-1].decision == SetStatus((first, second), "noise")
    says(page, TEXTS("grid.none_selected"))  # for the rows are others now


def test_a_table_sorted_by_its_head_codes_the_answer_that_is_seen(app: App, coded: Study) -> None:
    page = app.open("grid", coder="Anna")
    tick_row(page, 0, 1)
    table = page.get_by_test_id("stDataFrame")
    for first in (answers(coded)[0], answers(coded)[-1]):  # upwards, then downwards
        table.click(position={"x": 80, "y": _HEAD // 2})
        expect(cell(page, 1, 0)).to_have_text(first)
    tick_row(page, 0, 2)
    pick(page, "grid_code", "Skærm")
    page.locator(".st-key-grid_give button").click()
    told(page, TEXTS("grid.given", count=2, label="Skærm"))
    first, *_, last = answers(coded)
    assert app.study().state.log[-1].decision == ApplyCode("c", (first, last))


def test_a_selection_goes_with_its_rows(app: App, coded: Study) -> None:
    page = app.open("grid", coder="Anna")
    tick_row(page, 0, 1)
    pick(page, "grid_code", "Skærm")
    expect(page.locator(".st-key-grid_give button")).to_be_enabled()
    look_for(page, "skærm", len(coded.search("skærm")), len(answers(coded)))
    says(page, TEXTS("grid.none_selected"))
    expect(page.locator(".st-key-grid_give button")).to_be_disabled()


def test_a_reload_and_a_link_show_the_same_rows(app: App, coded: Study) -> None:
    found, total = coded.search("skærm -video"), len(answers(coded))
    coded.decide(coded.coder("Anna"), ApplyCode("c", tuple(found[:3])))
    page = app.open("grid", coder="Anna")
    look_for(page, "skærm -video", len(found), total)
    filters = page.locator(".st-key-grid_filters button").first
    filters.click()
    pick_within(page, "grid_codes-", "Skærm")
    expect(filters).to_contain_text(TEXTS("grid.filters_on", count=1))
    page.locator("[class*='st-key-grid_having-']").get_by_text(TEXTS("grid.having_none")).click()
    left = TEXTS("grid.found", count=len(found) - 3, total=total)
    says(page, left)
    page.reload()
    settle(page)
    says(page, left)
    link = dict(parse_qsl(urlsplit(page.url).query))
    asked = {name: link[name] for name in ("q", "codes", "having", "coder")}
    app.address.update(asked)
    other = app.open("grid", apart=True)
    says(other, left)
    go(page, TEXTS("page.log.title"))
    go(page, TEXTS("page.grid.title"))
    says(page, left)
    page.locator(".st-key-grid_clear button").click()
    says(page, TEXTS("grid.found", count=total, total=total))
    assert "q=" not in page.url


def test_a_link_from_an_answer_leads_to_it(app: App, coded: Study) -> None:
    page = app.open("grid", coder="Anna")
    tick_row(page, 1, 1)
    page.locator(".st-key-grid_answer a").click()
    expect(page).to_have_url(re.compile(r"/coding\?"))
    shows(page, answers(coded)[1])


def test_on_a_phone(app: App, coded: Study) -> None:
    page = app.open("grid", width=390, coder="Anna")
    tick_row(page, 1, 1)
    expect(page.locator(".st-key-grid_answer")).to_contain_text(answers(coded)[1])
    pick(page, "grid_code", "Skærm")
    page.locator(".st-key-grid_give button").click()
    told(page, TEXTS("grid.given", count=1, label="Skærm"))
    assert app.study().state.answers_of("c") == [answers(coded)[1]]
    main = page.get_by_test_id("stMain")
    assert main.evaluate("each => each.scrollWidth <= each.clientWidth")


def test_what_streamlit_offers_in_english_is_not_there(app: App) -> None:
    page = app.open("grid", coder="Anna")
    page.get_by_test_id("stDataFrame").hover()
    toolbar = page.locator(".st-key-grid_table").get_by_test_id("stElementToolbar")
    expect(toolbar).to_be_attached()
    expect(toolbar).to_be_hidden()
