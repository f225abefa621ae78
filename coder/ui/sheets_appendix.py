"""The most promising cases by category, and what is marked in their answers."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from coder.errors import UserError
from coder.i18n import Texts
from coder.model import AnswerPart, MarkPart, Passage, UnmarkPart
from coder.study import Study
from coder.ui import parts, session, table
from coder.ui.table import Column, Table

_PARTS: tuple[AnswerPart, ...] = ("target_group", "purpose", "action", "learning")
_WHO = ("theme", "organisation", "department", "role")


def show(study: Study, texts: Texts) -> None:
    """Draw the table, and below it the case that is selected in it."""
    if study.recipe() is None:
        parts.empty(texts("score.none"), "score")
        return
    if study.publishing().form == "nothing":
        st.info(texts("appendix.no_consent"))
        return
    rows = session.result("appendix", study.most_promising)
    st.caption(texts("appendix.about", count=texts.number(len(rows))))
    if rows.empty:
        return
    sure = sum(len(_PARTS) - len(each) for each in _left_open(rows))
    of = {"sure": texts.number(sure), "count": texts.number(len(_PARTS) * len(rows))}
    st.progress(sure / (len(_PARTS) * len(rows)), text=texts("appendix.meter", **of))
    at = table.pick_row(_table(study, rows, texts), texts, search=True)
    if at is None:
        if session.role() != "reader":
            st.caption(texts("appendix.select"))
        return
    if session.role() != "reader":
        _case(study, rows.iloc[at], texts)


def _left_open(rows: pd.DataFrame) -> list[list[AnswerPart]]:
    """For each case the parts that nobody has marked: proposed, or empty."""
    return [
        [part for part in _PARTS if part in row["proposed"] or not row[part]]
        for row in rows.to_dict("records")
    ]


def _table(study: Study, rows: pd.DataFrame, texts: Texts) -> Table:
    known = [name for name in _WHO if rows[name].astype(bool).any()]
    names = {part: texts(f"appendix.part.{part}") for part in _PARTS}
    told = rows.assign(proposed=[", ".join(names[part] for part in of) for of in rows["proposed"]])
    called = {name: texts(f"appendix.column.{name}") for name in known}
    form = study.questionnaire
    if form.organisation is not None and "organisation" in called:
        called["organisation"] = form.question(form.organisation).label
    columns = [Column(name, label, width=130) for name, label in called.items()]
    columns += [Column(part, texts(f"appendix.column.{part}"), width=260) for part in _PARTS]
    columns.append(Column("proposed", texts("appendix.column.proposed"), width=180))
    return Table("appendix", texts("appendix.title"), told, tuple(columns), tall=True)


# --- one case ----------------------------------------------------------------------------------


def _case(study: Study, row: pd.Series, texts: Texts) -> None:
    """The answers about a case on the left, their parts on the right."""
    for answer in study.answers_about([row["case"]]):
        with st.container(border=True, key=f"appendix.{answer}"):
            left, right = st.columns(2, gap="large")
            with left:
                st.caption(parts.plain(f"{parts.answer_heading(answer)} · {row['theme']}"))
                parts.answer_text(answer)
            with right:
                marked = study.passages().get(answer, ())
                proposed = study.proposed_passages(answer)
                for part in _PARTS:
                    _part(study, answer, part, marked, proposed, texts)


def _part(
    study: Study,
    answer: str,
    part: AnswerPart,
    marked: tuple[Passage, ...],
    proposed: tuple[Passage, ...],
    texts: Texts,
) -> None:
    """The words that are marked as this part, or proposed for it; and another sentence."""
    own = [each for each in marked if each.part == part]
    known = own or [each for each in proposed if each.part == part]
    for passage in known or (None,):
        _words(study, answer, part, passage, bool(own), texts)
    _another(study, answer, part, texts)


def _words(
    study: Study, answer: str, part: AnswerPart, passage: Passage | None, marked: bool,
    texts: Texts,
) -> None:  # fmt: skip
    """A field with the words of a passage; those that are left in it are marked."""
    place = f"{passage.field}.{passage.start}.{passage.end}" if passage else "none"
    key = f"{answer}.{part}.{place}"
    field = f"{'marked' if marked else 'proposed'}.{key}"
    keep = partial(_keep_words, study, answer, part, passage, marked, field, texts)
    with st.container(key=f"passage.{key}", gap=None):
        st.text_area(
            texts(f"appendix.column.{part}"),
            value=_shown(study, answer, passage) if passage else "",
            height="content",
            key=field,
            placeholder=texts("appendix.words_hint"),
            on_change=keep,
        )
        if passage is None:
            return
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if not marked:
                st.caption(texts("appendix.is_proposed"), width="content")
            st.button(
                texts("appendix.unmark" if marked else "appendix.confirm"),
                key=f"{'unmark' if marked else 'confirm'}.{key}",
                type="tertiary",
                icon=":material/close:" if marked else ":material/check:",
                on_click=partial(_unmark, study, answer, passage, texts) if marked else keep,
            )


def _shown(study: Study, answer: str, passage: Passage) -> str:
    text: str = study.survey.answers.at[answer, passage.field]
    return text[passage.start : passage.end]


def _keep_words(
    study: Study, answer: str, part: AnswerPart, before: Passage | None, marked: bool, field: str,
    texts: Texts,
) -> None:  # fmt: skip
    """Mark the words that stand in a field now, instead of those that were marked there."""
    words = str(session.widget(field) or "")
    if not words.strip():
        if before and marked:
            _unmark(study, answer, before, texts)
        return
    try:
        found = study.passage_of(answer, part, words, before)
    except UserError as error:
        return session.say(texts.error(error), refused=True)
    # Who leaves the field by the button beside it has both done: the words are marked once.
    if found not in study.passages().get(answer, ()):
        _mark(study, answer, found, before if marked else None, texts)


def _mark(
    study: Study, answer: str, passage: Passage, instead: Passage | None, texts: Texts
) -> None:
    span, field = _written(study, answer, passage), passage.field
    gone = _written(study, answer, instead) if instead and instead.field == field else None
    parts.decide(MarkPart(answer, passage.part, *span, field, gone), texts("appendix.marked"))


def _unmark(study: Study, answer: str, passage: Passage, texts: Texts) -> None:
    span = _written(study, answer, passage)
    parts.decide(UnmarkPart(answer, passage.part, *span, passage.field), texts("appendix.unmarked"))


def _written(study: Study, answer: str, passage: Passage) -> tuple[int, int]:
    """Where a passage that is shown stands in what was written."""
    return study.span_as_written(answer, passage.start, passage.end, passage.field)


def _another(study: Study, answer: str, part: AnswerPart, texts: Texts) -> None:
    """A list of the answer's sentences, of which one more may be marked.

    It stays as it is, whatever is marked, so that the keyboard does not lose its place there.
    """
    rows = list(study.sentences_of(answer).itertuples(index=False))
    key = f"another.{answer}.{part}"
    if rows:
        st.selectbox(
            texts("appendix.another", part=texts(f"appendix.part.{part}")),
            range(len(rows)),
            index=None,
            format_func=lambda no: str(rows[no].sentence),
            placeholder=texts("appendix.another_hint"),
            key=key,
            label_visibility="collapsed",
            on_change=lambda: _mark_another(study, answer, part, rows, key, texts),
        )


def _mark_another(
    study: Study, answer: str, part: AnswerPart, rows: list[tuple[object, ...]], key: str,
    texts: Texts,
) -> None:  # fmt: skip
    no = session.widget(key)
    session.set_widget(key, None)
    if isinstance(no, int):
        _, field, start, end, *_ = rows[no]
        passage = Passage(part, start, end, field)  # type: ignore[arg-type]
        if passage not in study.passages().get(answer, ()):
            _mark(study, answer, passage, None, texts)
