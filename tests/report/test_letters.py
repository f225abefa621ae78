"""Letters: how wide they are, and how lines end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coder.report.letters import balanced, has_room, printable, shortened, width_of, wrapped
from tests.report.drawn import measured

DANISH = "Digitale opfølgningssamtaler i jobcentre – »ærligt talt«, 25 % bedre"
# What may come up in answers and labels; emoji and combining marks among it.
TEXT = st.text(st.sampled_from("abcdefgiorstuæøåÆ –-/.,:&<>»«\u0301🎉\n\t\x00"), max_size=80)
WIDTHS = st.floats(20, 300)


@pytest.mark.parametrize("weight", ["normal", "bold"])
def test_the_widths_are_those_of_the_font(weight: str) -> None:
    ours = width_of(DANISH, 13, weight == "bold")
    # Kerning, which the table leaves out, only makes lines shorter.
    assert measured(DANISH, 13, weight) <= ours <= measured(DANISH, 13, weight) * 1.02


@given(TEXT, WIDTHS, st.one_of(st.none(), st.integers(0, 4)))
def test_no_line_is_wider_than_it_may_be(text: str, width: float, most: int | None) -> None:
    for lines in (wrapped(text, width, 13, most=most), balanced(text, width, 13, most=most)):
        assert all(width_of(line, 13) <= width + 1e-6 for line in lines)
        assert most is None or len(lines) <= most
        assert all(line == line.strip() and line for line in lines)


@given(TEXT, WIDTHS)
def test_nothing_is_lost_in_wrapping(text: str, width: float) -> None:
    def letters(words: str) -> str:
        return words.replace(" ", "").replace("-", "")

    lines = wrapped(text, width, 13)
    assert letters("".join(lines)) == letters(printable(text))
    assert letters("".join(balanced(text, width, 13))) == letters(printable(text))


def test_a_text_that_has_room_stays_as_it_is() -> None:
    assert wrapped("Online bostøtte", 200, 13) == ["Online bostøtte"]
    assert shortened("Online bostøtte", 200, 13) == "Online bostøtte"


def test_lines_end_between_words() -> None:
    assert wrapped("Online kontakt til pårørende", 110, 13) == ["Online kontakt", "til pårørende"]


@pytest.mark.parametrize(
    ("word", "width", "parts"),
    [
        ("genoptræning", 62, ["genop-", "træning"]),
        ("målgruppe", 60, ["mål-", "gruppe"]),
        ("familiebehandling", 80, ["familiebe-", "handling"]),
        ("sundhedssekretariat", 80, ["sundheds-", "sekretariat"]),
        ("fagområder/sektorområder", 90, ["fagområder/", "sektorområ-", "der"]),
    ],
)
def test_a_long_word_is_parted_where_it_can_be_read(
    word: str, width: float, parts: list[str]
) -> None:
    assert wrapped(word, width, 13) == parts
    assert not has_room(word, width, 13)


def test_what_is_cut_off_ends_in_dots_at_a_word() -> None:
    assert wrapped("Det var svært, og vi gav op", 80, 13, most=2) == ["Det var", "svært, og…"]
    assert shortened("Det var svært", 75, 13) == "Det var…"


def test_lines_are_about_as_long_as_each_other() -> None:
    text = "Kompenserende kontakt (fx gåture)"
    assert wrapped(text, 190, 12) == ["Kompenserende kontakt (fx", "gåture)"]
    assert balanced(text, 190, 12) == ["Kompenserende", "kontakt (fx gåture)"]


def test_where_no_letter_has_room_nothing_is_written() -> None:
    assert wrapped("Mmm", 5, 13) == []
    assert wrapped("Mmm", -5, 13, most=1) == []
    assert wrapped("", 100, 13) == []
    assert wrapped("abc", 100, 13, most=0) == []


def test_signs_that_break_a_picture_are_left_out() -> None:
    assert printable("a\x00b\x1b c\ud800\nd\u00ade\u202e") == "ab c de"


def test_an_endless_word_takes_no_time() -> None:
    assert len(wrapped("x" * 1_000_000, 100, 13, most=3)) == 3
