"""`coder score` and what it prints beside the steps; the score in exports."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from coder.cli import main
from coder.i18n import LANGUAGES, Language, load_texts
from coder.study import Study
from tests.fixtures import refused


@pytest.fixture(params=LANGUAGES)
def lang(request: pytest.FixtureRequest) -> Language:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def printed(demo_folder: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """What ``coder score`` prints of the demo with these options."""

    def printed(*options: str, lang: Language = "da") -> str:
        capsys.readouterr()
        assert main(["--lang", lang, "score", str(demo_folder / "demo.db"), *options]) == 0
        return capsys.readouterr().out

    return printed


def test_a_case_is_explained_down_to_its_score(printed: Any, lang: Language) -> None:
    lines = printed("--explain", "R004", lang=lang).splitlines()
    texts = load_texts(lang)
    assert len(lines) == 1 + 13 + 2
    assert lines[-1] == texts("score.explained", score=texts.number(0.5, 3))
    skipped = next(line for line in lines if texts("score.skipped") in line)
    assert texts("score.reversed", item="").strip() in skipped
    (unknown,) = (line for line in lines if "Ved ikke" in line)
    assert "–" in unknown


def test_a_case_that_a_rule_leaves_out_is_told_so(demo: Study, printed: Any) -> None:
    cases = demo.scores().cases
    case = cases.index[cases["left_out"] == "dont_know"][0]
    texts = load_texts("da")
    said = texts("score.explained_out", rule=texts("score.rule.dont_know"))
    assert printed("--explain", case).splitlines()[-1] == said
    found = json.loads(printed("--explain", case, "--json"))
    assert (found["score"], found["left_out"]) == (None, "dont_know")


def test_an_explanation_as_json_adds_up(printed: Any) -> None:
    found = json.loads(printed("--explain", "R004", "--json"))
    assert set(found) == {"items", "left_out", "score"}
    assert sum(item["adds"] for item in found["items"]) == pytest.approx(found["score"])
    assert [item["kind"] for item in found["items"]].count("dont_know") == 1


def test_a_case_that_is_not_there_is_refused(demo: Study) -> None:
    with refused("score.no_case", case="R9999"):
        demo.explained("R9999")


def test_the_ranking_keeps_the_score_to_itself_unless_asked(printed: Any, lang: Language) -> None:
    texts = load_texts(lang)
    plain = printed("--ranking", lang=lang).splitlines()
    assert len(plain) == 1 + 149
    assert texts("column.score") not in plain[0]
    assert not any(sign in line for line in plain for sign in (",", "."))
    full = printed("--ranking", "--with-score", lang=lang).splitlines()
    assert texts("column.score") in full[0]
    assert texts.number(1, 3) in full[1]


def test_the_ranking_as_json(printed: Any) -> None:
    plain = json.loads(printed("--ranking", "--json"))
    assert set(plain[0]) == {"case", "rank", "tied", "above"}
    assert sum(each["above"] for each in plain) == 60
    full = json.loads(printed("--ranking", "--with-score", "--json"))
    assert set(full[0]) - set(plain[0]) == {"score", "error", "low", "high", "chance_above"}


def test_the_sensitivity_names_every_change(printed: Any, lang: Language) -> None:
    lines = printed("--sensitivity", lang=lang).splitlines()
    assert len(lines) == 1 + 14
    assert lines[1].startswith(load_texts(lang)("sensitivity.none"))
    assert " 60 " in lines[1]
    assert any(("Uden Virkning" if lang == "da" else "Without Impact") in line for line in lines)


def test_the_sensitivity_as_json_names_who_comes_and_goes(printed: Any) -> None:
    found = json.loads(printed("--sensitivity", "--json"))
    lower = next(each for each in found if each["to"] == "0.75")
    assert (lower["lost"], len(lower["gained"])) == ([], lower["above"] - 60)


def test_the_reliability_is_printed_with_its_note(
    demo_folder: Path, capsys: pytest.CaptureFixture[str], lang: Language
) -> None:
    assert main(["--lang", lang, "score", str(demo_folder / "demo.db"), "--reliability"]) == 0
    ran = capsys.readouterr()
    assert len(ran.out.splitlines()) == 1 + 5 + 1 + 1 + 13
    assert ran.err.strip() == load_texts(lang)("score.formative")


def test_the_reliability_as_json_has_null_where_there_is_none(printed: Any) -> None:
    found = json.loads(printed("--reliability", "--json"))
    alphas = {each["dimension"]: each["alpha"] for each in found["dimensions"]}
    assert alphas["innovation_height"] is None
    assert 0 < alphas["potential"] < 1
    assert len(found["items"]) == 13


def test_two_tables_at_once_are_no_command(demo_folder: Path) -> None:
    assert main(["score", str(demo_folder / "demo.db"), "--ranking", "--sensitivity"]) == 2


# --- what a study keeps and gives away -----------------------------------------------------------


def test_a_study_keeps_every_recipe(own_demo: Study, checkout: Path) -> None:
    founding = (checkout / "data" / "recipe.yaml").read_text("utf-8")
    strict = founding.replace("threshold: 0.8", "threshold: 0.9")
    own_demo.set_recipe(strict)
    own_demo.set_recipe(strict)  # what it has already is no new version
    kept = Study.open(own_demo.path).recipes()
    assert [text for _, text in kept] == [founding, strict]
    assert kept[0][0] <= kept[1][0]
    assert own_demo.score_summary()["above_threshold"] < 60


def test_a_study_without_a_recipe_has_had_none(small_path: Path) -> None:
    study = Study.open(small_path)
    assert study.recipes() == []
    for ask in (study.ranking, study.reliability, study.sensitivity, study.profile):
        with refused("score.no_recipe"):
            ask()


@pytest.mark.parametrize("option", [[], ["--with-score"]])
def test_an_export_has_the_score_only_when_asked(
    own_path: Path, tmp_path: Path, option: list[str]
) -> None:
    out = tmp_path / "out.xlsx"
    assert main(["export", str(own_path), "--format", "xlsx", "--out", str(out), *option]) == 0
    sheet = openpyxl.load_workbook(out)["Svar"]
    heads = [cell.value for cell in next(iter(sheet.rows))]
    ours = {"potential", "impact", "transferability", "innovation_height", "profitability", "score"}
    assert set(heads) & ours == (ours if option else set())
    assert "q20_drift" in heads
