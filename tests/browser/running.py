"""The app as its users have it: a server process of its own, and pages in a real browser."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from socket import socket
from urllib.parse import urlencode, urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    expect,
)

from coder.model import Proposal
from coder.study import Study
from coder.ui.app import _PAGES

# The addresses of all pages. The first page has none, being where one begins.
PAGES = ("", *(name for name, *_ in _PAGES[1:]))
TOKEN = "the-token-of-the-browser-tests"
_START_SECONDS = 180
# Milliseconds. A machine with other work is slow, and a test that passes never waits so long.
WAIT = 60_000
# Opened below the root, Streamlit's page looks for its server beside itself before at the root.
_PROBE = re.compile(r"/\w+/_stcore/(health|host-config)$")


@dataclass
class App:
    """A running app: its study, and the pages that one test has opened in it.

    Every page is a session of its own. They share a browser profile, so that only the first has
    to load the scripts, unless a page is opened ``apart``. ``address`` is what stands behind the
    question mark on all of them.
    """

    url: str
    study_file: Path
    browser: Browser
    address: dict[str, str] = field(default_factory=dict)
    profiles: list[BrowserContext] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def open(self, path: str = "", *, width: int = 1360, apart: bool = False, **query: str) -> Page:
        """A page, drawn in full; ``query`` is what stands behind the question mark."""
        if apart or not self.profiles:
            profile = self.browser.new_context(locale="da-DK", reduced_motion="reduce")
            profile.set_default_timeout(WAIT)
            profile.add_init_script(_REMEMBER)
            profile.add_cookies([key_to(self.url)])  # type: ignore[list-item]
            self.profiles.append(profile)
        page = self.profiles[-1].new_page()
        page.set_viewport_size({"width": width, "height": 900})
        self._watch(page)
        self.pages.append(page)
        query = self.address | query
        page.goto(f"{self.url}/{path}" + (f"?{urlencode(query)}" if query else ""))
        settle(page)
        return page

    def close(self) -> None:
        """Close the browser's side of the app."""
        for profile in self.profiles:
            profile.close()

    def study(self) -> Study:
        """The study as it is on disk now."""
        return Study.open(self.study_file)

    def decisions(self) -> list[str]:
        """The kinds of all decisions in the log, oldest first."""
        return [type(entry.decision).__name__ for entry in self.study().state.log]

    def labels(self) -> list[str]:
        """The names of the categories, oldest first."""
        return [code.label for code in self.study().state.codes.values()]

    def _watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        page.on("console", self._console)
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        address = str(message.location.get("url", ""))
        if message.type == "error" and not _PROBE.search(urlsplit(address).path):
            self.troubles.append(f"console: {message.text} {address}")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.hostname != "127.0.0.1":
            self.troubles.append(f"request to another host: {request.url}")


@contextmanager
def running(
    command: Sequence[str], port: int, folder: Path, log: Path, **variables: str
) -> Iterator[str]:
    """Run a server until the block ends; its address. Its log may not hold a traceback."""
    url = f"http://127.0.0.1:{port}"
    with log.open("w") as out:
        process = subprocess.Popen(
            command,
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env={**os.environ, "CODER_TOKEN": TOKEN, **variables},
        )
        try:
            _wait_for(url, process, log)
            yield url
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
    written = log.read_text("utf-8", "replace")
    assert "Traceback" not in written, written[-4000:]


def key_to(url: str) -> dict[str, str]:
    """What a browser has that has once opened the app by its link."""
    return {"name": f"coder_token_{urlsplit(url).port}", "value": TOKEN, "url": url}


def coder_app(study: Path, port: int) -> list[str]:
    """The command that users give to open a study."""
    options = ["--no-browser", "--port", str(port)]
    return [sys.executable, "-m", "coder", "app", str(study), *options]


