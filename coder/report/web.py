"""A document as one HTML file: pictures in it, no script, made for the screen and for print."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

from coder.files import replacing
from coder.report.document import (
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
    flat,
    headings,
    numbers,
)
from coder.report.letters import printable
from coder.report.look import FAINT, GRID, INK, LINE, PAPER
from coder.report.plain_files import check_ending

_DEEPEST = 6  # levels of headings in HTML
# Nothing is fetched and nothing runs, whatever stands in the file.
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_STYLE = f"""
:root {{ color-scheme: light; }}
body {{ margin: 0 auto; max-width: 48rem; padding: 2rem 1.25rem 4rem; background: {PAPER};
  color: {INK}; font: 1rem/1.55 Calibri, Carlito, "Segoe UI", system-ui, sans-serif; }}
h1, h2, h3, h4 {{ line-height: 1.25; break-after: avoid; }}
h1 {{ font-size: 2.2rem; margin: 3rem 0 .5rem; }}
h2 {{ font-size: 1.6rem; margin: 3.5rem 0 .8rem; color: {LINE}; }}
h3 {{ font-size: 1.2rem; margin: 2rem 0 .4rem; }}
h4 {{ font-size: 1rem; margin: 1.4rem 0 .3rem; }}
a {{ color: {LINE}; }}
.subtitle, .note, figcaption.note {{ color: {FAINT}; }}
.subtitle {{ font-size: 1.1rem; margin: 0 0 2rem; }}
.note {{ font-size: .875rem; margin: .25rem 0 1.5rem; }}
nav ol {{ list-style: none; padding: 0; margin: 0; }}
nav .level2 {{ padding-left: 1.2rem; }}
nav .level3 {{ padding-left: 2.4rem; }}
nav .level1 {{ margin-top: .5rem; font-weight: 600; }}
figure {{ margin: 1.5rem 0; break-inside: avoid; }}
figure img {{ display: block; width: 100%; height: auto; }}
caption, figcaption {{ text-align: left; font-weight: 600; padding-bottom: .4rem; }}
.scroll {{ overflow-x: auto; margin: 1.5rem 0 .25rem; }}
table {{ border-collapse: collapse; width: 100%; font-size: .875rem; line-height: 1.35;
  border-block: 1.5px solid {INK}; }}
th {{ text-align: left; vertical-align: bottom; border-bottom: 1px solid {INK}; }}
th, td {{ padding: .25rem .5rem; }}
td {{ vertical-align: top; border-top: 1px solid {GRID}; overflow-wrap: break-word; }}
.number {{ text-align: right; font-variant-numeric: tabular-nums; }}
blockquote {{ margin: 1rem 0 .25rem; padding-left: 1rem; border-left: 3px solid {GRID};
  font-style: italic; color: {FAINT}; }}
details {{ margin: .25rem 0 1.5rem; font-size: .875rem; }}
@page {{ size: A4; margin: 2cm; }}
@page wide {{ size: A4 landscape; }}
@media print {{
  body {{ max-width: none; padding: 0; font-size: 10pt; }}
  h2 {{ break-before: page; margin-top: 0; }}
  tr {{ break-inside: avoid; }}
  thead {{ display: table-header-group; }}
  .scroll {{ overflow: visible; }}
  .note {{ break-before: avoid; }}
  .page {{ break-before: page; }}
  .wide {{ page: wide; break-before: page; }}
  .wide > h2:first-child {{ break-before: auto; }}
  details {{ display: none; }}
}}
""".strip()


def write_html(path: Path, document: Document) -> None:
    """Write a document as ``.html``, whole or not at all (see ``html_text``)."""
    check_ending(path, ".html")
    content = html_text(document)
    with replacing(path) as draft:
        draft.write_text(content, "utf-8", newline="\n")


def html_text(document: Document) -> str:
    """A document as HTML; the same document gives the same text.

    Everything that people wrote is escaped. The table behind a figure can be unfolded below it.
    """
    told = _Page(document)
    lines = [
        "<!DOCTYPE html>",
        f'<html lang="{_text(document.language)}">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta name="author" content="{_text(document.author)}">',
        f"<title>{_text(document.title)}</title>",
        f"<style>\n{_STYLE}\n</style>",
        "</head>",
        "<body>",
        "<header>",
        f"<h1>{_text(document.title)}</h1>",
        f'<p class="subtitle">{_text(document.subtitle)}</p>',
        "</header>",
        "<main>",
        *(line for block in document.blocks for line in told.lines(block)),
        "</main>",
        "</body>",
        "</html>",
    ]
    return "\n".join(lines) + "\n"


class _Page:
    """What the parts need to know of the whole: numbers of captions, places of headings."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.numbers = numbers(document.blocks)
        every = [each for each in flat(document.blocks) if isinstance(each, Heading)]
        self.places = {id(each): no for no, each in enumerate(every)}

    def lines(self, block: Any) -> Iterator[str]:
        yield from _WRITERS[type(block)](self, block)


