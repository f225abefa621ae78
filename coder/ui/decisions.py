"""The decision log: every decision with its number, time, coder and reason, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, get_args

import streamlit as st

from coder.errors import UserError
from coder.i18n import Texts
from coder.model import Decision, Hidden, LogEntry, Undo
from coder.study import Study
from coder.ui import as_of, entry_details, parts, session

_PAGE = 50  # entries that stand on the page at once
_KINDS = [kind.__name__ for kind in get_args(Decision) if kind is not Hidden]
_MORE_FILTERS = ("coder", "kind", "code", "answer")
_GAP = "\u2002"  # a wider space, between the number and what was decided
_STANDS = {"all": None, "stands": True, "undone": False}


def show() -> None:
    """Draw the page."""
    texts, study = session.texts(), session.study()
    parts.title(texts, "log")
    if not study.state.log:
        parts.empty(texts("log.empty"), "overview")
        return
    view = st.segmented_control(
        texts("entry.view"),
        ("list", "then"),
        default="list",
        required=True,
        format_func=lambda each: texts(f"entry.view_{each}"),
        key="log_view",
        label_visibility="collapsed",
    )
    if view == "then":
        parts.begin_at_top("then")
        as_of.show(study, texts)
    else:
        parts.begin_at_top("list")
        _log(study, texts)


def _log(study: Study, texts: Texts) -> None:
    """What is wanted of the log on the left, the entry that is chosen on the right."""
    entries = _matching(study, _filters(study, texts), texts)
    if not entries:
        st.info(texts("entry.no_match"))
        st.button(texts("entry.clear"), key="clear", type="primary", on_click=_clear)
        return
    left, right = st.columns([3, 2], gap="large")
    with left:
        chosen = _choose(study, entries, texts)
    with right, st.container(key="log_entry"):
        entry_details.heading(study, chosen, texts)
        _acts(study, chosen, texts)
        entry_details.show(study, chosen, texts)


# --- what is wanted ----------------------------------------------------------------------------


def _filters(study: Study, texts: Texts) -> dict[str, Any]:
    """Draw the filters; what is wanted of each, None where it does not matter."""
    chosen = [name for name in _MORE_FILTERS if session.widget(f"log_{name}") is not None]
    with st.container(horizontal=True, vertical_alignment="center", key="log_filters"):
        st.text_input(
            texts("entry.search"),
            type="search",
            placeholder=texts("entry.search"),
            key="log_text",
            live=True,
            label_visibility="collapsed",
        )
        st.segmented_control(
            texts("entry.status"),
            tuple(_STANDS),
            default="all",
            required=True,
            format_func=lambda each: texts(f"entry.status_{each}"),
            key="log_status",
            label_visibility="collapsed",
        )
        more = texts("entry.filters_on", count=len(chosen)) if chosen else texts("entry.filters")
        with st.popover(more, icon=":material/filter_list:"):
            wanted = _more_filters(study, texts)
    return wanted | {"stands": _STANDS[str(session.widget("log_status"))]}


def _more_filters(study: Study, texts: Texts) -> dict[str, str | None]:
    labels, coders = study.labels(), study.state.coders
    options: dict[str, tuple[list[str], Callable[[str], str]]] = {
        "coder": (list(coders), lambda each: coders[each]),
        "kind": (_KINDS, lambda each: texts(f"decision.{each}")),
        "code": (sorted(labels, key=lambda each: labels[each].casefold()), labels.__getitem__),
        "answer": (study.survey.answers.index.tolist(), str),
    }
    return {
        name: st.selectbox(
            texts(f"entry.{name}"),
            values,
            index=None,
            format_func=write,
            placeholder=texts("entry.any"),
            key=f"log_{name}",
        )
        for name, (values, write) in options.items()
    }


def _matching(study: Study, wanted: dict[str, Any], texts: Texts) -> list[LogEntry]:
    """The entries that are wanted and have every word that is looked for, newest first."""
    entries = study.entries(**wanted)
    words = str(session.widget("log_text") or "").casefold().split()
    if not words:
        return entries
    key = (study.path, study.state.no, texts.language)
    lines = session.once("log_lines", key, lambda: _searchable(study, texts))
    return [each for each in entries if all(word in lines[each.no] for word in words)]


def _searchable(study: Study, texts: Texts) -> dict[int, str]:
    """All that is written of each entry, in small letters, by its number."""
    state, labels, answers = study.state, study.labels(), study.answers_concerned()

    def written(entry: LogEntry) -> str:
        told = parts.told(entry, texts, state.coders, labels)
        who = state.coders.get(entry.coder, "")
        return " ".join([str(entry.no), told, entry.why, who, *answers[entry.no]])

    return {entry.no: written(entry).casefold() for entry in state.log}


def _clear() -> None:
    session.set_widget("log_text", "")
    session.set_widget("log_status", "all")
    for name in _MORE_FILTERS:
        session.set_widget(f"log_{name}", None)


# --- the list ----------------------------------------------------------------------------------


def _choose(study: Study, entries: list[LogEntry], texts: Texts) -> LogEntry:
    """A part of the entries to choose from: the part with the one that was chosen before."""
    numbers = [entry.no for entry in entries]
    before = int(session.chosen("entry") or numbers[0])
    place = numbers.index(before) if before in numbers else 0
    first = place - place % _PAGE
    lines = _lines(study, entries[first : first + _PAGE], texts)
    key = f"entries.{hash(tuple(lines.values()))}"  # a radio keeps the labels it was made with
    session.set_widget(key, numbers[place])
    _how_many(study, numbers, first, texts)
    with st.container(key="log_list"):
        st.radio(
            texts("entry.choose"),
            list(lines),
            format_func=lambda no: lines[no][0],
            captions=[caption for _, caption in lines.values()],
            key=key,
            on_change=lambda: session.choose("entry", str(session.widget(key))),
            label_visibility="collapsed",
        )
    return entries[place]


def _lines(study: Study, entries: list[LogEntry], texts: Texts) -> dict[int, tuple[str, str]]:
    """By number: what is decided, struck through when it is undone; who, when and why below."""
    coders, labels, undone = study.state.coders, study.labels(), study.undone()

    def line(entry: LogEntry) -> tuple[str, str]:
        said = parts.plain(parts.told(entry, texts, coders, labels))
        below = [coders.get(entry.coder, ""), parts.when(entry.at, texts)]
        below += [texts("log.undone")] if entry.no in undone else []
        below += [texts("ui.quoted", words=entry.why)] if entry.why else []
        struck = f"~~{said}~~" if entry.no in undone else said
        return f"{entry.no}{_GAP}{struck}", parts.plain(" · ".join(below))

    return {entry.no: line(entry) for entry in entries}


def _how_many(study: Study, numbers: list[int], first: int, texts: Texts) -> None:
    """How many there are, and the way to newer and older ones."""
    count, total, last = len(numbers), len(study.state.log), min(first + _PAGE, len(numbers))
    with st.container(horizontal=True, vertical_alignment="center", key="log_pages"):
        key = "entry.count" if count == total else "entry.count_of"
        told = texts(key, count=texts.number(count), total=texts.number(total))
        st.caption(told, width="content" if count <= _PAGE else "stretch")
        if count <= _PAGE:
            return
        span = texts("entry.span", first=texts.number(first + 1), last=texts.number(last))
        newer, older = numbers[max(first - _PAGE, 0)], numbers[min(last, count - 1)]
        _turn("newer", newer, first == 0, texts)
        st.caption(span, width="content")
        _turn("older", older, last == count, texts)


def _turn(name: str, to: int, disabled: bool, texts: Texts) -> None:
    st.button(
        texts(f"entry.{name}"),
        key=name,
        icon=f":material/chevron_{'left' if name == 'newer' else 'right'}:",
        type="tertiary",
        disabled=disabled,
        on_click=partial(session.choose, "entry", str(to)),
    )


# --- what can be done with one -----------------------------------------------------------------


def _acts(study: Study, entry: LogEntry, texts: Texts) -> None:
    """To take it back, or what took it back; and to see the study as it was then."""
    by = study.undone_by().get(entry.no)
    with st.container(horizontal=True, key="log_acts"):
        if by is not None:
            _undo_button("entry.redo", by, texts)
            _jump_button(by, texts)
        elif entry_details.can_be_undone(entry):
            again = isinstance(entry.decision, Undo)
            _undo_button("entry.redo" if again else "entry.undo", entry.no, texts)
        st.button(
            texts("entry.as_of"),
            key="as_of",
            icon=":material/history:",
            on_click=_look_back,
            args=(entry.no,),
        )
    blocked = session.chosen(f"blocked.{by or entry.no}")
    if blocked and int(blocked) not in study.undone():
        with st.container(border=True, key="log_blocked"):
            st.text(texts("log.undo_blocked", no=blocked))
            _jump_button(int(blocked), texts)


def _undo_button(key: str, no: int, texts: Texts) -> None:
    """Take back this entry: a decision, or the undo that took it back."""
    entry = session.study().state.log[no - 1]
    done = texts("ui.undone" if key == "entry.undo" else "ui.redone")
    st.button(
        texts(key),
        key="undo_this",
        icon=":material/undo:" if key == "entry.undo" else ":material/redo:",
        type="primary",
        on_click=parts.attempt,
        args=(partial(_undo, entry), done),
    )


def _undo(entry: LogEntry) -> None:
    """Take back an entry; which one stands in the way is kept, to be shown."""
    no, study = entry.no, session.study()
    now = study.state.log[no - 1 : no]
    if [(each.at, each.coder) for each in now] != [(entry.at, entry.coder)]:
        raise UserError("study.log_joined", path=study.path)
    try:
        study.decide(session.coder(), Undo(no))
    except UserError as error:
        if error.key == "log.undo_blocked":
            session.choose(f"blocked.{no}", str(error.params["no"]))
        raise


def _jump_button(no: int, texts: Texts) -> None:
    st.button(
        texts("entry.jump", no=no),
        key=f"jump.{no}",
        icon=":material/arrow_forward:",
        on_click=jump,
        args=(no,),
    )


def jump(no: int) -> None:
    """Choose an entry, whatever is filtered now."""
    _clear()
    session.set_widget("log_view", "list")
    session.choose("entry", str(no))


def _look_back(no: int) -> None:
    session.choose("as_of", str(no))
    session.set_widget("log_view", "then")
