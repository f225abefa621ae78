"""What the command line writes: tables to stdout, messages and progress to stderr."""

from __future__ import annotations

import json
import math
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from coder.i18n import Texts
from coder.model import Progress

_SILENT_SECONDS = 1.0  # work that takes no longer says nothing; no more than a line in each
_Step = tuple[str, int, int, float | None]  # what is done, how much of how much, seconds left


def print_rows(rows: Sequence[dict[str, str]]) -> None:
    """A table in columns, each as wide as its longest cell."""
    if not rows:
        return
    lines = [list(rows[0]), *(list(row.values()) for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        print("  ".join(cells).rstrip())


def print_json(content: Any) -> None:
    """JSON for other programs."""
    print(json.dumps(content, ensure_ascii=False, indent=1))


def say(message: str) -> None:
    """One line for the person at the keyboard."""
    print(message, file=sys.stderr)


@contextmanager
def shown_progress(texts: Texts) -> Iterator[Progress]:
    """What long work may call to say what it does: shown on stderr once a second has passed."""
    latest: list[_Step] = []
    began: dict[tuple[str, int], tuple[int, float]] = {}
    done = threading.Event()

    def tell(key: str, count: int, total: int) -> None:
        now = time.monotonic()
        if count == 0:  # the same step once more
            began.pop((key, total), None)
        first, start = began.setdefault((key, total), (count, now))
        left = seconds_left(count - first, total - count, now - start)
        latest[:] = [(key, count, total, left)]

    # A thread of its own, since work that takes long may not call for as long.
    watch = threading.Thread(target=_watch, args=(latest, done, texts), daemon=True)
    watch.start()
    try:
        yield tell
    finally:
        done.set()
        watch.join()


def seconds_left(done: int, to_do: int, seconds: float) -> float | None:
    """How long the rest takes at the speed so far; None before there is one worth telling."""
    if done <= 0 or seconds < _SILENT_SECONDS:
        return None
    return seconds * to_do / done


def _watch(latest: Sequence[_Step], done: threading.Event, texts: Texts) -> None:
    shown: tuple[str, int, int] | None = None
    while not done.wait(_SILENT_SECONDS):
        if latest and latest[0][:3] != shown:
            key, count, total, left = latest[0]
            shown = key, count, total
            counted = f" {texts.number(count)} / {texts.number(total)}" if total else ""
            say(" ".join([texts(key) + counted, *_time_left(left, texts)]))


def _time_left(seconds: float | None, texts: Texts) -> list[str]:
    """About how long yet, in minutes as soon as it is two; nothing when it is not known."""
    if not seconds:
        return []
    if seconds < 120:
        return [texts("cli.seconds_left", count=math.ceil(seconds))]
    return [texts("cli.minutes_left", count=math.ceil(seconds / 60))]
