"""Coming in, in a real browser: by the link, by signing in, and as what one is there."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from playwright.sync_api import Browser, Page, expect

from coder.accounts import Accounts
from coder.i18n import load_texts
from coder.model import SetRole
from coder.study import Study
from coder.ui.open_browser import leading_to
from tests.browser.running import TOKEN, WAIT, coder_app, free_port, running, settle, told

pytestmark = pytest.mark.browser

DA, EN = load_texts("da"), load_texts("en")
PASSWORD = "correct horse battery staple"


def fresh(browser: Browser, locale: str = "da-DK") -> Page:
    page = browser.new_context(locale=locale).new_page()
    page.set_default_timeout(WAIT)
    return page


def test_the_link_opens_the_app_and_the_bare_address_tells_where_it_is(
    made: Path, browser: Browser, tmp_path: Path
) -> None:
    study, port = Path(shutil.copy(made, tmp_path / "study.db")), free_port()
    log = tmp_path / "server.log"
    with running(coder_app(study, port), port, tmp_path, log) as url:
        page = fresh(browser)
        answer = page.goto(f"{url}/codebook")
        assert answer is not None
        assert answer.status == 403
        expect(page.get_by_role("alert")).to_have_text(DA("gate.no_token"))
        page.get_by_role("link", name="English").click()
        expect(page.get_by_role("alert")).to_have_text(EN("gate.no_token"))
        # What a browser is started with: a file that leads on, which is another site to it.
        opened = leading_to(f"{url}/codebook?lang=en&token={TOKEN}", tmp_path)
        page.goto(opened.as_uri())
        page.wait_for_url(f"{url}/codebook?lang=en")
        settle(page)
        expect(page.get_by_role("heading", level=1)).to_have_text(EN("page.codebook.title"))
        page.reload()
        settle(page)
        page.context.close()
    assert f"{url}/?token={TOKEN}" in log.read_text("utf-8")


def test_one_signs_in_works_under_ones_own_name_and_signs_out(
    made: Path, browser: Browser, tmp_path: Path
) -> None:
    study, port = Path(shutil.copy(made, tmp_path / "study.db")), free_port()
    accounts = Accounts(tmp_path / "accounts.json", PasswordHasher(1, 8, 1))
    for name in ("Lea", "Rita"):
        accounts.add(name, PASSWORD)
    whole = Study.open(study)
    lead, reader = whole.coder("Lea"), whole.coder("Rita")
    whole.decide(lead, SetRole(reader, "reader"))
    command = [*coder_app(study, port), "--sign-in=accounts"]
    log = tmp_path / "server.log"
    with running(command, port, tmp_path, log, CODER_ACCOUNTS=str(accounts.file)) as url:
        page = fresh(browser)
        page.goto(f"{url}/candidates?coder=Rita")
        _sign_in(page, "lea", "a wrong password")
        expect(page.get_by_role("alert")).to_have_text(DA("gate.wrong_password"))
        _sign_in(page, "lea", PASSWORD)
        settle(page)
        expect(page.get_by_role("heading", level=1)).to_have_text(DA("page.candidates.title"))
        expect(page.locator(".st-key-coder_name")).to_have_count(0)
        page.locator(".st-key-confirm button").click()
        told(page, "er nu en kategori")
        assert Study.open(study).state.log[-1].coder == lead
        page.get_by_role("link", name=DA("gate.out_button")).click()
        page.get_by_role("button", name=DA("gate.out_button")).click()
        page.goto(f"{url}/review")
        _sign_in(page, "Rita", PASSWORD)
        settle(page)
        expect(page.get_by_text(DA("ui.not_for_role"))).to_be_visible()
        menu = page.get_by_test_id("stSidebarNav").get_by_role("link")
        there = (
            "overview", "codebook", "frequencies", "compare", "score", "joint", "across", "sheets",
            "waves", "export",
        )  # fmt: skip
        links, names = menu.all_inner_texts(), [DA(f"page.{name}.title") for name in there]
        assert len(links) == len(names)  # before each stands the name of its icon
        assert all(link.endswith(name) for link, name in zip(links, names, strict=True))
        page.context.close()


def test_streamlit_run_serves_nobody_elsewhere(
    made: Path, browser: Browser, checkout: Path, tmp_path: Path
) -> None:
    port = free_port()
    options = ["--server.headless=true", f"--server.port={port}", "--server.address=0.0.0.0"]
    command = [sys.executable, "-m", "streamlit", "run", "app_streamlit.py", *options]
    log = tmp_path / "server.log"
    with running(command, port, checkout, log, CODER_STUDY=str(made)) as url:
        page = fresh(browser)
        page.goto(url)
        expect(page.get_by_text(DA("gate.streamlit_elsewhere"))).to_be_visible()
        page.context.close()


def _sign_in(page: Page, name: str, password: str) -> None:
    page.get_by_label(DA("gate.sign_in_name")).fill(name)
    page.get_by_label(DA("gate.sign_in_password")).fill(password)
    page.get_by_role("button").click()
