"""Which terms tell a group of answers from the others, and a short name made of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

from coder.model import Wordlist
from coder.text.prepare import Word

_SHORTEST = 3  # letters
_PART = 4  # letters of a part of a compound
_LONG = 8  # letters of an end that is not found by accident
_MOST_COMMON = 0.4  # a term in more than this share of all texts tells nothing
_COMMON = 0.15  # one in more than this share belongs to the group that most of those texts are in
_LEAST_COMMON = 0.12  # nor does one in a smaller share of the group's texts
_ENDINGS = ("erne", "ene", "ne", "en", "et", "er", "e", "n", "t", "s")
_FEWEST_NAMES, _MOST_NAMES = 2, 3  # terms in a name
_COVERED, _ADDS = 0.7, 0.15


@dataclass(frozen=True)
class TermTable:
    """Which text has which term.

    ``has`` is of shape (n_texts, n_terms), 1 where it has it; ``texts`` the same by column.
    ``terms`` are the dictionary forms in the order of the alphabet, ``forms`` how each is written
    most often. A term is a word, a pair of words that stand together (``pairs``), or a part that
    compounds share. The texts are of so many ``answers``.
    """

    has: csr_array
    texts: csc_array
    terms: tuple[str, ...]
    forms: tuple[str, ...]
    pairs: NDArray[np.bool_]
    answers: int


def term_table(
    words: Sequence[Sequence[Word]],
    compounds: bool,
    wordlist: Wordlist | None = None,
    answers: int | None = None,
) -> TermTable:
    """The terms of texts, given their words as ``prepare.words`` makes them.

    compounds : whether the language writes compounds as one word; a word then also has the terms
    that it is composed of, as far as other words of these texts show what they are. wordlist : stop
    words are no terms, and words that belong together are one. answers : of how many answers these
    are the texts, when they are segments; what everyone says is judged by that.
    """
    known = wordlist or Wordlist()
    plain = _plain(words, compounds, known)
    found = [_terms(each) for each in plain]
    if compounds:
        parts = _parts({term for terms in found for term in terms if " " not in term}, plain, known)
        found = [_with_parts(terms, parts) for terms in found]
    return _table(found, len(found) if answers is None else answers)


def named(
    table: TermTable, members: NDArray[np.int64], count: int = 5
) -> tuple[str, tuple[str, ...]]:
    """A short name for some of the texts, and their at most ``count`` key terms, best first.

    members : the numbers of the texts, rising, at least one.

    A term counts once per text. The measure is the term's part of the divergence of the group
    from all other texts, p log(p / q), where p and q are the shares of the texts inside and
    outside that have it (Kullback & Leibler 1951); half a text is added outside, where a term may
    not occur at all. It favours terms that many inside and few others have. Terms of one text
    only come when there are no two others, and those that everyone uses when there are none at all.

    The name is the two best terms and, when these leave many texts, the next that enough of those
    have. Both are empty when the texts have no words but function words.
    """
    best = _key_terms(table, members, count)
    chosen = best[:_FEWEST_NAMES]
    left = ~_having(table, members, chosen)
    for term in best[_FEWEST_NAMES:]:
        adds = _having(table, members, [term]) & left
        if len(chosen) < _MOST_NAMES and left.mean() > 1 - _COVERED and adds.mean() >= _ADDS:
            chosen.append(term)
    return ", ".join(table.forms[i] for i in chosen), tuple(table.forms[i] for i in best)


def _key_terms(table: TermTable, members: NDArray[np.int64], count: int) -> list[int]:
    inside = np.asarray(table.has[members].sum(axis=0)).ravel()
    overall = np.diff(table.texts.indptr)
    everyone, size = table.has.shape[0], len(members)
    common = overall > np.where(2 * inside > overall, _MOST_COMMON, _COMMON) * table.answers
    common &= overall > 2
    frequent = inside >= max(2, _LEAST_COMMON * size)
    value = _divergence(inside, size, overall - inside, everyone - size)
    best: list[int] = []
    for useful, enough in ((frequent & ~common, count), (~common, _FEWEST_NAMES), (inside > 0, 1)):
        if len(best) < min(enough, _FEWEST_NAMES):
            ranked = best + _ranked(table, value, useful & (inside > 0))
            best = _without_parts(ranked, table.terms, enough)
    return best


def _having(
    table: TermTable, members: NDArray[np.int64], terms: Sequence[int]
) -> NDArray[np.bool_]:
    """Which of the texts have any of the terms."""
    starts = table.texts.indptr
    some = [table.texts.indices[starts[term] : starts[term + 1]] for term in terms]
    return np.isin(members, np.concatenate(some)) if some else np.zeros(len(members), dtype=bool)


# --- the terms of a text -----------------------------------------------------------------------


def _terms(words: Sequence[Word]) -> dict[str, str]:
    """The terms of one text: their dictionary form and how they are written here."""
    single = {w.lemma: w.form for w in words if _tells(w)}
    pairs = {
        f"{a.lemma} {b.lemma}": f"{a.form} {b.form}"
        for a, b in pairwise(words)
        if _tells(a) and _tells(b) and a.lemma != b.lemma
    }
    return single | pairs


def _tells(word: Word) -> bool:
    return not word.stop and len(word.form) >= _SHORTEST


def _plain(
    words: Sequence[Sequence[Word]], compounds: bool, wordlist: Wordlist
) -> list[list[Word]]:
    """The words with one dictionary form for all that are one, as the survey and list have it."""
    known = {word.lemma for text in words for word in text if _tells(word)}
    distinct = {word for text in words for word in text}
    lemmas = {word: _lemma(word, known) if compounds else word.lemma for word in distinct}
    of_form = {word.form: lemma for word, lemma in lemmas.items()}
    # What the list has is meant in all its forms, as far as it stands in the survey.
    one = {
        each: own[0]
        for own in wordlist.together
        for word in own
        for each in {word, of_form.get(word, word)}
    }
    stops = {each for word in wordlist.stop for each in (word, of_form.get(word, word))}

    def plain(word: Word) -> Word:
        lemma = one.get(word.form, one.get(lemmas[word], lemmas[word]))
        return Word(word.form, lemma, word.stop or bool({word.form, lemma} & stops))

    made = {word: plain(word) for word in distinct}
    return [[made[word] for word in text] for text in words]


def _lemma(word: Word, known: set[str]) -> str:
    """The dictionary form, as far as the survey tells better than a table of single words.

    A form that is the dictionary form of other words here is it itself (*borger* in the table is
    from a verb); a word that the table lacks is a form of one that the survey has too.
    """
    if word.form in known and word.lemma != word.form:
        return word.form
    stems = (word.form.removesuffix(ending) for ending in _ENDINGS if word.form.endswith(ending))
    found = (stem for stem in stems if len(stem) > _PART and stem in known)
    return next(found, word.lemma) if word.lemma == word.form else word.lemma


def _parts(
    vocabulary: set[str], words: Sequence[Sequence[Word]], wordlist: Wordlist
) -> dict[str, tuple[str, ...]]:
    """For each compound its parts: words of the survey, or what several compounds begin with."""
    stops = {word.form for text in words for word in text if word.stop} | set(wordlist.stop)
    begins: dict[str, set[str]] = defaultdict(set)
    for word in vocabulary:
        for at in _cuts(word):
            if word[at:] in vocabulary and word[:at] not in stops:
                begins[word[:at]].add(word)
    heads = vocabulary | {part for part, those in begins.items() if len(those) > 1}
    return {word: tuple(_parts_of(word, heads, vocabulary)) for word in vocabulary}


def _cuts(word: str) -> range:
    """Where a word could be composed: neither part may be as short as an ending."""
    return range(_PART, len(word) - _PART + 1)


def _parts_of(word: str, heads: set[str], vocabulary: set[str]) -> Iterator[str]:
    """The longest known beginning and the longest known end of a word.

    Short ends are found by accident too (*kolle-gerne*), so before them stands a known beginning.
    """
    first = [word[:at] for at in _cuts(word) if word[:at] in heads]
    last = [
        word[at:]
        for at in _cuts(word)
        if word[at:] in vocabulary and (word[:at] in heads or len(word) - at >= _LONG)
    ]
    yield from first[-1:]
    yield from last[:1]


def _with_parts(terms: dict[str, str], parts: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """The terms, and the parts of those that are compounds; a part is written as it is."""
    return {part: part for term in terms for part in parts.get(term, ())} | terms


def _table(found: Sequence[Mapping[str, str]], answers: int) -> TermTable:
    spelling = _spellings(found)
    terms = sorted(spelling)
    at = {term: number for number, term in enumerate(terms)}
    columns = [sorted(at[term] for term in each) for each in found]
    starts = np.cumsum([0, *map(len, columns)])
    flat = np.array([column for each in columns for column in each], dtype=np.int64)
    shape = (len(found), len(terms))
    has = csr_array((np.ones(len(flat), dtype=np.int32), flat, starts), shape=shape)
    forms = tuple(spelling[term] for term in terms)
    pairs = np.array([" " in term for term in terms], dtype=bool)
    return TermTable(has, has.tocsc(), tuple(terms), forms, pairs, answers)


def _spellings(found: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """For each dictionary form the most frequent spelling; of equals the first in the alphabet."""
    seen = Counter((term, form) for terms in found for term, form in terms.items())
    ranked = sorted(seen, key=lambda pair: (seen[pair], [-ord(sign) for sign in pair[1]]))
    return dict(ranked)


# --- which of them tell something --------------------------------------------------------------


def _divergence(
    inside: NDArray[np.int64], size: int, outside: NDArray[np.int64], others: int
) -> NDArray[np.float64]:
    p, q = inside / size, (outside + 0.5) / (others + 1)
    return np.asarray(p * np.log(np.where(p > 0, p, 1) / q))


def _ranked(table: TermTable, value: NDArray[np.float64], useful: NDArray[np.bool_]) -> list[int]:
    """The useful terms, best first; of equals the pair, which says more, then by the alphabet."""
    some = np.flatnonzero(useful)
    return [int(i) for i in some[np.lexsort((~table.pairs[some], -value[some].round(9)))]]


def _without_parts(ranked: Sequence[int], terms: Sequence[str], count: int) -> list[int]:
    """The first terms, but none that shares a word, or a part of a compound, with a better one."""
    kept: list[int] = []
    for term in ranked:
        if len(kept) == count:
            break
        if not any(_overlap(terms[term], terms[other]) for other in kept):
            kept.append(term)
    return kept


def _overlap(one: str, other: str) -> bool:
    return any(
        a == b or (min(len(a), len(b)) >= _PART and (a in b or b in a))
        for a in one.split()
        for b in other.split()
    )
