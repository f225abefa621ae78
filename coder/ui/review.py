"""The review: what looks like personal data, and what looks like no answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import get_args

import streamlit as st

from coder.i18n import Texts
from coder.model import FindInSentence, SetStatus, Status, TreatFinds, Treatment
from coder.study import Study
from coder.ui import parts, session

_TREATMENTS: tuple[Treatment, ...] = get_args(Treatment)


def show() -> None:
    """Draw the page."""
    texts, study = session.texts(), session.study()
    parts.title(texts, "review")
    finds, statuses = study.finds(), study.proposed_statuses()
    open_finds = [each.id for each in finds if each.treatment is None]
    names = (
        texts("review.finds", count=len(open_finds)),
        texts("review.statuses", count=len(statuses)),
    )
    personal, no_answer = st.tabs(names)
    with personal:
        _finds(finds, open_finds, texts)
    with no_answer:
        _proposed(study, statuses, texts)
        _decided(study, texts)


def _finds(finds: Sequence[FindInSentence], open_finds: Sequence[str], texts: Texts) -> None:
    if not finds:
        parts.empty(texts("review.no_finds"), "candidates")
        return
    st.text(texts("review.finds_about"))
    if open_finds:
        st.button(
            texts("review.replace_all", count=len(open_finds)),
            key="replace_all",
            type="primary",
            on_click=lambda: _treat(open_finds, "replace", texts),
        )
    for find in finds:
        with st.container(border=True):
            _find(find, texts)


def _find(find: FindInSentence, texts: Texts) -> None:
    st.caption(parts.plain(f"{find.answer} · {texts(f'find.{find.kind}')}"))
    before, words, after = (parts.plain(part) for part in (find.before, find.words, find.after))
    st.markdown(f"{before}:orange-background[{words}]{after}")
    st.segmented_control(
        texts("review.treatment"),
        _TREATMENTS,
        default=find.treatment,
        format_func=lambda each: texts(f"review.{each}", pseudonym=parts.plain(find.pseudonym)),
        key=f"treat.{find.id}.{find.treatment}.{texts.language}",
        label_visibility="collapsed",
        on_change=_treated,
        args=(find, f"treat.{find.id}.{find.treatment}.{texts.language}", texts),
    )


def _treated(find: FindInSentence, key: str, texts: Texts) -> None:
    chosen = session.widget(key)
    for treatment in _TREATMENTS:
        if chosen == treatment:
            _treat([find.id], treatment, texts)


def _treat(finds: Sequence[str], treatment: Treatment, texts: Texts) -> None:
    parts.decide(TreatFinds(tuple(finds), treatment), texts("review.treated", count=len(finds)))


def _proposed(study: Study, statuses: Mapping[str, Status], texts: Texts) -> None:
    if not statuses:
        parts.empty(texts("review.no_statuses"), "coding")
        return
    st.text(texts("review.statuses_about"))
    for status in dict.fromkeys(statuses.values()):
        answers = [answer for answer, each in statuses.items() if each == status]
        st.header(texts(f"status.{status}"), anchor=False)
        st.button(
            texts("review.set_all", count=len(answers)),
            key=f"set_all.{status}",
            on_click=_set_status,
            args=(answers, status, texts),
        )
        for answer in answers:
            with st.container(border=True):
                _status(answer, status, texts)


def _status(answer: str, status: Status, texts: Texts) -> None:
    st.caption(parts.plain(parts.answer_heading(answer)))
    parts.answer_text(answer)
    yes, no = st.columns(2)
    yes.button(
        texts(f"status.{status}"),
        key=f"set.{answer}",
        on_click=_set_status,
        args=([answer], status, texts),
    )
    no.button(
        texts("review.is_answer"),
        key=f"is_answer.{answer}",
        on_click=_dismiss,
        args=(answer, texts),
    )


def _set_status(answers: Sequence[str], status: Status | None, texts: Texts) -> None:
    parts.decide(SetStatus(tuple(answers), status), texts("review.set", count=len(answers)))


def _dismiss(answer: str, texts: Texts) -> None:
    _set_status([answer], None, texts)


def _decided(study: Study, texts: Texts) -> None:
    """The answers that somebody has set aside, and the way back."""
    set_aside = {answer: each for answer, each in study.state.statuses.items() if each}
    if not set_aside:
        return
    st.header(texts("review.set_aside", count=len(set_aside)), anchor=False)
    for answer, status in set_aside.items():
        with st.container(border=True):
            heading = f"{parts.answer_heading(answer)} · {texts(f'status.{status}')}"
            st.caption(parts.plain(heading))
            parts.answer_text(answer)
            st.button(
                texts("review.is_answer"),
                key=f"back.{answer}",
                on_click=_dismiss,
                args=(answer, texts),
            )
