"""The figures of the demo study, and ``coder figures``: what they say, and whom they quote."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from coder.cli import main
from coder.i18n import load_texts, whole_percent
from coder.intake import take_in
from coder.model import ApplyCode, CreateCode, MarkAnswers
from coder.report.consent import permitted
from coder.study import Figure, Study
from tests.fixtures import refused
from tests.report.drawn import rects, words_in

DA, EN = load_texts("da"), load_texts("en")


@pytest.fixture(scope="module")
def treemap(demo: Study) -> Figure:
    return demo.treemap_figure(DA)


# --- closed questions --------------------------------------------------------------------------


def test_the_bars_of_an_item_have_the_published_percents(demo: Study) -> None:
    figure = demo.bars_figure(DA, "q01")
    assert words_in(figure) == [
        "4 %", "49 %", "31 %", "9 %", "3 %", "2 %", "1 %",
        "I meget høj grad", "I høj grad", "I hverken høj eller lav grad", "I lav grad",
        "I meget lav grad", "Slet ikke", "Ved ikke",
    ]  # fmt: skip
    colours = [each.colour for each in rects(figure)]
    assert len(set(colours[:6])) == 1
    assert colours[6] != colours[0]
    assert figure.note == "n = 295"


def test_merged_options_have_the_published_shares(demo: Study) -> None:
    """88 % tell that digitalisation grew to a high or very high degree."""
    figure = demo.stacked_figure(DA, "q17", merged=True)
    first = figure.table[figure.table["code"] == "1+2"].set_index("item")
    assert whole_percent(first["share"]["q17_oeget_digitalisering"]) == 88
    assert "88 %" in words_in(figure)
    assert figure.table.groupby("item")["share"].sum().round(9).eq(1).all()


def test_groups_stand_in_the_order_of_the_background(demo: Study) -> None:
    figure = demo.stacked_figure(DA, "q01", by="stoerrelse", margins="finite")
    groups = figure.table.drop_duplicates("group")["group_label"].tolist()
    assert groups == ["50.000 indbyggere eller flere", "Under 50.000 indbyggere"]
    assert [each for each in words_in(figure) if each in {"140", "155"}] == ["140", "155"]
    assert figure.note == DA("figure.margins.finite")
    assert figure.table["margin"].notna().all()


def test_shares_of_groups_have_all_as_a_line(demo: Study) -> None:
    """58.6 % of 140 and 49.7 % of 155: high or very high (82 and 77)."""
    figure = demo.shares_figure(EN, "q01", ["1", "2"], "stoerrelse")
    table = figure.table
    assert table["count"].tolist() == [82, 77]
    assert table["n"].tolist() == [140, 155]
    assert ((table["low"] < table["value"]) & (table["value"] < table["high"])).all()
    assert EN("figure.all", value="54%") in words_in(figure)


def test_ticks_of_groups_stand_under_their_n(demo: Study) -> None:
    """A tick of a group is as large a share as the report counts: 296 answered."""
    figure = demo.ticks_figure(EN, "q09", "stoerrelse")
    table = figure.table
    assert len(table) == 15 * 2
    of_all = demo.frequencies()
    of_all = of_all[of_all["item"] == "q09"].set_index("code")["count"].to_dict()
    assert table.groupby("code")["count"].sum().to_dict() == of_all
    n = table.groupby("group")["n"].unique()
    heads = " ".join(words_in(figure))
    assert all(len(each) == 1 and f"(n = {each[0]})" in heads for each in n)


def test_what_can_not_be_drawn_is_refused(demo: Study) -> None:
    with refused("figure.not_stacked", name="q09"):
        demo.stacked_figure(DA, "q09")
    with refused("figure.not_ticks", name="q01"):
        demo.ticks_figure(DA, "q01", "stoerrelse")
    with refused("figure.no_option", name="q01"):
        demo.shares_figure(DA, "q01", ["77"], "stoerrelse")
    with refused("compare.no_item", name="q99"):
        demo.bars_figure(DA, "q99")
    with refused("figure.no_measure", name="q99"):
        demo.dots_figure(DA, "q99")
    with refused("figure.no_measure", name="share_above"):
        demo.quadrant_figure(DA, "potential", "share_above")


# --- categories --------------------------------------------------------------------------------


def test_categories_are_drawn_with_what_the_tables_have(demo: Study) -> None:
    joint = demo.joint().set_index("category")
    figure = demo.joint_figure(EN)
    shares = [f"{whole_percent(share)}%" for share in joint["share_above"]]
    assert words_in(figure)[: len(joint)] == shares
    dots = demo.dots_figure(DA).table
    assert dots["value"].is_monotonic_decreasing
    assert dots.set_index("category")["value"].to_dict() == pytest.approx(
        joint["share_above"].to_dict()
    )
    heat = demo.heat_figure(DA)
    assert heat.table["category"].unique().tolist() == joint.index.tolist()
    assert {"Potentiale", "Nyhedshøjde", DA.number(joint["potential"].iloc[0], 2)} <= set(
        words_in(heat)
    )


def test_codes_cross_items_and_each_other(demo: Study) -> None:
    crossing = demo.crossing_figure(DA, "q08").table
    assert (crossing["share_of_category"] * crossing["n"]).round(9).tolist() == crossing[
        "count"
    ].tolist()
    together = demo.together_figure(DA).table
    assert len(together) == 11 * 11
    own = together["category"] == together["other_category"]
    assert together.loc[own, "share"].isna().all()
    assert (together.loc[~own, "share"] == 0).all()  # the expert gave each answer one category


def test_quadrants_hold_every_scored_case(demo: Study) -> None:
    placed = demo.quadrants("potential", "innovation_height")
    figure = demo.quadrant_figure(DA, "potential", "innovation_height", dots="cases")
    assert figure.table["n"].sum() == len(placed)
    counts = placed["quadrant"].value_counts()
    assert str(counts["both"]) in words_in(figure)
    by_code = demo.quadrant_figure(DA, "potential", "innovation_height")
    assert "Online bostøtte" in words_in(by_code)


# --- quotations --------------------------------------------------------------------------------


def test_only_who_permits_it_is_quoted(demo: Study, treemap: Figure) -> None:
    answers = demo.survey.answers
    quoted = treemap.table.dropna(subset="quotation")
    assert len(quoted) >= 8
    assert set(answers.loc[quoted["answer"], "respondent"]) <= permitted(demo.survey)
    for answer, words in zip(quoted["answer"], quoted["quotation"], strict=True):
        assert words in " ".join(answers.loc[answer, "text"].split())
        assert words.endswith((".", "!", "?"))


def test_a_marked_answer_is_quoted_first_and_others_only_if_asked_for(own_demo: Study) -> None:
    allowed, code = permitted(own_demo.survey), next(iter(own_demo.state.codes))
    own = own_demo.survey.answers.loc[own_demo.state.answers_of(code)]
    before = own_demo.quotation(code)
    assert before is not None
    known = set(own.index[own["respondent"].isin(allowed)]) - {before[0]}
    secret = set(own.index[~own["respondent"].isin(allowed)])
    coder = own_demo.coder("Anna")
    own_demo.decide(coder, MarkAnswers((*sorted(known), *sorted(secret)), "quote"))
    marked = own_demo.quotation(code)
    assert marked is not None
    assert marked[0] in known
    own_demo.decide(coder, MarkAnswers(tuple(sorted(known)), "quote", False))
    unpublished = own_demo.quotation(code, unpublished=True)
    assert unpublished is not None
    assert unpublished[0] in secret


# --- all of them -------------------------------------------------------------------------------


@pytest.fixture
def small(tmp_path: Path) -> Study:
    """Two questions, three answers with a code of a hostile name, no consent asked, no recipe."""
    file = tmp_path / "small.csv"
    long = "Det gik meget bedre end nogen af os havde turdet håbe på."
    rows = [f"{no};{kind};{long}" for no, kind in enumerate(("ja", "nej", "ja"), start=1)]
    file.write_text("\n".join(["nr;kind;why", *rows, ""]), "utf-8")
    form = take_in([file], open_columns=["why"], id_column="nr").questionnaire
    study = Study.create(tmp_path / "small.db", file, form)
    coder = study.coder("Anna")
    study.decide(coder, CreateCode("c1", "=HYPERLINK(1)"))
    study.decide(coder, ApplyCode("c1", tuple(study.survey.answers.index)))
    return study


def test_without_a_consent_question_nobody_is_quoted(small: Study) -> None:
    assert small.treemap_figure(DA).table["quotation"].tolist() == [None]
    told = small.treemap_figure(DA, unpublished=True).table["quotation"].tolist()
    assert told == ["Det gik meget bedre end nogen af os havde turdet håbe på."]


def test_every_figure_is_written_with_its_table(
    small: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "deep" / "figures"
    assert main(["figures", str(small.path), "--out", str(out), "--format", "png"]) == 0
    names = {each.name for each in out.iterdir()}
    assert {"categories.png", "categories.csv", "treemap.png", "treemap.csv"} <= names
    assert not any(name.startswith((".", "dots", "heat")) for name in names)
    count = sum(name.endswith(".png") for name in names)
    assert str(count) in capsys.readouterr().err
    with (out / "categories.csv").open(encoding="utf-8-sig", newline="") as lines:
        (row,) = csv.DictReader(lines, delimiter=";")
    assert row["Kategori"] == "'=HYPERLINK(1)"
    assert row["Svar"] == "3"


def test_numbers_are_written_as_the_language_does(small: Study, tmp_path: Path) -> None:
    (closed,) = {name for name in small.all_figures(EN) if name.startswith("bars")}
    for texts, share in ((DA, "0,666"), (EN, "0.666")):
        small.save_figures(tmp_path / "out", texts)
        assert share in (tmp_path / "out" / f"{closed}.csv").read_text("utf-8-sig")


def test_a_folder_that_can_not_be_made_is_refused(small: Study, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", "utf-8")
    with refused("file.no_folder"):
        small.save_figures(tmp_path / "taken", DA)
