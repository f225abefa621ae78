"""What the columns of a file hold, and which of them belong together.

The first half of guessing a questionnaire: it looks at cells, headings and labels only, and
decides nothing about questions (see ``coder.survey.guess``).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import pandas as pd

from coder.model import Kind
from coder.survey import scales
from coder.survey.raw import RawTable

_MOST_OPTIONS = 20  # more different texts than this are no options
_MOST_CODES = 11  # more different numbers than this are no codes; 0 to 10 is a scale
_MANY = 200  # no more different values than this are looked at one by one
_LONG = (25, 4)  # letters and words from which a text is an open answer, on average
_ORDINALS = re.compile(r"[2-9]|anden|andet|second|andre|zweite|tredje|third|two|drei|three", re.I)
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})([.,]\d+)?")
_THOUSANDS = re.compile(r"-?\d{1,3}([.,]\d{3})+")
# What stands between a question and one of its items in the label of a column.
BETWEEN = re.compile(r"[?!]\s+(?:[-–—:]\s+)?|\.\.\.\s+|…\s+|\s+[-–—]\s+|:\s+|\s*\[|\s*\|\s*|\n")

Shape = Literal["empty", "closed", "number", "text", "other"]
Tick = Literal["mark", "yes_no", "label"]


# --- columns -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Column:
    """What is known of a column, together with the same column of later cases.

    values : the different values, if there are not too many. coded : whether the options are
    those that the file gives, by code.
    """

    heading: str
    label: str
    shape: Shape
    filled: int
    values: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    tick: Tick | None = None

    @property
    def coded(self) -> bool:
        return bool(self.labels)

    def says(self, subject: str, most_words: int = 99) -> bool:
        """Whether the heading, or a label of no more than so many words, has such a word."""
        texts = [self.heading, self.label]
        return any(scales.says(subject, each) for each in texts if len(each.split()) <= most_words)


def columns_of(raw: RawTable, blocks: Sequence[Block]) -> list[Column]:
    """The columns of the first case and of all respondents, each with what later cases add."""
    later = {heading for each in blocks for heading in each.headings.values()}
    return [
        _column(
            raw, heading, [each.headings[heading] for each in blocks if heading in each.headings]
        )
        for heading in map(str, raw.table.columns)
        if heading not in later
    ]


def _column(raw: RawTable, heading: str, later: Sequence[str]) -> Column:
    cells = pd.concat([raw.table[each] for each in (heading, *later)], ignore_index=True)
    counts = cells.value_counts(sort=False)
    label = " ".join(raw.labels.get(heading, heading).split()) or heading
    column = Column(
        heading=heading,
        label=label,
        shape="empty",
        filled=int(counts.sum()),
        values=tuple(sorted(map(str, counts.index), key=natural)) if len(counts) <= _MANY else (),
        labels=raw.value_labels.get(heading, {}),
        missing=raw.missing.get(heading, ()),
    )
    column = replace(column, shape=_shape(column, counts), tick=_tick(column))
    return column if column.shape != "number" else replace(column, tick=None)


def forced(column: Column, open_columns: Sequence[str], id_column: str | None) -> Column:
    """Columns that the user named are what she says; other long text is then left as it is."""
    if column.heading in open_columns:
        return replace(column, shape="text", tick=None, labels={})
    if column.heading == id_column:
        return replace(column, shape="other", tick=None, labels={})
    return column


def _shape(column: Column, counts: pd.Series) -> Shape:
    if column.labels:
        return _coded_shape(column, counts)
    if counts.empty:
        return "empty"
    texts = counts.index.to_series().astype("str")
    if texts.str.fullmatch(_NUMBER).all() and not texts.str.fullmatch(_THOUSANDS).any():
        return _number_shape(column, counts)
    return _text_shape(column, counts, texts)


def _coded_shape(column: Column, counts: pd.Series) -> Shape:
    """Closed, unless it holds numbers of which only a few special ones have labels."""
    unlabelled = [value for value in map(str, counts.index) if value not in column.labels]
    if len(unlabelled) <= _MOST_CODES:
        return "closed"
    return "number" if all(_NUMBER.fullmatch(value) for value in unlabelled) else "other"


def _number_shape(column: Column, counts: pd.Series) -> Shape:
    whole = all(str(value).lstrip("-").isdecimal() for value in counts.index[: _MOST_CODES + 1])
    many = len(counts) > _MOST_CODES or column.says("number", 8)
    return "number" if many or not whole else "closed"


def _text_shape(column: Column, counts: pd.Series, texts: pd.Series) -> Shape:
    letters = float((texts.str.len() * counts).sum() / counts.sum())
    words = float(((texts.str.count(r"\s+") + 1) * counts).sum() / counts.sum())
    repeated = len(counts) <= _MOST_OPTIONS and column.filled >= 2 * len(counts)
    if column.says("open") and words > 2 * _LONG[1]:
        return "text"
    if repeated or _is_scale(column.values):
        return "closed"
    long = letters >= _LONG[0] or words >= _LONG[1]
    return "text" if long or column.says("open") else "other"


def _is_scale(labels: Sequence[str]) -> bool:
    ordinary = [label for label in labels if scales.role_of(label) == "answer"]
    return scales.recognise(ordinary) is not None


def _tick(column: Column) -> Tick | None:
    """How the column would tell ticks, if that is what it holds."""
    words = {folded(column.labels.get(value, value)) for value in column.values}
    words |= {folded(label) for label in column.labels.values()}
    if words and words <= scales.ticked_words() | scales.not_ticked_words():
        plain = words & (scales.ticked_words() - {"1"})
        yes = bool(plain) and all(scales.is_word("yes_no", word) for word in plain)
        return "yes_no" if yes else "mark"
    return "label" if len(words) == 1 else None


# --- blocks of columns -------------------------------------------------------------------------


@dataclass(frozen=True)
class Block:
    """The columns of a later case: its prefix, and the heading of each column of the first."""

    prefix: str
    headings: Mapping[str, str]


def blocks_of(raw: RawTable) -> list[Block]:
    """Groups of columns that are called as others, but for what stands before or after."""
    headings = [str(each) for each in raw.table.columns]
    before, after = _pairs(raw, headings, _prefix_parts), _pairs(raw, headings, _suffix_parts)
    found = [Block(sign, each) for sign, each in before.items() if _is_block(sign, each, headings)]
    if not found:
        found = [
            Block(f"case{''.join(filter(str.isdecimal, sign))}_", each)
            for sign, each in after.items()
            if _is_block(sign, each, headings)
        ]
    same = [each for each in found if set(each.headings) == set(found[0].headings)]
    return sorted(same, key=lambda block: natural(block.prefix))


def _pairs(
    raw: RawTable, headings: Sequence[str], parts: Callable[[str], Iterator[tuple[str, str]]]
) -> dict[str, dict[str, str]]:
    """By what is added: for each column the one that is called the same but for that."""
    present = set(headings)
    pairs: dict[str, dict[str, str]] = defaultdict(dict)
    for heading in headings:
        for sign, base in parts(heading):
            alike = raw.value_labels.get(base) == raw.value_labels.get(heading)
            if base in present and alike and not base.isdecimal():
                pairs[sign][base] = heading
    return pairs


def _prefix_parts(heading: str) -> Iterator[tuple[str, str]]:
    for found in re.finditer(r"[_.:\-]\s*", heading):
        yield heading[: found.end()], heading[found.end() :]


def _suffix_parts(heading: str) -> Iterator[tuple[str, str]]:
    found = re.fullmatch(r"(.+?)([_.\- ]\(?[2-9]\)?)", heading)
    if found:
        yield found[2], found[1]


def _is_block(sign: str, pairs: Mapping[str, str], headings: Sequence[str]) -> bool:
    """Unmistakable: at least three columns side by side, in the order of those they repeat."""
    places = {heading: place for place, heading in enumerate(headings)}
    later = [places[each] for each in pairs.values()]
    side_by_side = later == list(range(later[0], later[0] + len(later)))
    bases = [places[each] for each in pairs]
    enough = len(pairs) >= (3 if _ORDINALS.search(sign) else 5)
    return enough and side_by_side and bases == sorted(bases) and bases[-1] < later[0]


# --- groups of columns -------------------------------------------------------------------------


@dataclass(frozen=True)
class Group:
    """Columns that are one question, with what their headings or labels have in common."""

    kind: Kind
    stem: str
    columns: tuple[Column, ...]
    label: str = ""
    tails: tuple[str, ...] = ()
    counted: str | None = None


def groups_of(raw: RawTable, columns: Sequence[Column]) -> Iterator[Group]:
    """The columns as questions, in the order of the file."""
    sets = {column: each for each in raw.multiple if each.counted for column in each.columns}
    by_heading = {column.heading: column for column in columns}
    run: list[Column] = []
    done: set[str] = set()
    for column in columns:
        declared = sets.get(column.heading)
        if run and (declared or not _belongs(run, column)):
            yield _group(run)
            run = []
        if declared is None:
            run.append(column)
        elif declared.name not in done:
            done.add(declared.name)
            members = tuple(by_heading[each] for each in declared.columns if each in by_heading)
            stem = declared.name.lstrip("$")
            yield Group("multiple", stem, members, declared.label, (), declared.counted)
    if run:
        yield _group(run)


def _belongs(run: Sequence[Column], column: Column) -> bool:
    """Whether a column goes on with the question that the columns before it are."""
    stem = stem_of(column)
    if stem is None or any(stem_of(each) is None for each in run) or stem[0] != _stem_of(run):
        return False
    if column.shape == "empty" or all(each.shape == "empty" for each in run):
        return column.shape in ("empty", "closed") or column.tick is not None
    if all(_may_tick(each) for each in (*run, column)):
        return True
    return _alike([each for each in run if each.shape != "empty"], column)


def _stem_of(run: Sequence[Column]) -> str | None:
    found = stem_of(run[0])
    return found[0] if found else None


def _may_tick(column: Column) -> bool:
    return column.shape == "empty" or column.tick in ("mark", "label")


def _alike(run: Sequence[Column], column: Column) -> bool:
    """Whether closed columns have the same options, as far as the values tell."""
    if column.shape != "closed" or any(each.shape != "closed" for each in run):
        return False
    if column.coded or run[0].coded:
        return dict(column.labels) == dict(run[0].labels)
    before = {value for each in run for value in each.values}
    together = before | set(column.values)
    if all(_NUMBER.fullmatch(value) for value in together):
        return len(together) <= _MOST_CODES
    return _is_scale(sorted(together)) or len(before & set(column.values)) * 2 > len(together)


def stem_of(column: Column) -> tuple[str, str] | None:
    """The part of a column's heading, or else of its label, that it shares with its question."""
    heading = column.heading
    if is_name(heading):
        return _name_stem(heading) or _label_stem(column.label)
    return _label_stem(heading) or _label_stem(column.label)


