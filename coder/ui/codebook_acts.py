"""What is done with a code as a whole: made, moved in the tree, merged, taken out of use.

Each act stands open below the code until it is done or closed, and asks for a reason. To split a
code has a module of its own (``codebook_split``).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import streamlit as st

from coder.i18n import Texts
from coder.model import Code, CreateCode, Decision, MergeCodes, MoveCode, RetireCode
from coder.study import Study
from coder.ui import codebook_split, codebook_tree, parts, session
from coder.ui.candidate_acts import excerpt
from coder.ui.codebook_describe import reason, why

_EXAMPLES, _EXCERPT = 3, 180  # answers of each code, and signs of each, to compare them
_ICONS = {
    "under": "subdirectory_arrow_right",
    "move": "swap_vert",
    "merge": "merge",
    "split": "call_split",
    "retire": "archive",
    "return": "unarchive",
}


def acts(study: Study, code: Code, texts: Texts) -> bool:
    """Draw the acts as words in a row, and the one that is open; whether one is."""
    names = ["return"] if code.retired else ["under", "move", "merge", "split", "retire"]
    now = session.chosen("code_act")
    with st.container(key="code_acts", horizontal=True, gap="xsmall"):
        for name in names:
            st.button(
                texts(f"codebook.act.{name}"),
                key=f"act_{name}",
                type="secondary" if name == now else "tertiary",
                icon=f":material/{_ICONS[name]}:",
                on_click=partial(session.choose, "code_act", "" if name == now else name),
            )
    if now not in names:
        return False
    with st.container(key="code_act", border=True):
        _PANELS[now](study, code, texts)
        close = partial(session.choose, "code_act", "")
        st.button(texts("codebook.close"), key="act_close", type="tertiary", on_click=close)
    return True


def _decide(decision: Decision, done: str, key: str, then: str = "") -> None:
    """Decide, with the reason that is given; the act is over if it could be done."""
    if parts.is_decided(decision, done, reason(key)):
        codebook_tree.choose_code(then or str(session.chosen("code") or ""))


# --- a new one ---------------------------------------------------------------------------------


def new_code(study: Study, texts: Texts) -> None:
    """The button for a new code, and the form behind it."""
    with st.popover(texts("categories.new"), icon=":material/add:", width="stretch"):
        # The form is emptied when one has made a code, not when somebody else has.
        _new_form(study, f"new.{_made(study)}", None, texts)


def _made(study: Study) -> int:
    """How many codes this session's coder has made here."""
    coder = session.known_coder()
    own = (each.decision for each in study.state.log if each.coder == coder)
    return sum(isinstance(each, CreateCode) for each in own)


def _new_under(study: Study, code: Code, texts: Texts) -> None:
    _new_form(study, f"under.{code.id}", code, texts)


def _new_form(study: Study, stamp: str, under: Code | None, texts: Texts) -> None:
    """``under`` : the code that it will stand under; None: that is asked."""
    with st.form(f"form.{stamp}", border=False):
        st.text_input(texts("categories.label"), key=f"new_label.{stamp}")
        st.text_area(texts("categories.definition"), height=80, key=f"new_definition.{stamp}")
        if under is None:
            _place("new_parent", study, texts("codebook.under"), stamp, "", texts)
        heading, help = f"new_heading.{stamp}", texts("codebook.heading_help")
        st.checkbox(texts("codebook.heading"), key=heading, help=help)
        why(stamp, texts)
        st.form_submit_button(
            texts("categories.create"),
            type="primary",
            on_click=partial(_create, stamp, under.id if under else "", texts),
        )


def _create(stamp: str, under: str, texts: Texts) -> None:
    label = str(session.widget(f"new_label.{stamp}") or "")
    decision = CreateCode(
        code=str(uuid.uuid4()),
        label=label,
        definition=str(session.widget(f"new_definition.{stamp}") or "").strip(),
        parent=under or str(session.widget(f"new_parent.{stamp}") or "") or None,
        codable=not session.widget(f"new_heading.{stamp}"),
    )
    done = texts("categories.created", label=" ".join(label.split()))
    _decide(decision, done, stamp, then=decision.code)


def _place(
    name: str, study: Study, label: str, stamp: str, now: str, texts: Texts, but: str = ""
) -> str:
    """A choice of the code to stand under; empty: at the top. ``but``: not this, nor below it."""
    state = study.state
    paths = {"": texts("codebook.at_top")}
    paths |= {
        row.code.id: state.path(row.code.id)
        for row in codebook_tree.rows(study, study.answers_by_code())
        if not but or not _is_below(study, row.code.id, but)
    }
    chosen = st.selectbox(
        label,
        list(paths),
        index=list(paths).index(now) if now in paths else 0,
        format_func=paths.__getitem__,
        placeholder=texts("ui.choose"),
        key=f"{name}.{stamp}",
    )
    return chosen or ""


def _is_below(study: Study, code: str, above: str) -> bool:
    at: str | None = code
    while at is not None and at != above:
        at = study.state.codes[at].parent
    return at == above


# --- to another place --------------------------------------------------------------------------


