"""The finder of personal data: published facts, exact positions, any text at all, the test set."""

from __future__ import annotations

import time
import unicodedata
from pathlib import Path
from typing import Any

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import privacy_finder as benchmark
from coder.survey import privacy
from coder.survey.privacy import (
    Find,
    FindKind,
    find_personal_data,
    is_cpr_number,
    passes_modulus_11,
    pseudonyms,
    replaced,
    sentence_around,
)
from coder.text import prepare

WORDS: dict[FindKind, str] = {
    "cpr": "cpr-nummer",
    "phone": "telefon",
    "email": "e-mail",
    "web": "netadresse",
    "address": "adresse",
    "name": "person",
    "plate": "nummerplade",
}
PIECES = [
    *("Mette Hansen", "Bo", "fru Holm", "Æblevej 3, 2. tv.", "111172-5876", "40 05 12 34"),
    *("ZX 12 345", "a@example.dk", "www.example.dk", "Hr.", "J. P.", "cpr", "tlf.", "vej 2", "Mvh"),
    *("…", ". ", "\n", " ", "-", "😕", "å", "A\u030a", "\u200d", "12", "\ud800", "'s", "METTE"),
]
ANY_TEXT = st.text() | st.lists(st.sampled_from(PIECES)).map("".join)


def found(text: str) -> list[tuple[str, str]]:
    """Kind and text of every find."""
    return [(find.kind, text[find.start : find.end]) for find in find_personal_data(text)]


# --- CPR numbers -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("digits", "is_date"),
    [
        ("2902000000", False),  # 1900 was no leap year
        ("2902004000", True),  # 2000 was
        ("2902965000", True),  # 1896
        ("2902005000", True),  # 2000 by the other series
        ("2902374000", False),  # 1937
        ("2902364000", True),  # 2036
        ("2902575000", False),  # 2057
        ("2902605000", True),  # 1860
        ("3104500000", False),
        ("0013500000", False),
        ("111172587", False),
        ("١١١١٧٢٥٨٧٦", False),
    ],
)
def test_the_date_and_its_century(digits: str, is_date: bool) -> None:
    assert is_cpr_number(digits) is is_date


def test_the_weights_of_modulus_11() -> None:
    """4 3 2 7 6 5 4 3 2 1: a single one in place k leaves the k-th weight."""
    assert privacy._CPR_WEIGHTS == (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
    assert passes_modulus_11("1111725876")  # 4+3+2+7+42+10+20+24+14+6 = 132 = 12 × 11
    assert not passes_modulus_11("1111725877")
    assert not passes_modulus_11("111172587")


@given(st.integers(0, 9), st.integers(0, 9), st.from_regex("[0-9]{10}", fullmatch=True))
def test_one_wrong_digit_fails_modulus_11(at: int, digit: int, digits: str) -> None:
    changed = digits[:at] + str(digit) + digits[at + 1 :]
    if passes_modulus_11(digits) and changed != digits:
        assert not passes_modulus_11(changed)


def test_a_number_without_check_digit_is_found() -> None:
    """Since October 2007 numbers are given out that fail modulus 11."""
    assert not passes_modulus_11("0101658123")
    assert found("Sagen 010165-8123") == [("cpr", "010165-8123")]


def test_an_unusual_separator_needs_a_word_or_the_check_digit() -> None:
    assert found("cpr 010165 8123") == [("cpr", "010165 8123")]
    assert found("født 010165.8123") == [("cpr", "010165.8123")]
    assert found("Fra 010165 8123") == []
    assert found("Fra 040345 5733") == [("cpr", "040345 5733")]


def test_what_is_said_to_be_another_number_needs_the_check_digit() -> None:
    assert found("Ordrenr. 010165-8123") == []
    assert found("Ordrenr. 111172-5876") == [("cpr", "111172-5876")]


# --- single rules ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "finds"),
    [
        ("Kirstens hund Bo", [("name", "Kirsten")]),
        ("fru Holm", [("name", "Holm")]),
        ("Holm har dårligt net", []),
        ("hr. Bo Holm", [("name", "Bo Holm")]),
        ("METTE HANSEN OG BO LUND KOM", [("name", "METTE HANSEN"), ("name", "BO LUND")]),
        ("mette hansen", [("name", "mette hansen")]),
        ("jeg hedder lars", [("name", "lars")]),
        ("lars er flink", []),
        ("Hans Knudsens Plads", []),
        ("Hans Knudsens Plads 1", [("address", "Hans Knudsens Plads 1")]),
        ("Viggo-robotten", []),
        ("Emma Hospice", []),
        ("Jensens Bøfhus", []),
        ("hos Jensen", [("name", "Jensen")]),
        ("Mvh\nStorm", [("name", "Storm")]),
        ("på skolen. Mette kom", [("name", "Mette")]),
        ("Gammel Landevej 3", [("address", "Gammel Landevej 3")]),
        ("Landevej 3", []),
        ("Fælledparken 12 gange", []),
        ("Fælledparken 12", [("address", "Fælledparken 12")]),
        ("Engvej 25. maj", []),
        ("Birkevej nr. 12", [("address", "Birkevej nr. 12")]),
        ("godt.se også", []),
        ("www.godt.se.", [("web", "www.godt.se")]),
        ("ole(at)example.dk", [("email", "ole(at)example.dk")]),
        ("20 01 02 03", [("phone", "20 01 02 03")]),
        ("20 01 02 03 04", []),
        ("20200311", []),
        ("2019 2020", []),
        ("20 01 02 03 kr.", []),
        ("+45 20010203", [("phone", "+45 20010203")]),
        ("tlf 12345678", [("phone", "12345678")]),
        ("12345678", []),
        ("zx12345", []),
        ("nummerplade zx12345", [("plate", "zx12345")]),
        ("EN 13 485", []),
    ],
)
def test_a_rule(text: str, finds: list[tuple[str, str]]) -> None:
    assert found(text) == finds


