"""Tables as files that any program reads: CSV, Parquet and JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from coder.errors import UserError
from coder.files import replacing

# A spreadsheet takes a cell that begins so for a formula, and runs it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_QUOTE = "'"


def write_csv(path: Path, table: pd.DataFrame) -> None:
    """A table as CSV: UTF-8 with a byte order mark, separated by semicolon, whole or not at all.

    With the mark, spreadsheets show æ, ø and å. Text that a spreadsheet would take for a formula
    has an apostrophe before it, and so has text that begins with one (see ``as_text``). Missing
    values are empty.
    """
    check_ending(path, ".csv")
    with replacing(path) as draft:
        draft.write_bytes(csv_bytes(table))


def csv_bytes(table: pd.DataFrame, digits: int | None = None) -> bytes:
    """The same as bytes; digits : how many count of a number, None: all there are."""
    safe = table.rename(columns=harmless)
    for name in safe.columns:
        safe[name] = safe[name].map(lambda v: harmless(v) if isinstance(v, str) else v)
    exact = f"%.{digits}g" if digits else None
    text = safe.to_csv(None, sep=";", index=False, float_format=exact, lineterminator="\r\n")
    return str(text).encode("utf-8-sig")


def harmless(text: str) -> str:
    """A text as no spreadsheet takes it for a formula; ``as_text`` gives it back."""
    text = writable(text)
    return _QUOTE + text if text.startswith((*_FORMULA, _QUOTE)) else text


def as_text(cell: str) -> str:
    """What ``harmless`` was given, of a cell that it wrote."""
    return cell[1:] if cell.startswith(_QUOTE) and cell[1:2] in (*_FORMULA, _QUOTE) else cell


def writable(text: str) -> str:
    """A text without halves of characters, which no file in UTF-8 can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def write_parquet(path: Path, table: pd.DataFrame) -> None:
    """A table as Parquet: text, numbers, missing values as they are; whole or not at all."""
    check_ending(path, ".parquet")
    with replacing(path) as draft:
        table.map(lambda v: writable(v) if isinstance(v, str) else v).to_parquet(draft, index=False)


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """A JSON object in UTF-8, missing values as ``null``; whole or not at all."""
    check_ending(path, ".json")
    text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)
    with replacing(path) as draft:
        draft.write_text(writable(text) + "\n", "utf-8", newline="\n")


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table as JSON has them; what is missing is None."""
    plain = table.astype(object).where(table.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in plain.to_dict("records")]


def check_ending(path: Path, ending: str) -> None:
    """Raises ``UserError`` when a file would be called otherwise than what is in it."""
    if path.suffix.lower() != ending:
        raise UserError("export.wrong_ending", path=path, ending=ending)
