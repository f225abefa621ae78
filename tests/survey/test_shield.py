"""Answers as they may be shown: what is found, what stands in its place, and who decides."""

from __future__ import annotations

from typing import get_args

import pandas as pd
import pytest

from coder.model import Treatment
from coder.survey.shield import (
    PlacedFind,
    as_shown,
    as_written,
    find_in_answers,
    in_sentences,
    name_finds,
    shielded,
    shown_pieces,
)

ANSWERS = pd.DataFrame(
    {
        "text": ["Ring til 20 41 00 00. Vi går ture.", "Skriv til kim@example.dk", "Ingen her."],
        "elaboration": [None, "Igen 20 41 00 00 eller 20 41 00 01", None],
    },
    index=pd.Index(["R1", "R2", "R3"], name="answer"),
)
KEY = b"the study's own"
FINDS = find_in_answers(ANSWERS, KEY)
NAMES = name_finds(ANSWERS, FINDS, "da")


def shown(**treatments: Treatment) -> list[str | None]:
    """Texts and elaborations; treatments by answer, for all finds in its text."""
    given = {each.id: t for each in FINDS if (t := treatments.get(each.answer))}
    table = shielded(ANSWERS, FINDS, given, NAMES)
    return [*table["text"], table.at["R2", "elaboration"]]


def test_finds_are_in_texts_and_elaborations() -> None:
    assert [(each.answer, each.field, each.find.kind) for each in FINDS] == [
        ("R1", "text", "phone"),
        ("R2", "text", "email"),
        ("R2", "elaboration", "phone"),
        ("R2", "elaboration", "phone"),
    ]


def test_the_id_of_a_find_tells_its_place_and_not_its_words() -> None:
    assert FINDS[0].id.startswith("R1:text:9-20:")
    assert all("20 41" not in each.id and "@" not in each.id for each in FINDS)


def test_what_nobody_has_decided_about_is_replaced() -> None:
    assert shown() == [
        "Ring til [telefonnummer 1]. Vi går ture.",
        "Skriv til [e-mail 1]",
        "Ingen her.",
        "Igen [telefonnummer 1] eller [telefonnummer 2]",
    ]


def test_keeping_shows_what_was_written() -> None:
    assert shown(R1="keep")[0] == ANSWERS.at["R1", "text"]


def test_dropping_leaves_nothing_in_its_place() -> None:
    assert shown(R1="drop")[0] == "Ring til . Vi går ture."


def test_the_answers_themselves_stay_as_they_were() -> None:
    before = ANSWERS.copy(deep=True)
    shown()
    pd.testing.assert_frame_equal(ANSWERS, before)


def test_pseudonyms_given_before_stay_and_new_ones_go_on() -> None:
    later = pd.concat([ANSWERS, ANSWERS.loc[["R1"]].rename(index={"R1": "R0"})]).sort_index()
    later.at["R0", "text"] = "Nyt: 20 41 00 09"
    names = name_finds(later, find_in_answers(later, KEY), "da", NAMES)
    assert names["phone", "20 41 00 00"] == "[telefonnummer 1]"
    assert names["phone", "20 41 00 09"] == "[telefonnummer 3]"


def test_the_words_of_pseudonyms_are_in_the_language_of_the_answers() -> None:
    assert name_finds(ANSWERS, FINDS, "en")["phone", "20 41 00 00"] == "[phone number 1]"


def test_what_was_decided_about_one_text_says_nothing_about_another_in_its_place() -> None:
    later = ANSWERS.copy()
    later.at["R1", "text"] = "Ring til 20 41 00 77. Vi går ture."
    finds = find_in_answers(later, KEY)
    names = name_finds(later, finds, "da", NAMES)
    text = shielded(later, finds, {FINDS[0].id: "keep"}, names).at["R1", "text"]
    assert text == "Ring til [telefonnummer 3]. Vi går ture."


def test_a_find_is_shown_for_review_in_its_sentence() -> None:
    first = in_sentences(ANSWERS, FINDS, {FINDS[0].id: "keep"}, NAMES)[0]
    assert (first.before, first.words, first.after) == ("Ring til ", "20 41 00 00", ".")
    assert (first.pseudonym, first.treatment) == ("[telefonnummer 1]", "keep")


@pytest.mark.parametrize("treatment", get_args(Treatment))
def test_only_keeping_lets_the_words_out(treatment: Treatment) -> None:
    everything = {each.id: treatment for each in FINDS}
    text = " ".join(str(v) for v in shielded(ANSWERS, FINDS, everything, NAMES).to_numpy().ravel())
    assert ("20 41 00 00" in text) == (treatment == "keep")


def test_a_place_is_a_plain_value() -> None:
    assert PlacedFind("R1", "text", FINDS[0].find, FINDS[0].text) == FINDS[0]


# --- places in a text as written and as shown ----------------------------------------------------

WRITTEN = ANSWERS.at["R1", "text"]  # "Ring til 20 41 00 00. Vi går ture."


@pytest.mark.parametrize(
    ("treatment", "words", "stands_for"),
    [
        ("replace", "Vi går ture", "Vi går ture"),
        ("replace", "Ring til", "Ring til"),
        ("replace", "til [telefonnummer 1]. Vi", "til 20 41 00 00. Vi"),
        ("replace", "fonnum", "20 41 00 00"),
        ("replace", "1]. Vi", "20 41 00 00. Vi"),
        ("drop", "Ring til . Vi", "Ring til 20 41 00 00. Vi"),
        ("drop", ". Vi", ". Vi"),
        ("keep", "41 00", "41 00"),
    ],
)
def test_a_place_that_is_shown_is_found_in_what_was_written(
    treatment: Treatment, words: str, stands_for: str
) -> None:
    given = {FINDS[0].id: treatment}
    text = shielded(ANSWERS, FINDS, given, NAMES).at["R1", "text"]
    pieces = shown_pieces(WRITTEN, [each for each in FINDS if each.answer == "R1"], given, NAMES)
    start = text.index(words)
    found = as_written(pieces, start, start + len(words))
    assert WRITTEN[slice(*found)] == stands_for
    back = text[slice(*as_shown(pieces, *found))]
    assert words in back


def test_a_place_that_is_left_out_is_nowhere() -> None:
    pieces = shown_pieces(WRITTEN, FINDS[:1], {FINDS[0].id: "drop"}, NAMES)
    assert as_shown(pieces, 12, 14) == (9, 9)


def test_a_text_without_finds_is_where_it_is() -> None:
    pieces = shown_pieces("Vi går ture", [], {}, NAMES)
    assert as_written(pieces, 3, 6) == as_shown(pieces, 3, 6) == (3, 6)