def _move(study: Study, code: Code, texts: Texts) -> None:
    """A step up or down among its siblings; or under another code, before one that is there."""
    _steps(study, code, texts)
    now = code.parent or ""
    stamp = f"{code.id}.{now}"
    parent = _place("move_parent", study, texts("codebook.under"), stamp, now, texts, but=code.id)
    before = _before(study, code, parent, stamp, texts)
    why(f"move.{code.id}", texts)
    decision = MoveCode(code.id, parent or None, before or None)
    st.button(
        texts("codebook.move_do"),
        key="move_code",
        type="primary",
        on_click=partial(
            _decide, decision, texts("codebook.moved", label=code.label), f"move.{code.id}"
        ),
    )


def _steps(study: Study, code: Code, texts: Texts) -> None:
    siblings = [each.id for each in study.state.children(code.parent) if not each.retired]
    at = siblings.index(code.id)
    ways = {
        "up": siblings[at - 1] if at else None,
        "down": [*siblings[at + 2 :], None][0],
    }
    ends = {"up": at == 0, "down": at == len(siblings) - 1}
    with st.container(horizontal=True, gap="small"):
        for way, before in ways.items():
            st.button(
                texts(f"codebook.move_{way}"),
                key=f"move_{way}",
                icon=f":material/arrow_{way}ward:",
                disabled=ends[way],
                on_click=partial(
                    parts.decide,
                    MoveCode(code.id, code.parent, before),
                    texts("codebook.moved", label=code.label),
                ),
            )


def _before(study: Study, code: Code, parent: str, stamp: str, texts: Texts) -> str:
    """Before which of those that stand there already; empty: last."""
    children = study.state.children(parent or None)
    there = {each.id: each.label for each in children if each.id != code.id and not each.retired}
    labels = there | {"": texts("codebook.last")}
    chosen = st.selectbox(
        texts("codebook.before"),
        list(labels),
        index=len(there),
        format_func=labels.__getitem__,
        placeholder=texts("ui.choose"),
        key=f"move_before.{stamp}.{parent}",
    )
    return chosen or ""


# --- into another ------------------------------------------------------------------------------


def _merge(study: Study, code: Code, texts: Texts) -> None:
    """With which other; then both side by side, and what will happen, before it is done."""
    state = study.state
    others = [each for each in state.codes.values() if each.id != code.id and not each.retired]
    paths = {each.id: state.path(each.id) for each in others}
    chosen = st.selectbox(
        texts("codebook.merge_with"),
        sorted(paths, key=lambda each: paths[each].casefold()),
        index=None,
        format_func=paths.__getitem__,
        placeholder=texts("ui.choose"),
        key=f"merge_into.{code.id}",
    )
    if chosen is None:
        st.caption(texts("codebook.merge_about"))
        return
    target, having = state.codes[chosen], study.answers_by_code()
    for column, each in zip(st.columns(2), (code, target), strict=True):
        with column:
            _side(study, each, sorted(having[each.id]), texts)
    st.text(_merge_preview(code, target, having, texts))
    why(f"merge.{code.id}", texts)
    done = texts("categories.merged", source=code.label, target=target.label)
    st.button(
        texts("codebook.merge_do", label=parts.plain(target.label)),
        key="merge",
        type="primary",
        on_click=partial(
            _decide, MergeCodes(code.id, target.id), done, f"merge.{code.id}", target.id
        ),
    )


def _merge_preview(code: Code, target: Code, having: Mapping[str, set[str]], texts: Texts) -> str:
    both, moved = having[code.id] & having[target.id], having[code.id]
    told = texts(
        "codebook.merge_preview",
        count=len(moved),
        source=code.label,
        target=target.label,
        total=len(moved | having[target.id]),
    )
    return f"{told} {texts('codebook.merge_both', count=len(both))}" if both else told


def _side(study: Study, code: Code, having: Sequence[str], texts: Texts) -> None:
    """A code beside another: what is written of it, and some of its answers."""
    st.subheader(parts.plain(code.label), anchor=False)
    st.caption(texts("ui.answers_count", count=texts.number(len(having))))
    st.text(code.definition or texts("codebook.no_definition"))
    for name in ("include", "exclude"):
        if getattr(code, name):
            st.caption(texts(f"codebook.field.{name}"))
            st.text(getattr(code, name))
    examples = dict.fromkeys([*(each for each in code.examples if each in having), *having])
    for answer in list(examples)[:_EXAMPLES]:
        with st.container(border=True, gap="xsmall"):
            st.caption(parts.plain(parts.answer_heading(answer)))
            st.text(excerpt(study, answer, _EXCERPT))


# --- out of use, and back ----------------------------------------------------------------------


def _retire(study: Study, code: Code, texts: Texts) -> None:
    out = not code.retired
    count = len(study.answers_by_code()[code.id])
    st.text(texts("codebook.retire_about" if out else "codebook.return_about", count=count))
    why(f"retire.{code.id}", texts)
    done = texts("codebook.retire_done" if out else "codebook.return_done", label=code.label)
    st.button(
        texts("codebook.retire_do" if out else "codebook.return_do"),
        key="retire",
        type="primary",
        on_click=partial(_decide, RetireCode(code.id, out), done, f"retire.{code.id}"),
    )


_PANELS: Mapping[str, Callable[[Study, Code, Texts], None]] = {
    "under": _new_under,
    "move": _move,
    "merge": _merge,
    "split": codebook_split.show,
    "retire": _retire,
    "return": _retire,
}
