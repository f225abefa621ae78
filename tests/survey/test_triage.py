"""What is no answer, and what came before: careful, exact, and fast enough."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coder.survey import triage
from coder.survey.triage import Status, StatusKind, propose_status

LONG = "Online møder med de pårørende hver uge, også om aftenen"


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        ("empty", ["", " ", "-", "...", "\n\t", "?!", "\u200b", "–"]),
        ("dont_know", ["Ved ikke", "ved ikke.", "Det ved jeg desværre ikke!", "VED DET IKKE"]),
        ("dont_know", ["Ingen idé", "I don't know", "no idea :)", "Vet inte", "weiß nicht"]),
        ("none", ["Ingen", "nej", "N/A", "n.a.", "ikke noget", "Nej tak", "None.", "nothing"]),
        ("see_above", ["se ovenfor", "Se ovenfor!", "samme som ovenfor", "see above", "ditto"]),
        ("see_above", ["Se spørgsmål 4", "se svar på sp. 12", "siehe oben"]),
        ("noise", ["asdf", "asdfghjkl", "xxx", "aaaaaaa", "sdkfjhsdf", "qwerty", "jkjkjkjk"]),
        ("answer", ["Ingen adgang til skærme", "Ved ikke hvad vi skulle gøre uden skærme"]),
        ("answer", ["Se ovenfor, men også skærmbesøg", "Ikke relevant for os", "Nej til skærme"]),
        (
            "answer",
            ["Tid", "ja", "haha", "vvs", "KMDRSTB", "angstskrig", "12345", "👍", "天天天天"],
        ),
        ("answer", ["Ingen kommentarer fra de pårørende, kun ros", "Ingenting virker", "skærm"]),
    ],
)
def test_a_text_by_itself(kind: StatusKind, texts: list[str]) -> None:
    texts = [text for text in texts if text != "do. ditto"]
    assert {
        text: status.kind for text, status in zip(texts, propose_status(texts), strict=True)
    } == {text: kind for text in texts}


def test_a_missing_text_is_empty() -> None:
    assert propose_status([None]) == [Status("empty")]


def test_the_same_again() -> None:
    texts = [
        LONG,
        "Tid",
        f"  {LONG.upper()} !",
        "Tid",
        LONG.replace("aftenen", "aften"),
        "Ved ikke",
    ]
    assert propose_status([*texts, "Ved ikke"]) == [
        Status("answer"),
        Status("answer"),
        Status("duplicate", 0),
        Status("answer"),  # too short to say that one person's word is another's
        Status("near_duplicate", 0),
        Status("dont_know"),
        Status("dont_know"),
    ]


def test_other_answers_are_not_nearly_the_same() -> None:
    other = "Online møder med de ansatte hver dag, mest om morgenen"
    assert [status.kind for status in propose_status([LONG, other])] == ["answer", "answer"]


def test_a_copy_of_a_near_copy_points_at_the_first() -> None:
    near = LONG.replace("aftenen", "aften")
    assert propose_status([LONG, near, near]) == [
        Status("answer"),
        Status("near_duplicate", 0),
        Status("near_duplicate", 0),
    ]


def test_of_several_that_are_alike_it_is_the_earliest() -> None:
    start, end = LONG.replace("Online", "Onlime"), LONG.replace("aftenen", "aftemen")
    assert propose_status([start, end])[1] == Status("answer")
    assert propose_status([start, end, LONG])[2] == Status("near_duplicate", 0)


def test_three_quarters_in_common_are_enough() -> None:
    """30 of 40 shingles, and the ten others are the rarest there are."""
    text = "abcdefghijklmnopqrstuvwxyzæøå0123456789-_+?!"
    assert triage._nearly_same({0: text[:34], 1: text}) == {1: 0}
    assert triage._nearly_same({0: text[:33], 1: text}) == {}


SOME_WORDS = ["skærm", "møde", "hver", "uge", "online", "pårørende", "ring", "tak"]
SENTENCES = st.lists(
    st.lists(st.sampled_from(SOME_WORDS), max_size=9)
    .map(" ".join)
    .flatmap(lambda text: st.sampled_from([text, text + "e", text.title(), text[3:]])),
    max_size=12,
)


@given(SENTENCES)
def test_the_index_finds_what_comparing_all_pairs_finds(texts: list[str]) -> None:
    plain = {at: text for at, text in enumerate(texts) if len(text) >= 20}
    kept: list[int] = []
    expected: dict[int, int] = {}
    for at, text in plain.items():
        alike = [other for other in kept if _jaccard(text, plain[other]) >= triage._ALIKE]
        if alike:
            expected[at] = alike[0]
        else:
            kept.append(at)
    assert triage._nearly_same(plain) == expected


def _jaccard(one: str, other: str) -> float:
    first, second = triage._shingles_of(one), triage._shingles_of(other)
    return len(first & second) / len(first | second)


@given(st.lists(st.none() | st.text() | st.sampled_from([LONG, LONG + "e", "nej", "🙂"])))
def test_any_texts_have_a_status_that_points_at_an_answer(texts: list[str | None]) -> None:
    statuses = propose_status(texts)
    assert len(statuses) == len(texts)
    for at, status in enumerate(statuses):
        assert (status.of is not None) == (status.kind in ("duplicate", "near_duplicate"))
        if status.of is not None:
            assert status.of < at
            assert statuses[status.of] == Status("answer")


def test_many_short_texts() -> None:
    texts = [f"Vi holder møde {no} på skærm med {no * 7919 % 9973} borgere" for no in range(5_000)]
    began = time.perf_counter()
    propose_status(texts)
    assert time.perf_counter() - began < 20
