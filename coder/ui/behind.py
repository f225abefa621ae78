"""The way from a number to the answers behind it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import streamlit as st

from coder.i18n import Texts
from coder.study import Study
from coder.ui import parts, session
from coder.ui.grid_filters import Wanted, to_address


def answers(wanted: Wanted, label: str, study: Study | None = None) -> None:
    """A link to the table of answers with these filters; ``label`` is plain text.

    study : by whose layer of the coding the number was counted; None: no category is in it.
    """
    if study is not None and wanted.codes:
        wanted = _by_layer(wanted, study)
    parts.link("grid", parts.plain(label), **to_address(wanted))


def _by_layer(wanted: Wanted, study: Study) -> Wanted:
    """The answers by their ids, where the table by itself would show others for these categories.

    It shows the coder's own coding, or everyone's.
    """
    counted = study.answers_by_code()
    shown = session.study().answers_by_code(session.layer())
    if all(counted[code] == shown[code] for code in wanted.codes):
        return wanted
    join = set.intersection if wanted.having == "all" else set.union
    there = join(*(counted[code] for code in wanted.codes))
    return replace(wanted, codes=(), having="any", ids=tuple(sorted(there)))


def of_cases(cases: Collection[str], texts: Texts) -> None:
    """A link to the answers about some cases: to the only one, or to the table of them."""
    ids = session.study().answers_about(cases)
    if len(ids) == 1:
        parts.link("coding", texts("behind.one", answer=ids[0]), answer=ids[0])
    elif ids:
        told = texts("behind.answers", count=texts.number(len(ids)))
        answers(Wanted(ids=tuple(ids), status="all"), told)
    else:
        st.caption(texts("behind.nothing"))
