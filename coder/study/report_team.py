"""Of the report: who coded, how far they agree, and what was settled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from string import ascii_lowercase
from typing import Any

import pandas as pd

from coder import sentences
from coder.coding.agreement import Agreement
from coder.coding.rounds import RoundProgress
from coder.model import Settle
from coder.report.document import Block, Column, Heading, Paragraph, Table
from coder.report.figure import Writer
from coder.study.team import Team

_DRAWS = 1000  # of the intervals of agreement
_ALPHA, _OF_SETS = "krippendorff_alpha", "mv_alpha"
_OF_ONE_CODE = ("few_uses", "one_sided", "prevalence", "no_interval")  # others are the same for all
_OF_ROUND = ("in_round", "shared", "coders")
_COMPARED = ("percent_agreement", _ALPHA, _OF_SETS)  # before and after settling


def who_coded(study: Team, texts: Writer, unpublished: bool) -> Iterator[Block]:
    """How much each coder has coded, and the rounds in which they did; names only unpublished."""
    state = study.state
    there = set(study.survey.answers.index) - state.set_aside()
    names = coder_names(study, texts, unpublished)
    rows = tuple(
        (
            names[coder],
            texts.number(len(there & state.coded_answers(coder))),
            texts.number(len(there & state.done_answers(coder))),
        )
        for coder in state.coders
        if there & state.dealt_with(coder)
    )
    if rows:
        heads = columns_of(texts, ("coder", "coded", "done"), (3.0, 1.0, 1.0))
        yield Table(texts("report.coders"), heads, rows)
    rounds = study.rounds()[::-1]
    if rounds:
        heads = (
            Column(texts("report.column.round"), 1.4),
            Column(texts("report.column.design"), 3.0),
            *(Column(texts(f"report.column.{each}"), 1.0, True) for each in _OF_ROUND),
        )
        told = tuple(_round(texts, no, each) for no, each in enumerate(rounds, start=1))
        yield Table(texts("report.rounds"), heads, told, texts("report.about_rounds"))


def _round(texts: Writer, no: int, each: RoundProgress) -> tuple[str, ...]:
    round = each.round
    kind = "is_test" if round.test else "is_blind" if round.blind else "is_open"
    counts = (len(round.answers), each.shared, len(round.coders))
    name = f"{texts.number(no)} ({texts(f'rounds.{kind}')})"
    return (name, texts(f"rounds.by.{round.design}"), *map(texts.number, counts))


def coder_names(study: Team, texts: Writer, unpublished: bool) -> Mapping[str, str]:
    """What the coders are called: by their names only where nothing is published."""
    coders = study.state.coders
    if unpublished:
        return coders
    numbered = enumerate(coders, start=1)
    return {coder: texts("report.coder", no=texts.number(no)) for no, coder in numbered}


# --- how far they agree ------------------------------------------------------------------------


def agreed(study: Team, texts: Writer, unpublished: bool) -> Iterator[Block]:
    """How far coders agree, with intervals and what to doubt of it, and what settling changed."""
    yield Heading(texts("report.section.agreed"), 2)
    yield from _with_each_other(study, texts)
    yield from _over_time(study, texts, unpublished)


def _with_each_other(study: Team, texts: Writer) -> Iterator[Block]:
    ratings = study.ratings()
    if len(ratings.coders) < 2:
        yield Paragraph(texts("agreement.reason.one_coder"))
        return
    found = study.agreement(draws=_DRAWS)
    overall = [row for row in found.overall.to_dict("records") if not pd.isna(row["value"])]
    if not overall:
        yield Paragraph(texts("agreement.reason.no_pairs"))
        return
    shared = {unit for unit, yes in zip(ratings.units, ratings.paired, strict=True) if yes}
    told = {"coders": texts.number(len(ratings.coders)), "answers": texts.number(len(shared))}
    blind = texts.number(len(shared & _in_blind_rounds(study)))
    yield Paragraph(texts("report.agreed", **told, blind=blind))
    heads = columns_of(texts, ("coefficient", "value", "interval", "units"), (3.0, 1.0, 1.6, 1.0))
    rows = tuple(_coefficient(texts, row) for row in overall)
    doubts = " ".join(sentences.doubts(texts, overall))
    yield Table(texts("report.agreement"), heads, rows, doubts)
    yield Paragraph(sentences.agreement(texts, _telling(overall)))
    yield from _by_code(texts, found)
    yield from _settled(study, texts, shared, overall)


def _in_blind_rounds(study: Team) -> set[str]:
    """The answers that several were asked to code without seeing what the others chose."""
    rounds = study.state.rounds.values()
    asked = [each for each in rounds if each.blind and not each.test and not each.again]
    of_each = [Counter(a for own in each.assigned for a in own.answers) for each in asked]
    return {answer for counts in of_each for answer, count in counts.items() if count > 1}


def _over_time(study: Team, texts: Writer, unpublished: bool) -> Iterator[Block]:
    """Each coder's first coding beside that of the latest closed round of coding again."""
    state, names = study.state, coder_names(study, texts, unpublished)
    over = [each for id, each in state.rounds.items() if each.again and id in state.closed]
    latest = {coder: each.round for each in over for coder in each.coders}
    rows = [
        (names[coder], *_estimated(texts, row))
        for coder, round in latest.items()
        for row in study.agreement("later", coder, round, _DRAWS).overall.to_dict("records")
        if row["coefficient"] == _ALPHA and not pd.isna(row["value"])
    ]
    if rows:
        yield Paragraph(texts("report.again"))
        heads = columns_of(texts, ("coder", "value", "interval", "units"), (3.0, 1.0, 1.6, 1.0))
        yield Table(texts("report.agreement_again"), heads, tuple(rows))


