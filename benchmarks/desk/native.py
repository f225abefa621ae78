"""The peer: the same coding with Streamlit's own buttons, run by ``benchmarks.desk_keys``.

``DESK_STUDY`` is the study, ``DESK_DESIGN`` is ``fragment``, where a press runs the card only, or
``rerun``, where it runs the page. Buttons take the keys 1 to 9 as their shortcuts.
"""

from __future__ import annotations

import os
from pathlib import Path

import streamlit as st

from coder.model import AcceptGroup, Turn
from coder.study import Study


@st.cache_resource
def _study() -> Study:
    return Study.open(Path(os.environ["DESK_STUDY"]))


def _give(answer: str, code: str) -> None:
    study = _study()
    study.decide(study.coder("Anna"), AcceptGroup(Turn((answer,)), code, (answer,)))
    st.session_state["place"] += 1


def _card() -> None:
    study, place = _study(), st.session_state.setdefault("place", 0)
    row = study.survey.answers.iloc[place % len(study.survey.answers)]
    st.text(row.name, width="content")
    with st.container(key="answer"):
        st.text(row["text"])
    for no, code in enumerate(list(study.state.codes.values())[:9], start=1):
        st.button(
            code.label,
            key=f"code.{no}",
            shortcut=str(no),
            on_click=_give,
            args=(str(row.name), code.id),
        )


st.title("Native")
if os.environ["DESK_DESIGN"] == "fragment":
    st.fragment(_card)()
else:
    _card()
