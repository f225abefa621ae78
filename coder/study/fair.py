"""A lock that goes to whoever has waited longest."""

from __future__ import annotations

import threading
from collections import deque
from types import TracebackType


class FairLock:
    """As ``threading.RLock``, but in the order of asking.

    A plain lock goes to whoever comes as it is freed, mostly the thread that has just had it; among
    many that decide all the time, one would wait for long.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._owner: int | None = None
        self._depth = 0
        self._waiting: deque[tuple[int, threading.Lock]] = deque()

    def __enter__(self) -> None:
        me, turn = threading.get_ident(), threading.Lock()
        with self._guard:
            if self._owner in (None, me):
                self._owner, self._depth = me, self._depth + 1
                return
            turn.acquire()
            self._waiting.append((me, turn))
        turn.acquire()  # freed by the owner before, who has made this thread the owner

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._guard:
            self._depth -= 1
            if self._depth:
                return
            self._owner = None
            if self._waiting:
                (self._owner, turn), self._depth = self._waiting.popleft(), 1
                turn.release()
