"""What axe finds on a page, and what of Streamlit's own it is known to find."""

from __future__ import annotations

from typing import Any, NamedTuple

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.running import settle

STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
# Good habits that axe knows and the standard does not ask for in so many words.
HABITS = ["heading-order", "page-has-heading-one", "landmark-one-main", "region"]
OPTIONS = {
    "runOnly": {"type": "tag", "values": STANDARD},
    "rules": {rule: {"enabled": True} for rule in HABITS},
    "resultTypes": ["violations"],
}


class Finding(NamedTuple):
    """One element that breaks a rule of axe."""

    rule: str
    impact: str
    target: str
    why: str


class Allowed(NamedTuple):
    """What one of Streamlit's own widgets does wrong.

    It is met on `page`, in a low window, when what `opened_by` selects is pressed.
    """

    widget: str
    rule: str
    selector: str
    page: str
    opened_by: str


# The reasons stand in docs/accessibility.md, in a table that is held to this one.
ALLOWED = (
    Allowed(
        "popover",
        "scrollable-region-focusable",
        '[data-testid="stPopoverBody"]',
        "candidates",
        '[class*="st-key-why-"] button',
    ),
)


def findings(page: Page) -> list[Finding]:
    """What axe finds serious or critical on a page at rest, and habits not kept.

    What fades in or out has too little contrast meanwhile, and nothing is wrong with it.
    """
    found: list[dict[str, Any]] = []
    for _ in range(5):  # judged again if it was drawn meanwhile, and pale while it was
        settle(page)
        page.wait_for_function(_NOTHING_FADES)
        before = page.evaluate("forTests.drawn")
        found = Axe().run(page, options=OPTIONS).response["violations"]
        if page.evaluate("forTests.drawn") == before:
            break
    return [
        Finding(each["id"], each["impact"], _target(node["target"]), _why(node))
        for each in found
        for node in each["nodes"]
        if each["impact"] in ("serious", "critical") or each["id"] in HABITS
    ]


_NOTHING_FADES = """() => document.getAnimations({subtree: true})
  .every(each => !(each instanceof CSSTransition) || each.playState !== 'running')"""


def _target(target: list[Any]) -> str:
    """The selector that leads to an element, through the roots of components if need be."""
    steps = target[-1] if isinstance(target[-1], list) else target
    return " >> ".join(map(str, steps))


def _why(node: dict[str, Any]) -> str:
    return "; ".join(each["message"] for each in (*node["any"], *node["all"], *node["none"]))


def allowed(page: Page, finding: Finding) -> Allowed | None:
    """Which exception covers a finding, if any."""
    element = page.locator(finding.target).first
    for each in ALLOWED:
        if each.rule == finding.rule and element.evaluate(_MATCHES, each.selector):
            return each
    return None


_MATCHES = "(element, selector) => element.matches(selector)"


def complaints(page: Page) -> list[Finding]:
    """The findings on a page that no exception covers."""
    return [each for each in findings(page) if allowed(page, each) is None]
