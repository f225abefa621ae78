"""Write what in the documents follows from the program, so that it can't fall behind.

`python -m tools.docs` writes `docs/cli.md` from the parser, the output of every command that
stands in a `console` block of the READMEs, and the tables between `<!-- begin: … -->` and
`<!-- end: … -->` in `docs/the-case.md` and in the manuals. `--check` writes nothing and fails
when something would change; what needs the encoder is then taken as it stands.
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from coder.cli import make_parser
from coder.coding.agreement import Agreement, agreement, make_ratings
from coder.coding.distances import LEVELS
from coder.demo import make_demo
from coder.i18n import LANGUAGES, Language, Texts, load_texts, whole_percent
from coder.model import Recipe, RecipeItem
from coder.rated import Form, read_ratings
from coder.results.score import score
from coder.results.tests_of import Difference
from coder.study import Study
from coder.ui.keys import default_keys, key_label

ROOT = Path(__file__).resolve().parents[1]
PUBLISHED = ROOT / "data" / "published"
RATINGS = ROOT / "tests" / "coding" / "published"
WITH_OUTPUT = ("README.md", "README.da.md")
NEEDS_ENCODER = " propose "

_CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NEXT_COMMAND = re.compile(r"^(?=\$ )", re.MULTILINE)


def main(arguments: Sequence[str]) -> int:
    """Write the documents, or with `--check` name those that are stale; 1 if there are any."""
    check = "--check" in arguments
    stale = {path: text for path, text in documents(check) if _differs(path, text)}
    for path, text in stale.items():
        if not check:
            path.write_text(text, "utf-8")
        print(f"{path.relative_to(ROOT)} {'is stale: run make docs' if check else 'written'}")
    return 1 if stale and check else 0


def documents(check: bool) -> Iterator[tuple[Path, str]]:
    """Every document that is wholly or partly generated, with the text that it should have.

    With `check`, commands that need the encoder are not run: their output stays as it is.
    """
    yield ROOT / "docs" / "cli.md", cli_page(make_parser(load_texts("en")))
    with tempfile.TemporaryDirectory() as folder:
        yield _the_case(make_demo(Path(folder), coded=True))
    yield _agreement()
    for language in LANGUAGES:
        yield _manual(language)
    for name in WITH_OUTPUT:
        yield ROOT / name, with_output((ROOT / name).read_text("utf-8"), check)


def _differs(path: Path, text: str) -> bool:
    return not path.is_file() or path.read_text("utf-8") != text


# --- the manuals -------------------------------------------------------------------------------


def _manual(language: Language) -> tuple[Path, str]:
    path = ROOT / "docs" / f"manual.{language}.md"
    return path, _filled(path.read_text("utf-8"), "keys", key_table(load_texts(language)))


def key_table(texts: Texts) -> str:
    """The keys of the desk with what they do, as Markdown."""
    rows = []
    for action, keys in default_keys().items():
        if not action.startswith("code_"):
            shown = ", ".join(f"**{key_label(key, texts)}**" for key in keys)
            rows.append(f"| {shown} | {texts(f'desk.word.{action}')} |")
    for first, last, key in ((1, 9, "codes_first"), (10, 18, "codes_more")):
        ends = (key_label(default_keys()[f"code_{no}"][0], texts) for no in (first, last))
        rows.append(f"| {'–'.join(f'**{end}**' for end in ends)} | {texts(f'desk.word.{key}')} |")
    return "\n".join(["| | |", "| --- | --- |", *rows])


# --- coefficients of agreement -----------------------------------------------------------------


@dataclass(frozen=True)
class Published:
    """A published coefficient, as printed, beside ours."""

    dataset: str
    coefficient: str
    level: str
    printed: str
    ours: float
    source: str

    @property
    def rounded(self) -> str:
        """Ours with the decimals that were printed."""
        return f"{self.ours:.{len(self.printed.partition('.')[2])}f}"


def published_agreement() -> list[Published]:
    """Every published value of agreement with ours, computed as `coder agreement` does."""
    with (RATINGS / "values.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    distinct = {(row["dataset"], row["level"]): row for row in rows}
    found = {key: _agreement_of(row) for key, row in distinct.items()}
    return [
        Published(
            row["dataset"],
            row["coefficient"],
            row["level"],
            row["value"],
            _ours(found[row["dataset"], row["level"]], row["coefficient"]),
            row["source"],
        )
        for row in rows
    ]


def _agreement_of(row: dict[str, str]) -> Agreement:
    """Of a file of ratings, or of a table of how often two coders' categories met."""
    path = RATINGS / f"{row['dataset']}.csv"
    level = next(each for each in LEVELS if each == row["level"])
    table = pd.read_csv(path, index_col=0)
    if row["dataset"].startswith("table_"):
        cells = [(one, other) for one in table.index for other in table.columns]
        met = [cell for cell in cells for _ in range(int(table.loc[cell]))]
        pairs = {
            (str(no), coder): [code]
            for no, cell in enumerate(met)
            for coder, code in zip("12", cell, strict=True)
        }
        return agreement(make_ratings(pairs), draws=0)
    heads = pd.read_csv(path, nrows=0).columns
    unit = next(name for name in heads if name.lower() in ("unit", "units"))
    coders = tuple(name for name in heads if name not in (unit, "Group"))
    return agreement(read_ratings(path, Form(unit, coders), level).ratings, level, draws=0)


