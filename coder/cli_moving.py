"""The commands that bring a study to another place, and two studies together."""

from __future__ import annotations

import argparse

from coder.cli_output import print_json, print_rows, say
from coder.errors import UserError
from coder.i18n import Texts
from coder.place import place_of
from coder.study import Joined, copy_study, join_studies


def copy(options: argparse.Namespace, texts: Texts) -> None:
    """Copy a study from a file to a database, back, or to another file."""
    counts = copy_study(options.source, options.target)
    say(texts("cli.copy.done", path=options.target, entries=texts.number(counts["entries"])))


def copy_arguments(command: argparse.ArgumentParser, texts: Texts) -> None:
    command.add_argument("source", type=place_of, metavar="FROM", help=texts("cli.study"))
    command.add_argument("target", type=place_of, metavar="TO", help=texts("cli.copy.target"))


def join(options: argparse.Namespace, texts: Texts) -> None:
    """Bring the coding of another study of the same survey into this one."""
    joined = join_studies(options.study, options.other, options.keep_both, options.dry_run)
    written = not (joined.clashes or options.dry_run)
    if options.json:
        print_json(_record(joined, written, texts))
    else:
        _say(joined, written, texts)
    if joined.clashes:
        raise UserError("join.clashes", count=len(joined.clashes))


def join_arguments(command: argparse.ArgumentParser, texts: Texts) -> None:
    command.add_argument("study", type=place_of, metavar="STUDY", help=texts("cli.study"))
    command.add_argument("other", type=place_of, metavar="OTHER", help=texts("cli.join.other"))
    command.add_argument("--dry-run", action="store_true", help=texts("cli.join.dry_run"))
    command.add_argument("--keep-both", action="store_true", help=texts("cli.join.keep_both"))
    command.add_argument("--json", action="store_true", help=texts("cli.json"))


def _say(joined: Joined, written: bool, texts: Texts) -> None:
    rows = [
        {
            texts("column.study"): texts(f"join.{each.side}"),
            texts("column.no"): str(each.no or "–"),
            texts("column.why_not"): texts.error(each.reason),
        }
        for each in joined.clashes
    ]
    print_rows(rows)
    for old, new in joined.renamed:
        say(texts("cli.join.renamed", old=old, new=new))
    if not joined.clashes:
        counts = {"added": joined.added, "shared": joined.shared}
        say(texts("cli.join.done" if written else "cli.join.would_add", **counts))


def _record(joined: Joined, written: bool, texts: Texts) -> dict[str, object]:
    return {
        "added": joined.added,
        "shared": joined.shared,
        "renamed": [{"old": old, "new": new} for old, new in joined.renamed],
        "clashes": [
            {"study": each.side, "no": each.no or None, "text": texts.error(each.reason)}
            for each in joined.clashes
        ],
        "joined": written,
    }
