"""The report: everything that was found, as a document to read, edit and send."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC
from pathlib import Path
from typing import Literal

from coder.errors import UserError
from coder.model import Progress
from coder.report.document import Block, Column, Contents, Document, PageBreak, Table
from coder.report.figure import Writer
from coder.report.pdf import write_pdf
from coder.report.web import html_text, write_html
from coder.report.word import docx_bytes, write_docx
from coder.study.core import tell
from coder.study.report_appendices import counts, drawn_numbers, the_most_promising
from coder.study.report_method import method, who_answered
from coder.study.report_results import categories, distributions
from coder.study.sheets import Sheets

ReportEnding = Literal["docx", "html", "pdf"]


class Reports(Sheets):
    """The report of a study. Consent decides what is in it, as it does for every export."""

    def report(
        self, texts: Writer, *, unpublished: bool = False, progress: Progress | None = None
    ) -> Document:
        """The report as a document.

        How the survey was made and coded, who answered, every closed question as a figure, the
        categories, and in appendices all counts, the most promising cases and the numbers behind
        the figures. texts : in whose language it is written; what people wrote stays as it is.
        unpublished : also what nobody has permitted to be published, for the researchers' own use.

        The same decisions and texts give the same document: there is no time in it but that of the
        last decision. Without a consent question nothing that could identify anybody is in it.
        """
        if unpublished:
            self.need_lead()
        chapters: list[Callable[[], Iterator[Block]]] = [
            lambda: method(self, texts, unpublished),
            lambda: who_answered(self, texts),
            lambda: distributions(self, texts),
            lambda: categories(self, texts, unpublished),
            lambda: counts(self, texts),
            lambda: the_most_promising(self, texts, unpublished),
        ]
        blocks: list[Block] = [
            self._in_short(texts),
            PageBreak(),
            Contents(texts("report.contents")),
        ]
        for no, chapter in enumerate(chapters):
            tell(progress, "progress.report", no, len(chapters))
            blocks += chapter()
        blocks += drawn_numbers(blocks, texts)
        changed = self._last_decided().astimezone(UTC)
        return Document(
            title=self.questionnaire.title or texts("report.untitled"),
            subtitle=texts("report.subtitle", date=_day(texts, changed.date().isoformat())),
            author=texts("report.author"),
            language=texts.language,
            changed=changed,
            figure=texts("report.figure"),
            table=texts("report.table"),
            blocks=tuple(blocks),
        )

    def save_report(
        self,
        path: Path,
        texts: Writer,
        *,
        unpublished: bool = False,
        template: Path | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Write the report as ``.docx``, ``.html`` or ``.pdf``, as the name says; whole or not.

        template : a ``.docx`` whose styles the Word file, and the PDF made of it, have. Raises
        ``UserError`` for another ending, a template that can't be used, or a PDF that no program
        on this machine can make.
        """
        ending = path.suffix.lower()
        if ending not in (".docx", ".html", ".pdf"):
            raise UserError("report.wrong_ending", path=path)
        if not path.parent.is_dir():
            raise UserError("file.no_folder", path=path.parent)
        if template is not None and ending == ".html":
            raise UserError("report.template_of_html", path=path)
        document = self.report(texts, unpublished=unpublished, progress=progress)
        tell(progress, "progress.report_file", 0, 0)
        if ending == ".docx":
            write_docx(path, document, template)
        elif ending == ".html":
            write_html(path, document)
        else:
            write_pdf(path, document, template)

    def report_file(self, ending: Literal["docx", "html"], texts: Writer) -> bytes:
        """The report that may be published, as a file for a browser to fetch."""
        document = self.report(texts)
        return docx_bytes(document) if ending == "docx" else html_text(document).encode()

    def _in_short(self, texts: Writer) -> Table:
        """The numbers that a reader wants first."""
        found = self.came_in()
        found["categories"] = len({each.code for each in self._codings()})
        rows = tuple((texts(f"report.short.{name}"), texts.number(n)) for name, n in found.items())
        heads = (
            Column(texts("report.in_short"), 4.0),
            Column(texts("report.column.count"), 1.0, True),
        )
        return Table("", heads, rows)


def _day(texts: Writer, day: str) -> str:
    """A date as it is written in the language of the report."""
    year, month, of_month = (int(part) for part in day.split("-"))
    return texts("report.date", day=of_month, month=texts(f"report.month.{month}"), year=year)
