"""The one door: create, decide, undo, propose, check, export."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from coder.errors import UserError
from coder.intake import take_in
from coder.model import (
    ApplyCode,
    ConfirmProposal,
    CreateCode,
    MergeCodes,
    Questionnaire,
    ReviseCode,
    Undo,
)
from coder.study import Study, check_study, read_questionnaire, read_text
from coder.survey.questionnaire import parse_questionnaire
from tests.fixtures import refused


@pytest.fixture
def small(small_path: Path) -> Study:
    return Study.open(small_path)


# --- create ------------------------------------------------------------------------------------


def test_a_created_study_can_be_opened_again(small: Study) -> None:
    again = Study.open(small.path)
    assert again.questionnaire == small.questionnaire
    pd.testing.assert_frame_equal(again.survey.answers, small.survey.answers)
    assert again.check() == small.check()


def test_two_imports_of_one_survey_have_the_same_checksum(
    demo: Study, demo_folder: Path, tmp_path: Path
) -> None:
    for kind in ("csv", "xlsx"):
        study = Study.create(tmp_path / kind, demo_folder / f"demo.{kind}", demo.questionnaire)
        assert study.check().responses == demo.check().responses


BAD_VALUE = "questions: [{name: why, kind: single, options: [{code: 1, label: a}]}]"


@pytest.mark.parametrize(
    ("questionnaire", "recipe", "key"),
    [
        (BAD_VALUE, None, "survey.bad_value"),
        ("questions: [{name: what, kind: open}]", None, "survey.no_column"),
        ("questions: [{name: why, kind: open}]", "name: [", "yaml.unreadable"),
        ("questions: [{name: why, kind: id}]", None, "survey.same_id"),
    ],
)
def test_an_import_that_fails_leaves_no_file_behind(
    tmp_path: Path, questionnaire: str, recipe: str | None, key: str
) -> None:
    file = tmp_path / "survey.csv"
    file.write_text("nr;why\n1;a b\n2;a b\n", "utf-8")
    with refused(key):
        Study.create(tmp_path / "s.db", file, parse_questionnaire(questionnaire), recipe)
    assert list(tmp_path.iterdir()) == [file]


def test_what_an_import_does_is_told_step_by_step(small: Study, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    Study.create(
        tmp_path / "s.db", tmp_path / "small.csv", small.questionnaire,
        progress=lambda *step: told.append(step),
    )  # fmt: skip
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)
    assert told[-1][1] == told[-1][2]


def test_a_study_is_not_created_over_another(small: Study, tmp_path: Path) -> None:
    before = small.path.read_bytes()
    with refused("study.exists", path=small.path):
        Study.create(small.path, tmp_path / "small.csv", small.questionnaire)
    assert small.path.read_bytes() == before


# --- decide ------------------------------------------------------------------------------------


def test_a_decision_is_stored_with_who_when_and_why(small: Study) -> None:
    anna = small.coder("Anna")
    before = datetime.now(UTC) - timedelta(seconds=1)
    entry = small.decide(anna, CreateCode("x", "Walks"), why="mentioned often")
    again = Study.open(small.path).state.log[-1]
    assert again == entry
    assert (again.no, again.coder, again.why) == (2, anna, "mentioned often")
    assert before <= again.at <= datetime.now(UTC)


def test_a_refused_decision_changes_nothing(small: Study) -> None:
    anna = small.coder("Anna")
    with refused("log.no_code"):
        small.decide(anna, ApplyCode("x", ("1",)))
    assert len(Study.open(small.path).state.log) == 1


def test_a_coder_with_the_same_name_is_the_same_coder(small: Study) -> None:
    anna = small.coder("  Anna  Holm ")
    assert small.coder("anna holm") == anna
    assert small.state.coders == {anna: "Anna Holm"}
    assert small.coder("Bo") != anna


def test_what_others_decide_meanwhile_is_seen(small: Study) -> None:
    other = Study.open(small.path)
    anna = other.coder("Anna")
    other.decide(anna, CreateCode("x", "Walks"))
    assert list(small.state.codes) == ["x"]
    with refused("log.code_exists"):
        small.decide(anna, CreateCode("y", "walks"))


def test_undo_takes_back_the_coders_latest_and_redo_restores_it(small: Study) -> None:
    anna, bo = small.coder("Anna"), small.coder("Bo")
    small.decide(anna, CreateCode("x", "Walks"))
    small.decide(bo, CreateCode("y", "Calls"))
    taken = small.undo(anna)
    assert taken is not None
    assert taken.decision == CreateCode("x", "Walks")
    assert list(small.state.codes) == ["y"]
    assert small.undone() == {3}
    assert small.undo(anna) is None
    assert small.redoable(anna) is not None
    assert small.redo(anna) is not None
    assert list(small.state.codes) == ["x", "y"]
    assert small.undoable(anna) == taken
    assert small.check().damages == ()


def test_a_second_redo_has_nothing_left_to_restore(small: Study) -> None:
    anna = small.coder("Anna")
    small.decide(anna, CreateCode("x", "Walks"))
    small.undo(anna)
    small.redo(anna)
    assert small.redoable(anna) is None


def test_two_undos_are_restored_by_two_redos(small: Study) -> None:
    anna = small.coder("Anna")
    small.decide(anna, CreateCode("x", "Walks"))
    small.decide(anna, CreateCode("y", "Calls"))
    for step in (small.undo, small.undo, small.redo, small.redo):
        step(anna)
    assert list(small.state.codes) == ["x", "y"]


def test_a_refused_undo_leaves_a_study_that_opens(small: Study) -> None:
    anna, bo = small.coder("Anna"), small.coder("Bo")
    small.decide(anna, CreateCode("x", "Walks"))
    small.decide(bo, ApplyCode("x", ("1",)))
    with refused("log.undo_blocked", no=4):
        small.undo(anna)
    assert Study.open(small.path).state.answers_of("x") == ["1"]


def test_confirmed_proposals_go_by_the_label_their_code_has_now(small: Study) -> None:
    anna = small.coder("Anna")
    small.decide(anna, ConfirmProposal("x", "Walks", ("1",), "p1", "fake"))
    small.decide(anna, ConfirmProposal("y", "Calls", ("2",), "p2", "fake"))
    small.decide(anna, ConfirmProposal("z", "Songs", ("3",), "p3", "fake"))
    small.decide(anna, ReviseCode("x", "Long walks"))
    small.decide(anna, MergeCodes("y", "x"))
    small.decide(anna, Undo(4))
    confirmed = {proposal: made.label for proposal, made in small.confirmed().items()}
    assert confirmed == {"p1": "Long walks", "p2": "Calls"}


# --- propose -----------------------------------------------------------------------------------


def test_proposals_are_kept_with_the_study_and_change_no_coding(own_demo: Study) -> None:
    before = own_demo.state
    made = own_demo.propose(count=8, encoder="fake")
    kept = Study.open(own_demo.path).proposals()
    assert kept == made
    assert len(made) == 8
    assert made.encoder == "fake"
    members = [answer for proposal in made for answer in proposal.answers]
    assert sorted(members) == sorted(own_demo.survey.answers.index)
    assert own_demo.state == before


def test_proposals_are_the_same_on_every_run(own_demo: Study) -> None:
    assert own_demo.propose(encoder="fake") == own_demo.propose(encoder="fake")


def test_a_study_has_no_proposals_before_any_were_made(small: Study) -> None:
    assert small.proposals() is None


@pytest.mark.parametrize("count", [0, -1, 4])
def test_an_impossible_number_of_proposals_is_refused(small: Study, count: int) -> None:
    with refused("propose.bad_count", count=count, most=3):
        small.propose(count, "fake")


def test_one_answer_cannot_be_grouped(tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_text("nr;why\n1;a\n2;\n", "utf-8")
    questionnaire = take_in(
        [tmp_path / "one.csv"], open_columns=["why"], id_column="nr"
    ).questionnaire
    study = Study.create(tmp_path / "s.db", tmp_path / "one.csv", questionnaire)
    with refused("propose.too_few", count=1):
        study.propose(encoder="fake")


def test_an_unknown_encoder_is_refused_and_nothing_is_kept(small: Study) -> None:
    with refused("encoder.unknown", name="nobody/no-such-encoder"):
        small.propose(encoder="nobody/no-such-encoder")
    assert small.proposals() is None


# --- results and check -------------------------------------------------------------------------


def test_a_study_without_recipe_has_no_score(small: Study) -> None:
    assert small.recipe() is None
    with refused("score.no_recipe"):
        small.scores()


def test_another_recipe_counts_from_then_on(own_demo: Study, checkout: Path) -> None:
    recipe = (checkout / "data" / "recipe.yaml").read_text("utf-8")
    own_demo.set_recipe(recipe.replace("threshold: 0.8", "threshold: 1"))
    assert Study.open(own_demo.path).score_summary()["above_threshold"] == 0


def test_a_recipe_that_cannot_be_used_changes_nothing(own_demo: Study) -> None:
    with refused("yaml.missing_key"):
        own_demo.set_recipe("name: x")
    assert own_demo.score_summary()["above_threshold"] == 60


def test_the_check_counts_what_is_there(demo: Study) -> None:
    found = demo.check()
    assert found.damages == ()
    # The expert joined, and made and applied each of the eleven categories.
    assert dict(found.counts) == {
        "respondents": 556, "answered": 296, "cases": len(demo.survey.cases), "answers": 174,
        "entries": 1 + 11 + 11, "codes": 11, "codings": 174,
    }  # fmt: skip
    assert len(found.responses) == 64


def test_the_check_finds_an_entry_changed_behind_the_programs_back(own_path: Path) -> None:
    with closing(sqlite3.connect(own_path)) as connection, connection:
        connection.execute("update log set why = 'x' where no = 5")
    assert [(each.where, each.no) for each in check_study(own_path).damages] == [("log", 5)]


def test_an_entry_that_cannot_be_read_is_refused_with_its_number(own_path: Path) -> None:
    with closing(sqlite3.connect(own_path)) as connection, connection:
        connection.execute("update log set decision = '{' where no = 5")
    with refused("study.damaged", no=5):
        _ = Study.open(own_path).state


def test_a_study_without_its_survey_is_refused(own_path: Path) -> None:
    with closing(sqlite3.connect(own_path)) as connection, connection:
        connection.execute("delete from part where kind = 'survey'")
    with refused("study.damaged"):
        Study.open(own_path)


def test_the_codebook_counts_the_answers_of_each_code(demo: Study) -> None:
    counts = demo.codebook().set_index("label")["answers"]
    assert counts.sum() == 174
    assert len(counts) == 11


# --- text files --------------------------------------------------------------------------------


def test_a_text_file_may_have_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "q.yaml").write_text("title: Å\nquestions: []", "utf-8-sig")
    assert read_questionnaire(tmp_path / "q.yaml").title == "Å"


def test_text_files_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    with refused("file.missing", path=tmp_path / "no.yaml"):
        read_text(tmp_path / "no.yaml")
    with refused("file.unreadable", path=tmp_path, kind="UTF-8"):
        read_text(tmp_path)
    (tmp_path / "q.yaml").write_bytes("title: Å".encode("cp1252"))
    with refused("file.unreadable", kind="UTF-8"):
        read_text(tmp_path / "q.yaml")


def test_a_folder_is_no_survey_file(tmp_path: Path) -> None:
    with pytest.raises(UserError):
        take_in([tmp_path], open_columns=["why"], id_column=None)


CLOSED_ONLY = "questions: [{name: q, kind: single, options: [{code: 1, label: a}]}]"


def test_a_survey_without_open_questions_has_tables(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("nr;q\n1;1\n", "utf-8")
    questionnaire: Questionnaire = parse_questionnaire(CLOSED_ONLY)
    study = Study.create(tmp_path / "s.db", tmp_path / "c.csv", questionnaire)
    assert study.frequencies()["count"].tolist() == [1]
    assert study.joint().empty
