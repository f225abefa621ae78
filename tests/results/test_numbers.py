"""Number questions, and what shares are of: by hand, and R's quartiles."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coder.results.basis import Filter, basis
from coder.results.groups import groups_by
from coder.results.numbers import numbers
from coder.study import Study
from coder.survey.questionnaire import parse_questionnaire
from tests.fixtures import survey_of

SURVEY = parse_questionnaire("""
questions:
  - {name: group, kind: background}
  - {name: age, kind: number}
  - name: q
    kind: single
    outside: [not_relevant]
    options: [{code: 1, label: a}, {code: 8, label: No, role: not_relevant},
              {code: 9, label: "?", role: dont_know}]
""")


def test_quartiles_are_those_of_r() -> None:
    """quantile(c(1, 2, 4, 8, 9), c(.25, .5, .75), type = 2) and sd() in R: 2, 4, 8; 3.5637."""
    survey = survey_of([{"age": str(n)} for n in (9, 1, 4, 8, 2)], SURVEY)
    (row,) = numbers(survey).to_dict("records")
    assert row == {
        "question": "age", "item": "age", "n": 5, "mean": pytest.approx(4.8),
        "sd": pytest.approx(3.563705936), "median": 4, "lower": 2, "upper": 8, "min": 1, "max": 9,
    }  # fmt: skip


def test_groups_have_numbers_of_their_own_and_one_answer_has_no_spread() -> None:
    rows = [{"group": "a", "age": "1"}, {"group": "a", "age": "3"}, {"group": "b", "age": "7"}]
    rows += [{"group": "c", "q": "1"}]
    survey = survey_of(rows, SURVEY)
    found = numbers(survey, groups=groups_by(survey, "group")).set_index("group")
    assert found["n"].to_dict() == {"a": 2, "b": 1, "c": 0}
    assert found.loc["a", ["mean", "median"]].tolist() == [2, 2]
    assert pd.isna(found.loc["b", "sd"])
    assert found.loc["c", ["mean", "sd", "max"]].isna().all()


def test_a_weight_of_two_is_like_two_answers_but_for_n() -> None:
    survey = survey_of([{"age": "1"}, {"age": "4"}], SURVEY)
    weights = pd.Series([2.0, 1.0], index=["R001", "R002"])
    (row,) = numbers(survey, weights=weights).to_dict("records")
    assert (row["n"], row["mean"], row["median"]) == (2, pytest.approx(2), 1)


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=12), st.floats(0.1, 10))
def test_equal_weights_change_nothing(ages: list[int], weight: float) -> None:
    survey = survey_of([{"age": str(age)} for age in ages], SURVEY)
    weights = pd.Series(weight, index=survey.respondents.index)
    plain, weighted = (numbers(survey, weights=w).iloc[0, 2:] for w in (None, weights))
    assert weighted.tolist() == pytest.approx(plain.tolist(), nan_ok=True)


# --- of whom -----------------------------------------------------------------------------------


def test_the_basis_tells_who_is_in_and_who_is_left_out() -> None:
    survey = survey_of([{"q": code} for code in "11189"] + [{"age": "7"}], SURVEY)
    found = basis(survey, "q")
    assert (found.taking_part, found.asked, found.answered, found.skipped) == (6, 6, 5, 1)
    assert (found.dont_know, found.not_relevant) == (1, 1)
    assert (found.outside, found.share("not_relevant")) == (("not_relevant",), 1 / 5)
    assert basis(survey_of([{"age": "7"}], SURVEY), "q").share("dont_know") is None


def test_the_basis_of_the_demo_has_its_filters_in_words(demo: Study) -> None:
    found = demo.basis("q14")
    assert (found.answered, found.skipped) == (234, found.asked - found.answered)
    q02 = demo.basis("q02")
    assert (q02.base, q02.asked, q02.answered, q02.skipped) == ("asked", 5, 4, 1)
    question = demo.questionnaire.question("q01").label
    assert q02.filters == (Filter(question, ("Slet ikke",)),)
    assert demo.basis("q24_kendte_omkostninger").share("dont_know") == pytest.approx(28 / 194)
