"""What can be done with a candidate category, beside confirming it: the lesser acts.

Each takes the answers that are ticked, or says in its own words which it takes.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import get_args

import streamlit as st

from coder.i18n import Texts
from coder.model import (
    AcceptGroup,
    ApplyCode,
    Code,
    ConfirmProposal,
    MergeCodes,
    MoveAnswers,
    Proposal,
    ProposalSet,
    ReviseCode,
    SetApart,
    SetStatus,
    Status,
    Turn,
)
from coder.study import Study
from coder.ui import candidate_answers, parts, session
from coder.ui.candidate_answers import Kept

_STATUSES: tuple[Status, ...] = get_args(Status)
_EXCERPT = 80


@dataclass(frozen=True)
class Opened:
    """The proposal that is open, with all that its acts need.

    ``other`` is the proposal that it is read together with, or None; ``kept`` has both.
    """

    study: Study
    shown: ProposalSet
    proposal: Proposal
    other: Proposal | None
    kept: Kept
    texts: Texts


# --- an open proposal --------------------------------------------------------------------------


def confirm_form(it: Opened) -> None:
    """A name, a definition if one likes, and the button that makes a category of what is ticked."""
    texts, proposal = it.texts, it.proposal
    with st.container(key="confirm_form", horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            texts("candidates.name"),
            value=candidate_answers.name(proposal, texts),
            key=f"label.{proposal.id}",
            help=texts("candidates.name_help"),
        )
        st.text_input(
            texts("categories.definition"),
            key=f"definition.{proposal.id}",
            placeholder=texts("coding.optional"),
        )
        st.button(
            texts("candidates.confirm"),
            key="confirm",
            type="primary",
            on_click=partial(_confirm, it),
        )


def _confirm(it: Opened) -> None:
    answers = it.kept.ticked()
    label = str(session.widget(f"label.{it.proposal.id}") or "")
    if not answers:
        session.say(it.texts("candidates.nothing_kept"), refused=True)
        return
    decision = ConfirmProposal(
        code=str(uuid.uuid4()),
        label=label,
        answers=answers,
        proposal=it.proposal.id,
        suggested_by=it.shown.encoder,
        definition=str(session.widget(f"definition.{it.proposal.id}") or "").strip(),
    )
    parts.decide(decision, it.texts("candidates.done", label=label, count=len(answers)))


def acts(it: Opened) -> None:
    """The lesser acts on an open proposal, each behind a word."""
    with st.container(key="candidate_acts", horizontal=True, gap="xsmall"):
        _behind(
            it.texts("candidates.merge"), f"merge.{it.proposal.id}", "merge", partial(_merge, it)
        )
        if it.other is None and it.study.parted(it.proposal):
            _parts_button(it)
        if len(it.kept.proposal.answers) > 1:
            key = f"apart.{it.proposal.id}"
            _behind(it.texts("candidates.apart"), key, "arrow_split", partial(_apart, it))
        key = f"aside.{it.proposal.id}"
        _behind(it.texts("candidates.aside"), key, "do_not_disturb_on", partial(_aside, it))


def _behind(label: str, key: str, icon: str, draw: Callable[[], None]) -> None:
    """A word, and what stands behind it: drawn when somebody wants to see it."""
    with st.popover(
        label, type="tertiary", key=key, icon=f":material/{icon}:", on_change="rerun"
    ) as box:
        with st.container(key=f"act.{key}"):
            if box.open:
                draw()


# --- one with another --------------------------------------------------------------------------


def _merge(it: Opened) -> None:
    """With a category that is there, or with another proposal, to be read as one first."""
    texts, key = it.texts, f"merge_with.{it.proposal.id}"
    st.text(texts("candidates.merge_about"))
    codes = sorted(it.study.state.usable(), key=lambda each: each.label.casefold())
    offered: list[Code | Proposal] = [*codes, *_open_others(it)]
    chosen = st.selectbox(
        texts("candidates.merge_with"),
        offered,
        index=None,
        format_func=partial(_mergeable, texts=texts),
        placeholder=texts("ui.choose"),
        key=key,
    )
    count = len(it.kept.ticked())
    if isinstance(chosen, Proposal):
        st.button(
            texts("candidates.merge_show"),
            key="merge_show",
            type="primary",
            on_click=partial(session.choose, f"with.{it.proposal.id}", chosen.id),
        )
    else:
        st.button(
            texts("candidates.merge_give", count=count),
            key="merge_give",
            type="primary",
            disabled=chosen is None or not count,
            on_click=partial(_give, it, chosen),
        )


def _mergeable(each: Code | Proposal, texts: Texts) -> str:
    if isinstance(each, Code):
        return texts("candidates.merge_category", label=each.label)
    called = candidate_answers.name(each, texts)
    return texts("candidates.merge_proposal", name=called, count=len(each.answers))


def _open_others(it: Opened) -> list[Proposal]:
    """The other proposals in which somebody has still to decide."""
    own = set(it.kept.proposal.answers)
    left = (e for e in it.shown if e.id != it.proposal.id and not own.issuperset(e.answers))
    return [each for each in left if Kept.of(each, None, it.kept.decided).first]


def _give(it: Opened, code: Code | None) -> None:
    """Give the answers ticked a code that is there; whose tick was taken away don't belong."""
    if code is None:
        return
    answers, out = it.kept.ticked(), it.kept.taken_out()
    decision = AcceptGroup(Turn(it.kept.proposal.answers), code.id, answers, out, it.shown.encoder)
    parts.decide(decision, it.texts("coding.done", count=len(answers), label=code.label))