def free_port() -> int:
    """A port that nobody listens on now."""
    with closing(socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=1):
                return
        except OSError:
            time.sleep(0.05)  # a process that starts can't be waited for in another way
    raise RuntimeError(f"the app did not start:\n{log.read_text('utf-8', 'replace')[-4000:]}")


def settle(page: Page) -> None:
    """Wait until the page is drawn: connected, with a heading, nothing running or half-drawn."""
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-connection-state", "CONNECTED")
    expect(page.get_by_test_id("stHeading").first).to_be_visible()
    page.wait_for_function(_ANSWERED)
    # The first page of a server that needs the words of all answers takes longest.
    expect(app).to_have_attribute("data-test-script-state", "notRunning", timeout=3 * WAIT)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)


# What a page has asked of its server, what it has heard, and when it was last seen to be drawn. A
# page is at rest as well before the first word of an answer as after the last. Streamlit's sign of
# life, of three bytes, gets no answer.
_REMEMBER = """(() => {
  const page = window.forTests = {asked: 0, heard: 0, drawn: 0}
  window.WebSocket = class extends WebSocket {
    constructor(...given) {
      super(...given)
      this.addEventListener('message', () => { page.heard = performance.now() })
    }
    send(what) {
      if ((what.byteLength ?? what.length) > 8) page.asked = performance.now()
      super.send(what)
    }
  }
  new MutationObserver(() => { page.drawn = performance.now() }).observe(
    document, {subtree: true, attributeFilter: ['data-test-script-state']})
})()"""

# A run may be so short that it is never seen; then its words have come some time ago. What asks
# for no run gets no word at all.
_ANSWERED = """() => {
  const {asked, heard, drawn} = window.forTests ?? {asked: 0, heard: 0, drawn: 0}
  const now = performance.now()
  return drawn >= asked || (heard >= asked && now - heard > 300) || now - asked > 5000
}"""


def go(page: Page, title: str) -> None:
    """Go to another page by its link on the left."""
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=title, exact=True).click()
    expect(page.get_by_role("heading", level=1, name=title, exact=True)).to_be_visible()
    settle(page)


def views(page: Page) -> Iterator[Page]:
    """A page as it opens, then with each tab, all that folds open, popovers, the menu."""
    yield page
    for tab in page.get_by_role("tab", selected=False).all():
        tab.click()
        settle(page)
        yield page
    folded = page.locator("main details:not([open]) > summary:visible")
    for _ in range(folded.count()):  # each that opens is none of them any more
        folded.first.click()
        settle(page)
        yield page
    popovers = page.locator('main [data-testid="stPopoverButton"]:visible')
    for popover in [popovers.first, popovers.last] if popovers.count() else []:
        popover.click()
        expect(page.get_by_test_id("stPopoverBody")).to_be_visible()
        settle(page)
        yield page
        page.keyboard.press("Escape")
        expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)
    menu = page.get_by_test_id("stExpandSidebarButton")
    if menu.count():
        menu.click()
        expect(page.get_by_test_id("stSidebar")).to_have_attribute("data-collapsed", "false")
        yield page
        page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
        expect(page.get_by_test_id("stSidebar")).to_have_attribute("data-collapsed", "true")


def give_name(page: Page, name: str) -> None:
    """Write the coder's name on the left."""
    field_ = page.locator(".st-key-coder_name input")
    field_.fill(name)
    field_.press("Enter")
    expect(page.locator(".st-key-undo button")).to_be_attached()
    settle(page)


def told(page: Page, message: str) -> None:
    """Wait until the app says this, and close the message."""
    toast = page.get_by_test_id("stToast").filter(has_text=message)
    expect(toast).to_be_visible()
    toast.get_by_role("button").click()
    expect(toast).to_have_count(0)
    settle(page)


def refused(page: Page, message: str) -> None:
    """Wait until the app says in a box that it can't do something, where one sees it."""
    box = page.get_by_test_id("stAlert").filter(has_text=message)
    expect(box).to_be_in_viewport()
    settle(page)


