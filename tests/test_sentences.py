"""Results in words: every key there is, and the lines in both languages."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import get_args

import pandas as pd
import pytest

from coder import sentences
from coder.i18n import LANGUAGES, Language, load_texts
from coder.model import Base
from coder.results.basis import Basis, Filter
from coder.results.effects import Effect, EffectName
from coder.results.groups import Groups
from coder.results.tests_of import About, Adjusted, Difference, Method, TestName, Why
from coder.results.weighting import Weights

FOUND = Difference(
    about="distribution",
    test="chi_square",
    why="large",
    statistic=1.2064,
    df=(1.0,),
    p=0.272,
    effect=Effect("cramers_v", 0.02, 0.0, 0.129),
    sizes=(277, 279),
)
DA, EN = load_texts("da"), load_texts("en")


def test_a_result_is_one_line_in_the_language_of_the_texts() -> None:
    assert sentences.result(DA, FOUND) == (
        "Chi-i-anden-test: 1,21 (df 1), p = 0,272;"
        " Cramérs V (renset for skævhed) 0,02 [0,00; 0,13]; n = 556"
    )
    adjusted = replace(FOUND, p=0.0004, adjusted=Adjusted("holm", 3, 0.0012))
    assert sentences.result(EN, adjusted) == (
        "Chi-square test: 1.21 (df 1), p < 0.001 (corrected p = 0.001);"
        " Cramér's V (bias-corrected) 0.02 [0.00; 0.13]; n = 556"
    )


def test_what_is_not_known_is_left_out_of_the_line() -> None:
    bare = replace(FOUND, test="fisher", statistic=None, effect=Effect("cramers_v", 1, None, None))
    assert sentences.result(EN, bare) == (
        "Fisher's exact test: p = 0.272; Cramér's V (bias-corrected) 1.00; n = 556"
    )


def test_a_small_group_is_warned_of() -> None:
    small = replace(FOUND, sizes=(287, 9))
    told = sentences.conclusion(EN, small)
    assert told.startswith(sentences.conclusion(EN, FOUND))
    assert "only 9 answers" in told


def test_a_correction_tells_for_how_many_tests() -> None:
    assert sentences.correction(DA, FOUND) == ""
    for method in get_args(Method):
        found = replace(FOUND, adjusted=Adjusted(method, 200, 0.5))
        assert "200 test " in sentences.correction(DA, found)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everything_that_may_come_out_has_its_words(lang: Language) -> None:
    texts = load_texts(lang)
    for name, why in product(get_args(TestName), get_args(Why)):
        found = replace(FOUND, test=name, why=why)
        assert sentences.result(texts, found)
        assert sentences.why(texts, found)
    for effect in get_args(EffectName):
        assert sentences.effect(texts, Effect(effect, 0.5, 0.1, 0.9))
    for about, p, sizes in product(get_args(About), (0.01, 0.5), ((30, 30), (30, 30, 30))):
        assert sentences.conclusion(texts, replace(FOUND, about=about, p=p, sizes=sizes))
    for base in get_args(Base):
        assert texts(f"frequencies.base.{base}")


def test_no_words_for_what_can_not_come_out() -> None:
    """The texts have a test, an effect and a reason for each name, and no more."""
    for prefix, names in (
        ("compare.test.", get_args(TestName)), ("compare.why.", get_args(Why)),
        ("compare.effect.", get_args(EffectName)), ("frequencies.base.", get_args(Base)),
    ):  # fmt: skip
        there = {key.removeprefix(prefix) for key in DA.sentences if key.startswith(prefix)}
        assert there == set(names)


def test_of_whom_shares_are_stands_in_sentences() -> None:
    filters = (Filter("How much?", ("A lot",)), Filter("Who?", ("Me", "You", "All")))
    found = Basis("q", "answered", ("not_relevant",), filters, 100, 50, 40, 10, 4, 2)
    assert sentences.asked_of(EN, found) == [
        "Put to those who answered “A lot” to “How much?”.",
        "Put to those who answered “Me”, “You” or “All” to “Who?”.",
    ]
    assert sentences.left_over(DA, found) == [
        "Ved ikke: 4 (10 % af svarene), regnet med i procenterne.",
        "Ikke relevant: 2 (5 % af svarene), holdt uden for procenterne.",
    ]
    assert sentences.left_over(DA, replace(found, dont_know=0, not_relevant=0)) == []


def test_groups_without_a_name_are_called_by_what_they_have_or_lack() -> None:
    groups = Groups("x", "Walks", {"with": "", "without": ""}, pd.Series(dtype="str"))
    assert sentences.group_name(EN, groups, "with") == "Walks: yes"
    assert sentences.group_name(DA, groups, "without") == "Walks: nej"
    named = Groups("size", "Size", {"1": "Large"}, pd.Series(dtype="str"))
    assert sentences.group_name(EN, named, "1") == "Large"


def test_weights_tell_what_they_cost() -> None:
    weights = Weights(("size",), pd.Series([0.5, 0.5, 2.0]))
    # 3^2 / (.25 + .25 + 4) = 2
    assert sentences.weighted(EN, weights).startswith(
        "Weighted by size. The weights go from 0.50 to 2.00; with them 3 answers tell as much as 2"
    )
