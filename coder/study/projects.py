"""Projects made in other programs: their codebook and codings, as decisions of their coders."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from coder.coding.incoming import Refusal
from coder.coding.project import Given, GivenNote, project_incoming
from coder.errors import UserError
from coder.report.qdpx_in import Project, ReadCoding, read_qdpx
from coder.report.qdpx_match import Match, Matches, match_sources
from coder.report.refi import guid
from coder.study.report import Reports


@dataclass(frozen=True)
class TakenProject:
    """What came of a project: new codes and codings, codings that were there, and the coders.

    ``refusals`` are what can't be taken, and why; ``lost`` counts what else the project has for
    which there is no place here, by what it is. ``notes`` are those that became memos.
    """

    codes: int
    codings: int
    there: int
    coders: tuple[str, ...]
    refusals: tuple[Refusal, ...]
    lost: Mapping[str, int]
    notes: int = 0


class Projects(Reports):
    """Nothing that exists is changed. What can be taken is taken at once, the rest is told."""

    def import_project(self, path: Path, coder: str = "", dry_run: bool = False) -> TakenProject:
        """Add the codebook and the codings of a REFI-QDA project with the same answers.

        coder : the name of who takes it in: new codes are theirs, and codings for which the file
        names nobody. Without, new codes are made by the first coder of the file. Raises
        ``UserError`` when the file can't be read, or when nobody is named.
        """
        project = read_qdpx(path)
        with self._lock:
            state = self.state
            study = next(iter(state.coders), "")
            matches = match_sources(project, self.survey, self.original, study)
            named = list(self._named(project, coder))
            given, refusals = self._placed(named, matches)
            notes = list(self._noted(project, matches, coder))
            makers = [*(each.coder for each in named), *(each.coder for each in notes)]
            by = coder or next(filter(None, makers), "")
            if not by.strip() and (project.codes or notes):
                raise UserError("project.nobody", path=path)
            single = {q.name for q in self.questionnaire.of_kind("open") if q.codes == "one"}
            asked = self.survey.answers["question"]
            found = project_incoming(
                state,
                project.codes,
                self._known_codes(project),
                given,
                by,
                lambda: str(uuid.uuid4()),
                frozenset(asked.index[asked.isin(list(single))]),
                notes,
            )
            if not dry_run:
                self._decide_all(found.decisions)
        texts = [
            Refusal(no, key, {"name": project.sources[no].name, "count": count})
            for no, (key, count) in self._without_answer(project, matches).items()
        ]
        coders = tuple(dict.fromkeys(each.coder for each in given if each.coder))
        told = (*texts, *refusals, *found.refusals)
        lost = Counter(project.lost)
        lost["notes"] += len(project.notes) - len(notes) + found.left
        kept = {what: count for what, count in lost.items() if count}
        return TakenProject(
            found.codes, found.codings, found.there, coders, told, kept, found.notes
        )

    def _named(self, project: Project, coder: str) -> Iterator[ReadCoding]:
        """The codings by the names that their coders have here, known by our GUIDs."""
        ours = {guid("coder", who): name for who, name in self.state.coders.items()}
        for each in project.codings:
            yield replace(each, coder=ours.get(each.user) or each.coder or coder)

    def _noted(self, project: Project, matches: Matches, coder: str) -> Iterator[GivenNote]:
        """The notes of codes, and of texts that are answers here."""
        ours = {guid("coder", who): name for who, name in self.state.coders.items()}
        for each in project.notes:
            who = ours.get(each.user) or each.coder or coder
            match = None if each.source is None else matches.found.get(each.source)
            if each.source is None or match is not None:
                yield GivenNote(match.answer if match else None, each.code, who, each.text)

    def _placed(
        self, codings: list[ReadCoding], matches: Matches
    ) -> tuple[list[Given], list[Refusal]]:
        """The codings of texts that are answers here, in places of what was written."""
        given: list[Given] = []
        refusals: list[Refusal] = []
        for each in codings:
            match = matches.found.get(each.source)
            if match is None:
                continue
            span = self._span(match, each)
            if each.span is not None and span is None:
                params = {"no": each.no, "answer": match.answer}
                refusals.append(Refusal(each.no, "project.bad_span", params))
            else:
                given.append(Given(each.no, match.answer, each.code, each.coder, span))
        return given, refusals

    def _span(self, match: Match, coding: ReadCoding) -> tuple[int, int] | None:
        """Where in the answer as it was written the coding is; None when it is not within it."""
        if coding.span is None:
            return None
        start, end = (match.places.get(each, -1) for each in coding.span)
        if not 0 <= start < end:
            return None
        return self.span_as_written(match.answer, start, end) if match.shown else (start, end)

    def _known_codes(self, project: Project) -> dict[int, str]:
        ours = {guid("code", code): code for code in self.state.codes}
        return {no: ours[each.guid] for no, each in enumerate(project.codes) if each.guid in ours}

    def _without_answer(self, project: Project, matches: Matches) -> dict[int, tuple[str, int]]:
        """The coded texts that are no answer here: why, and how many codings they have."""
        counts = Counter(each.source for each in project.codings)
        return {no: (key, counts[no]) for no, key in matches.missed.items() if counts[no]}
