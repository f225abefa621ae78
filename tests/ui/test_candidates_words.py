"""What a number says in a word, where a slider stops, and the researcher's own words."""

from __future__ import annotations

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from coder.i18n import load_texts
from coder.model import Wordlist
from coder.study import Study
from coder.text.wordlist import parse_wordlist
from coder.ui.in_words import coherence_level, likeness, slider_steps, stability_level
from coder.ui.proposing import words_text

DA = load_texts("da")


@given(st.integers(2, 30), st.integers(0, 10_000))
def test_likeness_is_the_mean_cosine_between_two(count: int, seed: int) -> None:
    points = np.random.default_rng(seed).normal(size=(count, 5)) + 1
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    centre = points.mean(axis=0)
    coherence = float((points @ (centre / np.linalg.norm(centre))).mean())
    pairs = (points @ points.T)[np.triu_indices(count, 1)]
    assert likeness(coherence, count) == pytest.approx(pairs.mean(), abs=1e-9)


def test_a_small_group_is_not_called_alike_for_being_small() -> None:
    """Two at a right angle and four at right angles: as unlike as can be, coherence .71 and .5."""
    assert likeness(0.5**0.5, 2) == pytest.approx(0)
    assert likeness(0.5, 4) == pytest.approx(0)


@pytest.mark.parametrize(
    ("own", "level"),
    [(0.35, "high"), (0.25, "high"), (0.2, "middle"), (0.15, "low"), (0.05, "low")],
)
def test_coherence_is_told_in_thirds(own: float, level: str) -> None:
    assert coherence_level(own, [0.1, 0.2, 0.3]) == level


def test_coherence_with_nothing_to_compare_is_in_the_middle() -> None:
    assert coherence_level(0.3, []) == coherence_level(0.3, [0.3]) == "middle"


@pytest.mark.parametrize(
    ("stability", "level"),
    [(1, "high"), (0.85, "high"), (0.84, "middle"), (0.6, "middle"), (0.59, "low"), (0, "low")],
)
def test_stability_has_the_bounds_of_hennig(stability: float, level: str) -> None:
    assert stability_level(stability) == level


@given(st.data())
def test_the_slider_stops_at_every_number_that_matters(data: st.DataObject) -> None:
    fewest = data.draw(st.integers(1, 50))
    most = data.draw(st.integers(fewest + 1, 300))
    chosen = data.draw(st.integers(fewest, most))
    steps = slider_steps(fewest, most, chosen)
    assert steps == sorted(set(steps))
    assert (steps[0], steps[-1], chosen in steps) == (fewest, most, True)
    assert {each for each in range(fewest, most) if each < 40} <= set(steps)
    assert len(steps) <= 100


# --- words -------------------------------------------------------------------------------------


def test_words_are_read_as_people_write_them() -> None:
    text = words_text(" Corona \n\nno, 2020", "video, skærm,\n\nbus ,tog", "gåtur\n")
    assert parse_wordlist(text) == Wordlist(
        ("corona", "no", "2020"), (("video", "skærm"), ("bus", "tog")), ("gåtur",)
    )


def test_no_words_are_an_empty_list() -> None:
    assert parse_wordlist(words_text("", " \n", ",")) == Wordlist()


@given(st.text())
def test_whatever_is_written_in_a_field_is_words(written: str) -> None:
    """The field is no YAML: nothing that is written in it can break the list."""
    words = yaml.safe_load(words_text(written, "", ""))["stop"]
    assert [each.strip() for each in words] == words
    assert "".join("".join(words).split()) == "".join(written.replace(",", "").split())


@pytest.fixture
def study(shown: Study) -> Study:
    return shown


def open_page() -> AppTest:
    page = "from coder.ui import candidates\ncandidates.show()"
    return AppTest.from_string(page, default_timeout=60).run()


@pytest.mark.parametrize(
    ("field", "words", "place", "key", "named"),
    [
        ("together", "video, skærm\nbus", "linje 2", "words.alone", ""),
        ("seeds", "gåtur\nGåtur", "", "words.twice", "gåtur"),
    ],
)
def test_a_mistake_is_told_with_its_field(
    study: Study, field: str, words: str, place: str, key: str, named: str
) -> None:
    app = open_page()
    app.text_area(key=f"words.{field}").set_value(words)
    app.button(key="propose").click().run()
    where = DA(f"candidates.words.{field}") + (f", {place}" if place else "")
    assert app.error[0].value == DA(key, place=where, word=named)
    assert study.wordlist() == Wordlist()


def test_words_are_kept_and_found_in_the_fields_again(study: Study) -> None:
    study.propose(encoder="fake", words="{stop: [corona], together: [[video, skærm]]}")
    app = open_page()
    assert app.text_area(key="words.stop").value == "corona"
    assert app.text_area(key="words.together").value == "video, skærm"
    assert app.text_area(key="words.seeds").value == ""
