"""One entry of the decision log in full: why, what was shown, and the answers it concerned."""

from __future__ import annotations

import streamlit as st

from coder.i18n import Texts
from coder.model import (
    AcceptGroup,
    AddCoder,
    CodeSegment,
    ConfirmProposal,
    CreateCode,
    LogEntry,
    MarkPart,
    RejectGroup,
    ReviseCode,
    SplitCode,
    TreatFinds,
    UncodeSegment,
    Undo,
    UnmarkPart,
    WriteMemo,
    WriteSheet,
)
from coder.study import Study
from coder.ui import parts

_READ = 5  # answers that stand here in full; of more, the ids
_DESCRIBED = ("label", "definition", "include", "exclude", "memo", "colour")


def heading(study: Study, entry: LogEntry, texts: Texts) -> None:
    """Draw what was decided, by whom and when, and whether it still stands."""
    st.header(texts("entry.title", no=entry.no), anchor=False)
    st.text(parts.describe(entry, texts))
    who = study.state.coders.get(entry.coder, "")
    st.caption(parts.plain(f"{who} · {parts.when(entry.at, texts)}"))
    by = study.undone_by().get(entry.no)
    if by is not None:
        st.info(texts("entry.undone_by", no=by), icon=":material/undo:")
    again = study.second_codings().get(entry.no)
    if again:
        st.info(texts("entry.second_coding", label=again.label), icon=":material/replay:")


def show(study: Study, entry: LogEntry, texts: Texts) -> None:
    """Draw the rest of the entry."""
    _field(texts("column.why"), entry.why or texts("entry.no_reason"))
    _said(study, entry, texts)
    _turn(study, entry, texts)
    _answers(study, entry, texts)


def can_be_undone(entry: LogEntry) -> bool:
    """Whether there is a button for it: to have joined the study can't be taken back."""
    return not isinstance(entry.decision, AddCoder)


def _field(name: str, value: str) -> None:
    with st.container(gap=None):
        st.caption(name)
        st.text(value)


def _said(study: Study, entry: LogEntry, texts: Texts) -> None:
    """What the coder wrote or changed with it."""
    match entry.decision:
        case Undo(no):
            _field(texts("entry.took_back"), parts.describe(study.state.log[no - 1], texts))
        case WriteMemo(_, text) if text:
            _field(texts("entry.memo"), text)
        case WriteSheet():
            _written(study, entry.no, entry.decision, texts)
        case CodeSegment() | UncodeSegment() | MarkPart() | UnmarkPart():
            _segment(study, entry.decision, texts)
        case ReviseCode():
            _revised(study, entry.no, entry.decision, texts)
        case SplitCode(_, split):
            told = (
                texts("entry.part", label=each.label, count=len(each.answers)) for each in split
            )
            _field(texts("entry.parts"), "\n".join(told))
        case ConfirmProposal() | CreateCode() | AcceptGroup():
            if entry.decision.definition:
                _field(texts("entry.revised.definition"), entry.decision.definition)


def _segment(
    study: Study, decision: CodeSegment | UncodeSegment | MarkPart | UnmarkPart, texts: Texts
) -> None:
    field = decision.field if isinstance(decision, MarkPart | UnmarkPart) else "text"
    start, end = study.span_as_shown(decision.answer, decision.start, decision.end, field)
    words = study.survey.answers.at[decision.answer, field][start:end]
    _field(texts("entry.segment"), texts("ui.quoted", words=words))


def _revised(study: Study, no: int, decision: ReviseCode, texts: Texts) -> None:
    """What was written of a code before and after; what stayed is left out."""
    before = study.as_of(no - 1).codes.get(decision.code)
    for name in _DESCRIBED:
        old, new = getattr(before, name, ""), getattr(decision, name)
        if new is not None and new != old:
            change = texts("entry.change", before=old or "–", after=new or "–")
            _field(texts(f"entry.revised.{name}"), change)


def _written(study: Study, no: int, decision: WriteSheet, texts: Texts) -> None:
    """What a sheet said before and after; what stayed is left out."""
    before = study.as_of(no - 1).sheets.get(decision.code)
    for name in ("character", "audience", "benefit", "case"):
        old, new = getattr(before, name, ""), getattr(decision, name)
        if new is not None and new != old:
            change = texts("entry.change", before=old or "–", after=new or "–")
            _field(texts(f"sheets.field.{name}"), change)


def _turn(study: Study, entry: LogEntry, texts: Texts) -> None:
    """What stood on the screen when it was decided, and which machine had put it there."""
    decision = entry.decision
    if isinstance(decision, (AcceptGroup, RejectGroup)):
        taken = decision.answers if isinstance(decision, AcceptGroup) else ()
        out = decision.excluded if isinstance(decision, AcceptGroup) else decision.turn.shown
        counts = {"shown": len(decision.turn.shown), "taken": len(taken), "out": len(out)}
        _field(texts("entry.shown"), texts("entry.turn", **counts))
        if decision.turn.offered:
            labels = study.labels()
            offered = (labels.get(code, code) for code in decision.turn.offered)
            _field(texts("entry.offered"), ", ".join(offered))
    machine = getattr(decision, "suggested_by", "")
    if machine:
        _field(texts("entry.suggested_by"), machine)


def _answers(study: Study, entry: LogEntry, texts: Texts) -> None:
    """Every answer that it concerned: the first of them to be read, the rest by their ids."""
    answers = _concerned(study, entry)
    if not answers:
        return
    st.subheader(texts("entry.answers", count=texts.number(len(answers))), anchor=False)
    excluded = getattr(entry.decision, "excluded", ())
    for answer in answers[:_READ]:
        with st.container(border=True, gap="xsmall"):
            heading = parts.answer_heading(answer)
            if answer in excluded:
                heading += f" · {texts('entry.excluded')}"
            st.caption(parts.plain(heading))
            parts.answer_text(answer)
    rest = answers[_READ:]
    if rest:
        with st.expander(texts("entry.rest", count=texts.number(len(rest)))):
            st.text(", ".join(rest))


def _concerned(study: Study, entry: LogEntry) -> list[str]:
    """Ids of answers that are there: what is done with personal data tells only its places."""
    answers = study.answers_concerned()[entry.no]
    if isinstance(entry.decision, TreatFinds):
        places = (find.rsplit(":", 3)[0] for find in entry.decision.finds)
        answers = tuple(dict.fromkeys(places))
    there = set(study.survey.answers.index)
    return [each for each in answers if each in there]
