"""The terms that tell answers from others, with those who have them."""

from __future__ import annotations

from coder.model import Wordlist
from coder.text.telling import find_mentions, telling

TEXTS = {
    "R1": "Vi gik en tur ved åen",
    "R2": "Gåture langs åen med borgeren",
    "R3": "En tur ved åen hver uge",
    "R4": "Online møder med borgeren",
    "R5": "Online kurser",
    "R6": "Online møder",
    "R7": "Telefonkæde for pårørende",
}


def test_the_best_terms_are_those_that_others_lack() -> None:
    found = telling(find_mentions(TEXTS, "da", None), ["R4", "R5", "R6"])
    # The pair says more than either of its words, which then add nothing.
    assert found == {"online møder": {"R4", "R6"}, "kurser": {"R5"}}


def test_those_outside_who_have_a_term_are_told_too() -> None:
    found = telling(find_mentions(TEXTS, "da", None), ["R4", "R6"])
    assert found["borgeren"] == {"R2", "R4"}


def test_answers_of_nobody_have_no_terms() -> None:
    assert telling(find_mentions(TEXTS, "da", None), []) == {}


def test_a_stop_word_of_the_researcher_tells_nothing() -> None:
    mentions = find_mentions(TEXTS, "da", Wordlist(stop=("møder",)))
    found = telling(mentions, ["R4", "R5", "R6"])
    assert found
    assert not any("møder" in term for term in found)
