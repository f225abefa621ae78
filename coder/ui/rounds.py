"""Rounds: who codes which answers, how far each has come, and who may do what."""

from __future__ import annotations

import uuid
from functools import partial

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from coder.errors import UserError
from coder.i18n import Texts
from coder.model import CloseRound, CoderRole, Design, OpenRound, SetRole
from coder.study import RoundProgress, Study
from coder.ui import parts, session

_DESIGNS: tuple[Design, ...] = ("all", "overlap", "pairs", "again")
_ROLES: tuple[CoderRole, ...] = ("lead", "coder", "reader")


def show() -> None:
    """Draw the page."""
    texts, study = session.texts(), session.study()
    parts.title(texts, "rounds")
    coder = session.known_coder()
    leads = study.state.role(coder) == "lead"
    mine = study.state.round_of(coder) if coder else None
    rounds = study.rounds()
    if mine:
        _mine(next(each for each in rounds if each.round.round == mine.round), coder or "", texts)
    elif not leads:
        st.info(texts("rounds.none_mine"))
    for each in rounds:
        if leads:
            _round(study, each, texts)
        elif not each.is_open and coder in each.round.coders:
            _over(each, texts)
    if leads:
        with st.expander(texts("rounds.coders"), expanded=not rounds):
            _coders(study, texts)
        if len(study.state.coders):
            with st.expander(texts("rounds.new"), icon=":material/add:", expanded=not rounds):
                _new(study, texts)


# --- a coder's own -----------------------------------------------------------------------------


def _mine(mine: RoundProgress, coder: str, texts: Texts) -> None:
    """The round that this session's coder is in, and the way to the work."""
    done, total = mine.done[coder], mine.assigned[coder]
    with st.container(border=True, key="my_round"):
        st.header(parts.plain(mine.round.label), anchor=False)
        st.text(texts(f"rounds.about_{_sort(mine.round)}"))
        told = texts("rounds.done_of", done=texts.number(done), total=texts.number(total))
        st.progress(done / total, text=told)
        if done == total:
            st.success(texts("rounds.all_done"), icon=":material/check:")
        label = texts("rounds.go_on" if done else "rounds.start")
        if st.button(label, key="start_round", type="primary", icon=":material/arrow_forward:"):
            parts.go("coding")


def _over(each: RoundProgress, texts: Texts) -> None:
    with st.container(border=True, key=f"over.{each.round.round}", horizontal=True):
        st.text(texts("rounds.over", label=each.round.label))
        _to_agreement(each.round, texts)


def _to_agreement(round: OpenRound, texts: Texts) -> None:
    if st.button(texts("rounds.see"), key=f"see.{round.round}", icon=":material/balance:"):
        query = {"again": {"of": "later"}, "test": {"of": "key"}}.get(_sort(round), {})
        parts.go("agreement", round=round.round, **query)


# --- what a lead sees --------------------------------------------------------------------------


