"""How fast texts are encoded, and how near the faster ways come: `docs/benchmarks/encoding.md`.

Run from the root of the repository: `python -m benchmarks.encoding [FILE.csv …]`. The answers of
the demo survey are always measured; a file needs a column `text`, and its first 500 distinct texts
count. Everything is measured by turns in one process, in five rounds of which the quickest counts,
so that what else the machine does meets all alike. It takes some minutes.
"""

from __future__ import annotations

import csv
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import altair as alt
import numpy as np
import torch
import vl_convert
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer

from coder.demo import make_demo
from coder.errors import UserError
from coder.text.backends import COMPUTING
from coder.text.encode import fetch_encoder, load_encoder

REPORT = Path(__file__).resolve().parents[1] / "docs" / "benchmarks" / "encoding.md"
ROUNDS, MOST, ALONE = 5, 500, 24
PLAIN, DEFAULT, ENCODER = "plain", "torch", "multilingual-e5-small"
TOLD = ("avx2", "avx512_f", "avx512_vnni", "avx512_bf16", "avx_vnni", "amx_bf16", "amx_int8")

Vectors = NDArray[np.float32]
Encode = Callable[[list[str]], Vectors]


@dataclass(frozen=True)
class Measured:
    """One way on one set, in its quickest round.

    ``cores`` : how many it had on average. ``cosines`` : of each text's vector with the default's.
    ``alone`` : the largest difference of a component between a text alone and among others.
    """

    texts: str
    count: int
    length: float
    way: str
    seconds: float
    cores: float
    cosines: Vectors
    alone: float


def main(argv: Sequence[str]) -> int:
    """Measure and write the report and its figure."""
    ways = _ways()
    sets = {"demo": _demo(), **{Path(each).stem: _texts(Path(each)) for each in argv}}
    rows = [row for name, texts in sets.items() for row in _measured(name, texts, ways)]
    REPORT.write_text(_report(rows), "utf-8")
    REPORT.with_suffix(".svg").write_text(_figure(rows), "utf-8")
    return 0


def _ways() -> dict[str, Encode]:
    """The plain library, and every backend that this machine has."""
    ways: dict[str, Encode] = {PLAIN: _plain()}
    for backend in COMPUTING:
        try:
            ways[backend] = load_encoder(backend=backend).encode
        except UserError as error:
            print(f"without {backend}: {error}", file=sys.stderr)
    return ways


def _plain() -> Encode:
    model = SentenceTransformer(str(fetch_encoder(ENCODER)), device="cpu")
    prompt, threads = load_encoder().record.prompt, torch.get_num_threads()

    def encode(texts: list[str]) -> Vectors:
        torch.set_num_threads(threads)  # our own batches keep to one each
        done = model.encode(texts, prompt=prompt, normalize_embeddings=True)
        return np.asarray(done, np.float32)

    return encode


def _demo() -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        return list(dict.fromkeys(make_demo(Path(folder)).survey.answers["text"]))


def _texts(file: Path) -> list[str]:
    with file.open(encoding="utf-8", newline="") as content:
        return list(dict.fromkeys(row["text"] for row in csv.DictReader(content)))[:MOST]


# --- measuring ---------------------------------------------------------------------------------


def _measured(name: str, texts: list[str], ways: dict[str, Encode]) -> list[Measured]:
    times = {way: (float("inf"), 0.0) for way in ways}
    vectors: dict[str, Vectors] = {}
    for _ in range(ROUNDS):
        for way, encode in ways.items():
            start, work = time.perf_counter(), time.process_time()
            vectors[way] = encode(texts)
            seconds = time.perf_counter() - start
            times[way] = min(times[way], (seconds, (time.process_time() - work) / seconds))
    length = float(np.mean([len(text) for text in texts]))
    rows = []
    for way, encode in ways.items():
        cosines = np.einsum("ij,ij->i", vectors[way], vectors[DEFAULT])
        some = range(0, len(texts), max(1, len(texts) // ALONE))
        alone = max(float(np.abs(encode([texts[i]])[0] - vectors[way][i]).max()) for i in some)
        rows.append(Measured(name, len(texts), length, way, *times[way], cosines, alone))
        print(name, way, times[way], file=sys.stderr)
    return rows


# --- the report --------------------------------------------------------------------------------


def _report(rows: list[Measured]) -> str:
    lines = [
        "# Encoding: how fast, and how near",
        "",
        f"Written by `python -m benchmarks.encoding FILE.csv …` on {_machine()}. Everything with "
        f"the weights of `{ENCODER}`, without a cache, by turns in one process; the quickest of "
        f"{ROUNDS} rounds. **plain** is `SentenceTransformer.encode` as it comes. **torch** is "
        "what Coder does unless told otherwise: 32-bit floats, and each distinct text once. "
        "**bf16** and **int8** are chosen with `coder propose --backend`; int8 needs the extra "
        "`coder-open-answers[fast]`, and bf16 a processor with instructions for it.",
        "",
        "*Cores* tells how many a way had on average. Where it is well below the machine's, other "
        "programs were at work too, and the row says little: that harms the plain library most, "
        "since its threads wait for each other.",
        "",
        "Cosines are those of each text's vector with the default's. *Alone* is the largest "
        "difference in any component when a text is encoded alone instead of among the others: "
        "plain libraries give slightly other vectors then. With int8 each text goes alone "
        "anyway, so its vector depends on nothing else; in batches, its rounding would make "
        "differences of about .002.",
        "",
        "![Speed as a multiple of the default](encoding.svg)",
        "",
        "| texts | number | characters | way | seconds | cores | × plain | × default "
        "| cosine, mean | cosine, least | alone |",
        "| --- | ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        *(_line(row, rows) for row in rows),
        "",
    ]
    return "\n".join(lines)


def _machine() -> str:
    able = torch.cpu.get_capabilities()
    told = ", ".join(each for each in TOLD if able.get(each))
    return f"a machine with {os.cpu_count()} cores ({told})"


def _line(row: Measured, rows: list[Measured]) -> str:
    return (
        f"| {row.texts} | {row.count:,} | {row.length:.0f} | {row.way} | {row.seconds:.2f} | "
        f"{row.cores:.1f} | {_times(row, rows, PLAIN):.2f} | "
        f"{_times(row, rows, DEFAULT):.2f} | {row.cosines.mean():.5f} | {row.cosines.min():.5f} | "
        f"{row.alone:.0e} |"
    )


def _times(row: Measured, rows: list[Measured], way: str) -> float:
    other = next(each for each in rows if each.texts == row.texts and each.way == way)
    return other.seconds / row.seconds


def _figure(rows: list[Measured]) -> str:
    values: Any = [
        {"texts": row.texts, "way": row.way, "times": _times(row, rows, DEFAULT)} for row in rows
    ]
    order = list(dict.fromkeys(row.way for row in rows))
    chart = (
        alt.Chart(alt.InlineData(values=values))
        .mark_bar()
        .encode(
            x=alt.X("times:Q", title="times as fast as the default"),
            y=alt.Y("way:N", sort=order, title=None),
            row=alt.Row("texts:N", sort=None, title=None, header=alt.Header(labelAngle=0)),
            color=alt.condition(
                alt.datum.way == DEFAULT, alt.value("#4c78a8"), alt.value("#a8bcd4")
            ),
        )
        .properties(width=420, height=alt.Step(18))
    )
    return str(vl_convert.vegalite_to_svg(chart.to_json()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
