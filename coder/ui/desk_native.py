"""The desk with Streamlit's own widgets, for when the component can't load: the same acts, slower.

Every button holds the answer that it was drawn with, so that nothing lands on another one.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st

from coder.errors import UserError
from coder.model import Mark
from coder.study import Study
from coder.ui import parts, session
from coder.ui.desk_data import Moment, View
from coder.ui.desk_posts import Act, Post, carry_out

_SLOTS = 9
_AT = "desk_at"


def is_asked_for() -> bool:
    """Whether the address asks for this rather than the component."""
    return st.query_params.get("native") == "1"


def begin_at(answer: str) -> None:
    """Draw this answer next, whatever the list shows."""
    session.choose(_AT, answer)


def card(study: Study, view: View, order: Sequence[str]) -> None:
    """Draw one answer with everything that can be decided of it."""
    _message()
    texts, moment = session.texts(), Moment(study, session.known_coder() or "")
    shown = moment.listed(view, order, session.chosen(_AT))
    if not shown:
        st.info(texts("desk.word.nothing_here"))
        return
    at = session.chosen(_AT)
    answer = at if at in shown else str(moment.first(view, order, set(shown)))
    _Card(moment, view, shown, answer).draw()


def _message() -> None:
    """What the last act led to: in a fragment the page above is not drawn again."""
    waiting = session.take_message()
    if waiting:
        text, refused = waiting
        (st.error if refused else st.success)(parts.plain(text))


class _Card:
    """One answer of the list ``shown``."""

    def __init__(self, moment: Moment, view: View, shown: list[str], answer: str) -> None:
        self.moment, self.view, self.shown, self.answer = moment, view, shown, answer
        self.texts = session.texts()
        self.standing = moment.standing(answer)
        (self.card,) = moment.cards([answer], self.texts, again=view.filter == "again")

    def draw(self) -> None:
        told = self.moment.progress(self.texts)
        share = told["done"] / told["total"] if told["total"] else 1.0
        st.progress(share, text=told["text"])
        left, right = st.columns([6, 4], gap="large")
        with left:
            self.text()
            self.given()
            self.acts()
            self.memo()
        with right:
            self.codes()

    def text(self) -> None:
        with st.container(border=True):
            st.caption(parts.plain(self.card["question"]))
            st.caption(parts.plain(self.card["who"]))
            parts.answer_text(self.answer)
            if self.card["again"]:
                st.info(parts.plain(self.card["again"]))
            study = self.moment.study
            labels = [study.closed_items()[item] for item in study.context_items()]
            beside = zip(labels, self.card["context"], strict=True)
            st.caption(parts.plain(" · ".join(f"{label}: {value}" for label, value in beside)))

    def given(self) -> None:
        """What the answer has, to be taken off."""
        with st.container(horizontal=True, key="native_given"):
            for each in self.standing["codes"]:
                for span in each["spans"] or [None]:
                    self.taken(each["code"], span)
            for mark in self.standing["marks"]:
                st.badge(self.texts(f"mark.{mark}"))

    def taken(self, code: str, span: Sequence[int] | None) -> None:
        label = self.moment.state.codes[code].label
        if span:
            words = self.card["text"][slice(*span)]
            label = f"{label}: {self.texts('ui.quoted', words=words)}"
        place = "" if span is None else f".{span[0]}.{span[1]}"
        at = tuple(span) if span else None
        self.button(f"{label} ×", f"take.{code}{place}", "take", code=code, span=at)

    def acts(self) -> None:
        word, standing = "desk.word", self.standing
        with st.container(horizontal=True, key="native_acts"):
            self.mark("done", self.texts(f"{word}.done"), on=True, go=True)
            self.step("skip")
            on = "nothing" not in standing["marks"]
            self.mark("nothing", self.texts(f"{word}.nothing"), on=on, go=on)
            aside = not standing["aside"]
            label = self.texts(f"{word}.no_answer")
            self.button(label, "aside", "aside", go=aside, on=aside)
        with st.container(horizontal=True, key="native_marks"):
            self.step("previous")
            self.step("next")
            for mark in ("discuss", "quote"):
                self.mark(mark, self.texts(f"{word}.{mark}"), on=mark not in standing["marks"])

    def mark(self, mark: Mark, label: str, on: bool, go: bool = False) -> None:
        self.button(label, mark, "mark", go=go, first=mark == "done", mark=mark, on=on)

    def button(
        self, label: str, name: str, act: Act, go: bool = False, first: bool = False, **how: Any
    ) -> None:
        """A button that decides something; with ``go`` the next answer comes."""
        post = partial(Post, act=act, answer=self.answer, **how)
        st.button(
            parts.plain(label),
            key=f"native.{name}.{self.answer}",
            type="primary" if first else "secondary",
            on_click=partial(self.decide, post, go),
        )

    def step(self, name: str) -> None:
        st.button(
            self.texts(f"desk.word.{name}"),
            key=f"native.{name}.{self.answer}",
            on_click=partial(self.go, -1 if name == "previous" else 1),
        )

    def memo(self) -> None:
        key = f"native.memo.{self.answer}"
        with st.form(f"native.memo_form.{self.answer}", border=False):
            st.text_area(self.texts("desk.word.memo"), self.standing["memo"], key=key)
            st.form_submit_button(
                self.texts("desk.word.memo_save"),
                key=f"native.memo_save.{self.answer}",
                on_click=lambda: self.decide(
                    partial(Post, act="memo", answer=self.answer, text=str(session.widget(key)))
                ),
            )

    def codes(self) -> None:
        """The codes that are suggested, then all; on the words that are written, if any are."""
        state, texts = self.moment.state, self.texts
        st.text_input(
            texts("desk.native.phrase"),
            key=f"native.phrase.{self.answer}",
            help=texts("desk.native.phrase_help"),
        )
        usable = state.usable()
        offered = self.offered()
        every = dict.fromkeys([*offered, *(code.id for code in usable)])
        with st.container(key="native_codes"):
            for code in list(every)[:_SLOTS]:
                self.code(code, offered)
        if len(usable) > _SLOTS:
            found = parts.pick_code(texts("desk.word.search"), f"native.search.{self.answer}")
            if found:
                self.code(found.id, offered, "found")
        self.new_code()

    def offered(self) -> tuple[str, ...]:
        """What is suggested; nothing while the component may still come, since it takes seconds."""
        if not is_asked_for() and session.chosen(_AT) is None:
            return ()
        try:
            return tuple(self.moment.offers([self.answer])[self.answer]["codes"])
        except UserError:
            return ()  # without a language model one codes without suggestions

    def code(self, code: str, offered: tuple[str, ...], place: str = "code") -> None:
        st.button(
            parts.plain(self.moment.state.codes[code].label),
            key=f"native.{place}.{code}.{self.answer}",
            width="stretch",
            on_click=partial(self.give, code, offered),
        )

    def new_code(self) -> None:
        with st.form(f"native.form.{self.answer}", border=False):
            st.text_input(self.texts("desk.word.new_code"), key=f"native.label.{self.answer}")
            st.form_submit_button(
                self.texts("desk.word.create"),
                key=f"native.create.{self.answer}",
                on_click=lambda: self.give(
                    str(uuid.uuid4()), (), str(session.widget(f"native.label.{self.answer}")) or " "
                ),
            )

    # --- what is decided -----------------------------------------------------------------------

    def give(self, code: str, offered: tuple[str, ...], label: str = "") -> None:
        phrase = str(session.widget(f"native.phrase.{self.answer}") or "").strip()
        start = self.card["text"].find(phrase)
        if phrase and start < 0:
            session.say(self.texts("desk.native.no_phrase", words=phrase), refused=True)
            return
        others = [each["code"] for each in self.standing["codes"] if each["code"] != code]
        post = partial(
            Post,
            act="give",
            answer=self.answer,
            code=code,
            label=label,
            span=(start, start + len(phrase)) if phrase else None,
            length=len(self.card["text"]),
            offered=offered,
            replaces=others[0] if self.card["one"] and others else None,
        )
        self.decide(post, go=self.card["one"] and not phrase)

    def decide(self, post: Any, go: bool = False) -> None:
        made: Post = post(uid=str(uuid.uuid4()))
        session.choose(_AT, self.answer)  # it stays in the list though it is decided on
        parts.attempt(
            lambda: self.carry_out(made, go), self.texts("desk.native.saved", answer=self.answer)
        )

    def carry_out(self, post: Post, go: bool) -> None:
        carry_out(self.moment.study, session.coder(), post)
        if go:
            self.go(1)

    def go(self, step: int) -> None:
        """To the answer before or after this one, as far as there is one."""
        at = self.shown.index(self.answer) + step
        session.choose(_AT, self.shown[max(0, min(at, len(self.shown) - 1))])