def test_finds_in_order_and_the_more_telling_kind_first() -> None:
    text = "Åse Holm 😕, mette.hansen@example.dk, 040345-5733"
    kinds = [("name", "Åse Holm"), ("email", "mette.hansen@example.dk"), ("cpr", "040345-5733")]
    assert found(text) == kinds


def test_finds_may_stand_side_by_side() -> None:
    text = "Mette Hansen 040345-5733 40 05 12 34 a@example.dk"
    assert [kind for kind, _ in found(text)] == ["name", "cpr", "phone", "email"]


def test_decomposed_letters_count_as_they_were_written() -> None:
    text = unicodedata.normalize("NFD", "Mødet hos Åse Nørgård, Ågade 3")
    assert found(text) == [
        ("name", unicodedata.normalize("NFD", "Åse Nørgård")),
        ("address", unicodedata.normalize("NFD", "Ågade 3")),
    ]


@pytest.mark.parametrize("file", ["given_da.txt", "surnames_da.txt", "ordinary_words.txt"])
def test_the_lists_are_sorted_and_composed(file: str) -> None:
    path = Path(privacy.__file__).parent / "names" / file
    lines = path.read_text("utf-8").splitlines()
    assert lines == sorted(set(lines))
    assert all(line == unicodedata.normalize("NFC", line).strip() for line in lines)


def test_ordinary_words_are_names_from_the_lists() -> None:
    assert privacy._ordinary_words() <= privacy._all_names()


# --- an entity recogniser ----------------------------------------------------------------------


def test_entities_add_names_but_take_nothing_away() -> None:
    text = "Tenzin og Mette Hansen"
    finds = find_personal_data(text, lambda _: [(0, 6), (10, 15), (3, 3)])
    assert finds == [Find("name", 0, 6), Find("name", 10, 22)]


def test_a_pipeline_with_an_entity_recogniser_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    pipelines = {"da_plain": spacy.blank("da"), "da_with": spacy.blank("da")}
    ruler: Any = pipelines["da_with"].add_pipe("entity_ruler", name="ner")
    ruler.add_patterns([{"label": "PER", "pattern": "Æbæ"}, {"label": "LOC", "pattern": "Oz"}])
    monkeypatch.setattr(spacy.util, "get_installed_models", lambda: ["en_x", *pipelines])
    monkeypatch.setattr(spacy, "load", pipelines.__getitem__)
    prepare.person_entities.cache_clear()
    try:
        entities = prepare.person_entities("da")
        assert entities is not None
        assert entities("😕 Æbæ fra Oz") == [(2, 5)]
        assert prepare.person_entities("sv") is None
    finally:
        prepare.person_entities.cache_clear()


# --- any text ----------------------------------------------------------------------------------


@given(ANY_TEXT)
def test_finds_lie_in_order_inside_the_text(text: str) -> None:
    finds = find_personal_data(text)
    ends = [0, *(position for find in finds for position in (find.start, find.end)), len(text)]
    assert ends == sorted(ends)
    assert all(find.start < find.end for find in finds)


@given(ANY_TEXT)
def test_a_sentence_holds_its_find(text: str) -> None:
    for find in find_personal_data(text):
        start, end = sentence_around(text, find)
        assert 0 <= start <= find.start < find.end <= end <= len(text)


@given(
    st.text("æå 😕b,.\n", max_size=8),
    st.sampled_from(["040345-5733", "40 05 12 34", "a.b@example.dk", "https://example.dk/æ?x=1"]),
    st.text("æå 😕b,.\n", max_size=8),
)
def test_positions_are_exact(before: str, personal: str, after: str) -> None:
    text = f"{before} {personal} {after}"
    assert personal in [each for _, each in found(text)]


