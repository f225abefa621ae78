"""Concepts looked for."""

from __future__ import annotations

import pytest

from coder.model import Wordlist
from coder.text.seeds import having, seeded


@pytest.mark.parametrize(
    ("text", "has"),
    [
        ("Video med borgeren", True),
        ("VIDEOMØDE hver uge", True),
        ("en ny bostøttevideo", True),
        ("vi ringede", False),
        ("provideologisk", False),
    ],
)
def test_a_word_is_found_in_compounds_too(text: str, has: bool) -> None:
    assert having([text], ["video"], "da").tolist() == [has]


def test_a_word_is_found_in_other_forms() -> None:
    assert having(["i haven", "havens blomster"], ["haverne"], "da").all()


def test_a_short_word_and_several_words_are_found_as_they_stand() -> None:
    assert having(["sms til", "smsede", "hr. x"], ["sms"], "da").tolist() == [True, False, False]
    found = having(["den røde  tråd", "røde tråde"], ["røde tråd"], "da")
    assert found.tolist() == [True, False]


def test_signs_in_a_word_are_signs() -> None:
    assert having(["c++ kursus", "ccc"], ["c++ kursus"], "da").tolist() == [True, False]


def test_the_first_seed_of_the_list_counts() -> None:
    words = Wordlist(seeds=("video", "gåtur"))
    texts = ["gåtur filmet på video", "en lang gåtur", "mad"]
    assert seeded(texts, words, "da").tolist() == [0, 1, -1]


def test_words_that_belong_to_a_seed_are_looked_for_too() -> None:
    words = Wordlist(together=(("gåtur", "spadseretur"),), seeds=("gåtur",))
    assert seeded(["en spadseretur"], words, "da").tolist() == [0]
