"""`coder tables`: every published figure stands in what it prints; groups, tests, weights."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from coder.cli import main
from coder.i18n import LANGUAGES, Language, load_texts

Run = Callable[..., str]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], demo_folder: Path) -> Run:
    """Runs `coder tables` on the demo; what it prints."""

    def tables(*options: str, lang: Language = "da") -> str:
        assert main(["--lang", lang, "tables", str(demo_folder / "demo.db"), *options]) == 0
        return capsys.readouterr().out

    return tables


def item(out: str, head: str) -> str:
    """What stands from a heading (a question's name, or an item's label) to the next blank line."""
    return out[out.index(head) :].partition("\n\n")[0]


HIGH = "I høj eller meget høj grad"
# By published figure: the options of the command, the heading, and the line that has it.
LINES = {
    "response_rate": ("", "Inviterede", "Svarede: 296 (53 %)"),
    "response_rate_large": ("--by stoerrelse", "Besvarelser", "51 %  141 af 277  50.000"),
    "response_rate_small": ("--by stoerrelse", "Besvarelser", "56 %  155 af 279  Under"),
    "response_chi2": ("--by stoerrelse", "Besvarelser", "Chi-i-anden-test: 1,21 (df 1)"),
    "response_chi2_p": ("--by stoerrelse", "Besvarelser", "p = 0,27"),
    "municipalities": ("", "Inviterede", "Organisationer med svar: 93"),
    "q01_high": ("--merged", "q01 ", f"54 %    159  {HIGH}"),
    "q01_neither": ("--merged", "q01 ", "31 %     92  I hverken"),
    "q01_low": ("--merged", "q01 ", "12 %     36  I lav eller"),
    "q01_none": ("--merged", "q01 ", "2 %      5  Slet ikke"),
    "q01_low_or_none": ("--merge q01=4+5+6", "q01 ", "14 %     41  I lav grad /"),
    "q01_high_large": ("--merged --by stoerrelse", "q01 ", "59 %    82 "),
    "q01_high_small": ("--merged --by stoerrelse", "q01 ", "50 %    77 "),
    "q01_size_test": ("--by stoerrelse", "q01 ", "p = 0,034"),
    "q11_during": ("", "q11 ", "88 %    224  Under"),
    "q14_more_support": ("--merged", "q14 ", f"52 %    122  {HIGH}"),
    "q15_citizens": ("--merged", "  Borgerne\n", f"61 %    126  {HIGH}"),
    "q15_other_departments": ("--merged", "\n  Andre af kommunens forv", f"46 %    100  {HIGH}"),
    "q16_readiness": ("--merged", "  Større omstillingspara", f"95 %    215  {HIGH}"),
    "q16_risk": ("--merged", "  Større risikovillighed", f"74 %    162  {HIGH}"),
    "q17_digital": ("--merged", "  Øget digitalisering\n", f"88 %    196  {HIGH}"),
    "q17_faster_help": ("--merged", "  Hurtigere hjælp", f"50 %    104  {HIGH}"),
    "q17_wellbeing": ("--merged", "  Borgernes trivsel\n", f"47 %    100  {HIGH}"),
    "q18_video": ("", "q18 ", "96 %    210  Videomøder"),
    "q20_permanent": ("--merged", "permanent drift", f"85 %    171  {HIGH}"),
    "q21_wellbeing_positive": ("", "q21 ", "67 %    132  Positiv"),
    "q21_wellbeing_negative": ("", "q21 ", "2 %      4  Negativ"),
    "q21_motivation_positive": ("", "  Medarbejdernes motivation\n", "71 %    140  Positiv"),
    "q21_autonomy_positive": ("", "  Større fagligt råderum\n", "52 %    102  Positiv"),
    "q21_agility_positive": ("", "  Agilitet og effektivitet", "54 %    106  Positiv"),
    "q22_transferable": ("--merged", "overføres til andre", f"78 %    153  {HIGH}"),
    "q22_special": ("--merged", "specielle forhold", f"6 %     12  {HIGH}"),
    "q23_fundamental": ("", "q23 ", "27 %     52  Nyskabelsen er grund"),
    "q23_incremental": ("", "q23 ", "73 %    139  Nyskabelsen er en mindre"),
    "q24_costs_known": ("", "q24 ", "54 %    105  Ja"),
    "q24_worth": ("", "  Står omkostningerne", "65 %    126  Ja"),
    "q24_worth_given_unknown": (
        "--by q24_kendte_omkostninger", "  Står omkostningerne", "47 %    28 "
    ),
    "open_answers": ("", "Inviterede", "Beskrev en sag: 160"),
    "second_innovation": ("", "Inviterede", "Beskrev en sag mere: 14"),
    "most_promising": ("", "Inviterede", "Over grænsen: 60"),
    "published": ("", "Inviterede", "må offentliggøres: 49"),
}  # fmt: skip


def test_every_published_figure_is_printed(run: Run, published: Path) -> None:
    with (published / "figures.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert {row["id"] for row in rows} == set(LINES)
    printed = {options: run(*options.split()) for options in {each[0] for each in LINES.values()}}
    missing = [
        name for name, (options, head, line) in LINES.items()
        if line not in item(printed[options], head)
    ]  # fmt: skip
    assert missing == []
    for row in rows:
        if row["unit"] == "percent":
            assert f"{row['value']} %" in LINES[row["id"]][2]


def test_all_366_counts_are_printed(run: Run, published: Path) -> None:
    out = run()
    with (published / "counts.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == 366
    for row in rows:
        line = rf"^ +{row['percent']} % +{row['count']}  {re.escape(row['option_da'])}$"
        assert re.search(line, out, re.MULTILINE), row


@pytest.mark.parametrize("lang", LANGUAGES)
def test_groups_stand_side_by_side_with_tests_and_what_they_say(run: Run, lang: Language) -> None:
    texts, out = load_texts(lang), run("--by", "stoerrelse", lang=lang)
    q01 = item(out, "q01 ")
    assert q01.splitlines()[1].split("  ") == [
        "50.000 indbyggere eller flere", "Under 50.000 indbyggere"
    ]  # fmt: skip
    assert texts("compare.test.permutation") in q01
    assert texts("compare.test.mann_whitney") in q01
    assert texts("compare.adjusted.holm", count=200) in out
    assert texts("compare.says.order.not_shown") in out
    assert texts("compare.why.small") in out


def test_a_category_makes_groups_too(run: Run) -> None:
    out = run("--by", "Online bostøtte")
    q20 = item(out, "q20 ")
    assert "Online bostøtte: ja" in q20
    assert "Online bostøtte: nej" in q20


def test_margins_and_weights_are_told(run: Run) -> None:
    out = run("--margins", "finite", "--weights", "stoerrelse", "--weights", "afdeling")
    assert "Vægtet efter stoerrelse, afdeling." in out
    assert re.search(r"Statistisk usikkerhed: højst ± 4,\d procentpoint", item(out, "q01 "))
    assert re.search(r" 146  I høj grad  \[\d+ %; \d+ %\]", item(out, "q01 "))


def test_tests_as_json(run: Run) -> None:
    found = json.loads(run("--by", "stoerrelse", "--adjust", "bh", "--json"))
    q01 = next(each for each in found["comparisons"] if each["item"] == "q01")
    spread, order = q01["tests"]
    assert (spread["test"], spread["why"], spread["sizes"]) == ("permutation", "small", [140, 155])
    assert spread["plain_p"] == pytest.approx(0.045, abs=5e-4)
    assert (order["test"], order["n"]) == ("mann_whitney", 292)
    assert order["adjusted"]["method"] == "bh"
    groups = {row["group"] for row in found["frequencies"]}
    assert groups == {"1", "2"}


@pytest.mark.parametrize(
    ("options", "key", "params"),
    [
        (["--by", "nobody"], "compare.no_item", {"name": "nobody"}),
        (["--merge", "q01"], "compare.bad_merge", {"written": "q01"}),
        (["--weights", "q01"], "weights.not_background", {"name": "q01"}),
    ],
)
def test_what_can_not_be_had_is_told_in_a_sentence(
    capsys: pytest.CaptureFixture[str],
    demo_folder: Path,
    options: list[str],
    key: str,
    params: dict[str, str],
) -> None:
    assert main(["tables", str(demo_folder / "demo.db"), *options]) == 1
    assert capsys.readouterr().err.splitlines() == [load_texts("da")(key, **params)]
