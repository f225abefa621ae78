"""The command line: the study first, verbs in the order of the work.

Tables go to stdout, messages and progress to stderr. Exit code 0, 1 for what the user should know
in one sentence, 2 for a command that isn't one.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn

import pandas as pd

from coder.cli_accounts import accounts, accounts_arguments, roles, roles_arguments
from coder.cli_agreement import agreement_arguments, agreement_of
from coder.cli_exchange import (
    appendix,
    appendix_arguments,
    codebook,
    codebook_arguments,
    export,
    export_arguments,
    import_codings,
    import_codings_arguments,
    say_project,
)
from coder.cli_figures import figures, figures_arguments
from coder.cli_moving import copy, copy_arguments, join, join_arguments
from coder.cli_output import print_json, print_rows, say, shown_progress
from coder.cli_publishing import (
    check_of_bundle,
    permit,
    permit_arguments,
    publishable,
    publishable_arguments,
)
from coder.cli_report import report, report_arguments
from coder.cli_score import score, score_arguments
from coder.cli_suggestions import (
    doubts,
    doubts_arguments,
    simulate,
    simulate_arguments,
    suggestions,
    suggestions_arguments,
)
from coder.cli_tables import frequency_records, print_frequencies, tables_arguments
from coder.cli_team import (
    agreement_of_study,
    coder_argument,
    seen,
    team_arguments,
)
from coder.cli_waves import (
    trend,
    trend_arguments,
    uncoded,
    uncoded_arguments,
    wave,
    wave_arguments,
)
from coder.demo import make_demo
from coder.errors import UserError
from coder.i18n import LANGUAGES, Texts, load_texts
from coder.intake import Intake, Merge, as_yaml, is_project, take_in
from coder.place import place_of, without_password
from coder.study import Study, check_study, is_archive, read_questionnaire, read_text

_SHOWN_REMARKS = 5
_SHOWN_CHANGES = 20  # of a later file; all of them would hide the question


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    texts = load_texts(_language(arguments))
    try:
        options = make_parser(texts).parse_args(arguments)
    except _UsageError as error:
        print(error, file=sys.stderr)
        return 2
    try:
        options.run(options, texts)
    except UserError as error:
        print(texts.error(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(texts("cli.stopped"), file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of the table, such as head, has had enough
        sys.stderr.close()
        return 0
    return 0


def make_parser(texts: Texts) -> argparse.ArgumentParser:
    """The parser of all commands, in one language."""
    parser = _Parser(prog="coder", description=texts("cli.description"), texts=texts)
    parser.add_argument("--lang", choices=LANGUAGES, help=texts("cli.lang"))
    commands = parser.add_subparsers(title=texts("cli.commands"), required=True, metavar="…")
    for name, run, add_arguments in _COMMANDS:
        text = texts(f"cli.{name.replace('-', '_')}.help")
        command = commands.add_parser(name, help=text, description=text, texts=texts)
        command.set_defaults(run=run)
        add_arguments(command, texts)
    return parser


class _UsageError(Exception):
    """The command line as given is no command."""


class _Parser(argparse.ArgumentParser):
    """A parser whose own words come from the language files as far as argparse lets them."""

    def __init__(self, *, texts: Texts, **settings: Any) -> None:
        super().__init__(**settings, add_help=False, formatter_class=_formatter(texts("cli.usage")))
        self._texts = texts
        self._positionals.title = texts("cli.positionals")
        self._optionals.title = texts("cli.options")
        self.add_argument("-h", "--help", action="help", help=texts("cli.show_help"))

    def error(self, message: str) -> NoReturn:
        said = without_password(message)
        raise _UsageError(f"{self.format_usage()}{self._texts('cli.not_understood')} ({said})")


def _formatter(usage: str) -> type[argparse.HelpFormatter]:
    class Formatter(argparse.HelpFormatter):
        def add_usage(self, text: Any, actions: Any, groups: Any, prefix: Any = None) -> None:
            super().add_usage(text, actions, groups, f"{usage}: " if prefix is None else prefix)

    return Formatter


def _language(arguments: Sequence[str]) -> Any:
    """The language that ``--lang`` asks for, before anything else is read; Danish otherwise."""
    asked = [after for before, after in pairwise(arguments) if before == "--lang"]
    asked += [each.removeprefix("--lang=") for each in arguments if each.startswith("--lang=")]
    return asked[0] if asked and asked[0] in LANGUAGES else "da"


# --- the commands ------------------------------------------------------------------------------


def _demo(options: argparse.Namespace, texts: Texts) -> None:
    with shown_progress(texts) as progress:
        study = make_demo(options.folder, options.coded, progress)
    say(texts("cli.demo.done", path=study.path, folder=options.folder))


def _import(options: argparse.Namespace, texts: Texts) -> None:
    if options.add:
        return _add(options, texts)
    intake = _take_in(options, texts)
    if not options.json:
        _say_intake(intake, texts, options.dry_run)
    stored = not options.dry_run and not intake.stops
    study = _create(options, intake, texts) if stored else None
    if study and is_project(options.file):
        say_project(study.import_project(options.file, options.coder), False, texts)
    counts = study.check().counts if study else {}
    if options.json:
        print_json(_intake_record(intake, texts) | {"imported": stored, **counts})
    for finding in intake.stops:
        raise UserError(finding.key, **finding.params)
    if options.json:
        return None
    if study:
        say(texts("cli.import.done", path=options.study, **counts))
    return None


def _take_in(options: argparse.Namespace, texts: Texts) -> Intake:
    """The file as understood: by the questionnaire given, by the one beside it, or by guessing."""
    if isinstance(options.study, Path) and options.study.exists():
        raise UserError("study.exists", path=options.study)
    form = options.questionnaire
    if form is None and not options.open:
        form = _beside(options.file, "questionnaire.yaml", texts)
    with shown_progress(texts) as progress:
        progress("progress.reading", 0, 0)
        return take_in(
            [options.file, *options.variables],
            read_questionnaire(form) if form else None,
            sheet=options.sheet,
            open_columns=options.open,
            id_column=options.id,
            background=options.background,
        )


def _create(options: argparse.Namespace, intake: Intake, texts: Texts) -> Study:
    recipe = options.recipe
    if recipe is None and not intake.reasons:
        recipe = _beside(options.file, "recipe.yaml", texts)
    text = read_text(recipe) if recipe else None
    with shown_progress(texts) as progress:
        return Study.create_from(
            options.study, intake.raw.table, intake.questionnaire, text, progress
        )


def _say_intake(intake: Intake, texts: Texts, in_full: bool) -> None:
    """What was understood and guessed, and what is odd: in full, or the first of each."""
    source = intake.raw.source
    say(texts("importing.size", rows=texts.number(source.rows), columns=source.columns))
    lines = [texts(each.key, **each.params) for each in intake.raw.notices]
    lines += [texts(each.key, **each.params) for each in intake.reasons]
    odd = [texts(each.key, **each.params) for each in intake.findings if not each.stops]
    for some in (lines, odd):
        shown = some if in_full else some[:_SHOWN_REMARKS]
        for line in shown:
            say("  " + line)
        if len(shown) < len(some):
            say("  " + texts("cli.import.more", count=len(some) - len(shown)))


def _intake_record(intake: Intake, texts: Texts) -> dict[str, Any]:
    return {
        "source": vars(intake.raw.source),
        "questionnaire": as_yaml(intake.questionnaire),
        "notices": [texts(each.key, **each.params) for each in intake.raw.notices],
        "guesses": [
            {"question": each.question, "why": texts(each.key, **each.params)}
            for each in intake.reasons
        ],
        "reversed": list(intake.reversed),
        "findings": [
            {"text": texts(each.key, **each.params), "rows": each.rows, "stops": each.stops}
            for each in intake.findings
        ],
    }


def _add(options: argparse.Namespace, texts: Texts) -> None:
    """A later file of a survey that has been imported."""
    study = Study.open(options.study)
    with shown_progress(texts) as progress:
        progress("progress.reading", 0, 0)
        raw = take_in([options.file], study.questionnaire, sheet=options.sheet).raw.table
    merge = study.difference(raw) if options.dry_run else study.add_from(raw, options.changed)
    stored = not options.dry_run and not (merge.changes and options.changed == "ask")
    if options.json:
        changes = [vars(change) for change in merge.changes]
        record = {"added": merge.added, "filled": merge.filled, "changes": changes}
        print_json(record | {"imported": stored})
    else:
        _say_merge(merge, stored, texts)
    if merge.changes and options.changed == "ask":
        raise UserError("import.changes", count=len(merge.changes))


def _say_merge(merge: Merge, stored: bool, texts: Texts) -> None:
    for change in merge.changes[:_SHOWN_CHANGES]:
        print(texts("cli.import.change", **vars(change) | {"after": change.after or "–"}))
    key = "cli.import.added" if stored else "cli.import.would_add"
    say(texts(key, respondents=len(merge.added), values=merge.filled))


def _propose(options: argparse.Namespace, texts: Texts) -> None:
    study = seen(options, texts)
    proposals = study.proposals() if options.if_missing else None
    if proposals is None:
        with shown_progress(texts) as progress:
            words = read_text(options.words) if options.words else None
            proposals = study.propose(
                options.count,
                options.encoder,
                progress,
                by=options.by,
                words=words,
                backend=options.backend,
                dask=options.dask,
            )
    rows = [
        {
            texts("column.no"): str(no),
            texts("column.answers"): str(len(each.answers)),
            texts("column.name"): each.name or texts("candidates.contentless"),
            texts("column.coherence"): texts.number(each.coherence, 2),
            texts("column.stability"): _number_or_dash(each.stability, texts),
            texts("column.terms"): ", ".join(each.terms),
            texts("column.typical"): ", ".join(each.answers[:3]),
        }
        for no, each in enumerate(proposals, start=1)
    ]
    print_rows(rows)


def _number_or_dash(value: float | None, texts: Texts) -> str:
    return "–" if value is None else texts.number(value, 2)


def _app(options: argparse.Namespace, texts: Texts) -> None:
    # Imported here: Streamlit is slow to load and no other command needs it.
    from coder.ui.serve import check_can_serve, entrance, serve

    address, port = options.address, options.port
    way = entrance(address, port, options.sign_in, options.token_file, options.no_token)
    check_can_serve(options.study, address, port)
    say(texts("cli.app.link"))
    say(f"  {way.link}")
    serve(options.study, address, port, not options.no_browser, way)


def _tables(options: argparse.Namespace, texts: Texts) -> None:
    study = seen(options, texts).layer(options.layer)
    joint = study.joint(options.cases)
    if options.json:
        categories = json.loads(joint.to_json(orient="records", force_ascii=False))
        return print_json({**frequency_records(study, options), "joint": categories})
    print_frequencies(study, options, texts)
    _print_joint(study, joint, texts)
    return None


def _check(options: argparse.Namespace, texts: Texts) -> None:
    if isinstance(options.study, Path) and is_archive(options.study):
        return check_of_bundle(options.study, options.json, texts)
    found = check_study(options.study)
    if options.json:
        damages = [vars(each) for each in found.damages]
        print_json({"damages": damages, **found.counts, "responses": found.responses})
    else:
        for name, count in found.counts.items():
            print(texts(f"check.{name}", count=texts.number(count)))
        if found.responses:
            print(texts("check.responses", sha256=found.responses))
    if found.damages:
        places = ", ".join(f"{each.where} {each.no}" for each in found.damages)
        raise UserError("check.damaged", places=places)
    say(texts("check.whole"))
    return None


def _log(options: argparse.Namespace, texts: Texts) -> None:
    study = seen(options, texts)
    state, undone = study.state, study.undone()
    rows = [
        {
            texts("column.no"): str(entry.no),
            texts("column.at"): entry.at.strftime("%Y-%m-%d %H:%M:%S"),
            texts("column.coder"): state.coders.get(entry.coder, entry.coder),
            texts("column.decision"): texts(f"decision.{type(entry.decision).__name__}"),
            texts("column.undone"): texts("log.undone") if entry.no in undone else "",
        }
        for entry in reversed(study.entries())
    ]
    print_rows(rows)


# --- their arguments ---------------------------------------------------------------------------

_Arguments = Callable[[argparse.ArgumentParser, Texts], None]


def _demo_arguments(command: argparse.ArgumentParser, texts: Texts) -> None:
    command.add_argument("folder", type=Path, metavar="DIR", help=texts("cli.demo.folder"))
    command.add_argument("--coded", action="store_true", help=texts("cli.demo.coded"))


def _import_arguments(command: argparse.ArgumentParser, texts: Texts) -> None:
    command.add_argument("study", type=place_of, metavar="STUDY", help=texts("cli.new_study"))
    command.add_argument("file", type=Path, metavar="FILE", help=texts("cli.import.file"))
    command.add_argument(
        "--questionnaire", type=Path, metavar="Q.yaml", help=texts("cli.import.questionnaire")
    )
    command.add_argument("--recipe", type=Path, metavar="R.yaml", help=texts("cli.recipe"))
    command.add_argument(
        "--open", action="append", default=[], metavar="COLUMN", help=texts("cli.import.open")
    )
    command.add_argument("--id", metavar="COLUMN", help=texts("cli.import.id"))
    command.add_argument("--coder", default="", metavar="NAME", help=texts("cli.import.coder"))
    command.add_argument("--sheet", metavar="NAME", help=texts("cli.import.sheet"))
    command.add_argument(
        "--variables",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help=texts("cli.import.variables"),
    )
    command.add_argument(
        "--background", type=Path, metavar="FILE", help=texts("cli.import.background")
    )
    command.add_argument("--dry-run", action="store_true", help=texts("cli.import.dry_run"))
    command.add_argument("--json", action="store_true", help=texts("cli.json"))
    command.add_argument("--add", action="store_true", help=texts("cli.import.add"))
    command.add_argument(
        "--changed",
        choices=("ask", "keep", "take"),
        default="ask",
        help=texts("cli.import.changed"),
    )


def _propose_arguments(command: argparse.ArgumentParser, texts: Texts) -> None:
    _study_argument(command, texts)
    command.add_argument("--count", type=int, metavar="N", help=texts("cli.propose.count"))
    command.add_argument("--encoder", metavar="NAME", help=texts("cli.propose.encoder"))
    command.add_argument(
        "--backend",
        choices=("torch", "bf16", "int8"),
        default="torch",
        help=texts("cli.propose.backend"),
    )
    command.add_argument("--dask", metavar="ADDRESS", help=texts("cli.propose.dask"))
    command.add_argument("--if-missing", action="store_true", help=texts("cli.propose.if_missing"))
    command.add_argument(
        "--by", choices=("answer", "segment"), default="answer", help=texts("cli.propose.by")
    )
    command.add_argument("--words", type=Path, metavar="W.yaml", help=texts("cli.propose.words"))


def _app_arguments(command: argparse.ArgumentParser, texts: Texts) -> None:
    command.add_argument(
        "study", type=place_of, nargs="?", metavar="STUDY", help=texts("cli.app.study")
    )
    command.add_argument("--port", type=int, default=8501, help=texts("cli.app.port"))
    command.add_argument("--address", default="127.0.0.1", help=texts("cli.app.address"))
    command.add_argument("--no-browser", action="store_true", help=texts("cli.app.no_browser"))
    command.add_argument("--sign-in", choices=("accounts", "oidc"), help=texts("cli.app.sign_in"))
    command.add_argument(
        "--token-file", type=Path, metavar="FILE", help=texts("cli.app.token_file")
    )
    command.add_argument("--no-token", action="store_true", help=texts("cli.app.no_token"))


def _check_arguments(command: argparse.ArgumentParser, texts: Texts) -> None:
    command.add_argument(
        "study", type=place_of, metavar="STUDY|BUNDLE", help=texts("cli.check.what")
    )
    command.add_argument("--json", action="store_true", help=texts("cli.json"))


def _log_arguments(command: argparse.ArgumentParser, texts: Texts) -> None:
    _study_argument(command, texts)
    coder_argument(command, texts)


def _agreement(options: argparse.Namespace, texts: Texts) -> None:
    """Of a table when a column of it is named, else of a study."""
    return (agreement_of if options.unit else agreement_of_study)(options, texts)


def _agreement_arguments(command: argparse.ArgumentParser, texts: Texts) -> None:
    agreement_arguments(command, texts)
    team_arguments(command, texts)


def _study_argument(command: argparse.ArgumentParser, texts: Texts) -> None:
    command.add_argument("study", type=place_of, metavar="STUDY", help=texts("cli.study"))


_COMMANDS: tuple[tuple[str, Callable[[argparse.Namespace, Texts], None], _Arguments], ...] = (
    ("demo", _demo, _demo_arguments),
    ("import", _import, _import_arguments),
    ("propose", _propose, _propose_arguments),
    ("app", _app, _app_arguments),
    ("accounts", accounts, accounts_arguments),
    ("roles", roles, roles_arguments),
    ("score", score, score_arguments),
    ("tables", _tables, tables_arguments),
    ("agreement", _agreement, _agreement_arguments),
    ("figures", figures, figures_arguments),
    ("report", report, report_arguments),
    ("permit", permit, permit_arguments),
    ("publishable", publishable, publishable_arguments),
    ("export", export, export_arguments),
    ("appendix", appendix, appendix_arguments),
    ("codebook", codebook, codebook_arguments),
    ("import-codings", import_codings, import_codings_arguments),
    ("check", _check, _check_arguments),
    ("copy", copy, copy_arguments),
    ("join", join, join_arguments),
    ("log", _log, _log_arguments),
    ("suggestions", suggestions, suggestions_arguments),
    ("doubts", doubts, doubts_arguments),
    ("wave", wave, wave_arguments),
    ("uncoded", uncoded, uncoded_arguments),
    ("trend", trend, trend_arguments),
    ("simulate", simulate, simulate_arguments),
)


# --- reading and printing ----------------------------------------------------------------------


def _beside(file: Path, name: str, texts: Texts) -> Path | None:
    """The file of this name in the survey file's folder, if there is one; says so if it is used."""
    path = file.parent / name
    if not path.is_file():
        return None
    say(texts("cli.import.beside", path=path))
    return path


def _print_joint(study: Study, joint: pd.DataFrame, texts: Texts) -> None:
    if joint.empty:
        return say(texts("joint.nothing_coded"))
    recipe = study.recipe()
    names = (
        {each.name: each.label.get(texts.language, each.name) for each in recipe.dimensions}
        if recipe
        else {}
    )
    print()
    rows = [
        {
            names.get(str(column)) or texts(f"column.{column}"): _cell(str(column), value, texts)
            for column, value in row.items()
        }
        for row in joint.to_dict("records")
    ]
    print_rows(rows)
    return None


def _cell(column: str, value: Any, texts: Texts) -> str:
    if isinstance(value, str):
        return value
    if pd.isna(value):
        return "–"
    if column == "share_above":
        return texts.percent(value)
    return texts.number(value, 2) if isinstance(value, float) else texts.number(value)
