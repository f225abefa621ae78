"""A study copied to another place, and two that were coded apart brought together."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from coder.cli import main
from coder.intake import take_in
from coder.model import ApplyCode, CreateCode, MergeCodes, Question, Questionnaire, SetRole, Undo
from coder.place import Database, Place
from coder.store import Store
from coder.study import Study, copy_study, join_studies
from tests.databases import ask, change
from tests.fixtures import refused


def chains(place: Place) -> list[list[tuple[object, ...]]]:
    """Every row of every table that counts, hashes and all."""
    queries = ("part", "log", "seal")
    rows = (ask(place, f"select * from {table} order by 1, 2") for table in queries)
    return [[tuple(map(_plain, row)) for row in table] for table in rows]


def _plain(value: object) -> object:
    return bytes(value) if isinstance(value, (bytes, memoryview)) else value


# --- copies ------------------------------------------------------------------------------------


def test_a_copy_there_and_back_has_every_row_and_hash(
    demo_folder: Path, database: Database, tmp_path: Path
) -> None:
    source, back = demo_folder / "demo.db", tmp_path / "back.db"
    counts = copy_study(source, database)
    copy_study(database, back)
    assert chains(database) == chains(source) == chains(back)
    assert counts["entries"] == len(ask(source, "select no from log")) > 10
    names = source.with_suffix(".pseudonyms.json")
    assert back.with_suffix(".pseudonyms.json").read_bytes() == names.read_bytes()
    assert back.with_suffix(".pseudonyms.json").stat().st_mode & 0o777 == 0o600
    shown, before = Study.open(database), Study.open(source)
    assert shown.survey.answers.equals(before.survey.answers)
    assert shown.state == before.state


def test_a_copy_overwrites_nothing(demo_folder: Path, place: Place) -> None:
    source = demo_folder / "demo.db"
    copy_study(source, place)
    before = chains(place)
    with refused("study.exists" if isinstance(place, Path) else "study.database_in_use"):
        copy_study(source, place)
    assert chains(place) == before


def test_a_database_with_other_tables_is_not_used(demo_folder: Path, database: Database) -> None:
    ask_to_make = "create table mine (no integer); select 1"
    with pytest.raises(Exception):  # noqa: B017, PT011 - two statements at once give no rows
        ask(database, ask_to_make)
    Store.create(database, {"survey": b"one"})
    change(database, "update format set no = 1 where no = 2")
    with refused("study.older", version=1, known=2):
        Store.open(database)


def test_a_damaged_study_is_not_copied(own_place: Place, tmp_path: Path) -> None:
    change(own_place, "update log set why = 'another' where no = 7")
    with refused("copy.damaged", where="log", no=7):
        copy_study(own_place, tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


def test_people_work_on_in_a_copy(small_path: Path, place: Place) -> None:
    study = Study.open(small_path)
    anna = study.coder("Anna")
    study.decide(anna, CreateCode("x", "X"))
    copy_study(small_path, place)
    copy = Study.open(place)
    entry = copy.decide(anna, ApplyCode("x", ("1",)))
    assert entry.no == study.state.no + 1
    assert copy.check().damages == ()
    assert Store.open(place).damages() == []


# --- studies coded apart -----------------------------------------------------------------------


@pytest.fixture
def apart(small_path: Path, tmp_path: Path, place: Place) -> tuple[Place, Path]:
    """A study with a codebook, and the copy of it that Bo took home; both have gone on since."""
    study = Study.open(small_path)
    anna = study.coder("Anna")
    for code in "xy":
        study.decide(anna, CreateCode(code, code.upper()))
    mailed = Path(shutil.copyfile(small_path, tmp_path / "mailed.db"))
    copy_study(small_path, place)
    theirs = Study.open(mailed)
    bo = theirs.coder("Bo")
    theirs.decide(bo, ApplyCode("x", ("1", "2")))
    theirs.decide(bo, ApplyCode("y", ("3",)))
    theirs.undo(bo)
    ours = Study.open(place)
    ours.decide(anna, ApplyCode("y", ("1",)), "as I see it")
    ours.decide(anna, ApplyCode("y", ("2",)))
    ours.undo(anna)
    return place, mailed


def test_joined_studies_have_the_codings_of_both(apart: tuple[Place, Path]) -> None:
    place, mailed = apart
    before = mailed.read_bytes()
    joined = join_studies(place, mailed)
    assert (joined.added, joined.shared, joined.clashes) == (4, 3, ())
    study = Study.open(place)
    names = study.state.coders
    codings = {(names[who], answer): codes for (who, answer), codes in study.state.codings.items()}
    assert codings == {("Anna", "1"): ("y",), ("Bo", "1"): ("x",), ("Bo", "2"): ("x",)}
    assert [entry.no for entry in study.state.log] == list(range(1, 11))
    assert Store.open(place).damages() == []
    assert mailed.read_bytes() == before
    told = json.loads(Store.open(place).part("joined") or b"")
    assert told["theirs"][0] == 7
    assert sorted({*told["numbers"]["ours"], *told["numbers"]["theirs"]}) == list(range(1, 11))


def test_what_is_undone_after_joining_is_what_it_was(apart: tuple[Place, Path]) -> None:
    place, mailed = apart
    join_studies(place, mailed)
    study = Study.open(place)
    bo = study.coder("Bo")
    assert study.redo(bo) is not None
    assert study.state.codings[bo, "3"] == ("y",)


def test_joining_again_adds_nothing(apart: tuple[Place, Path]) -> None:
    place, mailed = apart
    join_studies(place, mailed)
    before = chains(place)
    assert join_studies(place, mailed).added == 0
    assert chains(place) == before


def test_one_who_had_it_open_sees_it_joined(apart: tuple[Place, Path]) -> None:
    place, mailed = apart
    open_before = Study.open(place)
    join_studies(place, mailed)
    assert len(open_before.state.log) == 10
    entry = open_before.decide(open_before.coder("Anna"), ApplyCode("x", ("3",)))
    assert entry.no == 11
    assert Store.open(place).damages() == []


def test_an_undo_by_a_number_from_before_the_joining_takes_nothing_back(
    apart: tuple[Place, Path],
) -> None:
    place, mailed = apart
    opened = [Study.open(each) for each in apart]
    logs = [each.state.log for each in opened]
    join_studies(place, mailed)
    join_studies(mailed, place)
    now = Study.open(place).state.log
    pairs = zip(opened, logs, strict=True)
    renumbered = [(each, log) for each, log in pairs if now[: len(log)] != log]
    assert renumbered  # the one whose own entries are the later ones
    for study, log in renumbered:
        with refused("study.log_joined", path=study.path):
            study.decide(log[-1].coder, Undo(log[-1].no))
        assert study.state.log == now


def test_what_is_decided_while_it_is_joined_is_not_lost(apart: tuple[Place, Path]) -> None:
    place, mailed = apart
    study = Study.open(place)
    anna = study.coder("Anna")

    def decide() -> None:
        for no in range(30):
            study.decide(anna, CreateCode(str(no), f"No. {no}"))

    deciding = threading.Thread(target=decide)
    deciding.start()
    assert study.join(mailed).added == 4
    deciding.join()
    assert set(map(str, range(30))) < set(study.state.codes)
    assert [entry.no for entry in Study.open(place).state.log] == list(range(1, 41))
    assert Store.open(place).damages() == []


def test_a_file_is_backed_up_before_it_is_joined(apart: tuple[Place, Path]) -> None:
    place, mailed = apart
    before = chains(place)
    join_studies(place, mailed)
    kept = sorted(place.with_suffix(".backups").glob("*.db")) if isinstance(place, Path) else []
    assert [chains(each) for each in kept] == ([before] if isinstance(place, Path) else [])


def test_what_is_in_the_way_is_listed_and_nothing_is_written(
    apart: tuple[Place, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    place, mailed = apart
    study = Study.open(place)
    study.decide(study.coder("Anna"), CreateCode("a", "Økonomi"))
    theirs = Study.open(mailed)
    theirs.decide(theirs.coder("Bo"), CreateCode("b", "økonomi"))
    before = chains(place)
    named = [place.url if isinstance(place, Database) else str(place), str(mailed)]
    assert main(["--lang", "en", "join", *named]) == 1
    said = capsys.readouterr()
    assert "“økonomi” already" in said.out or "“Økonomi” already" in said.out
    assert main(["--lang", "en", "join", *named, "--keep-both", "--dry-run", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["added"], record["joined"], len(record["renamed"])) == (5, False, 1)
    assert chains(place) == before
    assert main(["--lang", "en", "join", *named, "--keep-both"]) == 0
    assert {code.label.casefold() for code in Study.open(place).state.codes.values()} == {
        *("x", "y", "økonomi", "økonomi (2)")
    }


def test_recipes_and_words_of_the_other_are_kept_as_earlier_ones(
    apart: tuple[Place, Path],
) -> None:
    place, mailed = apart
    Store.open(place).add_parts({"words": b"stop: [ours]"})
    Store.open(mailed).add_parts({"words": b"stop: [theirs]", "context": b"[]"})
    join_studies(place, mailed)
    store = Store.open(place)
    assert store.part("words") == b"stop: [ours]"
    assert b"stop: [theirs]" in [content for _, content in store.history("words")]
    assert store.part("context") == b"[]"


def test_an_answer_that_may_have_one_code_gets_no_second(tmp_path: Path) -> None:
    file = tmp_path / "small.csv"
    file.write_text("nr;why\n1;because\n", "utf-8")
    form = take_in([file], open_columns=["why"], id_column="nr").questionnaire
    one = tuple(_with_one_code(each) for each in form.questions)
    ours = Study.create(tmp_path / "a.db", file, _with_questions(form, one))
    anna = ours.coder("Anna")
    for code in "xy":
        ours.decide(anna, CreateCode(code, code))
    shutil.copyfile(tmp_path / "a.db", tmp_path / "b.db")
    ours.decide(anna, ApplyCode("x", ("1",)))
    Study.open(tmp_path / "b.db").decide(anna, ApplyCode("y", ("1",)))
    joined = join_studies(tmp_path / "a.db", tmp_path / "b.db")
    assert [each.reason.key for each in joined.clashes] == ["log.one_code"]
    assert ours.state.codings == {(anna, "1"): ("x",)}


def test_a_code_merged_away_is_in_the_way_until_that_is_undone(apart: tuple[Place, Path]) -> None:
    place, mailed = apart
    ours, theirs = Study.open(place), Study.open(mailed)
    anna, bo = ours.coder("Anna"), theirs.coder("Bo")
    ours.decide(anna, MergeCodes("x", "y"))
    theirs.decide(bo, ApplyCode("x", ("3",)))
    joined = join_studies(place, mailed)
    if joined.clashes:  # within one second the order is by the coders' ids
        assert {each.reason.key for each in joined.clashes} == {"log.no_code"}
        ours.undo(anna)
        assert join_studies(place, mailed).clashes == ()


# --- copies that nobody should believe -----------------------------------------------------------


def _text(path: Path) -> None:
    path.write_text("nothing of the kind", "utf-8")


def _half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _changed_by_hand(path: Path) -> None:
    change(path, "update log set why = 'another' where no = 1")


def _without_a_survey(path: Path) -> None:
    path.unlink()
    Store.create(path, {"questionnaire": b"\xff", "survey": b"PAR1", "finds": b"{}", "key": b""})


def _with_closed_items_that_are_none(path: Path) -> None:
    Store.open(path).add_parts({"context": b"nonsense"})


def _with_waves_that_are_none(path: Path) -> None:
    Store.open(path).add_parts({"waves": b"[1]"})


@pytest.mark.parametrize(
    ("spoil", "key"),
    [
        (_text, "join.not_a_study"),
        (_half, "join.damaged"),
        (_changed_by_hand, "join.damaged"),
        (_without_a_survey, "join.damaged"),
        (_with_closed_items_that_are_none, "join.damaged"),
        (_with_waves_that_are_none, "join.damaged"),
    ],
)
def test_a_copy_that_can_not_be_read_is_refused_in_a_sentence(
    small_path: Path, tmp_path: Path, spoil: Callable[[Path], None], key: str
) -> None:
    study = Study.open(small_path)
    study.coder("Anna")
    other = Path(shutil.copyfile(small_path, tmp_path / "mailed.db"))
    spoil(other)
    with refused(key, other=other):
        study.join(other)


def test_a_copy_does_not_take_the_lead_from_anybody(apart: tuple[Place, Path]) -> None:
    place, mailed = apart
    theirs = Study.open(mailed)
    bo = theirs.coder("Bo")
    theirs.decide(bo, SetRole(bo, "lead"))
    before = chains(place)
    (clash,) = join_studies(place, mailed).clashes
    assert (clash.reason.key, clash.reason.params) == ("join.lead_lost", {"name": "Anna"})
    assert chains(place) == before
    theirs.undo(bo)
    assert join_studies(place, mailed).clashes == ()


# --- studies that are not of one survey --------------------------------------------------------


def test_another_survey_is_refused_with_what_differs(small_path: Path, tmp_path: Path) -> None:
    file = tmp_path / "other.csv"
    file.write_text("nr;why\n1;because\n2;why so\n3;because\n4;new\n", "utf-8")
    form = take_in([file], open_columns=["why"], id_column="nr").questionnaire
    Study.create(tmp_path / "other.db", file, form)
    with refused("join.other_survey", ours=1, theirs=2, columns="nr, why"):
        join_studies(small_path, tmp_path / "other.db")


def test_another_questionnaire_is_refused_with_its_questions(
    small_path: Path, demo_folder: Path
) -> None:
    with refused("join.other_questionnaire") as _:
        join_studies(small_path, demo_folder / "demo.db")


def _with_one_code(question: Question) -> Question:
    return replace(question, codes="one") if question.kind == "open" else question


def _with_questions(form: Questionnaire, questions: tuple[Question, ...]) -> Questionnaire:
    return replace(form, questions=questions)
