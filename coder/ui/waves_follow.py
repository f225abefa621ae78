"""To make the study the next wave of an earlier one: which, and what would come along."""

from __future__ import annotations

from functools import partial

import streamlit as st

from coder.errors import UserError
from coder.i18n import Texts
from coder.study import Followed, Study
from coder.ui import choices, parts, session

_SIDES = ("earlier", "own")


def follow(study: Study, texts: Texts) -> None:
    """The waves before this one, and the studies beside it that may be another."""
    _waves_before(study, texts)
    names = [each for each in session.studies() if each != study.path.stem]
    if not names:
        st.info(texts("waves.none_beside"))
        return
    name = st.selectbox(
        texts("waves.earlier"),
        names,
        index=None,
        placeholder=texts("ui.choose"),
        key=f"waves_earlier.{texts.language}",
        width=480,
    )
    if not name:
        return
    try:
        _offer(study, name, texts)
    except UserError as error:
        mine = error.key == "role.leads_only"
        st.error(parts.plain(texts("waves.not_lead_there") if mine else texts.error(error)))


def _waves_before(study: Study, texts: Texts) -> None:
    waves = study.earlier_waves()
    for each in waves:
        counts = {"n": texts.number(each.n), "codes": texts.number(len(each.meant))}
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(texts("waves.before", wave=each.label, version=each.version, **counts))
            st.button(
                texts("waves.unfollow", wave=parts.plain(each.label)),
                key=f"unfollow.{each.label}",
                type="tertiary",
                icon=":material/close:",
                on_click=partial(_unfollow, each.label, texts),
            )
    if waves:
        st.caption(texts("waves.again"))


def _offer(study: Study, name: str, texts: Texts) -> None:
    """What both waves are to be called, what would come along, and the button that takes it."""
    there = session.study_beside(name)
    there.need_lead()
    earlier = choices.layer(there, texts, "layer_earlier")
    usual = _usual_labels(study, there)
    for side, column in zip(_SIDES, st.columns(2), strict=True):
        column.text_input(
            texts(f"waves.label_{side}"), value=usual[side], key=_key(side, name), max_chars=60
        )
    labels = _labels(name, usual)
    told = there.state.no, session.chosen("among.layer_earlier"), labels, study.earlier_waves()
    found = session.result("follow", lambda: _follow(study, earlier, labels, True), name, *told)
    st.text(texts("waves.would", **_counts(found, texts)))
    if found.instead:
        st.text(texts("waves.instead", before=found.instead, now=labels[0]))
    st.button(
        texts("waves.follow"),
        key="waves_follow",
        type="primary",
        on_click=partial(_take, earlier, name, usual, texts),
    )


def _usual_labels(study: Study, earlier: Study) -> dict[str, str]:
    """What they are called so far; the names of their files where a survey kept its title."""
    labels = earlier.wave_label(), study.wave_label()
    if labels[0].casefold() == labels[1].casefold():
        labels = earlier.path.stem, study.path.stem
    return dict(zip(_SIDES, labels, strict=True))


def _labels(name: str, usual: dict[str, str]) -> tuple[str, str]:
    """What was written; what is usual where nothing was."""
    written = {side: str(session.widget(_key(side, name)) or "").strip() for side in _SIDES}
    return written["earlier"] or usual["earlier"], written["own"] or usual["own"]


def _key(side: str, name: str) -> str:
    return f"waves_label.{side}.{name}"


def _follow(study: Study, earlier: Study, labels: tuple[str, str], dry_run: bool) -> Followed:
    return study.follow(earlier, session.coder_name(), labels, dry_run)


def _take(earlier: Study, name: str, usual: dict[str, str], texts: Texts) -> None:
    """Take it over, by the names that stand in the fields now."""
    if not session.coder_name():
        return session.say(texts("ui.name_first"), refused=True)
    study = session.study()
    try:
        found = _follow(study, earlier, _labels(name, usual), False)
    except UserError as error:
        return session.say(texts.error(error), refused=True)
    return session.say(texts("waves.followed", **_counts(found, texts)))


def _unfollow(label: str, texts: Texts) -> None:
    if not session.coder_name():
        return session.say(texts("ui.name_first"), refused=True)
    try:
        session.study().unfollow(label)
    except UserError as error:
        return session.say(texts.error(error), refused=True)
    return session.say(texts("waves.unfollowed", wave=label))


def _counts(found: Followed, texts: Texts) -> dict[str, str]:
    return {name: texts.number(getattr(found, name)) for name in ("codes", "there", "examples")}
