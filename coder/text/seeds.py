"""Concepts that the researcher looks for, found in answers also as parts of compounds."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from coder.model import Wordlist
from coder.text.prepare import clean, words

_PART = 4  # letters of a word that is also looked for inside others


def seeded(texts: Sequence[str], wordlist: Wordlist, language: str) -> NDArray[np.int64]:
    """For each text the number of the first seed of the list that it has, or -1."""
    found = np.full(len(texts), -1, dtype=np.int64)
    for number, seed in reversed(list(enumerate(wordlist.seeds))):
        same = [seed, *(each for group in wordlist.together if seed in group for each in group)]
        found[having(texts, same, language)] = number
    return found


def having(texts: Sequence[str], concept: Sequence[str], language: str) -> NDArray[np.bool_]:
    """Which texts have one of the words, in any form and as the beginning or end of a compound.

    A word of fewer than four letters is looked for as it stands; an entry of several words too.
    """
    forms = sorted({form for each in concept for form in _forms(each, language)})
    pattern = re.compile("|".join(map(_pattern, forms)))
    return np.array([bool(pattern.search(clean(text).lower())) for text in texts], dtype=bool)


def _forms(word: str, language: str) -> set[str]:
    found = words([word], language)[0]
    return {clean(word).lower(), *(each.lemma for each in found if len(found) == 1 and each.lemma)}


def _pattern(form: str) -> str:
    own = re.escape(form)
    return rf"\b{own}\b" if " " in form or len(form) < _PART else rf"\b{own}|{own}\b"
