"""The coding of another study of the same survey, brought into this one."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from coder.coding.join import Clash, Joined, join_logs
from coder.coding.log import advance
from coder.coding.state import State
from coder.errors import UserError
from coder.place import Place
from coder.store import Conflict, Store
from coder.study.core import row_of
from coder.study.waves import Waves

if TYPE_CHECKING:
    from coder.study.study import Study

# What a study has of its own beside the survey and the log: of each kind the last counts.
_OWN_KINDS = ("recipe", "proposals", "words", "context", "waves")
_SHOWN = 5  # columns or questions that are named when two studies differ


class Joining(Waves):
    """The other study stays as it is, and nothing in it is believed before it has been read."""

    def join(self, other: Place, keep_both: bool = False, dry_run: bool = False) -> Joined:
        """Bring the coding of another study of the same survey into this one, all or nothing.

        keep_both, and what comes of it : see ``coding.join``. With ``dry_run``, or when there are
        clashes, nothing is written. Otherwise there is a backup first, and what the other study had
        of recipes, lists of words and proposals is kept as earlier versions. Who decides something
        here meanwhile waits. Raises ``UserError`` when the other is damaged or of another survey,
        or when another program writes meanwhile.
        """
        theirs = _opened(other)
        self._check_same_survey(theirs)
        with self._lock:
            mine = self._current()
            joined = join_logs(mine.answers, mine.log, theirs.state.log, keep_both)
            clashes = (*joined.clashes, *self._in_the_way(mine, joined))
            joined = replace(joined, clashes=clashes)
            parts = self._parts_to_add(other)
            if not (joined.clashes or dry_run) and (joined.added or parts):
                self._write_joined(other, mine, joined, parts)
        return joined

    def _write_joined(
        self, other: Place, mine: State, joined: Joined, parts: list[tuple[str, bytes]]
    ) -> None:
        self._store.back_up("join")
        told = {
            "ours": self._store.end_of_log(),
            "theirs": Store.open(other).end_of_log(),
            "renamed": joined.renamed,
            "numbers": {
                "ours": [joined.ours[no] for no in sorted(joined.ours)],
                "theirs": [joined.theirs[no] for no in sorted(joined.theirs)],
            },
        }
        parts = [*parts, ("joined", json.dumps(told).encode())]
        try:
            self._store.replace_log([row_of(entry) for entry in joined.log], mine.no, parts)
        except Conflict as error:
            raise UserError("study.changed_meanwhile", path=self.path) from error
        with self._waiting_lock:
            self._refuse_undos(self._waiting)  # their numbers are those of other entries now

    def _parts_to_add(self, other: Place) -> list[tuple[str, bytes]]:
        """What only the other study has of each kind; after it again what has counted here."""
        theirs = Store.open(other)
        parts: list[tuple[str, bytes]] = []
        for kind in _OWN_KINDS:
            known = [content for _, content in self._store.history(kind)]
            new = [content for _, content in theirs.history(kind) if content not in known]
            parts += [(kind, content) for content in (*new, *(known[-1:] if new else []))]
        return parts

    # --- what must agree --------------------------------------------------------------------------

    def _check_same_survey(self, theirs: Waves) -> None:
        paths = {"path": self.path, "other": theirs.path}
        here = {each.name: each for each in self.questionnaire.questions}
        there = {each.name: each for each in theirs.questionnaire.questions}
        names = [name for name in {**here, **there} if here.get(name) != there.get(name)]
        if names or self.questionnaire.cases != theirs.questionnaire.cases:
            raise UserError("join.other_questionnaire", **paths, questions=_some(names))
        mine, other = self.responses(), theirs.responses()
        if mine.to_csv(index=False) != other.to_csv(index=False):
            here_only, there_only = _rows(mine) - _rows(other), _rows(other) - _rows(mine)
            counts = {"ours": here_only.total(), "theirs": there_only.total()}
            columns = _some(_columns(mine, other))
            raise UserError("join.other_survey", **paths, **counts, columns=columns)

    def _in_the_way(self, mine: State, joined: Joined) -> list[Clash]:
        """What the log can't know: codes too many, and leads here who would be none any more."""
        if joined.clashes or not joined.added:
            return []
        after = advance(State(mine.answers), joined.log)
        reasons = [
            UserError("log.one_code", answer=answer)
            for (coder, answer), codes in after.codings.items()
            if len(codes) > max(1, len(mine.codings.get((coder, answer), ())))
            and self.codes_per_answer(answer) == "one"
        ]
        for who, name in mine.coders.items():
            if mine.role(who) == "lead" != after.role(who):
                reasons.append(UserError("join.lead_lost", name=name))
        return [Clash("theirs", 0, each) for each in reasons]


def _opened(other: Place) -> Study:
    """A study that may have been damaged on its way, or made to do harm: read before it counts.

    Raises ``UserError`` when it is none, does not agree with its hashes, or can't be read.
    """
    from coder.study.study import Study  # which joins, and so comes after it

    try:
        damages = Store.open(other).damages()
        theirs = Study.open(other)
        # What of it may count here afterwards.
        theirs.recipe()
        theirs.proposals()
        theirs.wordlist()
        theirs.context_items()
        theirs.earlier_waves()
    except UserError as error:
        raise _about_other(other, error) from error
    except (ValueError, TypeError, LookupError, AttributeError, OSError) as error:
        raise UserError("join.damaged", other=other) from error
    if damages:
        raise UserError("join.damaged", other=other)
    return theirs


def _about_other(other: Place, error: UserError) -> UserError:
    """What is wrong, said of a study whose backups are elsewhere."""
    if error.key == "study.not_a_study":
        return UserError("join.not_a_study", other=other)
    damaged = ("study.broken", "study.broken_backed_up", "study.damaged")
    return UserError("join.damaged", other=other) if error.key in damaged else error


def _rows(table: pd.DataFrame) -> Counter[tuple[str, ...]]:
    return Counter(tuple(map(str, row)) for row in table.itertuples(index=False))


def _columns(mine: pd.DataFrame, other: pd.DataFrame) -> list[str]:
    """The columns that only one has, or that hold other values."""
    names = dict.fromkeys([*mine.columns, *other.columns])
    return [
        each
        for each in names
        if each not in mine
        or each not in other
        or Counter(mine[each].astype(str)) != Counter(other[each].astype(str))
    ]


def _some(names: list[str]) -> str:
    return ", ".join([*names[:_SHOWN], *(["…"] if names[_SHOWN:] else [])]) or "–"
