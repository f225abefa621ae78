"""A later file of the same survey: what it adds, and what it says differently."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from coder.errors import UserError
from coder.model import Change, Questionnaire


@dataclass(frozen=True, eq=False)
class Merge:
    """Two coded tables brought together.

    kept, taken : the whole table, where values differ with the earlier or the later value. Both
        have every respondent of either file, the earlier ones first and in their order.
    added : ids of new respondents. filled : how many values are new where there was none.
    changes : the values that differ, which only a person can decide about.
    """

    kept: pd.DataFrame
    taken: pd.DataFrame
    added: tuple[str, ...]
    filled: int
    changes: tuple[Change, ...]


def merge_tables(before: pd.DataFrame, after: pd.DataFrame, questionnaire: Questionnaire) -> Merge:
    """Bring two coded tables of one survey together, by the respondents' ids.

    Rows of one id are matched in their order. An open answer that the later file lacks stays, in
    ``taken`` as well: it may have been coded. Raises ``UserError`` when the questionnaire has no
    id question, since then nobody can be recognised.
    """
    named = questionnaire.of_kind("id")
    if not named:
        raise UserError("import.no_id_to_add")
    id_column = named[0].name
    old, new = _by_respondent(before, id_column), _by_respondent(after, id_column)
    index = old.index.append(new.index.difference(old.index, sort=False))
    columns = old.columns.append(new.columns.difference(old.columns, sort=False))
    earlier = old.reindex(index=index, columns=columns)
    later = new.reindex(index=index, columns=columns)
    common = old.index.intersection(new.index)
    shared = old.columns.intersection(new.columns)
    differs = _differences(old.loc[common, shared], new.loc[common, shared], questionnaire)
    kept = earlier.where(earlier.notna(), later)
    taken = kept.copy()
    for column in differs.columns[differs.any()]:
        rows = differs.index[differs[column]]
        taken.loc[rows, column] = new.loc[rows, column]
    return Merge(
        kept=kept.reset_index(drop=True),
        taken=taken.reset_index(drop=True),
        added=tuple(dict.fromkeys(new.index.difference(old.index, sort=False).get_level_values(0))),
        filled=int((old.loc[common, shared].isna() & new.loc[common, shared].notna()).sum().sum()),
        changes=_changes(old, new, differs),
    )


def _by_respondent(table: pd.DataFrame, id_column: str) -> pd.DataFrame:
    """The table by id and, where an id has several rows, their order."""
    order = table.groupby(id_column).cumcount()
    keys = pd.MultiIndex.from_arrays([table[id_column], order], names=["respondent", "row"])
    return table.set_axis(keys, axis="index")


def _differences(
    old: pd.DataFrame, new: pd.DataFrame, questionnaire: Questionnaire
) -> pd.DataFrame:
    """Where a value was there and is another, or none, now; shape of ``old``."""
    differs = old.notna() & (old.ne(new) | new.isna())
    for column in _open_columns(questionnaire):
        if column in differs.columns:
            differs[column] &= new[column].notna()
    return differs


def _open_columns(questionnaire: Questionnaire) -> list[str]:
    questions = questionnaire.of_kind("open")
    names = [name for q in questions for name in (q.name, q.elaboration) if name]
    return [prefix + name for prefix in questionnaire.cases.prefixes for name in names]


def _changes(old: pd.DataFrame, new: pd.DataFrame, differs: pd.DataFrame) -> tuple[Change, ...]:
    found = differs.stack()
    return tuple(
        Change(
            respondent=str(respondent),
            column=str(column),
            before=str(old.loc[(respondent, row), column]),
            after=_text_or_none(new.loc[(respondent, row), column]),
        )
        for respondent, row, column in found.index[found.to_numpy(dtype=bool)]
    )


def _text_or_none(value: object) -> str | None:
    return None if pd.isna(value) else str(value)
