"""REFI-QDA projects: in the order of the standard, every reference to something, every span right.

Each quirk that importers are known to have is a test of what is written.
"""

from __future__ import annotations

import re
import uuid
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from coder.model import Code, Coding, Survey
from coder.report.consent import permitted
from coder.report.leaving import Leaving, may_leave
from coder.report.qdpx import Profile, write_qdpx
from coder.study import Study
from coder.survey.questionnaire import parse_questionnaire
from tests.fixtures import refused, survey_of

Q = "{urn:QDA-XML:project:1.0}"
WORDS = {name: name for name in ("include", "exclude", "examples", "retired", "agreed")}
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
TEXTS = ["En 👩‍🚀 i rummet\r\nog\nhjem", "æøå\x07 lyd", "kort", "Et\u2028to"]
# What may stand in an element, in this order; the standard has sequences.
ORDER = {
    "Project": ["Users", "CodeBook", "Variables", "Cases", "Sources", "Notes"],
    "Code": ["Description", "NoteRef", "Code"],
    "Case": ["VariableValue", "SourceRef"],
    "TextSource": ["Description", "PlainTextSelection", "NoteRef", "VariableValue"],
    "PlainTextSelection": ["Coding"],
    "Coding": ["CodeRef"],
    "VariableValue": ["VariableRef", "TextValue", "BooleanValue", "IntegerValue", "FloatValue"],
}
CODES = [
    Code("a", "Økonomi", "Penge", colour="#0b6e6e", memo="Husk\ndet"),
    Code("b", "Andet", parent="a"),
    Code("h", "R001", codable=False),
]


