"""The report of the demo study, opened again: what stands in it, what does not, and how it is set.

The published counts are those of the founding report; a leader who refused publication, and names
and formulas that are planted, are looked for in every byte.
"""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pandas as pd
import pytest

from coder.cli import main
from coder.i18n import LANGUAGES, load_texts
from coder.model import AddCoder, ApplyCode, CreateCode, PermitPublishing, Publishing, WriteSheet
from coder.report.document import (
    Document,
    Heading,
    Paragraph,
    Picture,
    Quotation,
    Sideways,
    Table,
    flat,
)
from coder.report.pdf import write_pdf
from coder.report.web import html_text
from coder.report.word import docx_bytes
from coder.study import Study, read_questionnaire
from tests.fixtures import refused
from tests.report.documents import document as small_document
from tools.install_office import office_path

FIGURES = 24 + 3  # every closed question, and the categories


@pytest.fixture(scope="module")
def report(demo: Study) -> Document:
    return demo.report(load_texts("da"))


@pytest.fixture(scope="module")
def word(report: Document) -> Any:
    return docx.Document(io.BytesIO(docx_bytes(report)))


def tables(report: Document) -> dict[str, Table]:
    """The tables by their caption; of two, the last, which is that of the appendix."""
    return {each.caption: each for each in flat(report.blocks) if isinstance(each, Table)}


def shown(word: Any) -> str:
    """All text in a Word file."""
    cells = [c.text for t in word.tables for row in t.rows for c in row.cells]
    return "\n".join([*(each.text for each in word.paragraphs), *cells])


# --- what stands in it -------------------------------------------------------------------------


def test_the_chapters_are_those_of_a_report(word: Any, demo: Study) -> None:
    chapters = [each.text for each in word.paragraphs if each.style.name == "Heading 1"]
    assert chapters == [
        "Metode",
        "Repræsentativitet",
        "Svarene på de lukkede spørgsmål",
        "Kategorierne",
        "Bilag 1. Spørgeskemaet med alle svar",
        "Bilag 2. De mest lovende",
        "Bilag 3. Tallene bag figurerne",
    ]
    sections = [each.text for each in word.paragraphs if each.style.name == "Heading 2"]
    assert {code.label for code in demo.state.codes.values()} < set(sections)


def test_every_figure_is_there_with_number_words_and_n(report: Document, word: Any) -> None:
    drawn = [each for each in flat(report.blocks) if isinstance(each, Picture)]
    assert len(drawn) == len(word.inline_shapes) == FIGURES
    assert all(shape._inline.docPr.get("descr") for shape in word.inline_shapes)
    captions = [p.text for p in word.paragraphs if p.style.name == "Caption"]
    counted = [text for text in captions if text.startswith("Figur ")]
    assert [int(text.split()[1].rstrip(".")) for text in counted] == list(range(1, FIGURES + 1))
    closed = drawn[: FIGURES - 3]
    assert all(re.match(r"n = [\d–]+, højst ± [\d,]+ procentpoint\.", p.note) for p in closed)


def test_appendix_1_has_every_published_count(report: Document, published: Path) -> None:
    """366 counts and their percentages, in the tables of their questions."""
    found = tables(report)
    questions = read_questionnaire(published.parent / "questionnaire.yaml")
    labels = {each.name: each for each in questions.questions}
    counts = pd.read_csv(published / "counts.csv", dtype=str)
    assert len(counts) == 366
    for row in counts.to_dict("records"):
        question = labels[row["question"]]
        table = found[question.label]
        label = row["option_da"]
        cell = f"{row['percent']} %"
        if question.kind == "matrix":
            item = next(e.label for e in question.items if e.name == row["item"])
            line = next(r for r in table.rows if r[0] == item)
            place = [column.label for column in table.columns].index(label)
            assert line[place] == f"{row['count']} ({cell})"
        else:
            assert (label, row["count"], cell) in table.rows


def test_who_answered_is_tested_by_size(report: Document) -> None:
    table = tables(report)["Hvem der svarede, efter Kommunens størrelse"]
    assert table.rows == (
        ("50.000 indbyggere eller flere", "277", "141", "51 %"),
        ("Under 50.000 indbyggere", "279", "155", "56 %"),
    )
    assert "1,21 (df 1), p = 0,272" in table.note


def test_appendix_2_has_the_49_that_may_be_published(report: Document, demo: Study) -> None:
    (wide,) = [each for each in report.blocks if isinstance(each, Sideways)]
    by_theme = [each for each in wide.blocks if isinstance(each, Table)]
    assert sum(len(each.rows) for each in by_theme) == 49
    assert [each.caption for each in by_theme] == list(
        dict.fromkeys(demo.most_promising()["theme"])
    )


