"""A document as a Word file, with styles, captions, fields and alt texts an editor can work on."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from math import ceil
from pathlib import Path
from typing import Any

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Length, Pt

from coder.errors import UserError
from coder.files import replacing
from coder.report import word_look
from coder.report.document import (
    Block,
    Contents,
    Document,
    Heading,
    Listing,
    Note,
    PageBreak,
    Paragraph,
    Picture,
    Quotation,
    Sideways,
    Table,
    headings,
    numbers,
)
from coder.report.letters import printable, width_of
from coder.report.plain_files import check_ending

_DEEPEST = 3  # levels of headings that every template has
_NEEDED = ("Title", "Subtitle", "Heading 1", "Heading 2", "Heading 3", "Caption", "Quote")
_LIST = "List Bullet"
_TOGETHER = 0.6  # of a page: a table that is no higher stays on one
_LINE, _PADDING = Pt(11), Pt(3)  # of a line in a table, and of a row besides
_LETTERS, _MARGINS = 9, Cm(0.35)  # size of what stands in tables, in points; left and right
_TAGS = {"da": "da-DK", "en": "en-GB"}
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip file can name


@dataclass
class _Page:
    """The Word document as far as it is written, and what its parts need to know of the whole."""

    word: Any
    document: Document
    numbers: Mapping[int, int]
    has_our_foot: bool
    printing: bool = False
    headings: int = 0
    width: Length = field(default_factory=lambda: Length(0))
    height: Length = field(default_factory=lambda: Length(0))


def write_docx(path: Path, document: Document, template: Path | None = None) -> None:
    """Write a document as ``.docx``, whole or not at all (see ``docx_bytes``)."""
    check_ending(path, ".docx")
    content = docx_bytes(document, template)
    with replacing(path) as draft:
        draft.write_bytes(content)


def docx_bytes(
    document: Document, template: Path | None = None, *, printing: bool = False
) -> bytes:
    """A document as a Word file; the same document gives the same bytes.

    template : a ``.docx`` whose styles, margins, header and footer are used, and whose text is not.
    printing : for LibreOffice, which counts the pages of a table of contents only when it is text.
    Everything that people wrote is text. Raises ``UserError`` when the template can't be read or
    lacks styles.
    """
    word = _opened(template)
    if template is None:
        word_look.dress(word, document.title)
    word_look.complete(word)
    page = _Page(word, document, numbers(document.blocks), template is None, printing)
    _measure(page)
    _describe(word, document)
    _add(page, printable(document.title), "Title")
    _add(page, printable(document.subtitle), "Subtitle")
    for block in document.blocks:
        _write(page, block)
    content = BytesIO()
    word.save(content)
    return _repacked(content.getvalue(), document.changed)


def _opened(template: Path | None) -> Any:
    """An empty document with the styles of the template."""
    if template is None:
        return docx.Document()
    try:
        word = docx.Document(str(template))
    except (PackageNotFoundError, ValueError, KeyError, zipfile.BadZipFile, OSError) as error:
        raise UserError("report.no_template", path=template) from error
    names = {style.name for style in word.styles}
    missing = [name for name in (*_NEEDED, _LIST) if name not in names]
    if missing:
        raise UserError("report.no_styles", path=template, names=", ".join(missing))
    body = word.element.body
    for element in list(body):
        if element.tag != qn("w:sectPr"):
            body.remove(element)
    return word


def _describe(word: Any, document: Document) -> None:
    """What the file says of itself: title, author, language and when it was made."""
    told = word.core_properties
    told.title, told.author = printable(document.title)[:255], printable(document.author)[:255]
    told.last_modified_by, told.comments, told.revision = told.author, "", 1
    told.created = told.modified = document.changed.replace(tzinfo=None, microsecond=0)
    told.language = _TAGS.get(document.language, document.language)
    word_look.speak(word, told.language)


# --- blocks ------------------------------------------------------------------------------------


def _write(page: _Page, block: Block) -> None:
    _WRITERS[type(block)](page, block)


def _heading(page: _Page, block: Heading) -> None:
    level = min(block.level, _DEEPEST)
    paragraph = _add(page, "", f"Heading {level}")
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for mark in (start, end):
        mark.set(qn("w:id"), str(page.headings))
    start.set(qn("w:name"), _bookmark(page.headings))
    paragraph._p.append(start)
    paragraph.add_run(printable(block.text))
    paragraph._p.append(end)
    page.headings += 1


def _paragraph(page: _Page, block: Paragraph) -> None:
    paragraph = _add(page, "")
    if block.lead:
        paragraph.add_run(printable(block.lead) + " ").bold = True
    paragraph.add_run(printable(block.text))


def _note(page: _Page, block: Note) -> None:
    _add(page, printable(block.text), word_look.NOTE)


def _listing(page: _Page, block: Listing) -> None:
    for item in block.items:
        _add(page, printable(item), _LIST)


def _quotation(page: _Page, block: Quotation) -> None:
    paragraph = _add(page, printable(block.words), "Quote")
    if block.source:
        paragraph.paragraph_format.keep_with_next = True
        _add(page, printable(block.source), word_look.NOTE)


def _page_break(page: _Page, block: PageBreak) -> None:
    page.word.add_page_break()


def _sideways(page: _Page, block: Sideways) -> None:
    _turn(page, WD_ORIENT.LANDSCAPE)
    for each in block.blocks:
        _write(page, each)
    _turn(page, WD_ORIENT.PORTRAIT)


def _turn(page: _Page, orientation: Any) -> None:
    """Begin pages that stand otherwise; a foot of our own goes from margin to margin there too."""
    section = page.word.add_section(WD_SECTION.NEW_PAGE)
    section.different_first_page_header_footer = False
    if section.orientation != orientation:
        section.page_width, section.page_height = section.page_height, section.page_width
        section.orientation = orientation
    _measure(page)
    if page.has_our_foot:
        section.footer.is_linked_to_previous = False
        word_look.foot(section, page.document.title, page.width)


def _measure(page: _Page) -> None:
    """How large the text of a page is from here on."""
    section = page.word.sections[-1]
    page.width = Length(section.page_width - section.left_margin - section.right_margin)
    page.height = Length(section.page_height - section.top_margin - section.bottom_margin)


def _contents(page: _Page, block: Contents) -> None:
    """A field of Word's own, filled with what it will say when Word has counted the pages."""
    _add(page, printable(block.title), word_look.CONTENTS_TITLE)
    entries = headings(page.document, block.deepest)
    paragraph = None
    for no, heading in entries:
        first, paragraph = (
            paragraph is None,
            _add(page, "", word_look.contents_level(heading.level)),
        )
        if first and not page.printing:
            _field_begins(paragraph, f' TOC \\o "1-{block.deepest}" \\h \\z \\u ')
        link = _link(paragraph, _bookmark(no))
        link.add_run(printable(heading.text) + "\t")
        _field(link, f" PAGEREF {_bookmark(no)} \\h ", "")
    if paragraph is not None and not page.printing:
        _field_ends(paragraph)


