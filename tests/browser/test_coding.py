"""Coding in the browser: groups with a line, single answers, and nothing that was not on screen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from coder.i18n import load_texts
from coder.model import AcceptGroup, ApplyCode, ConfirmProposal, CreateCode, RejectGroup, Turn, Undo
from tests.browser.running import App, checkbox, refused, settle, tick, told
from tests.browser.words import foreign_words

pytestmark = pytest.mark.browser

TEXTS = load_texts("da")


def next_turn(app: App) -> Turn:
    study = app.study()
    turn = study.next_turn(study.coder("Anna"))
    assert turn is not None
    return turn


def act(page: Page, name: str) -> None:
    page.locator(f'[class*="st-key-{name}-"] button').click()


def name_it(page: Page, label: str, definition: str = "") -> None:
    page.locator('[class*="st-key-new-"] input').fill(label)
    page.locator('[class*="st-key-definition-"] input').fill(definition)
    act(page, "create")


def draw_line(page: Page, place: int) -> None:
    """Draw the line after so many answers."""
    page.locator(f".st-key-gap-{place} button").click()
    expect(page.locator(f".st-key-line-{place}")).to_be_visible()
    settle(page)


def is_shown(page: Page, turn: Turn) -> None:
    """Wait until the answers of a turn, and no others, stand on the page in this order."""
    for no, answer in enumerate(turn.shown):
        expect(page.locator(f".st-key-above-{no} label")).to_contain_text(answer)
    expect(page.locator(f".st-key-above-{len(turn.shown)}")).to_have_count(0)


def open_at(app: App, wanted: Callable[[Turn], bool]) -> tuple[Page, Turn]:
    """The page at the first such turn: what comes before, Anna turns down or codes."""
    study = app.study()
    anna, made = study.coder("Anna"), study.proposals()
    assert made is not None
    for each in made.proposals[:10]:
        label, answers = each.name, each.answers[::2]
        study.decide(anna, ConfirmProposal(each.id, label, answers, each.id, "fake"))
    while not wanted(turn := next_turn(app)):
        if len(turn.shown) > 1:
            study.decide(anna, RejectGroup(turn, "fake"))
        else:
            study.decide(anna, ApplyCode(made.proposals[0].id, turn.shown))
    return app.open("coding", coder="Anna", by="groups"), turn


def test_a_group_with_a_line_then_rejected_undone_and_reloaded(app: App) -> None:
    first = next_turn(app)
    page = app.open("coding", coder="Anna", by="groups")
    is_shown(page, first)
    tick(page, first.shown[1])
    draw_line(page, 4)
    expect(page.locator(".st-key-below-4")).to_contain_text(first.shown[4])
    button = page.locator('[class*="st-key-create-"] button')
    expect(button).to_have_text(TEXTS("coding.create", count=3))
    name_it(page, "Ud i det fri", "Gåture og andet udendørs.")
    told(page, TEXTS("coding.done", count=3, label="Ud i det fri"))

    decision = app.study().state.log[-1].decision
    assert isinstance(decision, AcceptGroup)
    assert (decision.turn, decision.suggested_by) == (first, "fake")
    assert decision.answers == (first.shown[0], *first.shown[2:4])
    assert decision.excluded == (first.shown[1],)
    assert app.labels() == ["Ud i det fri"]
    expect(page.get_by_text(TEXTS("coding.how_far", coded=3, total=174, acts=1))).to_be_visible()

    second = next_turn(app)
    is_shown(page, second)
    act(page, "reject")
    told(page, TEXTS("coding.rejected"))
    assert app.study().state.log[-1].decision == RejectGroup(second, "fake")
    third = next_turn(app)
    assert third != second
    is_shown(page, third)

    page.locator(".st-key-undo button").click()
    told(page, TEXTS("ui.undone"))
    is_shown(page, second)
    page.reload()
    settle(page)
    is_shown(page, second)
    assert app.decisions() == ["AddCoder", "AcceptGroup", "RejectGroup", "Undo"]

    page.locator(".st-key-undo button").click()
    told(page, TEXTS("ui.undone"))
    assert isinstance(app.study().state.log[-1].decision, Undo)
    assert app.labels() == []
    is_shown(page, first)


def test_a_single_answer_by_a_button_then_another_by_search(app: App) -> None:
    page, turn = open_at(app, lambda turn: len(turn.shown) == 1)
    expect(page.locator(".st-key-turn_answer")).to_contain_text(turn.shown[0])
    codes = app.study().state.codes
    offered = page.locator('[class*="st-key-offer-"] button')
    labels = [codes[code].label for code in turn.offered]
    expect(offered).to_have_text([f"{no} {label}" for no, label in enumerate(labels, start=1)])
    offered.nth(1).click()
    told(page, TEXTS("coding.done", count=1, label=labels[1]))
    made = app.study().state.log[-1].decision
    assert made == AcceptGroup(turn, turn.offered[1], turn.shown, (), "fake")


def test_a_group_is_accepted_for_the_code_that_it_is_offered_for(app: App) -> None:
    page, turn = open_at(app, lambda turn: turn.code is not None)
    assert turn.code
    label = app.study().state.codes[turn.code].label
    expect(page.get_by_role("heading", level=2)).to_have_text(TEXTS("coding.for_code", label=label))
    is_shown(page, turn)
    act(page, "accept")
    told(page, TEXTS("coding.done", count=len(turn.shown), label=label))
    made = app.study().state.log[-1].decision
    assert made == AcceptGroup(turn, turn.code, turn.shown, (), "fake")
    assert foreign_words(page, "da", app.study()) == set()


def test_two_tabs_of_one_coder_decide_nothing_twice(app: App) -> None:
    turn = next_turn(app)
    one, other = (app.open("coding", coder="Anna", by="groups") for _ in range(2))
    is_shown(other, turn)
    # As a tab behind another is: it hears of nothing until it is looked at.
    other.evaluate("Object.defineProperty(document, 'hidden', {get: () => true})")
    name_it(one, "Først")
    told(one, TEXTS("coding.done", count=len(turn.shown), label="Først"))
    before = app.decisions()
    name_it(other, "For sent")
    refused(other, TEXTS("coding.not_saved"))
    assert app.decisions() == before
    is_shown(other, next_turn(app))


def test_what_another_coder_does_changes_nothing_on_the_screen(app: App) -> None:
    turn, study = next_turn(app), app.study()
    page, bo = app.open("coding", coder="Anna", by="groups"), study.coder("Bo")
    study.decide(bo, CreateCode("b", "Bos"))
    study.decide(bo, ApplyCode("b", turn.shown))
    draw_line(page, 2)
    name_it(page, "Annas")
    told(page, TEXTS("coding.done", count=2, label="Annas"))
    decision = app.study().state.log[-1].decision
    assert isinstance(decision, AcceptGroup)
    assert (decision.turn, decision.answers) == (turn, turn.shown[:2])


def test_the_next_turn_begins_at_its_top(app: App) -> None:
    turn = next_turn(app)
    page = app.open("coding", coder="Anna", by="groups")
    checkbox(page, turn.shown[-1]).scroll_into_view_if_needed()
    act(page, "reject")  # in sight however far one has read
    told(page, TEXTS("coding.rejected"))
    is_shown(page, next_turn(app))
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()


def test_the_acts_come_before_the_answers_by_tab(app: App) -> None:
    turn = next_turn(app)
    page = app.open("coding", coder="Anna", by="groups")
    page.locator('[class*="st-key-new-"] input').focus()
    reached = []
    for _ in range(4):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(_FOCUSED))
    assert reached[:3] == ["definition", "create", "reject"]
    expect(checkbox(page, turn.shown[0])).to_be_focused()


_FOCUSED = """() => {
  const own = document.activeElement.closest('[class*=st-key-]');
  return own && own.className.match(/st-key-([a-z]+)/)[1];
}"""


@pytest.mark.parametrize("single", [False, True])
def test_a_turn_in_danish_and_on_a_phone(app: App, single: bool) -> None:
    page, _ = open_at(app, lambda turn: (len(turn.shown) == 1) is single)
    assert foreign_words(page, "da", app.study()) == set()
    page.set_viewport_size({"width": 390, "height": 900})
    expect(page.get_by_test_id("stSidebar")).not_to_be_in_viewport()
    too_wide = page.get_by_test_id("stMain").evaluate("each => each.scrollWidth - each.clientWidth")
    assert too_wide == 0
