"""How long making proposals takes, and how much memory: `docs/benchmarks/proposals.md`.

Run from the root of the repository: `python -m benchmarks.proposals [ANSWERS …]`, by default 160 to
1,000,000 answers. Encoding is not in it: the vectors are made up, around fifty centres, and so are
the texts. Every size is a process of its own, so that its peak of memory is its own.
"""

from __future__ import annotations

import json
import math
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import vl_convert
from numpy.typing import NDArray

REPORT = Path(__file__).resolve().parents[1] / "docs" / "benchmarks" / "proposals.md"
FIGURE = REPORT.with_suffix(".svg")
SIZES = (160, 1_000, 4_000, 10_000, 40_000, 100_000, 1_000_000)
CENTRES, DIMENSIONS, OWN_WORDS, COMMON_WORDS = 50, 384, 6, 12
_PORTION = 50_000


def main(argv: list[str]) -> int:
    """Measure and write the report; or, for the processes that it starts, measure one size."""
    if argv[:1] == ["--one"]:
        print(json.dumps(measured(int(argv[1]))))
        return 0
    rows = [_in_a_process(int(each)) for each in argv or SIZES]
    REPORT.write_text(_report(rows, argv), "utf-8")
    FIGURE.write_text(_figure(rows), "utf-8")
    return 0


def _in_a_process(size: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.proposals", "--one", str(size)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    print(done.stdout, end="", file=sys.stderr)
    row: dict[str, Any] = json.loads(done.stdout)
    return row


def measured(size: int) -> dict[str, Any]:
    """One size: seconds for proposing, keeping, reading and another cut, and the peak in MB."""
    from coder.text.cut import cut
    from coder.text.kept import from_kept, to_keep
    from coder.text.prepare import words
    from coder.text.propose import propose

    texts, vectors = made_up(size)
    ids = [f"R{number:07}" for number in range(size)]
    words(["en gåtur"], "da")  # loads spaCy, once per process
    before, start = _megabytes(), time.perf_counter()
    proposals = propose(ids, texts, vectors, "da", "made up")
    proposed = time.perf_counter()
    kept = json.dumps(to_keep(proposals), separators=(",", ":"))
    read_from = time.perf_counter()
    again = from_kept(json.loads(kept))
    cut_from = time.perf_counter()
    cut(again, len(again) + 7)
    return {
        "size": size,
        "proposals": len(proposals),
        "seconds": proposed - start,
        "kept": len(kept) / 1e6,
        "read": cut_from - read_from,
        "cut": time.perf_counter() - cut_from,
        "before": before,
        "peak": _megabytes(),
    }


def _megabytes() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def made_up(size: int) -> tuple[list[str], NDArray[np.float32]]:
    """Texts and vectors around as many centres as there are subjects, always the same."""
    rng = np.random.default_rng(2020)
    centres = rng.normal(size=(CENTRES, DIMENSIONS)).astype(np.float32)
    subjects = rng.integers(0, CENTRES, size)
    vectors = np.empty((size, DIMENSIONS), dtype=np.float32)
    for start in range(0, size, _PORTION):  # a portion at a time, for the sake of memory
        own = centres[subjects[start : start + _PORTION]]
        noisy = own + rng.standard_normal(own.shape, dtype=np.float32)
        vectors[start : start + _PORTION] = noisy / np.linalg.norm(noisy, axis=1, keepdims=True)
    vocabulary = np.array([_word(rng) for _ in range(2_000)])
    of_subject = rng.integers(0, len(vocabulary), (CENTRES, 20))
    own_words = of_subject[subjects[:, None], rng.integers(0, 20, (size, OWN_WORDS))]
    common = rng.integers(0, len(vocabulary), (size, COMMON_WORDS))
    texts = [" ".join(row) for row in vocabulary[np.column_stack([own_words, common])]]
    return texts, vectors


def _word(rng: np.random.Generator) -> str:
    syllables = rng.integers(2, 5)
    first = rng.choice(list("bdfgklmnprst"), syllables)
    second = rng.choice(list("aeiouæøå"), syllables)
    return "".join(map("".join, zip(first, second, strict=True)))


# --- the report --------------------------------------------------------------------------------


def _report(rows: list[dict[str, Any]], argv: list[str]) -> str:
    command = " ".join(["python -m benchmarks.proposals", *argv])
    lines = [
        "# Making proposals: time and memory",
        "",
        f"Written by `{command}` on {os.cpu_count()} processors. Encoding and loading spaCy are "
        f"not in it. Texts and vectors are made up: {DIMENSIONS} dimensions around {CENTRES} "
        f"centres, {OWN_WORDS + COMMON_WORDS} words each, nearly all texts different. Memory is "
        "the peak of a process that makes one set; the column before it is what that process "
        "already had, of which the vectors are the most in the largest. Growth is the power of "
        "the number of answers with which the seconds grow from the size before.",
        "",
        "Up to 4,000 distinct texts all are grouped, which takes the square of their number. Of "
        "more, 4,000 are, with their names and stability; every other answer joins the group of "
        "those that are most like it. So a million is possible, but what fewer than one in some "
        "thousand say is then in nobody's sample, and gets no group of its own.",
        "",
        "| answers | proposals | seconds | growth | before, MB | peak, MB | kept, MB | "
        "to read, s | another cut, ms |",
        "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [_line(row, before) for row, before in zip(rows, [None, *rows], strict=False)]
    span = _growth_between(rows, 1_000, 100_000)
    lines += ["", f"From 1,000 to 100,000 answers the growth is {span:.2f}."] if span else []
    return "\n".join([*lines, "", "![Seconds by number of answers](proposals.svg)", ""])


def _line(row: dict[str, Any], before: dict[str, Any] | None) -> str:
    growth = f"{_growth(before, row):.2f}" if before else ""
    return (
        f"| {row['size']:,} | {row['proposals']} | {row['seconds']:.2f} | {growth} | "
        f"{row['before']:,.0f} | {row['peak']:,.0f} | {row['kept']:,.1f} | {row['read']:.2f} | "
        f"{1000 * row['cut']:.1f} |"
    )


def _growth_between(rows: list[dict[str, Any]], small: int, large: int) -> float | None:
    found = {row["size"]: row for row in rows}
    return _growth(found[small], found[large]) if {small, large} <= set(found) else None


def _growth(smaller: dict[str, Any], larger: dict[str, Any]) -> float:
    times = math.log(larger["seconds"] / smaller["seconds"])
    return times / math.log(larger["size"] / smaller["size"])


def _figure(rows: list[dict[str, Any]]) -> str:
    """Seconds by number of answers, both on scales of powers."""
    points = pd.DataFrame([{"answers": row["size"], "seconds": row["seconds"]} for row in rows])
    chart = alt.Chart(points).encode(
        x=alt.X("answers:Q", scale=alt.Scale(type="log"), title="answers"),
        y=alt.Y("seconds:Q", scale=alt.Scale(type="log"), title="seconds"),
    )
    lines = chart.mark_line(color="#0b6e6e") + chart.mark_point(
        color="#0b6e6e", filled=True, size=70
    )
    styled = lines.properties(width=520, height=300).configure(
        font="DejaVu Sans, Verdana, sans-serif", background="white", padding=12
    )
    return str(vl_convert.vegalite_to_svg(styled.to_json()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