def _ours(found: Agreement, coefficient: str) -> float:
    return float(found.overall.set_index("coefficient").at[coefficient, "value"])


def _agreement() -> tuple[Path, str]:
    path = ROOT / "docs" / "agreement.md"
    lines = ["| data | coefficient | level | published | ours |", "| --- | --- | --- | --: | --: |"]
    for each in published_agreement():
        cells = (
            f"`{each.dataset}`",
            f"`{each.coefficient}`",
            each.level,
            each.printed,
            each.rounded,
        )
        lines.append(f"| {' | '.join(cells)} |")
    return path, _filled(path.read_text("utf-8"), "published", "\n".join(lines))


# --- the command line --------------------------------------------------------------------------

_CLI_HEAD = """\
# The command line

*Written by `make docs` from the program itself; corrections belong in `coder/cli.py` and
`coder/locales/`.*

{description}

`coder --lang en COMMAND …` chooses the language of messages and tables, `da` (the default) or
`en`; it stands before the command. `coder --help` and `coder COMMAND --help` show what stands
here.

Tables go to standard output, messages and progress to standard error. The exit code is 0; 1 when
something can't be done, with one sentence that says what to do about it; or 2 for a command line
that isn't one. What `--json` writes, and every file, is described in [formats.md](formats.md).
"""


def cli_page(parser: argparse.ArgumentParser) -> str:
    """The page about every command of a parser, as Markdown."""
    sections = [_section(name, command) for name, command in commands(parser).items()]
    head = _CLI_HEAD.format(description=parser.description)
    return "\n".join([head, *sections])


def commands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The parser of each command, by the command's name."""
    # argparse has no public way to ask for them.
    return next(dict(a.choices) for a in parser._actions if isinstance(a.choices, dict))


def _section(name: str, command: argparse.ArgumentParser) -> str:
    actions = [each for each in command._actions if each.dest != "help"]
    positional = [each for each in actions if not each.option_strings]
    options = [each for each in actions if each.option_strings]
    usage = " ".join([f"coder {name}", *map(_usage, [*options, *positional])])
    rows = [f"| `{_written(each)}` | {_about(each)} |" for each in [*positional, *options]]
    table = "\n".join(["| | |", "| --- | --- |", *rows])
    return f"## coder {name}\n\n{_sentence(command.description)}\n\n    {usage}\n\n{table}\n"


def _usage(action: argparse.Action) -> str:
    needed = action.required if action.option_strings else action.nargs != "?"
    return _written(action) if needed else f"[{_written(action)}]"


def _written(action: argparse.Action) -> str:
    """An argument as one writes it: `--cases {first,all}`, `STUDY`."""
    if not action.option_strings:
        return str(action.metavar)
    if action.nargs == 0:
        return action.option_strings[-1]
    choices = "{" + ",".join(map(str, action.choices or ())) + "}"
    value = action.metavar or (choices if action.choices else action.dest.upper())
    return f"{action.option_strings[-1]} {value}"


