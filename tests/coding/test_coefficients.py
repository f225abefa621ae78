"""The coefficients: published values, independent packages, properties, and hand computation."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from itertools import combinations

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats import inter_rater

from coder.coding import coefficients as formulas
from coder.coding.coefficients import Coefficient
from coder.coding.distances import (
    interval_distance,
    masi_distance,
    nominal_distance,
    ratio_distance,
    set_distance,
    weights,
)
from coder.coding.ratings import Categories, Floats, Table, as_table, make_ratings
from tools.docs import Published, published_agreement

FEW = settings(max_examples=25)
Q = 4
EYE = np.eye(Q)
WEIGHTED: list[Callable[[Categories, Floats], Coefficient]] = [
    formulas.percent_agreement,
    formulas.fleiss_kappa,
    formulas.conger_kappa,
    formulas.brennan_prediger,
    formulas.gwet_ac,
]


def ratings_of(coders: int, missing: bool) -> st.SearchStrategy[Categories]:
    """Ratings of 3 to 12 units in four categories."""
    shape = st.tuples(st.integers(3, 12), st.just(coders))
    return arrays(np.int64, shape, elements=st.integers(-1 if missing else 0, Q - 1))


def values_of(values: Categories) -> list[float]:
    """Every coefficient of some ratings, at all levels."""
    found = [build(values, EYE).of_all() for build in WEIGHTED]
    found += [build(values, weights("ordinal", np.arange(Q))).of_all() for build in WEIGHTED]
    scale = np.array([1.0, 2, 4, 7])
    for distance in (nominal_distance(Q), interval_distance(scale), ratio_distance(scale)):
        found.append(formulas.krippendorff_alpha(values, distance).of_all())
    return [*found, formulas.ordinal_alpha(values, Q).of_all()]


def same(one: float, other: float) -> bool:
    return bool(np.isclose(one, other, atol=1e-9, equal_nan=True))


# --- published ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def published() -> list[Published]:
    return published_agreement()


def test_every_published_value_comes_out_to_the_printed_digits(published: list[Published]) -> None:
    assert len(published) == 51
    assert [each for each in published if each.rounded != each.printed] == []


def test_published_values_are_of_every_coefficient(published: list[Published]) -> None:
    """Or of one that equals it: with two coders Cohen's kappa is Conger's."""
    assert {each.coefficient for each in published} == {
        "percent_agreement", "cohen_kappa", "scott_pi", "fleiss_kappa", "conger_kappa",
        "brennan_prediger", "gwet_ac1", "krippendorff_alpha", "mv_alpha",
    }  # fmt: skip


def test_the_paradox_of_kappa() -> None:
    """Feinstein & Cicchetti 1990, table 1: 85 % agree in both, kappa is .70 and .32."""

    def of(both: int, first: int, second: int, neither: int) -> Categories:
        rows = [(1, 1)] * both + [(1, 0)] * first + [(0, 1)] * second + [(0, 0)] * neither
        return np.array(rows)

    even, lopsided = of(40, 9, 6, 45), of(80, 10, 5, 5)
    for values, kappa in ((even, 0.70), (lopsided, 0.32)):
        assert formulas.percent_agreement(values, np.eye(2)).of_all() == pytest.approx(0.85)
        assert formulas.cohen_kappa(values, np.eye(2)).of_all() == pytest.approx(kappa, abs=0.005)
        assert formulas.brennan_prediger(values, np.eye(2)).of_all() == pytest.approx(0.70)
    # By hand: 2a / (2a + b + c) and 2d / (2d + b + c).
    assert formulas.specific_agreement(lopsided, 1).of_all() == pytest.approx(160 / 175)
    assert formulas.specific_agreement(lopsided, 0).of_all() == pytest.approx(10 / 25)


# --- other packages ----------------------------------------------------------------------------


@FEW
@given(ratings_of(4, missing=True))
def test_alpha_is_that_of_the_package_krippendorff(values: Categories) -> None:
    data = np.where(values.T < 0, np.nan, np.array([1.0, 2, 4, 7, 0])[values.T])
    paired = values[(values >= 0).sum(axis=1) > 1]
    if len(np.unique(paired[paired >= 0])) < 2:
        return  # it has no answer then
    scale = np.array([1.0, 2, 4, 7])
    ours = {
        "nominal": formulas.krippendorff_alpha(values, nominal_distance(Q)),
        "interval": formulas.krippendorff_alpha(values, interval_distance(scale)),
        "ratio": formulas.krippendorff_alpha(values, ratio_distance(scale)),
        "ordinal": formulas.ordinal_alpha(values, Q),
    }
    for level, found in ours.items():
        theirs = krippendorff.alpha(reliability_data=data, level_of_measurement=level)
        assert found.of_all() == pytest.approx(theirs, abs=1e-9), level


@FEW
@given(ratings_of(2, missing=False))
def test_cohens_kappa_is_that_of_scikit_learn(values: Categories) -> None:
    for name, known in (("identity", None), ("linear", "linear"), ("quadratic", "quadratic")):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # 0 / 0
            theirs = cohen_kappa_score(*values.T, labels=range(Q), weights=known)
        ours = formulas.cohen_kappa(values, weights(name, np.arange(Q))).of_all()  # type: ignore[arg-type]
        assert same(ours, theirs) or np.ptp(values) == 0


@FEW
@given(ratings_of(3, missing=False))
def test_fleiss_kappa_is_that_of_statsmodels(values: Categories) -> None:
    counts, _ = inter_rater.aggregate_raters(values, n_cat=Q)
    if np.ptp(values) > 0:
        theirs = inter_rater.fleiss_kappa(counts)
        assert same(formulas.fleiss_kappa(values, EYE).of_all(), theirs)


# --- properties --------------------------------------------------------------------------------


@FEW
@given(ratings_of(3, missing=True))
def test_names_and_order_change_nothing(values: Categories) -> None:
    dice = np.random.default_rng(len(values))
    relabelled = np.append(dice.permutation(Q), -1)[values]
    moved = values[dice.permutation(len(values))][:, dice.permutation(3)]
    nominal = range(len(WEIGHTED))
    one, other = values_of(values), values_of(relabelled)
    assert all(same(one[no], other[no]) for no in nominal)
    assert all(map(same, one, values_of(moved)))


@FEW
@given(ratings_of(1, missing=False))
def test_perfect_agreement_is_1(column: Categories) -> None:
    values = np.repeat(column, 3, axis=1)
    found = values_of(values)
    expected = 1.0 if np.ptp(values) > 0 else np.nan
    assert found[0] == found[5] == 1
    assert all(same(each, expected) or same(each, 1) for each in found)
    assert all(same(each, 1) for each in found if np.ptp(values) > 0)


@FEW
@given(ratings_of(3, missing=True))
def test_every_unit_twice_changes_only_alpha(values: Categories) -> None:
    """Alpha corrects for the number of ratings; the others do not."""
    twice = np.concatenate([values, values])
    count = 2 * len(WEIGHTED)
    assert all(map(same, values_of(values)[:count], values_of(twice)[:count]))


@FEW
@given(ratings_of(2, missing=False))
def test_alpha_is_pi_corrected_for_few_ratings(values: Categories) -> None:
    """1 - alpha = (1 - pi) (1 - 1 / 2n) with two coders and n units (Krippendorff 2004)."""
    pi = formulas.scott_pi(values, EYE).of_all()
    alpha = formulas.krippendorff_alpha(values, nominal_distance(Q)).of_all()
    assert same(alpha, 1 - (1 - pi) * (1 - 1 / values.size))


@FEW
@given(ratings_of(2, missing=True))
def test_a_unit_with_one_rating_counts_only_where_its_author_counts_it(values: Categories) -> None:
    more = np.concatenate([values, [[Q - 1, -1]]])
    scott, cohen = formulas.scott_pi, formulas.cohen_kappa
    for build in (scott, cohen, formulas.percent_agreement, formulas.brennan_prediger):
        assert same(build(values, EYE).of_all(), build(more, EYE).of_all())
    alphas = [formulas.krippendorff_alpha(some, nominal_distance(Q)) for some in (values, more)]
    assert same(*(each.of_all() for each in alphas))
    assert formulas.fleiss_kappa(more, EYE).rests_on[-1]
    assert not alphas[1].rests_on[-1]


def test_fleiss_and_ac1_keep_units_with_one_rating() -> None:
    """By hand: two units agree; the third, rated once, makes the shares 1/3, 1/3, 1/3."""
    values = np.array([[0, 0], [1, 1], [0, 1], [2, -1]])
    shares = np.array([(1 + 0.5) / 4, (1 + 0.5) / 4, 1 / 4])
    agreed, chance = 2 / 3, (shares**2).sum()
    assert formulas.fleiss_kappa(values, np.eye(3)).of_all() == pytest.approx(
        (agreed - chance) / (1 - chance)
    )
    chance = (shares * (1 - shares)).sum() / 2
    assert formulas.gwet_ac(values, np.eye(3)).of_all() == pytest.approx(
        (agreed - chance) / (1 - chance)
    )


def test_weighted_agreement_by_hand() -> None:
    """Ordinal weights of four categories: 1, 5/6, 1/2, 0 (Gwet 2014, table 3.2)."""
    assert weights("ordinal", np.array([1.0, 2, 3, 9]))[0].tolist() == pytest.approx(
        [1, 5 / 6, 1 / 2, 0]
    )
    assert weights("quadratic", np.array([0.0, 1, 2]))[0].tolist() == [1, 0.75, 0]
    assert weights("linear", np.array([0.0, 1, 2]))[0].tolist() == [1, 0.5, 0]
    assert weights("ratio", np.array([1.0, 3]))[0].tolist() == [1, 0]
    values = np.array([[0, 1], [2, 2], [0, 2], [1, 1]])
    linear = weights("linear", np.arange(3.0))
    assert formulas.percent_agreement(values, linear).of_all() == (0.5 + 1 + 0 + 1) / 4


@FEW
@given(ratings_of(3, missing=True))
def test_many_coders_of_whom_few_rate_a_unit_are_as_few_coders(values: Categories) -> None:
    """Who gave a rating matters to Conger's kappa only."""
    wide = np.full((len(values), 12), -1)
    places = np.arange(len(values)) % 4
    for coder in range(3):
        wide[np.arange(len(values)), places + 4 * coder] = values[:, coder]
    conger = (2, 7)
    both = zip(values_of(values), values_of(wide), strict=True)
    assert all(same(*pair) for no, pair in enumerate(both) if no not in conger)


