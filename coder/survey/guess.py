"""A questionnaire guessed from a file: every guess with its reason, and nothing lost.

A column that isn't understood becomes a background value, or an open question when it holds long
text; only an empty one is ignored. The guess goes from columns (what each holds) to groups
(columns that are one question) to questions; then the ids, the background and the cases are
looked for among them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from itertools import count

import pandas as pd

from coder.errors import UserError
from coder.model import (
    Cases,
    Item,
    Kind,
    Option,
    Question,
    Questionnaire,
    Role,
    Scale,
    tick_column,
)
from coder.survey import scales
from coder.survey.columns import (
    BETWEEN,
    Block,
    Column,
    Group,
    blocks_of,
    columns_of,
    folded,
    forced,
    groups_of,
    is_name,
    is_number,
    natural,
    stem_of,
)
from coder.survey.raw import RawTable

_BY_CHANCE = 1e-3  # how likely it may be that rows of one id agree by chance
_TAKEN = ("respondent", "case", "number", "answered")
_SCALE_KEYS = {
    "descending": "guess.scale_descending",
    "ascending": "guess.scale_ascending",
}
_ROLE_KEYS: dict[Role, str] = {
    "dont_know": "guess.dont_know",
    "not_relevant": "guess.not_relevant",
}


@dataclass(frozen=True)
class Reason:
    """Why something was guessed of a question ("" for the whole): a text key and parameters."""

    question: str
    key: str
    params: Mapping[str, object]


@dataclass(frozen=True)
class Guess:
    """A guessed questionnaire, why, and the items whose wording says that they are reversed.

    Nothing is done about ``proposed_reversed``: whether an item is reversed, a recipe says.
    """

    questionnaire: Questionnaire
    reasons: tuple[Reason, ...]
    proposed_reversed: tuple[str, ...]


def guess_questionnaire(
    raw: RawTable, title: str, open_columns: Sequence[str] = (), id_column: str | None = None
) -> Guess:
    """The questionnaire that a file seems to have been made with.

    open_columns : headings of columns known to hold open answers, and id_column of the one with
    the ids; they override the guess. Raises ``UserError`` when one of them is not in the file.
    """
    _check_named(raw, [*open_columns, *([id_column] if id_column else [])])
    blocks = blocks_of(raw)
    columns = [forced(each, open_columns, id_column) for each in columns_of(raw, blocks)]
    draft = _Draft(raw, columns)
    for group in groups_of(raw, columns):
        draft.add(*_question(raw, group, draft.names))
    _find_elaborations(draft)
    rows = _find_id(draft, id_column)
    _find_background(draft)
    _find_consent(draft)
    return _finished(draft, title, blocks, rows)


def _check_named(raw: RawTable, named: Iterable[str]) -> None:
    headings = [str(each) for each in raw.table.columns]
    for heading in named:
        if heading not in headings:
            near = get_close_matches(heading, headings, n=3) or headings[:8]
            raise UserError("survey.no_column", column=heading, columns=", ".join(near))


# --- questions ---------------------------------------------------------------------------------


class _Names:
    """Short names for headings, each its own; remembers the heading of each name."""

    def __init__(self, headings: Iterable[str]) -> None:
        self._headings = set(headings)
        self._taken = set(_TAKEN)
        self.headings: dict[str, str] = {}

    def column(self, heading: str, wanted: str | None = None) -> str:
        """The name of a column: the heading itself when it is simple and free."""
        name = self.unique(wanted or heading, heading)
        self.headings[name] = heading
        return name

    def unique(self, wanted: str, heading: str | None = None) -> str:
        """A name that nothing else has, nor any other heading."""
        simple = wanted if wanted.isidentifier() and len(wanted) <= 64 else _slug(wanted)
        for name in (simple, *(f"{simple}_{letter}" for letter in "bcdefgh")):
            if self._is_free(name, heading):
                self._taken.add(name)
                return name
        return next(self.unique(f"{simple}_{no}", heading) for no in count(len(self._taken)))

    def _is_free(self, name: str, heading: str | None) -> bool:
        return name not in self._taken and (name == heading or name not in self._headings)


@dataclass
class _Draft:
    """The questionnaire while it is being guessed: questions by name, in order."""

    raw: RawTable
    columns: Sequence[Column]
    names: _Names = field(init=False)
    questions: dict[str, Question] = field(default_factory=dict)
    reasons: list[Reason] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.names = _Names(str(each) for each in self.raw.table.columns)
        self.by_heading = {column.heading: column for column in self.columns}

    def add(self, question: Question, reasons: Iterable[Reason]) -> None:
        self.questions[question.name] = question
        self.reasons += reasons

    def change(self, question: Question, key: str, **params: object) -> None:
        """Put another question of this name; its earlier reasons no longer count."""
        self.questions[question.name] = question
        self.reasons = [each for each in self.reasons if each.question != question.name]
        self.why(question.name, key, **params)

    def why(self, name: str, key: str, **params: object) -> None:
        """Give a reason; its text always knows the heading."""
        heading = self.names.headings.get(name, name)
        self.reasons.append(Reason(name, key, {"column": heading, **params}))

    def column(self, question: Question) -> Column | None:
        """The column of a question that has only one."""
        return self.by_heading.get(self.names.headings.get(question.name, ""))

    def cells(self, question: Question) -> pd.DataFrame:
        """The question's columns as they are in the file."""
        return self.raw.table[[self.names.headings[name] for name in question.columns()]]


