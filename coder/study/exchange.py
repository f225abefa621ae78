"""What goes out to other programs: the coded table and the codebook, in their formats."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from coder.coding import citations
from coder.coding.log import undone
from coder.coding.lookup import answers_concerned, codes_of, labels
from coder.errors import UserError
from coder.model import Code, Coding, Sheet
from coder.report.codebook_document import codebook_as_document, write_codebook
from coder.report.coded import OURS, closed_columns, coded
from coder.report.leaving import Leaving
from coder.report.plain_files import check_ending, records, write_csv, write_json, write_parquet
from coder.report.qdc import write_qdc
from coder.report.qdpx import Profile, write_qdpx
from coder.report.spss import write_sav
from coder.report.word import write_docx
from coder.report.workbook import write_workbook
from coder.results.joint import coded_table, joint_table
from coder.results.score import Scores, score
from coder.study.permits import Permits

Format = Literal["xlsx", "csv", "parquet", "json", "sav", "qdc", "qdpx", "md", "docx"]
Words = Callable[[str], str]  # what something is called in the language of the reader, by its key


@dataclass(frozen=True, eq=False)
class Exported:
    """What an export wrote, and what it withheld.

    ``rows`` are answers, or of a codebook its codes. ``withheld`` has one row per answer that
    stayed behind (see ``report.leaving``). ``lost`` is what the format could not hold: how many,
    by what it is.
    """

    rows: int
    withheld: pd.DataFrame
    lost: Mapping[str, int] = field(default_factory=dict)


def last_part(key: str) -> str:
    """The words of a program: a key without what stands before its last full stop."""
    return key.rsplit(".", 1)[-1]


class Exchange(Permits):
    """Files for other programs. Each is written whole or not at all."""

    def export(
        self,
        path: Path,
        format: Format = "xlsx",
        words: Words = last_part,
        *,
        unpublished: bool = False,
        as_written: bool = False,
        with_score: bool = False,
        withheld: Path | None = None,
        profile: Profile = "cases",
    ) -> Exported:
        """Write the coded table, and what else the format has room for (docs/formats.md).

        words : what sheets, columns and decisions are called, by their keys. unpublished : also
        what nobody has permitted to be published, for the researchers' own use. as_written : the
        answers with the personal data in them, for nobody else. with_score : each case's
        dimensions and score as well; they are made to order and select by, and .8 is not twice as
        good as .4. withheld : a CSV file to write what is withheld to, and why. profile : of a
        ``qdpx``, where the variables stand (see ``report.qdpx``).
        """
        if unpublished or as_written:
            self.need_lead()
        leaving = self._leaving(unpublished, as_written)
        recipe = self.recipe() if with_score else None
        scores = score(leaving.survey, recipe) if recipe else None
        if withheld:
            check_ending(withheld, ".csv")
            if not withheld.parent.is_dir():
                raise UserError("file.no_folder", path=withheld.parent)
        lost: Mapping[str, int] = {}
        if format == "xlsx":
            write_workbook(path, self._sheets(leaving, scores, words, unpublished))
        elif format == "json":
            write_json(path, _content(leaving, self._sheets_leaving(leaving)))
        elif format == "qdc":
            write_qdc(path, self._quoting(leaving), _book_words(words))
        elif format == "qdpx":
            memos = {key: text for key, text in self._memos().items() if key[1] in leaving.ids}
            leaving = replace(leaving, memos=memos if unpublished else {})
            quoted = replace(leaving, codes=tuple(self._quoting(leaving)))
            lost = write_qdpx(path, quoted, profile, self._last_decided(), _book_words(words))
        elif format in ("md", "docx"):
            self._write_book(path, format, leaving, _book_words(words))
        elif format == "sav":
            write_sav(path, coded(leaving.survey), leaving.codes, leaving.codings, _own(words))
        else:
            write = write_csv if format == "csv" else write_parquet
            write(path, _table(leaving, scores))
        if withheld:
            write_csv(withheld, leaving.withheld)
        if format == "qdpx":
            lost = {**lost, **self._not_carried(leaving)}
        if format in ("qdc", "md", "docx"):
            return Exported(len(leaving.codes), leaving.withheld.iloc[:0])
        return Exported(len(leaving.survey.answers), leaving.withheld, lost)

    def _write_book(
        self, path: Path, format: Format, leaving: Leaving, words: Mapping[str, str]
    ) -> None:
        """The codebook as a document to read."""
        counts = self.codebook().set_index("code")["answers"].to_dict()
        form, codes = self.questionnaire, self._quoting(leaving)
        if format == "md":
            return write_codebook(path, form.title, codes, counts, words)
        changed = self._last_decided()
        told = codebook_as_document(form.title, form.language, changed, codes, counts, words)
        return write_docx(path, told)

    def _last_decided(self) -> datetime:
        log = self.state.log
        return log[-1].at if log else datetime.fromtimestamp(0, UTC)

    def _not_carried(self, leaving: Leaving) -> dict[str, int]:
        """What coders have noted of the answers that leave, for which there is no place."""
        state, there = self.state, leaving.ids
        marks = sum(answer in there for _, answer in state.marks)
        memos = sum(answer in there for _, answer in state.memos) - len(leaving.memos)
        counts = {"marks": marks, "memos": memos}
        return {name: count for name, count in counts.items() if count}

    def _quoting(self, leaving: Leaving) -> list[Code]:
        """The codebook with its examples in words, not as ids only."""
        texts = leaving.survey.answers["text"]
        return [
            replace(code, examples=tuple(f"{a}: {' '.join(texts[a].split())}" for a in quoted))
            for code in leaving.codes
            for quoted in [[each for each in code.examples if each in texts.index]]
        ]

    def _sheets_leaving(self, leaving: Leaving) -> list[Sheet]:
        """What is written of the categories, by the ids with which answers leave."""
        there, written = frozenset(self.survey.answers.index), self.state.sheets
        sheets = [
            citations.leaving(written[code.id], there, leaving.ids)
            for code in self.state.ordered()
            if code.id in written
        ]
        return [each for each in sheets if each != Sheet(each.code)]

    # --- the workbook -----------------------------------------------------------------------------

    def _sheets(
        self, leaving: Leaving, scores: Scores | None, words: Words, unpublished: bool
    ) -> dict[str, pd.DataFrame]:
        """Every sheet of the workbook, the last one telling what the columns of the others are."""
        sheets = {
            "answers": _table(leaving, scores),
            "codebook": self._book(leaving),
            "categories": self._categories(scores is not None, unpublished),
            "sheets": self._sheet_rows(leaving),
            "ratings": self._given(leaving, words),
        }
        if scores:
            sheets["scores"] = _scores(leaving, scores)
        sheets["log"] = self._entries(leaving, words, unpublished)
        labels = self._labels()
        rows = [
            (
                words(f"export.sheet.{sheet}"),
                name,
                labels.get(name) or words(f"export.column.{name}"),
            )
            for sheet, table in sheets.items()
            for name in map(str, table.columns)
        ]
        sheets["columns"] = pd.DataFrame(rows, columns=["sheet", "column", "meaning"])
        return {words(f"export.sheet.{name}"): table for name, table in sheets.items()}

    def _labels(self) -> dict[str, str]:
        """What the survey's columns and the score's dimensions are called."""
        recipe, language = self.recipe(), self.questionnaire.language
        found = {each.name: each.label for each in closed_columns(self.questionnaire)}
        for dimension in recipe.dimensions if recipe else ():
            found[dimension.name] = dimension.label.get(language, dimension.name)
        return found

    def _book(self, leaving: Leaving) -> pd.DataFrame:
        counts = self.codebook().set_index("code")["answers"]
        names = {code.id: code.label for code in leaving.codes}
        rows = [
            {
                "code": code.id,
                "label": code.label,
                "definition": code.definition,
                "include": code.include,
                "exclude": code.exclude,
                "examples": "; ".join(code.examples),
                "parent": names.get(code.parent or ""),
                "answers": counts[code.id],
            }
            for code in leaving.codes
        ]
        return pd.DataFrame(rows, columns=list(BOOK))

    def _sheet_rows(self, leaving: Leaving) -> pd.DataFrame:
        """One row per category of which something is written."""
        labels, there = {code.id: code.label for code in leaving.codes}, set(leaving.ids.values())
        rows = [
            {
                **told,
                "label": labels[told["code"]],
                "cites": "; ".join(told["cites"]),
                "case_answer": told["case_answer"] or None,
            }
            for told in (_told(each, there) for each in self._sheets_leaving(leaving))
        ]
        return pd.DataFrame(rows, columns=list(SHEET))

    def _categories(self, with_score: bool, unpublished: bool) -> pd.DataFrame:
        """The joined table of all answers; without the means of too few cases."""
        scores = self._scores_or_none() if with_score else None
        table = joint_table(self.survey, self.state.codes, self._codings(), scores)
        if scores and not unpublished and len(table):
            means = list(table.columns[table.columns.get_loc("scored") + 1 :])
            table.loc[table["scored"] < self.publishing().smallest, means] = float("nan")
        return table

    def _given(self, leaving: Leaving, words: Words) -> pd.DataFrame:
        """One row per code that a coder gave an answer; an empty code where none applies."""
        labels = {code.id: code.label for code in leaving.codes}
        given = [(c.answer, labels[c.code], c.coder, _written(c)) for c in leaving.codings]
        nothing = [(leaving.ids[a], who) for a, who in self._nothing() if a in leaving.ids]
        given += [(answer, "", who, "") for answer, who in nothing]
        agreed = words("export.agreed")
        rows = sorted((a, code, leaving.coders.get(who, agreed), s) for a, code, who, s in given)
        return pd.DataFrame(rows, columns=["answer", "code", "coder", "segments"])

    def _entries(self, leaving: Leaving, words: Words, unpublished: bool) -> pd.DataFrame:
        """The log without what may not leave: answers of others, and, published, what was noted."""
        state, there = self.state, leaving.ids
        concerned, names, cancelled = answers_concerned(state), labels(state), undone(state.log)
        rows = [
            {
                "no": entry.no,
                "at": entry.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "coder": leaving.coders.get(entry.coder, ""),
                "decision": words(f"decision.{type(entry.decision).__name__}"),
                "codes": "; ".join(names.get(each, each) for each in codes_of(entry.decision)),
                "concerned": "; ".join(there[a] for a in concerned[entry.no] if a in there),
                "undone": int(entry.no in cancelled),
                **({"why": entry.why} if unpublished else {}),
            }
            for entry in state.log
        ]
        columns = ["no", "at", "coder", "decision", "codes", "concerned", "undone"]
        return pd.DataFrame(rows, columns=[*columns, *(["why"] if unpublished else [])])


SHEET = ("code", "label", "character", "audience", "benefit", "case_answer", "cites")
BOOK = ("code", "label", "definition", "include", "exclude", "examples", "parent", "answers")


def _table(leaving: Leaving, scores: Scores | None) -> pd.DataFrame:
    codes = {code.id: code for code in leaving.codes}
    return coded_table(leaving.survey, codes, leaving.codings, scores)


def _scores(leaving: Leaving, scores: Scores) -> pd.DataFrame:
    names = [dimension.name for dimension in scores.recipe.dimensions]
    cases = scores.cases[scores.cases.index.isin(leaving.survey.cases.index)]
    table = cases[[*names, "score"]].dropna(subset="score")
    return table.reset_index(names="case")


def _written(coding: Coding) -> str:
    return "; ".join(f"{start}-{end}" for start, end in coding.spans)


def _own(words: Words) -> Mapping[str, str]:
    return {name: words(f"export.own.{name}") for name in (*OURS, "codes", "yes", "no")}


def _book_words(words: Words) -> Mapping[str, str]:
    names = ("codebook", "answers", "include", "exclude", "examples", "retired")
    return {
        "agreed": words("export.agreed"),
        **{name: words(f"export.book.{name}") for name in names},
    }


def _told(sheet: Sheet, answers: Collection[str]) -> dict[str, Any]:
    """A sheet with the answers that it cites."""
    told = {**vars(sheet), "case_answer": sheet.case}
    del told["case"]  # elsewhere a case is what an answer is about
    text = "\n".join((sheet.character, sheet.audience, sheet.benefit))
    return {**told, "cites": list(citations.cited(text, answers))}


def _content(leaving: Leaving, sheets: Sequence[Sheet]) -> dict[str, Any]:
    """The study as JSON has it."""
    table, questionnaire = coded(leaving.survey), leaving.survey.questionnaire
    ticked = {c.name for c in table.columns if c.kind == "tick"}
    rows = records(table.rows)
    given: dict[str, list[dict[str, Any]]] = {}
    for each in leaving.codings:
        one = {"code": each.code, "coder": leaving.coders.get(each.coder)}
        given.setdefault(each.answer, []).append({**one, "segments": each.spans})
    for row in rows:
        row.update({name: row[name] and int(row[name]) for name in ticked})
        row["codings"] = given.get(row["answer"], [])
    return {
        "title": questionnaire.title,
        "language": questionnaire.language,
        "columns": [
            {**vars(column), "options": [vars(each) for each in column.options]}
            for column in table.columns
        ],
        "codebook": [vars(code) for code in leaving.codes],
        "sheets": [_told(each, set(leaving.ids.values())) for each in sheets],
        "answers": rows,
    }
