"""Projects made elsewhere: whatever the program, every text, code and span is where it was.

What importers and exporters are known to do is a test each. What we write ourselves is also read
by another program's library.
"""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import get_args

import pytest
from pyrefiqda import RefiProject

from coder.cli import main
from coder.coding.state import Spans, State
from coder.i18n import load_texts
from coder.model import ApplyCode, CodeSegment, CreateCode, ReviseCode, WriteMemo
from coder.report import archive
from coder.report.qdpx import Profile
from coder.report.qdpx_in import Project, ReadCoding, ReadNote, read_qdpx
from coder.report.qdpx_table import project_table
from coder.study import Study
from coder.survey.questionnaire import parse_questionnaire
from tests.fixtures import refused

A, B, CODE, OTHER, USER, VAR = (f"{no}1111111-0000-0000-0000-00000000000A" for no in range(6))


def selection(start: int, end: int, code: str = CODE, user: str = USER) -> str:
    return (
        f'<PlainTextSelection guid="s" startPosition="{start}" endPosition="{end}">'
        f'<Coding guid="c" creatingUser="{user}"><CodeRef targetGUID="{code}"/></Coding>'
        "</PlainTextSelection>"
    )


def source(guid: str, name: str, inside: str = "", ending: str = "txt") -> str:
    path = f"internal://{guid}.{ending}"
    return f'<TextSource guid="{guid}" name="{name}" plainTextPath="{path}">{inside}</TextSource>'


BOOK = (
    f'<CodeBook><Codes><Code guid="{{{CODE.lower()}}}" name="Tid" color="#FF0000">'
    f"<Description>Om tid</Description>"
    f'<Code guid="{OTHER}" name="Ventetid" isCodable="false"/></Code></Codes></CodeBook>'
)
USERS = f'<Users><User guid="{USER}" name="Anna  B"/></Users>'


def written(
    path: Path, inside: str, texts: dict[str, bytes], origin: str = "X", folder: str = "sources"
) -> Path:
    with zipfile.ZipFile(path, "w") as made:
        root = f'<Project xmlns="urn:QDA-XML:project:1.0" name="P" origin="{origin}">{inside}'
        made.writestr("Whatever.QDE", f"\ufeff{root}</Project>".encode())
        made.writestr(f"{folder}/.root", b"")
        for guid, content in texts.items():
            made.writestr(f"{folder}/{guid}.txt", content)
    return path


def spans(project: Project) -> list[str]:
    """The words that are coded, or the whole text in brackets."""
    texts = [each.text for each in project.sources]
    return [
        f"[{texts[c.source]}]" if c.span is None else texts[c.source][slice(*c.span)]
        for c in project.codings
    ]


@pytest.mark.parametrize("folder", ["sources", "Sources"])
def test_what_other_programs_write_is_read(tmp_path: Path, folder: str) -> None:
    """As NVivo writes it: GUIDs in other case, a mark before the text, no `sources` of its own."""
    inside = f"{USERS}{BOOK}<Sources>{source(A, 'R1', selection(3, 6))}</Sources>"
    texts = {A.lower(): "\ufeffså lang tid".encode()}
    found = read_qdpx(written(tmp_path / "p.qdpx", inside, texts, folder=folder))
    assert [(c.label, c.definition, c.colour, c.codable, c.parent) for c in found.codes] == [
        ("Tid", "Om tid", "#ff0000", True, None),
        ("Ventetid", "", "", False, 0),
    ]
    assert found.codings == (ReadCoding(1, 0, 0, "Anna B", USER.lower(), (3, 6)),)
    assert spans(found) == ["lan"]
    assert (found.name, found.lost) == ("P", {})


def test_a_code_on_a_whole_text_is_one_however_it_is_said(tmp_path: Path) -> None:
    """As MAXQDA and others do: on the source itself, or from its first to its last letter."""
    coding = f'<Coding guid="c" creatingUser="{USER}"><CodeRef targetGUID="{CODE}"/></Coding>'
    inside = selection(1, 4) + selection(0, 5) + coding
    inside = f"{USERS}{BOOK}<Sources>{source(A, 'R1', inside)}</Sources>"
    found = read_qdpx(written(tmp_path / "p.qdpx", inside, {A: b" tid\n"}))
    assert [each.span for each in found.codings] == [None, None, None]


