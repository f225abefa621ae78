"""What the tests of the desk share: codes to press, and what is seen."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from coder.model import AcceptGroup, CreateCode, Decision, MarkAnswers
from coder.study import Study
from tests.browser.running import App

LABELS = (
    "Ude i det fri",
    "Samtaler på skærm",
    "Bostøtte online",
    "Grupper",
    "Mad",
    "Telefon",
    "Bolig",
    "Job",
    "Naboer",
    "Kreativt",
    "Sport",
    "Kørsel",
)


def with_codes(study: Study, count: int = len(LABELS)) -> str:
    """So many codes by Anna, c0, c1 …, that nothing is coded with yet; her id."""
    anna = study.coder("Anna")
    for no, label in enumerate(LABELS[:count]):
        study.decide(anna, CreateCode(f"c{no}", label, f"Om {label.lower()}."))
    return anna


def open_desk(app: App, coder: str = "Anna", apart: bool = False, **query: str) -> Page:
    page = app.open("coding", coder=coder, apart=apart, **query)
    is_ready(page)
    return page


def is_ready(page: Page) -> None:
    expect(page.locator("#desk[data-ready='1']")).to_be_visible()


def is_saved(page: Page) -> None:
    """Wait until everything is in the log."""
    expect(page.locator("#desk[data-unsaved='0']")).to_be_attached()


def answer(page: Page) -> str:
    """The answer on the screen."""
    return page.locator("#card").get_attribute("data-answer") or ""


def shows(page: Page, wanted: str) -> None:
    expect(page.locator(f"#card[data-answer='{wanted}']")).to_be_visible()


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def slot(page: Page, no: int) -> Locator:
    """The button of a place beside the answer, from 1."""
    return page.locator("#slots button").nth(no - 1)


def given(page: Page) -> Locator:
    """What the answer on the screen has."""
    return page.locator("#given li")


def own(study: Path | Study, after: int = 0) -> list[Decision]:
    """What has been decided since entry ``after``, oldest first."""
    found = Study.open(study) if isinstance(study, Path) else study
    return [entry.decision for entry in found.state.log[after:]]


def remember_presses(page: Page) -> None:
    """From now on the page remembers each press with the answer that was on the screen."""
    page.locator("#card").evaluate(_REMEMBER)


def presses(page: Page) -> list[tuple[str, str]]:
    return [(shown, key) for shown, key in page.evaluate("globalThis.pressed")]


_REMEMBER = """card => {
  globalThis.pressed = [];
  window.addEventListener('keydown', event =>
    globalThis.pressed.push([card.dataset.answer, event.key]), true);
}"""


def pressed(decision: Decision, places: list[str]) -> tuple[str, str]:
    """The answer and the key that a decision came from, where the codes have these places."""
    if isinstance(decision, AcceptGroup):
        return decision.answers[0], str(places.index(decision.code) + 1)
    if isinstance(decision, MarkAnswers):
        return decision.answers[0], {"done": "Enter", "discuss": "f"}[decision.mark]
    raise AssertionError(decision)
