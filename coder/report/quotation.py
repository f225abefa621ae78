"""One quotation to stand for many answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

_SHORTEST, _LONGEST = 40, 200  # characters that can be read at a glance
_ENDS = (".", "!", "?")

Sentences = Callable[[str], Sequence[tuple[int, int]]]


def choose_quotation(
    answers: Iterable[tuple[str, str]], sentences: Sentences
) -> tuple[str, str] | None:
    """The first of the answers that has a whole sentence of a readable length, and that sentence.

    answers : ids and texts, the best first. sentences : the spans of a text's sentences. A
    sentence in which something was replaced by a pseudonym in brackets is passed over. None when
    there is no such sentence.
    """
    for answer, text in answers:
        for start, stop in sentences(text):
            told = " ".join(text[start:stop].split())
            if _SHORTEST <= len(told) <= _LONGEST and told.endswith(_ENDS) and "[" not in told:
                return answer, told
    return None
