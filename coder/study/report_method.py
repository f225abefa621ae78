"""Of the report: how the survey was made and coded, and who answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.metadata import version
from typing import Any

import pandas as pd

from coder import sentences
from coder.coding.state import State
from coder.model import ConfirmProposal, LogEntry, Recipe, RecipeItem, Undo
from coder.report.consent import why_not
from coder.report.document import Block, Column, Heading, Listing, Note, Paragraph, Table
from coder.report.figure import Writer
from coder.study.report_team import agreed, columns_of, who_coded
from coder.study.team import Team

_MOST_GROUPS = 15  # of a background question that is shown group by group
_VERSIONS = ("coder-open-answers", "sentence-transformers", "scikit-learn", "spacy", "numpy")


def method(study: Team, texts: Writer, unpublished: bool) -> Iterator[Block]:
    """The chapter on method."""
    yield Heading(texts("report.chapter.method"))
    yield from _asked(study, texts, unpublished)
    yield from _coded(study, texts, unpublished)
    yield from agreed(study, texts, unpublished)
    yield from _proposed(study, texts)
    yield from _scored(study, texts)
    yield Heading(texts("report.section.numbers"), 2)
    yield Paragraph(texts("report.about_numbers"))


def who_answered(study: Team, texts: Writer) -> Iterator[Block]:
    """The chapter on who answered of the invited, by each background question with options."""
    yield Heading(texts("report.chapter.response"))
    yield Paragraph(texts("report.about_response"))
    for question in study.questionnaire.of_kind("background"):
        if not 2 <= len(question.options) <= _MOST_GROUPS:
            continue
        found = study.response(question.name)
        groups = found.groups
        if groups["invited"].sum() == 0 or _by_itself(groups):
            continue
        rows = tuple(
            (
                str(row["group"]),
                texts.number(int(row["invited"])),
                texts.number(int(row["answered"])),
                "–" if pd.isna(row["share"]) else texts.percent(row["share"]),
            )
            for row in groups.to_dict("records")
        )
        heads = ("group", "invited", "answered", "share")
        columns = columns_of(texts, heads, (3.0, 1.0, 1.0, 1.0))
        yield Table(
            texts("report.response_by", by=found.label),
            columns,
            rows,
            _tested(texts, found.difference),
        )


def _by_itself(groups: pd.DataFrame) -> bool:
    """Whether a question only tells who answered, as one on the state of the response does."""
    return bool(groups["share"].dropna().isin((0.0, 1.0)).all())


def _tested(texts: Writer, difference: Any) -> str:
    if difference is None:
        return ""
    told = (sentences.result(texts, difference), sentences.conclusion(texts, difference))
    return ". ".join(told)


# --- who was asked and who coded ---------------------------------------------------------------


def _asked(study: Team, texts: Writer, unpublished: bool) -> Iterator[Block]:
    found = study.came_in()
    yield Heading(texts("report.section.asked"), 2)
    share = texts.percent(found["answered"] / found["invited"]) if found["invited"] else "–"
    counts = {name: texts.number(count) for name, count in found.items()}
    yield Paragraph(texts("report.asked", **counts, share=share))
    if "organisations" in found:
        yield Paragraph(texts("report.asked_organisations", **counts))
    yield Paragraph(_consent(study, texts, unpublished))


def _consent(study: Team, texts: Writer, unpublished: bool) -> str:
    """What is left out of the report, and why."""
    if unpublished:
        return texts("report.unpublished")
    asked, form = study.questionnaire.of_kind("consent"), study.publishing().form
    if form == "nothing":
        return texts("report.not_permitted" if asked else "report.no_consent")
    if not asked:
        return texts("report.lead_permits")
    reasons = why_not(study.survey)
    answers = study.survey.answers["respondent"].map(reasons)
    counts = answers.value_counts()
    return texts(
        "report.withheld",
        count=texts.number(int(counts.sum())),
        refused=texts.number(int(counts.get("refused", 0))),
        unanswered=texts.number(int(counts.get("unanswered", 0))),
    )


def _coded(study: Team, texts: Writer, unpublished: bool) -> Iterator[Block]:
    state = study.state
    aside = state.set_aside()
    there = set(study.survey.answers.index) - aside
    yield Heading(texts("report.section.coded"), 2)
    coded = there & {each.answer for each in study._codings()}
    told = {
        "coded": texts.number(len(coded)),
        "there": texts.number(len(there)),
        "codes": texts.number(len(state.usable())),
        "decisions": texts.number(len(_standing(state))),
    }
    yield Paragraph(texts("report.coded", **told))
    if aside:
        yield Paragraph(texts("report.set_aside", count=texts.number(len(aside))))
    yield from who_coded(study, texts, unpublished)


def _standing(state: State) -> list[LogEntry]:
    """The entries that count, without those that only took others back."""
    return [
        entry
        for entry in state.log
        if entry.no not in state.undone and not isinstance(entry.decision, Undo)
    ]


# --- proposals and the score -------------------------------------------------------------------


def _proposed(study: Team, texts: Writer) -> Iterator[Block]:
    yield Heading(texts("report.section.proposed"), 2)
    made, state = study.proposals(), study.state
    confirmed = sum(isinstance(entry.decision, ConfirmProposal) for entry in _standing(state))
    if made is None:
        yield Paragraph(texts("report.no_proposals"))
    else:
        told = {"count": texts.number(len(made)), "confirmed": texts.number(confirmed)}
        yield Paragraph(texts("report.proposed", **told, encoder=made.encoder))
        if made.settings:
            settings = sorted(made.settings.items())
            told_of = ", ".join(f"{name} = {value}" for name, value in settings)
            yield Note(texts("report.settings", settings=told_of))
    versions = ", ".join(f"{name} {version(name)}" for name in _VERSIONS)
    yield Note(texts("report.versions", versions=versions))


def _scored(study: Team, texts: Writer) -> Iterator[Block]:
    recipe = study.recipe()
    if recipe is None:
        return
    yield Heading(texts("report.section.score"), 2)
    found = study.score_summary()
    told = {
        "name": recipe.name,
        "items": texts.number(len(recipe.items())),
        "dimensions": texts.number(len(recipe.dimensions)),
        "threshold": texts.number(recipe.threshold, 2),
        "scored": texts.number(found["scored"]),
        "above": texts.number(found["above_threshold"]),
    }
    yield Paragraph(texts("report.score", **told))
    yield Listing(tuple(_rules(recipe, found, texts)))
    rows = tuple(
        (
            dimension.label.get(texts.language, dimension.name) if no == 0 else "",
            _item(study, item.item),
            _rule(item, texts),
        )
        for dimension in recipe.dimensions
        for no, item in enumerate(dimension.items)
    )
    heads = ("dimension", "item", "rule")
    columns = tuple(
        Column(texts(f"report.column.{name}"), width)
        for name, width in zip(heads, (1.4, 3.0, 2.0), strict=True)
    )
    yield Table(texts("report.recipe"), columns, rows)


def _rules(recipe: Recipe, found: Mapping[str, Any], texts: Writer) -> Iterator[str]:
    yield texts(f"report.mean_of.{recipe.mean_of}")
    yield texts("report.most_dont_know", count=texts.number(recipe.most_dont_know))
    if recipe.needs_description:
        yield texts("report.needs_description")
    for rule, count in found["left_out"].items():
        if count:
            told = texts(f"score.left_out.{rule}", count=texts.number(count))
            yield f"{told[:1].upper()}{told[1:]}."


def _rule(item: RecipeItem, texts: Writer) -> str:
    """How the responses to an item become a value."""
    told = []
    if item.values is not None:
        told.append(texts("score.rule_values"))
    if item.reversed:
        told.append(texts("score.rule_reversed"))
    if item.dont_know is not None:
        told.append(texts("score.rule_dont_know", value=texts.number(item.dont_know, 1)))
    if item.weight != 1:
        told.append(texts("score.rule_weight", value=texts.number(item.weight, 1)))
    return ", ".join(told) or texts("score.rule_plain")


def _item(study: Team, name: str) -> str:
    question = study.questionnaire.question_of(name)
    return next(each.label for each in question.items if each.name == name)
