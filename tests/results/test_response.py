"""Who answered, who wrote, and a side sample: counted by hand, and the published test."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from scipy import stats

from coder.model import Survey
from coder.results.response import compare_side_sample, compare_writers, response
from coder.study import Study
from coder.survey.questionnaire import parse_questionnaire
from tests.fixtures import refused, survey_of

SURVEY = parse_questionnaire("""
cases: {questions: [why, worth]}
questions:
  - {name: group, kind: background, options: [{code: 1, label: One}, {code: 2, label: Two},
     {code: 3, label: Three}]}
  - {name: plain, kind: single, options: [{code: 1, label: a}, {code: 2, label: b}]}
  - {name: worth, kind: single, scale: ascending, options: [{code: 1, label: a},
     {code: 2, label: b}]}
  - {name: why, kind: open}
""")


def test_the_published_response_test_is_without_continuity_correction(demo: Study) -> None:
    found = demo.response("stoerrelse")
    assert found.groups[["invited", "answered", "share"]].to_dict("list") == {
        "invited": [277, 279], "answered": [141, 155],
        "share": [pytest.approx(0.509, abs=5e-4), pytest.approx(0.556, abs=5e-4)],
    }  # fmt: skip
    # n (ad - bc)^2 / (row and column sums), for 141 136 / 155 124
    by_hand = 556 * (141 * 124 - 136 * 155) ** 2 / (277 * 279 * 296 * 260)
    test = found.difference
    assert test is not None
    assert (test.test, test.statistic, test.df) == ("chi_square", pytest.approx(by_hand), (1,))
    assert test.p == pytest.approx(stats.chi2.sf(by_hand, 1))
    assert test.sizes == (277, 279)


def test_the_response_of_several_groups_in_the_order_of_the_options() -> None:
    rows = [{"group": code, "plain": "1"} for code in "3112"]
    rows[1] = {"group": "1"}
    found = response(survey_of(rows, SURVEY), "group")
    assert found.groups["group"].tolist() == ["One", "Two", "Three"]
    assert found.groups["share"].tolist() == [0.5, 1, 1]


def test_everyone_answered_gives_nothing_to_test() -> None:
    found = response(survey_of([{"group": c, "plain": "1"} for c in "122"], SURVEY), "group")
    assert found.difference is None
    assert found.groups["share"].tolist() == [1, 1]


def people() -> Survey:
    """Five who answered: two in group 1 wrote, three did not; one who did not answer at all."""
    return survey_of(
        [
            {"group": "1", "plain": "1", "why": "so"},
            {"group": "1", "plain": "2", "why": "so"},
            {"group": "2", "plain": "1"},
            {"group": "2", "worth": "1"},
            {"group": "2", "plain": "1", "worth": "2"},
            {"group": "1"},
        ],
        SURVEY,
    )


def test_who_wrote_is_compared_with_who_took_part_and_wrote_nothing() -> None:
    found = compare_writers(people())
    assert [each.item for each in found.comparisons] == ["group", "plain"]
    group, plain = found.comparisons
    assert group.counts.to_dict("index") == {
        "1": {"with": 2, "without": 0}, "2": {"with": 0, "without": 3}
    }  # fmt: skip
    assert plain.counts.to_dict("index") == {
        "1": {"with": 1, "without": 2}, "2": {"with": 1, "without": 0}
    }  # fmt: skip
    assert (found.method, found.tests) == ("holm", 2)
    (test,) = group.tests
    assert test.p == pytest.approx(1 / math.comb(5, 2))  # Fisher: one way in ten
    assert test.adjusted
    assert test.adjusted.p == pytest.approx(2 / 10)


def test_in_the_demo_160_wrote_and_136_did_not(demo: Study) -> None:
    found = demo.writers()
    sizes = {each.item: each.counts.sum().to_dict() for each in found.comparisons}
    assert sizes["stoerrelse"] == {"with": 160, "without": 136}
    assert {test.adjusted.method for it in found.comparisons for test in it.tests
            if test.adjusted} == {"holm"}  # fmt: skip


def test_a_side_sample_is_set_beside_those_who_answered() -> None:
    form = parse_questionnaire("""
questions:
  - {name: plain, kind: single, options: [{code: 1, label: a}, {code: 2, label: b}]}
""")
    others = survey_of([{"plain": "2"}, {"plain": "2"}, {"plain": "1"}], form)
    found = compare_side_sample(people(), others, ["plain"])
    (plain,) = found.comparisons
    assert plain.counts.to_dict("index") == {
        "1": {"with": 3, "without": 1}, "2": {"with": 1, "without": 2}
    }  # fmt: skip
    (test,) = plain.tests
    assert (test.test, test.little) == ("fisher", True)


def test_a_side_sample_comes_from_a_file_with_only_the_chosen_items(
    demo: Study, tmp_path: Path
) -> None:
    file = tmp_path / "phone.csv"
    labels = ["I høj grad", "I høj grad", "Slet ikke", "I lav grad", "I høj grad"]
    rows = [f"{label};{1 + no % 2}" for no, label in enumerate(labels)]
    file.write_text("\n".join(["q01;q20_drift", *rows]), "utf-8")
    found = demo.side_sample(file, ["q01", "q20_drift"])
    q01, lasting = found.comparisons
    assert q01.counts["without"].sum() == 5
    assert q01.counts.loc["2"].to_dict() == {"with": 146, "without": 3}
    assert lasting.counts["without"].to_dict()["1"] == 3
    assert lasting.counts["with"].sum() == 202
    with refused("compare.no_item", name="q99"):
        demo.side_sample(file, ["q99"])
