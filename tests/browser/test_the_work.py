"""A coder's work in the browser: every click is a decision, and every decision is in the log."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from coder.i18n import load_texts
from coder.model import ConfirmProposal, CreateCode, Proposal, Undo
from tests.browser.running import (
    App,
    checkbox,
    give_name,
    go,
    log_lines,
    open_proposal,
    pick,
    read_answers,
    refused,
    settle,
    tick,
    told,
)

pytestmark = pytest.mark.browser

TEXTS = load_texts("da")


def proposals(app: App) -> tuple[Proposal, ...]:
    made = app.study().proposals()
    assert made is not None
    return made.proposals


def confirm(page: Page, proposal: Proposal, label: str) -> None:
    page.locator(f".st-key-label-{proposal.id} input").fill(label)
    page.locator(".st-key-confirm button").click()


def choose_category(page: Page, label: str) -> None:
    page.get_by_test_id("stRadio").get_by_text(re.compile(rf"^{re.escape(label)} \(\d+\)$")).click()
    expect(page.get_by_role("heading", level=2, name=label, exact=True)).to_be_visible()
    settle(page)


def create(page: Page, label: str) -> None:
    """Create a category; the little form may stand open from the time before."""
    form = page.get_by_test_id("stPopoverBody")
    if not form.count():
        page.get_by_test_id("stPopoverButton").filter(has_text=TEXTS("categories.new")).click()
    form.locator('[class*="st-key-new_label"] input').fill(label)
    form.get_by_role("button", name=TEXTS("categories.create")).click()


def rename(page: Page, label: str) -> None:
    page.locator('[class*="st-key-to-"] input').fill(label)
    page.get_by_role("button", name=TEXTS("categories.save")).click()


def test_confirm_relabel_move_undo_and_reload(app: App) -> None:
    first, second = proposals(app)[:2]
    page = app.open("candidates")
    expect(page.get_by_text(TEXTS("candidates.choose", count=13))).to_be_visible()
    give_name(page, "Anna")

    confirm(page, first, "Børn og forældre")
    told(page, TEXTS("candidates.done", label="Børn og forældre", count=len(first.answers)))
    assert app.decisions() == ["AddCoder", "ConfirmProposal"]
    expect(
        page.get_by_text(TEXTS("candidates.confirmed", label="Børn og forældre"))
    ).to_be_visible()
    open_proposal(page, second)
    confirm(page, second, "Andet")
    told(page, TEXTS("candidates.done", label="Andet", count=len(second.answers)))

    go(page, "Kodebog")
    choose_category(page, "Børn og forældre")
    rename(page, "Familier")
    told(page, TEXTS("categories.saved", label="Familier"))
    assert app.labels() == ["Familier", "Andet"]

    answer = sorted(first.answers)[0]
    read_answers(page)
    tick(page, answer)
    pick(page, "move_to", "Andet")
    page.get_by_role("button", name=TEXTS("categories.move", count=1)).click()
    told(page, TEXTS("categories.moved", count=1, label="Andet"))
    expect(page.get_by_text(f"Andet ({len(second.answers) + 1})")).to_be_visible()
    assert codes_of(app, answer) == ["Andet"]

    page.locator(".st-key-undo button").click()
    told(page, TEXTS("ui.undone"))
    assert codes_of(app, answer) == ["Familier"]

    kinds = ["AddCoder", "ConfirmProposal", "ConfirmProposal", "ReviseCode", "MoveAnswers", "Undo"]
    assert app.decisions() == kinds
    page.reload()
    settle(page)
    expect(page.get_by_text(f"Familier ({len(first.answers)})")).to_be_visible()
    expect(page.get_by_text(f"Andet ({len(second.answers)})")).to_be_visible()

    go(page, "Beslutningslog")
    lines = log_lines(page)
    assert [line[0] for line in lines] == ["6", "5", "4", "3", "2", "1"]
    assert {line[2].split(" · ")[0] for line in lines} == {"Anna"}
    assert lines[1][1] == f"Flyttede {answer} fra »Familier« til »Andet«"
    assert lines[1][2].endswith(" · Fortrudt")
    page.reload()
    settle(page)
    assert log_lines(page) == lines


def codes_of(app: App, answer: str) -> list[str]:
    state = app.study().state
    return [
        state.codes[code].label
        for (_, coded), codes in state.codings.items()
        for code in codes
        if coded == answer
    ]


def test_undo_and_redo(app: App) -> None:
    proposal = proposals(app)[0]
    page = app.open("candidates", coder="Anna")
    undo, redo = page.locator(".st-key-undo button"), page.locator(".st-key-redo button")
    expect(undo).to_be_disabled()
    expect(redo).to_be_disabled()
    confirm(page, proposal, "Børn")
    told(page, "»Børn« er nu en kategori")
    expect(redo).to_be_disabled()

    undo.click()
    told(page, TEXTS("ui.undone"))
    assert app.labels() == []
    expect(undo).to_be_disabled()
    expect(page.locator(".st-key-confirm button")).to_be_visible()

    redo.click()
    told(page, TEXTS("ui.redone"))
    assert app.labels() == ["Børn"]
    assert len(app.study().state.codings) == len(proposal.answers)
    log = app.study().state.log
    assert [entry.decision for entry in log[2:]] == [Undo(2), Undo(3)]


def test_two_undone_are_redone_one_after_the_other(app: App) -> None:
    study = app.study()
    anna = study.coder("Anna")
    for label in ("Første", "Anden"):
        study.decide(anna, CreateCode(label, label))
    study.undo(anna)
    study.undo(anna)
    page = app.open("codebook", coder="Anna")
    redo = page.locator(".st-key-redo button")
    redo.click()
    told(page, TEXTS("ui.redone"))
    assert app.labels() == ["Første"]
    redo.click()
    told(page, TEXTS("ui.redone"))
    assert app.labels() == ["Første", "Anden"]
    expect(redo).to_be_disabled()


def test_an_answer_unticked_stays_uncoded(app: App) -> None:
    proposal = proposals(app)[0]
    left_out = proposal.answers[1]
    page = app.open("candidates", coder="Anna")
    tick(page, left_out)
    confirm(page, proposal, "Børn")
    told(page, TEXTS("candidates.done", label="Børn", count=len(proposal.answers) - 1))
    decision = app.study().state.log[-1].decision
    assert isinstance(decision, ConfirmProposal)
    assert decision.answers == tuple(each for each in proposal.answers if each != left_out)
    assert (decision.proposal, decision.suggested_by) == (proposal.id, "fake")
    assert left_out not in app.study().state.coded_answers()


def test_without_a_name_nothing_is_decided(app: App) -> None:
    page = app.open("candidates")
    expect(page.locator(".st-key-undo")).to_have_count(0)
    page.locator(".st-key-confirm button").click()
    refused(page, TEXTS("ui.name_first"))
    go(page, "Kodebog")
    create(page, "Ny")
    refused(page, TEXTS("ui.name_first"))
    assert app.decisions() == []


def test_names_that_cannot_be_given(app: App) -> None:
    page = app.open("candidates", coder="Anna")
    confirm(page, proposals(app)[0], " ")
    refused(page, TEXTS("log.empty_name"))
    assert app.labels() == []
    page = app.open("codebook", coder="Anna")
    create(page, "Første")
    told(page, TEXTS("categories.created", label="Første"))
    create(page, "")
    refused(page, TEXTS("log.empty_name"))
    create(page, "første ")
    refused(page, TEXTS("log.code_exists", label="første"))
    create(page, "Anden")
    told(page, TEXTS("categories.created", label="Anden"))
    page.keyboard.press("Escape")
    choose_category(page, "Anden")
    rename(page, "FØRSTE")
    refused(page, TEXTS("log.code_exists", label="FØRSTE"))
    rename(page, "")
    refused(page, TEXTS("log.empty_name"))
    assert app.labels() == ["Første", "Anden"]


def test_code_take_out_and_merge(app: App) -> None:
    page = app.open("codebook", coder="Anna")
    for label in ("Anden", "Første"):
        create(page, label)
        told(page, TEXTS("categories.created", label=label))
    page.keyboard.press("Escape")
    choose_category(page, TEXTS("categories.uncoded"))
    for answer in ("R002", "R004"):
        tick(page, answer)
    pick(page, "move_to", "Første")
    page.get_by_role("button", name=TEXTS("categories.code", count=2)).click()
    told(page, TEXTS("categories.moved", count=2, label="Første"))

    choose_category(page, "Første")
    read_answers(page)
    tick(page, "R004")
    page.get_by_role("button", name=TEXTS("categories.take_out"), exact=True).click()
    told(page, TEXTS("categories.taken_out", count=1))
    assert app.study().state.coded_answers() == {"R002"}

    page.locator(".st-key-act_merge button").click()
    (first,) = (code.id for code in app.study().state.codes.values() if code.label == "Første")
    pick(page, f"merge_into-{first}", "Anden")
    page.locator(".st-key-merge button").click()
    told(page, TEXTS("categories.merged", source="Første", target="Anden"))
    assert app.labels() == ["Anden"]
    assert codes_of(app, "R002") == ["Anden"]


def test_one_sees_what_another_decided(app: App) -> None:
    anna, bo = app.open("candidates", coder="Anna"), app.open(coder="Bo", lang="en", apart=True)
    confirm(anna, proposals(app)[0], "Børn")
    told(anna, "»Børn« er nu en kategori")
    go(bo, "Decision log")
    lines = log_lines(bo)
    assert "Børn" in lines[0][1]
    assert [line[2].split(" · ")[0] for line in lines] == ["Anna", "Anna"]


def test_the_one_who_came_by_a_link_keeps_the_name(app: App) -> None:
    page = app.open("candidates", coder="Anna")
    go(page, "Kodebog")
    expect(page.locator(".st-key-undo")).to_be_visible()
    assert "coder=Anna" in page.url


def test_the_chosen_proposal_stays_chosen_when_confirmed(app: App) -> None:
    page = app.open("candidates", coder="Anna")
    confirm(page, proposals(app)[0], "Børn")
    told(page, "»Børn« er nu en kategori")
    expect(page.get_by_test_id("stRadio").get_by_role("radio").first).to_be_checked()


def test_a_confirmed_proposal_shows_which_answers_were_kept(app: App) -> None:
    proposal = proposals(app)[0]
    left_out = proposal.answers[1]
    page = app.open("candidates", coder="Anna")
    tick(page, left_out)
    confirm(page, proposal, "Børn")
    told(page, "»Børn« er nu en kategori")
    page.reload()
    settle(page)
    open_proposal(page, proposal)
    expect(checkbox(page, left_out)).not_to_be_checked()


def test_one_who_is_far_down_sees_what_to_do_and_what_was_refused(app: App) -> None:
    page = app.open("codebook")
    create(page, "Ny")
    refused(page, TEXTS("ui.name_first"))
    page.get_by_test_id("stMain").evaluate("each => each.scrollTo(0, each.scrollHeight)")
    expect(page.get_by_test_id("stCheckbox").last).to_be_in_viewport()
    expect(page.locator(".st-key-act_on")).to_be_in_viewport()
    refused(page, TEXTS("ui.name_first"))
