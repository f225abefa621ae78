"""How far apart two categories are, and how much of an agreement it is to choose them.

A distance is 0 between a category and itself; a weight is 1 there. Both are of shape (n, n).
Krippendorff's alpha takes distances, the other coefficients weights.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from coder.coding.ratings import Floats, Truths

Level = Literal["nominal", "ordinal", "interval", "ratio"]
LEVELS: tuple[Level, ...] = ("nominal", "ordinal", "interval", "ratio")
WeightName = Literal["identity", "ordinal", "linear", "quadratic", "ratio"]
# The weights that go with a level unless others are asked for (Gwet 2014, ch. 3).
WEIGHTS_OF: dict[Level, WeightName] = {
    "nominal": "identity",
    "ordinal": "ordinal",
    "interval": "quadratic",
    "ratio": "ratio",
}


def weights(name: WeightName, values: Floats) -> Floats:
    """How much of an agreement two categories are, from 0 to 1 (Gwet 2014, *Handbook*, ch. 3).

    values : shape (n,), the numbers of the categories. Ordinal weights use their order only:
    1 - C(s, 2) / C(n, 2), s being how many categories stand from one to the other, both counted.
    """
    if name == "identity" or len(values) < 2:
        return np.eye(len(values))
    if name == "ordinal":
        place = np.argsort(np.argsort(values))
        steps = np.abs(np.subtract.outer(place, place)) + 1.0
        return np.asarray(1 - steps * (steps - 1) / (len(values) * (len(values) - 1)))
    if name == "ratio":
        return np.asarray(1 - _scaled(ratio_distance(values)))
    apart = np.abs(np.subtract.outer(values, values))
    return np.asarray(1 - _scaled(apart if name == "linear" else apart**2))


def _scaled(distance: Floats) -> Floats:
    """From 0 to 1."""
    most = distance.max()
    return distance / most if most > 0 else distance


# --- for Krippendorff's alpha ------------------------------------------------------------------


def nominal_distance(count: int) -> Floats:
    """1 between any two categories."""
    return 1.0 - np.eye(count)


def interval_distance(values: Floats) -> Floats:
    """The square of the difference. values : shape (..., n)."""
    return np.asarray((values[..., :, None] - values[..., None, :]) ** 2)


def ratio_distance(values: Floats) -> Floats:
    """The square of the difference over the sum; 0 between 0 and 0."""
    total = np.add.outer(values, values)
    apart = np.subtract.outer(values, values)
    return np.asarray(np.divide(apart, total, out=np.zeros_like(total), where=total != 0) ** 2)


def mid_ranks(counts: Floats) -> Floats:
    """The middle place of each category among all ratings; counts : shape (..., n), in order.

    The ordinal distance of Krippendorff (2011) is the interval distance of these.
    """
    return np.asarray(np.cumsum(counts, axis=-1) - counts / 2)


# --- of sets of codes --------------------------------------------------------------------------


def set_distance(members: Truths) -> Floats:
    """1 - 2|C∩K| / (|C| + |K|), 0 between two empty sets (Krippendorff & Craggs 2016).

    members : shape (n_sets, n_codes).
    """
    common, sizes = _common(members)
    total = np.add.outer(sizes, sizes)
    return 1 - np.divide(2 * common, total, out=np.ones_like(common), where=total > 0)


def masi_distance(members: Truths) -> Floats:
    """1 - Jaccard × monotonicity, 0 between two empty sets (Passonneau 2006, *LREC*).

    Monotonicity is 1 of equal sets, 2/3 when one holds the other, 1/3 when each has something of
    its own, 0 of sets without anything in common. members : shape (n_sets, n_codes).
    """
    common, sizes = _common(members)
    smaller = np.minimum.outer(sizes, sizes)
    union = np.add.outer(sizes, sizes) - common
    jaccard = np.divide(common, union, out=np.ones_like(common), where=union > 0)
    monotonicity = np.select(
        [common == union, common == 0, common == smaller], [1.0, 0.0, 2 / 3], default=1 / 3
    )
    return np.asarray(1 - jaccard * monotonicity)


def _common(members: Truths) -> tuple[Floats, Floats]:
    """How many codes any two sets have in common, and how many each has."""
    as_numbers = members.astype(np.float64)
    return as_numbers @ as_numbers.T, as_numbers.sum(axis=1)
