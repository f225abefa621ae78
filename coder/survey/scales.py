"""Scales and words that questionnaires commonly use: what a label says by itself.

The scales and words are data, in ``scales.toml`` beside this file.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from coder.model import Role

Language = Literal["da", "en"]
_NUMBERING = re.compile(r"^\(?\d{1,2}\s*[.):=–-]+\s*")
_BRACKETS = re.compile(r"\s*[(\[][^)\]]*[)\]]\s*$")


@dataclass(frozen=True)
class KnownScale:
    """A scale that labels were recognised as.

    ``places`` has the step of each label, in the order of the labels: the higher the answer, the
    lower the number.
    """

    name: str
    language: str
    places: tuple[int, ...]


def recognise(labels: Sequence[str]) -> KnownScale | None:
    """The scale that these labels are steps of, or None.

    At least two labels are needed, each on a step of its own. Labels between the ends may also
    be bare numbers, as in ``1 Strongly disagree``, ``2``, ``3``, ``4 Strongly agree``.
    """
    words = [_plain(label) for label in labels]
    for name, language, step_of in _scales():
        places = [step_of.get(word) for word in words]
        if len(words) > 1 and None not in places and len(set(places)) == len(places):
            return KnownScale(name, language, tuple(place or 0 for place in places))
    return _recognise_ends(labels)


def role_of(label: str) -> Role:
    """Whether a label is an ordinary answer, a don't-know or says that it is not relevant."""
    word = _plain(label, brackets=False)
    for role in ("dont_know", "not_relevant"):
        if {word, _plain(label)} & _known("roles", role):
            return role
    return "answer"


def ticked_words() -> frozenset[str]:
    """How a tick is commonly written, in lower case."""
    return _known("ticks", "ticked")


def not_ticked_words() -> frozenset[str]:
    """How it is commonly written that an option is not ticked, in lower case."""
    return _known("ticks", "not_ticked")


def says(subject: str, text: str) -> bool:
    """Whether a heading or label has a word of this subject, such as ``id`` or ``consent``."""
    return _pattern(subject).search(_spaced(text)) is not None


def is_word(subject: str, text: str) -> bool:
    """Whether a label, but for numbering and brackets, is a word of this subject."""
    return _plain(text) in _known("words", subject)


def says_yes(label: str) -> bool:
    """Whether a label begins with a yes."""
    return _spaced(label).strip().split(" ")[0] in _known("words", "yes")


def most_ticks(text: str) -> int | None:
    """How many options a question lets one choose, if its wording says so."""
    numbers = _data()["maximum"]["numbers"]
    before = "|".join(map(re.escape, _data()["maximum"]["before"]))
    found = re.search(rf"\b(?:{before}) (\d\d?(?!\d)|{'|'.join(numbers)})\b", text.casefold())
    if found is None:
        return None
    return int(numbers.get(found[1], 0)) or int(found[1])


def language_of(texts: Iterable[str]) -> Language:
    """The language that most of the common words in these texts belong to; Danish in doubt."""
    words = " ".join(texts).casefold().split()
    english = _known("languages", "en")
    danish = _known("languages", "da")
    count = sum((word in english) - (word in danish) for word in words)
    return "en" if count > 0 else "da"


def _recognise_ends(labels: Sequence[str]) -> KnownScale | None:
    """Numbered labels of which only the first and the last are put in words."""
    middle = labels[1:-1]
    if not middle or not all(label.strip().isdecimal() for label in middle):
        return None
    ends = recognise([labels[0], labels[-1]])
    if ends is None:
        return None
    rising = ends.places[0] > ends.places[1]
    places = range(len(labels) - 1, -1, -1) if rising else range(len(labels))
    return KnownScale(ends.name, ends.language, tuple(places))


def _plain(label: str, brackets: bool = True) -> str:
    """A label without what differs between files: case, spaces, numbering, brackets, stops."""
    text = unicodedata.normalize("NFC", " ".join(label.split())).casefold().replace("’", "'")
    text = _NUMBERING.sub("", text)
    text = _BRACKETS.sub("", text) if brackets else text
    text = re.sub(r"\s*/\s*", "/", text.replace(",", ""))
    text = re.sub(r"^\d{1,2} (?=\D)", "", text)
    return text.strip(" .!?:;–-…")


def _spaced(text: str) -> str:
    """A heading as words: what stands between letters and digits becomes a space."""
    parted = re.sub(r"(?<=[a-zæøåäöü])(?=[A-ZÆØÅÄÖÜ])", " ", text)
    return " ".join(re.sub(r"[^\w']|_", " ", parted).casefold().split())


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("coder.survey").joinpath("scales.toml").read_text("utf-8"))


@cache
def _scales() -> list[tuple[str, str, dict[str, int]]]:
    return [
        (
            scale["name"],
            scale["language"],
            {
                word: no
                for no, step in enumerate(scale["steps"])
                for word in step.casefold().split("|")
            },
        )
        for scale in _data()["scale"]
    ]


@cache
def _known(table: str, name: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _data()[table][name])


@cache
def _pattern(subject: str) -> re.Pattern[str]:
    words = [_spaced_word(word) for word in _data()["words"][subject]]
    return re.compile("|".join(words))


def _spaced_word(word: str) -> str:
    loose = word.startswith("~")
    text = re.escape(_spaced(word.removeprefix("~")))
    return text if loose else rf"(?<!\S){text}(?!\S)"
