"""Eight coders at once, a part or all of them at desks in one app: is every decision in the log,
and who sees what how soon?

``python -m benchmarks.many_browsers [PRESSES]`` writes ``docs/benchmarks/many-browsers.md``. Those
at desks have a browser session each and press keys, all in turn and as fast as one program can
press them; the rest decide as often through ``Study`` meanwhile. Afterwards categories are added
from elsewhere while nobody touches a page. It needs a Chromium, as the browser tests do.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.browser import app_command, free_port, opened, served
from benchmarks.desk_keys import CODES, new_study
from coder.model import ApplyCode, CreateCode
from coder.study import Study
from tools.install_browser import FLAGS, browser_path

REPORT = Path(__file__).resolve().parents[1] / "docs" / "benchmarks" / "many-browsers.md"
CODERS, PRESSES, ANSWERS, NEWS = 8, 100, 500, 10
AT_DESKS = (1, 3, 8)  # how many of the coders have a browser session
WAIT = 120_000  # milliseconds
_AT_REST = "[data-testid=stApp][data-test-script-state=notRunning]"


@dataclass(frozen=True)
class Run:
    """What came of it: seconds all presses took, and those until the last of them was saved.

    sessions : how many of the coders are at desks. lost : decisions that are not in the log.
    gaps : places where the log's numbers leap. seen : for each category, the seconds until the
    last of the pages showed it.
    """

    sessions: int
    presses: int
    pressing: float
    saving: float
    lost: int
    gaps: int
    seen: tuple[float, ...]


def measure(
    browser: Browser, coders: int, sessions: int, presses: int, answers: int, news: int
) -> Run:
    """Let coders decide so often, so many of them at desks; and then add so many categories."""
    with tempfile.TemporaryDirectory() as folder:
        study, port = new_study(Path(folder), answers, "one"), free_port()
        with served(app_command(study, port), port) as url:
            pages = [opened(browser, url, f"coding?coder=C{no}&lang=en") for no in range(sessions)]
            for page in pages:
                page.locator("#desk[data-ready='1']").wait_for(timeout=WAIT)
            names = [f"C{no}" for no in range(sessions, coders)]
            rest = threading.Thread(target=_decide, args=(study, names, presses))
            before, began = Study.open(study).state.no, time.perf_counter()
            rest.start()
            _press(pages, presses)
            pressed = time.perf_counter()
            for page in pages:
                page.locator("#desk[data-unsaved='0']").wait_for(timeout=WAIT)
            saved = time.perf_counter()
            rest.join()
            lost, gaps = _missing(study, before, coders, presses)
            seen = tuple(_seen(study, pages, no) for no in range(news))
            for page in pages:
                page.context.close()
    return Run(sessions, sessions * presses, pressed - began, saved - pressed, lost, gaps, seen)


def _press(pages: Sequence[Page], presses: int) -> None:
    for turn in range(presses):
        for no, page in enumerate(pages):
            page.keyboard.press(str(1 + (turn + no) % CODES))


def _decide(file: Path, names: Sequence[str], decisions: int) -> None:
    """Code answers through the study for these coders, in turn."""
    study = Study.open(file)
    coders, codes = [study.coder(name) for name in names], list(study.state.codes)
    for answer in list(study.survey.answers.index[:decisions]):
        for no, coder in enumerate(coders):
            study.decide(coder, ApplyCode(codes[no % len(codes)], (answer,)))


def _missing(file: Path, before: int, coders: int, presses: int) -> tuple[int, int]:
    """How many decisions of any coder are not in the log, and where its numbers leap."""
    state = Study.open(file).state
    log = state.log[before:]
    made = Counter(state.coders[entry.coder] for entry in log if hasattr(entry.decision, "answers"))
    lost = sum(max(presses - made[f"C{no}"], 0) for no in range(coders))
    return lost, sum(each.no != no for no, each in enumerate(log, start=before + 1))


def _seen(file: Path, pages: Sequence[Page], no: int) -> float:
    """How long it takes until every page shows a category that another program has added."""
    study, label = Study.open(file), f"Later {no}"
    for page in pages:
        page.locator(_AT_REST).wait_for(timeout=WAIT)
    study.decide(study.coder("Lead"), CreateCode(f"later{no}", label))
    began = time.perf_counter()
    for page in pages:
        page.get_by_text(label).first.wait_for(timeout=WAIT)
    return time.perf_counter() - began


def main(arguments: Sequence[str]) -> int:
    """Measure and write the report; the only argument is how often each coder presses."""
    presses = int(arguments[0]) if arguments else PRESSES
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=browser_path(), args=FLAGS)
        runs = [measure(browser, CODERS, each, presses, ANSWERS, NEWS) for each in AT_DESKS]
    text = report(runs, " ".join(["python -m benchmarks.many_browsers", *arguments]))
    REPORT.write_text(text, "utf-8")
    print(text)
    return int(any(run.lost or run.gaps for run in runs))


def _row(run: Run) -> str:
    cells = [
        str(run.sessions),
        f"{run.presses:,}",
        f"{run.presses / run.pressing:.0f}",
        f"{run.saving:.1f}",
        str(run.lost),
        str(run.gaps),
        f"{np.median(run.seen):.1f}",
        f"{max(run.seen):.1f}",
    ]
    return "| " + " | ".join(cells) + " |"


def report(runs: Sequence[Run], command: str) -> str:
    """The page of the documents."""
    lines = [
        "# Many people at their desks",
        "",
        f"Written by `{command}` on {os.cpu_count()} processors, which also run the browser "
        f"sessions. {CODERS} coders decide at once on {ANSWERS} answers in one file: some press "
        "keys at desks of their own in one app, the rest decide as often through `Study`, in "
        "another program. *Saved* is when the last press was in the log, after it was made. Then "
        f"{NEWS} categories are added by another program, each when all pages are at rest: "
        "*seen* is when the last of the pages, which nobody touches, shows the category. The goal "
        "is two seconds.",
        "",
        "| at desks | presses | a second | saved after, s | lost | gaps | seen: median, s "
        "| longest, s |",
        "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        *map(_row, runs),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
