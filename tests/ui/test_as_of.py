"""Looking back from the log: the codebook and the codings then, beside those of today."""

from __future__ import annotations

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from coder.i18n import LANGUAGES, Language, load_texts
from coder.model import (
    ApplyCode,
    CreateCode,
    MergeCodes,
    MoveCode,
    RemoveCode,
    ReviseCode,
    SetStatus,
    Undo,
)
from coder.study import Study

DA = load_texts("da")


@pytest.fixture
def study(shown: Study) -> Study:
    """Anna's coding in two halves; entry 6 is where the second begins."""
    anna = shown.coder("Anna")
    shown.decide(anna, CreateCode("a", "Gåture", "Ud i det fri."))  # 2
    shown.decide(anna, CreateCode("b", "*Skærm*"))  # 3
    shown.decide(anna, CreateCode("c", "Job"))  # 4
    shown.decide(anna, ApplyCode("a", ("R002", "R004", "R005")))  # 5
    shown.decide(anna, ApplyCode("b", ("R005", "R006")))  # 6
    shown.decide(anna, ReviseCode("a", "Ture"))  # 7
    shown.decide(anna, MergeCodes("b", "c"))  # 8
    shown.decide(anna, CreateCode("d", "Sang"))  # 9
    shown.decide(anna, MoveCode("c", "d"))  # 10
    shown.decide(anna, RemoveCode("a", ("R002",)))  # 11
    return shown


def open_at(no: int | None, language: Language = "da") -> AppTest:
    """The page of the log, looking back at this entry; None: by the switch alone."""
    app = AppTest.from_string(
        "from coder.ui import decisions\ndecisions.show()", default_timeout=60
    )
    app.query_params["lang"] = language
    app.query_params["coder"] = "Anna"
    app.run()
    if no is None:
        return app.segmented_control(key="log_view").set_value("then").run()
    app.radio[0].set_value(no).run()
    return app.button(key="as_of").click().run()


def codebook(app: AppTest) -> list[tuple[str, ...]]:
    """Label, then, today and what has become of it."""
    table: pd.DataFrame = app.dataframe[0].value
    return [tuple(row[:4]) for row in table.itertuples(index=False)]


def codings(app: AppTest) -> list[tuple[str, ...]]:
    """Answer, coder, codes then and codes today."""
    table: pd.DataFrame = app.dataframe[1].value
    return [tuple(row[:4]) for row in table.itertuples(index=False)]


@pytest.mark.usefixtures("study")
def test_the_codebook_then_beside_the_counts_of_today() -> None:
    app = open_at(6)
    assert codebook(app) == [
        ("Gåture", "3", "2", "hedder nu »Ture«"),
        ("*Skærm*", "2", "–", "lagt ind under »Sang › Job«"),
        ("Job", "0", "2", "flyttet i kodebogen"),
        ("Sang", "–", "0", "kommet til siden"),
    ]
    assert DA("then.codes", then="3", now="3") in [text.value for text in app.text]
    assert app.dataframe[0].value[DA("column.definition")].tolist()[0] == "Ud i det fri."


@pytest.mark.usefixtures("study")
def test_the_codings_that_are_others_today_and_then_all() -> None:
    app = open_at(6)
    other = [
        ("R002", "Anna", "Gåture", ""),
        ("R005", "Anna", "Gåture · *Skærm*", "Ture · Sang › Job"),
        ("R006", "Anna", "*Skærm*", "Sang › Job"),
    ]
    assert codings(app) == other
    assert DA("then.changed", count="3", total="4") in [text.value for text in app.text]
    app.toggle(key="as_of_every").set_value(True).run()
    assert codings(app) == [other[0], ("R004", "Anna", "Gåture", "Ture"), *other[1:]]


@pytest.mark.usefixtures("study")
def test_the_slider_and_the_steps() -> None:
    app = open_at(6)
    assert app.slider(key="as_of_no").value == 6
    assert "6. Kodede R005, R006 som »Job«" not in [text.value for text in app.text]  # not merged
    assert "6. Kodede R005, R006 som »*Skærm*«" in [text.value for text in app.text]
    app.button(key="as_of_earlier").click().run()
    assert (app.slider(key="as_of_no").value, codebook(app)[1][1]) == (5, "0")
    app.slider(key="as_of_no").set_value(8).run()
    assert codebook(app)[0] == ("Ture", "3", "2", "")
    app.button(key="as_of_later").click().run()
    assert app.slider(key="as_of_no").value == 9


@pytest.mark.usefixtures("study")
@pytest.mark.parametrize("language", LANGUAGES)
def test_before_anything_and_now(language: Language) -> None:
    texts, app = load_texts(language), open_at(None, language)
    assert app.slider(key="as_of_no").value == 11
    assert app.button(key="as_of_later").disabled
    assert texts("then.changed", count="0", total="3") in [text.value for text in app.text]
    assert len(app.dataframe) == 1  # nothing is coded differently
    app.slider(key="as_of_no").set_value(0).run()
    assert not app.exception
    assert app.button(key="as_of_earlier").disabled
    assert texts("then.beginning") in [text.value for text in app.text]
    assert {row[3] for row in codebook(app)} == {texts("then.since.new")}


def test_what_is_undone_today_stood_then(study: Study) -> None:
    study.decide(study.coder("Anna"), Undo(11))
    app = open_at(11)
    assert codings(app) == [("R002", "Anna", "", "Ture")]


def test_what_is_set_aside_counts_where_it_was_an_answer(study: Study) -> None:
    study.decide(study.coder("Anna"), SetStatus(("R004",), "noise"))
    assert codebook(open_at(11))[0][:3] == ("Ture", "2", "1")


@pytest.mark.usefixtures("study")
def test_back_to_the_list_the_entry_is_still_chosen() -> None:
    app = open_at(6)
    app.segmented_control(key="log_view").set_value("list").run()
    assert app.radio[0].value == 6