@pytest.fixture(scope="module")
def survey() -> Survey:
    questionnaire = parse_questionnaire(
        """
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
    )
    rows = [
        {"nr": str(no), "by": "Ærø", "svar": "2", "alder": "0.00001", "hvorfor": text}
        for no, text in enumerate(TEXTS)
    ]
    rows[2] |= {"by": None, "svar": None, "hvordan": "Sådan"}
    return survey_of(rows, questionnaire)


@pytest.fixture(scope="module")
def leaving(survey: Survey) -> Leaving:
    first, second, *_ = survey.answers.index
    end = len(TEXTS[0])
    codings = [
        Coding(first, "a", "k"), Coding(first, "b", "k", ((3, 8), (end - 4, end))),
        Coding(first, "a", "l"), Coding(second, "b", "l"),
    ]  # fmt: skip
    found = may_leave(survey, CODES, codings, {"k": "Anna", "l": "Bo"}, unpublished=True)
    return replace(found, memos={("k", first): "Tvivl\r\nom det 👍", ("l", first): "Enig"})


@pytest.fixture(scope="module", params=get_args(Profile))
def project(
    request: pytest.FixtureRequest, leaving: Leaving, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Profile, Element, dict[str, bytes]]:
    path = tmp_path_factory.mktemp("out") / "out.qdpx"
    write_qdpx(path, leaving, request.param, AT, WORDS)
    return request.param, *opened(path)


def opened(path: Path) -> tuple[Element, dict[str, bytes]]:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return ElementTree.fromstring(parts.pop("project.qde")), parts


Project = tuple[Profile, Element, dict[str, bytes]]


def test_elements_stand_in_the_order_of_the_standard(project: Project) -> None:
    _, root, _ = project
    seen = set()
    for each in root.iter():
        name = each.tag.removeprefix(Q)
        inside = [child.tag.removeprefix(Q) for child in each]
        if name in ORDER:
            seen.add(name)
            assert inside == sorted(inside, key=ORDER[name].index)
        elif name in ("Users", "Codes", "Variables", "Cases", "Sources", "Notes"):
            assert inside  # an empty list is not allowed
    assert seen == set(ORDER) - ({"Case"} if project[0] == "documents" else set())


def test_every_reference_is_to_something_of_that_kind(project: Project) -> None:
    _, root, parts = project
    there = {
        kind: {each.get("guid") for each in root.iter(Q + kind)}
        for kind in ("User", "Code", "Variable", "TextSource", "Note")
    }
    kinds = {
        "CodeRef": "Code",
        "VariableRef": "Variable",
        "SourceRef": "TextSource",
        "NoteRef": "Note",
    }
    for tag, kind in kinds.items():
        targets = {each.get("targetGUID") for each in root.iter(Q + tag)}
        assert targets <= there[kind]
        assert targets or (tag, project[0]) == ("SourceRef", "documents")
    users = {each.get("creatingUser") for each in root.iter()} - {None}
    assert users == there["User"]
    paths = {each.get("plainTextPath", "") for each in root.iter()} - {""}
    assert {f"sources/{each.removeprefix('internal://')}" for each in paths} == set(parts)


def test_guids_are_valid_and_only_a_case_shares_its_own(project: Project) -> None:
    profile, root, _ = project
    guids = [each.get("guid") or "" for each in root.iter() if each.get("guid")]
    assert all(str(uuid.UUID(each)) == each for each in guids)
    twice = {each for each in guids if guids.count(each) > 1}
    assert twice == {each.get("guid") for each in root.iter(Q + "Case")}
    assert bool(twice) == (profile == "cases")


def test_texts_count_alike_for_everyone(project: Project) -> None:
    """No mark at the start, no carriage return, no line break, one code unit for each character."""
    _, root, parts = project
    for source in root.iter(Q + "TextSource"):
        content = parts[f"sources/{source.get('guid')}.txt"]
        text = content.decode("utf-8")
        assert not content.startswith(b"\xef\xbb\xbf")
        assert not re.search("[\r\n\x00-\x08\x85\u2028\u2029]", text)
        assert len(text.encode("utf-16-le")) == 2 * len(text)


def test_every_span_is_the_text_that_was_coded(project: Project, leaving: Leaving) -> None:
    _, root, parts = project
    found = []
    names = {
        each.get("guid"): each.get("name")
        for each in [*root.iter(Q + "Code"), *root.iter(Q + "User")]
    }
    for source in root.iter(Q + "TextSource"):
        text = parts[f"sources/{source.get('guid')}.txt"].decode()
        for each in source.iter(Q + "PlainTextSelection"):
            start, end = int(each.get("startPosition") or ""), int(each.get("endPosition") or "")
            assert 0 <= start < end <= len(text)
            (coding,) = each
            code = names[coding[0].get("targetGUID")]
            if coding.get("creatingUser"):
                who = names[coding.get("creatingUser")]
                found.append((source.get("name"), code, who, text[start:end]))
    first, second, *_ = leaving.survey.answers.index
    whole = "En \ufffd\u200d\ufffd i rummet og hjem"
    assert sorted(found) == sorted([
        (first, "Økonomi", "Anna", whole), (first, "Andet", "Anna", "\ufffd\u200d\ufffd i"),
        (first, "Andet", "Anna", "hjem"), (first, "Økonomi", "Bo", whole),
        (second, "Andet", "Bo", "æøå lyd"),
    ])  # fmt: skip


def test_memos_are_notes_of_their_code_or_answer_and_coder(project: Project) -> None:
    """They may have lines and every sign: nobody counts positions in them."""
    _, root, parts = project
    users = {each.get("guid"): each.get("name") for each in root.iter(Q + "User")}
    notes = {each.get("guid"): each for each in root.iter(Q + "Note")}
    found = []
    for above in root.iter():
        for ref in above.findall(Q + "NoteRef"):
            note = notes[ref.get("targetGUID")]
            text = parts[f"sources/{note.get('guid')}.txt"].decode()
            found.append((above.get("name"), users.get(note.get("creatingUser")), text))
    first = next(iter(root.iter(Q + "TextSource"))).get("name")
    assert sorted(found, key=str) == sorted([
        ("Økonomi", None, "Husk\ndet"), (first, "Anna", "Tvivl\nom det 👍"), (first, "Bo", "Enig"),
    ], key=str)  # fmt: skip
    assert len(found) == len(notes)


def test_no_coding_stands_on_a_source_itself(project: Project) -> None:
    """Importers lose a code that is on a source as a whole, and crash on a text inside the XML."""
    _, root, _ = project
    for source in root.iter(Q + "TextSource"):
        assert not source.findall(Q + "Coding")
        assert source.get("plainTextPath")
        assert not source.findall(Q + "PlainTextContent")


def test_names_are_unique_whatever_the_branch(project: Project) -> None:
    _, root, _ = project
    for kind in ("Code", "Variable", "TextSource", "Case"):
        names = [(each.get("name") or "").casefold() for each in root.iter(Q + kind)]
        assert len(set(names)) == len(names)
    assert all(len(each.get("name") or "") <= 64 for each in root.iter(Q + "Variable"))


def test_variables_stand_in_one_place_and_missing_ones_nowhere(project: Project) -> None:
    profile, root, _ = project
    on = {
        kind: [len(each.findall(Q + "VariableValue")) for each in root.iter(Q + kind)]
        for kind in ("Case", "TextSource")
    }
    if profile == "cases":
        assert on == {"Case": [4, 4, 1, 4], "TextSource": [0] * 5}
    else:
        assert on == {"Case": [], "TextSource": [4, 4, 1, 4, 1]}
    values = {
        each.tag.removeprefix(Q): each.text
        for each in root.iter()
        if each.tag.endswith("Value") and each.text
    }
    assert values == {"TextValue": "Nej", "IntegerValue": "2", "FloatValue": "0.00001"}
    kinds = {each.get("name"): each.get("typeOfVariable") for each in root.iter(Q + "Variable")}
    assert kinds == {"by": "Text", "svar": "Integer", "svar_label": "Text", "alder": "Float"}


def test_a_case_is_joined_to_its_texts_by_a_code_of_its_guid(project: Project) -> None:
    profile, root, parts = project
    codes = {each.get("guid") for each in root.iter(Q + "Code")}
    sources = {each.get("guid"): each for each in root.iter(Q + "TextSource")}
    for case in root.iter(Q + "Case"):
        assert case.get("guid") in codes
        for ref in case.findall(Q + "SourceRef"):
            source = sources[ref.get("targetGUID")]
            text = parts[f"sources/{source.get('guid')}.txt"].decode()
            whole = [
                (each.get("startPosition"), each.get("endPosition"))
                for each in source.iter(Q + "PlainTextSelection")
                if each[0][0].get("targetGUID") == case.get("guid")
            ]
            assert whole == [("0", str(len(text)))]
    assert len(list(root.iter(Q + "Case"))) == (4 if profile == "cases" else 0)


def test_times_are_in_utc_and_users_are_the_coders(project: Project) -> None:
    _, root, _ = project
    times = {each.get("creationDateTime") for each in root.iter()} - {None}
    assert times == {"2026-03-02T09:00:00Z"}
    assert [each.get("name") for each in root.iter(Q + "User")] == ["Anna", "Bo"]


def test_what_could_not_be_held_is_counted(leaving: Leaving, tmp_path: Path) -> None:
    lost = write_qdpx(tmp_path / "out.qdpx", leaving, "cases", AT, WORDS)
    assert lost == {"breaks": 2, "characters": 2}


def test_the_same_study_gives_the_same_file(leaving: Leaving, tmp_path: Path) -> None:
    for name in ("a.qdpx", "b.qdpx"):
        write_qdpx(tmp_path / name, leaving, "documents", AT, WORDS)
    assert (tmp_path / "a.qdpx").read_bytes() == (tmp_path / "b.qdpx").read_bytes()


def test_a_study_without_codes_has_no_empty_lists(survey: Survey, tmp_path: Path) -> None:
    bare = may_leave(survey, [], [], {}, unpublished=True)
    write_qdpx(tmp_path / "out.qdpx", bare, "documents", AT, WORDS)
    root, _ = opened(tmp_path / "out.qdpx")
    assert [each.tag.removeprefix(Q) for each in root] == ["Variables", "Sources"]


def test_only_what_is_permitted_is_in_the_demos_project(demo: Study, tmp_path: Path) -> None:
    exported = demo.export(tmp_path / "out.qdpx", "qdpx")
    root, parts = opened(tmp_path / "out.qdpx")
    answers, allowed = demo.survey.answers, permitted(demo.survey)
    sources = {each.get("name") for each in root.iter(Q + "TextSource")}
    assert sources == set(answers.index[answers["respondent"].isin(allowed)])
    assert len(parts) == exported.rows == 134
    coded = [each for each in root.iter(Q + "Coding") if each.get("creatingUser")]
    given = [each for each in demo.state.all_codings() if each.answer in sources]
    assert len(coded) == len(given)
    with refused("export.wrong_ending"):
        demo.export(tmp_path / "out.zip", "qdpx")
