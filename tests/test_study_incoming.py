"""Codes and codings made elsewhere: taken as decisions, whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from coder.cli import main
from coder.i18n import load_texts
from coder.model import CreateCode
from coder.study import Study
from tests.fixtures import refused


@pytest.fixture
def study(small_path: Path) -> Study:
    study = Study.open(small_path)
    study.decide(study.coder("Anna"), CreateCode("x", "Tid"))
    study.decide(study.coder("Anna"), CreateCode("h", "Overskrift", codable=False))
    return study


def written(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def test_a_table_of_codes_becomes_a_tree(study: Study, tmp_path: Path) -> None:
    file = written(
        tmp_path / "b.csv",
        "label;definition;parent;include\nØl;Drikke;Varer;pilsner\nVarer;;;\n'=1+1;;Øl;\n",
    )
    assert study.import_codebook(file, "Bo").new == 3
    paths = {study.state.path(code) for code in study.state.codes}
    assert paths == {"Tid", "Overskrift", "Varer", "Varer › Øl", "Varer › Øl › =1+1"}
    beer = next(each for each in study.state.codes.values() if each.label == "Øl")
    assert (beer.definition, beer.include) == ("Drikke", "pilsner")
    assert "Bo" in study.state.coders.values()


def test_a_codebook_goes_out_and_into_another_study(
    demo: Study, small_path: Path, tmp_path: Path
) -> None:
    demo.export(tmp_path / "book.qdc", "qdc")
    other = Study.open(small_path)
    other.import_codebook(tmp_path / "book.qdc", "Anna")
    labels = [each.label for each in demo.state.codes.values()]
    assert [each.label for each in other.state.codes.values()] == labels
    assert len(labels) == 11


def test_codes_that_are_there_are_refused_and_nothing_is_changed(
    study: Study, tmp_path: Path
) -> None:
    before = study.state
    taken = study.import_codebook(
        written(tmp_path / "b.csv", "label;x\nNy;\ntid ;\n;1\nNy;\n"), "Bo"
    )
    assert [(each.row, each.key) for each in taken.refusals] == [
        (3, "codes.exists"), (4, "codes.no_label"), (5, "codes.exists"),
    ]  # fmt: skip
    assert study.state == before


@pytest.mark.parametrize("text", ["label;parent\nA;B\n", "label;parent\nA;B\nB;A\n"])
def test_a_code_above_must_be_in_the_file(study: Study, tmp_path: Path, text: str) -> None:
    with refused("codes.no_parent", row=2, parent="B"):
        study.import_codebook(written(tmp_path / "b.csv", text), "Bo")


def test_codings_are_those_of_their_coders(study: Study, tmp_path: Path) -> None:
    first, second, _ = study.survey.answers.index
    rows = [
        (first, "Tid", "Anna"),
        (second, "x", "Bo"),
        (first, "tid", "BO"),
        (first, "Tid", "anna"),
    ]
    pd.DataFrame(rows, columns=["answer", "code", "coder"]).to_excel(
        tmp_path / "c.xlsx", index=False
    )
    dry = study.import_codings(tmp_path / "c.xlsx", dry_run=True)
    assert (dry.new, dry.there, study.state.all_codings()) == (3, 1, [])
    assert study.import_codings(tmp_path / "c.xlsx") == dry
    names = study.state.coders
    given = {(each.answer, each.code, names[each.coder]) for each in study.state.all_codings()}
    assert given == {(first, "x", "Anna"), (second, "x", "Bo"), (first, "x", "Bo")}
    again = study.import_codings(tmp_path / "c.xlsx")
    assert (again.new, again.there) == (0, 4)


def test_rows_that_cannot_be_meant_are_told_and_nothing_is_done(
    study: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = study.survey.answers.index[0]
    file = written(
        tmp_path / "c.csv",
        f"answer;code;coder\n{first};Tid;Bo\nR9;Tid;Bo\n{first};Ukendt;Bo\n{first};h;Bo\n{first};x;\n",
    )
    before = study.state.no
    assert main(["import-codings", str(study.path), str(file)]) == 1
    texts, said = load_texts("da"), capsys.readouterr().err.splitlines()
    assert said[0] == texts("codings.no_answer", row=3, answer="R9")
    assert said[1] == texts("codings.no_code", row=4, code="Ukendt")
    assert said[2] == texts("codings.heading", row=5, code="h")
    assert said[3] == texts("codings.no_coder", row=6)
    assert said[4] == texts("exchange.refused", count=4)
    assert study.state.no == before


def test_ratings_of_the_workbook_come_in_again(
    demo: Study, own_demo: Study, tmp_path: Path
) -> None:
    demo.export(tmp_path / "out.xlsx", unpublished=True)
    table = pd.read_excel(tmp_path / "out.xlsx", sheet_name="ratings", dtype=str)
    table.to_csv(tmp_path / "r.csv", index=False)
    taken = own_demo.import_codings(tmp_path / "r.csv")
    assert (taken.new, taken.there, taken.refusals) == (0, 174, ())


@pytest.mark.parametrize(("lang", "heading"), [("da", "Kodebog"), ("en", "Codebook")])
def test_the_codebook_as_a_document(demo: Study, tmp_path: Path, lang: Any, heading: str) -> None:
    demo.export(tmp_path / "book.md", "md", load_texts(lang))
    lines = (tmp_path / "book.md").read_text("utf-8").splitlines()
    assert lines[2] == heading
    assert sum(line.startswith("## ") for line in lines) == 11


def test_the_commands_say_what_was_done(
    study: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path / "b.csv", "label\nNy\nNyere\n")
    run = ["codebook", "import", str(study.path), str(file), "--coder", "Bo"]
    assert main([*run, "--dry-run"]) == main(run) == 0
    texts = load_texts("da")
    assert capsys.readouterr().err.splitlines() == [
        texts("cli.codebook.would", count=2, coders="Bo"),
        texts("cli.codebook.done", count=2, coders="Bo"),
    ]