@pytest.mark.parametrize(
    ("origin", "start"), [("QualCoder 3", 6), ("ATLAS.ti Mac", 5), ("NVivo for Mac", 7)]
)
def test_each_program_counts_in_its_own_way(tmp_path: Path, origin: str, start: int) -> None:
    """A line break of two signs is one for ATLAS.ti; an emoji is two for NVivo."""
    inside = selection(start, start + 3) + selection(90, 99)
    inside = f"{USERS}{BOOK}<Sources>{source(A, 'R1', inside)}</Sources>"
    texts = {A: "Et 👍\r\ntid nu".encode()}
    found = read_qdpx(written(tmp_path / "p.qdpx", inside, texts, origin))
    assert found.sources[0].text == "Et 👍\ntid nu"
    assert found.codings[0].span == (5, 8)
    assert spans(found)[0] == "tid"
    assert found.codings[1].span == (-1, -1)


def test_what_there_is_no_place_for_is_counted(tmp_path: Path) -> None:
    inside = (
        f"{USERS}{BOOK}<Cases><Case guid='k' name='K'><CodeRef targetGUID='{CODE}'/></Case></Cases>"
        f"<Sources>{source(A, 'R1', selection(0, 1, 'unknown') + selection(0, 1))}"
        f"{source(B, 'R2')}<PictureSource guid='p'/>"
        f"<TextSource guid='i'><PlainTextContent>inde i</PlainTextContent>"
        "<PlainTextSelection guid='q' startPosition='0' endPosition='1'/></TextSource></Sources>"
        "<Notes><Note guid='n'/></Notes><Links><Link guid='l'/></Links>"
        "<Sets><Set guid='s'><MemberSource targetGUID='x'/></Set></Sets>"
        f"<NoteRef targetGUID='n'/>"
    )
    found = read_qdpx(written(tmp_path / "p.qdpx", inside, {A: b"tid"}))
    assert [each.text for each in found.sources] == ["tid", "inde i"]
    assert found.lost == {
        "sources": 2, "selections": 1, "codings": 1, "links": 1, "sets": 1, "notes": 1,
        "case_parts": 1,
    }  # fmt: skip


def note(guid: str, text: str, user: str = USER) -> str:
    inside = f"<PlainTextContent>{text}</PlainTextContent>"
    return f'<Note guid="{guid}" creatingUser="{user}">{inside}</Note>'


def ref(guid: str) -> str:
    return f'<NoteRef targetGUID="{guid.upper()}"/>'


LINES = "Om&#13;\ndet hele"
NOTES = f"<Notes>{note('n1', LINES)}{note('n2', 'Hvor tit?')}{note('n3', 'Stort')}"
NOTES += f"{note('n4', ' ')}{note('n5', 'Dagbog')}</Notes>"


def with_notes(path: Path, name: str, text: str, start: int, end: int, book: str = BOOK) -> Path:
    """Notes of a text, of a selection without a code, of a coding and a code, and of nothing."""
    place = f"startPosition='{start}' endPosition='{end}'"
    coding = f"<Coding guid='c'><CodeRef targetGUID='{CODE}'/>{ref('n2')}{ref('n2')}</Coding>"
    inside = (
        f"<PlainTextSelection guid='p' {place}>{ref('n1')}</PlainTextSelection>"
        f"<PlainTextSelection guid='q' creatingUser='{USER}' {place}>{coding}</PlainTextSelection>"
        f"{ref('n1')}{ref('n4')}{ref('none')}"
    )
    noted = book.replace("</Description>", f"</Description>{ref('n3')}", 1)
    everything = f"{USERS}{noted}<Sources>{source(A, name, inside)}</Sources>{NOTES}{ref('n5')}"
    return written(path, everything, {A: text.encode()})


def test_a_note_is_of_a_text_or_of_a_code_and_begins_with_what_was_selected(
    tmp_path: Path,
) -> None:
    """A blank note, and one that is of the project itself, are counted."""
    found = read_qdpx(with_notes(tmp_path / "p.qdpx", "R1", "så lang tid", 3, 7))
    by = "Anna B", USER.lower()
    assert set(found.notes) == {
        ReadNote(0, None, *by, "“lang”: Om\ndet hele"),
        ReadNote(0, None, *by, "“lang”: Hvor tit?"),
        ReadNote(None, 0, *by, "Stort"),
    }
    assert found.lost == {"notes": 2}


