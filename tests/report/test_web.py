"""The HTML file, read again by Python's own parser."""

from __future__ import annotations

import base64
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coder.report.document import Heading, Listing, Paragraph, Quotation, Table
from coder.report.letters import printable
from coder.report.web import html_text, write_html
from tests.fixtures import refused
from tests.report.documents import NASTY, document, table, whole

OURS = {
    "html", "head", "meta", "title", "style", "body", "header", "main", "h1", "h2", "h3", "h4",
    "p", "strong", "ul", "li", "blockquote", "nav", "ol", "a", "figure", "figcaption", "img",
    "details", "summary", "div", "table", "caption", "thead", "tbody", "tr", "th", "td", "section",
}  # fmt: skip
EMPTY = {"meta", "img"}


class Read(HTMLParser):
    """What stands in a page: the elements, their attributes, and the text of each."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert not self._open, self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in EMPTY:
            self._open.append(tag)
            self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open:
            self.texts[self._open[-1]][-1] += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for each, attributes in self.elements if each == tag]


def test_the_page_has_everything_in_one_file() -> None:
    read = Read(html_text(whole()))
    assert read.of("html") == [{"lang": "da"}]
    assert {tag for tag, _ in read.elements} <= OURS
    assert read.texts["h1"] == ["Titlen"]
    assert read.texts["h2"] == ["Første", "På tværs"]
    (image,) = read.of("img")
    kind, _, data = (image["src"] or "").partition(",")
    assert kind == "data:image/svg+xml;base64"
    assert base64.b64decode(data).startswith(b"<svg")
    assert image["alt"] == "Én søjle <af> én."
    assert read.texts["figcaption"] == ["Figur 1. Den eneste"]
    assert read.texts["caption"] == ["Tabel 1. Den første", "Tabel 2. Den anden"]
    assert read.texts["summary"] == ["Bag figuren"]


def test_nothing_in_it_runs_or_is_fetched() -> None:
    read = Read(html_text(whole()))
    (policy,) = [m["content"] for m in read.of("meta") if m.get("http-equiv")]
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    for tag, attributes in read.elements:
        assert tag != "script"
        assert not [name for name in attributes if name.startswith("on")]
        if "href" in attributes:
            assert (attributes["href"] or "").startswith("#h")


def test_the_contents_lead_to_the_headings() -> None:
    read = Read(html_text(whole()))
    places = {a["id"] for tag in ("h2", "h3", "h4") for a in read.of(tag)}
    links = [(a["href"] or "").removeprefix("#") for a in read.of("a")]
    assert len(links) == 3
    assert set(links) <= places


@given(st.one_of(st.sampled_from(NASTY), st.text(max_size=40)))
def test_what_people_wrote_is_text(text: str) -> None:
    columns = table().columns
    written = document(
        Paragraph(text, text),
        Heading(text),
        Quotation(text, text),
        Listing((text,)),
        Table(text, columns, ((text, text),), text),
        title=text,
    )
    read = Read(html_text(written))
    told = printable(text)
    assert read.texts["title"] == [told]
    assert read.texts["h2"] == [told]
    assert read.texts["blockquote"] == [told]
    assert read.texts["td"] == [told, told]
    assert read.texts["li"] == [told]
    assert {tag for tag, _ in read.elements} <= OURS


def test_the_same_document_gives_the_same_page(tmp_path: Path) -> None:
    write_html(tmp_path / "a.html", whole())
    assert (tmp_path / "a.html").read_text("utf-8") == html_text(whole())


def test_a_file_is_called_what_it_is(tmp_path: Path) -> None:
    with refused("export.wrong_ending"):
        write_html(tmp_path / "a.htm", whole())


@pytest.mark.parametrize("name", ["page", "wide"])
def test_the_style_knows_what_the_page_uses(name: str) -> None:
    page = html_text(whole())
    assert f'class="{name}"' in page
    assert f".{name} {{" in page
