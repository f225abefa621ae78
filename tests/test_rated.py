"""``coder agreement FILE``: both forms of a file, what it refuses, and what it prints."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from coder.cli import main
from coder.rated import Form, Level, RatedFile, read_ratings
from tests.fixtures import refused

PUBLISHED = Path(__file__).parent / "coding" / "published"
LONG = Form("unit", ("coder",), "code")
WIDE = Form("unit")


def written(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "ratings.csv"


def codes(rated: RatedFile) -> dict[tuple[str, str], set[str]]:
    """What was read, by unit and coder."""
    found = rated.ratings
    return {
        (unit, coder): {code for k, code in enumerate(found.codes) if found.given[i, j, k]}
        for i, unit in enumerate(found.units)
        for j, coder in enumerate(found.coders)
        if found.rated[i, j]
    }


# --- what is read ------------------------------------------------------------------------------


def test_long_and_wide_say_the_same(tmp_path: Path) -> None:
    long = written(
        tmp_path / "long.csv",
        "code,unit,coder,other",
        "x,1,A,-", "y,1,A,-", "x,1,B,-", "{},2,A,-", ",2,B,-", "z; y,3,B,-",
    )  # fmt: skip
    wide = written(tmp_path / "wide.csv", "unit,A,B", '1,"{x,y}",x', "2,{},", "3,,z; y")
    expected = {
        ("1", "A"): {"x", "y"}, ("1", "B"): {"x"}, ("2", "A"): set(), ("3", "B"): {"y", "z"},
    }  # fmt: skip
    from_long, from_wide = read_ratings(long, LONG), read_ratings(wide, WIDE)
    assert codes(from_long) == codes(from_wide) == expected
    assert (from_long.not_rated, from_wide.not_rated) == (1, 2)
    assert from_wide.ratings.codes == ("x", "y", "z")


def test_another_mark_for_not_rated_leaves_empty_cells_to_mean_no_code(file: Path) -> None:
    written(file, "unit,A,B", "1,x,NA", "2,x,")
    rated = read_ratings(file, Form("unit", not_rated="NA"))
    assert codes(rated) == {("1", "A"): {"x"}, ("2", "A"): {"x"}, ("2", "B"): set()}


def test_one_number_is_one_code_however_it_is_written(file: Path) -> None:
    written(file, "unit,A,B", "1,1,1.0", "2,2,", "3,10,10.0")
    assert read_ratings(file, WIDE).ratings.codes == ("1", "2", "10")
    written(file, "unit,A,B", "1,1,1.0", "2,b,")
    assert set(read_ratings(file, WIDE).ratings.codes) == {"1", "1.0", "b"}


def test_only_named_columns_are_coders_and_respondents_are_known(file: Path) -> None:
    written(file, "who,unit,A,B,C", "r1,1,x,x,y", "r1,2,y,x,y", ",3,y,x,y")
    rated = read_ratings(file, Form("unit", ("A", "C"), respondent="who"))
    assert rated.ratings.coders == ("A", "C")
    assert rated.respondents == {"1": "r1", "2": "r1"}
    assert read_ratings(file, Form("unit", respondent="who")).ratings.coders == ("A", "B", "C")


def test_commas_part_codes_only_between_braces(file: Path) -> None:
    written(file, "unit,A,B", '1,"time, money","{time, money}"')
    assert codes(read_ratings(file, WIDE)) == {
        ("1", "A"): {"time, money"},
        ("1", "B"): {"time", "money"},
    }


# --- what is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "form", "level", "key", "told"),
    [
        (["unit,A", "1,x"], Form("id"), "nominal", "no_column", {"column": "id"}),
        (["unit,A", "1,x"], Form("unit", ("unit",)), "nominal", "same_column", {}),
        (["unit,coder", "1,x"], Form("unit", (), "coder"), "nominal", "one_column_of_coders", {}),
        (["unit,who", "1,x"], Form("unit", respondent="who"), "nominal", "no_coders", {}),
        (["unit,A", "1,x", ",y"], WIDE, "nominal", "empty", {"row": 3, "column": "unit"}),
        (["unit,A", "1,x", "1,y"], WIDE, "nominal", "unit_twice", {"row": 3, "first": 2}),
        (["unit,coder,code", "1,A,2", "1,A,3"], LONG, "ordinal", "several", {"row": 3, "first": 2}),
        (["unit,A", "1,3", "2,4; 5"], WIDE, "interval", "several", {"row": 3}),
        (["unit,A", "1,3", "2,low"], WIDE, "interval", "no_number", {"row": 3, "value": "low"}),
        (["unit,A", "1,3", "2,-1"], WIDE, "ratio", "below_zero", {"row": 3}),
        (["unit,A,B", "1,,"], WIDE, "nominal", "nothing", {}),
        (
            ["unit,coder,code,who", "1,A,x,r", "1,B,x,s"],
            Form("unit", ("coder",), "code", "who"),
            "nominal",
            "two_respondents",
            {"row": 3, "one": "r", "other": "s"},
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_row(
    file: Path, lines: list[str], form: Form, level: Level, key: str, told: dict[str, Any]
) -> None:
    written(file, *lines)
    with refused(f"rated.{key}", **told):
        read_ratings(file, form, level)


def test_a_mistake_is_one_line_and_exit_code_1(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(file, "unit,A,B", "1,x,y")
    for more in (["--draws", "-1"], ["--wide", "--code", "A"], ["--unit", "no"]):
        arguments = ["--unit", "unit", *more] if "--unit" not in more else more
        assert main(["--lang", "en", "agreement", str(file), *arguments]) == 1
        captured = capsys.readouterr()
        assert captured.out == ""
        assert captured.err.count("\n") == 1
    assert main(["agreement", str(file)]) == 1  # without --unit it would be a study


# --- the command -------------------------------------------------------------------------------


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, list[dict[str, Any]]]:
    assert main(["agreement", *arguments, "--json"]) == 0
    found: dict[str, list[dict[str, Any]]] = json.loads(capsys.readouterr().out)
    return found


def test_json_gives_the_published_values_from_the_files(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Those of ``values.csv`` that are of four files, in wide form, as a reader would ask."""
    asked = {
        ("raw_gender", "nominal"): ["--unit", "Units", "--respondent", "Group"],
        ("krippendorff2011_4x12", "ordinal"): ["--unit", "unit", "--level", "ordinal"],
        ("krippendorff2011_4x12", "ratio"): ["--unit", "unit", "--wide", "--level", "ratio"],
        ("krippendorff_craggs2016_multivalued_ex_table3", "nominal"): ["--unit", "unit"],
    }
    with (PUBLISHED / "values.csv").open(encoding="utf-8") as lines:
        expected = [row for row in csv.DictReader(lines) if (row["dataset"], row["level"]) in asked]
    assert len(expected) == 8
    for row in expected:
        options = asked[row["dataset"], row["level"]]
        found = run(capsys, str(PUBLISHED / f"{row['dataset']}.csv"), *options, "--draws", "0")
        (mine,) = [each for each in found["overall"] if each["coefficient"] == row["coefficient"]]
        decimals = len(row["value"].partition(".")[2])
        assert f"{mine['value']:.{decimals}f}" == row["value"]
        assert mine["level"] == row["level"]


