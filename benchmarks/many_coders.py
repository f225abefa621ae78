"""Eight coders at once: is every decision there, in order, and how long does one take?

``python -m benchmarks.many_coders`` writes ``docs/benchmarks/many-coders.md`` and its figure. As in
an app, coders who are threads share one ``Study``; processes have one each. Nobody thinks: each
decides again as soon as the last decision is on the disk, so this is the worst that can be.
"""

from __future__ import annotations

import multiprocessing
import random
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import altair as alt
import numpy as np
import pandas as pd
import sqlalchemy as sa

from coder.intake import take_in
from coder.model import ApplyCode, CreateCode, Decision, RemoveCode
from coder.place import Database, Place
from coder.study import Study, check_study, copy_study
from tools.postgres import server

REPORT = Path(__file__).resolve().parents[1] / "docs" / "benchmarks" / "many-coders.md"
CODERS, DECISIONS, ANSWERS, CODES, UNDO_EVERY = 8, 1000, 500, 10, 20


@dataclass(frozen=True)
class Run:
    """Coders at once on one study: where it was, how many programs, and the seconds of each
    decision, those that took something back for themselves.
    """

    where: str
    programs: int
    seconds: list[float]
    undo_seconds: list[float]
    per_second: float
    lost: int
    gaps: int


def measure(place: Place, programs: int, coders: int, decisions: int) -> Run:
    """Let so many coders decide so often, spread over so many programs, and look at the log."""
    entries = Study.open(place).state.no
    began = time.perf_counter()
    found = _at_once(place, programs, coders, decisions)
    took = time.perf_counter() - began
    log = Study.open(place).state.log[entries:]
    check = check_study(place)
    return Run(
        where="PostgreSQL" if isinstance(place, Database) else "SQLite",
        programs=programs,
        seconds=[each for times, _ in found for each in times],
        undo_seconds=[each for _, times in found for each in times],
        per_second=len(log) / took,
        lost=coders * (decisions + 1) - len(log) + len(check.damages),
        gaps=sum(e.no != no for no, e in enumerate(log, start=entries + 1)),
    )


def new_study(path: Path, answers: int = ANSWERS) -> Path:
    """A study with made-up answers and a codebook, and nothing coded."""
    file = path.with_suffix(".csv")
    rows = [f"{no};answer number {no} says something" for no in range(1, answers + 1)]
    file.write_text("nr;why\n" + "\n".join(rows), "utf-8")
    study = Study.create(path, file, take_in([file], open_columns=["why"], id_column="nr")
                         .questionnaire)  # fmt: skip
    coder = study.coder("Lead")
    for no in range(CODES):
        study.decide(coder, CreateCode(f"c{no}", f"Code {no}"))
    return path


Times = tuple[list[float], list[float]]


def _at_once(place: Place, programs: int, coders: int, decisions: int) -> list[Times]:
    shares = [[f"Coder {no}" for no in range(first, coders, programs)] for first in range(programs)]
    if programs == 1:
        return _program(place, shares[0], decisions)
    with multiprocessing.get_context("spawn").Pool(programs) as pool:
        given = [(place, names, decisions) for names in shares]
        return [times for each in pool.starmap(_program, given) for times in each]


