"""What can befall a study's file: killed programs, full disks, locks, flipped bytes, old formats.

Either it opens with every decision that was confirmed, or one sentence says what is wrong.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from coder.cli import main
from coder.errors import UserError
from coder.i18n import load_texts
from coder.model import ApplyCode, CreateCode
from coder.place import Database, Place
from coder.store import Store, backups, engine, formats
from coder.study import Study, check_study
from tests.databases import ask
from tests.fixtures import refused

OLD = Path(__file__).parent / "files" / "study-format-1.db"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A study as the first version wrote it, with five entries in its log."""
    return Path(shutil.copyfile(OLD, tmp_path / "old.db"))


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long for a lock."""
    monkeypatch.setattr(engine, "PATIENCE", 0.05)


# --- killed ------------------------------------------------------------------------------------

_DECIDES = """
import sys
from coder.model import CreateCode
from coder.place import place_of
from coder.study import Study
study = Study.open(place_of(sys.argv[1]))
coder = study.coder(sys.argv[2])
for no in range(10_000):
    study.decide(coder, CreateCode(f"{sys.argv[2]}{no}", f"{sys.argv[2]} {no}"))
    print(no, flush=True)
"""
_IMPORTS = """
import sys
from pathlib import Path
from coder.intake import take_in
from coder.study import Study
file, target = map(Path, sys.argv[1:])
form = take_in([file], open_columns=["why"], id_column="nr").questionnaire
for no in range(10_000):
    Study.create(target.with_name(f"{target.stem}{no}.db"), file, form)
    print(no, flush=True)
"""
_MIGRATES = """
import shutil, sys
from pathlib import Path
from coder.store import Store
old, target = map(Path, sys.argv[1:])
for no in range(10_000):
    path = Path(shutil.copyfile(old, target.with_name(f"{target.stem}{no}.db")))
    print(no, flush=True)
    Store.open(path)