def test_json_has_what_the_formats_page_says(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(
        file,
        "unit,coder,code",
        *(f"{n},{c},{'xy'[n % 3 == i]}" for n in range(30) for i, c in enumerate("AB")),
    )
    asked = [str(file), "--unit", "unit", "--coder", "coder", "--code", "code", "--draws", "200"]
    found = run(capsys, *asked)
    assert set(found) == {"overall", "per_code", "codes", "uses"}
    kappa = next(each for each in found["overall"] if each["coefficient"] == "cohen_kappa")
    assert kappa["low"] < kappa["value"] < kappa["high"]
    assert (kappa["n_units"], kappa["n_coders"], kappa["method"]) == (30, 2, "bca")
    assert {each["code"] for each in found["per_code"]} == {"x", "y"}
    assert found == run(capsys, *asked)
    assert found != run(capsys, *asked, "--seed", "1")


def test_the_table_says_when_not_to_believe_it(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(file, "unit,A,B", "1,x,x", "2,y,y", "3,y,x", "4,,y", *(f"u{n},z,z" for n in range(20)))
    assert main(["--lang", "en", "agreement", str(file), "--unit", "unit", "--draws", "200"]) == 0
    captured = capsys.readouterr()
    assert "Cohen's kappa" in captured.out
    assert "x: Used by A 1, B 2: too few times to say." in captured.out
    assert "1 place has been read as not coded." in captured.err
    assert main(["agreement", str(file), "--unit", "unit", "--draws", "0"]) == 0
    assert "x: Brugt af A 1, B 2: for få gange til at sige noget." in capsys.readouterr().out
