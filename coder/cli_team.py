"""What commands need where there are several coders: who asks, and whose coding counts."""

from __future__ import annotations

import argparse

from coder.cli_agreement import agreement_record, print_agreement
from coder.cli_output import print_json, say, shown_progress
from coder.errors import UserError
from coder.i18n import Texts
from coder.study import Study


def seen(options: argparse.Namespace, texts: Texts) -> Study:
    """The study as ``--coder`` may see it, or without one as nobody in particular may.

    What a blind round hides is said on stderr.
    """
    whole = Study.open(options.study)
    name = getattr(options, "coder", None)
    study = whole.seen_by(whole.coder_called(name) if name else None)
    if study.hidden():
        say(texts("cli.hidden", count=len(study.hidden())))
    return study


def coder_argument(command: argparse.ArgumentParser, texts: Texts) -> None:
    """``--coder``, of commands that show what was coded."""
    command.add_argument("--coder", metavar="NAME", help=texts("cli.coder"))


def layer_argument(command: argparse.ArgumentParser, texts: Texts) -> None:
    """``--layer``, of commands that add up what was coded."""
    command.add_argument(
        "--layer", default="all", metavar="consensus|CODER|all", help=texts("cli.layer")
    )


def agreement_of_study(options: argparse.Namespace, texts: Texts) -> None:
    """``coder agreement STUDY``: how far its coders agree, or one coder with something else."""
    whole = Study.open(options.file)
    coder = whole.coder_called(options.coder[0]) if options.coder else None
    if options.beside not in ("coders", "settled") and coder is None:
        raise UserError("agreement.whose")
    study = whole.seen_by(coder)
    if study.hidden():
        say(texts("cli.hidden", count=len(study.hidden())))
    with shown_progress(texts) as progress:
        found = study.agreement(
            options.beside, coder, options.round, options.draws, options.seed, progress
        )
    if options.json:
        return print_json(agreement_record(found))
    return print_agreement(found, texts)


def team_arguments(command: argparse.ArgumentParser, texts: Texts) -> None:
    """What ``coder agreement`` takes besides, when it is asked of a study."""
    command.add_argument("--round", metavar="NAME", help=texts("cli.agreement.round"))
    command.add_argument(
        "--beside",
        choices=("coders", "settled", "key", "later", "machine"),
        default="coders",
        help=texts("cli.agreement.beside"),
    )
