"""The tour: a small box at the top of each page that says what it is for and what to try.

It is on in the demo study until it is closed, off in others until it is asked for, and never in
the way: everything on the page can be used while it is there.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

import streamlit as st

from coder.demo import is_demo
from coder.i18n import Texts
from coder.ui import parts, session

STEPS = (
    "overview",
    "review",
    "candidates",
    "coding",
    "grid",
    "codebook",
    "rounds",
    "agreement",
    "settling",
    "frequencies",
    "compare",
    "score",
    "joint",
    "across",
    "sheets",
    "waves",
    "log",
    "import",
    "export",
)


def is_on() -> bool:
    """What was chosen last, also before a reload; before anything was, on in the demo study."""
    asked = session.tour()
    return is_demo(session.study().path) if asked is None else asked


def show(page: str, there: Collection[str], texts: Texts) -> None:
    """Draw the step of this page; ``there`` are the pages of the app."""
    box = st.container(key="tour_place")  # also when empty: what follows must not move
    steps = [step for step in STEPS if step in there]
    if not is_on() or page not in steps:
        return
    with box, st.container(border=True, key="tour", gap="xsmall"):
        no = steps.index(page)
        st.caption(texts("tour.step", no=no + 1, count=len(steps)))
        st.text(texts(f"tour.{page}.about"))
        st.text(texts(f"tour.{page}.try"))
        with st.container(horizontal=True, gap="small"):
            if no:
                _to(steps[no - 1], "back", texts)
            if no + 1 < len(steps):
                _to(steps[no + 1], "next", texts)
            _close(texts)


def offer(texts: Texts) -> None:
    """The button that begins the tour, where it is off."""
    if not is_on():
        st.button(
            texts("tour.begin"),
            key="tour_begin",
            icon=":material/explore:",
            type="tertiary",
            on_click=partial(session.set_tour, True),
        )


def _to(page: str, way: str, texts: Texts) -> None:
    label = texts(f"tour.{way}", page=texts(f"page.{page}.title"))
    if st.button(label, key=f"tour_{way}"):
        parts.go(page)


def _close(texts: Texts) -> None:
    st.button(
        texts("tour.close"),
        key="tour_close",
        icon=":material/close:",
        type="tertiary",
        on_click=partial(session.set_tour, False),
    )
