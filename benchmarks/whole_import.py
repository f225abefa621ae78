"""How long a whole import takes, and how much memory: `docs/benchmarks/whole-import.md`.

Run from the root of the repository: `python -m benchmarks.whole_import [ROWS …]`, by default
1,000, 10,000 and 100,000 respondents with 200 columns each (those of `import_speed`), as CSV. A
whole import is what `coder import` does without a questionnaire: read, guess, check, code, look
for personal data and store. Each is a process of its own, so that its peak of memory is its own.
"""

from __future__ import annotations

import json
import math
import resource
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from benchmarks.import_speed import made_table

REPORT = Path(__file__).resolve().parents[1] / "docs" / "benchmarks" / "whole-import.md"
SIZES = (1_000, 10_000, 100_000)
STEPS = ("read, guess, check", "code, find, store", "open again")
HEAD = """# A whole import: time and memory

Written by `python -m benchmarks.whole_import`. Each CSV file has 200 columns: an id, 189 codes,
ten open questions that three in ten answered. Growth is the power of the number of respondents
with which the seconds grow from the size before: 1 is as fast as the file.

| respondents | open answers | {steps} | seconds in all | peak, MB | growth |
| ---: | ---: | {rules} | ---: | ---: | ---: |
"""


def main(argv: list[str]) -> int:
    """Measure and write the report; or, for the processes that it starts, one import."""
    if argv[:1] == ["--one"]:
        print(json.dumps(_import(Path(argv[1]))))
        return 0
    lines, before = [], None
    for size in [int(each) for each in argv] or SIZES:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / f"{size}.csv"
            made_table(size).to_csv(file, sep=";", index=False)
            found = _in_a_process(file)
        lines.append(_line(size, found, before))
        before = (size, sum(found["seconds"]))
        print(lines[-1], file=sys.stderr)
    head = HEAD.format(steps=" | ".join(STEPS), rules=" | ".join(["---:"] * len(STEPS)))
    REPORT.write_text(head + "\n".join(lines) + "\n", "utf-8")
    return 0


def _in_a_process(file: Path) -> dict[str, list[float]]:
    command = [sys.executable, "-m", "benchmarks.whole_import", "--one", str(file)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


def _import(file: Path) -> dict[str, list[float]]:
    """Seconds of each step, peak of memory in MB, and how many open answers there are."""
    from coder.intake import take_in
    from coder.study import Study

    times = [time.perf_counter()]
    intake = take_in([file])
    times.append(time.perf_counter())
    path = file.with_suffix(".db")
    study = Study.create_from(path, intake.raw.table, intake.questionnaire)
    times.append(time.perf_counter())
    Study.open(path)
    times.append(time.perf_counter())
    seconds = [after - before for before, after in pairwise(times)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    megabytes = peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    return {"seconds": seconds, "peak": [megabytes], "answers": [len(study.survey.answers)]}


def _line(size: int, found: dict[str, list[float]], before: tuple[int, float] | None) -> str:
    whole = sum(found["seconds"])
    growth = f"{math.log(whole / before[1]) / math.log(size / before[0]):.2f}" if before else ""
    cells = [f"{size:,}", f"{found['answers'][0]:,}", *(f"{each:.1f}" for each in found["seconds"])]
    return "| " + " | ".join([*cells, f"{whole:.1f}", f"{found['peak'][0]:,.0f}", growth]) + " |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
