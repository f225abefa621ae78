"""What is encoded, and the words that terms are made of."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from coder.text.prepare import clean, words


def lemmas(text: str, language: str = "da") -> list[str]:
    return [word.lemma for word in words([text], language)[0] if not word.stop]


def test_clean_composes_characters_and_folds_white_space() -> None:
    assert clean("  bla\u030ab\u00e6r \n\t og  fløde ") == "blåbær og fløde"


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_danish_words_are_found_in_their_dictionary_form() -> None:
    assert lemmas("Samtalerne foregik i haverne") == ["samtale", "foregå", "have"]


def test_english_has_its_own_tables() -> None:
    assert lemmas("The meetings were held in gardens", "en") == ["meeting", "hold", "garden"]


def test_function_words_are_marked_in_both_lists() -> None:
    stops = {word.form for word in words(["når hun og sin mor går med os"], "da")[0] if word.stop}
    assert {"når", "hun", "og", "sin", "med", "os"} <= stops
    assert "mor" not in stops


def test_numbers_and_signs_part_the_words_beside_them() -> None:
    forms = [word.form for word in words(["video, 12 telefon"], "da")[0]]
    assert forms == ["video", "", "", "telefon"]


@given(st.lists(st.text(max_size=40), max_size=4))
def test_every_text_gives_a_list_of_words(texts: list[str]) -> None:
    assert len(words(texts, "da")) == len(texts)
