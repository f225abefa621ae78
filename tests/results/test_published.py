"""The founding report's own numbers, computed again from the answers of the demo survey."""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from coder.i18n import whole_percent
from coder.report.consent import permitted
from coder.results.tests_of import Difference
from coder.study import Study


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def table(demo: Study) -> pd.DataFrame:
    return demo.frequencies()


# --- counts.csv --------------------------------------------------------------------------------


def test_every_published_count_percent_and_n_comes_out(
    table: pd.DataFrame, published: Path
) -> None:
    expected = [
        (row["question"], row["item"], row["option_da"], row["count"], row["percent"], row["n"])
        for row in rows_of(published / "counts.csv")
    ]
    computed = [
        (row.question, row.item, row.option, str(row.chosen),
         str(whole_percent(row.share)), str(row.n))
        for row in table.rename(columns={"count": "chosen"}).itertuples()
    ]  # fmt: skip
    assert len(expected) == 366
    assert sorted(computed) == sorted(expected)


def test_the_published_codes_are_those_of_the_options(table: pd.DataFrame, published: Path) -> None:
    codes = table.set_index(["question", "item", "option"])["code"].to_dict()
    for row in rows_of(published / "counts.csv"):
        if row["option_code"]:
            assert codes[row["question"], row["item"], row["option_da"]] == row["option_code"]


def test_single_items_add_up_to_everyone_who_answered(table: pd.DataFrame, demo: Study) -> None:
    several = {question.name for question in demo.questionnaire.of_kind("multiple")}
    single = table[~table["question"].isin(several)].groupby("item")
    sums, bases = single["count"].sum(), single["n"].first()
    # Of the five who were asked q02, one did not answer.
    assert (bases - sums)[lambda lacking: lacking != 0].to_dict() == {"q02": 1}
    shares = single["share"].sum().drop("q02")
    assert shares.to_numpy() == pytest.approx(1)


# --- figures.csv -------------------------------------------------------------------------------


@cache
def frequencies_of(demo: Study) -> pd.DataFrame:
    return demo.frequencies()


def share(item: str, *labels: str) -> Callable[[Study], float]:
    """The percentage who chose one of these options of an item."""

    def of(demo: Study) -> float:
        table = frequencies_of(demo)
        chosen = table[(table["item"] == item) & table["option"].isin(labels)]
        assert len(chosen) == len(labels)
        return whole_percent(chosen["share"].sum())

    return of


def within(group: str, item: str, *codes: str) -> Callable[[Study], float]:
    """The percentage of one group of municipalities who chose one of these codes."""

    def of(demo: Study) -> float:
        counts = demo.compare(item, "stoerrelse").counts[group]
        return whole_percent(counts[list(codes)].sum() / counts.sum())

    return of


def municipalities(demo: Study) -> float:
    people = demo.survey.respondents
    assert people["kommune"].nunique() == 98
    return people.loc[people["answered"], "kommune"].nunique()


def significant(demo: Study) -> list[str]:
    """The items of the closed questions that differ by size, by either test."""
    found = []
    for question in demo.questionnaire.of_kind("single", "matrix"):
        for item in question.items:
            tests = demo.compare(item.name, "stoerrelse").tests
            if any(as_printed(test) < 0.05 for test in tests):
                found.append(item.name)
    return found


def as_printed(test: Difference | None) -> float:
    """The p of the usual distribution: the report took it also where few answers are expected."""
    assert test is not None
    return test.p if test.plain_p is None else test.plain_p


def by_size(demo: Study) -> Difference:
    test = demo.response("stoerrelse").difference
    assert test is not None
    return test


def worth_given_unknown(demo: Study) -> float:
    cases = demo.survey.cases
    first = cases[cases["number"] == 1]
    unknown = first[first["q24_kendte_omkostninger"] == "2"]["q24_staar_maal"].dropna()
    assert len(unknown) == 60
    return whole_percent((unknown == "1").mean())


def published_cases(demo: Study) -> float:
    scores = demo.scores().cases
    above = scores[scores["above"] & (scores["number"] == 1)]
    return above.index.isin(permitted(demo.survey)).sum()


