"""How long one has to wait who has given wrong passwords: longer each time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

_FORGET = 3600.0  # seconds without a wrong password after which it begins anew
_MOST = 10_000  # counted at once; the oldest go first


@dataclass(frozen=True)
class _Limit:
    """So many wrong passwords are free; each further one doubles the wait, up to the longest."""

    free: int
    longest: float


# By name, whatever the address, the wait stays short: otherwise anyone could lock out a colleague.
_LIMITS = {"both": _Limit(3, 900.0), "address": _Limit(10, 900.0), "name": _Limit(20, 30.0)}


class Throttle:
    """Counts wrong passwords by name, by address and by the two together."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._wrong: dict[tuple[str, ...], tuple[int, float]] = {}

    def wait(self, name: str, address: str) -> int:
        """The seconds until a password for this name is looked at from this address; 0: now."""
        now = self._clock()
        with self._lock:
            waits = [self._wait(key, now) for key in _keys(name, address)]
        return ceil(max(0.0, *waits))

    def wrong(self, name: str, address: str) -> None:
        """Count a wrong password, before it is known to be wrong: so none comes in between."""
        now = self._clock()
        with self._lock:
            for key in _keys(name, address):
                count, last = self._wrong.pop(key, (0, now))
                self._wrong[key] = (count + 1 if now - last < _FORGET else 1, now)
            for key in list(self._wrong)[: max(0, len(self._wrong) - _MOST)]:
                del self._wrong[key]

    def right(self, name: str, address: str) -> None:
        """Forget the wrong ones of this name, and take back what was counted for the address."""
        with self._lock:
            both, by_address, by_name = _keys(name, address)
            self._wrong.pop(both, None)
            self._wrong.pop(by_name, None)
            count, last = self._wrong.get(by_address, (0, 0.0))
            if count:
                self._wrong[by_address] = count - 1, last

    def _wait(self, key: tuple[str, ...], now: float) -> float:
        count, last = self._wrong.get(key, (0, now))
        limit = _LIMITS[key[0]]
        if count < limit.free or now - last >= _FORGET:
            return 0.0
        return last + min(2.0 ** min(count - limit.free, 20), limit.longest) - now


def _keys(name: str, address: str) -> tuple[tuple[str, ...], ...]:
    name = " ".join(name.split()).casefold()
    return ("both", name, address), ("address", address), ("name", name)
