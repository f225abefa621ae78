"""Nothing decided at the desk is lost: reload, a closed tab, a killed server, no network."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from coder.i18n import load_texts
from coder.model import MarkAnswers, Undo, WriteMemo
from coder.study import Study
from tests.browser.desk import (
    LABELS,
    answer,
    given,
    is_ready,
    is_saved,
    open_desk,
    own,
    press,
    pressed,
    presses,
    remember_presses,
    shows,
    with_codes,
)
from tests.browser.running import TOKEN, WAIT, App, coder_app, free_port, go, running, settle

pytestmark = pytest.mark.browser

TEXTS = load_texts("da")
CODES = [f"c{no}" for no in range(len(LABELS))]
# The page can't reach the server, from now on or no more; what it does itself goes on.
_CUT_OFF = """() => {
  WebSocket.prototype.reallySend ??= WebSocket.prototype.send;
  WebSocket.prototype.send = () => {};
}"""
_REACHED = "() => { WebSocket.prototype.send = WebSocket.prototype.reallySend; }"


@pytest.fixture
def blind(app: App) -> App:
    """A study whose codes keep their keys, since nothing is suggested."""
    with_codes(app.study())
    app.study().hold_out(0.99)
    return app


def test_a_reload_in_the_middle_with_presses_not_sent(blind: App) -> None:
    page = open_desk(blind)
    before = blind.study().state.no
    page.evaluate(_CUT_OFF)
    remember_presses(page)
    press(page, "1", "Enter", "2", "f", "Enter", "3", "Enter")
    wanted, at = presses(page), answer(page)
    expect(page.locator("#desk")).to_have_attribute("data-unsaved", "7")
    page.reload()
    is_ready(page)
    is_saved(page)
    assert [pressed(each, CODES) for each in own(blind.study(), before)] == wanted
    shows(page, at)


def test_what_a_closed_tab_left_is_posted_by_the_next(blind: App) -> None:
    page = open_desk(blind)
    before, first = blind.study().state.no, answer(page)
    page.evaluate(_CUT_OFF)
    press(page, "f", "m")
    page.keyboard.type("Spørg Bo")
    press(page, "Escape")
    expect(page.locator("#desk")).to_have_attribute("data-unsaved", "2")
    page.close()
    blind.pages.remove(page)
    other = open_desk(blind)
    is_saved(other)
    decided = [MarkAnswers((first,), "discuss"), WriteMemo(first, "Spørg Bo")]
    assert own(blind.study(), before) == decided
    left = other.evaluate("Object.keys(localStorage).filter(each => /^coder-desk/.test(each))")
    assert left == []


def test_no_answer_is_kept_in_the_browser(blind: App) -> None:
    page = open_desk(blind)
    page.evaluate(_CUT_OFF)
    press(page, "t", "Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight", "1", "Enter")
    expect(page.locator("#desk")).to_have_attribute("data-unsaved", "2")
    kept = page.evaluate("JSON.stringify(localStorage)")
    words = [text for text in blind.study().survey.answers["text"] if text[:12] in kept]
    assert words == []
    page.evaluate(_REACHED)
    is_saved(page)


def test_a_message_that_got_lost_is_said_again(blind: App) -> None:
    page = open_desk(blind)
    before = blind.study().state.no
    page.evaluate(_CUT_OFF)
    remember_presses(page)
    press(page, "1", "Enter", "2")
    expect(page.locator("#saved")).to_have_text(TEXTS("desk.word.unsaved", count=3))
    page.evaluate(_REACHED)
    press(page, "Enter")
    is_saved(page)
    assert [pressed(each, CODES) for each in own(blind.study(), before)] == presses(page)


def test_undo_waits_its_turn_among_what_is_not_sent(blind: App) -> None:
    page = open_desk(blind)
    before, first = blind.study().state.no, answer(page)
    page.evaluate(_CUT_OFF)
    press(page, "1", "2", "u", "3")
    expect(given(page)).to_have_text([f"{LABELS[0]}×", f"{LABELS[2]}×"])
    page.evaluate(_REACHED)
    is_saved(page)
    study = blind.study()
    assert isinstance(own(study, before)[2], Undo)
    assert study.state.codings == {(study.coder("Anna"), first): ("c0", "c2")}
    expect(given(page)).to_have_text([f"{LABELS[0]}×", f"{LABELS[2]}×"])


# --- a server that is gone for a while ---------------------------------------------------------


@pytest.fixture
def own_study(made: Path, tmp_path: Path) -> Path:
    path = Path(shutil.copy(made, tmp_path / "study.db"))
    study = Study.open(path)
    with_codes(study)
    study.hold_out(0.99)
    return path


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that is not watched: without a server, a browser complains."""
    profile = browser.new_context(locale="da-DK", viewport={"width": 1280, "height": 900})
    yield profile.new_page()
    profile.close()


