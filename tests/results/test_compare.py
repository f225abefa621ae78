"""Groups compared: what goes into each test, and a battery of them."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from coder.model import Code, Coding, Merged
from coder.results.compare import Comparison, battery, comparable, compare
from coder.results.groups import groups_by, groups_by_code
from coder.results.merged import with_merges
from coder.results.tests_of import Difference
from coder.survey.questionnaire import parse_questionnaire
from tests.fixtures import survey_of

SURVEY = parse_questionnaire("""
questions:
  - {name: group, kind: background}
  - name: rank
    kind: single
    scale: ascending
    options: [{code: 1, label: a}, {code: 2, label: b}, {code: 3, label: c},
              {code: 0, label: Don't know, role: dont_know}]
  - {name: plain, kind: single, options: [{code: 1, label: a}, {code: 2, label: b}]}
  - {name: many, kind: multiple, options: [{code: 1, label: a}, {code: 2, label: b}]}
  - {name: age, kind: number}
  - {name: why, kind: open}
""")


def rows_of(groups: dict[str, str], item: str) -> list[dict[str, str | None]]:
    """One respondent per code; "." has skipped the item (but answered something else)."""
    return [
        {"group": group, item: None if code == "." else code, "why": "so"}
        for group, codes in groups.items()
        for code in codes
    ]


def compared(groups: dict[str, str], item: str) -> Comparison:
    survey = survey_of(rows_of(groups, item), SURVEY)
    return compare(survey, item, groups_by(survey, "group"))


def sure(found: Difference | None) -> Difference:
    assert found is not None
    return found


CODES = st.text("1230.", min_size=1, max_size=12)


@given(CODES, CODES)
def test_both_tests_agree_with_another_way_of_doing_them(first: str, second: str) -> None:
    ranked = [[int(code) for code in codes if code in "123"] for codes in (first, second)]
    assume(all(ranked) and len({*ranked[0], *ranked[1]}) > 1)
    found = compared({"a": first, "b": second}, "rank")
    # With two groups Kruskal-Wallis is the rank-sum test, ties and all.
    order, spread = sure(found.order), sure(found.distribution)
    plain = order.p if order.plain_p is None else order.plain_p
    assert plain == pytest.approx(stats.kruskal(*ranked).pvalue)
    observed = pd.DataFrame(
        {name: [codes.count(c) for c in "1230"] for name, codes in (("a", first), ("b", second))}
    )
    observed = observed[observed.sum(axis="columns") > 0]
    chi2 = stats.chi2_contingency(observed, correction=False)
    assert spread.statistic in (None, pytest.approx(chi2.statistic, abs=1e-9))
    plain = spread.p if spread.plain_p is None else spread.plain_p
    assert plain == pytest.approx(chi2.pvalue)


def test_options_that_nobody_chose_are_dropped_before_the_test() -> None:
    found = compared({"a": "1" * 12, "b": "3" * 12}, "rank")
    assert found.counts.to_dict() == {"a": {"1": 12, "3": 0}, "b": {"1": 0, "3": 12}}
    assert sure(found.distribution).df == (1,)
    assert sure(found.distribution).statistic == pytest.approx(24)  # perfect separation: n


def test_a_question_without_scale_has_no_test_of_order() -> None:
    assert compared({"a": "12", "b": "11"}, "plain").order is None
    assert compared({"a": "12", "b": "11"}, "rank").order is not None


def test_one_group_alone_is_no_comparison() -> None:
    found = compared({"a": "12", "b": ".."}, "rank")
    assert found.tests == ()
    assert found.counts.columns.tolist() == ["a"]


def test_dont_knows_are_in_the_distribution_and_not_in_the_order() -> None:
    found = compared({"a": "1230", "b": "2300"}, "rank")
    assert sure(found.distribution).sizes == (4, 4)
    assert sure(found.order).sizes == (3, 2)


def test_a_dont_know_outside_the_base_is_in_neither() -> None:
    form = parse_questionnaire("""
questions:
  - {name: group, kind: background}
  - {name: q, kind: single, outside: [dont_know], options: [{code: 1, label: a},
     {code: 2, label: b}, {code: 0, label: "?", role: dont_know}]}
""")
    rows = [{"group": g, "q": q} for g in "ab" for q in "120"]
    survey = survey_of(rows, form)
    found = compare(survey, "q", groups_by(survey, "group"))
    assert found.counts.index.tolist() == ["1", "2"]
    assert sure(found.distribution).sizes == (2, 2)


def test_the_order_of_the_options_counts_and_the_higher_group_has_the_plus() -> None:
    form = """
questions:
  - {name: group, kind: background}
  - {name: rank, kind: single, scale: SCALE,
     options: [{code: 2, label: x}, {code: 10, label: y}, {code: 1, label: z}]}
"""
    codes = {"a": ["2", "2", "10", "2"], "b": ["1", "10", "1", "1", "2"]}
    rows = [{"group": group, "rank": code} for group in codes for code in codes[group]]
    # Steps 0 0 1 0 against 2 1 2 2 0: of 20 pairs 1 is higher in a, 15 in b.
    for scale, delta in (("ascending", -14 / 20), ("descending", 14 / 20)):
        survey = survey_of(rows, parse_questionnaire(form.replace("SCALE", scale)))
        found = compare(survey, "rank", groups_by(survey, "group"))
        assert sure(found.order).effect.value == pytest.approx(delta)


def test_merged_options_are_compared_as_one() -> None:
    survey = survey_of(rows_of({"a": "112230", "b": "122333"}, "rank"), SURVEY)
    merging = with_merges(survey, {"rank": (Merged("low", ("1", "2")),)})
    found = compare(merging, "rank", groups_by(merging, "group"), merged=True)
    assert found.counts.to_dict("index") == {
        "1+2": {"a": 4, "b": 3}, "3": {"a": 1, "b": 3}, "0": {"a": 1, "b": 0}
    }  # fmt: skip
    assert sure(found.order).sizes == (5, 6)


def test_a_tick_is_compared_among_those_who_answered_the_question() -> None:
    rows = [
        {"group": "a", "many_1": "1"},
        {"group": "a", "many_2": "1"},
        {"group": "b", "many_2": "1"},
        {"group": "b", "why": "only wrote"},
    ]
    survey = survey_of(rows, SURVEY)
    found = compare(survey, "many_1", groups_by(survey, "group"))
    assert found.label == "a"
    assert found.counts.to_dict("index") == {"1": {"a": 1, "b": 0}, "0": {"a": 1, "b": 1}}


def test_numbers_are_compared_by_their_means() -> None:
    rows = [{"group": g, "age": str(n)} for g, ages in {"a": (1, 2, 3), "b": (4, 8)}.items()
            for n in ages]  # fmt: skip
    survey = survey_of(rows, SURVEY)
    found = compare(survey, "age", groups_by(survey, "group"))
    assert found.numbers.to_dict("index") == {
        "a": {"n": 3, "mean": 2, "sd": 1}, "b": {"n": 2, "mean": 6, "sd": pytest.approx(8**0.5)}
    }  # fmt: skip
    test = sure(found.mean)
    assert (test.test, test.effect.value) == ("welch", -4)
    assert test.statistic == pytest.approx(-4 / (1 / 3 + 8 / 2) ** 0.5)
    assert found.counts.empty


def test_groups_by_a_code_are_the_coded_cases_with_and_without_it() -> None:
    rows = [{"plain": code, "why": "so"} for code in "1122"]
    survey = survey_of(rows, SURVEY)
    codings = [
        Coding("R001", "x", "anna"),
        Coding("R001", "y", "bo"),
        Coding("R002", "y", "anna"),
        Coding("R003", "x", "bo"),
    ]  # R004 is not coded
    groups = groups_by_code(survey, Code("x", "Walks"), codings)
    assert groups.of.to_dict() == {"R001": "with", "R002": "without", "R003": "with"}
    found = compare(survey, "plain", groups)
    assert found.counts.to_dict("index") == {
        "1": {"with": 1, "without": 1}, "2": {"with": 1, "without": 0}
    }  # fmt: skip


def test_a_battery_corrects_for_every_test_of_every_item() -> None:
    rows = [
        {"group": g, "rank": r, "plain": p, "age": a}
        for g, rs in {"a": "1112", "b": "2333"}.items()
        for r, p, a in zip(rs, "1212", "1324", strict=True)
    ]
    survey = survey_of(rows, SURVEY)
    items = comparable(survey, ["rank", "plain", "age"])
    assert items == ("rank", "plain", "age")
    found = battery(survey, items, groups_by(survey, "group"), "holm")
    tests = [test for each in found.comparisons for test in each.tests]
    assert (found.tests, len(tests)) == (4, 4)  # two of rank, one of each other
    adjusted = [test.adjusted.p for test in tests if test.adjusted]
    smallest = min(test.p for test in tests)
    assert min(adjusted) == pytest.approx(min(1, 4 * smallest))
    assert found.differing == ()


def test_everything_closed_can_be_compared_and_a_multiple_question_tick_by_tick() -> None:
    survey = survey_of([{"group": "a", "plain": "1"}], SURVEY)
    assert comparable(survey) == ("rank", "plain", "many_1", "many_2", "age")
    assert comparable(survey, ["many"]) == ("many_1", "many_2")
