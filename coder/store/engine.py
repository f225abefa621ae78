"""Connections to a study's database, and what a person is told when it does not do its work."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError

from coder.errors import UserError
from coder.place import Database, Place
from coder.store.backups import broken

PATIENCE = 10.0  # seconds that are waited for another program that writes
_JOURNAL = 1 << 16  # bytes that an emptied journal may still take up
_CANNOT = {
    sqlite3.SQLITE_FULL: "study.disk_full",
    sqlite3.SQLITE_IOERR: "study.disk_trouble",
    sqlite3.SQLITE_READONLY: "study.read_only",
    sqlite3.SQLITE_CANTOPEN: "study.folder_read_only",
    sqlite3.SQLITE_PERM: "study.folder_read_only",
    sqlite3.SQLITE_BUSY: "study.locked",
    sqlite3.SQLITE_LOCKED: "study.locked",
    # What PostgreSQL calls the same.
    "25006": "study.read_only",
    "42501": "study.read_only",
    "53100": "study.disk_full",
    "55P03": "study.locked",
}
_BROKEN = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


class Conflict(Exception):
    """Another writer was faster; read what is new and try again."""


def engine_of(place: Place) -> sa.Engine:
    """Connections to a study, each made when it is needed.

    Raises ``UserError`` when the address is none, or when what it takes to get there is not
    installed.
    """
    if isinstance(place, Database):
        return _postgres(place)
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=str(place)),
        connect_args={"timeout": PATIENCE},
        execution_options={"place": place},
    )

    @sa.event.listens_for(engine, "connect")
    def _settings(connection: sa.engine.interfaces.DBAPIConnection, _: object) -> None:
        # A decision is on the disk before the coder is told that it is saved.
        cursor = connection.cursor()
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.close()

    return engine


def _postgres(place: Database) -> sa.Engine:
    try:
        url = sa.make_url(place.url)
        if url.drivername == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
        if url.drivername != "postgresql+psycopg" or not url.database:
            raise UserError("study.unknown_database", path=place)
        patience = {"connect_timeout": int(PATIENCE), "options": f"-c lock_timeout={PATIENCE:.0f}s"}
        told = {"place": place}
        return sa.create_engine(
            url, pool_pre_ping=True, pool_size=10, connect_args=patience, execution_options=told
        )
    except ModuleNotFoundError as error:
        raise UserError("study.no_driver", path=place) from error
    except (ArgumentError, ValueError):  # either would show the password
        raise UserError("study.unknown_database", path=place) from None


def is_file(engine: sa.Engine) -> bool:
    """Whether the study is a file."""
    return engine.dialect.name == "sqlite"


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection that sees the study at one moment, whatever others write meanwhile."""
    with _explained(engine):
        isolated = {} if is_file(engine) else {"isolation_level": "REPEATABLE READ"}
        with engine.connect().execution_options(**isolated) as connection:
            if is_file(engine):
                connection.exec_driver_sql("BEGIN")
            yield connection
            connection.rollback()


@contextmanager
def writing(engine: sa.Engine, often: bool = False) -> Iterator[sa.Connection]:
    """A transaction; in a file it locks out other writers from its first statement on.

    often : the next one comes soon. Then the journal beside a file stays there, emptied, since to
    make and delete it each time takes longer than to write.
    """
    with _explained(engine), engine.connect() as connection:
        try:
            if is_file(engine):
                if often:
                    connection.exec_driver_sql("PRAGMA journal_mode=PERSIST").close()
                    connection.exec_driver_sql(f"PRAGMA journal_size_limit={_JOURNAL}").close()
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            connection.commit()
        except BaseException:
            connection.rollback()
            raise


@contextmanager
def _explained(engine: sa.Engine) -> Iterator[None]:
    """An error of the database as a ``UserError``; one of numbering as a ``Conflict``."""
    try:
        yield
    except IntegrityError as error:
        raise Conflict from error
    except DBAPIError as error:
        raise _explanation(engine, error) from error


def _explanation(engine: sa.Engine, error: DBAPIError) -> UserError:
    place = engine.get_execution_options()["place"]
    if isinstance(place, Database):
        key = _CANNOT.get(getattr(error.orig, "sqlstate", None) or "", "study.unreachable")
        return UserError(key, path=place)
    code = getattr(error.orig, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    if code in _BROKEN:
        return broken(place)
    return UserError(_CANNOT.get(code, "study.unwritable"), path=place, reason=error.orig)
