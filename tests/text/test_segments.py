"""Long answers, cut where their subject changes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from coder.text.encode import FakeEncoder
from coder.text.nearest import unit
from coder.text.segments import segments, sentences

encode = FakeEncoder().encode
WALKS = "Vi gik lange ture i skoven. Vi gik ture ved søen hver dag."
MEALS = "Maden blev bragt ud til døren. Maden blev bragt varm ud."


def cut_up(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", [""]),
        (
            "Tiden gik ned fra ca. 11 til 6 uger. Det var bl.a. godt for medarb. på stedet.",
            ["Tiden gik ned fra ca. 11 til 6 uger.", "Det var bl.a. godt for medarb. på stedet."],
        ),
        (
            "- varm mad ud af huset til dem\n- to mand på en ladcykel om dagen",
            ["- varm mad ud af huset til dem", "- to mand på en ladcykel om dagen"],
        ),
        ("Godt. Det var et stort fremskridt.", ["Godt. Det var et stort fremskridt."]),
        (
            "»Hvorfor gik det så godt for os?« Fordi alle ville være med 🎉.",
            ["»Hvorfor gik det så godt for os?«", "Fordi alle ville være med 🎉."],
        ),
    ],
)
def test_sentences(text: str, wanted: list[str]) -> None:
    assert cut_up(text) == wanted


@given(st.text(st.sampled_from("Ab .!?\n-«»🎉å"), max_size=150))
def test_sentences_have_everything_that_is_written_once(text: str) -> None:
    spans = sentences(text)
    assert "".join("".join(text[a:b] for a, b in spans).split()) == "".join(text.split())
    assert all(a <= b <= c for (a, b), (c, _) in pairwise(spans))
    assert all(text[a:b] == text[a:b].strip() for a, b in spans)


def test_a_text_is_cut_where_its_subject_changes() -> None:
    both = f"{WALKS} {MEALS}"
    texts = [WALKS, both, MEALS, "Kort."]
    owner, spans, _ = segments(texts, encode)
    pieces = [(text, texts[text][a:b]) for text, (a, b) in zip(owner, spans, strict=True)]
    assert pieces == [(0, WALKS), (1, WALKS), (1, MEALS), (2, MEALS), (3, "Kort.")]


def test_a_segment_points_where_its_sentences_do_by_their_length() -> None:
    _, spans, vectors = segments([WALKS, f"{WALKS} {MEALS}", MEALS], encode)
    (_, b), (c, d) = sentences(WALKS)
    first, second = encode([WALKS[:b], WALKS[c:d]])
    assert spans[0] == (0, len(WALKS))
    wanted = unit((first * (b + 1) + second * (d - c + 1))[None])[0]
    assert vectors[0] == pytest.approx(wanted, abs=1e-6)


@given(st.permutations([WALKS, MEALS, f"{WALKS} {MEALS}", f"{MEALS}\n{WALKS}", "", WALKS]))
def test_the_order_of_the_texts_makes_no_difference(texts: list[str]) -> None:
    def found(some: Sequence[str]) -> set[tuple[str, tuple[int, int], bytes]]:
        owner, spans, vectors = segments(some, encode)
        assert sorted(set(owner)) == list(range(len(some)))
        rows = zip(owner, spans, vectors, strict=True)
        return {(some[text], span, vector.tobytes()) for text, span, vector in rows}

    assert found(texts) == found(sorted(texts))


def test_texts_of_one_sentence_are_one_segment_each() -> None:
    def one(texts: Sequence[str]) -> NDArray[np.float32]:
        return np.eye(2, dtype=np.float32)[: len(texts)]

    assert segments(["a", "b"], one)[:2] == ([0, 1], [(0, 1), (0, 1)])
