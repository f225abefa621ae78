"""The texts of the interface, in Danish and English, and how each writes its numbers.

A language is a value that is passed along, never a setting of the process: two people may use
the same server in two languages.
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import floor
from typing import Any, Literal

from coder.errors import UserError

Language = Literal["da", "en"]
LANGUAGES: tuple[Language, ...] = ("da", "en")


class _Formatter(string.Formatter):
    """As ``str.format``, with a choice between two words by a number."""

    def format_field(self, value: Any, format_spec: str) -> Any:
        if "|" in format_spec:
            one, many = format_spec.split("|")
            return one if str(value) == "1" else many
        return super().format_field(value, format_spec)


_FORMATTER = _Formatter()


@dataclass(frozen=True)
class Texts:
    """The texts of one language: ``texts("page.log", no=3)`` gives the sentence with its number.

    A text may say ``{count} {count:answer|answers}``: the first word for 1, the second otherwise.
    """

    language: Language
    sentences: Mapping[str, str]

    def __call__(self, key: str, **params: object) -> str:
        """The sentence under this key; ``KeyError`` when the key or a parameter is missing."""
        return _FORMATTER.format(self.sentences[key], **params)

    def error(self, error: UserError) -> str:
        """What the user is told of an error."""
        # What the user gave may have line breaks; the sentence has none.
        params = {name: " ".join(str(v).split()) for name, v in error.params.items()}
        return self(error.key, **params)

    def number(self, value: float, decimals: int = 0) -> str:
        """A number as this language writes it."""
        text = f"{value:,.{decimals}f}"
        return text.translate(str.maketrans(",.", ".,")) if self.language == "da" else text

    def percent(self, share: float) -> str:
        """A share, from 0 to 1, as whole percent."""
        return self.number(whole_percent(share)) + (" %" if self.language == "da" else "%")


def whole_percent(share: float) -> int:
    """A share, from 0 to 1, as printed in a table: whole percent, a half rounded up.

    Python's own ``round`` goes to the even number, so that 12.5 would print 12. What is a half
    but for an error of the machine counts as a half.
    """
    return floor(100 * share + 0.5 + 1e-9)


@cache
def load_texts(language: Language) -> Texts:
    """The texts of a language, with keys such as ``page.log.title``."""
    content = files("coder").joinpath("locales", f"{language}.toml").read_text("utf-8")
    return Texts(language, dict(_flat("", tomllib.loads(content))))


def _flat(prefix: str, node: Mapping[str, object]) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for key, value in node.items():
        if isinstance(value, Mapping):
            pairs += _flat(f"{prefix}{key}.", value)
        else:
            pairs.append((prefix + key, str(value)))
    return pairs
