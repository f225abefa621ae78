"""Scales and words: what a label says by itself, in five languages."""

from __future__ import annotations

import tomllib
from collections import Counter
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coder.model import Role
from coder.survey import scales


@pytest.fixture(scope="module")
def data(checkout: Path) -> dict[str, Any]:
    return tomllib.loads((checkout / "coder/survey/scales.toml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("name", "language", "labels"),
    [
        ("degree", "da", "I meget høj grad|I høj grad|I nogen grad|I mindre grad|Slet ikke"),
        ("degree", "da", "I meget høj grad|I høj grad|I hverken høj eller lav grad|I lav grad"),
        ("degree", "nb", "I svært stor grad|I stor grad|I noen grad|I liten grad"),
        ("degree", "sv", "I mycket hög grad|I hög grad|I viss mån|Inte alls"),
        ("degree", "en", "To a very high degree|To some extent|Not at all"),
        ("degree", "de", "In sehr hohem Maße|Teilweise|Überhaupt nicht"),
        ("agreement", "da", "Helt enig|Delvist enig|Hverken enig eller uenig|Helt uenig"),
        ("agreement", "sv", "Instämmer helt|Instämmer delvis|Instämmer inte alls"),
        ("agreement", "en", "Strongly agree|Agree|Neutral|Disagree|Strongly disagree"),
        ("agreement", "de", "Stimme voll und ganz zu|Stimme eher zu|Stimme überhaupt nicht zu"),
        ("frequency", "da", "Dagligt|Ugentligt|Månedligt|Sjældnere|Aldrig"),
        ("frequency", "nb", "Alltid|Ofte|Av og til|Sjelden|Aldri"),
        ("frequency", "en", "Always|Often|Sometimes|Never"),
        ("frequency", "de", "Immer|Oft|Manchmal|Selten|Nie"),
        ("satisfaction", "da", "Meget tilfreds|Tilfreds|Hverken eller|Utilfreds|Meget utilfreds"),
        ("satisfaction", "nb", "Svært fornøyd|Fornøyd|Misfornøyd"),
        ("satisfaction", "sv", "Mycket nöjd|Nöjd|Missnöjd"),
        ("satisfaction", "en", "Very satisfied|Satisfied|Very dissatisfied"),
        ("effect", "da", "Positiv indvirkning|Ingen indvirkning|Negativ indvirkning"),
        ("yes_no", "da", "Ja|Delvist|Nej"),
        ("yes_no", "en", "Yes|No"),
        ("yes_no", "de", "Ja|Nein"),
        ("yes_no", "nb", "Ja|Nei"),
    ],
)  # fmt: skip
def test_a_common_scale_is_recognised_from_high_to_low(
    name: str, language: str, labels: str
) -> None:
    found = scales.recognise(labels.split("|"))
    assert found is not None
    assert (found.name, found.language) == (name, language)
    assert list(found.places) == sorted(found.places)


def test_labels_are_recognised_in_any_order() -> None:
    labels = ["I høj grad", "I nogen grad", "Slet ikke"]
    for mixed in permutations(labels):
        found = scales.recognise(mixed)
        assert found is not None
        by_place = sorted(zip(found.places, mixed, strict=True))
        assert [label for _, label in by_place] == labels


@pytest.mark.parametrize(
    "labels",
    [
        "1. Helt enig|2. Enig|3. Uenig",
        "  HELT ENIG |enig.|Uenig (slet ikke)",
        "(1) Helt enig|(2) Enig|(3) Uenig",
        "5 = Helt enig|4 = Enig|2 = Uenig",
    ],
)
def test_case_numbering_brackets_and_stops_make_no_difference(labels: str) -> None:
    found = scales.recognise(labels.split("|"))
    assert found is not None
    assert found.name == "agreement"


def test_a_scale_may_be_put_in_words_at_its_ends_only() -> None:
    found = scales.recognise(["1 - Helt uenig", "2", "3", "4", "5 - Helt enig"])
    assert found is not None
    assert found.places == (4, 3, 2, 1, 0)
    assert scales.recognise(["1 - Blue", "2", "3 - Green"]) is None


@pytest.mark.parametrize(
    "labels",
    [
        "",
        "Ja",
        "Helt enig",
        "Rød|Grøn",
        "Ja|Nej|Banan",
        "Ja|Yes",
        "I høj grad|I stor grad",
        "1|2|3",
    ],
)
def test_what_is_no_scale_is_none(labels: str) -> None:
    assert scales.recognise(labels.split("|")) is None


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("Ved ikke", "dont_know"),
        ("9. Ved ikke", "dont_know"),
        ("Ved ikke / ikke relevant", "dont_know"),
        ("Vet inte", "dont_know"),
        ("Don’t know", "dont_know"),
        ("Weiß nicht", "dont_know"),
        ("Ønsker ikke at svare", "dont_know"),
        ("Ikke relevant", "not_relevant"),
        ("Not applicable", "not_relevant"),
        ("N/A", "not_relevant"),
        ("Slet ikke", "answer"),
        ("Ingen af de nævnte", "answer"),
        ("Trifft nicht zu", "answer"),
    ],
)
def test_an_option_that_is_no_answer_is_known(label: str, role: Role) -> None:
    assert scales.role_of(label) == role


