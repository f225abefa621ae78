"""The page from which files go out: what a lead decides there, and what stays behind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from coder.i18n import load_texts
from coder.model import PermitPublishing, SetRole
from coder.study import Study
from coder.ui import exporting
from tests.leaving import NAMES, REFUSED, coded_study

DA = load_texts("da")


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], Study]:
    """A small study coded by Eva, who leads it, and Bo; with a consent question or without."""

    def made(consent: bool) -> Study:
        study = coded_study(tmp_path / "own.db", consent)
        monkeypatch.setenv("CODER_STUDY", str(study.path))
        study.decide("eva", SetRole("eva", "lead"))
        study.decide("eva", SetRole("bo", "coder"))
        return study

    return made


def open_page(coder: str = "Eva Kodersen") -> AppTest:
    app = AppTest.from_string("from coder.ui import exporting\nexporting.show()")
    app.default_timeout = 120
    app.query_params["coder"] = coder
    return app.run()


def fetch(app: AppTest) -> list[Any]:
    return [each for each in app.get("download_button") if "fetch.export" in each.proto.id]


def test_without_consent_nothing_leaves_until_a_lead_decides(
    make: Callable[[bool], Study],
) -> None:
    study = make(False)
    app = open_page()
    assert DA("exporting.nothing_leaves") in [each.value for each in app.info]
    assert not fetch(app)
    (form,) = app.radio
    form.set_value("anonymous").run()
    assert not app.exception
    assert study.publishing() == PermitPublishing("anonymous")
    assert study.state.log[-1].coder == "eva"
    assert len(fetch(app)) == 1
    (smallest,) = app.number_input
    smallest.set_value(5).run()
    assert study.publishing() == PermitPublishing("anonymous", 5)
    (cells,) = app.multiselect
    cells.set_value(["kommune"]).run()
    assert study.publishing() == PermitPublishing("anonymous", 5, ("kommune",))


def test_who_does_not_lead_is_told_and_can_not_decide(make: Callable[[bool], Study]) -> None:
    make(True)
    app = open_page("Bo Kodersen")
    assert DA("exporting.now", form=DA("publishing.named")) in [each.value for each in app.text]
    assert not app.radio
    assert not [each for each in app.toggle if each.key == "exporting_unpublished"]
    assert len(fetch(app)) == 1


def test_what_stays_behind_is_told_with_why(make: Callable[[bool], Study]) -> None:
    study = make(True)
    app = open_page()
    assert not app.dataframe
    app.button(key="exporting_look").click().run()
    assert not app.exception
    rows = app.dataframe[0].value
    whole = rows[rows["what"] == DA("exporting.whole_answer")]
    refused = [DA("exporting.reason.refused"), DA("exporting.reason.unanswered")]
    assert whole["why"].tolist() == refused
    assert whole["answer"].tolist() == study.survey.answers.index[-2:].tolist()
    assert DA("exporting.no_last") in [each.value for each in app.text]


def test_the_file_is_the_export(make: Callable[[bool], Study], tmp_path: Path) -> None:
    study = make(True)
    (tmp_path / "page.xlsx").write_bytes(exporting._export(study, DA, "xlsx", False, False))
    page = openpyxl.load_workbook(tmp_path / "page.xlsx")
    study.export(tmp_path / "command.xlsx", "xlsx", DA)
    command = openpyxl.load_workbook(tmp_path / "command.xlsx")
    assert page.sheetnames == command.sheetnames
    for name in page.sheetnames:
        assert list(page[name].values) == list(command[name].values)
    own = exporting._export(study, DA, "csv", True, False).decode("utf-8-sig")
    assert REFUSED[0] in own
    assert NAMES[0] not in exporting._bundle(study, DA, False).decode("latin-1")
