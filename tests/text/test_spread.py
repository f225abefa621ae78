"""Work on several machines: the same result as on one, also when one of them goes away."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coder.errors import UserError
from coder.text import leaves
from coder.text import propose as proposing
from coder.text import spread as spreading
from coder.text.embed import embed
from coder.text.encode import FakeEncoder, fetch_encoder, load_encoder
from coder.text.spread import connected, encode_spread, spread

FAKE = FakeEncoder.record


class Cluster:
    """A scheduler and two workers, each a process of its own, on this machine."""

    def __init__(self, folder: Path, checkout: Path, workers: int = 2) -> None:
        self.file, self.checkout = folder / "scheduler.json", checkout
        self.processes = [self.start("scheduler", "--port=0", "--no-dashboard", "--host=127.0.0.1")]
        self.processes += [
            self.start("worker", "--no-nanny", "--nthreads=1") for _ in range(workers)
        ]

    def start(self, what: str, *options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.dask_{what}", *options]
        folder = self.file.parent
        variables = {**os.environ, "PYTHONPATH": str(self.checkout), "OMP_NUM_THREADS": "1"}
        return subprocess.Popen(
            [*command, f"--scheduler-file={self.file}"],
            cwd=folder,
            env=variables,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill_a_worker(self) -> None:
        self.processes[-1].kill()

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.wait()


@contextmanager
def started(folder: Path, checkout: Path) -> Iterator[Cluster]:
    pytest.importorskip("distributed")
    made = Cluster(folder, checkout)
    try:
        yield made
    finally:
        made.stop()


@contextmanager
def client_of(cluster: Cluster) -> Iterator[Any]:
    from distributed import Client

    with Client(scheduler_file=str(cluster.file), timeout=60, set_as_default=False) as first:
        first.wait_for_workers(2, timeout=60)
        address = first.scheduler.address
    with connected(address) as made:
        yield made


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, checkout: Path) -> Iterator[Any]:
    """For tests that leave the cluster as it is."""
    with started(tmp_path_factory.mktemp("cluster"), checkout) as made, client_of(made) as client:
        yield client


@pytest.fixture
def own_cluster(tmp_path: Path, checkout: Path) -> Iterator[Cluster]:
    """For a test after which there are fewer machines."""
    with started(tmp_path, checkout) as made:
        yield made


@pytest.fixture
def own_client(own_cluster: Cluster) -> Iterator[Any]:
    with client_of(own_cluster) as made:
        yield made


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second, instead of several, until nobody is waited for any more."""
    monkeypatch.setattr(spreading, "_SECONDS", 1)


# --- a function of every part ------------------------------------------------------------------


def centred(centre: np.ndarray, part: np.ndarray) -> np.ndarray:
    return (part - centre).argmax(axis=1)


def dies_once(marker: Path, part: int) -> int:
    """Ends the process of the worker that is the first to come this far."""
    if part == 5:
        try:
            marker.touch(exist_ok=False)
        except FileExistsError:
            return part * part
        os.kill(os.getpid(), signal.SIGKILL)
    return part * part


def refuses(part: int) -> int:
    if part == 3:
        raise UserError("encoder.unreachable", what="x", reason=part)
    return part


