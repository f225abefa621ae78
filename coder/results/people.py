"""The people that a text names, with the words that tell which people: "borgere med handicap".

The words are data, in ``people.toml`` beside this file. A little grammar puts them together; what
it finds is a proposal, to be read.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from coder.results.obstacles import any_of

_WORD = r"[^\W\d_][\w'’-]*"
_GAP = r"[ \t]+"


@dataclass(frozen=True)
class People:
    """Where people are named, in code points; ``told`` whether the words tell which of them."""

    start: int
    end: int
    told: bool


@dataclass(frozen=True)
class _Grammar:
    named: re.Pattern[str]
    addressed: re.Pattern[str]
    unfit: re.Pattern[str]


def people_in(text: str, language: str) -> tuple[People, ...]:
    """The people named in a text, in its order; empty in a language of which nothing is known.

    Who does the work is among them only where something is for them or goes to them; who is said
    not to be meant is not.
    """
    grammar = _grammar(language)
    return tuple(_found(text, grammar)) if grammar else ()


def _found(text: str, grammar: _Grammar) -> Iterator[People]:
    matches = [*grammar.named.finditer(text), *grammar.addressed.finditer(text)]
    for match in sorted(matches, key=lambda each: each.start("who")):
        if not grammar.unfit.match(text, match.end("who")):
            told = bool(match["kind"] or match["whom"])
            yield People(*match.span("who"), told)


@cache
def _grammar(language: str) -> _Grammar | None:
    lists = tomllib.loads(files("coder.results").joinpath("people.toml").read_text("utf-8"))
    if language not in lists:
        return None
    own = {name: any_of(words) for name, words in lists[language].items()}
    ways = _ways(own)
    whom = rf"(?:{ways[0]})*(?:{'|'.join(ways[1:])})?(?:{ways[0]}|{ways[-1]})?"
    kind = rf"(?P<kind>(?:{own['kinds']}{_GAP})*)"
    named = rf"{kind}{own['people']}(?P<whom>{whom})"
    some = rf"{own['some']}(?={'|'.join(ways)}){whom}"
    workers = rf"(?:{own['owners']}{_GAP}|{own['some']}{_GAP})?(?:\d+{_GAP})?{own['workers']}"
    return _Grammar(
        named=_compiled(rf"\b(?P<who>(?:{named}|{some}))(?![\w-])"),
        addressed=_compiled(
            rf"\b{own['to']}{_GAP}(?P<who>(?P<kind>){workers}(?P<whom>{whom}))(?![\w-])"
        ),
        unfit=_compiled(rf"{_GAP}{own['unfit']}(?!\w)"),
    )


def _ways(own: Mapping[str, str]) -> tuple[str, ...]:
    """What may follow people and tell which of them: others, an age, what they have, a clause."""
    no = rf"(?!(?:{own['verbs']}|{own['no_place']})(?![\w-]))"
    kinds = rf"(?:(?:{own['kinds']}|{own['owners']}){_GAP})*"
    noun = rf"{kinds}{no}{_WORD}"
    both = rf"(?:{_GAP}{own['joins']}{_GAP}{noun})?"
    people = rf"(?:(?:{own['articles']}|{own['kinds']}|{own['owners']}){_GAP})*{own['people']}"
    years = rf"\d+(?:-\d+)?(?:{_GAP}{own['years']})?"
    return (
        rf"{_GAP}{own['family']}{_GAP}{people}(?![\w-])",
        rf"{_GAP}{own['ages']}{_GAP}{years}",
        rf"{_GAP}{own['links']}{_GAP}{noun}{both}",
        rf",?{_GAP}{own['clauses']}{_GAP}[^,.;:!?()\n]+",
    )


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
