"""What is done with the answers that are selected in the table: each act is one decision."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

import streamlit as st

from coder.i18n import Texts
from coder.model import (
    AcceptGroup,
    ApplyCode,
    Mark,
    MarkAnswers,
    RemoveCode,
    SetStatus,
    Status,
    Turn,
)
from coder.place import Place
from coder.study import Study
from coder.ui import parts, session

# "Nothing applies" is said of one answer that one has read, at the desk.
_MARKS: tuple[Mark, ...] = ("done", "discuss", "quote")
_STATUSES: tuple[Status, ...] = get_args(Status)


@dataclass(frozen=True)
class Selection:
    """The rows of a table as drawn, the ``ids`` of a study's answers, and what of them is selected.

    A table of other rows, or in another order, has another key, under which nothing is selected:
    so the number of a row never stands for another answer than the one it was drawn with.
    """

    study: Place
    ids: tuple[str, ...]

    @property
    def key(self) -> str:
        """The key of the table that has these rows."""
        return f"grid_rows.{hashlib.sha256(repr((self.study, self.ids)).encode()).hexdigest()[:16]}"

    def answers(self) -> tuple[str, ...]:
        """The ids of the answers that are selected."""
        state = session.widget(self.key)
        rows = state["selection"]["rows"] if isinstance(state, dict) else []
        return tuple(self.ids[row] for row in sorted(rows))

    def select(self, rows: Sequence[int]) -> None:
        """Select these rows and no others; before the table is drawn."""
        selected = {"selection": {"rows": list(rows), "columns": [], "cells": []}}
        session.set_widget(self.key, selected)


def choose_rows(selection: Selection, texts: Texts) -> None:
    """How many rows are selected, and how to select all or none."""
    chosen, there = len(selection.answers()), len(selection.ids)
    key = "grid.selected" if chosen else "grid.none_selected"
    st.caption(texts(key, count=texts.number(chosen)), width="content")
    if chosen < there:
        st.button(
            texts("grid.select_all", count=texts.number(there)),
            key="grid_all",
            type="tertiary",
            on_click=selection.select,
            args=(range(there),),
        )
    if chosen:
        st.button(
            texts("grid.select_none"),
            key="grid_none",
            type="tertiary",
            on_click=selection.select,
            args=((),),
        )


def act_on(study: Study, selection: Selection, texts: Texts) -> None:
    """Draw what can be done with the selection."""
    acts = _Acts(study, selection, selection.answers(), texts)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall", key="grid_acts"):
        acts.codes()
        acts.new_code()
        acts.mark()
        acts.set_aside()


@dataclass(frozen=True)
class _Acts:
    """The buttons, drawn for the ``answers`` selected; what they do, they do to those selected."""

    study: Study
    selection: Selection
    answers: tuple[str, ...]
    texts: Texts

    # --- codes ---

    def codes(self) -> None:
        state = self.study.state
        open_ = {code.id for code in state.usable()}
        # What is not to be given any more can still be taken off.
        offered = {
            each: state.path(each) for each in state.codes if each in open_ or self.having(each)
        }
        if not offered:
            return
        # The names are part of the key: a list keeps those that it was made with.
        key = f"grid_code.{hash(tuple(offered.values()))}"
        with st.container(width=220, key="grid_code"):
            code = st.selectbox(
                self.texts("grid.code"),
                list(offered),
                index=None,
                format_func=offered.__getitem__,
                placeholder=self.texts("grid.choose_code"),
                key=key,
                label_visibility="collapsed",
            )
        having = self.having(code) if code else set()
        st.button(
            self.with_count("give", len(self.answers) - len(having)),
            key="grid_give",
            type="primary",
            disabled=code not in open_ or len(having) == len(self.answers),
            on_click=self.give,
            args=(key,),
        )
        st.button(
            self.with_count("take", len(having)),
            key="grid_take",
            disabled=not having,
            on_click=self.take,
            args=(key,),
        )

    def having(self, code: str) -> set[str]:
        """The selected answers that have this code from the coder already."""
        coder, codings = session.known_coder() or "", self.study.state.codings
        return {each for each in self.selection.answers() if code in codings.get((coder, each), ())}

    def give(self, key: str) -> None:
        code = str(session.widget(key))
        having = self.having(code)
        answers = tuple(each for each in self.selection.answers() if each not in having)
        self.decide(ApplyCode(code, answers), "grid.given", label=self.label(code))

    def take(self, key: str) -> None:
        code = str(session.widget(key))
        having = self.having(code)
        answers = tuple(each for each in self.selection.answers() if each in having)
        self.decide(RemoveCode(code, answers), "grid.taken", label=self.label(code))

    def label(self, code: str) -> str:
        codes = self.study.state.codes
        return codes[code].label if code in codes else ""

    def new_code(self) -> None:
        with st.popover(self.texts("categories.new"), icon=":material/add:", key="grid_new"):
            # The number of codes is part of the key: the field is emptied when one was made.
            key = f"grid_label.{len(self.study.state.codes)}"
            with st.form(f"{key}.form", border=False):
                st.text_input(self.texts("categories.label"), key=key)
                st.form_submit_button(
                    self.with_count("create", len(self.answers)),
                    key="grid_create",
                    type="primary",
                    disabled=not self.answers,
                    on_click=self.create,
                    args=(key,),
                )

    def create(self, key: str) -> None:
        # Not an empty label: that would stand for a code that is there.
        label, answers = str(session.widget(key) or "") or " ", self.selection.answers()
        if answers:
            decision = AcceptGroup(Turn(answers), str(uuid.uuid4()), answers, label=label)
            self.decide(decision, "grid.given", label=label)

    # --- marks and status ---

    def mark(self) -> None:
        """One act for each mark that some have not, and for each that some have."""
        coder, marks = session.known_coder() or "", self.study.state.marks
        there = [marks.get((coder, each), ()) for each in self.answers]
        acts: list[str] = [each for each in _MARKS if any(each not in those for those in there)]
        acts += [f"off.{each}" for each in _MARKS if any(each in those for those in there)]
        st.menu_button(
            self.texts("grid.mark"),
            acts or list(_MARKS),
            key="grid_mark",
            icon=":material/bookmark:",
            disabled=not self.answers,
            format_func=self.mark_label,
            on_click=self.marked,
        )

    def mark_label(self, act: str) -> str:
        mark = self.texts(f"mark.{act.removeprefix('off.')}")
        return self.texts("grid.unmark", mark=mark) if act.startswith("off.") else mark

    def marked(self) -> None:
        act = str(session.widget("grid_mark"))
        for mark in _MARKS:
            if mark == act.removeprefix("off."):
                on = not act.startswith("off.")
                decision = MarkAnswers(self.selection.answers(), mark, on)
                told = "grid.marked" if on else "grid.unmarked"
                self.decide(decision, told, mark=self.texts(f"mark.{mark}"))

    def set_aside(self) -> None:
        aside = self.study.state.set_aside()
        statuses: list[str] = list(_STATUSES)
        if not aside.isdisjoint(self.answers):
            statuses.insert(0, "answer")
        st.menu_button(
            self.texts("grid.set_aside"),
            statuses,
            key="grid_status",
            icon=":material/block:",
            disabled=not self.answers,
            format_func=self.status_label,
            on_click=self.status_set,
        )

    def status_label(self, status: str) -> str:
        return self.texts("review.is_answer" if status == "answer" else f"status.{status}")

    def status_set(self) -> None:
        chosen = session.widget("grid_status")
        status = next((each for each in _STATUSES if each == chosen), None)
        decision = SetStatus(self.selection.answers(), status)
        self.decide(decision, "grid.aside_set", status=self.texts(f"status.{status or 'answer'}"))

    # --- both ---

    def with_count(self, act: str, count: int) -> str:
        """What a button says that acts on so many answers."""
        key = f"grid.{act}" if count else f"grid.{act}_none"
        return self.texts(key, count=self.texts.number(count))

    def decide(
        self, decision: AcceptGroup | ApplyCode | RemoveCode | MarkAnswers | SetStatus,
        told: str, **values: str,
    ) -> None:  # fmt: skip
        """Write the decision, if it is about any answer at all."""
        if decision.answers:
            count = self.texts.number(len(decision.answers))
            parts.decide(decision, self.texts(told, count=count, **values))
