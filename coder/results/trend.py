"""A survey that is repeated: how much each category fills, from wave to wave."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from coder.model import Code, Coding, Survey
from coder.results.margins import with_margins

_MEANT = ("label", "definition", "include", "exclude")


@dataclass(frozen=True)
class Wave:
    """What one wave of a survey adds up to.

    n : respondents of whom an answer is dealt with (coded, or done with); left : those of whom
    none is yet. counts : how many of the n have each code, by its id. meant : what each code meant
    then, by its id (see ``meaning``). entry : the last entry of the log that counts in it.
    """

    label: str
    n: int
    left: int
    counts: Mapping[str, int]
    meant: Mapping[str, str]
    entry: int

    @property
    def version(self) -> str:
        """The version of the codebook: the same for the same codes with the same descriptions."""
        return _digest(json.dumps(sorted(self.meant.items())))


def meaning(code: Code) -> str:
    """What a code is called and how it is described, as a short sum: another if that changes."""
    return _digest(json.dumps([getattr(code, name) for name in _MEANT], ensure_ascii=False))


def wave_of(
    label: str,
    survey: Survey,
    codes: Mapping[str, Code],
    codings: Sequence[Coding],
    dealt_with: Collection[str],
    entry: int,
    respondents: Collection[str] | None = None,
) -> Wave:
    """Count one wave. A respondent with several answers, or coders, counts once for a code.

    dealt_with : the answers that are coded or done with. respondents : only these; None: all who
    have written something.
    """
    of = survey.answers["respondent"]
    if respondents is not None:
        of = of[of.isin(list(respondents))]
    dealt = set(of[of.index.isin(list(dealt_with))])
    given = {(of[each.answer], each.code) for each in codings if each.answer in of.index}
    counts = {code: sum(1 for _, other in given if other == code) for code in codes}
    return Wave(
        label,
        len(dealt),
        len(set(of) - dealt),
        counts,
        {code.id: meaning(code) for code in codes.values()},
        entry,
    )


def trend_table(waves: Sequence[Wave], codes: Mapping[str, Code]) -> pd.DataFrame:
    """One row per category and wave, the categories with most in the last wave first.

    codes : those of the codebook as it is now, by id; headings are left out. Columns: ``code``,
    ``category``, ``wave``, ``count``, ``n``, ``share``, ``low`` and ``high`` (Wilson's interval at
    95 %, as if the respondents were drawn from an endless population), ``then``: whether the code
    was there and meant the same as now (``same``), meant something else (``other``), or was not
    there (``none``), and ``version`` of the codebook. Share and interval are missing where n is 0
    and where the code was not there, since nobody can have looked for it.
    """
    rows = [
        {
            "code": code.id,
            "category": code.label,
            "wave": wave.label,
            "count": wave.counts.get(code.id, 0),
            "n": wave.n,
            "share": _share(wave, code),
            "then": _then(wave, code),
            "version": wave.version,
        }
        for code in codes.values()
        if code.codable
        for wave in waves
    ]
    names = ["code", "category", "wave", "count", "n", "share", "then", "version"]
    table = pd.DataFrame(rows, columns=names)
    known = table["n"].where(table["share"].notna(), 0)
    told = with_margins(table.assign(n_effective=known.astype("float64")))
    last = told.groupby("code")["count"].transform("last")
    order = told.assign(last=last).sort_values(
        ["last", "category", "code"], ascending=[False, True, True], kind="stable"
    )
    return order[[*names[:6], "low", "high", *names[6:]]].reset_index(drop=True)


def _share(wave: Wave, code: Code) -> float:
    there = code.id in wave.meant and wave.n
    return wave.counts.get(code.id, 0) / wave.n if there else float("nan")


def _then(wave: Wave, code: Code) -> str:
    if code.id not in wave.meant:
        return "none"
    return "same" if wave.meant[code.id] == meaning(code) else "other"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
