"""Full-text search, as one types: which texts have what a line of words asks for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache

# A word, or what stands between quotes (also before the second is typed); a hyphen excludes it.
_PART = re.compile(r'(?P<no>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_QUOTES = str.maketrans("»«“”„", '"""""')
_ACCENTS = re.compile("[\u0300-\u036f]+")
# A letter of its own, though Unicode has it as an a with a ring.
_KEPT = str.maketrans("å", "\ue000")
_BACK = str.maketrans("\ue000", "å")

_Test = Callable[[str], bool]


def matching(texts: Sequence[str], query: str) -> list[bool]:
    """Whether each text has all that the query asks for; an empty query asks for nothing.

    A word is found anywhere, also within another: so *møde* finds *skærmmøder*. What stands in
    quotes is found as whole words, one right after the other. What begins with a hyphen must not
    be there. Capitals and accents make no difference, but æ, ø and å are letters.
    """
    tests = _tests(query)
    return [all(test(folded) for test in tests) for folded in map(fold, texts)]


@lru_cache(maxsize=20_000)  # the same texts come again with every letter that is typed
def fold(text: str) -> str:
    """The text in small letters and without accents."""
    small = unicodedata.normalize("NFC", text).casefold()
    if small.isascii():
        return small
    parted = unicodedata.normalize("NFD", small.translate(_KEPT))
    return _ACCENTS.sub("", parted).translate(_BACK)


def _tests(query: str) -> list[_Test]:
    parts = _PART.finditer(fold(query.translate(_QUOTES)))
    return [test for part in parts for test in _test(part)]


def _test(part: re.Match[str]) -> list[_Test]:
    """What a part of the query asks for; nothing while there is only a hyphen or a quote."""
    found = _phrase(part["phrase"]) if part["word"] is None else _word(part["word"])
    if found is None:
        return []
    return [lambda text: not found(text)] if part["no"] else [found]


def _word(word: str) -> _Test | None:
    return None if word == "-" else lambda text: word in text


def _phrase(phrase: str) -> _Test | None:
    words = phrase.split()
    if not words:
        return None
    pattern = re.compile(r"(?<!\w)" + r"\s+".join(map(re.escape, words)) + r"(?!\w)")
    return lambda text: pattern.search(text) is not None
