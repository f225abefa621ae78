"""REFI-QDA codebooks: what is written is by the standard, and what others write is understood."""

from __future__ import annotations

import re
import uuid
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coder.model import Code
from coder.report.careful_xml import DEEPEST
from coder.report.codebook_document import plain
from coder.report.qdc import ReadCode, read_qdc, write_qdc
from coder.report.refi import guid, one_line, unique_names
from tests.fixtures import refused

WORDS = {
    "include": "Hører til",
    "exclude": "Hører ikke til",
    "examples": "Eksempler",
    "retired": "Ude",
}
Q = "{urn:QDA-XML:codebook:1.0}"
BOOK = [
    Code("a", "Økonomi & <tid>", "Om penge.", "løn", "tid", colour="#0b6e6e", examples=("R1: ja",)),
    Code("b", "Andet", parent="a"),
    Code("c", "Møder", codable=False),
    Code("d", "andet", parent="c"),
    Code("e", "👩‍🚀 Rumfart\x01", retired=True),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "book.qdc"


def test_the_file_is_as_the_standard_says(path: Path) -> None:
    write_qdc(path, BOOK, WORDS)
    root = ElementTree.parse(path).getroot()
    assert root.tag == Q + "CodeBook"
    assert [each.tag for each in root] == [Q + "Codes"]
    codes = list(root.iter(Q + "Code"))
    assert [each.get("name") for each in codes] == [
        "Økonomi & <tid>", "Andet", "Møder", "andet (Møder)", "👩‍🚀 Rumfart",
    ]  # fmt: skip
    for each in codes:
        assert set(each.attrib) <= {"guid", "name", "isCodable", "color"}
        assert uuid.UUID(each.get("guid") or "")
        assert each.get("isCodable") in ("true", "false")
        order = [child.tag for child in each]
        assert order == sorted(order, key=(Q + "Description", Q + "Code").index)
    told = codes[0].findtext(Q + "Description")
    assert told == "Om penge.\n\nHører til: løn\n\nHører ikke til: tid\n\nEksempler: R1: ja"
    assert codes[4].findtext(Q + "Description") == "Ude"


def test_a_renamed_code_keeps_its_guid(path: Path) -> None:
    write_qdc(path, [Code("a", "Før")], WORDS)
    before = re.findall(r'guid="([^"]+)"', path.read_text("utf-8"))
    write_qdc(path, [Code("a", "Efter")], WORDS)
    assert re.findall(r'guid="([^"]+)"', path.read_text("utf-8")) == before == [guid("code", "a")]


def test_an_empty_codebook_is_none(path: Path) -> None:
    with refused("export.no_codes"):
        write_qdc(path, [], WORDS)
    assert not path.exists()


# --- what comes back ---------------------------------------------------------------------------


@st.composite
def codebooks(draw: st.DrawFn) -> list[Code]:
    labels = draw(st.lists(st.text(min_size=1, max_size=20), max_size=8, unique_by=str.casefold))
    made: list[Code] = []
    for no, label in enumerate(labels):
        if one_line(label):
            parent = draw(st.sampled_from([None, *(each.id for each in made)]))
            told, codable = draw(st.text(max_size=30)), draw(st.booleans())
            made.append(Code(str(no), label, told, parent=parent, codable=codable))
    return made or [Code("x", "en")]


@given(codebooks())
def test_a_codebook_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, book: list[Code]
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.qdc"
    write_qdc(path, book, WORDS)
    names, found = unique_names(book), read_qdc(path)
    by_name = {each.label: each for each in found}
    assert len(by_name) == len(book)
    for code in book:
        read = by_name[names[code.id]]
        above = None if read.parent is None else found[read.parent].label
        assert above == (None if code.parent is None else names[code.parent])
        assert read.codable == code.codable


def test_no_two_names_are_alike_whatever_the_labels(path: Path) -> None:
    codes = [Code("1", "X"), Code("2", "x"), Code("3", "X (2)"), Code("4", "X", parent="1")]
    found = [each.casefold() for each in unique_names(codes).values()]
    assert len(set(found)) == 4


# --- what others write -------------------------------------------------------------------------


@pytest.mark.parametrize("start", ["", "\ufeff", '\ufeff<?xml version="1.0" encoding="utf-8"?>\n'])
@pytest.mark.parametrize("space", ["urn:QDA-XML:codebook:1.0", "urn:QDA-XML:codebook:0:4", ""])
def test_what_other_programs_write_is_read(path: Path, start: str, space: str) -> None:
    """As ATLAS.ti writes it (0:4), with braces around GUIDs, sets, and without what is optional."""
    path.write_text(
        f'{start}<CodeBook xmlns="{space}" origin="X"><Codes>'
        '<Code guid="{D8B3B3B8-0000-0000-0000-000000000001}" name="Øl" color="#FF00aa">'
        "<Description>Drikke</Description>"
        '<Code name="Pilsner" isCodable="false" color="red"/></Code>'
        '</Codes><Sets><Set name="S"><MemberCode guid="x"/></Set></Sets></CodeBook>',
        "utf-8",
    )
    assert read_qdc(path) == [
        ReadCode(1, "Øl", "Drikke", colour="#ff00aa", guid="d8b3b3b8-0000-0000-0000-000000000001"),
        ReadCode(2, "Pilsner", codable=False, parent=0),
    ]


BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><CodeBook><Codes/>&b;</CodeBook>'
FETCH = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><CodeBook>&a;<Codes/></CodeBook>'
DEEP = "<CodeBook><Codes>" + "<Code>" * DEEPEST + "</Code>" * DEEPEST + "</Codes></CodeBook>"


@pytest.mark.parametrize(
    "text", [BOMB, FETCH, DEEP, "", "<a>", "<CodeBook/>", "not xml", "<x><Codes/></x>"]
)
def test_what_is_no_codebook_is_refused(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")
    with refused("file.unreadable", kind="REFI-QDA"):
        read_qdc(path)


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz.qdc"
    path.write_bytes(content)
    with refused("file.unreadable"):
        read_qdc(path)


def test_a_file_of_any_size_is_not_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coder.report.qdc.MOST_BYTES", 10)
    path.write_text("<CodeBook><Codes/></CodeBook>", "utf-8")
    with refused("codes.too_large"):
        read_qdc(path)


def test_what_was_written_is_no_markdown() -> None:
    assert plain("# *x* <b>\n[a](b)") == r"\# \*x\* \<b\> \[a\](b)"
    assert plain("1. Ny") == r"1\. Ny"
    assert plain("www.a.dk, https://b.dk, c@d.dk") == r"www\.a.dk, https\://b.dk, c\@d.dk"


@pytest.mark.parametrize("text", ["R004: Fædre (og mødre) siger »ja«.", "40-50 % - 1/2, ca. 3!"])
def test_an_ordinary_sentence_has_no_backslash(text: str) -> None:
    assert plain(text) == text


@given(st.text(alphabet="\\`*_{}[]<>|&~^$#+-=:%.)( a1\n"))
def test_no_sign_of_markdown_stands_alone(text: str) -> None:
    """And without the backslashes it is what was written, on one line."""
    found = plain(text)
    assert re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", found) == " ".join(text.split())
    left = re.sub(r"\\[!-/:-@\[-`{-~]", "", found)
    assert not set(left) & set("\\`*_#{}[]<>|&~^$")
    assert not re.match(r"[#+\-=:%]|\d+[.)](?:\s|$)", found)