def _about(action: argparse.Action) -> str:
    needed = "; needed" if action.option_strings and action.required else ""
    return f"{action.help}{needed}"


def _sentence(text: str | None) -> str:
    return f"{text[0].upper()}{text[1:]}." if text else ""


# --- what commands print -----------------------------------------------------------------------


def with_output(text: str, check: bool) -> str:
    """A document with, after every `$ ` line of a console block, what that command prints.

    The commands run one after another in an empty folder.
    """
    with tempfile.TemporaryDirectory() as folder:
        return _CONSOLE.sub(lambda block: _block(block[1], Path(folder), check), text)


def _block(content: str, folder: Path, check: bool) -> str:
    parts = [part for part in _NEXT_COMMAND.split(content) if part]
    return "```console\n" + "".join(_run(part, folder, check) for part in parts) + "```"


def _run(part: str, folder: Path, check: bool) -> str:
    command = part.splitlines()[0].removeprefix("$ ")
    if check and NEEDS_ENCODER in command:
        return part
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=_environment(), capture_output=True, text=True
    )
    lines = [line for line in done.stderr.splitlines() if not line.startswith(_progress())]
    shown = [line.rstrip() for line in [*done.stdout.splitlines(), *lines]]
    return "\n".join([f"$ {command}", *shown]) + "\n"


def _environment() -> dict[str, str]:
    """As after `source .venv/bin/activate`."""
    return {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}


def _progress() -> tuple[str, ...]:
    """How lines of progress begin: they depend on how fast the machine is."""
    keys = ("progress.", "encoder.fetching", "encoder.converting", "encoder.loading")
    return tuple(
        sentence
        for language in (load_texts("da"), load_texts("en"))
        for key, sentence in language.sentences.items()
        if key.startswith(keys)
    )


# --- the founding case -------------------------------------------------------------------------


@dataclass(frozen=True)
class Figure:
    """A published figure beside ours. `ours` is rounded as printed; `base` says what it is of."""

    name: str
    what: str
    unit: str
    printed: float
    ours: float
    base: str

    @property
    def agrees(self) -> bool:
        """Whether both print the same."""
        return abs(self.printed - self.ours) < 1e-9


Found = tuple[float, str]  # the value as printed, and what it is made from

# The item and the codes whose share a figure is.
SHARES = {
    "q01_high": ("q01", "1 2"),
    "q01_neither": ("q01", "3"),
    "q01_low": ("q01", "4 5"),
    "q01_none": ("q01", "6"),
    "q01_low_or_none": ("q01", "4 5 6"),
    "q11_during": ("q11", "2"),
    "q14_more_support": ("q14", "1 2"),
    "q15_citizens": ("q15_borgerne", "1 2"),
    "q15_other_departments": ("q15_andre_af_kommunens_forvaltninger", "1 2"),
    "q16_readiness": ("q16_stoerre_omstillingsparathed_blandt_medarbejderne", "1 2"),
    "q16_risk": ("q16_stoerre_risikovillighed_blandt_ledelsen", "1 2"),
    "q17_digital": ("q17_oeget_digitalisering", "1 2"),
    "q17_faster_help": ("q17_hurtigere_hjaelp_og_raadgivning", "1 2"),
    "q17_wellbeing": ("q17_borgernes_trivsel", "1 2"),
    "q18_video": ("q18", "2"),
    "q20_permanent": ("q20_drift", "1 2"),
    "q21_wellbeing_positive": ("q21_trivsel", "1"),
    "q21_wellbeing_negative": ("q21_trivsel", "3"),
    "q21_motivation_positive": ("q21_motivation", "1"),
    "q21_autonomy_positive": ("q21_raaderum", "1"),
    "q21_agility_positive": ("q21_agilitet", "1"),
    "q22_transferable": ("q22_overfoerbar", "1 2"),
    "q22_special": ("q22_saerlige_forhold", "1 2"),
    "q23_fundamental": ("q23_hoejde", "1"),
    "q23_incremental": ("q23_hoejde", "2"),
    "q24_costs_known": ("q24_kendte_omkostninger", "1"),
    "q24_worth": ("q24_staar_maal", "1"),
}
SIZE = "stoerrelse"
LEVEL = 0.05


