"""Of the report: all counts, the most promising cases, and the numbers behind the figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from coder import sentences
from coder.model import Question
from coder.report.document import (
    Block,
    Column,
    Heading,
    Paragraph,
    Picture,
    Sideways,
    Table,
    flat,
)
from coder.report.figure import Writer
from coder.study.sheets import Sheets

_MOST_BESIDE = 8  # options that have room beside each other
_OF_CASES = {
    "organisation": 1.2,
    "department": 1.4,
    "target_group": 2.0,
    "purpose": 2.0,
    "action": 2.4,
    "learning": 2.0,
}
_TOLD = ("n", "mean", "sd", "median", "min", "max")


def counts(study: Sheets, texts: Writer) -> Iterator[Block]:
    """Appendix 1: the questionnaire with every count."""
    questions = study.questionnaire.of_kind("single", "multiple", "matrix", "number", "open")
    if not questions:
        return
    yield Heading(texts("report.chapter.counts"))
    yield Paragraph(texts("report.about_counts"))
    rows, numbers = study.frequencies(), study.numbers()
    for question in questions:
        if question.kind == "open":
            yield _written(study, texts, question)
        elif question.kind == "number":
            yield _number(texts, question, numbers[numbers["question"] == question.name])
        elif question.kind == "matrix" and len(question.options) <= _MOST_BESIDE:
            of_question = rows[rows["question"] == question.name]
            yield _matrix(study, texts, question, of_question)
        else:
            for item, of_item in rows[rows["question"] == question.name].groupby(
                "item", sort=False
            ):
                yield _options(study, texts, question, str(item), of_item)


def _options(
    study: Sheets, texts: Writer, question: Question, item: str, rows: pd.DataFrame
) -> Table:
    """The options below each other, with counts and percentages."""
    told = [
        (str(row["option"]), texts.number(int(row["count"])), _percent(texts, row["share"]))
        for row in rows.to_dict("records")
    ]
    inside = rows[~rows["outside"]]
    n = int(inside["n"].iloc[0]) if len(inside) else 0
    told.append((texts(f"frequencies.base.{question.base}"), texts.number(n), ""))
    label = next((each.label for each in question.items if each.name == item), question.label)
    caption = question.label if question.kind != "matrix" else f"{question.label} {label}"
    columns = (
        Column(texts("report.column.option"), 5.0),
        Column(texts("report.column.count"), 1.0, True),
        Column(texts("report.column.share"), 1.0, True),
    )
    return Table(caption, columns, tuple(told), _basis(study, texts, item))


def _matrix(study: Sheets, texts: Writer, question: Question, rows: pd.DataFrame) -> Table:
    """A row for each item, the options beside each other: counts, and percentages below them."""
    columns = (
        Column("", 3.2),
        *(Column(option.label, 1.2, True) for option in question.options),
        Column(texts("figure.n"), 0.8, True),
    )
    told = []
    for item in question.items:
        of_item = rows[rows["item"] == item.name]
        inside = of_item[~of_item["outside"]]
        n = int(inside["n"].iloc[0]) if len(inside) else 0
        cells = [
            f"{texts.number(int(row['count']))} ({_percent(texts, row['share'])})"
            for row in of_item.to_dict("records")
        ]
        told.append((item.label, *cells, texts.number(n)))
    filters = sentences.asked_of(texts, study.basis(question.items[0].name))
    return Table(question.label, columns, tuple(told), " ".join(filters))


def _number(texts: Writer, question: Question, rows: pd.DataFrame) -> Table:
    columns = (
        Column("", 3.0),
        *(Column(texts(f"frequencies.column.{name}"), 1.0, True) for name in _TOLD),
    )
    labels = {each.name: each.label for each in question.items}
    told = tuple(
        (
            labels[row["item"]],
            texts.number(int(row["n"])),
            *("–" if pd.isna(row[name]) else texts.number(row[name], 2) for name in _TOLD[1:]),
        )
        for row in rows.to_dict("records")
    )
    return Table(question.label, columns, told)


def _written(study: Sheets, texts: Writer, question: Question) -> Paragraph:
    """Of an open question, how many wrote an answer."""
    answers = study.survey.answers
    count = int((answers["question"] == question.name).sum())
    return Paragraph(texts("report.written", count=texts.number(count)), question.label)


def _basis(study: Sheets, texts: Writer, item: str) -> str:
    about = study.basis(item)
    return " ".join([*sentences.asked_of(texts, about), *sentences.left_over(texts, about)])


def _percent(texts: Writer, share: float) -> str:
    return "–" if pd.isna(share) else texts.percent(share)


# --- the others --------------------------------------------------------------------------------


def the_most_promising(study: Sheets, texts: Writer, unpublished: bool) -> Iterator[Block]:
    """Appendix 2: the cases above the threshold that may be published, by category."""
    permitted = unpublished or study.publishing().form != "nothing"
    if study.recipe() is None or not permitted:
        return
    found = study.most_promising(unpublished=unpublished)
    if found.empty:
        return
    tables = [_theme(texts, str(name), rows) for name, rows in found.groupby("theme", sort=False)]
    count, themes = texts.number(len(found)), texts.number(len(tables))
    told = [texts("report.about_promising", count=count, themes=themes)]
    told += [texts("report.proposed_parts")] if found["proposed"].map(len).any() else []
    yield Sideways((Heading(texts("report.chapter.promising")), Paragraph(" ".join(told)), *tables))


def _theme(texts: Writer, theme: str, rows: pd.DataFrame) -> Table:
    """The cases of one category; what is only proposed has an asterisk."""
    columns = tuple(
        Column(texts(f"report.column.{name}"), width) for name, width in _OF_CASES.items()
    )
    told = tuple(
        (
            row["organisation"] or row["case"],
            ", ".join(part for part in (row["department"], row["role"]) if part),
            *(
                row[part] + ("*" if row[part] and part in row["proposed"] else "")
                for part in list(_OF_CASES)[2:]
            ),
        )
        for row in rows.to_dict("records")
    )
    return Table(theme or texts("report.no_theme"), columns, told)


def drawn_numbers(blocks: Sequence[Block], texts: Writer) -> list[Block]:
    """Appendix 3: the tables behind the figures of which the counts stand nowhere else."""
    tables = [
        each.table for each in flat(blocks) if isinstance(each, Picture) and each.table is not None
    ]
    if not tables:
        return []
    return [
        Heading(texts("report.chapter.drawn")),
        Paragraph(texts("report.about_drawn")),
        *tables,
    ]
