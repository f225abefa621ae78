"""The desk in the browser: coding with keys alone, and nothing that was not on the screen."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from coder.i18n import load_texts
from coder.model import (
    AcceptGroup,
    ApplyCode,
    CodeSegment,
    CreateCode,
    MarkAnswers,
    MergeCodes,
    MoveAnswers,
    SetStatus,
    Turn,
    UncodeSegment,
    Undo,
    WriteMemo,
)
from coder.study import Study
from coder.survey.questionnaire import parse_questionnaire
from tests.browser.desk import (
    LABELS,
    answer,
    given,
    is_ready,
    is_saved,
    open_desk,
    own,
    press,
    pressed,
    presses,
    remember_presses,
    shows,
    slot,
    with_codes,
)
from tests.browser.running import App, settle
from tests.browser.words import foreign_words

pytestmark = pytest.mark.browser

TEXTS = load_texts("da")
CODES = [f"c{no}" for no in range(len(LABELS))]


def word(name: str, **values: object) -> str:
    return TEXTS(f"desk.word.{name}", **values)


@pytest.fixture
def desk(app: App) -> Page:
    """The desk with twelve codes, none of them used: they stand in the codebook's order."""
    with_codes(app.study())
    return open_desk(app)


def begun(app: App) -> int:
    """The number of the last entry, before the test decides anything."""
    return app.study().state.no


# --- with keys alone ---------------------------------------------------------------------------


def test_twenty_answers_with_keys_alone(app: App, desk: Page) -> None:
    before = begun(app)
    remember_presses(desk)
    for no in range(20):
        press(desk, str(1 + no % 9), *("f" if no % 5 == 0 else ""), "Enter")
    is_saved(desk)
    found = [pressed(each, CODES) for each in own(app.study(), before)]
    # From the second answer on there are suggestions, so that places hold other codes.
    assert [shown for shown, _ in found] == [shown for shown, _ in presses(desk)]
    assert len({shown for shown, _ in found}) == 20
    expect(desk.locator("#far_text")).to_have_text(TEXTS("desk.how_far", done=20, total=174))
    expect(desk.locator("#saved")).to_contain_text(re.compile(r"^Gemt \d\d\.\d\d\.\d\d$"))


def test_a_hundred_presses_at_thirty_a_second(app: App, desk: Page) -> None:
    app.study().hold_out(0.99)  # no suggestions: each code has its key for good
    desk.reload()
    is_ready(desk)
    before = begun(app)
    remember_presses(desk)
    for no in range(100):
        desk.keyboard.press(("1", "5", "9", "f", "Enter")[no % 5], delay=33)
    is_saved(desk)
    found = [pressed(each, CODES) for each in own(app.study(), before)]
    assert found == presses(desk)
    assert len(found) == 100


def test_what_was_offered_is_kept_with_what_was_taken(app: App) -> None:
    study = app.study()
    anna = with_codes(study)
    first, *rest = study.order()
    for no, each in enumerate(rest[-24:]):
        study.decide(anna, ApplyCode(CODES[no % 12], (each,)))
    page = open_desk(app, order="imported", show="all")
    # The answer after the last decision is the first, the list being at its end.
    shows(page, first)
    (offer,) = study.suggestions((first,), anna)
    labels = [study.state.codes[code].label for code in offer.codes]
    for no, label in enumerate(labels, start=1):
        expect(slot(page, no)).to_contain_text(label)
    expect(slot(page, 1).locator(".chance")).to_have_text(re.compile(r"^\d+\s%$"))
    expect(slot(page, 10).locator(".chance")).to_have_count(0)
    press(page, "a")
    is_saved(page)
    turn = Turn((first,), None, offer.codes, (offer.chances[0],))
    assert own(study)[-1] == AcceptGroup(turn, offer.codes[0], (first,), (), "fake")
    # More was learnt, but nothing changes its place while the answer is on the screen.
    for no, label in enumerate(labels, start=1):
        expect(slot(page, no)).to_contain_text(label)


