"""The commands that write files for other programs, and read what was made elsewhere."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import get_args

from coder.cli_output import say
from coder.cli_team import coder_argument, layer_argument, seen
from coder.i18n import Texts
from coder.study import Format


def export(options: argparse.Namespace, texts: Texts) -> None:
    """``coder export``: the coded table in one of the formats."""
    study = seen(options, texts).layer(options.layer)
    exported = study.export(
        options.out,
        options.format,
        texts,
        unpublished=options.unpublished,
        as_written=options.as_written,
        with_score=options.with_score,
        withheld=options.withheld,
    )
    say(texts("cli.export.done", path=options.out, rows=exported.rows))
    for reason, count in exported.withheld["reason"].value_counts().items():
        say(texts(f"cli.export.withheld_{reason}", count=count))


def export_arguments(command: argparse.ArgumentParser, texts: Texts) -> None:
    """The arguments of ``coder export``."""
    command.add_argument("study", type=Path, metavar="STUDY", help=texts("cli.study"))
    formats = get_args(Format)
    command.add_argument(
        "--format", choices=formats, required=True, help=texts("cli.export.format")
    )
    command.add_argument(
        "--out", type=Path, required=True, metavar="PATH", help=texts("cli.export.out")
    )
    command.add_argument("--unpublished", action="store_true", help=texts("cli.export.unpublished"))
    command.add_argument("--as-written", action="store_true", help=texts("cli.export.as_written"))
    command.add_argument("--with-score", action="store_true", help=texts("cli.export.with_score"))
    command.add_argument(
        "--withheld", type=Path, metavar="FILE.csv", help=texts("cli.export.withheld")
    )
    layer_argument(command, texts)
    coder_argument(command, texts)
