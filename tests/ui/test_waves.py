"""The page for a survey that is repeated: the trend, what fits no category, the next wave."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from coder.i18n import load_texts
from coder.model import ApplyCode, CoderRole, CreateCode, ReviseCode, SetRole
from coder.study import Study
from coder.ui import session
from tests.fixtures import refused

DA = load_texts("da")


@pytest.fixture
def second(
    both_waves: Path, tmp_path: Path, first: Study, monkeypatch: pytest.MonkeyPatch
) -> Study:
    """The later wave, which the page is about; the earlier one lies beside it."""
    path = Path(shutil.copyfile(both_waves / "2026.db", tmp_path / "2026.db"))
    monkeypatch.setenv("CODER_STUDY", str(path))
    return Study.open(path)


def open_page(view: str = "trend", coder: str = "Eva") -> AppTest:
    app = AppTest.from_string("from coder.ui import waves\nwaves.show()", default_timeout=120)
    app.query_params["coder"] = coder
    app.run()
    if view != "trend":
        app.segmented_control(key="waves_view.da").set_value(view).run()
    assert not app.exception
    return app


def choose_earlier(app: AppTest, name: str = "2025") -> AppTest:
    app.selectbox(key="waves_earlier.da").set_value(name).run()
    assert not app.exception
    return app


def take_as(app: AppTest, kind: str) -> AppTest:
    """The waves by studies, by a question or by files."""
    return app.segmented_control(key="waves_of.da").set_value(kind).run()


def keys(app: AppTest) -> set[str]:
    return {str(each.key) for each in (*app.button, *app.segmented_control, *app.text_input)}


def told(elements: Any) -> list[str]:
    return [each.value for each in elements]


# --- the next wave -----------------------------------------------------------------------------


def test_a_lead_sees_what_would_come_and_then_takes_it(first: Study, second: Study) -> None:
    app = open_page("follow")
    assert app.selectbox(key="waves_earlier.da").options == ["2025"]
    assert "waves_follow" not in keys(app)
    choose_earlier(app)
    would = DA("waves.would", codes="3", there="0", examples="10")
    assert would in told(app.text)
    assert second.state.no == 0  # so far it was only told
    app.text_input(key="waves_label.earlier.2025").set_value(" Før ").run()
    app.button(key="waves_follow").click().run()
    assert not app.exception
    assert set(second.state.codes) == {"h", "t", "b"}
    assert second.state.log[-1].coder == second.coder("Eva")
    assert [each.label for each in second.earlier_waves()] == ["Før"]
    assert second.trend()["wave"].unique().tolist() == ["Før", "2026"]
    assert any(each.startswith("Før: 11 ") for each in told(app.text))
    assert first.state.no == Study.open(first.path).state.no


def test_what_can_not_follow_is_told_in_a_sentence(first: Study, second: Study) -> None:
    second.decide(second.coder("Eva"), CreateCode("x", "Tid"))
    app = choose_earlier(open_page("follow"))
    assert "Tid" in app.error[0].value
    assert "waves_follow" not in keys(app)
    app.text_input(key="waves_label.own.2025").set_value("2025").run()
    assert app.error[0].value == DA("wave.same_label", label="2025")
    first.decide(first.coder("Anna"), SetRole(first.coder("Lea"), "lead"))
    app = choose_earlier(open_page("follow"))
    assert app.error[0].value == DA("waves.not_lead_there")


def test_a_copy_of_what_is_followed_counts_once_and_it_can_be_left(
    first: Study, second: Study
) -> None:
    second.follow(first, "Eva", ("Før", "Nu"))
    shutil.copyfile(first.path, first.path.with_name("kopi.db"))
    app = choose_earlier(open_page("follow"), "kopi")
    app.text_input(key="waves_label.earlier.kopi").set_value("I fjor").run()
    assert DA("waves.instead", before="Før", now="I fjor") in told(app.text)
    app.button(key="waves_follow").click().run()
    assert [each.label for each in second.earlier_waves()] == ["I fjor"]
    no = second.state.no
    app.button(key="unfollow.I fjor").click().run()
    assert not app.exception
    assert second.earlier_waves() == ()
    assert second.state.no == no


def test_nothing_is_taken_in_nobodys_name(second: Study) -> None:
    app = choose_earlier(open_page("follow", coder=""))
    app.button(key="waves_follow").click().run()
    assert second.state.no == 0
    assert app.session_state["message"] == (DA("ui.name_first"), True)


def test_only_studies_beside_this_one_are_reached(
    second: Study, tmp_path: Path, both_waves: Path
) -> None:
    (tmp_path / "link.db").symlink_to(both_waves / "2025.db")
    for name in ("link", f"../{both_waves.name}/2025", str(both_waves / "2025"), "2024"):
        with refused("study.missing", path=name):
            session.study_beside(name)
    assert session.study_beside("2025").state.codes["t"].label == "Tid"


# --- the trend ---------------------------------------------------------------------------------


def test_where_there_is_only_one_wave_the_page_says_why(second: Study) -> None:
    assert told(open_page().info) == [DA("joint.nothing_coded")]
    second.decide(second.coder("Eva"), CreateCode("x", "Andet"))
    app = open_page()
    assert told(app.info) == [DA("waves.no_question")]  # all of them are from 2026
    assert told(take_as(app, "studies").info) == [DA("waves.no_earlier")]
    assert told(take_as(app, "files").info) == [DA("waves.one_file")]
    assert not app.dataframe


def test_the_trend_marks_what_meant_something_else(first: Study, second: Study) -> None:
    second.follow(first, "Eva")
    eva = second.coder("Eva")
    second.decide(eva, ApplyCode("t", ("b0", "b1")))
    second.decide(eva, CreateCode("n", "Nyt"))
    second.decide(eva, ReviseCode("b", definition="Andre borgere"))
    app = open_page()
    assert not app.info
    rows = app.dataframe[0].value.droplevel(0, axis="columns").set_index(["category", "wave"])
    assert rows.loc[("Tid", "2025"), ["count", "n"]].tolist() == [5, 11]
    assert rows.loc[("Borgere", "2025"), "remark"] == DA("trend.then.other")
    assert rows.loc[("Nyt", "2025"), "remark"] == DA("trend.then.none")
    assert pd.isna(rows.loc[("Nyt", "2025"), "count"])  # nobody can have looked for it
    assert rows.loc[("Tid", "2025"), "remark"] == ""
    versions = set(second.trend()["version"])
    assert len(versions) == 2
    (line,) = [each for each in told(app.caption) if all(v in each for v in versions)]
    assert DA("waves.version", wave="2025", version=second.earlier_waves()[0].version) in line


def test_a_question_or_later_files_can_be_the_waves(
    first: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "later.csv").write_text("nr;år;svar\nz1;2026;tid\n", "utf-8")
    first.add(tmp_path / "later.csv")
    monkeypatch.setenv("CODER_STUDY", str(first.path))
    assert first.wave_questions() == {"år": "År"}
    app = open_page()
    by_year = app.dataframe[0].value.droplevel(0, axis="columns")
    assert by_year["wave"].unique().tolist() == ["2025", "2026"]
    by_file = take_as(app, "files").dataframe[0].value.droplevel(0, axis="columns")
    assert by_file["wave"].nunique() == 2
    assert by_file["n"].tolist() == by_year["n"].tolist() == [11, 0] * (len(by_year) // 2)


def test_a_row_of_this_study_leads_to_its_answers(first: Study, second: Study) -> None:
    second.follow(first, "Eva")
    script = """
