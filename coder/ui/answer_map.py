"""The map of all answers: who is near whom, and a ring that is drawn around those to code."""

from __future__ import annotations

import html
import math
import textwrap
import uuid
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from coder.i18n import Texts
from coder.model import AcceptGroup, ApplyCode, Code, Proposal, ProposalSet, Turn
from coder.study import Study
from coder.ui import candidate_answers, parts, session
from coder.ui.candidate_acts import excerpt
from coder.ui.candidate_answers import Decided, Kept

# Eight colours that differ also for those who see colours otherwise (after Okabe & Ito), and
# seven shapes: as neither divides the other, 56 proposals look different.
_COLOURS = (
    "#0072b2", "#c85200", "#007f5f", "#a8478f", "#8a6d00", "#3b9ad1", "#6b4fa0", "#5b6665",
)  # fmt: skip
_SHAPES = (
    "circle", "square", "diamond", "triangle-up", "triangle-down", "cross", "hexagram",
)  # fmt: skip
_INK, _PAPER = "#1c2b2a", "#f3f6f5"
_FONT = {"family": "Source Sans, sans-serif", "color": _INK}
_HEIGHT = 520
_EXCERPT, _LINE = 220, 46
_LABEL = 26
# How much room a label takes on a map from -1 to 1: each sign, and one line.
_SIGN, _ROW, _EDGE = 0.026, 0.09, 0.6


class Look(NamedTuple):
    """How the answers of a proposal are drawn."""

    colour: str
    shape: str


def show(
    study: Study,
    shown: ProposalSet,
    chosen: Proposal,
    decided: Decided,
    choose: Callable[[str], None],
) -> None:
    """The map on the left, and beside it the answers in the ring.

    choose : what is done when another proposal, by its id, is to stand out.
    """
    texts = session.texts()
    places = _places(study, texts)
    left, right = st.columns([3, 2], gap="medium")
    with left, st.container(key="answer_map"):
        _highlight(shown, chosen, choose, texts)
        ring = st.plotly_chart(
            _figure(study, places, shown, chosen, decided, texts),
            key=f"map.{_rings()}",
            theme=None,
            on_select="rerun",
            selection_mode=("points", "lasso"),
            # Its buttons are named in English only.
            config={"displayModeBar": False, "showTips": False},
            alt=_alt(places, shown, chosen, texts),
        )
        st.caption(texts("answer_map.legend"))
    with right, st.container(key="ring"):
        _ring(study, shown, _inside(ring, places), decided, texts)


def _places(study: Study, texts: Texts) -> pd.DataFrame:
    """Where each answer stands; what takes time, the first time, is told while it does."""
    box = st.empty()

    def tell(key: str, done: int, total: int) -> None:
        count = f" {texts.number(done)} / {texts.number(total)}" if total else ""
        box.status(texts(key) + count)

    places = study.answer_map(tell)
    box.empty()
    return places


def _figure(
    study: Study,
    places: pd.DataFrame,
    shown: ProposalSet,
    chosen: Proposal,
    decided: Decided,
    texts: Texts,
) -> go.Figure:
    """The figure, drawn anew only when it has become another: thousands of marks take a second."""
    ids = tuple(each.id for each in shown)
    key = (study.path, study.survey, study.state.no, ids, chosen.id, texts.language)
    make = partial(figure, study, places, shown, chosen, decided, texts)
    return session.once("answer_map", key, make)


def _highlight(
    shown: ProposalSet, chosen: Proposal, choose: Callable[[str], None], texts: Texts
) -> None:
    """Which proposal stands out: the one that is open in the list, and the other way round."""
    names = {each.id: candidate_answers.name(each, texts) for each in shown}
    key = f"highlight.{hash(tuple(names.items()))}.{chosen.id}"
    st.selectbox(
        texts("answer_map.highlight"),
        list(names),
        placeholder=texts("ui.choose"),
        index=list(names).index(chosen.id),
        format_func=names.__getitem__,
        key=key,
        on_change=lambda: choose(str(session.widget(key))),
    )


def _alt(places: pd.DataFrame, shown: ProposalSet, chosen: Proposal, texts: Texts) -> str:
    called = candidate_answers.name(chosen, texts)
    return texts("answer_map.alt", count=len(places), proposals=len(shown), name=called)