_Drafted = tuple[Question, list[Reason]]


def _question(raw: RawTable, group: Group, names: _Names) -> _Drafted:
    if group.kind == "multiple":
        return _multiple(group, names)
    if group.kind == "matrix":
        return _matrix(group, names)
    if len(group.columns) > 1:
        return _ignored(group, names)
    return _alone(raw, group.columns[0], group.kind, names)


def _alone(raw: RawTable, column: Column, kind: Kind, names: _Names) -> _Drafted:
    if raw.roles.get(column.heading) == "ignore":
        kind = "ignore"
    name = names.column(column.heading)
    question = Question(name, kind, column.label, items=(Item(name, column.label),))
    params = {"column": column.heading, "count": len(column.values), "filled": column.filled}
    reasons = [Reason(name, _alone_key(kind, column), params)]
    if kind in ("single", "number") and (kind == "single" or column.coded):
        options, scale = _options([column])
        question = replace(question, options=options, scale=scale if kind == "single" else None)
        reasons += _option_reasons(question)
    return question, reasons


def _alone_key(kind: Kind, column: Column) -> str:
    if kind == "ignore":
        return "guess.empty" if column.shape == "empty" else "guess.to_ignore"
    if kind == "single":
        return "guess.single_labels" if column.coded else "guess.single_values"
    return {"number": "guess.number", "open": "guess.open"}.get(kind, "guess.not_understood")


def _ignored(group: Group, names: _Names) -> _Drafted:
    items = tuple(Item(names.column(each.heading), each.label) for each in group.columns)
    name = names.unique(group.stem)
    reason = Reason(name, "guess.empty", {"column": group.stem, "count": 0, "filled": 0})
    return Question(name, "ignore", group.stem, items=items), [reason]


def _matrix(group: Group, names: _Names) -> _Drafted:
    label, tails = _parted(group)
    items = tuple(
        Item(names.column(each.heading), tail)
        for each, tail in zip(group.columns, tails, strict=True)
    )
    name = names.unique(group.stem)
    options, scale = _options(group.columns)
    question = Question(name, "matrix", label, options, items, scale)
    params = {"column": group.stem, "count": len(items), "options": len(options)}
    return question, [Reason(name, "guess.matrix", params), *_option_reasons(question)]