@given(st.lists(st.sampled_from(PIECES)).map(", ".join))
def test_what_was_replaced_is_not_found_again(text: str) -> None:
    finds = find_personal_data(text)
    names = pseudonyms([(f.kind, text[f.start : f.end]) for f in finds], WORDS)
    new = replaced(text, [(f.start, f.end, names[f.kind, text[f.start : f.end]]) for f in finds])
    left = {each for kind, each in found(new) if kind in ("cpr", "phone", "email", "web", "plate")}
    assert not left & {text[find.start : find.end] for find in finds}
    assert all("[" not in each for _, each in found(new))


@pytest.mark.parametrize(
    "piece",
    [
        *("a", "A", "1", " ", ".", "a.", "A.", "-", "'", "@", "\n", "4 ", "40 ", "Ab ", "METTE "),
        *("Mette Hansen ", "www.", "a@", "http://", "vej 1 ", "Vej ", "Gl. ", "tlf ", "nr. "),
        *("(+45) ", "010101-", "Mettes", "Bo ", "fru ", "ZX 12 ", "! ", "a-", "\u030a"),
    ],
)
def test_time_grows_with_the_length_only(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    began = time.perf_counter()
    finds = find_personal_data(text)
    for find in finds[:2]:
        sentence_around(text, find)
    assert time.perf_counter() - began < 20  # quadratic would be minutes


# --- pseudonyms and replacing ------------------------------------------------------------------


def test_the_same_thing_gets_the_same_number() -> None:
    finds: list[tuple[FindKind, str]] = [
        ("name", "Mette Hansen"),
        ("phone", "40 05 12 34"),
        ("name", "Bo"),
        ("name", "METTE  HANSEN"),
        ("phone", "+45 40051234"),
        ("plate", "zx12345"),
        ("plate", "ZX 12 345"),
    ]
    assert list(pseudonyms(finds, WORDS).values()) == [
        *("[person 1]", "[telefon 1]", "[person 2]", "[person 1]", "[telefon 1]"),
        *("[nummerplade 1]", "[nummerplade 1]"),
    ]


def test_pseudonyms_given_before_stay() -> None:
    known: dict[tuple[FindKind, str], str] = {("name", "Bo"): "[person 7]"}
    more = pseudonyms([("name", "Lise"), ("name", "BO")], {**WORDS, "name": "who"}, known)
    assert more == {
        ("name", "Bo"): "[person 7]",
        ("name", "Lise"): "[who 8]",
        ("name", "BO"): "[person 7]",
    }
    assert known == {("name", "Bo"): "[person 7]"}


def test_replacing_in_any_order() -> None:
    assert replaced("æ Bo 😕 Lis!", [(7, 10, "B"), (2, 4, "")]) == "æ  😕 B!"
    assert replaced("x", []) == "x"


@pytest.mark.parametrize("wrong", [[(0, 3, ""), (2, 4, "")], [(0, 9, "")], [(-1, 0, "")]])
def test_replacements_that_overlap_or_leave_the_text(wrong: list[tuple[int, int, str]]) -> None:
    with pytest.raises(ValueError, match="overlaps another or leaves"):
        replaced("abcde", wrong)


def test_the_sentence_of_a_find() -> None:
    text = "Først dette. Så kom J. Holm forbi!  Mette lo.\nNy linje"
    spans = [sentence_around(text, find) for find in find_personal_data(text)]
    assert [text[start:end] for start, end in spans] == ["Så kom J. Holm forbi!", "Mette lo."]


# --- the test set ------------------------------------------------------------------------------


def test_the_test_set_is_large_and_hard() -> None:
    sentences = benchmark.read_sentences()
    assert len(sentences) >= 320
    assert len({sentence.text for sentence in sentences}) == len(sentences)
    assert 2 * sum(not sentence.marked for sentence in sentences) >= len(sentences)


@pytest.mark.parametrize("half", benchmark.HALVES)
@pytest.mark.parametrize("kind", benchmark.KINDS)
def test_what_the_finder_is_to_reach(kind: FindKind, half: benchmark.Half) -> None:
    measure = benchmark.measure(benchmark.in_half(benchmark.read_sentences(), half))[kind]
    assert measure.recall >= (0.95 if kind in ("cpr", "phone", "email") else 0.85)
    assert measure.precision >= 0.8


def test_the_published_table_is_that_of_the_code() -> None:
    assert benchmark.PAGE.read_text("utf-8") == benchmark.page(benchmark.read_sentences())


@pytest.mark.parametrize(
    ("other", "counts"),
    [((0, 10), True), ((5, 10), True), ((6, 10), False), ((0, 20), True), ((0, 21), False)],
)
def test_a_find_counts_by_half_of_each(other: tuple[int, int], counts: bool) -> None:
    assert benchmark.same(Find("name", 0, 10), Find("name", *other)) is counts
    assert not benchmark.same(Find("name", 0, 10), Find("web", *other))
