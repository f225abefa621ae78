"""Which answers a written text cites."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coder.coding.citations import (
    cite,
    cited,
    leaving,
    mentioned,
    renamed,
    uncited,
    unknown,
    without,
)
from coder.model import Sheet

ANSWERS = frozenset({"R001", "R017", "R017.2", "17", "R2:q19"})
TEXTS = st.lists(
    st.sampled_from(
        ["Rolige dage", "[R001]", "(R017)", "[R017.2, R001]", ". ", " ", "\n", "(fx)", "[17]", "æ"]
    )
).map("".join)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Rolige dage [R017].", ("R017",)),
        ("Rolige dage (R017.2) og [R001; R2:q19].", ("R017.2", "R001", "R2:q19")),
        ("[R001, R999] [R001]", ("R001",)),
        ("I 17 kommuner (17) og R017 uden klammer", ()),
        ("[17] er et svar", ("17",)),
        ("[person 3] (kun om R001)", ()),
    ],
)
def test_what_is_in_brackets_and_is_an_answer_is_cited(text: str, found: tuple[str, ...]) -> None:
    assert cited(text, ANSWERS) == found


def test_what_looks_cited_and_is_no_answer_is_told_but_not_what_is_in_words() -> None:
    text = "Færre fald [R999, R001]. [person 3] er glad (jf. s. 4), [sic], se (2020) og (R0018)."
    assert unknown(text, ANSWERS) == ("R999", "R0018")


def test_sentences_that_cite_nothing() -> None:
    text = "De ringer ca. 11 gange [R001]. Alle er glade. Også om natten! (R017)\nNyt afsnit"
    assert uncited(text, ANSWERS) == ("Alle er glade.", "Nyt afsnit")
    assert uncited("", ANSWERS) == ()


def test_a_citation_goes_into_the_last_sentence() -> None:
    assert cite("", "R001") == "[R001]"
    assert cite("De er rolige", "R001") == "De er rolige [R001]"
    assert cite("De er rolige. ", "R001") == "De er rolige [R001]."
    assert cite("De er rolige [R017].", "R001") == "De er rolige [R017, R001]."


@given(TEXTS)
def test_what_is_cited_is_cited_and_what_was_still_is(text: str) -> None:
    after = cited(cite(text, "R2:q19"), ANSWERS)
    assert set(after) == {*cited(text, ANSWERS), "R2:q19"}


@given(TEXTS, st.sets(st.sampled_from(sorted(ANSWERS))))
def test_without_them_the_others_are_cited_as_before(text: str, gone: set[str]) -> None:
    left = without(text, gone)
    assert cited(left, ANSWERS) == tuple(a for a in cited(text, ANSWERS) if a not in gone)
    assert left.count("Rolige dage") == text.count("Rolige dage")


def test_what_stays_reads_as_if_it_had_never_been_cited() -> None:
    assert without("Ro [R001]. Og (R017, R017.2) mod.", {"R001", "R017"}) == "Ro. Og (R017.2) mod."
    assert without("  Som det  stod ", {"R001"}) == "  Som det  stod "


@pytest.mark.parametrize(
    ("text", "is_there"),
    [("som R017 siger", True), ("[R017.2]", False), ("R0171", False), ("R017.", True), ("", False)],
)
def test_an_answer_is_mentioned_also_without_brackets(text: str, is_there: bool) -> None:
    assert mentioned(text, {"R017"}) == is_there


def test_what_is_cited_may_be_called_otherwise() -> None:
    text = "I R017s by (R017) [R001, s. 4]. 17 byer (17), [17]."
    told = "I R017s by (P9) [P1, s. 4]. 17 byer (17), [P3]."
    assert renamed(text, {"R017": "P9", "R001": "P1", "17": "P3"}) == told


@given(TEXTS)
def test_called_otherwise_as_many_are_cited(text: str) -> None:
    ids = {each: f"P{no}" for no, each in enumerate(sorted(ANSWERS))}
    found = cited(renamed(text, ids), ids.values())
    assert found == tuple(ids[each] for each in cited(text, ANSWERS))


def test_a_sheet_leaves_without_those_who_stay() -> None:
    sheet = Sheet("x", "Ro [R001, R017].", "Alle (R017)", "", "R017")
    assert leaving(sheet, ANSWERS, {"R001": "P1"}) == Sheet("x", "Ro [P1].", "Alle", "", "")
    assert leaving(sheet, ANSWERS, {"R017": "P2"}).case == "P2"
