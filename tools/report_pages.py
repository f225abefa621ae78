"""Make pictures of some pages of the demo study's report, for the documents.

    python -m tools.report_pages

The report is set by LibreOffice, as `coder report demo.db --out report.pdf` does it.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pypdfium2
from PIL import Image

from coder.demo import make_demo
from coder.i18n import load_texts
from coder.report.document import Document, Heading, flat
from coder.report.pdf import write_pdf
from tools.debian import say

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"
_SCALE = 0.9  # pixels to a point: a page is 536 wide
_COLOURS = 64


def main() -> int:
    """Make the report and the pictures."""
    with tempfile.TemporaryDirectory() as folder:
        study = make_demo(Path(folder) / "demo", coded=True)
        document = study.report(load_texts("da"))
        path = Path(folder) / "report.pdf"
        write_pdf(path, document)
        for no, picture in enumerate(pictures(path, chapters(document)), start=1):
            picture.save(FOLDER / f"report-{no}.png", optimize=True)
            say(f"docs/pictures/report-{no}.png")
    return 0


def chapters(document: Document) -> list[str]:
    """What the chapters are called."""
    return [e.text for e in flat(document.blocks) if isinstance(e, Heading) and e.level == 1]


def pictures(path: Path, beginnings: Sequence[str]) -> Iterator[Image.Image]:
    """The first page, and each that begins with one of these texts, in few colours."""
    pdf = pypdfium2.PdfDocument(path)
    for no, page in enumerate(pdf):
        text = " ".join(page.get_textpage().get_text_range().split())
        if no == 0 or text.startswith(tuple(beginnings)):
            drawn = page.render(scale=_SCALE).to_pil().convert("RGB")
            yield drawn.quantize(_COLOURS, dither=Image.Dither.NONE)


if __name__ == "__main__":
    sys.exit(main())
