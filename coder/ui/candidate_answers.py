"""The answers of a candidate category, in the order one asks for, each with its tick."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal, get_args

import streamlit as st

from coder.i18n import Texts
from coder.model import ConfirmProposal, Proposal, ProposalSet, Status, WhyHere
from coder.study import Study
from coder.ui import parts, session

# What stands out: the typical and the doubtful; the order, with a line; what says the same.
View = Literal["apart", "ranked", "alike"]

_TYPICAL = 3
_AT_ONCE = 30  # a coarse proposal of a large survey has thousands


def name(proposal: Proposal, texts: Texts) -> str:
    """What a proposal is called here; one without words that tell anything is said to be so."""
    called = proposal.name or ", ".join(proposal.terms[:2]) or texts("candidates.contentless")
    return called[0].upper() + called[1:]


def joined(first: Proposal, other: Proposal) -> Proposal:
    """Two proposals read as one, which has the id, name and terms of the first."""
    typicality = dict(zip(other.answers, other.typicality, strict=True))
    typicality |= dict(zip(first.answers, first.typicality, strict=True))
    answers = tuple(dict.fromkeys((*first.answers, *other.answers)))
    spans: dict[str, set[tuple[int, int]]] = {}
    for each in (first, other):
        for answer, own in zip(each.answers, each.spans, strict=False):
            spans.setdefault(answer, set()).update(own)
    return replace(
        first,
        answers=answers,
        typicality=tuple(typicality[each] for each in answers),
        spans=tuple(tuple(sorted(spans[each])) for each in answers) if spans else (),
    )


@dataclass(frozen=True)
class Decided:
    """What has been decided of answers: the labels of their codes, by any coder, and statuses.

    ``labels`` has the answers that are coded, ``aside`` those that are set aside.
    """

    labels: Mapping[str, tuple[str, ...]]
    aside: Mapping[str, Status]

    @classmethod
    def now(cls, study: Study) -> Decided:
        """What has been decided so far."""
        state = study.state
        found: dict[str, dict[str, None]] = {}
        for (_, answer), codes in state.codings.items():
            labels = (state.codes[code].label for code in codes)
            found.setdefault(answer, {}).update(dict.fromkeys(labels))
        aside = {answer: status for answer, status in state.statuses.items() if status}
        return cls({answer: tuple(labels) for answer, labels in found.items()}, aside)

    def is_closed(self, answer: str) -> bool:
        """Whether the answer needs no category any more."""
        return answer in self.labels or answer in self.aside

    def told(self, answer: str, texts: Texts) -> list[str]:
        """What is said of the answer beside its name."""
        told = [texts("candidates.coded_as", label=each) for each in self.labels.get(answer, ())]
        if answer in self.aside:
            status = texts(f"status.{self.aside[answer]}")
            told.append(texts("candidates.aside_as", status=status))
        return told


@dataclass(frozen=True)
class Kept:
    """Which answers of a proposal are ticked: to begin with, or for good once it is confirmed.

    What has a category already is not ticked, so that nothing is coded twice by the way. By
    segment it is: there an answer belongs in several proposals. What is set aside never is.
    """

    proposal: Proposal
    fixed: bool
    first: frozenset[str]
    decided: Decided

    @classmethod
    def of(cls, proposal: Proposal, confirmed: ConfirmProposal | None, decided: Decided) -> Kept:
        """The ticks of this proposal; ``confirmed`` None as long as it is open."""
        if confirmed:
            return cls(proposal, True, frozenset(confirmed.answers), decided)
        coded = frozenset() if proposal.spans else frozenset(decided.labels)
        left = frozenset(proposal.answers) - coded - frozenset(decided.aside)
        return cls(proposal, False, left, decided)

    def key(self, answer: str) -> str:
        """The key of an answer's box: another one when its tick is another to begin with."""
        kind = "kept" if self.fixed else "keep"
        return f"{kind}.{self.proposal.id}.{answer}.{answer in self.first}"

    @property
    def line(self) -> int:
        """How many answers, the most typical first, stand above the line; all without one."""
        return int(session.chosen(f"line.{self.proposal.id}") or len(self.proposal.answers))

    def ranked(self) -> list[str]:
        """The answers, the most typical first."""
        typicality = self.proposal.typicality or (0.0,) * len(self.proposal.answers)
        typical = dict(zip(self.proposal.answers, typicality, strict=True))
        return sorted(typical, key=lambda each: -typical[each])

    def ticked(self) -> tuple[str, ...]:
        """The answers above the line that are ticked; a box not drawn is as it was to begin."""
        above = set(self.ranked()[: self.line])
        boxes = {each: session.widget(self.key(each)) for each in self.proposal.answers}
        return tuple(
            each
            for each, box in boxes.items()
            if each in above and each not in self.decided.aside
            if (each in self.first if box is None else box)
        )

    def taken_out(self) -> tuple[str, ...]:
        """The answers above the line whose tick somebody has taken away."""
        above = self.ranked()[: self.line]
        return tuple(e for e in above if e in self.first and session.widget(self.key(e)) is False)


