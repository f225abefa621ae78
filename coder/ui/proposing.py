"""To propose anew: by answer or segment, in how many groups, and with the researcher's words."""

from __future__ import annotations

import re
from typing import Any

import streamlit as st
import yaml

from coder.errors import UserError
from coder.i18n import Texts
from coder.model import ProposalSet, Wordlist
from coder.study import Study
from coder.ui import parts, session


def form(study: Study, made: ProposalSet | None, texts: Texts) -> None:
    """The form that makes proposals; ``made`` are those there are, None before the first."""
    with st.form("proposing", border=False):
        left, right = st.columns(2)
        with left:
            by = _by(made, texts)
        count = right.number_input(
            texts("candidates.count"),
            min_value=2,
            max_value=len(study.survey.answers),
            value=None,
            placeholder=texts("candidates.count_auto"),
            key="count",
        )
        words = _words(study.wordlist(), texts)
        asked = st.form_submit_button(texts("candidates.propose"), key="propose", type="primary")
    if asked:
        _propose(study, int(count) if count else None, by, words, texts)


def _by(made: ProposalSet | None, texts: Texts) -> str:
    before = made.settings.get("by") if made else None
    return str(
        st.segmented_control(
            texts("candidates.by"),
            ("answer", "segment"),
            default="segment" if before == "segment" else "answer",
            required=True,
            format_func=lambda each: texts(f"candidates.by_{each}"),
            help=texts("candidates.by_help"),
            key=f"by.{texts.language}",
        )
    )


def _words(now: Wordlist, texts: Texts) -> str:
    """The three fields of words, as the text of a list of words."""
    st.caption(texts("candidates.words_about"))
    lines = {
        "stop": "\n".join(now.stop),
        "together": "\n".join(", ".join(group) for group in now.together),
        "seeds": "\n".join(now.seeds),
    }
    written = {
        kind: column.text_area(
            texts(f"candidates.words.{kind}"),
            value=lines[kind],
            placeholder=texts(f"candidates.words_example.{kind}"),
            help=texts(f"candidates.words_help.{kind}"),
            height=120,
            key=f"words.{kind}",
        )
        for kind, column in zip(lines, st.columns(3), strict=True)
    }
    return words_text(**{kind: value or "" for kind, value in written.items()})


def words_text(stop: str, together: str, seeds: str) -> str:
    """A list of words as ``Study.propose`` reads it, from three fields as people fill them in.

    stop, seeds : words, each on its own line or after a comma. together : a group on each line,
    its words after commas. Blank lines and places don't count.
    """
    groups = [group for line in together.splitlines() if (group := _listed(line))]
    fields: dict[str, Any] = {"stop": _listed(stop), "together": groups, "seeds": _listed(seeds)}
    return yaml.safe_dump(fields, allow_unicode=True)


def _listed(text: str) -> list[str]:
    return [word for each in re.split(r"[\n,]", text) if (word := each.strip())]


def _propose(study: Study, count: int | None, by: str, words: str, texts: Texts) -> None:
    try:
        with st.status(texts("progress.loading"), expanded=True) as status:
            study.propose(
                count,
                progress=lambda key, done, total: status.update(
                    label=_progress(texts, key, done, total)
                ),
                by="segment" if by == "segment" else "answer",
                words=words,
            )
    except UserError as error:
        st.error(parts.plain(texts.error(_in_field(error, texts))))
        return
    session.choose("proposal", "")
    st.rerun()


def _progress(texts: Texts, key: str, done: int, total: int) -> str:
    return texts(key) + (f" {texts.number(done)} / {texts.number(total)}" if total else "")


def _in_field(error: UserError, texts: Texts) -> UserError:
    """A mistake in the words with the name of the field that it is in, not the place in a file."""
    found = re.fullmatch(r"words\.(\w+)(?:\[(\d+)\])?", str(error.params.get("place", "")))
    if found is None:
        return error
    place = texts(f"candidates.words.{found[1]}")
    if found[2]:
        place = texts("candidates.words_line", field=place, no=found[2])
    return UserError(error.key, **{**error.params, "place": place})
