"""The codebook as a document to read, in Markdown or for Word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from coder.files import replacing
from coder.model import Code
from coder.report.document import Block, Document, Heading, Listing, Note, Paragraph
from coder.report.plain_files import check_ending, writable

# What means something to some reader of Markdown wherever it stands, and what does at the start of
# a line: a heading, a list, a rule. Other signs stay bare, so that the file itself can be read.
_ANYWHERE = re.compile(r"[\\`*_#{}\[\]<>|&~^$@]|:(?=\S)|([=%])(?=\1)|(?<=www)\.", re.IGNORECASE)
_AT_START = re.compile(r"^(?:(?=[+\-=:%])|(?:\(?\w{1,9})(?=[.)](?:\s|$)))")
_DEEPEST = 6  # levels of headings in Markdown


def write_codebook(
    path: Path,
    title: str,
    codes: Sequence[Code],
    answers: Mapping[str, int],
    words: Mapping[str, str],
) -> None:
    """Write the tree of codes as headings, with what is known of each; whole or not at all.

    answers : how many answers have each code. words : what the parts are called, by ``codebook``,
    ``answers``, ``include``, ``exclude``, ``examples`` and ``retired``. Everything that people
    wrote is text there, no Markdown.
    """
    check_ending(path, ".md")
    lines = [f"# {plain(title)}", "", plain(words["codebook"]), ""]
    lines += _below(codes, None, 2, answers, words)
    with replacing(path) as draft:
        draft.write_text("\n".join(lines).rstrip() + "\n", "utf-8", newline="\n")


def codebook_as_document(
    title: str,
    language: str,
    changed: datetime,
    codes: Sequence[Code],
    answers: Mapping[str, int],
    words: Mapping[str, str],
) -> Document:
    """The same as a document that ``report.word`` writes.

    language : of what people wrote. changed : when something was last decided. The rest is as for
    ``write_codebook``.
    """
    blocks = tuple(_blocks_below(codes, None, 1, answers, words))
    return Document(title, words["codebook"], "", language, changed, "Figure", "Table", blocks)


def _blocks_below(
    codes: Sequence[Code],
    parent: str | None,
    level: int,
    answers: Mapping[str, int],
    words: Mapping[str, str],
) -> Iterator[Block]:
    for code in codes:
        if code.parent == parent:
            yield Heading(code.label, level + 1)  # chapters would each begin a page
            yield from _blocks_about(code, answers.get(code.id, 0), words)
            yield from _blocks_below(codes, code.id, level + 1, answers, words)


def _blocks_about(code: Code, count: int, words: Mapping[str, str]) -> Iterator[Block]:
    if code.codable:
        yield Note(f"{words['answers']}: {count}")
    if code.retired:
        yield Note(words["retired"])
    if code.definition.strip():
        yield Paragraph(code.definition)
    for name, text in (("include", code.include), ("exclude", code.exclude)):
        if text.strip():
            yield Paragraph(text, f"{words[name]}:")
    if code.examples:
        yield Paragraph("", f"{words['examples']}:")
        yield Listing(code.examples)


def _below(
    codes: Sequence[Code],
    parent: str | None,
    level: int,
    answers: Mapping[str, int],
    words: Mapping[str, str],
) -> Iterator[str]:
    for code in codes:
        if code.parent == parent:
            yield f"{'#' * min(level, _DEEPEST)} {plain(code.label)}"
            yield ""
            yield from _about(code, answers.get(code.id, 0), words)
            yield from _below(codes, code.id, level + 1, answers, words)


def _about(code: Code, count: int, words: Mapping[str, str]) -> Iterator[str]:
    if code.codable:
        yield f"{plain(words['answers'])}: {count}"
        yield ""
    if code.retired:
        yield plain(words["retired"])
        yield ""
    if code.definition.strip():
        yield plain(code.definition)
        yield ""
    for name, text in (("include", code.include), ("exclude", code.exclude)):
        if text.strip():
            yield f"**{plain(words[name])}:** {plain(text)}"
            yield ""
    if code.examples:
        yield f"**{plain(words['examples'])}:**"
        yield ""
        yield from (f"* {plain(each)}" for each in code.examples)
        yield ""


def plain(text: str) -> str:
    """A text on one line that Markdown shows as it is."""
    escaped = _ANYWHERE.sub(r"\\\g<0>", " ".join(writable(text).split()))
    return _AT_START.sub(r"\g<0>\\", escaped)