def dies_always(part: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return part


def test_without_a_client_the_parts_are_done_here_in_order() -> None:
    assert list(spread(abs, [-1, 2, -3])) == [(0, 1), (1, 2), (2, 3)]


def test_the_result_is_the_same_as_here(client: Any) -> None:
    rng = np.random.default_rng(1)
    parts = [rng.normal(size=(50, 8)) for _ in range(30)]
    work = partial(centred, rng.normal(size=8))
    here, there = dict(spread(work, parts)), dict(spread(work, parts, client))
    assert here.keys() == there.keys()
    assert all(np.array_equal(here[number], there[number]) for number in here)


def test_a_worker_that_dies_at_work_is_replaced(own_client: Any, tmp_path: Path) -> None:
    work = partial(dies_once, tmp_path / "died")
    done = dict(spread(work, range(40), own_client))
    assert (tmp_path / "died").exists()
    assert done == {number: number * number for number in range(40)}
    assert len(own_client.nthreads()) == 1


def test_a_refusal_comes_back_as_it_was(client: Any) -> None:
    with pytest.raises(UserError) as refusal:
        dict(spread(refuses, range(9), client))
    assert (refusal.value.key, refusal.value.params) == (
        "encoder.unreachable",
        {"what": "x", "reason": 3},
    )


def test_no_more_parts_are_taken_than_can_be_worked_on_soon(client: Any) -> None:
    taken: list[int] = []
    parts = (taken.append(number) or number for number in range(10_000))
    next(spread(abs, parts, client))
    assert len(taken) <= 4 * 2


def test_a_scheduler_that_goes_away_is_told_of(own_cluster: Cluster, own_client: Any) -> None:
    work = spread(abs, range(10_000), own_client)
    next(work)
    own_cluster.processes[0].kill()
    with pytest.raises(UserError, match=r"dask\.lost"):
        list(work)


# --- encoding ----------------------------------------------------------------------------------


class Memory:
    """A cache in a dictionary; calls ``first`` when something is put there for the first time."""

    def __init__(self, first: Any = lambda: None) -> None:
        self.kept: dict[str, bytes] = {}
        self.first = first

    def get(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        return {key: self.kept[key] for key in keys if key in self.kept}

    def put(self, vectors: Mapping[str, bytes]) -> None:
        if not self.kept:
            self.first()
        self.kept |= vectors


def test_vectors_are_complete_and_the_same_though_a_worker_is_killed(
    own_cluster: Cluster, own_client: Any
) -> None:
    texts = [f"svar nummer {number} " * (1 + number % 9) for number in range(8_000)]
    cache = Memory(first=own_cluster.kill_a_worker)
    there = encode_spread(own_client, FAKE, "fake", "torch")
    vectors = embed(texts, FakeEncoder(), cache, None, there)
    assert own_cluster.processes[-1].wait() == -signal.SIGKILL
    assert np.array_equal(vectors, embed(texts, FakeEncoder(), Memory()))
    assert len(cache.kept) == len(set(texts))


@pytest.mark.encoder
def test_the_default_encoder_gives_the_very_same_vectors(client: Any) -> None:
    fetch_encoder("multilingual-e5-small")
    here = load_encoder()
    texts = [f"Borger {number} går nu tur med sin kontaktperson." for number in range(60)]
    parts = [texts[start : start + 10] for start in range(0, 60, 10)]
    done = dict(encode_spread(client, here.record, None, "torch")(parts))
    assert [done[number].tolist() for number in range(6)] == [
        here.encode(part).tolist() for part in parts
    ]


def test_another_encoder_at_the_workers_is_refused(client: Any) -> None:
    other = replace(FAKE, weights="others")
    with pytest.raises(UserError) as refusal:
        dict(encode_spread(client, other, "fake", "torch")([["a"], ["b"]]))
    assert (refusal.value.key, refusal.value.params) == ("dask.other_encoder", {"name": "fake"})


# --- connecting --------------------------------------------------------------------------------


def test_no_address_is_no_client() -> None:
    with connected(None) as client:
        assert client is None


def test_without_dask_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreading, "find_spec", lambda name: None)
    with pytest.raises(UserError, match=r"dask\.missing"), connected("tcp://127.0.0.1:8786"):
        pass


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:{port}", "127.0.0.1:{port}", "å:x", "x://y"])
@pytest.mark.usefixtures("impatient")
def test_where_nobody_answers_it_is_said(address: str, capfd: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("distributed")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = address.format(port=unused.getsockname()[1])
    with pytest.raises(UserError) as refusal, connected(address):
        pass
    assert (refusal.value.key, refusal.value.params) == ("dask.unreachable", {"address": address})
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("impatient")
def test_what_listens_and_is_no_scheduler_is_not_waited_for(
    capfd: pytest.CaptureFixture[str],
) -> None:
    pytest.importorskip("distributed")
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(UserError, match=r"dask\.unreachable"), connected(address):
            pass
    assert capfd.readouterr() == ("", "")


def test_a_scheduler_without_workers_is_not_waited_for_long(tmp_path: Path, checkout: Path) -> None:
    pytest.importorskip("distributed")
    from distributed import Client

    alone = Cluster(tmp_path, checkout, workers=0)
    try:
        with Client(scheduler_file=str(alone.file), timeout=60, set_as_default=False) as first:
            address = first.scheduler.address
        with pytest.raises(UserError, match=r"dask\.no_workers"), connected(address):
            pass
    finally:
        alone.stop()


# --- answers that are assigned to groups -------------------------------------------------------


def test_workers_assign_the_same_groups_as_this_machine(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leaves, "SAMPLE", 40)
    monkeypatch.setattr(proposing, "_PIECE", 25)
    texts = [f"{word} number {i}" for i in range(60) for word in ("walk", "video", "phone")]
    ids = [f"A{i}" for i in range(len(texts))]
    vectors = FakeEncoder().encode(texts)
    here = proposing.propose(ids, texts, vectors, "en", "fake")
    there = proposing.propose(ids, texts, vectors, "en", "fake", client=client)
    assert there == here
    assert sum(len(each.answers) for each in there) == len(texts)