def open_proposal(page: Page, proposal: Proposal) -> None:
    """Open a proposal by its name in the list."""
    name = proposal.name[0].upper() + proposal.name[1:]
    # Before a confirmed one stands a mark, whose name is text as well.
    whole = re.compile(rf"^(check_circle\s*)?{re.escape(name)}$")
    page.get_by_test_id("stRadioOption").filter(has_text=whole).get_by_text(name).click()
    expect(page.get_by_role("heading", level=2, name=name, exact=True)).to_be_visible()
    settle(page)


def read_answers(page: Page) -> None:
    """Show the answers of the code that is chosen in the codebook."""
    page.locator(".st-key-code_part").get_by_text("Svar (").click()
    expect(page.locator(".st-key-act_on")).to_be_visible()
    settle(page)


def log_lines(page: Page) -> list[list[str]]:
    """The decision log as the page lists it: number, what was decided, and the line below."""
    entries = page.locator(".st-key-log_list").get_by_test_id("stRadioOption")
    expect(entries.first).to_be_visible()
    captions = page.locator(".st-key-log_list").get_by_test_id("stRadioCaption")
    lines = zip(entries.all_inner_texts(), captions.all_inner_texts(), strict=True)
    return [[*line.strip().split("\u2002", 1), below] for line, below in lines]


def tick(page: Page, answer: str) -> None:
    """Tick an answer, or untick it; a button that counts the ticks has counted it afterwards."""
    was = checkbox(page, answer).is_checked()
    checkbox(page, answer).locator("xpath=ancestor::label").click()
    # While the page is drawn again, it can stand there twice: as it was and as it is.
    expect(checkbox(page, answer, checked=was)).to_have_count(0)
    expect(checkbox(page, answer, checked=not was)).to_have_count(1)
    move = page.locator(".st-key-move button")
    if move.count():
        ticked = page.get_by_test_id("stCheckbox").get_by_role("checkbox", checked=True)
        expect(move).to_contain_text(f" {ticked.count()} ")
    settle(page)


def checkbox(page: Page, answer: str, checked: bool | None = None) -> Locator:
    """The checkbox of an answer, found by the label that one sees; only one that is so."""
    label = re.compile(rf"^{re.escape(answer)}( ·|$)")
    boxes = page.get_by_test_id("stCheckbox").filter(has_text=label)
    return boxes.get_by_role("checkbox", checked=checked)


def pick(page: Page, key: str, option: str) -> None:
    """Choose in a list, which would close again if the page scrolled after it was opened."""
    field_ = page.locator(f".st-key-{key} input")
    field_.evaluate(_BRING_INTO_VIEW)
    field_.click()
    page.get_by_role("option", name=option, exact=True).click()
    settle(page)


_BRING_INTO_VIEW = """each => new Promise(done => {
  each.scrollIntoView({block: 'center', behavior: 'instant'});
  requestAnimationFrame(() => requestAnimationFrame(done));
})"""


def shown(page: Page) -> list[str]:
    """Every piece of text on the page, grids and placeholders too; not the names of icons.

    Nor the word joiners, which nobody sees.
    """
    found: list[str] = page.evaluate(_SHOWN)
    return found


_SHOWN = """() => {
  const found = [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const unseen = '[data-testid=stIconMaterial], [role=img], style, script, noscript, '
    + '[data-testid=stFileUploaderDropzoneInstructions]';  // in English, so style.css hides it
  while (walker.nextNode()) {
    const within = walker.currentNode.parentElement;
    if (!within.closest(unseen))
      found.push(walker.currentNode.data.trim());
  }
  for (const name of ['placeholder', 'alt'])
    for (const each of document.querySelectorAll(`[${name}]`)) found.push(each.getAttribute(name));
  return found.map(each => each.replaceAll('\\u2060', '')).filter(Boolean);
}"""
