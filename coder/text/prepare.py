"""Answers made ready: the text that is encoded, and its words in their dictionary form.

The only module that knows spaCy. It needs no downloaded pipeline: a blank one with the lookup
lemmatizer of ``spacy-lookups-data``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial

import spacy
from spacy.language import Language
from spacy.tokens import Token

# Part of the key of every cached embedding: to be raised when ``clean`` changes its result.
VERSION = "1"

# Function words that spaCy's lists lack.
_MORE_STOP_WORDS = {
    "da": frozenset(
        """
        blot bare bliver dag enkelte evt fem fik fire fx får første gang gange gav gik gør går hele
        helt hos hvert ift ind inden istedet kommet lagt lidt meget måtte mv når os også par pga
        samme samt sig sin sine sit slet stedet sådan tager to tog tre vores
        """.split()  # noqa: SIM905 - words read better as text
    )
}

# Languages that write compounds as one word.
COMPOUNDING = frozenset({"da", "de", "fo", "is", "nb", "nl", "nn", "no", "sv"})

# The label of a person differs between pipelines.
_PERSONS = ("PER", "PERSON")


@dataclass(frozen=True)
class Word:
    """A word as written, in lower case, and its dictionary form; ``stop`` for function words."""

    form: str
    lemma: str
    stop: bool


def clean(text: str) -> str:
    """The text as it is encoded: composed characters (NFC) and single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def words(texts: Sequence[str], language: str) -> list[list[Word]]:
    """For each text its words in order, without numbers and punctuation.

    ``language`` is an ISO code with lookup tables (``da``, ``en``). A word between two others
    that is left out still parts them: it is kept, as an empty word.
    """
    # The lookup table has lower case only, and every sentence begins with a capital.
    lowered = (clean(text).lower() for text in texts)
    more = _MORE_STOP_WORDS.get(language, frozenset())
    return [_words(tokens, more) for tokens in _pipeline(language).pipe(lowered)]


def _words(tokens: Iterable[Token], more_stop_words: frozenset[str]) -> list[Word]:
    return [
        Word(token.text, token.lemma_ or token.text, token.is_stop or token.text in more_stop_words)
        if token.is_alpha
        else Word("", "", True)
        for token in tokens
    ]


@cache
def _pipeline(language: str) -> Language:
    pipeline = spacy.blank(language)
    pipeline.add_pipe("lemmatizer", config={"mode": "lookup"})
    pipeline.initialize()
    return pipeline


@cache
def person_entities(language: str) -> Callable[[str], list[tuple[int, int]]] | None:
    """What finds the spans of persons in a text, in code points; None without a pipeline for it.

    Takes the first installed pipeline of the language (``da_core_news_lg`` before ``…_sm``) that
    has an entity recogniser. Nothing is ever downloaded.
    """
    for name in sorted(spacy.util.get_installed_models()):
        if name.startswith(f"{language}_"):
            pipeline = spacy.load(name)
            if "ner" in pipeline.pipe_names:
                return partial(_persons, pipeline)
    return None


def _persons(pipeline: Language, text: str) -> list[tuple[int, int]]:
    entities = pipeline(text).ents
    return [(each.start_char, each.end_char) for each in entities if each.label_ in _PERSONS]
