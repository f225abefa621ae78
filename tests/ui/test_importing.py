"""The import page: what it shows of a file, what can be corrected, and what it stores."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from coder.i18n import LANGUAGES, Language, load_texts
from coder.study import Study

SURVEY = """id;koen;alder;fortael
1;Kvinde;30;Vi holdt samtaler på skærm i jobcentret, og det virkede godt
2;Mand;31;Vi gik ture med de ældre i haven og sang for dem hver dag
3;Kvinde;45;Vi flyttede undervisningen ud i skoven hele foråret
4;Mand;50;Vi delte medarbejderne i faste hold, som ikke mødtes
"""
DA = load_texts("da")
# The page as the app has it: the overview is where one goes when a study was made.
PAGES = """
import streamlit as st
from coder.ui import importing, overview, session
session.texts()  # remembers the language, as the app does
first = st.Page(overview.show, title="o", url_path="overview", default=True)
second = st.Page(importing.show, title="i", url_path="import")
page = st.navigation([first, second])
if page == first and "went" not in st.session_state:
    st.session_state["went"] = True
    st.switch_page(second)
page.run()
"""


@pytest.fixture
def folder(small_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the study that the server shows."""
    folder = tmp_path / "server"
    folder.mkdir()
    shutil.copy(small_path, folder / "own.db")
    monkeypatch.setenv("CODER_STUDY", str(folder / "own.db"))
    return folder


def open_page(language: Language = "da") -> AppTest:
    app = AppTest.from_string(PAGES, default_timeout=60)
    app.query_params["lang"] = language
    return app.run()


def upload(app: AppTest, text: str = SURVEY, name: str = "lille.csv") -> AppTest:
    return app.file_uploader(key="files").upload(name, text.encode(), "text/csv").run()


def kinds(app: AppTest) -> dict[str, str]:
    """What the table of questions says; it is made anew with every correction."""
    table = next(each.value for each in app.dataframe if "kind" in each.value.columns)
    return dict(zip(table["name"], table["kind"], strict=True))


def text_field(app: AppTest) -> str:
    return str(app.text_area[0].value)


def correct(app: AppTest, text: str) -> AppTest:
    app.text_area[0].set_value(text)
    return app.button(key="use_yaml").click().run()


def names(folder: Path) -> set[str]:
    """The files of the folder; not the folders of backups, which are made beside what is open."""
    return {path.name for path in folder.iterdir() if path.is_file()}


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("language", LANGUAGES)
def test_before_a_file_there_is_only_the_invitation(language: Language) -> None:
    app = open_page(language)
    assert not app.exception
    assert app.info[0].value == load_texts(language)("importing.start")
    assert len(app.button) == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_understood_is_shown_and_nothing_is_stored(
    folder: Path, language: Language
) -> None:
    texts = load_texts(language)
    app = upload(open_page(language))
    assert not app.exception
    assert kinds(app) == {
        "id": texts("kind.id"), "koen": texts("kind.background"), "alder": texts("kind.number"),
        "fortael": texts("kind.open"),
    }  # fmt: skip
    said = [each.value for each in app.text]
    size = texts("importing.size", rows="4", columns=4)
    assert any(each.startswith(f"lille.csv · {size}") for each in said)
    assert app.success[0].value == texts("importing.nothing_odd")
    assert names(folder) == {"own.db"}


def test_what_was_understood_is_stored_as_a_study(folder: Path) -> None:
    app = upload(open_page())
    assert app.text_input[0].value == "lille"
    app.text_input[0].set_value("Ny undersøgelse").run()
    app.button(key="import").click().run()
    assert not app.error
    assert names(folder) == {"own.db", "Ny-undersøgelse.db"}
    study = Study.open(folder / "Ny-undersøgelse.db")
    assert study.survey.answers["text"].tolist() == [
        line.split(";")[-1] for line in SURVEY.splitlines()[1:]
    ]


def test_a_correction_counts_in_the_table_and_in_the_study(folder: Path) -> None:
    app = upload(open_page())
    yaml = text_field(app).replace("name: alder\n  kind: number", "name: alder\n  kind: ignore")
    app = correct(app, yaml)
    assert kinds(app)["alder"] == DA("kind.ignore")
    assert text_field(app) == yaml
    app.button(key="import").click().run()
    assert Study.open(folder / "lille.db").questionnaire.question("alder").kind == "ignore"


@pytest.mark.usefixtures("folder")
def test_what_stops_is_said_and_nothing_can_be_stored() -> None:
    app = upload(open_page())
    app = correct(app, text_field(app).replace("label: Mand", "label: Dreng"))
    assert len(app.error) == 1
    assert "Mand" in app.error[0].value
    assert app.button(key="import").disabled


@pytest.mark.usefixtures("folder")
def test_a_questionnaire_that_is_none_leaves_what_was_understood() -> None:
    app = upload(open_page())
    before = kinds(app)
    app = correct(app, "questions: nej")
    assert not app.exception
    assert kinds(app) == before
    assert not app.button(key="import").disabled


def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(folder: Path) -> None:
    app = upload(open_page(), "no workbook", "x.xlsx")
    assert not app.exception
    assert len(app.error) == 1
    assert "x.xlsx" in app.error[0].value
    assert names(folder) == {"own.db"}


@pytest.mark.usefixtures("folder")
def test_another_file_is_understood_anew() -> None:
    app = upload(open_page())
    app = correct(app, text_field(app).replace("kind: number", "kind: ignore"))
    app.file_uploader(key="files").set_value([("b.csv", b"a;b\n1;2\n2;3\n", "text/csv")])
    assert set(kinds(app.run())) == {"a", "b"}


def test_a_study_is_not_stored_over_another(folder: Path) -> None:
    before = (folder / "own.db").read_bytes()
    app = upload(open_page())
    app.text_input[0].set_value("own").run()
    app.button(key="import").click().run()
    assert not app.exception
    assert (folder / "own.db").read_bytes() == before
    assert names(folder) == {"own.db"}


def test_a_given_questionnaire_is_used_instead_of_a_guess(folder: Path) -> None:
    app = open_page()
    form = b"title: Min\nquestions: [{name: id, kind: id}, {name: fortael, kind: open}]"
    app.file_uploader(key="form").upload("q.yaml", form, "text/yaml")
    app = upload(app)
    assert list(kinds(app)) == ["id", "fortael"]
    app.button(key="import").click().run()
    assert Study.open(folder / "lille.db").questionnaire.title == "Min"


def test_a_later_file_is_added_to_the_study_that_is_open(folder: Path) -> None:
    app = upload(open_page(), "nr;why\n1;because of that\n4;late\n", "later.csv")
    app.radio(key="way").set_value("to_this").run()
    assert not app.exception
    assert DA("cli.import.added", respondents=1, values=0) in [each.value for each in app.text]
    app.radio(key="which").set_value("take").run()
    app.button(key="add").click().run()
    texts = Study.open(folder / "own.db").survey.answers["text"].tolist()
    assert texts == ["because of that", "why not", "because", "late"]


def test_without_saying_so_the_earlier_values_count(folder: Path) -> None:
    app = upload(open_page(), "nr;why\n1;because of that\n", "later.csv")
    app.radio(key="way").set_value("to_this").run()
    app.button(key="add").click().run()
    assert Study.open(folder / "own.db").survey.answers["text"].iloc[0] == "because"
