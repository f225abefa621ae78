"""The format of a study's database: its number, and the steps from an older one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import sqlalchemy as sa

from coder.errors import UserError
from coder.place import Database, Place
from coder.store.backups import back_up
from coder.store.chains import metadata
from coder.store.engine import reading, writing

FORMAT = 2
APPLICATION = 0x436F6472  # "Codr": tells a damaged study from a file that is none

# In a file the number has a place of its own.
_format = sa.Table("format", sa.MetaData(), sa.Column("no", sa.Integer, primary_key=True))
# What lies beside a file, where there is no beside: whose the pseudonyms are.
beside = sa.Table(
    "beside",
    _format.metadata,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)


def set_format(connection: sa.Connection, no: int = FORMAT) -> None:
    """Say that the database is in this format."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA user_version={no:d}")
        connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION}")
    else:
        _format.metadata.create_all(connection)
        connection.execute(_format.delete())
        connection.execute(_format.insert().values(no=no))


def format_of(connection: sa.Connection) -> int | None:
    """The format of the study in the database; None when there is no study in it."""
    known = set(sa.inspect(connection).get_table_names())
    if not set(metadata.tables) <= known:
        return None
    if connection.dialect.name == "sqlite":
        return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
    if "format" not in known:
        return None
    return int(connection.execute(sa.select(sa.func.max(_format.c.no))).scalar_one() or 0)


def is_marked(path: Place) -> bool:
    """Whether a file says of itself that it is a study, however damaged it may be."""
    with open(str(path), "rb") as file:
        head = file.read(100)
    return head[68:72] == APPLICATION.to_bytes(4, "big")


def _mark(connection: sa.Connection) -> None:
    connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION}")


# What makes a file of each format one of the next.
STEPS: Mapping[int, Callable[[sa.Connection], None]] = {1: _mark}


def bring_up_to_date(engine: sa.Engine, place: Place) -> None:
    """Take a study to the present format: a backup and a transaction for each step.

    Raises ``UserError`` when the study is newer than the program, or older and in a database that
    other versions may be using.
    """
    with reading(engine) as connection:
        found = format_of(connection)
    if found is None:
        raise UserError("study.not_a_study", path=place)
    if found > FORMAT:
        raise UserError("study.newer", path=place, version=found, known=FORMAT)
    if found < FORMAT and isinstance(place, Database):
        raise UserError("study.older", path=place, version=found, known=FORMAT)
    for no in range(found, FORMAT):
        _take_step(engine, Path(str(place)), no)


def _take_step(engine: sa.Engine, path: Path, no: int) -> None:
    """One step, unless another program has taken it meanwhile."""
    back_up(path, f"format-{no + 1}")
    with writing(engine) as connection:
        if format_of(connection) == no:
            STEPS[no](connection)
            connection.exec_driver_sql(f"PRAGMA user_version={no + 1:d}")
