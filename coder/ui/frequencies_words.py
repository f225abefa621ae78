"""What stands above a table of frequencies: of whom the shares are, and how sure they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from coder import sentences
from coder.i18n import Texts
from coder.model import Question
from coder.study import Study
from coder.ui.frequencies_choice import Choice


def names(study: Study, choice: Choice, texts: Texts) -> dict[str, str]:
    """What the groups are called, by their codes; none when answers are not parted."""
    if not choice.by:
        return {}
    found = study.groups(choice.by, choice.merged)
    return {code: sentences.group_name(texts, found, code) for code in found.labels}


def about(
    study: Study, question: Question, choice: Choice, rows: pd.DataFrame, texts: Texts
) -> Iterator[str]:
    """The sentences."""
    single = len(question.items) == 1
    basis = study.basis(question.items[0].name, choice.cases, choice.outside)
    yield from _of_whom(question, rows, texts)
    yield from sentences.asked_of(texts, basis)
    if single:
        yield from sentences.left_over(texts, basis)
        if basis.skipped:
            yield texts("frequencies.skipped", count=texts.number(basis.skipped))
    weights = choice.weighted(study)
    if weights:
        yield sentences.weighted(texts, weights)
    if choice.margins != "none":
        yield from _margins(rows, names(study, choice, texts), choice.margins, texts)


def _of_whom(question: Question, rows: pd.DataFrame, texts: Texts) -> Iterator[str]:
    """Of how many the shares are, where that is the same for all."""
    n = rows.loc[~rows["outside"], "n"]
    if "group" in rows.columns:
        yield texts(f"frequencies.of_groups.{question.base}")
    elif n.min() == n.max():
        yield texts(f"frequencies.of.{question.base}", n=texts.number(int(n.max())))
    else:
        ends = {"least": texts.number(int(n.min())), "most": texts.number(int(n.max()))}
        yield texts(f"frequencies.of_some.{question.base}", **ends)


def _margins(
    rows: pd.DataFrame, groups: Mapping[str, str], margins: str, texts: Texts
) -> Iterator[str]:
    """How far shares may be off, at most: in all, or in each group."""
    yield texts(f"frequencies.margin_about.{margins}")
    inside = rows[~rows["outside"]].dropna(subset="margin")
    for group, name in (groups or {"": texts("frequencies.margin")}).items():
        own = inside[inside["group"] == group] if groups else inside
        if len(own):
            points = texts.number(100 * own["margin"].max(), 1)
            yield texts("frequencies.margin_of", of=name, points=points) + "."
