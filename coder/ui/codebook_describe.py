"""What is written of a code: its name, what belongs to it and what does not, and its colour."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from coder.i18n import Texts
from coder.model import Code, ReviseCode
from coder.study import Study
from coder.ui import parts, session
from coder.ui.codebook_tree import is_colour

# Eight colours that differ also for those who see colours otherwise (after Okabe & Ito), each
# dark enough to be seen on white.
COLOURS = {
    "#0072b2": "blue",
    "#c85200": "orange",
    "#007f5f": "green",
    "#a8478f": "pink",
    "#8a6d00": "olive",
    "#3b8fc4": "light_blue",
    "#6b4fa0": "purple",
    "#5b6665": "grey",
}
_FIELDS = ("label", "definition", "include", "exclude", "memo")
_KEYS = {"label": "to", "definition": "def"}


def show(study: Study, code: Code, texts: Texts) -> None:
    """Draw what is written of a code, to be changed; and its examples."""
    # Named after what they were made with: a field keeps what it was given at first.
    stamp = f"{code.id}.{hash((code, texts.language))}"
    with st.form(f"revise.{stamp}", border=False):
        _field("label", code, stamp, texts)
        _field("definition", code, stamp, texts, height=80)
        left, right = st.columns(2)
        with left:
            _field("include", code, stamp, texts, height=80)
        with right:
            _field("exclude", code, stamp, texts, height=80)
        _field("memo", code, stamp, texts, height=68)
        _colour(code, stamp, texts)
        st.checkbox(
            texts("codebook.heading"),
            value=not code.codable,
            key=f"heading.{stamp}",
            help=texts("codebook.heading_help"),
        )
        why(f"revise.{stamp}", texts)
        save = partial(_save, code, stamp, texts)
        st.form_submit_button(texts("categories.save"), type="primary", on_click=save)
    _examples(study, code, texts)


def why(key: str, texts: Texts) -> None:
    """The field for the reason of an act; ``reason`` reads it."""
    st.text_input(
        texts("codebook.why"), key=f"why.{key}", placeholder=texts("codebook.why_example")
    )


def reason(key: str) -> str:
    """What stands in the field for the reason."""
    return str(session.widget(f"why.{key}") or "").strip()


def _field(name: str, code: Code, stamp: str, texts: Texts, height: int = 0) -> None:
    label, value = texts(f"codebook.field.{name}"), getattr(code, name)
    key = f"{_KEYS.get(name, name)}.{stamp}"
    if height:
        st.text_area(label, value=value, height=height, key=key)
    else:
        st.text_input(label, value=value, key=key)


def _colour(code: Code, stamp: str, texts: Texts) -> None:
    """The colour by its name, with a spot of it; one of somebody's own has its number."""
    own = [code.colour] if is_colour(code.colour) and code.colour not in COLOURS else []
    names = {each: texts(f"codebook.colour.{name}") for each, name in COLOURS.items()}
    names |= {each: each for each in own}
    with st.container(key="code_colour"):
        st.pills(
            texts("codebook.field.colour"),
            list(names),
            default=code.colour if code.colour in names else None,
            format_func=names.__getitem__,
            key=f"colour.{stamp}",
        )
    spots = [
        f".st-key-code_colour button:nth-child({no}) {{ --swatch: {each} }}"
        for no, each in enumerate(names, start=1)
    ]
    st.html(f"<style>{' '.join(spots)}</style>")


def _save(code: Code, stamp: str, texts: Texts) -> None:
    """Write what is another than it was when it was drawn; the rest stays as it is by now."""
    given: dict[str, Any] = {
        name: str(session.widget(f"{_KEYS.get(name, name)}.{stamp}") or "") for name in _FIELDS
    }
    given["colour"] = str(session.widget(f"colour.{stamp}") or "")
    given["codable"] = not session.widget(f"heading.{stamp}")
    changed = {name: value for name, value in given.items() if value != getattr(code, name)}
    if not changed:
        session.say(texts("codebook.nothing_changed"))
        return
    done = texts("categories.saved", label=given["label"])
    parts.decide(ReviseCode(code.id, **changed), done, reason(f"revise.{stamp}"))


# --- examples ----------------------------------------------------------------------------------


def _examples(study: Study, code: Code, texts: Texts) -> None:
    st.subheader(texts("codebook.examples"), anchor=False)
    if not code.examples:
        st.caption(texts("codebook.no_examples"))
    for answer in code.examples:
        with st.container(border=True, key=f"example.{answer}", gap="xsmall"):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.caption(parts.plain(parts.answer_heading(answer)), width="stretch")
                example_button(study, code, answer, texts)
            parts.answer_text(answer)


def example_button(study: Study, code: Code, answer: str, texts: Texts) -> None:
    """Make an answer an example of the code, or take that away."""
    is_one = answer in code.examples
    st.button(
        texts("codebook.example_off" if is_one else "codebook.example_on"),
        key=f"example_{'off' if is_one else 'on'}.{answer}",
        type="tertiary",
        icon=":material/close:" if is_one else ":material/format_quote:",
        on_click=_set_example,
        args=(study, code.id, answer, not is_one, texts),
    )


def _set_example(study: Study, code: str, answer: str, on: bool, texts: Texts) -> None:
    now = study.state.codes.get(code)  # with those that others have chosen meanwhile
    others = tuple(each for each in now.examples if each != answer) if now else ()
    done = texts("codebook.example_added" if on else "codebook.example_gone")
    parts.decide(ReviseCode(code, examples=(*others, *([answer] if on else []))), done)
