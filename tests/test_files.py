"""Writing a file whole or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from coder.files import replacing
from tests.fixtures import refused

posix = pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")


@pytest.fixture
def usual_mask() -> Iterator[None]:
    """A mask that lets the group read, whatever the one is of who runs the tests."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "target.txt"
    path.write_text("before", "utf-8")
    return path


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def fail_halfway(target: Path, error: type[BaseException]) -> None:
    with replacing(target) as draft:
        draft.write_text("half of it", "utf-8")
        raise error


def test_the_draft_takes_the_place_of_the_file_when_the_block_ends(target: Path) -> None:
    with replacing(target) as draft:
        draft.write_text("after", "utf-8")
        assert target.read_text("utf-8") == "before"
    assert target.read_text("utf-8") == "after"
    assert list(target.parent.iterdir()) == [target]


def test_a_file_that_was_not_there_is_made(tmp_path: Path) -> None:
    with replacing(tmp_path / "new.txt") as draft:
        draft.write_text("after", "utf-8")
    assert (tmp_path / "new.txt").read_text("utf-8") == "after"


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_after_a_failure_the_file_is_as_it_was_and_the_draft_is_gone(
    target: Path, error: type[BaseException]
) -> None:
    with pytest.raises(error):
        fail_halfway(target, error)
    assert target.read_text("utf-8") == "before"
    assert list(target.parent.iterdir()) == [target]


def test_a_full_disk_is_told_in_a_sentence_and_changes_nothing(target: Path) -> None:
    with refused("file.unwritable", path=target, reason="No space left"), replacing(target):
        raise OSError(28, "No space left")
    assert target.read_text("utf-8") == "before"
    assert list(target.parent.iterdir()) == [target]


def test_a_folder_in_the_place_of_the_file_stays(tmp_path: Path) -> None:
    (tmp_path / "place").mkdir()
    with refused("file.unwritable", path=tmp_path / "place"), replacing(tmp_path / "place"):
        pass
    assert list(tmp_path.iterdir()) == [tmp_path / "place"]


def test_what_an_earlier_crash_left_is_not_in_the_way(target: Path) -> None:
    with replacing(target) as draft:
        name = draft
    name.write_text("left, and longer than what comes", "utf-8")
    with replacing(target) as draft:
        assert draft == name
        assert draft.read_bytes() == b""
        draft.write_text("after", "utf-8")
    assert target.read_text("utf-8") == "after"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "no"
    with refused("file.no_folder", path=folder), replacing(folder / "x.txt"):
        pytest.fail("nothing can be written")
    assert not folder.exists()


@posix
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_only_may_be_read_is_refused(target: Path) -> None:
    target.parent.chmod(0o500)
    try:
        with refused("file.unwritable", path=target), replacing(target):
            pytest.fail("nothing can be written")
    finally:
        target.parent.chmod(0o700)
    assert target.read_text("utf-8") == "before"


@posix
@pytest.mark.usefixtures("usual_mask")
@pytest.mark.parametrize(("asked", "given"), [(0o600, 0o600), (0o666, 0o644)])
def test_only_who_is_meant_to_may_read_the_file(target: Path, asked: int, given: int) -> None:
    target.chmod(0o777)
    with replacing(target, mode=asked) as draft:
        assert mode(draft) == given
        draft.write_text("after", "utf-8")
    assert mode(target) == given
