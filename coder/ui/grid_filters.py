"""Which answers the table shows, in which order and with which columns.

What is chosen stands in the page's address, so that a link shows the same rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import get_args

from coder.i18n import Texts
from coder.model import Mark
from coder.study import Study
from coder.ui import grid_rows, session
from coder.ui.grid_rows import OWN, Rows, item_column

UNCODED = "none"  # stands among the ids of codes for having none
BARE = "bare"  # stands among the columns when no other is wanted than id and text
HAVING = ("any", "all", "none")
NOTES = (*get_args(Mark), "memo")
STATUSES = ("answer", "aside", "all")
DIRECTIONS = ("up", "down")
ONLY = ("disputed", "again")
_ITEMS_AT_FIRST = 2


@dataclass(frozen=True)
class Wanted:
    """What somebody wants to see; each field is a parameter of the address.

    ``q`` is searched for. ``codes`` are ids: answers that have ``having`` (any, all, none) of them.
    ``values`` are responses to the closed ``item``. ``ids`` are answers: those behind a figure.
    ``sort`` is a column, with a minus before it for downwards; empty: as imported. No ``columns``:
    the usual ones.
    """

    q: str = ""
    codes: tuple[str, ...] = ()
    having: str = "any"
    marks: tuple[str, ...] = ()
    item: str = ""
    values: tuple[str, ...] = ()
    status: str = "answer"
    only: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    sort: str = ""
    columns: tuple[str, ...] = ()

    @property
    def filters(self) -> int:
        """How many filters are on; the search is none."""
        aside = self.status != "answer"
        on = (self.codes, self.marks, self.values, aside, self.ids, *self.only)
        return sum(map(bool, on))


# --- the address -------------------------------------------------------------------------------


def to_address(wanted: Wanted) -> dict[str, list[str]]:
    """What is not as usual, as parameters."""
    values = {each.name: (getattr(wanted, each.name), each.default) for each in fields(wanted)}
    return {
        name: [value] if isinstance(value, str) else list(value)
        for name, (value, usual) in values.items()
        if value != usual
    }


def from_address(parameters: Mapping[str, Sequence[str]]) -> Wanted:
    """What the parameters ask for; what they don't mention is as usual."""
    given: dict[str, str | tuple[str, ...]] = {}
    for each in fields(Wanted):
        values = parameters.get(each.name)
        if values:
            one = isinstance(each.default, str)
            given[each.name] = values[0] if one else tuple(values)
    return replace(Wanted(), **given)  # type: ignore[arg-type]


def valid(wanted: Wanted, study: Study) -> Wanted:
    """The same without what is not there (any more): a link may be old, or mistyped."""
    items, columns = study.closed_items(), columns_of(study)
    item = wanted.item if wanted.item in items else ""
    return Wanted(
        wanted.q,
        _among(wanted.codes, (UNCODED, *study.state.codes)),
        wanted.having if wanted.having in HAVING else "any",
        _among(wanted.marks, NOTES),
        item,
        _among(wanted.values, options(study, item)),
        wanted.status if wanted.status in STATUSES else "answer",
        _among(wanted.only, ONLY),
        _among(wanted.ids, tuple(study.survey.answers.index)),
        wanted.sort if wanted.sort.removeprefix("-") in ("answer", "text", *columns) else "",
        _among(wanted.columns or usual_columns(study), (*columns, BARE)),
    )


def columns_of(study: Study) -> tuple[str, ...]:
    """Every column that may be chosen."""
    return (*OWN, *map(item_column, study.closed_items()))


def usual_columns(study: Study) -> tuple[str, ...]:
    """The columns that are shown before anyone has chosen: few enough to leave the text room."""
    return (*OWN[:2], *map(item_column, study.context_items()[:_ITEMS_AT_FIRST]))


def _among(chosen: Sequence[str], there: Sequence[str]) -> tuple[str, ...]:
    return tuple(each for each in dict.fromkeys(chosen) if each in there)


def options(study: Study, item: str) -> tuple[str, ...]:
    """What may be responded to a closed item: its options, or else what was responded."""
    if not item:
        return ()
    question = grid_rows.question_of(study, item)
    found = [option.label for option in question.options]
    return tuple(found or sorted(set(grid_rows.responses(study, item).values())))


# --- the answers -------------------------------------------------------------------------------


def found(study: Study, rows: Rows, wanted: Wanted, texts: Texts) -> list[str]:
    """The ids of the answers that are wanted, in the order that is wanted."""
    kept = set(rows.text)
    if wanted.q.strip():
        kept &= set(study.search(wanted.q))
    if wanted.status != "all":
        aside = study.state.set_aside()
        kept = kept & aside if wanted.status == "aside" else kept - aside
    if wanted.codes:
        kept = {answer for answer in kept if _has(rows, answer, wanted)}
    if wanted.marks:
        kept = {answer for answer in kept if not _noted(rows, answer).isdisjoint(wanted.marks)}
    if wanted.values:
        kept &= _responded(study, wanted.item, wanted.values)
    if "disputed" in wanted.only:
        kept &= study.disputed()
    if "again" in wanted.only:
        kept &= study.again(session.layer())
    if wanted.ids:
        kept &= {*wanted.ids}
    ids = [answer for answer in rows.text if answer in kept]
    return grid_rows.ordered(study, rows, ids, wanted.sort, texts) if wanted.sort else ids


def _has(rows: Rows, answer: str, wanted: Wanted) -> bool:
    own, codes = set(rows.codes.get(answer, (UNCODED,))), wanted.codes
    if wanted.having == "all":
        return own.issuperset(codes)
    return own.isdisjoint(codes) == (wanted.having == "none")


def _noted(rows: Rows, answer: str) -> set[str]:
    return {*rows.marks.get(answer, ()), *(["memo"] if answer in rows.memos else [])}


def _responded(study: Study, item: str, values: Sequence[str]) -> set[str]:
    """The answers beside which the item has any of these; of several ticked, one is enough."""
    responses = grid_rows.responses(study, item)
    if grid_rows.question_of(study, item).kind != "multiple":
        return {answer for answer, words in responses.items() if words in values}
    labels = options(study, item)
    ticked = {words: _ticked(words, labels) for words in set(responses.values())}
    return {answer for answer, words in responses.items() if not ticked[words].isdisjoint(values)}


def _ticked(words: str, labels: Sequence[str]) -> set[str]:
    """The options that were ticked, from the text in which they stand in their order."""
    found, rest = set(), f"{words}, "
    for label in labels:  # one at a time: a label may have commas of its own
        if rest.startswith(f"{label}, "):
            found.add(label)
            rest = rest.removeprefix(f"{label}, ")
    return found
