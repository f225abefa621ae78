"""A survey as it may leave without names: pseudonyms for ids and organisations, no small cells.

A cell is what is told of a respondent's background together with a category of their answers.
Where fewer respondents than agreed share it, whoever knows them could tell who wrote the answer,
so the most telling background values are withheld until enough share the rest (local suppression
to k-anonymity: Sweeney 2002, *Int. J. Uncertainty, Fuzziness and Knowledge-Based Systems* 10).
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from coder.model import Item, Question, Questionnaire
from coder.survey.ingest import build_survey, respondent_ids

_ID = "respondent"  # the column of ids where the survey has none of its own
_BYTES = 10  # of a pseudonym: 16 letters, so that two are the same in no survey
_NO_TEXT = "…"  # what stands for an answer of which nothing may be shown


@dataclass(frozen=True, eq=False)
class Anonymous:
    """A coded table without names, and the questionnaire that reads it.

    It has only columns that a question names, and its rows stand in the order of the pseudonyms.
    respondents : the pseudonym of each, by id. withheld : the background columns that were
    emptied, by the id of the respondent.
    """

    table: pd.DataFrame
    questionnaire: Questionnaire
    respondents: Mapping[str, str]
    withheld: Mapping[str, tuple[str, ...]]


def anonymous(
    table: pd.DataFrame,
    questionnaire: Questionnaire,
    texts: pd.DataFrame,
    respondents: Collection[str],
    key: bytes,
) -> Anonymous:
    """A coded table without names, of these respondents, with these texts in place of its own.

    texts : ``text`` and ``elaboration`` by the id of the answer, without personal data. key : the
    study's own, without which nobody finds the name behind a pseudonym; with it, one respondent
    or organisation has the same pseudonym every time.
    """
    ids = respondent_ids(table, questionnaire)
    told = _with_texts(table, questionnaire, texts)
    named = [q for q in questionnaire.questions if q.kind not in ("id", "ignore")]
    columns = [name for q in named for name in _columns(questionnaire, q) if name in told]
    kept = told.loc[ids.isin(list(respondents)), columns].copy()
    who = ids[ids.isin(list(respondents))]
    names = {str(each): pseudonym("respondent", str(each), key) for each in who}
    form = _nameless(questionnaire)
    kept.insert(0, form.of_kind("id")[0].name, [names[str(each)] for each in who])
    if questionnaire.organisation:
        kept[questionnaire.organisation] = [
            None if pd.isna(each) else pseudonym("organisation", str(each), key)
            for each in kept[questionnaire.organisation]
        ]
    texts_only = {name: "str" for name in kept if kept[name].dtype == object}
    kept = kept.astype(texts_only)
    ordered = kept.sort_values(kept.columns[0], kind="stable", ignore_index=True)
    return Anonymous(ordered, form, names, {})


def without_small_cells(
    survey: Anonymous,
    categories: Mapping[str, Collection[str]],
    smallest: int,
    cells: Sequence[str] = (),
) -> Anonymous:
    """The same without the background values by which too few could be told from the others.

    categories : of each respondent's answers, by pseudonym. cells : the background questions that
    count; empty: all. Of each respondent the values of the questions with the most different
    answers are withheld first, until at least ``smallest`` share the rest in each category.
    """
    background = [
        name
        for question in survey.questionnaire.of_kind("background")
        if not cells or question.name in cells
        for name in question.columns()
    ]
    id_column = survey.table.columns[0]
    people = survey.table.drop_duplicates(id_column).set_index(id_column)[background]
    withheld = _withheld(people, categories, smallest)
    emptied = survey.table.copy()
    for column in background:
        without = [who for who, columns in withheld.items() if column in columns]
        emptied[column] = emptied[column].mask(emptied[id_column].isin(without))
    ids = {name: who for who, name in survey.respondents.items()}
    told = {ids[name]: columns for name, columns in withheld.items() if columns}
    return replace(survey, table=emptied, withheld=told)


def pseudonym(kind: str, value: str, key: bytes) -> str:
    """What stands for a value outside the study; nobody can tell which without the key."""
    content = f"{kind}:{value}".encode("utf-8", "surrogatepass")
    digest = hashlib.blake2b(content, key=key, digest_size=_BYTES).digest()
    return base64.b32encode(digest).decode().lower()


def _withheld(
    people: pd.DataFrame, categories: Mapping[str, Collection[str]], smallest: int
) -> dict[str, tuple[str, ...]]:
    """The columns to be emptied of each respondent whose cells are too small; none of others."""
    telling = sorted(people.columns, key=lambda name: -people[name].nunique())
    values = people[telling].astype(object).where(people[telling].notna(), None)
    rows = dict(zip(people.index, values.itertuples(index=False, name=None), strict=True))
    left = set(rows)
    found: dict[str, tuple[str, ...]] = {}
    for gone in range(len(telling)):
        sizes = Counter(cell for who in rows for cell in _cells(who, rows, categories, gone))
        left = {
            who
            for who in left
            if min(sizes[cell] for cell in _cells(who, rows, categories, gone)) < smallest
        }
        found |= {who: tuple(telling[: gone + 1]) for who in left}
    return found


def _cells(
    who: str,
    rows: Mapping[str, tuple[object, ...]],
    categories: Mapping[str, Collection[str]],
    gone: int,
) -> Iterator[tuple[tuple[object, ...], str]]:
    """The cells that a respondent is in when the first columns are gone; one without a category."""
    for category in categories.get(who) or ("",):
        yield rows[who][gone:], category


def _columns(questionnaire: Questionnaire, question: Question) -> Iterator[str]:
    for prefix in questionnaire.prefixes(question):
        for name in (*question.columns(), *filter(None, [question.elaboration])):
            yield prefix + name


def _with_texts(
    table: pd.DataFrame, questionnaire: Questionnaire, texts: pd.DataFrame
) -> pd.DataFrame:
    """The table with other texts in the cells where the answers stand; other open cells empty."""
    marked, told = table.copy(), table.copy()
    for name in {n for q in questionnaire.of_kind("open") for n in _columns(questionnaire, q)}:
        if name in table:
            marked[name] = [
                None if pd.isna(cell) else f"{row}:{name}" for row, cell in enumerate(table[name])
            ]
            told[name] = None
    places = build_survey(marked, questionnaire).answers
    for field in ("text", "elaboration"):
        for answer, place in places[field].dropna().items():
            row, _, name = str(place).partition(":")
            said = texts.at[answer, field]
            told.iat[int(row), told.columns.get_loc(name)] = said if str(said).strip() else _NO_TEXT
    return told


def _nameless(questionnaire: Questionnaire) -> Questionnaire:
    """The questionnaire as it reads a table without names, with columns called as it calls them."""
    hidden = questionnaire.organisation
    own = questionnaire.of_kind("id")[:1] or (Question(_ID, "id", _ID, items=(Item(_ID, _ID),)),)
    asked = tuple(
        replace(
            each,
            options=() if each.name == hidden else each.options,
            merged=() if each.name == hidden else each.merged,
            scale=None if each.name == hidden else each.scale,
            asked_if=tuple(c for c in each.asked_if if c.item != hidden),
            ticked=None,
        )
        for each in questionnaire.questions
        if each.kind not in ("id", "ignore")
    )
    return replace(questionnaire, questions=(*own, *asked), columns={})
