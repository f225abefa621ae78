"""The replication bundle of a study: all that leaves, and all that follows from it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from coder.coding.restated import Decided, restated
from coder.model import Code, Mark, Progress, Settle, Status
from coder.report.bundle import write_bundle
from coder.report.codebook_document import plain
from coder.report.figure import Writer
from coder.report.leaving import Leaving
from coder.report.plain_files import check_ending, csv_bytes, write_csv
from coder.study.exchange import Exchange, Exported
from coder.study.permits import published_rows

_README = ("what", "names", "withheld", "files", "formulas", "rebuild", "by_hand")


class Bundles(Exchange):
    """Written whole or not at all, and the same study gives the same bytes."""

    def export_bundle(
        self,
        path: Path,
        texts: Writer,
        *,
        unpublished: bool = False,
        withheld: Path | None = None,
        progress: Progress | None = None,
    ) -> Exported:
        """Write the replication bundle (docs/formats.md); it is always without names.

        unpublished : also what may not be published, and without withholding small cells, for the
        researchers' own use. withheld : a CSV file to write what is withheld to, and why. Raises
        ``UserError`` when nothing may leave.
        """
        from coder.study import rebuilt  # which makes a study, and so comes after it

        if unpublished:
            self.need_lead()
        check_ending(path, ".zip")
        if withheld:
            check_ending(withheld, ".csv")
        nameless = self._nameless(unpublished)
        leaving = nameless.leaving
        content = self._store.part("recipe")
        recipe = None if content is None else content.decode()
        decided = self._restated(leaving)
        files = rebuilt.sources(
            nameless.survey.table, nameless.survey.questionnaire, recipe, decided
        )
        with tempfile.TemporaryDirectory() as folder:
            again = rebuilt.rebuilt(files, Path(folder))
            files |= rebuilt.results(again, texts, Path(folder), progress)
        files[rebuilt.LOG] = csv_bytes(self._entries(leaving, texts, unpublished=False))
        counts = leaving.withheld["reason"].value_counts().sort_index()
        table = counts.rename_axis("reason").reset_index(name="count")
        files[rebuilt.WITHHELD] = csv_bytes(table)
        files[rebuilt.README] = self._readme(leaving, texts)
        write_bundle(path, files, self._about(leaving, texts, unpublished))
        if withheld:
            write_csv(withheld, leaving.withheld)
        if not unpublished:
            self._remember_published(published_rows(leaving))
        return Exported(len(leaving.survey.answers), leaving.withheld)

    def _about(self, leaving: Leaving, texts: Writer, unpublished: bool) -> dict[str, Any]:
        """What the manifest says."""
        from coder.study.rebuilt import versions

        rule, proposals = self.publishing(), self.proposals()
        return {
            "title": self.questionnaire.title,
            "language": texts.language,
            "unpublished": unpublished,
            "form": rule.form,
            "smallest": None if unpublished else rule.smallest,
            "cells": list(rule.cells),
            "respondents": len(leaving.survey.respondents),
            "answers": len(leaving.survey.answers),
            "decisions": self.state.no,
            "encoder": proposals.encoder if proposals else None,
            "versions": versions(),
            "rows": published_rows(leaving),
        }

    def _restated(self, leaving: Leaving) -> list[Decided]:
        """The coding of what leaves, in as few decisions as it takes."""
        state, ids = self.state, leaving.ids
        coders = _numbered(leaving)
        marks: dict[tuple[str, str], tuple[Mark, ...]] = {
            (coders[who], ids[answer]): tuple(each for each in noted if each != "discuss")
            for (who, answer), noted in state.marks.items()
            if answer in ids
        }
        statuses: dict[str, Status | None] = {
            ids[answer]: each for answer, each in state.statuses.items() if answer in ids
        }
        settled: dict[str, Settle] = {
            ids[answer]: each for answer, each in state.settled.items() if answer in ids
        }
        codings = [replace(each, coder=coders[each.coder]) for each in leaving.codings]
        names = {no: no for no in coders.values()}
        return restated(names, _without_memos(leaving), codings, marks, statuses, settled)

    def _readme(self, leaving: Leaving, texts: Writer) -> bytes:
        """What is in the bundle and how it is rebuilt, in the language of its figures."""
        said = {
            "answers": texts.number(len(leaving.survey.answers)),
            "respondents": texts.number(len(leaving.survey.respondents)),
            "withheld": texts.number(int((leaving.withheld["column"] == "").sum())),
            "cells": texts.number(int((leaving.withheld["column"] != "").sum())),
            "smallest": texts.number(self.publishing().smallest),
        }
        paragraphs = [texts(f"bundle.readme.{each}", **said) for each in _README]
        heading = f"# {plain(self.questionnaire.title)}"
        return ("\n\n".join([heading, *paragraphs]) + "\n").encode()


def _numbered(leaving: Leaving) -> Mapping[str, str]:
    """What each coder is called in the bundle, by id; what coders agree on comes last."""
    numbers = {who: str(no) for no, who in enumerate(leaving.coders, start=1)}
    agreed = any(each.coder == "" for each in leaving.codings)
    return numbers | ({"": str(len(numbers) + 1)} if agreed else {})


def _without_memos(leaving: Leaving) -> list[Code]:
    return [replace(code, memo="") for code in leaving.codes]
