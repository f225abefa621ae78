"""What each sentence of an answer is about, proposed from its words.

The words are data, in ``wording.toml`` and ``obstacles.toml`` beside this file. What they find is a
help to read by: a person decides what an answer says.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

import pandas as pd

from coder.results.obstacles import any_of, words_of_obstacles

Thing = Literal[
    "name",
    "importance",
    "novelty",
    "audience",
    "content",
    "benefit",
    "actors",
    "maturity",
    "obstacles",
    "learning",
]
THINGS: tuple[Thing, ...] = get_args(Thing)

# A sentence ends with its line, or at its sign when what follows doesn't begin in lower case. Where
# all is in lower case, at a sign that ends nothing else, or a point after a word that is long for
# an abbreviation.
_END = re.compile(
    r"\s*\n\s*|(?:(?<=[.!?…])|(?<=[.!?…][\"'»«”)]))\s+(?=[^\W\d_a-zæøåäöüéß]|[-–•\"'“»«(])"
    r"|(?<=[!?])\s+|(?<=[^\W\d_]{8}\.)(?<!afd\.)\s+"
)
_BULLET = re.compile(r"[\s\-–•*·]*")


@dataclass(frozen=True)
class _Cues:
    headings: Mapping[str, Thing]
    words: Mapping[Thing, re.Pattern[str]]


def sorted_sentences(answers: pd.DataFrame, language: str) -> pd.DataFrame:
    """The sentences of answers, each with what it seems to be about.

    answers : index answer, with ``text`` and ``elaboration`` (may be missing). language : ``da`` or
    ``en``; of another, nothing is known.

    Returns one row per sentence, in the order of the answers and of what was written: ``answer``,
    ``field``, ``start`` and ``end`` (code points of the field, without bullets and white space),
    ``sentence`` and ``things``: a tuple, what most words tell of first, empty where no word does.
    """
    rows = [
        (str(answer), field, start, end, text[start:end], things_of(text[start:end], language))
        for answer, *fields in answers[["text", "elaboration"]].itertuples()
        for field, text in zip(("text", "elaboration"), fields, strict=True)
        if isinstance(text, str)
        for start, end in _sentences(text)
    ]
    return pd.DataFrame(rows, columns=["answer", "field", "start", "end", "sentence", "things"])


def things_of(sentence: str, language: str) -> tuple[Thing, ...]:
    """What a sentence is about: what its heading says, else all that its words tell of."""
    cues = _cues(language)
    if cues is None:
        return ()
    heading, colon, _ = sentence.partition(":")
    if colon and heading.strip(" .").casefold() in cues.headings:
        return (cues.headings[heading.strip(" .").casefold()],)
    counts: dict[Thing, int] = {
        thing: len({found.casefold() for found in pattern.findall(sentence)})
        for thing, pattern in cues.words.items()
    }
    counts["obstacles"] = len(words_of_obstacles(sentence, language))
    told = [thing for thing in THINGS if counts.get(thing)]
    return tuple(sorted(told, key=lambda thing: -counts[thing]))


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """The spans of a text's sentences, and of the lines of a list."""
    ends = [(each.start(), each.end()) for each in _END.finditer(text)]
    starts, stops = [0, *(end for _, end in ends)], [*(start for start, _ in ends), len(text)]
    for start, stop in zip(starts, stops, strict=True):
        bullet = _BULLET.match(text, start, stop)
        begin = bullet.end() if bullet else start
        end = begin + len(text[begin:stop].rstrip())
        if begin < end:
            yield begin, end


@cache
def _cues(language: str) -> _Cues | None:
    lists = tomllib.loads(files("coder.results").joinpath("wording.toml").read_text("utf-8"))
    if language not in lists:
        return None
    own = lists[language]
    return _Cues(
        headings={word: thing for thing, words in own["headings"].items() for word in words},
        words={
            thing: re.compile(rf"\b{any_of(words)}(?!\w)", re.IGNORECASE)
            for thing, words in own["words"].items()
        },
    )