def test_shift_and_a_digit_on_a_danish_keyboard(app: App, desk: Page) -> None:
    first = answer(desk)
    cdp = desk.context.new_cdp_session(desk)
    values = {"key": '"', "code": "Digit2", "modifiers": 8, "windowsVirtualKeyCode": 50}
    cdp.send("Input.dispatchKeyEvent", {"type": "keyDown", "text": '"', **values})
    cdp.send("Input.dispatchKeyEvent", {"type": "keyUp", **values})
    expect(given(desk)).to_contain_text(LABELS[10])
    is_saved(desk)
    assert own(app.study())[-1] == AcceptGroup(Turn((first,)), "c10", (first,))


def test_every_act_has_its_key_and_its_decision(app: App, desk: Page) -> None:
    before, first = begun(app), answer(desk)
    press(desk, "2", "2", "f", "q", "f")
    expect(given(desk)).to_have_text([word("mark_quote")])
    press(desk, "m")
    desk.keyboard.type("Spørg Bo 1 2 u")
    press(desk, "Escape", "0")
    is_saved(desk)
    second = answer(desk)
    press(desk, "x")
    is_saved(desk)
    assert own(app.study(), before)[2:] == [
        MarkAnswers((first,), "discuss"),
        MarkAnswers((first,), "quote"),
        MarkAnswers((first,), "discuss", on=False),
        WriteMemo(first, "Spørg Bo 1 2 u"),
        MarkAnswers((first,), "nothing"),
        SetStatus((second,), "none"),
    ]
    third = answer(desk)
    assert len({first, second, third}) == 3
    press(desk, "Backspace")
    shows(desk, second)
    expect(given(desk)).to_have_text([word("aside_now")])
    press(desk, "1")
    expect(desk.locator("#notice")).to_have_text(word("is_aside"))
    press(desk, "x", "Backspace")
    shows(desk, first)
    is_saved(desk)
    assert own(app.study())[-1] == SetStatus((second,), None)


def test_arrows_and_space_decide_nothing(app: App, desk: Page) -> None:
    order, before = app.study().order(), begun(app)
    shows(desk, order[0])
    press(desk, "ArrowLeft")
    expect(desk.locator("#live")).to_have_text(word("first_of_list"))
    press(desk, "ArrowRight", "ArrowRight", "ArrowLeft")
    shows(desk, order[1])
    press(desk, "Space", "Space")
    shows(desk, order[3])
    press(desk, "1", "Enter", "ArrowLeft")
    shows(desk, order[3])
    is_saved(desk)
    assert len(own(app.study(), before)) == 2


def test_a_new_code_by_key_then_used_by_its_place(app: App, desk: Page) -> None:
    first = answer(desk)
    press(desk, "n")
    desk.keyboard.type("Gåture 1")
    press(desk, "Tab")
    desk.keyboard.type("Ud i det fri")
    press(desk, "Enter")
    expect(given(desk)).to_contain_text("Gåture 1")
    expect(slot(desk, 13)).to_contain_text("Gåture 1")
    is_saved(desk)
    made = own(app.study())[-1]
    assert isinstance(made, AcceptGroup)
    assert (made.label, made.definition, made.answers) == ("Gåture 1", "Ud i det fri", (first,))
    press(desk, "Shift+4")
    expect(given(desk)).to_have_count(0)
    is_saved(desk)
    assert app.study().state.codings == {}


def test_the_search_field_finds_as_one_types(app: App, desk: Page) -> None:
    before = begun(app)
    press(desk, "s")
    desk.keyboard.type("job")
    expect(desk.locator("#tree li")).to_have_count(1)
    press(desk, "Enter")
    expect(given(desk)).to_contain_text("Job")
    press(desk, "s")
    desk.keyboard.type("Noget 12 u")
    expect(desk.locator("#tree button")).to_have_text([word("create_named", label="Noget 12 u")])
    press(desk, "Enter")
    expect(desk.locator("#new_label")).to_have_value("Noget 12 u")
    press(desk, "Enter")
    is_saved(desk)
    codes = [each.code for each in own(app.study(), before) if isinstance(each, AcceptGroup)]
    assert [app.study().state.codes[code].label for code in codes] == ["Job", "Noget 12 u"]


