"""The page about the work saved: its tables, between marks, and its figures."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterable, Sequence
from importlib.metadata import version

from benchmarks.acts.ours import PARTS
from benchmarks.acts.peers import BERTOPIC, METHODS, WARD
from benchmarks.acts.rows import (
    AIM,
    BY_HAND,
    CODER,
    Row,
    anchor,
    best,
    naming,
    ratio,
    spread,
    units,
    whole,
)

_TURFTOPIC = tuple(method.name for method in METHODS if method.name.startswith("turftopic"))
_NOTHING = "–"


def with_blocks(page: str, blocks: dict[str, str]) -> str:
    """The page with new text between its marks `<!-- begin: NAME -->` and `<!-- end: NAME -->`.

    ``ValueError`` when the page lacks the marks of a block.
    """
    for name, text in blocks.items():
        begin, end = f"<!-- begin: {name} -->", f"<!-- end: {name} -->"
        pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
        if not pattern.search(page):
            raise ValueError(f"the page has no marks for {name}")
        filled = f"{begin}\n{text}\n{end}"
        page = pattern.sub(lambda _, filled=filled: filled, page)  # type: ignore[misc]
    return page


def blocks(rows: Sequence[Row]) -> dict[str, str]:
    """The generated parts of the page, by name."""
    return {
        "acts": whole_table(rows),
        "parts": parts_table(rows),
        "draws": draws_table(rows),
        "missed": missed(rows),
        "versions": versions(),
    }


# --- tables ------------------------------------------------------------------------------------


def whole_table(rows: Sequence[Row]) -> str:
    """Acts per 100 answers on whole sets, and Coder's ratio to the better anchor."""
    head = ["set", "answers", "codes", BY_HAND, *WARD, BERTOPIC, *_TURFTOPIC, CODER, "ratio"]
    return _table(head, [_whole_line(unit) for unit in whole(rows)], left=1)


def _whole_line(unit: Sequence[Row]) -> list[str]:
    better = anchor(unit)
    singles = [_cell(best(unit, name), better) for name in (BY_HAND, *WARD)]
    ranges = [_range(unit, name, better) for name in (BERTOPIC, *_TURFTOPIC)]
    return [
        *_about(unit),
        *singles,
        *ranges,
        _cell(best(unit, CODER), None),
        _ratio(ratio(unit, CODER)),
    ]


def _about(unit: Sequence[Row]) -> list[str]:
    return [f"`{unit[0].set}`", f"{unit[0].answers:,}", str(unit[0].codes)]


def _cell(row: Row | None, better: Row | None) -> str:
    if row is None:
        return _NOTHING
    return f"**{row.acts_per_100:.1f}**" if row is better else f"{row.acts_per_100:.1f}"


def _range(unit: Sequence[Row], method: str, better: Row | None) -> str:
    """From the best seed to the worst."""
    acts = [row.acts_per_100 for row in unit if row.method == method]
    first = _cell(best(unit, method), better)
    return first if len(acts) < 2 else f"{first} – {max(acts):.1f}"


def _ratio(value: float | None) -> str:
    return _NOTHING if value is None else f"{value:.2f}"


def parts_table(rows: Sequence[Row]) -> str:
    """What each part of Coder brings: acts per 100 answers, and the ratio in brackets."""
    body = [
        [f"`{unit[0].set}`", *(_with_ratio(unit, part) for part in PARTS)] for unit in whole(rows)
    ]
    return _table(["set", *PARTS], body, left=1)


def _with_ratio(unit: Sequence[Row], method: str) -> str:
    row = best(unit, method)
    return _NOTHING if row is None else f"{row.acts_per_100:.1f} ({_ratio(ratio(unit, method))})"


def draws_table(rows: Sequence[Row]) -> str:
    """Random draws of each set and size: means ± standard deviations, and the range of ratios."""
    head = ["set", "answers", "draws", "naming alone", BY_HAND, "better anchor", CODER]
    head += ["ratio", "lowest – highest"]
    return _table(head, [_draws_line(*each) for each in _draws(rows).items()], left=1)


def _draws_line(what: tuple[str, int], drawn: list[list[Row]]) -> list[str]:
    ratios = [each for unit in drawn if (each := ratio(unit, CODER)) is not None]
    found = spread(ratios) if ratios else None
    return [
        f"`{what[0]}`",
        str(what[1]),
        str(len(drawn)),
        _mean([naming(unit[0]) for unit in drawn]),
        _mean(_acts(best(unit, BY_HAND) for unit in drawn)),
        _mean(_acts(anchor(unit) for unit in drawn)),
        _mean(_acts(best(unit, CODER) for unit in drawn)),
        f"{found.mean:.2f} ± {found.deviation:.2f}" if found else _NOTHING,
        f"{found.low:.2f} – {found.high:.2f}" if found else _NOTHING,
    ]


def _acts(rows: Iterable[Row | None]) -> list[float]:
    return [row.acts_per_100 for row in rows if row is not None]


def _mean(values: Sequence[float]) -> str:
    if not values:
        return _NOTHING
    found = spread(values)
    return f"{found.mean:.1f} ± {found.deviation:.1f}"


def _draws(rows: Sequence[Row]) -> dict[tuple[str, int], list[list[Row]]]:
    found: dict[tuple[str, int], list[list[Row]]] = {}
    for (name, size, draw), unit in units(rows).items():
        if draw is not None:
            found.setdefault((name, size), []).append(unit)
    return found


def _table(head: Sequence[str], body: Sequence[Sequence[str]], left: int) -> str:
    marks = ["---"] * left + ["---:"] * (len(head) - left)
    return "\n".join(f"| {' | '.join(line)} |" for line in [head, marks, *body])


def missed(rows: Sequence[Row]) -> str:
    """Where the aim is not met: whole sets, and the mean of the draws of a size; one line each."""
    found = [(unit[0].set, "whole", ratio(unit, CODER)) for unit in whole(rows)]
    for (name, size), drawn in _draws(rows).items():
        ratios = [value for unit in drawn if (value := ratio(unit, CODER)) is not None]
        found.append((name, f"draws of {size}", spread(ratios).mean if ratios else None))
    lines = [f"* `{name}`, {what}: {value:.3f}" for name, what, value in found if _misses(value)]
    return "\n".join(lines) or "Nowhere."


def _misses(value: float | None) -> bool:
    return value is not None and value > AIM


def versions() -> str:
    """What decides the numbers: versions, and the machine as far as it matters."""
    names = sorted({each for method in METHODS for each in method.distributions})
    listed = ", ".join(f"{name} {version(name)}" for name in names)
    python = f"Python {platform.python_version()}"
    return f"{python}, {listed}; {os.cpu_count()} processor cores, no GPU."
