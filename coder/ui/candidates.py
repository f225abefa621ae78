"""Candidate categories: what the machine found, for a person to confirm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from coder.i18n import Texts
from coder.model import ConfirmProposal, Proposal, ProposalSet
from coder.study import Study
from coder.ui import (
    answer_map,
    candidate_acts,
    candidate_answers,
    in_words,
    parts,
    proposing,
    session,
)
from coder.ui.candidate_acts import Opened
from coder.ui.candidate_answers import Decided, Kept

_CUT = "cut"  # also what the address calls it


def show() -> None:
    """Draw the page."""
    texts, study = session.texts(), session.study()
    parts.title(texts, "candidates")
    made = study.proposals()
    if made is None:
        st.info(texts("candidates.none"))
        proposing.form(study, None, texts)
        return
    proposals = _cut(study, made, texts)
    confirmed, decided = study.confirmed(), Decided.now(study)
    with st.expander(texts("candidates.again"), icon=":material/refresh:"):
        proposing.form(study, made, texts)
    one_by_one, on_map = st.tabs(
        [texts("candidates.one_by_one"), texts("candidates.on_map")],
        key=f"tabs.{texts.language}",
        on_change="rerun",
    )
    with one_by_one:
        left, right = st.columns([2, 3], gap="medium")
        with left, st.container(key="candidate_list"):
            usual = [own for each in made if (own := _likeness(each)) is not None]
            chosen = _choose(proposals, confirmed, decided, usual, texts)
        with right, st.container(key="candidate"):
            _proposal(study, proposals, chosen, confirmed, decided, texts)
    with on_map:
        if on_map.open:
            answer_map.show(study, proposals, chosen, decided, _choose_elsewhere)


# --- from coarse to fine -----------------------------------------------------------------------


def _cut(study: Study, made: ProposalSet, texts: Texts) -> ProposalSet:
    """The proposals as coarse or fine as the slider says; as they were made where there is none."""
    if made.tree is None or made.tree.fewest == made.tree.most:
        return made
    steps = in_words.slider_steps(made.tree.fewest, made.tree.most, len(made))
    _forget_slider_of_others(made)
    with st.container(key="coarse_to_fine", horizontal=True, vertical_alignment="center"):
        with st.container():
            count = int(_slider(steps, len(made), texts))
            _mark(steps, len(made), texts)
        st.button(
            texts("candidates.default_back", count=len(made)),
            key="default_cut",
            icon=":material/undo:",
            disabled=count == len(made),
            on_click=lambda: session.set_widget(_CUT, len(made)),
        )
    return study.proposals(count) or made


def _slider(steps: list[int], default: int, texts: Texts) -> int:
    return st.select_slider(
        texts("candidates.fineness"),
        steps,
        value=default,
        key=_CUT,
        help=texts("candidates.fineness_help"),
        bind="query-params",
        persist_state="session",
    )


def _mark(steps: list[int], default: int, texts: Texts) -> None:
    """Under the slider: where on it the program's own choice is."""
    place = 100 * steps.index(default) / (len(steps) - 1)
    side = "left" if place < 50 else "right"
    # HTML, but nothing in it is anybody's but ours: a text of the interface and numbers.
    words = texts("candidates.default_mark", count=default)
    st.html(
        f'<div class="slider-mark {side}" style="--place: {place:.2f}"><span>{words}</span></div>'
    )


def _forget_slider_of_others(made: ProposalSet) -> None:
    """Other proposals than before begin where they were made, not where the slider was."""
    now, before = str(hash(tuple(each.id for each in made))), session.chosen("made")
    if before is not None and before != now:
        session.set_widget(_CUT, len(made))
    session.choose("made", now)


# --- the list ----------------------------------------------------------------------------------


def _choose(
    proposals: ProposalSet,
    confirmed: Mapping[str, ConfirmProposal],
    decided: Decided,
    usual: Sequence[float],
    texts: Texts,
) -> Proposal:
    by_id = {proposal.id: proposal for proposal in proposals}
    done = {each for each in by_id if each in confirmed or _all_closed(by_id[each], decided)}
    lines = {each: _line(by_id[each], each in done, texts) for each in by_id}
    captions = [_caption(each, usual, decided, texts) for each in proposals]
    # A radio keeps the labels that it was made with, so they are part of the key.
    key = f"proposal.{hash((tuple(lines.items()), tuple(captions)))}"
    session.choose("proposal.list", key)
    picked = st.radio(
        texts("candidates.choose", count=len(by_id)),
        list(by_id),
        index=list(by_id).index(_open(by_id, done)),
        format_func=lines.__getitem__,
        captions=captions,
        help=_measures_help(texts),
        key=key,
    )
    session.choose("proposal", picked)
    session.choose("proposal.typical", by_id[picked].answers[0])
    return by_id[picked]


