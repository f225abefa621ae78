"""The pictures of the manual and the README, of a study on which some sensible work was done.

With CODER_PICTURES=1 they are written to docs/pictures, with the proposals of the default
encoder if its weights are at hand; otherwise to a temporary folder, with those of the fake one.
"""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from coder.demo import make_demo
from coder.i18n import LANGUAGES, Language, Texts, load_texts
from coder.model import (
    ApplyCode,
    ConfirmProposal,
    CreateCode,
    MarkAnswers,
    MergeCodes,
    MoveCode,
    Proposal,
    ReviseCode,
    SplitCode,
    SplitPart,
)
from coder.study import Study, read_questionnaire
from tests.browser.running import App, settle

pytestmark = pytest.mark.browser

WANTED = os.environ.get("CODER_PICTURES") == "1"
NAMES = (
    "overview", "review", "candidates", "map", "groups", "desk", "grid", "codebook", "genealogy",
    "log", "frequencies", "compare", "score", "joint", "across", "sheets", "export", "import",
)  # fmt: skip
# By the name in the expert's file: what Anna calls the category.
CATEGORIES = {
    "Digitale opfølgningssamtaler i jobcentre": "Samtaler på skærm",
    "Digital genoptræning": "Genoptræning på skærm",
    "Kompenserende kontakt (fx gåture)": "Ud i det fri",
}


@pytest.fixture(scope="module")
def app(
    checkout: Path,
    made: Path,
    tmp_path_factory: pytest.TempPathFactory,
    serve: Callable[[Path], App],
) -> App:
    folder = tmp_path_factory.mktemp("worked")
    if WANTED and (checkout / "models" / "multilingual-e5-small").is_dir():
        study = make_demo(folder)
        study.propose()
    else:
        study = Study.open(Path(shutil.copy(made, folder / "demo.db")))
    work(study, checkout / "data" / "expert.csv")
    return serve(study.path)


def work(study: Study, expert: Path) -> None:
    """Three categories from proposals, one renamed, one split, one merged, one under another."""
    with expert.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file, delimiter=";")
        meant = {row["answer"]: row["category_label"] for row in rows}
    anna, codes = study.coder("Anna"), dict(zip(CATEGORIES, "abc", strict=True))
    left: list[Proposal] = list(study.proposals() or ())
    for label, code in codes.items():
        best = max(left, key=lambda each: sum(meant[a] == label for a in each.answers))
        left.remove(best)
        answers = tuple(a for a in best.answers if meant[a] == label) or best.answers[:4]
        study.decide(anna, ConfirmProposal(code, CATEGORIES[label], answers, best.id, "e5"))
    told = "Samtaler, der før blev holdt på et kontor, foregår på skærm eller i telefon."
    study.decide(anna, ReviseCode("a", definition=told, colour="#0b6e6e"))
    study.decide(anna, ReviseCode("a", "Samtaler på afstand"), why="Telefon er også med")
    study.decide(anna, CreateCode("d", "Naturen", "Alt, der flyttede udenfor."))
    study.decide(anna, MergeCodes("d", "c"), why="Det samme som »Ud i det fri«")
    moved = tuple(study.state.answers_of("b")[:2])
    split = SplitCode("b", (SplitPart("e", "Træning i små hold", moved),))
    study.decide(anna, split, why="To måder at gøre det på")
    study.decide(anna, MoveCode("e", "b"))
    study.decide(anna, MarkAnswers(tuple(study.state.answers_of("c")[:3]), "quote"))