def test_cases_become_rows_with_their_values_and_texts(tmp_path: Path) -> None:
    """As NVivo and QualCoder tell it, code of its GUID and all; a text of none is alone."""
    value = f"<VariableValue><VariableRef targetGUID='{VAR}'/><BooleanValue>true</BooleanValue>"
    helper = f'<CodeBook><Codes><Code guid="k" name="Sag"><Code guid="{CODE}" name="Tid"/></Code>'
    inside = (
        f"{helper}</Codes></CodeBook><Variables><Variable guid='{VAR}' name='ID' "
        "typeOfVariable='Boolean'/></Variables>"
        f"<Cases><Case guid='k' name='Sag'>{value}</VariableValue><SourceRef targetGUID='{A}'/>"
        f"<SourceRef targetGUID='{B}'/></Case></Cases>"
        f"<Sources>{source(A, 'a', selection(0, 3, 'k'))}{source(B, 'b')}"
        "<TextSource guid='i' name='Sag'><PlainTextContent>c</PlainTextContent></TextSource>"
        "</Sources>"
    )
    found = read_qdpx(written(tmp_path / "p.qdpx", inside, {A: b"aaa", B: b"bbb"}))
    assert [(each.label, each.parent) for each in found.codes] == [("Tid", None)]
    assert (found.codings, found.lost) == ((), {})
    table = project_table(found)
    assert table.rows == (
        ("id", "ID (2)", "text", "text (2)"),
        ("Sag", "1", "aaa", "bbb"),
        ("Sag (2)", "", "c", ""),
    )


# --- what is refused ---------------------------------------------------------------------------

BOMB = '<!DOCTYPE x [<!ENTITY a "ha">]><Project>&a;</Project>'


@pytest.mark.parametrize(
    "parts",
    [
        {}, {"project.qde": ""}, {"project.qde": BOMB}, {"project.qde": "<CodeBook/>"},
        {"a.qde": "<Project/>", "b.qde": "<Project/>"}, {"project.qde": "<Project>" + "<x>" * 101},
    ],
)  # fmt: skip
def test_what_is_no_project_is_refused(tmp_path: Path, parts: dict[str, str]) -> None:
    with zipfile.ZipFile(tmp_path / "p.qdpx", "w") as made:
        for name, content in parts.items():
            made.writestr(name, content)
    with refused("file.unreadable", kind="REFI-QDA"):
        read_qdpx(tmp_path / "p.qdpx")


@pytest.mark.parametrize(
    "name", ["../x.txt", "/etc/x.txt", "sources/../../x.txt", "C:/x.txt", "..\\x.txt", "twice.txt"]
)
def test_names_that_lead_out_of_the_archive_are_refused(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "p.qdpx", "w") as made:
        made.writestr("project.qde", "<Project/>")
        made.writestr("twice.txt", "")
        if name == "twice.txt":
            with pytest.warns(UserWarning, match="Duplicate"):
                made.writestr(name, "")
        else:
            made.writestr(name, "")
    with refused("file.bad_archive"):
        read_qdpx(tmp_path / "p.qdpx")


def test_an_archive_that_unfolds_without_end_is_refused_whatever_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", 1_000)
    inside = f"<Sources>{source(A, 'a')}</Sources>"
    path = written(tmp_path / "p.qdpx", inside, {A: b"a" * 500, B: b"b" * 600})
    with refused("file.archive_unfolds"):
        read_qdpx(path)
    monkeypatch.setattr(archive, "MOST_BYTES", 10_000)
    assert len(read_qdpx(path).sources[0].text) == 500
    monkeypatch.setattr(archive, "MOST_FILES", 3)
    with refused("file.bad_archive"):
        read_qdpx(path)


def test_a_project_without_texts_has_nothing_to_code(tmp_path: Path) -> None:
    with refused("project.no_texts"):
        read_qdpx(written(tmp_path / "p.qdpx", BOOK, {}))
    with refused("file.missing"):
        read_qdpx(tmp_path / "none.qdpx")
    broken = f"<Sources>{source(A, 'a')}</Sources>"
    path = written(tmp_path / "p.qdpx", broken, {A: b"\xff"})
    with refused("file.unreadable", kind="UTF-8"):
        read_qdpx(path)


# --- what we write ourselves -------------------------------------------------------------------

