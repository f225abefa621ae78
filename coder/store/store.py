"""A study as it is stored: its parts, its log, and whose the pseudonyms are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from coder.errors import UserError
from coder.files import replacing
from coder.place import Database, Place
from coder.store import backups, chains
from coder.store.cache import EmbeddingCache
from coder.store.chains import Damage
from coder.store.engine import Conflict, engine_of, reading, writing
from coder.store.formats import beside, bring_up_to_date, is_marked, set_format

# Kinds of parts after which all that was read of a study must be read again.
_SURVEY_KINDS = ("questionnaire", "survey", "joined")
_PSEUDONYMS = "pseudonyms"
_NEWEST = sa.select(sa.func.max(chains.part.c.no)).where(
    chains.part.c.kind.in_(sa.bindparam("kinds", expanding=True))
)
# PostgreSQL has no NUL in its texts, and half a pair of surrogates is no character.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Row:
    """A line of the log as stored; ``decision`` is JSON, ``at`` is in UTC."""

    no: int
    at: datetime
    coder: str
    decision: str
    why: str


@dataclass
class Turn:
    """One's turn to write: nobody else can add to the log before it is over."""

    _connection: sa.Connection
    _end: tuple[int, str]  # the number and hash of the last entry

    def version(self) -> int:
        """As ``Store.version`` without kinds."""
        return _newest(self._connection, _SURVEY_KINDS)

    def rows(self, after: int) -> list[Row]:
        """The entries of the log after this number."""
        return [_row(each) for each in chains.rows(self._connection, "log", after)]

    def append(self, row: Row) -> None:
        """Write one entry; ``Conflict`` when its number does not follow the last."""
        no, before = self._end
        if row.no != no + 1:
            raise Conflict(row.no)
        self._end = row.no, chains.add(self._connection, "log", before, _values(row))

    def seal(self) -> None:
        """Let the log end in what was written last."""
        chains.reseal(self._connection, "log", *self._end)


