"""The import: a file comes up, she sees what was understood, corrects it, and makes a study."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

import streamlit as st

from coder.errors import UserError
from coder.i18n import Texts
from coder.intake import Intake, as_yaml, correct, examples, is_project, set_kind, take_in
from coder.model import Change, Kind, Question
from coder.study import Changes, Study, read_questionnaire, read_text
from coder.ui import choices, importing_elsewhere, importing_project, overview, parts, session

_DATA = ["sav", "zsav", "xlsx", "xls", "ods", "csv", "tsv", "parquet"]
_KINDS: tuple[Kind, ...] = get_args(Kind)
_FIRST_ROWS = 5
_SHOWN_COLUMNS = 30


def show() -> None:
    """Draw the page."""
    texts = session.texts()
    parts.title(texts, "import")
    views = {each: texts(f"importing.view_{each}") for each in ("answers", "coding")}
    if choices.view("import", views, texts) == "coding":
        importing_elsewhere.show(texts)
    else:
        _answers(texts)


def _answers(texts: Texts) -> None:
    """The survey: a new study, or more answers to this one."""
    uploaded = _upload(texts)
    if not uploaded:
        st.info(texts("importing.start"))
        return
    intake = _intake(texts)
    if intake is None:
        return
    _source(intake, texts)
    _questions(intake, texts)
    _findings(intake, texts)
    _store(intake, texts)


# --- the files ---------------------------------------------------------------------------------


def _upload(texts: Texts) -> bool:
    """The files that came up, kept in this session's folder; whether there are any."""
    data = st.file_uploader(
        texts("importing.data"),
        type=[*_DATA, "qdpx"],
        accept_multiple_files=True,
        key="files",
    )
    with st.expander(texts("importing.more")):
        background = st.file_uploader(texts("importing.background"), type=_DATA, key="background")
        form = st.file_uploader(texts("importing.form"), type=["yaml", "yml"], key="form")
        recipe = st.file_uploader(texts("importing.recipe"), type=["yaml", "yml"], key="recipe")
    others = {"background": background, "form": form, "recipe": recipe}
    single = {use: [file] for use, file in others.items() if file is not None}
    session.keep_uploads({"data": data or [], **single})
    return bool(data)


def _intake(texts: Texts) -> Intake | None:
    """What was understood, with her corrections so far; the reason is shown when nothing was."""
    known = session.intake()
    if known is not None:
        return known
    try:
        with st.spinner(texts("progress.reading")):
            made = _read()
    except UserError as error:
        st.error(parts.plain(texts.error(error)))
        return None
    session.keep_intake(made)
    return made


def _read() -> Intake:
    form, background = session.uploads("form"), session.uploads("background")
    return take_in(
        session.uploads("data"),
        read_questionnaire(form[0]) if form else None,
        sheet=session.chosen("sheet"),
        background=background[0] if background else None,
    )


# --- what was understood -----------------------------------------------------------------------


def _source(intake: Intake, texts: Texts) -> None:
    source = intake.raw.source
    facts = [texts("importing.size", rows=texts.number(source.rows), columns=source.columns)]
    for name in ("encoding", "delimiter", "decimal"):
        value = getattr(source, name)
        if value:
            facts.append(texts(f"importing.{name}", value=_sign(value, texts)))
    st.header(texts("importing.understood"), anchor=False)
    st.text(" · ".join([source.file, *facts]))
    for notice in intake.raw.notices:
        st.caption(parts.plain(texts(notice.key, **notice.params)))
    if len(source.sheets) > 1:
        _sheets(source.sheets, source.sheet, texts)
    with st.expander(texts("importing.first_rows")):
        st.dataframe(intake.raw.table.iloc[:_FIRST_ROWS, :_SHOWN_COLUMNS], key="first_rows")


def _sign(value: str, texts: Texts) -> str:
    return texts("importing.tab") if value == "\t" else value


def _sheets(sheets: tuple[str, ...], read: str | None, texts: Texts) -> None:
    chosen = st.selectbox(
        texts("importing.sheet"),
        sheets,
        index=sheets.index(read) if read in sheets else 0,
        placeholder=texts("ui.choose"),
        key="sheet",
    )
    if chosen and chosen != read:
        session.choose("sheet", chosen)
        session.forget_intake()
        st.rerun()


def _questions(intake: Intake, texts: Texts) -> None:
    """Every question with its guessed kind, which can be changed, and why it was guessed."""
    st.header(texts("importing.questions"), anchor=False)
    st.caption(texts("importing.questions_about"))
    reasons = _reasons(intake, texts)
    rows = [
        {
            "name": question.name,
            "label": question.label,
            "kind": texts(f"kind.{question.kind}"),
            **_content(intake, question),
            "why": reasons.get(question.name, ""),
        }
        for question in intake.questionnaire.questions
    ]
    kinds = [texts(f"kind.{kind}") for kind in _KINDS]
    names = ("name", "label", "values", "examples", "why")
    columns = {name: st.column_config.Column(texts(f"importing.{name}")) for name in names}
    for name, width in (("examples", 260), ("why", 520)):
        columns[name] = st.column_config.Column(texts(f"importing.{name}"), width=width)
    columns["kind"] = st.column_config.SelectboxColumn(
        texts("importing.kind"), options=kinds, required=True
    )
    st.data_editor(
        rows,
        column_config=columns,
        column_order=["name", "kind", "label", "values", "examples", "why"],
        disabled=list(names),
        hide_index=True,
        key=f"questions.{session.corrections()}",
        on_change=_correct_kind,
        args=(intake, texts),
    )
    _yaml(intake, texts)