def figures(study: Study) -> list[Figure]:
    """Every published figure with the one that the coded demo study gives."""
    found = {
        **_shares(study),
        **_response(study),
        **_by_size(study),
        **_worth_given_unknown(study),
        **_counts(study),
    }
    with (PUBLISHED / "figures.csv").open(encoding="utf-8", newline="") as lines:
        return [
            Figure(row["id"], row["what"], row["unit"], float(row["value"]), *found[row["id"]])
            for row in csv.DictReader(lines)
        ]


def same_counts(study: Study) -> tuple[int, int]:
    """How many of the published counts of answers the demo has, and how many there are."""
    published = pd.read_csv(PUBLISHED / "counts.csv")
    ours = study.frequencies().rename(columns={"option": "option_da", "count": "ours"})
    both = published.merge(ours[["item", "option_da", "ours"]], how="left")
    return int((both["count"] == both["ours"]).sum()), len(published)


def _share(count: int, n: int) -> Found:
    return whole_percent(count / n), f"{count} of {n}"


def _shares(study: Study) -> dict[str, Found]:
    table = study.frequencies()
    found = {}
    for name, (item, codes) in SHARES.items():
        rows = table[table["item"] == item]
        count = int(rows.loc[rows["code"].isin(codes.split()), "count"].sum())
        found[name] = _share(count, int(rows["n"].iloc[0]))
    return found


def _response(study: Study) -> dict[str, Found]:
    """The response rates, and the test of whether size of municipality has to do with them."""
    answered = study.response(SIZE)
    groups = answered.groups
    everyone = groups[["answered", "invited"]].sum()
    large, small = (groups.loc[code, ["answered", "invited"]] for code in ("1", "2"))
    found = _found(answered.difference)
    test = f"Pearson's chi-square, df {found.df[0]:.0f}" if found.df else ""
    return {
        "response_rate": _share(*map(int, everyone)),
        "response_rate_large": _share(*map(int, large)),
        "response_rate_small": _share(*map(int, small)),
        "response_chi2": (round(found.statistic or 0, 2), test),
        "response_chi2_p": (round(found.p, 2), test),
    }


def _by_size(study: Study) -> dict[str, Found]:
    """The extent of innovation by size, and whether it alone differs."""
    extent = study.compare("q01", SIZE)
    high = extent.counts.loc[["1", "2"]].sum()
    n = extent.counts.sum()
    smallest = min(_p_values(study, *_other_items(study)))
    spread, order = _found(extent.distribution), _found(extent.order)
    only = max(_as_printed(spread), order.p) < LEVEL <= smallest
    tests = f"p = {_as_printed(spread):.3f} (chi-square), {order.p:.3f} (Wilcoxon–Mann–Whitney)"
    return {
        "q01_high_large": _share(int(high["1"]), int(n["1"])),
        "q01_high_small": _share(int(high["2"]), int(n["2"])),
        "q01_size_test": (float(only), f"{tests}; smallest p of all others {smallest:.3f}"),
    }


def _other_items(study: Study) -> list[str]:
    questions = study.questionnaire.of_kind("single", "matrix")
    return [item.name for question in questions for item in question.items if item.name != "q01"]


def _p_values(study: Study, *items: str) -> Iterator[float]:
    for item in items:
        yield from map(_as_printed, study.compare(item, SIZE).tests)


def _as_printed(test: Difference) -> float:
    """The p of the usual distribution: the report took it also where few answers are expected."""
    return test.p if test.plain_p is None else test.plain_p


def _found(test: Difference | None) -> Difference:
    if test is None:
        raise ValueError("nothing was tested")
    return test


def _worth_given_unknown(study: Study) -> dict[str, Found]:
    cases = study.survey.cases[study.survey.cases["number"] == 1]
    unknown = cases.loc[cases["q24_kendte_omkostninger"] == "2", "q24_staar_maal"].dropna()
    return {"q24_worth_given_unknown": _share(int((unknown == "1").sum()), len(unknown))}


