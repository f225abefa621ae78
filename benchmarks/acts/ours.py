"""Coder's own loop, played by the simulated coder on the same vectors."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from importlib.metadata import version
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

import coder.text.simulate
from benchmarks.acts.price import Turn
from benchmarks.acts.rows import CODER, Row, as_row
from benchmarks.acts.sets import Answers
from coder.files import replacing
from coder.text.simulate import Part, simulate
from coder.text.suggest import make_space

# The whole loop, and what is left of it when parts are switched off.
PARTS: Mapping[str, Part] = {
    CODER: "all",
    "offers only": "offers",
    "groups only": "groups",
    "fixed clusters, our offers": "clusters",
}
_PROCESSES = 2
_DISTRIBUTIONS = ("numpy", "scipy", "scikit-learn")  # their versions decide the outcome as well
_MODULES = (
    *("views", "clusters", "discriminant", "neighbours", "calibrate"),
    *("suggest", "simulate", "nearest"),
)


@dataclass(frozen=True)
class Play:
    """The turns of one work that is done, and the seconds that the machine needed for them."""

    turns: tuple[Turn, ...]
    seconds: float


# Read when this module is loaded, as the modules themselves are: they may be edited during a run.
_SOURCES = "\n".join(
    Path(coder.text.simulate.__file__).with_name(f"{name}.py").read_text("utf-8")
    for name in _MODULES
)


def ours(units: Sequence[Answers], cache: Path) -> Iterator[Row]:
    """The rows of the whole loop for all of them, and of its parts for those that are no draws.

    What was played before is taken from the folder ``cache``. The rest is shared between two
    processes with one thread each: whole loops before parts, whole sets before draws.
    """
    jobs = [(each, part) for part in PARTS for each in units if _is_asked(each, part)]
    jobs.sort(key=lambda job: (job[1] != CODER, -len(job[0])))
    with ProcessPoolExecutor(
        _PROCESSES, get_context("spawn"), initializer=threadpool_limits, initargs=(1,)
    ) as pool:
        plays = pool.map(kept_play, *zip(*jobs, strict=True), repeat(cache))
        for (answers, part), play in zip(jobs, plays, strict=True):
            yield _row(answers, part, play)


def _is_asked(answers: Answers, part: str) -> bool:
    return part == CODER or answers.draw is None


def _row(answers: Answers, part: str, play: Play) -> Row:
    seconds = round(play.seconds / len(play.turns), 4)
    return replace(as_row(answers, part, None, "", play.turns), seconds_per_act=seconds)


def kept_play(answers: Answers, part: str, cache: Path) -> Play:
    """As ``played``, but taken from the folder when the same was played before.

    The same: answers, right codes, part, and the source of all that decides what is shown.
    """
    path = cache / f"{_key(answers, part)}.json"
    if path.exists():
        kept = json.loads(path.read_text("utf-8"))
        return Play(tuple(Turn(*turn) for turn in kept["turns"]), kept["seconds"])
    play = played(answers, part)
    cache.mkdir(parents=True, exist_ok=True)
    with replacing(path) as draft:
        draft.write_text(json.dumps({"turns": play.turns, "seconds": play.seconds}), "utf-8")
    return play


def played(answers: Answers, part: str) -> Play:
    """All turns of the simulated coder with one of ``PARTS``; ``KeyError`` for another.

    What is prepared once, before the first turn, is not counted in the seconds.
    """
    space = make_space(answers.ids, answers.texts, answers.vectors)
    labels = dict(zip(answers.ids, answers.labels, strict=True))
    start = time.perf_counter()
    acts = simulate(space, labels, PARTS[part])
    turns = tuple(Turn(each.cost, len(each.act.accepted)) for each in acts)
    return Play(turns, time.perf_counter() - start)


def _key(answers: Answers, part: str) -> str:
    versions = [f"{name} {version(name)}" for name in _DISTRIBUTIONS]
    pairs = json.dumps([answers.ids, answers.labels])
    parts = [_SOURCES, *versions, answers.fingerprint(), pairs, PARTS[part]]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]