ROWS = """nr;by;svar;alder;hvorfor;hvordan
R1;Ærø;1;40;Vi sparer 👩‍🚀 tid;
R2;;2;0.5;Det hjælper borgerne;Sådan
R3;Møn;;;Det hjælper borgerne;Sådan
R4;Møn;1;7;;"Én ting
og en til"
"""
FORM = """
title: Prøve
language: da
cases: {questions: [hvorfor, hvordan]}
questions:
  - {name: nr, kind: id}
  - {name: by, kind: background, label: By}
  - name: svar
    kind: single
    label: Svar
    options: [{code: 1, label: Ja}, {code: 2, label: Nej}]
  - {name: alder, kind: number, label: Alder}
  - {name: hvorfor, kind: open, label: Hvorfor?}
  - {name: hvordan, kind: open, label: Hvordan?}
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Two coders, a tree, codes on answers and on segments; only to be read."""
    folder = tmp_path_factory.mktemp("study")
    (folder / "rows.csv").write_text(ROWS, "utf-8")
    form = parse_questionnaire(FORM)
    made = Study.create(folder / "study.db", folder / "rows.csv", form)
    anna, bo = made.coder("Anna"), made.coder("Bo")
    for decision in (
        CreateCode("h", "Gevinst", codable=False),
        CreateCode("t", "Tid", "Om tid", "h"),
        CreateCode("b", "Borgere", parent="h"),
        ReviseCode("b", colour="#0b6e6e", include="alle"),
        ApplyCode("b", ("R2/hvorfor", "R3/hvorfor")),
        CodeSegment("t", "R1/hvorfor", 14, 17),
        CodeSegment("b", "R4/hvordan", 8, 17),
    ):
        made.decide(anna, decision)
    made.decide(bo, ApplyCode("t", ("R1/hvorfor", "R2/hvordan")))
    return made


@pytest.mark.parametrize("profile", get_args(Profile))
def test_another_library_reads_in_our_project_what_we_read(
    study: Study, tmp_path: Path, profile: Profile
) -> None:
    path = tmp_path / "out.qdpx"
    study.export(path, "qdpx", profile=profile, unpublished=True)
    ours, theirs = read_qdpx(path), RefiProject.load(path, tmp_path / "unpacked")
    users = {each.guid: each.name for each in theirs.users.user}
    top = theirs.code_book.codes.code
    labels = {each.guid: each.name for above in top for each in (above, *above.code)}
    given = []
    for each in theirs.sources.text_source:
        file = RefiProject.resolve_source_path(each.plain_text_path, tmp_path / "unpacked")
        text = file.read_text("utf-8")
        for one in each.plain_text_selection:
            (coding,) = one.coding
            if coding.creating_user:  # else it only tells whose text this is
                words = text[one.start_position : one.end_position]
                code = labels[coding.code_ref.target_guid]
                given.append((each.name, code, users[coding.creating_user], words))
    mine = [
        (ours.sources[c.source].name, ours.codes[c.code].label, c.coder, words.strip("[]"))
        for c, words in zip(ours.codings, spans(ours), strict=True)
    ]
    assert sorted(mine) == sorted(given)
    assert ("R1/hvorfor", "Tid", "Anna", "tid") in given
    assert ("R4/hvordan", "Borgere", "Anna", "og en til") in given
    assert len(given) == 6


@pytest.mark.parametrize("profile", get_args(Profile))
def test_a_project_that_goes_out_and_becomes_a_study_goes_out_the_same(
    study: Study, tmp_path: Path, profile: Profile
) -> None:
    """All but the GUIDs, which are those of another study."""
    first, second = tmp_path / "first.qdpx", tmp_path / "second.qdpx"
    study.export(first, "qdpx", profile=profile, unpublished=True)
    assert main(["import", str(tmp_path / "new.db"), str(first)]) == 0
    new = Study.open(tmp_path / "new.db")
    assert list(new.survey.answers.index) == list(study.survey.answers.index)
    assert new.questionnaire.question("hvordan").label == "Hvordan?"
    assert [each.label for each in new.questionnaire.question("svar").options] == ["Ja", "Nej"]
    new.export(second, "qdpx", profile=profile, unpublished=True)
    assert plain(read_qdpx(second)) == plain(read_qdpx(first))


