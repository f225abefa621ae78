"""What was made elsewhere and comes in: codes and codings, as ordinary decisions."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from coder.coding.incoming import Incoming, Refusal, coders_of, codes_incoming, codings_incoming
from coder.coding.log import advance
from coder.errors import UserError
from coder.model import AddCoder, Decision, LogEntry
from coder.report.plain_files import as_text
from coder.report.qdc import ReadCode, read_qdc
from coder.study.bundles import Bundles
from coder.survey.raw import FIRST_ROW
from coder.survey.read import read_file

_BOOK = ("definition", "include", "exclude", "parent")


@dataclass(frozen=True)
class Taken:
    """What an import of codes or codings did, or would do: how many decisions, what is refused.

    ``refusals`` are rows that can't be taken; if there are any, nothing has been done. ``new`` are
    codes or codings, ``there`` codings that were there already.
    """

    new: int
    refusals: tuple[Refusal, ...] = ()
    there: int = 0
    coders: tuple[str, ...] = ()


class FromElsewhere(Bundles):
    """Nothing that exists is changed, and a file is taken whole or not at all."""

    def import_codebook(self, path: Path, coder: str, dry_run: bool = False) -> Taken:
        """Add the codes of a ``.qdc``, ``.csv`` or ``.xlsx`` file, as decisions of this coder.

        coder : a name. A table has a column ``label``, and may have ``definition``, ``include``,
        ``exclude`` and ``parent``, the label of the code above. Raises ``UserError`` for a file
        that can't be read.
        """
        codes = read_qdc(path) if path.suffix.lower() == ".qdc" else _codes_in(_table(path))
        with self._lock:
            incoming = codes_incoming(self.state, codes, lambda: str(uuid.uuid4()))
            named = [(coder, decision) for _, decision in incoming.decisions]
            self._take(named, incoming, dry_run)
        return Taken(len(codes), incoming.refusals, 0, (coder,))

    def import_codings(self, path: Path, dry_run: bool = False) -> Taken:
        """Add the codings of a table with the columns ``answer``, ``code`` and ``coder``.

        Each coder of the file is the one who decides; who is new joins. Raises ``UserError`` for a
        file that can't be read, and when the decisions can't follow what is there.
        """
        table = _table(path)
        missing = [each for each in ("answer", "code", "coder") if each not in table]
        if missing:
            raise UserError("codings.no_column", path=path, column=missing[0])
        columns = (table[each] for each in ("answer", "code", "coder"))
        rows = [(no, *row) for no, row in enumerate(zip(*columns, strict=True), FIRST_ROW)]
        with self._lock:
            incoming = codings_incoming(self.state, rows)
            self._take(incoming.decisions, incoming, dry_run)
        new = len(rows) - len(incoming.refusals) - incoming.there
        return Taken(new, incoming.refusals, incoming.there, tuple(coders_of(rows)))

    def _take(
        self, named: Sequence[tuple[str, Decision]], incoming: Incoming, dry_run: bool
    ) -> None:
        """Check that all can follow what is there, and then, unless it is dry, decide it."""
        if incoming.refusals:
            return
        decided = self._with_coders(named)
        if dry_run:
            self._try(decided)
        else:
            self._decide_all(decided)

    def _with_coders(self, named: Sequence[tuple[str, Decision]]) -> list[tuple[str, Decision]]:
        """The decisions by the ids of their coders; who is new joins first."""
        ids = {known.casefold(): who for who, known in self._current().coders.items()}
        decided: list[tuple[str, Decision]] = []
        for name, decision in named:
            plain = " ".join(name.split())
            if plain.casefold() not in ids:
                ids[plain.casefold()] = who = str(uuid.uuid4())
                decided.append((who, AddCoder(who, plain)))
            decided.append((ids[plain.casefold()], decision))
        return decided

    def _try(self, decided: Sequence[tuple[str, Decision]]) -> None:
        state = self._current()
        for who, decision in decided:
            before = state
            state = advance(state, [LogEntry(state.no + 1, datetime.now(UTC), who, decision)])
            self._check_answers(before, state, decision)


def _table(path: Path) -> pd.DataFrame:
    """A file of text, with names of columns in lower case and without our own apostrophes."""
    table = read_file(path).table.fillna("").astype(object)
    if path.suffix.lower() == ".csv":
        table = table.map(as_text)
    return table.rename(columns=lambda name: str(name).strip().casefold())


def _codes_in(table: pd.DataFrame) -> list[ReadCode]:
    """The codes of a table, those above before those below."""
    if "label" not in table:
        raise UserError("codes.no_column")
    for each in _BOOK:
        if each not in table:
            table = table.assign(**{each: ""})
    rows = table.to_dict("records")
    order, places = _order([row["label"] for row in rows], [row["parent"] for row in rows])
    found = []
    for no in order:
        row = rows[no]
        above = row["parent"].strip().casefold()
        parent = places[above] if above else None
        told = {name: row[name].strip() for name in ("definition", "include", "exclude")}
        found.append(ReadCode(FIRST_ROW + no, row["label"].strip(), **told, parent=parent))
    return found


def _order(labels: Sequence[str], parents: Sequence[str]) -> tuple[list[int], dict[str, int]]:
    """In which order rows can be created, and the place in it of each label.

    Raises ``UserError`` with the row for a code above that is not in the file, or stands below.
    """
    order: list[int] = []
    places: dict[str, int] = {}
    left = list(range(len(labels)))
    while left:
        ready = [no for no in left if parents[no].strip().casefold() in ("", *places)]
        if not ready:
            row = FIRST_ROW + left[0]
            raise UserError("codes.no_parent", row=row, parent=parents[left[0]].strip())
        for no in ready:
            places.setdefault(labels[no].strip().casefold(), len(order))
            order.append(no)
        left = [no for no in left if no not in ready]
    return order, places