# --- sets of codes -----------------------------------------------------------------------------

SETS = np.array([list(f"{no:03b}") for no in range(8)]) == "1"
CODED = st.lists(st.lists(st.integers(-1, 7), min_size=3, max_size=3), min_size=2, max_size=7)


def brute_force(values: Categories, members: np.ndarray) -> float:
    """Alpha of sets with every pair of possible sets written out (Krippendorff & Craggs 2016)."""
    units = [[frozenset(np.flatnonzero(members[v])) for v in row if v >= 0] for row in values]
    units = [unit for unit in units if len(unit) > 1]
    drawn = [one for unit in units for one in unit]
    uses = {code: sum(code in one for one in drawn) for code in range(members.shape[1])}
    observed = sum(
        2 * apart(one, other) / (len(unit) - 1) for unit in units for one, other in pairs(unit)
    )
    expected = 0.0
    for size in {len(one) for one in drawn}:
        for other_size in {len(one) for one in drawn}:
            ways = np.array(
                [
                    (chance(set(one), set(other), uses), apart(frozenset(one), frozenset(other)))
                    for one in combinations(uses, size)
                    for other in combinations(uses, other_size)
                ]
            )
            share = [sum(len(one) == each for one in drawn) for each in (size, other_size)]
            if ways[:, 0].sum() > 0:
                mean = (ways[:, 0] * ways[:, 1]).sum() / ways[:, 0].sum()
                expected += share[0] * share[1] * mean / len(drawn) ** 2
    return 1 - observed / len(drawn) / expected if expected else np.nan