def test_a_server_that_is_killed_and_started_again(
    own_study: Path, page: Page, tmp_path: Path
) -> None:
    port = free_port()
    command, log = coder_app(own_study, port), tmp_path / "server.log"
    before = Study.open(own_study).state.no
    with running(command, port, tmp_path, log) as url:
        page.goto(f"{url}/coding?coder=Anna&token={TOKEN}")
        is_ready(page)
        remember_presses(page)
        press(page, "1", "Enter", "2", "Enter")
        is_saved(page)
        press(page, "3", "Enter")  # on their way as the server goes
    expect(page.get_by_test_id("stApp")).not_to_have_attribute(
        "data-test-connection-state", "CONNECTED"
    )
    for no in range(20):
        press(page, ("4", "f", "5", "Enter")[no % 4])
    late = page.locator("#saved").filter(has_text=TEXTS("desk.word.unsaved_late", count="")[:20])
    expect(late).to_be_visible()
    press(page, "6", "Enter")  # also when Streamlit's own message has come, and is put away
    expect(page.get_by_role("dialog")).to_have_count(0)
    at = answer(page)
    with running(command, port, tmp_path, log):
        expect(page.locator("#desk[data-unsaved='0']")).to_be_attached(timeout=2 * WAIT)
        shows(page, at)
        press(page, "7", "Enter")
        is_saved(page)
    found = [pressed(each, CODES) for each in own(own_study, before)]
    assert found == presses(page)
    assert len(found) == 30


def test_offline_for_a_while(blind: App, browser: Browser) -> None:
    profile = browser.new_context(locale="da-DK", viewport={"width": 1280, "height": 900})
    page = profile.new_page()
    before = blind.study().state.no
    address = f"coder=Anna&study={blind.address['study']}&token={TOKEN}"
    page.goto(f"{blind.url}/coding?{address}")
    is_ready(page)
    remember_presses(page)
    profile.set_offline(True)
    press(page, "1", "Enter", "2", "Enter", "3", "f")
    profile.set_offline(False)
    press(page, "Enter")
    is_saved(page)
    assert [pressed(each, CODES) for each in own(blind.study(), before)] == presses(page)
    profile.close()


def test_one_who_goes_on_to_another_page_leaves_nothing_behind(blind: App) -> None:
    """A message that is due just after the press on a link must not empty the page it leads to."""
    page = open_desk(blind)
    before, answers = blind.study().state.no, blind.study().order()
    for no, pause in enumerate((70, 90, 100, 110, 115)):
        page.evaluate(_LEAVE, [pause, TEXTS("page.log.title")])
        expect(page.get_by_role("heading", level=1)).to_have_text(TEXTS("page.log.title"))
        settle(page)
        noted = MarkAnswers((answers[0],), "discuss", on=not no % 2)
        assert own(blind.study(), before)[no] == noted
        go(page, TEXTS("page.coding.title"))
        is_ready(page)
        shows(page, answers[0])


# Presses F at the desk, and so many milliseconds later a link, as a finger or a mouse does.
_LEAVE = """([pause, title]) => new Promise(done => {
  const desk = document.activeElement.shadowRoot?.activeElement ?? document.activeElement;
  desk.dispatchEvent(new KeyboardEvent('keydown', {key: 'f', bubbles: true, composed: true}));
  const links = [...document.querySelectorAll('[data-testid=stSidebarNav] a')];
  const link = links.find(each => each.innerText.includes(title));
  setTimeout(() => {
    link.dispatchEvent(new PointerEvent('pointerdown', {bubbles: true, composed: true}));
    link.click();
    done();
  }, pause);
})"""