def test_definitions_are_shown_on_demand(desk: Page) -> None:
    told = desk.locator("#tree").get_by_text("Om mad.")
    expect(told).to_have_count(0)
    press(desk, "d")
    expect(told).to_be_visible()
    press(desk, "d")
    expect(told).to_have_count(0)


def test_keys_typed_in_a_field_decide_nothing(app: App, desk: Page) -> None:
    before = begun(app)
    press(desk, "s")
    desk.keyboard.type("12fqxu0")
    press(desk, "Escape", "n")
    desk.keyboard.type("12fqxu0")
    press(desk, "Escape")
    name = desk.locator(".st-key-coder_name input")
    name.click()
    desk.keyboard.type("12fqxu0")
    name.fill("Anna")
    desk.locator(".st-key-desk_order input").click()
    desk.keyboard.type("12")
    press(desk, "Escape")
    settle(desk)
    is_saved(desk)
    assert own(app.study(), before) == []


def test_nothing_of_streamlits_own_answers_to_bare_keys(desk: Page) -> None:
    desk.evaluate(_HEARD)
    for focus in ("#question", "h1"):
        desk.locator(focus).click()
        press(desk, "c", "r")
    press(desk, "Control+g")  # so that there is something to hear
    assert desk.evaluate("globalThis.heard") == ["Control", "g"]
    press(desk, "1")  # the keys are the desk's also where a click fell on empty page
    expect(given(desk)).to_contain_text(LABELS[0])


# What a listener of Streamlit's own would hear.
_HEARD = """() => {
  globalThis.heard = [];
  document.addEventListener('keydown', event => globalThis.heard.push(event.key));
}"""


def test_the_list_of_keys_opens_and_closes(app: App, desk: Page) -> None:
    before = begun(app)
    press(desk, "h")
    listed = desk.locator("#help")
    expect(listed).to_be_visible()
    expect(listed).to_contain_text("Mellemrum")
    press(desk, "1", "u", "Escape")
    expect(listed).to_be_hidden()
    press(desk, "ArrowRight")
    shows(desk, app.study().order()[1])
    is_saved(desk)
    assert own(app.study(), before) == []


def test_enter_on_a_focused_button_is_that_button(app: App, desk: Page) -> None:
    before, first = begun(app), answer(desk)
    slot(desk, 2).focus()
    press(desk, "Enter")
    expect(slot(desk, 2)).to_have_attribute("aria-pressed", "true")
    expect(slot(desk, 2)).to_be_focused()
    is_saved(desk)
    shows(desk, first)
    assert own(app.study(), before) == [AcceptGroup(Turn((first,)), "c1", (first,))]
    expect(desk.locator("#live")).to_have_text(f"{LABELS[1]}: {word('on')}. {word('saved_short')}")


def test_a_key_held_down_decides_once(app: App, desk: Page) -> None:
    before = begun(app)
    desk.keyboard.down("1")
    desk.keyboard.down("1")
    desk.keyboard.up("1")
    is_saved(desk)
    assert len(own(app.study(), before)) == 1


def test_keys_are_printed_on_the_buttons(desk: Page) -> None:
    printed = {"done": "Enter", "skip": "Mellemrum", "nothing": "0", "redo": "Ctrl+⇧Z"}
    for act, key in printed.items():
        expect(desk.locator(f"[data-act='{act}'] kbd")).to_have_text(key)
    expect(slot(desk, 10).locator("kbd")).to_have_text("⇧1")


# --- segments ----------------------------------------------------------------------------------


EMOJI = "Vi 🌲👩‍👩‍👧 gik ture i skoven og talte sammen"


@pytest.fixture
def forest(app: App, tmp_path: Path) -> App:
    """A study of two answers, the first with an emoji before what is marked."""
    file = tmp_path / "forest.csv"
    file.write_text(f"nr;why\n1;{EMOJI}\n2;Skærm\n", "utf-8")
    fields = "{name: nr, kind: id}, {name: why, kind: open, label: Hvorfor}"
    app.study_file.unlink()
    Study.create(app.study_file, file, parse_questionnaire(f"questions: [{fields}]"))
    with_codes(app.study(), 3)
    return app


