"""The desk: one answer at a time, coded with the keyboard.

The desk is one component. It holds a batch of answers in the browser, draws at once, and posts what
was decided until that is acknowledged; here it is written, once each, before anything is drawn
(``desk_posts``). Where the component can't load, the same page works with Streamlit's own widgets
(``desk_native``), which stand there until it has reported.
"""

from __future__ import annotations

import uuid
from importlib.resources import files
from typing import Any

import streamlit as st

from coder.errors import UserError
from coder.i18n import Texts
from coder.study import Study
from coder.ui import desk_choice, desk_native, desk_talk, parts, session
from coder.ui.desk_data import Moment, View
from coder.ui.keys import KeyTable, load_keys

_SCRIPTS = ("keys", "outbox", "standing", "text", "model", "draw", "view", "start")


def _file(name: str) -> str:
    return files("coder.ui").joinpath(name).read_text("utf-8")


_COMPONENT = st.components.v2.component(
    "coder_desk",
    html=_file("desk.html"),
    css=_file("desk.css"),
    js="\n".join(_file(f"desk_{name}.js") for name in _SCRIPTS),
)


def show() -> None:
    """Draw the page."""
    texts, study = session.texts(), session.study()
    keys = load_keys()
    if keys.trouble:
        st.warning(parts.plain(texts.error(keys.trouble)))
    _follow_link(study)
    view = desk_choice.choose(study, texts)
    order = _order(study, view, texts)
    if desk_native.is_asked_for():
        _native(view, order)
    else:
        _desk(view, order, keys)


def _follow_link(study: Study) -> None:
    """Where a link from another page leads; only once, so that a reload comes back to the work."""
    answer = session.take_parameter("answer")
    if answer in study.state.answers:
        session.choose("desk_link", f"{uuid.uuid4()}:{answer}")
        desk_native.begin_at(str(answer))


def _order(study: Study, view: View, texts: Texts) -> list[str]:
    """The order of the view; it stays as it is until the coder asks for another."""
    coder = session.known_coder() or ""
    round = study.state.round_of(coder or None)
    key = study.path, session.coder_name(), view, round and round.round
    box = st.empty()
    try:
        return session.once("desk_order", key, lambda: _ordered(study, coder, view, box, texts))
    except UserError as error:
        box.warning(parts.plain(texts.error(error)))
        return Moment(study, coder).ordered(View())


def _ordered(study: Study, coder: str, view: View, box: Any, texts: Texts) -> list[str]:
    box.status(texts("desk.ordering"))
    order = Moment(study, coder).ordered(view)
    box.empty()
    return order


@st.fragment
def _native(view: View, order: list[str]) -> None:
    desk_native.card(session.study(), view, order)


@st.fragment
def _desk(view: View, order: list[str], keys: KeyTable) -> None:
    """Carry out what was posted, then tell the browser what stands."""
    study, texts, message = session.study(), session.texts(), desk_talk.heard()
    applied = desk_talk.apply(study, message, texts)
    moment = Moment(study, session.known_coder() or "")
    _COMPONENT(
        key="desk",
        height="content",
        data={
            **desk_talk.constant(keys, texts),
            **desk_talk.answer_to(message, applied, moment, view, order, texts),
        },
        default={"message": None},
        on_message_change=lambda: None,
    )
    # Emptied in so many words: what a run merely leaves out can stay when another comes between.
    box = st.empty()
    if not message.attempt:
        with box.container(key="desk_native"):
            desk_native.card(study, view, order)
    if moment.is_finished:
        parts.empty(texts("overview.step.results"), "joint")