def show(
    study: Study, shown: ProposalSet, kept: Kept, other: Proposal | None, texts: Texts
) -> None:
    """Every answer of a proposal; ``other`` is one that is read together with it, or None."""
    _counted(kept, texts)
    drawn = _Drawn(study, shown, kept, texts)
    match _view(kept, texts):
        case "ranked":
            drawn.in_order()
        case "alike":
            drawn.alike()
        case _:
            drawn.apart(other)


def _counted(kept: Kept, texts: Texts) -> None:
    """How many are coded already, and how many of the others are still ticked: not if all are."""
    total, chosen = len(kept.proposal.answers), len(kept.ticked())
    coded = sum(each in kept.decided.labels for each in kept.proposal.answers)
    if coded and not kept.fixed:
        st.caption(texts("candidates.coded_about", count=coded, total=total))
    if chosen < len(kept.first) and not kept.fixed:
        st.caption(texts("candidates.chosen", count=chosen, total=total))


def _view(kept: Kept, texts: Texts) -> View:
    """In which order the answers stand. A line is gone where it could not be seen."""
    if len(kept.proposal.answers) < 2:
        return "apart"
    views: tuple[View, ...] = get_args(View)
    return st.segmented_control(
        texts("candidates.view"),
        views,
        default="apart",
        required=True,
        format_func=lambda each: texts(f"candidates.view_as.{each}"),
        key=f"order.{texts.language}",
        label_visibility="collapsed",
        persist_state="session",
        on_change=partial(session.choose, f"line.{kept.proposal.id}", ""),
    )


def cards(kept: Kept, answers: Sequence[str], about: Mapping[str, str], texts: Texts) -> None:
    """Answers, each with its tick; ``about`` says of some what else stands beside their names."""
    drawn = _Drawn(session.study(), None, kept, texts)
    for answer in answers[: _AT_ONCE + drawn.more]:
        drawn.card(answer, about.get(answer, ""))
    drawn.more_button(len(answers) - _AT_ONCE - drawn.more)


@dataclass(frozen=True)
class _Drawn:
    """What drawing the answers of a proposal takes; ``shown`` None: not why they are here."""

    study: Study
    shown: ProposalSet | None
    kept: Kept
    texts: Texts

    @property
    def more(self) -> int:
        """How many more than usual were asked for."""
        return int(session.chosen(f"more.{self.kept.proposal.id}") or 0)

    # --- the orders ----------------------------------------------------------------------------

    def apart(self, other: Proposal | None) -> None:
        """The most typical, the most doubtful, and the others; then what another one brings."""
        proposal = self.kept.proposal
        typical = proposal.answers[:_TYPICAL]
        seen = {*typical, *proposal.doubtful}
        brought = [each for each in other.answers if each not in seen] if other else []
        seen |= set(brought)
        self.section("typical", typical)
        self.section("doubtful", proposal.doubtful)
        self.section("brought", brought)
        others = [each for each in proposal.answers if each not in seen]
        self.section("others", others[: _AT_ONCE + self.more])
        self.more_button(len(others) - _AT_ONCE - self.more)

    def in_order(self) -> None:
        """The answers, the most typical first, with a place for the line between each two."""
        ranked, line = self.kept.ranked(), self.kept.line
        self.heading("ranked")
        until = _AT_ONCE + self.more
        with st.container(key="ranked", gap=None if not self.kept.fixed else "small"):
            for no, answer in enumerate(ranked[:until]):
                where = "below" if no >= line else "above"
                with st.container(key=f"{where}.{no}"):
                    self.card(answer, below=no >= line)
                if no + 1 < len(ranked) and not self.kept.fixed:
                    self.gap(no + 1)
        self.more_button(len(ranked) - until)

    def gap(self, place: int) -> None:
        """Between two answers: where a line can be drawn, or the line that is there."""
        here, left = place == self.kept.line, len(self.kept.proposal.answers) - place
        line = f"line.{self.kept.proposal.id}"
        with st.container(key=f"{'line' if here else 'gap'}.{place}"):
            st.button(
                self.texts("coding.uncut", count=left) if here else self.texts("coding.cut"),
                key=f"cut.{place}",
                type="tertiary",
                width="stretch",
                icon=":material/close:" if here else ":material/content_cut:",
                on_click=partial(session.choose, line, "" if here else str(place)),
            )

    def alike(self) -> None:
        """What says nearly the same stands together, before what nobody else says."""
        groups = _same(self.study, self.kept.proposal, self.texts)
        for no, group in enumerate(groups):
            with st.container(key=f"same.{no}", gap="small"):
                st.markdown(f"**{self.texts('candidates.same', count=len(group))}**")
                for answer in group:
                    self.card(answer)
        if not groups:
            st.info(self.texts("candidates.same_none"))
        seen = {each for group in groups for each in group}
        others = [each for each in self.kept.proposal.answers if each not in seen]
        self.section("others", others[: _AT_ONCE + self.more])
        self.more_button(len(others) - _AT_ONCE - self.more)

    # --- one answer after the other ------------------------------------------------------------

    def heading(self, which: str) -> None:
        with st.container(key=f"section.{which}", gap=None):
            st.subheader(self.texts(f"candidates.section.{which}"), anchor=False)
            st.caption(self.texts(f"candidates.section_about.{which}"))

    def section(self, which: str, answers: Sequence[str]) -> None:
        if answers:
            self.heading(which)
        for answer in answers:
            self.card(answer)

    def more_button(self, left: int) -> None:
        """The way to those that are not drawn yet, if there are any ``left``."""
        if left > 0:
            key = f"more.{self.kept.proposal.id}"
            st.button(
                self.texts(
                    "candidates.more", count=min(left, _AT_ONCE), left=self.texts.number(left)
                ),
                key="more" if self.shown else key,
                on_click=partial(session.choose, key, str(self.more + _AT_ONCE)),
            )

    def card(self, answer: str, about: str = "", below: bool = False) -> None:
        proposal = self.kept.proposal
        with st.container(border=True, gap="xsmall"):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                self.box(answer, about, below)
                if self.shown:
                    self.why(answer, self.shown)
            if proposal.spans:
                _marked(answer, proposal.spans[proposal.answers.index(answer)], self.texts)
            else:
                parts.answer_text(answer)

    def box(self, answer: str, about: str, below: bool) -> None:
        st.checkbox(
            parts.plain(self.who(answer, about)),
            value=answer in self.kept.first,
            key=self.kept.key(answer),
            disabled=self.kept.fixed or below or answer in self.kept.decided.aside,
            width="stretch",
        )

    def who(self, answer: str, about: str) -> str:
        """Who wrote it, and what is decided of it already where that is not said above."""
        told = [] if self.kept.fixed else self.kept.decided.told(answer, self.texts)
        return " · ".join(filter(None, [parts.answer_heading(answer), about, *told]))

    def why(self, answer: str, shown: ProposalSet) -> None:
        """Why an answer is here, looked up only when somebody wants to know."""
        with st.popover(
            self.texts("candidates.why"),
            type="tertiary",
            key=f"why.{self.kept.proposal.id}.{answer}",
            on_change="rerun",
        ) as opened:
            if opened.open:
                # The first time it takes seconds, until the language is loaded.
                with st.spinner(""):
                    standing = self.study.why_here(answer, len(shown))
                # In a part, or beside another proposal, it is said of where it stands in the list.
                here = [w for w in standing if w.proposal == self.kept.proposal.id] or standing
                with st.container(key="reason"):
                    _reason(here[0] if here else None, shown, self.texts)


