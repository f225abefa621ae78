"""A study as stored, in a file and in a database: nothing lost with writers at once, and no change
goes unseen.
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coder.model import ApplyCode, CreateCode, RemoveCode
from coder.place import Place
from coder.store import Conflict, Damage, EmbeddingCache, Row, Store
from coder.study import Study
from tests.databases import ask, change
from tests.fixtures import refused

NOW = datetime(2020, 3, 11, 20, 30, 15, tzinfo=UTC)


def row(no: int, decision: str = "{}") -> Row:
    return Row(no, NOW, "anna", decision, "because æøå 🌿")


@pytest.fixture
def store(place: Place) -> Store:
    return Store.create(place, {"survey": b"one", "recipe": b"two"})


@pytest.fixture
def file_store(tmp_path: Path) -> Store:
    return Store.create(tmp_path / "s.db", {"survey": b"one", "recipe": b"two"})


@pytest.fixture
def small_place(place: Place, small_path: Path) -> Place:
    """A study with three answers and nothing decided, in a file, then in a database."""
    Store.open(small_path).copy_to(place)
    return place


# --- parts and rows ----------------------------------------------------------------------------


def test_the_latest_version_of_a_part_counts_and_the_earlier_ones_stay(store: Store) -> None:
    store.add_parts({"recipe": b"three\x00\xff"})
    assert store.part("recipe") == b"three\x00\xff"
    assert store.part("survey") == b"one"
    assert store.part("proposals") is None
    kept = ask(store.place, "select content from part where kind = 'recipe' order by no")
    assert [bytes(content) for (content,) in kept] == [b"two", b"three\x00\xff"]


def test_parts_made_from_an_older_version_are_refused(store: Store) -> None:
    before = store.version()
    store.add_parts({"survey": b"by another"}, after=before)
    with pytest.raises(Conflict):
        store.add_parts({"survey": b"by me"}, after=before)
    assert store.part("survey") == b"by another"


def test_rows_come_back_as_they_were_written_also_to_another_reader(store: Store) -> None:
    for no in (1, 2, 3):
        store.append(row(no, f'{{"no": {no}}}'))
    other = Store.open(store.place)
    assert other.rows() == [row(no, f'{{"no": {no}}}') for no in (1, 2, 3)]
    assert [each.no for each in other.rows(after=2)] == [3]


@pytest.mark.parametrize("no", [1, 2, 4, 0, -1])
def test_a_number_that_does_not_follow_the_last_is_a_conflict(store: Store, no: int) -> None:
    store.append(row(1))
    store.append(row(2))
    with pytest.raises(Conflict):
        store.append(row(no))
    assert [each.no for each in store.rows()] == [1, 2]
    store.append(row(3))


# --- writers at once ---------------------------------------------------------------------------


def test_two_writers_lose_nothing_and_leave_no_gap(small_place: Place) -> None:
    errors: list[BaseException] = []

    def work(name: str) -> None:
        try:
            study = Study.open(small_place)  # a store of its own, as another process has
            coder = study.coder(name)
            study.decide(coder, CreateCode(name, name))
            for turn in range(100):
                decision = RemoveCode if turn % 2 else ApplyCode
                study.decide(coder, decision(name, ("1",)), why=f"{name} {turn}")
        except BaseException as error:
            errors.append(error)

    writers = [threading.Thread(target=work, args=(name,)) for name in ("Anna", "Bo")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert errors == []
    study = Study.open(small_place)
    assert [entry.no for entry in study.state.log] == list(range(1, 205))
    reasons = [entry.why for entry in study.state.log if entry.why]
    assert sorted(reasons) == sorted(
        f"{name} {turn}" for name in ("Anna", "Bo") for turn in range(100)
    )
    for name in ("Anna", "Bo"):
        assert [why for why in reasons if why.startswith(name)] == [
            f"{name} {t}" for t in range(100)
        ]
    assert study.check().damages == ()


def test_one_study_shared_by_threads_loses_nothing(small_path: Path) -> None:
    study = Study.open(small_path)
    coder = study.coder("Anna")

    def work(name: str) -> None:
        for turn in range(25):
            study.decide(coder, CreateCode(f"{name}{turn}", f"{name}{turn}"))

    writers = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(study.state.codes) == 100
    assert Study.open(small_path).state == study.state


# --- damage ------------------------------------------------------------------------------------


def test_a_study_as_it_was_written_has_no_damage(own_place: Place) -> None:
    assert Store.open(own_place).damages() == []


@pytest.mark.parametrize("no", [1, 2, 3])
def test_a_flipped_byte_in_a_part_is_found(own_place: Place, no: int) -> None:
    content = bytes(ask(own_place, "select content from part where no = :no", no=no)[0][0])  # type: ignore[arg-type]
    middle = len(content) // 2
    flipped = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
    change(own_place, "update part set content = :content where no = :no", content=flipped, no=no)
    assert Store.open(own_place).damages() == [Damage("part", no)]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "2020-03-11T20:30:15+00:00"),
        ("coder", "someone else"),
        ("decision", "{}"),
        ("why", "another reason"),
        ("sha256", "0" * 64),
    ],
)
def test_a_changed_entry_of_the_log_is_found(own_place: Place, column: str, value: str) -> None:
    change(own_place, f"update log set {column} = :value where no = 7", value=value)
    assert Damage("log", 7) in Store.open(own_place).damages()


def test_a_lost_entry_of_the_log_is_found_at_the_next(own_place: Place) -> None:
    change(own_place, "delete from log where no = 7")
    assert Store.open(own_place).damages()[0] == Damage("log", 8)


def test_entries_that_have_changed_places_are_found(own_place: Place) -> None:
    for before, after in ((7, 99), (9, 7), (99, 9)):
        change(
            own_place, "update log set no = :after where no = :before", after=after, before=before
        )
    assert {each.no for each in Store.open(own_place).damages()} >= {7, 9}


def test_a_lost_last_entry_of_the_log_is_found(own_place: Place) -> None:
    change(own_place, "delete from log where no = (select max(no) from log)")
    assert Store.open(own_place).damages() != []


def test_a_part_that_is_said_to_be_another_is_found(own_place: Place) -> None:
    change(own_place, "update part set kind = 'old' where kind = 'recipe'")
    assert Store.open(own_place).damages() != []


def test_a_lost_part_is_found(own_place: Place) -> None:
    change(own_place, "delete from part where kind = 'recipe'")
    assert Store.open(own_place).damages() != []


# --- files that are no study -------------------------------------------------------------------


def test_a_missing_file_is_refused_and_none_is_made(tmp_path: Path) -> None:
    with refused("study.missing", path=tmp_path / "no.db"):
        Store.open(tmp_path / "no.db")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"nr;why\n1;a\n", b"SQLite format 3\x00" + bytes(200)])
def test_a_file_that_is_no_study_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.db"
    path.write_bytes(content)
    with refused("study.not_a_study", path=path):
        Store.open(path)
    assert path.read_bytes() == content


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection, connection:
        connection.execute("create table log (no integer)")
    with refused("study.not_a_study", path=tmp_path / "other.db"):
        Store.open(tmp_path / "other.db")


def test_a_study_of_a_newer_version_is_refused(own_path: Path) -> None:
    with closing(sqlite3.connect(own_path)) as connection:
        connection.execute("pragma user_version = 99")
    with refused("study.newer", path=own_path, version=99, known=2):
        Store.open(own_path)


# --- all or nothing ----------------------------------------------------------------------------


def test_a_study_is_never_written_over(file_store: Store, tmp_path: Path) -> None:
    before = (tmp_path / "s.db").read_bytes()
    with refused("study.exists", path=tmp_path / "s.db"):
        Store.create(tmp_path / "s.db", {})
    assert (tmp_path / "s.db").read_bytes() == before


def test_a_study_needs_a_folder(tmp_path: Path) -> None:
    with refused("file.no_folder", path=tmp_path / "no"):
        Store.create(tmp_path / "no" / "s.db", {})


def test_a_new_study_leaves_nothing_beside_it(file_store: Store, tmp_path: Path) -> None:
    assert [path.name for path in tmp_path.iterdir()] == ["s.db"]


def test_a_draft_that_was_left_behind_is_not_in_the_way(tmp_path: Path) -> None:
    (tmp_path / ".s.db.new").write_bytes(b"half a study")
    assert Store.create(tmp_path / "s.db", {"survey": b"one"}).part("survey") == b"one"
    assert [path.name for path in tmp_path.iterdir()] == ["s.db"]


def test_a_study_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    parts: dict[str, bytes] = {"survey": b"one", "recipe": None}  # type: ignore[dict-item]
    with pytest.raises(Exception):  # noqa: B017, PT011 - what it is, is the driver's business
        Store.create(tmp_path / "s.db", parts)
    assert list(tmp_path.iterdir()) == []


# --- the cache ---------------------------------------------------------------------------------


def test_the_cache_gives_what_was_put_and_only_that(place: Place) -> None:
    vectors = {str(no): bytes([no % 256]) for no in range(1200)}
    EmbeddingCache(place).put(vectors)
    again = EmbeddingCache(place)
    assert again.get([*vectors, "other"]) == vectors
    again.put({})
    again.put({"7": b"of the same key", "new": b"n"})
    assert again.get(["7", "new"]) == {"7": b"\x07", "new": b"n"}
