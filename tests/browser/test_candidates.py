"""The page of candidate categories in the browser: its cards, every act on them, and the map."""

from __future__ import annotations

from itertools import pairwise

import pytest
from playwright.sync_api import Locator, Page, expect

from coder.i18n import load_texts
from coder.model import ProposalSet
from tests.browser.running import App, checkbox, give_name, go, open_proposal, pick, settle, told

pytestmark = pytest.mark.browser

TEXTS = load_texts("da")


def proposals(app: App, count: int | None = None) -> ProposalSet:
    made = app.study().proposals(count)
    assert made is not None
    return made


def cards(page: Page, count: int) -> None:
    """Wait until this many proposals are shown."""
    expect(page.get_by_test_id("stRadioOption")).to_have_count(count)
    settle(page)


def test_the_slider_is_kept_by_the_address_and_by_the_session(app: App) -> None:
    page = app.open("candidates", coder="Anna")
    default = len(proposals(app))
    slider = page.locator(".st-key-cut input")
    for more in (1, 2):
        slider.press("ArrowRight")
        cards(page, default + more)
    assert f"cut={default + 2}" in page.url
    page.reload()
    settle(page)
    cards(page, default + 2)
    go(page, "Kodebog")
    go(page, "Kategoriforslag")
    cards(page, default + 2)
    page.locator(".st-key-default_cut button").click()
    cards(page, default)
    assert "cut=" not in page.url


def test_the_mark_stands_where_the_slider_stood(app: App) -> None:
    page = app.open("candidates")
    thumb = page.get_by_test_id("stSliderThumbValue").bounding_box()
    mark = page.locator(".slider-mark span").bounding_box()
    assert thumb
    assert mark
    assert abs(thumb["x"] + thumb["width"] / 2 - mark["x"]) < 4


def test_all_of_a_card_can_be_clicked(app: App) -> None:
    page = app.open("candidates")
    caption = page.get_by_test_id("stRadioCaption").nth(2).bounding_box()
    assert caption
    page.mouse.click(caption["x"] + caption["width"] - 2, caption["y"] + 2)
    third = proposals(app).proposals[2]
    expect(page.locator(f".st-key-label-{third.id}")).to_be_visible()
    settle(page)


def test_one_sees_why_an_answer_is_here(app: App) -> None:
    page = app.open("candidates")
    proposal = proposals(app).proposals[1]
    open_proposal(page, proposal)
    answer = proposal.answers[0]
    (reason,) = app.study().why_here(answer)
    page.locator(f".st-key-why-{proposal.id}-{answer} button").click()
    body = page.get_by_test_id("stPopoverBody")
    # The first to ask waits until the language is loaded.
    expect(body).to_contain_text(TEXTS("candidates.why_near"))
    for near in reason.near:
        expect(body).to_contain_text(app.study().survey.answers.at[near, "text"][:40])
    settle(page)
    box = body.bounding_box()
    assert box
    assert box["width"] <= 540


def test_new_proposals_by_piece_with_words_of_ones_own(app: App) -> None:
    study = app.study()
    page = app.open("candidates")
    page.get_by_test_id("stExpander").locator("summary").click()
    page.locator(".st-key-words-together textarea").fill("video")
    page.locator(".st-key-propose button").click()
    # The first to propose waits until the libraries are loaded.
    mistake = page.get_by_test_id("stAlert").filter(has_text="linje 1")
    expect(mistake).to_be_visible()
    settle(page)
    assert study.proposals() == app.study().proposals()


def test_what_is_confirmed_stays_marked_when_it_is_split(app: App) -> None:
    page = app.open("candidates")
    give_name(page, "Anna")
    page.locator(".st-key-confirm button").click()
    told(page, "er nu en kategori")
    page.locator(".st-key-cut input").press("End")
    done = app.study().state.coded_answers()
    parts = [each for each in proposals(app, 10_000) if set(each.answers) <= done]
    assert len(parts) > 1
    marks = page.get_by_test_id("stRadioOption").get_by_label("check_circle icon")
    expect(marks).to_have_count(len(parts))
    settle(page)


# --- every act, and back -----------------------------------------------------------------------


