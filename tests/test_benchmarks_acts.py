"""What is pure in the benchmark of the work saved: prices worked out by hand, and the sums."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from random import Random
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.acts.ours import PARTS, kept_play, ours, played
from benchmarks.acts.page import draws_table, missed, whole_table, with_blocks
from benchmarks.acts.peers import WARD, ward
from benchmarks.acts.price import acts_per_100, by_hand, cheapest, correcting, curve
from benchmarks.acts.rows import CODER, Row, as_row, best, naming, ratio, spread, units
from benchmarks.acts.sets import Answers, as_answers, drawn, read_rows

LABELS = ["a", "a", "a", "b", "b", "c"]
CLUSTERS = [0, 0, 0, 0, 1, -1]
TEN = list("abcdefghij")

coded = st.lists(st.tuples(st.sampled_from("abcdefghijkl"), st.integers(-1, 4)), min_size=1)


# --- prices ------------------------------------------------------------------------------------


def test_by_hand_with_a_key_for_every_code() -> None:
    """Six answers at 1 and three codes at 3."""
    assert [turn.acts for turn in by_hand(LABELS)] == [4, 1, 1, 4, 1, 4]


def test_by_hand_with_nine_codes_each_still_has_its_key() -> None:
    assert sum(turn.acts for turn in by_hand(TEN[:9])) == 9 * 1 + 9 * 3


def test_by_hand_with_ten_codes_each_must_be_searched() -> None:
    assert sum(turn.acts for turn in by_hand([*TEN, "a"])) == 11 * 3 + 10 * 3


def test_correcting_a_clustering() -> None:
    """a: accept 1, create 3, take out 1; b: create 3; b again: accept 1, key 1; c: create 3."""
    turns = correcting(LABELS, CLUSTERS)
    assert turns == [(5, 3), (3, 1), (2, 1), (3, 1)]
    assert acts_per_100(turns) == pytest.approx(100 * 13 / 6)


def test_correcting_with_ten_codes() -> None:
    """One cluster of "a", "a", "b": 1 + 3 + 1, b: 3; the eight others: 3 each; "b" again: 3."""
    turns = correcting(["a", "a", *TEN[1:], "b"], [0, 0, 0, *[-1] * 9])
    assert sum(turn.acts for turn in turns) == 5 + 3 + 8 * 3 + 3


def test_answers_in_no_cluster_are_no_cluster() -> None:
    assert correcting(["a", "a"], [-1, -1]) == [(3, 1), (1, 1)]
    assert correcting(["a", "a"], [7, 7]) == [(4, 2)]


def test_clusters_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        correcting(LABELS, CLUSTERS[1:])


def test_nothing_has_no_price() -> None:
    with pytest.raises(ValueError, match="no answer"):
        acts_per_100([])


@given(coded, st.randoms(use_true_random=False))
def test_the_order_of_answers_and_the_numbers_of_clusters_cost_nothing(
    answers: list[tuple[str, int]], chance: Random
) -> None:
    other = [(label, cluster if cluster < 0 else 9 - cluster) for label, cluster in answers]
    chance.shuffle(other)
    one, two = (correcting(*zip(*each, strict=True)) for each in (answers, other))
    assert sum(turn.acts for turn in one) == sum(turn.acts for turn in two)


@given(coded)
def test_every_answer_is_right_in_the_end(answers: list[tuple[str, int]]) -> None:
    labels, clusters = zip(*answers, strict=True)
    for turns in (by_hand(labels), correcting(labels, clusters)):
        assert sum(turn.right for turn in turns) == len(labels)
        points = curve(turns, points=10)
        assert len(points) <= 11
        assert points == sorted(points)
        assert points[0] == (0, 0)
        assert points[-1] == (round(acts_per_100(turns), 2), 1)


def test_the_cheapest_alternative_is_chosen() -> None:
    name, turns = cheapest(LABELS, {"one": [0] * 6, "right": [0, 0, 0, 1, 1, 2]})
    assert (name, sum(turn.acts for turn in turns)) == ("right", 12)


# --- clusters ----------------------------------------------------------------------------------


def test_cuts_of_the_tree_find_what_is_apart() -> None:
    vectors = np.array([[0.0], [0.1], [5.0], [5.1], [9.0]])
    found = ward(vectors)
    assert list(found) == ["2 clusters", "3 clusters", "4 clusters", "5 clusters"]
    three = found["3 clusters"]
    assert three[0] == three[1] != three[2] == three[3] != three[4]


# --- sets --------------------------------------------------------------------------------------


def some_answers(n: int = 50) -> Answers:
    rows = [{"id": str(i), "text": f"text {i}", "label": TEN[i % 10]} for i in range(n)]
    return as_answers("some", rows, np.arange(2 * n, dtype=np.float32).reshape(n, 2))


def test_a_draw_keeps_what_belongs_together() -> None:
    draw = drawn(some_answers(), 20, seed=3)
    assert len(set(draw.ids)) == len(draw) == 20
    for number, text, label, vector in zip(
        draw.ids, draw.texts, draw.labels, draw.vectors, strict=True
    ):
        i = int(number)
        assert (text, label, vector.tolist()) == (f"text {i}", TEN[i % 10], [2 * i, 2 * i + 1])


def test_draws_differ_by_seed_only() -> None:
    draws = [drawn(some_answers(), 20, seed).ids for seed in (1, 1, 2)]
    assert draws[0] == draws[1] != draws[2]


def test_a_row_without_a_label_is_named(tmp_path: Path) -> None:
    file = tmp_path / "set.csv"
    file.write_text("id,text,label\n1,one,a\n2,two,\n", "utf-8")
    with pytest.raises(ValueError, match=r"set\.csv, row 3"):
        read_rows(file)


# --- our own loop ------------------------------------------------------------------------------


def of_three_kinds(n: int = 30) -> Answers:
    """Three codes in turn, each with a word and a direction of its own."""
    kinds = [("bus", "a"), ("park", "b"), ("school", "c")]
    rows = [
        {"id": f"x{i}", "text": f"{kinds[i % 3][0]} {i}", "label": kinds[i % 3][1]}
        for i in range(n)
    ]
    vectors = np.eye(3, 5, dtype=np.float32)[[i % 3 for i in range(n)]]
    return as_answers("kinds", rows, vectors)


@pytest.mark.parametrize("part", PARTS)
def test_every_part_codes_every_answer_once(part: str) -> None:
    """Also those in groups of answers that look alike but are of another code."""
    some = of_three_kinds()
    odd = replace(some, labels=("c", "a", *some.labels[2:]))
    assert sum(turn.right for turn in played(odd, part).turns) == 30


def test_one_answer_at_a_time_costs_one_and_a_new_code_three() -> None:
    """Fewer than ten codes each have their key, so no offer can be missing: 27 at 1, 3 at 3."""
    turns = played(of_three_kinds(), "offers only").turns
    assert [turn.right for turn in turns] == [1] * 30
    assert sorted(turn.acts for turn in turns) == [1] * 27 + [3] * 3


def test_the_whole_loop_accepts_what_is_alike_together() -> None:
    """Groups of answers that differ in a number only: fewer turns than there are answers."""
    assert len(played(of_three_kinds(), CODER).turns) < 15


def test_what_was_played_is_taken_from_the_cache(tmp_path: Path) -> None:
    first = kept_play(of_three_kinds(), CODER, tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | {"seconds": -1.0}), "utf-8")
    again = kept_play(of_three_kinds(), CODER, tmp_path)
    assert (again.turns, again.seconds) == (first.turns, -1.0)


def test_other_answers_and_other_parts_are_played_anew(tmp_path: Path) -> None:
    some = of_three_kinds()
    for answers in (some, replace(some, labels=(*some.labels[1:], "a")), of_three_kinds(29)):
        kept_play(answers, CODER, tmp_path)
    kept_play(some, "offers only", tmp_path)
    assert len(list(tmp_path.iterdir())) == 4


def test_whole_sets_have_a_row_for_each_part_and_draws_have_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A test of a page may have left its script as the main program, which a new process would run.
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))
    whole = of_three_kinds()
    rows = list(ours([whole, drawn(whole, 20, 1)], tmp_path))
    assert [(row.method, row.draw) for row in rows] == [
        *[(CODER, None), (CODER, 1)],
        *[(part, None) for part in PARTS if part != CODER],
    ]
    assert rows[2].acts_per_100 == 120  # offers only, see above
    assert all(row.seconds_per_act is not None for row in rows)


# --- sums --------------------------------------------------------------------------------------


def a_row(method: str, acts: float, draw: int | None = None, seed: int | None = None) -> Row:
    return Row("some", 50, 10, draw, method, seed, "", acts)


def test_the_ratio_is_to_the_better_anchor_of_the_same_answers() -> None:
    rows = [a_row(WARD[0], 100.0), a_row("BERTopic", 90.0, seed=1), a_row("BERTopic", 80.0, seed=2)]
    rows += [a_row(CODER, 40.0), a_row("turftopic S³", 10.0), a_row(WARD[0], 1.0, draw=1)]
    unit = units(rows)["some", 50, None]
    assert ratio(unit, CODER) == 0.5
    assert ratio(unit, "nobody") is None
    assert best(unit, "nobody") is None


def test_naming_ten_codes_for_fifty_answers() -> None:
    assert naming(a_row(CODER, 100.0)) == 60


def test_mean_and_spread() -> None:
    assert spread([2.0, 4.0]) == (3, pytest.approx(2**0.5), 2, 4)
    assert spread([5.0]) == (5, 0, 5, 5)
    with pytest.raises(ValueError, match="no values"):
        spread([])


def test_only_whole_sets_have_a_curve() -> None:
    whole = some_answers()
    sets = (whole, drawn(whole, 20, 1))
    rows = [as_row(each, "by hand", None, "", by_hand(each.labels)) for each in sets]
    assert [bool(row.curve) for row in rows] == [True, False]
    assert [(row.answers, row.draw) for row in rows] == [(50, None), (20, 1)]
    assert rows[0].acts_per_100 == 100 * (50 * 3 + 10 * 3) / 50


# --- the page ----------------------------------------------------------------------------------


def test_a_page_is_filled_between_its_marks() -> None:
    page = "before\n<!-- begin: x -->\nold\n<!-- end: x -->\nafter\n"
    filled = "before\n<!-- begin: x -->\nn\\1\n<!-- end: x -->\nafter\n"
    assert with_blocks(page, {"x": "n\\1"}) == filled
    with pytest.raises(ValueError, match="marks for y"):
        with_blocks(page, {"y": ""})


def test_tables_show_the_ratio_of_wholes_and_draws() -> None:
    rows = [a_row(WARD[1], 100.0, draw) for draw in (None, 1, 2)]
    rows += [a_row(CODER, 40.0), a_row(CODER, 50.0, 1), a_row(CODER, 60.0, 2)]
    assert "**100.0**" in whole_table(rows)
    assert whole_table(rows).endswith("| 40.0 | 0.40 |")
    ends = "| 100.0 ± 0.0 | 55.0 ± 7.1 | 0.55 ± 0.07 | 0.50 – 0.60 |"
    assert draws_table(rows).endswith(ends)


def test_where_the_aim_is_missed_is_said() -> None:
    """Whole: 0.6 is no miss, 0.61 is. Draws: 0.5 and 0.8 miss it on average, 0.5 and 0.7 do not."""
    anchors = [a_row(WARD[1], 100.0, draw) for draw in (None, 1, 2)]
    met = [a_row(CODER, 60.0), a_row(CODER, 50.0, 1), a_row(CODER, 70.0, 2)]
    assert missed(anchors + met) == "Nowhere."
    not_met = [a_row(CODER, 61.0), a_row(CODER, 50.0, 1), a_row(CODER, 80.0, 2)]
    lines = ["* `some`, whole: 0.610", "* `some`, draws of 50: 0.650"]
    assert missed(anchors + not_met).splitlines() == lines
