"""Coding: one answer at a time at the desk, or what the program finds best to code next.

A turn, once drawn, stays until it is decided. Each button holds the turn that it was drawn with,
so that nothing can be decided about answers that were not on the screen.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st

from coder.i18n import Texts, whole_percent
from coder.model import AcceptGroup, Code, Decision, RejectGroup, Turn, Undo
from coder.study import Study
from coder.ui import desk, in_words, parts, session
from coder.ui.session import Shown

_NOBODY = ""  # codes as the first one would who has decided nothing yet
_KEYS = 9  # codes that have a number
_WAYS = ("one", "groups")


def show() -> None:
    """Draw the page."""
    texts = session.texts()
    with st.container(horizontal=True, vertical_alignment="center", key="coding_head"):
        st.title(texts("page.coding.title"), anchor=False, width="content")
        way = _choose_way(texts)
    if way == "groups":
        _groups(session.study(), texts)
    else:
        desk.show()


def _choose_way(texts: Texts) -> str:
    """One answer at a time, or what the program finds best to code next; kept in the address."""
    asked = st.query_params.get("by")
    way = st.segmented_control(
        texts("coding.way"),
        _WAYS,
        default=asked if asked in _WAYS else _WAYS[0],
        format_func=lambda each: texts(f"coding.by.{each}"),
        key="coding_by",
        required=True,
        label_visibility="collapsed",
        on_change=lambda: st.query_params.update(by=str(session.widget("coding_by"))),
    )
    return str(way)


def _groups(study: Study, texts: Texts) -> None:
    """Groups that are alike, one after the other, and single answers where there are none."""
    st.caption(texts("page.coding.about"))
    _how_far(study, texts)
    shown = _now(study, texts)
    if shown.turn is None:
        parts.empty(texts("overview.step.results"), "joint")
        return
    drawn = _Drawn(study, shown, shown.turn, texts)
    if drawn.is_group:
        drawn.group()
    else:
        drawn.single()
    parts.begin_at_top(str(shown.no))


def _how_far(study: Study, texts: Texts) -> None:
    state, coder = study.state, session.known_coder() or _NOBODY
    there = state.answers - state.set_aside()
    coded, acts = len(there & state.coded_answers(coder)), len(state.acts(coder))
    values = {"coded": texts.number(coded), "total": texts.number(len(there))}
    told = texts("coding.how_far", **values, acts=texts.number(acts))
    st.progress(coded / len(there) if there else 1.0, text=told)


# --- the turn that stands on the screen --------------------------------------------------------


def _now(study: Study, texts: Texts) -> Shown:
    """The turn that stands, or the next one when it is decided or can't be decided any more."""
    coder, state = session.known_coder() or _NOBODY, study.state
    own = next((entry for entry in reversed(state.log) if entry.coder == coder), None)
    last, before = own.no if own else 0, session.shown_turn()
    same = before is not None and (before.study, before.coder) == (study.path, coder)
    with st.container(key="meanwhile"):  # also when empty: what follows must not move
        if before and same and before.turn and _is_over(before.turn, coder, study):
            if not (own and isinstance(own.decision, Undo)):  # a redo is no news
                st.info(texts("coding.meanwhile"))
        elif before and same and before.turn and before.last == last:
            return before
        turn = _next(study, coder, texts)
    by = study.suggested_by() if turn else ""
    return session.show_turn(study.path, coder, last, turn, by)


def _is_over(turn: Turn, coder: str, study: Study) -> bool:
    """Whether an answer shown is coded by the coder or set aside, or a code offered is no more."""
    state = study.state
    closed = state.coded_answers(coder) | state.set_aside()
    codes = {*turn.offered, *filter(None, [turn.code])}
    return not closed.isdisjoint(turn.shown) or not codes <= set(state.codes)


def _next(study: Study, coder: str, texts: Texts) -> Turn | None:
    """The next turn; what takes time, the first time, is told while it does."""
    box = st.empty()

    def tell(key: str, done: int, total: int) -> None:
        count = f" {texts.number(done)} / {texts.number(total)}" if total else ""
        box.status(texts(key) + count)

    turn = study.next_turn(coder, tell)
    box.empty()
    return turn


# --- what is made of it ------------------------------------------------------------------------


def _tick_key(shown: Shown, answer: str) -> str:
    return f"in.{shown.no}.{answer}"


def _line(shown: Shown, turn: Turn) -> int:
    """How many answers stand above the line: all of them before there is one."""
    return int(session.chosen(f"line.{shown.no}") or len(turn.shown))


