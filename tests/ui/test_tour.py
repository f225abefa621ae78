"""The tour: a step on every page, on in the demo study alone, and gone when it is closed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from coder.i18n import LANGUAGES, Language, load_texts
from coder.study import Study
from coder.ui.app import _PAGES
from coder.ui.tour import STEPS

DA = load_texts("da")
NAMES = [name for name, *_ in _PAGES]


@pytest.fixture
def demo_study(proposed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A study that is called what the demo is called."""
    path = Path(shutil.copyfile(proposed, tmp_path / "demo.db"))
    monkeypatch.setenv("CODER_STUDY", str(path))
    return path


def open_app(checkout: Path, language: Language = "da", **query: str) -> AppTest:
    app = AppTest.from_file(str(checkout / "app_streamlit.py"), default_timeout=60)
    app.query_params["lang"] = language
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def keys(app: AppTest) -> set[str]:
    return {str(each.key) for each in app.button}


def captions(app: AppTest) -> list[str]:
    return [each.value for each in app.caption]


def test_every_page_has_a_step_in_its_order() -> None:
    assert [step for step in STEPS if step in NAMES] == NAMES


@pytest.mark.usefixtures("demo_study")
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_begins_by_itself_in_the_demo_study(checkout: Path, language: Language) -> None:
    texts, app = load_texts(language), open_app(checkout, language)
    assert not app.exception
    assert texts("tour.step", no=1, count=len(NAMES)) in captions(app)
    said = [each.value for each in app.text]
    assert texts("tour.overview.about") in said
    assert texts("tour.overview.try") in said
    label = texts("tour.next", page=texts(f"page.{NAMES[1]}.title"))
    assert app.button(key="tour_next").label == label
    assert "tour_back" not in keys(app)  # it is the first
    assert "tour_begin" not in keys(app)  # it has begun


@pytest.mark.usefixtures("demo_study")
def test_it_is_closed_and_stays_so_after_a_reload(checkout: Path) -> None:
    app = open_app(checkout)
    app.button(key="tour_close").click().run()
    assert "tour_next" not in keys(app)
    assert app.query_params["tour"] == "off"
    again = open_app(checkout, tour="off")
    assert "tour_next" not in keys(again)
    again.button(key="tour_begin").click().run()
    assert "tour_next" in keys(again)
    assert again.query_params["tour"] == "on"


def test_in_another_study_it_comes_only_when_asked_for(shown: Study, checkout: Path) -> None:
    assert shown.path.name != "demo.db"
    app = open_app(checkout)
    assert "tour_close" not in keys(app)
    app.button(key="tour_begin").click().run()
    assert "tour_close" in keys(app)


@pytest.mark.usefixtures("demo_study")
def test_what_an_address_says_wrongly_counts_for_nothing(checkout: Path) -> None:
    assert "tour_close" in keys(open_app(checkout, tour="maybe"))


SCRIPT = """
from coder.i18n import load_texts
from coder.ui import tour
tour.show({page!r}, {there!r}, load_texts("da"))
"""


def step_of(page: str, there: list[str]) -> AppTest:
    script = SCRIPT.format(page=page, there=there)
    return AppTest.from_string(script, default_timeout=60).run()


@pytest.mark.usefixtures("demo_study")
@pytest.mark.parametrize("page", NAMES)
def test_the_steps_before_and_after(page: str) -> None:
    app, no = step_of(page, NAMES), NAMES.index(page)
    labels = {str(each.key): each.label for each in app.button}
    around = {"tour_back": no - 1, "tour_next": no + 1}
    expected = {
        key: DA(key.replace("_", "."), page=DA(f"page.{NAMES[at]}.title"))
        for key, at in around.items()
        if 0 <= at < len(NAMES)
    }
    assert labels == expected | {"tour_close": DA("tour.close")}
    assert DA("tour.step", no=no + 1, count=len(NAMES)) in captions(app)


@pytest.mark.usefixtures("demo_study")
def test_a_page_that_is_not_there_is_passed_over() -> None:
    app = step_of("coding", ["overview", "coding", "log"])
    assert app.button(key="tour_next").label == DA("tour.next", page=DA("page.log.title"))


@pytest.mark.usefixtures("demo_study")
def test_a_page_without_a_step_has_no_box() -> None:
    assert not step_of("nowhere", NAMES).button