def test_a_segment_by_keyboard_with_an_emoji_before_it(forest: App) -> None:
    page = open_desk(forest)
    press(page, "t", *["ArrowRight"] * 3, *["Shift+ArrowRight"] * 2)
    expect(page.locator("#text .picked")).to_have_text("ture i skoven")
    expect(page.locator("#live")).to_have_text(word("marked", words="ture i skoven"))
    press(page, "2")
    expect(page.locator("#text .segment")).to_have_text("ture i skoven")
    expect(page.locator("#text .name")).to_have_text(LABELS[1])
    is_saved(page)
    start = EMOJI.index("ture")
    assert own(forest.study())[-1] == CodeSegment("c1", "1", start, start + len("ture i skoven"))
    page.reload()
    is_ready(page)
    press(page, "ArrowLeft")
    shows(page, "1")
    expect(page.locator("#text .segment")).to_have_text("ture i skoven")
    page.locator("#given button").click()
    expect(page.locator("#text .segment")).to_have_count(0)
    is_saved(page)
    assert own(forest.study())[-1] == UncodeSegment("c1", "1", start, start + 13)


def test_a_segment_selected_with_the_mouse(forest: App) -> None:
    page = open_desk(forest)
    page.locator("#text").evaluate(_SELECT, ["skoven"])
    slot(page, 1).click()
    is_saved(page)
    start = EMOJI.index("skoven")
    assert own(forest.study())[-1] == CodeSegment("c0", "1", start, start + 6)
    page.locator("#text").evaluate(_SELECT, ["talte sammen"])
    press(page, "n")
    expect(page.locator("#new_label")).to_have_value("talte sammen")
    press(page, "Enter")
    expect(page.locator("#text .segment")).to_have_text(["skoven", "talte sammen"])
    is_saved(page)
    made, coded = own(forest.study())[-2:]
    assert isinstance(made, CreateCode)
    assert coded == CodeSegment(made.code, "1", EMOJI.index("talte"), len(EMOJI))


# Selects words within one piece of the text, as a mouse would.
_SELECT = """(text, [words]) => {
  for (const piece of text.querySelectorAll('[data-at]')) {
    const at = piece.firstChild.data.indexOf(words);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(piece.firstChild, at);
    range.setEnd(piece.firstChild, at + words.length);
    const selection = text.getRootNode().getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }
}"""


# --- one code only, undo, other places ---------------------------------------------------------


def test_where_one_code_is_allowed_it_moves_on_and_replaces(app: App, tmp_path: Path) -> None:
    file = tmp_path / "one.csv"
    file.write_text("nr;why\n1;Ude\n2;Inde\n3;Skærm\n", "utf-8")
    fields = "{name: nr, kind: id}, {name: why, kind: open, label: Hvorfor, codes: one}"
    app.study_file.unlink()
    Study.create(app.study_file, file, parse_questionnaire(f"questions: [{fields}]"))
    with_codes(app.study(), 3)
    app.study().hold_out(0.99)
    page = open_desk(app, show="all")
    before = begun(app)
    press(page, "1")
    shows(page, "2")
    press(page, "ArrowLeft", "3")
    shows(page, "2")
    press(page, "2", "1")
    expect(page.locator("#live")).to_have_text(re.compile(re.escape(word("all_done"))))
    is_saved(page)
    assert own(app.study(), before) == [
        AcceptGroup(Turn(("1",)), "c0", ("1",)),
        MoveAnswers(("1",), "c0", "c2"),
        AcceptGroup(Turn(("2",)), "c1", ("2",)),
        AcceptGroup(Turn(("3",)), "c0", ("3",)),
    ]


