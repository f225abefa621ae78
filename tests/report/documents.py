"""A document with one of every kind of block, for the tests of those who write it."""

from __future__ import annotations

from datetime import UTC, datetime

from coder.report.document import (
    Block,
    Column,
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
)
from coder.report.figure import Figure

NASTY = (
    "<script>alert(1)</script>",
    "=1+1",
    "a & b < c > d \"e\" 'f'",
    "</td></table><img src=x onerror=alert(1)>",
    "**bold** _it_ [x](y)",
    "]]> <!-- <w:t>",
    "&lt;already&gt; &amp;",
)
CHANGED = datetime(2026, 3, 2, 9, 30, 15, 123456, UTC)


def drawing() -> Figure:
    """A very small figure."""
    import pandas as pd

    mark = {"mark": "bar", "width": 40, "height": 20, "data": {"values": [{"a": 1}]}}
    spec = {**mark, "encoding": {"x": {"field": "a", "type": "quantitative"}}}
    table = pd.DataFrame({"n": [1]})
    return Figure("bars", "Søjler", "", "Én søjle <af> én.", spec, table)


def table(caption: str = "Tal", rows: int = 3) -> Table:
    """A table with text and numbers."""
    columns = Column("Navn", 3.0), Column("Antal", 1.0, True)
    told = tuple((f"række {no}", str(no)) for no in range(rows))
    return Table(caption, columns, told, "En note.")


def picture(caption: str = "Figuren") -> Picture:
    """A picture with the numbers behind it."""
    drawn = drawing()
    return Picture(caption, drawn.alt, drawn.png(1.0), drawn.svg(), "n = 1.", table("Bag figuren"))


def document(*blocks: Block, title: str = "Titlen") -> Document:
    """A document of these blocks."""
    return Document(title, "Undertitel", "Os", "da", CHANGED, "Figur", "Tabel", blocks)


def whole() -> Document:
    """A document with everything."""
    return document(
        Contents("Indhold"),
        PageBreak(),
        Heading("Første"),
        Paragraph("Løbende tekst.", "Forrest:"),
        Heading("Under", 2),
        Listing(("et", "to")),
        Quotation("Ordene", "R001"),
        table("Den første"),
        picture("Den eneste"),
        Heading("For dybt", 3),
        Sideways((Heading("På tværs"), table("Den anden"))),
        Note("Til sidst."),
        table(""),
    )
