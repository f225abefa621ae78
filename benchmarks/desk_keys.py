"""From a key press to the next answer drawn, and what becomes of quick presses: the desk's table.

Run from the root of the repository: `python -m benchmarks.desk_keys [ANSWERS …]`, by default 300
and 5,000. It needs a Chromium, as the browser tests do, and writes `docs/benchmarks/desk.md`. The
desk is compared with Streamlit's own buttons, in a fragment and with the whole page run again.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import altair as alt
import numpy as np
import vl_convert
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.browser import app_command, free_port, opened, served
from benchmarks.proposals import made_up
from coder.model import AcceptGroup, CreateCode, MoveAnswers
from coder.study import Study
from coder.survey.questionnaire import parse_questionnaire
from tools.install_browser import FLAGS, browser_path

REPORT = Path(__file__).resolve().parents[1] / "docs" / "benchmarks" / "desk.md"
FIGURE = REPORT.with_suffix(".svg")
HERE = Path(__file__).resolve().parent / "desk"
SIZES = (300, 5_000)
CODES, CALM, QUICK = 9, 60, 100
CALM_MS, QUICK_MS = 400, 1_000 / 30
QUESTIONNAIRE = """
questions:
- {name: nr, kind: id}
- {name: why, kind: open, label: Why, codes: %s}
"""


@dataclass(frozen=True)
class Design:
    """A way to build the page: where it is, and where the answer and its id stand on it."""

    name: str
    path: str
    answer: str
    id: dict[str, str]


DESIGNS = (
    Design(
        "desk",
        "coding?coder=Anna&lang=en",
        "[data-answer] [data-text]",
        {"selector": "[data-answer]", "attribute": "data-answer"},
    ),
    Design("fragment", "", ".st-key-answer", {"selector": "[data-testid=stText]"}),
    Design("rerun", "", ".st-key-answer", {"selector": "[data-testid=stText]"}),
)


@dataclass(frozen=True)
class Measured:
    """One design with so many answers: milliseconds, and of the quick presses what was saved.

    ``right`` : saved in order, on the answer that was on the screen at the press.
    """

    design: str
    answers: int
    times: tuple[float, ...]
    saved: int
    right: int

    def percentile(self, share: float) -> float:
        """Milliseconds within which this share of the calm presses was drawn."""
        return float(np.percentile(self.times, share))


def main(argv: Sequence[str]) -> int:
    """Measure and write the report."""
    sizes = [int(each) for each in argv] or list(SIZES)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=browser_path(), args=FLAGS)
        rows = [measured(browser, design, size) for size in sizes for design in DESIGNS]
        browser.close()
    REPORT.write_text(_report(rows, argv), "utf-8")
    FIGURE.write_text(_figure(rows), "utf-8")
    return 0


def measured(browser: Browser, design: Design, size: int) -> Measured:
    """One design on a study of its own: calm presses for the times, then quick ones."""
    with tempfile.TemporaryDirectory() as folder:
        # On the desk one code is enough to go on; the others go on in any case.
        study = new_study(Path(folder), size, "one" if design.name == "desk" else "many")
        with _served(design, study) as url:
            page = opened(browser, url, design.path)
            page.locator(design.answer).first.wait_for(timeout=60_000)
            page.wait_for_timeout(2_000)
            page.evaluate((HERE / "stopwatch.js").read_text("utf-8"), vars(design) | _where(design))
            _press(page, CALM, CALM_MS)
            times = page.evaluate("stopwatch.times")
            before = _settled(study)
            page.evaluate("stopwatch.presses = []")
            _press(page, QUICK, QUICK_MS)
            _settled(study)
            presses = page.evaluate("stopwatch.presses")
            page.close()
        row = Measured(design.name, size, tuple(times), *_saved(study, before, presses))
        print(row.design, size, row.percentile(50), row.percentile(95), row.saved, row.right)
        return row


def _where(design: Design) -> dict[str, Any]:
    return {"selector": design.answer, "id": design.id}


def _press(page: Page, count: int, every: float) -> None:
    """Digits at a steady pace: when one is late, the next comes at its own time."""
    start = time.perf_counter()
    for no in range(count):
        wait = start + no * every / 1000 - time.perf_counter()
        if wait > 0:
            time.sleep(wait)
        page.keyboard.press(str(1 + no % CODES))


def _settled(file: Path) -> int:
    """The last entry of the log, once no more have come for some seconds."""
    last, since = 0, time.monotonic()
    while time.monotonic() - since < 4:
        time.sleep(0.5)
        now = Study.open(file).state.no
        if now != last:
            last, since = now, time.monotonic()
    return last


def _saved(file: Path, before: int, presses: Sequence[tuple[str, str]]) -> tuple[int, int]:
    """How many decisions the quick presses came to, and how many are on what was on the screen.

    That is the longest run of answers that both have, with gaps: a press that was lost, or came to
    another answer, counts once.
    """
    wanted = [answer for answer, _ in presses]
    found = [
        entry.decision.answers[0]
        for entry in Study.open(file).state.log[before:]
        if isinstance(entry.decision, (AcceptGroup, MoveAnswers))
    ]
    same = SequenceMatcher(None, found, wanted, autojunk=False).get_matching_blocks()
    return len(found), sum(block.size for block in same)


# --- the study and the servers -----------------------------------------------------------------


def new_study(folder: Path, size: int, codes: str) -> Path:
    """A study with so many answers, nine codes and proposals; an answer has one code or many."""
    texts, _ = made_up(size)
    file = folder / "survey.csv"
    rows = [f"{no};{text}" for no, text in enumerate(texts, start=1)]
    file.write_text("nr;why\n" + "\n".join(rows), "utf-8")
    study = Study.create(folder / "desk.db", file, parse_questionnaire(QUESTIONNAIRE % codes))
    coder = study.coder("Anna")
    for no in range(1, CODES + 1):
        study.decide(coder, CreateCode(f"c{no}", f"Code {no}"))
    study.propose(count=50, encoder="fake")
    return folder / "desk.db"


@contextmanager
def _served(design: Design, study: Path) -> Iterator[str]:
    port = free_port()
    command = app_command(study, port)
    if design.name != "desk":
        command = ["-m", "streamlit", "run", str(HERE / "native.py"), "--server.headless=true"]
        command += [f"--server.port={port}", "--server.address=127.0.0.1"]
        command += ["--browser.gatherUsageStats=false", "--runner.postScriptGC=false"]
    variables = {"DESK_STUDY": str(study), "DESK_DESIGN": design.name}
    with served(command, port, **variables) as url:
        yield url


# --- the report --------------------------------------------------------------------------------

_CALLED = {
    "desk": "the desk",
    "fragment": "buttons in a fragment",
    "rerun": "buttons, whole page again",
}


def _report(rows: Sequence[Measured], argv: Sequence[str]) -> str:
    command = " ".join(["python -m benchmarks.desk_keys", *argv])
    lines = [
        "# The desk: from a key press to the next answer drawn",
        "",
        f"Written by `{command}` on {os.cpu_count()} processors, in headless Chromium. "
        f"Milliseconds until the next answer is drawn, over {CALM} presses, one every "
        f"{CALM_MS / 1000:g} s; then {QUICK} presses at 30 a second: how many are in the log, and "
        "how many of them, in order, are on the answer that was on the screen at the press.",
        "",
        "| answers | design | median, ms | 95th percentile, ms | times the desk | in the log | "
        "on what was shown |",
        "| ---: | --- | ---: | ---: | ---: | ---: | ---: |",
        *(_line(row, rows) for row in rows),
        "",
        "![Median and 95th percentile of each design](desk.svg)",
        "",
        "The desk draws in the browser and posts what was decided in batches; both others ask the "
        "server for every answer. The goals are a median under 20 ms and a 95th percentile under "
        "50 ms, and every quick press in the log, in order.",
        "",
    ]
    return "\n".join(lines)


def _line(row: Measured, rows: Sequence[Measured]) -> str:
    own = next(r for r in rows if r.design == "desk" and r.answers == row.answers)
    ratio = row.percentile(50) / own.percentile(50)
    cells = [f"{row.answers:,}", _CALLED[row.design], f"{row.percentile(50):.0f}"]
    cells += [f"{row.percentile(95):.0f}", f"{ratio:.1f}", f"{row.saved} of {QUICK}"]
    return "| " + " | ".join([*cells, f"{row.right} of {QUICK}"]) + " |"


def _figure(rows: Sequence[Measured]) -> str:
    values = [
        {"design": _CALLED[row.design], "answers": f"{row.answers:,} answers",
         "median": row.percentile(50), "p95": row.percentile(95)}
        for row in rows
    ]  # fmt: skip
    base = alt.Chart(alt.InlineData(values=values)).encode(
        y=alt.Y("design:N", sort=list(_CALLED.values()), title=None, axis=alt.Axis(labelLimit=200))
    )
    line = base.mark_rule(strokeWidth=2, color="#0b6e6e").encode(
        x=alt.X("median:Q", title="ms, from the median to the 95th percentile"), x2="p95:Q"
    )
    dot = base.mark_point(filled=True, size=80, color="#0b6e6e").encode(x="median:Q")
    chart = (
        alt.layer(line, dot)
        .properties(width=420, height=90)
        .facet(row=alt.Row("answers:N", title=None))
    )
    return str(vl_convert.vegalite_to_svg(chart.to_json()))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