def pairs(unit: list[frozenset[int]]) -> list[tuple[frozenset[int], frozenset[int]]]:
    return list(combinations(unit, 2))


def chance(one: set[int], other: set[int], uses: dict[int, int]) -> float:
    apart = [uses[code] for code in one] + [uses[code] for code in other - one]
    return float(np.prod(apart) * np.prod([uses[code] - 1 for code in one & other]))


def apart(one: frozenset[int], other: frozenset[int]) -> float:
    return 1 - 2 * len(one & other) / (len(one) + len(other)) if one or other else 0.0


@FEW
@given(CODED)
def test_mv_alpha_is_what_writing_out_all_sets_gives(rows: list[list[int]]) -> None:
    values = np.array(rows)
    expected = brute_force(values, SETS) if (values >= 0).any() else np.nan
    assert same(formulas.mv_alpha(Table(values, SETS)).of_all(), expected)


@FEW
@given(ratings_of(3, missing=True))
def test_mv_alpha_of_single_codes_is_nominal_alpha(values: Categories) -> None:
    nominal = formulas.krippendorff_alpha(values, nominal_distance(Q)).of_all()
    assert same(formulas.mv_alpha(Table(values, EYE.astype(bool))).of_all(), nominal)


def test_distances_of_sets_by_hand() -> None:
    """Of {a}, {a, b}, {b, c}, {c}, {}; MASI with the 2/3 and 1/3 of Passonneau (2006)."""
    sets = np.array([[1, 0, 0], [1, 1, 0], [0, 1, 1], [0, 0, 1], [0, 0, 0]], dtype=bool)
    masi = masi_distance(sets)
    assert masi[0].tolist() == pytest.approx([0, 1 - 1 / 2 * 2 / 3, 1, 1, 1])
    assert masi[1, 2] == pytest.approx(1 - 1 / 3 * 1 / 3)
    assert set_distance(sets)[1].tolist() == pytest.approx([1 / 3, 0, 1 / 2, 1, 1])
    for found in (masi, set_distance(sets)):
        assert np.array_equal(found, found.T)
        assert np.diagonal(found).tolist() == [0, 0, 0, 0, 0]


# --- ratings -----------------------------------------------------------------------------------


def test_ratings_know_what_was_rated_and_what_has_no_code() -> None:
    ratings = make_ratings({("1", "A"): ["x", "y"], ("1", "B"): [], ("2", "B"): ["y"]}, ["z"])
    assert ratings.codes == ("z", "x", "y")
    assert ratings.of_code("y").tolist() == [[1, 0], [-1, 1]]
    assert ratings.paired.tolist() == [True, False]
    assert ratings.several
    assert as_table(ratings).width == 3  # {x, y}, {} and {y}


def test_numbers_stand_in_their_order() -> None:
    given_codes = {("1", "A"): ["10"], ("2", "A"): ["9"], ("3", "A"): ["-1"]}
    assert make_ratings(given_codes).codes == ("-1", "9", "10")
    assert make_ratings({**given_codes, ("4", "A"): ["x"]}).codes == ("10", "9", "-1", "x")
