"""What stands above the desk: which answers are read, in which order, and what stands beside them.

The choices are in the page's address, so that a reload, or a link, finds them again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import streamlit as st

from coder.i18n import Texts
from coder.study import Study
from coder.ui import parts, session
from coder.ui.desk_data import FILTERS, ORDERS, View

T = TypeVar("T", bound=str)
_MOST = 9_999_999  # seeds have at most seven digits


def choose(study: Study, texts: Texts) -> View:
    """The view that is chosen; similar to no code yet is as imported."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="desk_choice"):
        filter = _pick("show", FILTERS, texts, lambda each: texts(f"desk.filter.{each}"))
        order = _pick("order", ORDERS, texts, lambda each: texts(f"desk.order.{each}"))
        seed, code = 0, None
        if order == "random":
            seed = _seed(texts)
        if order == "similar":
            labels = {each.id: each.label for each in study.state.codes.values()}
            code = _pick("code", list(labels), texts, labels.__getitem__, first=False)
        _context(study, texts)
    return View("imported" if order == "similar" and not code else order, filter, seed, code)


def _pick(
    name: str, options: Sequence[T], texts: Texts, called: Callable[[T], str], first: bool = True
) -> Any:
    """One of the options: the one in the address, else the first, or none."""
    asked = st.query_params.get(name)
    found = [no for no, option in enumerate(options) if option == asked]
    return st.selectbox(
        texts(f"desk.choose.{name}"),
        options,
        index=found[0] if found else (0 if first and options else None),
        format_func=called,
        placeholder=texts(f"desk.choose.{name}"),
        label_visibility="collapsed",
        key=f"desk_{name}",
        width=232,  # in style.css wider, when text is larger
        on_change=lambda: _keep(name),
    )


def _seed(texts: Texts) -> int:
    asked = st.query_params.get("seed", "1")
    return st.number_input(
        texts("desk.choose.seed"),
        min_value=0,
        max_value=_MOST,
        value=min(int(asked), _MOST) if asked.isdecimal() else 1,
        key="desk_seed",
        width=130,
        on_change=lambda: _keep("seed"),
    )


def _keep(name: str) -> None:
    value = session.widget(f"desk_{name}")
    if value is None:
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = str(value)


def _context(study: Study, texts: Texts) -> None:
    """Which closed items stand beside an answer, for everyone who codes."""
    items = study.closed_items()
    if not items:
        return
    with st.popover(texts("desk.choose.context"), icon=":material/tune:"):
        st.multiselect(
            texts("desk.choose.context"),
            list(items),
            default=study.context_items(),
            format_func=items.__getitem__,
            placeholder=texts("ui.choose"),
            key="desk_context",
            on_change=lambda: study.set_context_items(_chosen()),
        )
        st.caption(parts.plain(texts("desk.choose.context_about")))


def _chosen() -> list[str]:
    value = session.widget("desk_context")
    return [str(each) for each in value] if isinstance(value, list) else []