def _counts(study: Study) -> dict[str, Found]:
    people, answers = study.survey.respondents, study.survey.answers
    above = study.scores().cases.query("above and number == 1").index
    permits = study.questionnaire.question("samtykke").permits
    published = people.loc[above, "samtykke"].isin(permits).sum()
    return {
        "municipalities": (people.loc[people["answered"], "kommune"].nunique(), ""),
        "open_answers": (int((answers["number"] == 1).sum()), ""),
        "second_innovation": (int((answers["number"] == 2).sum()), ""),
        "most_promising": (study.score_summary()["above_threshold"], "score above 0.8"),
        "published": (int(published), "of them, with consent"),
    }


# A rule that is easily got wrong, and the recipe as it then is.
MISTAKES: dict[str, Callable[[RecipeItem], RecipeItem]] = {
    "the reversed item is not turned around": lambda item: replace(item, reversed=False),
    "every don't-know counts one half": lambda item: replace(item, dont_know=0.5),
    "no don't-know has a value": lambda item: replace(item, dont_know=None),
}


def mistakes(study: Study) -> dict[str, int]:
    """How many first cases are above the threshold when the score is made wrongly, by mistake."""
    scores = study.scores()
    found = {name: _above(study, _changed(scores.recipe, it)) for name, it in MISTAKES.items()}
    first = scores.cases[scores.cases["score"].notna() & (scores.cases["number"] == 1)]
    means = first[[dimension.name for dimension in scores.recipe.dimensions]].mean(axis="columns")
    above = int((means.round(12) > scores.recipe.threshold).sum())
    return {**found, "the mean of the five dimensions is taken": above}


def _above(study: Study, recipe: Recipe) -> int:
    cases = score(study.survey, recipe).cases
    return int(cases.loc[cases["number"] == 1, "above"].sum())


def _changed(recipe: Recipe, change: Callable[[RecipeItem], RecipeItem]) -> Recipe:
    dimensions = (replace(each, items=tuple(map(change, each.items))) for each in recipe.dimensions)
    return replace(recipe, dimensions=tuple(dimensions))


def _the_case(study: Study) -> tuple[Path, str]:
    path = ROOT / "docs" / "the-case.md"
    text = path.read_text("utf-8")
    text = _filled(text, "figures", _figure_table(figures(study)))
    text = _filled(text, "counts", _counts_sentence(study))
    text = _filled(text, "categories", _category_table(study))
    return path, _filled(text, "mistakes", _mistake_table(study))


def _filled(text: str, name: str, content: str) -> str:
    """The text with other content between the two marks of this name; `ValueError` without."""
    begin, end = f"<!-- begin: {name} -->\n", f"<!-- end: {name} -->"
    before, found, rest = text.partition(begin)
    _, found_end, after = rest.partition(end)
    if not (found and found_end):
        raise ValueError(f"no marks for {name!r}")
    return f"{before}{begin}{content}\n{end}{after}"


def _figure_table(rows: Sequence[Figure]) -> str:
    head = ["| figure | printed | ours | of | |", "| --- | --: | --: | --- | --- |"]
    return "\n".join([*head, *map(_figure_row, rows)])


def _figure_row(row: Figure) -> str:
    printed, ours = _value(row.printed, row.unit), _value(row.ours, row.unit)
    agrees = "agrees" if row.agrees else "**differs**"
    return f"| {row.what} | {printed} | {ours} | {row.base} | {agrees} |"


def _value(value: float, unit: str) -> str:
    if unit == "boolean":
        return "yes" if value else "no"
    return f"{value:g}%" if unit == "percent" else f"{value:g}"


def _counts_sentence(study: Study) -> str:
    same, every = same_counts(study)
    return f"Of the {every} counts that the report prints, the demo has {same}."


def _category_table(study: Study) -> str:
    table = study.joint()
    head = ["| category | answers | municipalities |", "| --- | --: | --: |"]
    rows = table[["category", "answers", "organisations"]].itertuples(index=False)
    return "\n".join([*head, *(f"| {row[0]} | {row[1]} | {row[2]} |" for row in rows)])


def _mistake_table(study: Study) -> str:
    right = study.score_summary()["above_threshold"]
    rows = {"as the report says": right, **mistakes(study)}
    head = ["| the score | above the threshold |", "| --- | --: |"]
    return "\n".join([*head, *(f"| {name} | {count} |" for name, count in rows.items())])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
