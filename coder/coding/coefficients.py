"""The coefficients of agreement, each as a function of sums over units.

A coefficient is what every unit adds (``parts``) and what follows from the sums (``value``). So
it can be computed of any resample of the units at the price of one multiplication.

``values`` is everywhere of shape (n_units, n_coders): the number of a category, -1 where not
rated. ``weights`` and ``distance`` are of shape (n_categories, n_categories). In a formula, r is
the number of ratings of a unit, r_k those in category k. A coefficient that is 0 / 0 is NaN.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from coder.coding.distances import interval_distance, mid_ranks, set_distance
from coder.coding.ratings import Categories, Floats, Table, Truths

Parts = Any  # an array of numbers, or one of scipy.sparse where most of them are 0
_WIDE = 64  # from so many parts on, an array is sparse


@dataclass(frozen=True, eq=False)
class Coefficient:
    """One coefficient of one table of ratings.

    parts : shape (n_units, n_parts). value : from sums of parts, shape (..., n_parts), to the
    coefficient, shape (...). rests_on : shape (n_units,), the units that it uses.
    """

    parts: Parts
    value: Callable[[Floats], Floats]
    rests_on: Truths

    def of_all(self) -> float:
        """The coefficient of all units; NaN where it is 0 / 0."""
        return float(self.value(np.asarray(self.parts.sum(axis=0))[None, :])[0])


def percent_agreement(values: Categories, weights: Floats) -> Coefficient:
    """The share of pairs of ratings of the same unit that agree, averaged over units.

    Σ_k r_k (r*_k - 1) / (r (r - 1)) with r*_k = Σ_l w_kl r_l (Gwet 2014), over units with two or
    more ratings. With two coders: the share of units on which they agree.
    """

    def value(sums: Floats) -> Floats:
        return _divide(sums[..., 0], sums[..., 1])

    return Coefficient(_stacked(*_agreement(values, weights)), value, _count(values) > 1)


def cohen_kappa(values: Categories, weights: Floats) -> Coefficient:
    """(p_a - p_e) / (1 - p_e), p_e = Σ w_kl p_1k p_2l, of two coders (Cohen 1960, 1968).

    Over the units that both rated.
    """
    return conger_kappa(_both(values), weights)


def scott_pi(values: Categories, weights: Floats) -> Coefficient:
    """(p_a - p_e) / (1 - p_e), p_e = Σ w_kl p_k p_l, of two coders (Scott 1955).

    p_k is the share of category k among the ratings of both, over the units that both rated.
    """
    return fleiss_kappa(_both(values), weights)


def fleiss_kappa(values: Categories, weights: Floats) -> Coefficient:
    """Fleiss' kappa (1971) for any number of ratings per unit (Gwet 2014).

    p_e = Σ w_kl p_k p_l. p_k is the mean of r_k / r over units with at least one rating, p_a that
    of ``percent_agreement``, over units with two or more.
    """
    return _by_shares(values, weights, _quadratic(weights))


def gwet_ac(values: Categories, weights: Floats) -> Coefficient:
    """Gwet's AC1 (2008), with identity weights, and AC2 (2014) with others.

    p_e = T / (q (q - 1)) Σ p_k (1 - p_k), T the sum of the q × q weights; p_k and p_a as in
    ``fleiss_kappa``. NaN with one category.
    """
    q, total = len(weights), weights.sum()
    scale = total / (q * (q - 1)) if q > 1 else np.nan
    return _by_shares(values, weights, lambda p: scale * (p * (1 - p)).sum(axis=-1))


def brennan_prediger(values: Categories, weights: Floats) -> Coefficient:
    """Brennan & Prediger's kappa (1981): chance is 1 / q, with weights T / q².

    With two categories it is PABAK (Byrt, Bishop & Carlin 1993). p_a as in ``fleiss_kappa``. NaN
    with one category.
    """
    q, total = len(weights), weights.sum()
    chance = total / q**2 if q > 1 else np.nan

    def value(sums: Floats) -> Floats:
        return _corrected(_divide(sums[..., 0], sums[..., 1]), np.asarray(chance))

    return Coefficient(_stacked(*_agreement(values, weights)), value, _count(values) > 0)


def conger_kappa(values: Categories, weights: Floats) -> Coefficient:
    """Conger's kappa (1980): Cohen's for any number of coders, each with shares of their own.

    p_e is the mean over pairs of different coders g, h of Σ w_kl p_gk p_hl, p_gk being the share
    of category k among the units that g rated. p_a as in ``fleiss_kappa``.
    """
    coders, q = values.shape[1], len(weights)
    weighted = _quadratic(weights)

    def value(sums: Floats) -> Floats:
        counts = sums[..., 2:].reshape(*sums.shape[:-1], coders, q)
        shares = _divide(counts, counts.sum(axis=-1, keepdims=True))
        all_pairs = weighted(shares.sum(axis=-2))
        with_oneself = weighted(shares).sum(axis=-1)
        chance = _divide(all_pairs - with_oneself, np.full_like(all_pairs, coders * (coders - 1)))
        return _corrected(_divide(sums[..., 0], sums[..., 1]), chance)

    parts = _stacked(*_agreement(values, weights), _by_coder(values, q))
    return Coefficient(parts, value, _count(values) > 0)


def krippendorff_alpha(values: Categories, distance: Floats) -> Coefficient:
    """Krippendorff's alpha (2004, 2011): 1 - D_o / D_e, over units with two or more ratings.

    D_o = 1/n Σ over pairs of ratings of a unit of distance / (r - 1); D_e = Σ n_k n_l distance /
    (n (n - 1)), n_k being how many of the n ratings are k.
    """
    q, weighted = len(distance), _quadratic(distance)

    def value(sums: Floats) -> Floats:
        counts = sums[..., 1:]
        n = counts.sum(axis=-1)
        expected = weighted(counts)
        return 1 - _divide(sums[..., 0] * (n - 1), expected)

    parts = _stacked(_disagreement(values, distance), _counts(_paired(values), q))
    return Coefficient(parts, value, _count(values) > 1)


def ordinal_alpha(values: Categories, count: int) -> Coefficient:
    """Krippendorff's alpha of ``count`` categories in order.

    The distance of two categories is the square of how many ratings stand between them, half of
    those of each counted, so that it changes with the ratings.
    """

    def value(sums: Floats) -> Floats:
        pairs = sums.reshape(*sums.shape[:-1], count, count)
        counts = pairs.sum(axis=-1)
        distance = interval_distance(mid_ranks(counts))
        observed = (pairs * distance).sum(axis=(-1, -2))
        expected = np.einsum("...k,...kl,...l->...", counts, distance, counts)
        return 1 - _divide(observed * (counts.sum(axis=-1) - 1), expected)

    return Coefficient(_coincidences(values, count), value, _count(values) > 1)


def mv_alpha(table: Table) -> Coefficient:
    """Alpha of sets of codes (Krippendorff & Craggs 2016), over units with two or more ratings.

    D_o is the mean ``set_distance`` of pairs. D_e is that of sets drawn at random: of sizes as
    often as they occur, made of codes as often as those occur. Of two sizes a and b, sets C and
    K count by Π n_c over C × Π n_k over K, with n_k - 1 for what is in both. Every code is in
    neither set, in one, the other or both, so the sum over all sets is the coefficient of x^a y^b
    of Π (1 + n_c x + n_c y + n_c (n_c - 1) x y), and never has to be written out.
    """
    sizes = table.members.sum(axis=1)
    kept = _paired(table.values)
    per_category = _counts(kept, table.width)
    by_size = per_category @ (sizes[:, None] == np.arange(sizes.max(initial=0) + 1))
    by_code = per_category @ table.members.astype(np.float64)
    most = by_size.shape[1]

    def value(sums: Floats) -> Floats:
        of_size, of_code = sums[..., 1 : 1 + most], sums[..., 1 + most :]
        n = of_size.sum(axis=-1)
        shares = _divide(of_size, n[..., None])
        apart = _expected_set_distance(of_code, most)
        expected = np.einsum("...a,...ab,...b->...", shares, apart, shares)
        return 1 - _divide(_divide(sums[..., 0], n), expected)

    disagreement = _disagreement(table.values, set_distance(table.members))
    return Coefficient(_stacked(disagreement, by_size, by_code), value, _count(kept) > 0)


def specific_agreement(values: Categories, category: int) -> Coefficient:
    """How often the others agree with a coder who has chosen the category (Cicchetti & Feinstein).

    Σ r_k (r_k - 1) / (r - 1) over Σ r_k, over units with two or more ratings. With two coders
    2a / (2a + b + c), positive agreement for the category 1 and negative for 0 (1990).
    """
    chosen = np.where(values >= 0, values == category, 0).sum(axis=1).astype(np.float64)
    count = _count(values)
    others = np.where(count > 1, count - 1, 1)
    paired = np.where(count > 1, chosen, 0)

    def value(sums: Floats) -> Floats:
        return _divide(sums[..., 0], sums[..., 1])

    return Coefficient(_stacked(paired * (chosen - 1) / others, paired), value, count > 1)


# --- what they have in common ------------------------------------------------------------------


def _by_shares(
    values: Categories, weights: Floats, chance: Callable[[Floats], Floats]
) -> Coefficient:
    """A coefficient whose chance follows from the mean shares of the categories."""
    count = _count(values)
    of_unit = np.divide(1.0, count, out=np.zeros(len(count)), where=count > 0)
    shares = _counts(values, len(weights)) * of_unit[:, None]

    def value(sums: Floats) -> Floats:
        found = sums[..., 2:]
        mean = _divide(found, found.sum(axis=-1, keepdims=True))
        return _corrected(_divide(sums[..., 0], sums[..., 1]), chance(mean))

    return Coefficient(_stacked(*_agreement(values, weights), shares), value, count > 0)


def _agreement(values: Categories, weights: Floats) -> tuple[Floats, Floats]:
    """How far the ratings of each unit agree, and 1 for units with two or more."""
    count = _count(values)
    pairs = np.where(count > 1, count * (count - 1), 1)
    return _over_pairs(values, weights) / pairs, (count > 1).astype(np.float64)


def _disagreement(values: Categories, distance: Floats) -> Floats:
    """The distances of all pairs of ratings of each unit, over r - 1."""
    count = _count(values)
    return _over_pairs(values, distance) / np.where(count > 1, count - 1, 1)


def _over_pairs(values: Categories, between: Floats) -> Floats:
    """The sum over ordered pairs of different ratings of each unit; ``between`` is symmetric."""
    total = np.zeros(len(values))
    close = _to_the_left(values)
    for one in range(close.shape[1]):
        for other in range(one):
            there = close[:, one] >= 0
            total[there] += 2 * between[close[there, one], close[there, other]]
    return total


def _coincidences(values: Categories, q: int) -> Parts:
    """Each ordered pair of ratings of a unit over r - 1; shape (n_units, q × q)."""
    close, count = _to_the_left(values), _count(values)
    found: Parts = sparse.csr_array((len(values), q * q))
    for one in range(close.shape[1]):
        for other in range(one):
            rows = np.flatnonzero(close[:, one] >= 0)
            first, second = close[rows, one], close[rows, other]
            for cells in (first * q + second, second * q + first):
                each = 1 / (count[rows] - 1), (rows, cells)
                found = found + sparse.csr_array(each, shape=found.shape)
    return found


def _to_the_left(values: Categories) -> Categories:
    """The ratings of each unit without gaps, whoever gave them: many coders may have rated few."""
    widest = int(_count(values).max(initial=0))
    return np.sort(values, axis=1)[:, ::-1][:, :widest]


def _counts(values: Categories, q: int) -> Parts:
    """How many ratings of each unit are in each category; shape (n_units, q)."""
    rows, coders = np.nonzero(values >= 0)
    found = np.ones(len(rows)), (rows, values[rows, coders])
    return sparse.csr_array(found, shape=(len(values), q))


def _by_coder(values: Categories, q: int) -> Parts:
    """Which category each coder gave each unit; shape (n_units, n_coders × q)."""
    rows, coders = np.nonzero(values >= 0)
    found = np.ones(len(rows)), (rows, coders * q + values[rows, coders])
    return sparse.csr_array(found, shape=(len(values), values.shape[1] * q))


def _stacked(*columns: Parts) -> Parts:
    """Parts side by side."""
    blocks = [each[:, None] if each.ndim == 1 else each for each in columns]
    if sum(each.shape[1] for each in blocks) > _WIDE:
        return sparse.csr_array(sparse.hstack([sparse.csr_array(each) for each in blocks]))
    dense = [each if isinstance(each, np.ndarray) else each.toarray() for each in blocks]
    return np.concatenate(dense, axis=1)


def _count(values: Categories) -> Floats:
    """How many ratings each unit has."""
    return np.asarray((values >= 0).sum(axis=1), dtype=np.float64)


def _paired(values: Categories) -> Categories:
    """The ratings of units with two or more; no others."""
    return np.where((_count(values) > 1)[:, None], values, -1)


def _both(values: Categories) -> Categories:
    """The ratings of units that all coders rated; no others."""
    return np.where(np.all(values >= 0, axis=1)[:, None], values, -1)


def _quadratic(weights: Floats) -> Callable[[Floats], Floats]:
    """Σ w_kl p_k p_l over the last axis, as a function of p."""
    diagonal, apart = np.diagonal(weights), weights[0, -1] if len(weights) > 1 else 0.0
    if np.array_equal(weights, np.full_like(weights, apart) + np.diag(diagonal - apart)):
        # Nominal, and there may be thousands of sets of codes: no need of all their pairs.
        return lambda p: np.asarray(
            apart * p.sum(axis=-1) ** 2 + (p**2 * (diagonal - apart)).sum(axis=-1)
        )
    return lambda p: np.asarray(((p @ weights) * p).sum(axis=-1))


def _expected_set_distance(of_code: Floats, most: int) -> Floats:
    """The mean distance of random sets of a and b codes; shape (..., most, most)."""
    total = np.maximum(of_code.sum(axis=-1), 1)[..., None, None]  # only to keep numbers small
    ways = np.zeros((*of_code.shape[:-1], most, most))
    ways[..., 0, 0] = 1
    common = np.zeros_like(ways)  # the same, times how many codes the sets have in common
    for code in range(of_code.shape[-1]):
        n = of_code[..., code, None, None]
        one, two = n / total, n * (n - 1) / total**2
        before, shared = ways.copy(), common.copy()
        for now, was in ((ways, before), (common, shared)):
            now[..., 1:, :] += one * was[..., :-1, :]
            now[..., :, 1:] += one * was[..., :, :-1]
            now[..., 1:, 1:] += two * was[..., :-1, :-1]
        common[..., 1:, 1:] += two * before[..., :-1, :-1]
    sizes = np.add.outer(np.arange(most), np.arange(most))
    mean = np.divide(common, ways, out=np.zeros_like(ways), where=ways > 0)
    apart = 1 - 2 * mean / np.maximum(sizes, 1)
    return np.where((ways > 0) & (sizes > 0), apart, 0.0)


def _corrected(agreed: Floats, chance: Floats) -> Floats:
    """(p_a - p_e) / (1 - p_e)."""
    return _divide(agreed - chance, 1 - chance + np.zeros_like(agreed))


def _divide(above: Floats, below: Floats) -> Floats:
    """NaN where what is below is 0, but for an error of the machine."""
    some = np.abs(below) > 1e-12
    wanted = np.broadcast_shapes(above.shape, below.shape)
    return np.asarray(np.divide(above, below, out=np.full(wanted, np.nan), where=some))