def _link(paragraph: Any, bookmark: str) -> Any:
    """A place in a paragraph for what leads to a bookmark; runs are added as to a paragraph."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), bookmark)
    paragraph._p.append(link)
    return _Inside(paragraph, link)


@dataclass(frozen=True)
class _Inside:
    """What puts the runs of a paragraph inside an element of it."""

    paragraph: Any
    element: Any

    def add_run(self, text: str = "") -> Any:
        run = self.paragraph.add_run(text)
        self.element.append(run._r)
        return run


def _picture(page: _Page, block: Picture) -> None:
    _caption(page, block, page.document.figure)
    paragraph = _add(page, "", word_look.FIGURE)
    paragraph.paragraph_format.keep_with_next = True if block.note else None
    drawn = paragraph.add_run().add_picture(BytesIO(block.png), width=page.width)
    for side in ("distT", "distB", "distL", "distR"):  # else LibreOffice moves it by its own
        drawn._inline.set(side, "0")
    told = drawn._inline.docPr
    told.set("descr", printable(block.alt))
    told.set("title", printable(block.caption))
    _below(page, block.note)


def _table(page: _Page, block: Table) -> None:
    _caption(page, block, page.document.table)
    table = page.word.add_table(1 + len(block.rows), len(block.columns), word_look.TABLE)
    table.autofit = False
    widths = _widths(block, page.width)
    for place, width in enumerate(widths):
        table.columns[place].width = width
    told = tuple(column.label for column in block.columns)
    is_high = _height(block, widths) > _TOGETHER * page.height
    tied = 1 if is_high else len(block.rows) + bool(block.note)
    for no, (row, cells) in enumerate(zip(table.rows, (told, *block.rows), strict=True)):
        _row(row, cells, block, widths, no < tied)
    _is_head(table.rows[0])
    if block.note:
        _below(page, block.note)
    else:
        _add(page, "", word_look.NOTE)


def _widths(table: Table, width: int) -> list[Length]:
    """The width of each column: its share of the page, but no less than its longest word."""
    whole = sum(column.width for column in table.columns)
    shares = [width * column.width / whole for column in table.columns]
    least = [min(_longest(table, no), width / len(shares)) for no in range(len(shares))]
    short = sum(max(need - share, 0) for need, share in zip(least, shares, strict=True))
    spare = [max(share - need, 0) for need, share in zip(least, shares, strict=True)]
    given = short / sum(spare) if sum(spare) else 0
    return [
        Length(int(max(need, share) - given * more))
        for need, share, more in zip(least, shares, spare, strict=True)
    ]


def _height(table: Table, widths: list[Length]) -> float:
    """About how high a table is: a row is as high as the cell of it with most lines."""
    told = (tuple(column.label for column in table.columns), *table.rows)
    return float(sum(_LINE * max(map(_lines, row, widths), default=1) + _PADDING for row in told))


def _lines(text: str, width: Length) -> int:
    return ceil(Pt(width_of(text, _LETTERS, False)) / max(width - _MARGINS, 1)) or 1


def _longest(table: Table, column: int) -> float:
    """How wide the longest word of a heading, or number, is with its margins."""
    told = [(word, True) for word in table.columns[column].label.split()]
    if table.columns[column].number:
        told += [(word, False) for row in table.rows for word in row[column].split()]
    widest = max((width_of(word, _LETTERS, bold) for word, bold in told), default=0.0)
    return float(Pt(widest)) + _MARGINS


def _is_head(row: Any) -> None:
    """Word repeats the row on every page that the table goes on to."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _row(row: Any, cells: tuple[str, ...], table: Table, widths: list[Length], tied: bool) -> None:
    """Fill a row; one that is tied stands on the page of the next."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for cell, text, column, width in zip(row.cells, cells, table.columns, widths, strict=True):
        cell.width = width
        paragraph = cell.paragraphs[0]
        paragraph.style = word_look.TABLE_TEXT
        paragraph.add_run(printable(text))
        paragraph.paragraph_format.keep_with_next = True if tied else None
        if column.number:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _caption(page: _Page, block: Table | Picture, word: str) -> None:
    """``Figur 3. …``, counted by Word."""
    if not block.caption:
        return
    paragraph = _add(page, f"{word} ", "Caption")
    paragraph.paragraph_format.keep_with_next = True
    _field(paragraph, f" SEQ {word} \\* ARABIC ", str(page.numbers[id(block)]))
    paragraph.add_run(f". {printable(block.caption)}")


def _below(page: _Page, note: str) -> None:
    if note:
        _add(page, printable(note), word_look.NOTE)


def _add(page: _Page, text: str, style: str | None = None) -> Any:
    return page.word.add_paragraph(text, style)


def _bookmark(no: int) -> str:
    return f"_Toc{no:08d}"


# --- fields ------------------------------------------------------------------------------------


def _field(paragraph: Any, instruction: str, result: str) -> None:
    _field_begins(paragraph, instruction)
    paragraph.add_run(result)
    _field_ends(paragraph)


def _field_begins(paragraph: Any, instruction: str) -> None:
    _mark(paragraph, "begin")
    told = OxmlElement("w:instrText")
    told.set(qn("xml:space"), "preserve")
    told.text = instruction
    paragraph.add_run()._r.append(told)
    _mark(paragraph, "separate")


def _field_ends(paragraph: Any) -> None:
    _mark(paragraph, "end")


def _mark(paragraph: Any, kind: str) -> None:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    paragraph.add_run()._r.append(mark)


# --- the file ----------------------------------------------------------------------------------


def _repacked(content: bytes, changed: datetime) -> bytes:
    """The same zip file with one time in it, whenever it is made."""
    at = max(changed.timetuple()[:6], _EARLIEST)
    packed = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(content)) as given,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as taken,
    ):
        for name in given.namelist():
            told = zipfile.ZipInfo(name, at)
            told.compress_type = zipfile.ZIP_DEFLATED
            told.create_system = 3  # as if made on one kind of machine
            taken.writestr(told, given.read(name))
    return packed.getvalue()


_WRITERS: Mapping[type, Callable[[_Page, Any], None]] = {
    Heading: _heading,
    Paragraph: _paragraph,
    Note: _note,
    Listing: _listing,
    Quotation: _quotation,
    Table: _table,
    Picture: _picture,
    Contents: _contents,
    PageBreak: _page_break,
    Sideways: _sideways,
}
