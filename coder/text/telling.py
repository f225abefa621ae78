"""The terms that tell some answers from the others, with the answers that have each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from coder.model import Wordlist
from coder.text.prepare import COMPOUNDING, words
from coder.text.terms import TermTable, named, term_table


@dataclass(frozen=True, eq=False)
class Mentions:
    """The terms of answers; ``table`` has a row for each of ``answers``."""

    answers: Sequence[str]
    table: TermTable


def find_mentions(texts: Mapping[str, str], language: str, wordlist: Wordlist | None) -> Mentions:
    """The terms of the texts of answers, by answer."""
    found = words(list(texts.values()), language)
    return Mentions(list(texts), term_table(found, language in COMPOUNDING, wordlist))


def telling(mentions: Mentions, own: Collection[str], count: int = 10) -> dict[str, frozenset[str]]:
    """The at most ``count`` terms that tell some answers from all others, best first.

    Returns for each term (see ``terms.named``) all answers that have it, inside and outside.
    """
    members = np.flatnonzero(np.isin(mentions.answers, list(own)))
    if not len(members):
        return {}
    table = mentions.table
    _, best = named(table, members, count)
    return {term: _having(mentions, table.forms.index(term)) for term in best}


def _having(mentions: Mentions, term: int) -> frozenset[str]:
    columns = mentions.table.texts
    rows = columns.indices[columns.indptr[term] : columns.indptr[term + 1]]
    return frozenset(mentions.answers[row] for row in rows)
