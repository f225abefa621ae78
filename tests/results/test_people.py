"""The people that a text names; sentences written for these tests."""

from __future__ import annotations

import pytest

from coder.results.people import people_in


def named(text: str, language: str) -> list[str]:
    return [text[each.start : each.end] for each in people_in(text, language)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Vi mødes med voksne med erhvervet hjerneskade på torsdage.",
         ["voksne med erhvervet hjerneskade"]),
        ("Forældre til unge med angst og lavt selvværd ringer.",
         ["Forældre til unge med angst og lavt selvværd"]),
        ("Det er ældre over 80 år, som har diabetes, der danser.",
         ["ældre over 80 år, som har diabetes"]),
        ("Kroniske patienter i eget hjem måler selv.", ["Kroniske patienter i eget hjem"]),
        ("Ældre på tablet.", ["Ældre"]),
        ("Borgere i et nyt hus.", ["Borgere"]),
        ("Mange under 30 kom, mange blev væk.", ["Mange under 30"]),
        ("Sendt til alle sygeplejersker i nattevagt.", ["alle sygeplejersker i nattevagt"]),
        ("Sygeplejersker ringer.", []),
        ("Borgere med tinnitus vil ikke have lyd.", []),
        ("Børnehaven og borgerservice.", []),
    ],
)  # fmt: skip
def test_people_stand_with_what_tells_which(text: str, found: list[str]) -> None:
    assert named(text, "da") == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("For older adults with mild dementia and their families.",
         ["older adults with mild dementia and their families"]),
        ("Parents of children with autism call.", ["Parents of children with autism"]),
        ("Refugees on video.", ["Refugees"]),
        ("Nurses came, and it went to all nurses in home care.", ["all nurses in home"]),
        ("Residents cannot hear it.", []),
    ],
)  # fmt: skip
def test_and_in_english(text: str, found: list[str]) -> None:
    assert named(text, "en") == found


def test_it_is_known_whether_the_words_tell_which() -> None:
    assert [each.told for each in people_in("Gravide kom. Unge med angst kom.", "da")] == [
        False,
        True,
    ]
    assert people_in("Ältere Menschen", "de") == ()