def test_undo_and_redo_lead_to_the_answer(app: App, desk: Page) -> None:
    first = answer(desk)
    press(desk, "1", "Enter")
    second = answer(desk)
    press(desk, "2", "Enter", "u", "u", "u")
    shows(desk, first)
    expect(given(desk)).to_have_text([f"{LABELS[0]}×"])
    is_saved(desk)
    expect(desk.locator("#undoable")).to_contain_text(f"Godkendte {first} som »{LABELS[0]}«")
    press(desk, "Control+Shift+Z", "Control+Shift+Z")
    shows(desk, second)
    press(desk, "Control+z")
    is_saved(desk)
    expect(given(desk)).to_have_count(0)
    study = app.study()
    assert [type(each) for each in own(study)[-6:]] == [Undo] * 6
    assert list(study.state.codings) == [(study.coder("Anna"), first)]


def test_undo_also_after_a_reload_and_in_another_browser(app: App, desk: Page) -> None:
    first = answer(desk)
    press(desk, "1", "Enter", "2", "Enter")
    is_saved(desk)
    desk.reload()
    is_ready(desk)
    press(desk, "u")
    is_saved(desk)
    press(desk, "u")
    is_saved(desk)
    other = open_desk(app, apart=True)
    press(other, "u")
    shows(other, first)
    is_saved(other)
    expect(given(other)).to_have_text([f"{LABELS[0]}×"])
    press(other, "u")
    expect(given(other)).to_have_count(0)
    is_saved(other)
    assert app.study().state.codings == {}
    press(other, "u")  # then the codes themselves: the last one keeps its place while it is seen
    expect(slot(other, 12)).to_be_disabled()
    expect(slot(other, 12)).to_contain_text(LABELS[11])
    press(other, "ArrowRight")
    expect(other.locator("#slots button")).to_have_count(11)


def test_nothing_to_take_back_is_said(app: App) -> None:
    page = open_desk(app, coder="Ny")
    press(page, "u")
    expect(page.locator("#live")).to_have_text(TEXTS("desk.nothing_to_undo"))
    press(page, "Control+Shift+Z")
    expect(page.locator("#live")).to_have_text(TEXTS("desk.nothing_to_redo"))


def test_without_a_name_nothing_is_decided(app: App) -> None:
    with_codes(app.study())
    before = begun(app)
    page = open_desk(app, coder="")
    press(page, "1", "Enter", "f", "u")
    expect(page.locator("#notice")).to_have_text(word("name_first"))
    assert own(app.study(), before) == []


def test_what_is_changed_elsewhere_counts_and_is_told(app: App, desk: Page) -> None:
    study, first = app.study(), answer(desk)
    anna = study.coder("Anna")
    study.decide(anna, ApplyCode("c3", (first,)))
    press(desk, "1")
    expect(given(desk)).to_have_text([f"{LABELS[3]}×", f"{LABELS[0]}×"])
    expect(desk.locator("#notice")).to_have_text(word("changed", answer=first))
    study.decide(study.coder("Bo"), MergeCodes("c4", "c3"))
    press(desk, "5")  # the category that was merged away just now
    expect(desk.locator("#notice")).to_contain_text(first)
    expect(slot(desk, 5)).to_be_disabled()
    expect(given(desk)).to_have_text([f"{LABELS[3]}×", f"{LABELS[0]}×"])
    is_saved(desk)


def test_the_place_is_kept_over_a_reload_though_the_answer_is_coded(app: App, desk: Page) -> None:
    press(desk, "Enter", "Enter", "3")
    third = answer(desk)
    is_saved(desk)
    desk.reload()
    is_ready(desk)
    shows(desk, third)
    expect(given(desk)).to_have_text([f"{LABELS[2]}×"])
    other = open_desk(app, apart=True)  # where nothing is known of the place
    shows(other, app.study().order()[3])


def test_a_link_from_another_page_leads_to_its_answer(app: App, desk: Page) -> None:
    linked = app.study().order()[9]
    before = answer(desk)
    page = open_desk(app, answer=linked)
    shows(page, linked)
    press(page, "2", "Enter")
    is_saved(page)
    assert app.study().state.codings[app.study().coder("Anna"), linked] == ("c1",)
    here = answer(page)
    assert here not in (linked, before)
    page.reload()  # the link has done its work: one comes back to where one was
    is_ready(page)
    shows(page, here)


