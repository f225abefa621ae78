"""The codebook: its tree, each code in full, where the codes came from, what to look at again."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import streamlit as st

from coder.i18n import Texts
from coder.model import Code
from coder.study import Study
from coder.ui import (
    codebook_acts,
    codebook_answers,
    codebook_describe,
    codebook_history,
    codebook_tree,
    parts,
    relook,
    session,
)

_VIEWS = ("codes", "history", "saturation", "relook")
_PARTS = ("describe", "answers", "history")


def show() -> None:
    """Draw the page."""
    texts, study = session.texts(), session.study()
    parts.title(texts, "codebook")
    coder = session.known_coder()
    again = len(study.again(coder) - study.state.set_aside()) if coder else 0
    view = _switch("codebook_view", _view_labels(again, texts), texts("codebook.view"))
    if view == "codes":
        _codes(study, texts)
        return
    parts.begin_at_top(view)
    if view == "history":
        codebook_history.show(study, texts)
    elif view == "saturation":
        codebook_history.saturation(study, texts)
    else:
        relook.show(study, texts)


def _view_labels(again: int, texts: Texts) -> dict[str, str]:
    labels = {view: texts(f"codebook.view_{view}") for view in _VIEWS}
    if again:
        labels["relook"] += f" ({texts.number(again)})"
    return labels


def _switch(name: str, labels: Mapping[str, str], label: str) -> str:
    """One of several things to look at, by its name; what was chosen lasts, whatever it says."""
    before = session.chosen(name)
    chosen = before if before is not None and before in labels else next(iter(labels))
    key = f"{name}.{hash(tuple(labels.values()))}"  # it keeps the labels that it was made with
    session.set_widget(key, chosen)
    with st.container(key=name):
        st.segmented_control(
            label,
            list(labels),
            required=True,
            format_func=labels.__getitem__,
            key=key,
            label_visibility="collapsed",
            on_change=lambda: session.choose(name, str(session.widget(key))),
        )
    return chosen


def _codes(study: Study, texts: Texts) -> None:
    """The tree on the left, the code that is chosen on the right."""
    having = study.answers_by_code(session.layer())
    left, right = st.columns([1, 2], gap="medium")
    with left:
        codebook_acts.new_code(study, texts)
        chosen = codebook_tree.choose(study, having, texts)
    with right, st.container(key="codebook_code"):
        code = study.state.codes.get(chosen)
        if code:
            _code(study, code, having[code.id], texts)
        else:
            st.header(texts("categories.uncoded"), anchor=False)
            codebook_answers.show(study, None, codebook_tree.uncoded(study), texts)
    parts.begin_at_top(chosen)


def _code(study: Study, code: Code, having: Collection[str], texts: Texts) -> None:
    """The code that is chosen: its acts, and one of its parts; or the act that is under way."""
    st.header(parts.plain(code.label), anchor=False)
    st.caption(parts.plain(_told(study, code, texts)))
    if codebook_acts.acts(study, code, texts):
        return
    labels = {part: texts(f"codebook.part_{part}") for part in _PARTS}
    labels["answers"] += f" ({texts.number(len(having))})"
    part = _switch("code_part", labels, texts("codebook.part"))
    if part == "describe":
        codebook_describe.show(study, code, texts)
    elif part == "answers":
        codebook_answers.show(study, code, having, texts)
    else:
        codebook_history.of_code(study, code, texts)


def _told(study: Study, code: Code, texts: Texts) -> str:
    """Where it stands, and what else must be known of it, on one line."""
    above = texts("codebook.at_top")
    if code.parent is not None:
        above = texts("codebook.stands_under", path=study.state.path(code.parent))
    notes = [above]
    notes += [] if code.codable else [texts("codebook.is_heading")]
    notes += [texts("codebook.is_retired")] if code.retired else []
    return " · ".join(notes)
