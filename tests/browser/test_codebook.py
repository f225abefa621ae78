"""The codebook in the browser: each act on a code, and back; its pictures; the narrow window."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from coder.i18n import load_texts
from coder.model import ApplyCode, CreateCode, MergeCodes, ReviseCode, SplitCode
from tests.browser.axe import findings
from tests.browser.running import App, pick, read_answers, settle, told

pytestmark = pytest.mark.browser

TEXTS = load_texts("da")


@pytest.fixture
def coded(app: App) -> App:
    """Three codes, two of them on some answers."""
    study = app.study()
    anna = study.coder("Anna")
    for code, label in (("a", "Gåture"), ("b", "Skærm"), ("c", "Andet")):
        study.decide(anna, CreateCode(code, label))
    study.decide(anna, ApplyCode("a", ("R002", "R004", "R005")))
    study.decide(anna, ApplyCode("b", ("R006",)))
    return app


def tree(page: Page) -> list[str]:
    """The lines of the tree, but for the last, which is no code."""
    return page.locator(".st-key-code_tree").get_by_test_id("stRadioOption").all_inner_texts()[:-1]


def begin(app: App, act: str) -> Page:
    """The page with the first code, and an act on it opened."""
    page = app.open("codebook", coder="Anna")
    page.locator(f".st-key-act_{act} button").click()
    expect(panel(page)).to_be_visible()
    settle(page)
    return page


def panel(page: Page) -> Locator:
    return page.locator(".st-key-code_act")


def press(page: Page, key: str) -> None:
    page.locator(f".st-key-{key} button").click()


def give_reason(page: Page, words: str) -> None:
    panel(page).locator('[class*="st-key-why-"] input').fill(words)


def undo(page: Page, expected: list[str]) -> None:
    """Take the last decision back; then the tree is what it was."""
    press(page, "undo")
    told(page, TEXTS("ui.undone"))
    assert tree(page) == expected


BEFORE = ["Gåture (3)", "Skærm (1)", "Andet (0)"]


def test_relabel_describe_and_undo(coded: App) -> None:
    page = coded.open("codebook", coder="Anna")
    page.locator('[class*="st-key-to-"] input').fill("Ture")
    page.locator('[class*="st-key-def-"] textarea').fill("Ude med borgere.")
    page.locator(".st-key-code_colour").get_by_role("radio", name="Orange").click()
    page.get_by_role("button", name=TEXTS("categories.save")).click()
    told(page, TEXTS("categories.saved", label="Ture"))
    decision = coded.study().state.log[-1].decision
    assert decision == ReviseCode("a", "Ture", "Ude med borgere.", colour="#c85200")
    assert tree(page)[0] == "Ture (3)"
    line = page.locator(".st-key-code_tree").get_by_test_id("stRadioOption").first
    spot = line.evaluate(
        "e => getComputedStyle(e.querySelector('div'), '::before').backgroundColor"
    )
    assert spot == "rgb(200, 82, 0)"
    undo(page, BEFORE)
    expect(page.locator('[class*="st-key-to-"] input')).to_have_value("Gåture")
    expect(page.locator('[class*="st-key-def-"] textarea')).to_have_value("")


def test_merge_with_a_look_at_both_and_undo(coded: App) -> None:
    page = begin(coded, "merge")
    pick(page, "merge_into-a", "Skærm")
    expect(panel(page).get_by_role("heading", name="Skærm", exact=True)).to_be_visible()
    preview = TEXTS("codebook.merge_preview", count=3, source="Gåture", target="Skærm", total=4)
    expect(panel(page).get_by_text(preview)).to_be_visible()
    give_reason(page, "Det samme")
    press(page, "merge")
    told(page, TEXTS("categories.merged", source="Gåture", target="Skærm"))
    entry = coded.study().state.log[-1]
    assert (entry.decision, entry.why) == (MergeCodes("a", "b"), "Det samme")
    assert tree(page) == ["Skærm (4)", "Andet (0)"]
    expect(page.get_by_role("heading", level=2, name="Skærm")).to_be_visible()
    undo(page, BEFORE)


def test_split_by_reading_and_undo(coded: App) -> None:
    page = begin(coded, "split")
    goes = panel(page).get_by_role("radiogroup", name="R002")
    goes.get_by_role("radio", name="1").click()
    expect(panel(page).get_by_label(TEXTS("codebook.split_label", no=1, count=1))).to_be_visible()
    settle(page)
    for no, label in ((1, "I skoven"), (2, "I byen")):
        field = panel(page).locator(f".st-key-split_label-a-{no} input")
        field.fill(label)
        field.press("Tab")
        settle(page)
    press(page, "split")
    told(page, TEXTS("codebook.split_done", label="Gåture", names="»I skoven«, »I byen«"))
    decision = coded.study().state.log[-1].decision
    assert isinstance(decision, SplitCode)
    assert [part.answers for part in decision.parts] == [("R002",), ()]
    assert tree(page) == ["Gåture (2)", *BEFORE[1:], "I skoven (1)", "I byen (0)"]
    undo(page, BEFORE)


def test_move_in_the_tree_and_undo(coded: App) -> None:
    page = begin(coded, "move")
    press(page, "move_down")
    told(page, TEXTS("codebook.moved", label="Gåture"))
    assert tree(page) == ["Skærm (1)", "Gåture (3)", "Andet (0)"]
    undo(page, BEFORE)
    pick(page, "move_parent-a-", "Skærm")
    give_reason(page, "Hører til")
    press(page, "move_code")
    told(page, TEXTS("codebook.moved", label="Gåture"))
    assert coded.study().state.path("a") == "Skærm › Gåture"
    assert tree(page) == ["Skærm (1)", "Gåture (3)", "Andet (0)"]
    lines = page.locator(".st-key-code_tree").get_by_test_id("stRadioOption")
    left = [lines.nth(no).locator("p").bounding_box() for no in (0, 1)]
    assert left[0]
    assert left[1]
    assert left[1]["x"] > left[0]["x"] + 10  # it stands further in
    undo(page, BEFORE)


def test_out_of_use_and_undo(coded: App) -> None:
    page = begin(coded, "retire")
    press(page, "retire")
    told(page, TEXTS("codebook.retire_done", label="Gåture"))
    assert tree(page) == BEFORE[1:]
    expect(page.locator(".st-key-code_retired")).to_contain_text("Gåture (3)")
    undo(page, BEFORE)
    expect(page.locator(".st-key-code_retired")).to_have_count(0)


def test_a_code_is_found_and_chosen_with_the_keyboard(coded: App) -> None:
    page = coded.open("codebook", coder="Anna")
    page.locator(".st-key-code_tree").get_by_role("radio", checked=True).focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("heading", level=2, name="Skærm")).to_be_visible()
    settle(page)
    page.locator(".st-key-code_search input").fill("and")
    expect(page.locator(".st-key-code_tree").get_by_test_id("stRadioOption")).to_have_count(1)
    expect(page.get_by_role("heading", level=2, name="Skærm")).to_be_visible()


def test_an_example_is_chosen_among_the_answers(coded: App) -> None:
    page = coded.open("codebook", coder="Anna")
    read_answers(page)
    press(page, "example_on-R004")
    told(page, TEXTS("codebook.example_added"))
    page.locator(".st-key-code_part").get_by_text(TEXTS("codebook.part_describe")).click()
    expect(page.locator(".st-key-example-R004")).to_be_visible()


def test_where_codes_came_from(coded: App) -> None:
    study = coded.study()
    study.decide(study.coder("Anna"), MergeCodes("c", "a"), why="For få")
    page = coded.open("codebook", coder="Anna")
    page.locator(".st-key-code_part").get_by_text(TEXTS("codebook.part_history")).click()
    expect(page.get_by_text("»Andet« blev lagt ind i den")).to_be_visible()
    expect(page.get_by_text("»For få«")).to_be_visible()
    settle(page)
    page.locator(".st-key-codebook_view").get_by_text(TEXTS("codebook.view_history")).click()
    picture = page.get_by_role("img", name=TEXTS("codebook.history_alt"))
    expect(picture).to_be_visible()
    assert picture.evaluate("async e => { await e.decode(); return e.naturalWidth }") > 200
    settle(page)
    page.locator(".st-key-codebook_view").get_by_text(TEXTS("codebook.view_saturation")).click()
    expect(page.get_by_role("img", name=TEXTS("codebook.saturation_alt"))).to_be_visible()


def test_the_history_leads_to_the_log(coded: App) -> None:
    page = coded.open("codebook", coder="Anna")
    page.locator(".st-key-code_part").get_by_text(TEXTS("codebook.part_history")).click()
    page.get_by_role("button", name=TEXTS("entry.jump", no=2)).click()
    expect(page.get_by_role("heading", name=TEXTS("entry.title", no=2))).to_be_visible()


def test_what_to_look_at_again(coded: App) -> None:
    study = coded.study()
    anna = study.coder("Anna")
    study.decide(anna, ReviseCode("a", definition="Ude."))
    page = coded.open("codebook", coder="Anna")
    views = page.locator(".st-key-codebook_view")
    expect(views.get_by_text(TEXTS("codebook.view_relook"), exact=True)).to_be_visible()
    page.locator('[class*="st-key-def-"] textarea').fill("Ude i det fri.")
    page.get_by_role("button", name=TEXTS("categories.save")).click()
    told(page, TEXTS("categories.saved", label="Gåture"))
    views.get_by_text(f"{TEXTS('codebook.view_relook')} (3)").click()
    press(page, "keep-R002")
    told(page, TEXTS("again.kept"))
    expect(views.get_by_text(f"{TEXTS('codebook.view_relook')} (2)")).to_be_visible()
    press(page, "take-R004-a")
    told(page, TEXTS("again.taken_off", label="Gåture"))
    page.locator(".st-key-relook-R005").get_by_test_id("stPopoverButton").click()
    pick(page, "relook_to-R005-a", "Skærm")
    press(page, "relook_move-R005-a")
    told(page, TEXTS("categories.moved", count=1, label="Skærm"))
    expect(page.get_by_text(TEXTS("again.none"))).to_be_visible()
    now = coded.study()
    assert now.state.answers_of("a") == ["R002"]
    assert now.state.answers_of("b") == ["R005", "R006"]


def test_an_answer_to_look_at_again_is_opened_at_the_desk(coded: App) -> None:
    study = coded.study()
    anna = study.coder("Anna")
    for definition in ("Ude.", "Ude i det fri."):
        study.decide(anna, ReviseCode("a", definition=definition))
    page = coded.open("codebook", coder="Anna")
    page.locator(".st-key-codebook_view").get_by_text(TEXTS("codebook.view_relook")).click()
    link = page.locator(".st-key-relook-R004").get_by_role("link", name=TEXTS("grid.open"))
    expect(link).to_be_visible()
    address = link.get_attribute("href") or ""
    assert {"show=again", "answer=R004"} <= set(address.partition("?")[2].split("&"))


def test_on_a_phone_all_acts_can_be_reached(coded: App) -> None:
    page = coded.open("codebook", coder="Anna", width=390)
    for act in ("under", "move", "merge", "split", "retire"):
        press(page, f"act_{act}")
        close = page.locator(".st-key-act_close button")
        expect(close).to_be_visible()
        settle(page)
        box = panel(page).bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        close.click()
        expect(panel(page)).to_have_count(0)
        settle(page)
    views = page.locator(".st-key-codebook_view")
    views.get_by_text(TEXTS("codebook.view_history")).click()
    expect(page.get_by_role("img", name=TEXTS("codebook.history_alt"))).to_be_visible()
    settle(page)
    wide = page.get_by_test_id("stMain").evaluate("e => e.scrollWidth - e.clientWidth")
    assert wide <= 1


def test_axe_finds_nothing_serious_in_what_opens(coded: App) -> None:
    study = coded.study()
    for definition in ("Ude.", "Ude i det fri."):
        study.decide(study.coder("Anna"), ReviseCode("a", definition=definition))
    page = coded.open("codebook", coder="Anna", width=390)
    found = []
    for act in ("under", "move", "merge", "split", "retire"):
        press(page, f"act_{act}")
        expect(page.locator(f".st-key-act_{act} button[kind=secondary]")).to_be_visible()
        settle(page)
        found += findings(page)
    press(page, "act_close")
    expect(panel(page)).to_have_count(0)
    for part in ("answers", "history"):
        shown = TEXTS(f"codebook.part_{part}")
        page.locator(".st-key-code_part").get_by_text(shown, exact=part == "history").click()
        expect(page.locator(".st-key-act_on, [class*=st-key-event]").first).to_be_visible()
        settle(page)
        found += findings(page)
    for view, seen in (("history", "genealogy"), ("saturation", ""), ("relook", "relook-R002")):
        page.locator(".st-key-codebook_view").get_by_text(TEXTS(f"codebook.view_{view}")).click()
        place = page.locator(f".st-key-{seen}") if seen else page.get_by_role("img").first
        expect(place).to_be_visible()
        settle(page)
        found += findings(page)
    assert not found, "\n".join(map(str, dict.fromkeys(found)))