from coder.ui import session, waves
study = session.study()
for row in study.trend("år").query("code == 't'").to_dict("records"):
    waves._behind(study, row, "år", session.texts())
"""
    app = AppTest.from_string(script, default_timeout=60).run()
    assert not app.exception
    assert told(app.caption) == [DA("waves.answers_elsewhere")]
    link: Any = app.get("page_link")[0]
    assert len(app.get("page_link")) == 1
    assert link.proto.label == DA("behind.both", category="Tid", value="2026")
    found = parse_qs(link.proto.query_string)
    assert (found["codes"], found["item"], found["values"]) == (["t"], ["år"], ["2026"])


def test_a_row_by_file_leads_to_the_answers_of_that_file(
    first: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "later.csv").write_text("nr;år;svar\nz1;2026;tid\nz2;2026;mere\n", "utf-8")
    first.add(tmp_path / "later.csv")
    first.decide(first.coder("Anna"), ApplyCode("t", ("z1",)))
    monkeypatch.setenv("CODER_STUDY", str(first.path))
    script = """
from coder.ui import session, waves
study = session.study()
for row in study.trend(files=True).query("code == 't'").to_dict("records"):
    waves._behind(study, row, None, session.texts(), True)
"""
    app = AppTest.from_string(script, default_timeout=60).run()
    assert not app.exception
    asked = [parse_qs(each.proto.query_string)["ids"] for each in app.get("page_link")]
    assert asked == [[f"a{no:02}" for no in range(5)], ["z1"]]


def test_the_trend_is_among_the_figures_of_a_study_that_follows(
    first: Study, second: Study
) -> None:
    assert "trend" not in first.all_figures(DA)
    second.follow(first, "Eva")
    second.decide(second.coder("Eva"), ApplyCode("t", ("b0",)))
    figure = second.all_figures(DA)["trend"]()
    assert DA("figure.column.wave") in figure.named(DA).columns


# --- what fits no category ---------------------------------------------------------------------


def test_answers_like_none_stand_first_once_they_are_asked_for(first: Study, second: Study) -> None:
    second.follow(first, "Eva")
    app = open_page("uncoded")
    assert not app.dataframe
    app.button(key="waves_look").click().run()
    assert not app.exception
    rows = app.dataframe[0].value
    assert rows["answer"].iloc[0] == "b2"
    assert rows["text"].iloc[0] == "qqq zzz xxx www"
    assert rows["remark"].tolist() == [DA("uncoded.unlike"), "", ""]
    assert DA("uncoded.told", count="3", unlike="1", share="10 %") in told(app.text)


def test_before_anything_is_coded_nothing_can_be_like_it(second: Study) -> None:
    app = open_page("uncoded")
    app.button(key="waves_look").click().run()
    assert told(app.info) == [DA("waves.nothing_to_be_like")]


# --- who sees what -----------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "views"), [("reader", []), ("coder", ["trend", "uncoded"])])
def test_a_role_has_the_parts_it_may_use(
    first: Study, second: Study, role: CoderRole, views: list[str]
) -> None:
    second.follow(first, "Eva")
    second.decide(second.coder("Eva"), SetRole(second.coder("Eva"), "lead"))
    second.decide(second.coder("Eva"), SetRole(second.coder("Rita"), role))
    app = open_page(coder="Rita")
    found = [each for each in app.segmented_control if str(each.key).startswith("waves_view")]
    assert [option for each in found for option in each.options] == [
        DA(f"waves.view_{each}") for each in views
    ]
    assert app.dataframe
