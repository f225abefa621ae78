"""The way from a number to the answers behind it."""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st

from coder.i18n import Texts
from coder.ui import parts, session
from coder.ui.grid_filters import Wanted, to_address


def answers(wanted: Wanted, label: str) -> None:
    """A link to the table of answers with these filters; ``label`` is plain text."""
    parts.link("grid", parts.plain(label), **to_address(wanted))


def of_cases(cases: Collection[str], texts: Texts) -> None:
    """A link to the answers about some cases: to the only one, or to the table of them."""
    ids = session.study().answers_about(cases)
    if len(ids) == 1:
        parts.link("coding", texts("behind.one", answer=ids[0]), answer=ids[0])
    elif ids:
        told = texts("behind.answers", count=texts.number(len(ids)))
        answers(Wanted(ids=tuple(ids), status="all"), told)
    else:
        st.caption(texts("behind.nothing"))
