"""A document as PDF, set by a program that is there: LibreOffice, or else a browser."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from coder.errors import UserError
from coder.files import replacing
from coder.report.document import Document
from coder.report.plain_files import check_ending
from coder.report.web import write_html
from coder.report.word import docx_bytes

_OFFICES = ("soffice", "libreoffice")
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PATIENCE = 180  # seconds


def write_pdf(path: Path, document: Document, template: Path | None = None) -> None:
    """Write a document as ``.pdf``, whole or not at all.

    LibreOffice sets the Word file, with its template and page numbers; where there is none, a
    browser prints the HTML file. Raises ``UserError`` when there is neither, or it fails.
    """
    check_ending(path, ".pdf")
    office, browser = _found(_OFFICES), _found(_BROWSERS)
    if office is None and browser is None:
        raise UserError("report.no_pdf")
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / "report.pdf"
        if office:
            _by_office(office, draft, document, template)
        elif browser:
            _by_browser(browser, draft, document)
        if not draft.is_file():
            raise UserError("report.pdf_failed", program=office or browser)
        content = draft.read_bytes()
    with replacing(path) as new:
        new.write_bytes(content)


def _by_office(program: str, pdf: Path, document: Document, template: Path | None) -> None:
    pdf.with_suffix(".docx").write_bytes(docx_bytes(document, template, printing=True))
    profile = f"-env:UserInstallation={(pdf.parent / 'profile').as_uri()}"
    into = ["--convert-to", "pdf", "--outdir", str(pdf.parent)]
    _run([program, profile, "--headless", "--norestore", *into, str(pdf.with_suffix(".docx"))])


def _by_browser(program: str, pdf: Path, document: Document) -> None:
    page = pdf.with_suffix(".html")
    write_html(page, document)
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    sandbox = ["--no-sandbox"] if root else []  # root can't have one
    quiet = ["--headless", "--disable-gpu", "--no-pdf-header-footer", *sandbox]
    profile = f"--user-data-dir={pdf.parent / 'profile'}"
    _run([program, *quiet, profile, f"--print-to-pdf={pdf}", page.as_uri()])


def _run(command: Sequence[str]) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=_PATIENCE)  # noqa: S603
    except (OSError, subprocess.SubprocessError) as error:
        raise UserError("report.pdf_failed", program=command[0]) from error


def _found(names: Sequence[str]) -> str | None:
    return next((found for found in map(shutil.which, names) if found), None)
