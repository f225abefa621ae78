"""Import: what a file made elsewhere would bring, or has brought, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from coder.i18n import Texts
from coder.model import AddCoder, PermitPublishing, SetRole
from coder.study import Joined, Taken, TakenProject
from coder.ui import parts, table
from coder.ui.table import Column, Table

Found = Taken | TakenProject | Joined


def stops(found: Found) -> bool:
    """Whether something is in the way of all of it."""
    match found:
        case Taken():
            return bool(found.refusals)
        case Joined():
            return bool(found.clashes)
    return False


def brings(found: Found) -> int:
    """How much is new."""
    match found:
        case Taken():
            return found.new
        case TakenProject():
            return found.codes + found.codings + found.notes
        case Joined():
            return found.added


def tell(found: Found, kind: str, done: bool, texts: Texts) -> None:
    """Draw what came of a file of this kind, or would: what is new, what is not, and why not."""
    if not done and not stops(found) and not brings(found):
        st.info(texts("elsewhere.nothing_new"))
    match found:
        case Taken():
            _taken(found, kind, done, texts)
        case TakenProject():
            _project(found, done, texts)
        case Joined():
            _joined(found, done, texts)


def _taken(found: Taken, kind: str, done: bool, texts: Texts) -> None:
    if found.refusals:
        st.error(texts("exchange.refused", count=len(found.refusals)))
        _why_not([texts(each.key, **each.params) for each in found.refusals], texts)
        return
    name = "codebook" if kind == "codebook" else "import_codings"
    if found.new:
        said = {"count": found.new, "coders": ", ".join(found.coders)}
        _sentence(texts(f"cli.{name}.{'done' if done else 'would'}", **said), done)
    _there(found.there, texts)


def _project(found: TakenProject, done: bool, texts: Texts) -> None:
    counts = {"codes": found.codes, "codings": found.codings}
    coders = ", ".join(found.coders) or "–"
    if brings(found):
        said = texts(f"cli.project.{'done' if done else 'would'}", **counts, coders=coders)
        _sentence(said, done)
    if found.notes:
        st.text(texts("cli.project.notes", count=found.notes))
    _there(found.there, texts)
    for what, count in found.lost.items():
        st.text(texts(f"project.lost_{what}", count=count))
    if found.refusals:
        st.warning(texts("elsewhere.refused", count=len(found.refusals)))
        _why_not([texts(each.key, **each.params) for each in found.refusals], texts)


def _joined(found: Joined, done: bool, texts: Texts) -> None:
    if found.clashes:
        st.error(texts("elsewhere.clashes", count=len(found.clashes)))
        _clashes(found, texts)
        return
    counts = {"added": found.added, "shared": found.shared}
    if found.added:
        _sentence(texts(f"cli.join.{'done' if done else 'would_add'}", **counts), done)
    for old, new in found.renamed:
        st.text(texts("cli.join.renamed", old=old, new=new))
    if any(isinstance(each.decision, SetRole | PermitPublishing) for each in found.new()):
        st.warning(texts("elsewhere.roles"))
    if found.added:
        _by_coder(found, texts)


def _sentence(text: str, done: bool) -> None:
    if done:
        st.success(parts.plain(text))
    else:
        st.text(text)


def _there(count: int, texts: Texts) -> None:
    if count:
        st.text(texts("cli.import_codings.there", count=count))


def _why_not(sentences: Sequence[str], texts: Texts) -> None:
    rows = pd.DataFrame({"why": list(sentences)})
    columns = (Column("why", texts("column.why_not")),)
    title = texts("column.why_not")
    table.show(Table("elsewhere_refused", title, rows, columns), texts, search=True)


def _clashes(found: Joined, texts: Texts) -> None:
    rows = pd.DataFrame(
        {
            "study": [texts(f"join.{each.side}") for each in found.clashes],
            "no": [str(each.no or "–") for each in found.clashes],
            "why": [texts.error(each.reason) for each in found.clashes],
        }
    )
    columns = (
        Column("study", texts("column.study"), width=120),
        Column("no", texts("column.no"), width=80),
        Column("why", texts("column.why_not")),
    )
    title = texts("column.why_not")
    table.show(Table("elsewhere_clashes", title, rows, columns), texts, search=True)


def _by_coder(found: Joined, texts: Texts) -> None:
    """Who decided what in the copy alone, as counts."""
    decisions = [entry.decision for entry in found.log]
    names = {each.coder: each.name for each in decisions if isinstance(each, AddCoder)}
    counts = Counter(
        (names.get(entry.coder, entry.coder), texts(f"decision.{type(entry.decision).__name__}"))
        for entry in found.new()
    )
    rows = pd.DataFrame(
        [(*key, count) for key, count in counts.items()], columns=["coder", "what", "count"]
    )
    columns = (
        Column("coder", texts("column.coder"), width=180),
        Column("what", texts("column.decision"), width=260),
        Column("count", texts("column.count"), width=80, write=table.number(texts)),
    )
    table.show(
        Table("elsewhere_new", texts("elsewhere.comes_in"), rows, columns, files=False), texts
    )
