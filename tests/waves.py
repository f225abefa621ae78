"""A survey that was made twice: ten coded answers, and three new ones, the last like none."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from coder.model import (
    ApplyCode,
    CreateCode,
    MarkAnswers,
    MoveCode,
    RetireCode,
    ReviseCode,
    SetStatus,
)
from coder.study import Study
from coder.survey.questionnaire import parse_questionnaire

FORM = """
title: {title}
language: da
cases: {{questions: [svar]}}
questions:
  - {{name: nr, kind: id}}
  - name: år
    kind: background
    label: År
  - {{name: svar, kind: open, label: Hvorfor?}}
"""
TIME = ["vi sparer tid hver dag", "det sparer tid for os", "der er sparet meget tid",
        "tid er sparet her", "vi har sparet tid"]  # fmt: skip
PEOPLE = ["borgerne bliver glade", "glade borgere", "borgerne er mere glade",
          "det gør borgerne glade", "gladere borgere"]  # fmt: skip
NEW = ["vi sparer tid", "borgerne er glade", "qqq zzz xxx www"]


def made(folder: Path, name: str, rows: list[tuple[str, str, str]]) -> Study:
    table = pd.DataFrame(rows, columns=["nr", "år", "svar"])
    table.to_csv(folder / f"{name}.csv", index=False, sep=";")
    form = parse_questionnaire(FORM.format(title=name))
    study = Study.create(folder / f"{name}.db", folder / f"{name}.csv", form)
    study.propose(encoder="fake")
    return study


def two_waves(folder: Path) -> None:
    """Make ``2025.db``, coded by Anna, and ``2026.db``, in which nothing is decided."""
    texts = [*TIME, *PEOPLE, "ved ikke", "intet nyt"]
    first = made(folder, "2025", [(f"a{n:02}", "2025", text) for n, text in enumerate(texts)])
    anna, answers = first.coder("Anna"), list(first.survey.answers.index)
    for decision in (
        CreateCode("h", "Gevinst", codable=False),
        CreateCode("r", "Ude", parent="h"),
        CreateCode("t", "Tid", "Om tid", "h"),
        CreateCode("b", "Borgere"),
        MoveCode("b", "r"),
        RetireCode("r"),
        ReviseCode("t", include="sparet tid", memo="husk", examples=(answers[0],)),
        ApplyCode("t", tuple(answers[:5])),
        ApplyCode("b", tuple(answers[5:10])),
        SetStatus((answers[10],), "dont_know"),
        MarkAnswers((answers[11],), "nothing"),
    ):
        first.decide(anna, decision)
    made(folder, "2026", [(f"b{n}", "2026", text) for n, text in enumerate(NEW)])


@pytest.fixture(scope="session")
def both_waves(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the two waves; only to be copied."""
    folder = tmp_path_factory.mktemp("waves")
    two_waves(folder)
    return folder


@pytest.fixture
def first(both_waves: Path, tmp_path: Path) -> Study:
    """The earlier wave."""
    return Study.open(Path(shutil.copyfile(both_waves / "2025.db", tmp_path / "2025.db")))
