"""A study rebuilt from the files of a bundle, everything that follows from it, and the check.

A bundle has its ``SOURCES`` and what follows from them: ``results`` of the study that ``rebuilt``
makes. Whoever writes a bundle and whoever checks it call the same two functions, so nothing is in
a bundle's tables and figures but what its own files lead to.
"""

from __future__ import annotations

import io
import json
import platform
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pandas as pd

from coder.coding.log import advance
from coder.coding.plain import decision_fields, decision_from
from coder.coding.restated import Decided
from coder.coding.state import State
from coder.errors import UserError
from coder.model import LogEntry, Progress, Questionnaire
from coder.report.bundle import Wrong, altered, read_bundle
from coder.report.figure import Figure, Writer
from coder.report.plain_files import as_text, csv_bytes, records
from coder.results.recipe import parse_recipe
from coder.store import Store
from coder.study.core import row_of, tell
from coder.study.study import Study
from coder.survey.ingest import code_table
from coder.survey.questionnaire import format_questionnaire, parse_questionnaire

RESPONSES, QUESTIONNAIRE = "data/responses.csv", "data/questionnaire.yaml"
RECIPE, DECISIONS = "data/recipe.yaml", "coding/decisions.jsonl"
LOG, README, WITHHELD = "coding/log.csv", "README.md", "withheld.csv"
SOURCES = (RESPONSES, QUESTIONNAIRE, RECIPE, DECISIONS)
TOLD = (LOG, README, WITHHELD)  # what is said in a bundle and can't be computed from it

_DIGITS = 12  # of a number in a table: the last ones differ from one kind of machine to another
_DRAWN_BY = ("vl-convert-python",)
_LIBRARIES = ("numpy", "pandas", "scipy", *_DRAWN_BY)


@dataclass(frozen=True)
class BundleCheck:
    """What the check of a bundle found: what is wrong with which file; nothing when all agrees.

    ``rebuilt`` is how many files were computed again; 0 when the sources are not as they were.
    """

    wrong: Mapping[str, Wrong]
    rebuilt: int


def check_bundle(
    path: Path, texts: Mapping[str, Writer], progress: Progress | None = None
) -> BundleCheck:
    """Compare a bundle with its hashes, rebuild it, and compare what follows with what is in it.

    texts : by language; a bundle says which its figures are in. Pictures are compared byte by byte
    only where what draws them is of the same version, otherwise by what they are drawn from.
    Raises ``UserError`` when it is no bundle, or can't be rebuilt.
    """
    bundle = read_bundle(path)
    wrong, language = altered(bundle), str(bundle.about["language"])
    if language not in texts:
        raise UserError("bundle.unreadable", path=path)
    if any(name in wrong for name in SOURCES):
        return BundleCheck(wrong, 0)
    with tempfile.TemporaryDirectory() as folder:
        try:
            study = rebuilt(bundle.files, Path(folder))
            made = results(study, texts[language], Path(folder), progress)
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            raise UserError("bundle.not_rebuilt", path=path) from error
    same_pen = all(bundle.about["versions"].get(each) == _version(each) for each in _DRAWN_BY)
    held = {name for name in bundle.files if name not in (*SOURCES, *TOLD)}
    for name in sorted({*made, *held} - set(wrong)):
        if name not in made:
            wrong[name] = "not_rebuilt"
        elif name not in held:
            wrong[name] = "missing"
        elif bundle.files[name] != made[name] and (same_pen or not name.endswith(".svg")):
            wrong[name] = "differs"
    return BundleCheck(wrong, len(made))


def versions() -> dict[str, str]:
    """What computed and drew the results: the versions of Coder, Python and what counts most."""
    names = {"coder": "coder-open-answers", **{each: each for each in _LIBRARIES}}
    return {
        "python": platform.python_version(),
        **{name: _version(package) for name, package in names.items()},
    }


# --- the sources -------------------------------------------------------------------------------


def sources(
    table: pd.DataFrame,
    questionnaire: Questionnaire,
    recipe: str | None,
    decided: Sequence[Decided],
) -> dict[str, bytes]:
    """The files that everything else in a bundle follows from."""
    lines = [
        json.dumps({"coder_id": coder, **decision_fields(each)}, ensure_ascii=False)
        for coder, each in decided
    ]
    found = {
        RESPONSES: csv_bytes(table),
        QUESTIONNAIRE: format_questionnaire(questionnaire).encode(),
        DECISIONS: "".join(f"{line}\n" for line in lines).encode(),
    }
    return found | ({RECIPE: recipe.encode()} if recipe is not None else {})


