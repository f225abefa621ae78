"""A study as a REFI-QDA project, ``.qdpx``, laid out so that it really opens elsewhere.

The standard leaves much open, and importers differ. So texts have no byte order mark, no line
breaks and no character beyond U+FFFF: then every way to count positions gives the same. Each
coding has a selection of its own. Variables stand in one place only: on cases (NVivo, QualCoder)
or on documents (MAXQDA, ATLAS.ti).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Literal
from xml.etree.ElementTree import Element

import pandas as pd

from coder.files import replacing
from coder.model import Code, Coding
from coder.report.coded import OURS, Coded, coded
from coder.report.leaving import Leaving
from coder.report.plain_files import check_ending
from coder.report.refi import (
    as_bytes,
    code_elements,
    element,
    guid,
    legal,
    one_line,
    text_element,
    unique_names,
)
from coder.report.spss import option_numbers

Profile = Literal["cases", "documents"]
NAMESPACE = "urn:QDA-XML:project:1.0"
_BREAKS = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_UNKNOWN = "\ufffd"
_Kind = Literal["Text", "Boolean", "Integer", "Float"]
_Ids = Callable[[str, str], str]  # the GUID of something in this study, by kind and id
_MOST_NAME = 64


@dataclass(frozen=True)
class _Variable:
    """A variable of the project, and what it says of each answer, as text; missing: nothing."""

    guid: str
    name: str
    kind: _Kind
    values: pd.Series


@dataclass(frozen=True)
class _Note:
    """A memo: its GUID, what it is about, what it says and the coder; empty: nobody is named."""

    guid: str
    name: str
    text: str
    coder: str


def write_qdpx(
    path: Path, leaving: Leaving, profile: Profile, at: datetime, words: Mapping[str, str]
) -> dict[str, int]:
    """Write the project, whole or not at all; returns what it could not hold (see ``losses``).

    at : when everything was made; the format wants a time for each coding. words : as
    ``refi.description`` takes them, and ``agreed``: who decided what coders agree on.
    """
    check_ending(path, ".qdpx")
    texts = {a: as_told(text) for a, text in leaving.survey.answers["text"].items()}
    stamp = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    ids = partial(in_study, leaving.project)
    project = _project(leaving, profile, stamp, words, ids)
    with replacing(path) as draft, zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_entry("project.qde"), as_bytes(project))
        for answer, (text, _) in texts.items():
            archive.writestr(_entry(f"sources/{ids('answer', answer)}.txt"), text.encode())
        for note in _noted(leaving, ids):
            archive.writestr(_entry(f"sources/{note.guid}.txt"), _as_note(note.text).encode())
    return losses(leaving)


def losses(leaving: Leaving) -> dict[str, int]:
    """How many answers are written otherwise than they are or lose something, by what it is."""
    answers = leaving.survey.answers
    texts = answers["text"]
    found = {
        "breaks": int(texts.str.contains(_BREAKS.pattern).sum()),
        "characters": sum(as_told(text)[0] != _BREAKS.sub(" ", text) for text in texts),
        "elaborations": int(answers["elaboration"].notna().sum()),
    }
    return {name: count for name, count in found.items() if count}


def in_study(study: str, kind: str, id: str) -> str:
    """The GUID of what is called so in this study: an R017 of another is somebody else."""
    return guid(kind, f"{study}:{id}")


def _entry(name: str) -> zipfile.ZipInfo:
    """A file in the archive; without the time, so that the same study gives the same file."""
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def as_told(text: str) -> tuple[str, list[int]]:
    """A text as it stands in the project, and for each place in the text the place there."""
    made: list[str] = []
    places: list[int] = []
    for no, sign in enumerate(text):
        places.append(len(made))
        if _BREAKS.fullmatch(sign):
            if not (sign == "\r" and text[no + 1 : no + 2] == "\n"):
                made.append(" ")
        elif ord(sign) > 0xFFFF:
            made.append(_UNKNOWN)
        elif legal(sign):
            made.append(sign)
    return "".join(made), [*places, len(made)]


# --- the project -------------------------------------------------------------------------------


def _project(
    leaving: Leaving, profile: Profile, stamp: str, words: Mapping[str, str], ids: _Ids
) -> Element:
    table = coded(leaving.survey)
    variables = list(_variables(table, ids))
    cases = leaving.survey.answers["case"].drop_duplicates() if profile == "cases" else []
    coders = {each.coder for each in leaving.codings} | {who for who, _ in leaving.memos}
    users = [
        element("User", {"guid": guid("coder", who), "name": name})
        for who, name in {**leaving.coders, "": words["agreed"]}.items()
        if who in coders
    ]
    codes = [*code_elements(leaving.codes, words, notes=True), *_helpers(leaving.codes, cases, ids)]
    book = element("CodeBook", {}, element("Codes", {}, *codes)) if codes else None
    attributes = {
        "xmlns": NAMESPACE,
        "name": one_line(leaving.survey.questionnaire.title) or "Coder",
        "origin": "Coder",
        "creationDateTime": stamp,
    }
    return element(
        "Project",
        attributes,
        _list("Users", users),
        book,
        _list("Variables", [_declared(each) for each in variables]),
        _list("Cases", [_case(leaving, case, variables, ids) for case in cases]),
        _list("Sources", list(_sources(leaving, profile, variables, stamp, ids))),
        _list("Notes", [_note(each, stamp) for each in _noted(leaving, ids)]),
    )


def _list(tag: str, inside: Sequence[Element]) -> Element | None:
    """The standard has no empty lists."""
    return element(tag, {}, *inside) if inside else None


def _helpers(codes: Sequence[Code], cases: Sequence[str], ids: _Ids) -> Iterator[Element]:
    """A code with the GUID of each case: by it importers find the text that a case is about."""
    taken = {name.casefold() for name in unique_names(codes).values()}
    for case in cases:
        name = one_line(case)
        while name.casefold() in taken:
            name += "_"
        taken.add(name.casefold())
        yield element("Code", {"guid": ids("case", case), "name": name, "isCodable": "true"})


# --- notes -------------------------------------------------------------------------------------


def _noted(leaving: Leaving, ids: _Ids) -> Iterator[_Note]:
    """The memos of codes, and those of answers."""
    for code in leaving.codes:
        if code.memo.strip():
            yield _Note(guid("memo", code.id), one_line(code.label), code.memo, "")
    for (coder, answer), text in leaving.memos.items():
        yield _Note(_memo_guid(coder, answer, ids), one_line(answer), text, coder)


def _memo_guid(coder: str, answer: str, ids: _Ids) -> str:
    return ids("memo", f"{coder}:{answer}")


def _note(note: _Note, stamp: str) -> Element:
    by = {"creatingUser": guid("coder", note.coder), "creationDateTime": stamp}
    attributes = {
        "guid": note.guid,
        "name": note.name,
        **(by if note.coder else {}),
        "plainTextPath": f"internal://{note.guid}.txt",
    }
    return element("Note", attributes)


def _as_note(text: str) -> str:
    """A memo as a text of its own: nobody counts positions in it, so its lines may stay."""
    return legal(_BREAKS.sub("\n", text))


# --- variables ---------------------------------------------------------------------------------


def _variables(table: Coded, ids: _Ids) -> Iterator[_Variable]:
    """Every closed column; of options both the number and what it is called."""
    answers = table.rows["answer"]
    taken: set[str] = set()

    def made(name: str, kind: _Kind, values: pd.Series) -> _Variable:
        given = _name(name, taken)
        return _Variable(ids("variable", given), given, kind, values.set_axis(answers))

    for column in table.columns[len(OURS) :]:
        values = table.rows[column.name]
        if column.kind == "options":
            numbers = option_numbers(column.options)
            whole = all(number.is_integer() for number in numbers.values())
            coded = values.map(numbers).map(_decimal, na_action="ignore")
            yield made(column.name, "Integer" if whole else "Float", coded)
            labels = {option.code: one_line(option.label) for option in column.options}
            yield made(f"{column.name[:58]}_label", "Text", values.map(labels))
        elif column.kind == "tick":
            yield made(column.name, "Boolean", values.map({"1": "true", "0": "false"}))
        elif column.kind == "number":
            yield made(column.name, "Float", values.map(_decimal, na_action="ignore"))
        else:
            yield made(column.name, "Text", values.map(one_line, na_action="ignore"))


def _name(name: str, taken: set[str]) -> str:
    """A name that no other has, of at most 64 characters."""
    plain = one_line(name) or "?"
    found, no = plain[:_MOST_NAME], 1
    while found.casefold() in taken:
        no += 1
        found = f"{plain[: _MOST_NAME - 6]}_{no}"
    taken.add(found.casefold())
    return found


def _decimal(value: float) -> str:
    """A number without an exponent."""
    return f"{Decimal(int(value)) if value == int(value) else Decimal(repr(float(value))):f}"


def _declared(variable: _Variable) -> Element:
    attributes = {"guid": variable.guid, "name": variable.name, "typeOfVariable": variable.kind}
    return element("Variable", attributes)


def _values(variables: Sequence[_Variable], answer: str) -> Iterator[Element]:
    for each in variables:
        value = each.values[answer]
        if isinstance(value, str) and value:
            told = text_element(f"{each.kind}Value", value)
            yield element("VariableValue", {}, _ref("VariableRef", each.guid), told)


def _ref(tag: str, target: str) -> Element:
    return element(tag, {"targetGUID": target})


# --- cases and sources -------------------------------------------------------------------------


def _case(leaving: Leaving, case: str, variables: Sequence[_Variable], ids: _Ids) -> Element:
    answers = leaving.survey.answers
    own = answers.index[answers["case"] == case]
    refs = [_ref("SourceRef", ids("answer", answer)) for answer in own]
    attributes = {"guid": ids("case", case), "name": one_line(case)}
    return element("Case", attributes, *_values(variables, own[0]), *refs)


def _sources(
    leaving: Leaving, profile: Profile, variables: Sequence[_Variable], stamp: str, ids: _Ids
) -> Iterator[Element]:
    """A text for each answer, with its codings, and in profile cases the one that is its case."""
    by_answer: dict[str, list[Coding]] = {}
    for each in leaving.codings:
        by_answer.setdefault(each.answer, []).append(each)
    for answer, row in leaving.survey.answers.iterrows():
        text, places = as_told(row["text"])
        selections = [
            _selection(coding, places[start], places[end], text, stamp, ids)
            for coding in by_answer.get(str(answer), [])
            for start, end in (coding.spans or ((0, len(row["text"])),))
        ]
        if profile == "cases":
            selections.append(_case_selection(str(answer), row["case"], len(text), stamp, ids))
        told = _values(variables, str(answer)) if profile == "documents" else ()
        notes = [
            _ref("NoteRef", _memo_guid(coder, about, ids))
            for coder, about in leaving.memos
            if about == answer
        ]
        source = ids("answer", str(answer))
        attributes = {
            "guid": source,
            "name": one_line(str(answer)),
            "plainTextPath": f"internal://{source}.txt",
            "creationDateTime": stamp,
        }
        question = leaving.survey.questionnaire.question(row["question"]).label
        description = text_element("Description", question)
        yield element("TextSource", attributes, description, *selections, *notes, *told)


def _selection(coding: Coding, start: int, end: int, text: str, stamp: str, ids: _Ids) -> Element:
    by = {"creatingUser": guid("coder", coding.coder), "creationDateTime": stamp}
    id = f"{coding.answer}:{coding.code}:{coding.coder}:{start}:{end}"
    name = {"name": one_line(text[start:end])[:_MOST_NAME]}
    return _coded(id, start, end, guid("code", coding.code), by, name, ids)


def _case_selection(answer: str, case: str, end: int, stamp: str, ids: _Ids) -> Element:
    by = {"creationDateTime": stamp}
    return _coded(f"case:{answer}", 0, end, ids("case", case), by, {"name": one_line(case)}, ids)


def _coded(
    id: str,
    start: int,
    end: int,
    code: str,
    by: Mapping[str, str],
    name: Mapping[str, str],
    ids: _Ids,
) -> Element:
    coding = element("Coding", {"guid": ids("coding", id), **by}, _ref("CodeRef", code))
    place = {"startPosition": str(start), "endPosition": str(end)}
    return element(
        "PlainTextSelection", {"guid": ids("selection", id), **name, **place, **by}, coding
    )
