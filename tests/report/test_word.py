"""Word files, opened again by python-docx and read as the XML they are."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from coder.report.document import Heading, Listing, Paragraph, Quotation, Table, numbers
from coder.report.word import docx_bytes, write_docx
from tests.fixtures import refused
from tests.report.documents import CHANGED, NASTY, document, picture, table, whole


@pytest.fixture(scope="module")
def content() -> bytes:
    return docx_bytes(whole())


@pytest.fixture(scope="module")
def word(content: bytes) -> Any:
    return docx.Document(io.BytesIO(content))


def styled(word: Any, style: str) -> list[str]:
    return [each.text for each in word.paragraphs if each.style.name == style]


def fields(word: Any) -> list[str]:
    return [each.text.strip() for each in word.element.body.iter(qn("w:instrText"))]


def test_headings_have_the_styles_of_headings(word: Any) -> None:
    assert styled(word, "Title") == ["Titlen"]
    assert styled(word, "Heading 1") == ["Første", "På tværs"]
    assert styled(word, "Heading 2") == ["Under"]
    assert styled(word, "Heading 3") == ["For dybt"]
    assert styled(word, "List Bullet") == ["et", "to"]
    assert styled(word, "Quote") == ["Ordene"]


def test_captions_are_counted_by_word_each_kind_by_itself(word: Any) -> None:
    assert styled(word, "Caption") == [
        "Tabel 1. Den første",
        "Figur 1. Den eneste",
        "Tabel 2. Den anden",
    ]
    counted = [each for each in fields(word) if each.startswith("SEQ")]
    assert counted == [f"SEQ {kind} \\* ARABIC" for kind in ("Tabel", "Figur", "Tabel")]


def test_the_contents_are_a_field_filled_with_links_to_the_headings(word: Any) -> None:
    assert 'TOC \\o "1-2" \\h \\z \\u' in fields(word)
    links = list(word.element.body.iter(qn("w:hyperlink")))
    told = ["".join(t.text or "" for t in link.iter(qn("w:t"))) for link in links]
    assert told == ["Første", "Under", "På tværs"]
    marks = {each.get(qn("w:name")) for each in word.element.body.iter(qn("w:bookmarkStart"))}
    assert {link.get(qn("w:anchor")) for link in links} < marks
    assert word.settings.element.find(qn("w:updateFields")) is not None
    kinds = [each.get(qn("w:fldCharType")) for each in word.element.body.iter(qn("w:fldChar"))]
    assert kinds.count("begin") == kinds.count("separate") == kinds.count("end") > 0


def test_every_picture_is_told_in_words_and_fits_the_page(word: Any) -> None:
    (shape,) = word.inline_shapes
    assert shape._inline.docPr.get("descr") == "Én søjle <af> én."
    section = word.sections[0]
    assert shape.width == section.page_width - section.left_margin - section.right_margin
    distances = {shape._inline.get(f"dist{side}") for side in "TBLR"}
    assert distances == {"0"}  # without, LibreOffice moves it out of the margin


def test_the_head_of_a_table_is_repeated_and_no_row_is_parted(word: Any) -> None:
    assert len(word.tables) == 3
    for each in word.tables:
        heads = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in each.rows]
        assert heads == [True, False, False, False]
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in each.rows)
    assert [cell.text for cell in word.tables[0].rows[2].cells] == ["række 1", "1"]


def test_wide_pages_stand_between_high_ones(word: Any) -> None:
    assert [each.orientation for each in word.sections] == [
        WD_ORIENT.PORTRAIT,
        WD_ORIENT.LANDSCAPE,
        WD_ORIENT.PORTRAIT,
    ]


def test_the_number_of_every_page_stands_at_its_right_margin(word: Any) -> None:
    for section in word.sections:
        (foot,) = section.footer.paragraphs
        width = section.page_width - section.left_margin - section.right_margin
        (stop,) = foot.paragraph_format.tab_stops
        assert abs(stop.position - width) < 1000
        assert foot.text.startswith("Titlen\t")
        assert not list(foot.style.paragraph_format.tab_stops)


@pytest.mark.parametrize(("words", "together"), [(2, True), (90, False)])
def test_a_table_stays_on_one_page_unless_it_is_high(words: int, together: bool) -> None:
    """Of as many rows; what counts is how many lines they take."""
    rows = tuple(("ord " * words, str(no)) for no in range(12))
    written = document(Table("T", table().columns, rows))
    (made,) = docx.Document(io.BytesIO(docx_bytes(written))).tables
    tied = [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in made.rows]
    assert tied[:2] == [True, together or None]
    assert tied[5] == (together or None)


def test_the_file_says_what_it_is_and_in_which_language(word: Any) -> None:
    told = word.core_properties
    assert (told.title, told.author, told.language) == ("Titlen", "Os", "da-DK")
    assert told.created == told.modified == CHANGED.replace(microsecond=0)
    spoken = word.styles["Normal"].element.rPr.find(qn("w:lang"))
    assert spoken.get(qn("w:val")) == "da-DK"
    assert told.comments == ""


def test_the_same_document_gives_the_same_bytes(content: bytes) -> None:
    assert docx_bytes(whole()) == content
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert {each.date_time for each in packed.infolist()} == {
            (2026, 3, 2, 9, 30, 14)
        }  # in steps of two
        assert packed.testzip() is None


def test_what_people_wrote_is_text() -> None:
    rows = tuple((text, text) for text in NASTY)
    written = document(
        *(Paragraph(text) for text in NASTY),
        *(Heading(text, 2) for text in NASTY),
        *(Quotation(text) for text in NASTY),
        Listing(NASTY),
        Table(NASTY[0], table().columns, rows),
    )
    word = docx.Document(io.BytesIO(docx_bytes(written)))
    for text in NASTY:
        assert [each.text for each in word.paragraphs].count(text) == 4
    assert [row.cells[0].text for row in word.tables[0].rows[1:]] == list(NASTY)


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b", "a\ufffeb", "a\x0bb\x1fc", "a\u202eb"])
def test_signs_that_no_file_can_hold_are_left_out(text: str) -> None:
    word = docx.Document(io.BytesIO(docx_bytes(document(Paragraph(text), title=text))))
    told = word.paragraphs[-1].text
    assert told.startswith("a")
    assert "b" in told
    assert told.isprintable()


def test_no_column_is_narrower_than_its_longest_word() -> None:
    from docx.shared import Pt

    from coder.report.letters import width_of

    columns = table().columns
    wide = Table("", (*columns, *(columns[1],) * 5), (("x",) * 7,))
    narrow = tuple(type(each)("Overførbarhed", 0.1, True) for each in wide.columns[1:])
    written = document(Table("", (wide.columns[0], *narrow), wide.rows))
    word = docx.Document(io.BytesIO(docx_bytes(written)))
    widths = [cell.width for cell in word.tables[0].rows[0].cells]
    section = word.sections[0]
    whole_width = section.page_width - section.left_margin - section.right_margin
    assert sum(widths) <= whole_width
    assert min(widths[1:]) > min(Pt(width_of("Overførbarhed", 9, True)), whole_width / 7 - 2)


# --- templates ---------------------------------------------------------------------------------


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """An institute's own: another letter, another margin, a foot, and a text of its own."""
    word = docx.Document()
    word.styles["Heading 1"].font.name = "Georgia"
    word.sections[0].left_margin = 1_000_125
    word.sections[0].footer.paragraphs[0].text = "Instituttet"
    word.add_paragraph("Skriv her")
    word.add_table(1, 1)
    path = tmp_path / "institut.docx"
    word.save(str(path))
    return path


