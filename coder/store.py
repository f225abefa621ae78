"""The one database module: a study's parts and its decision log, and the cache of embeddings.

A study is one SQLite file. ``part`` holds everything large, each version for itself and never
changed: the survey table (Parquet), the questionnaire and the recipe (YAML), the proposals that
people work from (JSON). ``log`` holds the decisions, numbered here without gaps. In both, each row
is hashed together with the hash of the row before, and ``seal`` holds the last hash of each, so
that a lost or changed row is found, the last one too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError

from coder.errors import UserError
from coder.files import replacing

VERSION = 1
_SURVEY_KINDS = ("questionnaire", "survey")
_metadata = sa.MetaData()
_part = sa.Table(
    "part",
    _metadata,
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String(32), nullable=False, index=True),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
)
_log = sa.Table(
    "log",
    _metadata,
    sa.Column("no", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("coder", sa.String(64), nullable=False),
    sa.Column("decision", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
)
_seal = sa.Table(
    "seal",
    _metadata,
    sa.Column("chain", sa.String(8), primary_key=True),
    sa.Column("no", sa.Integer, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
)
# The columns of each chain that are hashed, beside the hash of the row before.
_CHAINS = {
    "part": (_part, ("no", "kind", "at", "content")),
    "log": (_log, ("no", "at", "coder", "decision", "why")),
}
_cache_metadata = sa.MetaData()
_vector = sa.Table(
    "vector",
    _cache_metadata,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)


@dataclass(frozen=True)
class Row:
    """A line of the log as stored; ``decision`` is JSON, ``at`` is in UTC."""

    no: int
    at: datetime
    coder: str
    decision: str
    why: str


@dataclass(frozen=True)
class Damage:
    """Something in the file that is not as it was written: a part, or an entry of the log."""

    where: str
    no: int


class Conflict(Exception):
    """Another writer has used this number in the log; read what is new and try again."""


class Store:
    """A study's file. Every method is one transaction."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    @classmethod
    def create(cls, path: Path, parts: Mapping[str, bytes]) -> Store:
        """A new study with these parts, all or nothing.

        Raises ``UserError`` when the file is there already or can't be made.
        """
        if path.exists():
            raise UserError("study.exists", path=path)
        with replacing(path) as draft:
            engine = _engine(draft)
            _metadata.create_all(engine)
            with _write(engine) as connection:
                connection.exec_driver_sql(f"PRAGMA user_version={VERSION}")
                seals = [{"chain": chain, "no": 0, "sha256": ""} for chain in _CHAINS]
                connection.execute(_seal.insert(), seals)
            cls(engine).add_parts(parts)
            engine.dispose()
        return cls(_engine(path))

    @classmethod
    def open(cls, path: Path) -> Store:
        """The study in this file.

        Raises ``UserError`` when there is none, when the file is no study, or when a newer
        version of the program wrote it.
        """
        if not path.is_file():
            raise UserError("study.missing", path=path)
        engine = _engine(path)
        try:
            with engine.connect() as connection:
                version = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
                known = set(sa.inspect(connection).get_table_names())
        except DatabaseError as error:
            raise UserError("study.not_a_study", path=path) from error
        if not {"part", "log", "seal"} <= known:
            raise UserError("study.not_a_study", path=path)
        if version > VERSION:
            raise UserError("study.newer", path=path, version=version, known=VERSION)
        return cls(engine)

    def add_parts(self, parts: Mapping[str, bytes], after: int | None = None) -> None:
        """Keep new versions of parts, all or none of them; earlier ones stay.

        after : the version that they were made from; ``Conflict`` when there is a newer one.
        """
        with _write(self._engine) as connection:
            if after not in (None, _newest(connection, _SURVEY_KINDS)):
                raise Conflict(after)
            for kind, content in parts.items():
                no, _ = _last(connection, "part")
                values = {"no": no + 1, "kind": kind, "at": _stamp(), "content": content}
                _chain(connection, "part", values)

    def part(self, kind: str) -> bytes | None:
        """The latest version of a part, or None."""
        query = sa.select(_part.c.content).where(_part.c.kind == kind).order_by(_part.c.no.desc())
        with self._engine.connect() as connection:
            return connection.execute(query.limit(1)).scalar()

    def history(self, kind: str) -> list[tuple[datetime, bytes]]:
        """Every version of a part, the oldest first, and when it was kept."""
        query = sa.select(_part.c.at, _part.c.content).where(_part.c.kind == kind)
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(_part.c.no))
            return [(datetime.fromisoformat(row.at), row.content) for row in rows]

    def version(self, *kinds: str) -> int:
        """A number that grows when a part of these kinds gets a new version; 0 without any.

        Without kinds: of the survey or its questionnaire.
        """
        with self._engine.connect() as connection:
            return _newest(connection, kinds or _SURVEY_KINDS)

    def rows(self, after: int = 0) -> list[Row]:
        """The entries of the log after this number."""
        query = sa.select(_log).where(_log.c.no > after).order_by(_log.c.no)
        with self._engine.connect() as connection:
            return [_row(each) for each in connection.execute(query)]

    def append(self, row: Row) -> None:
        """Write one entry; ``Conflict`` when its number is taken or does not follow the last."""
        try:
            with _write(self._engine) as connection:
                if row.no != _last(connection, "log")[0] + 1:
                    raise Conflict(row.no)
                _chain(connection, "log", {**vars(row), "at": row.at.isoformat()})
        except IntegrityError as error:
            raise Conflict(row.no) from error

    def damages(self) -> list[Damage]:
        """What does not agree with its hash; empty when the file is as it was written."""
        with self._engine.connect() as connection:
            return [each for chain in _CHAINS for each in _damages(connection, chain)]


