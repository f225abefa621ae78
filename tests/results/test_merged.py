"""Options shown as one: on the demo, and as a property."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coder.model import Merged
from coder.results.frequencies import frequencies
from coder.results.merged import merge, with_merges
from coder.study import Study
from coder.survey.questionnaire import parse_questionnaire
from tests.fixtures import refused, survey_of

SURVEY = parse_questionnaire("""
questions:
  - name: rank
    kind: single
    options: [{code: 1, label: a}, {code: 2, label: b}, {code: 3, label: c}, {code: 4, label: d}]
    merged: [{label: b or c, codes: [2, 3]}]
  - name: ticks
    kind: multiple
    options: [{code: 1, label: a}, {code: 2, label: b}, {code: 3, label: c}]
""")


def test_a_merged_option_stands_where_its_first_stood() -> None:
    found = merge(SURVEY.question("rank"))
    assert [(each.code, each.label) for each in found.options] == [
        ("1", "a"), ("2+3", "b or c"), ("4", "d")
    ]  # fmt: skip
    assert found.merged == ()


@given(st.lists(st.sampled_from(["1", "2", "3", "4", None]), min_size=1, max_size=30))
def test_merging_options_equals_adding_counts(codes: list[str | None]) -> None:
    survey = survey_of([{"rank": code} for code in codes], SURVEY)
    plain = frequencies(survey).set_index("code")["count"].iloc[:4]
    merged = frequencies(survey, merged=True)
    merged = merged[merged["item"] == "rank"].set_index("code")
    assert merged.loc["2+3", "count"] == plain["2"] + plain["3"]
    assert merged["count"].sum() == plain.sum() == merged["n"].iloc[0]


def test_a_merge_of_ticks_counts_who_ticked_any() -> None:
    rows = [
        {"ticks_1": "1", "ticks_2": "1"},
        {"ticks_2": "1"},
        {"ticks_3": "1"},
        {"ticks_1": "1", "ticks_3": "1"},
    ]
    survey = with_merges(survey_of(rows, SURVEY), {"ticks": (Merged("a or b", ("1", "2")),)})
    table = frequencies(survey, merged=True).set_index("code")
    assert table.loc["1+2", ["count", "n"]].tolist() == [3, 4]


def test_the_published_figures_of_merged_options(demo: Study) -> None:
    table = demo.frequencies(merged=True)
    q01 = table[table["item"] == "q01"].set_index("option")["count"].to_dict()
    assert q01 == {
        "I høj eller meget høj grad": 159, "I hverken høj eller lav grad": 92,
        "I lav eller meget lav grad": 36, "Slet ikke": 5, "Ved ikke": 3,
    }  # fmt: skip
    own = demo.frequencies(merged=demo.merge("q01", ["4", "5", "6"]))
    low = own[(own["item"] == "q01") & (own["code"] == "4+5+6")].iloc[0]
    assert (low["count"], low["n"]) == (41, 295)
    assert low["option"] == "I lav grad / I meget lav grad / Slet ikke"


def test_a_merge_of_the_two_other_departments_is_who_was_asked_from_which(demo: Study) -> None:
    own = demo.frequencies(merged=demo.merge("q09", ["4", "5"]))
    # 74 and 44 ticked one of them, 40 both: 78 were asked q10.
    assert own[own["code"] == "4+5"]["count"].tolist() == [78]


@pytest.mark.parametrize(
    ("question", "codes", "key"),
    [("q01", ["1", "3"], "questionnaire.merged_apart"), ("q99", ["1"], "compare.no_item"),
     ("q01", ["5", "0"], "questionnaire.merged_roles"), ("q01", ["1"], "questionnaire.merged_few"),
     ("q01", ["1", "9"], "questionnaire.no_code")],
)  # fmt: skip
def test_what_can_not_be_merged_is_refused(
    demo: Study, question: str, codes: list[str], key: str
) -> None:
    with refused(key):
        demo.merge(question, codes)
