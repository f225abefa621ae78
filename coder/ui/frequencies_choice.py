"""How the answers to a closed question are counted and shown, as it is chosen on the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from coder.i18n import Texts
from coder.model import Question
from coder.study import Study, Weights, WhichCases
from coder.ui import choices, session

_MARGINS = ("none", "endless", "finite")


@dataclass(frozen=True)
class Choice:
    """By what answers are parted (empty: by nothing), and how they are counted.

    weights : the background questions to weight by. margins : ``none``, or of which population.
    outside : whether don't-knows and not relevant are left out of the shares; None: as the
    questionnaire says. all : also further cases.
    """

    by: str = ""
    merged: bool = False
    outside: bool | None = None
    margins: str = "none"
    weights: tuple[str, ...] = ()
    all: bool = False

    @property
    def cases(self) -> WhichCases:
        """Which cases are counted."""
        return "all" if self.all else "first"

    def options(self, study: Study) -> dict[str, Any]:
        """How a table or a figure of ``Study`` is wanted."""
        return {
            "by": self.by or None,
            "merged": self.merged,
            "margins": None if self.margins == "none" else self.margins,
            "weights": self.weighted(study),
        }

    def rows(self, study: Study, question: Question) -> pd.DataFrame:
        """The frequencies of a question."""

        def count() -> pd.DataFrame:
            return study.frequencies(self.cases, outside=self.outside, **self.options(study))

        rows = session.result("frequencies", count, self)
        return rows[rows["question"] == question.name]

    def numbers(self, study: Study, question: Question) -> pd.DataFrame:
        """Mean and spread of a number question."""
        rows = study.numbers(self.cases, by=self.by or None, weights=self.weighted(study))
        return rows[rows["question"] == question.name]

    def weighted(self, study: Study) -> Weights | None:
        """The weights, if there are any."""
        return study.weights(self.weights) if self.weights else None


def choose(study: Study, question: Question, by: str, texts: Texts) -> Choice:
    """Draw what can be chosen about this question."""
    with st.container(horizontal=True, vertical_alignment="center", key="frequencies_choice"):
        merged = bool(question.merged) and st.toggle(
            texts("frequencies.merged"),
            key="frequencies_merged",
            help=texts("frequencies.merged_help"),
            persist_state="session",
        )
        outside = _outside(question, texts)
        with st.popover(texts("frequencies.more"), icon=":material/tune:"):
            margins = choices.one(
                texts("frequencies.margins"),
                "frequencies_margins",
                {each: texts(f"frequencies.margins_{each}") for each in _MARGINS},
                texts,
                texts("frequencies.margins_help"),
            )
            weights = _weights(study, texts)
            further = _further(study, question, texts)
    return Choice(by, merged, outside, margins, weights, further)


def _outside(question: Question, texts: Texts) -> bool | None:
    """Whether don't-knows are left out, where the question has any."""
    if all(option.role == "answer" for option in question.options):
        return None
    inside = st.toggle(
        texts("frequencies.inside"),
        value=not question.outside,
        key=f"frequencies_inside.{question.name}",
        help=texts("frequencies.inside_help"),
        persist_state="session",
    )
    return None if inside == (not question.outside) else not inside


def _weights(study: Study, texts: Texts) -> tuple[str, ...]:
    form = study.questionnaire
    labels = {each.name: each.label for each in form.of_kind("background") if each.options}
    chosen = st.multiselect(
        texts("frequencies.weights"),
        list(labels),
        format_func=labels.__getitem__,
        placeholder=texts("frequencies.weights_none"),
        select_all=False,
        key=f"frequencies_weights.{texts.language}",
        help=texts("frequencies.weights_help"),
        persist_state="session",
    )
    return tuple(chosen)


def _further(study: Study, question: Question, texts: Texts) -> bool:
    """Whether further cases are counted, where the question is about a case and there are any."""
    several = bool((study.survey.cases["number"] > 1).any())
    if not several or not study.questionnaire.is_about_case(question):
        return False
    return st.toggle(
        texts("frequencies.all_cases"),
        key="frequencies_all_cases",
        help=texts("frequencies.all_cases_help"),
        persist_state="session",
    )