def _round(study: Study, each: RoundProgress, texts: Texts) -> None:
    """How far a round is: counts alone, never a code."""
    round = each.round
    with st.container(border=True, key=f"round.{round.round}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.subheader(parts.plain(round.label), anchor=False, width="stretch")
            st.badge(_kind(each, texts), color="green" if each.is_open else "gray")
        st.caption(parts.plain(_told(round, texts)))
        _bars(study, each, texts)
        st.text(_shared(each, texts))
        if each.is_open:
            st.button(
                texts("rounds.close"),
                key=f"close.{round.round}",
                icon=":material/lock_open:",
                help=texts(f"rounds.close_help{'_again' if round.again else ''}")
                if round.blind
                else None,
                on_click=partial(
                    parts.decide, CloseRound(round.round), texts("rounds.closed", label=round.label)
                ),
            )
        else:
            _to_agreement(round, texts)


def _kind(each: RoundProgress, texts: Texts) -> str:
    if not each.is_open:
        return texts("rounds.is_closed")
    return texts(f"rounds.is_{_sort(each.round)}")


def _sort(round: OpenRound) -> str:
    if round.again:
        return "again"
    return "test" if round.test else "blind" if round.blind else "open"


def _told(round: OpenRound, texts: Texts) -> str:
    """The design in words, with the seed, so that it can be told in a report."""
    count, overlap = texts.number(len(round.answers)), texts.number(round.overlap)
    if round.design not in ("overlap", "again"):
        return texts(f"rounds.told_{round.design}", count=count, seed=round.seed)
    by = texts("rounds.by_told", by=round.by) if round.by else ""
    values = {"overlap": overlap, "by": by, "seed": round.seed}
    if round.again:
        return texts("rounds.told_again", **values)
    return texts("rounds.told_overlap", count=count, **values)


def _bars(study: Study, each: RoundProgress, texts: Texts) -> None:
    names, colours = study.state.coders, study.coder_colours()
    for coder, total in each.assigned.items():
        done = each.done[coder]
        told = texts("rounds.done_of", done=texts.number(done), total=texts.number(total))
        parts.coder_chip(names[coder], colours[coder])
        st.progress(done / total, text=told)


def _shared(each: RoundProgress, texts: Texts) -> str:
    values = {"shared": texts.number(each.shared), "compared": texts.number(each.compared)}
    what = "twice" if each.round.again else "shared"
    if each.agreed is None or not each.compared:
        return texts(f"rounds.{what}", **values)
    return texts(f"rounds.{what}_agreed", **values, agreed=texts.number(each.agreed))


def _coders(study: Study, texts: Texts) -> None:
    """Who is there and what each may do; a new coder joins by name."""
    st.caption(texts("rounds.roles_about"))
    state, colours = study.state, study.coder_colours()
    for coder, name in state.coders.items():
        with st.container(horizontal=True, vertical_alignment="center", key=f"coder.{coder}"):
            parts.coder_chip(name, colours[coder])
            key = f"set_role.{coder}.{state.no}"
            st.selectbox(
                texts("rounds.role_of", name=parts.plain(name)),
                _ROLES,
                placeholder=texts("ui.choose"),
                index=_ROLES.index(state.role(coder)),
                format_func=lambda each: texts(f"coder_role.{each}"),
                key=key,
                label_visibility="collapsed",
                width=160,
                on_change=partial(_set_role, coder, key, texts),
            )
    with (
        st.form("add_coder", border=False, clear_on_submit=True),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        st.text_input(texts("rounds.add_coder"), key="new_coder")
        st.form_submit_button(texts("rounds.add"), on_click=partial(_add_coder, texts))


def _set_role(coder: str, key: str, texts: Texts) -> None:
    role = session.widget(key)
    name = session.study().state.coders[coder]
    for each in _ROLES:
        if role == each:
            told = texts("rounds.role_set", name=name, role=texts(f"coder_role.{each}"))
            parts.decide(SetRole(coder, each), told)


def _add_coder(texts: Texts) -> None:
    name = str(session.widget("new_coder") or "").strip()
    if name:
        parts.attempt(partial(session.study().coder, name), texts("rounds.added", name=name))


# --- a new one ---------------------------------------------------------------------------------


def _new(study: Study, texts: Texts) -> None:
    """A round as it will be, told before it is opened."""
    state = study.state
    names = {each: name for each, name in state.coders.items() if state.role(each) != "reader"}
    label = st.text_input(
        texts("rounds.label"),
        value=texts("rounds.nth", no=len(state.rounds) + 1),
        key="round_label",
    )
    coders = st.multiselect(
        texts("rounds.who"), list(names), format_func=names.__getitem__, key="round_coders",
        placeholder=texts("ui.choose"),
    )  # fmt: skip
    design = st.radio(
        texts("rounds.design"), _DESIGNS, format_func=lambda each: texts(f"rounds.by.{each}"),
        captions=[texts(f"rounds.by_about.{each}") for each in _DESIGNS], key="round_design",
    )  # fmt: skip
    if design == "again":
        left, middle, right = st.columns([2, 3, 2])
        overlap, by = _each(study, left, texts), _by(study, middle, texts)
        blind, test = True, False
    else:
        overlap, by = _overlap(study, texts) if design == "overlap" else (0, "")
        left, right = st.columns([3, 1], vertical_alignment="bottom")
        with left:
            blind, test = _openness(study, texts)
    seed = right.number_input(
        texts("rounds.seed"), 0, 999_999, 1, key="round_seed", help=texts("rounds.seed_help")
    )
    if not coders:
        st.text(texts("rounds.choose_coders"))
        return
    try:
        plan = study.plan_round(
            str(uuid.uuid4()), label, coders, design or "all", overlap, by, int(seed),
            blind or test, test,
        )  # fmt: skip
    except UserError as error:
        st.warning(parts.plain(texts.error(error)))
        return
    _plan(plan, names, texts)


def _openness(study: Study, texts: Texts) -> tuple[bool, bool]:
    """Whether the round is blind, and whether it is a test."""
    blind = st.toggle(
        texts("rounds.blind"), value=True, key="round_blind", help=texts("rounds.blind_help")
    )
    test = bool(study.state.settled) and st.toggle(
        texts("rounds.test"), key="round_test", help=texts("rounds.test_help")
    )
    return blind, test


def _overlap(study: Study, texts: Texts) -> tuple[int, str]:
    """How many all code, as a number or a share, and by what they are drawn."""
    left, middle, right = st.columns([2, 2, 3])
    unit = left.segmented_control(
        texts("rounds.overlap_in"), ("count", "percent"), default="percent", required=True,
        format_func=lambda each: texts(f"rounds.overlap.{each}"), key="round_overlap_in",
    )  # fmt: skip
    most = len(study.state.answers - study.state.set_aside())
    given = middle.number_input(
        texts("rounds.overlap_many"), 0, 100 if unit == "percent" else most, 20,
        key=f"round_overlap.{unit}",
    )  # fmt: skip
    count = round(most * given / 100) if unit == "percent" else int(given)
    return count, _by(study, right, texts)


def _by(study: Study, column: DeltaGenerator, texts: Texts) -> str:
    """The background question by which answers are drawn; empty: by lot alone."""
    labels = {each.name: each.label for each in study.questionnaire.of_kind("background")}
    by = column.selectbox(
        texts("rounds.by_value"), ["", *labels], key="round_by",
        placeholder=texts("ui.choose"), help=texts("rounds.by_help"),
        format_func=lambda each: labels.get(each, texts("rounds.by_none")),
    )  # fmt: skip
    return by or ""


def _each(study: Study, column: DeltaGenerator, texts: Texts) -> int:
    """How many answers each coder gets again."""
    most = max(len(study.state.answers), 1)
    count = column.number_input(
        texts("rounds.again_many"), 1, most, min(50, most), key="round_again",
        help=texts("rounds.again_help"),
    )  # fmt: skip
    return int(count)


def _plan(plan: OpenRound, names: dict[str, str], texts: Texts) -> None:
    loads = pd.DataFrame(
        {
            texts("column.coder"): [names[each.coder] for each in plan.assigned],
            texts("column.answers"): [len(each.answers) for each in plan.assigned],
        }
    )
    st.dataframe(loads, hide_index=True, key="round_plan", width="content")
    st.caption(parts.plain(_told(plan, texts)))
    st.button(
        texts("rounds.open"),
        key="open_round",
        type="primary",
        on_click=partial(parts.decide, plan, texts("rounds.opened", label=plan.label)),
    )