def _same(study: Study, proposal: Proposal, texts: Texts) -> list[list[str]]:
    """The answers of a proposal that say nearly the same as others of it, by what they say."""
    key = study.path, study.survey, frozenset(study.state.set_aside())
    with st.spinner(texts("candidates.comparing")):
        every = session.once("same", key, study.near_duplicates)
    members = set(proposal.answers)
    groups = ([a for a in each.answers if a in members] for each in every)
    return [group for group in groups if len(group) > 1]


def _reason(reason: WhyHere | None, shown: ProposalSet, texts: Texts) -> None:
    """The terms that an answer shares with its group, and the answers that are most like it."""
    if reason is None:
        st.text(texts("candidates.why_unknown"))
        return
    terms = ", ".join(reason.terms)
    st.text(
        texts("candidates.why_terms", terms=terms) if terms else texts("candidates.why_no_terms")
    )
    if reason.near:
        st.caption(texts("candidates.why_near"))
    for near in reason.near:
        with st.container(border=True, gap="xxsmall"):
            st.caption(parts.plain(f"{near} · {_place(near, reason.proposal, shown, texts)}"))
            st.text(session.study().survey.answers.at[near, "text"])


def _place(answer: str, here: str, shown: ProposalSet, texts: Texts) -> str:
    """Where a near answer stands: in the same proposal, or in which other one."""
    standing = [each for each in shown if answer in each.answers]
    if any(each.id == here for each in standing):
        return texts("candidates.why_same")
    return ", ".join(texts("candidates.why_other", name=name(each, texts)) for each in standing)


def _marked(answer: str, spans: Sequence[tuple[int, int]], texts: Texts) -> None:
    """An answer with the segments that stand here marked; text, never Markdown or HTML."""
    row = session.study().survey.answers.loc[answer]
    for no, (piece, marked) in enumerate(pieces(row["text"], spans)):
        kind = "segment" if marked else "beside"
        with st.container(key=f"{kind}.{answer}.{no}"):
            st.text(piece)
    if isinstance(row["elaboration"], str):
        st.caption(texts("ui.elaboration"))
        st.text(row["elaboration"])


def pieces(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[str, bool]]:
    """A text cut at its spans, in order: each piece that is not blank, and whether it is of one."""
    cuts, at = [], 0
    for start, end in sorted(spans):
        cuts += [(text[at:start], False), (text[start:end], True)]
        at = end
    return [(piece.strip(), of) for piece, of in [*cuts, (text[at:], False)] if piece.strip()]