def test_a_template_gives_its_styles_and_its_page_but_not_its_text(template: Path) -> None:
    word = docx.Document(io.BytesIO(docx_bytes(whole(), template)))
    assert word.styles["Heading 1"].font.name == "Georgia"
    assert word.sections[0].left_margin == 1_000_125
    assert word.sections[0].footer.paragraphs[0].text == "Instituttet"
    assert "Skriv her" not in [each.text for each in word.paragraphs]
    assert len(word.tables) == 3
    assert styled(word, "Heading 1") == ["Første", "På tværs"]


def test_a_style_that_is_missing_is_named(template: Path, tmp_path: Path) -> None:
    word = docx.Document(str(template))
    for name in ("Caption", "List Bullet"):
        word.styles[name].delete()
    word.save(str(template))
    with refused("report.no_styles", path=template, names="Caption, List Bullet"):
        write_docx(tmp_path / "out.docx", whole(), template)
    assert not (tmp_path / "out.docx").exists()


def test_what_is_no_word_file_is_no_template(tmp_path: Path) -> None:
    for name, content in (("text.docx", b"Hej"), ("zip.docx", b"PK\x05\x06" + bytes(18))):
        path = tmp_path / name
        path.write_bytes(content)
        with refused("report.no_template", path=path):
            docx_bytes(whole(), path)
    with refused("report.no_template"):
        docx_bytes(whole(), tmp_path / "none.docx")


def test_a_row_without_a_cell_for_every_column_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="Tal"):
        Table("Tal", table().columns, (("kun én",),))


def test_what_has_no_caption_has_no_number() -> None:
    blocks = (table(""), picture("A"), table("B"), table("C"))
    found = numbers(blocks)
    assert [found.get(id(each)) for each in blocks] == [None, 1, 1, 2]
