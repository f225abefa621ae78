"""The choices on a page of results, which stay as they are while one looks elsewhere."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from coder.i18n import Texts
from coder.study import Study
from coder.ui import session


def view(page: str, parts_: Mapping[str, str], texts: Texts) -> str:
    """Which part of a page is shown, of those with these names; only that one is computed."""
    names = list(parts_)
    return st.segmented_control(
        texts("choices.view"),
        names,
        default=names[0],
        required=True,
        format_func=parts_.__getitem__,
        key=f"{page}_view.{texts.language}",
        label_visibility="collapsed",
        persist_state="session",
    )


def among(
    label: str, key: str, options: Mapping[str, str], texts: Texts, *, first: str = ""
) -> str:
    """One of several in a list that can be searched: names, and what each is called.

    first : the one that is chosen before anybody has; else that which stands first.
    """
    names = list(options)
    # What was chosen lasts when another adds to the list.
    start = next((each for each in (session.chosen(f"among.{key}"), first) if each in names), None)
    chosen = st.selectbox(
        label,
        names,
        index=names.index(start) if start is not None else 0,
        format_func=options.__getitem__,
        placeholder=texts("ui.choose"),
        # A list keeps the words that it was made with, so they are part of the key.
        key=f"{key}.{hash(tuple(options.items()))}",
        persist_state="session",
    )
    session.choose(f"among.{key}", chosen)
    return chosen


def one(
    label: str,
    key: str,
    options: Mapping[str, str],
    texts: Texts,
    help: str = "",
    first: str = "",
) -> str:
    """One of a few, side by side; first as for ``among``."""
    names = list(options)
    return st.segmented_control(
        label,
        names,
        default=first or names[0],
        required=True,
        format_func=options.__getitem__,
        key=f"{key}.{texts.language}",
        help=help or None,
        persist_state="session",
    )


def layer(study: Study, texts: Texts, key: str = "layer") -> Study:
    """The study by the layer that is chosen, the same on all pages of results.

    There is a choice as soon as two have coded what one may see. A reader is told of no coder.
    key : of another study than the session's, which has a choice of its own.
    """
    state = study.state
    coded = [who for who in state.coders if state.coded_answers(who)]
    if len(coded) < 2:
        return study
    options = {each: texts(f"choices.layer_{each}") for each in ("all", "consensus")}
    if session.role() != "reader":
        options |= {who: texts("choices.layer_of", name=state.coders[who]) for who in coded}
    with st.container(width=320, key=key):
        return study.layer(among(texts("choices.layer"), key, options, texts))


def groups(study: Study, label: str, key: str, texts: Texts, none: str = "") -> str:
    """By what answers are parted: a background value, a closed question or a category.

    none : what it is called not to part them; empty: they are always parted.
    """
    options = {"": none} if none else {}
    form = study.questionnaire
    for question in form.of_kind("background", "single"):
        if question.options:
            options[question.name] = question.label
    for code in study.state.codes.values():
        options[code.id] = texts("choices.category", label=study.state.path(code.id))
    return among(label, key, options, texts)
