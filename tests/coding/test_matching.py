"""Two codebooks of the same answers, matched by overlap."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coder.coding.agreement import agreement
from coder.coding.matching import match_codebooks

FIRST = {"1": ["time"], "2": ["time"], "3": ["money"], "4": ["money", "time"], "5": ["staff"]}
SECOND = {
    "1": ["hours"],
    "2": ["hours"],
    "3": ["economy"],
    "4": ["economy"],
    "5": ["joy"],
    "6": ["x"],
}


def test_codes_are_matched_by_their_answers() -> None:
    found = match_codebooks(FIRST, SECOND)
    pairs = found.pairs.set_index("first")
    assert pairs["second"].to_dict() == {"money": "economy", "staff": "joy", "time": "hours"}
    assert pairs["overlap"].to_dict() == pytest.approx({"money": 1, "staff": 1, "time": 2 / 3})
    assert (pairs.at["time", "both"], pairs.at["time", "only_first"]) == (2, 1)
    assert found.pairs["overlap"].is_monotonic_decreasing
    assert len(found.ratings.units) == 5  # the sixth stands in one only


def test_codes_without_a_partner_are_told_with_their_nearest() -> None:
    second = {**SECOND, "2": ["hurry"], "5": []}
    found = match_codebooks(FIRST, second)
    assert found.left_first.to_dict("records")[0]["code"] == "staff"
    assert found.left_first["nearest"].isna().all()
    (left,) = found.left_second.to_dict("records")
    assert left["nearest"] == "time"
    assert left["overlap"] == pytest.approx(1 / 3)


def test_agreement_after_matching() -> None:
    found = agreement(match_codebooks(FIRST, SECOND, ("Ida", "Ole")).ratings, draws=0)
    assert set(found.uses["coder"]) == {"Ida", "Ole"}
    by_code = found.per_code[found.per_code["coefficient"] == "percent_agreement"]
    assert by_code.set_index("code")["value"].to_dict() == pytest.approx(
        {"time": 0.8, "money": 1, "staff": 1}
    )


def test_a_left_over_code_is_not_taken_for_one_of_the_same_name() -> None:
    first = {"1": ["a"], "2": ["a"], "3": ["b"]}
    second = {"1": ["c"], "2": ["c"], "3": [], "4": []}
    second["3"] = ["b"]
    first["3"] = ["a"]
    found = match_codebooks({**first, "4": ["b"]}, second)
    assert found.pairs[["first", "second"]].to_numpy().tolist() == [["a", "c"]]
    assert set(found.ratings.codes) == {"a", "b", "b (second)"}


@pytest.mark.parametrize(
    ("first", "second"), [({}, {}), ({"1": []}, {"1": []}), ({"1": ["a"]}, {})]
)
def test_nothing_to_match(first: dict[str, list[str]], second: dict[str, list[str]]) -> None:
    found = match_codebooks(first, second)
    assert found.pairs.empty
    assert found.left_second.empty


CODED = st.dictionaries(
    st.sampled_from("123456"), st.sets(st.sampled_from("abc"), max_size=2), min_size=6
)


@given(CODED, CODED)
def test_no_other_matching_overlaps_more(
    first: dict[str, set[str]], second: dict[str, set[str]]
) -> None:
    def overlap(one: str, other: str) -> float:
        left = {answer for answer in first if one in first[answer]}
        right = {answer for answer in second if other in second[answer]}
        return len(left & right) / len(left | right) if left | right else 0.0

    most = max(sum(map(overlap, "abc", order)) for order in permutations("abc"))
    assert match_codebooks(first, second).pairs["overlap"].sum() == pytest.approx(most)


@given(CODED)
def test_the_same_codebook_under_other_names_matches_wholly(coded: dict[str, set[str]]) -> None:
    renamed = {answer: {code.upper() for code in codes} for answer, codes in coded.items()}
    found = match_codebooks(coded, renamed)
    assert (found.pairs["overlap"] == 1).all()
    assert found.left_first.empty
    assert found.left_second.empty