class EmbeddingCache:
    """Vectors by key, in a file of its own that may be deleted at any time; None: in no file."""

    def __init__(self, path: Path | None) -> None:
        self._engine = _engine(path or Path(":memory:"))
        with _write(self._engine) as connection:  # two programs may make the file at once
            connection.execute(sa.schema.CreateTable(_vector, if_not_exists=True))

    def get(self, keys: Sequence[str]) -> dict[str, bytes]:
        """The vectors that are there, by key."""
        found: dict[str, bytes] = {}
        with self._engine.connect() as connection:
            for start in range(0, len(keys), 500):
                query = sa.select(_vector).where(_vector.c.key.in_(keys[start : start + 500]))
                found |= {row.key: row.content for row in connection.execute(query)}
        return found

    def put(self, vectors: Mapping[str, bytes]) -> None:
        """Keep these vectors."""
        if not vectors:
            return
        insert = _vector.insert().prefix_with("OR IGNORE")
        with _write(self._engine) as connection:
            connection.execute(insert, [{"key": k, "content": v} for k, v in vectors.items()])


# --- the file ----------------------------------------------------------------------------------


def _engine(path: Path) -> sa.Engine:
    engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": 10})

    @sa.event.listens_for(engine, "connect")
    def _settings(connection: sa.engine.interfaces.DBAPIConnection, _: object) -> None:
        # A decision is on the disk before the coder is told that it is saved.
        cursor = connection.cursor()
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA busy_timeout=10000")
        cursor.close()

    return engine


@contextmanager
def _write(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that locks out other writers from its first statement on."""
    with engine.connect() as connection:
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            connection.commit()
        except OperationalError as error:
            connection.rollback()
            raise UserError("study.unwritable", reason=error.orig) from error
        except BaseException:
            connection.rollback()
            raise


def _row(row: sa.Row[tuple[object, ...]]) -> Row:
    values = row._mapping
    at = datetime.fromisoformat(values["at"])
    return Row(values["no"], at, values["coder"], values["decision"], values["why"])


def _newest(connection: sa.Connection, kinds: Sequence[str]) -> int:
    query = sa.select(sa.func.max(_part.c.no)).where(_part.c.kind.in_(kinds))
    return int(connection.execute(query).scalar() or 0)


def _last(connection: sa.Connection, chain: str) -> tuple[int, str]:
    """The number and hash of the last row of a chain, as sealed."""
    row = connection.execute(sa.select(_seal).where(_seal.c.chain == chain)).one()
    return int(row.no), str(row.sha256)


def _chain(connection: sa.Connection, chain: str, values: Mapping[str, Any]) -> None:
    """Write the next row of a chain, hashed with the one before, and seal it."""
    table, columns = _CHAINS[chain]
    digest = _row_hash(_last(connection, chain)[1], [values[name] for name in columns])
    connection.execute(table.insert().values(**values, sha256=digest))
    seal = _seal.update().where(_seal.c.chain == chain)
    connection.execute(seal.values(no=values["no"], sha256=digest))


def _damages(connection: sa.Connection, chain: str) -> list[Damage]:
    """The rows whose number or hash doesn't follow from the row before, and those that are gone."""
    table, columns = _CHAINS[chain]
    wrong, no, before = [], 0, ""
    for row in connection.execute(sa.select(table).order_by(table.c.no)).mappings():
        no += 1
        if row["no"] != no or row["sha256"] != _row_hash(before, [row[name] for name in columns]):
            wrong.append(Damage(chain, int(row["no"])))
        no, before = int(row["no"]), row["sha256"]
    if (no, before) != _last(connection, chain):
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


def _stamp() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