def _multiple(group: Group, names: _Names) -> _Drafted:
    label, tails = _parted(group)
    name = names.unique(group.stem)
    codes = _tick_codes(group)
    options = []
    for column, code, tail in zip(group.columns, codes, tails, strict=True):
        options.append(Option(code, tail, scales.role_of(tail)))
        names.headings[tick_column(name, code)] = column.heading
    question = Question(
        name, "multiple", label, tuple(options), (Item(name, label),),
        maximum=scales.most_ticks(label), ticked=_ticked(group),
    )  # fmt: skip
    key = "guess.multiple_set" if group.counted else "guess.multiple"
    reasons = [Reason(name, key, {"column": group.stem, "count": len(options)})]
    if question.maximum:
        params = {"column": group.stem, "maximum": question.maximum}
        reasons.append(Reason(name, "guess.maximum", params))
    return question, [*reasons, *_option_reasons(question)]


def _tick_codes(group: Group) -> list[str]:
    """What follows the question's name in each heading; numbers where that is nothing simple."""
    stems = [stem_of(each) for each in group.columns]
    tails = [each[1] if each and each[0] == group.stem else "" for each in stems]
    simple = all(re.fullmatch(r"\w{1,40}", tail) for tail in tails)
    if simple and len(set(tails)) == len(tails):
        return tails
    return [str(no) for no in range(1, len(group.columns) + 1)]


def _ticked(group: Group) -> str | None:
    """How a tick is written, if it is not as usual, such as 2 of "1 = not chosen, 2 = chosen"."""
    if group.counted and folded(group.counted) not in scales.ticked_words():
        return group.counted
    codes = {
        code
        for column in group.columns
        for code, label in column.labels.items()
        if folded(label) in scales.ticked_words() and len(column.labels) > 1
    }
    unusual = codes - scales.ticked_words()
    return min(unusual) if unusual else None


def _parted(group: Group) -> tuple[str, list[str]]:
    """The label of the question, and of each of its items, from the labels of the columns."""
    own = [_own_label(column) for column in group.columns]
    if all(own):
        return group.label or group.stem, own
    labels = [column.label for column in group.columns]
    if all(each.label == each.heading and is_name(each.heading) for each in group.columns):
        return group.label or group.stem, labels
    cut = _cut(labels)
    tails = [label[cut:].strip(" ]") for label in labels]
    if group.label:
        return group.label, tails if all(tails) else labels
    head = labels[0][:cut].rstrip(" -–—:[|")
    return (head, tails) if head and all(tails) else (group.stem, labels)


def _own_label(column: Column) -> str:
    """The option's own label, where a tick is written as that."""
    if column.tick != "label":
        return ""
    return next(iter(column.labels.values()), "") or next(iter(column.values), "")


def _shared(labels: Sequence[str]) -> str:
    """What all of these texts begin with."""
    first, last = min(labels), max(labels)
    same = next((no for no, sign in enumerate(first) if last[no : no + 1] != sign), len(first))
    return first[:same]


def _cut(labels: Sequence[str]) -> int:
    """Where the part that all labels begin with ends: at a separator, or else between words."""
    shared = _shared(labels)
    ends = [found.end() for found in BETWEEN.finditer(labels[0]) if found.end() <= len(shared)]
    return ends[-1] if ends else shared.rfind(" ") + 1


# --- options -----------------------------------------------------------------------------------


def _options(columns: Sequence[Column]) -> tuple[tuple[Option, ...], Scale | None]:
    """The options in their order, those that are no answers last, and which way they go."""
    if columns[0].coded:
        labels = {code: label for column in columns for code, label in column.labels.items()}
        labels |= {v: v for column in columns for v in column.values if v not in labels}
        missing = {code for column in columns for code in column.missing}
        return _ordered([_option(code, labels[code], missing) for code in labels], by_code=True)
    values = sorted({value for column in columns for value in column.values}, key=natural)
    options = [_option(value, value, set()) for value in values]
    if all(is_number(value) for value in values):
        return _ordered(options, by_code=True)
    ordered, scale = _ordered(options, by_code=False)
    return tuple(replace(each, code=str(no)) for no, each in enumerate(ordered, start=1)), scale


