"""The pages of results: each part of each, on the demo study as the expert coded it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from coder.demo import EXPERT, apply_expert
from coder.i18n import Language, load_texts
from coder.model import ApplyCode, CreateCode
from coder.study import Study

DA = load_texts("da")
VIEWS = {
    "frequencies": [""],
    "compare": ["one", "battery", "response", "writers", "side_sample"],
    "score": ["ranking", "case", "sure", "otherwise", "recipe"],
    "joint": ["figures", "treemap", "crossing", "together"],
    "across": [""],
    "sheets": ["sheet", "appendix"],
    "waves": ["trend", "uncoded", "follow"],
}


@pytest.fixture(scope="module")
def folder(proposed: Path, demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A coded study with vectors, and one in which nothing is decided."""
    folder = tmp_path_factory.mktemp("results")
    for name in ("coded", "fresh"):
        shutil.copyfile(proposed, folder / f"{name}.db")
        shutil.copyfile(proposed.with_suffix(".embeddings"), folder / f"{name}.embeddings")
    apply_expert(Study.open(folder / "coded.db"), demo_folder / "expert.csv")
    return folder


@pytest.fixture(scope="module")
def coded(folder: Path) -> Iterator[Study]:
    """The coded study; only to be read."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CODER_STUDY", str(folder / "coded.db"))
        yield Study.open(folder / "coded.db")


def open_page(page: str, language: Language = "da") -> AppTest:
    script = f"from coder.ui import {page}\n{page}.show()"
    app = AppTest.from_string(script, default_timeout=120)
    app.query_params["lang"], app.query_params["coder"] = language, EXPERT
    return app.run()


def turn_to(app: AppTest, page: str, view: str, language: Language = "da") -> AppTest:
    return app.segmented_control(key=f"{page}_view.{language}").set_value(view).run()


def keyed(elements: Any, start: str) -> Any:
    """The one whose key begins so: lists have their words in their keys."""
    (found,) = [each for each in elements if str(each.key).startswith(start)]
    return found


def table(app: AppTest, no: int = 0) -> Any:
    """The numbers behind a table, not what is written for them."""
    return app.dataframe[no].value


def said(app: AppTest) -> str:
    return "\n".join(each.value for each in (*app.text, *app.caption, *app.info, *app.markdown))


# --- every page --------------------------------------------------------------------------------


@pytest.mark.usefixtures("coded")
@pytest.mark.parametrize("page", VIEWS)
def test_every_part_of_a_page_is_drawn(page: str) -> None:
    app = open_page(page)
    for view in VIEWS[page]:
        if view:
            turn_to(app, page, view)
        assert not app.exception
        assert not app.error
        assert app.title[0].value == DA(f"page.{page}.title")


@pytest.mark.usefixtures("coded")
@pytest.mark.parametrize("page", VIEWS)
def test_the_pages_are_in_english_too(page: str) -> None:
    app = open_page(page, "en")
    assert not app.exception
    assert app.title[0].value == load_texts("en")(f"page.{page}.title")


@pytest.mark.parametrize("page", ["joint", "across", "sheets", "waves"])
def test_without_categories_one_is_led_to_the_proposals(
    folder: Path, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CODER_STUDY", str(folder / "fresh.db"))
    app = open_page(page)
    assert app.info[0].value == DA("joint.nothing_coded")
    assert app.button(key="go.candidates").label == DA("page.candidates.title")


def test_a_survey_without_closed_questions_or_recipe_says_so(
    small_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CODER_STUDY", str(small_path))
    study = Study.open(small_path)
    study.decide(study.coder(EXPERT), CreateCode("a", "Tom"))
    for page in ("frequencies", "compare"):
        assert open_page(page).info[0].value == DA("frequencies.no_closed")
    assert open_page("score").info[0].value == DA("score.none")
    for page in VIEWS:
        assert not open_page(page).exception


# --- frequencies -------------------------------------------------------------------------------


@pytest.mark.usefixtures("coded")
def test_a_question_is_counted_as_the_report_printed_it() -> None:
    """q01 of the founding report: 13, 146, 92, 26, 10, 5 and 3 of 295."""
    app = open_page("frequencies")
    rows = table(app)
    assert rows["count."].tolist() == [13, 146, 92, 26, 10, 5, 3]
    assert set(rows["n."]) == {295}
    assert DA("frequencies.of.answered", n="295") in said(app)
    assert DA("frequencies.skipped", count="1") in said(app)


@pytest.mark.usefixtures("coded")
def test_merged_options_add_up_and_what_is_left_out_still_stands_there() -> None:
    app = open_page("frequencies")
    app.toggle(key="frequencies_merged").set_value(True).run()
    assert table(app)["count."].tolist() == [13 + 146, 92, 26 + 10, 5, 3]
    app.toggle(key="frequencies_merged").set_value(False).run()
    app.toggle(key="frequencies_inside.q01").set_value(False).run()
    rows = table(app)
    assert rows["n."].tolist() == [292] * 6 + [295]
    assert rows["share."].tolist()[1] == pytest.approx(146 / 292)
    assert DA("frequencies.dont_know.outside", count="3", share="1 %") in said(app)


@pytest.mark.usefixtures("coded")
def test_groups_stand_side_by_side_with_their_limits() -> None:
    """By size the report has 7, 75, 47, 4, 4, 2, 1 and 6, 71, 45, 22, 6, 3, 2."""
    app = open_page("frequencies")
    keyed(app.selectbox, "frequencies_by").set_value("stoerrelse").run()
    keyed(app.segmented_control, "frequencies_margins").set_value("endless").run()
    rows = table(app)
    large, small = "50.000 indbyggere eller flere", "Under 50.000 indbyggere"
    assert rows[large, "count.1"].tolist() == [7, 75, 47, 4, 4, 2, 1]
    assert rows[small, "count.2"].tolist() == [6, 71, 45, 22, 6, 3, 2]
    # Wilson's interval of 75 of 140, by hand: 0.45325 to 0.61627.
    assert rows[large, "low.1"].tolist()[1] == pytest.approx(0.45325, abs=1e-5)
    assert rows[large, "high.1"].tolist()[1] == pytest.approx(0.61627, abs=1e-5)
    margin = DA("frequencies.margin_of", of=large, points="8,3")
    assert margin in said(app)


# --- comparison --------------------------------------------------------------------------------


@pytest.mark.usefixtures("coded")
def test_one_question_is_compared_in_words() -> None:
    app = open_page("compare")
    text = said(app)
    assert DA("compare.says.distribution.two") in text
    assert DA("compare.says.order.two") in text
    assert "p = 0,034" in text


@pytest.mark.usefixtures("coded")
def test_response_by_size_is_the_reports() -> None:
    """140 of 252 and 156 of 304, as the report has it; chi-square 1.0, so nothing is shown."""
    app = turn_to(open_page("compare"), "compare", "response")
    rows = table(app)
    assert rows["answered"].sum() == 296
    assert rows["invited"].sum() == 556
    assert DA("compare.response_alike") in said(app)


@pytest.mark.usefixtures("coded")
def test_many_tests_wait_for_a_press_and_are_corrected() -> None:
    app = turn_to(open_page("compare"), "compare", "writers")
    assert not app.dataframe
    app.button(key="compare_run_writers").click().run()
    rows = table(app)
    assert (rows["final"] >= rows["p"]).all()
    assert rows["final"].is_monotonic_increasing
    assert DA("compare.adjusted.holm", count=len(rows)) in said(app)


# --- the score ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("coded")
def test_sixty_are_above_and_the_number_waits_to_be_asked_for() -> None:
    app = open_page("score")
    assert [each.value for each in app.metric] == ["160", "149", "60"]
    assert (table(app)["list"] == DA("score.is_above")).sum() == 60
    assert not {"score", "chance"} & set(table(app).columns)
    app.toggle(key="score_open").set_value(True).run()
    assert {"score", "chance", "potential"} <= set(table(app).columns)


def test_what_each_item_adds_sums_to_the_score(coded: Study) -> None:
    app = turn_to(open_page("score"), "score", "case")
    rows = table(app)
    assert rows["adds"].sum() == pytest.approx(coded.scores().cases.at["R002", "score"])
    reversed_ = rows[rows["label"].str.startswith("Der er specielle forhold")]
    assert reversed_["rules"].tolist() == [DA("score.rule_reversed")]


@pytest.mark.usefixtures("coded")
def test_the_threshold_changes_the_list() -> None:
    app = turn_to(open_page("score"), "score", "otherwise")
    rows = table(app).set_index("changed")
    lower = rows.loc[DA("sensitivity.threshold", to="0,75")]
    assert lower["above"] == 60 + lower["comes"]
    assert lower["goes"] == 0


def test_a_recipe_with_a_mistake_is_refused_and_the_earlier_ones_stay(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(shutil.copyfile(folder / "coded.db", folder / "own.db"))
    monkeypatch.setenv("CODER_STUDY", str(path))
    study = Study.open(path)
    app = turn_to(open_page("score"), "score", "recipe")
    before = app.text_area[0].value
    app.text_area[0].set_value(before.replace("q20_drift", "q99"))
    app.button(key="score_save").click().run()
    message, refused = app.session_state["message"]
    assert refused
    assert "q99" in message
    app.text_area[0].set_value(before.replace("threshold: 0.8", "threshold: 0.75"))
    app.button(key="score_save").click().run()
    assert app.metric[2].value == "76"
    app.button(key="score_again.1").click().run()
    assert app.metric[2].value == "60"
    assert len(study.recipes()) == 3


# --- categories --------------------------------------------------------------------------------


def test_categories_are_counted_by_what_one_chooses(coded: Study) -> None:
    """Online contact with relatives: 12 municipalities stand behind 26 answers."""
    app = open_page("joint")
    rows = table(app).droplevel(0, axis="columns").set_index("category")
    contact = rows.loc["Online kontakt til pårørende"]
    assert (contact["answers"], contact["organisations"]) == (26, 12)
    turn_to(app, "joint", "crossing")
    keyed(app.segmented_control, "joint_way").set_value("count").run()
    keyed(app.segmented_control, "joint_unit_crossing").set_value("organisation").run()
    crossed = table(app).set_index("category")
    assert crossed.at["Online kontakt til pårørende", "n"] == 12
    keyed(app.segmented_control, "joint_way").set_value("value").run()
    shares = table(app).set_index("category").drop(columns="n")
    found = coded.codes_by_item("stoerrelse", "organisation")
    one = found[found["value"] == shares.columns[0]].set_index("category")["share_of_value"]
    assert shares.iloc[:, 0].to_dict() == pytest.approx(one.to_dict())


def test_only_what_may_be_published_is_quoted(coded: Study) -> None:
    app = turn_to(open_page("joint"), "joint", "treemap")
    quoted = table(app)["answer"].dropna()
    (consent,) = coded.questionnaire.of_kind("consent")
    people = coded.survey.answers.loc[quoted, "respondent"]
    assert set(coded.survey.respondents.loc[people, consent.name]) <= set(consent.permits)
    assert len(quoted) > 5


# --- learning across ---------------------------------------------------------------------------


def test_a_link_opens_the_page_of_its_category(coded: Study) -> None:
    code = next(c for c in coded.state.codes.values() if c.label == "Online bostøtte")
    app = AppTest.from_string("from coder.ui import across\nacross.show()", default_timeout=120)
    app.query_params["lang"], app.query_params["code"] = "da", code.id
    app.run()
    assert app.selectbox[0].value == code.id
    assert "code" not in app.query_params


def test_a_link_leads_to_the_answers_of_the_layer_that_is_counted(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bo gives the category to one answer, and the expert to many others."""
    file = Path(shutil.copy(folder / "coded.db", folder / "two.db"))
    monkeypatch.setenv("CODER_STUDY", str(file))
    study = Study.open(file)
    code = next(c for c in study.state.codes.values() if c.label == "Online bostøtte")
    other = next(a for a in study.survey.answers.index if a not in study.answers_by_code()[code.id])
    study.decide(study.coder("Bo"), ApplyCode(code.id, (other,)))
    app = AppTest.from_string("from coder.ui import across\nacross.show()", default_timeout=120)
    app.query_params["lang"], app.query_params["code"] = "da", code.id
    app.run()
    assert query_of(app)["codes"] == [code.id]
    keyed(app.selectbox, "layer").set_value(study.coder("Bo")).run()
    assert query_of(app)["ids"] == [other]
    assert "codes" not in query_of(app)


def query_of(app: AppTest) -> dict[str, list[str]]:
    """What the first link on a page has behind its question mark."""
    link: Any = app.get("page_link")[0]
    return parse_qs(link.proto.query_string)


def test_nobody_without_consent_is_named_among_those_who_could_talk(coded: Study) -> None:
    app = open_page("across")
    talk = coded.could_talk()
    own = talk[talk["code"] == app.selectbox[0].value]
    named = {*own["first_organisation"].dropna(), *own["second_organisation"].dropna()}
    unnamed = {
        coded.organisations([row[which]])[0]
        for row in own.to_dict("records")
        for which in ("first", "second")
        if not isinstance(row[f"{which}_organisation"], str)
    } - named
    assert unnamed
    start = said(app).index(DA("across.could_talk_about"))
    boxes = said(app)[start : said(app).index(DA("across.quadrants_about"))]
    assert not [name for name in unnamed if name in boxes]
