"""The most promising cases by category, and what is marked in their answers."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

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
    """What is marked as this part, or the sentence that is proposed; and another sentence."""
    st.markdown(f"**{texts(f'appendix.column.{part}')}**")
    own = [each for each in marked if each.part == part]
    for passage in own:
        _passage(study, answer, passage, True, texts)
    for passage in () if own else proposed:
        if passage.part == part:
            _passage(study, answer, passage, False, texts)
    _another(study, answer, part, own, texts)


def _passage(study: Study, answer: str, passage: Passage, marked: bool, texts: Texts) -> None:
    key = f"{answer}.{passage.part}.{passage.field}.{passage.start}.{passage.end}"
    with st.container(key=f"passage.{key}", gap=None):
        text = study.survey.answers.at[answer, passage.field]
        st.text(text[passage.start : passage.end])
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if not marked:
                st.caption(texts("appendix.is_proposed"), width="content")
            st.button(
                texts("appendix.unmark" if marked else "appendix.confirm"),
                key=f"{'unmark' if marked else 'confirm'}.{key}",
                type="tertiary",
                icon=":material/close:" if marked else ":material/check:",
                on_click=partial(_decide, study, answer, passage, marked, texts),
            )


def _decide(study: Study, answer: str, passage: Passage, off: bool, texts: Texts) -> None:
    start, end = study.span_as_written(answer, passage.start, passage.end, passage.field)
    made = UnmarkPart if off else MarkPart
    done = texts("appendix.unmarked" if off else "appendix.marked")
    parts.decide(made(answer, passage.part, start, end, passage.field), done)


def _another(study: Study, answer: str, part: AnswerPart, own: list[Passage], texts: Texts) -> None:
    """A list of the answer's sentences, of which one more may be marked."""
    taken = {(each.field, each.start, each.end) for each in own}
    rows = [
        row
        for row in study.sentences_of(answer).itertuples(index=False)
        if (row.field, row.start, row.end) not in taken
    ]
    key = f"another.{answer}.{part}.{len(own)}"
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
    if isinstance(no, int):
        _, field, start, end, *_ = rows[no]
        passage = Passage(part, start, end, field)  # type: ignore[arg-type]
        _decide(study, answer, passage, False, texts)
