"""The study that the browser tests work on, the browser, and the running app."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from coder.demo import apply_expert, make_demo
from coder.model import ApplyCode, CreateCode
from coder.study import Study
from tests.browser.running import WAIT, App, coder_app, free_port, running
from tools.install_browser import FLAGS, browser_path

_SHOTS = Path(__file__).parent / "shots"
_FAILED = pytest.StashKey[bool]()

expect.set_options(timeout=WAIT)

Serve = Callable[[Path], App]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Remember on the test whether it failed, for the screenshots."""
    report = yield
    if report.when == "call":
        item.stash[_FAILED] = report.failed
    return report


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium: the one that CHROMIUM names, or the first on the PATH."""
    path = browser_path()
    if path is None:
        pytest.fail("There is no Chromium: run `python -m tools.install_browser`.", pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo study with proposals, to be copied."""
    folder = tmp_path_factory.mktemp("made")
    study = make_demo(folder)
    study.propose(encoder="fake")
    return study.path


@pytest.fixture(scope="session")
def made_coded(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo study with proposals and the expert's categories, to be copied."""
    path = Path(shutil.copy(made, tmp_path_factory.mktemp("coded") / "demo.db"))
    apply_expert(Study.open(path), made.parent / "expert.csv")
    return path


@pytest.fixture(scope="session")
def made_begun(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo study with proposals, and some answers coded by Anna, to be copied."""
    path = Path(shutil.copy(made, tmp_path_factory.mktemp("begun") / "demo.db"))
    study = Study.open(path)
    coder, answers = study.coder("Anna"), list(study.survey.answers.index)
    for no, label in enumerate(("Samtaler på skærm", "Ude i det fri")):
        study.decide(coder, CreateCode(label, label))
        study.decide(coder, ApplyCode(label, tuple(answers[no * 9 : no * 9 + 9])))
    return path


@pytest.fixture(scope="module")
def serve(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Start `coder app` on a copy of a study; it runs until the module's tests are done."""
    with ExitStack() as servers:
        yield lambda study: _start(study, tmp_path_factory.mktemp("app"), browser, servers)


@pytest.fixture(scope="module")
def shared(made: Path, serve: Serve) -> App:
    """The server of all tests of a module that make decisions."""
    return serve(made)


@pytest.fixture
def app(shared: App, made: Path, browser: Browser, watch: Callable[[App], App]) -> App:
    """The app on a fresh copy of the made study, for a test that makes decisions.

    The copy stands beside the server's own study and is named in the address.
    """
    name = f"own-{uuid.uuid4()}"
    study = Path(shutil.copy(made, shared.study_file.with_name(f"{name}.db")))
    return watch(App(shared.url, study, browser, {"study": name}, shared.profiles))


@pytest.fixture
def watch(request: pytest.FixtureRequest) -> Iterator[Callable[[App], App]]:
    """Look after the pages that a test opens in an app: see below what must not happen there."""
    watched: list[App] = []

    def begin(app: App) -> App:
        watched.append(app)
        return app

    yield begin
    failed = request.node.stash.get(_FAILED, True)
    troubles = [each for app in watched for each in _close(app, request.node.name, failed)]
    assert not troubles, "\n".join(troubles)


def _start(study: Path, folder: Path, browser: Browser, servers: ExitStack) -> App:
    own = Path(shutil.copy(study, folder / "study.db"))
    port = free_port()
    server = running(coder_app(own, port), port, folder, folder / "server.log")
    app = App(servers.enter_context(server), own, browser)
    servers.callback(app.close)
    return app


def _close(app: App, test: str, failed: bool) -> list[str]:
    """Close all pages, after a picture of each if the test failed; what went wrong in them."""
    for no, page in enumerate(app.pages):
        if failed:
            _SHOTS.mkdir(exist_ok=True)
            page.screenshot(path=_SHOTS / f"{test}-{no}.png", full_page=True)
        page.close()
    troubles = app.troubles[:]
    app.pages.clear()
    app.troubles.clear()
    return troubles
