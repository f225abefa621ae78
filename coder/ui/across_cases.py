"""Cases of a category beside each other: pairs, who could talk to whom, and how they will last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from coder.i18n import Texts
from coder.model import Code
from coder.study import Study
from coder.ui import behind, choices, figure, parts, session, table
from coder.ui.score_sure import dimensions
from coder.ui.table import Column, Table

# The two that tell an emergency solution from one to last, where the recipe has them.
_USUAL = ("potential", "innovation_height")
_QUADRANTS = ("both", "across", "up", "neither")


def pairs(study: Study, code: Code, texts: Texts) -> None:
    """The pairs of cases that are most alike, and those most unlike."""
    st.header(texts("across.pairs"), anchor=False)
    st.caption(texts("across.pairs_about"))
    rows = session.result("pairs", lambda: study.alike_and_unlike(code.id), code.id)
    if rows.empty:
        st.text(texts("across.no_pairs"))
        return
    form = study.questionnaire
    items = {item.name: item.label for each in form.questions for item in each.items}
    rows = rows.assign(
        how=[texts(f"across.{like}") for like in rows["like"]],
        one=_named(study, rows["first"].tolist()),
        other=_named(study, rows["second"].tolist()),
        far=["; ".join(items.get(each, each) for each in apart) for apart in rows["apart"]],
    )
    distance = table.number(texts, 2)
    columns = (
        Column("how", texts("across.how")),
        Column("one", texts("across.one")),
        Column("other", texts("across.other")),
        Column("distance", texts("across.distance"), distance, texts("across.distance_about")),
        Column("far", texts("across.apart"), width=380),
    )
    shown = Table("pairs", texts("across.pairs"), rows, columns, tall=True)
    place = table.pick_row(shown, texts)
    if place is not None:
        behind.of_cases([rows["first"].iloc[place], rows["second"].iloc[place]], texts)


def _named(study: Study, cases: Sequence[str]) -> list[str]:
    """Cases by their ids and, where they are known, their organisations."""
    named = zip(cases, study.organisations(cases), strict=True)
    return [f"{case} · {name}" if name else case for case, name in named]


def could_talk(study: Study, code: Code, texts: Texts) -> None:
    """Who could learn from each other: each is ahead of the other on something."""
    st.header(texts("across.could_talk"), anchor=False)
    st.caption(texts("across.could_talk_about"))
    rows = session.result("could_talk", study.could_talk)
    rows = rows[rows["code"] == code.id]
    if rows.empty:
        st.text(texts("across.nobody"))
        return
    names = dimensions(study, texts)
    for no, row in enumerate(rows.to_dict("records"), start=1):
        with st.container(border=True, gap="xsmall", key=f"talk-{no}"):
            st.text(_two(row, texts))
            for each in ("first", "second"):
                who = row[f"{each}_organisation"]
                who = who if isinstance(who, str) else texts(f"across.unnamed_{each}")
                lead = ", ".join(names[name] for name in row[f"{each}_ahead"])
                st.caption(parts.plain(texts("across.ahead", who=who, on=lead)))


def _two(row: Mapping[Any, Any], texts: Texts) -> str:
    """Two organisations by their names, or without where there is no consent."""
    both = (row["first_organisation"], row["second_organisation"])
    named = [name for name in both if isinstance(name, str)]
    if len(named) == 2:
        return texts("across.talk", first=named[0], second=named[1])
    return texts("across.talk_one", first=named[0]) if named else texts("across.talk_none")


def quadrants(study: Study, code: Code, texts: Texts) -> None:
    """An emergency solution or one to last: two dimensions against each other."""
    names = dimensions(study, texts)
    if len(names) < 2:
        return
    st.header(texts("across.quadrants"), anchor=False)
    st.caption(texts("across.quadrants_about"))
    usual = [name for name in _USUAL if name in names]
    first, second = usual if len(usual) == 2 else list(names)[:2]
    left, right = st.columns(2)
    with left:
        across = choices.among(
            texts("across.axis_across"), "across_axis_across", names, texts, first=first
        )
    with right:
        up = choices.among(texts("across.axis_up"), "across_axis_up", names, texts, first=second)
    rows = session.result("quadrants", lambda: study.quadrants_by_code(across, up), across, up)
    make = partial(study.quadrant_figure, texts, across, up)
    figure.show("quadrants", make, texts, across, up)
    both = {"across": names[across], "up": names[up]}
    called = [texts(f"across.in_{name}", **both) for name in _QUADRANTS]
    _placed(study, code, across, up, called, texts)
    whole, two = table.number(texts), table.number(texts, 2)
    columns = (
        Column("category", texts("column.category")),
        Column("n", texts("column.cases"), whole),
        Column("across", names[across], two),
        Column("up", names[up], two),
        *(
            Column(name, each, whole, width=150)
            for name, each in zip(
                ("both", "only_across", "only_up", "neither"), called, strict=True
            )
        ),
    )
    table.show(Table("quadrants", texts("across.quadrants"), rows, columns), texts)


def _placed(
    study: Study, code: Code, across: str, up: str, called: Sequence[str], texts: Texts
) -> None:
    """How many of the category's own cases lie in each quadrant, with the way to them."""
    cases = study.quadrants(across, up)
    own = study.survey.answers.loc[study.state.answers_of(code.id), "case"]
    cases = cases[cases.index.isin(own)]
    for column, name, label in zip(st.columns(4), _QUADRANTS, called, strict=True):
        there = cases.index[cases["quadrant"] == name].tolist()
        with column, st.container(border=True, height="stretch", gap="xsmall"):
            st.caption(parts.plain(label))
            st.markdown(f"**{texts('across.cases', count=texts.number(len(there)))}**")
            if there:
                behind.of_cases(there, texts)