def _inside(ring: Mapping[str, Any], places: pd.DataFrame) -> list[str]:
    """The answers in the ring, in the order of the survey; those that are gone are not."""
    points = ring.get("selection", {}).get("points", [])
    ids = {str(point["customdata"][0]) for point in points if point.get("customdata")}
    return [answer for answer in places.index if answer in ids]


# --- the figure --------------------------------------------------------------------------------


def figure(
    study: Study,
    places: pd.DataFrame,
    shown: ProposalSet,
    chosen: Proposal,
    decided: Decided,
    texts: Texts,
) -> go.Figure:
    """Every answer as a mark in the colour and shape of its proposal, the chosen one's on top."""
    stands = {answer: each for each in reversed(shown.proposals) for answer in each.answers}
    stands |= dict.fromkeys(chosen.answers, chosen)
    looks = _looks(shown)
    own = [answer for answer in places.index if stands.get(answer) == chosen]
    others = [answer for answer in places.index if stands.get(answer) != chosen]
    drawn, size = go.Figure(), _size(len(places))
    for answers, width in ((others, 0.0), (own, 1.5)):
        hover = [hover_text(study, each, stands.get(each), decided, texts) for each in answers]
        seen = [_look(looks, stands.get(each), decided.is_closed(each)) for each in answers]
        drawn.add_scatter(
            x=places.loc[answers, "x"],
            y=places.loc[answers, "y"],
            mode="markers",
            customdata=[[each] for each in answers],
            hovertext=hover,
            hoverinfo="text",
            marker={
                "color": [look.colour for look in seen],
                "symbol": [look.shape for look in seen],
                "size": 1.4 * size if width else size,
                "opacity": 1 if width else 0.7,
                "line": {"width": width or 0.5, "color": _INK if width else "#ffffff"},
            },
            unselected={"marker": {"opacity": 0.2}},
        )
    _dress(drawn, labels(places, shown, chosen, texts))
    return drawn


def _size(count: int) -> float:
    """How large a mark is, in pixels: smaller where there are many."""
    return min(9.0, max(4.0, 240 / math.sqrt(max(count, 1))))


def _looks(shown: ProposalSet) -> dict[str, Look]:
    return {
        each.id: Look(_COLOURS[no % len(_COLOURS)], _SHAPES[no % len(_SHAPES)])
        for no, each in enumerate(shown)
    }


def _look(looks: Mapping[str, Look], proposal: Proposal | None, closed: bool) -> Look:
    """The look of one answer: hollow when there is nothing left to decide."""
    look = looks[proposal.id] if proposal else Look(_COLOURS[-1], "circle")
    return look._replace(shape=f"{look.shape}-open") if closed else look


def hover_text(
    study: Study, answer: str, proposal: Proposal | None, decided: Decided, texts: Texts
) -> str:
    """What is told of an answer under the mouse. Plotly reads some HTML there, so it gets none."""
    told = [parts.answer_heading(answer), *decided.told(answer, texts)]
    if proposal:
        told.insert(1, candidate_answers.name(proposal, texts))
    lines = textwrap.wrap(excerpt(study, answer, _EXCERPT), _LINE)
    about = textwrap.wrap(" · ".join(told), _LINE)
    return "<br>".join(html.escape(line, quote=False) for line in [*about, "", *lines])


def labels(
    places: pd.DataFrame, shown: ProposalSet, chosen: Proposal, texts: Texts
) -> list[dict[str, Any]]:
    """A name at the most typical answer of each proposal, the chosen and large ones first.

    What would lie on another name is left out.
    """
    made: list[dict[str, Any]] = []
    taken: list[tuple[float, float, float]] = []
    for each in (chosen, *(other for other in shown if other.id != chosen.id)):
        at = next((answer for answer in each.answers if answer in places.index), None)
        if at is None:
            continue
        called = textwrap.shorten(candidate_answers.name(each, texts), _LABEL, placeholder="…")
        x, y, half = places.at[at, "x"], places.at[at, "y"], len(called) * _SIGN / 2
        side = 1 if x < -_EDGE else -1 if x > _EDGE else 0  # inwards from the edges
        middle = x + side * half
        if any(abs(middle - a) < half + b and abs(y - c) < _ROW for a, c, b in taken):
            continue
        taken.append((middle, y, half))
        made.append(_label(x, y, side, called, each.id == chosen.id))
    return made


