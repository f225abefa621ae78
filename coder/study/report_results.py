"""Of the report: the closed questions as figures, and the categories."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from coder import sentences
from coder.model import Code, Question, Sheet
from coder.report.document import (
    Block,
    Column,
    Heading,
    Paragraph,
    Picture,
    Quotation,
    Table,
)
from coder.report.figure import Figure, Writer, png_of
from coder.report.leaving import Leaving
from coder.study.sheets import Sheets

_SCALE = 2.0  # pixels of a picture for each of its own
_MOST_BESIDE = 6  # columns whose names have room beside each other
_IDS = ("item", "code", "group", "answer")  # by which the answers behind a number are found


def distributions(study: Sheets, texts: Writer) -> Iterator[Block]:
    """The chapter with a figure of every closed question, with n and its margin."""
    questions = study.questionnaire.of_kind("single", "multiple", "matrix")
    if not questions:
        return
    yield Heading(texts("report.chapter.distributions"))
    yield Paragraph(texts("report.about_distributions"))
    rows = study.frequencies(merged=True, margins="finite")
    for question in questions:
        of_question = rows[(rows["question"] == question.name) & ~rows["outside"]]
        if of_question["n"].max() > 0:
            figure = _closed_figure(study, texts, question)
            yield _picture(figure, _about(study, texts, question, of_question, figure.note))


def _closed_figure(study: Sheets, texts: Writer, question: Question) -> Figure:
    if question.kind == "matrix":
        return study.stacked_figure(texts, question.name, merged=True)
    item = question.items[0].name if question.items else question.name
    return study.bars_figure(texts, item, merged=True)


def _about(study: Sheets, texts: Writer, question: Question, rows: pd.DataFrame, note: str) -> str:
    """Of how many, how uncertain, and who was asked."""
    item = question.items[0].name if question.items else question.name
    margin = rows["margin"].max()
    least, most = int(rows["n"].min()), int(rows["n"].max())
    counted = texts.number(most) if least == most else f"{texts.number(least)}–{texts.number(most)}"
    told = [texts("figure.n_of", n=counted)]
    if not pd.isna(margin):
        told[0] += texts("report.margin", points=texts.number(100 * margin, 1))
    told += sentences.asked_of(texts, study.basis(item))
    told += [] if question.kind != "multiple" else [texts("report.several")]
    return " ".join([told[0] + ".", *told[1:]])


def _picture(figure: Figure, note: str) -> Picture:
    """A figure of which the numbers stand elsewhere in the report."""
    svg = figure.svg()
    return Picture(figure.title, figure.alt, png_of(svg, _SCALE), svg, note)


def _with_numbers(figure: Figure, texts: Writer, name: str) -> Picture:
    """A figure with the table behind it."""
    caption = texts(f"report.caption.{name}")
    table = _numbers_of(figure, caption, texts)
    return replace(_picture(figure, figure.note), caption=caption, table=table)


def _numbers_of(figure: Figure, caption: str, texts: Writer) -> Table:
    """The table behind a figure, without the ids of what its numbers are of."""
    shown = figure.table.drop(columns=[name for name in _IDS if name in figure.table.columns])
    if figure.kind == "heat":
        return _crossed(shown, caption, texts)
    written = texts.percent if figure.table.columns.isin(["low", "high"]).any() else None
    columns = tuple(
        Column(texts(f"figure.column.{name}"), 1.0 if numeric else 3.0, numeric)
        for name in shown.columns
        for numeric in [pd.api.types.is_numeric_dtype(shown[name])]
    )
    rows = tuple(
        tuple(
            written(float(value))
            if written and name in ("value", "low", "high") and pd.notna(value)
            else _cell(texts, str(name), value)
            for name, value in zip(shown.columns, row, strict=True)
        )
        for row in shown.itertuples(index=False, name=None)
    )
    return Table(caption, columns, rows)


def _crossed(shown: pd.DataFrame, caption: str, texts: Writer) -> Table:
    """Rows and columns as the picture has them: the first of the table by its second.

    Where the many columns are the rows once more, they are called by the numbers of these.
    """
    row, column = shown.columns[:2]
    value = "share" if "share" in shown.columns else "value"
    crossed = shown.pivot(index=row, columns=column, values=value)
    crossed = crossed.reindex(list(dict.fromkeys(shown[row])))[list(dict.fromkeys(shown[column]))]
    names, columns = list(map(str, crossed.index)), list(map(str, crossed.columns))
    if len(columns) > _MOST_BESIDE and names == columns:
        columns = [texts.number(no) for no in range(1, len(names) + 1)]
        names = [f"{no} {name}" for no, name in zip(columns, names, strict=True)]
    heads = (Column(texts(f"figure.column.{row}"), 3.6), *(Column(c, 1.0, True) for c in columns))
    rows = tuple(
        (name, *(_cell(texts, value, each) for each in of_row))
        for name, of_row in zip(names, crossed.to_numpy().tolist(), strict=True)
    )
    return Table(caption, heads, rows)


def _cell(texts: Writer, name: str, value: object) -> str:
    if value is None or (isinstance(value, float) and pd.isna(value)):
        return "–"
    if isinstance(value, bool):
        return texts("export.own.yes" if value else "export.own.no")
    if isinstance(value, int):
        return texts.number(value)
    if isinstance(value, float):
        return texts.percent(value) if name.startswith("share") else texts.number(value, 2)
    return str(value)


# --- the categories ----------------------------------------------------------------------------


def categories(study: Sheets, texts: Writer, unpublished: bool) -> Iterator[Block]:
    """The chapter on the categories: how much each fills, what it adds up to, and its sheet."""
    if not study._codings():
        return
    least = 0 if unpublished else study.publishing().smallest
    yield Heading(texts("report.chapter.categories"))
    yield Paragraph(" ".join([texts("report.about_categories"), *_left_out(study, texts)]))
    treemap = study.treemap_figure(texts, unpublished=unpublished)
    yield _picture(treemap, treemap.note)
    yield _joined(study, texts, unpublished)
    if study.recipe() is not None:
        yield _with_numbers(study.dots_figure(texts, least=least), texts, "above")
        yield _with_numbers(study.heat_figure(texts, least=least), texts, "heat")
    if study.codes_together("answer")["together"].ge(max(least, 1)).any():
        yield _with_numbers(study.together_figure(texts), texts, "together")
    used = {each.code for each in study._codings()}
    leaves = unpublished or study.publishing().form != "nothing"
    leaving = study._leaving(unpublished) if leaves else None
    written = study._sheets_leaving(leaving) if leaving else study.published_sheets()
    sheets = {each.code: each for each in written}
    for code in study.state.ordered():
        if code.id in used:
            sheet = sheets.get(code.id, Sheet(code.id))
            yield from _sheet(study, texts, sheet, leaving, unpublished)


def _left_out(study: Sheets, texts: Writer) -> Iterator[str]:
    """That answers about further cases are not counted, where there are any."""
    further = study.survey.answers["number"] > 1
    coded = {each.answer for each in study._codings()} & set(further.index[further])
    if coded:
        yield texts("report.first_cases", count=texts.number(len(coded)))


def _joined(study: Sheets, texts: Writer, unpublished: bool) -> Table:
    """The categories joined to the closed questions; without means of very few cases."""
    table = study._categories(True, unpublished)
    wanted = ("category", "answers", "cases", "organisations", "scored", "share_above")
    shown = table[[name for name in wanted if name in table.columns]]
    columns = tuple(
        Column(texts(f"figure.column.{name}"), 3.0 if no == 0 else 1.2, no > 0)
        for no, name in enumerate(shown.columns)
    )
    rows = tuple(
        tuple(
            _cell(texts, str(name), value) for name, value in zip(shown.columns, row, strict=True)
        )
        for row in shown.itertuples(index=False, name=None)
    )
    least = texts.number(study.publishing().smallest)
    note = "" if unpublished else texts("report.small_cells", least=least)
    return Table(texts("report.joined"), columns, rows, note if "scored" in shown else "")


def _sheet(
    study: Sheets, texts: Writer, sheet: Sheet, leaving: Leaving | None, unpublished: bool
) -> Iterator[Block]:
    """One category: what it is, what is written of it, its case, and words that stand for it.

    The sheet and what is quoted are by the ids with which answers leave; None: none does.
    """
    code = study.state.codes[sheet.code]
    yield Heading(code.label, 2)
    yield from _defined(code, texts)
    for name in ("character", "audience", "benefit"):
        text = getattr(sheet, name).strip()
        if text:
            yield Paragraph(text, texts(f"report.sheet.{name}"))
    if leaving is None:
        return
    if sheet.case:
        told = leaving.survey.answers.at[sheet.case, "text"]
        yield Paragraph(_who(study, leaving, sheet.case), texts("report.sheet.case"))
        yield Quotation(texts("figure.quote", words=told))
    found = study.quotation(code.id, unpublished=unpublished)
    if found and leaving.ids[found[0]] != sheet.case:
        answer, words = leaving.ids[found[0]], found[1]
        quoted, who = texts("figure.quote", words=words), _who(study, leaving, answer)
        if sheet.case:  # so that nobody takes the two for one
            yield Paragraph(who, texts("report.sheet.quotation"))
            who = ""
        yield Quotation(quoted, who)


def _defined(code: Code, texts: Writer) -> Iterator[Block]:
    if code.definition.strip():
        yield Paragraph(code.definition)
    for name, text in (("include", code.include), ("exclude", code.exclude)):
        if text.strip():
            yield Paragraph(text, texts(f"export.book.{name}") + ":")


def _who(study: Sheets, leaving: Leaving, answer: str) -> str:
    """Whose words they are: the answer, and the organisation where it may be named."""
    if leaving.ids.get(answer) != answer:  # a pseudonym
        return answer
    case = study.survey.answers.at[answer, "case"]
    organisation = next(iter(study.organisations([str(case)])), "")
    return ", ".join(part for part in (organisation, answer) if part)
