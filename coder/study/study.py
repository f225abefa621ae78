"""A study: how far it is, and everything of the parts below."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pandas as pd

from coder.coding.layers import ALL
from coder.errors import UserError
from coder.model import (
    Questionnaire,
)
from coder.place import Place
from coder.store import Damage, Store
from coder.survey.questionnaire import (
    parse_questionnaire,
)

if TYPE_CHECKING:
    from coder.study.seen import Seen

from coder.study.joining import Joining

Step = Literal["review", "propose", "candidates", "coding", "relook", "results"]


@dataclass(frozen=True)
class Check:
    """What ``Study.check`` found. ``damages`` is empty when all is as it was written.

    ``responses`` is the SHA-256 of the coded survey table: two studies of the same survey have
    the same, whatever file it came in.
    """

    damages: tuple[Damage, ...]
    counts: Mapping[str, int]
    responses: str


class Study(Joining):
    """One survey with its coding. Safe to share between threads."""

    def seen_by(self, viewer: str | None) -> Study:
        """The study as this person may see it; None: one who is not known.

        While a round is blind nothing that others decided of its answers is in it, whatever is
        asked of it. All else is the same, and what is decided through it goes into this study.
        """
        from coder.study.seen import Seen  # which is a study, and so comes after it

        return self.view(Seen, viewer)

    def view(self, kind: type[Seen], viewer: str | None) -> Seen:
        """The study as one kind of view shows it to a person; the same one every time."""
        with self._lock:
            if (kind, viewer) not in self._views:
                self._views[kind, viewer] = kind(self, viewer)
            found: Seen = self._views[kind, viewer]
            return found

    def layer(self, layer: str) -> Study:
        """The study with one layer of its coding: in tables and exports only that counts.

        layer : ``all``, ``consensus`` (settled, or all who are done agree), or a coder's id or
        name. Raises ``UserError`` when there is no such coder.
        """
        from coder.study.seen import Layered

        return self if layer == ALL else Layered(self, layer)

    def how_far(self, coder: str | None = None) -> dict[str, int]:
        """What came in and how far it is coded, as counts by name.

        ``invited``, ``answered`` and ``described`` are respondents, ``codes`` the codebook's; the
        rest are answers: all, ``there`` to be coded, ``left``, and those that the coder (None: any)
        has coded, is done with, wants discussed and should look at again.
        """
        survey, state = self.survey, self.state
        aside = state.set_aside()
        there = set(survey.answers.index) - aside
        again = self.again(coder)
        first = survey.answers["number"] == 1
        return {
            "invited": len(survey.respondents),
            "answered": int(survey.respondents["answered"].sum()),
            "described": survey.answers.loc[first, "respondent"].nunique(),
            "answers": len(survey.answers),
            "there": len(there),
            "left": len(there - state.dealt_with(coder)),
            "coded": len(there & state.coded_answers(coder)),
            "done": len(there & state.done_answers(coder)),
            "discuss": len(there & state.marked("discuss", coder)),
            "disputed": len(self.disputed()),
            "again": len(there & again),
            "set_aside": len(aside),
            "codes": len(state.codes),
        }

    def next_step(self, coder: str | None = None) -> Step:
        """What is most worth doing now; coder : as for ``how_far``."""
        far = self.how_far(coder)
        if self._has_untreated_finds():
            return "review"
        if far["left"] and not far["codes"]:
            return "candidates" if self.proposals() else "propose"
        if far["left"]:
            return "coding"
        return "relook" if far["again"] else "results"

    def _has_untreated_finds(self) -> bool:
        return any(find.treatment is None for find in self.finds())

    def check(self) -> Check:
        """Replay the log from its start and count (what is damaged, ``check_study`` tells)."""
        self._move_to(self._replayed())
        counts = {
            "respondents": len(self.survey.respondents),
            "answered": int(self.survey.respondents["answered"].sum()),
            "cases": len(self.survey.cases),
            "answers": len(self.survey.answers),
            "entries": self._state.no,
            "codes": len(self._state.codes),
            "codings": len(self._state.all_codings()),
        }
        return Check((), counts, _responses_hash(self._table))


def check_study(path: Place) -> Check:
    """Compare everything in a study's file with its hash; if it agrees, replay the log and count.

    Raises ``UserError`` when the file is no study.
    """
    damages = Store.open(path).damages()
    return Check(tuple(damages), {}, "") if damages else Study.open(path).check()


def read_questionnaire(path: Path) -> Questionnaire:
    """Read a questionnaire file; ``UserError`` with the place of the first mistake."""
    return parse_questionnaire(read_text(path))


def read_text(path: Path) -> str:
    """A text file; ``UserError`` when it isn't there or isn't UTF-8."""
    try:
        return path.read_text("utf-8-sig")
    except FileNotFoundError as error:
        raise UserError("file.missing", path=path) from error
    except (UnicodeDecodeError, IsADirectoryError, PermissionError) as error:
        raise UserError("file.unreadable", path=path, kind="UTF-8") from error


def _responses_hash(table: pd.DataFrame) -> str:
    return hashlib.sha256(table.to_csv(index=False, lineterminator="\n").encode()).hexdigest()