def _option(code: str, label: str, missing: set[str]) -> Option:
    role: Role = scales.role_of(label)
    return Option(code, label, "not_relevant" if role == "answer" and code in missing else role)


def _ordered(options: Sequence[Option], by_code: bool) -> tuple[tuple[Option, ...], Scale | None]:
    """By code if that is how the scale goes; otherwise a known scale from high to low."""
    options = sorted(options, key=lambda each: natural(each.code)) if by_code else options
    ordinary = [each for each in options if each.role == "answer"]
    others = [each for each in options if each.role != "answer"]
    known = scales.recognise([each.label for each in ordinary])
    if known is None:
        return (*ordinary, *others), None
    places = list(known.places)
    if by_code and places == sorted(places, reverse=True):
        return (*ordinary, *others), "ascending"
    ranked = sorted(zip(places, ordinary, strict=True), key=lambda pair: pair[0])
    return (*(option for _, option in ranked), *others), "descending"


def _option_reasons(question: Question) -> Iterator[Reason]:
    about = {"column": question.name}
    ordinary = [option.label for option in question.options if option.role == "answer"]
    if question.scale:
        params = {**about, "first": ordinary[0], "last": ordinary[-1]}
        yield Reason(question.name, _SCALE_KEYS[question.scale], params)
    for option in question.options:
        if option.role in _ROLE_KEYS:
            params = {**about, "option": option.label}
            yield Reason(question.name, _ROLE_KEYS[option.role], params)


# --- what the questions are to each other ------------------------------------------------------


def _find_elaborations(draft: _Draft) -> None:
    """A column of text that was added to the open answer before it is no question of its own."""
    base: Question | None = None
    for question in list(draft.questions.values()):
        column = draft.column(question)
        if (
            column
            and base
            and column.shape in ("text", "other")
            and _elaborates(draft, base, question)
        ):
            base = replace(base, elaboration=question.name)
            del draft.questions[question.name]
            draft.reasons = [each for each in draft.reasons if each.question != question.name]
            draft.questions[base.name] = base
            draft.why(base.name, "guess.elaboration", elaboration=column.heading)
        base = question if question.kind == "open" else None


def _elaborates(draft: _Draft, base: Question, question: Question) -> bool:
    column = draft.column(question)
    if column is None or not column.says("elaboration", 6):
        return False
    given = draft.cells(base).notna().any(axis="columns")
    added = draft.cells(question).notna().any(axis="columns")
    return bool((added & given).sum() >= 0.9 * added.sum())


def _find_id(draft: _Draft, wanted: str | None) -> set[str] | None:
    """Make one column the ids. Returns the questions that differ between rows of one id, if any."""
    for question in _id_candidates(draft, wanted):
        column = draft.column(question)
        ids = draft.cells(question).iloc[:, 0]
        if ids.is_unique and ids.notna().all():
            draft.change(_as(question, "id"), "guess.id")
            return None
        if column is not None and (column.heading == wanted or column.says("id", 3)):
            return _repeated_id(draft, question, ids, wanted)
    return None


def _id_candidates(draft: _Draft, wanted: str | None) -> list[Question]:
    """Columns that may hold ids, most likely first."""
    alone = [each for each in draft.questions.values() if draft.column(each)]
    if wanted is not None:
        return [each for each in alone if draft.names.headings[each.name] == wanted]
    rows = len(draft.raw.table)
    named = [each for each in alone if _column_of(draft, each).says("id", 3)]
    first = [each for each in alone[:1] if rows >= 10 and _may_be_id(_column_of(draft, each))]
    found = [each for each in [*named, *first] if each.kind != "open"]
    unique = [each for each in found if draft.cells(each).iloc[:, 0].is_unique]
    near = [each for each in named if draft.cells(each).iloc[:, 0].nunique() * 2 >= rows]
    return [*unique, *(each for each in near if each not in unique)]


def _may_be_id(column: Column) -> bool:
    """Whether a column that isn't called an id may hold ids all the same."""
    kind = column.shape == "other" or (column.shape == "number" and not column.coded)
    return kind and not column.says("number", 8)


