"""Encoding from the command line: time left, stopping and going on, backends, other machines."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd
import pytest

from coder.cli import main
from coder.cli_output import seconds_left
from coder.i18n import load_texts
from coder.store import EmbeddingCache
from coder.study import Study
from coder.text import backends

WORDS = ["vi", "har", "lavet", "en", "ny", "måde", "at", "møde", "borgerne", "og", "det", "er"]


@pytest.mark.parametrize(
    ("done", "to_do", "seconds", "left"),
    [
        (0, 10, 5.0, None),  # no speed yet
        (1, 10, 0.5, None),  # too short a time to tell
        (5, 10, 2.0, 4.0),
        (100, 0, 30.0, 0.0),
    ],
)
def test_the_time_left(done: int, to_do: int, seconds: float, left: float | None) -> None:
    assert seconds_left(done, to_do, seconds) == left


@pytest.fixture
def interrupted() -> Iterator[None]:
    """Ctrl+C is heard, also where the tests were started in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A study of 700 different answers, none of them short."""
    texts = [" ".join(WORDS[(no * k) % 12] for k in range(1, 30)) + f" {no}" for no in range(700)]
    table = pd.DataFrame({"id": [f"R{no}" for no in range(700)], "svar": texts})
    file = tmp_path / "svar.csv"
    table.to_csv(file, index=False)
    assert main(["import", str(tmp_path / "s.db"), str(file), "--id", "id", "--open", "svar"]) == 0
    return tmp_path / "s.db"


@pytest.mark.usefixtures("interrupted")
def test_stopped_work_says_so_and_goes_on_where_it_was(
    study: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl+C comes right after the first part has been kept: no later, however fast it goes."""
    command = ["--lang", "en", "propose", str(study), "--encoder", "fake"]
    keep, encoded = EmbeddingCache.put, []

    def kept_and_stopped(cache: EmbeddingCache, vectors: Mapping[str, bytes]) -> None:
        keep(cache, vectors)
        signal.raise_signal(signal.SIGINT)

    def kept_and_counted(cache: EmbeddingCache, vectors: Mapping[str, bytes]) -> None:
        keep(cache, vectors)
        encoded.extend(vectors)

    monkeypatch.setattr(EmbeddingCache, "put", kept_and_stopped)
    assert main(command) == 1
    assert capsys.readouterr().err.splitlines()[-1] == load_texts("en")("cli.stopped")
    kept = len_of_cache(study)
    assert 0 < kept < 700
    assert Study.open(study).proposals() is None
    monkeypatch.setattr(EmbeddingCache, "put", kept_and_counted)
    assert main(command) == 0
    assert len(encoded) == 700 - kept
    assert len_of_cache(study) == 700


def len_of_cache(study: Path) -> int:
    import sqlalchemy as sa

    EmbeddingCache(study.with_suffix(".embeddings"))
    engine = sa.create_engine(f"sqlite:///{study.with_suffix('.embeddings')}")
    with engine.connect() as connection:
        table = sa.inspect(engine).get_table_names()[0]
        return int(connection.execute(sa.text(f"select count(*) from {table}")).scalar() or 0)


def test_the_study_keeps_how_its_vectors_were_computed(study: Path) -> None:
    assert main(["propose", str(study), "--encoder", "fake"]) == 0
    made = Study.open(study).proposals()
    assert made
    assert (made.settings["backend"], made.settings["precision"]) == ("scikit-learn", "float32")


def test_a_backend_that_is_not_installed(
    study: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(backends, "find_spec", lambda name: None)
    capsys.readouterr()
    assert main(["--lang", "en", "propose", str(study), "--backend", "int8"]) == 1
    assert capsys.readouterr() == ("", load_texts("en")("encoder.no_openvino") + "\n")


def test_no_scheduler_is_one_sentence(study: Path, capfd: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("distributed")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{unused.getsockname()[1]}"
    capfd.readouterr()
    command = ["--lang", "en", "propose", str(study), "--encoder", "fake", "--dask", address]
    assert main(command) == 1
    said = capfd.readouterr().err.splitlines()
    assert said[-1] == load_texts("en")("dask.unreachable", address=address)
    assert Study.open(study).proposals() is None
