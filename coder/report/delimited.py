"""Tables written as delimited text, that a spreadsheet opens without doing what a cell says."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from coder.files import replacing

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # with these a spreadsheet takes a text for a formula


def write_delimited(path: Path, table: pd.DataFrame, separator: str, decimal: str) -> None:
    """Write a table, first row the column names; whole or not at all.

    A text that a spreadsheet would take for a formula gets an apostrophe in front; missing values
    are empty. In UTF-8 with a mark at the beginning, which Excel needs. Raises ``UserError`` when
    the folder isn't there.
    """
    safe = table.rename(columns=_harmless)
    for no, (_, values) in enumerate(table.items()):
        if values.dtype.kind not in "biuf":
            safe.isetitem(no, values.map(_harmless))
    with replacing(path) as draft:
        safe.to_csv(
            draft,
            sep=separator,
            decimal=decimal,
            index=False,
            encoding="utf-8-sig",
            lineterminator="\n",
        )


def _harmless(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
