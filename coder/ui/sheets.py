"""The category sheets: what is written of each category, beside the answers that it rests on."""

from __future__ import annotations

from functools import partial

import streamlit as st

from coder.i18n import Texts
from coder.model import Sheet, WriteSheet
from coder.study import SheetHelp, Study
from coder.ui import choices, parts, session, sheets_answers, sheets_appendix

FIELDS = ("character", "audience", "benefit")
_VIEWS = ("sheet", "appendix")
_CANDIDATES = 3  # that are shown in full


def show() -> None:
    """Draw the page."""
    texts, study = session.texts(), session.study()
    parts.title(texts, "sheets")
    used = {code for codes in study.state.codings.values() for code in codes}
    paths = {each.code: study.state.path(each.code) for each in study.sheets()}
    paths = {code: path for code, path in paths.items() if code in {*used, *study.state.sheets}}
    if not paths:
        parts.empty(texts("joint.nothing_coded"), "candidates")
        return
    view = choices.view("sheets", {each: texts(f"sheets.view_{each}") for each in _VIEWS}, texts)
    if view == "appendix":
        sheets_appendix.show(study, texts)
    elif session.role() == "reader":
        _to_read(study, paths, texts)
    else:
        _to_write(study, paths, texts)


def _to_read(study: Study, paths: dict[str, str], texts: Texts) -> None:
    """All that is written, as it may be published."""
    written = [each for each in study.published_sheets() if each != Sheet(each.code)]
    if not written:
        st.text(texts("sheets.nothing_written"))
    for sheet in written:
        st.header(parts.plain(paths.get(sheet.code, "")), anchor=False)
        for name in FIELDS:
            if getattr(sheet, name):
                st.caption(texts(f"sheets.field.{name}"))
                st.text(getattr(sheet, name))
        if sheet.case:
            st.caption(texts("sheets.field.case"))
            _answer(sheet.case)


def _to_write(study: Study, paths: dict[str, str], texts: Texts) -> None:
    asked = session.take_parameter("code") or ""
    if asked in paths:
        session.choose("sheets", asked)
    first = session.chosen("sheets") or ""
    label = texts("sheets.category")
    code = choices.among(label, f"sheets_{first}", paths, texts, first=first)
    with st.spinner(texts("candidates.comparing")):
        help = session.result("sheet", lambda: study.sheet_help(code), code)
    left, right = st.columns(2, gap="large")
    with left:
        definition = study.state.codes[code].definition
        if definition:
            st.text(definition)
        _fields(help, texts)
        _doubts(help, texts)
        _case(help, texts)
    with right:
        sheets_answers.show(study, help, texts)


# --- what is written ---------------------------------------------------------------------------


def _fields(help: SheetHelp, texts: Texts) -> None:
    """The fields; each is saved when one leaves it."""
    for name in FIELDS:
        value = getattr(help.sheet, name)
        # Named after what it was made with: a field keeps what it was given at first.
        key = f"sheet.{name}.{help.code}.{hash(value)}"
        st.text_area(
            texts(f"sheets.field.{name}"),
            value=value,
            key=key,
            height=150,
            placeholder=texts(f"sheets.example.{name}"),
            on_change=partial(_save, help.code, name, key, texts),
        )


def _save(code: str, name: str, key: str, texts: Texts) -> None:
    written = str(session.widget(key) or "")
    parts.decide(WriteSheet(code, **{name: written}), texts("sheets.saved"))


def _doubts(help: SheetHelp, texts: Texts) -> None:
    """What is cited and should not be, or not any more; and what cites nothing."""
    with st.container(key="sheet_doubts", gap="xsmall"):
        for answer in help.moved:
            with st.container(key=f"moved.{answer}", gap=None):
                st.warning(
                    texts("sheets.moved", answer=parts.plain(answer)), icon=":material/move:"
                )
                parts.link("coding", texts("behind.one", answer=parts.plain(answer)), answer=answer)
        for name in help.unknown:
            st.warning(texts("sheets.unknown", answer=parts.plain(name)))
        if help.uncited:
            with st.expander(texts("sheets.uncited", count=texts.number(len(help.uncited)))):
                for sentence in help.uncited:
                    st.text(sentence)


# --- the case ----------------------------------------------------------------------------------


def _case(help: SheetHelp, texts: Texts) -> None:
    """The answer that illustrates the category, and those that may."""
    st.header(texts("sheets.field.case"), anchor=False)
    chosen = help.sheet.case
    if chosen:
        with st.container(border=True, key="sheet_case", gap="xsmall"):
            _answer(chosen)
            if chosen not in help.permitted:
                st.warning(texts("sheets.case_not_permitted"), icon=":material/lock:")
            _choose_button(help.code, "", texts("sheets.case_off"), "case_off", texts)
    others = [each for each in help.candidates if each != chosen]
    if not others:
        st.caption(texts("sheets.no_candidates"))
    elif chosen:
        with st.expander(texts("sheets.more_candidates")):
            _candidates(help, others, texts)
    else:
        _candidates(help, others, texts)
    _other_case(help, texts)


def _candidates(help: SheetHelp, answers: list[str], texts: Texts) -> None:
    about = "typical" if help.ranked else "not_ranked"
    st.caption(texts(f"sheets.candidates_{about}"))
    for answer in answers[:_CANDIDATES]:
        with st.container(border=True, key=f"candidate.{answer}", gap="xsmall"):
            _answer(answer)
            _choose_button(help.code, answer, texts("sheets.case_on"), f"case.{answer}", texts)


def _other_case(help: SheetHelp, texts: Texts) -> None:
    """Any other answer of the category, where none of the candidates will do."""
    shown = {help.sheet.case, *help.candidates[:_CANDIDATES]}
    rest = [each for each in help.answers if each not in shown]
    if not rest:
        return
    with st.expander(texts("sheets.other_case")):
        answer = st.selectbox(
            texts("sheets.other_case"),
            rest,
            index=None,
            format_func=parts.answer_heading,
            placeholder=texts("ui.choose"),
            key=f"other_case.{help.code}",
            label_visibility="collapsed",
        )
        if answer:
            parts.answer_text(answer)
            if answer not in help.permitted:
                st.caption(texts("sheets.case_not_permitted"))
            _choose_button(help.code, answer, texts("sheets.case_on"), "case_other", texts)


def _choose_button(code: str, answer: str, label: str, key: str, texts: Texts) -> None:
    st.button(
        label,
        key=key,
        type="tertiary",
        icon=":material/bookmark:" if answer else ":material/close:",
        on_click=parts.decide,
        args=(WriteSheet(code, case=answer), texts("sheets.saved")),
    )


def _answer(answer: str) -> None:
    st.caption(parts.plain(parts.answer_heading(answer)))
    parts.answer_text(answer)
