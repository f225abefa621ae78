"""All figures of a study as files, each with the table behind it."""

from __future__ import annotations

import argparse
from pathlib import Path

from coder.cli_output import say, shown_progress
from coder.cli_team import seen
from coder.i18n import Texts
from coder.place import place_of


def figures_arguments(command: argparse.ArgumentParser, texts: Texts) -> None:
    """What ``coder figures`` may be asked for."""
    command.add_argument("study", type=place_of, metavar="STUDY", help=texts("cli.study"))
    command.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help=texts("cli.figures.out")
    )
    command.add_argument(
        "--format", choices=("svg", "png"), default="svg", help=texts("cli.figures.format")
    )
    command.add_argument(
        "--cases", choices=("first", "all"), default="first", help=texts("cli.cases")
    )
    command.add_argument("--by", metavar="NAME", help=texts("cli.figures.by"))
    command.add_argument("--merged", action="store_true", help=texts("cli.tables.merged"))
    command.add_argument(
        "--unpublished", action="store_true", help=texts("cli.figures.unpublished")
    )


def figures(options: argparse.Namespace, texts: Texts) -> None:
    """Write every figure."""
    study = seen(options, texts)
    with shown_progress(texts) as progress:
        written = study.save_figures(
            options.out,
            texts,
            options.format,
            options.cases,
            by=options.by,
            merged=options.merged,
            unpublished=options.unpublished,
            progress=progress,
        )
    say(texts("cli.figures.done", count=texts.number(len(written)), path=options.out))