def acting(app: App) -> Page:
    """The page of Anna, who has joined the study."""
    page = app.open("candidates")
    give_name(page, "Anna")
    return page


def press(page: Page, key: str) -> None:
    button = page.locator(f".st-key-{key} button")
    expect(button).to_be_enabled()
    button.click()
    settle(page)


def behind(page: Page, label: str) -> None:
    """Open what stands behind a word."""
    page.locator(".st-key-candidate_acts").get_by_role("button", name=label).click()
    expect(page.get_by_test_id("stPopoverBody").locator("button").last).to_be_visible()
    settle(page)


def close(page: Page) -> None:
    """Close what was opened behind a word."""
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)
    settle(page)


def undo(page: Page) -> None:
    press(page, "undo")
    told(page, TEXTS("ui.undone"))


def order(page: Page, which: str) -> None:
    page.locator(".st-key-order-da").get_by_text(TEXTS(f"candidates.view_as.{which}")).click()
    settle(page)


def test_confirm_rename_and_merge_and_undo_each(app: App) -> None:
    page = acting(app)
    first, second = proposals(app).proposals[:2]
    page.locator(f".st-key-label-{first.id} input").fill("Hjælp")
    page.locator(f".st-key-definition-{first.id} input").fill("Når nogen hjælper")
    press(page, "confirm")
    told(page, TEXTS("candidates.done", label="Hjælp", count=len(first.answers)))
    (code,) = app.study().state.codes.values()
    assert (code.label, code.definition) == ("Hjælp", "Når nogen hjælper")
    behind(page, TEXTS("candidates.relabel"))
    page.get_by_test_id("stPopoverBody").locator("input").fill("Støtte")
    press(page, "relabel")
    told(page, TEXTS("categories.saved", label="Støtte"))
    assert app.labels() == ["Støtte"]
    close(page)
    undo(page)
    assert app.labels() == ["Hjælp"]
    open_proposal(page, second)
    behind(page, TEXTS("candidates.merge"))
    pick(page, f"merge_with-{second.id}", TEXTS("candidates.merge_category", label="Hjælp"))
    press(page, "merge_give")
    told(page, TEXTS("coding.done", count=len(second.answers), label="Hjælp"))
    both = {*first.answers, *second.answers}
    assert set(app.study().state.answers_of(code.id)) == both
    close(page)
    undo(page)
    assert set(app.study().state.answers_of(code.id)) == set(first.answers)
    undo(page)
    assert app.labels() == []


def test_two_proposals_become_one_category(app: App) -> None:
    page = acting(app)
    first, second = proposals(app).proposals[:2]
    behind(page, TEXTS("candidates.merge"))
    called = second.name[0].upper() + second.name[1:]
    option = TEXTS("candidates.merge_proposal", name=called, count=len(second.answers))
    pick(page, f"merge_with-{first.id}", option)
    press(page, "merge_show")
    expect(page.locator(".st-key-together")).to_contain_text(called)
    close(page)
    press(page, "confirm")
    told(page, "er nu en kategori")
    assert app.study().state.coded_answers() == {*first.answers, *second.answers}
    undo(page)
    assert app.study().state.coded_answers() == set()


def test_split_along_the_parts_and_undo_each(app: App) -> None:
    page = acting(app)
    whole = proposals(app).proposals[0]
    parts = app.study().parted(whole)
    press(page, "parts")
    for part in parts:
        expect(page.locator(f".st-key-label-{part.id}")).to_be_visible()
        press(page, "confirm")
        told(page, "er nu en kategori")
    state = app.study().state
    answers = [set(state.answers_of(code)) for code in state.codes]
    assert answers == [set(part.answers) for part in parts]
    undo(page)
    undo(page)
    assert app.study().state.coded_answers() == set()


def test_cut_at_a_line_and_undo(app: App) -> None:
    page = acting(app)
    first = proposals(app).proposals[0]
    order(page, "ranked")
    press(page, "cut-3")
    expect(page.locator(".st-key-line-3")).to_be_visible()
    expect(checkbox(page, first.answers[3])).to_be_disabled()
    press(page, "confirm")
    told(page, "er nu en kategori")
    assert app.study().state.coded_answers() == set(first.answers[:3])
    undo(page)
    assert app.study().state.coded_answers() == set()