@pytest.fixture(scope="module")
def folder(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return checkout / "docs" / "pictures" if WANTED else tmp_path_factory.mktemp("pictures")


def picture(page: Page, folder: Path, name: str) -> None:
    settle(page)
    page.mouse.move(680, 5)
    page.get_by_test_id("stMain").evaluate("main => main.scrollTo({top: 0, behavior: 'instant'})")
    page.screenshot(path=folder / f"{name}.png")


# What only tries them out does so in one language.
@pytest.mark.parametrize("language", LANGUAGES if WANTED else LANGUAGES[:1])
def test_pictures(
    app: App, watch: Callable[[App], App], folder: Path, checkout: Path, language: Language
) -> None:
    app, texts, mine = watch(app), load_texts(language), folder / language
    mine.mkdir(parents=True, exist_ok=True)
    query = {"coder": "Anna", "lang": language}
    for name, (path, extra, ready) in still(texts).items():
        page = app.open(path, **query, **extra)
        expect(page.locator(ready).first).to_be_visible()
        picture(page, mine, name)
        page.close()
    page = app.open("candidates", **query)
    page.get_by_role("tab", name=texts("candidates.on_map")).click()
    expect(page.locator(".st-key-answer_map .plotly").first).to_be_visible()
    picture(page, mine, "map")
    page = app.open("codebook", **query)
    page.locator(".st-key-codebook_view").get_by_text(texts("codebook.view_history")).click()
    expect(page.get_by_role("img").last).to_be_visible()
    picture(page, mine, "genealogy")
    page = app.open("import", **query)
    page.locator("input[type=file]").first.set_input_files(checkout / "data" / "demo.xlsx")
    expect(page.get_by_text(texts("importing.understood"))).to_be_visible()
    expect(page.get_by_test_id("data-grid-canvas").last).to_be_visible()
    picture(page, mine, "import")
    assert {each.stem for each in mine.glob("*.png")} - {"waves"} == set(NAMES)


@pytest.fixture(scope="module")
def repeated(
    app: App, checkout: Path, tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], App]
) -> App:
    """The study as the second of two waves; the first has a third of the respondents."""
    folder, data = tmp_path_factory.mktemp("repeated"), checkout / "data"
    later = Study.open(Path(shutil.copy(app.study_file, folder / "2021.db")))
    rows = pd.read_csv(data / "demo.csv", sep=";", dtype=str, keep_default_na=False)
    rows.iloc[::3].to_csv(folder / "2020.csv", sep=";", index=False)
    form = read_questionnaire(data / "questionnaire.yaml")
    earlier = Study.create(folder / "2020.db", folder / "2020.csv", form)
    anna, there = earlier.coder("Anna"), set(earlier.survey.answers.index)
    meant = pd.read_csv(data / "expert.csv", sep=";", encoding="utf-8-sig")
    for code, (label, name) in zip("abc", CATEGORIES.items(), strict=True):
        answers = meant.loc[meant["category_label"] == label, "answer"]
        earlier.decide(anna, CreateCode(code, name))
        earlier.decide(anna, ApplyCode(code, tuple(sorted(there & set(answers)))))
    later.follow(earlier, "Anna", ("2020", "2021"))
    return serve(later.path)


@pytest.mark.parametrize("language", LANGUAGES)
def test_picture_of_a_survey_that_is_repeated(
    repeated: App, watch: Callable[[App], App], folder: Path, language: Language
) -> None:
    mine = folder / language
    mine.mkdir(parents=True, exist_ok=True)
    page = watch(repeated).open("waves", coder="Anna", lang=language, tour="off")
    expect(page.locator(".st-key-figure-trend").first).to_be_visible()
    picture(page, mine, "waves")


def still(texts: Texts) -> dict[str, tuple[str, dict[str, str], str]]:
    """The pages that need no more than an address: it, and what stands there when it is drawn."""
    return {
        "overview": ("", {"tour": "off"}, ".st-key-next_step"),
        "review": ("review", {}, ".st-key-replace_all"),
        "candidates": ("candidates", {}, ".st-key-confirm"),
        "groups": ("coding", {"by": "groups"}, ".st-key-turn_head"),
        "desk": ("coding", {}, "[data-ready='1']"),
        "grid": ("grid", {}, "[data-testid=data-grid-canvas]"),
        "codebook": ("codebook", {}, ".st-key-codebook_code"),
        "log": ("log", {}, ".st-key-undo_this"),
        "frequencies": ("frequencies", {}, "[data-testid=data-grid-canvas]"),
        "compare": ("compare", {}, "[data-testid=data-grid-canvas]"),
        "score": ("score", {}, "[data-testid=data-grid-canvas]"),
        "joint": ("joint", {}, "[data-testid=data-grid-canvas]"),
        "across": ("across", {}, ".st-key-figure-quadrants"),
        "sheets": ("sheets", {"tour": "off"}, "[class*=st-key-cite-]"),
        "export": ("export", {"tour": "off"}, "[class*=st-key-exporting_form]"),
    }
