"""What a sentence seems to be about; sentences written for these tests."""

from __future__ import annotations

import pandas as pd
import pytest

from coder.results.wording import THINGS, sorted_sentences, things_of


@pytest.mark.parametrize(
    ("sentence", "first"),
    [
        ("Tilbuddet hedder Gå-med-hjem.", "name"),
        ("Det er vigtigt, fordi mange er ensomme, og for at ingen glemmes.", "importance"),
        ("Tidligere kørte vi ud, som noget nyt er det lagt om.", "novelty"),
        ("Målgruppen er voksne med hjerneskade.", "audience"),
        ("Holdet træner øvelser på skærmen.", "content"),
        ("Gevinsten er mere ro og bedre trivsel.", "benefit"),
        ("Frivillige og en fysioterapeut står for det.", "actors"),
        ("Det er i drift og fortsætter som fast tilbud.", "maturity"),
        ("Desværre var det svært og besværligt.", "obstacles"),
        ("Vi har lært meget, og erfaringen er klar.", "learning"),
    ],
)
def test_a_danish_sentence_is_sorted_by_its_words(sentence: str, first: str) -> None:
    assert things_of(sentence, "da")[0] == first


@pytest.mark.parametrize(
    ("sentence", "first"),
    [
        ("The service is called Walk Home.", "name"),
        ("It matters because people need contact, so that no one is forgotten.", "importance"),
        ("Unlike before, we no longer drive out.", "novelty"),
        ("The target group is adults.", "audience"),
        ("Sessions consist of exercises on a screen.", "content"),
        ("Patients were happy and felt better and safer.", "benefit"),
        ("Volunteers and nurses work together with the staff.", "actors"),
        ("It is still a pilot, to be rolled out.", "maturity"),
        ("Unfortunately there were problems and delays.", "obstacles"),
        ("The lesson we learned: it turned out well.", "learning"),
    ],
)
def test_an_english_sentence_is_sorted_by_its_words(sentence: str, first: str) -> None:
    assert things_of(sentence, "en")[0] == first


def test_a_heading_decides_alone() -> None:
    assert things_of("Udbytte: fordi det er nyt for borgere med angst", "da") == ("benefit",)
    assert things_of("Målgr.: fam. med børn", "da") == ("audience",)
    assert things_of("Klokken: ni", "da") == ()


def test_of_another_language_nothing_is_known() -> None:
    assert things_of("Das ist neu", "de") == ()
    assert things_of("Hm.", "da") == ()


def test_sentences_are_where_they_say_and_leave_out_only_bullets_and_space() -> None:
    text = "- Navn: Ro\n- For: unge\n\nVi ringer ca. 11 gange. Så er der ro!  »Godt.« Slut"
    answers = pd.DataFrame(
        {"text": [text, ""], "elaboration": [None, "Mere. 2 gange"]}, index=["R1", "R2"]
    )
    found = sorted_sentences(answers, "da")
    assert found["sentence"].tolist() == [
        "Navn: Ro", "For: unge", "Vi ringer ca. 11 gange.", "Så er der ro!", "»Godt.«", "Slut",
        "Mere. 2 gange",
    ]  # fmt: skip
    for row in found.itertuples():
        assert answers.at[row.answer, row.field][row.start : row.end] == row.sentence
    assert found["things"].tolist()[:2] == [("name",), ("audience",)]
    assert set().union(*found["things"]) <= set(THINGS)


def test_a_text_all_in_lower_case_is_parted_where_no_abbreviation_can_end() -> None:
    text = "vi ringer kl. 8 til alle!! det hjælper ca. halvdelen af beboerne. andre sover"
    answers = pd.DataFrame({"text": [text], "elaboration": [None]}, index=["R1"])
    assert sorted_sentences(answers, "da")["sentence"].tolist() == [
        "vi ringer kl. 8 til alle!!", "det hjælper ca. halvdelen af beboerne.", "andre sover",
    ]  # fmt: skip


def test_of_no_answers_there_are_no_sentences() -> None:
    assert sorted_sentences(pd.DataFrame({"text": [], "elaboration": []}), "da").empty
