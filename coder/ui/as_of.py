"""Looking back: the codebook and the codings as of an earlier entry, beside those of today."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pandas as pd
import streamlit as st

from coder.i18n import Texts
from coder.study import Study
from coder.ui import parts, session


def show(study: Study, texts: Texts) -> None:
    """Draw the study as of the entry that is chosen; before one is, as of the latest."""
    last = study.state.no
    no = min(int(session.chosen("as_of") or last), last)
    _moment(study, no, last, texts)
    book, codings = session.once(
        "as_of", (study.path, no, last), lambda: (study.codebook_then(no), study.codings_then(no))
    )
    _codebook(book, texts)
    _codings(study, codings, texts)


# --- which moment ------------------------------------------------------------------------------


def _moment(study: Study, no: int, last: int, texts: Texts) -> None:
    """The slider over all entries, a step back and one forward, and what was decided just then."""
    session.set_widget("as_of_no", no)
    with st.container(horizontal=True, vertical_alignment="bottom", key="as_of_moment"):
        _step("earlier", no - 1, no == 0, texts)
        st.slider(
            texts("then.after"),
            min_value=0,
            max_value=last,
            key="as_of_no",
            on_change=lambda: session.choose("as_of", str(session.widget("as_of_no"))),
        )
        _step("later", no + 1, no == last, texts)
    if no == 0:
        st.text(texts("then.beginning"))
        return
    entry = study.state.log[no - 1]
    who = study.state.coders.get(entry.coder, "")
    st.text(f"{no}. {parts.describe(entry, texts)}")
    st.caption(parts.plain(f"{who} · {parts.when(entry.at, texts)}"))


def _step(name: str, no: int, disabled: bool, texts: Texts) -> None:
    st.button(
        texts(f"then.{name}"),
        key=f"as_of_{name}",
        icon=f":material/chevron_{'left' if name == 'earlier' else 'right'}:",
        disabled=disabled,
        on_click=partial(session.choose, "as_of", str(no)),
    )


# --- what there was ----------------------------------------------------------------------------


def _codebook(book: pd.DataFrame, texts: Texts) -> None:
    """The codebook then, with how many answers each code had, and what has become of it."""
    st.header(texts("then.codebook"), anchor=False)
    there, now = int(book["label"].notna().sum()), int(book["label_now"].notna().sum())
    st.text(texts("then.codes", then=texts.number(there), now=texts.number(now)))
    if book.empty:
        return
    told = [_since(texts, *row) for row in zip(*(book[name] for name in _TOLD), strict=True)]
    shown = pd.DataFrame(
        {
            texts("column.category"): book["label"].fillna(book["label_now"]),
            texts("column.then"): _written(book["answers"], texts),
            texts("column.now"): _written(book["answers_now"], texts),
            texts("column.since"): told,
            texts("column.definition"): book["definition"].fillna(""),
        }
    )
    right = st.column_config.Column(alignment="right", width="small")
    widths = {
        texts("column.then"): right,
        texts("column.now"): right,
        texts("column.since"): st.column_config.Column(width="medium"),
    }
    st.dataframe(
        shown,
        hide_index=True,
        height="content" if len(shown) <= _ROWS else _HIGH,
        column_config=widths,
        key="codebook_then",
        alt=texts("then.codebook"),
    )


_TOLD = ("since", "label_now", "into")
_ROWS, _HIGH = 15, 560  # more rows than that scroll, in a table that is so many pixels high


def _since(texts: Texts, since: Sequence[str], now: str, into: str) -> str:
    """What has become of a code since then, in words."""
    values = {"label": now, "into": into}
    return ", ".join(texts(f"then.since.{each}", **values) for each in since)


def _written(counts: pd.Series[int], texts: Texts) -> list[str]:
    return ["–" if pd.isna(count) else texts.number(count) for count in counts]


def _codings(study: Study, codings: pd.DataFrame, texts: Texts) -> None:
    """The coding of each answer then and today; at first only what is another today."""
    st.header(texts("then.codings"), anchor=False)
    other = codings[~codings["same"].astype(bool)]
    st.text(texts("then.changed", count=texts.number(len(other)), total=texts.number(len(codings))))
    if codings.empty:
        return
    every = st.toggle(texts("then.every"), key="as_of_every")
    rows = codings if every else other
    if rows.empty:
        return
    answers = study.survey.answers["text"]
    shown = pd.DataFrame(
        {
            texts("column.answer"): rows["answer"],
            texts("column.coder"): rows["coder"],
            texts("column.coded_then"): rows["then"].map(" · ".join),
            texts("column.coded_now"): rows["now"].map(" · ".join),
            texts("column.text"): rows["answer"].map(answers),
        }
    )
    st.dataframe(
        shown,
        hide_index=True,
        height="content" if len(shown) <= _ROWS else _HIGH,
        key="codings_then",
        alt=texts("then.codings"),
    )
