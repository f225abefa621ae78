"""The one place that knows databases: a study's parts and log, in SQLite or PostgreSQL.

A study is one SQLite file, or a PostgreSQL database of its own (``coder.place``). Others import
from here.
"""

from coder.store.cache import EmbeddingCache
from coder.store.chains import Damage
from coder.store.engine import Conflict
from coder.store.store import Row, Store, Turn

__all__ = [
    "Conflict",
    "Damage",
    "EmbeddingCache",
    "Row",
    "Store",
    "Turn",
]