def _column_of(draft: _Draft, question: Question) -> Column:
    return draft.by_heading[draft.names.headings[question.name]]


def _repeated_id(
    draft: _Draft, question: Question, ids: pd.Series, wanted: str | None
) -> set[str] | None:
    """Several rows with one id are cases of one respondent, if the other columns agree with it."""
    differing = _differing(draft, ids)
    agreeing = [name for name in draft.questions if name not in (*differing, question.name)]
    opens = {each.name for each in draft.questions.values() if each.kind == "open"}
    fits = bool(opens & differing) and _chance(draft, agreeing, ids) < _BY_CHANCE
    if ids.notna().all() and (fits or wanted is not None):
        draft.change(_as(question, "id"), "guess.id_rows", count=int(ids.duplicated().sum()))
        return differing | opens
    params = {"count": int(ids.duplicated().sum() + ids.isna().sum())}
    draft.change(_as(question, "background"), "guess.id_not_unique", **params)
    return None


def _differing(draft: _Draft, ids: pd.Series) -> set[str]:
    """The questions that have different values in rows of the same id."""
    several = ids.notna() & ids.duplicated(keep=False)
    table = draft.raw.table[several]
    if table.empty:
        return set()
    most = table.groupby(ids[several], sort=False).nunique().max()
    return {
        each.name
        for each in draft.questions.values()
        if (most.reindex([draft.names.headings[name] for name in each.columns()]) > 1).any()
    }


def _chance(draft: _Draft, agreeing: Sequence[str], ids: pd.Series) -> float:
    """How likely rows of one id would agree on these questions if they were strangers."""
    pairs = int(ids.duplicated().sum())
    chance = 1.0
    for name in agreeing:
        for _, cells in draft.cells(draft.questions[name]).items():
            chance *= float((cells.value_counts(normalize=True, dropna=False) ** 2).sum())
    return chance ** max(pairs, 1)


def _find_background(draft: _Draft) -> None:
    """What is known also of those who answered nothing, and what is called as background is."""
    silent = _silent(draft)
    for question in list(draft.questions.values()):
        column = draft.column(question)
        if column is None or question.kind not in ("single", "number", "background"):
            continue
        # Who says no to a first question may be asked no more: then all the silent say the same.
        if silent.get(column.heading, pd.Series()).nunique() > 1 and not _is_asked(column):
            params = {"count": len(silent[column.heading])}
            draft.change(_as(question, "background"), "guess.background_silent", **params)
        elif question.kind == "single" and column.says("background", 5):
            draft.change(_as(question, "background"), "guess.background_name")


def _silent(draft: _Draft) -> pd.DataFrame:
    """The columns that everyone has, in the rows of those who have nothing in any other."""
    table = draft.raw.table[[column.heading for column in draft.columns]]
    full = table.columns[table.notna().all()]
    rest = table.drop(columns=full)
    nothing = rest.isna().all(axis="columns") if len(rest.columns) else []
    return table.loc[nothing, full]


def _is_asked(column: Column) -> bool:
    """Whether a column looks like a question put to the respondents."""
    numbered = re.fullmatch(r"(q|s|sp|spm|v|var)_?\d+", column.heading.casefold())
    return bool(numbered) or column.label.endswith("?")


def _find_consent(draft: _Draft) -> None:
    """A closed question about publication. Without labels nothing is permitted."""
    for question in list(draft.questions.values()):
        column = draft.column(question)
        if column and question.kind == "single" and column.says("consent"):
            permits = tuple(each.code for each in question.options if scales.says_yes(each.label))
            consent = replace(_as(question, "consent"), permits=permits, scale=None)
            key = "guess.consent" if permits else "guess.consent_unknown"
            draft.change(consent, key, permits=", ".join(permits))


def _as(question: Question, kind: Kind) -> Question:
    """The question as another kind; ids have no options, and only ratings a scale."""
    options = () if kind == "id" else question.options
    return replace(question, kind=kind, options=options, scale=None)


