"""What people wrote is text: shown as it stands, never read as Markdown, HTML or a formula.

Tried without the policy that `coder app` sends: that is a second wall, and who starts the pages
with `streamlit run` has only the first.
"""

from __future__ import annotations

import csv
import re
import shutil
import uuid
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from coder.i18n import load_texts
from coder.model import (
    ApplyCode,
    CodeSegment,
    CreateCode,
    MarkAnswers,
    ReviseCode,
    WriteMemo,
)
from coder.study import Study, read_questionnaire
from coder.ui.headers import safe_headers
from tests.browser.running import (
    PAGES,
    TOKEN,
    App,
    give_name,
    key_to,
    read_answers,
    refused,
    settle,
    shown,
    views,
)

pytestmark = pytest.mark.browser

TEXTS = load_texts("da")
TAKE = "window.takenOver=1"  # what every script here would do
ANSWERS = (
    f'<img src=x onerror="{TAKE}"> billedet',
    "**fed** og _kursiv_ skrift",
    "![kat](//elsewhere.example/kat.png) billedet",
    ":red[rød] skrift :material/home: :smile:",
    "prisen er $a$ og $b$ kroner",
    f"<script>{TAKE}</script> skrift",
    f"<svg onload={TAKE}><style>*{{display:none}}</style> billedet",
    f'<iframe srcdoc="<script>parent.{TAKE[7:]}</script>"></iframe> skrift',
    f"[henvisning](//elsewhere.example/) [og](javascript:{TAKE}) til kroner",
    "# overskrift\n- punkt\n\n> citat",
    "&lt;b&gt;fed&lt;/b&gt; &amp;amp; &#x2764; skrift",
    "%{customdata[0]} %{x:.2f} <br><a href='//elsewhere.example/'>kroner</a>",
    "datum.x ${alert(1)} {{constructor}} skrift",
    '=HYPERLINK("//elsewhere.example/";"kroner")',
    "+cmd|' /C calc'!A0 kroner",
    "@SUM(1+9)*cmd|' /C calc'!A0 kroner",
    "-2+3+cmd|' /C calc'!A0 kroner",
)
LATER = f"<b>senere</b> ![](//elsewhere.example/l.png) <img src=x onerror={TAKE}> =1+1"
DEFINITION = f"<i>om</i> **alt** ![](//elsewhere.example/d.png) <img src=x onerror={TAKE}> =2+2"
MEMO = f"<u>note</u> **min** ![](//elsewhere.example/m.png) <img src=x onerror={TAKE}> =3+3"
TITLE = "**Titel** ![](//elsewhere.example/t.png) :red[x]"
PLACE = "**Ribe** ![](//elsewhere.example/r.png) <b>$a$ $b$</b>"
FILE = f"=1+1 **fil** <img src=x onerror={TAKE}> :red[x] $a$ $b$"
ORDINARY = "Børn & Unge: Nr. Aaby-Ejby (afd. 1_b, < 10 km)"  # has signs, but nothing of Markdown
OPTION = "<b>ja</b> & **tak** ![](//elsewhere.example/o.png)"
NAME = "**Anna** ![](//elsewhere.example/n.png) :red[x] $a$ $b$"
LABEL = ":blue[Ny] *kategori* <u>x</u> $a$ $b$ ![](//elsewhere.example/k.png)"
QUESTIONNAIRE = f"""
title: '{TITLE}'
language: da
organisation: sted
cases: {{questions: [tekst]}}
questions:
  - {{name: id, kind: id, label: Id}}
  - {{name: sted, kind: background, label: Sted}}
  - name: ja
    kind: single
    label: '{OPTION}'
    options: [{{code: 1, label: '{OPTION}'}}, {{code: 2, label: Nej}}]
  - name: m
    kind: matrix
    label: Flere
    items: [{{name: m1, label: '{OPTION}'}}]
    options: [{{code: 1, label: '{OPTION}'}}, {{code: 2, label: Nej}}]
  - {{name: tekst, kind: open, label: Fortæl, elaboration: mere}}
"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study in which every text that comes from a file would do harm as Markdown or HTML."""
    folder = tmp_path_factory.mktemp("hostile")
    questionnaire = folder / "questionnaire.yaml"
    questionnaire.write_text(QUESTIONNAIRE, "utf-8")
    with (folder / "survey.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "sted", "ja", "m1", "tekst", "mere"])
        places = [PLACE] * (len(ANSWERS) - 1) + [ORDINARY]
        rows.writerows(
            [f"R{no:02}", place, "1", "1", text, LATER]
            for no, (place, text) in enumerate(zip(places, ANSWERS, strict=True))
        )
    questions = read_questionnaire(questionnaire)
    study = Study.create(folder / "study.db", folder / "survey.csv", questions)
    study.propose(2, encoder="fake")
    coder = study.coder(NAME)
    answers = tuple(study.survey.answers.index)
    study.decide(coder, CreateCode("c1", LABEL, DEFINITION))
    study.decide(coder, ReviseCode("c1", include=DEFINITION, exclude=DEFINITION, memo=MEMO))
    study.decide(coder, ReviseCode("c1", examples=answers[:3]), why=MEMO)
    study.decide(coder, WriteMemo(answers[1], MEMO))
    study.decide(coder, MarkAnswers(answers[:3], "quote"))
    study.decide(coder, CodeSegment("c1", answers[0], 0, 8))
    study.decide(coder, ApplyCode("c1", answers[1:]))
    return study.path


@pytest.fixture(scope="module")
def server(hostile: Path, serve: Callable[[Path], App]) -> App:
    """The app on that study, with another beside it that has a bad name."""
    app = serve(hostile)
    shutil.copy(hostile, app.study_file.with_name(f"{FILE}.db"))
    return app


@pytest.fixture
def app(server: App, watch: Callable[[App], App]) -> App:
    return watch(server)


@pytest.fixture
def unguarded(server: App, watch: Callable[[App], App], browser: Browser) -> App:
    """The same in a browser that takes no notice of the policy."""
    profile = browser.new_context(locale="da-DK", reduced_motion="reduce", bypass_csp=True)
    profile.add_cookies([key_to(server.url)])  # type: ignore[list-item]
    return watch(App(server.url, server.study_file, browser, profiles=[profile]))


def assert_nothing_was_read_as_markup(page: Page) -> None:
    """Nothing but our own texts makes elements: no picture, formula, link or bold word."""
    assert page.evaluate("() => window.takenOver === undefined")
    expect(page).to_have_title(re.compile(r"^[^<>]+ – Coder$"))
    main = page.get_by_test_id("stApp")
    for made in _MADE:
        expect(main.locator(made)).to_have_count(0)
    marked = set(main.locator("strong, b, em, i").all_text_contents())
    counts = {each for each in marked if re.fullmatch(r"Gruppe \d+: \d+ svar|\d+ sag(er)?", each)}
    assert marked - counts <= {TEXTS("overview.next"), TEXTS("categories.uncoded")}
    colours = main.locator('[class*="stMarkdownColoredText"], .stMarkdownColoredText')
    expect(colours).to_have_count(0)


# What the texts above would make if they were read: with "elsewhere" in it, or otherwise theirs.
_MADE = (
    "img[src=x]",
    "img[src^=http]:not([src*='127.0.0.1'])",
    # Our own links may have a name in what stands behind their question mark.
    "[href*='//elsewhere'], [href^='http:']:not([href*='127.0.0.1']), [src*=elsewhere]",
    "[href^='javascript:']",
    "script, iframe, [onload], [onerror]",
    ".katex, u, blockquote",
)


@pytest.mark.parametrize("path", PAGES)
def test_no_page_reads_markup(unguarded: App, path: str) -> None:
    for view in views(unguarded.open(path, coder=NAME)):
        assert_nothing_was_read_as_markup(view)


def test_the_wall_behind_the_first(app: App, unguarded: App) -> None:
    """That the marks above would be seen, and that the policy stops what gets past us."""
    inserted = f"""() => {{
      const img = document.createElement('img');
      img.setAttribute('onerror', "{TAKE}");
      document.querySelector('main').append(img);
      return new Promise(done => {{
        img.addEventListener('error', () => done(window.takenOver));
        img.src = 'data:,';
      }});
    }}"""
    assert unguarded.open("log").evaluate(inserted) == 1
    page = app.open("log")
    assert page.evaluate(inserted) is None
    assert [each for each in app.troubles if "Content Security Policy" in each]
    app.troubles.clear()


def test_answers_and_places_are_shown_as_written(app: App) -> None:
    page = app.open("codebook", coder=NAME)
    texts = shown(page)
    read_answers(page)
    texts += shown(page)
    assert {*ANSWERS, LATER, DEFINITION} <= set(texts)
    assert f"R00 · {PLACE}" in texts
    assert LABEL in texts
    assert f"{LABEL} ({len(ANSWERS)})" in texts


def test_names_are_shown_as_written(app: App) -> None:
    page = app.open("", coder=NAME)
    texts = shown(page)
    assert TITLE in texts
    answers = TEXTS("ui.answers_count", count=len(ANSWERS) - 1)
    last = TEXTS("decision.long.ApplyCode", answers=answers, code=LABEL)
    assert TEXTS("ui.last_decision", what=last) in texts
    assert [text for text in texts if last in text and "." in text[:4]]
    assert [text for text in shown(app.open("log", coder=NAME)) if NAME in text]


def test_messages_are_shown_as_written(app: App) -> None:
    page = app.open("codebook")
    give_name(page, f"En anden {NAME}")
    page.get_by_test_id("stPopoverButton").filter(has_text=TEXTS("categories.new")).click()
    page.locator('[class*="st-key-new_label"] input').fill(LABEL)
    page.get_by_role("button", name=TEXTS("categories.create")).click()
    refused(page, TEXTS("log.code_exists", label=LABEL))
    assert_nothing_was_read_as_markup(page)


def test_options_are_shown_as_written(app: App) -> None:
    page = app.open("frequencies")
    expect(page.get_by_test_id("glide-cell-1-0").last).to_have_text(OPTION)
    assert any(OPTION in text for text in shown(page))


def test_names_with_signs_are_shown_as_written(app: App) -> None:
    assert_lines_are_as_written(app, "#1", "1. a", ":smile:", "a | b", "a_b_c", "&amp; ~~a~~")


@pytest.mark.parametrize(
    "name",
    [
        "a -> b, a <- b",
        "a -- b",
        "3 >= 2, 2 <= 3",
        ":material/home:",
        "http://a.example/b",
        "www.a.example",
        "a@b.example",
    ],
)
def test_names_are_not_made_prettier(app: App, name: str) -> None:
    assert_lines_are_as_written(app, name)


def assert_lines_are_as_written(app: App, *names: str) -> None:
    """Categories with these names stand in the list of categories letter by letter."""
    study = app.study()
    for name in names:
        study.decide(study.coder(NAME), CreateCode(str(uuid.uuid4()), name))
    texts = shown(app.open("codebook", coder=NAME))
    assert {f"{name} (0)" for name in names} <= set(texts)


def test_ordinary_names_have_no_backslashes_for_screen_readers(app: App) -> None:
    """They are read the label before its Markdown is, so only what needs it has a backslash."""
    page = app.open("codebook", coder=NAME)
    read_answers(page)
    expect(page.get_by_role("checkbox").last).to_have_attribute("aria-label", f"R16 · {ORDINARY}")
    expect(page.get_by_test_id("stCheckbox").last).to_have_text(f"R16 · {ORDINARY}")


@pytest.mark.parametrize("path", ["/", "/joint", "/_stcore/health", "/static/none.js"])
def test_the_server_sends_the_policy_with_everything(app: App, path: str) -> None:
    headers = app.open("log").request.get(app.url + path).headers
    assert {name: headers.get(name) for name in safe_headers()} == safe_headers()


@pytest.mark.parametrize(("host", "status"), [("127.0.0.1", 101), ("elsewhere.example", 403)])
def test_a_page_elsewhere_is_not_taken_for_ours(app: App, host: str, status: int) -> None:
    """Its name may lead to this machine, so that browsers let it talk to the app."""
    server = urlsplit(app.url)
    headers = {
        "Host": f"{host}:{server.port}",
        "Origin": f"http://{host}:{server.port}",
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "MDEyMzQ1Njc4OWFiY2RlZg==",
        "Cookie": f"{key_to(app.url)['name']}={TOKEN}",
    }
    with closing(HTTPConnection(str(server.hostname), server.port)) as connection:
        connection.request("GET", "/_stcore/stream", headers=headers)
        assert connection.getresponse().status == status


# --- what comes in and goes out ----------------------------------------------------------------


def test_names_of_files_sheets_and_columns_are_shown_as_written(
    app: App, unguarded: App, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    sheet = f"<img src=x onerror={TAKE[7:]}>"
    for title in (sheet, "=1+1 `b` $a$ $b$ <u>"):
        rows = book.create_sheet(title)
        rows.append(["id", f"=1+1 <img src=x onerror={TAKE}>", "**b** ![](//elsewhere.example/k)"])
        for no, answer in enumerate(ANSWERS):
            rows.append([str(no + 1), "ja", None])
            rows.cell(no + 2, 3).value = answer
            rows.cell(no + 2, 3).data_type = "s"
    del book["Sheet"]
    file = tmp_path / f"{FILE}.xlsx"
    book.save(file)
    for each in (app, unguarded):
        page = each.open("import", coder=NAME)
        page.locator(".st-key-files input[type=file]").set_input_files(file)
        heading = page.get_by_role("heading", name=TEXTS("importing.understood"), exact=True)
        expect(heading).to_be_visible()
        settle(page)
        assert any(file.name in text for text in shown(page))
        for view in views(page):
            assert_nothing_was_read_as_markup(view)
        expect(page.locator(".st-key-sheet input")).to_have_value(sheet)


def test_a_bad_name_of_a_study_is_a_file_in_the_folder(app: App, checkout: Path) -> None:
    page = app.open("import", coder=NAME)
    files = page.locator(".st-key-files input[type=file]")
    files.set_input_files(checkout / "data" / "demo.csv")
    field = page.locator('[class*="st-key-study_name"] input')
    field.fill(f"../../{FILE}")
    field.press("Enter")
    settle(page)
    page.locator(".st-key-import button").click()
    expect(page.get_by_test_id("stMetric").first).to_be_visible()
    settle(page)
    assert_nothing_was_read_as_markup(page)
    made = {path.name for path in app.study_file.parent.glob("*.db")}
    assert "1-1-fil-img-src-x-onerror-window-takenOver-1-red-x-a-b.db" in made


def test_a_workbook_holds_everything_as_text(app: App, tmp_path: Path) -> None:
    book = tmp_path / "ud.xlsx"
    app.study().export(book, unpublished=True)
    cells = [
        cell
        for sheet in openpyxl.load_workbook(book)
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str)
    ]
    assert {cell.data_type for cell in cells} == {"s"}
    texts = {cell.value for cell in cells}
    assert {*ANSWERS, LATER, LABEL, DEFINITION} <= texts
    assert all(cell.quotePrefix for cell in cells if cell.value[0] in "=+-@")


def test_no_grid_offers_a_file_with_formulas(app: App) -> None:
    """Its CSV would hold answers unguarded, and a spreadsheet would run them."""
    page = app.open("joint", coder=NAME)
    page.get_by_test_id("stDataFrame").first.hover()
    expect(page.get_by_test_id("stElementToolbar").first).to_be_attached()
    expect(page.get_by_role("button", name="Download as CSV")).to_have_count(0)