def test_the_numbers_behind_a_figure_stand_in_the_last_appendix(report: Document) -> None:
    places = [isinstance(e, Heading) and e.text.startswith("Bilag 3") for e in report.blocks]
    appended = report.blocks[places.index(True) :]
    behind = [e.table for e in flat(report.blocks) if isinstance(e, Picture) and e.table]
    assert [each for each in appended if isinstance(each, Table)] == behind
    heat = behind[1]
    assert len(heat.columns) == 6
    assert len(heat.rows) == 11


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_is_in_one_language(language: str, small_path: Path) -> None:
    """Of a study without closed questions or a recipe there is a report too, and a short one."""
    made = Study.open(small_path).report(load_texts(language))  # type: ignore[arg-type]
    told = [each.text for each in made.blocks if isinstance(each, Heading)]
    method = {"da": "Metode", "en": "Method"}[language]
    assert made.language == language
    assert told[0] == method
    assert not [each for each in made.blocks if isinstance(each, Picture)]
    texts = [each.text for each in made.blocks if isinstance(each, Paragraph)]
    assert load_texts(language)("report.no_consent") in texts  # type: ignore[arg-type]


def test_the_same_study_gives_the_same_file(planted: Study) -> None:
    """Also when it is opened anew, and whatever was drawn meanwhile."""
    texts = load_texts("da")
    made, again = planted.report(texts), Study.open(planted.path).report(texts)
    assert any(isinstance(each, Picture) for each in made.blocks)
    assert docx_bytes(again) == docx_bytes(made)
    assert html_text(again) == html_text(made)


# --- what does not -----------------------------------------------------------------------------

