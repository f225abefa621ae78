"""The report of a study, as a document."""

from __future__ import annotations

import argparse
from pathlib import Path

from coder.cli_output import say, shown_progress
from coder.cli_team import coder_argument, layer_argument, seen
from coder.i18n import LANGUAGES, Texts, load_texts
from coder.place import place_of


def report_arguments(command: argparse.ArgumentParser, texts: Texts) -> None:
    """What ``coder report`` may be asked for."""
    command.add_argument("study", type=place_of, metavar="STUDY", help=texts("cli.study"))
    command.add_argument(
        "--out", type=Path, required=True, metavar="PATH", help=texts("cli.report.out")
    )
    command.add_argument("--language", choices=LANGUAGES, help=texts("cli.report.language"))
    command.add_argument(
        "--template", type=Path, metavar="X.docx", help=texts("cli.report.template")
    )
    command.add_argument("--unpublished", action="store_true", help=texts("cli.export.unpublished"))
    layer_argument(command, texts)
    coder_argument(command, texts)


def report(options: argparse.Namespace, texts: Texts) -> None:
    """Write the report."""
    study = seen(options, texts).layer(options.layer)
    written_in = load_texts(options.language) if options.language else texts
    with shown_progress(texts) as progress:
        study.save_report(
            options.out,
            written_in,
            unpublished=options.unpublished,
            template=options.template,
            progress=progress,
        )
    say(texts("cli.report.done", path=options.out))