def together(it: Opened) -> None:
    """Which proposal this one is read together with, and the way back."""
    if it.other is None:
        return
    with st.container(key="together", horizontal=True, vertical_alignment="center"):
        called = candidate_answers.name(it.other, it.texts)
        st.text(it.texts("candidates.together", name=called), width="stretch")
        st.button(
            it.texts("candidates.together_end"),
            key="together_end",
            type="tertiary",
            on_click=partial(session.choose, f"with.{it.proposal.id}", ""),
        )


# --- in its parts ------------------------------------------------------------------------------


def _parts_button(it: Opened) -> None:
    st.button(
        it.texts("candidates.parts"),
        key="parts",
        type="tertiary",
        icon=":material/call_split:",
        on_click=partial(session.choose, f"parts.{it.proposal.id}", "1"),
    )


def in_parts(
    study: Study,
    whole: Proposal,
    confirmed: Mapping[str, ConfirmProposal],
    decided: candidate_answers.Decided,
    texts: Texts,
) -> Proposal:
    """The proposal; or, where its parts are shown, the one of them that is chosen."""
    proposal, depth = whole, 0
    while proposal.id not in confirmed and session.chosen(f"parts.{proposal.id}"):
        found = study.parted(proposal)
        if not found:
            break
        with st.container(key=f"parts_of.{depth}", horizontal=True, vertical_alignment="center"):
            done = [e.id in confirmed or all(map(decided.is_closed, e.answers)) for e in found]
            chosen = _choose_part(found, done, texts)
            st.button(
                texts("candidates.whole"),
                key=f"whole.{depth}",
                type="tertiary",
                icon=":material/call_merge:",
                on_click=partial(session.choose, f"parts.{proposal.id}", ""),
            )
        proposal, depth = chosen, depth + 1
    return proposal


