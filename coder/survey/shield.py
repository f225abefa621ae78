"""Answers as they may be shown: personal data replaced unless a person decided otherwise."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from coder.model import FindInSentence, Treatment
from coder.survey.privacy import (
    EntityFinder,
    Find,
    FindKind,
    find_personal_data,
    pseudonyms,
    replaced,
    sentence_around,
)

FIELDS = ("text", "elaboration")

# The words of the pseudonyms are part of the answers, so they are in the answers' language.
_WORDS: dict[str, dict[FindKind, str]] = {
    "da": {
        "cpr": "cpr-nummer",
        "phone": "telefonnummer",
        "email": "e-mail",
        "web": "webadresse",
        "address": "adresse",
        "name": "person",
        "plate": "nummerplade",
    },
    "en": {
        "cpr": "civil registration number",
        "phone": "phone number",
        "email": "e-mail",
        "web": "web address",
        "address": "address",
        "name": "person",
        "plate": "number plate",
    },
}

Pseudonyms = Mapping[tuple[FindKind, str], str]


@dataclass(frozen=True)
class PlacedFind:
    """A find and where it is: the answer, and which of its ``FIELDS``."""

    answer: str
    field: str
    find: Find
    text: str

    @property
    def id(self) -> str:
        """What decisions call it: the place in this text, never the words.

        ``text`` is a short keyed hash of the whole text. Should a later file bring another
        text, what was decided about the old one says nothing about it.
        """
        return f"{self.answer}:{self.field}:{self.find.start}-{self.find.end}:{self.text}"


@dataclass(frozen=True)
class Piece:
    """A run of a text: where it is as written, where as shown, and whether it is another there."""

    start: int
    end: int
    shown_start: int
    shown_end: int
    changed: bool


def find_in_answers(
    answers: pd.DataFrame, key: bytes, entities: EntityFinder | None = None
) -> tuple[PlacedFind, ...]:
    """All finds in the answers' texts and elaborations, in the order of the answers.

    key : the study's own, without which nobody can guess a text from the id of a find in it.
    """
    return tuple(
        PlacedFind(str(answer), field, find, _short_hash(value, key))
        for answer, *values in answers[list(FIELDS)].itertuples()
        for field, value in zip(FIELDS, values, strict=True)
        if isinstance(value, str)
        for find in find_personal_data(value, entities)
    )


def _short_hash(text: str, key: bytes) -> str:
    content = text.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(content, key=key, digest_size=4).hexdigest()


def name_finds(
    answers: pd.DataFrame,
    finds: Sequence[PlacedFind],
    language: str,
    known: Pseudonyms | None = None,
) -> dict[tuple[FindKind, str], str]:
    """The pseudonym of everything found, by its kind and words; ``known`` ones stay."""
    found = [(placed.find.kind, _words(answers, placed)) for placed in finds]
    return pseudonyms(found, _WORDS.get(language, _WORDS["en"]), known)


def shielded(
    answers: pd.DataFrame,
    finds: Sequence[PlacedFind],
    treatments: Mapping[str, Treatment],
    names: Pseudonyms,
) -> pd.DataFrame:
    """The answers with every find replaced by its pseudonym, left out, or kept as decided.

    A find that nobody has decided about is replaced.
    """
    shown = answers.copy()
    for (answer, field), placed in _by_place(finds).items():
        text = str(answers.at[answer, field])
        shown.at[answer, field] = replaced(text, _changes(text, placed, treatments, names))
    return shown


def shown_pieces(
    text: str, placed: Iterable[PlacedFind], treatments: Mapping[str, Treatment], names: Pseudonyms
) -> list[Piece]:
    """An answer's text cut at its finds, so that a span of it can be found as it is shown."""
    pieces, written, shown = [], 0, 0
    for start, end, new in [*_changes(text, placed, treatments, names), (len(text), len(text), "")]:
        kept = start - written
        pieces.append(Piece(written, start, shown, shown + kept, False))
        shown += kept
        pieces.append(Piece(start, end, shown, shown + len(new), True))
        written, shown = end, shown + len(new)
    return pieces


def as_written(pieces: Sequence[Piece], start: int, end: int) -> tuple[int, int]:
    """The span of the text as written for one as shown; a find that it touches is all in it."""
    first = next(p for p in pieces if p.shown_start <= start < p.shown_end)
    last = next(p for p in pieces if p.shown_start < end <= p.shown_end)
    return (
        first.start if first.changed else first.start + start - first.shown_start,
        last.end if last.changed else last.start + end - last.shown_start,
    )


def as_shown(pieces: Sequence[Piece], start: int, end: int) -> tuple[int, int]:
    """The span of the text as shown for one as written; empty when all of it is left out."""
    first = next(p for p in pieces if p.start <= start < p.end)
    last = next(p for p in pieces if p.start < end <= p.end)
    return (
        first.shown_start if first.changed else first.shown_start + start - first.start,
        last.shown_end if last.changed else last.shown_start + end - last.start,
    )


def _changes(
    text: str, placed: Iterable[PlacedFind], treatments: Mapping[str, Treatment], names: Pseudonyms
) -> list[tuple[int, int, str]]:
    """What is shown in place of each find that is not kept, in order."""
    return sorted(
        (each.find.start, each.find.end, _instead(text, each.find, treatment, names))
        for each in placed
        if (treatment := treatments.get(each.id, "replace")) != "keep"
    )


def masked(text: str, language: str) -> str:
    """A text by itself with every find replaced by the word of its kind, for showing once."""
    words = _WORDS.get(language, _WORDS["en"])
    finds = find_personal_data(text)
    return replaced(text, [(each.start, each.end, f"[{words[each.kind]}]") for each in finds])


def in_sentences(
    answers: pd.DataFrame,
    finds: Sequence[PlacedFind],
    treatments: Mapping[str, Treatment],
    names: Pseudonyms,
) -> list[FindInSentence]:
    """Every find in the sentence it stands in, for review."""
    return [_in_sentence(answers, placed, treatments, names) for placed in finds]


def _in_sentence(
    answers: pd.DataFrame,
    placed: PlacedFind,
    treatments: Mapping[str, Treatment],
    names: Pseudonyms,
) -> FindInSentence:
    text, find = str(answers.at[placed.answer, placed.field]), placed.find
    start, end = sentence_around(text, find)
    words = text[find.start : find.end]
    return FindInSentence(
        id=placed.id,
        answer=placed.answer,
        kind=find.kind,
        before=text[start : find.start],
        words=words,
        after=text[find.end : end],
        pseudonym=names[find.kind, words],
        treatment=treatments.get(placed.id),
    )


def _by_place(finds: Iterable[PlacedFind]) -> dict[tuple[str, str], list[PlacedFind]]:
    places: dict[tuple[str, str], list[PlacedFind]] = {}
    for placed in finds:
        places.setdefault((placed.answer, placed.field), []).append(placed)
    return places


def _instead(text: str, find: Find, treatment: Treatment, names: Pseudonyms) -> str:
    return "" if treatment == "drop" else names[find.kind, text[find.start : find.end]]


def _words(answers: pd.DataFrame, placed: PlacedFind) -> str:
    text = str(answers.at[placed.answer, placed.field])
    return text[placed.find.start : placed.find.end]
