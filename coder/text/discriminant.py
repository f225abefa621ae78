"""Which code an answer has, learnt from those that are coded: linear discriminant analysis."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Matrix = NDArray[np.float32]
Numbers = NDArray[np.int64]

_SPREAD = 1.0  # pseudo-scatter in every direction: what is assumed before much is coded
_PULL = 0.5  # pseudo-answers at the common mean, which hold back codes with few answers
_COMMON = 10.0  # pseudo-answers at the origin, which hold back the common mean
_JUDGED = 1_000  # coded answers that are left out one by one, at most
_TEMPERATURES = 2.0 ** np.arange(-1, 9)
_USUAL, _HOLD = 4.0, 0.5  # the expected logarithm of the temperature, and how firmly


def log_odds(points: Matrix, rows: Numbers, codes: Numbers, count: int, asked: Numbers) -> Matrix:
    """The log-probability of each code, but for a constant, for the answers asked about.

    points : shape (n, d), centred. rows, codes : the coded answers and their codes, 0 to
    ``count`` - 1, each code at least once; a row may stand several times. asked : rows.

    Returns shape (len(asked), count). Codes are normal distributions with one covariance (Fisher
    1936; Hastie, Tibshirani & Friedman 2009, ch. 4.3), its scatter regularised by a ridge, the
    means shrunk towards the common one. The scores are divided by the temperature (Guo et al.
    2017) at which coded answers, each left out in turn, are most probable.
    """
    fit = _fit(points[rows], codes, count)
    temperature = _temperature(*_left_out(fit, points[rows], codes))
    return np.asarray(fit.scores(points[asked]) / temperature, dtype=np.float32)


@dataclass(frozen=True)
class _Fit:
    """``inverse`` is of the covariance; ``means`` are shrunk, ``own`` as they are."""

    inverse: Matrix
    means: Matrix
    own: Matrix
    sizes: Matrix
    common: Matrix
    n: int

    @property
    def shares(self) -> Matrix:
        """The logarithm of each code's share of the coded answers, none of them zero."""
        return np.asarray(np.log((self.sizes + 0.5) / (self.n + 0.5 * len(self.sizes))))

    def scores(self, points: Matrix) -> Matrix:
        """The discriminant scores, shape (n, codes)."""
        weights = self.means @ self.inverse
        level = self.shares - 0.5 * (self.means * weights).sum(axis=1)
        return np.asarray(points @ weights.T + level)


def _fit(known: Matrix, codes: Numbers, count: int) -> _Fit:
    n, d = known.shape
    sizes = np.bincount(codes, minlength=count).astype(np.float32)
    sums = csr_array((np.ones(n, np.float32), (codes, np.arange(n))), shape=(count, n)) @ known
    own = sums / sizes[:, None]
    common = known.sum(axis=0) / (n + _COMMON)
    means = (sums + _PULL * common) / (sizes + _PULL)[:, None]
    rest = known - own[codes]
    scatter = rest.T @ rest + _SPREAD * np.eye(d, dtype=np.float32)
    return _Fit(np.linalg.inv(scatter / n), means, own, sizes, common, n)


def _left_out(fit: _Fit, known: Matrix, codes: Numbers) -> tuple[Matrix, Numbers]:
    """The scores of coded answers, each by a fit without it, and their codes.

    Leaving an answer out changes the scatter by one product of a vector with itself, so that the
    inverse follows from the one that is there (Sherman & Morrison 1950). Answers that are alone
    with their code are passed over: without them the code is not there.
    """
    use = np.flatnonzero(fit.sizes[codes] > 1)
    if len(use) > _JUDGED:
        use = use[np.linspace(0, len(use) - 1, _JUDGED).astype(np.int64)]
    x, code, i = known[use], codes[use], np.arange(len(use))
    size = fit.sizes[code]
    part = size / (size - 1) / fit.n  # the scatter loses this many times rest restᵀ
    rest = x - fit.own[code]
    turned = rest @ fit.inverse
    less = part / np.maximum(1 - part * (turned * rest).sum(axis=1), 1e-3)
    weights = fit.means @ fit.inverse
    away = (fit.means * weights).sum(axis=1) - 2 * (x @ weights.T)
    across = (turned * x).sum(axis=1)[:, None] - turned @ fit.means.T
    mean = (size[:, None] * fit.own[code] - x + _PULL * fit.common) / (size - 1 + _PULL)[:, None]
    gap = mean - x
    away[i, code] = ((gap @ fit.inverse) * gap).sum(axis=1) - ((x @ fit.inverse) * x).sum(axis=1)
    across[i, code] = -(turned * gap).sum(axis=1)
    scores = fit.shares - 0.5 * (away + less[:, None] * across**2)
    scores[i, code] += np.log((size - 0.5) / (size + 0.5))
    return scores, code


def _temperature(scores: Matrix, codes: Numbers) -> float:
    """The temperature at which the codes are most probable, by default about sixteen."""
    costs = [
        _HOLD * abs(np.log2(each) - _USUAL) + _surprise(scores / each, codes)
        for each in _TEMPERATURES
    ]
    return float(_TEMPERATURES[int(np.argmin(costs))])


def _surprise(scores: Matrix, codes: Numbers) -> float:
    """The negative log-likelihood of the codes, in nats."""
    if not len(codes):
        return 0.0
    least = scores - scores.max(axis=1, keepdims=True)
    own = least[np.arange(len(codes)), codes]
    return float((np.log(np.exp(least).sum(axis=1)) - own).sum())
