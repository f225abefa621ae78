"""Frequency tables on the command line: alone, or groups side by side with their tests."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from coder import sentences
from coder.cli_output import print_rows
from coder.cli_team import layer_argument
from coder.errors import UserError
from coder.i18n import Texts, whole_percent
from coder.model import Merged
from coder.study import Battery, Comparison, Groups, Merges, Response, Study, Weights


def tables_arguments(command: argparse.ArgumentParser, texts: Texts) -> None:
    """What ``coder tables`` may be asked for."""
    command.add_argument("study", type=Path, metavar="STUDY", help=texts("cli.study"))
    layer_argument(command, texts)
    command.add_argument(
        "--cases", choices=("first", "all"), default="first", help=texts("cli.cases")
    )
    command.add_argument("--by", metavar="NAME", help=texts("cli.tables.by"))
    command.add_argument(
        "--adjust", choices=("holm", "bh"), default="holm", help=texts("cli.tables.adjust")
    )
    command.add_argument("--merged", action="store_true", help=texts("cli.tables.merged"))
    command.add_argument(
        "--merge", action="append", default=[], metavar="Q=1+2", help=texts("cli.tables.merge")
    )
    command.add_argument(
        "--weights", action="append", default=[], metavar="NAME", help=texts("cli.tables.weights")
    )
    command.add_argument(
        "--margins", choices=("endless", "finite"), help=texts("cli.tables.margins")
    )
    command.add_argument("--json", action="store_true", help=texts("cli.json"))


def print_frequencies(study: Study, options: argparse.Namespace, texts: Texts) -> None:
    """Who answered, then every closed question, and with ``--by`` the tests below each."""
    asked = _Asked(study, options)
    _print_came_in(study, texts)
    if asked.groups and asked.response:
        _print_response(asked.response, asked.groups, texts)
    if asked.weights:
        print(sentences.weighted(texts, asked.weights))
    tests = {each.item: each for each in asked.battery.comparisons} if asked.battery else {}
    for (question, item), rows in asked.frequencies.groupby(["question", "item"], sort=False):
        _print_item(study, str(item), rows, asked.groups, texts)
        ticks = [f"{question}_{code}" for code in rows["code"].unique()]
        for name in dict.fromkeys([str(item), *ticks]):
            if name in tests:
                _print_tests(tests[name], name != item, texts)
    _print_numbers(study, asked, tests, texts)
    if asked.battery:
        _print_legend(asked.battery, texts)


def frequency_records(study: Study, options: argparse.Namespace) -> dict[str, Any]:
    """The same for other programs."""
    asked = _Asked(study, options)
    found: dict[str, Any] = {
        "cases": options.cases,
        "frequencies": _frequency_records(asked.frequencies),
        "numbers": _records(asked.numbers),
    }
    if asked.battery:
        found["comparisons"] = [
            {"item": each.item, "tests": [_test_record(test) for test in each.tests]}
            for each in asked.battery.comparisons
        ]
    return found


class _Asked:
    """What the options of the command ask of the study."""

    def __init__(self, study: Study, options: argparse.Namespace) -> None:
        merged = _merges(study, options)
        self.weights: Weights | None = study.weights(options.weights) if options.weights else None
        self.groups: Groups | None = study.groups(options.by, merged) if options.by else None
        self.frequencies = study.frequencies(
            options.cases,
            by=options.by,
            weights=self.weights,
            merged=merged,
            margins=options.margins,
        )
        self.numbers = study.numbers(options.cases, by=options.by, weights=self.weights)
        self.battery: Battery | None = None
        self.response: Response | None = None
        if options.by:
            self.battery = study.battery(
                options.by, method=options.adjust, cases=options.cases, merged=merged
            )
            background = {each.name for each in study.questionnaire.of_kind("background")}
            self.response = study.response(options.by) if options.by in background else None


def _merges(study: Study, options: argparse.Namespace) -> Merges:
    """The merges of the questionnaire, if asked for, and those written like ``q01=4+5+6``."""
    own: dict[str, tuple[Merged, ...]] = {}
    for each in options.merge:
        question, sign, codes = each.partition("=")
        if not sign:
            raise UserError("compare.bad_merge", written=each)
        for name, merged in study.merge(question, codes.split("+")).items():
            own[name] = (*own.get(name, ()), *merged)
    if not own:
        return bool(options.merged)
    of_form = {each.name: each.merged for each in study.questionnaire.questions}
    return {**of_form, **own} if options.merged else own


# --- printing ----------------------------------------------------------------------------------


def _print_came_in(study: Study, texts: Texts) -> None:
    found = study.came_in()
    share = texts.percent(found["answered"] / found["invited"]) if found["invited"] else "–"
    for name, count in found.items():
        print(texts(f"came_in.{name}", count=texts.number(count), share=share))


def _print_response(found: Response, groups: Groups, texts: Texts) -> None:
    print()
    print(texts("response.title", by=found.label))
    for code, row in found.groups.iterrows():
        numbers = [texts.number(int(row[name])) for name in ("answered", "invited")]
        name = sentences.group_name(texts, groups, str(code))
        told = texts("response.group", answered=numbers[0], invited=numbers[1], group=name)
        print(f"  {texts.percent(row['share']):>6}  {told}")
    if found.difference:
        print("  " + sentences.result(texts, found.difference))


def _print_item(
    study: Study, item: str, rows: pd.DataFrame, groups: Groups | None, texts: Texts
) -> None:
    question = study.questionnaire.question_of(item)
    about = study.basis(item)
    print(f"\n{question.name}  {question.label}")
    if question.kind == "matrix":
        print("  " + next(each.label for each in question.items if each.name == item))
    for line in sentences.asked_of(texts, about):
        print("  " + line)
    if groups:
        _print_side_by_side(rows, groups, question.base, texts)
    else:
        _print_alone(rows, question.base, texts)
    for line in sentences.left_over(texts, about):
        print("  " + line)


def _print_alone(rows: pd.DataFrame, base: str, texts: Texts) -> None:
    for row in rows.to_dict("records"):
        share = "" if pd.isna(row["share"]) else texts.percent(row["share"])
        print(f"  {share:>6}  {texts.number(row['count']):>5}  {row['option']}{_ends(row, texts)}")
    first = rows[~rows["outside"]].iloc[0]
    print(f"  {'':>6}  {texts.number(int(first['n'])):>5}  {texts(f'frequencies.base.{base}')}")
    _print_margin(first, texts("frequencies.margin"), texts)


def _print_side_by_side(rows: pd.DataFrame, groups: Groups, base: str, texts: Texts) -> None:
    """A column per group, and the options on the right, so that the columns stand straight."""
    heads = {code: sentences.group_name(texts, groups, code) for code in groups.labels}
    lines = []
    for _, of_option in rows.groupby("code", sort=False):
        cells = {heads[row["group"]]: _cell(row, texts) for row in of_option.to_dict("records")}
        lines.append({**cells, "": of_option["option"].iloc[0]})
    inside = rows[~rows["outside"]].drop_duplicates("group").set_index("group")
    ns = {heads[code]: f"{'':>6} {texts.number(int(inside['n'][code])):>5}" for code in heads}
    print_rows([*lines, {**ns, "": texts(f"frequencies.base.{base}")}])
    for code, name in heads.items():
        _print_margin(inside.loc[code], name, texts)


def _cell(row: dict[Any, Any], texts: Texts) -> str:
    share = "–" if pd.isna(row["share"]) else texts.percent(row["share"])
    return f"{share:>6} {texts.number(row['count']):>5}{_ends(row, texts)}"


def _ends(row: dict[Any, Any], texts: Texts) -> str:
    """The interval of a share, where it was asked for."""
    if "low" not in row or pd.isna(row["low"]):
        return ""
    return f"  [{texts.percent(row['low'])}; {texts.percent(row['high'])}]"


def _print_margin(row: pd.Series, of: str, texts: Texts) -> None:
    if "margin" in row.index and not pd.isna(row["margin"]):
        points = texts.number(100 * row["margin"], 1)
        print("  " + texts("frequencies.margin_of", of=of, points=points))


def _print_numbers(study: Study, asked: _Asked, tests: dict[str, Comparison], texts: Texts) -> None:
    for item, rows in asked.numbers.groupby("item", sort=False):
        question = study.questionnaire.question_of(str(item))
        print(f"\n{question.name}  {question.label}")
        for row in rows.to_dict("records"):
            head = ""
            if asked.groups:
                head = sentences.group_name(texts, asked.groups, row["group"]) + ": "
            told = {name: _number(row[name], texts) for name in _TOLD}
            print("  " + head + texts("frequencies.number", n=texts.number(row["n"]), **told))
        if str(item) in tests:
            _print_tests(tests[str(item)], False, texts)


_TOLD = ("mean", "sd", "median", "lower", "upper", "min", "max")


def _number(value: float, texts: Texts) -> str:
    return "–" if pd.isna(value) else texts.number(value, 2)


def _print_tests(found: Comparison, named: bool, texts: Texts) -> None:
    """The tests of an item, each with what it says if it shows a difference."""
    head = f"{found.label}: " if named else ""
    for test in found.tests:
        print(f"  {head}{sentences.result(texts, test)}")
        if test.significant:
            print("    " + sentences.conclusion(texts, test))


def _print_legend(battery: Battery, texts: Texts) -> None:
    """Once for all items: why each test was taken, how p is corrected, what the rest says."""
    tests = [test for each in battery.comparisons for test in each.tests]
    print()
    if not tests:
        print(texts("compare.nothing"))
        return
    kinds = {test.test: test for test in tests}
    for name, test in kinds.items():
        print(f"{texts(f'compare.test.{name}')}: {sentences.why(texts, test)}")
    print(sentences.correction(texts, tests[0]))
    for says in dict.fromkeys(test.says for test in tests if not test.significant):
        print(texts(says))


# --- for other programs ------------------------------------------------------------------------


def _frequency_records(table: pd.DataFrame) -> list[dict[str, Any]]:
    records = _records(table.drop(columns=["units", "n_effective"]))
    for record, share in zip(records, table["share"], strict=True):
        record["percent"] = None if pd.isna(share) else whole_percent(share)
    return records


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as JSON has them: numbers whole where they are, null where they are missing."""
    exact = json.loads(table.to_json(orient="records", force_ascii=False, double_precision=15))
    return list(exact)


def _test_record(test: Any) -> dict[str, Any]:
    return {**asdict(test), "n": test.n, "significant": test.significant}
