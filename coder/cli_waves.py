"""The commands about a survey that is repeated: a next wave, the trend, and what is not coded."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pandas as pd

from coder.cli_output import print_json, print_rows, say, shown_progress
from coder.cli_team import coder_argument, layer_argument, seen
from coder.errors import UserError
from coder.files import replacing
from coder.i18n import Texts
from coder.place import place_of
from coder.study import UNUSUAL, Figure, Study


def wave(options: argparse.Namespace, texts: Texts) -> None:
    """``coder wave``: a study becomes the next wave of an earlier one."""
    earlier = Study.open(options.earlier).layer(options.layer)
    labels = tuple(options.labels) if options.labels else None
    found = Study.open(options.study).follow(earlier, options.coder, labels, options.dry_run)
    done = "would" if options.dry_run else "done"
    counts = {"codes": found.codes, "there": found.there, "examples": found.examples}
    say(texts(f"cli.wave.{done}", **{name: texts.number(each) for name, each in counts.items()}))
    if found.instead:
        now = labels[0] if labels else earlier.questionnaire.title
        say(texts("waves.instead", before=found.instead, now=now))


def wave_arguments(command: argparse.ArgumentParser, texts: Texts) -> None:
    """What ``coder wave`` takes."""
    command.add_argument(
        "earlier", type=place_of, metavar="EARLIER", help=texts("cli.wave.earlier")
    )
    command.add_argument("study", type=place_of, metavar="STUDY", help=texts("cli.wave.study"))
    command.add_argument("--coder", required=True, metavar="NAME", help=texts("cli.wave.coder"))
    command.add_argument("--labels", nargs=2, metavar="NAME", help=texts("cli.wave.labels"))
    command.add_argument("--dry-run", action="store_true", help=texts("cli.codebook.dry_run"))
    layer_argument(command, texts)


def trend(options: argparse.Namespace, texts: Texts) -> None:
    """``coder trend``: how much each category fills, from wave to wave."""
    study = seen(options, texts).layer(options.layer)
    table = study.trend(options.by, options.files)
    if options.figure:
        _save(options.figure, study.trend_figure(texts, options.by, options.files))
        say(texts("cli.trend.figure", path=options.figure))
    if options.json:
        return print_json(json.loads(table.to_json(orient="records", force_ascii=False)))
    print_rows([_row(each, texts) for each in table.to_dict("records")])
    versions = table.drop_duplicates("wave")
    for name, version in zip(versions["wave"], versions["version"], strict=True):
        say(texts("cli.trend.version", wave=name, version=version))
    return None


def trend_arguments(command: argparse.ArgumentParser, texts: Texts) -> None:
    """What ``coder trend`` takes."""
    command.add_argument("study", type=place_of, metavar="STUDY", help=texts("cli.study"))
    within = command.add_mutually_exclusive_group()
    within.add_argument("--by", metavar="NAME", help=texts("cli.trend.by"))
    within.add_argument("--files", action="store_true", help=texts("cli.trend.files"))
    command.add_argument(
        "--figure", type=Path, metavar="FILE.svg|png", help=texts("cli.trend.save")
    )
    command.add_argument("--json", action="store_true", help=texts("cli.json"))
    layer_argument(command, texts)
    coder_argument(command, texts)


def _save(path: Path, figure: Figure) -> None:
    ending = path.suffix.lower()
    if ending not in (".svg", ".png"):
        raise UserError("export.wrong_ending", path=path, ending=".svg")
    content = figure.png() if ending == ".png" else figure.svg().encode()
    with replacing(path) as draft:
        draft.write_bytes(content)


def _row(each: dict[Any, Any], texts: Texts) -> dict[str, str]:
    known = pd.notna(each["share"])
    return {
        texts("column.category"): each["category"],
        texts("column.wave"): each["wave"],
        texts("column.respondents"): texts.number(each["count"]) if known else "–",
        texts("column.n"): texts.number(each["n"]),
        texts("column.share"): texts.percent(each["share"]) if known else "–",
        texts("column.low"): texts.percent(each["low"]) if known else "–",
        texts("column.high"): texts.percent(each["high"]) if known else "–",
        texts("column.then"): _then(each["then"], texts),
    }


def _then(then: str, texts: Texts) -> str:
    return "" if then == "same" else texts(f"trend.then.{then}")


def uncoded(options: argparse.Namespace, texts: Texts) -> None:
    """``coder uncoded``: the answers without a code, and those that look like no category."""
    study = seen(options, texts)
    with shown_progress(texts) as progress:
        table = study.uncoded(None, progress)
    if options.json:
        return print_json(json.loads(table.to_json(orient="records", force_ascii=False)))
    print_rows(
        [
            {
                texts("column.answer"): each["answer"],
                texts("column.category"): each["category"] or "–",
                texts("column.chance"): _percent(each["chance"], texts),
                texts("column.fits"): _percent(each["fits"], texts),
                texts("column.remark"): texts("uncoded.unlike") if each["unlike"] else "",
            }
            for each in table.to_dict("records")
        ]
    )
    said = {"count": len(table), "unlike": int(table["unlike"].sum())}
    return say(texts("uncoded.told", **said, share=texts.percent(UNUSUAL)))


def uncoded_arguments(command: argparse.ArgumentParser, texts: Texts) -> None:
    """What ``coder uncoded`` takes."""
    command.add_argument("study", type=place_of, metavar="STUDY", help=texts("cli.study"))
    command.add_argument("--json", action="store_true", help=texts("cli.json"))
    coder_argument(command, texts)


def _percent(share: float, texts: Texts) -> str:
    return texts.percent(share) if pd.notna(share) else "–"