def _choose_part(found: Sequence[Proposal], done: Sequence[bool], texts: Texts) -> Proposal:
    """One of the parts: to begin with the first in which something is left to decide."""
    names = {each.id: candidate_answers.name(each, texts) for each in found}
    labels = {
        each.id: (":material/check_circle: " if is_done else "")
        + parts.plain(texts("candidates.part", name=names[each.id], count=len(each.answers)))
        for each, is_done in zip(found, done, strict=True)
    }
    by_id = {each.id: each for each in found}
    first = next((e.id for e, is_done in zip(found, done, strict=True) if not is_done), found[0].id)
    picked = st.segmented_control(
        texts("candidates.parts_choose"),
        list(by_id),
        default=first,
        required=True,
        format_func=labels.__getitem__,
        # Others are chosen to begin with when one is done, so what is done is part of the key.
        key=f"part.{hash(tuple(labels.items()))}",
        label_visibility="collapsed",
    )
    return by_id[picked]


# --- no answers, and two that are distinct -----------------------------------------------------


def _aside(it: Opened) -> None:
    texts, key, count = it.texts, f"aside_why.{it.proposal.id}", len(it.kept.ticked())
    st.text(texts("candidates.aside_about", count=count))
    status = st.selectbox(
        texts("candidates.aside_why"),
        _STATUSES,
        index=None,
        format_func=lambda each: texts(f"status.{each}"),
        placeholder=texts("ui.choose"),
        key=key,
    )
    st.button(
        texts("candidates.aside_do", count=count),
        key="aside_do",
        type="primary",
        disabled=status is None or not count,
        on_click=partial(_set_aside, it, status),
    )


def _set_aside(it: Opened, status: Status | None) -> None:
    answers = it.kept.ticked()
    parts.decide(SetStatus(answers, status), it.texts("candidates.aside_done", count=len(answers)))


def _apart(it: Opened) -> None:
    """Two answers of the proposal; to begin with its most doubtful and its most typical one."""
    texts, answers = it.texts, it.kept.ranked()
    st.text(texts("candidates.apart_about"))
    doubtful = it.proposal.doubtful[0] if it.proposal.doubtful else answers[-1]
    first = _one_of(answers, doubtful, "apart_first", it)
    second = _one_of(answers, answers[0], "apart_second", it)
    st.button(
        texts("candidates.apart_do"),
        key="apart_do",
        type="primary",
        disabled=first == second,
        on_click=partial(
            parts.decide,
            SetApart(first, second),
            texts("candidates.apart_done", first=first, second=second),
        ),
    )
    before = [pair for pair in it.study.state.apart if set(pair) <= set(answers)]
    if before:
        pairs = ", ".join(f"{one} – {other}" for one, other in before)
        st.caption(parts.plain(texts("candidates.apart_before", pairs=pairs)))


def _one_of(answers: Sequence[str], usual: str, which: str, it: Opened) -> str:
    chosen = st.selectbox(
        it.texts(f"candidates.{which}"),
        answers,
        placeholder=it.texts("ui.choose"),
        index=list(answers).index(usual),
        format_func=lambda each: f"{each} · {excerpt(it.study, each, _EXCERPT)}",
        key=f"{which}.{it.proposal.id}.{len(answers)}",
    )
    with st.container(key=which, height=110, border=False):
        parts.answer_text(chosen)
    return chosen


def excerpt(study: Study, answer: str, length: int) -> str:
    """The beginning of an answer, on one line."""
    text = " ".join(study.survey.answers.at[answer, "text"].split())
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


# --- a confirmed one ---------------------------------------------------------------------------


def confirmed_acts(it: Opened, code: Code) -> None:
    """What can be done with a category from the proposal that it was."""
    with st.container(key="candidate_acts", horizontal=True, gap="xsmall"):
        revise = partial(_relabel, code, it.texts)
        _behind(it.texts("candidates.relabel"), f"relabel.{code.id}", "edit", revise)
        if any(each != code for each in it.study.state.usable()):
            merge = partial(_merge_codes, code, it.texts)
            _behind(it.texts("categories.merge"), f"merge.{code.id}", "merge", merge)
    with st.expander(
        it.texts("candidates.misfits"),
        key=f"misfits.{code.id}",
        icon=":material/help:",
        on_change="rerun",
    ) as box:
        if box.open:
            _misfits(it, code)


