"""The tree of the codebook, to choose from: each code with its colour and how often it is used."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from coder.i18n import Texts
from coder.model import Code
from coder.study import Study
from coder.ui import parts, session

UNCODED = "uncoded"
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
Having = Mapping[str, set[str]]  # the answers that have each code
_TREE = '.st-key-{key} [data-testid="stRadioGroup"] > div:nth-child({no})'


@dataclass(frozen=True)
class Row:
    """A code as a line of the tree; ``count`` of a heading is that of all that stands under it."""

    code: Code
    depth: int
    count: int


def rows(study: Study, having: Having) -> list[Row]:
    """The codes that are in use from the top down, each below the one that it stands under.

    Below a code that is out of use may be others that are not: they stand where it stood.
    """
    return _below(study, having, None, 0)


def _below(study: Study, having: Having, parent: str | None, depth: int) -> list[Row]:
    found: list[Row] = []
    for code in study.state.children(parent):
        inner = _below(study, having, code.id, depth if code.retired else depth + 1)
        if not code.retired:
            found.append(Row(code, depth, _count(study, having, code)))
        found += inner
    return found


def retired(study: Study, having: Having) -> list[Row]:
    """The codes that are out of use, in the order of the codebook."""
    codes = [code for code in study.state.codes.values() if code.retired]
    return [Row(code, 0, _count(study, having, code)) for code in codes]


def _count(study: Study, having: Having, code: Code) -> int:
    own = having[code.id]
    return len(own if code.codable or own else _with_those_below(study, having, code.id))


def _with_those_below(study: Study, having: Having, code: str) -> set[str]:
    below = (_with_those_below(study, having, child.id) for child in study.state.children(code))
    return having[code].union(*below)


def is_colour(text: str) -> bool:
    """Whether this is a colour as it may stand in a style; anything else may not."""
    return _COLOUR.fullmatch(text) is not None


def choose(study: Study, having: Having, texts: Texts) -> str:
    """The id of the code that is chosen, or ``UNCODED``; at first the first code there is."""
    tree, out = rows(study, having), retired(study, having)
    every = [*(row.code.id for row in tree), UNCODED, *(row.code.id for row in out)]
    before = session.chosen("code")
    chosen = before if before in every else every[0]
    wanted = _search(texts)
    labels = _labels(study, _found(study, tree, wanted), texts, in_full=bool(wanted))
    if not wanted:
        labels[UNCODED] = _uncoded_label(study, texts)
    elif not labels:
        st.caption(texts("codebook.not_found"))
    _radio("code_tree", labels, chosen, texts)
    _style("code_tree", [row for row in tree if row.code.id in labels], is_flat=bool(wanted))
    _out_of_use(study, _found(study, out, wanted), chosen, texts)
    return chosen


def _out_of_use(study: Study, out: Sequence[Row], chosen: str, texts: Texts) -> None:
    if not out:
        return
    is_open = any(row.code.id == chosen for row in out)
    title = texts("codebook.retired", count=texts.number(len(out)))
    with st.expander(title, expanded=is_open):
        _radio("code_retired", _labels(study, out, texts, in_full=True), chosen, texts)
        _style("code_retired", out, is_flat=True)


def _search(texts: Texts) -> list[str]:
    """The words that are looked for among the names, in small letters."""
    st.text_input(
        texts("codebook.search"),
        type="search",
        placeholder=texts("codebook.search"),
        key="code_search",
        live=True,
        label_visibility="collapsed",
    )
    return str(session.widget("code_search") or "").casefold().split()


def _found(study: Study, every: Sequence[Row], words: Sequence[str]) -> list[Row]:
    def text(code: Code) -> str:
        return f"{study.state.path(code.id)} {code.definition}".casefold()

    return [row for row in every if all(word in text(row.code) for word in words)]


def _labels(study: Study, every: Sequence[Row], texts: Texts, in_full: bool) -> dict[str, str]:
    """What is written of each, by id; in full: with the codes that it stands under."""
    state = study.state
    names = {e.code.id: state.path(e.code.id) if in_full else e.code.label for e in every}
    return {
        row.code.id: f"{parts.plain(names[row.code.id])} ({texts.number(row.count)})"
        for row in every
    }


def uncoded(study: Study) -> set[str]:
    """The answers that are still to be dealt with."""
    state = study.state
    return set(state.answers - state.set_aside() - state.dealt_with(session.layer()))


def _uncoded_label(study: Study, texts: Texts) -> str:
    count = len(uncoded(study))
    return f"*{texts('categories.uncoded')}* ({texts.number(count)})"


def _radio(name: str, labels: Mapping[str, str], chosen: str, texts: Texts) -> None:
    """A list to choose from; nothing is chosen in it when that stands elsewhere."""
    if not labels:
        return
    key = f"{name}.{hash(tuple(labels.items()))}"  # a radio keeps the labels it was made with
    session.set_widget(key, chosen if chosen in labels else None)
    with st.container(key=name):
        st.radio(
            texts("categories.choose"),
            list(labels),
            index=None,
            format_func=labels.__getitem__,
            key=key,
            on_change=lambda: choose_code(str(session.widget(key))),
            label_visibility="collapsed",
        )


def choose_code(code: str) -> None:
    """Choose a code, or ``UNCODED``; what was begun with another is left."""
    session.choose("code", code)
    session.choose("code_act", "")


def _style(key: str, every: Sequence[Row], is_flat: bool) -> None:
    """Each line's place and colour: a style, since a list has neither."""
    rules = []
    for no, row in enumerate(every, start=1):
        rule = f"--depth: {0 if is_flat else row.depth}"
        if is_colour(row.code.colour):
            rule += f"; --swatch: {row.code.colour}"
        if not row.code.codable:
            rule += "; --weight: 600"
        rules.append(f"{_TREE.format(key=key, no=no)} {{ {rule} }}")
    if rules:
        st.html(f"<style>{' '.join(rules)}</style>")
