"""Import, its other part: categories and codings made elsewhere, taken into the open study."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Literal, get_args

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from coder.errors import UserError
from coder.i18n import Texts
from coder.study import Joined, Taken, TakenProject
from coder.ui import choices, importing_found, parts, session
from coder.ui.importing_found import Found

Kind = Literal["codebook", "codings", "project", "copy"]

_KINDS: tuple[Kind, ...] = get_args(Kind)
_TYPES: dict[Kind, list[str]] = {
    "codebook": ["qdc", "csv", "xlsx"],
    "codings": ["csv", "xlsx"],
    "project": ["qdpx"],
    "copy": ["db"],
}


def show(texts: Texts) -> None:
    """Draw this part of the page: a file comes up, she sees what it brings, and takes it in."""
    names: dict[str, str] = {each: texts(f"elsewhere.kind.{each}") for each in _KINDS}
    chosen = choices.one(texts("elsewhere.kind_label"), "elsewhere_kind", names, texts)
    kind = next(each for each in _KINDS if each == chosen)
    st.text(texts(f"elsewhere.about.{kind}"))
    # Another key once a file has been taken in: then the field is empty again.
    key = f"elsewhere_file.{kind}.{_taken_in()}"
    upload = st.file_uploader(texts("elsewhere.file"), type=_TYPES[kind], key=key)
    if upload is None:
        _last(kind, texts)
    elif not session.coder_name():
        st.info(texts("ui.name_first"))
    else:
        _look(kind, upload, texts)


def _look(kind: Kind, upload: UploadedFile, texts: Texts) -> None:
    """What the file would bring, of which nothing is stored, and the button that stores it."""
    both = kind == "copy" and bool(session.widget("elsewhere_both"))
    try:
        with st.spinner(texts("progress.reading")):
            found = _dry_run(kind, upload, both)
    except UserError as error:
        _refuse(error, texts)
        return
    if not importing_found.stops(found):
        st.header(texts("elsewhere.comes_in"), anchor=False)
    importing_found.tell(found, kind, False, texts)
    if isinstance(found, Joined) and (both or found.clashes):
        st.toggle(texts("elsewhere.both"), key="elsewhere_both", help=texts("elsewhere.both_help"))
    if importing_found.stops(found) or not importing_found.brings(found):
        return
    if st.button(texts("elsewhere.take"), key="take", type="primary"):
        _take(kind, upload, both, texts)


def _dry_run(kind: Kind, upload: UploadedFile, both: bool) -> Found:
    """What the file would bring, found out again when another file or another decision is there."""
    study = session.study()
    key = kind, upload.file_id, both, study.path, study.state.no
    run = partial(_run, kind, upload, both, dry_run=True)
    return session.once("elsewhere", key, run)


def _run(kind: Kind, upload: UploadedFile, both: bool, dry_run: bool) -> Found:
    study, name, path = session.study(), session.coder_name(), session.kept_file(upload)
    match kind:
        case "codebook":
            return study.import_codebook(path, name, dry_run)
        case "codings":
            return study.import_codings(path, dry_run)
        case "project":
            return study.import_project(path, name, dry_run)
        case "copy":
            return study.join(path, both, dry_run)


def _take(kind: Kind, upload: UploadedFile, both: bool, texts: Texts) -> None:
    """Store it, and say so where the file was; what came in between is shown as it is now."""
    try:
        with st.spinner(texts("elsewhere.taking")):
            found = _run(kind, upload, both, dry_run=False)
    except UserError as error:
        _refuse(error, texts)
        return
    if not importing_found.stops(found):
        session.keep("elsewhere", (_taken_in() + 1, kind, session.study().path, found))
    st.rerun()


def _taken_in() -> int:
    """How many files this session has taken in."""
    kept = session.kept("elsewhere")
    return int(kept[0]) if isinstance(kept, tuple) else 0


def _last(kind: Kind, texts: Texts) -> None:
    """What came of the latest file, until there is another; else what to do."""
    here = kind, session.study().path
    match session.kept("elsewhere"):
        case (_, taken, path, Taken() | TakenProject() | Joined() as found) if (
            taken,
            path,
        ) == here:
            importing_found.tell(found, kind, True, texts)
        case _:
            st.info(texts("elsewhere.start"))


def _refuse(error: UserError, texts: Texts) -> None:
    """Why not, with files by their names: where they are kept here is nobody's business."""
    params = {
        name: value.name if isinstance(value, Path) else value
        for name, value in error.params.items()
    }
    st.error(parts.plain(texts.error(UserError(error.key, **params))))