def plain(project: Project) -> list[object]:
    """What a project says, without its GUIDs and its name."""
    names = {each.guid: each.name for each in project.variables}

    def told(values: Mapping[str, str]) -> dict[str, str]:
        return {names[guid]: value for guid, value in values.items()}

    codes = [(c.label, c.definition, c.colour, c.codable, c.parent) for c in project.codes]
    sources = [(s.name, s.text, s.description, told(s.values)) for s in project.sources]
    cases = [(c.name, c.sources, told(c.values)) for c in project.cases]
    codings = sorted((c.source, c.code, c.coder, c.span or (-1, -1)) for c in project.codings)
    return [codes, sources, cases, codings]


# --- into a study that has the answers ---------------------------------------------------------


@pytest.fixture
def own(study: Study, tmp_path: Path) -> Study:
    return Study.open(Path(shutil.copyfile(study.path, tmp_path / "own.db")))


def test_what_was_coded_further_elsewhere_comes_home(study: Study, own: Study) -> None:
    """A copy is coded on and renames nothing away: only what is new is taken, once."""
    path = own.path.with_suffix(".qdpx")
    ida = own.coder("Ida")
    own.decide(ida, CreateCode("n", "Nyt", parent="h"))
    own.decide(ida, ApplyCode("n", ("R4/hvordan",)))
    own.decide(ida, CodeSegment("b", "R1/hvorfor", 10, 13))  # the astronaut: three signs in one
    own.decide(ida, ReviseCode("t", label="Tidsforbrug"))
    own.export(path, "qdpx", unpublished=True)
    home = Study.open(Path(shutil.copyfile(study.path, own.path.with_name("home.db"))))
    before = home.state
    dry = home.import_project(path, dry_run=True)
    assert home.state == before
    assert (dry.codes, dry.codings, dry.there, dry.refusals) == (1, 2, 6, ())
    assert home.import_project(path) == dry
    state = home.state
    assert [each.label for each in state.codes.values()] == ["Gevinst", "Tid", "Borgere", "Nyt"]
    names = {who: name for who, name in state.coders.items()}
    mine = {(a, state.codes[c].label) for (w, a), cs in state.codings.items() for c in cs
            if names[w] == "Ida"}  # fmt: skip
    assert mine == {("R4/hvordan", "Nyt"), ("R1/hvorfor", "Borgere")}
    assert [s for (w, _, _), s in state.spans.items() if names[w] == "Ida"] == [((10, 13),)]
    again = home.import_project(path)
    assert (again.codes, again.codings, again.there) == (0, 0, 8)
    assert home.state.no == state.no


