"""Results in words: every key there is, and the lines in both languages."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import get_args

import pandas as pd
import pytest

from coder import sentences
from coder.coding.agreement import Caution, Reason
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


# --- agreement ---------------------------------------------------------------------------------


def row_of(**changes: object) -> dict[str, object]:
    row: dict[str, object] = {
        "coefficient": "krippendorff_alpha", "value": 0.7434, "low": 0.42, "high": 0.9461,
        "method": "bca", "draws": 1994, "reason": None, "cautions": (),
    }  # fmt: skip
    return row | changes


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_coefficient_reason_and_caution_has_its_sentence(language: Language) -> None:
    texts = load_texts(language)
    names = [key.rpartition(".")[2] for key in texts.sentences if ".means." in key]
    assert set(names) >= {"percent_agreement", "gwet_ac2", "mv_alpha", "masi_alpha"}
    for name in names:
        assert len(sentences.agreement(texts, row_of(coefficient=name))) > 60
    for reason in get_args(Reason):
        row = row_of(value=float("nan"), low=None, reason=reason)
        assert texts(f"agreement.reason.{reason}") in sentences.agreement(texts, row)
    lines = sentences.doubts(texts, [row_of(cautions=get_args(Caution))])
    assert len(set(lines)) == len(get_args(Caution))


def test_a_coefficient_says_what_it_means_and_how_sure_it_is() -> None:
    assert sentences.agreement(EN, row_of()) == (
        "Krippendorff's alpha: 74% of the disagreement that chance would give was avoided, among"
        " units that two or more have coded. With other respondents it might as well be"
        " 0.420 – 0.946 (95%, bootstrap, BCa, 1,994 draws). Krippendorff (2004) asks for 0.800, and"
        " 0.667 for tentative conclusions; neither is reached, with uncertainty allowed for."
    )
    less = sentences.agreement(DA, row_of(coefficient="cohen_kappa", value=-0.1, low=None))
    assert less == "Cohens kappa: Koderne er mindre enige, end tilfældet ville gøre dem (-0,100)."
    undefined = row_of(value=None, low=None, reason="one_coder")
    assert sentences.agreement(EN, undefined).startswith("Krippendorff's alpha: There is only one")


def test_what_all_are_doubted_for_is_said_once() -> None:
    rows = [
        row_of(cautions=("few_units",)),
        row_of(coefficient="cohen_kappa", cautions=("few_units", "constant_coder")),
        row_of(coefficient="scott_pi", value=None, reason="not_two_coders"),
    ]
    lines = sentences.doubts(EN, rows)
    assert lines == [
        "Fewer than 20 units have been coded by two: too few to say.",
        "Cohen's kappa: A coder has used one category only. Kappa is then about 0, whatever the"
        " others do.",
    ]


def test_a_code_used_three_times_by_either_is_too_little_to_say() -> None:
    rows = [row_of(cautions=("few_uses", "prevalence"))]
    lines = sentences.doubts_of_code(EN, "joy", rows, {"Ida": 3, "Ole": 3})
    assert lines[0] == "joy: Used by Ida 3, Ole 3: too few times to say."
    unused = [row_of(value=None, reason="never_used")]
    (line,) = sentences.doubts_of_code(EN, "joy", unused, {"Ida": 0, "Ole": 0})
    assert line.startswith("joy: Nobody has used the code")
