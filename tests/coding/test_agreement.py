"""Agreement as tables: which coefficients, what is degenerate, and what is to be doubted."""

from __future__ import annotations

import doctest
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import pytest

from coder.coding import agreement as module
from coder.coding.agreement import Agreement, agreement, krippendorff_scale, make_ratings

Given = Mapping[tuple[str, str], Sequence[str]]


def pairs(*rows: str) -> Given:
    """Single codes: a row per unit, a letter per coder, ``.`` for not rated."""
    return {
        (f"u{no}", coder): [code]
        for no, row in enumerate(rows)
        for coder, code in zip("ABC", row, strict=False)
        if code != "."
    }


def of(found: Agreement, coefficient: str, code: str | None = None) -> dict[str, Any]:
    table = found.overall if code is None else found.per_code
    mine = table[table["coefficient"] == coefficient]
    row = mine if code is None else mine[mine["code"] == code]
    return dict(row.iloc[0])


def values(found: Agreement) -> dict[str, float]:
    return dict(found.overall.set_index("coefficient")["value"])


def test_the_example_of_the_module_runs() -> None:
    assert doctest.testmod(module).failed == 0


# --- what there is -----------------------------------------------------------------------------


def test_the_coefficients_of_each_level() -> None:
    single = make_ratings(pairs("12", "22", "31", "33"))
    by_level = {level: agreement(single, level, draws=0) for level in ("nominal", "ratio")}  # type: ignore[arg-type]
    assert list(by_level["nominal"].overall["coefficient"]) == [
        "percent_agreement", "cohen_kappa", "scott_pi", "fleiss_kappa", "conger_kappa",
        "brennan_prediger", "gwet_ac1", "krippendorff_alpha",
    ]  # fmt: skip
    assert "gwet_ac2" in set(by_level["ratio"].overall["coefficient"])
    assert by_level["ratio"].per_code.empty
    several = agreement(make_ratings({("1", "A"): ["x", "y"], ("1", "B"): ["x"]}), draws=0)
    assert {"mv_alpha", "masi_alpha"} <= set(several.overall["coefficient"])


def test_ac2_with_identity_weights_is_ac1() -> None:
    """0 and 1 are as far apart at every level, so weights are the identity."""
    binary = make_ratings(pairs("01", "11", "00", "01", "10", "11"))
    ac1 = values(agreement(binary, draws=0))["gwet_ac1"]
    assert values(agreement(binary, "interval", draws=0))["gwet_ac2"] == pytest.approx(ac1)


def test_a_code_side_by_side() -> None:
    """Two coders: x by both 2 times, by A alone once, by neither 3 times."""
    found = agreement(make_ratings(pairs("xx", "xx", "xy", "yy", "yy", "yy", "x.")), draws=0)
    row = found.codes.set_index("code").loc["x"]
    assert (row["all_with"], row["some_with"], row["all_without"]) == (2, 1, 3)
    assert row["prevalence"] == pytest.approx(5 / 12)
    uses = found.uses[found.uses["code"] == "x"].set_index("coder")
    assert uses["uses"].to_dict() == {"A": 3, "B": 2}
    assert uses["alone"].to_dict() == {"A": 1, "B": 0}
    assert of(found, "positive_agreement", "x")["value"] == pytest.approx(4 / 5)
    assert of(found, "negative_agreement", "x")["value"] == pytest.approx(6 / 7)
    assert of(found, "brennan_prediger", "x")["value"] == pytest.approx(2 * 5 / 6 - 1)  # PABAK


def test_units_are_counted_as_the_coefficient_counts_them() -> None:
    found = agreement(make_ratings(pairs("xx", "xy", "yy", "x.")), draws=0)
    counts = found.overall.set_index("coefficient")["n_units"].to_dict()
    assert counts["gwet_ac1"] == counts["fleiss_kappa"] == counts["conger_kappa"] == 4
    assert counts["krippendorff_alpha"] == counts["percent_agreement"] == 3
    assert counts["cohen_kappa"] == 3
    assert set(found.overall["n_paired"]) == {3}


def test_a_coder_again_and_a_suggestion_are_coders() -> None:
    """The same coder later, and what a machine offered, compare as two people do."""
    now, later, offered = ["x", "y", "y"], ["x", "y", "x"], ["x", "x", "x"]
    given = {}
    for no, codes in enumerate(zip(now, later, offered, strict=True)):
        for name, code in zip(("Ida", "Ida, May", "suggested"), codes, strict=True):
            given[str(no), name] = [code]
    for other, agreed in (("Ida, May", 2 / 3), ("suggested", 1 / 3)):
        two = {pair: codes for pair, codes in given.items() if pair[1] in ("Ida", other)}
        found = agreement(make_ratings(two), draws=0)
        assert values(found)["percent_agreement"] == pytest.approx(agreed)
        assert of(found, "cohen_kappa")["reason"] is None


