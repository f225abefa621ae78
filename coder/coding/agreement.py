"""How far coders who worked independently chose the same, in all and code by code.

>>> given = {("1", "Ida"): ["a"], ("1", "Ole"): ["a"], ("2", "Ida"): ["b"],
...          ("2", "Ole"): ["a"], ("3", "Ida"): ["b"], ("3", "Ole"): ["b"]}
>>> ratings = make_ratings(given)
>>> found = agreement(ratings, draws=0).overall.set_index("coefficient")
>>> float(found.at["percent_agreement", "value"])
0.6666666666666666

The same coder on another day is another coder, and so are suggestions: give them a name of their
own among the coders.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coder.coding import coefficients as formulas
from coder.coding.coefficients import Coefficient
from coder.coding.distances import (
    WEIGHTS_OF,
    Level,
    interval_distance,
    masi_distance,
    nominal_distance,
    ratio_distance,
    weights,
)
from coder.coding.intervals import Interval, intervals
from coder.coding.ratings import (
    NOT_RATED,
    Categories,
    Floats,
    Ratings,
    Table,
    as_table,
    make_ratings,
)
from coder.model import Progress

__all__ = ["Agreement", "Ratings", "agreement", "make_ratings"]

# Why there is no value.
Reason = Literal[
    "one_coder", "no_pairs", "not_two_coders", "one_category", "never_used", "always_used",
    "undefined",
]  # fmt: skip
# Why a value should not be believed as it stands.
Caution = Literal[
    "few_units", "few_respondents", "few_uses", "one_sided", "prevalence", "constant_coder",
    "whole_sets", "no_interval",
]  # fmt: skip

FEW_UNITS = 20  # rated by two or more coders
FEW_USES = 5  # of a code, by the coder who used it most
FEW_RESPONDENTS = 20  # drawn for an interval
PARADOX = 0.1  # how far below AC1 a value is that a lopsided code makes small
ONE_SIDED = 3  # times as often by one coder as by another
KRIPPENDORFF_FIRM, KRIPPENDORFF_TENTATIVE = 0.8, 0.667
RARE = 0.1  # a code that fewer ratings have, or all but fewer

_COLUMNS = [
    "coefficient", "level", "weights", "value", "low", "high", "n_units", "n_paired", "n_coders",
    "n_categories", "method", "draws", "reason", "cautions",
]  # fmt: skip
_CODE_COLUMNS = ["code", "n_paired", "prevalence", "all_with", "some_with", "all_without"]
_USE_COLUMNS = ["code", "coder", "uses", "rated", "alone"]
_Builder = Callable[[Categories, Floats], Coefficient]
_WEIGHTED: Mapping[str, _Builder] = {
    "percent_agreement": formulas.percent_agreement,
    "cohen_kappa": formulas.cohen_kappa,
    "scott_pi": formulas.scott_pi,
    "fleiss_kappa": formulas.fleiss_kappa,
    "conger_kappa": formulas.conger_kappa,
    "brennan_prediger": formulas.brennan_prediger,
    "gwet_ac1": formulas.gwet_ac,
}
_OF_TWO = ("cohen_kappa", "scott_pi")
_WITHOUT_CHANCE = ("percent_agreement", "positive_agreement", "negative_agreement")
# Those that a lopsided code makes small, however much coders agree.
_PARADOX = ("cohen_kappa", "scott_pi", "fleiss_kappa", "conger_kappa", "krippendorff_alpha")


@dataclass(frozen=True, eq=False)
class Agreement:
    """How far coders agree.

    overall : one row per coefficient with ``coefficient``, ``level``, ``weights`` (missing for
        alphas, which have distances), ``value`` (missing if undefined, and then ``reason`` says
        why), ``low`` and ``high`` (95 %), ``n_units`` (that the coefficient uses), ``n_paired``
        (with two or more ratings), ``n_coders``, ``n_categories``, ``method`` of the interval
        (``bca``, ``percentile`` or missing), ``draws`` that had a value, and ``cautions``: a tuple
        of reasons not to believe the value as it stands.
    per_code : the same of each code, given or not, with ``code`` and ``prevalence`` first.
    codes : one row per code with ``code``, ``n_paired``, ``prevalence`` (the share of ratings that
        have it), and of the units with two or more ratings ``all_with``, ``some_with`` and
        ``all_without``.
    uses : one row per code and coder with ``code``, ``coder``, ``uses`` of ``rated`` units, and how
        often ``alone`` (no other who rated the unit did). All of units with two or more ratings.
    """

    overall: pd.DataFrame
    per_code: pd.DataFrame
    codes: pd.DataFrame
    uses: pd.DataFrame


@dataclass(frozen=True, eq=False)
class _Row:
    """A coefficient, None where it is undefined, and what its row says besides."""

    found: Coefficient | None
    tells: Mapping[str, Any]


def agreement(
    ratings: Ratings,
    level: Level = "nominal",
    respondents: Mapping[str, str] | None = None,
    draws: int = 2000,
    seed: int = 0,
    progress: Progress | None = None,
) -> Agreement:
    """Every coefficient that suits the ratings, with bootstrap intervals over respondents.

    level : nominal for codes. With the others the codes are numbers, or of ordinal ones in the
    order of ``ratings.codes``, one per rating. respondents : whose each unit is; a unit that is
    left out, or all if None, is a respondent of its own. draws : 0 for no intervals. seed : the
    same one gives the same intervals.

    Units with one rating are kept where the author of a coefficient keeps them (Fleiss' kappa,
    Conger's kappa, Brennan–Prediger, AC1 and AC2 after Gwet 2014) and left out by all others.
    Raises ``ValueError`` for ratings that don't have the level.
    """
    _check(ratings, level)
    rated = _without_idle(ratings)
    in_all = list(_overall(rated, level))
    codes = rated.codes if level in ("nominal", "ordinal") else ()
    by_code = [row for code in codes for row in _of_code(rated, code)]
    records = _records([*in_all, *by_code], _numbered(rated, respondents), draws, seed, progress)
    return Agreement(
        overall=_frame(records[: len(in_all)], _COLUMNS),
        per_code=_frame(records[len(in_all) :], ["code", "prevalence", *_COLUMNS]),
        codes=pd.DataFrame([_counts(rated, code) for code in codes], columns=_CODE_COLUMNS),
        uses=pd.DataFrame(
            [each for code in codes for each in _uses(rated, code)], columns=_USE_COLUMNS
        ),
    )


def krippendorff_scale(low: float) -> Literal["firm", "tentative", "neither"]:
    """How far conclusions may rest on an alpha, by the bounds that its author asks for.

    low : the lower end of its interval, since it is the alpha of all such data that must be high
    enough (Krippendorff 2004, § 11.4.2).
    """
    if low >= KRIPPENDORFF_FIRM:
        return "firm"
    return "tentative" if low >= KRIPPENDORFF_TENTATIVE else "neither"


def _check(ratings: Ratings, level: Level) -> None:
    if level == "nominal":
        return
    if ratings.several:
        raise ValueError(f"{level} ratings have exactly one value each")
    if level != "ordinal" and ratings.numbers() is None:
        raise ValueError(f"{level} ratings are numbers")


def _without_idle(ratings: Ratings) -> Ratings:
    """Without coders and units that have no rating."""
    units, coders = ratings.rated.any(axis=1), ratings.rated.any(axis=0)
    return Ratings(
        tuple(np.array(ratings.units, dtype=object)[units]),
        tuple(np.array(ratings.coders, dtype=object)[coders]),
        ratings.codes,
        ratings.rated[units][:, coders],
        ratings.given[units][:, coders],
    )


def _numbered(ratings: Ratings, respondents: Mapping[str, str] | None) -> NDArray[np.int64]:
    """The number of each unit's respondent."""
    if respondents is None:
        return np.arange(len(ratings.units))
    # A unit without a respondent can't be mixed up with a respondent of the same name.
    names = [(unit in respondents, respondents.get(unit, unit)) for unit in ratings.units]
    numbers = {name: no for no, name in enumerate(dict.fromkeys(names))}
    return np.array([numbers[name] for name in names], dtype=np.int64)


# --- the rows ----------------------------------------------------------------------------------


def _overall(rated: Ratings, level: Level) -> Iterator[_Row]:
    table = as_table(rated)
    numbers = rated.numbers()
    scale = np.arange(float(table.width)) if numbers is None or rated.several else numbers
    name = WEIGHTS_OF[level]
    by_weight = weights(name, scale)
    constant = [len(np.unique(column[column >= 0])) == 1 for column in table.values.T]
    cautions: list[Caution] = ["constant_coder"] if any(constant) else []
    of_sets: list[Caution] = ["whole_sets"] if rated.several else []
    for coefficient, build in _WEIGHTED.items():
        known = "gwet_ac2" if build is formulas.gwet_ac and name != "identity" else coefficient
        tells = {"coefficient": known, "level": level, "weights": name}
        found = build(table.values, by_weight)
        yield _row(table, found, tells, [*cautions, *of_sets])
    found = _alpha(table, level, scale)
    tells = {"coefficient": "krippendorff_alpha", "level": level}
    yield _row(table, found, tells, [*cautions, *of_sets])
    if rated.several:
        masi = formulas.krippendorff_alpha(table.values, masi_distance(table.members))
        for coefficient, found in (("mv_alpha", formulas.mv_alpha(table)), ("masi_alpha", masi)):
            yield _row(table, found, {"coefficient": coefficient, "level": level}, cautions)


def _alpha(table: Table, level: Level, scale: Floats) -> Coefficient:
    if level == "ordinal":
        return formulas.ordinal_alpha(table.values, table.width)
    distances = {"interval": interval_distance, "ratio": ratio_distance}
    distance = distances[level](scale) if level in distances else nominal_distance(table.width)
    return formulas.krippendorff_alpha(table.values, distance)


def _of_code(rated: Ratings, code: str) -> Iterator[_Row]:
    """One code, given or not: two categories, whoever used them."""
    table = Table(rated.of_code(code), np.eye(2, dtype=bool))
    prevalence = _prevalence(rated, code)
    found = {
        "percent_agreement": formulas.percent_agreement(table.values, np.eye(2)),
        "positive_agreement": formulas.specific_agreement(table.values, 1),
        "negative_agreement": formulas.specific_agreement(table.values, 0),
        **{name: build(table.values, np.eye(2)) for name, build in _WEIGHTED.items()},
        "krippendorff_alpha": formulas.krippendorff_alpha(table.values, nominal_distance(2)),
    }
    cautions = _cautions_of_code(rated, code)
    lopsided = not RARE <= prevalence <= 1 - RARE
    for name, each in found.items():
        tells = {"code": code, "prevalence": prevalence, "coefficient": name, "level": "nominal"}
        tells |= {"weights": "identity"} if name in _WEIGHTED else {}
        low = name in _PARADOX and found["gwet_ac1"].of_all() - each.of_all() > PARADOX
        yield _row(table, each, tells, [*cautions, "prevalence"] if low and lopsided else cautions)


def _row(
    table: Table, found: Coefficient, tells: Mapping[str, Any], cautions: list[Caution]
) -> _Row:
    reason = _reason(table, found, tells)
    n_paired = int(((table.values >= 0).sum(axis=1) > 1).sum())
    few: list[Caution] = ["few_units"] if n_paired < FEW_UNITS else []
    more = {
        "value": np.nan if reason else found.of_all(),
        "n_units": int(found.rests_on.sum()),
        "n_paired": n_paired,
        "n_coders": table.values.shape[1],
        "n_categories": table.width,
        "reason": reason,
        "cautions": () if reason else (*few, *cautions),
    }
    return _Row(None if reason else found, {**tells, **more})


def _reason(table: Table, found: Coefficient, tells: Mapping[str, Any]) -> Reason | None:
    """Why the coefficient has no value, or None if it has one."""
    name, values = tells["coefficient"], table.values
    if values.shape[1] < 2:
        return "one_coder"
    if not ((values >= 0).sum(axis=1) > 1).any():
        return "no_pairs"
    if name in _OF_TWO and values.shape[1] != 2:
        return "not_two_coders"
    occurring = np.unique(values[found.rests_on])
    occurring = occurring[occurring != NOT_RATED]
    # AC1 and Brennan-Prediger would be 1: nobody had a choice to agree on, as far as one can see.
    if (len(occurring) < 2 and name not in _WITHOUT_CHANCE) or not np.isfinite(found.of_all()):
        return _one_category("code" in tells, occurring)
    return None


def _one_category(of_code: bool, occurring: Categories) -> Reason:
    if len(occurring) > 1:
        return "undefined"
    if of_code:
        return "always_used" if occurring.any() else "never_used"
    return "one_category"


def _records(
    rows: list[_Row],
    respondents: NDArray[np.int64],
    draws: int,
    seed: int,
    progress: Progress | None,
) -> list[dict[str, Any]]:
    """The rows with their intervals."""
    defined = [row.found for row in rows if row.found is not None]
    found = iter(intervals(defined, respondents, draws, seed, progress))
    few = draws > 0 and len(np.unique(respondents)) < FEW_RESPONDENTS
    return [
        dict(row.tells) if row.found is None else _with_interval(row.tells, next(found), draws, few)
        for row in rows
    ]


def _frame(records: list[dict[str, Any]], columns: list[str]) -> pd.DataFrame:
    """A table in which a missing word is None, not NaN."""
    found = pd.DataFrame(records, columns=columns)
    for column in ("weights", "method", "reason"):
        found[column] = pd.Series([each.get(column) for each in records], dtype=object)
    return found


def _with_interval(
    tells: Mapping[str, Any], found: Interval, draws: int, few: bool
) -> dict[str, Any]:
    cautions = list(tells["cautions"])
    if draws > 0 and found.method is None:
        cautions.append("no_interval")
    elif few:
        cautions.append("few_respondents")
    return {**tells, **vars(found), "cautions": tuple(cautions)}


# --- how often each code was used --------------------------------------------------------------


def _paired_uses(rated: Ratings, code: str) -> Categories:
    """1 and 0 of the units with two or more ratings; shape (n_paired, n_coders)."""
    return rated.of_code(code)[rated.paired]


def _prevalence(rated: Ratings, code: str) -> float:
    values = _paired_uses(rated, code)
    return float(values[values >= 0].mean()) if (values >= 0).any() else np.nan


def _cautions_of_code(rated: Ratings, code: str) -> list[Caution]:
    values = _paired_uses(rated, code)
    uses, of = (values == 1).sum(axis=0), (values >= 0).sum(axis=0)
    if uses.max(initial=0) < FEW_USES:
        return ["few_uses"]
    shares = uses[of > 0] / of[of > 0]
    return ["one_sided"] if shares.max() >= ONE_SIDED * shares.min() else []


def _counts(rated: Ratings, code: str) -> tuple[object, ...]:
    values = _paired_uses(rated, code)
    uses, ratings = (values == 1).sum(axis=1), (values >= 0).sum(axis=1)
    full, none = int((uses == ratings).sum()), int((uses == 0).sum())
    return code, len(values), _prevalence(rated, code), full, len(values) - full - none, none


def _uses(rated: Ratings, code: str) -> Iterator[tuple[object, ...]]:
    values = _paired_uses(rated, code)
    alone = (values == 1) & ((values == 1).sum(axis=1) == 1)[:, None]
    for no, coder in enumerate(rated.coders):
        mine = values[:, no]
        yield code, coder, int((mine == 1).sum()), int((mine >= 0).sum()), int(alone[:, no].sum())
