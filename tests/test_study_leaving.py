"""No file that leaves has anything that must not: searched byte by byte, also inside zips."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from typing import get_args

import openpyxl
import pytest

from coder.i18n import load_texts
from coder.model import PermitPublishing, Publishing
from coder.study import Format, Study
from tests.fixtures import refused
from tests.leaving import (
    FORMULA,
    NAMES,
    NOTES,
    PERSONAL,
    PLACES,
    QUOTED,
    REFUSED,
    UNANSWERED,
    coded_study,
    held,
    written_as,
)

TEXTS = load_texts("da")
BY_PEOPLE = ("Eva Kodersen", "Bo Kodersen")
NEVER = (*REFUSED, *UNANSWERED, *PERSONAL, *NOTES, "Q011", "Q012", "Q013", *NAMES[10:])


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    """Every kind of file of a study, in both forms, by form and kind."""
    folder = tmp_path_factory.mktemp("leaving")
    study, found = coded_study(folder / "study.db"), {}
    for form in ("named", "anonymous"):
        study.decide("eva", PermitPublishing(form))
        for name in get_args(Format):
            found[form, name] = folder / f"{form}.{name}"
            study.export(found[form, name], name, TEXTS, with_score=True)
        study.save_figures(folder / form, TEXTS)
        found |= {(form, each.name): each for each in (folder / form).iterdir()}
    found["anonymous", "bundle"] = folder / "bundle.zip"
    study.export_bundle(found["anonymous", "bundle"], TEXTS)
    return found


def test_nothing_that_must_not_leave_is_in_any_file(files: dict[tuple[str, str], Path]) -> None:
    for (form, name), path in files.items():
        content = held(path)
        secret = NEVER if form == "named" else (*NEVER, *NAMES, *PLACES, *BY_PEOPLE, "Q00")
        told = [words for words in secret if any(each in content for each in written_as(words))]
        assert told == [], (form, name)
    assert len(files) > 40


def test_the_search_finds_what_may_leave(files: dict[tuple[str, str], Path]) -> None:
    for name in set(get_args(Format)) - {"qdc", "md", "docx"}:
        assert QUOTED.encode() in held(files["named", name]), name
        assert PLACES[0].encode() in held(files["named", name]), name
    for name in ("treemap.csv", "bundle"):
        assert QUOTED.encode() in held(files["anonymous", name]), name
    assert b"Skovgaard A" in held(files["named", "csv"])
    assert FORMULA.encode() in held(files["anonymous", "json"])


def test_no_cell_is_a_formula(files: dict[tuple[str, str], Path]) -> None:
    tables = [path.read_bytes() for path in files.values() if path.suffix == ".csv"]
    with zipfile.ZipFile(files["anonymous", "bundle"]) as archive:
        tables += [archive.read(each) for each in archive.namelist() if each.endswith(".csv")]
    assert any(b"'=SUM" in each for each in tables)
    for content in tables:
        text = content.decode("utf-8-sig")
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=";"):
            assert not any(cell.startswith(("=", "+", "@", "\t", "\r")) for cell in row)
    book = openpyxl.load_workbook(files["named", "xlsx"])
    assert "f" not in {cell.data_type for sheet in book for row in sheet for cell in row}


# --- who decides it ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def unasked(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """A study that asked nobody for consent; its tests decide what may leave."""
    return coded_study(tmp_path_factory.mktemp("unasked") / "study.db", consent=False)


def test_where_nobody_was_asked_nothing_leaves_until_a_lead_says_so(
    unasked: Study, tmp_path: Path
) -> None:
    out = tmp_path / "out.csv"
    with refused("export.no_consent"):
        unasked.export(out, "csv")
    with refused("export.no_consent"):
        unasked.export_bundle(tmp_path / "out.zip", TEXTS)
    assert unasked.quotation("y") is None
    assert list(tmp_path.iterdir()) == []
    unasked.decide("eva", PermitPublishing("anonymous"))
    unasked.export(out, "csv")
    content = held(out)
    assert REFUSED[0].encode() in content  # who was not asked has not refused
    assert not any(each.encode() in content for each in (*NAMES, *PLACES, *PERSONAL))
    unasked.decide("eva", PermitPublishing("named"))
    unasked.export(out, "csv")
    assert NAMES[0].encode() in held(out)
    assert unasked.quotation("y") == ("Q008", QUOTED)
    unasked.decide("eva", PermitPublishing("nothing"))
    with refused("export.not_permitted"):
        unasked.export(out, "csv")
    unasked.export(out, "csv", unpublished=True)


@pytest.mark.parametrize("form", get_args(Publishing))
def test_a_lead_never_takes_the_place_of_a_refusal(form: Publishing, tmp_path: Path) -> None:
    study = coded_study(tmp_path / "study.db")
    study.decide("eva", PermitPublishing(form))
    allowed = {f"Q{no:03d}" for no in range(1, 11)}
    assert study.may_be_published() == (allowed if form != "nothing" else set())


def test_what_can_not_be_decided(unasked: Study) -> None:
    with refused("log.bad_smallest", smallest=0):
        unasked.decide("eva", PermitPublishing("anonymous", 0))
    with refused("publish.no_background", name="varig"):
        unasked.decide("eva", PermitPublishing("anonymous", 3, ("rolle", "varig")))


def test_what_is_withheld_is_told_with_why(tmp_path: Path) -> None:
    """By hand: of Vesterkøbing and Nørrebyvig, chefs and ledere, by category."""
    study = coded_study(tmp_path / "study.db")
    withheld = study.publishable().withheld
    gone = withheld[withheld["column"] == ""]
    assert dict(zip(gone["answer"], gone["reason"], strict=True)) == {
        "Q011": "refused",
        "Q012": "unanswered",
    }
    small = withheld[withheld["column"] != ""]
    assert set(small["reason"]) == {"small_cell"}
    assert set(small.loc[small["column"] == "navn", "answer"]) == {
        f"Q{no:03d}" for no in range(1, 11)
    }
    study.decide("eva", PermitPublishing("named", 1))
    assert len(study.publishable().withheld) == 2
