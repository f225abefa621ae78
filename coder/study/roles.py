"""A study as one person may use it: what their role does not let them do is refused by the study.

Decisions are refused where the log is checked (``coding.draft``). This is about everything else:
what is read, and what changes the study without being a decision.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

import pandas as pd

from coder.coding.join import Joined
from coder.errors import UserError
from coder.model import CoderRole, FindInSentence, LogEntry, Survey, Treatment
from coder.place import Place
from coder.study.core import Changes
from coder.study.incoming import Taken
from coder.study.projects import TakenProject
from coder.study.seen import Seen
from coder.study.study import Step, Study
from coder.survey.merge import Merge


def seen_as(study: Study, role: CoderRole, viewer: str | None) -> Study:
    """The study as a person with this role may see and use it (``State.role`` tells which).

    viewer : the person, if they have joined. What comes back shares everything with ``study``.
    """
    return study.view(_SEEN_AS[role], viewer)


class _CodersStudy(Seen):
    """Without what is for leads: the import, the recipe, personal data, unpublished exports."""

    def _refuse(self) -> NoReturn:
        raise UserError("role.leads_only")

    def need_lead(self) -> None:
        self._refuse()

    @property
    def original(self) -> Survey:
        self._refuse()

    def finds(self) -> list[FindInSentence]:
        self._refuse()

    def add(self, file: Path, changes: Changes = "ask") -> Merge:
        self._refuse()

    def add_from(self, raw: pd.DataFrame, changes: Changes = "ask") -> Merge:
        self._refuse()

    def difference(self, raw: pd.DataFrame) -> Merge:
        self._refuse()

    def import_codebook(self, path: Path, coder: str, dry_run: bool = False) -> Taken:
        self._refuse()

    def import_codings(self, path: Path, dry_run: bool = False) -> Taken:
        self._refuse()

    def import_project(self, path: Path, coder: str = "", dry_run: bool = False) -> TakenProject:
        self._refuse()

    def join(self, other: Place, keep_both: bool = False, dry_run: bool = False) -> Joined:
        self._refuse()

    def set_recipe(self, text: str) -> None:
        self._refuse()

    def hold_out(self, share: float, seed: int = 0) -> None:
        self._refuse()

    def _has_untreated_finds(self) -> bool:
        return False  # not that there are none: it is not theirs to treat them


class _ReadersStudy(_CodersStudy):
    """Without personal data, also where a lead lets coders see it, and without any change."""

    @property
    def survey(self) -> Survey:
        """With every find replaced that has not been left out."""
        return self._without_kept_finds()

    def _treatments(self) -> Mapping[str, Treatment]:
        return self._unkept()

    def search(self, query: str) -> list[str]:
        self._refuse()

    def entries(
        self,
        coder: str | None = None,
        kind: str | None = None,
        code: str | None = None,
        answer: str | None = None,
        stands: bool | None = None,
    ) -> list[LogEntry]:
        self._refuse()

    def coder(self, name: str) -> str:
        self._refuse()

    def _remember_published(self, rows: Mapping[str, str]) -> None:
        """What a reader takes out is no new version: the study stays as it is."""

    def set_context_items(self, items: Sequence[str]) -> None:
        self._refuse()

    def next_step(self, coder: str | None = None) -> Step:
        return "results"


_SEEN_AS: dict[CoderRole, type[Seen]] = {
    "lead": Seen,
    "coder": _CodersStudy,
    "reader": _ReadersStudy,
}
