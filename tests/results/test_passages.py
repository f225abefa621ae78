"""Where words stand in an answer, and what may stand for its parts; texts written for the tests."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coder.model import Passage
from coder.results.passages import passage_of, proposed_passages

TOLD = {
    "text": "Borgere med handicap ringer.\n  De borgere, der\nringer, ringer borgerne op.",
    "elaboration": "Borgerne siger tak.",
}


@pytest.mark.parametrize(
    ("words", "near", "found"),
    [
        ("borgere med  HANDICAP", None, "Borgere med handicap"),
        ("borgere", None, "Borgere"),
        ("borgere", Passage("action", 31, 75), "borgere"),  # within, so not the first
        ("der ringer", None, "der\nringer"),
        ("Borgerne", None, "borgerne"),
        ("Borgerne", Passage("action", 0, 5, "elaboration"), "Borgerne"),
        ("handi", None, "handi"),  # no whole word, for want of one
        ("rne si", None, "rne si"),
        ("(handicap)", None, None),
        ("borgere handicap", None, None),
        (".*", None, None),
        (" ", None, None),
    ],
)
def test_words_are_found_as_they_stand(words: str, near: Passage | None, found: str | None) -> None:
    place = passage_of(words, "action", TOLD, near)
    assert (place and TOLD[place.field][place.start : place.end]) == found


def test_of_the_same_words_the_nearest_to_what_stood_there_is_meant() -> None:
    text = {"text": "ro og ro og uro og ro", "elaboration": float("nan")}
    near = [passage_of("ro", "purpose", text, Passage("purpose", at, at + 5)) for at in (0, 6, 16)]
    assert [each and each.start for each in near] == [0, 6, 19]


@given(st.text(), st.data())
def test_any_stretch_of_an_answer_is_found_again(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    words = text[start:end]
    place = passage_of(words, "learning", {"text": text}, Passage("learning", start, end))
    if not words.split():
        assert place is None
        return
    assert place is not None
    told = text[place.start : place.end]
    assert told.split() == words.split() or told.casefold().split() == words.casefold().split()


def parts(text: str, language: str = "da") -> dict[str, str]:
    """The words proposed for each part."""
    answers = pd.DataFrame({"text": [text], "elaboration": [None]}, index=["R1"])
    found = proposed_passages(answers, language)["R1"]
    return {each.part: text[each.start : each.end] for each in found}


def test_people_are_proposed_without_the_sentence_that_tells_what_was_done() -> None:
    found = parts("Vi går ture med unge med angst. De unge er glade.")
    assert found["target_group"] == "unge med angst"
    assert found["action"] == "Vi går ture med unge med angst."


@pytest.mark.parametrize(
    ("text", "purpose"),
    [
        ("Vi byttede vagter for at skåne natholdet, og det gik.", "for at skåne natholdet"),
        ("Vi bytter vagter, så børnene kan sove, men det koster.", "så børnene kan sove"),
        ("Vi fik en bus i stedet for at gå.", "i stedet for at gå"),
        ("Køen var lang. Derfor fik vi en bus.", "Køen var lang."),
        ("Da hallen måtte lukke, tog vi ud i skoven.", "Da hallen måtte lukke"),
        ("Vi tog ud i skoven. Formålet var leg. Færre slås.", "Formålet var leg."),
        ("Vi tog ud i skoven. Færre slås nu.", "Færre slås nu."),
        ("Vi tog en bus, så det var hårdt.", None),
        ("Da foråret kom, tog vi en bus.", None),
    ],
)
def test_the_purpose_is_a_clause_a_reason_or_a_benefit(text: str, purpose: str | None) -> None:
    assert parts(text).get("purpose") == purpose


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("Besøg. Vi tilbyder kaffe i et telt.", "Besøg. Vi tilbyder kaffe i et telt."),
        ("Vi troede, det gik. Så oprettede vi en busrute.", "Så oprettede vi en busrute."),
        ("Køen var lang. Derfor fik vi en bus.", "Derfor fik vi en bus."),
        ("Navn: Søbussen\n- Indhold: bus til søen", "Indhold: bus til søen"),
        ("Det gik.", "Det gik."),
    ],
)  # fmt: skip
def test_what_was_done_is_no_opinion_and_has_its_title(text: str, action: str) -> None:
    assert parts(text)["action"] == action


def test_a_lesson_is_preferred_to_an_obstacle() -> None:
    told = "Vi gik ture. Det var svært i regn. Vi lærte at gå langsomt."
    assert parts(told)["learning"] == "Vi lærte at gå langsomt."
    assert parts(told.rsplit("Vi", 1)[0])["learning"] == "Det var svært i regn."


def test_english_answers_and_those_of_which_nothing_is_known() -> None:
    found = parts(
        "Walks. We introduced walks for people with anxiety, so that nobody is alone. "
        "We learned to walk slowly.", "en",
    )  # fmt: skip
    assert found == {
        "target_group": "people with anxiety",
        "purpose": "so that nobody is alone",
        "action": "Walks. We introduced walks for people with anxiety, so that nobody is alone.",
        "learning": "We learned to walk slowly.",
    }
    assert parts("Wir gehen. Weil es hilft.", "de") == {"action": "Wir gehen."}
