"""A figure on a page: the picture, its words, and the picture as a file."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from coder.i18n import Texts
from coder.study import Figure
from coder.ui import parts, session


def show(name: str, make: Callable[[], Figure], texts: Texts, *choices: object) -> Figure:
    """Draw a figure, made again only when what it shows has changed; the figure itself.

    name : for keys and files. choices : what it depends on beside the study and the language.
    """

    def drawn() -> tuple[Figure, str]:
        figure = make()
        return figure, figure.svg()

    with st.spinner(texts("table.working")):
        figure, svg = session.result(f"figure_{name}", drawn, texts.language, *choices)
    with st.container(key=f"figure-{name}", gap="xsmall"):
        st.image(svg, alt=figure.alt)
        if figure.note:
            st.caption(parts.plain(figure.note))
        _files(name, figure, svg, texts)
    return figure


def _files(name: str, figure: Figure, svg: str, texts: Texts) -> None:
    makes: dict[str, Callable[[], str | bytes]] = {"svg": lambda: svg, "png": figure.png}
    with st.container(horizontal=True, gap="small"):
        for ending, make in makes.items():
            st.download_button(
                texts(f"table.{ending}"),
                partial(make),
                file_name=f"{session.study().path.stem}-{name}.{ending}",
                key=f"fetch.figure-{name}.{ending}",
                icon=":material/image:",
                type="tertiary",
                on_click="ignore",
            )