def test_without_codes_and_with_nothing_left_one_is_told_what_to_do(app: App) -> None:
    page = open_desk(app)
    expect(page.locator("#no_codes")).to_have_text(word("no_codes"))
    study = app.study()
    study.decide(study.coder("Anna"), MarkAnswers(tuple(study.order()), "done"))
    page.reload()
    is_ready(page)
    expect(page.locator("#text")).to_have_text(word("all_coded"))
    page.locator(".st-key-go-joint button").click()
    expect(page.get_by_role("heading", level=1, name=TEXTS("page.joint.title"))).to_be_visible()


def test_orders_and_filters_are_kept_in_the_address(app: App, desk: Page) -> None:
    study = app.study()
    order = study.order()
    press(desk, "f", "Enter", "q", "Enter")
    is_saved(desk)
    _choose(desk, "show", TEXTS("desk.filter.discuss"))
    shows(desk, order[0])
    _choose(desk, "show", TEXTS("desk.filter.quote"))
    shows(desk, order[1])
    assert "show=quote" in desk.url
    _choose(desk, "show", TEXTS("desk.filter.all"))
    _choose(desk, "order", TEXTS("desk.order.random"))
    is_ready(desk)
    assert "order=random" in desk.url
    at = answer(desk)
    desk.reload()
    is_ready(desk)
    shows(desk, at)
    shuffled = study.order("random", seed=1)
    press(desk, "ArrowRight")
    shows(desk, shuffled[shuffled.index(at) + 1])


def test_a_long_list_comes_in_pieces(app: App, tmp_path: Path) -> None:
    file = tmp_path / "long.csv"
    rows = "\n".join(f"{no:04};svar {no}" for no in range(1, 1201))
    file.write_text(f"nr;why\n{rows}\n", "utf-8")
    fields = "{name: nr, kind: id}, {name: why, kind: open, label: Hvorfor}"
    app.study_file.unlink()
    study = Study.create(app.study_file, file, parse_questionnaire(f"questions: [{fields}]"))
    study.decide(with_codes(study, 1), ApplyCode("c0", ("0449",)))
    page = open_desk(app, show="all")
    shows(page, "0450")
    for no in range(449, 345, -1):  # the first piece begins with 350
        press(page, "ArrowLeft")
        shows(page, f"{no:04}")
    page.reload()
    is_ready(page)
    shows(page, "0346")
    press(page, "ArrowLeft")
    shows(page, "0345")
    for no in range(346, 766):  # now it ends with 745
        press(page, "ArrowRight")
        shows(page, f"{no:04}")
    press(page, "f", "Enter")
    shows(page, "0766")
    is_saved(page)
    assert own(study)[-2:] == [MarkAnswers(("0765",), "discuss"), MarkAnswers(("0765",), "done")]


def _choose(page: Page, name: str, option: str) -> None:
    before = page.locator("#desk").get_attribute("data-view") or ""
    page.locator(f".st-key-desk_{name} input").click()
    page.get_by_role("option", name=option, exact=True).click()
    expect(page.locator("#desk")).not_to_have_attribute("data-view", before)
    settle(page)


# --- as it looks -------------------------------------------------------------------------------


HOSTILE = (
    "<script>document.title='taken over'</script> og mere",
    "<img src=x onerror=\"document.title='taken over'\">",
    "![kat](//elsewhere.example/kat.png) [her](//elsewhere.example/)",
)


def test_hostile_texts_are_text(app: App, tmp_path: Path) -> None:
    file = tmp_path / "hostile.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, delimiter=";").writerows([("nr", "why"), *enumerate(HOSTILE)])
    fields = f"{{name: nr, kind: id}}, {{name: why, kind: open, label: '{HOSTILE[2]}'}}"
    app.study_file.unlink()
    study = Study.create(app.study_file, file, parse_questionnaire(f"questions: [{fields}]"))
    anna = study.coder("Anna")
    for no, label in enumerate(HOSTILE):
        study.decide(anna, CreateCode(f"c{no}", label, label))
    page = open_desk(app, show="all")
    for no, text in enumerate(HOSTILE):
        expect(page.locator("#text")).to_have_text(text)
        expect(page.locator("#question")).to_have_text(HOSTILE[2])
        press(page, str(no + 1), "d", "m")
        page.keyboard.type(text)
        press(page, "Escape", "d", "Enter")
    is_saved(page)
    expect(page.locator("#desk").locator("img, script, a")).to_have_count(0)
    assert page.title() != "taken over"


