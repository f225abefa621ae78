"""``coder agreement``: how far coders agree, of any table of ratings."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from coder import sentences
from coder.cli_output import print_json, print_rows, say, shown_progress
from coder.errors import UserError
from coder.i18n import Texts
from coder.rated import LEVELS, Agreement, Form, agreement, read_ratings

MOST_DRAWS = 100_000
# What the table of codes shows of each; kappa is Cohen's of two coders and Fleiss' of more.
_OF_CODES = ("percent_agreement", "positive_agreement", "negative_agreement", "cohen_kappa",
             "fleiss_kappa", "brennan_prediger", "gwet_ac1", "krippendorff_alpha")  # fmt: skip


def agreement_of(options: argparse.Namespace, texts: Texts) -> None:
    """``coder agreement``: every coefficient, in all and by code, with what to make of it."""
    if not 0 <= options.draws <= MOST_DRAWS:
        raise UserError("rated.bad_draws", count=options.draws, most=MOST_DRAWS)
    if options.wide and options.code is not None:
        raise UserError("rated.wide_and_code")
    form = Form(
        options.unit, tuple(options.coder), options.code, options.respondent, options.not_rated
    )
    rated = read_ratings(options.file, form, options.level)
    with shown_progress(texts) as progress:
        found = agreement(
            rated.ratings, options.level, rated.respondents, options.draws, options.seed, progress
        )
    if options.json:
        return print_json(agreement_record(found))
    if rated.not_rated:
        say(texts("rated.not_rated", count=texts.number(rated.not_rated)))
    return print_agreement(found, texts)


def agreement_arguments(command: argparse.ArgumentParser, texts: Texts) -> None:
    """What ``coder agreement`` takes."""
    command.add_argument("file", type=Path, metavar="FILE", help=texts("cli.agreement.file"))
    command.add_argument("--unit", metavar="COLUMN", help=texts("cli.agreement.unit"))
    command.add_argument(
        "--coder",
        action="append",
        default=[],
        metavar="COLUMN",
        help=texts("cli.agreement.coder"),
    )
    command.add_argument("--code", metavar="COLUMN", help=texts("cli.agreement.code"))
    command.add_argument("--wide", action="store_true", help=texts("cli.agreement.wide"))
    command.add_argument("--respondent", metavar="COLUMN", help=texts("cli.agreement.respondent"))
    command.add_argument(
        "--level", choices=LEVELS, default="nominal", help=texts("cli.agreement.level")
    )
    command.add_argument(
        "--not-rated", default="", metavar="TEXT", help=texts("cli.agreement.not_rated")
    )
    command.add_argument(
        "--draws", type=int, default=2000, metavar="N", help=texts("cli.agreement.draws")
    )
    command.add_argument(
        "--seed", type=int, default=0, metavar="N", help=texts("cli.agreement.seed")
    )
    command.add_argument("--json", action="store_true", help=texts("cli.json"))


def agreement_record(found: Agreement) -> dict[str, Any]:
    """The same for other programs: four lists of objects."""
    return {
        "overall": _records(found.overall),
        "per_code": _records(found.per_code),
        "codes": _records(found.codes),
        "uses": _records(found.uses),
    }


def print_agreement(found: Agreement, texts: Texts) -> None:
    """The coefficients with their sentences, then the codes side by side with theirs."""
    rows = found.overall.to_dict("records")
    codes = [str(code) for code in found.codes["code"]]
    print_rows([_overall_row(row, texts) for row in rows])
    _print_lines([sentences.agreement(texts, row) for row in rows])
    _print_lines(sentences.doubts(texts, rows))
    if codes:
        print()
    print_rows([_code_row(code, found, texts) for code in codes])
    _print_lines([line for code in codes for line in _doubts(code, found, texts)])


def _print_lines(lines: Sequence[str]) -> None:
    """Lines with an empty one before them."""
    if lines:
        print("", *lines, sep="\n")


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = json.loads(
        table.to_json(orient="records", force_ascii=False, double_precision=15)
    )
    return records


def _overall_row(row: dict[str, Any], texts: Texts) -> dict[str, str]:
    return {
        texts("column.measure"): texts(f"agreement.name.{row['coefficient']}"),
        texts("column.value"): sentences.decimal(texts, row["value"]),
        texts("column.interval"): sentences.span(texts, row["low"], row["high"]),
        texts("column.units"): texts.number(row["n_units"]),
        texts("column.coders"): texts.number(row["n_coders"]),
    }


def _code_row(code: str, found: Agreement, texts: Texts) -> dict[str, str]:
    counts = found.codes[found.codes["code"] == code].iloc[0]
    uses = found.uses.loc[found.uses["code"] == code, "uses"]
    values = found.per_code[found.per_code["code"] == code].set_index("coefficient")["value"]
    left_out = "fleiss_kappa" if len(uses) == 2 else "cohen_kappa"
    prevalence = counts["prevalence"]
    return {
        texts("column.category"): code,
        texts("column.uses"): " / ".join(texts.number(each) for each in uses),
        texts("column.percent"): "–" if pd.isna(prevalence) else texts.percent(prevalence),
        texts("column.all_with"): texts.number(counts["all_with"]),
        texts("column.some_with"): texts.number(counts["some_with"]),
        texts("column.all_without"): texts.number(counts["all_without"]),
    } | {
        texts(f"agreement.short.{name}"): sentences.decimal(texts, values[name])
        for name in _OF_CODES
        if name != left_out
    }


def _doubts(code: str, found: Agreement, texts: Texts) -> list[str]:
    """What speaks against believing the figures of a code; nothing for most."""
    rows = found.per_code[found.per_code["code"] == code].to_dict("records")
    uses = found.uses[found.uses["code"] == code]
    by_coder = dict(zip(uses["coder"], uses["uses"], strict=True))
    return sentences.doubts_of_code(texts, code, rows, by_coder)
