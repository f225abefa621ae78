"""Tables written as delimited text, that a spreadsheet opens without doing what a cell says."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from coder.files import replacing

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # with these a spreadsheet takes a text for a formula


def write_delimited(path: Path, table: pd.DataFrame, separator: str, decimal: str) -> None:
    """Write a table as ``delimited`` gives it, whole or not at all.

    Raises ``UserError`` when the folder isn't there.
    """
    with replacing(path) as draft:
        draft.write_bytes(delimited(table, separator, decimal))


def delimited(table: pd.DataFrame, separator: str, decimal: str) -> bytes:
    """A table as text, first row the column names.

    A text that a spreadsheet would take for a formula gets an apostrophe in front; missing values
    are empty. In UTF-8 with a mark at the beginning, which Excel needs.
    """
    safe = table.rename(columns=_harmless)
    for no, (_, values) in enumerate(table.items()):
        if values.dtype.kind not in "biuf":
            safe.isetitem(no, values.map(_harmless))
    text: str = safe.to_csv(sep=separator, decimal=decimal, index=False, lineterminator="\n")
    return text.encode("utf-8-sig")


def _harmless(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
