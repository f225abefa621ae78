"""How long a suggestion takes after each act: `docs/benchmarks/suggestions.md`.

Run from the root of the repository: `python -m benchmarks.suggestions [ANSWERS …]`, by default 160
to 100,000 answers. Encoding is not in it: vectors and texts are made up, as in
`benchmarks.proposals`.
"""

from __future__ import annotations

import math
import os
import resource
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.proposals import made_up
from coder.model import Act, Turn
from coder.text.suggest import Past, Space, make_space, next_turn

REPORT = Path(__file__).resolve().parents[1] / "docs" / "benchmarks" / "suggestions.md"
SIZES = (160, 1_000, 5_000, 20_000, 100_000)
SHARES = (0.01, 0.1, 0.5, 0.9)
CODES, MOST_CODED, TRIES = 40, 20_000, 5


def main(argv: list[str]) -> int:
    """Measure and write the report."""
    rows = [measured(int(each)) for each in argv or SIZES]
    REPORT.write_text(_report(rows, argv), "utf-8")
    return 0


def measured(size: int) -> dict[str, Any]:
    """Seconds for making the space once, and for the next turn with each share coded."""
    texts, vectors = made_up(size)
    ids = [f"R{number:07}" for number in range(size)]
    seconds, space = _timed(lambda: make_space(ids, texts, vectors), 1)
    row: dict[str, Any] = {"size": size, "space": seconds}
    for share in SHARES:
        past = _coded(space, int(share * size))
        row[str(share)] = _timed(partial(next_turn, space, past), TRIES)[0]
    print(row, file=sys.stderr)
    return row


def _timed(work: Callable[[], Any], tries: int) -> tuple[float, Any]:
    """The median of the seconds, and the last result."""
    taken, result = [], None
    for _ in range(tries):
        start = time.perf_counter()
        result = work()
        taken.append(time.perf_counter() - start)
    return float(np.median(taken)), result


def _coded(space: Space, count: int) -> Past:
    """So many answers coded one at a time, with codes that follow a view of the answers."""
    count = min(count, MOST_CODED)
    views = space.views[0][:, :CODES]
    codes = [f"C{number}" for number in range(CODES)]
    chosen = [codes[number] for number in views.argmax(axis=1)[:count]]
    known = tuple(sorted(set(chosen)))
    acts = [
        Act(Turn((answer,), None, known[:9], (0.5,)), code, (answer,))
        for answer, code in zip(space.answers, chosen, strict=False)
    ]
    pairs = zip(space.answers, chosen, strict=False)
    return Past(known, {answer: (code,) for answer, code in pairs}, acts)


def _report(rows: list[dict[str, Any]], argv: list[str]) -> str:
    command = " ".join(["python -m benchmarks.suggestions", *argv])
    shares = "".join(f" {100 * share:g} % coded |" for share in SHARES)
    lines = [
        "# Suggestions: time after each act",
        "",
        f"Written by `{command}` on {os.cpu_count()} processors. Milliseconds until the next "
        f"group or answer can be shown, after an act, with up to {CODES} codes; the median of "
        f"{TRIES}. Everything is computed anew each time. *Once* is what is prepared when a study "
        "is opened, in seconds, without encoding. Texts and vectors are made up; at most "
        f"{MOST_CODED:,} answers are coded, so a large survey's last columns are for so many.",
        "",
        f"| answers | once, s |{shares}",
        "| ---: | ---: |" + " ---: |" * len(SHARES),
    ]
    lines += [
        f"| {row['size']:,} | {row['space']:.2f} |"
        + "".join(f" {1000 * row[str(share)]:.0f} |" for share in SHARES)
        for row in rows
    ]
    return "\n".join([*lines, "", *_growth(rows), ""])


def _growth(rows: list[dict[str, Any]]) -> list[str]:
    """How time grows from 1,000 to 100,000 answers, and the most memory; nothing without these."""
    found = {row["size"]: row for row in rows}
    if not {1_000, 100_000} <= set(found):
        return []
    less, more = found[1_000], found[100_000]
    powers = [math.log(more[str(each)] / less[str(each)]) / math.log(100) for each in SHARES]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)
    return [
        f"From 1,000 to 100,000 answers the time after an act grows with the power "
        f"{min(powers):.2f} to {max(powers):.2f} of their number. The whole run had a peak of "
        f"{peak:.1f} GiB."
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
