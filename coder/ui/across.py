"""Learning across: what the cases of one category share, where they differ, who could talk."""

from __future__ import annotations

import streamlit as st

from coder.i18n import Texts
from coder.model import Code
from coder.study import Study
from coder.ui import behind, choices, parts, session
from coder.ui.across_cases import could_talk, pairs, quadrants
from coder.ui.across_shared import differing, shared
from coder.ui.grid_filters import Wanted

_SUB_GROUPS, _FEWEST, _READ = 3, 6, 2


def show() -> None:
    """Draw the page."""
    texts, study = session.texts(), session.study()
    parts.title(texts, "across")
    study = choices.layer(study, texts)
    used = {code for codes in study.state.codings.values() for code in codes}
    paths = {code: study.state.path(code) for code in study.state.codes if code in used}
    if not paths:
        parts.empty(texts("joint.nothing_coded"), "candidates")
        return
    asked = session.take_parameter("code") or ""
    code = study.state.codes[_category(paths, asked, texts)]
    _head(study, code, texts)
    left, right = st.columns(2, gap="large")
    with left:
        shared(study, code, texts)
    with right:
        differing(study, code, texts)
    _sub_groups(study, code, texts)
    pairs(study, code, texts)
    _obstacles(study, code, texts)
    if study.recipe():
        could_talk(study, code, texts)
        quadrants(study, code, texts)


def _category(paths: dict[str, str], asked: str, texts: Texts) -> str:
    if asked in paths:
        session.choose("across", asked)
    first = session.chosen("across") or ""
    return choices.among(texts("across.category"), f"across_{first}", paths, texts, first=first)


def _head(study: Study, code: Code, texts: Texts) -> None:
    if code.definition:
        st.text(code.definition)
    count = texts.number(len(study.answers_by_code()[code.id]))
    told = texts("across.read", count=count, category=code.label)
    behind.answers(Wanted(codes=(code.id,)), told, study)


def _sub_groups(study: Study, code: Code, texts: Texts) -> None:
    """The answers in groups that are alike, each told by its most typical answers."""
    st.header(texts("across.sub_groups"), anchor=False)
    st.caption(texts("across.sub_groups_about"))
    if len(study.answers_by_code()[code.id]) < _FEWEST:
        st.caption(texts("across.too_few", count=_FEWEST))
        return
    with st.spinner(texts("candidates.comparing")):
        groups = session.result(
            "sub_groups", lambda: study.sub_groups(code.id, _SUB_GROUPS), code.id
        )
    for no, (group, column) in enumerate(zip(groups, st.columns(len(groups)), strict=True), 1):
        with column, st.container(border=True, height="stretch"):
            count = texts.number(len(group))
            st.markdown(f"**{texts('across.sub_group', no=no, count=count)}**")
            for answer in group[:_READ]:
                st.caption(parts.plain(parts.answer_heading(answer)))
                st.text(study.survey.answers.at[answer, "text"])
            told = texts("behind.answers", count=count)
            behind.answers(Wanted(ids=tuple(group), status="all"), told)


def _obstacles(study: Study, code: Code, texts: Texts) -> None:
    """The sentences in which an obstacle is told of, each with the way to its answer."""
    st.header(texts("across.obstacles"), anchor=False)
    st.caption(texts("across.obstacles_about"))
    found = session.result("obstacles", lambda: study.obstacles(code.id), code.id)
    if found.empty:
        st.text(texts("across.no_obstacles"))
    for no, row in enumerate(found.to_dict("records")):
        with st.container(key=f"obstacle-{no}", gap="xsmall"):
            st.text(row["sentence"])
            heading = parts.plain(parts.answer_heading(row["answer"]))
            parts.link("coding", heading, answer=row["answer"])
