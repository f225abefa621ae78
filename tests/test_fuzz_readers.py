"""Whatever comes in: a result, or one sentence that says why not, and nothing is stored half.

Each reader gets bytes of any kind, and valid files with something changed: a run taken out, put in
or doubled, a number or a name that is not expected. In archives also a part inside is changed.
"""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coder.coding.state import State
from coder.errors import UserError
from coder.intake import take_in
from coder.model import ApplyCode, CodeSegment, CreateCode
from coder.results.recipe import parse_recipe
from coder.study import Study, read_questionnaire, read_text
from coder.survey.questionnaire import parse_questionnaire
from coder.text.wordlist import parse_wordlist

_PIECES = (
    b"", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\n", b"\r", b";", b",", b'"', b"'", b"=1+1",
    b"-1", b"1e999", b"99999999999999999999", b"nan", b"<", b">", b"</Code>", b"<Code>", b"&#0;",
    b"&x;", b"]]>", b"<!DOCTYPE x>", b": ", b"- ", b"{", b"[", b"&a *a", b"!!python/object:x.y",
    b"\xc3\x98", "🙂".encode(), b"\xed\xa0\x80", b"guid=", b"name=''", b"true", b"null", b"../",
)  # fmt: skip
_FEW = settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@st.composite
def changed(draw: st.DrawFn, valid: bytes) -> bytes:
    """The file with up to four things changed, or any bytes at all."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.binary(max_size=200))
    content = valid
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.sampled_from((0, 0, 1, 2, 8, 60))))
        piece = draw(st.sampled_from((*_PIECES, content[start:end] * 2)))
        content = content[:start] + piece + content[end:]
    return content[: draw(st.integers(0, len(content)))] if draw(st.booleans()) else content


@st.composite
def changed_archive(draw: st.DrawFn, valid: bytes) -> bytes:
    """The archive with a part inside changed, or itself."""
    if draw(st.integers(0, 3)) == 0:
        return draw(changed(valid))
    with zipfile.ZipFile(io.BytesIO(valid)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = draw(st.sampled_from(sorted(parts)))
    parts[name] = draw(changed(parts[name]))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, content in parts.items():
            archive.writestr(each, content)
    return made.getvalue()


@cache
def valid_archives() -> dict[str, bytes]:
    """A valid workbook of codes, and one of codings."""
    book = pd.DataFrame({"label": ["Ny", "Under"], "definition": ["x", ""], "parent": ["", "Ny"]})
    codings = pd.DataFrame({"answer": ["1", "2"], "code": ["Tid", "x"], "coder": ["Bo", "Ida"]})
    found = {}
    for name, table in (("book", book), ("codings", codings)):
        stream = io.BytesIO()
        table.to_excel(stream, index=False)
        found[name] = stream.getvalue()
    return found


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Three answers, two codes and a segment; whatever is taken stays for the next example."""
    folder = tmp_path_factory.mktemp("fuzz")
    (folder / "s.csv").write_text("nr;why\n1;because\n2;why 🙂 not\n3;because\n", "utf-8")
    form = take_in([folder / "s.csv"], open_columns=["why"], id_column="nr").questionnaire
    made = Study.create(folder / "s.db", folder / "s.csv", form)
    anna = made.coder("Anna")
    made.decide(anna, CreateCode("x", "Tid"))
    made.decide(anna, ApplyCode("x", ("1",)))
    made.decide(anna, CodeSegment("x", "2", 4, 5))
    return made


