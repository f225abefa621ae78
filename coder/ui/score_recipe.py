"""The recipe of the score: read, changed, and as it was before."""

from __future__ import annotations

from datetime import datetime
from functools import partial

import streamlit as st

from coder.i18n import Texts
from coder.study import Study
from coder.ui import parts, session

_HEIGHT = 560  # pixels


def recipe_view(study: Study, texts: Texts) -> None:
    """The recipe as YAML to be changed, and all there have been."""
    versions = study.recipes()
    now = versions[-1][1] if versions else ""
    st.text_area(
        texts("score.recipe"),
        value=now,
        height=_HEIGHT,
        key=_key(len(versions)),
        help=texts("score.recipe_help"),
    )
    st.button(
        texts("score.save"),
        key="score_save",
        type="primary",
        on_click=lambda: _use(study, str(session.widget(_key(len(versions))) or ""), texts),
    )
    if len(versions) > 1:
        _earlier(study, versions[:-1], texts)


def _key(version: int) -> str:
    return f"score_recipe.{version}"


def _use(study: Study, text: str, texts: Texts) -> None:
    parts.attempt(lambda: study.set_recipe(text), texts("score.saved"))


def _earlier(study: Study, versions: list[tuple[datetime, str]], texts: Texts) -> None:
    """Those that are not used any more, the latest first, each of which can be used again."""
    st.header(texts("score.earlier"), anchor=False)
    for no, (at, text) in reversed(list(enumerate(versions, start=1))):
        with st.expander(texts("score.version", no=no, at=parts.when(at, texts))):
            st.text(text)
            st.button(
                texts("score.use_again"),
                key=f"score_again.{no}",
                on_click=partial(_use, study, text, texts),
            )
