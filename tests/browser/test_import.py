"""A file becomes a study in the browser: what was understood is shown, then it is stored."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from coder.i18n import load_texts
from coder.model import CreateCode
from coder.study import Study
from tests.browser.running import App, go, refused, settle, shown, told

pytestmark = pytest.mark.browser

TEXTS = load_texts("da")
SMALL = """id;koen;fortael
1;1;Vi holdt samtaler på skærm i jobcentret, og det virkede godt
2;2;Vi gik ture med de ældre i haven og sang for dem hver dag
3;1;Vi flyttede undervisningen ud i skoven hele foråret
4;2;Vi delte medarbejderne i faste hold, som ikke mødtes
"""


def payload(name: str, text: str) -> FilePayload:
    return {"name": name, "mimeType": "text/csv", "buffer": text.encode()}


def upload(page: Page, file: Path | FilePayload, use: str = "files") -> None:
    """Give the page a file, and wait until it has been taken in."""
    chooser = page.locator(f".st-key-{use}").get_by_test_id("stFileUploaderDropzoneInput")
    chooser.set_input_files(file)
    name = file.name if isinstance(file, Path) else file["name"]
    expect(page.locator(f".st-key-{use}").get_by_text(name, exact=True)).to_be_visible()
    if use == "files":
        expect(page.get_by_text(TEXTS("importing.start"))).to_have_count(0)
    settle(page)


def store(page: Page, name: str) -> None:
    field = page.locator('[class*="st-key-study_name"] input')
    field.fill(name)
    field.press("Enter")
    settle(page)
    page.locator(".st-key-import button").click()


def files(app: App) -> dict[Path, int]:
    """Every study in and beside the server's folder, with sizes; not the daily backups of them."""
    folder = app.study_file.parent.parent
    studies = (each for each in folder.rglob("*.db*") if each.parent.suffix != ".backups")
    return {each: each.stat().st_size for each in studies if each.is_file()}


def new_files(app: App, before: Mapping[Path, int]) -> set[str]:
    """What came since, below the server's folder."""
    return {str(each.relative_to(app.study_file.parent)) for each in files(app).keys() - before}


def kinds(page: Page) -> dict[str, str]:
    """The table of questions as far as it is drawn: name and kind."""
    grid = page.locator('[class*="st-key-questions"]').get_by_test_id("data-grid-canvas")
    expect(grid.get_by_test_id("glide-cell-0-0")).to_be_attached()
    rows = [row.locator("td").all_text_contents() for row in grid.locator("tbody tr").all()]
    return {row[0]: row[1] for row in rows}


def test_what_was_understood_is_shown_before_anything_is_stored(app: App, checkout: Path) -> None:
    before = files(app)
    page = app.open("import", coder="Anna")
    expect(page.get_by_text(TEXTS("importing.start"))).to_be_visible()
    upload(page, checkout / "data" / "demo.csv")
    size = TEXTS("importing.size", rows="556", columns=180)
    expect(page.get_by_text(f"demo.csv · {size}")).to_be_visible()
    guessed = kinds(page)
    assert guessed["id"] == TEXTS("kind.id")
    assert guessed["q01"] == TEXTS("kind.single")
    assert guessed["q04"] == TEXTS("kind.multiple")
    expect(page.locator(".st-key-import button")).to_be_enabled()
    assert new_files(app, before) == set()


