"""Results in words: what a test, an effect or a base says, in the language of the texts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from coder.coding.agreement import (
    FEW_RESPONDENTS,
    FEW_UNITS,
    FEW_USES,
    KRIPPENDORFF_FIRM,
    KRIPPENDORFF_TENTATIVE,
    krippendorff_scale,
)
from coder.report.figure import Writer
from coder.results.basis import Basis, Filter
from coder.results.effects import Effect
from coder.results.groups import Groups
from coder.results.tests_of import Difference
from coder.results.weighting import Weights

_SMALLEST_P = 0.001


def group_name(texts: Writer, groups: Groups, code: str) -> str:
    """What a group is called; those with and without a code or tick have no name of their own."""
    return groups.labels[code] or texts(f"compare.group.{code}", label=groups.label)


def p_value(texts: Writer, p: float) -> str:
    """``p = 0.045``, or ``p < 0.001``."""
    if p < _SMALLEST_P:
        return f"p < {texts.number(_SMALLEST_P, 3)}"
    return f"p = {texts.number(p, 3)}"


def effect(texts: Writer, found: Effect) -> str:
    """The name of an effect, its value and its interval, if that is known."""
    name, value = texts(f"compare.effect.{found.name}"), texts.number(found.value, 2)
    if found.low is None or found.high is None:
        return f"{name} {value}"
    return f"{name} {value} [{texts.number(found.low, 2)}; {texts.number(found.high, 2)}]"


def result(texts: Writer, found: Difference) -> str:
    """One line: the test, its statistic, p and effect."""
    p = p_value(texts, found.p)
    if found.adjusted:
        p += f" ({texts('compare.corrected', p=p_value(texts, found.adjusted.p))})"
    name = f"{texts(f'compare.test.{found.test}')}: {_statistic(texts, found)}"
    return f"{name}{p}; {effect(texts, found.effect)}; n = {texts.number(found.n)}"


def _statistic(texts: Writer, found: Difference) -> str:
    if found.statistic is None:
        return ""
    degrees = ", ".join(_short(texts, each) for each in found.df or ())
    return _short(texts, found.statistic) + (f" (df {degrees})" if degrees else "") + ", "


def _short(texts: Writer, value: float) -> str:
    return texts.number(value, 0 if value == int(value) else 2)


def conclusion(texts: Writer, found: Difference) -> str:
    """What can and can't be concluded from a test."""
    says = texts(found.says)
    if not found.little:
        return says
    return f"{says} {texts('compare.little', least=texts.number(min(found.sizes)))}"


def why(texts: Writer, found: Difference) -> str:
    """Why this test was taken."""
    return texts(f"compare.why.{found.why}")


def correction(texts: Writer, found: Difference) -> str:
    """How p was corrected, and for how many tests; empty when it was not."""
    if found.adjusted is None:
        return ""
    return texts(f"compare.adjusted.{found.adjusted.method}", count=found.adjusted.tests)


def asked_of(texts: Writer, found: Basis) -> list[str]:
    """The filters of an item, a sentence each."""
    return [
        texts("frequencies.filter", options=_options(texts, each), question=each.question)
        for each in found.filters
    ]


def left_over(texts: Writer, found: Basis) -> list[str]:
    """The don't-knows and the not relevant of an item, if there are any, with their share."""
    roles = (("dont_know", found.dont_know), ("not_relevant", found.not_relevant))
    lines = []
    for role, count in roles:
        share = count / found.answered if found.answered else 0.0
        place = "outside" if role in found.outside else "inside"
        if count:
            told = {"count": texts.number(count), "share": texts.percent(share)}
            lines.append(texts(f"frequencies.{role}.{place}", **told))
    return lines


def weighted(texts: Writer, weights: Weights) -> str:
    """By what a table is weighted, and what the weights cost."""
    return texts(
        "weights.about",
        by=", ".join(weights.by),
        least=texts.number(weights.least, 2),
        greatest=texts.number(weights.greatest, 2),
        n=texts.number(weights.n),
        effective=texts.number(weights.n_effective),
    )


def _options(texts: Writer, condition: Filter) -> str:
    quoted = [texts("frequencies.option", label=label) for label in condition.options]
    if len(quoted) == 1:
        return quoted[0]
    return texts("frequencies.or", first=", ".join(quoted[:-1]), last=quoted[-1])


