"""The ways to start the app, other than the `coder app` that all browser tests use."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from coder.i18n import load_texts
from tests.browser.running import App, coder_app, free_port, give_name, running, told

pytestmark = pytest.mark.browser

TEXTS = load_texts("da")


def test_streamlit_runs_the_script(
    made: Path, browser: Browser, checkout: Path, tmp_path: Path, watch: Callable[[App], App]
) -> None:
    study, port = Path(shutil.copy(made, tmp_path / "study.db")), free_port()
    options = ["--server.headless=true", f"--server.port={port}"]
    command = [sys.executable, "-m", "streamlit", "run", "app_streamlit.py", *options]
    log = tmp_path / "server.log"
    with running(command, port, checkout, log, CODER_STUDY=str(study)) as url:
        app = watch(App(url, study, browser))
        page = app.open("candidates")
        give_name(page, "Anna")
        page.locator(".st-key-confirm button").click()
        told(page, "er nu en kategori")
        assert app.decisions() == ["AddCoder", "ConfirmProposal"]
        app.close()
    assert "http://127.0.0.1" in log.read_text("utf-8")
    assert "External URL" not in log.read_text("utf-8")


def test_a_study_that_is_not_there_is_told_in_a_sentence(tmp_path: Path) -> None:
    missing = tmp_path / "none.db"
    done = subprocess.run(coder_app(missing, free_port()), capture_output=True, text=True)
    assert done.returncode == 1
    assert TEXTS("study.missing", path=missing) in done.stderr
    assert not missing.exists()


def test_an_app_that_does_not_run_does_not_say_so(tmp_path: Path) -> None:
    command = coder_app(tmp_path / "none.db", free_port())
    done = subprocess.run(command, capture_output=True, text=True)
    assert "http://" not in done.stderr
