"""What may leave a study and in which form, and what would leave that has not left before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import pandas as pd

from coder.errors import UserError
from coder.model import Coding, PermitPublishing, Publishing
from coder.report.bundle import read_bundle
from coder.report.leaving import Leaving, may_leave
from coder.results.joint import coded_table
from coder.study.team import Team
from coder.survey.anonymous import Anonymous, anonymous, without_small_cells
from coder.survey.ingest import build_survey
from coder.survey.shield import as_shown

News = Literal["new", "changed", "gone"]
_PUBLISHED = "published"  # the part that holds what the last bundle had


@dataclass(frozen=True, eq=False)
class Publishable:
    """What a bundle would have now.

    form : as ``PermitPublishing`` has it, with its limits. answers : how many leave. withheld : as
    ``Leaving`` has it. news : what the last version did not have, or has otherwise: ``answer``
    (its pseudonym), ``change`` (``new``, ``changed`` or ``gone``), ``text`` and ``codes``, both
    missing for what is gone; None when there is no last version.
    """

    form: PermitPublishing
    answers: int
    withheld: pd.DataFrame
    news: pd.DataFrame | None


@dataclass(frozen=True, eq=False)
class Nameless:
    """A study without names: what leaves, and the table and questionnaire it is made of."""

    leaving: Leaving
    survey: Anonymous


class Permits(Team):
    """Every export is made of ``_leaving``, and every bundle of ``_nameless``."""

    def publishable(self, since: Path | None = None) -> Publishable:
        """What would be published now, and what of it is not in the last version.

        since : an earlier bundle of this study; None: the last one that was written of it. Raises
        ``UserError`` when nothing may leave, or when the bundle can't be read.
        """
        leaving = self._nameless().leaving
        before = read_bundle(since).rows if since else self._last_published()
        rows = _rows(leaving)
        news = None if before is None else _news(rows, _hashes(rows), before)
        return Publishable(self.publishing(), len(rows), leaving.withheld, news)

    def _last_published(self) -> Mapping[str, str] | None:
        content = self._store.part(_PUBLISHED)
        if content is None:
            return None
        found: dict[str, str] = json.loads(content)
        return found

    def _remember_published(self, rows: Mapping[str, str]) -> None:
        if rows != self._last_published():
            content = json.dumps(dict(rows), sort_keys=True).encode()
            self._store.add_parts({_PUBLISHED: content})

    def _leaving(self, unpublished: bool, as_written: bool = False) -> Leaving:
        """What may leave, with segments where they are in the text as it leaves."""
        form = self.publishing().form
        if form == "anonymous" and not (unpublished or as_written):
            return self._nameless().leaving
        state = self.state
        survey = self.original if as_written else self.survey
        codings = (
            self._codings() if as_written else [self._shown_coding(c) for c in self._codings()]
        )
        codes = list(state.codes.values())
        return may_leave(survey, codes, codings, state.coders, unpublished, self._decided_form())

    def _decided_form(self) -> Publishing | None:
        decided = self.state.publishing
        return decided.form if decided else None

    def _shown_coding(self, coding: Coding) -> Coding:
        spans = tuple(self.span_as_shown(coding.answer, *span) for span in coding.spans)
        return replace(coding, spans=spans)

    def _nameless(self, unpublished: bool = False) -> Nameless:
        """What may leave without names, and, unless unpublished, without small cells.

        What people have decided to keep of personal data is replaced as well.
        """
        state, rule = self.state, self.publishing()
        survey = self._without_kept_finds()
        codings = [self._nameless_coding(each) for each in self._codings()]
        codes = list(state.codes.values())
        named = may_leave(survey, codes, codings, state.coders, unpublished, self._decided_form())
        key = self._store.part("key")
        if key is None:
            raise UserError("study.damaged", no=0)
        made = anonymous(
            self._table, self.questionnaire, survey.answers, named.survey.respondents.index, key
        )
        ids = _answer_ids(named, made)
        if not unpublished:
            made = without_small_cells(made, _categories(named, made), rule.smallest, rule.cells)
        return Nameless(_renamed(named, made, ids), made)

    def _nameless_coding(self, coding: Coding) -> Coding:
        pieces = self._pieces(coding.answer, kept=False) if coding.spans else []
        return replace(coding, spans=tuple(as_shown(pieces, *span) for span in coding.spans))


def published_rows(leaving: Leaving) -> dict[str, str]:
    """The SHA-256 of everything that leaves with each answer, by its id."""
    return _hashes(_rows(leaving))


def _rows(leaving: Leaving) -> pd.DataFrame:
    codes = {code.id: code for code in leaving.codes}
    return coded_table(leaving.survey, codes, leaving.codings, None).set_index("answer")


def _hashes(rows: pd.DataFrame) -> dict[str, str]:
    plain = rows.astype(object).where(rows.notna(), None)
    return {
        str(answer): hashlib.sha256(json.dumps(list(map(str, row))).encode()).hexdigest()
        for answer, *row in plain.itertuples(name=None)
    }


def _news(rows: pd.DataFrame, now: Mapping[str, str], before: Mapping[str, str]) -> pd.DataFrame:
    changes: dict[str, News] = {}
    for answer, digest in now.items():
        if answer not in before:
            changes[answer] = "new"
        elif before[answer] != digest:
            changes[answer] = "changed"
    changes |= {answer: "gone" for answer in before if answer not in now}
    table = rows.reindex(list(changes))[["text", "codes"]].reset_index(names="answer")
    table.insert(1, "change", list(changes.values()))
    return table


def _answer_ids(named: Leaving, made: Anonymous) -> dict[str, str]:
    """What each answer is called by the pseudonym of its respondent."""
    whose = named.survey.answers["respondent"]
    return {
        str(answer): made.respondents[str(who)] + str(answer).removeprefix(str(who))
        for answer, who in whose.items()
    }


def _categories(named: Leaving, made: Anonymous) -> dict[str, set[str]]:
    """The codes of each respondent's answers, by pseudonym."""
    whose = named.survey.answers["respondent"]
    found: dict[str, set[str]] = {}
    for each in named.codings:
        found.setdefault(made.respondents[str(whose[each.answer])], set()).add(each.code)
    return found


def _renamed(named: Leaving, made: Anonymous, ids: Mapping[str, str]) -> Leaving:
    """The same with pseudonyms for all ids, and numbers for the coders."""
    survey = build_survey(made.table, made.questionnaire)
    codes = tuple(replace(c, examples=tuple(ids[a] for a in c.examples)) for c in named.codes)
    codings = tuple(replace(each, answer=ids[each.answer]) for each in named.codings)
    coders = {who: str(no) for no, who in enumerate(named.coders, start=1)}
    withheld = pd.concat([named.withheld, _small_cells(named, made)], ignore_index=True)
    return Leaving(survey, codes, codings, coders, withheld, dict(ids))


def _small_cells(named: Leaving, made: Anonymous) -> pd.DataFrame:
    """A row for each answer and column that is withheld of it; one without for no answer."""
    answers = named.survey.answers
    own = {who: list(rows.index) for who, rows in answers.groupby("respondent", sort=False)}
    rows = [
        (answer, who, column, "small_cell")
        for who, columns in made.withheld.items()
        for answer in own.get(who, [""])
        for column in columns
    ]
    return pd.DataFrame(rows, columns=["answer", "respondent", "column", "reason"])
