"""How long reading a survey file takes, and how much memory: `docs/benchmarks/import.md`.

Run from the root of the repository: `python -m benchmarks.import_speed [ROWS …]`, by default 1,000,
10,000 and 100,000 respondents. Each has 200 columns: an id, 189 codes, ten open questions that
three in ten answered. Every reading is a process of its own, so that its peak of memory is its own;
beside ours stands what pandas or pyreadstat takes to read the same file into a plain table. The
largest sizes take some minutes, most of them spent by the plain reader of Excel files.
"""

from __future__ import annotations

import json
import math
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat

REPORT = Path(__file__).resolve().parents[1] / "docs" / "benchmarks" / "import.md"
SIZES = (1_000, 10_000, 100_000)
KINDS = ("csv", "xlsx", "sav", "parquet")
CODES, TEXTS = 189, 10
WORDS = ["vi", "har", "lavet", "en", "ny", "måde", "at", "møde", "borgerne", "på", "det", "godt"]
SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'

Reader = Callable[[Path], Any]


@dataclass(frozen=True)
class Measured:
    """One reading: seconds, and megabytes at the peak and before it began."""

    seconds: float
    peak: float
    before: float


def main(argv: list[str]) -> int:
    """Measure and write the report; or, for the processes that it starts, do one step."""
    if argv[:1] == ["--make"]:
        return _make(int(argv[1]), Path(argv[2]))
    if argv[:1] == ["--read"]:
        return _read(argv[1], Path(argv[2]))
    sizes = [int(each) for each in argv] or list(SIZES)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            _run("--make", str(size), folder)
            rows += [_measured(kind, size, Path(folder)) for kind in KINDS]
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(_report(rows, argv), "utf-8")
    return 0


def _measured(kind: str, size: int, folder: Path) -> dict[str, Any]:
    path = folder / f"{size}.{kind}"
    ours, plain = (
        Measured(**json.loads(_run("--read", who, str(path)))) for who in ("ours", "plain")
    )
    print(kind, size, ours, plain, file=sys.stderr)
    return {"kind": kind, "size": size, "bytes": path.stat().st_size, "ours": ours, "plain": plain}