PLANTED = {
    "name": "Bodil Dybkjær Vestermølle",
    "number": "120345-6789",
    "refused": "Vi nægter at stå frem med denne sætning i nogen rapport overhovedet.",
    "formula": "=HYPERLINK(evil)",
    "markup": "<script>alert(1)</script>",
}
FORM = """
title: Prøve
language: da
organisation: by
questions:
  - {name: id, kind: id, label: Nr.}
  - {name: by, kind: background, label: By}
  - name: q
    kind: single
    label: "=HYPERLINK(evil) <script>alert(1)</script>"
    options: [{code: 1, label: Ja}, {code: 2, label: Nej}]
  - {name: told, kind: open, label: Fortæl}
  - name: ok
    kind: consent
    label: Må vi citere?
    permits: [1]
    options: [{code: 1, label: Ja}, {code: 2, label: Nej}]
"""


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Answers with what must not leave, from some who permit it and some who do not."""
    folder = tmp_path_factory.mktemp("planted")
    (folder / "q.yaml").write_text(FORM, "utf-8")
    rows = [
        f'1;Aarhus;1;"Ring til {PLANTED["name"]}, cpr {PLANTED["number"]}, om de nye gåture.";1',
        f"2;Hemmelighedsby;2;{PLANTED['refused']};2",
        "3;Odense;1;Vi begyndte at gå ture sammen med borgerne hver eneste uge i parken.;1",
        "4;Aarhus;2;Gåture ude i det fri gav borgerne mod på at komme ud igen bagefter.;1",
    ]
    (folder / "q.csv").write_text("\n".join(["id;by;q;told;ok", *rows]), "utf-8")
    form = read_questionnaire(folder / "q.yaml")
    study = Study.create(folder / "q.db", folder / "q.csv", form)
    study.decide("c", AddCoder("c", "Kirstine Koderske"))
    study.decide("c", CreateCode("x", "Gåture <b>&</b>"))
    answers = tuple(study.survey.answers.index)
    study.decide("c", ApplyCode("x", answers))
    study.decide("c", CreateCode("y", "Uden tilladelse"))
    study.decide("c", ApplyCode("y", answers[1:2]))
    study.decide("c", WriteSheet("x", "De går ture.", "Borgere i =1+1.", "Mod.", answers[2]))
    study.decide("c", WriteSheet("y", "Et tavst ark.", case=answers[1]))
    return study


def bytes_of(study: Study) -> Iterator[str]:
    made = study.report(load_texts("da"))
    yield html_text(made)
    with zipfile.ZipFile(io.BytesIO(docx_bytes(made))) as packed:
        for name in packed.namelist():
            yield packed.read(name).decode("utf-8", "replace")


def test_nothing_planted_is_in_any_byte(planted: Study) -> None:
    for content in bytes_of(planted):
        for name in ("name", "number", "refused"):
            assert PLANTED[name] not in content
            assert PLANTED[name].split()[-1] not in content
        assert PLANTED["markup"] not in content
        assert "<b>&" not in content
        assert "Hemmelighedsby" not in content
        assert "Kirstine" not in content


def test_a_sheet_has_its_case_where_that_may_leave(planted: Study) -> None:
    blocks = planted.report(load_texts("da")).blocks
    told = [(e.lead, e.text) for e in blocks if isinstance(e, Paragraph) and e.lead]
    assert ("Det kendetegner den:", "De går ture.") in told
    assert ("Målgruppe:", "Borgere i =1+1.") in told
    assert ("Oplevet udbytte:", "Mod.") in told
    assert [text for lead, text in told if lead == "Eksempel:"] == ["Odense, 3"]
    assert ("Det kendetegner den:", "Et tavst ark.") in told
    quoted = [each.words for each in blocks if isinstance(each, Quotation)]
    assert "»Vi begyndte at gå ture sammen med borgerne hver eneste uge i parken.«" in quoted


def test_what_may_leave_does(planted: Study) -> None:
    told = shown(docx.Document(io.BytesIO(docx_bytes(planted.report(load_texts("da"))))))
    assert "gå ture sammen med borgerne" in told or "Gåture ude i det fri" in told
    assert "Koder 1" in told
    assert "1, fordi der er sagt nej" in told
    own = shown(
        docx.Document(io.BytesIO(docx_bytes(planted.report(load_texts("da"), unpublished=True))))
    )
    assert "Kirstine Koderske" in own


@pytest.mark.parametrize("form", ["anonymous", "nothing"])
def test_a_lead_decides_how_quotations_leave(
    planted: Study, tmp_path: Path, form: Publishing
) -> None:
    study = Study.open(Path(shutil.copy(planted.path, tmp_path / "own.db")))
    study.decide("c", PermitPublishing(form))
    told = shown(docx.Document(io.BytesIO(docx_bytes(study.report(load_texts("da"))))))
    quoted = "gå ture sammen med borgerne" in told or "Gåture ude i det fri" in told
    assert quoted == (form == "anonymous")
    assert "Odense, " not in told
    assert "Aarhus, " not in told


# --- the file ----------------------------------------------------------------------------------


def test_the_command_writes_what_the_name_says(
    small_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for ending in ("docx", "html"):
        path = tmp_path / f"r.{ending}"
        assert main(["report", str(small_path), "--out", str(path), "--language", "en"]) == 0
        assert path.stat().st_size > 1000
    assert 'lang="en"' in (tmp_path / "r.html").read_text("utf-8")
    assert main(["report", str(small_path), "--out", str(tmp_path / "r.odt")]) == 1
    assert ".docx, .html eller .pdf" in capsys.readouterr().err
    assert not (tmp_path / "r.odt").exists()


def test_a_template_is_for_word(small_path: Path, tmp_path: Path) -> None:
    study, texts = Study.open(small_path), load_texts("da")
    with refused("report.template_of_html"):
        study.save_report(tmp_path / "r.html", texts, template=tmp_path / "t.docx")
    with refused("file.no_folder"):
        study.save_report(tmp_path / "none" / "r.docx", texts)


def test_without_a_program_for_it_there_is_no_pdf(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with refused("report.no_pdf"):
        write_pdf(tmp_path / "r.pdf", small_document())
    for name in ("soffice", "chromium"):
        program = tmp_path / name
        program.write_text("#!/bin/sh\nexit 1\n")
        program.chmod(0o755)
        with refused("report.pdf_failed"):
            write_pdf(tmp_path / "r.pdf", small_document())
        program.unlink()
    assert not (tmp_path / "r.pdf").exists()


@pytest.mark.skipif(office_path() is None, reason="there is no LibreOffice")
def test_the_pages_are_set_well(report: Document, tmp_path: Path) -> None:
    """Every letter lies inside its page, every figure is on one, and no page is empty."""
    import pypdfium2

    path = tmp_path / "report.pdf"
    write_pdf(path, report)
    pages = list(pypdfium2.PdfDocument(path))
    assert 25 <= len(pages) <= 45
    drawn = 0
    for page in pages:
        wide, high = page.get_size()
        text = page.get_textpage()
        assert text.count_chars() > 40
        for no in range(text.count_rects()):
            left, bottom, right, top = text.get_rect(no)
            assert left > 50
            assert right < wide - 50
            assert bottom > 20
            assert top < high - 20
        drawn += sum(each.type == 3 for each in page.get_objects())  # images
    assert drawn == FIGURES
    contents = pages[1].get_textpage().get_text_range()
    assert re.search(r"Kategorierne\W*\d+", contents), contents
