"""How much work the proposals save a coder: `docs/benchmarks/acts.md`.

Run from the root of the repository, with the extra `bench` installed:

    python -m benchmarks.coder_acts FOLDER [--sets NAME …] [--seeds N] [--draws N] [--cache FOLDER]

FOLDER has CSV files with the columns id, text and label, all of them coded by people. Every set is
played whole, and in random draws of 40 and 160 answers: by hand, by correcting the fixed clusters
of other methods, and with Coder's own loop, all with the same vectors. Vectors and clusterings are
kept in the cache folder, so a run that was stopped goes on. With `--sets` the tables are only
printed; without, they go to the page, with the figures and `acts.json`. No text of a set goes
anywhere.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import platformdirs

from benchmarks.acts.figures import acts_figure, curves_figure
from benchmarks.acts.kept import kept_clusterings
from benchmarks.acts.ours import ours
from benchmarks.acts.page import blocks, with_blocks
from benchmarks.acts.peers import METHODS, Encode
from benchmarks.acts.price import by_hand, cheapest
from benchmarks.acts.rows import BY_HAND, Row, as_row
from benchmarks.acts.sets import Answers, Vectors, as_answers, drawn, read_rows
from coder.store import EmbeddingCache
from coder.text.embed import embed
from coder.text.encode import load_encoder

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks" / "acts.md"
SIZES = (40, 160)


def main(argv: list[str]) -> int:
    """Measure; write the page, or print the tables when only some sets were asked for."""
    options = _parser().parse_args(argv)
    options.cache.mkdir(parents=True, exist_ok=True)
    encode = _encoder(options.cache / "vectors.embeddings")
    units = [
        unit
        for path in _files(options.folder, options.sets)
        for unit in _units(path, encode, options.draws)
    ]
    rows = [row for unit in units for row in _peers(unit, encode, options)]
    rows += _said(ours(units, options.cache / "coder"))
    if options.sets:
        print("\n\n".join(blocks(rows).values()))
    else:
        _write(rows)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.coder_acts")
    parser.add_argument("folder", type=Path, help="with CSV files: id, text, label")
    parser.add_argument("--sets", nargs="+", metavar="NAME", help="only these; print the tables")
    parser.add_argument("--seeds", type=int, default=5, help="of peers that need one")
    parser.add_argument("--draws", type=int, default=10, help="of each size and set")
    cache = platformdirs.user_cache_path("coder-open-answers", appauthor=False) / "acts"
    parser.add_argument("--cache", type=Path, default=cache, help="of vectors and clusterings")
    return parser


def _files(folder: Path, names: Sequence[str] | None) -> list[Path]:
    """The CSV files asked for, by name; ``FileNotFoundError`` when there are none."""
    found = sorted(folder.glob("*.csv"))
    chosen = [path for path in found if not names or path.stem in names]
    if not chosen:
        raise FileNotFoundError(f"no such CSV file in {folder}")
    return chosen


def _encoder(path: Path) -> Encode:
    encoder, cache = load_encoder(), EmbeddingCache(path)

    def encode(texts: Sequence[str]) -> Vectors:
        return embed(texts, encoder, cache, lambda key, done, of: _say(f"{key} {done}/{of}"))

    return encode


# --- measuring ---------------------------------------------------------------------------------


def _units(path: Path, encode: Encode, draws: int) -> Iterator[Answers]:
    """One set: the whole of it, then its draws."""
    read = read_rows(path)
    whole = as_answers(path.stem, read, encode([row["text"] for row in read]))
    yield whole
    for size in (size for size in SIZES if size < len(whole)):
        yield from (drawn(whole, size, draw) for draw in range(1, draws + 1))


def _peers(answers: Answers, encode: Encode, options: argparse.Namespace) -> Iterator[Row]:
    """The answers by hand, and with every peer: a draw with one seed, which is its own."""
    start = time.perf_counter()
    seeds = range(1, options.seeds + 1) if answers.draw is None else (answers.draw,)
    yield as_row(answers, BY_HAND, None, "", by_hand(answers.labels))
    for method in METHODS:
        for seed in seeds if method.seeded else (0,):
            found = kept_clusterings(method, answers, seed, encode, options.cache / "clusters")
            detail, turns = cheapest(answers.labels, found)
            yield as_row(answers, method.name, seed if method.seeded else None, detail, turns)
    _say(f"{answers.name}, {len(answers)}, {answers.draw}: {time.perf_counter() - start:.1f} s")


def _said(rows: Iterable[Row]) -> Iterator[Row]:
    for row in rows:
        _say(f"{row.set}, {row.answers}, {row.draw}: {row.method} {row.acts_per_100:.1f}")
        yield row


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


# --- writing -----------------------------------------------------------------------------------


def _write(rows: Sequence[Row]) -> None:
    PAGE.write_text(with_blocks(PAGE.read_text("utf-8"), blocks(rows)), "utf-8")
    PAGE.with_name("acts.svg").write_text(acts_figure(rows), "utf-8")
    PAGE.with_name("acts-curves.svg").write_text(curves_figure(rows), "utf-8")
    lines = ",\n".join(json.dumps(dataclasses.asdict(row), ensure_ascii=False) for row in rows)
    PAGE.with_name("acts.json").write_text(f"[\n{lines}\n]\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
