"""Full-text search: what a line of words finds, and what it doesn't."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coder.text.search import fold, matching

TEXTS = [
    "Vi holdt onlinemøder med borgerne",
    "Får I svar fra jeres far?",
    "En café på ÆRØ, og crème brûlée til alle",
    "Borgerne fik  et\nmøde om ugen",
    "",
]


def found(query: str) -> list[int]:
    return [no for no, yes in enumerate(matching(TEXTS, query)) if yes]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [0, 1, 2, 3, 4]),
        ("  ", [0, 1, 2, 3, 4]),
        ("møde", [0, 3]),  # within a word too: Danish writes compounds as one
        ("MØDE borger", [0, 3]),  # all words, in any order
        ("møde ugen", [3]),
        ("far", [1]),
        ("får", [1]),
        ("cafe", [2]),
        ("café", [2]),
        ("creme brulee", [2]),
        ("ærø", [2]),
        ("aro", []),  # neither æ nor ø is another letter with an accent
        ("på", [2]),
        ("pa", []),  # nor is å
        ("far?", [1]),
        ("svar?", []),
    ],
)
def test_words(query: str, expected: list[int]) -> None:
    assert found(query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('"møde"', [3]),  # a whole word
        ('"øder"', []),
        ('"et møde"', [3]),  # over a line break
        ('"møde et"', []),
        ('"et møde', [3]),  # while it is being typed
        ("»et møde«", [3]),
        ("“et møde”", [3]),
        ('borgerne "om ugen"', [3]),
        ('"jeres far"', [1]),
        ('"', [0, 1, 2, 3, 4]),
        ('""', [0, 1, 2, 3, 4]),
    ],
)
def test_phrases(query: str, expected: list[int]) -> None:
    assert found(query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("-borgerne", [1, 2, 4]),
        ("møde -ugen", [0]),
        ('møde -"et møde"', [0]),
        ('-"', [0, 1, 2, 3, 4]),
        ("-", [0, 1, 2, 3, 4]),
        ("borgerne -", [0, 3]),
    ],
)
def test_what_must_not_be_there(query: str, expected: list[int]) -> None:
    assert found(query) == expected


def test_a_hyphen_within_a_word_excludes_nothing() -> None:
    assert matching(["Send en e-mail", "Send en mail"], "e-mail") == [True, False]


def test_signs_of_patterns_are_signs() -> None:
    assert matching(["a.b (c)", "axb c"], '"a.b"') == [True, False]
    assert matching(["a.b (c)", "axb c"], "(c)") == [True, False]


def test_letters_in_two_pieces_are_the_same_letters() -> None:
    text = unicodedata.normalize("NFD", "Får en café")
    assert matching([text], "får") == matching([text], "cafe") == [True]
    assert matching([text], "far") == [False]
    assert matching(["Får"], unicodedata.normalize("NFD", "får")) == [True]


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_query_can_be_asked_of_any_text(text: str, query: str) -> None:
    assert len(matching([text, query], query)) == 2
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="abcæøåÉé ", min_size=1, max_size=20))
def test_a_text_is_found_by_each_of_its_words(text: str) -> None:
    assert matching([text], text) == [True]
    words = " ".join(text.split())
    if words:
        assert matching([text], f'"{words}"') == [True]
        assert matching([text], f"-{words.split()[0]}") == [False]
