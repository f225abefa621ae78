"""A table of results on a page: searched, selected in, and fetched as a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import pandas as pd
import streamlit as st

from coder.i18n import Texts
from coder.study import table_file
from coder.ui import parts, session

_HEIGHT, _LONG = 520, 14  # pixels; so many rows or fewer are shown without scrolling
_MOST = 1000  # rows on the page; in the file are all
_NUMBER = 90  # pixels: as wide as a number needs
_ROW, _TALL = 36, 88  # pixels; from 64 on, words are wrapped
_ENDINGS: tuple[Literal["csv", "xlsx"], ...] = ("csv", "xlsx")

Write = Callable[[Any], str]


@dataclass(frozen=True)
class Column:
    """A column of a table: its name there, what it is called, and how its values are written.

    ``write`` None: the values are text. ``about`` explains the column to one who points at it.
    Neighbours of one ``group`` stand under its name.
    """

    name: str
    label: str
    write: Write | None = None
    about: str = ""
    group: str = ""
    width: int | None = None

    @property
    def whole_label(self) -> str:
        """What it is called where it stands alone."""
        return f"{self.group}: {self.label}" if self.group else self.label


@dataclass(frozen=True)
class Table:
    """What is shown: ``rows`` with at least these columns, under a name for keys and files.

    ``title`` says what it is, to those who can't see it. ``tall`` rows have room for sentences;
    ``files`` are offered to fetch it as.
    """

    name: str
    title: str
    rows: pd.DataFrame
    columns: tuple[Column, ...]
    tall: bool = False
    files: bool = True


def show(table: Table, texts: Texts, *, search: bool = False) -> None:
    """The table to be read."""
    _draw(table, _searched(table, search, texts), None, texts)


def pick_row(table: Table, texts: Texts, *, search: bool = False) -> int | None:
    """The table to select a row in; the place of the selected one in all rows, or None."""
    kept = _searched(table, search, texts)
    rows = _draw(table, kept, "single-row", texts).get("rows", [])
    return kept[rows[0]] if rows and rows[0] < len(kept) else None


def pick_cell(table: Table, texts: Texts, *, search: bool = False) -> tuple[int, str] | None:
    """The table to select a cell in; the row's place and the name of the column, or None."""
    kept = _searched(table, search, texts)
    cells = _draw(table, kept, "single-cell", texts).get("cells", [])
    return (kept[cells[0][0]], str(cells[0][1])) if cells and cells[0][0] < len(kept) else None


def percent(texts: Texts) -> Write:
    """Writes a share as whole percent."""
    return partial(_written, write=texts.percent)


def number(texts: Texts, decimals: int = 0) -> Write:
    """Writes a number with so many decimals."""
    return partial(_written, write=lambda value: texts.number(value, decimals))


def _written(value: Any, write: Write) -> str:
    return "–" if pd.isna(value) else write(value)


def _searched(table: Table, search: bool, texts: Texts) -> list[int]:
    """The places of the rows that are shown."""
    places = range(len(table.rows))
    if not search or len(places) <= _LONG:
        return list(places)
    wanted = st.text_input(
        texts("table.search"),
        key=f"search.{table.name}",
        type="search",
        live=True,
        placeholder=texts("table.search_example"),
        label_visibility="collapsed",
    )
    words = (wanted or "").casefold().split()
    of_text = [each.name for each in table.columns if each.write is None]
    told = table.rows[of_text].astype("object").itertuples(index=False, name=None)
    lines = [" ".join(map(str, line)).casefold() for line in told]
    return [place for place in places if all(word in lines[place] for word in words)]


def _draw(table: Table, kept: Sequence[int], select: str | None, texts: Texts) -> dict[str, Any]:
    """Draw these rows; what is selected of them."""
    options: dict[str, Any] = {"on_select": "rerun", "selection_mode": select} if select else {}
    # By their places: the first is that of the index, which is not shown.
    config: Any = {no: _config(each) for no, each in enumerate(table.columns, start=1)}
    with st.container(key=f"table-{table.name}", gap="small"):
        found: Any = st.dataframe(
            _styled(table, kept),
            hide_index=True,
            placeholder="–",
            row_height=_TALL if table.tall else _ROW,
            height="content" if len(kept) <= _LONG else _HEIGHT,
            column_config=config,
            # With rows that are others than before, a selection would mean something else.
            key=f"table_{table.name}.{hash(tuple(kept))}",
            alt=table.title,
            **options,
        )
        _below(table, len(kept), texts)
    return dict(found["selection"]) if select else {}


def _styled(table: Table, kept: Sequence[int]) -> Any:
    """The rows, each value with the words for it: a grid sorts by the one and shows the other."""
    names = [each.name for each in table.columns]
    rows = table.rows[names].iloc[list(kept[:_MOST])].reset_index(drop=True)
    if any(each.group for each in table.columns):
        both = [(each.group, each.name) for each in table.columns]
        rows = rows.set_axis(pd.MultiIndex.from_tuples(both), axis="columns")
    written = zip(rows.columns, table.columns, strict=True)
    return rows.style.format({name: each.write for name, each in written if each.write})


def _config(column: Column) -> Any:
    about = parts.plain(column.about) or None
    if column.write is None:
        return st.column_config.TextColumn(column.label, width=column.width, help=about)
    width = column.width or _NUMBER
    return st.column_config.Column(column.label, width=width, help=about, alignment="right")


def _below(table: Table, count: int, texts: Texts) -> None:
    """What is left out, and the whole table as a file."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if count > _MOST:
            st.caption(texts("table.first", count=texts.number(_MOST), of=texts.number(count)))
        for ending in _ENDINGS if table.files else ():
            st.download_button(
                texts(f"table.{ending}"),
                partial(_file, table, ending, "," if texts.language == "da" else "."),
                file_name=f"{session.study().path.stem}-{table.name}.{ending}",
                key=f"fetch.{table.name}.{ending}",
                icon=":material/download:",
                type="tertiary",
                on_click="ignore",
            )


def _file(table: Table, ending: Literal["csv", "xlsx"], decimal: Literal[",", "."]) -> bytes:
    """All rows, with the names that one sees and the numbers that are behind what is written."""
    names = [each.name for each in table.columns]
    called = [each.whole_label for each in table.columns]
    return table_file(table.rows[names].set_axis(called, axis="columns"), ending, decimal)
