"""The commands about what may leave a study, and whether a bundle is what it says."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import get_args

from coder.cli_output import print_json, print_rows, say, shown_progress
from coder.cli_team import coder_argument, seen
from coder.errors import UserError
from coder.i18n import LANGUAGES, Texts, load_texts
from coder.model import PermitPublishing, Publishing
from coder.place import place_of
from coder.study import Publishable, Study, check_bundle

_SHOWN = 60  # characters of an answer


def permit(options: argparse.Namespace, texts: Texts) -> None:
    """``coder permit``: a lead decides how answers leave."""
    study = Study.open(options.study)
    before = study.publishing()
    cells = tuple(options.cells) if options.cells else before.cells
    smallest = before.smallest if options.smallest is None else options.smallest
    decision = PermitPublishing(options.form, smallest, cells)
    study.decide(study.coder(options.by), decision, options.why)
    about = ", ".join(cells) or texts("cli.permit.all_cells")
    form = texts(f"publishing.{options.form}")
    say(texts("cli.permit.done", form=form, smallest=texts.number(smallest), cells=about))


def permit_arguments(command: argparse.ArgumentParser, texts: Texts) -> None:
    """The arguments of ``coder permit``."""
    command.add_argument("study", type=place_of, metavar="STUDY", help=texts("cli.study"))
    forms = get_args(Publishing)
    command.add_argument("form", choices=forms, metavar="FORM", help=texts("cli.permit.form"))
    command.add_argument("--by", required=True, metavar="NAME", help=texts("cli.permit.by"))
    command.add_argument("--smallest", type=int, metavar="N", help=texts("cli.permit.smallest"))
    command.add_argument(
        "--cells", action="append", metavar="QUESTION", help=texts("cli.permit.cells")
    )
    command.add_argument("--why", default="", metavar="TEXT", help=texts("cli.permit.why"))


def publishable(options: argparse.Namespace, texts: Texts) -> None:
    """``coder publishable``: what would be published now, and what of it is new."""
    found = seen(options, texts).publishable(options.since)
    if options.json:
        return print_json(_record(found))
    form, smallest = texts(f"publishing.{found.form.form}"), texts.number(found.form.smallest)
    say(texts("cli.publishable.answers", answers=found.answers, form=form, smallest=smallest))
    for reason, count in found.withheld["reason"].value_counts().items():
        say(texts(f"cli.export.withheld_{reason}", count=count))
    return _say_news(found, texts)


def _say_news(found: Publishable, texts: Texts) -> None:
    if found.news is None:
        return say(texts("cli.publishable.no_last"))
    if found.news.empty:
        return say(texts("cli.publishable.same"))
    counts = found.news["change"].value_counts()
    named = {name: int(counts.get(name, 0)) for name in ("new", "changed", "gone")}
    say(texts("cli.publishable.news", **named))
    rows = found.news.astype(object).where(found.news.notna(), "–").to_dict("records")
    print_rows(
        [
            {
                texts("column.answer"): row["answer"],
                texts("column.change"): texts(f"publishable.{row['change']}"),
                texts("column.category"): row["codes"],
                texts("column.text"): " ".join(row["text"].split())[:_SHOWN],
            }
            for row in rows
        ]
    )
    return None


def _record(found: Publishable) -> dict[str, object]:
    news = found.news
    return {
        "form": found.form.form,
        "smallest": found.form.smallest,
        "cells": list(found.form.cells),
        "answers": found.answers,
        "withheld": found.withheld["reason"].value_counts().sort_index().to_dict(),
        "news": None
        if news is None
        else news.astype(object).where(news.notna(), None).to_dict("records"),
    }


def publishable_arguments(command: argparse.ArgumentParser, texts: Texts) -> None:
    """The arguments of ``coder publishable``."""
    command.add_argument("study", type=place_of, metavar="STUDY", help=texts("cli.study"))
    command.add_argument(
        "--since", type=Path, metavar="BUNDLE", help=texts("cli.publishable.since")
    )
    command.add_argument("--json", action="store_true", help=texts("cli.json"))
    coder_argument(command, texts)


def check_of_bundle(path: Path, as_json: bool, texts: Texts) -> None:
    """``coder check BUNDLE``: rebuild it, and tell of every file that is not as it should be."""
    languages = {str(language): load_texts(language) for language in LANGUAGES}
    with shown_progress(texts) as progress:
        found = check_bundle(path, languages, progress)
    if as_json:
        wrong = [{"file": name, "wrong": kind} for name, kind in found.wrong.items()]
        print_json({"rebuilt": found.rebuilt, "wrong": wrong})
    else:
        for name, kind in found.wrong.items():
            print(texts(f"check.bundle_{kind}", name=name))
        if found.rebuilt:
            print(texts("check.bundle_rebuilt", count=found.rebuilt))
    if found.wrong:
        raise UserError("check.bundle_wrong", count=len(found.wrong), path=path)
    say(texts("check.bundle_whole"))
