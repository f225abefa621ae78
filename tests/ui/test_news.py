"""When an open page is drawn again: for what its person may see, and for nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from coder.intake import take_in
from coder.model import (
    AddCoder,
    ApplyCode,
    CreateCode,
    Decision,
    MarkAnswers,
    MoveCode,
    ReviseCode,
    SetRole,
    WriteMemo,
)
from coder.study import Study, seen_as
from coder.ui import news


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """Eva leads; Anna and Bo are in a blind round on two of three answers."""
    (tmp_path / "few.csv").write_text("nr;hvad\n1;Nyt\n2;Mere nyt\n3;Gammelt", "utf-8")
    form = take_in([tmp_path / "few.csv"], open_columns=["hvad"], id_column="nr").questionnaire
    study = Study.create(tmp_path / "study.db", tmp_path / "few.csv", form)
    for coder in ("eva", "anna", "bo"):
        study.decide(coder, AddCoder(coder, coder.title()))
    for code in ("walk", "swim"):
        study.decide("eva", CreateCode(code, code))
    study.decide("eva", SetRole("anna", "coder"))
    study.decide("eva", study.plan_round("r", "Første", ["anna", "bo"], answers=["1", "2"]))
    return study


def drawn(study: Study, page: str, coder: str) -> tuple[object, object, object]:
    seen = seen_as(study, study.state.role(coder), coder)
    return news._frame(seen), news._codes(seen), news._work(seen, page)


@pytest.mark.parametrize(
    "decision",
    [CreateCode("run", "run"), ReviseCode("walk", "Walks"), MoveCode("walk", None, None)],
)
def test_a_codebook_that_is_another_is_news_on_every_page(study: Study, decision: Decision) -> None:
    before = drawn(study, "coding", "anna")
    study.decide("eva", decision)
    assert drawn(study, "coding", "anna")[1] != before[1]


def test_what_one_may_not_see_stirs_no_page(study: Study) -> None:
    pages = ("overview", "codebook", "log", "grid")
    before = [drawn(study, page, who) for page in pages for who in ("anna", "eva")]
    for decision in (
        ApplyCode("walk", ("1", "2")),
        WriteMemo("1", "hm"),
        MarkAnswers(("1",), "done"),
    ):
        study.decide("bo", decision)
    study.undo("bo")
    study.redo("bo")
    assert [drawn(study, page, who) for page in pages for who in ("anna", "eva")] == before
    study.decide("bo", ApplyCode("walk", ("3",)))
    assert drawn(study, "overview", "anna") != before[0]


def test_how_far_a_blind_round_is_is_news_where_it_is_told(study: Study) -> None:
    before = drawn(study, "rounds", "eva")
    study.decide("bo", MarkAnswers(("1",), "done"))
    assert drawn(study, "rounds", "eva") != before


def test_the_pulse_tells_that_something_was_decided_and_nothing_of_it(study: Study) -> None:
    client = TestClient(Starlette(routes=[Route("/news/{key}", news.pulse)]))
    address = f"/news/{news._key(study)}"
    first = client.get(address).json()
    assert client.get(address).json() == first
    study.decide("bo", ApplyCode("walk", ("1",)))
    coded = client.get(address).json()
    assert coded == {**first, "log": first["log"] + 1}
    study.decide("eva", CreateCode("run", "Løbeture"))
    answer = client.get(address)
    assert answer.json() == {**coded, "codes": answer.json()["codes"], "log": coded["log"] + 1}
    assert answer.json()["codes"] != first["codes"]
    assert "run" not in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_a_study_is_watched_by_a_name_that_only_its_pages_know(study: Study) -> None:
    client = TestClient(Starlette(routes=[Route("/news/{key}", news.pulse)]))
    assert news._key(study) == news._key(study)
    assert client.get(f"/news/{study.path.stem}").status_code == 404
