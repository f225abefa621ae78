"""The answers that tell of an obstacle, found by words.

The words are data, in ``obstacles.toml`` beside this file. What they find is for reading, not for
counting: many an obstacle is told in other words, and some words stand for something else.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import pandas as pd

_SENTENCE = re.compile(r"[^\n.!?]+(?:[.!?](?!\s|$)[^\n.!?]*)*[.!?]*")


def obstacles(answers: pd.DataFrame, language: str) -> pd.DataFrame:
    """The sentences that mention an obstacle.

    answers : index answer, with ``text`` and ``elaboration`` (may be missing). language : ``da`` or
    ``en``; of another, nothing is found.

    Returns one row per sentence, in the order of the answers: ``answer``, ``field``, ``sentence``
    and ``words`` (a tuple of those found, as written).
    """
    rows = []
    for field in ("text", "elaboration"):
        for answer, text in answers[field].dropna().items():
            for match in _SENTENCE.finditer(text):
                words = words_of_obstacles(match.group(), language)
                if words:
                    rows.append((answer, field, match.group().strip(), words))
    table = pd.DataFrame(rows, columns=["answer", "field", "sentence", "words"])
    order = {answer: place for place, answer in enumerate(answers.index)}
    return table.sort_values("answer", key=lambda ids: ids.map(order), kind="stable").reset_index(
        drop=True
    )


def words_of_obstacles(sentence: str, language: str) -> tuple[str, ...]:
    """The words of a sentence that tell of an obstacle, each once, as written."""
    pattern = _pattern(language)
    if pattern is None:
        return ()
    found = (match.group("word") for match in pattern.finditer(sentence) if not match["without"])
    return tuple(dict.fromkeys(found))


@cache
def _pattern(language: str) -> re.Pattern[str] | None:
    """Any of a language's words, with what takes it back before it, if anything does."""
    lists = tomllib.loads(files("coder.results").joinpath("obstacles.toml").read_text("utf-8"))
    if language not in lists:
        return None
    words = "|".join(word_pattern(each) for each in lists[language]["words"])
    without = "|".join(map(re.escape, lists[language]["without"]))
    return re.compile(
        rf"(?P<without>\b(?:{without})\s+(?:\w+\s+)?)?\b(?P<word>{words})(?!\w)", re.IGNORECASE
    )


def word_pattern(word: str) -> str:
    """A word of a list, which may begin or end in ``*`` or have spaces, as a regular expression."""
    pattern = re.escape(word.strip("*")).replace(r"\ ", r"\s+")
    before, after = (r"\w*" if each == "*" else "" for each in (word[:1], word[-1:]))
    return before + pattern + after


def any_of(words: Iterable[str]) -> str:
    """Any of a list's words, the longest first, as a regular expression; none of an empty list."""
    ordered = sorted(words, key=len, reverse=True)  # "fast tilbud" before "fast"
    return f"(?:{'|'.join(map(word_pattern, ordered))})" if ordered else "(?!)"
