"""Export: how answers may leave the study, the files to fetch, and what stays behind."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import get_args

import pandas as pd
import streamlit as st

from coder.i18n import Texts
from coder.model import PermitPublishing, Publishing
from coder.study import Format, Study
from coder.ui import choices, parts, session, table
from coder.ui.table import Column, Table

_FORMS: tuple[Publishing, ...] = get_args(Publishing)
_FORMATS: tuple[Format, ...] = (
    "xlsx", "csv", "sav", "parquet", "json", "docx", "md", "qdc", "qdpx",
)  # fmt: skip
_SCORED = ("xlsx", "csv", "parquet")
_LARGEST = 50  # respondents in the smallest group: more would leave nothing


def show() -> None:
    """Draw the page."""
    texts, study = session.texts(), session.study()
    parts.title(texts, "export")
    _permission(study, texts)
    st.header(texts("exporting.files"), anchor=False)
    _file(choices.layer(study, texts), texts)
    if study.publishing().form != "nothing":
        _stays_behind(study, texts)


# --- how answers leave -------------------------------------------------------------------------


def _permission(study: Study, texts: Texts) -> None:
    """How answers leave, which a lead decides."""
    now, asked = study.publishing(), bool(study.questionnaire.of_kind("consent"))
    st.header(texts("exporting.permission"), anchor=False)
    st.caption(texts("exporting.asked" if asked else "exporting.not_asked"))
    if session.role() != "lead":
        st.text(texts("exporting.now", form=texts(f"publishing.{now.form}")))
        return
    key = f"exporting_form.{now.form}.{texts.language}"
    st.radio(
        texts("exporting.form"),
        _FORMS,
        index=_FORMS.index(now.form),
        format_func=lambda form: texts(f"exporting.form_{form}"),
        captions=[texts(f"exporting.form_about.{form}") for form in _FORMS],
        key=key,
        on_change=lambda: _decide(texts, form=session.widget(key)),
    )
    _small_cells(study, now, texts)


def _small_cells(study: Study, now: PermitPublishing, texts: Texts) -> None:
    """What is withheld of answers without names, so that no few can be told from the others."""
    labels = {each.name: each.label for each in study.questionnaire.of_kind("background")}
    smallest, cells = f"exporting_smallest.{now.smallest}", f"exporting_cells.{hash(now.cells)}"
    with st.popover(texts("exporting.cells"), icon=":material/tune:"):
        st.number_input(
            texts("exporting.smallest"),
            1,
            _LARGEST,
            now.smallest,
            key=smallest,
            help=texts("exporting.smallest_help"),
            on_change=lambda: _decide(texts, smallest=session.widget(smallest)),
        )
        st.multiselect(
            texts("exporting.about_cells"),
            list(labels),
            default=[each for each in now.cells if each in labels],
            format_func=labels.__getitem__,
            placeholder=texts("exporting.all_cells"),
            select_all=False,
            key=f"{cells}.{texts.language}",
            on_change=lambda: _decide(
                texts, cells=session.widget(f"{cells}.{texts.language}") or ()
            ),
        )


def _decide(texts: Texts, **changed: object) -> None:
    now = session.study().publishing()
    if "cells" in changed:
        changed["cells"] = tuple(changed["cells"])  # type: ignore[arg-type]
    decided = PermitPublishing(**{**vars(now), **changed})
    parts.decide(decided, texts("exporting.decided", form=texts(f"publishing.{decided.form}")))


# --- the files ---------------------------------------------------------------------------------


def _file(study: Study, texts: Texts) -> None:
    """One of the formats, with what it holds, and the button that makes and fetches it."""
    names = {each: texts(f"exporting.format.{each}") for each in (*_FORMATS, "bundle")}
    format = choices.among(texts("exporting.format_label"), "exporting_format", names, texts)
    st.text(texts(f"exporting.format_about.{format}"))
    own = session.role() == "lead" and st.toggle(
        texts("exporting.unpublished"),
        key="exporting_unpublished",
        help=texts("exporting.unpublished_help"),
    )
    scored = (
        format in _SCORED
        and study.recipe() is not None
        and st.toggle(
            texts("exporting.score"), key="exporting_score", help=texts("exporting.score_help")
        )
    )
    if not own and study.publishing().form == "nothing":
        st.info(texts("exporting.nothing_leaves"))
        return
    known = next((each for each in _FORMATS if each == format), None)
    make = partial(_bundle, study, texts, own)
    if known:
        make = partial(_export, study, texts, known, own, scored)
    st.download_button(
        texts("exporting.fetch"),
        make,
        file_name=f"{study.path.stem}.{known or 'zip'}",
        key=f"fetch.export.{format}",
        icon=":material/download:",
        type="primary",
        on_click="ignore",
    )


def _export(study: Study, texts: Texts, format: Format, own: bool, scored: bool) -> bytes:
    def write(path: Path) -> None:
        study.export(path, format, texts, unpublished=own, with_score=scored)

    return _made(write, format)


def _bundle(study: Study, texts: Texts, own: bool) -> bytes:
    def write(path: Path) -> None:
        study.export_bundle(path, texts, unpublished=own)

    return _made(write, "zip")


def _made(write: Callable[[Path], None], ending: str) -> bytes:
    with tempfile.TemporaryDirectory(prefix="coder-") as folder:
        path = Path(folder) / f"export.{ending}"
        write(path)
        return path.read_bytes()


# --- what does not leave -----------------------------------------------------------------------


def _stays_behind(study: Study, texts: Texts) -> None:
    """What a bundle would withhold and why, and what it would have that the last one had not."""
    st.header(texts("exporting.behind"), anchor=False)
    st.caption(texts("exporting.behind_about"))
    st.button(
        texts("exporting.look"),
        key="exporting_look",
        on_click=partial(session.choose, "exporting", "look"),
    )
    if session.chosen("exporting") is None:
        return
    with st.spinner(texts("table.working")):
        found = session.result("publishable", study.publishable)
    counts = {
        "answers": texts.number(found.answers),
        "withheld": texts.number(found.withheld["answer"].nunique()),
    }
    st.text(texts("exporting.counts", **counts))
    _withheld(study, found.withheld, texts)
    _news(found.news, texts)


def _withheld(study: Study, rows: pd.DataFrame, texts: Texts) -> None:
    if rows.empty:
        return
    labels = {each.name: each.label for each in study.questionnaire.questions}
    whole = texts("exporting.whole_answer")
    told = rows.assign(
        what=[labels.get(name, name) if name else whole for name in rows["column"]],
        why=[texts(f"exporting.reason.{reason}") for reason in rows["reason"]],
    ).reset_index(drop=True)
    columns = (
        Column("answer", texts("column.answer"), width=100),
        Column("what", texts("exporting.column.what")),
        Column("why", texts("exporting.column.why"), width=420),
    )
    table.show(Table("withheld", texts("exporting.behind"), told, columns), texts, search=True)


def _news(rows: pd.DataFrame | None, texts: Texts) -> None:
    """What is new since the last bundle."""
    st.subheader(texts("exporting.news"), anchor=False)
    if rows is None or rows.empty:
        st.text(texts("exporting.no_last" if rows is None else "exporting.same"))
        return
    told = rows.assign(change=[texts(f"publishable.{each}") for each in rows["change"]])
    columns = (
        Column("answer", texts("column.answer"), width=100),
        Column("change", texts("column.change"), width=100),
        Column("codes", texts("column.category"), width=220),
        Column("text", texts("column.text")),
    )
    found = Table("news", texts("exporting.news"), told.fillna("–"), columns)
    table.show(found, texts, search=True)