def _program(place: Place, names: Sequence[str], decisions: int) -> list[Times]:
    """One program: a study that is shared, and a thread for each coder."""
    study = Study.open(place)
    found: list[Times] = []
    threads = [
        threading.Thread(target=lambda name=name: found.append(_code(study, name, decisions)))
        for name in names
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def _code(study: Study, name: str, decisions: int) -> Times:
    """What one coder does, and how long each decision took: seen, checked and on the disk."""
    coder, draw = study.coder(name), random.Random(name)
    answers = [str(no) for no in study.survey.answers["respondent"].index]
    times: Times = [], []
    for turn in range(1, decisions + 1):
        is_undo = turn % UNDO_EVERY == 0
        began = time.perf_counter()
        if is_undo:
            study.undo(coder)
        else:
            study.decide(coder, _next(study, coder, draw.choice(answers), draw))
        times[is_undo].append(time.perf_counter() - began)
    return times


def _next(study: Study, coder: str, answer: str, draw: random.Random) -> Decision:
    """A code more, or one less where there are two; what only this coder can change."""
    codes = study.state.codings.get((coder, answer), ())
    if len(codes) > 1:
        return RemoveCode(codes[0], (answer,))
    return ApplyCode(f"c{draw.randrange(CODES)}", (answer,))


# --- the report --------------------------------------------------------------------------------


def main(arguments: Sequence[str]) -> int:
    """Measure and write the report; the only argument is how many decisions each coder makes."""
    decisions = int(arguments[0]) if arguments else DECISIONS
    with tempfile.TemporaryDirectory(prefix="coder-many-") as name, server() as address:
        runs = []
        for no, programs in enumerate((1, 2)):
            file = new_study(Path(name) / f"file{no}.db")
            database = _database(address, f"coders{no}")
            copy_study(file, database)
            runs += [measure(place, programs, CODERS, decisions) for place in (file, database)]
    lines = [HEAD.format(coders=CODERS, decisions=f"{decisions:,}", answers=ANSWERS)]
    lines += [_line(run) for run in runs]
    REPORT.write_text("\n".join([*lines, *_figure(runs)]) + "\n", "utf-8")
    print("\n".join(lines[1:]))
    return int(any(run.lost or run.gaps for run in runs))


def _database(address: str, name: str) -> Database:
    engine = sa.create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return Database(address.replace("/postgres?", f"/{name}?"))


HEAD = (
    "# Many coders at once\n\n"
    "Written by `python -m benchmarks.many_coders`. {coders} coders, {decisions} decisions each, "
    "on {answers} answers. Nobody thinks: each decides again as soon as the last decision is on "
    "the disk, so that all wait for each other all the time. One program is an app whose sessions "
    "share a study; with two, half of the coders are in each. A decision is timed from the "
    "call until it is stored, and one in twenty is an undo. The PostgreSQL is the tests' own, "
    "which does not wait for the disk.\n\n"
    "| study | programs | median, ms | 95 %, ms | longest, ms | undo: median, ms | undo: 95 %, ms "
    "| decisions a second | lost | gaps |\n"
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
)


def _line(run: Run) -> str:
    quantiles = [
        *np.quantile(run.seconds, [0.5, 0.95, 1]),
        *np.quantile(run.undo_seconds, [0.5, 0.95]),
    ]
    times = " | ".join(f"{1000 * float(each):.1f}" for each in quantiles)
    counts = f"{run.per_second:.0f} | {run.lost} | {run.gaps}"
    return f"| {run.where} | {run.programs} | {times} | {counts} |"


def _figure(runs: Sequence[Run]) -> list[str]:
    """How many of the decisions took no longer than so long, beside the goal."""
    levels = np.linspace(0.01, 0.99, 99)
    rows = [
        {"ms": 1000 * float(ms), "share": float(level), "run": f"{run.where}, {run.programs}"}
        for run in runs
        for level, ms in zip(levels, np.quantile(run.seconds, levels), strict=True)
    ]
    lines = (
        alt.Chart(pd.DataFrame(rows))
        .mark_line()
        .encode(
            x=alt.X("ms:Q", title="ms").scale(type="log"),
            y=alt.Y("share:Q", title="share of decisions").axis(format="%"),
            color=alt.Color("run:N", title="study, programs"),
        )
    )
    goal = alt.Chart(pd.DataFrame([{"ms": 50}])).mark_rule(strokeDash=[4, 4]).encode(x="ms:Q")
    figure = REPORT.with_suffix(".svg")
    (lines + goal).properties(width=520, height=260).save(str(figure))
    return ["", f"![How long decisions take; the dashed line is the goal]({figure.name})"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
