"""The researcher's list of words: YAML turned into a ``Wordlist``, and back."""

from __future__ import annotations

from collections import Counter
from typing import Any

import yaml

from coder import yaml_fields as read
from coder.errors import UserError
from coder.model import Wordlist

_KEYS = ("stop", "together", "seeds")


def parse_wordlist(text: str) -> Wordlist:
    """Read a list of words; all of it is optional, and upper case counts as lower case.

    Raises ``UserError`` for the first mistake, with its place: what YAML can't be read as
    (``yaml.*``), an empty word (``words.empty``), a group of fewer than two words
    (``words.alone``), a word that stands twice (``words.twice``), and a word that is both left out
    and looked for (``words.both``).
    """
    top = read.mapping(read.load(text) or {}, "words", _KEYS)
    groups = [
        _group(node, f"words.together[{no}]")
        for no, node in enumerate(read.items(top, "together", "words", ()), start=1)
    ]
    stop, seeds = _words(top, "stop"), _words(top, "seeds")
    _check_twice("words.stop", stop)
    _check_twice("words.seeds", seeds)
    _check_twice("words.together", tuple(word for group in groups for word in group))
    for word in stop:
        if word in seeds or any(word in group for group in groups):
            raise UserError("words.both", place="words.stop", word=word)
    return Wordlist(stop, tuple(groups), seeds)


def format_wordlist(wordlist: Wordlist) -> str:
    """The YAML text that ``parse_wordlist`` reads as this list."""
    fields = {
        "stop": list(wordlist.stop),
        "together": [list(group) for group in wordlist.together],
        "seeds": list(wordlist.seeds),
    }
    return yaml.safe_dump(fields, allow_unicode=True, sort_keys=False)


def _words(top: read.Fields, key: str) -> tuple[str, ...]:
    return _clean(read.texts(top, key, "words", ()), f"words.{key}")


def _group(node: Any, place: str) -> tuple[str, ...]:
    if not isinstance(node, list):
        raise UserError("yaml.not_list", place=place)
    if not all(isinstance(each, str) for each in node):
        raise UserError("yaml.not_text", place=place)
    if len(node) < 2:
        raise UserError("words.alone", place=place)
    return _clean(node, place)


def _clean(words: list[str], place: str) -> tuple[str, ...]:
    found = tuple(" ".join(word.lower().split()) for word in words)
    if "" in found:
        raise UserError("words.empty", place=f"{place}[{found.index('') + 1}]")
    return found


def _check_twice(place: str, words: tuple[str, ...]) -> None:
    for word, times in Counter(words).items():
        if times > 1:
            raise UserError("words.twice", place=place, word=word)