# --- agreement ---------------------------------------------------------------------------------

_OF_ONE_CODE = ("few_uses", "one_sided", "prevalence")


def agreement(texts: Writer, row: Mapping[str, Any]) -> str:
    """What a row of ``Agreement.overall`` or ``per_code`` means, with how sure it is."""
    name = texts(f"agreement.name.{row['coefficient']}")
    if _missing(row["value"]):
        reason = texts(f"agreement.reason.{row['reason']}")
        return f"{name}: {reason}"
    parts = [_meaning(texts, row), _sureness(texts, row), _by_krippendorff(texts, row)]
    return f"{name}: " + " ".join(part for part in parts if part)


def doubts(texts: Writer, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """When not to believe the values of some rows: each caution once, with whose it is."""
    whose: dict[str, list[str]] = {}
    for row in rows:
        for each in row["cautions"]:
            whose.setdefault(each, []).append(texts(f"agreement.name.{row['coefficient']}"))
    valued = sum(not _missing(row["value"]) for row in rows)
    return [
        ("" if len(names) == valued else ", ".join(names) + ": ") + caution(texts, each)
        for each, names in whose.items()
    ]


def caution(texts: Writer, name: str) -> str:
    """Why a value should not be believed as it stands (see ``coding.agreement.Caution``)."""
    least = {
        "units": texts.number(FEW_UNITS),
        "respondents": texts.number(FEW_RESPONDENTS),
        "uses": texts.number(FEW_USES),
    }
    return texts(f"agreement.caution.{name}", **least)


def doubts_of_code(
    texts: Writer, code: str, rows: Sequence[Mapping[str, Any]], uses: Mapping[str, int]
) -> list[str]:
    """Why the figures of a code should not be believed as they stand; a line each.

    rows : those of the code in ``Agreement.per_code``. uses : how often each coder used it.
    """
    reasons = [row["reason"] for row in rows if row["coefficient"] == "krippendorff_alpha"]
    unused = [each for each in reasons if each in ("never_used", "always_used", "no_pairs")]
    lines = [texts(f"agreement.reason.{each}") for each in unused]
    cautions = {each for row in rows for each in row["cautions"]}
    counts = ", ".join(f"{coder} {texts.number(count)}" for coder, count in uses.items())
    lines += [
        texts(f"agreement.of_code.{each}", uses=counts) for each in _OF_ONE_CODE if each in cautions
    ]
    return [f"{code}: {line}" for line in lines]


def decimal(texts: Writer, value: float | None) -> str:
    """A coefficient with three decimals; a dash where there is none."""
    return "–" if _missing(value) else texts.number(float(value or 0), 3)


def span(texts: Writer, low: float | None, high: float | None) -> str:
    """An interval; a dash where there is none."""
    if _missing(low) or _missing(high):
        return "–"
    return f"[{decimal(texts, low)}; {decimal(texts, high)}]"


def _meaning(texts: Writer, row: Mapping[str, Any]) -> str:
    value = float(row["value"])
    shown = {"value": decimal(texts, value), "percent": texts.percent(value)}
    if value < 0:
        return texts("agreement.below_chance", **shown)
    return texts(f"agreement.means.{row['coefficient']}", **shown)


def _sureness(texts: Writer, row: Mapping[str, Any]) -> str:
    if _missing(row["low"]):
        return ""
    found = {"low": decimal(texts, row["low"]), "high": decimal(texts, row["high"])}
    method = texts(f"agreement.method.{row['method']}")
    return texts("agreement.sure", method=method, draws=texts.number(row["draws"]), **found)


def _by_krippendorff(texts: Writer, row: Mapping[str, Any]) -> str:
    """Where an alpha stands by the bounds that its author asks for; nothing of the others."""
    if row["coefficient"] not in ("krippendorff_alpha", "mv_alpha") or _missing(row["low"]):
        return ""
    bounds = {
        "firm": texts.number(KRIPPENDORFF_FIRM, 3),
        "tentative": texts.number(KRIPPENDORFF_TENTATIVE, 3),
    }
    return texts(f"agreement.krippendorff.{krippendorff_scale(row['low'])}", **bounds)


def _missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))
