"""The other part of the import page: what a file made elsewhere brings, told first, then taken."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from coder.i18n import load_texts
from coder.model import ApplyCode, CreateCode, SetRole
from coder.study import Study

DA = load_texts("da")
# With how many codings there are in the study that the app has kept open since its first page.
PAGE = """
import streamlit as st
from coder.ui import importing, session
session.texts()
importing.show()
st.caption(str(len(session.study().state.all_codings())))
"""


@pytest.fixture
def study(small_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    """A study with three answers and one category, that the page is about."""
    study = Study.open(small_path)
    study.decide(study.coder("Anna"), CreateCode("x", "Tid"))
    monkeypatch.setenv("CODER_STUDY", str(small_path))
    return study


def open_page(kind: str, coder: str = "Anna") -> AppTest:
    app = AppTest.from_string(PAGE, default_timeout=60)
    app.query_params["coder"] = coder
    app.run()
    app.button_group(key="import_view.da").set_value("coding").run()
    return app.button_group(key="elsewhere_kind.da").set_value(kind).run()


def upload(app: AppTest, path: Path) -> AppTest:
    app = (
        app.file_uploader[0].upload(path.name, path.read_bytes(), "application/octet-stream").run()
    )
    assert not app.exception
    return app


def written(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def take(app: AppTest) -> AppTest:
    app = app.button(key="take").click().run()
    assert not app.exception
    return app


def said(app: AppTest) -> list[str]:
    return [each.value for each in app.text]


def mailed(study: Study, tmp_path: Path) -> Study:
    """A copy of the study that Bo has coded in at home."""
    assert isinstance(study.path, Path)
    (tmp_path / "mail").mkdir()
    copy = Study.open(Path(shutil.copyfile(study.path, tmp_path / "mail" / "bos.db")))
    copy.decide(copy.coder("Bo"), ApplyCode("x", ("1", "2")))
    return copy


def test_a_codebook_is_told_then_taken(study: Study, tmp_path: Path) -> None:
    before = study.state.no
    app = upload(open_page("codebook"), written(tmp_path / "b.csv", "label\nMad\nVin\n"))
    assert DA("cli.codebook.would", count=2, coders="Anna") in said(app)
    assert study.state.no == before
    app = take(app)
    assert app.success[0].value == DA("cli.codebook.done", count=2, coders="Anna")
    assert [each.label for each in study.state.codes.values()] == ["Tid", "Mad", "Vin"]
    assert app.file_uploader[0].value is None


def test_what_is_there_already_is_listed_and_nothing_can_be_taken(
    study: Study, tmp_path: Path
) -> None:
    app = upload(open_page("codebook"), written(tmp_path / "b.csv", "label\nMad\ntid\n"))
    assert app.error[0].value == DA("exchange.refused", count=1)
    assert app.dataframe[0].value.iloc[0, 0] == DA("codes.exists", row=3, label="tid")
    assert not app.button


def test_codings_come_in_as_those_of_their_coders(study: Study, tmp_path: Path) -> None:
    rows = "answer;code;coder\n1;Tid;Bo\n2;tid;Bo\n3;Tid;Eva\n"
    app = take(upload(open_page("codings"), written(tmp_path / "k.csv", rows)))
    assert app.success[0].value == DA("cli.import_codings.done", count=3, coders="Bo, Eva")
    names = study.state.coders
    codings = {(names[who], answer): codes for (who, answer), codes in study.state.codings.items()}
    assert codings == {("Bo", "1"): ("x",), ("Bo", "2"): ("x",), ("Eva", "3"): ("x",)}
    app = upload(app, tmp_path / "k.csv")
    assert app.info[0].value == DA("elsewhere.nothing_new")
    assert DA("cli.import_codings.there", count=3) in said(app)
    assert not app.button


def test_a_file_that_is_none_is_refused_by_its_own_name(study: Study, tmp_path: Path) -> None:
    app = upload(open_page("codings"), written(tmp_path / "k.csv", "svar;kode\n1;Tid\n"))
    assert app.error[0].value == DA("codings.no_column", path="k.csv", column="answer")
    for kind, name in (("project", "p.qdpx"), ("copy", "k.db")):
        app = upload(open_page(kind), written(tmp_path / name, "nothing of the kind"))
        assert len(app.error) == 1
        assert name in app.error[0].value
        assert str(tmp_path) not in app.error[0].value


def test_a_project_brings_its_codebook_and_codings(study: Study, tmp_path: Path) -> None:
    copy = mailed(study, tmp_path)
    copy.decide(copy.coder("Bo"), CreateCode("y", "Sted"))
    copy.decide(copy.coder("Bo"), ApplyCode("y", ("3",)))
    project = tmp_path / "p.qdpx"
    copy.export(project, "qdpx", DA, unpublished=True)
    app = upload(open_page("project"), project)
    assert DA("cli.project.would", codes=1, codings=3, coders="Bo") in said(app)
    take(app)
    labels = sorted(study.state.codes[each.code].label for each in study.state.all_codings())
    assert labels == ["Sted", "Tid", "Tid"]


def test_a_project_becomes_a_study_with_its_codings(study: Study, tmp_path: Path) -> None:
    project = tmp_path / "p.qdpx"
    mailed(study, tmp_path).export(project, "qdpx", DA, unpublished=True)
    assert isinstance(study.path, Path)
    made_at = study.path.with_name("p.db")
    for coder in ("", "Anna"):
        assert not made_at.exists()
        app = AppTest.from_string(PAGE, default_timeout=60)
        app.query_params["coder"] = coder
        app = upload(app.run(), project)
        app.button(key="import").click().run()
    made = Study.open(made_at)
    assert len(made.state.all_codings()) == 2
    assert list(made.state.coders.values()) == ["Anna", "Bo"]


def test_a_copy_is_joined_and_the_open_app_sees_it(study: Study, tmp_path: Path) -> None:
    copy = mailed(study, tmp_path)
    app = open_page("copy")
    study.decide(study.coder("Anna"), ApplyCode("x", ("3",)))
    app = upload(app, Path(str(copy.path)))
    assert DA("cli.join.would_add", added=2, shared=2) in said(app)
    assert app.dataframe[0].value.iloc[:, 0].tolist() == ["Bo", "Bo"]
    assert app.caption[-1].value == "1"
    app = take(app)
    assert app.success[0].value == DA("cli.join.done", added=2, shared=2)
    assert len(study.state.all_codings()) == 3
    assert app.caption[-1].value == "3"


def test_names_in_the_way_are_listed_and_both_can_be_kept(study: Study, tmp_path: Path) -> None:
    copy = mailed(study, tmp_path)
    copy.decide(copy.coder("Bo"), CreateCode("b", "Sted"))
    study.decide(study.coder("Anna"), CreateCode("a", "sted"))
    before = study.state.no
    app = upload(open_page("copy"), Path(str(copy.path)))
    assert app.error[0].value == DA("elsewhere.clashes", count=1)
    assert not app.button
    app.toggle(key="elsewhere_both").set_value(True).run()
    assert study.state.no == before
    take(app)
    labels = {each.label.casefold() for each in study.state.codes.values()}
    assert labels == {"tid", "sted", "sted (2)"}


def test_roles_in_a_copy_are_pointed_out(study: Study, tmp_path: Path) -> None:
    anna = study.coder("Anna")
    study.decide(anna, SetRole(anna, "lead"))
    copy = mailed(study, tmp_path)
    copy.decide(anna, SetRole(copy.coder("Bo"), "lead"))
    app = upload(open_page("copy"), Path(str(copy.path)))
    assert [each.value for each in app.warning] == [DA("elsewhere.roles")]


def test_who_has_no_name_is_asked_for_it(study: Study, tmp_path: Path) -> None:
    app = upload(open_page("codebook", coder=""), written(tmp_path / "b.csv", "label\nMad\n"))
    assert app.info[0].value == DA("ui.name_first")
    assert not app.button