def _name_stem(heading: str) -> tuple[str, str] | None:
    """``q15_fit`` and ``q_15_1`` belong to ``q15`` and ``q_15``, ``q15a`` to ``q15``."""
    parts = re.split(r"[_.\-]+", heading)
    lettered = re.fullmatch(r"(.*\d)([a-zæøå])", heading)
    if len(parts) == 1:
        return (lettered[1], lettered[2]) if lettered else None
    numbered = [place for place, part in enumerate(parts) if any(map(str.isdecimal, part))]
    place = numbered[0] + 1 if numbered and numbered[0] + 1 < len(parts) else None
    if place is None:
        place = len(parts) - 1 if numbered else 1
    size = re.match(rf"(?:[^_.\-]+[_.\-]+){{{place}}}", heading)
    return (heading[: size.end()].rstrip("_.-"), heading[size.end() :]) if size else None


def _label_stem(label: str) -> tuple[str, str] | None:
    """``Who took part? - Citizens`` belongs to ``Who took part?``."""
    cuts = list(BETWEEN.finditer(label))
    if not cuts or cuts[-1].end() >= len(label):
        return None
    cut = cuts[-1]
    return label[: cut.end()].rstrip(" -–—:[|\n"), label[cut.end() :].strip(" ]")


def _group(run: Sequence[Column]) -> Group:
    stem = _stem_of(run) or run[0].heading
    if len(run) == 1:
        return Group(_single_kind(run[0]), run[0].heading, tuple(run))
    if all(each.shape == "empty" for each in run):
        return Group("ignore", stem, tuple(run))
    kind: Kind = "multiple" if _are_ticks(run) else "matrix"
    return Group(kind, stem, tuple(run))


