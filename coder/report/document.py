"""A document as plain values: what stands in it, in which order, for whoever writes the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Heading:
    """A heading; ``level`` 1 begins a chapter."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """Running text; ``lead`` stands before it, stronger."""

    text: str
    lead: str = ""


@dataclass(frozen=True)
class Note:
    """Small text below something."""

    text: str


@dataclass(frozen=True)
class Listing:
    """Points, one below the other."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Quotation:
    """What somebody wrote, and who or where; ``source`` may be empty."""

    words: str
    source: str = ""


@dataclass(frozen=True)
class Column:
    """A column of a table: what it is called, and how wide it is beside the others."""

    label: str
    width: float = 1.0
    number: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of text under named columns. One without a caption has no number."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"a row of {self.caption!r} has not a cell for every column")


@dataclass(frozen=True)
class Picture:
    """A figure: PNG for print, SVG for the screen, the words for it and what stands below it.

    ``table`` has the numbers that are drawn; None where they stand elsewhere in the document.
    """

    caption: str
    alt: str
    png: bytes
    svg: str
    note: str = ""
    table: Table | None = None


@dataclass(frozen=True)
class Contents:
    """The table of contents, with headings down to a level."""

    title: str
    deepest: int = 2


@dataclass(frozen=True)
class PageBreak:
    """What follows begins on a new page."""


@dataclass(frozen=True)
class Sideways:
    """What stands on pages of its own that are wider than high."""

    blocks: tuple[Block, ...]


Block = (
    Heading
    | Paragraph
    | Note
    | Listing
    | Quotation
    | Table
    | Picture
    | Contents
    | PageBreak
    | Sideways
)


@dataclass(frozen=True)
class Document:
    """A document and what is known of it.

    language : of its text, such as ``da``. changed : when something in it last changed; all there
    is of time in a file, so that the same document gives the same file. figure, table : what
    captions are called, such as ``Figur`` and ``Tabel``; letters of ASCII only, since Word counts
    by these names.
    """

    title: str
    subtitle: str
    author: str
    language: str
    changed: datetime
    figure: str
    table: str
    blocks: tuple[Block, ...]


def numbers(blocks: Iterable[Block]) -> dict[int, int]:
    """The number of every table and figure with a caption, by ``id``: each counted from 1."""
    counted: Counter[type] = Counter()
    found = {}
    for block in flat(blocks):
        if isinstance(block, Table | Picture) and block.caption:
            counted[type(block)] += 1
            found[id(block)] = counted[type(block)]
    return found


def flat(blocks: Iterable[Block]) -> Iterator[Block]:
    """All blocks in reading order, also those that stand on wide pages."""
    for block in blocks:
        if isinstance(block, Sideways):
            yield from flat(block.blocks)
        else:
            yield block


def headings(document: Document, deepest: int) -> list[tuple[int, Heading]]:
    """The headings for a table of contents, each with its place among all headings."""
    every = [each for each in flat(document.blocks) if isinstance(each, Heading)]
    return [(no, each) for no, each in enumerate(every) if each.level <= deepest]
