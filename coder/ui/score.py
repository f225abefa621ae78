"""The score: which cases are the most promising, how each got there, and how sure that is."""

from __future__ import annotations

import streamlit as st

from coder.i18n import Texts
from coder.study import Study
from coder.ui import behind, choices, parts, session, table
from coder.ui.score_case import one_case
from coder.ui.score_recipe import recipe_view
from coder.ui.score_sure import otherwise, sure
from coder.ui.table import Column, Table


def show() -> None:
    """Draw the page."""
    texts, study = session.texts(), session.study()
    parts.title(texts, "score")
    if study.recipe() is None:
        st.info(texts("score.none"))
        recipe_view(study, texts)
        return
    _steps(study, texts)
    draw = {
        "ranking": _ranking,
        "case": one_case,
        "sure": sure,
        "otherwise": otherwise,
        "recipe": recipe_view,
    }
    view = choices.view("score", {each: texts(f"score.view_{each}") for each in draw}, texts)
    st.caption(texts(f"score.about_{view}"))
    draw[view](study, texts)


def _steps(study: Study, texts: Texts) -> None:
    """From the cases that were described to those above the threshold, and who fell out where."""
    found = session.result("score_summary", study.score_summary)
    threshold = texts.number(found["threshold"], 2)
    with st.container(key="counts_score"):
        columns = st.columns(3)
        for column, name in zip(columns, ("described", "scored", "above_threshold"), strict=True):
            label = texts(f"score.step.{name}", threshold=threshold)
            column.metric(label, texts.number(found[name]), border=True)
    out = [
        texts(f"score.out.{rule}", count=texts.number(count))
        for rule, count in found["left_out"].items()
        if count
    ]
    if out:
        st.caption(texts("score.left_out_all", steps=", ".join(out)))


def _ranking(study: Study, texts: Texts) -> None:
    """The cases in order; the numbers only for one who asks, since they only order."""
    opened = st.toggle(
        texts("score.open"),
        key="score_open",
        help=texts("score.open_help"),
        persist_state="session",
    )
    rows = session.result("score_ranking", study.ranking).reset_index(names="case")
    organisations = study.organisations(rows["case"].tolist())
    rows = rows.assign(
        organisation=organisations,
        place=[_place(row["rank"], row["tied"], texts) for row in rows.to_dict("records")],
        list=[texts("score.is_above") if above else "" for above in rows["above"]],
    )
    if opened:
        sure_ = session.result("score_certainty", study.certainty)
        rows = rows.assign(chance=rows["case"].map(sure_["chance_above"]))
    columns = [
        Column("rank", texts("column.rank"), table.number(texts)),
        Column("case", texts("column.case")),
        *([Column("organisation", _organisation(study))] if any(organisations) else []),
        Column("list", texts("column.above"), about=texts("score.column_about.above")),
        Column("place", texts("column.tied"), about=texts("score.column_about.tied")),
    ]
    if opened:
        columns += _numbers(study, texts)
    found = Table("ranking", texts("score.view_ranking"), rows, tuple(columns))
    place = table.pick_row(found, texts, search=True)
    if place is not None:
        case = str(rows["case"].iloc[place])
        with st.container(horizontal=True, vertical_alignment="center"):
            behind.of_cases([case], texts)
            st.button(
                texts("score.explain", case=parts.plain(case)),
                key="score_explain",
                icon=":material/calculate:",
                type="tertiary",
                on_click=lambda: _open_case(case, texts),
            )


def _numbers(study: Study, texts: Texts) -> list[Column]:
    recipe = study.scores().recipe
    return [
        Column("score", texts("column.score"), table.number(texts, 3)),
        Column(
            "chance",
            texts("column.chance_above"),
            table.percent(texts),
            texts("score.column_about.chance"),
        ),
        *(
            Column(each.name, each.label.get(texts.language, each.name), table.number(texts, 2))
            for each in recipe.dimensions
        ),
    ]


def _place(rank: int, tied: int, texts: Texts) -> str:
    return texts("score.tied", count=texts.number(tied)) if tied > 1 else ""


def _organisation(study: Study) -> str:
    name = study.questionnaire.organisation
    return study.questionnaire.question(name).label if name else ""


def _open_case(case: str, texts: Texts) -> None:
    session.choose("score_case", case)
    session.set_widget(f"score_view.{texts.language}", "case")
