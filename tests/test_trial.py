"""``coder simulate``: every turn priced again from the rules, and the same by hand."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from coder.cli import main
from coder.i18n import load_texts
from coder.text.simulate import by_hand
from coder.trial import play_trial
from tests.fixtures import refused

THINGS = {"gåtur": "tur i skoven med støvler", "opkald": "video med familien hjemme", "sang": "kor"}


@pytest.fixture(autouse=True)
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_, **__: folder)
    return folder


def written(path: Path, rows: list[tuple[str, ...]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    kinds = list(THINGS)
    rows = [  # every eleventh answer sounds like another code, so that groups are not pure
        (f"a{i}", f"{THINGS[kinds[(i + (i % 11 == 5)) % 3]]} nr. {i % 7}", kinds[i % 3])
        for i in range(45)
    ]
    return written(tmp_path / "s.csv", [("id", "text", "label"), *rows])


def costs(turns: list[dict[str, Any]], labels: dict[str, str]) -> Iterator[int]:
    """What each turn costs, by the rules of the measure, checking that it is allowed."""
    coded: dict[str, str] = {}
    known: set[str] = set()
    for turn in turns:
        shown, code, offered = turn["shown"], turn["code"], turn["offered"]
        assert 0 < len(shown) <= 30
        assert not set(shown) & set(coded)
        assert set(offered) <= known
        assert len(offered) <= 9
        if code is None:
            assert not turn["accepted"] + turn["excluded"]
            yield 1
            continue
        above = len(turn["accepted"]) + len(turn["excluded"])
        assert set(shown[:above]) == {*turn["accepted"], *turn["excluded"]}
        assert shown[above:] == turn["returned"]
        assert turn["new"] == (code not in known)
        price = 3 if turn["new"] else 1 if code in offered or len(known) <= 9 else 3
        if len(shown) > 1:
            price = 1 + len(turn["excluded"]) + (0 if code == turn["for"] else price)
        yield price
        known.add(code)
        coded |= dict.fromkeys(turn["accepted"], code)
    assert coded == labels


def test_every_turn_costs_what_the_rules_say(file: Path, tmp_path: Path) -> None:
    acts, curve = tmp_path / "acts.jsonl", tmp_path / "curve.csv"
    command = ["simulate", str(file), "--encoder", "fake"]
    assert main([*command, "--acts", str(acts), "--curve", str(curve)]) == 0
    turns = [json.loads(line) for line in acts.read_text("utf-8").splitlines()]
    with file.open(encoding="utf-8", newline="") as stream:
        labels = {row["id"]: row["label"] for row in csv.DictReader(stream)}
    total = list(costs(turns, labels))
    assert [turn["cost"] for turn in turns] == total
    with curve.open(encoding="utf-8", newline="") as stream:
        points = [(int(row["acts"]), float(row["coded"])) for row in csv.DictReader(stream)]
    assert points[0] == (0, 0)
    assert points[-1] == (sum(total), 1)
    assert len(points) == len(turns) + 1
    assert points == sorted(points)
    assert any(turn["excluded"] for turn in turns)
    trial = play_trial(file, encoder="fake")
    assert sum(trial.acts.values()) == sum(total)
    assert trial.acts["new"] == 9


def test_json_has_these_keys_and_no_others(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", str(file), "--encoder", "fake", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert list(found) == [
        "answers", "codes", "acts_per_100", "by_hand_per_100", "acts", "seconds_per_act"
    ]  # fmt: skip
    assert (found["answers"], found["codes"], found["by_hand_per_100"]) == (45, 3, 120)
    assert found["acts_per_100"] == pytest.approx(100 * sum(found["acts"].values()) / 45, abs=0.01)
    assert found["acts_per_100"] < found["by_hand_per_100"]


@pytest.mark.parametrize("lang", ["da", "en"])
def test_what_is_printed_is_in_the_language(
    file: Path, lang: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--lang", lang, "simulate", str(file), "--encoder", "fake"]) == 0
    texts, out = load_texts(lang), capsys.readouterr().out
    assert texts("cli.simulate.by_hand", acts=texts.number(120, 1)) in out
    assert texts("act.new") in out


def test_by_hand_worked_out() -> None:
    """Nine codes have keys: 9 + 1 answers and 9 codes; a tenth makes each answer a search."""
    nine = list("abcdefghi")
    assert by_hand([*nine, "a"]) == 10 * 1 + 9 * 3
    assert by_hand([*nine, "j"]) == 10 * 3 + 10 * 3


def test_the_order_of_the_file_makes_no_difference(file: Path, tmp_path: Path) -> None:
    with file.open(encoding="utf-8", newline="") as stream:
        head, *rows = map(tuple, csv.reader(stream))
    turned = written(tmp_path / "t.csv", [head, *reversed(rows)])
    assert play_trial(turned, encoder="fake").turns == play_trial(file, encoder="fake").turns


def test_without_ids_the_answers_are_numbered_and_columns_may_be_named(tmp_path: Path) -> None:
    file = written(tmp_path / "s.csv", [("svar", "kode"), ("en tur", "a"), ("", "a")])
    trial = play_trial(file, "svar", "kode", "fake")
    assert {each for turn in trial.turns for each in turn["accepted"]} == {"1", "2"}
    assert (trial.answers, trial.codes, trial.acts["new"]) == (2, 1, 3)


REFUSED: list[tuple[list[tuple[str, ...]], str, dict[str, object]]] = [
    ([("id", "svar", "label"), ("1", "x", "a")], "trial.no_column", {"column": "text"}),
    ([("id", "text", "kode"), ("1", "x", "a")], "trial.no_column", {"column": "label"}),
    ([("text", "label"), ("x", "a"), ("y", "")], "trial.empty", {"row": 3, "column": "label"}),
    ([("text", "label"), ("x", " "), ("y", "b")], "trial.empty", {"row": 2}),
    ([("id", "text", "label"), ("", "x", "a")], "trial.empty", {"row": 2, "column": "id"}),
    ([("id", "text", "label"), ("1", "x", "a"), ("1", "y", "a")], "trial.twice", {"row": 3}),
    ([("text", "label"), ("x", "a")], "trial.too_few", {"count": 1}),
    ([("text", "label")], "file.no_rows", {}),
]


@pytest.mark.parametrize(("rows", "key", "params"), REFUSED)
def test_what_cannot_be_played_is_refused(
    rows: list[tuple[str, ...]], key: str, params: dict[str, object], tmp_path: Path
) -> None:
    file = written(tmp_path / "s.csv", rows)
    with refused(key, **params):
        play_trial(file, encoder="fake")
    assert main(["simulate", str(file), "--encoder", "fake"]) == 1


def test_a_place_that_is_none_is_refused_before_the_work(file: Path, tmp_path: Path) -> None:
    out = str(tmp_path / "nowhere" / "a.jsonl")
    assert main(["simulate", str(file), "--encoder", "no such one", "--acts", out]) == 1
    assert not (tmp_path / "nowhere").exists()


def test_vectors_are_kept_in_the_cache_folder_and_nothing_beside_the_file(
    file: Path, cache: Path
) -> None:
    before = sorted(file.parent.iterdir())
    play_trial(file, encoder="fake")
    assert sorted(file.parent.iterdir()) == sorted([*before, cache])
    assert [each.name for each in cache.iterdir()] == ["simulate.embeddings"]


@pytest.mark.skipif(os.name == "nt", reason="folders are made read-only otherwise there")
def test_it_works_where_nothing_can_be_kept(file: Path, cache: Path) -> None:
    cache.write_text("a file where the folder should be", "utf-8")
    assert play_trial(file, encoder="fake").answers == 45
