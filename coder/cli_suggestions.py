"""The commands about suggestions: what they are worth, and what they did to the coding."""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from coder.cli_output import print_json, print_rows, say, shown_progress
from coder.cli_team import seen
from coder.errors import UserError
from coder.files import replacing
from coder.i18n import Texts
from coder.trial import Trial, play_trial


def simulate(options: argparse.Namespace, texts: Texts) -> None:
    """``coder simulate``: what coding a file takes, of which every right code is known."""
    for out in (options.curve, options.acts):
        if out is not None and not out.parent.is_dir():  # not after all the work
            raise UserError("file.no_folder", path=out.parent)
    with shown_progress(texts) as progress:
        trial = play_trial(options.file, options.text, options.label, options.encoder, progress)
    if options.acts:
        _write_acts(options.acts, trial)
        say(texts("cli.simulate.written", path=options.acts))
    if options.curve:
        _write_curve(options.curve, trial)
        say(texts("cli.simulate.written", path=options.curve))
    if options.json:
        return print_json(_record(trial))
    return _print_trial(trial, texts)


def simulate_arguments(command: argparse.ArgumentParser, texts: Texts) -> None:
    """What ``coder simulate`` takes."""
    command.add_argument("file", type=Path, metavar="FILE", help=texts("cli.simulate.file"))
    command.add_argument(
        "--text", default="text", metavar="COLUMN", help=texts("cli.simulate.text")
    )
    command.add_argument(
        "--label", default="label", metavar="COLUMN", help=texts("cli.simulate.label")
    )
    command.add_argument("--encoder", metavar="NAME", help=texts("cli.propose.encoder"))
    command.add_argument("--json", action="store_true", help=texts("cli.json"))
    command.add_argument("--curve", type=Path, metavar="OUT.csv", help=texts("cli.simulate.curve"))
    command.add_argument("--acts", type=Path, metavar="OUT.jsonl", help=texts("cli.simulate.acts"))


def _record(trial: Trial) -> dict[str, Any]:
    return {
        "answers": trial.answers,
        "codes": trial.codes,
        "acts_per_100": round(trial.acts_per_100, 2),
        "by_hand_per_100": round(trial.by_hand_per_100, 2),
        "acts": dict(trial.acts),
        "seconds_per_act": round(trial.seconds_per_act, 4),
    }


def _print_trial(trial: Trial, texts: Texts) -> None:
    size = {"answers": texts.number(trial.answers), "codes": texts.number(trial.codes)}
    print(texts("cli.simulate.size", **size))
    print(texts("cli.simulate.result", acts=texts.number(trial.acts_per_100, 1)))
    print(texts("cli.simulate.by_hand", acts=texts.number(trial.by_hand_per_100, 1)))
    print(texts("cli.simulate.seconds", seconds=texts.number(trial.seconds_per_act, 3)))
    print()
    rows = [
        {
            texts("column.act"): texts(f"act.{kind}"),
            texts("column.acts"): texts.number(count),
            texts("column.per_100"): texts.number(100 * count / trial.answers, 1),
        }
        for kind, count in sorted(trial.acts.items(), key=lambda each: -each[1])
    ]
    print_rows(rows)


def _write_acts(path: Path, trial: Trial) -> None:
    lines = (json.dumps(turn, ensure_ascii=False) + "\n" for turn in trial.turns)
    with replacing(path) as draft:
        draft.write_text("".join(lines), "utf-8", newline="\n")


def _write_curve(path: Path, trial: Trial) -> None:
    rows: Iterable[tuple[object, ...]] = (
        (acts, round(100 * acts / trial.answers, 2), round(share, 6))
        for acts, share in trial.curve()
    )
    with replacing(path) as draft, draft.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("acts", "acts_per_100", "coded"))
        writer.writerows(rows)


# --- what suggestions did ----------------------------------------------------------------------


