"""The commands that write files for other programs, and read what was made elsewhere."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import get_args

import pandas as pd

from coder.cli_output import say, shown_progress
from coder.cli_team import coder_argument, layer_argument, seen
from coder.errors import UserError
from coder.i18n import Texts
from coder.intake import is_project
from coder.place import place_of
from coder.study import Format, Profile, Study, Taken, TakenProject


def export(options: argparse.Namespace, texts: Texts) -> None:
    """``coder export``: the coded table in one of the formats, or a bundle."""
    study = seen(options, texts).layer(options.layer)
    if options.format == "bundle":
        return _export_bundle(study, options, texts)
    exported = study.export(
        options.out,
        options.format,
        texts,
        unpublished=options.unpublished,
        as_written=options.as_written,
        with_score=options.with_score,
        withheld=options.withheld,
        profile=options.profile,
    )
    done = "done_codebook" if options.format in ("qdc", "md", "docx") else "done"
    say(texts(f"cli.export.{done}", path=options.out, rows=exported.rows))
    _say_withheld(exported.withheld, texts)
    for what, count in exported.lost.items():
        say(texts(f"cli.export.lost_{what}", count=count))
    if options.format == "qdpx":
        say(texts("cli.export.lost_always"))
    return None


def _export_bundle(study: Study, options: argparse.Namespace, texts: Texts) -> None:
    if options.as_written:
        raise UserError("bundle.as_written")
    with shown_progress(texts) as progress:
        exported = study.export_bundle(
            options.out,
            texts,
            unpublished=options.unpublished,
            withheld=options.withheld,
            progress=progress,
        )
    say(texts("cli.export.done", path=options.out, rows=exported.rows))
    _say_withheld(exported.withheld, texts)


def _say_withheld(withheld: pd.DataFrame, texts: Texts) -> None:
    for reason, count in withheld["reason"].value_counts().items():
        say(texts(f"cli.export.withheld_{reason}", count=count))


def export_arguments(command: argparse.ArgumentParser, texts: Texts) -> None:
    """The arguments of ``coder export``."""
    command.add_argument("study", type=place_of, metavar="STUDY", help=texts("cli.study"))
    formats = (*get_args(Format), "bundle")
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
    command.add_argument(
        "--profile",
        choices=get_args(Profile),
        default="cases",
        help=texts("cli.export.profile"),
    )
    layer_argument(command, texts)
    coder_argument(command, texts)


def appendix(options: argparse.Namespace, texts: Texts) -> None:
    """``coder appendix``: the most promising cases by category."""
    study = seen(options, texts).layer(options.layer)
    rows = study.save_appendix(options.out, texts, options.cases, unpublished=options.unpublished)
    say(texts("cli.appendix.done", path=options.out, rows=len(rows)))
    proposed = int(rows["proposed"].map(len).sum())
    if proposed:
        say(texts("cli.appendix.proposed", count=proposed))


def appendix_arguments(command: argparse.ArgumentParser, texts: Texts) -> None:
    """The arguments of ``coder appendix``."""
    command.add_argument("study", type=place_of, metavar="STUDY", help=texts("cli.study"))
    command.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help=texts("cli.appendix.out")
    )
    command.add_argument(
        "--cases", choices=("first", "all"), default="first", help=texts("cli.cases")
    )
    command.add_argument("--unpublished", action="store_true", help=texts("cli.export.unpublished"))
    layer_argument(command, texts)
    coder_argument(command, texts)


def codebook(options: argparse.Namespace, texts: Texts) -> None:
    """``coder codebook import``: codes that were made elsewhere."""
    study = Study.open(options.study)
    taken = study.import_codebook(options.file, options.coder, options.dry_run)
    _say_taken(taken, "codebook", options.dry_run, texts)


def codebook_arguments(command: argparse.ArgumentParser, texts: Texts) -> None:
    """The arguments of ``coder codebook``."""
    command.add_argument(
        "act", choices=("import",), metavar="import", help=texts("cli.codebook.act")
    )
    command.add_argument("study", type=place_of, metavar="STUDY", help=texts("cli.study"))
    command.add_argument("file", type=Path, metavar="FILE", help=texts("cli.codebook.file"))
    command.add_argument("--coder", required=True, metavar="NAME", help=texts("cli.codebook.coder"))
    command.add_argument("--dry-run", action="store_true", help=texts("cli.codebook.dry_run"))


def import_codings(options: argparse.Namespace, texts: Texts) -> None:
    """``coder import-codings``: codings that were made elsewhere."""
    if is_project(options.file):
        study = Study.open(options.study)
        return say_project(
            study.import_project(options.file, options.coder, options.dry_run),
            options.dry_run,
            texts,
        )
    taken = Study.open(options.study).import_codings(options.file, options.dry_run)
    _say_taken(taken, "import_codings", options.dry_run, texts)
    if taken.there:
        say(texts("cli.import_codings.there", count=taken.there))
    return None


def say_project(taken: TakenProject, dry_run: bool, texts: Texts) -> None:
    """What of a project was taken, or would be, what was not, and what got lost."""
    for each in taken.refusals:
        say(texts(each.key, **each.params))
    for what, count in taken.lost.items():
        say(texts(f"project.lost_{what}", count=count))
    done = "would" if dry_run else "done"
    counts = {"codes": taken.codes, "codings": taken.codings}
    if taken.refusals:
        say(texts("cli.project.refused", count=len(taken.refusals)))
    say(texts(f"cli.project.{done}", **counts, coders=", ".join(taken.coders) or "–"))
    if taken.notes:
        say(texts("cli.project.notes", count=taken.notes))
    if taken.there:
        say(texts("cli.import_codings.there", count=taken.there))


def import_codings_arguments(command: argparse.ArgumentParser, texts: Texts) -> None:
    """The arguments of ``coder import-codings``."""
    command.add_argument("study", type=place_of, metavar="STUDY", help=texts("cli.study"))
    command.add_argument("file", type=Path, metavar="FILE", help=texts("cli.import_codings.file"))
    command.add_argument(
        "--coder", default="", metavar="NAME", help=texts("cli.import_codings.coder")
    )
    command.add_argument("--dry-run", action="store_true", help=texts("cli.codebook.dry_run"))


def _say_taken(taken: Taken, name: str, dry_run: bool, texts: Texts) -> None:
    """What was taken, or would be; ``UserError`` when rows are refused, each of which is said."""
    for each in taken.refusals:
        say(texts(each.key, **each.params))
    if taken.refusals:
        raise UserError("exchange.refused", count=len(taken.refusals))
    done = "would" if dry_run else "done"
    say(texts(f"cli.{name}.{done}", count=taken.new, coders=", ".join(taken.coders)))
