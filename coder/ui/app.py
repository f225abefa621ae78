"""The app: its pages, and what stands beside all of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from coder.errors import UserError
from coder.i18n import Texts
from coder.model import CoderRole
from coder.ui import (
    across,
    agreed,
    candidates,
    codebook,
    coding,
    compare,
    decisions,
    exporting,
    frequencies,
    grid,
    importing,
    joint,
    news,
    overview,
    parts,
    review,
    rounds,
    score,
    session,
    settling,
    sheets,
    tour,
    waves,
    who,
)

_PAGES = (
    ("overview", overview.show, ":material/home:"),
    ("review", review.show, ":material/rule:"),
    ("candidates", candidates.show, ":material/category:"),
    ("coding", coding.show, ":material/checklist:"),
    ("grid", grid.show, ":material/table_rows:"),
    ("codebook", codebook.show, ":material/menu_book:"),
    ("rounds", rounds.show, ":material/group:"),
    ("agreement", agreed.show, ":material/balance:"),
    ("settling", settling.show, ":material/handshake:"),
    ("frequencies", frequencies.show, ":material/bar_chart:"),
    ("compare", compare.show, ":material/compare_arrows:"),
    ("score", score.show, ":material/leaderboard:"),
    ("joint", joint.show, ":material/join_inner:"),
    ("across", across.show, ":material/hub:"),
    ("sheets", sheets.show, ":material/description:"),
    ("waves", waves.show, ":material/timeline:"),
    ("log", decisions.show, ":material/history:"),
    ("import", importing.show, ":material/upload_file:"),
    ("export", exporting.show, ":material/ios_share:"),
)
# Where a section of the menu begins, by its first page; the overview stands above them all.
_SECTIONS = {
    "overview": "",
    "review": "answers",
    "rounds": "coders",
    "frequencies": "results",
    "log": "study",
}

# What a role has no use for, or no right to: a reader sees only what is named here, a coder all
# but this. The study refuses the same by itself.
_FOR_READERS = (
    "overview", "codebook", "frequencies", "compare", "score", "joint", "across", "sheets",
    "waves", "export",
)  # fmt: skip
_FOR_LEADS = ("review", "import")
_HERE = Path(__file__).parent
_LANGUAGE_NAMES = {"da": "Dansk", "en": "English"}


def main() -> None:
    """One run of the app."""
    # A picture of our own: Streamlit fetches its icons for the browser tab from another host.
    st.set_page_config(page_title="Coder", page_icon=str(_HERE / "icon.svg"), layout="wide")
    st.html(_HERE / "style.css")
    texts = session.texts()
    parts.tell_language(texts)
    parts.mend_menu()
    if not _may_enter(texts):
        return
    page = st.navigation(_menu(_pages(texts), texts), expanded=True)
    st.set_page_config(page_title=f"{page.title} – Coder")
    session.keep_address()
    try:
        with news.of(page.url_path or _PAGES[0][0]):
            _sidebar(texts)
            _message()
            names = [name for name, *_ in _PAGES if _is_for(session.role(), name)]
            tour.show(page.url_path or names[0], names, texts)
            page.run()
    except UserError as error:
        st.error(parts.plain(texts.error(error)))


def _menu(pages: Sequence[StreamlitPage], texts: Texts) -> dict[str, list[StreamlitPage]]:
    """The pages under the headings of their sections."""
    menu: dict[str, list[StreamlitPage]] = {}
    for (name, *_), page in zip(_PAGES, pages, strict=True):
        if name in _SECTIONS:
            section = _SECTIONS[name]
            menu[heading := texts(f"menu.{section}") if section else ""] = []
        menu[heading].append(page)
    return menu


def _pages(texts: Texts) -> list[StreamlitPage]:
    """The pages, of which those that are not for this person say so and are not in the menu."""
    role = session.role()
    return [
        st.Page(
            show if _is_for(role, name) else _refuse_page,
            title=texts(f"page.{name}.title"),
            url_path=name,
            icon=icon,
            default=not no,
            visibility="visible" if _is_for(role, name) else "hidden",
        )
        for no, (name, show, icon) in enumerate(_PAGES)
    ]


def _is_for(role: CoderRole, page: str) -> bool:
    if role == "reader":
        return page in _FOR_READERS
    return role == "lead" or page not in _FOR_LEADS


def _refuse_page() -> None:
    texts = session.texts()
    st.title(texts("gate.refused_title"))
    st.error(texts("ui.not_for_role"))


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
        _who(texts)
        if session.coder_name() and session.role() != "reader":
            _undo(texts)


def _may_enter(texts: Texts) -> bool:
    """Whether this session may see anything; if not, it is told why, or asked to sign in."""
    if who.must_sign_in():
        st.title(texts("gate.sign_in_title"))
        st.write(texts("gate.provider"))
        st.button(texts("gate.sign_in_button"), key="sign_in", type="primary", on_click=st.login)
        return False
    refusal = who.refusal()
    if refusal:
        st.title(texts("gate.refused_title"))
        st.error(texts(refusal))
        if who.account() == "":
            st.button(texts("gate.out_button"), key="sign_out", on_click=st.logout)
    return refusal is None


def _who(texts: Texts) -> None:
    """The account, where people sign in; else the field for a name."""
    account = who.account()
    if account is None:
        st.text_input(
            texts("ui.your_name"),
            value=session.coder_name(),
            key="coder_name",
            placeholder=texts("ui.your_name_example"),
            on_change=lambda: session.set_coder_name(str(session.widget("coder_name"))),
        )
        return
    with st.container(key="account", gap="small"):
        st.text(account)
        if who.sign_out_here():
            st.button(texts("gate.out_button"), key="sign_out", on_click=st.logout)
        else:
            address = f"/sign-out?lang={texts.language}"
            st.html(f'<a href="{address}" target="_self">{texts("gate.out_button")}</a>')


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
