"""To split a code by reading its answers: each goes to one of the new codes, or stays."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence

import streamlit as st

from coder.i18n import Texts
from coder.model import Code, SplitCode, SplitPart
from coder.study import Study
from coder.ui import codebook_tree, parts, session
from coder.ui.codebook_describe import reason, why

_MOST = 6  # new codes at once
_STAYS = 0  # what an answer has that goes to none of them


@st.fragment
def show(study: Study, code: Code, texts: Texts) -> None:
    """Draw the new codes, the answers to be read, and the button that splits the code.

    A fragment: where an answer goes is drawn without the rest of the page. The answers are one's
    own codings, as only those can be split.
    """
    coder = session.known_coder()
    having = study.answers_by_code(coder)[code.id] if coder else set()
    if not having:
        st.info(texts("codebook.split_none"))
        return
    st.text(texts("codebook.split_about"))
    count = _how_many(code, texts)
    answers = _offered(study, code, coder, having, count, texts)
    goes = {each: _goes(code, each, count) for each in answers}
    _new_codes(code, count, goes, texts)
    for answer in answers:
        _answer(code, answer, count, texts)
    why(f"split.{code.id}", texts)
    if st.button(texts("codebook.split_do"), key="split", type="primary"):
        _split(code, {each: _goes(code, each, count) for each in answers}, count, texts)


def _how_many(code: Code, texts: Texts) -> int:
    return st.segmented_control(
        texts("codebook.split_count"),
        list(range(1, _MOST + 1)),
        default=2,
        required=True,
        key=f"split_count.{code.id}",
    )


def _offered(
    study: Study, code: Code, coder: str | None, having: set[str], count: int, texts: Texts
) -> list[str]:
    """The answers in the order of the survey; once groups are offered, group by group."""
    if st.button(texts("codebook.split_offer"), key="split_offer", icon=":material/auto_awesome:"):
        with st.spinner(texts("candidates.comparing")):
            groups = study.sub_groups(code.id, count, coder)
        for no, group in enumerate(groups, start=1):
            for answer in group:
                session.set_widget(_goes_key(code, answer, count), no)
        in_order = [answer for group in groups for answer in group]
        session.choose(f"split_order.{code.id}", " ".join(in_order))
    order = str(session.chosen(f"split_order.{code.id}") or "").split(" ")
    every = dict.fromkeys([*order, *study.survey.answers.index])
    return [answer for answer in every if answer in having]


def _goes_key(code: Code, answer: str, count: int) -> str:
    return f"goes.{code.id}.{answer}.{count}"


def _goes(code: Code, answer: str, count: int) -> int:
    """Which of the new codes an answer goes to, by its number."""
    value = session.widget(_goes_key(code, answer, count))
    return value if isinstance(value, int) else _STAYS


def _new_codes(code: Code, count: int, goes: Mapping[str, int], texts: Texts) -> None:
    """The name of each new code, and how many answers go there by now."""
    sizes = Counter(goes.values())
    for no in range(1, count + 1):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            label = texts("codebook.split_label", no=no, count=sizes[no])
            st.text_input(label, key=f"split_label.{code.id}.{no}")
            st.text_input(
                texts("categories.definition"),
                key=f"split_definition.{code.id}.{no}",
                placeholder=texts("coding.optional"),
            )
    st.caption(texts("codebook.split_stays", count=sizes[_STAYS], label=parts.plain(code.label)))


def _answer(code: Code, answer: str, count: int, texts: Texts) -> None:
    heading = parts.plain(parts.answer_heading(answer))
    with st.container(border=True, gap="xsmall"):
        st.segmented_control(
            heading,
            list(range(count + 1)),
            default=_STAYS,
            required=True,
            format_func=lambda no: str(no) if no else texts("codebook.split_here"),
            key=_goes_key(code, answer, count),
        )
        parts.answer_text(answer)


def _split(code: Code, goes: Mapping[str, int], count: int, texts: Texts) -> None:
    decision = SplitCode(code.id, tuple(_parts(code, goes, range(1, count + 1))))
    names = ", ".join(texts("ui.quoted", words=part.label) for part in decision.parts)
    done = texts("codebook.split_done", label=code.label, names=names)
    if parts.is_decided(decision, done, reason(f"split.{code.id}")):
        codebook_tree.choose_code(code.id)
    st.rerun()  # of the whole page: the tree is another


def _parts(code: Code, goes: Mapping[str, int], numbers: Sequence[int]) -> list[SplitPart]:
    """The new codes that have a name or answers."""
    made = []
    for no in numbers:
        label = str(session.widget(f"split_label.{code.id}.{no}") or "").strip()
        definition = str(session.widget(f"split_definition.{code.id}.{no}") or "").strip()
        answers = tuple(answer for answer, to in goes.items() if to == no)
        if label or answers:
            made.append(SplitPart(str(uuid.uuid4()), label, answers, definition))
    return made
