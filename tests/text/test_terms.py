"""Which terms tell a group of answers from the others, and the names made of them."""

from __future__ import annotations

from itertools import accumulate, pairwise
from math import log

import numpy as np
import pytest

from coder.model import Wordlist
from coder.text.prepare import words
from coder.text.terms import _divergence, named, term_table

WALKS = ["vi gik lange gåture", "gåture med borgeren", "gåture i skoven med borgeren"]
SCREENS = ["video med borgeren", "borgeren fik video hjemme", "video og tablet til borgeren"]
# Answers of a third group, so that no term of the others is in too many of all.
REST = ["cykel", "bus", "tog", "færge"] * 3


def names(*groups: list[str], wordlist: Wordlist | None = None) -> list[str]:
    return [name for name, _ in both(*groups, wordlist=wordlist)]


def terms(*groups: list[str], wordlist: Wordlist | None = None) -> list[tuple[str, ...]]:
    """The key terms of each group of texts."""
    return [found for _, found in both(*groups, wordlist=wordlist)]


def both(
    *groups: list[str], wordlist: Wordlist | None = None, language: str = "da"
) -> list[tuple[str, tuple[str, ...]]]:
    texts = [text for group in groups for text in group]
    table = term_table(words(texts, language), language == "da", wordlist)
    runs = pairwise([0, *accumulate(map(len, groups))])
    return [named(table, np.arange(start, stop)) for start, stop in runs]


def test_the_word_that_only_one_group_has_comes_first() -> None:
    walks, screens, _ = terms(WALKS, SCREENS, REST)
    assert walks[0] == "gåture"
    assert screens[0] == "video"


def test_what_nearly_everyone_says_is_no_term() -> None:
    walks, screens, _ = terms(WALKS, SCREENS, REST[:4])
    assert "borgeren" not in walks + screens


def test_what_everyone_says_in_one_of_several_segments_is_no_term_either() -> None:
    texts = [*SCREENS, *REST[:9]]
    for answers, is_term in ((12, True), (6, False)):
        table = term_table(words(texts, "da"), True, None, answers)
        assert ("borgeren" in named(table, np.arange(3))[1]) is is_term


def test_a_common_word_is_a_term_only_of_the_group_that_most_who_use_it_are_in() -> None:
    mostly = ["video her", "video der", "video nu"]
    found = terms(mostly, ["video hest", "video gris", "hest gris"], REST)
    assert "video" in found[0]
    assert "video" not in found[1]


def test_a_pair_takes_the_place_of_words_that_are_no_better() -> None:
    walks, _ = terms(["social gåtur", "social gåtur igen", "en social gåtur"], REST * 2)
    assert walks == ("social gåtur",)


def test_a_term_of_one_answer_only_comes_when_there_is_no_other() -> None:
    assert terms(["zebra abe", "zebra"], REST)[0][0] == "zebra"
    assert terms(["zebra", "abe"], ["giraf"], REST)[:2] == [("abe", "zebra"), ("giraf",)]


def test_what_everyone_says_names_those_who_say_nothing_else() -> None:
    assert names(["borgeren"], ["borgeren fik video", "borgeren gik en tur"])[0] == "borgeren"


def test_answers_without_content_have_neither_terms_nor_name() -> None:
    assert both(["det er sådan", "12 – 14", ""], REST)[0] == ("", ())


def test_in_a_small_survey_two_answers_are_not_everyone() -> None:
    assert terms(["hest, gris, abe", "gris, hest, abe"], ["ko"])[0] == ("abe", "gris", "hest")


def test_words_are_counted_once_per_answer() -> None:
    chatty, _ = terms(["hest hest hest hest", "gris", "gris"], REST)
    assert chatty[0] == "gris"


def test_spellings_are_those_most_often_written() -> None:
    gardens, _ = terms(["haverne", "haverne her", "haven der"], REST * 2)
    assert gardens[0] == "haverne"


def test_the_order_of_the_answers_makes_no_difference() -> None:
    assert both(WALKS[::-1], SCREENS[::-1], REST) == both(WALKS, SCREENS, REST)


def test_divergence_is_that_of_kullback_and_leibler() -> None:
    # By hand: three of four answers inside, none of nineteen outside, half an answer added.
    found = _divergence(np.array([3]), 4, np.array([0]), 19)
    assert found == pytest.approx(0.75 * log(0.75 / (0.5 / 20)))


# --- compounds ---------------------------------------------------------------------------------


def test_compounds_share_the_word_that_the_survey_has() -> None:
    homes = ["bostøtteborgere ringer", "bostøttebesøg igen", "mere bostøtte", "bostøtten tog hjem"]
    assert terms(homes, REST * 2)[0][0] == "bostøtte"


def test_a_shared_beginning_that_nobody_writes_alone_is_found_before_words_they_have() -> None:
    rooms = ["vinduesbesøg", "vindueskontakt", "et besøg og kontakt"]
    assert "vindues" in term_table(words(rooms, "da"), True).terms


def test_the_end_of_a_compound_is_a_term_too() -> None:
    table = term_table(words(["skærmsamtale", "skærm", "en samtale"], "da"), True)
    at = table.terms.index("samtale")
    assert table.has.toarray()[:, at].tolist() == [1, 0, 1]


@pytest.mark.parametrize(("word", "no_part"), [("kollegerne", "gerne"), ("forældre", "ældre")])
def test_an_end_found_by_accident_is_none(word: str, no_part: str) -> None:
    table = term_table(words([word, f"{no_part} hest"], "da"), True)
    has = dict(zip(table.terms, table.has.toarray()[0].tolist(), strict=True))
    assert not has.get(no_part)


def test_a_form_that_the_table_lacks_is_one_with_the_word_of_the_survey() -> None:
    table = term_table(words(["rollatoren", "en rollator", "rollatorer"], "da"), True)
    assert table.terms == ("rollator",)


def test_english_words_are_not_taken_apart() -> None:
    table = term_table(words(["important", "import"], "en"), False)
    assert table.has.toarray().sum(axis=0).tolist() == [1, 1]


# --- names -------------------------------------------------------------------------------------


def test_a_name_is_two_terms_and_a_third_for_those_they_leave() -> None:
    one = ["hest gris", "hest gris", "hest", "gris", "abe", "abe hund", "ko", "ulv"]
    assert names(one, REST * 2)[0] == "gris, hest, abe"
    assert names(["hest gris", "hest", "gris", "abe hest", "abe gris"], REST * 2)[0] == "gris, hest"


def test_the_third_term_of_a_name_is_of_those_that_the_first_two_leave() -> None:
    one = ["hest, gris"] * 2 + ["hest, abe", "gris, abe", "ulv", "ulv", "odder", "los"]
    assert names(one, REST * 2)[0] == "gris, hest, ulv"


def test_a_stop_word_of_the_survey_is_no_part_of_compounds_either() -> None:
    texts = ["skærmbesøg", "skærmsamtale", "et besøg", "en samtale"]
    for stop in ((), ("skærm",)):
        table = term_table(words(texts, "da"), True, Wordlist(stop=stop))
        assert ("skærm" in table.terms) is (stop == ())


def test_the_researchers_words_are_used() -> None:
    wordlist = Wordlist(stop=("hest",), together=(("video", "skærm"),))
    texts = ["hesten og videoen", "skærme og hest", "hestevogn"]
    table = term_table(words(texts, "da"), True, wordlist)
    assert table.terms == ("hestevogn", "video")
    assert table.has.toarray().tolist() == [[0, 1], [0, 1], [1, 0]]