def suggestions(options: argparse.Namespace, texts: Texts) -> None:
    """``coder suggestions``: hold answers out, and tell what suggestions did to the coding."""
    study = seen(options, texts)
    if options.hold_out is not None:
        study.hold_out(options.hold_out, options.seed)
        say(texts("cli.suggestions.held_out", count=texts.number(len(study.held_out()))))
    with shown_progress(texts) as progress:
        found = study.influence(progress)
    rates = {each.name: getattr(found, each.name) for each in fields(found)}
    if options.json:
        return print_json(
            {"held_out": len(study.held_out())}
            | {name: _rate(each) for name, each in rates.items()}
        )
    return print_rows(
        [
            {
                texts("column.measure"): texts(f"influence.{name}"),
                texts("column.count"): texts.number(each.count),
                texts("column.of"): texts.number(each.of),
                texts("column.percent"): _percent(each.share, texts),
                texts("column.interval"): _interval(each, texts),
            }
            for name, each in rates.items()
        ]
    )


def suggestions_arguments(command: argparse.ArgumentParser, texts: Texts) -> None:
    """What ``coder suggestions`` takes."""
    command.add_argument("study", type=Path, metavar="STUDY", help=texts("cli.study"))
    command.add_argument(
        "--hold-out", type=float, metavar="SHARE", help=texts("cli.suggestions.hold_out")
    )
    command.add_argument(
        "--seed", type=int, default=0, metavar="N", help=texts("cli.suggestions.seed")
    )
    command.add_argument("--json", action="store_true", help=texts("cli.json"))


def _rate(found: Any) -> dict[str, Any]:
    return {
        "count": found.count,
        "of": found.of,
        "share": found.share,
        "low": found.low,
        "high": found.high,
    }


def _percent(share: float | None, texts: Texts) -> str:
    return "–" if share is None else texts.percent(share)


def _interval(found: Any, texts: Texts) -> str:
    if found.share is None:
        return "–"
    return f"{texts.percent(found.low)} – {texts.percent(found.high)}"


# --- what is in doubt --------------------------------------------------------------------------


def doubts(options: argparse.Namespace, texts: Texts) -> None:
    """``coder doubts``: codings that look wrong, near duplicates, and what to look at again."""
    study = seen(options, texts)
    with shown_progress(texts) as progress:
        odd, alike = study.misfits(progress), study.near_duplicates(progress)
        again = study.relook(progress=progress)
    if options.json:
        return print_json(
            {
                "misfits": [vars(each) for each in odd],
                "near_duplicates": [vars(each) | {"differ": each.differ} for each in alike],
                "relook": [vars(each) for each in again],
            }
        )
    labels = {code.id: code.label for code in study.state.codes.values()}
    _print_part("cli.doubts.misfits", [_misfit(each, labels, texts) for each in odd], texts)
    _print_part("cli.doubts.alike", [_alike(each, labels, texts) for each in alike], texts)
    _print_part("cli.doubts.again", [_again(each, labels, texts) for each in again], texts)
    return None


def doubts_arguments(command: argparse.ArgumentParser, texts: Texts) -> None:
    """What ``coder doubts`` takes."""
    command.add_argument("study", type=Path, metavar="STUDY", help=texts("cli.study"))
    command.add_argument("--json", action="store_true", help=texts("cli.json"))


def _print_part(key: str, rows: Sequence[dict[str, str]], texts: Texts) -> None:
    print(texts(key, count=texts.number(len(rows))))
    print_rows(rows)
    print()


def _misfit(each: Any, labels: Mapping[str, str], texts: Texts) -> dict[str, str]:
    return {
        texts("column.answer"): each.answer,
        texts("column.category"): labels[each.code],
        texts("column.likelier"): labels[each.likelier],
        texts("column.percent"): texts.percent(each.likelier_chance),
        texts("column.near"): ", ".join(answer for answer, _ in each.near),
    }


def _alike(each: Any, labels: Mapping[str, str], texts: Texts) -> dict[str, str]:
    codes = [" + ".join(labels[code] for code in some) or "–" for some in each.codes]
    return {
        texts("column.answers"): ", ".join(each.answers),
        texts("column.category"): ", ".join(dict.fromkeys(codes)),
    }


def _again(each: Any, labels: Mapping[str, str], texts: Texts) -> dict[str, str]:
    return {
        texts("column.answer"): each.answer,
        texts("column.category"): labels[each.code],
        texts("column.why"): texts(f"relook.{each.reason}", no=each.no),
    }