def _label(x: float, y: float, side: int, called: str, chosen: bool) -> dict[str, Any]:
    safe = html.escape(called, quote=False)
    return {
        "x": x,
        "xanchor": ("center", "left", "right")[side],
        "y": y,
        "text": f"<b>{safe}</b>" if chosen else safe,
        "showarrow": False,
        "yshift": 17,
        "font": {"size": 13 if chosen else 12, "color": _INK},
        "bgcolor": "rgba(255, 255, 255, 0.75)",
        "borderpad": 2,
    }


def _dress(drawn: go.Figure, annotations: Sequence[dict[str, Any]]) -> None:
    """No axes, since directions mean nothing; the mouse draws a ring."""
    axis = {"visible": False, "range": [-1.12, 1.12], "fixedrange": True}
    drawn.update_layout(
        annotations=list(annotations),
        xaxis=axis,
        yaxis=axis,
        height=_HEIGHT,
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        plot_bgcolor=_PAPER,
        paper_bgcolor="rgba(0, 0, 0, 0)",
        showlegend=False,
        dragmode="lasso",
        hovermode="closest",
        font=_FONT,
        hoverlabel={"bgcolor": "#ffffff", "font": _FONT | {"size": 13}, "align": "left"},
        newselection={"line": {"color": _INK, "width": 2, "dash": "solid"}},
    )


# --- the answers in the ring -------------------------------------------------------------------


def _ring(
    study: Study, shown: ProposalSet, inside: Sequence[str], decided: Decided, texts: Texts
) -> None:
    """How many they are, the acts on those that are ticked, and each of them."""
    if not inside:
        st.info(texts("answer_map.how"))
        return
    ringed = Proposal(f"ring.{hash(tuple(inside))}", tuple(inside), (), (), 0.0)
    kept = Kept.of(ringed, None, decided)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header(texts("answer_map.ringed", count=len(inside)), anchor=False)
        st.button(
            texts("answer_map.no_ring"),
            key="no_ring",
            type="tertiary",
            icon=":material/close:",
            on_click=lambda: session.choose("rings", str(_rings() + 1)),
        )
    closed = sum(map(decided.is_closed, inside))
    if closed:
        st.caption(texts("answer_map.ringed_closed", count=closed))
    _new(kept, texts)
    if study.state.usable():
        _existing(kept, texts)
    names = {a: candidate_answers.name(each, texts) for each in shown for a in each.answers}
    with st.container(key="ringed", height=_HEIGHT, gap="small"):
        candidate_answers.cards(kept, inside, names, texts)


def _rings() -> int:
    """How many rings were taken away: a chart of another key has none."""
    return int(session.chosen("rings") or 0)


def _new(kept: Kept, texts: Texts) -> None:
    count, key = len(kept.ticked()), f"ring_label.{kept.proposal.id}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(texts("categories.new"), key=key)
        st.button(
            texts("coding.create", count=count),
            key="ring_create",
            type="primary",
            disabled=not count,
            on_click=partial(_create, kept, key, texts),
        )


def _create(kept: Kept, key: str, texts: Texts) -> None:
    """One decision makes the category and gives it to the answers."""
    answers, label = kept.ticked(), str(session.widget(key) or "")
    # Not an empty label: that would stand for a code that is there.
    decision = AcceptGroup(Turn(answers), str(uuid.uuid4()), answers, label=label or " ")
    parts.decide(decision, texts("candidates.done", label=label, count=len(answers)))


def _existing(kept: Kept, texts: Texts) -> None:
    count = len(kept.ticked())
    with st.container(horizontal=True, vertical_alignment="bottom"):
        code = parts.pick_code(texts("answer_map.give"), f"ring_code.{kept.proposal.id}")
        st.button(
            texts("categories.code", count=count),
            key="ring_give",
            disabled=code is None or not count,
            on_click=partial(_give, kept, code, texts),
        )


def _give(kept: Kept, code: Code | None, texts: Texts) -> None:
    answers = kept.ticked()
    if code is not None:
        done = texts("coding.done", count=len(answers), label=code.label)
        parts.decide(ApplyCode(code.id, answers), done)
