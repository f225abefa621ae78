"""WCAG 2.1 A and AA beyond the walk through every page (`test_every_page.py`).

What is on a page only while something is done, what axe does not look at (edges, what is faint,
the way past the menu), and that axe is right to find nothing. `docs/accessibility.md` says what
this is worth and what is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from coder.i18n import LANGUAGES, Language, load_texts
from tests.browser.axe import ALLOWED, Allowed, allowed, complaints, findings
from tests.browser.running import App, read_answers, settle, views

pytestmark = pytest.mark.browser

CODER = "Anna"


@pytest.fixture(scope="module")
def server(made_begun: Path, serve: Callable[[Path], App]) -> App:
    return serve(made_begun)


@pytest.fixture
def app(server: App, watch: Callable[[App], App]) -> App:
    return watch(server)


def test_axe_finds_nothing_serious_while_a_file_comes_in(app: App, checkout: Path) -> None:
    page = app.open("import", width=1280, coder=CODER)
    page.locator(".st-key-files input[type=file]").set_input_files(checkout / "data" / "demo.csv")
    heading = load_texts("da")("importing.understood")
    expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    settle(page)
    for view in views(page):
        assert complaints(view) == []


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
