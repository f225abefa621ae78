"""The pages of results in a browser: the way to the answers, files, and every part of each page."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from coder.demo import EXPERT
from coder.i18n import load_texts
from coder.model import ApplyCode
from coder.study import Study
from tests.browser.axe import complaints
from tests.browser.running import App, settle
from tests.browser.widths import too_wide
from tests.browser.words import foreign_words

pytestmark = pytest.mark.browser

TEXTS = load_texts("da")
VIEWS = {
    "compare": ("battery", "response", "writers", "side_sample"),
    "score": ("case", "sure", "otherwise", "recipe"),
    "joint": ("treemap", "crossing", "together"),
}


@pytest.fixture(scope="module")
def server(made_coded: Path, serve: Callable[[Path], App]) -> App:
    return serve(made_coded)


@pytest.fixture
def app(server: App, watch: Callable[[App], App]) -> App:
    return watch(server)


def turn_to(page: Page, view: str) -> None:
    name, page_of = TEXTS(view), view.partition(".")[0]
    choice = page.locator(f'[class*="st-key-{page_of}_view"]').get_by_text(name, exact=True)
    choice.click()
    settle(page)
    expect(page.get_by_text(TEXTS(view.replace("view_", "about_")))).to_be_visible()


def press_cell(page: Page, row: int, from_left: int = 0, from_right: int = 0) -> None:
    """Press in a row of the first table, so many pixels from its edge."""
    grid = page.get_by_test_id("stDataFrame").first
    # A picture above it that comes in late would move it.
    page.wait_for_function("[...document.images].every(each => each.complete && each.height)")
    box = grid.bounding_box()
    assert box is not None
    x = from_left if from_left else box["width"] - from_right
    grid.click(position={"x": x, "y": 36 * (row + 1) + 18})
    settle(page)


def how_many(page: Page) -> int:
    """How many answers the page with all of them says that it shows."""
    expect(page.get_by_role("heading", level=1)).to_have_text(TEXTS("page.grid.title"))
    settle(page)
    counts = page.locator(".st-key-grid_counts").get_by_test_id("stCaptionContainer")
    told = counts.first.inner_text()
    return int(told.split()[0])


def test_a_row_leads_to_the_answers_of_those_who_chose_it(app: App) -> None:
    page = app.open("frequencies")
    press_cell(page, 1, from_left=18)
    page.get_by_role("link", name=TEXTS("behind.chose", option="I høj grad")).click()
    chose = app.study().labelled(["q01"])["q01"] == "I høj grad"
    assert how_many(page) == chose.sum() > 0


def test_a_cell_leads_to_the_answers_with_both(app: App) -> None:
    page = app.open("joint")
    turn_to(page, "joint.view_crossing")
    press_cell(page, 1, from_right=30)
    small, study = "Under 50.000 indbyggere", app.study()
    code = list(study.state.codes.values())[1]
    link = TEXTS("behind.both", category=code.label, value=small)
    page.get_by_role("link", name=link).click()
    of_code = study.labelled(["stoerrelse"]).loc[study.state.answers_of(code.id), "stoerrelse"]
    assert how_many(page) == (of_code == small).sum() > 0


def test_a_pair_of_categories_leads_to_the_answers_with_both(
    made_coded: Path, server: App, watch: Callable[[App], App]
) -> None:
    path = Path(shutil.copy(made_coded, server.study_file.with_name("pairs.db")))
    study = Study.open(path)
    one, other = list(study.state.codes.values())[:2]
    both = sorted(study.state.answers_of(one.id))[:2]
    study.decide(study.coder(EXPERT), ApplyCode(other.id, tuple(both)))
    own = replace(server, study_file=path, address={"study": "pairs"}, pages=[], troubles=[])
    page = watch(own).open("joint")
    turn_to(page, "joint.view_together")
    press_cell(page, 0, from_left=18)
    link = TEXTS("behind.pair_all", first=one.label, second=other.label)
    page.get_by_role("link", name=link).click()
    assert how_many(page) == len(both)


def test_a_side_sample_is_compared_on_the_chosen_questions(app: App, tmp_path: Path) -> None:
    """Twenty by phone who all said "to a high degree", when 295 answered otherwise."""
    labels = {each.name: each.label for each in app.study().questionnaire.questions}
    file = tmp_path / "phone.csv"
    file.write_text("id;q01\n" + "".join(f"T{no};2\n" for no in range(20)), "utf-8")
    page = app.open("compare")
    turn_to(page, "compare.view_side_sample")
    field = page.locator('[class*="st-key-compare_side_items"] input')
    field.click()
    page.get_by_role("option", name=f"q01  {labels['q01']}").click()
    page.keyboard.press("Escape")
    page.locator(".st-key-compare_side_file input").set_input_files(file)
    told = TEXTS("compare.differing", count="1", of="1")
    expect(page.get_by_text(told)).to_be_visible()


def test_what_is_fetched_has_numbers_as_danes_write_them(app: App, tmp_path: Path) -> None:
    page = app.open("frequencies")
    with page.expect_download() as fetched:
        page.get_by_role("button", name=TEXTS("table.csv")).click()
    file = tmp_path / "q01.csv"
    fetched.value.save_as(file)
    assert fetched.value.suggested_filename == "study-q01.csv"
    with file.open(encoding="utf-8-sig", newline="") as lines:
        heads, first, *_ = csv.reader(lines, delimiter=";")
    assert heads == ["Svarmulighed", "Andel", "Antal", "n"]
    assert (first[0], first[2:]) == ("I meget høj grad", ["13", "295"])
    assert float(first[1].replace(",", ".")) == pytest.approx(13 / 295)
    assert "," in first[1]


@pytest.mark.parametrize("name", VIEWS)
def test_every_part_is_danish_narrow_and_accessible(app: App, name: str) -> None:
    page, study = app.open(name, width=390, coder="ekspert"), app.study()
    for view in VIEWS[name]:
        turn_to(page, f"{name}.view_{view}")
        if view != "recipe":  # which is in the words of who wrote it
            assert foreign_words(page, "da", study) == set()
        assert complaints(page) == []
        assert too_wide(page) == []