def _run(*arguments: str) -> str:
    command = [sys.executable, "-m", "benchmarks.import_speed", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


# --- one reading -------------------------------------------------------------------------------


def _read(who: str, path: Path) -> int:
    reader = _our_reader() if who == "ours" else PLAIN[path.suffix]
    before = _megabytes()
    start = time.perf_counter()
    reader(path)
    measured = {"seconds": time.perf_counter() - start, "peak": _megabytes(), "before": before}
    print(json.dumps(measured))
    return 0


def _our_reader() -> Reader:
    # Imported here, so that a plain reading doesn't carry our imports.
    from coder.survey.read import read_file

    return read_file


def _megabytes() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


PLAIN: dict[str, Reader] = {
    ".csv": lambda path: pd.read_csv(path, sep=";"),
    ".xlsx": lambda path: pd.read_excel(path, engine="openpyxl"),
    ".sav": lambda path: pyreadstat.read_sav(path, user_missing=True),
    ".parquet": lambda path: pd.read_parquet(path),
}


# --- the files ---------------------------------------------------------------------------------


def _make(size: int, folder: Path) -> int:
    table = made_table(size)
    table.to_csv(folder / f"{size}.csv", sep=";", index=False)
    table.to_parquet(folder / f"{size}.parquet", index=False)
    texts = {name: table[name].fillna("") for name in table.columns if name.startswith("t")}
    pyreadstat.write_sav(table.assign(**texts), folder / f"{size}.sav", row_compress=True)
    _write_xlsx(table, folder / f"{size}.xlsx")
    return 0


def made_table(size: int) -> pd.DataFrame:
    """A made-up survey of this many respondents and 200 columns, always the same."""
    rng = np.random.default_rng(2020)
    columns: dict[str, Any] = {"id": [f"R{number:06}" for number in range(size)]}
    columns |= {f"q{number:03}": rng.integers(1, 7, size) for number in range(CODES)}
    for number in range(TEXTS):
        chosen = np.array(WORDS)[rng.integers(0, len(WORDS), (size, 12))]
        written = pd.Series([" ".join(row) for row in chosen])
        columns[f"t{number}"] = written.where(rng.random(size) < 0.3)
    return pd.DataFrame(columns)


def _write_xlsx(table: pd.DataFrame, path: Path) -> None:
    """The least that is a workbook; a library takes minutes for the largest."""
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    content = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content'
        '-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        'relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="'
        f'{content}.sheet.main+xml"/><Override PartName="/xl/sheet.xml" ContentType="{content}'
        '.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{relations}"><Relationship Id="r1" Type="{kind}'
        '/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/'
        f'main" xmlns:r="{kind}"><sheets><sheet name="Data" sheetId="1" r:id="r1"/></sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{relations}"><Relationship Id="r1" '
        f'Type="{kind}/worksheet" Target="sheet.xml"/></Relationships>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
        with archive.open("xl/sheet.xml", "w", force_zip64=True) as part:
            part.write(SHEET.encode())
            for line in _sheet_rows(table):
                part.write(line.encode())
            part.write(b"</sheetData></worksheet>")


def _sheet_rows(table: pd.DataFrame) -> Iterator[str]:
    letters = [_letters(number) for number in range(len(table.columns))]
    yield _row(1, letters, list(table.columns))
    for number, row in enumerate(table.itertuples(index=False), start=2):
        yield _row(number, letters, row)


def _row(number: int, letters: list[str], values: Any) -> str:
    cells = [
        f'<c r="{letter}{number}" t="inlineStr"><is><t>{value}</t></is></c>'
        if isinstance(value, str)
        else f'<c r="{letter}{number}"><v>{value}</v></c>'
        for letter, value in zip(letters, values, strict=True)
        if value == value
    ]
    return f'<row r="{number}">{"".join(cells)}</row>'


def _letters(number: int) -> str:
    return (_letters(number // 26 - 1) if number > 25 else "") + chr(ord("A") + number % 26)


# --- the report --------------------------------------------------------------------------------


def _report(rows: list[dict[str, Any]], argv: list[str]) -> str:
    command = " ".join(["python -m benchmarks.import_speed", *argv])
    lines = [
        "# Reading a survey file: time and memory",
        "",
        f"Written by `{command}`. Each file has 200 columns: an id, 189 codes, ten open questions "
        "that three in ten answered. Memory is the peak of a process that reads the one file; "
        f"{max(row['ours'].before for row in rows):,.0f} MB of it are the program itself. Plain "
        "is what `pandas` (`read_csv`, `read_excel` with openpyxl, `read_parquet`) or "
        "`pyreadstat` takes to read the same file in the same run, without labels, checks or "
        "text. Growth is the power of the file's size with which the seconds grow from the "
        "size before: 1 is as fast as the file.",
        "",
        "| file | respondents | MB | seconds | peak, MB | plain, s | plain, MB | ratio | growth |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [_line(row, rows) for row in sorted(rows, key=lambda row: KINDS.index(row["kind"]))]
    return "\n".join([*lines, ""])


def _line(row: dict[str, Any], rows: list[dict[str, Any]]) -> str:
    ours, plain = row["ours"], row["plain"]
    smaller = [each for each in rows if each["kind"] == row["kind"] and each["size"] < row["size"]]
    growth = f"{_growth(smaller[-1], row):.2f}" if smaller else ""
    return (
        f"| {row['kind']} | {row['size']:,} | {row['bytes'] / 1e6:,.1f} | {ours.seconds:.2f} | "
        f"{ours.peak:,.0f} | {plain.seconds:.2f} | {plain.peak:,.0f} | "
        f"{ours.seconds / plain.seconds:.1f} | {growth} |"
    )


def _growth(smaller: dict[str, Any], larger: dict[str, Any]) -> float:
    times = math.log(larger["ours"].seconds / smaller["ours"].seconds)
    return times / math.log(larger["bytes"] / smaller["bytes"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