def _content(intake: Intake, question: Question) -> dict[str, object]:
    """How much a question's first column holds, and a few of its values."""
    name = question.columns()[0] if question.columns() else question.name
    heading = intake.questionnaire.columns.get(name, name)
    if heading not in intake.raw.table.columns:
        return {"values": 0, "examples": ""}
    values, some = examples(intake.raw.table, heading)
    return {"values": values, "examples": some}


def _reasons(intake: Intake, texts: Texts) -> dict[str, str]:
    reasons: dict[str, list[str]] = {}
    for each in intake.reasons:
        reasons.setdefault(each.question, []).append(texts(each.key, **each.params))
    return {name: " ".join(lines) for name, lines in reasons.items()}


def _correct_kind(intake: Intake, texts: Texts) -> None:
    edits = session.edited_rows(f"questions.{session.corrections()}")
    by_text = {texts(f"kind.{kind}"): kind for kind in _KINDS}
    names = [question.name for question in intake.questionnaire.questions]
    try:
        for row, values in edits.items():
            if "kind" in values:
                intake = set_kind(intake, names[row], by_text[str(values["kind"])])
    except UserError as error:
        session.say(texts.error(error), refused=True)
        session.count_correction()
    else:
        session.keep_intake(intake)


def _yaml(intake: Intake, texts: Texts) -> None:
    with st.expander(texts("importing.yaml")):
        st.caption(texts("importing.yaml_about"))
        key = f"yaml.{session.corrections()}"
        st.text_area(
            texts("importing.yaml"),
            value=as_yaml(intake.questionnaire),
            height=400,
            key=key,
            label_visibility="collapsed",
        )
        st.button(
            texts("importing.use_yaml"), key="use_yaml", on_click=_use_yaml, args=(intake, key)
        )


def _use_yaml(intake: Intake, key: str) -> None:
    try:
        session.keep_intake(correct(intake, str(session.widget(key))))
    except UserError as error:
        session.say(session.texts().error(error), refused=True)


# --- what is odd, and the end ------------------------------------------------------------------


def _findings(intake: Intake, texts: Texts) -> None:
    st.header(texts("importing.odd"), anchor=False)
    for finding in intake.stops:
        st.error(parts.plain(texts(finding.key, **finding.params)))
    odd = [finding for finding in intake.findings if not finding.stops]
    if not intake.findings:
        st.success(texts("importing.nothing_odd"))
    elif odd:
        with st.expander(texts("importing.odd_count", count=len(odd)), expanded=len(odd) <= 5):
            for finding in odd:
                st.text(texts(finding.key, **finding.params))


def _store(intake: Intake, texts: Texts) -> None:
    st.header(texts("importing.store"), anchor=False)
    ways = {way: texts(f"importing.{way}") for way in ("as_new", "to_this")}
    way = st.radio(
        texts("importing.store"),
        list(ways),
        format_func=ways.__getitem__,
        key="way",
        label_visibility="collapsed",
    )
    if way == "as_new":
        _store_as_new(intake, texts)
    else:
        _add(intake, texts)


def _store_as_new(intake: Intake, texts: Texts) -> None:
    name = st.text_input(
        texts("importing.study_name"),
        value=Path(intake.raw.source.file).stem,
        key=f"study_name.{intake.raw.source.file}",
    )
    if st.button(
        texts("importing.import"), key="import", type="primary", disabled=bool(intake.stops)
    ):
        with st.status(texts("progress.checking")) as status:
            _import(intake, name, texts, status)


def _add(intake: Intake, texts: Texts) -> None:
    """A later file of the survey that this session works in: what it adds and changes."""
    study = session.study()
    title = study.questionnaire.title or study.path.stem
    st.text(texts("importing.add_about", title=title))
    try:
        merge = study.difference(intake.raw.table)
    except UserError as error:
        st.error(parts.plain(texts.error(error)))
        return
    added, filled = len(merge.added), merge.filled
    st.text(texts("cli.import.added", respondents=added, values=filled))
    changes: Changes = "keep"
    if merge.changes:
        changes = _ask(merge.changes, texts)
    if st.button(texts("importing.add"), key="add", type="primary"):
        study.add_from(intake.raw.table, changes)
        session.say(texts("cli.import.added", respondents=added, values=filled))
        st.switch_page(st.Page(overview.show, default=True))


def _ask(changes: Sequence[Change], texts: Texts) -> Changes:
    """The values that differ, and which of the two shall count."""
    st.text(texts("importing.changes", count=len(changes)))
    names = ("respondent", "column", "before", "after")
    columns = {name: st.column_config.Column(texts(f"importing.{name}")) for name in names}
    st.dataframe(
        [vars(change) for change in changes],
        column_config=columns,
        hide_index=True,
        key="changes",
    )
    ways: tuple[Changes, ...] = ("keep", "take")
    return st.radio(
        texts("importing.which"),
        ways,
        format_func=lambda way: texts(f"importing.{way}"),
        key="which",
    )


def _import(intake: Intake, name: str, texts: Texts, status: Any) -> None:
    recipe, file = session.uploads("recipe"), session.uploads("data")[0]

    def create(path: Path) -> Study:
        return Study.create_from(
            path,
            intake.raw.table,
            intake.questionnaire,
            read_text(recipe[0]) if recipe else None,
            lambda key, done, total: status.update(label=texts(key)),
        )

    try:
        session.study().need_lead()
        path, done = session.new_study_path(name), texts("importing.done", name=name)
        if is_project(file):
            done = importing_project.create_with(file, create, path, name, texts)
        else:
            create(path)
    except UserError as error:
        status.update(label=texts.error(error), state="error")
        return
    session.use_study(name)
    session.forget_intake()
    session.say(done)
    st.switch_page(st.Page(overview.show, default=True))
