"""Every page in both languages, wide and narrow, against WCAG 2.1 A and AA.

As far as a program can tell: axe for what it knows, and our own measures of what it does not:
that pages are told apart, that nothing is lost with large text or in a narrow window, and that
edges and rings can be seen. `docs/accessibility.md` says what this is worth and what is left out.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from coder.i18n import LANGUAGES, Language, load_texts
from coder.model import ApplyCode, CreateCode
from coder.study import Study
from tests.browser.running import PAGES, App, read_answers, settle, views

pytestmark = pytest.mark.browser

CODER = "Anna"
# Every page, and what one of them is when it is asked to be otherwise.
ADDRESSES: tuple[tuple[str, dict[str, str]], ...] = (
    *((path, {}) for path in PAGES),
    ("coding", {"by": "groups"}),
)
WIDTHS = (390, 1280)  # a phone, a large screen
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


@pytest.fixture(scope="module")
def server(
    made: Path, tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], App]
) -> App:
    """The demo with proposals, and some answers coded."""
    path = Path(shutil.copy(made, tmp_path_factory.mktemp("begun") / "demo.db"))
    study = Study.open(path)
    coder, answers = study.coder(CODER), list(study.survey.answers.index)
    for no, label in enumerate(("Samtaler på skærm", "Ude i det fri")):
        study.decide(coder, CreateCode(label, label))
        study.decide(coder, ApplyCode(label, tuple(answers[no * 9 : no * 9 + 9])))
    return serve(path)


@pytest.fixture
def app(server: App, watch: Callable[[App], App]) -> App:
    return watch(server)


def findings(page: Page) -> list[Finding]:
    """What axe finds serious or critical on a page as it stands, and habits not kept.

    What fades in or out has too little contrast meanwhile, and nothing is wrong with it.
    """
    page.wait_for_function(_NOTHING_FADES)
    found: list[dict[str, Any]] = Axe().run(page, options=OPTIONS).response["violations"]
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


@pytest.mark.parametrize("no", range(len(ADDRESSES)), ids=lambda no: ADDRESSES[no][0] or "start")
def test_axe_finds_nothing_serious(app: App, no: int) -> None:
    """Danish and English in turn: what axe looks for is hardly ever in the words.

    On a phone with all that can be opened, on a large screen as it then is.
    """
    path, query = ADDRESSES[no]
    page = app.open(path, width=WIDTHS[0], coder=CODER, lang=LANGUAGES[no % 2], **query)
    found = []
    for view in views(page):
        found += [each for each in findings(view) if allowed(view, each) is None]
    page.set_viewport_size({"width": WIDTHS[1], "height": 900})
    settle(page)
    found += [each for each in findings(page) if allowed(page, each) is None]
    assert not found, "\n".join(map(str, dict.fromkeys(found)))


def test_axe_finds_nothing_serious_while_a_file_comes_in(app: App, checkout: Path) -> None:
    page = app.open("import", width=1280, coder=CODER)
    page.locator(".st-key-files input[type=file]").set_input_files(checkout / "data" / "demo.csv")
    heading = load_texts("da")("importing.understood")
    expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    settle(page)
    found = [each for view in views(page) for each in findings(view) if not allowed(view, each)]
    assert not found, "\n".join(map(str, dict.fromkeys(found)))


@pytest.mark.parametrize("exception", ALLOWED, ids=lambda each: f"{each.widget}-{each.rule}")
def test_every_exception_still_occurs(app: App, exception: Allowed) -> None:
    """One that Streamlit has mended is to be taken out of the table."""
    page = app.open(exception.page, width=390, coder=CODER)
    page.set_viewport_size({"width": 390, "height": 360})
    page.locator(exception.opened_by).first.click()
    expect(page.locator(exception.selector)).to_be_visible()
    settle(page)
    assert exception in [allowed(page, each) for each in findings(page)]


def test_the_document_lists_the_exceptions(checkout: Path) -> None:
    text = (checkout / "docs" / "accessibility.md").read_text("utf-8")
    section = text.partition("## Exceptions\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| ([^|]+) \| `([^|]+)` \| ([^|]+) \|$", section, re.MULTILINE)
    assert [(widget, rule) for widget, rule, _ in rows] == [each[:2] for each in ALLOWED]
    assert all(len(reason) > 40 for *_, reason in rows)


def test_axe_sees_what_is_wrong(app: App) -> None:
    """The rules above do complain, of what they are there for."""
    page = app.open("log", coder=CODER)
    page.locator("h1").evaluate(_SPOIL)
    rules = {each.rule for each in findings(page)}
    assert {"color-contrast", "image-alt", "label", "heading-order"} <= rules


_SPOIL = """heading => heading.insertAdjacentHTML('afterend',
  '<h4>x</h4><p style="color: #aaa">grey</p><img src="data:,"><input>')"""


# --- what axe does not know --------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_has_its_own_title_and_the_language(app: App, language: Language) -> None:
    titles = []
    for path in PAGES:
        page = app.open(path, lang=language)
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page).to_have_title(re.compile(r".+ – Coder$"))
        titles.append(page.title())
    assert len(set(titles)) == len(PAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_link_says_in_the_pages_language_where_it_leads(
    app: App, language: Language
) -> None:
    page = app.open("log", lang=language)
    page.keyboard.press("Tab")
    link = page.locator(":focus")
    expect(link).to_have_text(load_texts(language)("ui.skip_to_page"))
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main:focus")).to_have_count(1)


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_lost_when_all_is_large(app: App, path: str) -> None:
    """In a window of 320 pixels, as wide as 1280 are at 400 %; then with text twice as large."""
    page = app.open(path, width=320, coder=CODER)
    for view in views(page):
        assert view.evaluate(at_rest(_SIDEWAYS)) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    page.add_style_tag(content=":root { font-size: 200% !important }")
    for view in views(page):
        assert view.evaluate(at_rest(_SIDEWAYS)) == []
        assert view.evaluate(at_rest(_CUT_OFF)) == []


def at_rest(script: str) -> str:
    """A script that finds what another does: nothing, or still the same 100 frames on."""
    return f"""async () => {{
      const look = {script};
      for (let frame = 0; frame < 100 && look().length; frame++)
        await new Promise(requestAnimationFrame);
      return look();
    }}"""


# What a window is too narrow for, other than grids and pictures that scroll by themselves.
_SIDEWAYS = """() => [document.documentElement, ...document.querySelectorAll(
    '[data-testid=stMain], [data-testid=stMainBlockContainer],'
    + '[data-collapsed=false] [data-testid=stSidebarContent]')]
  .filter(each => each.scrollWidth > each.clientWidth + 1)
  .map(each => `${each.tagName} ${each.dataset.testid}: ${each.scrollWidth}`)"""

# Words of buttons, tabs and headings that reach out of what cuts them off. What is only for
# screen readers has a box of one pixel.
_CUT_OFF = """() => [
    ...document.querySelectorAll('main :is(button, h1, h2, h3, label, [role=tab])')]
  .flatMap(box => [box, ...box.querySelectorAll('*')])
  .filter(each => each.checkVisibility() && each.clientWidth > 1)
  .filter(each => ['hidden', 'clip'].includes(getComputedStyle(each).overflowX))
  .filter(each => each.scrollWidth > each.clientWidth + 1)
  .map(each => each.textContent)"""


def test_the_edge_of_what_one_fills_in_can_be_seen(app: App) -> None:
    """3 : 1 beside what is around it; axe looks at words only."""
    described, read = app.open("codebook", coder=CODER), app.open("codebook", coder=CODER)
    read_answers(read)
    box = "label:not([data-selected]) > span + div"
    circle = ":not([data-selected]) span + div > div"
    edges = [
        described.get_by_test_id("stTextInputRootElement"),
        described.get_by_test_id("stTextAreaRootElement"),
        read.get_by_test_id("stSelectbox").get_by_role("group"),
        read.locator(f'[data-testid="stCheckbox"] {box}'),
        app.open("log", coder=CODER).locator(f'[data-testid="stRadioOption"]{circle}'),
    ]
    for edge in edges:
        assert contrast(*edge.first.evaluate(_EDGE)) >= 3


_EDGE = """each => {
  let around = each.parentElement;
  const seen = element => !getComputedStyle(element).backgroundColor.endsWith(', 0)');
  while (around.parentElement && !seen(around)) around = around.parentElement;
  return [getComputedStyle(each).borderTopColor, getComputedStyle(around).backgroundColor];
}"""


def test_what_is_faint_can_be_read(app: App) -> None:
    """Placeholders, which axe does not look at."""
    page = app.open("coding", coder=CODER)
    for field in page.locator("main input[placeholder]:not([placeholder=''])").all():
        assert contrast(*field.evaluate(_PLACEHOLDER)) >= 4.5


_PLACEHOLDER = """each => [
  getComputedStyle(each, '::placeholder').color,
  getComputedStyle(each.parentElement).backgroundColor]"""


def contrast(ink: str, paper: str) -> float:
    """The ratio of two colours as a browser writes them (WCAG 2.1, 1.4.3)."""
    under = _parts(paper)
    *over, opaque = _parts(ink)
    mixed = [opaque * a + (1 - opaque) * b for a, b in zip(over, under, strict=False)]
    light, dark = sorted((_luminance(mixed), _luminance(under)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _parts(colour: str) -> list[float]:
    """Red, green and blue from 0 to 1, and how opaque."""
    numbers = [float(each) for each in re.findall(r"[\d.]+", colour.replace("srgb", ""))]
    scale = 1 if colour.startswith("color(") else 255
    return [*(each / scale for each in numbers[:3]), *(numbers[3:] or [1.0])]


def _luminance(parts: list[float]) -> float:
    linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_contrast_is_what_the_standard_says() -> None:
    assert contrast("rgb(0, 0, 0)", "rgb(255, 255, 255)") == pytest.approx(21)
    assert contrast("rgb(119, 119, 119)", "rgb(255, 255, 255)") == pytest.approx(4.48, abs=0.01)
    assert contrast("rgba(0, 0, 0, 0.5)", "rgb(255, 255, 255)") == pytest.approx(3.98, abs=0.03)
    assert contrast("color(srgb 0 0 0 / 0.5)", "rgb(255, 255, 255)") == pytest.approx(
        3.98, abs=0.03
    )


def test_nothing_moves_for_those_who_asked_for_that(app: App) -> None:
    """Every page of these tests asks for less motion; that Streamlit's parts obey is our doing."""
    page = app.open("coding", coder=CODER)
    longest = page.locator("body *").evaluate_all(_LONGEST)
    assert longest <= 0.001


_LONGEST = """found => Math.max(0, ...found.flatMap(each => {
  const style = getComputedStyle(each);
  return [...style.transitionDuration.split(','), ...style.animationDuration.split(',')]
    .map(parseFloat);
}))"""
