"""A survey a year later: the codebook goes along, nothing is coded by itself, and the trend."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from coder.cli import main
from coder.model import (
    AcceptGroup,
    ApplyCode,
    CreateCode,
    ReviseCode,
)
from coder.study import Study, seen_as
from tests.fixtures import refused
from tests.waves import TIME, made


@pytest.fixture
def second(both_waves: Path, tmp_path: Path) -> Study:
    return Study.open(Path(shutil.copyfile(both_waves / "2026.db", tmp_path / "2026.db")))


# --- the codebook goes along -------------------------------------------------------------------


def test_codes_in_use_keep_their_ids_and_descriptions(first: Study, second: Study) -> None:
    found = second.follow(first, "Eva")
    assert (found.codes, found.there, found.examples) == (3, 0, 10)
    codes, before = second.state.codes, first.state.codes
    assert set(codes) == {"h", "t", "b"}
    kept = ("label", "definition", "include", "memo", "codable")
    for id, code in codes.items():
        assert [getattr(code, k) for k in kept] == [getattr(before[id], k) for k in kept]
    assert codes["b"].parent == "h"  # the one between is out of use
    assert codes["t"].examples == ()  # it is an answer of another study
    assert second.state.all_codings() == []
    assert {entry.coder for entry in second.state.log} == {second.coder("Eva")}


def test_following_again_changes_only_what_is_new(first: Study, second: Study) -> None:
    assert second.follow(first, "Eva", dry_run=True).codes == 3
    assert second.state.no == 0
    assert second.earlier_waves() == ()
    second.follow(first, "Eva")
    second.decide(second.coder("Eva"), ReviseCode("t", definition="Vores egen"))
    no = second.state.no
    first.decide(first.coder("Anna"), CreateCode("n", "Ny"))
    first.decide(first.coder("Anna"), ApplyCode("n", ("a11",)))
    found = second.follow(first, "Eva")
    assert (found.codes, found.there, found.examples) == (1, 3, 11)
    assert second.state.no == no + 1
    assert second.state.codes["t"].definition == "Vores egen"
    assert len(second.earlier_waves()) == 1


def test_what_cannot_follow_is_refused_and_nothing_changes(first: Study, second: Study) -> None:
    with refused("wave.same_study"):
        first.follow(first, "Eva")
    with refused("wave.no_codes"):
        first.follow(second, "Eva")
    with refused("wave.same_label"):
        second.follow(first, "Eva", ("Nu", " nu"))
    second.decide(second.coder("Bo"), CreateCode("x", " TID "))
    before = second.state
    with refused("wave.labels_taken", labels="Tid"):
        second.follow(first, "Eva")
    assert second.state == before
    assert second.earlier_waves() == ()


def test_a_survey_is_one_wave_by_whatever_path_and_name_it_comes(
    first: Study, second: Study, tmp_path: Path
) -> None:
    copy = Study.open(Path(shutil.copyfile(first.path, tmp_path / "kopi.db")))
    with refused("wave.same_study", path=copy.path):
        first.follow(copy, "Eva", ("Før", "Nu"))
    assert second.follow(first, "Eva", ("Før", "Nu")).instead == ""
    copy.decide(copy.coder("Anna"), ApplyCode("t", ("a11",)))
    found = second.follow(copy, "Eva", ("I fjor", "Nu"))
    assert found.instead == "Før"
    assert [each.label for each in second.earlier_waves()] == ["I fjor"]
    assert second.follow(copy, "Eva", ("I fjor", "Nu")).instead == ""
    assert len(second._examples()) == found.examples == 11


def test_a_study_is_no_earlier_wave_of_itself_by_way_of_another(
    first: Study, second: Study
) -> None:
    second.follow(first, "Eva", ("2025", "2026"))
    first.follow(second, "Eva", ("2026", "2025"))
    assert [each.label for each in first.earlier_waves()] == ["2026"]


def test_what_was_followed_can_be_left_and_nothing_decided_is_lost(
    first: Study, second: Study
) -> None:
    second.follow(first, "Eva", ("Før", "Nu"))
    second.decide(second.coder("Eva"), ApplyCode("t", ("b0",)))
    before = second.state
    with refused("wave.unknown", label="Nu"):
        second.unfollow("Nu")
    second.unfollow("Før")
    assert second.earlier_waves() == ()
    assert second.trend()["wave"].unique().tolist() == ["Nu"]
    assert second._examples() == ()
    assert second.state == before == Study.open(second.path).state
    second.follow(first, "Eva", ("Før", "Nu"))
    assert [each.label for each in second.earlier_waves()] == ["Før"]
    with refused("role.leads_only"):
        seen_as(second, "coder", None).unfollow("Før")


# --- suggestions -------------------------------------------------------------------------------


def test_the_earlier_coding_teaches_and_nothing_of_it_is_shown(first: Study, second: Study) -> None:
    assert [each.codes for each in second.suggestions()] == [(), (), ()]
    second.follow(first, "Eva")
    offers = {each.answer: each.codes[0] for each in second.suggestions()}
    assert (offers["b0"], offers["b1"]) == ("t", "b")
    assert set(offers) == set(second.survey.answers.index)
    turn = second.next_turn()
    assert turn is not None
    assert set(turn.shown) <= set(offers)
    second.decide(second.coder("Eva"), ApplyCode("t", ("b0",)))
    assert [each.answer for each in second.misfits()] == []
    assert set(second.likeliest(second.coder("Eva"))) <= set(offers)
    assert {a for each in second.near_duplicates() for a in each.answers} <= set(offers)
    second.hold_out(0.5)
    while turn := second.next_turn():
        assert set(turn.shown) <= set(offers)
        code = turn.code or "t"
        second.decide(second.coder("Eva"), AcceptGroup(turn, code, turn.shown))


def test_suggestions_go_on_when_the_earlier_study_is_gone(first: Study, second: Study) -> None:
    second.follow(first, "Eva")
    Path(first.path).unlink()
    again = Study.open(second.path)
    assert again.suggestions() == second.suggestions()
    assert again.suggestions()[0].codes


def test_an_answer_like_none_that_is_coded_stands_first(first: Study, second: Study) -> None:
    before = second.uncoded()
    assert before["category"].isna().all()
    assert before["fits"].isna().all()
    second.follow(first, "Eva")
    table = second.uncoded()
    assert table["answer"].iloc[0] == "b2"
    assert table["fits"].iloc[0] == pytest.approx(1 / 11)  # none of ten stands so far from others
    assert (table["fits"].iloc[1:] > 0.2).all()
    told = table.set_index("answer")["category"]
    assert (told["b0"], told["b1"]) == ("Tid", "Borgere")


# --- the trend ---------------------------------------------------------------------------------


def test_the_trend_counts_respondents_whose_answers_are_dealt_with(
    first: Study, second: Study
) -> None:
    second.follow(first, "Eva")
    eva = second.coder("Eva")
    second.decide(eva, ApplyCode("t", ("b0", "b1")))
    second.decide(eva, CreateCode("n", "Nyt"))
    second.decide(eva, ReviseCode("b", definition="Andre borgere"))
    table = second.trend().set_index(["code", "wave"])
    # Of twelve, one wrote that they don't know, which is no answer; to one no code applies.
    assert table["n"].to_dict() == {
        (code, wave): n for code in "tbn" for wave, n in (("2025", 11), ("2026", 2))
    }
    assert table["count"].to_dict() == {
        ("t", "2025"): 5, ("t", "2026"): 2, ("b", "2025"): 5, ("b", "2026"): 0,
        ("n", "2025"): 0, ("n", "2026"): 0,
    }  # fmt: skip
    low, high = proportion_confint(5, 11, method="wilson")
    row = table.loc[("t", "2025")]
    assert (row["share"], row["low"], row["high"]) == pytest.approx((5 / 11, low, high))
    then = table["then"].to_dict()
    assert (then["t", "2025"], then["b", "2025"], then["n", "2025"]) == ("same", "other", "none")
    assert pd.isna(table.loc[("n", "2025"), "share"])
    assert pd.isna(table.loc[("n", "2025"), "low"])
    assert table.loc[("n", "2026"), "share"] == 0
    assert table["version"].nunique() == 2
    assert list(second.trend()["code"])[:2] == ["t", "t"]


def test_a_third_wave_knows_the_first(first: Study, second: Study, tmp_path: Path) -> None:
    second.follow(first, "Eva", ("I går", "I dag"))
    second.decide(second.coder("Eva"), ApplyCode("t", ("b0",)))
    third = made(tmp_path, "2027", [("c1", "2027", "vi sparer tid"), ("c2", "2027", "andet")])
    assert third.follow(second, "Eva", ("I dag", "I morgen")).examples == 1
    assert [each.label for each in third.earlier_waves()] == ["I går", "I dag"]
    assert list(third.trend()["wave"].unique()) == ["I går", "I dag", "I morgen"]
    assert len(third._examples()) == 11


def test_waves_within_one_study_are_groups_or_files(first: Study, tmp_path: Path) -> None:
    rows = [(f"a{n:02}", "2025", text) for n, text in enumerate(TIME)]
    rows += [("z1", "2026", "tid"), ("z2", "2026", "glade borgere")]
    pd.DataFrame(rows, columns=["nr", "år", "svar"]).to_csv(tmp_path / "l.csv", index=False)
    first.add(tmp_path / "l.csv")
    first.decide(first.coder("Anna"), ApplyCode("b", ("z1", "z2")))
    by_year = first.trend("år")
    assert by_year.groupby("wave", sort=False)["n"].first().to_dict() == {"2025": 11, "2026": 2}
    by_file = first.trend(files=True)
    counts = ["code", "count", "n", "share"]
    assert by_file[counts].equals(by_year[counts])
    assert by_file["wave"].nunique() == 2
    late = by_file["wave"].iloc[1]
    assert list(first.answers_by_file()) == by_file["wave"].unique().tolist()
    assert first.answers_by_file()[late] == ("z1", "z2")


@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_commands_tell_it_and_change_nothing_else(
    first: Study, second: Study, lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    here, there = str(second.path), str(first.path)
    labels = ["--labels", "Før", "Nu"]
    assert main(["--lang", lang, "wave", there, here, "--coder", "Eva", *labels]) == 0
    assert main(["--lang", lang, "uncoded", here, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert (rows[0]["answer"], rows[0]["unlike"]) == ("b2", True)
    picture = second.path.with_name("trend.svg")
    assert main(["--lang", lang, "trend", here, "--figure", str(picture)]) == 0
    assert main(["--lang", lang, "uncoded", here]) == 0
    told = capsys.readouterr()
    assert "Før" in told.out
    assert "Borgere" in told.out
    svg = picture.read_text("utf-8")
    for words in ("Før", "Nu", "Tid", "45"):
        assert words in svg
    assert main(["trend", here, "--figure", str(picture.with_suffix(".pdf"))]) == 1
    assert main(["wave", there, there, "--coder", "Eva"]) == 1