class Store:
    """A study's file or database. Every method is one transaction.

    Each raises ``UserError`` when the database does not do its work: locked, full, read-only,
    damaged, or out of reach.
    """

    def __init__(self, place: Place, engine: sa.Engine) -> None:
        self.place = place
        self._engine = engine

    @classmethod
    def create(cls, place: Place, parts: Mapping[str, bytes]) -> Store:
        """A new study with these parts, all or nothing.

        Raises ``UserError`` when there is one already or none can be made.
        """
        return cls._made(place, lambda connection: _add_parts(connection, [*parts.items()]))

    @classmethod
    def _made(cls, place: Place, fill: Callable[[sa.Connection], None]) -> Store:
        if isinstance(place, Database):
            engine = engine_of(place)
            with writing(engine) as connection:
                if sa.inspect(connection).get_table_names():
                    raise UserError("study.database_in_use", path=place)
                _begin(connection, fill)
            return cls(place, engine)
        if place.exists():
            raise UserError("study.exists", path=place)
        _sweep(place)
        with replacing(place) as draft:
            engine = engine_of(draft)
            with writing(engine) as connection:
                _begin(connection, fill)
            engine.dispose()
        return cls(place, engine_of(place))

    @classmethod
    def open(cls, place: Place) -> Store:
        """The study that is kept here, brought up to the present format.

        Raises ``UserError`` when there is none, when it is damaged, or when a newer version of the
        program wrote it.
        """
        if isinstance(place, Path) and not place.is_file():
            raise UserError("study.missing", path=place)
        engine = engine_of(place)
        try:
            bring_up_to_date(engine, place)
        except UserError as error:
            if error.key not in ("study.not_a_study", "study.broken", "study.broken_backed_up"):
                raise
            if isinstance(place, Path) and is_marked(place):
                raise backups.broken(place) from error
            raise UserError("study.not_a_study", path=place) from error
        return cls(place, engine)

    def copy_to(self, place: Place) -> Store:
        """The same study in another place: every row of both chains, and the pseudonyms.

        Whole or not at all: what was written is compared with its hashes before it counts. Raises
        ``UserError`` when there is a study already, or when this one is damaged.
        """
        wrong = self.damages()
        if wrong:
            raise UserError("copy.damaged", where=wrong[0].where, no=wrong[0].no)
        names = self.pseudonyms()
        with reading(self._engine) as source:
            copy = self._made(place, lambda target: _copy_chains(source, target))
        copy.keep_pseudonyms(names)
        return copy

    # --- the parts --------------------------------------------------------------------------------

    def add_parts(self, parts: Mapping[str, bytes], after: int | None = None) -> None:
        """Keep new versions of parts, all or none of them; earlier ones stay.

        after : the version that they were made from; ``Conflict`` when there is a newer one.
        """
        with writing(self._engine) as connection:
            chains.last(connection, "part", lock=True)
            if after not in (None, _newest(connection, _SURVEY_KINDS)):
                raise Conflict(after)
            _add_parts(connection, [*parts.items()])

    def part(self, kind: str) -> bytes | None:
        """The latest version of a part, or None."""
        part = chains.part
        query = sa.select(part.c.content).where(part.c.kind == kind).order_by(part.c.no.desc())
        with reading(self._engine) as connection:
            return connection.execute(query.limit(1)).scalar()

    def history(self, kind: str) -> list[tuple[datetime, bytes]]:
        """Every version of a part, the oldest first, and when it was kept."""
        part = chains.part
        query = sa.select(part.c.at, part.c.content).where(part.c.kind == kind)
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(part.c.no))
            return [(datetime.fromisoformat(row.at), row.content) for row in rows]

    def version(self, *kinds: str) -> int:
        """A number that grows when a part of these kinds gets a new version; 0 without any.

        Without kinds: when the survey, its questionnaire, or the log as a whole is another.
        """
        with reading(self._engine) as connection:
            return _newest(connection, kinds or _SURVEY_KINDS)

    # --- the log ----------------------------------------------------------------------------------

    def rows(self, after: int = 0) -> list[Row]:
        """The entries of the log after this number."""
        with reading(self._engine) as connection:
            return [_row(each) for each in chains.rows(connection, "log", after)]

    def news(self, after: int) -> tuple[int, list[Row]]:
        """The ``version`` without kinds, and the entries of the log after this number."""
        with reading(self._engine) as connection:
            found = [_row(each) for each in chains.rows(connection, "log", after)]
            return _newest(connection, _SURVEY_KINDS), found

    @contextmanager
    def turn(self) -> Iterator[Turn]:
        """One's turn to write to the log: what is written within stands when it ends well."""
        with writing(self._engine, often=True) as connection:
            turn = Turn(connection, chains.last(connection, "log", lock=True))
            yield turn
            turn.seal()

    def append(self, row: Row) -> None:
        """Write one entry; ``Conflict`` when its number is taken or does not follow the last."""
        with self.turn() as turn:
            turn.append(row)

    def end_of_log(self) -> tuple[int, str]:
        """The number and hash of the last entry; 0 and an empty text before the first."""
        with reading(self._engine) as connection:
            return chains.last(connection, "log")

    def replace_log(
        self, rows: Sequence[Row], seen: int, parts: Sequence[tuple[str, bytes]]
    ) -> None:
        """Put another log in the place of this one, and add to the parts.

        seen : the last entry that the new log knows of; ``Conflict`` when there is one after it.
        """
        with writing(self._engine) as connection:
            if chains.last(connection, "log", lock=True)[0] != seen:
                raise Conflict(seen)
            connection.execute(chains.log.delete())
            turn = Turn(connection, (0, ""))
            for row in rows:
                turn.append(row)
            turn.seal()
            _add_parts(connection, parts)

    # --- what lies beside it ----------------------------------------------------------------------

    def pseudonyms(self) -> str | None:
        """Whose each pseudonym is, as it was kept; None when it never was.

        Beside a file it is a file of its own, that only its owner may read.
        """
        if isinstance(self.place, Path):
            file = _pseudonyms_of(self.place)
            try:
                return file.read_text("utf-8") if file.exists() else None
            except (ValueError, OSError) as error:
                raise UserError("file.unreadable", path=file, kind="JSON") from error
        query = sa.select(beside.c.content).where(beside.c.name == _PSEUDONYMS)
        with reading(self._engine) as connection:
            content = connection.execute(query).scalar()
        return None if content is None else bytes(content).decode()

    def keep_pseudonyms(self, text: str | None) -> None:
        """Keep whose each pseudonym is, in the place of what was kept before; None: nothing."""
        if isinstance(self.place, Path):
            return _write_private(_pseudonyms_of(self.place), text)
        with writing(self._engine) as connection:
            connection.execute(beside.delete().where(beside.c.name == _PSEUDONYMS))
            if text is not None:
                values = {"name": _PSEUDONYMS, "content": text.encode()}
                connection.execute(beside.insert().values(**values))
        return None

    def vectors(self) -> EmbeddingCache:
        """The cache of vectors that belongs to this study."""
        if isinstance(self.place, Path):
            return EmbeddingCache(self.place.with_suffix(".embeddings"))
        return EmbeddingCache(self.place)

    def back_up(self, purpose: str) -> Path | None:
        """A backup before something large is done; None where there is no file to copy."""
        return backups.back_up(self.place, purpose) if isinstance(self.place, Path) else None

    def back_up_today(self) -> Path | None:
        """The backup of this day; None if there is one, nothing is new, or there is no file."""
        return backups.back_up_today(self.place) if isinstance(self.place, Path) else None

    # --- damage -----------------------------------------------------------------------------------

    def damages(self) -> list[Damage]:
        """What does not agree with its hash; empty when all is as it was written."""
        with reading(self._engine) as connection:
            wrong = [each for chain in chains.TABLES for each in chains.damages(connection, chain)]
            if not wrong and not _is_sound(connection):
                wrong.append(Damage("file", 0))
            return wrong


