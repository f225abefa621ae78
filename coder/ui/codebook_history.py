"""Where codes came from: the history of one, the picture and table of all, and saturation."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from coder.i18n import Texts
from coder.model import Code
from coder.study import Event, Study
from coder.ui import decisions, parts, session

_ROWS, _HIGH = 15, 560  # more rows than that scroll, in a table that is so many pixels high
_SIGNS = ("born", "renamed", "split", "merged", "retired")


def of_code(study: Study, code: Code, texts: Texts) -> None:
    """Draw what has happened to a code, the latest first, each with the way to it in the log."""
    events = [each for each in study.genealogy() if code.id in (each.code, each.other)]
    for event in reversed(events):
        is_own = event.code == code.id
        if not is_own and event.what not in ("merged", "split"):
            continue  # another one was moved under it
        with st.container(gap=None, key=f"event.{event.no}.{event.code}"):
            st.text(told(event, texts) if is_own else _told_of_other(event, texts))
            if event.why:
                st.caption(parts.plain(texts("ui.quoted", words=event.why)))
            _to_log(study, event, texts)


def _to_log(study: Study, event: Event, texts: Texts) -> None:
    """Who and when, and the way to the entry."""
    who = study.state.coders.get(event.coder, "")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(parts.plain(f"{who} · {parts.when(event.at, texts)}"), width="content")
        entry = texts("entry.jump", no=event.no)
        key = f"to_entry.{event.no}.{event.code}"
        if st.button(entry, key=key, type="tertiary", icon=":material/arrow_forward:"):
            decisions.jump(event.no)
            parts.go("log")


def told(event: Event, texts: Texts) -> str:
    """What happened to a code, in words."""
    what = "moved_under" if event.what == "moved" and event.other else event.what
    values = {"label": event.label, "other": event.other_label, "before": event.before}
    return texts(f"codebook.event.{what}", **values)


def _told_of_other(event: Event, texts: Texts) -> str:
    """What another one did to this: it went into it, or was split from it."""
    return texts(f"codebook.event.other_{event.what}", label=event.label)


# --- of all codes ------------------------------------------------------------------------------


def show(study: Study, texts: Texts) -> None:
    """Draw where all codes came from: a picture, and the table behind it."""
    events = study.genealogy()
    if not events:
        st.info(texts("codebook.no_history"))
        return
    words = {sign: texts(f"codebook.sign.{sign}") for sign in _SIGNS}
    figure = study.genealogy_figure(words, partial(parts.when, texts=texts))
    st.caption(texts("codebook.history_about"))
    with st.container(key="genealogy"):
        st.image(figure, alt=texts("codebook.history_alt"))
    coders = study.state.coders
    shown = pd.DataFrame(
        {
            texts("column.no"): [each.no for each in events],
            texts("codebook.when"): [parts.when(each.at, texts) for each in events],
            texts("column.coder"): [coders.get(each.coder, "") for each in events],
            texts("column.category"): [each.label for each in events],
            texts("codebook.what"): [told(each, texts) for each in events],
            texts("column.why"): [each.why for each in events],
        }
    )
    _table(shown, "history_table", texts("codebook.view_history"))


def saturation(study: Study, texts: Texts) -> None:
    """Draw how many new categories every ten answers brought: a line, and the table behind it."""
    rows = study.saturation(coder=session.layer())
    if rows.empty:
        st.info(texts("codebook.no_saturation"))
        return
    st.caption(texts("codebook.saturation_about"))
    figure = study.saturation_figure(
        lambda count: texts("ui.answers_count", count=texts.number(count)),
        texts.number,
        session.layer(),
    )
    st.image(figure, alt=texts("codebook.saturation_alt"))
    shown = pd.DataFrame(
        {
            texts("codebook.answers_by_then"): rows["answers"],
            texts("codebook.new_codes"): rows["new_codes"],
            texts("codebook.codes_by_then"): rows["codes"],
        }
    )
    _table(shown, "saturation_table", texts("codebook.view_saturation"))


def _table(shown: pd.DataFrame, key: str, alt: str) -> None:
    st.dataframe(
        shown,
        hide_index=True,
        height="content" if len(shown) <= _ROWS else _HIGH,
        key=key,
        alt=alt,
    )
