"""The answers of a code, or those that have none yet, and what is done with those ticked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial

import streamlit as st

from coder.i18n import Texts
from coder.model import ApplyCode, Code, MoveAnswers, RemoveCode
from coder.study import Study
from coder.ui import parts, session
from coder.ui.codebook_describe import example_button
from coder.ui.codebook_tree import UNCODED

_PAGE = 50  # answers that stand on the page at once


def show(study: Study, code: Code | None, having: Collection[str], texts: Texts) -> None:
    """Draw the answers ``having`` a code (None: those that have none), in the survey's order."""
    answers = [each for each in study.survey.answers.index if each in having]
    if not answers:
        st.info(texts("categories.empty" if code else "categories.all_coded"))
        return
    if code and session.layer() is None:
        st.caption(texts("categories.of_others"))
    odd = _misfits(study, code, texts) if code else {}
    answers.sort(key=lambda each: each not in odd)  # those that look wrong first
    shown = answers[: _shown(code)]
    ticked = [each for each in shown if session.widget(_tick_key(code, each))]
    with st.container(border=True, horizontal=True, vertical_alignment="bottom", key="act_on"):
        _act_on(study, code, ticked, texts)
    for answer in shown:
        _answer(study, code, answer, odd.get(answer, ""), texts)
    _more(code, len(answers), texts)


def _answer(study: Study, code: Code | None, answer: str, odd: str, texts: Texts) -> None:
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            heading = parts.plain(parts.answer_heading(answer))
            st.checkbox(heading, key=_tick_key(code, answer), width="stretch")
            if code:
                example_button(study, code, answer, texts)
        parts.answer_text(answer)
        if odd:
            st.text(odd)


def _shown(code: Code | None) -> int:
    return int(session.chosen(f"answers_of.{code.id if code else UNCODED}") or _PAGE)


def _more(code: Code | None, total: int, texts: Texts) -> None:
    shown = _shown(code)
    if total > shown:
        more = min(_PAGE, total - shown)
        st.button(
            texts("candidates.more", count=more, left=texts.number(total - shown)),
            key="more_answers",
            on_click=session.choose,
            args=(f"answers_of.{code.id if code else UNCODED}", str(shown + _PAGE)),
        )


def _misfits(study: Study, code: Code, texts: Texts) -> Mapping[str, str]:
    """What the other codings say against each answer here; only when somebody asks for it."""
    if not st.toggle(texts("codebook.misfits"), key=f"misfits_in.{code.id}"):
        return {}
    with st.spinner(texts("candidates.comparing")):
        every = session.once("misfits", (study.path, study.state.no), study.misfits)
    labels = study.labels()
    found = {
        each.answer: texts(
            "candidates.misfit_likelier",
            label=labels[each.likelier],
            chance=texts.percent(each.likelier_chance),
        )
        for each in every
        if each.code == code.id
    }
    if not found:
        st.caption(texts("candidates.misfits_none"))
    return found


# --- what is done with them --------------------------------------------------------------------


def _act_on(study: Study, code: Code | None, ticked: Sequence[str], texts: Texts) -> None:
    target = parts.pick_code(texts("categories.move_to"), "move_to", but=code)
    key = "categories.move" if code else "categories.code"
    st.button(
        texts(key, count=len(ticked)),
        key="move",
        type="primary",
        disabled=not ticked or target is None,
        on_click=partial(_move, code, target, ticked, texts),
    )
    if code:
        st.button(
            texts("categories.take_out"),
            key="take_out",
            disabled=not ticked or session.layer() is None,
            on_click=partial(_take_out, code, ticked, texts),
        )


def _move(code: Code | None, target: Code | None, ticked: Sequence[str], texts: Texts) -> None:
    if target is None:
        return
    done = texts("categories.moved", count=len(ticked), label=target.label)
    if code and session.layer():
        parts.decide(MoveAnswers(tuple(ticked), code.id, target.id), done)
    else:  # uncoded, or coded by others, whose coding stays as it is
        parts.decide(ApplyCode(target.id, tuple(ticked)), done)


def _take_out(code: Code, ticked: Sequence[str], texts: Texts) -> None:
    done = texts("categories.taken_out", count=len(ticked))
    parts.decide(RemoveCode(code.id, tuple(ticked)), done)


def _tick_key(code: Code | None, answer: str) -> str:
    return f"tick.{code.id if code else UNCODED}.{answer}"
