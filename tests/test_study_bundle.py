"""A bundle rebuilds itself, says what is not as it should be, and believes nothing it reads."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coder.cli import main
from coder.errors import UserError
from coder.i18n import LANGUAGES, load_texts
from coder.model import ApplyCode, PermitPublishing, RemoveCode, SetStatus
from coder.report import bundle as packing
from coder.report.bundle import MANIFEST, altered, read_bundle
from coder.study import Study, check_bundle, seen_as
from coder.study.rebuilt import DECISIONS, RESPONSES, SOURCES, _responses, rebuilt, sources
from coder.survey.questionnaire import parse_questionnaire
from tests.fixtures import refused
from tests.leaving import FORMULA, RECIPE, coded_study

TEXTS = {str(language): load_texts(language) for language in LANGUAGES}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study with its bundle beside it; only to be read."""
    folder = tmp_path_factory.mktemp("bundle")
    study = coded_study(folder / "study.db")
    study.export_bundle(folder / "bundle.zip", TEXTS["da"])
    return folder


@pytest.fixture
def own(made: Path, tmp_path: Path) -> Path:
    """A bundle of the test's own."""
    return Path(shutil.copyfile(made / "bundle.zip", tmp_path / "own.zip"))


@pytest.fixture
def study(made: Path, tmp_path: Path) -> Study:
    """The study of the bundle, to be changed."""
    return Study.open(Path(shutil.copyfile(made / "study.db", tmp_path / "study.db")))


