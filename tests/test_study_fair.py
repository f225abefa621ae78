"""A lock that goes to whoever has waited longest."""

from __future__ import annotations

import threading

import pytest

from coder.study.fair import FairLock


def queued(lock: FairLock, count: int) -> None:
    """Wait until so many wait for the lock."""
    while len(lock._waiting) < count:
        threading.Event().wait(0.001)


def test_those_who_wait_come_before_the_one_who_asks_again() -> None:
    lock, came = FairLock(), []

    def come(name: int) -> None:
        with lock:
            came.append(name)

    threads = [threading.Thread(target=come, args=(no,)) for no in range(5)]
    with lock:
        for no, thread in enumerate(threads, start=1):
            thread.start()
            queued(lock, no)
    with lock:  # asked for at once: a plain lock would mostly be had before the others wake
        came.append(99)
    for thread in threads:
        thread.join()
    assert came == [0, 1, 2, 3, 4, 99]


def test_only_one_is_in_it_at_a_time() -> None:
    lock, inside, most = FairLock(), [0], [0]

    def come() -> None:
        for _ in range(200):
            with lock:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                inside[0] -= 1

    threads = [threading.Thread(target=come) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]


def test_its_owner_may_take_it_again_and_an_error_frees_it() -> None:
    lock, free = FairLock(), threading.Event()
    with pytest.raises(KeyError), lock, lock:
        raise KeyError
    other = threading.Thread(target=lambda: lock.__enter__() or free.set())  # type: ignore[func-returns-value]
    other.start()
    assert free.wait(5)