@pytest.fixture(scope="module")
def files(study: Study, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What the study writes itself, by its ending."""
    folder, found = tmp_path_factory.mktemp("out"), {}
    for ending in ("qdc", "qdpx"):
        study.export(folder / f"out.{ending}", ending, unpublished=True)  # type: ignore[arg-type]
        found[ending] = (folder / f"out.{ending}").read_bytes()
    return found


def takes(study: Study, import_it: Callable[[], object]) -> None:
    """It is taken, or it is refused and the study is as it was; either way it opens again."""
    before: State = study.state
    try:
        import_it()
    except UserError:
        assert study.state == before
    assert Study.open(study.path).state == study.state


@given(data=st.data())
@_FEW
def test_a_refi_codebook(study: Study, files: dict[str, bytes], data: st.DataObject) -> None:
    path = Path(study.path).with_name("f.qdc")
    path.write_bytes(data.draw(changed(files["qdc"].replace(b"Tid", b"Nyt"))))
    takes(study, lambda: study.import_codebook(path, "Bo"))


@given(data=st.data())
@_FEW
def test_a_refi_project_into_a_study(
    study: Study, files: dict[str, bytes], data: st.DataObject
) -> None:
    path = Path(study.path).with_name("f.qdpx")
    path.write_bytes(data.draw(changed_archive(files["qdpx"])))
    takes(study, lambda: study.import_project(path, "Bo"))


@given(data=st.data())
@_FEW
def test_codes_as_a_table(study: Study, data: st.DataObject) -> None:
    path = Path(study.path).with_name("f.csv")
    path.write_bytes(data.draw(changed(b"label;definition;parent\nNy;x;\nUnder;;Ny\n")))
    takes(study, lambda: study.import_codebook(path, "Bo"))


@given(data=st.data())
@_FEW
def test_codes_as_a_workbook(study: Study, data: st.DataObject) -> None:
    path = Path(study.path).with_name("f.xlsx")
    path.write_bytes(data.draw(changed_archive(valid_archives()["book"])))
    takes(study, lambda: study.import_codebook(path, "Bo"))


@given(data=st.data())
@_FEW
def test_codings_as_a_table(study: Study, data: st.DataObject) -> None:
    path = Path(study.path).with_name("f.csv")
    path.write_bytes(data.draw(changed(b"answer;code;coder\n1;Tid;Bo\n2;x;Ida\n3;Tid;Anna\n")))
    takes(study, lambda: study.import_codings(path))


@given(data=st.data())
@_FEW
def test_codings_as_a_workbook(study: Study, data: st.DataObject) -> None:
    path = Path(study.path).with_name("f.xlsx")
    path.write_bytes(data.draw(changed_archive(valid_archives()["codings"])))
    takes(study, lambda: study.import_codings(path))


# --- before there is a study -------------------------------------------------------------------

SURVEY = "nr;by;tal;svar\n1;Ærø;4,5;vi har fået mere tid til borgerne\n2;;7;\n3;Møn;x;=1+1\n"


def becomes_a_study(path: Path) -> None:
    """The file is read, checked and stored, or nothing is there."""
    target = path.with_name("new.db")
    shutil.rmtree(target.with_suffix(".backups"), ignore_errors=True)
    target.unlink(missing_ok=True)
    try:
        intake = take_in([path])
        study = Study.create_from(target, intake.raw.table, intake.questionnaire)
        study.check()
    except UserError:
        assert not target.exists()
    assert not [each for each in path.parent.iterdir() if ".new" in each.name]


@given(data=st.data())
@_FEW
def test_a_survey_as_text(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(data.draw(changed(SURVEY.encode())))
    becomes_a_study(path)


@given(data=st.data())
@_FEW
def test_a_survey_as_a_workbook(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "f.xlsx"
    path.write_bytes(data.draw(changed_archive(valid_archives()["book"])))
    becomes_a_study(path)


@given(data=st.data())
@_FEW
def test_a_survey_as_parquet(tmp_path: Path, data: st.DataObject) -> None:
    stream = io.BytesIO()
    pd.read_csv(io.StringIO(SURVEY), sep=";", dtype=str).to_parquet(stream)
    path = tmp_path / "f.parquet"
    path.write_bytes(data.draw(changed(stream.getvalue())))
    becomes_a_study(path)


# What other programs have written; each .sav is first tried in a process of its own.
@pytest.mark.parametrize(
    ("name", "examples"), [("haven.sav", 3), ("libreoffice.xls", 10), ("libreoffice.ods", 10)]
)
def test_a_survey_from_another_program(
    checkout: Path, tmp_path: Path, name: str, examples: int
) -> None:
    """Within a bounded time too: a number that is changed is no promise of so many rows."""
    valid = (checkout / "tests" / "survey" / "files" / name).read_bytes()
    path = tmp_path / f"f.{name.rpartition('.')[2]}"
    damaged = changed_archive(valid) if path.suffix == ".ods" else changed(valid)

    @given(content=damaged)
    @settings(_FEW, max_examples=examples, deadline=timedelta(seconds=30))
    def becomes(content: bytes) -> None:
        path.write_bytes(content)
        becomes_a_study(path)

    path.write_bytes(valid)
    becomes_a_study(path)
    becomes()


@given(data=st.data())
@_FEW
def test_a_project_as_a_survey(
    tmp_path: Path, files: dict[str, bytes], data: st.DataObject
) -> None:
    path = tmp_path / "f.qdpx"
    path.write_bytes(data.draw(changed_archive(files["qdpx"])))
    becomes_a_study(path)


@pytest.mark.parametrize("name", ["questionnaire", "recipe"])
@given(data=st.data())
@settings(max_examples=30)
def test_a_file_of_yaml(checkout: Path, name: str, data: st.DataObject) -> None:
    """Short files, in which one change is likely to matter; any text reader comes before."""
    valid = {"questionnaire": FORM, "recipe": RECIPE}[name]
    content = data.draw(changed(valid.encode()))
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return
    try:
        if name == "recipe":
            parse_recipe(text, parse_questionnaire(FORM))
        else:
            parse_questionnaire(text)
        parse_wordlist(text)
    except UserError:
        pass


@given(content=st.binary(max_size=60))
@_FEW
def test_any_bytes_as_a_file_of_text(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes(content)
    for read in (read_text, read_questionnaire):
        try:
            read(path)
        except UserError:
            continue


FORM = """title: P
language: da
cases: {questions: [svar, q]}
questions:
  - {name: nr, kind: id}
  - name: q
    kind: matrix
    label: Q
    scale: descending
    options: [{code: 1, label: Ja}, {code: 2, label: Nej}, {code: 9, label: X, role: dont_know}]
    items: [{name: q1, label: A}, {name: q2, label: B}]
    asked_if: [{item: k, any_of: [1]}]
  - {name: k, kind: single, label: K, options: [{code: 1, label: Ja}, {code: 2, label: Nej}]}
  - {name: svar, kind: open, label: S}
"""
RECIPE = """name: Potentiale
threshold: 0.6
most_dont_know: 1
dimensions:
  - name: alt
    label: {da: Alt, en: All}
    items: [{item: q1}, {item: q2, reversed: true, dont_know: 0.5, values: {1: 1, 2: 0}}]
"""
