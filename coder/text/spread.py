"""Work shared between machines with Dask: the same functions, each on a part of the data.

Every part is worked on by one machine, as it would be here, so the result is the same. A part
whose machine goes away is done again by another. The machines must be trusted and have the same
version of this program: Dask sends them functions to run, and here the answers as well.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from importlib.util import find_spec
from itertools import islice
from threading import Lock
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from coder.errors import UserError
from coder.text.backends import Backend
from coder.text.encode import Encoder, EncoderRecord, load_encoder

Part = TypeVar("Part")
Result = TypeVar("Result")
Vectors = NDArray[np.float32]

_SECONDS = 5  # for a scheduler to answer, and for its first worker to come
_AHEAD = 4  # parts on their way for each thread that works: none waits, and none piles up
_loading = Lock()


@contextmanager
def connected(address: str | None) -> Iterator[Any]:
    """A Dask client of the scheduler at ``address``; None stands for no scheduler and gives None.

    ``UserError`` when Dask is not installed (``dask.missing``), when no scheduler answers
    (``dask.unreachable``), or when it has no workers (``dask.no_workers``).
    """
    if address is None:
        yield None
        return
    if find_spec("distributed") is None:
        raise UserError("dask.missing")
    with _quiet():
        client = _client(address)
        try:
            _wait_for_workers(client, address)
            yield client
        finally:
            client.close(timeout=_SECONDS)


def spread(
    function: Callable[[Part], Result], parts: Iterable[Part], client: Any = None
) -> Iterator[tuple[int, Result]]:
    """``function`` of every part, with the part's number, in the order in which they are done.

    client : from ``connected``; None works here, one part after the other. ``function`` must be
    one that another machine can import, or a ``partial`` of one. A ``UserError`` that it raises is
    raised here; ``dask.lost`` when the scheduler goes away or a part can't be done anywhere.
    """
    if client is None:
        yield from ((number, function(part)) for number, part in enumerate(parts))
        return
    for number, done in _done(partial(_told, function), enumerate(parts), client):
        if isinstance(done, _Refused):
            raise UserError(done.key, **done.params)
        yield number, done


def encode_spread(
    client: Any, record: EncoderRecord, name: str | None, backend: Backend
) -> Callable[[Sequence[list[str]]], Iterator[tuple[int, Vectors]]]:
    """What encodes lists of texts on the client's workers, each of which loads the encoder itself.

    record : of the encoder that ``load_encoder(name, backend=backend)`` gives here. The vectors
    come with the number of their list. ``UserError`` ``dask.other_encoder`` when a worker's is
    another.
    """

    def encode(parts: Sequence[list[str]]) -> Iterator[tuple[int, Vectors]]:
        there = partial(_encode_there, name, backend)
        for number, (its_record, vectors) in spread(there, parts, client):
            if its_record != record:
                raise UserError("dask.other_encoder", name=record.name)
            yield number, vectors

    return encode


# --- at the workers ----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Refused:
    """A ``UserError`` on its way here."""

    key: str
    params: Mapping[str, object]


def _told(function: Callable[[Part], Result], part: Part) -> Result | _Refused:
    try:
        return function(part)
    except UserError as error:
        return _Refused(error.key, error.params)


def _encode_there(
    name: str | None, backend: Backend, texts: list[str]
) -> tuple[EncoderRecord, Vectors]:
    with _loading:  # a worker has several threads, and room for one encoder
        encoder = _loaded(name, backend)
    return encoder.record, encoder.encode(texts)


@cache
def _loaded(name: str | None, backend: Backend) -> Encoder:
    return load_encoder(name, backend=backend)


# --- here --------------------------------------------------------------------------------------


def _client(address: str) -> Any:
    from distributed import Client

    try:
        # Asked first: to a program that listens and says nothing, a client would listen forever.
        asyncio.run(asyncio.wait_for(_ask(address), _SECONDS))
        return Client(address, timeout=_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:  # ValueError: can't be an address
        raise UserError("dask.unreachable", address=address) from error


async def _ask(address: str) -> None:
    """A first word with the scheduler; ``OSError`` or ``ValueError`` when there is none."""
    from distributed import Security, rpc

    secured = Security().get_connection_args("client")
    async with rpc(address, connection_args=secured) as scheduler:
        await scheduler.identity()


def _wait_for_workers(client: Any, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=_SECONDS)
    except TimeoutError as error:
        raise UserError("dask.no_workers", address=address) from error


def _done(
    function: Callable[[Part], Any], parts: Iterator[tuple[int, Part]], client: Any
) -> Iterator[tuple[int, Any]]:
    """Keep the workers busy, with never more than some parts on their way."""
    from distributed import CancelledError, KilledWorker, as_completed
    from distributed.comm import CommClosedError

    numbers: dict[str, int] = {}

    def start(count: int) -> list[Any]:
        # Not pure: to look whether two parts are equal would take longer than it could save.
        some = list(islice(parts, count))
        futures = [client.submit(function, part, pure=False) for _, part in some]
        numbers.update((each.key, number) for each, (number, _) in zip(futures, some, strict=True))
        return futures

    try:
        first = start(_AHEAD * sum(client.nthreads().values()))
        running = as_completed(first, loop=client.loop)
        for future in running:
            yield numbers.pop(future.key), future.result()
            running.update(start(1))
    except (CancelledError, CommClosedError, KilledWorker) as error:
        raise UserError("dask.lost") from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Dask tells of every worker that comes and goes; that is its own business."""
    logger = logging.getLogger("distributed")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)
