"""Where words stand in an answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coder.model import Passage
from coder.results.passages import passage_of

TOLD = {
    "text": "Borgere med handicap ringer.\n  De borgere, der\nringer, ringer borgerne op.",
    "elaboration": "Borgerne siger tak.",
}


@pytest.mark.parametrize(
    ("words", "near", "found"),
    [
        ("borgere med  HANDICAP", None, "Borgere med handicap"),
        ("borgere", None, "Borgere"),
        ("borgere", Passage("action", 31, 75), "borgere"),  # within, so not the first
        ("der ringer", None, "der\nringer"),
        ("Borgerne", None, "borgerne"),
        ("Borgerne", Passage("action", 0, 5, "elaboration"), "Borgerne"),
        ("handi", None, "handi"),  # no whole word, for want of one
        ("rne si", None, "rne si"),
        ("(handicap)", None, None),
        ("borgere handicap", None, None),
        (".*", None, None),
        (" ", None, None),
    ],
)
def test_words_are_found_as_they_stand(words: str, near: Passage | None, found: str | None) -> None:
    place = passage_of(words, "action", TOLD, near)
    assert (place and TOLD[place.field][place.start : place.end]) == found


def test_of_the_same_words_the_nearest_to_what_stood_there_is_meant() -> None:
    text = {"text": "ro og ro og uro og ro", "elaboration": float("nan")}
    near = [passage_of("ro", "purpose", text, Passage("purpose", at, at + 5)) for at in (0, 6, 16)]
    assert [each and each.start for each in near] == [0, 6, 19]


@given(st.text(), st.data())
def test_any_stretch_of_an_answer_is_found_again(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    words = text[start:end]
    place = passage_of(words, "learning", {"text": text}, Passage("learning", start, end))
    if not words.split():
        assert place is None
        return
    assert place is not None
    told = text[place.start : place.end]
    assert told.split() == words.split() or told.casefold().split() == words.casefold().split()