def _begin(connection: sa.Connection, fill: Callable[[sa.Connection], None]) -> None:
    chains.begin_chains(connection)
    set_format(connection)
    fill(connection)


def _sweep(path: Path) -> None:
    """What a program that was killed, or an earlier study of this name, has left behind.

    A journal beside a new draft would be taken for its own; pseudonyms are about other people.
    """
    path.with_name(f".{path.name}.new-journal").unlink(missing_ok=True)
    path.with_name(f"{path.name}-journal").unlink(missing_ok=True)
    _pseudonyms_of(path).unlink(missing_ok=True)


def _pseudonyms_of(path: Path) -> Path:
    return path.with_suffix(f".{_PSEUDONYMS}.json")


def _write_private(file: Path, text: str | None) -> None:
    if text is None:
        return file.unlink(missing_ok=True)
    with replacing(file, mode=0o600) as draft:
        draft.write_text(text, "utf-8")
    return None


def _copy_chains(source: sa.Connection, target: sa.Connection) -> None:
    """Every row as it is, hash and all; then what was written is compared with the hashes."""
    for chain, table in chains.TABLES.items():
        for row in chains.rows(source, chain):
            target.execute(table.insert().values(**row))
        chains.reseal(target, chain, *chains.last(source, chain))
        for each in chains.damages(target, chain):
            raise UserError("copy.damaged", where=each.where, no=each.no)


def _is_sound(connection: sa.Connection) -> bool:
    """Whether the database's own bookkeeping agrees: of a file, its pages and indexes."""
    if connection.dialect.name != "sqlite":
        return True
    try:
        return bool(connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok")
    except sa.exc.DBAPIError:
        return False


def _row(row: Mapping[Any, Any]) -> Row:
    at = datetime.fromisoformat(row["at"])
    return Row(row["no"], at, row["coder"], row["decision"], row["why"])


def _values(row: Row) -> dict[str, Any]:
    """A row as it is written; ``UserError`` when there is a sign in it that can't be stored."""
    if _UNSTORABLE.search(row.coder + row.decision + row.why):
        raise UserError("log.bad_sign")
    return {**vars(row), "at": row.at.isoformat()}


def _newest(connection: sa.Connection, kinds: Sequence[str]) -> int:
    return int(connection.execute(_NEWEST, {"kinds": list(kinds)}).scalar() or 0)


def _add_parts(connection: sa.Connection, parts: Sequence[tuple[str, bytes]]) -> None:
    no, sha256 = chains.last(connection, "part", lock=True)
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    for kind, content in parts:
        no += 1
        values = {"no": no, "kind": kind, "at": at, "content": content}
        sha256 = chains.add(connection, "part", sha256, values)
    chains.reseal(connection, "part", no, sha256)