def _heading(page: _Page, block: Heading) -> Iterator[str]:
    level = min(block.level + 1, _DEEPEST)  # the first is the title of the whole
    yield f'<h{level} id="h{page.places[id(block)]}">{_text(block.text)}</h{level}>'


def _paragraph(page: _Page, block: Paragraph) -> Iterator[str]:
    lead = f"<strong>{_text(block.lead)}</strong> " if block.lead else ""
    yield f"<p>{lead}{_text(block.text)}</p>"


def _note(page: _Page, block: Note) -> Iterator[str]:
    yield f'<p class="note">{_text(block.text)}</p>'


def _listing(page: _Page, block: Listing) -> Iterator[str]:
    yield "<ul>"
    yield from (f"<li>{_text(item)}</li>" for item in block.items)
    yield "</ul>"


def _quotation(page: _Page, block: Quotation) -> Iterator[str]:
    yield f"<blockquote>{_text(block.words)}</blockquote>"
    if block.source:
        yield f'<p class="note">{_text(block.source)}</p>'


def _page_break(page: _Page, block: PageBreak) -> Iterator[str]:
    yield '<div class="page"></div>'


def _sideways(page: _Page, block: Sideways) -> Iterator[str]:
    yield '<section class="wide">'
    for each in block.blocks:
        yield from page.lines(each)
    yield "</section>"


def _contents(page: _Page, block: Contents) -> Iterator[str]:
    yield f'<nav aria-label="{_text(block.title)}">'
    yield "<ol>"
    for no, heading in headings(page.document, block.deepest):
        place = f'<a href="#h{no}">{_text(heading.text)}</a>'
        yield f'<li class="level{heading.level}">{place}</li>'
    yield "</ol>"
    yield "</nav>"


def _picture(page: _Page, block: Picture) -> Iterator[str]:
    data = b64encode(block.svg.encode("utf-8", "replace")).decode("ascii")
    yield "<figure>"
    yield f"<figcaption>{_captioned(page, block, page.document.figure)}</figcaption>"
    yield f'<img src="data:image/svg+xml;base64,{data}" alt="{_text(block.alt)}">'
    yield "</figure>"
    if block.note:
        yield f'<p class="note">{_text(block.note)}</p>'
    if block.table:
        yield f"<details><summary>{_text(block.table.caption)}</summary>"
        yield from _rows(block.table, "")
        yield "</details>"


def _table(page: _Page, block: Table) -> Iterator[str]:
    yield from _rows(block, _captioned(page, block, page.document.table) if block.caption else "")
    if block.note:
        yield f'<p class="note">{_text(block.note)}</p>'


def _rows(table: Table, caption: str) -> Iterator[str]:
    numeric = [' class="number"' if column.number else "" for column in table.columns]
    yield '<div class="scroll"><table>'
    if caption:
        yield f"<caption>{caption}</caption>"
    heads = zip(numeric, table.columns, strict=True)
    cells = "".join(f'<th scope="col"{how}>{_text(each.label)}</th>' for how, each in heads)
    yield f"<thead><tr>{cells}</tr></thead>"
    yield "<tbody>"
    for row in table.rows:
        told = zip(numeric, row, strict=True)
        yield "<tr>" + "".join(f"<td{how}>{_text(cell)}</td>" for how, cell in told) + "</tr>"
    yield "</tbody>"
    yield "</table></div>"


def _captioned(page: _Page, block: Table | Picture, word: str) -> str:
    return f"{_text(word)} {page.numbers[id(block)]}. {_text(block.caption)}"


def _text(text: str) -> str:
    return escape(printable(text).encode("utf-8", "replace").decode("utf-8"), quote=True)


_WRITERS: Mapping[type, Callable[[_Page, Any], Iterator[str]]] = {
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