def test_the_demo_with_its_questionnaire_becomes_a_study(app: App, checkout: Path) -> None:
    page = app.open("import", coder="Anna")
    page.get_by_text(TEXTS("importing.more")).click()
    upload(page, checkout / "data" / "questionnaire.yaml", "form")
    upload(page, checkout / "data" / "recipe.yaml", "recipe")
    upload(page, checkout / "data" / "demo.csv")
    before = files(app)
    store(page, "Ny undersøgelse")
    told(page, TEXTS("importing.done", name="Ny undersøgelse"))
    assert new_files(app, before) == {"Ny-undersøgelse.db"}
    study = Study.open(app.study_file.with_name("Ny-undersøgelse.db"))
    assert study.recipe() is not None
    came_in = page.locator(".st-key-counts_came_in").get_by_test_id("stMetricValue")
    for _ in range(2):
        expect(came_in).to_have_text(["556", "296", "160", "174"])
        assert "study=Ny" in page.url
        page.reload()
        settle(page)
    go(page, "Kategoriforslag")
    expect(page.get_by_text(TEXTS("candidates.none"))).to_be_visible()
    page = app.open("import", coder="Anna")
    upload(page, payload("lille.csv", SMALL))
    store(page, "Ny undersøgelse")
    expect(page.get_by_text(TEXTS("study.exists", path=study.path))).to_be_visible()


def test_a_wrong_file_is_refused_in_a_sentence(app: App) -> None:
    before = files(app)
    page = app.open("import", coder="Anna")
    upload(page, payload("ikke-excel.xlsx", "dette er ikke en projektmappe"))
    expect(page.get_by_test_id("stAlert")).to_have_count(1)
    expect(page.get_by_test_id("stAlert")).to_contain_text("ikke-excel.xlsx")
    expect(page.locator(".st-key-import")).to_have_count(0)
    assert new_files(app, before) == set()


def test_a_wrong_questionnaire_is_refused_where_one_sees_it(app: App) -> None:
    page = app.open("import", coder="Anna")
    upload(page, payload("lille.csv", SMALL))
    page.get_by_text(TEXTS("importing.yaml"), exact=True).first.click()
    text = page.locator('[class*="st-key-yaml"] textarea')
    text.fill("questions: nej")
    text.press("Control+Enter")
    settle(page)
    page.locator(".st-key-use_yaml button").click()
    refused(page, TEXTS("yaml.not_list", place="questionnaire.questions"))
    expect(text).to_have_value("questions: nej")
    expect(text).to_be_visible()
    expect(page.locator(".st-key-import button")).to_be_enabled()


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("../x", {"x.db"}),
        ("/tmp/coder/absolut", {"tmp-coder-absolut.db"}),
        ("..\\..\\bag", {"bag.db"}),
        ("..", set()),
        ("", set()),
    ],
)
def test_no_study_is_made_outside_the_folder(app: App, name: str, stored: set[str]) -> None:
    page = app.open("import", coder="Anna")
    upload(page, payload("lille.csv", SMALL))
    before = files(app)
    store(page, name)
    if stored:
        told(page, TEXTS("importing.done", name=name))
    else:
        expect(page.get_by_text(TEXTS("import.no_name", name=name))).to_be_visible()
    assert new_files(app, before) == stored


def test_no_study_is_opened_outside_the_folder(app: App) -> None:
    """Here is a study beside the folder; the server shows its own instead."""
    outside = app.study_file.parent.parent / "udenfor.db"
    outside.write_bytes(app.study_file.read_bytes())
    study = Study.open(outside)
    study.decide(study.coder("Bo"), CreateCode("c", "Udenfor"))
    for name in ("../udenfor", "../udenfor.db", str(outside)):
        texts = shown(app.open("codebook", study=name))
        assert TEXTS("page.codebook.title") in texts
        assert "Udenfor (0)" not in texts


def test_the_name_of_a_file_is_text(app: App) -> None:
    page = app.open("import", coder="Anna")
    name = "<img src=x>.csv"
    upload(page, payload(name, SMALL))
    assert any(text.startswith(f"{name} · ") for text in shown(page))
    expect(page.locator("img[src=x]")).to_have_count(0)
    page.locator(".st-key-import button").click()
    told(page, TEXTS("importing.done", name="<img src=x>"))
    expect(page.locator("img[src=x]")).to_have_count(0)
    assert any("<img src=x>" in text for text in shown(page))