def rebuilt(files: Mapping[str, bytes], folder: Path) -> Study:
    """The study that the sources describe, in a file of this folder.

    Raises ``UserError`` for what can't be read or can't follow, and ``ValueError``, ``TypeError``,
    ``LookupError`` or ``AttributeError`` where a file is not as ``sources`` writes it.
    """
    questionnaire = parse_questionnaire(files[QUESTIONNAIRE].decode())
    table = _responses(files[RESPONSES], questionnaire)
    parts = {"questionnaire": files[QUESTIONNAIRE], "survey": _parquet(table), "finds": b"[]"}
    if RECIPE in files:
        parse_recipe(files[RECIPE].decode(), questionnaire)
        parts[RECIPE.split("/")[-1].removesuffix(".yaml")] = files[RECIPE]
    place = folder / "rebuilt.db"
    store = Store.create(place, parts)
    entries = list(_entries(files[DECISIONS].decode()))
    advance(State(frozenset(Study.open(place).survey.answers.index)), entries)
    store.replace_log([row_of(entry) for entry in entries], 0, [])
    return Study.open(place)


def _responses(content: bytes, questionnaire: Questionnaire) -> pd.DataFrame:
    """The coded table as it was. Its values are checked, but never taken for labels."""
    read = pd.read_csv(
        io.BytesIO(content), sep=";", dtype=str, keep_default_na=False, encoding="utf-8-sig"
    )
    table = read.map(as_text).rename(columns=as_text).replace("", None).astype("str")
    coded = code_table(table, questionnaire)
    numbers = [name for name in coded if pd.api.types.is_numeric_dtype(coded[name])]
    return table.assign(**{name: coded[name] for name in numbers})


def _entries(lines: str) -> Iterator[LogEntry]:
    at = datetime.fromtimestamp(0, UTC)
    for no, line in enumerate(lines.splitlines(), start=1):
        values = json.loads(line)
        coder = str(values.pop("coder_id"))
        yield LogEntry(no, at, coder, decision_from(values))


def _parquet(table: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    table.to_parquet(buffer, index=False)
    return buffer.getvalue()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # run from a folder, without being installed
        return "–"


# --- what follows from them --------------------------------------------------------------------


def results(
    study: Study, texts: Writer, folder: Path, progress: Progress | None = None
) -> dict[str, bytes]:
    """Every table and figure of a rebuilt study, as files by their names.

    folder : where there is room for a draft. All that is in the study may be told.
    """
    found = {f"tables/{name}.csv": _csv(table) for name, table in _tables(study).items()}
    found["data/answers.csv"] = _exported(study, texts, folder, "csv")
    if study.state.codes:
        found["coding/codebook.md"] = _exported(study, texts, folder, "md")
        found["coding/codebook.qdc"] = _exported(study, texts, folder, "qdc")
    wanted = study.all_figures(texts, unpublished=True)
    for no, (name, draw) in enumerate(wanted.items()):
        tell(progress, "progress.figures", no, len(wanted))
        found |= _figure(f"figures/{name}", draw())
    return found


def _tables(study: Study) -> dict[str, pd.DataFrame]:
    found = {
        "frequencies": study.frequencies("first"),
        "frequencies-all-cases": study.frequencies("all"),
        "numbers": study.numbers("first"),
        "categories": study.joint("first"),
        "categories-together": study.codes_together(),
    }
    if study.recipe():
        found["ranking"] = study.ranking().reset_index()
        found["score-summary"] = _flat(study.score_summary())
        found["reliability"] = study.reliability()
        if study.state.codes:
            found["profile"] = study.profile()
    if len(study.state.coders) > 1:
        agreement = study.agreement()
        found["agreement"] = agreement.overall
        found["agreement-per-code"] = agreement.per_code
    return found


def _flat(values: Mapping[str, Any]) -> pd.DataFrame:
    """A row for each number, also of those within."""
    rows = [
        (f"{name}_{inner}" if inner else name, number)
        for name, value in values.items()
        for inner, number in (value.items() if isinstance(value, Mapping) else [("", value)])
    ]
    return pd.DataFrame(rows, columns=["name", "value"])


def _exported(study: Study, texts: Writer, folder: Path, format: Any) -> bytes:
    draft = folder / f"draft.{format}"
    study.export(draft, format, texts, unpublished=True)
    return draft.read_bytes()


def _figure(name: str, figure: Figure) -> dict[str, bytes]:
    """The picture, the numbers behind it, and what it is drawn from."""
    spec = json.dumps(_rounded(figure.spec), ensure_ascii=False, indent=1)
    return {
        f"{name}.svg": figure.svg().encode(),
        f"{name}.csv": _csv(figure.table),
        f"{name}.json": spec.encode() + b"\n",
    }


def _csv(table: pd.DataFrame) -> bytes:
    plain = table.map(lambda v: "; ".join(map(str, v)) if isinstance(v, tuple) else v)
    return csv_bytes(plain, _DIGITS)


def _rounded(value: Any) -> Any:
    """A specification with numbers as a table has them."""
    match value:
        case pd.DataFrame():
            return _rounded(records(value))
        case Mapping():
            return {str(name): _rounded(each) for name, each in value.items()}
        case list() | tuple():
            return [_rounded(each) for each in value]
        case float():
            return float(f"{value:.{_DIGITS}g}")
    return value
