"""What several test files share: the demo study, and how a refusal is expected."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, settings

from coder.demo import make_demo
from coder.errors import UserError
from coder.i18n import LANGUAGES, load_texts
from coder.intake import take_in
from coder.model import Questionnaire, Survey
from coder.study import Study
from coder.survey.ingest import build_survey, code_table

# The same examples on every run: a suite that fails only sometimes is not believed.
settings.register_profile(
    "repeatable",
    derandomize=True,
    deadline=None,
    max_examples=int(os.environ.get("CODER_EXAMPLES", "25")),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("repeatable")


@contextmanager
def refused(key: str, **params: object) -> Iterator[None]:
    """What is done inside must raise this ``UserError``, which both languages can put in words."""
    with pytest.raises(UserError) as caught:
        yield
    error = caught.value
    assert error.key == key
    assert {name: error.params.get(name) for name in params} == params
    for language in LANGUAGES:
        sentence = load_texts(language).error(error)
        assert "{" not in sentence


def survey_of(rows: list[dict[str, Any]], questionnaire: Questionnaire) -> Survey:
    """A survey of these respondents; what a row leaves out is missing."""
    columns = [
        prefix + column
        for question in questionnaire.questions
        for prefix in (
            questionnaire.cases.prefixes if questionnaire.is_about_case(question) else ("",)
        )
        for column in (*question.columns(), *filter(None, [question.elaboration]))
    ]
    table = pd.DataFrame(rows, columns=columns, dtype="str")
    return build_survey(code_table(table, questionnaire), questionnaire)


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo survey's files with the coded study; only to be read."""
    folder = tmp_path_factory.mktemp("demo")
    make_demo(folder, coded=True)
    return folder


@pytest.fixture(scope="session")
def demo(demo_folder: Path) -> Study:
    """The demo study with the expert's categories; only to be read."""
    return Study.open(demo_folder / "demo.db")


@pytest.fixture
def own_path(demo_folder: Path, tmp_path: Path) -> Path:
    """The file of a coded demo study of the test's own, which it may change."""
    return Path(shutil.copyfile(demo_folder / "demo.db", tmp_path / "own.db"))


@pytest.fixture
def own_demo(own_path: Path) -> Study:
    """A coded demo study of the test's own, which it may change."""
    return Study.open(own_path)


@pytest.fixture(scope="session")
def proposed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of the demo study with proposals and no codes; only to be copied."""
    study = make_demo(tmp_path_factory.mktemp("proposed"))
    study.propose(encoder="fake")
    return study.path


@pytest.fixture
def own_proposed(proposed: Path, tmp_path: Path) -> Study:
    """A demo study with proposals and no codes of the test's own, which it may change."""
    return Study.open(Path(shutil.copyfile(proposed, tmp_path / "own.db")))


@pytest.fixture
def shown(own_proposed: Study, monkeypatch: pytest.MonkeyPatch) -> Study:
    """The same, and the pages are about it."""
    monkeypatch.setenv("CODER_STUDY", str(own_proposed.path))
    return own_proposed


@pytest.fixture(scope="session")
def published(checkout: Path) -> Path:
    """The folder of what the founding report published."""
    return checkout / "data" / "published"


@pytest.fixture
def small_path(tmp_path: Path) -> Path:
    """The file of a study with three answers and nothing decided."""
    file = tmp_path / "small.csv"
    file.write_text("nr;why\n1;because\n2;why not\n3;because\n", "utf-8")
    study = Study.create(
        tmp_path / "small.db",
        file,
        take_in([file], open_columns=["why"], id_column="nr").questionnaire,
    )
    return study.path