def _choose_elsewhere(proposal: str) -> None:
    """Open a proposal in the list, as if it had been clicked there."""
    session.set_widget(session.chosen("proposal.list") or "", proposal)


def _open(by_id: Mapping[str, Proposal], done: set[str]) -> str:
    """The proposal that was open, or the one that its most typical answer is in now.

    Otherwise the first that nobody has dealt with yet.
    """
    before, typical = session.chosen("proposal"), session.chosen("proposal.typical")
    if before and before in by_id:
        return before
    for each, proposal in by_id.items():
        if before and typical in proposal.answers:
            return each
    return next((each for each in by_id if each not in done), next(iter(by_id)))


def _all_closed(proposal: Proposal, decided: Decided) -> bool:
    """Whether nothing is left to decide; of a segment nobody knows, its answer has others."""
    return not proposal.spans and all(map(decided.is_closed, proposal.answers))


def _line(proposal: Proposal, is_done: bool, texts: Texts) -> str:
    mark = ":material/check_circle: " if is_done else ""
    return mark + parts.plain(candidate_answers.name(proposal, texts))


def _caption(proposal: Proposal, usual: Sequence[float], decided: Decided, texts: Texts) -> str:
    """What stands below a name: how many, how alike, how firm, and whether some are coded."""
    told = [texts("candidates.size", count=len(proposal.answers))]
    own = _likeness(proposal)
    if own is not None:
        level, value = in_words.coherence_level(own, usual), texts.number(proposal.coherence, 2)
        told.append(texts(f"candidates.coherence.{level}", value=value))
    if proposal.stability is not None:
        firm, value = (
            in_words.stability_level(proposal.stability),
            texts.number(proposal.stability, 2),
        )
        told.append(texts(f"candidates.stability.{firm}", value=value))
    count = sum(answer in decided.labels for answer in proposal.answers)
    if 0 < count < len(proposal.answers):  # of all of them, the mark before the name tells
        told.append(texts("candidates.coded", count=count))
    return " · ".join(told)


def _likeness(proposal: Proposal) -> float | None:
    """How alike the answers or segments of a proposal are; None of a single one."""
    count = sum(map(len, proposal.spans)) or len(proposal.answers)
    return in_words.likeness(proposal.coherence, count) if count > 1 else None


def _measures_help(texts: Texts) -> str:
    """What the numbers of a proposal are."""
    loose, firm = (texts.number(each, 2) for each in (in_words.LOOSE, in_words.FIRM))
    return texts("candidates.measures_help", loose=loose, firm=firm)


# --- one of them -------------------------------------------------------------------------------


def _proposal(
    study: Study,
    shown: ProposalSet,
    chosen: Proposal,
    confirmed: Mapping[str, ConfirmProposal],
    decided: Decided,
    texts: Texts,
) -> None:
    """One proposal, or a part of it: what can be done with it, and every answer in it."""
    proposal = candidate_acts.in_parts(study, chosen, confirmed, decided, texts)
    st.header(parts.plain(candidate_answers.name(proposal, texts)), anchor=False)
    if proposal.terms:
        terms = parts.plain(", ".join(proposal.terms))
        st.caption(texts("candidates.terms", terms=terms))
    elif not proposal.name:
        st.info(texts("candidates.contentless_about"))
    done = confirmed.get(proposal.id)
    other = None if done else _other(shown, proposal)
    both = candidate_answers.joined(proposal, other) if other else proposal
    kept = Kept.of(both, done, decided)
    opened = Opened(study, shown, proposal, other, kept, texts)
    if done:
        _done(opened, done)
    else:
        candidate_acts.confirm_form(opened)
        candidate_acts.acts(opened)
        candidate_acts.together(opened)
    candidate_answers.show(study, shown, kept, other, texts)


def _other(shown: ProposalSet, proposal: Proposal) -> Proposal | None:
    """The proposal that this one is read together with, as long as it is in the list."""
    chosen = session.chosen(f"with.{proposal.id}")
    return next((each for each in shown if each.id == chosen), None)


def _done(opened: Opened, done: ConfirmProposal) -> None:
    """A confirmed proposal: the category that it is now."""
    code = opened.study.state.codes.get(done.code)
    label = parts.plain(done.label)
    if code is None:
        st.success(opened.texts("candidates.confirmed_merged", label=label))
        return
    st.success(opened.texts("candidates.confirmed", label=label))
    candidate_acts.confirmed_acts(opened, code)