@pytest.mark.parametrize(
    ("text", "most"),
    [
        ("Hvad er vigtigst? Vælg op til tre", 3),
        ("Sæt højst 2 kryds", 2),
        ("Choose up to four options", 4),
        ("Bitte wählen Sie höchstens 5 aus", 5),
        ("Vælg alle, der passer", None),
        ("What happened up to 2019?", None),
    ],
)
def test_a_question_may_say_how_many_to_choose(text: str, most: int | None) -> None:
    assert scales.most_ticks(text) == most


@pytest.mark.parametrize(
    ("subject", "text", "said"),
    [
        ("id", "respondentId", True),
        ("id", "Løbenummer", True),
        ("id", "idea", False),
        ("background", "kommune", True),
        ("background", "bg_køn", True),
        ("consent", "Må svaret offentliggøres?", True),
        ("reversed", "Der er forhold, der gør det svært for andre", True),
        ("reversed", "borgere, som har været svære at nå", False),
        ("open", "Hvorfor?", True),
    ],
)
def test_words_tell_what_a_column_is(subject: str, text: str, said: bool) -> None:
    assert scales.says(subject, text) is said


@pytest.mark.parametrize(
    ("label", "yes"), [("Ja, må offentliggøres", True), ("Nej", False), ("Jan", False)]
)
def test_a_yes_is_the_first_word(label: str, yes: bool) -> None:
    assert scales.says_yes(label) is yes


def test_the_language_is_that_of_most_common_words() -> None:
    assert scales.language_of(["What is the best of it?", "we have to"]) == "en"
    assert scales.language_of(["Hvad er det bedste?", "vi har ikke"]) == "da"
    assert scales.language_of([]) == "da"


def test_no_step_stands_twice_in_a_scale(data: dict[str, Any]) -> None:
    for scale in data["scale"]:
        words = Counter(word for step in scale["steps"] for word in step.split("|"))
        assert not [word for word, times in words.items() if times > 1], scale["name"]
        assert all(word == word.lower().strip() for word in words), scale["name"]


def test_every_step_is_recognised_with_every_other(data: dict[str, Any]) -> None:
    for scale in data["scale"]:
        words = [step.split("|")[-1] for step in scale["steps"]]
        if len(words) > 1:
            assert scales.recognise(words) is not None, (scale["name"], scale["language"])


@given(st.lists(st.text(), max_size=5))
def test_any_text_can_be_looked_at(labels: list[str]) -> None:
    found = scales.recognise(labels)
    assert found is None or len(found.places) == len(labels)
    for label in labels:
        scales.role_of(label)
        scales.most_ticks(label)
        scales.says("id", label)
