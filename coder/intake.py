"""A survey file before it becomes a study: what was understood, guessed, and found odd in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from coder.errors import UserError
from coder.model import Cases, Item, Kind, Option, Question, Questionnaire
from coder.report.qdpx_in import read_qdpx
from coder.report.qdpx_table import project_table
from coder.survey.checks import Finding, check_table
from coder.survey.columns import natural
from coder.survey.guess import Reason, guess_questionnaire
from coder.survey.merge import Merge
from coder.survey.questionnaire import format_questionnaire, parse_questionnaire
from coder.survey.raw import Notice, RawTable, Source, table_of_rows
from coder.survey.read import as_codes, join_background, read_file, read_set, told_apart
from coder.survey.scales import role_of

__all__ = [
    "Finding",
    "Intake",
    "Merge",
    "RawTable",
    "Reason",
    "as_yaml",
    "correct",
    "examples",
    "is_project",
    "set_kind",
    "take_in",
]

_EXAMPLES = 3
_SURE_LABELS = 3
_LONGEST_EXAMPLE = 24  # characters


@dataclass(frozen=True, eq=False)
class Intake:
    """A file as read, the questionnaire it is read with, and what she should see before storing.

    reasons : why each thing was guessed; empty when the questionnaire was given. reversed : items
    whose wording says that they are reversed, which only a recipe can make so.
    """

    raw: RawTable
    questionnaire: Questionnaire
    findings: tuple[Finding, ...]
    reasons: tuple[Reason, ...] = ()
    reversed: tuple[str, ...] = ()

    @property
    def stops(self) -> tuple[Finding, ...]:
        """The findings because of which the file can't be imported so."""
        return tuple(finding for finding in self.findings if finding.stops)


def take_in(
    files: Sequence[Path],
    questionnaire: Questionnaire | None = None,
    *,
    title: str | None = None,
    sheet: str | None = None,
    open_columns: Sequence[str] = (),
    id_column: str | None = None,
    background: Path | None = None,
) -> Intake:
    """Read a survey file and check it, guessing the questionnaire if none is given.

    files : the data file, and lists of variables and values if the export has such; with several
    files, which is which is seen from what they hold. A REFI-QDA project (``.qdpx``) is a data
    file too: its texts are open answers. background : a second file on everyone invited, joined by
    the id. Raises ``UserError`` for what can't be read.
    """
    if is_project(files[0]):
        raw, id_column, open_columns = _of_project(files[0], id_column, open_columns)
    else:
        raw = read_file(files[0], sheet) if len(files) == 1 else read_set(files)
    raw = _with_codes(raw)
    if background is not None:
        raw = join_background(
            raw, read_file(background), _id_heading(raw, questionnaire, id_column)
        )
    if questionnaire is not None:
        return Intake(raw, questionnaire, tuple(check_table(raw.table, questionnaire)))
    name = title or Path(raw.source.file).stem
    guess = guess_questionnaire(raw, name, open_columns, id_column)
    findings = tuple(check_table(raw.table, guess.questionnaire))
    return Intake(raw, guess.questionnaire, findings, guess.reasons, guess.proposed_reversed)


def is_project(path: Path) -> bool:
    """Whether this is a REFI-QDA project, which has a codebook and codings as well."""
    return path.suffix.lower() == ".qdpx"


def _of_project(
    path: Path, id_column: str | None, open_columns: Sequence[str]
) -> tuple[RawTable, str, tuple[str, ...]]:
    """A project as a table, the column of its ids, and those of its texts."""
    project = read_qdpx(path)
    found = project_table(project)
    table, notices = table_of_rows(path, found.rows)
    told = [Notice(f"project.lost_{what}", {"count": n}) for what, n in project.lost.items()]
    source = Source(path.name, "qdpx", len(table), len(table.columns))
    raw = RawTable(
        table,
        source,
        labels={heading: label for heading, label in found.open.items() if label},
        value_labels=found.value_labels,
        notices=(*told, *notices),
    )
    return raw, id_column or found.id, (*found.open, *open_columns)


def correct(intake: Intake, text: str) -> Intake:
    """The same file with a corrected questionnaire, given as YAML, and checked again."""
    questionnaire = parse_questionnaire(text)
    findings = tuple(check_table(intake.raw.table, questionnaire))
    return replace(intake, questionnaire=questionnaire, findings=findings)