def _relabel(code: Code, texts: Texts) -> None:
    # Named after what they were made with: a field keeps what it was given at first.
    key = f"{code.id}.{hash((code.label, code.definition))}"
    st.text_input(texts("categories.label"), value=code.label, key=f"to.{key}")
    st.text_area(
        texts("categories.definition"), value=code.definition, height=80, key=f"means.{key}"
    )
    st.button(
        texts("categories.save"),
        key="relabel",
        type="primary",
        on_click=partial(_save, code, f"to.{key}", f"means.{key}", texts),
    )


def _save(code: Code, label_key: str, definition_key: str, texts: Texts) -> None:
    label = str(session.widget(label_key) or "")
    definition = str(session.widget(definition_key) or "")
    parts.decide(ReviseCode(code.id, label, definition), texts("categories.saved", label=label))


def _merge_codes(code: Code, texts: Texts) -> None:
    st.text(texts("categories.merge_about", label=code.label))
    target = parts.pick_code(texts("categories.target"), f"merge_into.{code.id}", but=code)
    st.button(
        texts("categories.merge_do"),
        key="merge_codes",
        type="primary",
        disabled=target is None,
        on_click=partial(_merge_into, code, target, texts),
    )


def _merge_into(code: Code, target: Code | None, texts: Texts) -> None:
    if target is not None:
        done = texts("categories.merged", source=code.label, target=target.label)
        parts.decide(MergeCodes(code.id, target.id), done)


# --- what looks wrong in a category ------------------------------------------------------------


def _misfits(it: Opened, code: Code) -> None:
    """The answers of a category that the others speak against, to be kept or moved."""
    state, texts = it.study.state, it.texts
    with st.spinner(texts("candidates.comparing")):
        every = session.once("misfits", (it.study.path, state.no), it.study.misfits)
    kept = _looked_at(it.study, code)
    found = [each for each in every if each.code == code.id and each.answer not in kept]
    st.text(texts("candidates.misfits_about" if found else "candidates.misfits_none"))
    for each in found:
        with st.container(border=True, key=f"misfit.{each.answer}"):
            likelier = state.codes[each.likelier]
            st.caption(parts.plain(parts.answer_heading(each.answer)))
            parts.answer_text(each.answer)
            chance = texts.percent(each.likelier_chance)
            st.text(texts("candidates.misfit_likelier", label=likelier.label, chance=chance))
            _keep_or_move(each.answer, code, likelier, it)


def _keep_or_move(answer: str, code: Code, likelier: Code, it: Opened) -> None:
    texts, coder = it.texts, session.known_coder()
    own = code.id in it.study.state.codings.get((coder or "", answer), ())
    # Another coder's coding stays as it is: one's own is put beside it.
    move = (
        MoveAnswers((answer,), code.id, likelier.id) if own else ApplyCode(likelier.id, (answer,))
    )
    with st.container(horizontal=True):
        st.button(
            texts("candidates.misfit_keep"),
            key=f"keep_in.{answer}",
            on_click=partial(
                parts.decide,
                ApplyCode(code.id, (answer,)),
                texts("candidates.misfit_kept", label=code.label),
            ),
        )
        st.button(
            texts("candidates.misfit_move", label=parts.plain(likelier.label)),
            key=f"move_to.{answer}",
            on_click=partial(
                parts.decide, move, texts("categories.moved", count=1, label=likelier.label)
            ),
        )


def _looked_at(study: Study, code: Code) -> set[str]:
    """The answers on which somebody has put this code once more, looking at them alone."""
    given: set[str] = set()
    again: set[str] = set()
    for act in study.state.acts():
        if act.code == code.id:
            again |= set(act.accepted) & given if len(act.accepted) == 1 else set()
            given |= set(act.accepted)
    return again