def test_a_danish_desk_has_no_english_word(app: App, desk: Page) -> None:
    press(desk, "h")
    assert foreign_words(desk, "da", app.study()) == set()


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_desk_fits_with_large_text_too(desk: Page, width: int) -> None:
    desk.set_viewport_size({"width": width, "height": 900})
    for size in ("100%", "200%") if width == 1280 else ("100%",):
        desk.add_style_tag(content=f":root {{ font-size: {size} !important }}")
        press(desk, "n")
        too_wide = desk.locator("#desk").evaluate(_TOO_WIDE)
        assert too_wide == []
        press(desk, "Escape")


_TOO_WIDE = """desk => [desk, ...desk.querySelectorAll('*')]
  .filter(each => !each.closest('dialog, .unseen, [hidden]'))
  .filter(each => each.getBoundingClientRect().right > innerWidth + 1)
  .map(each => `${each.tagName} ${each.id} ${each.className}`)"""


def test_by_tab_one_comes_to_everything_in_the_order_in_which_it_is_read(desk: Page) -> None:
    desk.locator("#desk").focus()
    reached = []
    for _ in range(9):
        desk.keyboard.press("Tab")
        reached.append(desk.locator("#desk").evaluate(_FOCUSED))
    assert reached[:3] == ["previous", "next", "help"]
    assert reached[3:7] == ["discuss", "quote", "memo", "mark_text"]
    assert reached[7:] == ["c0", "c1"]


_FOCUSED = """desk => {
  const at = desk.getRootNode().activeElement;
  return at && (at.dataset.act || at.dataset.code || at.id);
}"""


# --- without the component ---------------------------------------------------------------------


def test_the_same_with_streamlits_own_widgets(app: App) -> None:
    study = app.study()
    with_codes(study, 3)
    order, before = study.order(), begun(app)
    page = app.open("coding", coder="Anna", native="1")
    expect(page.locator(".st-key-desk")).to_have_count(0)
    _native(page, f"native-code-c1-{order[0]}")
    _native(page, f"native-done-{order[0]}")
    _native(page, f"native-discuss-{order[1]}")
    _native(page, f"native-nothing-{order[1]}")
    expect(page.locator(f".st-key-native-done-{order[2]}")).to_be_visible()
    study = app.study()
    assert own(study, before) == [
        AcceptGroup(Turn((order[0],)), "c1", (order[0],)),
        MarkAnswers((order[0],), "done"),
        MarkAnswers((order[1],), "discuss"),
        MarkAnswers((order[1],), "nothing"),
    ]


def _native(page: Page, key: str) -> None:
    page.locator(f".st-key-{key} button").click()
    settle(page)


def test_when_the_component_cannot_load_the_widgets_stand_in(app: App) -> None:
    study = app.study()
    with_codes(study, 3)
    first = study.order()[0]
    page = app.open("log", coder="Anna")
    page.add_init_script(_NO_SCRIPTS)
    app.troubles.clear()
    page.goto(f"{app.url}/coding?coder=Anna&study={app.address['study']}")
    button = page.locator(f".st-key-native-code-c0-{first} button")
    expect(button).to_be_visible()
    button.click()
    expect(page.locator(f".st-key-native-take-c0-{first}")).to_be_visible()
    assert own(app.study())[-1] == AcceptGroup(Turn((first,)), "c0", (first,))
    app.troubles.clear()  # Streamlit says, in the console too, that it could not load


# A component's script comes as a blob: without blobs there is none.
_NO_SCRIPTS = """URL.createObjectURL = () => { throw new Error('no blobs') }"""


def test_what_stands_in_is_gone_when_the_component_is_there(desk: Page) -> None:
    expect(desk.locator(".st-key-desk_native")).to_have_count(0)
