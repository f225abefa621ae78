"""Settling: the answers that coders disagree on, one at a time, those that say most first."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from coder.i18n import Texts
from coder.model import Cause, ReviseCode, Settle
from coder.study import Disagreement, Study
from coder.ui import parts, session

_CAUSES: tuple[Cause, ...] = ("slip", "unclear_definition", "both_apply", "ambiguous")
_KEYS = 9  # choices that have a number


def show() -> None:
    """Draw the page."""
    texts, study = session.texts(), session.study()
    parts.title(texts, "settling")
    if study.hidden():
        st.info(texts("ui.hidden", count=len(study.hidden())), icon=":material/visibility_off:")
    waiting = study.disagreements()
    _clarify(study, texts)
    _how_far(study, len(waiting), texts)
    if not waiting:
        parts.empty(texts("settling.none"), "agreement")
    else:
        at = _at(waiting)
        _one(study, waiting[at], at, len(waiting), texts)
    _settled(study, texts)


def _how_far(study: Study, left: int, texts: Texts) -> None:
    done = len(study.state.settled)
    if done + left:
        told = texts("settling.how_far", done=texts.number(done), left=texts.number(left))
        st.progress(done / (done + left), text=told)


def _at(waiting: Sequence[Disagreement]) -> int:
    """Which one is on the page: the one that was moved to, or the first."""
    asked = session.chosen("settling") or ""
    answers = [each.answer for each in waiting]
    return answers.index(asked) if asked in answers else 0


def _one(study: Study, each: Disagreement, at: int, count: int, texts: Texts) -> None:
    """A disagreement: the answer and who chose what on the left, what to decide on the right."""
    left, right = st.columns([7, 5], gap="large")
    with left:
        _steps(study, each, at, count, texts)
        with st.container(border=True, key="settling_answer"):
            st.caption(parts.plain(parts.answer_heading(each.answer)))
            parts.answer_text(each.answer)
        _chosen(study, each, texts)
        _definitions(study, each, texts)
        _similar(study, each, texts)
    with right, st.container(border=True, key="settling_acts"):
        _decide(study, each, texts)


def _steps(study: Study, each: Disagreement, at: int, count: int, texts: Texts) -> None:
    waiting = study.disagreements()
    with st.container(horizontal=True, vertical_alignment="center", key="settling_steps"):
        labels = [study.state.codes[code].label for code in each.confusion]
        kind = "between" if len(labels) > 1 else "only"
        told = texts(f"settling.{kind}", labels=" / ".join(labels), count=each.alike)
        st.caption(parts.plain(told), width="stretch")
        for name, step, icon in (("back", -1, "arrow_back"), ("next", 1, "arrow_forward")):
            there = at + step
            st.button(
                texts(f"settling.{name}"),
                key=f"settling_{name}",
                icon=f":material/{icon}:",
                disabled=not 0 <= there < count,
                on_click=partial(
                    session.choose, "settling", waiting[there % count].answer
                ),
            )  # fmt: skip


def _chosen(study: Study, each: Disagreement, texts: Texts) -> None:
    """Who chose what, and what they wrote of it."""
    state, colours = study.state, study.coder_colours()
    for coder, codes in each.chosen.items():
        with st.container(key=f"chosen.{coder}", gap="xxsmall"):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                parts.coder_chip(state.coders[coder], colours[coder])
                st.text(_named(study, codes, texts), width="stretch")
            memo = state.memos.get((coder, each.answer))
            if memo:
                st.caption(texts("settling.memo"))
                st.text(memo)


def _named(study: Study, codes: Sequence[str], texts: Texts) -> str:
    labels = [texts("ui.quoted", words=study.state.codes[code].label) for code in codes]
    return ", ".join(labels) or texts("settling.nothing")


def _definitions(study: Study, each: Disagreement, texts: Texts) -> None:
    """The definitions in question, side by side."""
    with st.container(key="settling_definitions"):
        shown = each.disputed[:3]
        for column, code in zip(st.columns(len(shown)), shown, strict=True):
            it = study.state.codes[code]
            with column.container(border=True, key=f"definition.{code}", height="stretch"):
                st.markdown(f"**{parts.plain(it.label)}**")
                st.text(it.definition or texts("settling.no_definition"))
                for name in ("include", "exclude"):
                    if getattr(it, name):
                        st.caption(texts(f"codebook.field.{name}"))
                        st.text(getattr(it, name))


def _similar(study: Study, each: Disagreement, texts: Texts) -> None:
    similar = study.similar_settled(each.answer, each.disputed)
    if similar:
        with st.expander(texts("settling.similar", count=len(similar))):
            for answer in similar:
                settled = study.state.settled[answer]
                st.caption(parts.plain(f"{answer} · {_named(study, settled.codes, texts)}"))
                parts.answer_text(answer)


# --- what is decided ---------------------------------------------------------------------------


def _decide(study: Study, each: Disagreement, texts: Texts) -> None:
    """Why they disagree, and what counts; every choice is one button, with a number."""
    st.pills(
        texts("settling.why"), _CAUSES, default=_usual(each), key=f"cause.{each.answer}",
        format_func=lambda cause: texts(f"reason.{cause}"),
    )  # fmt: skip
    st.text_input(
        texts("settling.note"), key=f"note.{each.answer}", placeholder=texts("coding.optional")
    )
    st.markdown(texts("settling.what_counts"))
    choices = list(dict.fromkeys(each.chosen.values()))
    union = tuple(code for code in study.state.codes if any(code in some for some in choices))
    if union not in choices and study.codes_per_answer(each.answer) == "many":
        choices.append(union)
    if () not in choices:
        choices.append(())
    for no, codes in enumerate(choices, start=1):
        st.button(
            parts.plain(_named(study, codes, texts)),
            key=f"settle.{each.answer}.{no}",
            width="stretch",
            shortcut=str(no) if no <= _KEYS else None,
            on_click=partial(_settle, each.answer, codes, texts),
        )
    other = parts.pick_code(texts("settling.other"), f"other.{each.answer}")
    if other:
        st.button(
            texts("settling.use", label=parts.plain(other.label)),
            key=f"settle.{each.answer}.other",
            on_click=partial(_settle, each.answer, (other.id,), texts),
        )
    parts.link("codebook", texts("settling.split"), code=each.disputed[0])


def _usual(each: Disagreement) -> Cause:
    """What is chosen at first: confusions that come again are hardly slips."""
    return "unclear_definition" if each.alike > 1 else "slip"


def _settle(answer: str, codes: tuple[str, ...], texts: Texts) -> None:
    cause = session.widget(f"cause.{answer}")
    reason = next((each for each in _CAUSES if each == cause), None)
    if reason is None:
        session.say(texts("settling.why_first"), refused=True)
        return
    each = next((e for e in session.study().disagreements() if e.answer == answer), None)
    note = str(session.widget(f"note.{answer}") or "").strip()
    decision = Settle((answer,), codes, reason, note)
    if parts.is_decided(decision, texts("settling.done", answer=answer)):
        unclear = reason == "unclear_definition" and each is not None
        session.choose("clarify", f"{answer} {each.disputed[0]}" if unclear and each else "")


def _clarify(study: Study, texts: Texts) -> None:
    """After an unclear definition: what belongs to the code and what does not, to be written."""
    answer, _, first = (session.chosen("clarify") or "").partition(" ")
    if answer not in study.state.settled or first not in study.state.codes:
        return
    with st.container(border=True, key="clarify"):
        st.subheader(texts("settling.clarify"), anchor=False)
        st.text(study.survey.answers.at[answer, "text"])
        ids = [*dict.fromkeys([first, *study.state.settled[answer].codes])]
        code = st.segmented_control(
            texts("settling.which"), ids, default=first, required=True, key="clarify_code",
            format_func=lambda each: parts.plain(study.state.codes[each].label),
        )  # fmt: skip
        it = study.state.codes[code or first]
        left, right = st.columns(2)
        stamp = f"{it.id}.{answer}"
        left.text_area(
            texts("codebook.field.include"), value=it.include, height=90, key=f"include.{stamp}"
        )
        right.text_area(
            texts("codebook.field.exclude"), value=it.exclude, height=90, key=f"exclude.{stamp}"
        )
        has = it.id in study.state.settled[answer].codes
        st.checkbox(texts("settling.as_example"), value=has, key=f"example.{stamp}")
        with st.container(horizontal=True):
            st.button(
                texts("categories.save"), type="primary", key="clarify_save",
                on_click=partial(_write, it.id, answer, stamp, texts),
            )  # fmt: skip
            st.button(
                texts("settling.leave"), key="clarify_leave",
                on_click=partial(session.choose, "clarify", ""),
            )  # fmt: skip


def _write(code: str, answer: str, stamp: str, texts: Texts) -> None:
    it = session.study().state.codes[code]
    include, exclude = (str(session.widget(f"{n}.{stamp}") or "") for n in ("include", "exclude"))
    examples = (*it.examples, answer) if session.widget(f"example.{stamp}") else it.examples
    revised = ReviseCode(
        code, include=include, exclude=exclude, examples=tuple(dict.fromkeys(examples))
    )
    why = texts("settling.because", answer=answer)
    if parts.is_decided(revised, texts("categories.saved", label=it.label), why):
        session.choose("clarify", "")


def _settled(study: Study, texts: Texts) -> None:
    """What has been settled, the latest first."""
    settled = study.state.settled
    if not settled:
        return
    with st.expander(texts("settling.settled", count=len(settled))):
        for answer, each in reversed(list(settled.items())):
            with st.container(gap=None, key=f"settled.{answer}"):
                cause = texts(f"reason.{each.reason}")
                st.text(f"{answer} · {_named(study, each.codes, texts)} · {cause}")
                if each.note:
                    st.caption(parts.plain(each.note))
