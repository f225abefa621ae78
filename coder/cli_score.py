"""The command about the score: its steps, how one case got it, and how far it can be relied on."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from coder.cli_output import print_json, print_rows, say
from coder.i18n import Texts
from coder.place import place_of
from coder.study import Study, read_text

_Row = Mapping[str, Any]


def score(options: argparse.Namespace, texts: Texts) -> None:
    """``coder score``: the steps of the score, or one of the tables beside it."""
    study = Study.open(options.study)
    if options.recipe:
        study.set_recipe(read_text(options.recipe))
    if options.explain:
        _explain(study, options, texts)
    elif options.sensitivity:
        _sensitivity(study, options, texts)
    elif options.reliability:
        _reliability(study, options, texts)
    elif options.ranking:
        _ranking(study, options, texts)
    else:
        _steps(study, options, texts)


def score_arguments(command: argparse.ArgumentParser, texts: Texts) -> None:
    """What ``coder score`` takes."""
    command.add_argument("study", type=place_of, metavar="STUDY", help=texts("cli.study"))
    command.add_argument("--recipe", type=Path, metavar="R.yaml", help=texts("cli.recipe"))
    command.add_argument(
        "--cases", choices=("first", "all"), default="first", help=texts("cli.cases")
    )
    shown = command.add_mutually_exclusive_group()
    shown.add_argument("--explain", metavar="CASE", help=texts("cli.score.explain"))
    shown.add_argument("--ranking", action="store_true", help=texts("cli.score.ranking"))
    shown.add_argument("--sensitivity", action="store_true", help=texts("cli.score.sensitivity"))
    shown.add_argument("--reliability", action="store_true", help=texts("cli.score.reliability"))
    command.add_argument("--with-score", action="store_true", help=texts("cli.score.with_score"))
    command.add_argument("--json", action="store_true", help=texts("cli.json"))


def _steps(study: Study, options: argparse.Namespace, texts: Texts) -> None:
    found = study.score_summary(options.cases)
    if options.json:
        return print_json(found)
    recipe = study.scores().recipe.name
    print(texts("cli.score.title", recipe=recipe, threshold=texts.number(found["threshold"], 2)))
    print(texts("cli.score.described", count=found["described"]))
    print(texts("cli.score.scored", count=found["scored"]))
    for rule, count in found["left_out"].items():
        print("  " + texts(f"score.left_out.{rule}", count=count))
    print(texts("cli.score.above", count=found["above_threshold"]))
    return None


def _explain(study: Study, options: argparse.Namespace, texts: Texts) -> None:
    table, names = study.explained(options.explain), _names(study, texts)
    found = study.scores().cases.loc[options.explain]
    left_out = None if pd.isna(found["left_out"]) else found["left_out"]
    if options.json:
        total = None if left_out else float(found["score"])
        return print_json({"items": _records(table), "left_out": left_out, "score": total})
    print_rows([_explained(row, names, texts) for row in table.to_dict("records")])
    print()
    if left_out:
        print(texts("score.explained_out", rule=texts(f"score.rule.{left_out}")))
    else:
        print(texts("score.explained", score=texts.number(found["score"], 3)))
    return None


def _explained(row: _Row, names: Mapping[str, str], texts: Texts) -> dict[str, str]:
    label = texts("score.reversed", item=row["label"]) if row["reversed"] else row["label"]
    skipped = row["kind"] == "skipped"
    return {
        texts("column.dimension"): names[row["dimension"]],
        texts("column.value"): _number(row["value"], 2, texts),
        texts("column.part"): _number(row["part"], 3, texts),
        texts("column.adds"): _number(row["adds"], 3, texts),
        texts("column.answer"): texts("score.skipped") if skipped else row["answer"],
        texts("column.item"): label,
    }


def _ranking(study: Study, options: argparse.Namespace, texts: Texts) -> None:
    """The cases in order; what the score itself is, only when it is asked for."""
    table = study.ranking(options.cases)[["rank", "tied", "above"]]
    if options.with_score:
        table = table.join(study.certainty(options.cases))
    if options.json:
        return print_json(_records(table.reset_index(names="case")))
    rows = [_ranked(row, texts) for row in table.reset_index(names="case").to_dict("records")]
    return print_rows(rows)


def _ranked(row: _Row, texts: Texts) -> dict[str, str]:
    shown = {
        texts("column.rank"): texts.number(row["rank"]),
        texts("column.case"): row["case"],
        texts("column.tied"): texts.number(row["tied"]) if row["tied"] > 1 else "",
        texts("column.above"): texts("score.above") if row["above"] else "",
    }
    if "score" not in row:
        return shown
    ends = (_number(row[end], 2, texts) for end in ("low", "high"))
    return shown | {
        texts("column.score"): _number(row["score"], 3, texts),
        texts("column.interval"): " – ".join(ends),
        texts("column.chance_above"): _percent(row["chance_above"], texts),
    }


def _sensitivity(study: Study, options: argparse.Namespace, texts: Texts) -> None:
    table, names = study.sensitivity(options.cases), _names(study, texts)
    if options.json:
        return print_json(_records(table))
    rows = [
        {
            texts("column.change"): _change(row, names, texts),
            texts("column.scored"): texts.number(row["scored"]),
            texts("column.above"): texts.number(row["above"]),
            texts("column.gained"): texts.number(len(row["gained"])),
            texts("column.lost"): texts.number(len(row["lost"])),
            texts("column.rank_correlation"): _number(row["rank_correlation"], 2, texts),
        }
        for row in table.to_dict("records")
    ]
    return print_rows(rows)


def _change(row: _Row, names: Mapping[str, str], texts: Texts) -> str:
    if row["change"] == "threshold":
        return texts("sensitivity.threshold", to=texts.number(float(row["to"]), 2))
    if row["change"] == "without":
        return texts("sensitivity.without", to=names[row["to"]])
    return texts(f"sensitivity.{row['change']}_{row['to']}" if row["to"] else "sensitivity.none")


def _reliability(study: Study, options: argparse.Namespace, texts: Texts) -> None:
    dimensions, items = study.reliability(options.cases), study.item_rest(options.cases)
    if options.json:
        return print_json({"dimensions": _records(dimensions), "items": _records(items)})
    names = _names(study, texts)
    of = dimensions.to_dict("records")
    print_rows(
        [
            {
                texts("column.dimension"): names[row["dimension"]],
                texts("column.items"): texts.number(row["items"]),
                texts("column.n"): texts.number(row["n"]),
                texts("column.alpha"): _number(row["alpha"], 2, texts),
            }
            for row in of
        ]
    )
    print()
    print_rows([_item_rest(study, row, texts) for row in items.to_dict("records")])
    return say(texts("score.formative"))


def _item_rest(study: Study, row: _Row, texts: Texts) -> dict[str, str]:
    question = study.questionnaire.question_of(row["item"])
    return {
        texts("column.mean"): _number(row["mean"], 2, texts),
        texts("column.correlation"): _number(row["correlation"], 2, texts),
        texts("column.alpha_without"): _number(row["alpha_without"], 2, texts),
        texts("column.item"): next(i.label for i in question.items if i.name == row["item"]),
    }


def _names(study: Study, texts: Texts) -> dict[str, str]:
    """What the dimensions are called."""
    dimensions = study.scores().recipe.dimensions
    return {each.name: each.label.get(texts.language, each.name) for each in dimensions}


def _records(table: pd.DataFrame) -> Any:
    """The rows for other programs; missing is null."""
    return json.loads(table.to_json(orient="records", force_ascii=False, double_precision=15))


def _number(value: float, decimals: int, texts: Texts) -> str:
    return "–" if pd.isna(value) else texts.number(value, decimals)


def _percent(share: float, texts: Texts) -> str:
    return "–" if pd.isna(share) else texts.percent(share)
