"""The app: its pages, and what stands beside all of them."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from coder.errors import UserError
from coder.i18n import Texts
from coder.ui import (
    agreed,
    candidates,
    codebook,
    coding,
    decisions,
    grid,
    importing,
    overview,
    parts,
    results,
    review,
    rounds,
    session,
    settling,
    tour,
)

_PAGES = (
    ("overview", overview.show, ":material/home:"),
    ("review", review.show, ":material/rule:"),
    ("candidates", candidates.show, ":material/category:"),
    ("coding", coding.show, ":material/checklist:"),
    ("grid", grid.show, ":material/table_rows:"),
    ("rounds", rounds.show, ":material/group:"),
    ("agreement", agreed.show, ":material/balance:"),
    ("settling", settling.show, ":material/handshake:"),
    ("codebook", codebook.show, ":material/menu_book:"),
    ("results", results.show, ":material/bar_chart:"),
    ("log", decisions.show, ":material/history:"),
    ("import", importing.show, ":material/upload_file:"),
)
_HERE = Path(__file__).parent
_LANGUAGE_NAMES = {"da": "Dansk", "en": "English"}


def main() -> None:
    """One run of the app."""
    # A picture of our own: Streamlit fetches its icons for the browser tab from another host.
    st.set_page_config(page_title="Coder", page_icon=str(_HERE / "icon.svg"), layout="wide")
    st.html(_HERE / "style.css")
    texts = session.texts()
    parts.tell_language(texts)
    pages = [
        st.Page(show, title=texts(f"page.{name}.title"), url_path=name, icon=icon, default=not no)
        for no, (name, show, icon) in enumerate(_PAGES)
    ]
    page = st.navigation(pages)
    st.set_page_config(page_title=f"{page.title} – Coder")
    session.keep_address()
    try:
        _sidebar(texts)
        _message()
        names = [name for name, *_ in _PAGES]
        tour.show(page.url_path or names[0], names, texts)
        page.run()
    except UserError as error:
        st.error(parts.plain(texts.error(error)))


def _message() -> None:
    # Here also when empty: what follows must not move, or tabs and expanders would close.
    box = st.container(key="refused")
    waiting = session.take_message()
    if waiting is None:
        return
    message, refused = waiting
    if refused:
        box.error(parts.plain(message))
    else:
        st.toast(parts.plain(message))


def _sidebar(texts: Texts) -> None:
    with st.sidebar:
        st.segmented_control(
            texts("ui.language"),
            list(_LANGUAGE_NAMES),
            default=texts.language,
            key="language_switch",
            format_func=_LANGUAGE_NAMES.__getitem__,
            on_change=_switch_language,
            label_visibility="collapsed",
        )
        _choose_study(texts)
        st.text_input(
            texts("ui.your_name"),
            value=session.coder_name(),
            key="coder_name",
            placeholder=texts("ui.your_name_example"),
            on_change=lambda: session.set_coder_name(str(session.widget("coder_name"))),
        )
        if session.coder_name():
            _undo(texts)


def _choose_study(texts: Texts) -> None:
    """Another study of the same folder, where there is one."""
    names, now = session.studies(), session.study().path.stem
    if len(names) > 1 and now in names:
        st.selectbox(
            texts("ui.study"),
            names,
            index=names.index(now),
            placeholder=texts("ui.choose"),
            key=f"study.{now}",
            on_change=lambda: session.use_study(str(session.widget(f"study.{now}"))),
        )


def _switch_language() -> None:
    asked = session.widget("language_switch")
    if asked in ("da", "en"):
        session.set_language(asked)


def _undo(texts: Texts) -> None:
    """Undo and redo, and what undo would take back."""
    study = session.study()
    coder = session.known_coder()
    last = study.undoable(coder) if coder else None
    again = study.redoable(coder) if coder else None
    left, right = st.columns(2)
    left.button(
        texts("ui.undo"),
        key="undo",
        icon=":material/undo:",
        disabled=last is None,
        width="stretch",
        on_click=lambda: parts.attempt(lambda: study.undo(session.coder()), texts("ui.undone")),
    )
    right.button(
        texts("ui.redo"),
        key="redo",
        icon=":material/redo:",
        disabled=again is None,
        width="stretch",
        on_click=lambda: parts.attempt(lambda: study.redo(session.coder()), texts("ui.redone")),
    )
    if last:
        st.caption(texts("ui.last_decision", what=parts.plain(parts.describe(last, texts))))
