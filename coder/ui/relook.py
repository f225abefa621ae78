"""The answers to look at again, since a code has become another than when they were coded."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from coder.i18n import Texts
from coder.model import ApplyCode, Decision, MarkAnswers, MoveAnswers, RemoveCode
from coder.study import Relook, Study
from coder.ui import parts, session

_PAGE = 10  # answers that stand on the page at once


def show(study: Study, texts: Texts) -> None:
    """Draw one's own answers to look at again."""
    coder, aside = session.known_coder() or "", study.state.set_aside()
    every = [each for each in study.relook(ranked=False) if each.answer not in aside]
    own = [each for each in every if each.coder == coder]
    if own:
        st.caption(texts("again.about"))
        answers = _order(study, own, texts)
        for answer in answers[:_PAGE]:
            _answer(study, answer, [each for each in own if each.answer == answer], texts)
        if len(answers) > _PAGE:
            st.caption(texts("again.more", count=texts.number(len(answers) - _PAGE)))
    else:
        st.info(texts("again.none"))
    others = len({each.answer for each in every if each.coder != coder})
    if others:
        st.caption(texts("again.of_others", count=texts.number(others)))


def _order(study: Study, own: Sequence[Relook], texts: Texts) -> list[str]:
    """The answers in the order of the survey; if that is asked for, the most doubtful first.

    The latter takes a language model, and stays as it is until a code is changed again.
    """
    asked = {each.answer for each in own}
    order = study.survey.answers.index.tolist()
    if st.toggle(texts("again.doubtful"), key="relook_doubtful"):
        with st.spinner(texts("candidates.comparing")):
            key = study.path, max(each.no for each in own)
            ranked = session.once("relook", key, study.relook)
        order = [*(each.answer for each in ranked), *order]
    return [answer for answer in dict.fromkeys(order) if answer in asked]


def _answer(study: Study, answer: str, asked: Sequence[Relook], texts: Texts) -> None:
    """An answer, what is asked of it, and what can be done."""
    with st.container(border=True, key=f"relook.{answer}", gap="small"):
        with st.container(horizontal=True, vertical_alignment="center"):
            heading = parts.plain(parts.answer_heading(answer))
            st.header(heading, anchor=False, width="stretch")
            parts.link("coding", texts("grid.open"), show="again", answer=answer)
        parts.answer_text(answer)
        for each in asked:
            _question(study, each, texts)
        st.button(
            texts("again.keep"),
            key=f"keep.{answer}",
            type="primary",
            icon=":material/check:",
            on_click=partial(parts.decide, _keep(asked), texts("again.kept")),
        )


def _keep(asked: Sequence[Relook]) -> Decision:
    """What says that somebody has looked and all is right.

    That is to put the one code in question on once more; of several, or of one that it has not
    got, to be done with the answer.
    """
    (first, *more) = asked
    if more or not first.coded:
        return MarkAnswers((first.answer,), "done")
    return ApplyCode(first.code, (first.answer,))


def _question(study: Study, each: Relook, texts: Texts) -> None:
    """Why a coding, or that there is none, is in question; and how to change it."""
    label, answers = study.state.path(each.code), (each.answer,)
    why = texts(f"relook.{each.reason}", no=each.no)
    key = f"{each.answer}.{each.code}"
    told = texts("again.has" if each.coded else "again.has_not", label=label, why=why)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.text(told, width="stretch")
        if not each.coded:
            done = texts("categories.moved", count=1, label=label)
            give = partial(parts.decide, ApplyCode(each.code, answers), done)
            st.button(texts("again.give"), key=f"give.{key}", on_click=give)
            return
        with st.popover(texts("again.move")):
            _move(study, each, key, texts)
        done = texts("again.taken_off", label=label)
        take = partial(parts.decide, RemoveCode(each.code, answers), done)
        st.button(texts("again.take_off"), key=f"take.{key}", on_click=take)


def _move(study: Study, each: Relook, key: str, texts: Texts) -> None:
    source = study.state.codes[each.code]
    # Side by side: the list, open below its field, would lie over a button there.
    with st.container(horizontal=True, vertical_alignment="bottom", width=420):
        target = parts.pick_code(texts("categories.target"), f"relook_to.{key}", but=source)
        label = target.label if target else ""
        decision = MoveAnswers((each.answer,), each.code, target.id if target else "")
        done = texts("categories.moved", count=1, label=label)
        st.button(
            texts("again.move_do"),
            key=f"relook_move.{key}",
            type="primary",
            disabled=target is None,
            on_click=partial(parts.decide, decision, done),
        )
