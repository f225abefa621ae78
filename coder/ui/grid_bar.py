"""The line above the table, on which one searches, filters, sorts and chooses columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from urllib.parse import parse_qs, urlencode

import streamlit as st

from coder.i18n import Texts
from coder.study import Study
from coder.ui import parts, session
from coder.ui.grid_filters import (
    BARE,
    DIRECTIONS,
    HAVING,
    NOTES,
    ONLY,
    STATUSES,
    UNCODED,
    Wanted,
    columns_of,
    from_address,
    options,
    to_address,
    usual_columns,
    valid,
)
from coder.ui.grid_rows import OWN, column_label

_PARAMETERS = tuple(each.name for each in fields(Wanted))


def choose(study: Study, texts: Texts) -> Wanted:
    """Draw the line; what is chosen on it."""
    bar = _Bar(study, texts, valid(_before(texts), study))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="grid_bar"):
        q = bar.search()
        wanted = replace(bar.filters(), q=q, sort=bar.sort(), columns=bar.columns())
    _keep(wanted, study, texts)
    if (wanted.filters, wanted.sort) != (bar.before.filters, bar.before.sort):
        st.rerun()  # the buttons, drawn before what is in them, tell of it
    return wanted


def clear() -> None:
    """Search for nothing, and show everything, as before anyone has chosen."""
    wanted = from_address(_kept())
    usual = Wanted(sort=wanted.sort, columns=wanted.columns)
    session.choose("grid", urlencode(to_address(usual), doseq=True))
    session.set_address(to_address(usual), _PARAMETERS)
    session.choose("grid.round", str(_round() + 1))


# --- what was chosen before --------------------------------------------------------------------


def _round() -> int:
    """How often all was cleared: part of the keys, so that the fields are made anew."""
    return int(session.chosen("grid.round") or 0)


def _key(name: str, texts: Texts) -> str:
    # The language is part of the key: a list keeps the words that it was made with.
    return f"grid_{name}.{_round()}.{texts.language}"


def _kept() -> dict[str, list[str]]:
    return parse_qs(session.chosen("grid") or "")


def _before(texts: Texts) -> Wanted:
    """What the address asks for when one comes to the page, and then what was chosen there.

    One who comes without asking for anything finds the page as it was left.
    """
    comes = session.widget(_key("q", texts)) is None
    asked = session.address(_PARAMETERS) if comes else {}
    return from_address(asked or _kept())


def _keep(wanted: Wanted, study: Study, texts: Texts) -> None:
    """Remember what is chosen, in the session and in the address."""
    usual = wanted.columns == usual_columns(study)
    values = to_address(replace(wanted, columns=() if usual else wanted.columns))
    session.choose("grid", urlencode(values, doseq=True))
    session.set_address(values, _PARAMETERS)


# --- the fields --------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Bar:
    """The fields, each of which begins with what was chosen before."""

    study: Study
    texts: Texts
    before: Wanted

    def key(self, name: str) -> str:
        return _key(name, self.texts)

    def search(self) -> str:
        found = st.text_input(
            self.texts("grid.search"),
            value=self.before.q,
            key=self.key("q"),
            type="search",
            live=True,
            placeholder=self.texts("grid.search_example"),
            help=self.texts("grid.search_help"),
        )
        return found or ""

    def filters(self) -> Wanted:
        """What was chosen before, with the filters that are chosen now."""
        texts, count = self.texts, self.before.filters
        label = texts("grid.filters_on", count=count) if count else texts("grid.filters")
        with st.popover(label, icon=":material/filter_alt:", key="grid_filters"):
            codes, having = self.codes()
            marks = self.several("marks", NOTES, self.before.marks, self.note)
            item, values = self.closed()
            status = self.one("status", STATUSES, self.before.status)
            only = tuple(each for each in ONLY if self.tick(each))
        return replace(
            self.before, codes=codes, having=having, marks=marks, item=item, values=values,
            status=status, only=only,
        )  # fmt: skip

    def codes(self) -> tuple[tuple[str, ...], str]:
        state, none = self.study.state, self.texts("grid.uncoded")
        paths = {UNCODED: none} | {code: state.path(code) for code in state.codes}
        # The names are part of the key: a list keeps those that it was made with.
        name = f"codes.{hash(tuple(paths.values()))}"
        codes = self.several(name, tuple(paths), self.before.codes, paths.__getitem__)
        return codes, self.one("having", HAVING, self.before.having) if codes else "any"

    def closed(self) -> tuple[str, tuple[str, ...]]:
        """A closed item, and those of its responses that are wanted."""
        labels = {"": self.texts("grid.no_item")} | self.study.closed_items()
        item = st.selectbox(
            self.texts("grid.item"),
            list(labels),
            index=list(labels).index(self.before.item),
            format_func=labels.__getitem__,
            placeholder=self.texts("ui.choose"),
            key=self.key("item"),
        )
        if not item:
            return "", ()
        same = self.before.values if item == self.before.item else ()
        return item, self.several(f"values.{item}", options(self.study, item), same, str)

    def sort(self) -> str:
        texts, before = self.texts, self.before.sort
        shown = self.before.columns or usual_columns(self.study)
        columns = list(dict.fromkeys(("", "answer", "text", *OWN, *shown, before.strip("-"))))
        with st.popover(self.sort_label(), icon=":material/sort:", key="grid_sort"):
            column = st.selectbox(
                texts("grid.sort_by"),
                columns,
                index=columns.index(before.removeprefix("-")),
                format_func=self.column,
                placeholder=texts("ui.choose"),
                key=self.key("sort"),
            )
            down = self.one("direction", DIRECTIONS, "down" if before.startswith("-") else "up")
        minus = "-" if down == "down" else ""
        return f"{minus}{column}" if column else ""

    def sort_label(self) -> str:
        sort = self.before.sort
        if not sort:
            return self.texts("grid.sort")
        arrow = "↓" if sort.startswith("-") else "↑"
        return f"{arrow} {parts.plain(self.column(sort.removeprefix('-')))}"

    def columns(self) -> tuple[str, ...]:
        """The columns beside id and text; only those when none is chosen."""
        before = self.before.columns or usual_columns(self.study)
        with st.popover(self.texts("grid.columns"), icon=":material/view_column:", key="grid_cols"):
            chosen = self.several("columns", columns_of(self.study), before, self.column)
        return chosen or (BARE,)

    # --- kinds of fields ---

    def several(
        self,
        name: str,
        there: tuple[str, ...],
        before: tuple[str, ...],
        label: Callable[[str], str],
    ) -> tuple[str, ...]:
        chosen = st.multiselect(
            self.texts(f"grid.{name.split('.')[0]}"),
            there,
            default=[each for each in before if each in there],
            format_func=label,
            placeholder=self.texts("ui.choose"),
            select_all=False,  # Streamlit says it in English
            key=self.key(name),
        )
        return tuple(chosen)

    def one(self, name: str, there: Sequence[str], before: str) -> str:
        return st.segmented_control(
            self.texts(f"grid.{name}"),
            there,
            default=before,
            required=True,
            format_func=lambda each: self.texts(f"grid.{name}_{each}"),
            key=self.key(name),
        )

    def tick(self, name: str) -> bool:
        return st.checkbox(
            self.texts(f"grid.{name}"), value=name in self.before.only, key=self.key(name)
        )

    def note(self, note: str) -> str:
        return self.texts(f"grid.column.{note}" if note == "memo" else f"mark.{note}")

    def column(self, column: str) -> str:
        return (
            column_label(self.study, column, self.texts) if column else self.texts("grid.imported")
        )
