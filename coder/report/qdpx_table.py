"""A project from elsewhere as a table: one row per case, as a survey file has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coder.report.qdpx_in import Project, ReadSource, Variable
from coder.report.refi import one_line

_OURS = "Coder"  # the origin of what this program has written
_TEXT, _ID = "text", "id"


@dataclass(frozen=True)
class ProjectTable:
    """A project as rows of text, the headings first; an empty cell says nothing.

    id : the heading of the column with the names of the cases. open : those of texts, with what
    each was about where that is known. value_labels : what the codes of a column mean.
    """

    rows: tuple[tuple[str, ...], ...]
    id: str
    open: Mapping[str, str]
    value_labels: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class _Row:
    name: str
    sources: tuple[int, ...]
    values: Mapping[str, str]


def project_table(project: Project) -> ProjectTable:
    """Sources become open answers, variables closed columns, cases rows.

    A source of no case is a row of its own, but of a project of ours those with one respondent
    belong together. Several texts of one case stand side by side: in the columns of their
    questions in a project of ours, else in their order.
    """
    rows = _rows(project)
    taken: set[str] = set()
    id_heading = _free(_ID, taken)
    variables = {each: _free(one_line(each.name) or "?", taken) for each in project.variables}
    kept, value_labels = _with_value_labels(project, variables, [row.values for row in rows])
    texts, open_headings = _texts(project, rows, taken)
    names: set[str] = set()
    table = [
        (
            _free(row.name or str(no), names),
            *(_cell(row.values.get(each.guid, ""), each.kind) for each in kept),
            *(own.get(heading, "") for heading in open_headings),
        )
        for no, (row, own) in enumerate(zip(rows, texts, strict=True), start=1)
    ]
    headings = (id_heading, *(variables[each] for each in kept), *open_headings)
    return ProjectTable((headings, *table), id_heading, open_headings, value_labels)


def _rows(project: Project) -> list[_Row]:
    of_cases = {no for case in project.cases for no in case.sources}
    rows = [_row(project, each.name, each.sources, each.values) for each in project.cases]
    groups: dict[str, list[int]] = {}
    for no, source in enumerate(project.sources):
        if no not in of_cases:
            name = _stem(project, source)
            # Only of ours are texts with one name known to belong together.
            key = name if project.origin == _OURS else f"{no}"
            groups.setdefault(key, []).append(no)
    rows += [
        _row(project, _stem(project, project.sources[own[0]]), tuple(own), {})
        for own in groups.values()
    ]
    return rows


def _row(project: Project, name: str, sources: tuple[int, ...], values: Mapping[str, str]) -> _Row:
    found = dict(values)
    for no in sources:
        for variable, value in project.sources[no].values.items():
            found.setdefault(variable, value)
    return _Row(name, sources, found)


def _stem(project: Project, source: ReadSource) -> str:
    """The name of a source without the question that we write behind it."""
    is_ours = project.origin == _OURS and len({s.description for s in project.sources}) > 1
    return (source.name.rpartition("/")[0] or source.name) if is_ours else source.name


def _with_value_labels(
    project: Project, headings: Mapping[Variable, str], rows: Sequence[Mapping[str, str]]
) -> tuple[list[Variable], dict[str, dict[str, str]]]:
    """The variables that become columns, and the labels of those that we wrote in two: the number
    of an option, and what it is called.
    """
    by_name = {each.name: each for each in project.variables} if project.origin == _OURS else {}
    found: dict[str, dict[str, str]] = {}
    beside: set[Variable] = set()
    for each in project.variables:
        words = by_name.get(f"{each.name[:58]}_label")
        if words is None or words == each:
            continue
        pairs = {(row.get(each.guid, ""), row.get(words.guid, "")) for row in rows} - {("", "")}
        labels = dict(sorted(pairs))
        if len(labels) == len(pairs) and all(code and label for code, label in pairs):
            found[headings[each]] = labels
            beside.add(words)
    return [each for each in project.variables if each not in beside], found


def _cell(value: str, kind: str) -> str:
    if kind == "Boolean":
        return {"true": "1", "false": "0"}.get(value.lower(), value)
    return value


def _texts(
    project: Project, rows: Sequence[_Row], taken: set[str]
) -> tuple[list[dict[str, str]], dict[str, str]]:
    """The texts of each row by the heading they stand under; and what each heading is about."""
    is_ours = project.origin == _OURS
    questions = {each.description: each.name for each in project.sources} if is_ours else {}
    headings: dict[tuple[str, int], str] = {}
    about: dict[str, str] = {}
    found = []
    for row in rows:
        own: dict[str, str] = {}
        met: dict[str, int] = {}
        for no in row.sources:
            source = project.sources[no]
            question = source.description if is_ours else ""
            met[question] = place = met.get(question, 0) + 1
            if (question, place) not in headings:
                name = questions.get(question, "").rpartition("/")[2]
                wanted = name if len(questions) > 1 and name else _TEXT
                headings[question, place] = heading = _free(wanted, taken)
                about[heading] = question
            own[headings[question, place]] = source.text
        found.append(own)
    return found, about


def _free(name: str, taken: set[str]) -> str:
    """The name, with a number after it if it is taken in any case; it is so from now on."""
    found, no = name, 1
    while found.casefold() in taken:
        no += 1
        found = f"{name} ({no})"
    taken.add(found.casefold())
    return found