def _coefficient(texts: Writer, row: Mapping[str, Any]) -> tuple[str, ...]:
    return texts(f"agreement.name.{row['coefficient']}"), *_estimated(texts, row)


def _estimated(texts: Writer, row: Mapping[str, Any]) -> tuple[str, str, str]:
    units = 0 if pd.isna(row["n_units"]) else int(row["n_units"])
    return (*_valued(texts, row), texts.number(units))


def _valued(texts: Writer, row: Mapping[str, Any]) -> tuple[str, str]:
    value, low, high = row["value"], row["low"], row["high"]
    return sentences.decimal(texts, value), sentences.span(texts, low, high)


def _telling(overall: list[dict[str, Any]]) -> Mapping[str, Any]:
    """The row that is put in words: alpha, and where answers have several codes that of sets."""
    rows = {row["coefficient"]: row for row in overall}
    alpha = rows.get(_ALPHA, overall[0])
    return rows.get(_OF_SETS, alpha) if "whole_sets" in alpha["cautions"] else alpha


def _by_code(texts: Writer, found: Agreement) -> Iterator[Block]:
    """Category by category, with letters for what is to be doubted, which the note tells."""
    uses = found.uses.groupby("code")["uses"].sum()
    by_code: dict[str, dict[str, Mapping[str, Any]]] = {}
    for row in found.per_code.to_dict("records"):
        by_code.setdefault(row["code"], {})[row["coefficient"]] = row
    found_any = {c for of_code in by_code.values() for c in of_code[_ALPHA]["cautions"]}
    doubted = [each for each in _OF_ONE_CODE if each in found_any]
    letters = dict(zip(doubted, ascii_lowercase, strict=False))
    rows = tuple(
        (
            code,
            texts.number(int(uses.get(code, 0))),
            *_valued(texts, of_code[_ALPHA]),
            sentences.decimal(texts, of_code["gwet_ac1"]["value"]),
            _share(texts, of_code["positive_agreement"]["value"]),
            ", ".join(letters[c] for c in doubted if c in of_code[_ALPHA]["cautions"]),
        )
        for code, of_code in by_code.items()
    )
    if rows:
        yield Paragraph(texts("report.about_agreement_by_code"))
        names = ("category", "uses", "alpha", "interval", "ac1", "both", "doubt")
        heads = columns_of(texts, names, (3.0, 0.8, 0.8, 1.6, 0.8, 1.2, 1.0))
        told = [f"{letter}: {sentences.caution(texts, c)}" for c, letter in letters.items()]
        yield Table(texts("report.agreement_by_code"), heads, rows, " ".join(told))


def _share(texts: Writer, value: float) -> str:
    return "–" if pd.isna(value) else texts.percent(value)


# --- what was settled --------------------------------------------------------------------------


def _settled(
    study: Team, texts: Writer, shared: Collection[str], before: list[dict[str, Any]]
) -> Iterator[Block]:
    """How many answers were coded differently, how many of them are settled, and why they were."""
    there = {each.answer for each in study.disagreements(settled=True)}
    settled = {a: each for a, each in study.state.settled.items() if a in there}
    counts = {"answers": len(shared), "differ": len(there), "settled": len(settled)}
    yield Paragraph(texts("report.settled", **{n: texts.number(c) for n, c in counts.items()}))
    if not settled:
        return
    yield Paragraph(texts("report.causes", causes=_causes(texts, settled.values())))
    after = study.agreement("settled", draws=0).overall.set_index("coefficient")["value"]
    rows = tuple(
        (
            texts(f"agreement.name.{row['coefficient']}"),
            sentences.decimal(texts, row["value"]),
            sentences.decimal(texts, after[row["coefficient"]]),
        )
        for row in before
        if row["coefficient"] in _COMPARED
    )
    heads = columns_of(texts, ("coefficient", "before", "after"), (3.0, 1.0, 1.0))
    about = texts("report.about_settled")
    yield Table(texts("report.agreement_settled"), heads, rows, about)


def _causes(texts: Writer, settled: Collection[Settle]) -> str:
    counted = Counter(each.reason for each in settled).most_common()
    return ", ".join(f"{texts(f'reason.{why}')} ({texts.number(n)})" for why, n in counted)


def columns_of(
    texts: Writer, names: tuple[str, ...], widths: tuple[float, ...]
) -> tuple[Column, ...]:
    """Columns of which all but the first hold numbers."""
    return tuple(
        Column(texts(f"report.column.{name}"), width, no > 0)
        for no, (name, width) in enumerate(zip(names, widths, strict=True))
    )
