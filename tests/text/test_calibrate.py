"""What coders made of what was offered, and how far chances are believed after that."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from coder.model import Act, Turn
from coder.text import calibrate as module
from coder.text.calibrate import chance_of_new, corrected, correction, logit, outcome

Values = NDArray[np.float64]

IDS = tuple("abcdefg")


def group(n: int, chance: float = 0.9, code: str | None = "k") -> Turn:
    return Turn(IDS[:n], code, ("k", "m"), (chance,) * n)


def some_acts(right: int, wrong: int, chance: float, times: int = 30) -> list[Act]:
    """Acts on groups of which, in each, so many are accepted and so many taken out."""
    ids = IDS[: right + wrong]
    turn = Turn(ids, "k", ("k",), (chance,) * len(ids))
    return [Act(turn, "k", ids[:right], ids[right:])] * times


def one_act(chances: Values, right: NDArray[np.bool_]) -> Act:
    ids = tuple(str(i) for i in range(len(chances)))
    yes = tuple(each for each, is_right in zip(ids, right, strict=True) if is_right)
    no = tuple(each for each, is_right in zip(ids, right, strict=True) if not is_right)
    return Act(Turn(ids, "k", ("k",), tuple(chances.tolist())), "k", yes, no)


# --- outcomes ----------------------------------------------------------------------------------

GROUP = Turn(IDS[:6], "k", ("k", "m"), (0.9, 0.8, 0.7, 0.6, 0.5, 0.4))


def test_accepted_is_right_excluded_is_wrong_and_so_is_the_first_below_the_cut() -> None:
    act = Act(GROUP, "k", ("a", "c"), ("b",))
    assert outcome(act) == [(0.9, True), (0.7, True), (0.8, False), (0.6, False)]


def test_a_group_accepted_whole_has_nothing_wrong() -> None:
    assert outcome(Act(GROUP, "k", GROUP.shown)) == [(each, True) for each in GROUP.chances]


def test_of_a_refused_group_only_the_first_were_surely_wrong() -> None:
    found = outcome(Act(GROUP, None))
    assert 1 <= len(found) < len(GROUP.shown)
    assert found == [(each, False) for each in GROUP.chances[: len(found)]]


def test_a_group_that_got_another_code_was_wrong() -> None:
    assert outcome(Act(GROUP, "m", ("a", "b"), ("c",))) == [
        (0.9, False),
        (0.8, False),
        (0.7, False),
    ]


def test_a_group_without_a_code_is_right_with_any() -> None:
    turn = Turn(("a", "b"), None, ("k",), (0.7, 0.7))
    assert outcome(Act(turn, "x", ("a", "b"), new=True)) == [(0.7, True), (0.7, True)]


@pytest.mark.parametrize(("code", "right"), [("k", True), ("m", False), ("x", False)])
def test_a_single_answer_is_right_when_it_got_the_first_code(code: str, right: bool) -> None:
    turn = Turn(("a",), None, ("k", "m"), (0.6,))
    assert outcome(Act(turn, code, ("a",))) == [(0.6, right)]


def test_where_nothing_was_said_nothing_was_right_or_wrong() -> None:
    assert outcome(Act(Turn(("a",)), "k", ("a",))) == []
    assert correction([Act(Turn(("a",)), "k", ("a",))], 4.0) == (0.0, 1.0)


# --- correction --------------------------------------------------------------------------------


def test_without_acts_nothing_is_corrected() -> None:
    assert correction([], 4.0) == (0.0, 1.0)


def test_chances_that_came_true_are_left() -> None:
    a, b = correction(some_acts(3, 1, 0.75), 4.0)  # three of four, as was said
    assert corrected(np.array([0.75]), (a, b)) == pytest.approx([0.75], abs=0.02)


@pytest.mark.parametrize(("right", "wrong", "chance"), [(1, 1, 0.9), (1, 3, 0.6), (0, 4, 0.5)])
def test_who_promised_too_much_is_believed_less(right: int, wrong: int, chance: float) -> None:
    by = correction(some_acts(right, wrong, chance), 4.0)
    assert by[0] < 0 or by[1] < 1
    true = right / (right + wrong)
    (now,) = corrected(np.array([chance]), by)
    assert true <= now < (chance + true) / 2


def test_who_promised_too_little_is_believed_more() -> None:
    by = correction(some_acts(4, 0, 0.6), 4.0)
    assert corrected(np.array([0.6]), by)[0] > 0.8


def test_the_firmer_the_less_is_corrected() -> None:
    acts = some_acts(1, 1, 0.9, times=3)
    now = [float(corrected(np.array([0.9]), correction(acts, each))[0]) for each in (0.5, 5, 50)]
    assert 0.5 < now[0] < now[1] < now[2] < 0.9


@pytest.mark.parametrize(("a", "b"), [(-1.0, 0.6), (0.5, 1.5), (0.0, 1.0)])
def test_with_much_seen_it_is_plain_logistic_regression(a: float, b: float) -> None:
    rng = np.random.default_rng(4)
    said = rng.uniform(0.05, 0.95, size=4_000)
    right = rng.random(4_000) < 1 / (1 + np.exp(-(a + b * logit(said))))
    found = correction([one_act(said, right)], 1e-6)
    peer = LogisticRegression(C=np.inf, tol=1e-8).fit(logit(said)[:, None], right)
    assert found == pytest.approx((peer.intercept_[0], peer.coef_[0, 0]), abs=1e-3)
    assert found == pytest.approx((a, b), abs=0.15)  # three standard errors of about .05


def test_with_little_seen_it_is_the_best_under_the_ridge(monkeypatch: pytest.MonkeyPatch) -> None:
    """The ridge is, on what has weight 1: strength / 2 (a² + 3 (b - 1)²)."""
    monkeypatch.setattr(module, "_PER_ACT", 1_000)
    said = np.array([0.9, 0.8, 0.8, 0.7, 0.6, 0.5])
    right = np.array([True, False, True, False, False, True])

    def cost(by: Values) -> float:
        z = by[0] + by[1] * np.log(said / (1 - said))
        likely = np.where(right, z, -z)
        return float(np.logaddexp(0, -likely).sum() + by[0] ** 2 + 3 * (by[1] - 1) ** 2)

    wanted = minimize(cost, [0.0, 1.0]).x
    assert correction([one_act(said, right)], 2.0) == pytest.approx(wanted, abs=1e-4)


def test_the_latest_acts_count_most() -> None:
    good, bad = some_acts(4, 0, 0.7), some_acts(0, 4, 0.7)
    after_bad, after_good = correction([*good, *bad], 4.0), correction([*bad, *good], 4.0)
    chance = np.array([0.7])
    assert corrected(chance, after_bad)[0] < 0.5 < corrected(chance, after_good)[0]


def test_a_large_group_is_no_more_than_a_few_independent_answers() -> None:
    """Thirty wrong answers in one act correct hardly more than ten, and less than thirty acts."""
    said = np.full(30, 0.8)
    wrong = np.zeros(30, dtype=np.bool_)
    thirty, ten = one_act(said, wrong), one_act(said[:10], wrong[:10])
    by = [correction(acts, 4.0) for acts in ([thirty], [ten], some_acts(0, 1, 0.8, 30))]
    now = [float(corrected(np.array([0.8]), each)[0]) for each in by]
    assert now[0] == pytest.approx(now[1], abs=1e-9)
    assert now[2] < now[0]


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40))
def test_no_acts_make_the_order_of_chances_another(pairs: list[tuple[float, bool]]) -> None:
    said, right = (np.array(each) for each in zip(*pairs, strict=True))
    by = correction([one_act(said.astype(float), right)], 1.0)
    now = corrected(np.linspace(0, 1, 11), by)
    assert np.all((now >= 0) & (now <= 1))
    assert np.all(np.diff(now) >= 0)
    assert now[-1] > now[0]


def test_no_correction_leaves_every_chance() -> None:
    chances = np.linspace(0.01, 0.99, 9)
    assert corrected(chances, (0.0, 1.0)) == pytest.approx(chances)
    assert logit(np.array([0.5, 0.75])) == pytest.approx([0, np.log(3)])
    assert np.isfinite(logit(np.array([0.0, 1.0]))).all()


# --- something new -----------------------------------------------------------------------------


def coded(*new: bool) -> list[Act]:
    return [Act(Turn(("a",)), "k", ("a",), new=each) for each in new]


def test_the_chance_of_something_new_by_hand() -> None:
    """One act that made a code and half an act that did not are assumed beforehand."""
    assert chance_of_new([]) == pytest.approx(1 / 1.5)
    assert chance_of_new(coded(True)) == pytest.approx(2 / 2.5)
    assert chance_of_new(coded(True, False, False)) == pytest.approx(2 / 4.5)


def test_refused_groups_tell_nothing_of_new_codes() -> None:
    acts = coded(True, False)
    assert chance_of_new([*acts, *[Act(group(3), None)] * 9]) == chance_of_new(acts)


def test_codes_that_were_made_long_ago_are_forgotten() -> None:
    late = coded(*[False] * 100)
    assert chance_of_new(coded(*[True] * 50) + late) == chance_of_new(late)
