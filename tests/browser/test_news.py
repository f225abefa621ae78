"""What one coder decides comes to another's open page, which nobody touches."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from coder.i18n import load_texts
from coder.intake import take_in
from coder.model import AddCoder, CreateCode
from coder.study import Study
from tests.browser.desk import open_desk
from tests.browser.running import App, settle

pytestmark = pytest.mark.browser

TEXTS = load_texts("da")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eva leads; Anna codes; Bo is in a round with her on two of three answers."""
    folder = tmp_path_factory.mktemp("news")
    rows = ["nr;hvad", *(f"{no};Vi gjorde noget nyt nummer {no}" for no in range(1, 4))]
    (folder / "few.csv").write_text("\n".join(rows), "utf-8")
    form = take_in([folder / "few.csv"], open_columns=["hvad"], id_column="nr").questionnaire
    study = Study.create(folder / "study.db", folder / "few.csv", form)
    for coder in ("eva", "anna", "bo"):
        study.decide(coder, AddCoder(coder, coder.title()))
    study.decide("eva", CreateCode("walk", "Gåture"))
    study.decide("eva", study.plan_round("r", "Første", ["anna", "bo"], answers=["1", "2"]))
    return folder / "study.db"


def sees(page: Page, text: str) -> None:
    """Wait until the page shows this, which nobody touches; how soon is for the benchmark."""
    expect(page.get_by_text(text).first).to_be_visible()


def test_one_adds_a_category_and_the_others_see_it(app: App) -> None:
    others = (app.open(each, apart=True, coder="Bo") for each in ("codebook", ""))
    pages = [open_desk(app, "Anna"), *others]
    app.study().decide("eva", CreateCode("swim", "Svømning"))
    for page in pages:
        sees(page, "Svømning")


def test_where_the_desk_goes_by_a_category_a_new_one_can_be_chosen(app: App) -> None:
    """That choice stands above the desk, so that the whole page has to be drawn."""
    page = open_desk(app, "Anna", order="similar")
    app.study().decide("eva", CreateCode("swim", "Svømning"))
    sees(page, "Svømning")
    page.locator(".st-key-desk_code input").click()
    expect(page.get_by_role("option", name="Svømning")).to_be_visible()


def test_what_one_is_writing_stays_and_what_one_was_told(app: App) -> None:
    page = app.open("codebook", coder="Eva")
    page.get_by_role("button", name=TEXTS("categories.new")).click()
    popover = page.get_by_test_id("stPopoverBody")
    label = popover.get_by_role("textbox").first
    label.fill("Gåture")
    popover.get_by_role("button", name=TEXTS("categories.create")).click()
    settle(page)
    box = page.get_by_test_id("stAlert")
    expect(box).to_contain_text("Gåture")
    area = page.get_by_label(TEXTS("categories.definition")).last
    area.fill("Ude, til fods")
    app.study().decide("anna", CreateCode("swim", "Svømning"))
    sees(page, "Svømning")
    expect(area).to_have_value("Ude, til fods")
    expect(box).to_contain_text("Gåture")


def test_a_page_that_nobody_touches_asks_nothing_as_long_as_nothing_is_decided(app: App) -> None:
    page, sent = app.open("codebook", coder="Eva"), list[object]()
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    page.reload()
    settle(page)
    page.wait_for_event("requestfinished", lambda each: "/news/" in each.url)
    sent.clear()
    for _ in range(3):
        page.wait_for_event("requestfinished", lambda each: "/news/" in each.url)
    assert sent == []
    app.study().decide("anna", CreateCode("swim", "Svømning"))
    sees(page, "Svømning")
    assert sent