# --- putting it together -----------------------------------------------------------------------


def _finished(draft: _Draft, title: str, blocks: Sequence[Block], rows: set[str] | None) -> Guess:
    """The questionnaire with its cases and headings."""
    questions = tuple(draft.questions.values())
    about = _about_case(draft, blocks, rows)
    prefixes = ("", *(block.prefix for block in blocks if not rows))
    questionnaire = Questionnaire(
        title=title,
        language=scales.language_of(_texts(draft)),
        questions=questions,
        cases=Cases(about, prefixes, rows is not None),
        organisation=_organisation(draft),
        columns=_headings(draft, blocks),
    )
    if blocks:
        params = {"count": len(blocks), "prefixes": ", ".join(each.prefix for each in blocks)}
        draft.reasons.append(Reason("", "guess.blocks", params))
    if questionnaire.columns:
        params = {"count": len(questionnaire.columns)}
        draft.reasons.append(Reason("", "guess.renamed", params))
    if not questionnaire.of_kind("open"):
        draft.reasons.append(Reason("", "guess.no_open", {}))
    proposed = tuple(_reversed(draft))
    return Guess(questionnaire, tuple(draft.reasons), proposed)


def _about_case(draft: _Draft, blocks: Sequence[Block], rows: set[str] | None) -> tuple[str, ...]:
    """Open questions, and what stands in blocks or differs between rows of one respondent."""
    headings = {heading for block in blocks for heading in block.headings}
    return tuple(
        question.name
        for question in draft.questions.values()
        if question.kind not in ("id", "ignore")
        and (
            question.kind == "open"
            or question.name in (rows or ())
            or any(draft.names.headings[name] in headings for name in question.columns())
        )
    )


def _headings(draft: _Draft, blocks: Sequence[Block]) -> dict[str, str]:
    """The heading of each column that is called something else, also in later blocks."""
    kept = {
        name
        for question in draft.questions.values()
        for name in (*question.columns(), question.elaboration)
        if name is not None
    }
    own = {name: heading for name, heading in draft.names.headings.items() if name in kept}
    later = {
        block.prefix + name: block.headings[heading]
        for block in blocks
        for name, heading in own.items()
        if heading in block.headings
    }
    return {name: heading for name, heading in {**own, **later}.items() if name != heading}


def _texts(draft: _Draft) -> Iterator[str]:
    """Labels and some answers, to tell the language from."""
    for question in draft.questions.values():
        yield question.label
        yield from (option.label for option in question.options)
        if question.kind == "open":
            yield from draft.cells(question).iloc[:, 0].dropna().head(100)


def _organisation(draft: _Draft) -> str | None:
    """The background question that tells where respondents are from."""
    for question in draft.questions.values():
        column = draft.column(question)
        if column and question.kind == "background" and column.says("organisation", 3):
            draft.why(question.name, "guess.organisation")
            return question.name
    return None


def _reversed(draft: _Draft) -> Iterator[str]:
    """Items of a matrix on a scale that say something bad where the others don't."""
    for question in draft.questions.values():
        if question.kind != "matrix" or question.scale is None:
            continue
        found = [each for each in question.items if scales.says("reversed", each.label)]
        if 2 * len(found) <= len(question.items):
            for item in found:
                draft.why(question.name, "guess.reversed", item=item.label)
                yield item.name


# --- small things ------------------------------------------------------------------------------


def _slug(text: str) -> str:
    """A short simple name: the first words of a text, in plain letters."""
    plain = text.casefold()
    for letter, letters in (("æ", "ae"), ("ø", "oe"), ("å", "aa"), ("ß", "ss")):
        plain = plain.replace(letter, letters)
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain)
    name = ""
    for word in words:
        if name and len(name) + len(word) > 30:
            break
        name = f"{name}_{word}" if name else word[:40]
    name = name or "column"
    return f"c_{name}" if name[0].isdecimal() else name