def set_kind(intake: Intake, name: str, kind: Kind) -> Intake:
    """The same file with one question of another kind, and checked again.

    Several columns that were taken for one question become questions of their own. A closed
    question without options gets those that the file has. Raises ``UserError`` for the kinds that
    need several columns (matrix, multiple): those are written in the questionnaire itself.
    """
    if kind in ("matrix", "multiple"):
        raise UserError("import.needs_columns", kind=kind)
    before = intake.questionnaire
    old = before.question(name)
    columns = old.columns() if len(old.columns()) > 1 else (old.items[0].name,)
    labels = {item.name: item.label for item in old.items}
    made = [_question(intake.raw, before, old, column, labels, kind) for column in columns]
    questions = [new for q in before.questions for new in (made if q.name == name else [q])]
    questionnaire = replace(
        before, questions=tuple(questions), cases=_cases(before.cases, name, made)
    )
    return correct(intake, format_questionnaire(questionnaire))


def _question(
    raw: RawTable,
    questionnaire: Questionnaire,
    old: Question,
    column: str,
    labels: Mapping[str, str],
    kind: Kind,
) -> Question:
    name = old.name if len(old.columns()) == 1 else column
    label = labels.get(column) or old.label
    options = old.options if old.kind != "multiple" else ()
    if kind in ("single", "consent") and not options:
        names = [prefix + column for prefix in questionnaire.prefixes(old)]
        options = _options(raw, [questionnaire.columns.get(each, each) for each in names])
    closed = kind in ("single", "consent", "background")
    return Question(
        name=name,
        kind=kind,
        label=label,
        options=options if closed else (),
        items=(Item(column, label),),
        scale=old.scale if closed else None,
    )


def _options(raw: RawTable, headings: Sequence[str]) -> tuple[Option, ...]:
    """The values of these columns, of all cases together, with the labels that the file gives."""
    present = [heading for heading in headings if heading in raw.table.columns]
    labels: dict[str, str] = {}
    for heading in present:
        labels |= {str(value): str(value) for value in raw.table[heading].dropna().unique()}
    for heading in present:
        labels |= raw.value_labels.get(heading, {})
    return tuple(
        Option(code, labels[code], role_of(labels[code])) for code in sorted(labels, key=natural)
    )


def _cases(cases: Cases, name: str, made: Sequence[Question]) -> Cases:
    """An open question is about a case; what took a question's place stands where it stood."""
    names = [
        new for old in cases.questions for new in ([q.name for q in made] if old == name else [old])
    ]
    names += [q.name for q in made if q.kind == "open" and q.name not in names]
    return replace(cases, questions=tuple(names))


def as_yaml(questionnaire: Questionnaire) -> str:
    """The questionnaire as she may read and correct it."""
    return format_questionnaire(questionnaire)


def examples(table: pd.DataFrame, column: str) -> tuple[int, str]:
    """How many values a column has, and the first few different ones."""
    values = table[column].dropna()
    few = values.drop_duplicates().head(_EXAMPLES)
    return len(values), " · ".join(_shortened(" ".join(value.split())) for value in few)


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_EXAMPLE else text[: _LONGEST_EXAMPLE - 1] + "…"


def _with_codes(raw: RawTable) -> RawTable:
    """The table with codes where an export has labels, both, or the labels' numbers in the list.

    Numbers of labels are told of: with few labels they might be ordinary numbers, so that they
    are taken for such from three labels on only.
    """
    forms = told_apart(raw)
    numbers = [each for each, form in forms.items() if form == "position"]
    sure = {each for each in numbers if len(raw.value_labels[each]) >= _SURE_LABELS}
    kept = {each: form for each, form in forms.items() if form != "position" or each in sure}
    notices = [Notice("file.notice.label_numbers", {"columns": ", ".join(sorted(sure))})]
    made = as_codes(raw, kept)
    return replace(made, notices=(*made.notices, *notices)) if sure else made


def _id_heading(raw: RawTable, questionnaire: Questionnaire | None, named: str | None) -> str:
    """The column by which two files are joined: named, the questionnaire's, or guessed."""
    if named is not None:
        return named
    known = questionnaire or guess_questionnaire(raw, "").questionnaire
    ids = known.of_kind("id")
    name = ids[0].name if ids else "id"
    return known.columns.get(name, name)
