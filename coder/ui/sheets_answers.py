"""The answers of a category beside its sheet: all of them, or their sentences by what they tell."""

from __future__ import annotations

import streamlit as st

from coder.i18n import Texts
from coder.model import WriteSheet
from coder.study import SheetHelp, Study
from coder.ui import behind, choices, parts, session
from coder.ui.grid_filters import Wanted

_FIELDS = ("character", "audience", "benefit")
_THINGS = (
    "name", "importance", "novelty", "audience", "content", "benefit", "actors", "maturity",
    "obstacles", "learning",
)  # fmt: skip
_MOST = 30  # answers or sentences that stand on the page


def show(study: Study, help: SheetHelp, texts: Texts) -> None:
    """Draw them, each with the button that cites it."""
    used, there = len(help.cited), len(help.answers)
    count = {"used": texts.number(used), "count": texts.number(there)}
    st.progress(used / there if there else 0.0, text=texts("sheets.meter", **count))
    fields = {name: texts(f"sheets.short.{name}") for name in _FIELDS}
    field = choices.one(texts("sheets.cite_in"), "sheet_field", fields, texts)
    ways = {name: texts(f"sheets.by_{name}") for name in ("answer", "sentence")}
    way = choices.one(texts("sheets.show"), "sheet_way", ways, texts)
    unused = st.toggle(texts("sheets.only_unused"), key=f"only_unused.{texts.language}")
    wanted = set(help.unused if unused else help.answers)
    if way == "answer":
        _answers(study, [each for each in help.answers if each in wanted], field, help, texts)
    else:
        _sentences(help, wanted, field, texts)


def _answers(study: Study, answers: list[str], field: str, help: SheetHelp, texts: Texts) -> None:
    for answer in answers[:_MOST]:
        with st.container(border=True, key=f"sheet_answer.{answer}", gap="xsmall"):
            with st.container(horizontal=True, vertical_alignment="center"):
                heading = parts.answer_heading(answer)
                if answer in help.cited:
                    heading += f" · {texts('sheets.is_used')}"
                st.caption(parts.plain(heading), width="stretch")
                _cite(help, field, answer, f"cite.{answer}", texts)
            parts.answer_text(answer)
    if len(answers) > _MOST:
        told = texts("behind.answers", count=texts.number(len(answers)))
        behind.answers(Wanted(ids=tuple(answers), status="all"), told)
    if not answers:
        st.text(texts("sheets.all_used" if help.answers else "sheets.no_answers"))


def _sentences(help: SheetHelp, wanted: set[str], field: str, texts: Texts) -> None:
    """The sentences that seem to tell of one thing; what tells of nothing known stands last."""
    rows = help.sentences[help.sentences["answer"].isin(wanted)]
    told = {thing: rows[[thing in each for each in rows["things"]]] for thing in _THINGS}
    told["none"] = rows[[not each for each in rows["things"]]]
    names = {
        thing: texts("sheets.counted", what=texts(f"thing.{thing}"), count=texts.number(len(some)))
        for thing, some in told.items()
    }
    thing = _thing(names, texts)
    found = told[thing]
    if found.empty:
        st.text(texts("sheets.no_sentences"))
    for no, row in enumerate(found.head(_MOST).to_dict("records")):
        with st.container(key=f"sentence.{no}", gap="xxsmall", border=True):
            st.text(row["sentence"])
            with st.container(horizontal=True, vertical_alignment="center"):
                heading = parts.plain(parts.answer_heading(row["answer"]))
                st.caption(heading, width="stretch")
                _cite(help, field, row["answer"], f"cite.{no}.{row['answer']}", texts)


def _thing(names: dict[str, str], texts: Texts) -> str:
    """Which one; what was chosen lasts, though the counts beside the names change."""
    key = f"sheet_thing.{hash(tuple(names.values()))}"
    return st.selectbox(
        texts("sheets.thing"),
        list(names),
        index=list(names).index(session.chosen("sheet_thing") or _THINGS[1]),
        format_func=names.__getitem__,
        placeholder=texts("ui.choose"),
        key=key,
        on_change=_keep_thing,
        args=(key,),
        help=texts("sheets.thing_about"),
    )


def _keep_thing(key: str) -> None:
    session.choose("sheet_thing", str(session.widget(key)))


def _cite(help: SheetHelp, field: str, answer: str, key: str, texts: Texts) -> None:
    """The button that cites an answer at the end of a field."""
    st.button(
        texts("sheets.cite", answer=parts.plain(answer)),
        key=key,
        type="tertiary",
        icon=":material/add_link:",
        on_click=_add_citation,
        args=(help.code, field, answer, texts),
    )


def _add_citation(code: str, field: str, answer: str, texts: Texts) -> None:
    study = session.study()
    written = next(each for each in study.sheets() if each.code == code)
    text = study.with_citation(str(getattr(written, field)), answer)
    done = texts("sheets.cited", answer=answer)
    parts.decide(WriteSheet(code, **{field: text}), done)
