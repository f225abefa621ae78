"""The researcher's list of words, read and written, and every mistake by its place."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coder.errors import UserError
from coder.model import Wordlist
from coder.text.wordlist import format_wordlist, parse_wordlist


def test_a_list_in_full() -> None:
    text = "stop: [Kommunen]\ntogether:\n  - [video,  Teams  møde]\nseeds: [gåtur]\n"
    assert parse_wordlist(text) == Wordlist(("kommunen",), (("video", "teams møde"),), ("gåtur",))


@pytest.mark.parametrize("text", ["", "stop: []", "# intet"])
def test_everything_may_be_left_out(text: str) -> None:
    assert parse_wordlist(text) == Wordlist()


@pytest.mark.parametrize(
    ("text", "key", "params"),
    [
        ("stop: [a", "yaml.unreadable", {}),
        ("[a]", "yaml.not_mapping", {"place": "words"}),
        ("stops: [a]", "yaml.unknown_key", {"place": "words", "name": "stops"}),
        ("stop: a", "yaml.not_list", {"place": "words.stop"}),
        ("seeds: [{a: b}]", "yaml.not_text", {"place": "words.seeds"}),
        ("seeds: [a, '  ']", "words.empty", {"place": "words.seeds[2]"}),
        ("together: [[a, b], c]", "yaml.not_list", {"place": "words.together[2]"}),
        ("together: [[a, [b]]]", "yaml.not_text", {"place": "words.together[1]"}),
        ("together: [[a]]", "words.alone", {"place": "words.together[1]"}),
        ("together: [[a, b], [b, c]]", "words.twice", {"place": "words.together", "word": "b"}),
        ("stop: [a, A]", "words.twice", {"place": "words.stop", "word": "a"}),
        ("stop: [a]\nseeds: [a]", "words.both", {"place": "words.stop", "word": "a"}),
        ("stop: [a]\ntogether: [[a, b]]", "words.both", {"word": "a"}),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, key: str, params: dict[str, Any]) -> None:
    with pytest.raises(UserError) as caught:
        parse_wordlist(text)
    assert caught.value.key == key
    assert params.items() <= caught.value.params.items()


word = (
    st.text("abcæøå: -#'", min_size=1, max_size=6).map(lambda w: " ".join(w.split())).filter(bool)
)


@given(st.lists(word, unique=True, min_size=4, max_size=8))
def test_what_is_written_is_read_again(words: list[str]) -> None:
    made = Wordlist(tuple(words[3:]), (tuple(words[:2]),), (words[2],))
    assert parse_wordlist(format_wordlist(made)) == made