def repacked(path: Path, change: Callable[[dict[str, bytes]], None], told: bool = False) -> Path:
    """The bundle with other content; told : and with hashes that fit it."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    if told:
        about = json.loads(files.pop(MANIFEST))
        about["files"] = {name: hashlib.sha256(each).hexdigest() for name, each in files.items()}
        files[MANIFEST] = json.dumps(about).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


# --- rebuilding --------------------------------------------------------------------------------


def test_a_bundle_is_rebuilt_to_the_same_and_written_to_the_same_bytes(
    made: Path, study: Study, tmp_path: Path
) -> None:
    found = check_bundle(made / "bundle.zip", TEXTS)
    assert found.wrong == {}
    files = read_bundle(made / "bundle.zip").files
    assert found.rebuilt == len([name for name in files if name.startswith(("t", "f"))]) + 3
    study.export_bundle(tmp_path / "again.zip", TEXTS["da"])
    assert (tmp_path / "again.zip").read_bytes() == (made / "bundle.zip").read_bytes()


def test_what_was_altered_is_named_with_how(own: Path) -> None:
    def change(files: dict[str, bytes]) -> None:
        files["figures/treemap.json"] += b" "
        del files["tables/ranking.csv"]
        files["figures/extra.svg"] = b"<svg/>"

    repacked(own, lambda files: files.update({"tables/numbers.csv": b"n\r\n7\r\n"}), told=True)
    repacked(own, lambda files: files.update({"tables/own.csv": b"n\r\n7\r\n"}), told=True)
    found = check_bundle(repacked(own, change), TEXTS)
    assert found.wrong == {
        "tables/ranking.csv": "missing",
        "figures/extra.svg": "extra",
        "figures/treemap.json": "altered",
        "tables/numbers.csv": "differs",
        "tables/own.csv": "not_rebuilt",
    }


def test_other_responses_lead_to_other_tables(own: Path) -> None:
    """Hashes are no signature: who makes them fit is found out by what follows from the sources."""

    def change(files: dict[str, bytes]) -> None:
        lines = files[RESPONSES].decode("utf-8-sig").splitlines(keepends=True)
        files[RESPONSES] = "".join([lines[0], *lines[2:]]).encode("utf-8-sig")
        gone = lines[1].split(";")[0]
        kept = [
            line for line in files[DECISIONS].decode().splitlines(keepends=True) if gone not in line
        ]
        files[DECISIONS] = "".join(kept).encode()

    found = check_bundle(repacked(own, change, told=True), TEXTS)
    assert found.wrong["tables/frequencies.csv"] == "differs"
    assert found.wrong["data/answers.csv"] == "differs"
    assert "coding/log.csv" not in found.wrong


def test_altered_sources_are_not_rebuilt_from(own: Path) -> None:
    found = check_bundle(repacked(own, lambda files: files.update({DECISIONS: b"{"})), TEXTS)
    assert (found.rebuilt, found.wrong) == (0, {DECISIONS: "altered"})


@pytest.mark.parametrize(
    "line",
    [
        "{",
        '{"coder_id": "1", "kind": "Nothing"}',
        '{"coder_id": "1", "kind": "AddCoder", "coder": 1, "name": 2}',
        '{"kind": "AddCoder"}',
        "[]",
    ],
)
def test_decisions_that_are_none_are_refused_in_a_sentence(own: Path, line: str) -> None:
    repacked(own, lambda files: files.update({DECISIONS: line.encode()}), told=True)
    with refused("bundle.not_rebuilt", path=own):
        check_bundle(own, TEXTS)


def test_a_value_that_is_no_option_is_refused(own: Path) -> None:
    def change(files: dict[str, bytes]) -> None:
        files[RESPONSES] = files[RESPONSES].replace(b";1;41.5;", b";7;41.5;")

    repacked(own, change, told=True)
    with refused("survey.bad_value", value="7"):
        check_bundle(own, TEXTS)


def test_all_of_the_demo_comes_again_but_for_the_names(demo: Study, tmp_path: Path) -> None:
    """Unpublished, a bundle has everyone, so its tables are those that were published."""
    nameless = demo._nameless(unpublished=True)
    held, recipe = nameless.survey, demo.recipes()[-1][1]
    decided = demo._restated(nameless.leaving)
    again = rebuilt(sources(held.table, held.questionnaire, recipe, decided), tmp_path)
    pd.testing.assert_frame_equal(again.frequencies(), demo.frequencies())
    pd.testing.assert_frame_equal(again.joint(), demo.joint())
    assert again.score_summary() == demo.score_summary()
    assert again.came_in() == demo.came_in()
    texts = set(demo._without_kept_finds().answers["text"])
    assert set(again.survey.answers["text"]) == texts
    assert set(again.survey.respondents["kommune"]).isdisjoint(demo.survey.respondents["kommune"])


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1).filter(
    lambda text: text.strip() == text
)


@settings(max_examples=12)
@given(st.lists(CELLS, min_size=1, max_size=4))
def test_every_text_comes_through_the_file_of_responses(texts: list[str]) -> None:
    form = parse_questionnaire("questions: [{name: nr, kind: id}, {name: why, kind: open}]")
    rows = [(f"R{no}", text) for no, text in enumerate([*texts, FORMULA, "'x", "a\r\nb\rc\nd"])]
    table = pd.DataFrame(rows, columns=["nr", "why"], dtype="str")
    files = sources(table, form, None, [])
    assert _responses(files[RESPONSES], form)["why"].tolist() == table["why"].tolist()


# --- what is new -------------------------------------------------------------------------------


def test_what_would_be_published_that_was_not(made: Path, study: Study) -> None:
    before = study.publishable()
    assert before.news is not None
    assert before.news.empty
    named = {old: new for old, new in study._nameless().leaving.ids.items()}
    study.decide("eva", RemoveCode("x", ("Q004",)))
    study.decide("eva", ApplyCode("y", ("Q005",)))
    for news in (study.publishable().news, study.publishable(made / "bundle.zip").news):
        assert news is not None
        told = dict(zip(news["answer"], news["change"], strict=True))
        assert told[named["Q004"]] == told[named["Q005"]] == "changed"
        assert named["Q009"] not in told
        assert news.set_index("answer").at[named["Q005"], "codes"] == "Gåture"


def test_without_an_earlier_bundle_there_is_nothing_to_compare(tmp_path: Path) -> None:
    study = coded_study(tmp_path / "study.db", consent=False)
    study.decide("eva", PermitPublishing("anonymous", 1))
    assert study.publishable().news is None
    study._remember_published({"gone": "0"})
    news = study.publishable().news
    assert news is not None
    assert news["change"].value_counts().to_dict() == {"new": 13 - 1, "gone": 1}


def test_another_study_has_other_pseudonyms(study: Study, tmp_path: Path) -> None:
    other = coded_study(tmp_path / "other.db")
    mine, others = (each._nameless().leaving.ids for each in (study, other))
    assert set(mine) == set(others)
    assert set(mine.values()).isdisjoint(others.values())


def test_a_layer_is_all_that_is_in_a_bundle_and_a_reader_leaves_no_trace(
    study: Study, tmp_path: Path
) -> None:
    study.decide("eva", SetStatus(("Q009",), "noise"))
    settled = study.layer("consensus")
    nameless = settled._nameless()
    decided = settled._restated(nameless.leaving)
    files = sources(nameless.survey.table, nameless.survey.questionnaire, RECIPE, decided)
    coded = {(each.answer, each.coder) for each in rebuilt(files, tmp_path).state.all_codings()}
    ids = nameless.leaving.ids
    assert coded == {(ids[each], "3") for each in ("Q001", "Q002", "Q007")}
    before = study._last_published()
    seen_as(study, "reader", None)._remember_published({"a": "b"})
    assert study._last_published() == before


def test_what_was_set_aside_is_so_in_the_bundle(study: Study, tmp_path: Path) -> None:
    study.decide("eva", SetStatus(("Q010",), "noise"))
    nameless = study._nameless()
    decided = study._restated(nameless.leaving)
    files = sources(nameless.survey.table, nameless.survey.questionnaire, RECIPE, decided)
    again = rebuilt(files, tmp_path)
    assert again.state.set_aside() == {nameless.leaving.ids["Q010"]}
    assert again.state.settled.keys() == {nameless.leaving.ids["Q002"]}


# --- reading what somebody sends ---------------------------------------------------------------


def zipped(path: Path, parts: list[tuple[str, bytes]]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return path


GOOD = json.dumps({"format": 1, "language": "da", "files": {}, "rows": {}, "versions": {}}).encode()


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    "parts",
    [
        [],
        [(MANIFEST, b"{}")],
        [(MANIFEST, b"[" * 100_000)],
        [(MANIFEST, b"\xff")],
        [(MANIFEST, GOOD.replace(b'"rows": {}', b'"rows": {"a": 1}'))],
        [(MANIFEST, GOOD.replace(b"1", b"2"))],
        [(MANIFEST, GOOD), ("../out.csv", b"")],
        [(MANIFEST, GOOD), ("/etc/out.csv", b"")],
        [(MANIFEST, GOOD), ("a/../../b", b"")],
        [(MANIFEST, GOOD), ("a\\b", b"")],
        [(MANIFEST, GOOD), ("a", b""), ("a", b"")],
    ],
)
def test_what_is_no_bundle_is_refused(tmp_path: Path, parts: list[tuple[str, bytes]]) -> None:
    path = zipped(tmp_path / "odd.zip", parts)
    with refused("bundle.unreadable", path=path):
        read_bundle(path)


def test_a_language_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "odd.zip", [(MANIFEST, GOOD.replace(b'"da"', b'"../da"'))])
    with refused("bundle.unreadable"):
        check_bundle(path, TEXTS)


def test_what_unfolds_to_too_much_is_stopped_on_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "MOST_BYTES", 5 << 20)
    path = zipped(tmp_path / "bomb.zip", [(MANIFEST, GOOD), ("a", bytes(6 << 20))])
    assert path.stat().st_size < 20_000
    with refused("bundle.unfolds", most=5):
        read_bundle(path)


def test_a_file_that_is_not_there_and_one_that_is_no_archive(tmp_path: Path) -> None:
    with refused("file.missing"):
        read_bundle(tmp_path / "no.zip")
    (tmp_path / "no.zip").write_bytes(b"PK\x03\x04 and then nothing")
    with refused("bundle.unreadable"):
        read_bundle(tmp_path / "no.zip")


@given(st.data())
def test_whatever_is_damaged_is_refused_or_named(made: Path, data: st.DataObject) -> None:
    content = bytearray((made / "bundle.zip").read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    length = data.draw(st.sampled_from([len(content), len(content) // 2, len(content) - 9]))
    path = made / "damaged.zip"
    path.write_bytes(bytes(content[:length]))
    with suppress(UserError):  # anything else that is raised fails
        altered(read_bundle(path))


def test_a_place_that_is_not_there_and_a_wrong_ending_write_nothing(
    study: Study, tmp_path: Path
) -> None:
    with refused("export.wrong_ending", ending=".zip"):
        study.export_bundle(tmp_path / "out.qdpx", TEXTS["da"])
    assert [each.name for each in tmp_path.iterdir() if "out" in each.name] == []


# --- from the command line ---------------------------------------------------------------------


def test_from_the_command_line(own: Path, study: Study, capsys: pytest.CaptureFixture[str]) -> None:
    place = str(study.path)
    assert main(["publishable", place, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["form"], told["answers"], told["news"]) == ("named", 10, [])
    assert told["withheld"]["refused"] == told["withheld"]["unanswered"] == 1
    arguments = ["permit", place, "anonymous", "--by", "Eva Kodersen", "--smallest", "2"]
    assert main([*arguments, "--cells", "rolle", "--why", "aftalt"]) == 0
    assert study.publishing() == PermitPublishing("anonymous", 2, ("rolle",))
    assert study.state.log[-1].why == "aftalt"
    assert main(["permit", place, "named", "--by", "eva kodersen"]) == 0
    assert study.publishing() == PermitPublishing("named", 2, ("rolle",))
    assert main(["--lang", "en", "publishable", place, "--since", str(own)]) == 0
    shown = capsys.readouterr()
    assert "changed" in shown.out
    assert "10 answers can leave in a bundle" in shown.err


def test_check_tells_of_a_bundle_what_is_wrong_and_fails(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    repacked(own, lambda files: files.update({SOURCES[0]: b""}))
    assert main(["check", str(own)]) == 1
    shown = capsys.readouterr()
    assert shown.out == "data/responses.csv er ændret, siden pakken blev lavet.\n"
    assert str(own) in shown.err
    assert main(["check", str(own), "--json"]) == 1
    wrong = [{"file": "data/responses.csv", "wrong": "altered"}]
    assert json.loads(capsys.readouterr().out) == {"rebuilt": 0, "wrong": wrong}


def test_a_bundle_is_never_as_it_was_written(study: Study, tmp_path: Path) -> None:
    out = ["--format", "bundle", "--out", str(tmp_path / "out.zip")]
    assert main(["export", str(study.path), *out, "--as-written", "--unpublished"]) == 1
    assert not (tmp_path / "out.zip").exists()


def test_the_responses_can_be_imported_as_any_survey(own: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(own) as archive:
        for name in (RESPONSES, "data/questionnaire.yaml"):
            (tmp_path / Path(name).name).write_bytes(archive.read(name))
        answers = pd.read_csv(io.BytesIO(archive.read("data/answers.csv")), sep=";")
    new = tmp_path / "new.db"
    form = str(tmp_path / "questionnaire.yaml")
    assert main(["import", str(new), str(tmp_path / "responses.csv"), "--questionnaire", form]) == 0
    assert set(Study.open(new).survey.answers.index) == set(answers["answer"])