# --- what is degenerate ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (["xx", "xx", "xx"], "one_category"),
        (["x", "y"], "one_coder"),
        (["x.", ".y", "y."], "no_pairs"),
    ],
)
def test_what_is_undefined_is_missing_with_a_reason(rows: list[str], reason: str) -> None:
    found = agreement(make_ratings(pairs(*rows)), draws=200)
    row = of(found, "krippendorff_alpha")
    assert row["reason"] == reason
    assert pd.isna(row["value"])
    assert pd.isna(row["low"])
    assert of(found, "gwet_ac1")["reason"] == reason  # not 1
    agreed = of(found, "percent_agreement")["value"]
    assert agreed == 1 if reason == "one_category" else pd.isna(agreed)


def test_kappa_of_two_is_not_given_of_three() -> None:
    found = agreement(make_ratings(pairs("xxy", "yyy", "xyx")), draws=0)
    assert of(found, "cohen_kappa")["reason"] == of(found, "scott_pi")["reason"] == "not_two_coders"
    assert of(found, "conger_kappa")["reason"] is None


def test_codes_that_nobody_or_everybody_used() -> None:
    given = {(str(no), coder): ["x"] for no in range(3) for coder in "AB"}
    found = agreement(make_ratings(given, ["x", "z"]), draws=0)
    assert of(found, "krippendorff_alpha", "z")["reason"] == "never_used"
    assert of(found, "positive_agreement", "z")["reason"] == "never_used"
    assert of(found, "krippendorff_alpha", "x")["reason"] == "always_used"
    assert of(found, "percent_agreement", "z")["value"] == 1
    # There was a choice of two, so everyone choosing x is agreement, but not beyond chance.
    assert of(found, "gwet_ac1")["reason"] == "one_category"


def test_nothing_rated_at_all() -> None:
    found = agreement(make_ratings({}), draws=100)
    assert set(found.overall["reason"]) == {"one_coder"}
    assert found.per_code.empty


def test_a_constant_coder_makes_kappa_0_and_is_told() -> None:
    found = agreement(make_ratings(pairs("xx", "xy", "xx", "xy")), draws=0)
    row = of(found, "cohen_kappa")
    assert row["value"] == 0
    assert "constant_coder" in row["cautions"]


# --- what is to be doubted ---------------------------------------------------------------------


def test_three_uses_by_either_are_too_few_to_say() -> None:
    rows = ["xx"] * 3 + ["yy"] * 40
    found = agreement(make_ratings(pairs(*rows)), draws=0)
    assert "few_uses" in of(found, "krippendorff_alpha", "x")["cautions"]
    more = agreement(make_ratings(pairs(*rows, "xx", "xx")), draws=0)
    assert "few_uses" not in of(more, "krippendorff_alpha", "x")["cautions"]


def test_a_code_that_one_coder_hardly_uses() -> None:
    found = agreement(make_ratings(pairs(*["xx"] * 2, *["xy"] * 6, *["yy"] * 20)), draws=0)
    assert "one_sided" in of(found, "cohen_kappa", "x")["cautions"]
    less_work = agreement(make_ratings(pairs(*["xxx"] * 3, *["xx."] * 9, *["yyy"] * 10)), draws=0)
    assert "one_sided" not in of(less_work, "fleiss_kappa", "x")["cautions"]


def test_a_rare_code_is_no_reason_to_doubt_agreement_but_to_doubt_kappa() -> None:
    rows = ["xx"] * 3 + ["xy"] * 3 + ["yx"] * 3 + ["yy"] * 91
    found = agreement(make_ratings(pairs(*rows)), draws=0)
    kappa, ac1 = (of(found, name, "x") for name in ("cohen_kappa", "gwet_ac1"))
    assert kappa["value"] < 0.5 < 0.9 < ac1["value"]
    assert "prevalence" in kappa["cautions"]
    assert "prevalence" not in ac1["cautions"]


def test_few_units_and_few_respondents() -> None:
    rows = ["xx", "xy", "yy"] * 10
    ratings = make_ratings(pairs(*rows))
    everyone = agreement(ratings, draws=100)
    assert of(everyone, "cohen_kappa")["cautions"] == ()
    three = agreement(ratings, respondents={f"u{no}": f"r{no % 3}" for no in range(30)}, draws=100)
    assert "few_respondents" in of(three, "cohen_kappa")["cautions"]
    small = agreement(make_ratings(pairs(*rows[:9])), draws=0)
    assert of(small, "cohen_kappa")["cautions"] == ("few_units",)


def test_where_nothing_varies_there_is_no_interval() -> None:
    found = agreement(make_ratings(pairs(*["xx", "yy"] * 15)), draws=100)
    row = of(found, "percent_agreement")
    assert row["value"] == 1
    assert pd.isna(row["low"])
    assert "no_interval" in row["cautions"]


@pytest.mark.parametrize(
    ("low", "found"), [(0.8, "firm"), (0.79, "tentative"), (0.667, "tentative"), (0.66, "neither")]
)
def test_the_bounds_that_krippendorff_asks_for(low: float, found: str) -> None:
    assert krippendorff_scale(low) == found


@pytest.mark.parametrize(
    ("given", "level"),
    [
        ({("1", "A"): ["x"], ("1", "B"): ["y"]}, "interval"),
        ({("1", "A"): ["1", "2"], ("1", "B"): ["1"]}, "ordinal"),
    ],
)
def test_ratings_must_have_the_level(given: Given, level: Any) -> None:
    with pytest.raises(ValueError, match=level):
        agreement(make_ratings(given), level)