def test_what_cannot_be_taken_is_told_and_the_rest_is_taken(
    own: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without our GUIDs the words decide, then the name and the question."""
    more = selection(0, 2, "w") + selection(0, 2, "y") + selection(3, 9, user="")
    inside = (
        f'{USERS}<CodeBook><Codes><Code guid="{CODE}" name="tid"/><Code guid="x" name="Gevinst"/>'
        f'<Code guid="y" name=" "/><Code guid="z" name="Ny"><Code guid="w" name="NY"/></Code>'
        "</Codes></CodeBook>"
        f"<Sources>{source('a', 'R2', selection(4, 11) + selection(4, 99) + selection(0, 20, 'x'))}"
        f"{source('b', 'sag 9', selection(0, 5))}{source('c', 'R9', selection(0, 3, 'z'))}"
        f"{source('d', 'R1', more)}"
        "</Sources>"
    )
    texts = {"a": "Det hjælper borgerne", "b": "Sådan", "c": "Noget helt andet"}
    texts |= {"d": "Vi sparer 👩‍🚀 tid\n"}
    path = written(tmp_path / "p.qdpx", inside, {k: v.encode() for k, v in texts.items()})
    assert main(["import-codings", str(own.path), str(path)]) == 0
    said, tell = capsys.readouterr().err.splitlines(), load_texts("da")
    assert said == [
        tell("project.several_answers", name="sag 9", count=1),
        tell("project.no_answer", name="R9", count=1),
        tell("project.bad_span", no=2, answer="R2/hvorfor"),
        tell("project.no_label", no=3),
        tell("project.heading", no=3, answer="R2/hvorfor", code="Gevinst"),
        tell("project.no_code", no=7, answer="R1/hvorfor", code=" "),
        tell("project.no_coder", no=8, answer="R1/hvorfor", code="tid"),
        tell("cli.project.refused", count=7),
        tell("cli.project.done", codes=2, codings=2, coders="Anna B"),
    ]
    state = own.state
    who = own.coder("Anna B")
    assert state.spans == study_spans(state, who) | {
        (who, "R2/hvorfor", "t"): ((4, 11),),
        (who, "R1/hvorfor", next(c for c in state.codes if state.codes[c].label == "NY (Ny)")): (
            (0, 2),
        ),
    }


def study_spans(state: State, who: str) -> dict[tuple[str, str, str], Spans]:
    """The segments of all others."""
    return {key: spans for key, spans in state.spans.items() if key[0] != who}


def test_notes_become_the_memos_of_their_coder_and_of_new_codes(
    own: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A memo that is here stays as it is; a file that comes twice changes nothing then."""
    path = with_notes(tmp_path / "p.qdpx", "R1", "Vi sparer 👩‍🚀 tid", 14, 17)
    tell = load_texts("da")
    assert main(["import-codings", str(own.path), str(path), "--coder", "Eva"]) == 0
    assert tell("cli.project.notes", count=3) in capsys.readouterr().err
    study = Study.open(own.path)
    anna_b = study.coder("Anna B")
    assert study.state.memos[anna_b, "R1/hvorfor"] == "“tid”: Om\ndet hele\n\n“tid”: Hvor tit?"
    assert study.state.codes["t"].memo == "Stort"
    again = study.import_project(path, "Eva")
    assert (again.codings, again.notes, again.lost) == (0, 0, {"notes": 2})
    study.decide(anna_b, WriteMemo("R1/hvorfor", "Mit eget"))
    again = study.import_project(path, "Eva")
    assert study.state.memos[anna_b, "R1/hvorfor"] == "Mit eget"
    assert (again.notes, again.lost) == (0, {"notes": 4})


def test_memos_that_go_out_come_home_as_they_were(study: Study, own: Study) -> None:
    anna, ida = own.coder("Anna"), own.coder("Ida")
    own.decide(anna, WriteMemo("R2/hvordan", "Tvivl:\n\n- måske 👍"))
    own.decide(ida, WriteMemo("R2/hvordan", "Enig"))
    own.decide(anna, ReviseCode("t", memo="Se igen\nsenere"))
    path = own.path.with_suffix(".qdpx")
    assert own.export(path, "qdpx", unpublished=True).lost == {"breaks": 1, "characters": 1}
    home = Study.open(Path(shutil.copyfile(study.path, own.path.with_name("home.db"))))
    taken = home.import_project(path)
    assert (taken.notes, taken.codings, taken.lost) == (3, 0, {})
    names = home.state.coders
    memos = {(names[who], answer): text for (who, answer), text in home.state.memos.items()}
    assert memos == {
        ("Anna", "R2/hvordan"): "Tvivl:\n\n- måske 👍", ("Ida", "R2/hvordan"): "Enig",
    }  # fmt: skip
    assert home.state.codes["t"].memo == "Se igen\nsenere"
    layer = own.layer("Ida").export(path, "qdpx", unpublished=True)
    assert layer.lost["memos"] == 1
    assert [each.text for each in read_qdpx(path).notes if each.source is not None] == ["Enig"]


def test_a_coding_here_is_never_narrowed_nor_given_twice(own: Study, tmp_path: Path) -> None:
    anna = own.coder("Anna")
    users = f'<Users><User guid="{USER}" name="anna"/></Users>'
    text = source("a", "R3", selection(0, 3, "b") + 2 * selection(4, 9, "q"))
    book = '<CodeBook><Codes><Code guid="b" name="Borgere"/><Code guid="q" name="Q"/></Codes>'
    inside = f"{users}{book}</CodeBook><Sources>{text}</Sources>"
    path = written(tmp_path / "p.qdpx", inside, {"a": "Det hjælper borgerne".encode()})
    taken = own.import_project(path)
    assert (taken.codes, taken.codings, taken.there) == (1, 1, 2)
    assert (anna, "R3/hvorfor", "b") not in own.state.spans
    assert "b" in own.state.codings[anna, "R3/hvorfor"]


def test_a_file_that_names_nobody_needs_somebody(own: Study, tmp_path: Path) -> None:
    inside = f"{BOOK}<Sources>{source(A, 'R1', selection(0, 2, user=''))}</Sources>"
    path = written(tmp_path / "p.qdpx", inside, {A: "Vi sparer 👩‍🚀 tid".encode()})
    before = own.state
    with refused("project.nobody"):
        own.import_project(path)
    assert own.state == before
    taken = own.import_project(path, "Eva")
    assert (taken.codings, taken.coders) == (1, ("Eva",))
