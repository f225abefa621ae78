"""Where words stand in an answer, and which may stand for what it says of each part."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from coder.model import AnswerField, AnswerPart, Passage

_FIELDS: tuple[AnswerField, ...] = ("text", "elaboration")


def passage_of(
    words: str, part: AnswerPart, texts: Mapping[str, object], near: Passage | None = None
) -> Passage | None:
    """The passage of an answer in which these words follow one another; None when none is.

    texts : ``text`` and ``elaboration``, the latter perhaps missing. Upper case is as lower, and
    space as any space. Of several places the one that begins and ends between words, then the one
    nearest to ``near``, then the first.
    """
    signs = r"\s+".join(map(re.escape, words.split()))
    for pattern in (rf"(?<!\w){signs}(?!\w)", signs):
        found = list(_places(pattern, part, texts)) if signs else []
        if found:
            return min(found, key=lambda each: _distance(each, near))
    return None


def _places(pattern: str, part: AnswerPart, texts: Mapping[str, object]) -> Iterator[Passage]:
    for field in _FIELDS:
        text = texts.get(field)
        if isinstance(text, str):
            for match in re.finditer(pattern, text, re.IGNORECASE):
                yield Passage(part, *match.span(), field)


def _distance(place: Passage, near: Passage | None) -> tuple[bool, int]:
    """How far a place lies outside a passage; one in another text is farther than any."""
    if near is None:
        return False, 0
    return near.field != place.field, max(near.start - place.start, place.end - near.end, 0)