def _single_kind(column: Column) -> Kind:
    kinds: dict[Shape, Kind] = {
        "empty": "ignore",
        "closed": "single",
        "number": "number",
        "text": "open",
        "other": "background",
    }
    return kinds[column.shape]


def _are_ticks(run: Sequence[Column]) -> bool:
    """Ticks, unless they are yes and no to named items: then a blank is no answer, not a no."""
    filled = [column for column in run if column.shape != "empty"]
    kinds = {column.tick for column in filled}
    if kinds == {"label"}:
        return len({column.values for column in filled}) == len(filled)
    if kinds == {"yes_no"}:
        codes = {value for column in filled for value in column.values if column.coded}
        tails = [(stem_of(each) or ("", ""))[1] for each in run]
        return codes <= {"0", "1"} and all(tail.isdecimal() for tail in tails)
    return kinds == {"mark"}


# --- small things ------------------------------------------------------------------------------


def is_name(heading: str) -> bool:
    """Whether a heading is the name of a variable rather than a text."""
    return not re.search(r"\s|\[", heading)


def is_number(text: str) -> bool:
    """Whether a text is a number that nothing is lost of when it is read as one."""
    return _NUMBER.fullmatch(text) is not None


def natural(text: str) -> list[tuple[int, float, str]]:
    """Sorts 2 before 10, and numbers before words."""
    parts = re.findall(r"\d+|\D+", text.casefold())
    negative = text.startswith("-") and text[1:].isdecimal()
    if negative:
        return [(0, -float(text[1:]), "")]
    return [(0, float(part), "") if part.isdecimal() else (1, 0.0, part) for part in parts]


def folded(text: str) -> str:
    return " ".join(text.split()).casefold()