def test_keep_two_answers_apart_and_set_aside_and_undo_each(app: App) -> None:
    page = acting(app)
    first = proposals(app).proposals[0]
    behind(page, TEXTS("candidates.apart"))
    press(page, "apart_do")
    pair = (first.doubtful[0], first.answers[0])
    told(page, TEXTS("candidates.apart_done", first=pair[0], second=pair[1]))
    assert app.study().state.apart == (pair,)
    close(page)
    undo(page)
    assert app.study().state.apart == ()
    behind(page, TEXTS("candidates.aside"))
    pick(page, f"aside_why-{first.id}", TEXTS("status.noise"))
    press(page, "aside_do")
    told(page, TEXTS("candidates.aside_done", count=len(first.answers)))
    assert app.study().state.set_aside() == set(first.answers)
    close(page)
    undo(page)
    assert app.study().state.set_aside() == set()


# --- the map -----------------------------------------------------------------------------------


def open_map(page: Page) -> Locator:
    """Open the map; what the mouse is moved over there."""
    page.get_by_role("tab", name=TEXTS("candidates.on_map")).click()
    surface = page.locator(".st-key-answer_map .nsewdrag").first
    expect(surface).to_be_visible()
    settle(page)
    surface.scroll_into_view_if_needed()
    return surface


def ring(page: Page, surface: Locator, until: float) -> None:
    """Draw a ring with the mouse around all that stands left of ``until``, from -1 to 1."""
    box = surface.bounding_box()
    assert box
    left, top = box["x"], box["y"]
    right = left + (until + 1.12) / 2.24 * box["width"]
    corners = [(left + 2, top + 2), (right, top + 2), (right, top + box["height"] - 2)]
    corners += [(left + 2, top + box["height"] - 2), (left + 2, top + 2)]
    page.mouse.move(*corners[0])
    page.mouse.down()
    for x, y in corners[1:]:
        page.mouse.move(x, y, steps=8)
    page.mouse.up()


def widest_gap(places: list[float]) -> float:
    """The middle of the widest gap between the places of the middle half."""
    ordered = sorted(places)
    quarter = len(ordered) // 4
    inner = ordered[quarter:-quarter]
    gaps = [(right - left, (left + right) / 2) for left, right in pairwise(inner)]
    return max(gaps)[1]


def test_a_ring_on_the_map_is_coded_by_one_decision_and_undone(app: App) -> None:
    page = acting(app)
    places = app.study().answer_map()
    until = widest_gap(places["x"].tolist())
    inside = places.index[places["x"] < until].tolist()
    surface = open_map(page)
    ring(page, surface, until)
    title = TEXTS("answer_map.ringed", count=len(inside))
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
    settle(page)
    page.locator(".st-key-ring input[type=text]").first.fill("Fra kortet")
    page.keyboard.press("Tab")
    press(page, "ring_create")
    told(page, TEXTS("candidates.done", label="Fra kortet", count=len(inside)))
    assert app.decisions()[-1] == "AcceptGroup"
    assert app.study().state.coded_answers() == set(inside)
    undo(page)
    assert app.study().state.coded_answers() == set()
    assert app.labels() == []


def test_the_ring_is_taken_away(app: App) -> None:
    page = acting(app)
    ring(page, open_map(page), 0.5)
    expect(page.locator(".st-key-ringed")).to_be_visible()
    settle(page)
    press(page, "no_ring")
    expect(page.get_by_text(TEXTS("answer_map.how"))).to_be_visible()
    expect(page.locator(".st-key-answer_map .selectionlayer path")).to_have_count(0)


def test_the_map_says_nothing_in_english_and_has_a_text_of_its_own(app: App) -> None:
    page = acting(app)
    open_map(page)
    made = proposals(app)
    called = made.proposals[0].name
    values = {"proposals": len(made), "name": called[0].upper() + called[1:]}
    alt = TEXTS("answer_map.alt", count=174, **values)
    expect(page.get_by_role("figure", name=alt)).to_be_visible()
    expect(page.locator(".st-key-answer_map .modebar-btn")).to_have_count(0)
