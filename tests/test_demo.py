"""The demo: its files, its study, and the expert's categories."""

from __future__ import annotations

import csv
from pathlib import Path

from coder.demo import EXPERT, make_demo
from coder.study import Study
from tests.fixtures import refused


def test_the_demo_folder_has_the_survey_in_three_kinds_of_file(demo_folder: Path) -> None:
    names = {path.name for path in demo_folder.iterdir()}
    assert {
        "demo.sav",
        "demo.xlsx",
        "demo.csv",
        "questionnaire.yaml",
        "recipe.yaml",
        "demo.db",
    } <= names


def test_a_demo_is_not_made_twice_in_one_folder(tmp_path: Path) -> None:
    make_demo(tmp_path / "new" / "folder")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with refused("study.exists", path=tmp_path / "new" / "folder" / "demo.db"):
        make_demo(tmp_path / "new" / "folder", coded=True)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_demo_needs_a_place_that_can_be_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    with refused("file.no_folder", path=tmp_path / "file"):
        make_demo(tmp_path / "file")


def test_a_demo_does_not_write_over_files_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "questionnaire.yaml").write_text("my own work", "utf-8")
    with refused("demo.other_file"):
        make_demo(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["questionnaire.yaml"]
    assert (tmp_path / "questionnaire.yaml").read_text("utf-8") == "my own work"


def test_without_the_expert_nothing_is_decided(tmp_path: Path) -> None:
    study = make_demo(tmp_path)
    assert study.state.log == ()
    assert study.path == tmp_path / "demo.db"


def test_the_expert_gives_every_answer_one_of_eleven_categories(
    demo: Study, demo_folder: Path
) -> None:
    state = demo.state
    assert list(state.coders.values()) == [EXPERT]
    assert len(state.codes) == 11
    labels = {each.answer: state.codes[each.code].label for each in state.all_codings()}
    with (demo_folder / "expert.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = {
            row["answer"]: row["category_label"] for row in csv.DictReader(lines, delimiter=";")
        }
    assert labels == rows
    assert len(state.all_codings()) == len(rows) == 174
