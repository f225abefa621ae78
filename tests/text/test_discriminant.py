"""Codes learnt from coded answers: as another library does, and as leaving each out really does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import log_softmax
from sklearn.base import BaseEstimator
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from coder.text import discriminant as module
from coder.text.discriminant import _Fit, _fit, _left_out, _surprise, _temperature, log_odds

Matrix = NDArray[np.float32]
Numbers = NDArray[np.int64]


def planted(
    n: int, d: int, codes: int, apart: float, seed: int = 0
) -> tuple[Matrix, NDArray[np.int64]]:
    """Points around one centre per code, ``apart`` standard deviations from the middle."""
    rng = np.random.default_rng(seed)
    code = np.arange(n) % codes
    centres = apart * np.linalg.qr(rng.normal(size=(d, d)))[0][:codes]
    return (centres[code] + rng.normal(size=(n, d))).astype(np.float32), code


def fitted(known: Matrix, codes: Numbers, count: int) -> _Fit:
    return _fit(known, codes, count)


def chances(odds: Matrix) -> NDArray[np.float64]:
    return np.asarray(np.exp(log_softmax(odds.astype(np.float64), axis=1)))


class Ridge(BaseEstimator):  # type: ignore[misc, unused-ignore]
    """The covariance of one code with ``more`` in every direction."""

    def __init__(self, more: float = 0.0) -> None:
        self.more = more

    def fit(self, points: Matrix) -> Ridge:
        centred = points - points.mean(axis=0)
        self.covariance_ = centred.T @ centred / len(points) + self.more * np.eye(points.shape[1])
        return self


def test_the_scores_are_those_of_another_implementation(monkeypatch: pytest.MonkeyPatch) -> None:
    """With means that are not shrunk. Its covariance is the mean of those within the codes."""
    monkeypatch.setattr(module, "_PULL", 0.0)
    points, codes = planted(90, 5, 4, 1.5)
    known, asked = np.arange(0, 60), np.arange(60, 90)
    shares = np.bincount(codes[known]) + 0.5
    peer = LinearDiscriminantAnalysis(
        solver="lsqr",
        priors=shares / shares.sum(),
        covariance_estimator=Ridge(module._SPREAD / len(known)),
    ).fit(points[known].astype(np.float64), codes[known])
    wanted = peer.decision_function(points[asked].astype(np.float64))
    wanted -= wanted.mean(axis=1, keepdims=True)
    found = log_odds(points, known, codes[known], 4, asked)
    found = found - found.mean(axis=1, keepdims=True)
    temperature = wanted.std() / found.std()
    assert found * temperature == pytest.approx(wanted, abs=2e-3 * wanted.std())
    assert np.abs(temperature / module._TEMPERATURES - 1).min() < 1e-3


def test_means_are_held_towards_the_common_one_the_more_the_fewer_answers() -> None:
    points, codes = planted(41, 4, 2, 3.0)
    codes = np.where(np.arange(41) == 40, 2, codes)
    fit = fitted(points, codes, 3)
    moved = np.linalg.norm(fit.means - fit.own, axis=1)
    whole = np.linalg.norm(fit.own - fit.common, axis=1)
    # By hand: the weight of the common mean is pull / (size + pull).
    assert moved / whole == pytest.approx(
        [module._PULL / (size + module._PULL) for size in (20, 20, 1)], rel=1e-4
    )


def really_left_out(known: Matrix, codes: Numbers, i: int, fit: _Fit) -> NDArray[np.float64]:
    """The scores of answer ``i`` by a fit to the others, with the common mean and n as they are."""
    others = np.arange(len(known)) != i
    less = fitted(known[others], codes[others], len(fit.sizes))
    means = less.own * less.sizes[:, None] + module._PULL * fit.common
    less = replace(
        less,
        inverse=less.inverse * (fit.n / less.n),
        means=means / (less.sizes + module._PULL)[:, None],
        n=fit.n,
    )
    return less.scores(known[i : i + 1])[0].astype(np.float64)


@settings(deadline=None, max_examples=25)
@given(st.integers(4, 60), st.integers(1, 12), st.integers(2, 5), st.integers(0, 99))
def test_leaving_out_is_as_if_the_answer_had_not_been_there(
    n: int, d: int, count: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    known = rng.normal(size=(n, d)).astype(np.float32)
    codes = np.append(np.arange(count), rng.integers(0, count, size=n))[:n]
    count = int(codes.max()) + 1
    fit = fitted(known, codes, count)
    found, own = _left_out(fit, known, codes)
    use = np.flatnonzero(np.bincount(codes)[codes] > 1)
    assert own.tolist() == codes[use].tolist()
    for row, i in zip(found, use, strict=True):
        gap = row - really_left_out(known, codes, int(i), fit)
        # Both are known but for a constant: what the left-out answer adds to every score alike.
        assert gap - gap.mean() == pytest.approx(
            np.zeros(count), abs=2e-3 * (1 + float(np.ptp(row)))
        )


def test_an_answer_alone_with_its_code_is_not_left_out() -> None:
    points, _ = planted(4, 3, 2, 1.0)
    codes = np.array([0, 0, 1, 2])
    scores, own = _left_out(fitted(points, codes, 3), points, codes)
    assert (scores.shape, own.tolist()) == ((2, 3), [0, 0])


def test_only_some_of_many_coded_answers_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_JUDGED", 10)
    points, codes = planted(95, 4, 3, 2.0)
    mixed = np.random.default_rng(0).permutation(95)
    points, codes = points[mixed], codes[mixed]
    scores, own = _left_out(fitted(points, codes, 3), points, codes)
    assert 10 <= len(scores) == len(own) < 20
    assert set(own.tolist()) == {0, 1, 2}


def test_what_can_be_told_apart_is_told_surely_and_what_cannot_is_not() -> None:
    points, codes = planted(300, 10, 3, 6.0)
    known, asked = np.arange(150), np.arange(150, 300)
    sure = chances(log_odds(points, known, codes[known], 3, asked))
    assert (sure.argmax(axis=1) == codes[asked]).all()
    assert sure[np.arange(150), codes[asked]].mean() > 0.95
    noise, _ = planted(300, 10, 3, 0.0)
    unsure = chances(log_odds(noise, known, codes[known], 3, asked))
    # A third each is all that can be known; the mean is the share of each, a third as well.
    assert unsure.max(axis=1).mean() < 0.5
    assert unsure.mean(axis=0) == pytest.approx([1 / 3] * 3, abs=0.05)


def test_with_noise_only_the_larger_code_is_the_likelier() -> None:
    points, _ = planted(300, 6, 2, 0.0)
    codes = (np.arange(200) % 5 == 0).astype(np.int64)  # four in five have code 0
    found = chances(log_odds(points, np.arange(200), codes, 2, np.arange(200, 300)))
    # At a temperature above one the share is between a half and the true .8.
    assert (found[:, 0] > 0.5).mean() > 0.9
    assert found[:, 0].mean() < 0.85


def test_the_temperature_by_hand() -> None:
    """Scores that are always right by far want the least; always wrong, the greatest."""
    codes = np.arange(2_000) % 2
    scores = (5.0 * np.eye(2))[codes].astype(np.float32)
    assert _temperature(scores, codes) == module._TEMPERATURES.min()
    assert _temperature(50 * scores, 1 - codes) == module._TEMPERATURES.max()
    # Right in three of four: odds of 3, so 8 log(3) / log(3) = a temperature of 8.
    scores = (8 * np.log(3) * np.eye(2))[np.where(np.arange(2_000) % 8 < 2, 1 - codes, codes)]
    assert _temperature(scores.astype(np.float32), codes) == 8


def test_without_anything_to_judge_by_the_temperature_is_the_usual() -> None:
    none = np.empty((0, 2), dtype=np.float32), np.empty(0, dtype=np.int64)
    assert _surprise(*none) == 0
    assert np.log2(_temperature(*none)) == module._USUAL


def test_the_surprise_is_the_negative_log_likelihood() -> None:
    scores = np.random.default_rng(1).normal(size=(20, 3)) * 300  # no overflow
    codes = np.arange(20) % 3
    wanted = -log_softmax(scores, axis=1)[np.arange(20), codes].sum()
    assert _surprise(scores.astype(np.float32), codes) == pytest.approx(wanted, rel=1e-5)


@pytest.mark.parametrize("d", [0, 1, 40])
def test_one_answer_per_code_is_enough(d: int) -> None:
    points = np.random.default_rng(0).normal(size=(6, d)).astype(np.float32)
    found = log_odds(points, np.array([0, 1]), np.array([0, 1]), 2, np.arange(6))
    assert found.shape == (6, 2)
    assert np.isfinite(found).all()
    if d:
        assert found[0, 0] > found[0, 1]
        assert found[1, 1] > found[1, 0]


def test_an_answer_with_two_codes_speaks_for_both() -> None:
    points, codes = planted(60, 5, 3, 5.0)
    rows, twice = np.append(np.arange(60), np.arange(0, 60, 3)), np.append(codes, np.full(20, 1))
    found = chances(log_odds(points, rows, twice, 3, np.array([0, 2])))
    assert found[0, 1] > 100 * found[1, 1] or found[0, 1] > 0.3
    assert found[1].argmax() == 2
