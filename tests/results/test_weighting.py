"""Weights: shares restored, effective n by hand, and what can't be weighted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from coder.errors import UserError
from coder.model import Survey
from coder.results.frequencies import frequencies
from coder.results.weighting import given_weights, rake
from coder.study import Study
from coder.survey.questionnaire import parse_questionnaire
from tests.fixtures import refused, survey_of

SURVEY = parse_questionnaire("""
questions:
  - {name: size, kind: background}
  - {name: place, kind: background}
  - {name: q, kind: single, options: [{code: 1, label: a}, {code: 2, label: b}]}
  - {name: weight, kind: number}
  - {name: why, kind: open}
""")


def people(*groups: tuple[str, str, str]) -> Survey:
    """Respondents as (size, place, code); without a code they did not answer."""
    rows = [{"size": s, "place": p, "q": q or None} for s, p, q in groups]
    return survey_of(rows, SURVEY)


def test_one_question_restores_its_shares() -> None:
    # Invited: 2 large, 4 small. Answered: 2 large, 2 small; so large weigh 2/3, small 4/3.
    survey = people(
        ("l", "x", "1"), ("l", "x", "2"), ("s", "x", "2"), ("s", "x", "2"),
        ("s", "x", ""), ("s", "x", ""),
    )  # fmt: skip
    found = rake(survey, ["size"])
    assert found.values.tolist() == pytest.approx([2 / 3, 2 / 3, 4 / 3, 4 / 3])
    assert (found.n, found.least, found.greatest) == (4, pytest.approx(2 / 3), pytest.approx(4 / 3))
    assert found.n_effective == pytest.approx(4**2 / (2 * 4 / 9 + 2 * 16 / 9))
    table = frequencies(survey, weights=found.values).set_index("code")
    assert table["count"].to_dict() == {"1": 1, "2": 3}
    assert table["share"].to_dict() == {"1": pytest.approx(1 / 6), "2": pytest.approx(5 / 6)}
    assert table["n"].tolist() == [4, 4]
    assert table["n_effective"].tolist() == pytest.approx([3.6, 3.6])


GROUP = st.tuples(st.sampled_from("ls"), st.sampled_from("xy"), st.sampled_from(["1", "2", ""]))


@given(st.lists(GROUP, min_size=6, max_size=25))
def test_several_questions_each_get_their_shares(groups: list[tuple[str, str, str]]) -> None:
    assume(any(q for _, _, q in groups))
    survey = people(*groups)
    try:
        found = rake(survey, ["size", "place"])
    except UserError:  # not every survey can be raked: a group is empty, or shares contradict
        assume(False)
    assert found.values.mean() == pytest.approx(1)
    for name in ("size", "place"):
        invited = survey.respondents[name].value_counts(normalize=True)
        weighted = found.values.groupby(survey.respondents[name]).sum() / found.values.sum()
        assert weighted.to_dict() == pytest.approx(invited.to_dict(), abs=1e-6)


def test_crossed_questions_restore_every_combination() -> None:
    survey = people(
        ("l", "x", "1"), ("l", "y", "1"), ("s", "x", "1"), ("s", "y", "1"), ("s", "y", ""),
        ("s", "y", ""),
    )  # fmt: skip
    found = rake(survey, ["size*place"])
    assert found.values.tolist() == pytest.approx([2 / 3, 2 / 3, 2 / 3, 2])


def test_a_group_in_which_nobody_answered_can_not_be_weighted_up() -> None:
    survey = people(("l", "x", "1"), ("s", "x", ""))
    with refused("weights.empty_group", by="size", group="s"):
        rake(survey, ["size"])


def test_shares_that_contradict_each_other_are_told() -> None:
    # Who answered is large exactly when in x; the invited are half large but three quarters in x.
    survey = people(
        ("l", "x", "1"), ("s", "y", "1"), ("l", "x", ""), ("s", "x", ""),
    )  # fmt: skip
    with refused("weights.not_reached"):
        rake(survey, ["size", "place"])


def test_weights_of_the_file_are_scaled_to_one_on_average() -> None:
    rows = [{"q": "1", "weight": "3"}, {"q": "2", "weight": "1"}, {"size": "l"}]
    found = given_weights(survey_of(rows, SURVEY), "weight")
    assert found.values.tolist() == [1.5, 0.5]
    for bad in (None, "-1"):
        rows[1]["weight"] = bad  # type: ignore[assignment]
        with refused("weights.not_numbers", name="weight"):
            given_weights(survey_of(rows, SURVEY), "weight")


def test_only_what_is_known_of_everyone_can_restore_shares(demo: Study) -> None:
    with refused("weights.not_background", name="q01"):
        demo.weights(["q01"])
    with refused("weights.not_background", name="nothing"):
        demo.weights(["stoerrelse*nothing"])


def test_the_demo_weighted_by_size_and_department_looks_like_the_invited(demo: Study) -> None:
    found = demo.weights(["stoerrelse", "afdeling"])
    people = demo.survey.respondents
    weighted = found.values.groupby(people["afdeling"]).sum() / found.values.sum()
    invited = people["afdeling"].value_counts(normalize=True)
    assert weighted.to_dict() == pytest.approx(invited.to_dict())
    assert found.n == 296
    assert 200 < found.n_effective < 296
    assert demo.weights(["stoerrelse"], who="wrote").n == 160


def test_weights_of_one_change_nothing(demo: Study) -> None:
    people = demo.survey.respondents
    ones = rake(demo.survey, ["stoerrelse"]).values * 0 + 1
    assert set(np.unique(ones)) == {1}
    assert len(ones) == people["answered"].sum()
    plain, weighted = frequencies(demo.survey), frequencies(demo.survey, weights=ones)
    assert weighted.equals(plain)
    assert (weighted.loc[weighted["n"] > 0, "n_effective"] > 0).all()
