"""Who is signed in, kept by the server: a session ends with time, and with its account."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

_IDLE = 2 * 3600.0  # seconds without anything from the browser
_LONGEST = 12 * 3600.0


@dataclass(frozen=True)
class Session:
    """An account that signed in, what its password's hash was then, and the times."""

    account: str
    stamp: str
    begun: float
    last: float


class Sessions:
    """The sessions of one server, by ids that only the browser and the server know.

    stamp : what ``Accounts.stamp`` says of an account now.
    """

    def __init__(
        self, stamp: Callable[[str], str | None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._stamp = stamp
        self._clock = clock
        self._lock = threading.Lock()
        self._open: dict[str, Session] = {}

    def begin(self, account: str) -> str:
        """A new session of the account; its id, which is never one that a browser brought."""
        id, now = secrets.token_urlsafe(32), self._clock()
        with self._lock:
            self._open = {key: each for key, each in self._open.items() if self._stands(each, now)}
            self._open[_key(id)] = Session(account, self._stamp(account) or "", now, now)
        return id

    def account(self, id: str) -> str | None:
        """Whose session this is; None when there is none, or no longer."""
        key, now = _key(id), self._clock()
        with self._lock:
            found = self._open.get(key)
            if found is None:
                return None
            if not self._stands(found, now):
                del self._open[key]
                return None
            self._open[key] = replace(found, last=now)
            return found.account

    def end(self, id: str) -> None:
        """Sign out."""
        with self._lock:
            self._open.pop(_key(id), None)

    def _stands(self, session: Session, now: float) -> bool:
        in_time = now - session.last < _IDLE and now - session.begun < _LONGEST
        return in_time and self._stamp(session.account) == session.stamp


def _key(id: str) -> str:
    """Ids are kept and looked up by their hash, so that how long it takes tells nothing of them."""
    return hashlib.sha256(id.encode()).hexdigest()