def _split(shown: Shown, turn: Turn) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The answers above the line: those that are to get the code, and those taken out."""
    above = turn.shown[: _line(shown, turn)]
    out = {each for each in above if session.widget(_tick_key(shown, each)) is False}
    return tuple(each for each in above if each not in out), tuple(e for e in above if e in out)


def _give(shown: Shown, turn: Turn, code: str, label: str = "", definition: str = "") -> None:
    """Give a code to what is ticked above the line; with a label, the code is made by this."""
    texts = session.texts()
    answers, out = _split(shown, turn)
    called = label or session.study().state.codes[code].label
    decision = AcceptGroup(turn, code, answers, out, shown.by, label, definition)
    _decide(shown, decision, texts("coding.done", count=len(answers), label=called))


def _give_new(shown: Shown, turn: Turn) -> None:
    label = str(session.widget(f"new.{shown.no}") or "")
    definition = str(session.widget(f"definition.{shown.no}") or "")
    # Not an empty label: that would stand for a code that is there.
    _give(shown, turn, str(uuid.uuid4()), label or " ", definition.strip())


def _give_found(shown: Shown, turn: Turn) -> None:
    found = session.widget(f"search.{shown.no}")
    if found is not None:
        _give(shown, turn, str(found))


def _reject(shown: Shown, turn: Turn) -> None:
    _decide(shown, RejectGroup(turn, shown.by), session.texts()("coding.rejected"))


def _decide(shown: Shown, decision: AcceptGroup | RejectGroup, done: str) -> None:
    """Write what is decided of the turn, unless it does not stand any more."""
    coder = session.known_coder() or _NOBODY
    if session.shown_turn() != shown or _is_over(decision.turn, coder, session.study()):
        session.say(session.texts()("coding.not_saved"), refused=True)
        return
    parts.attempt(partial(_write, decision), done)


def _write(decision: Decision) -> None:
    session.study().decide(session.coder(), decision)
    session.forget_turn()


# --- how it is drawn ---------------------------------------------------------------------------


@dataclass(frozen=True)
class _Drawn:
    """What drawing a turn takes."""

    study: Study
    shown: Shown
    turn: Turn
    texts: Texts

    @property
    def is_group(self) -> bool:
        return len(self.turn.shown) > 1

    def key(self, name: str) -> str:
        """A widget's key: another for each turn, so that no click lands on the next one."""
        return f"{name}.{self.shown.no}"

    def button(
        self, label: str, name: str, act: Callable[[Shown, Turn], None], **how: bool
    ) -> None:
        st.button(
            label,
            key=self.key(name),
            type="primary" if how.get("first") else "secondary",
            width="stretch" if how.get("wide") else "content",
            disabled=how.get("disabled", False),
            on_click=partial(act, self.shown, self.turn),
        )

    def group(self) -> None:
        """A group: what it is offered as, its answers with the line, and every other code."""
        code = self.study.state.codes.get(self.turn.code or "")
        with st.container(key="turn_head", gap="small"):
            title = self.texts("coding.alike")
            if code:
                title = self.texts("coding.for_code", label=parts.plain(code.label))
            st.header(title, anchor=False)
            self.bar(code)
        st.caption(f"{self.expected(code is not None)} {self.texts('coding.how')}")
        left, right = st.columns([7, 4], gap="large")
        with left, st.container(key="turn_answers", gap=None):
            self.answers()
        if self.study.state.codes:
            with right, st.container(key="turn_codes"):
                self.others(with_new=code is not None)

    def single(self) -> None:
        """A single answer with the codes offered for it."""
        (answer,) = self.turn.shown
        offers = self.study.suggestions((answer,), self.shown.coder)
        new = offers[0].new if offers else 0.0
        chances = dict(zip(offers[0].codes, offers[0].chances, strict=True)) if offers else {}
        left, right = st.columns([7, 4], gap="large")
        with left, st.container(key="turn_answers", gap="small"):
            st.header(self.texts("coding.single"), anchor=False)
            with st.container(border=True, key="turn_answer"):
                st.caption(parts.plain(parts.answer_heading(answer)))
                parts.answer_text(answer)
            if not offers:
                st.caption(self.texts("coding.blind"))
        with right, st.container(key="turn_codes"):
            # More likely new than any of those offered.
            is_new = bool(offers) and new > sum(offers[0].chances)
            if is_new and self.study.state.codes:
                st.info(self.texts("coding.perhaps_new"), icon=":material/lightbulb:")
            self.others(with_new=True, chances=chances)

    def expected(self, for_code: bool) -> str:
        """In words, how many of the answers the program thinks belong together here."""
        total, chances = len(self.turn.shown), self.turn.chances
        mean = sum(chances) / len(chances) if chances else 0.0
        kind, level = "for_code" if for_code else "alike", in_words.chance_level(mean)
        count = round(mean * total)
        return self.texts(f"coding.expected_{kind}.{level}", count=count, total=total)

    def bar(self, code: Code | None) -> None:
        """The acts on the group as it was offered: they stay in sight while one reads."""
        count = len(_split(self.shown, self.turn)[0])
        with st.container(horizontal=True, vertical_alignment="bottom", key="turn_acts"):
            if code:
                label = self.texts("coding.accept", count=count)
                give = partial(_give, code=code.id)
                self.button(label, "accept", give, first=True, disabled=not count)
            else:
                self.new_code(count, beside=True)
            self.button(self.texts("coding.reject"), "reject", _reject)

    def answers(self) -> None:
        line = _line(self.shown, self.turn)
        for no, answer in enumerate(self.turn.shown):
            below = no >= line
            with st.container(
                border=True, key=f"{'below' if below else 'above'}.{no}", gap="xxsmall"
            ):
                st.checkbox(
                    parts.plain(parts.answer_heading(answer)),
                    value=True,
                    key=_tick_key(self.shown, answer),
                    disabled=below,
                )
                parts.answer_text(answer)
            if no + 1 < len(self.turn.shown):
                self.gap(no + 1, line)

    def gap(self, place: int, line: int) -> None:
        """Between two answers: where a line can be drawn, or the line that is there."""
        here, left = place == line, len(self.turn.shown) - place
        with st.container(key=f"{'line' if here else 'gap'}.{place}"):
            st.button(
                self.texts("coding.uncut", count=left) if here else self.texts("coding.cut"),
                key=self.key(f"cut.{place}"),
                type="tertiary",
                width="stretch",
                icon=":material/close:" if here else ":material/content_cut:",
                on_click=partial(
                    session.choose, f"line.{self.shown.no}", "" if here else str(place)
                ),
            )

    def others(self, with_new: bool, chances: dict[str, float] | None = None) -> None:
        """Every other way to code: by number, by search, and as something new."""
        codes, usable = self.study.state.codes, self.study.state.usable()
        numbered = self.numbered()
        if numbered:
            st.markdown(self.texts("coding.give"), width="stretch")
        with st.container(key="numbered", gap="xsmall"):
            for no, code in enumerate(numbered, start=1):
                self.offer(no, codes[code], None if chances is None else chances.get(code))
        if len(usable) > len(numbered):
            self.search()
        if with_new and usable:
            with st.expander(self.texts("categories.new"), icon=":material/add:"):
                self.new_code(len(_split(self.shown, self.turn)[0]))
        elif with_new:
            self.new_code(1)

    def numbered(self) -> Sequence[str]:
        """The codes that have a number: those offered, and all when no more than nine."""
        usable = (code.id for code in self.study.state.usable())
        every = [*dict.fromkeys((*self.turn.offered, *usable))]
        return every if len(every) <= _KEYS else self.turn.offered

    def offer(self, no: int, code: Code, chance: float | None) -> None:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            label = f"`{no}` {parts.plain(code.label)}"
            none = not _split(self.shown, self.turn)[0]
            give = partial(_give, code=code.id)
            self.button(label, f"offer.{no}", give, wide=True, disabled=none)
            if chance is not None:
                self.chance(chance)

    def chance(self, chance: float) -> None:
        """A chance as percent with a small bar; HTML, but of a number of ours only."""
        percent = self.texts.percent(chance)
        st.html(
            f'<div class="chance" style="--share: {whole_percent(chance)}%">{percent}</div>',
            width="content",
        )

    def search(self) -> None:
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            found = parts.pick_code(self.texts("coding.search"), self.key("search"))
            none = found is None or not _split(self.shown, self.turn)[0]
            self.button(self.texts("coding.use"), "use", _give_found, disabled=none)

    def new_code(self, count: int, beside: bool = False) -> None:
        """A name and, if one likes, a definition; Enter in either is the button."""
        with (
            st.form(self.key("form"), border=False),
            st.container(horizontal=beside, vertical_alignment="bottom", key="new_code"),
        ):
            st.text_input(self.texts("categories.label"), key=self.key("new"))
            st.text_input(
                self.texts("categories.definition"),
                key=self.key("definition"),
                placeholder=self.texts("coding.optional"),
            )
            st.form_submit_button(
                self.texts(
                    "coding.create" if self.is_group else "coding.create_single", count=count
                ),
                key=self.key("create"),
                type="primary" if not self.turn.code else "secondary",
                disabled=not count,
                on_click=partial(_give_new, self.shown, self.turn),
            )