HIGH = ("I meget høj grad", "I høj grad")
LOW = ("I lav grad", "I meget lav grad")
FUNDAMENTAL = "Nyskabelsen er grundlæggende en helt anden måde at udvikle og levere service på"
INCREMENTAL = (
    "Nyskabelsen er en mindre løbende forbedring, der ikke bryder grundlæggende med det bestående"
)
YES, POSITIVE = "Ja", "Positiv indvirkning"
COMPUTED: dict[str, Callable[[Study], float]] = {
    "response_rate": lambda demo: whole_percent(demo.survey.respondents["answered"].mean()),
    "response_rate_large": lambda d: whole_percent(d.response("stoerrelse").groups["share"]["1"]),
    "response_rate_small": lambda d: whole_percent(d.response("stoerrelse").groups["share"]["2"]),
    "response_chi2": lambda demo: round(by_size(demo).statistic or 0, 2),
    "response_chi2_p": lambda demo: round(by_size(demo).p, 2),
    "municipalities": municipalities,
    "q01_high": share("q01", *HIGH),
    "q01_neither": share("q01", "I hverken høj eller lav grad"),
    "q01_low": share("q01", *LOW),
    "q01_none": share("q01", "Slet ikke"),
    "q01_low_or_none": share("q01", *LOW, "Slet ikke"),
    "q01_high_large": within("1", "q01", "1", "2"),
    "q01_high_small": within("2", "q01", "1", "2"),
    "q01_size_test": lambda demo: float(significant(demo) == ["q01"]),
    "q11_during": share("q11", "Under corona-krisen"),
    "q14_more_support": share("q14", *HIGH),
    "q15_citizens": share("q15_borgerne", *HIGH),
    "q15_other_departments": share("q15_andre_af_kommunens_forvaltninger", *HIGH),
    "q16_readiness": share("q16_stoerre_omstillingsparathed_blandt_medarbejderne", *HIGH),
    "q16_risk": share("q16_stoerre_risikovillighed_blandt_ledelsen", *HIGH),
    "q17_digital": share("q17_oeget_digitalisering", *HIGH),
    "q17_faster_help": share("q17_hurtigere_hjaelp_og_raadgivning", *HIGH),
    "q17_wellbeing": share("q17_borgernes_trivsel", *HIGH),
    "q18_video": share("q18", "Videomøder"),
    "q20_permanent": share("q20_drift", *HIGH),
    "q21_wellbeing_positive": share("q21_trivsel", POSITIVE),
    "q21_wellbeing_negative": share("q21_trivsel", "Negativ indvirkning"),
    "q21_motivation_positive": share("q21_motivation", POSITIVE),
    "q21_autonomy_positive": share("q21_raaderum", POSITIVE),
    "q21_agility_positive": share("q21_agilitet", POSITIVE),
    "q22_transferable": share("q22_overfoerbar", *HIGH),
    "q22_special": share("q22_saerlige_forhold", *HIGH),
    "q23_fundamental": share("q23_hoejde", FUNDAMENTAL),
    "q23_incremental": share("q23_hoejde", INCREMENTAL),
    "q24_costs_known": share("q24_kendte_omkostninger", YES),
    "q24_worth": share("q24_staar_maal", YES),
    "q24_worth_given_unknown": worth_given_unknown,
    "open_answers": lambda demo: demo.score_summary()["described"],
    "second_innovation": lambda demo: (demo.survey.answers["number"] == 2).sum(),
    "most_promising": lambda demo: demo.score_summary()["above_threshold"],
    "published": published_cases,
}


def test_every_published_figure_comes_out(demo: Study, published: Path) -> None:
    expected = {row["id"]: float(row["value"]) for row in rows_of(published / "figures.csv")}
    assert len(expected) == 41
    assert {name: compute(demo) for name, compute in COMPUTED.items()} == expected


def test_the_whole_distribution_of_q01_differs_by_size_though_the_share_does_not(
    demo: Study,
) -> None:
    """The table and both p values are those that the case's description works out."""
    found = demo.compare("q01", "stoerrelse")
    assert found.counts["1"].to_dict() == {
        "1": 7, "2": 75, "3": 47, "4": 4, "5": 4, "6": 2, "0": 1
    }  # fmt: skip
    assert as_printed(found.distribution) == pytest.approx(0.045, abs=0.0005)
    assert as_printed(found.order) == pytest.approx(0.034, abs=0.0005)


def test_the_tool_would_have_warned_of_the_few_answers_and_of_the_many_tests(demo: Study) -> None:
    """Three of seven options expect fewer than five; and q01 is one of some two hundred tests."""
    found = demo.compare("q01", "stoerrelse").distribution
    assert found is not None
    assert (found.test, found.p < 0.05) == ("permutation", True)
    battery = demo.battery("stoerrelse")
    assert battery.tests > 150
    assert battery.differing == ()


# --- the categories ----------------------------------------------------------------------------

CHAPTER_3 = {
    "Online kontakt til pårørende": (12, 26),
    "Online bostøtte": (9, 20),
    "Digital genoptræning": (8, 18),
    "Digitale opfølgningssamtaler i jobcentre": (7, 16),
    "Fysisk aktivitet online": (7, 15),
    "Online familiebehandling": (5, 11),
    "Kompenserende kontakt (fx gåture)": (3, 8),
}


def test_the_seven_categories_have_the_municipalities_of_the_report(demo: Study) -> None:
    table = demo.joint().set_index("category")
    found = {
        label: (int(table["organisations"][label]), int(table["answers"][label]))
        for label in CHAPTER_3
    }
    assert found == CHAPTER_3


def test_every_described_innovation_is_in_exactly_one_category(demo: Study) -> None:
    assert demo.joint()["answers"].sum() == 160
    assert demo.joint(cases="all")["answers"].sum() == 174
    assert demo.joint()["scored"].sum() == demo.score_summary()["scored"]
