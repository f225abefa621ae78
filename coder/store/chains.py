"""The tables of a study, and the chains of hashes that show when a row is not as it was.

``part`` holds everything large, each version for itself and never changed: the survey table
(Parquet), the questionnaire and the recipe (YAML), the proposals that people work from (JSON).
``log`` holds the decisions, numbered here without gaps. In both, each row is hashed together with
the hash of the row before, and ``seal`` holds the last hash of each, so that a lost or changed row
is found, the last one too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

metadata = sa.MetaData()
part = sa.Table(
    "part",
    metadata,
    sa.Column("no", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.String(32), nullable=False, index=True),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
)
log = sa.Table(
    "log",
    metadata,
    sa.Column("no", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("coder", sa.String(64), nullable=False),
    sa.Column("decision", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
)
seal = sa.Table(
    "seal",
    metadata,
    sa.Column("chain", sa.String(8), primary_key=True),
    sa.Column("no", sa.Integer, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
)
TABLES: Mapping[str, sa.Table] = {"part": part, "log": log}
# The columns of each chain that are hashed, beside the hash of the row before.
_HASHED = {
    "part": ("no", "kind", "at", "content"),
    "log": ("no", "at", "coder", "decision", "why"),
}
_BATCH = {"part": 1, "log": 1000}  # rows that are in memory at once: a part may be large


@dataclass(frozen=True)
class Damage:
    """Something that is not as it was written: a part, an entry of the log, or the file itself."""

    where: str
    no: int


def begin_chains(connection: sa.Connection) -> None:
    """Make the tables, and seal both chains while they are empty."""
    metadata.create_all(connection)
    connection.execute(seal.insert(), [{"chain": c, "no": 0, "sha256": ""} for c in TABLES])


# Made once: to make them again for each decision takes longer than to carry them out.
_LAST = sa.select(seal.c.no, seal.c.sha256).where(seal.c.chain == sa.bindparam("chain"))
_LAST_LOCKED = _LAST.with_for_update()
_SEAL = seal.update().where(seal.c.chain == sa.bindparam("its_chain"))
_ADD = {name: table.insert() for name, table in TABLES.items()}
_NEXT = {
    name: sa.select(table)
    .where(table.c.no > sa.bindparam("after"))
    .order_by(table.c.no)
    .limit(_BATCH[name])
    for name, table in TABLES.items()
}


def last(connection: sa.Connection, chain: str, lock: bool = False) -> tuple[int, str]:
    """The number and hash of the last row of a chain, as sealed.

    lock : nobody else can add to the chain before the transaction ends. (In a file they can't
    anyway, and SQLite knows no lock on a row.)
    """
    row = connection.execute(_LAST_LOCKED if lock else _LAST, {"chain": chain}).one()
    return int(row.no), str(row.sha256)


def add(connection: sa.Connection, chain: str, before: str, values: Mapping[str, Any]) -> str:
    """Write the next row of a chain after the one with the hash ``before``; the hash of the new.

    Whoever writes seals the chain in the end.
    """
    digest = _row_hash(before, [values[name] for name in _HASHED[chain]])
    connection.execute(_ADD[chain], {**values, "sha256": digest})
    return digest


def reseal(connection: sa.Connection, chain: str, no: int, sha256: str) -> None:
    """Let the chain end in the row with this number and hash."""
    connection.execute(_SEAL, {"its_chain": chain, "no": no, "sha256": sha256})


def rows(connection: sa.Connection, chain: str, after: int = 0) -> Iterator[sa.RowMapping]:
    """The rows of a chain after this number, in order, few at a time."""
    while True:
        found = connection.execute(_NEXT[chain], {"after": after}).mappings().all()
        yield from found
        if len(found) < _BATCH[chain]:
            return
        after = found[-1]["no"]


def damages(connection: sa.Connection, chain: str) -> list[Damage]:
    """The rows whose number or hash doesn't follow from the row before, and those that are gone.

    Where a row can't even be read, that is where it ends.
    """
    wrong, no, before = [], 0, ""
    try:
        for row in rows(connection, chain, after=-(2**31)):
            no += 1
            values = [row[name] for name in _HASHED[chain]]
            if row["no"] != no or row["sha256"] != _row_hash(before, values):
                wrong.append(Damage(chain, int(row["no"])))
            no, before = int(row["no"]), row["sha256"]
        if (no, before) != last(connection, chain):
            wrong.append(Damage(chain, no + 1))
    except (sa.exc.DBAPIError, sa.exc.NoResultFound, TypeError, ValueError):
        # What stands there is no text, no number, or no row of a table at all.
        wrong.append(Damage(chain, no + 1))
    return wrong


def _row_hash(before: str, values: Sequence[object]) -> str:
    """SHA-256 over the hash before and the values, each with its length, so that none runs over."""
    digest = hashlib.sha256(before.encode())
    for value in values:
        content = value if isinstance(value, bytes) else str(value).encode()
        digest.update(f"{len(content)}:".encode())
        digest.update(content)
    return digest.hexdigest()