"""


def killed_after(count: int, script: str, *arguments: object) -> list[str]:
    """What a program had printed when it was killed, some time after ``count`` lines."""
    command = [sys.executable, "-c", script, *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        lines = [next(program.stdout or iter(())) for _ in range(count)]
        program.send_signal(signal.SIGKILL)
        return [*lines, *(program.stdout or ())]


@pytest.mark.parametrize("count", [7])
def test_a_program_killed_while_it_decides_loses_no_confirmed_decision(
    small_path: Path, place: Place, count: int
) -> None:
    Store.open(small_path).copy_to(place)
    address = place.url if isinstance(place, Database) else place
    confirmed = len(killed_after(count, _DECIDES, address, "a"))
    study = Study.open(place)
    codes = [code for code in study.state.codes if code.startswith("a")]
    assert codes == [f"a{no}" for no in range(len(codes))]
    assert confirmed <= len(codes) <= confirmed + 1  # the last was on its way to be confirmed
    assert check_study(place).damages == ()
    assert study.decide(study.coder("b"), CreateCode("b", "b")).no == len(codes) + 3


def test_a_program_killed_while_it_imports_leaves_whole_studies_or_none(
    small_path: Path, tmp_path: Path
) -> None:
    file = small_path.with_suffix(".csv")
    finished = killed_after(3, _IMPORTS, file, tmp_path / "made.db")
    made = sorted(tmp_path.glob("made*.db"))
    assert len(finished) <= len(made) <= len(finished) + 1
    for path in made:
        assert check_study(path).counts["answers"] == 3


def test_what_a_killed_import_left_behind_does_not_get_into_the_next(
    small_path: Path, tmp_path: Path
) -> None:
    """A journal that lies beside a new file would be taken for its own and rolled back into it."""
    with closing(sqlite3.connect(small_path)) as connection:
        connection.execute("begin immediate")
        connection.execute("update log set why = 'half'")
        connection.execute("insert into seal select 'x', 0, hex(randomblob(30000))")
        connection.execute("pragma cache_spill = 1")
        journal = small_path.with_name("small.db-journal")
        content = journal.read_bytes() if journal.exists() else b"journal"
    (tmp_path / ".new.db.new-journal").write_bytes(content)
    (tmp_path / ".new.db.new").write_bytes(small_path.read_bytes())
    Store.create(tmp_path / "new.db", {"survey": b"one"})
    assert Store.open(tmp_path / "new.db").part("survey") == b"one"
    assert not list(tmp_path.glob(".new.db*"))


@pytest.mark.parametrize("count", [4])
def test_a_program_killed_while_it_migrates_leaves_either_format(
    old: Path, tmp_path: Path, count: int
) -> None:
    for line in killed_after(count, _MIGRATES, old, tmp_path / "m.db"):
        path = tmp_path / f"m{line.strip()}.db"
        if path.exists() and path.stat().st_size == old.stat().st_size:
            assert check_study(path).counts["entries"] == 5


# --- full, read-only, locked -------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk with a megabyte on it, where this user may make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root can make a small disk, and not in every container")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_said_to_be_full_and_nothing_has_changed(
    small_path: Path, small_disk: Path
) -> None:
    path = Path(shutil.copyfile(small_path, small_disk / "s.db"))
    study = Study.open(path)
    coder = study.coder("Anna")
    (small_disk / "filler").write_bytes(bytes(_free(small_disk)))
    with refused("study.disk_full", path=path):
        for no in range(100):
            study.decide(coder, CreateCode(f"c{no}", f"C {no}"), why="x" * 500)
    before = study.state
    (small_disk / "filler").unlink()
    study.decide(coder, CreateCode("after", "After"))
    assert Study.open(path).state.log[:-1] == before.log
    assert check_study(path).damages == ()


def _free(folder: Path) -> int:
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize


def test_a_file_that_may_not_grow_is_told_in_words(small_path: Path) -> None:
    """What a quota does: a write fails half-way."""
    study = Study.open(small_path)
    coder = study.coder("Anna")
    no = study.state.no
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (small_path.stat().st_size, hard))
    try:
        with pytest.raises(UserError) as caught:  # noqa: PT012 - which of them, the disk says
            for turn in range(100):
                study.decide(coder, CreateCode(f"c{turn}", f"C {turn}"), why="x" * 1000)
                no += 1
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    assert caught.value.key in ("study.disk_full", "study.disk_trouble")
    assert Study.open(small_path).state.no == no
    assert study.decide(coder, CreateCode("after", "After")).no == no + 1


def test_a_file_that_may_only_be_read_can_be_read(
    small_path: Path, request: pytest.FixtureRequest
) -> None:
    Study.open(small_path).coder("Anna")
    if os.geteuid():
        path = small_path
        path.chmod(0o444)
    else:  # root may write to every file, but not on a disk that is read-only
        disk = request.getfixturevalue("small_disk")
        path = Path(shutil.copyfile(small_path, disk / "s.db"))
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    study = Study.open(path)
    with refused("study.read_only", path=path):
        study.decide(study.coder("Anna"), CreateCode("x", "X"))
    assert study.state.no == 1
    assert check_study(path).damages == ()


@pytest.mark.usefixtures("impatient")
def test_a_lock_of_another_program_is_named(small_path: Path) -> None:
    Study.open(small_path).coder("Anna")
    study = Study.open(small_path)
    with closing(sqlite3.connect(small_path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with refused("study.locked", path=small_path):
            study.decide("anna", CreateCode("x", "X"))
        with refused("study.locked", path=small_path):
            _ = study.state
        with refused("study.locked", path=small_path):
            Study.open(small_path)
        other.execute("ROLLBACK")
    assert study.state.no == 1


def test_a_lock_in_a_database_is_waited_for_and_named(
    small_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    Store.open(small_path).copy_to(database)
    monkeypatch.setattr(engine, "PATIENCE", 1)
    study = Study.open(database)
    other = sa.create_engine(database.url)
    with other.connect() as connection:
        connection.execute(sa.text("select * from seal for update"))
        with refused("study.locked", path=database):
            study.coder("Anna")
    study.coder("Anna")
    assert study.state.no == 1


def test_a_server_that_goes_away_for_a_moment_is_found_again(
    small_path: Path, database: Database
) -> None:
    Store.open(small_path).copy_to(database)
    study = Study.open(database)
    coder = study.coder("Anna")
    other = sa.create_engine(database.url, isolation_level="AUTOCOMMIT")
    with other.connect() as connection:
        connection.exec_driver_sql(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
    assert study.decide(coder, CreateCode("x", "X")).no == 2


# --- flipped bytes -----------------------------------------------------------------------------


def test_no_flipped_byte_changes_anything_unnoticed(old: Path, tmp_path: Path) -> None:
    """In every page of a small study, at several places: it is found, or nothing was changed."""
    Store.open(old)
    whole = old.read_bytes()
    before, path, found = _contents(old), tmp_path / "flipped.db", 0
    for at in range(0, len(whole), 509):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x41]) + whole[at + 1 :])
        try:
            damages = check_study(path).damages
        except UserError as error:
            assert "{" not in load_texts("en").error(error)  # noqa: PT017
            found += 1
        else:
            found += bool(damages)
            assert damages or _contents(path) == before, f"byte {at}"
    assert found > 10


def _contents(path: Path) -> list[object]:
    return [ask(path, f"select * from {table} order by 1") for table in ("part", "log", "seal")]


def test_a_damaged_study_is_told_from_a_file_that_is_none_and_its_backup_named(
    old: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Store.open(old)
    kept = backups.backups_of(old)[-1]
    content = old.read_bytes()
    old.write_bytes(content[:100] + b"\xff" * 4000 + content[4100:])
    with refused("study.broken_backed_up", path=old, backup=kept):
        Study.open(old)
    assert main(["--lang", "en", "check", str(old)]) == 1
    assert str(kept) in capsys.readouterr().err
    shutil.move(old, tmp_path / "damaged.db")
    shutil.copyfile(kept, old)  # as the sentence says
    assert check_study(old).counts["entries"] == 5


# --- formats and backups -----------------------------------------------------------------------


def test_a_study_of_the_first_format_is_brought_up_to_date_with_a_backup(old: Path) -> None:
    before = old.read_bytes()
    study = Study.open(old)
    assert [type(entry.decision).__name__ for entry in study.state.log] == [
        *("AddCoder", "CreateCode", "ApplyCode", "ApplyCode", "Undo")
    ]
    assert study.state.answers_of("reasons") == ["1", "3"]
    assert check_study(old).damages == ()
    assert ask(old, "pragma user_version") == [(formats.FORMAT,)]
    (kept,) = backups.backups_of(old)
    assert ask(kept, "pragma user_version") == [(1,)]
    assert _contents(kept) == _contents(old)
    assert old.read_bytes()[100:] == before[100:]


def test_a_step_that_fails_leaves_the_study_as_it_was(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(connection: sa.Connection) -> None:
        connection.exec_driver_sql("delete from log")
        raise UserError("study.disk_full", path=old)

    before = old.read_bytes()
    monkeypatch.setattr(formats, "STEPS", {1: fail})
    with refused("study.disk_full"):
        Store.open(old)
    assert old.read_bytes() == before


def test_there_is_a_backup_a_day_and_no_more_than_are_kept(
    small_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = Study.open(small_path)
    coder = study.coder("Anna")
    store = Store.open(small_path)
    for day in range(1, backups.KEPT + 4):
        _it_is(datetime(2020, 3, day, 12, tzinfo=UTC), monkeypatch)
        study.decide(coder, CreateCode(f"c{day}", f"C {day}"))
        kept = store.back_up_today()
        assert kept is not None
        os.utime(kept, (day, day))
        assert store.back_up_today() is None  # it has one
        _it_is(datetime(2020, 3, day + 1, 12, tzinfo=UTC), monkeypatch)
        assert store.back_up_today() is None  # nothing is new
    names = [path.name for path in backups.backups_of(small_path)]
    assert names == [f"small-2020-03-{day:02}.db" for day in range(4, backups.KEPT + 4)]
    last = backups.backups_of(small_path)[-1]
    assert check_study(last).counts["codes"] == backups.KEPT + 3


def _it_is(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return now

    monkeypatch.setattr(backups, "datetime", Clock)


def test_who_may_not_read_the_study_may_not_read_its_backup(small_path: Path) -> None:
    small_path.chmod(0o600)
    kept = Store.open(small_path).back_up_today()
    assert kept is not None
    assert kept.stat().st_mode & 0o777 == 0o600


def test_an_app_that_is_open_keeps_backups_and_says_why_it_cannot(small_path: Path) -> None:
    study = Study.open(small_path)
    study.back_up_daily()
    study.backups_made()
    assert len(backups.backups_of(small_path)) == 1
    assert study.backup_trouble is None
    small_path.with_suffix(".backups").joinpath("small-2020-01-01.db").touch()
    shutil.rmtree(small_path.with_suffix(".backups"))
    small_path.with_suffix(".backups").write_text("in the way")
    study.decide(study.coder("Anna"), CreateCode("x", "X"))
    study.back_up_daily()
    study.backups_made()
    assert study.backup_trouble is not None
    assert study.backup_trouble.key in ("file.unwritable", "file.no_folder")


def test_a_decision_that_waits_with_others_is_refused_alone(small_path: Path) -> None:
    """Of those written in one go some can't be done: the others are there all the same."""
    study = Study.open(small_path)
    coder = study.coder("Anna")
    study.decide(coder, CreateCode("x", "X"))
    answers, refusals = ("1", "none", "2", "none", "3"), []

    def code(answer: str) -> None:
        try:
            study.decide(coder, ApplyCode("x", (answer,)))
        except UserError as error:
            refusals.append((error.key, error.params["answer"]))

    with closing(sqlite3.connect(small_path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")  # until all are waiting
        threads = [threading.Thread(target=code, args=(answer,)) for answer in answers]
        for thread in threads:
            thread.start()
        while len(study._waiting) < len(threads) - 1:
            pass
        other.execute("ROLLBACK")
    for thread in threads:
        thread.join()
    assert refusals == [("log.no_answer", "none")] * 2
    assert study.state.answers_of("x") == ["1", "2", "3"]
    assert Study.open(small_path).state == study.state


@pytest.mark.parametrize("why", ["nul \x00", "half \ud800"])
def test_a_sign_that_cannot_be_stored_is_refused_everywhere(
    small_path: Path, place: Place, why: str
) -> None:
    Store.open(small_path).copy_to(place)
    study = Study.open(place)
    coder = study.coder("Anna")
    with refused("log.bad_sign"):
        study.decide(coder, CreateCode("x", "X"), why)
    assert study.decide(coder, CreateCode("x", "X"), "whole 🌿").no == 2
