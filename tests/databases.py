"""Places for studies: a file and a PostgreSQL database, so that tests can be run on both."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from coder.place import Database, Place
from coder.store import Store
from tools.debian import SetUpError
from tools.postgres import is_needed, server


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a server of the tests' own; without one they are left out, but not in CI."""
    try:
        with server() as address:
            yield address
    except SetUpError as error:
        (pytest.fail if is_needed() else pytest.skip)(str(error))


@pytest.fixture
def database(postgres: str) -> Database:
    """An empty database of the test's own."""
    name = f"study_{uuid.uuid4().hex[:12]}"
    engine = sa.create_engine(postgres, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template0")
    engine.dispose()
    return Database(postgres.replace("/postgres?", f"/{name}?"))


@pytest.fixture(params=["file", "database"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Where a study may be made: a file that isn't there, then a database with nothing in it."""
    if request.param == "file":
        return tmp_path / "s.db"
    return request.getfixturevalue("database")


@pytest.fixture
def own_place(place: Place, demo_folder: Path) -> Place:
    """A coded demo study of the test's own, which it may change: in a file, then in a database."""
    demo = demo_folder / "demo.db"
    if isinstance(place, Path):
        shutil.copyfile(demo, place)
    else:
        Store.open(demo).copy_to(place)
    return place


def tables(place: Place) -> sa.Engine:
    """The tables of a study, behind the program's back."""
    return sa.create_engine(place.url if isinstance(place, Database) else f"sqlite:///{place}")


def change(place: Place, statement: str, **values: object) -> None:
    """Change one row behind the program's back."""
    engine = tables(place)
    with engine.begin() as connection:
        assert connection.execute(sa.text(statement), values).rowcount == 1
    engine.dispose()


def ask(place: Place, query: str, **values: object) -> list[tuple[object, ...]]:
    """What stands in the tables."""
    engine = tables(place)
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(sa.text(query), values)]
    engine.dispose()
    return found
