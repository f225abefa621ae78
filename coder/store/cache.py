"""Vectors by key, that may be deleted at any time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from coder.place import Place
from coder.store.engine import engine_of, is_file, reading, writing

_metadata = sa.MetaData()
_vector = sa.Table(
    "vector",
    _metadata,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)


class EmbeddingCache:
    """Vectors by key: in a file of their own, or a table of a study's database; None: in memory."""

    def __init__(self, place: Place | None) -> None:
        self._engine = engine_of(place or Path(":memory:"))
        with writing(self._engine) as connection:  # two programs may make the table at once
            if not is_file(self._engine):
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(0x636F646572)))
            connection.execute(sa.schema.CreateTable(_vector, if_not_exists=True))

    def get(self, keys: Sequence[str]) -> dict[str, bytes]:
        """The vectors that are there, by key."""
        found: dict[str, bytes] = {}
        with reading(self._engine) as connection:
            for start in range(0, len(keys), 500):
                query = sa.select(_vector).where(_vector.c.key.in_(keys[start : start + 500]))
                found |= {row.key: row.content for row in connection.execute(query)}
        return found

    def put(self, vectors: Mapping[str, bytes]) -> None:
        """Keep these vectors."""
        if not vectors:
            return
        values = [{"key": key, "content": content} for key, content in sorted(vectors.items())]
        dialect = sqlite if is_file(self._engine) else postgresql
        insert = dialect.insert(_vector).on_conflict_do_nothing()
        with writing(self._engine) as connection:
            connection.execute(insert, values)
