"""One quotation to stand for many answers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

_SHORTEST, _LONGEST = 50, 240  # characters that can be read at a glance
_ENDS = (".", "!", "?")
_ENDING = 2  # letters at the end of a word that may change with its form
_SHORT = 4  # a shorter term must stand as it is

Sentences = Callable[[str], Sequence[tuple[int, int]]]


def choose_quotation(
    answers: Iterable[tuple[str, str]],
    marked: Collection[str],
    terms: Collection[str],
    sentences: Sentences,
) -> tuple[str, str] | None:
    """The answer and the sentence of it that can best stand for all; None when none can.

    answers : ids and texts, the best first. marked : those that somebody has found good to quote;
    they go before all others. terms : what tells these answers from others; the sentence that has
    most of them is the most typical. sentences : the spans of a text's sentences.

    A sentence is whole, between 50 and 240 characters, and nothing in it was replaced by a
    pseudonym in brackets. One that begins with a heading ("Why: …") is taken if there is no other.
    """
    found = [
        (answer not in marked, ":" in told, -_count(told, terms), no, answer, told)
        for no, (answer, text) in enumerate(answers)
        for told in _readable(text, sentences)
    ]
    return min(found)[-2:] if found else None


def _readable(text: str, sentences: Sentences) -> Iterator[str]:
    for start, stop in sentences(text):
        told = " ".join(text[start:stop].split())
        whole = told.endswith(_ENDS) and told[:1].isupper() and "[" not in told
        if whole and _SHORTEST <= len(told) <= _LONGEST:
            yield told


def _count(told: str, terms: Collection[str]) -> int:
    """How many of the terms a sentence has, in whatever form."""
    lowered = told.lower()
    return sum(term[: max(len(term) - _ENDING, _SHORT)] in lowered for term in terms)
