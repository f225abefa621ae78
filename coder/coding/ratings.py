"""What several coders gave the same units, as arrays that agreement is computed from."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Truths = NDArray[np.bool_]
Categories = NDArray[np.int64]
Floats = NDArray[np.float64]
NOT_RATED = -1


@dataclass(frozen=True, eq=False)
class Ratings:
    """Which codes each coder gave each unit.

    units, coders, codes : their names. A code may be one that nobody used.
    rated : shape (n_units, n_coders), whether the coder is done with the unit.
    given : shape (n_units, n_coders, n_codes), False where not rated. Rated without any code means
        that nothing applies.
    """

    units: tuple[str, ...]
    coders: tuple[str, ...]
    codes: tuple[str, ...]
    rated: Truths
    given: Truths

    @property
    def several(self) -> bool:
        """Whether any rating has several codes, or none."""
        return bool((self.given.sum(axis=2)[self.rated] != 1).any())

    @property
    def paired(self) -> Truths:
        """Shape (n_units,): whether two or more coders rated the unit."""
        return np.asarray(self.rated.sum(axis=1) > 1)

    def of_code(self, code: str) -> Categories:
        """Shape (n_units, n_coders): 1 with the code, 0 without, -1 where not rated."""
        has = self.given[:, :, self.codes.index(code)]
        return np.where(self.rated, has.astype(np.int64), NOT_RATED)

    def numbers(self) -> Floats | None:
        """The codes as numbers, in their order; None unless all of them are finite numbers."""
        try:
            found = np.array([float(code) for code in self.codes])
        except ValueError:
            return None
        return found if np.isfinite(found).all() else None


@dataclass(frozen=True, eq=False)
class Table:
    """Ratings in which each has exactly one category.

    values : shape (n_units, n_coders), the number of a category, -1 where not rated.
    members : shape (n_categories, n_codes), which codes each category consists of. A category is
        one code, or where ratings may have several, a set of codes.
    """

    values: Categories
    members: Truths

    @property
    def width(self) -> int:
        """How many categories there are."""
        return len(self.members)


def make_ratings(
    given: Mapping[tuple[str, str], Collection[str]], codes: Sequence[str] = ()
) -> Ratings:
    """Ratings from the codes that a coder gave a unit, by unit and coder.

    given : by ``(unit, coder)``. A pair that is left out is not rated; one without any code is
        rated, and nothing applied. codes : all there were to choose among, also those that nobody
        used; those that occur come after them. Numbers stand in their order.

    So a coder's own coding of another day is another coder, and so are suggestions:

    >>> twice = make_ratings({("a", "Ida"): ["x"], ("a", "Ida, May"): ["x"]})
    >>> twice.coders
    ('Ida', 'Ida, May')
    """
    occurring = dict.fromkeys(code for some in given.values() for code in sorted(some))
    names = tuple(_in_order(tuple(dict.fromkeys([*codes, *occurring]))))
    units = tuple(dict.fromkeys(unit for unit, _ in given))
    coders = tuple(dict.fromkeys(coder for _, coder in given))
    rows, columns, layers = (_numbered(some) for some in (units, coders, names))
    rated = np.zeros((len(units), len(coders)), dtype=bool)
    has = np.zeros((len(units), len(coders), len(names)), dtype=bool)
    for (unit, coder), some in given.items():
        rated[rows[unit], columns[coder]] = True
        has[rows[unit], columns[coder], [layers[code] for code in some]] = True
    return Ratings(units, coders, names, rated, has)


def as_table(ratings: Ratings) -> Table:
    """The ratings as one category each: the code, or the whole set of codes if any has several.

    Of sets those that occur are the categories, since there are too many that could.
    """
    if not ratings.rated.any():
        return Table(
            np.full(ratings.rated.shape, NOT_RATED), np.eye(len(ratings.codes), dtype=bool)
        )
    if not ratings.several:
        values = np.where(ratings.rated, ratings.given.argmax(axis=2), NOT_RATED)
        return Table(values, np.eye(len(ratings.codes), dtype=bool))
    members, numbers = np.unique(ratings.given[ratings.rated], axis=0, return_inverse=True)
    values = np.full(ratings.rated.shape, NOT_RATED, dtype=np.int64)
    values[ratings.rated] = numbers.ravel()
    return Table(values, members)


def _in_order(codes: Sequence[str]) -> list[str]:
    """Numbers by size; other codes as they stand."""
    try:
        sizes = {code: float(code) for code in codes}
    except ValueError:
        return list(codes)
    return list(codes) if any(map(math.isnan, sizes.values())) else sorted(codes, key=sizes.get)  # type: ignore[arg-type]


def _numbered(names: Sequence[str]) -> dict[str, int]:
    return {name: no for no, name in enumerate(names)}
