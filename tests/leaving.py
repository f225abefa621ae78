"""A small study with everything in it that must not leave, and how a file is searched for it."""

from __future__ import annotations

import html
import io
import json
import zipfile
from pathlib import Path

import pandas as pd
import pyreadstat

from coder.model import (
    AddCoder,
    ApplyCode,
    CodeSegment,
    CreateCode,
    MarkAnswers,
    ReviseCode,
    Settle,
    WriteMemo,
)
from coder.study import Study
from coder.survey.questionnaire import parse_questionnaire

_OPTIONS = "options: [{code: 1, label: Ja}, {code: 2, label: Nej}]"
QUESTIONNAIRE = """
title: En lille undersøgelse
language: da
organisation: kommune
cases: {questions: [varig, hvad]}
questions:
  - {name: nr, kind: id}
  - {name: kommune, kind: background, label: Kommune}
  - {name: navn, kind: background, label: Navn}
  - name: rolle
    kind: background
    label: Rolle
    options: [{code: 1, label: Chef}, {code: 2, label: Leder}]
CONSENT
  - {name: alder, kind: number, label: Alder}
  - name: varig
    kind: single
    label: Er det varigt?
    scale: descending
    options: [{code: 1, label: Ja}, {code: 2, label: Delvist}, {code: 3, label: Nej}]
  - {name: hvad, kind: open, label: Hvad gjorde I?, elaboration: uddybet}
"""
_CONSENT = f"  - {{name: samtykke, kind: consent, permits: [1], {_OPTIONS}}}"
RECIPE = """
name: Vigtighed
threshold: 0.4
most_dont_know: 1
dimensions:
  - {name: potentiale, label: {da: Potentiale, en: Potential}, items: [{item: varig}]}
"""
# What nobody has permitted: of one who refused, and of one who did not answer.
REFUSED = ("Bådehavnen måtte ingen vide om", "=HYPERLINK(1)&cmd", "Strandgåsen 14")
UNANSWERED = ("Telefonsluse for døgnvagten",)
# Personal data in answers that may be published.
PERSONAL = ("20 41 00 00", "asbjorn@holgersen.example", "Asbjørn Vinterkær Holgersen")
FORMULA = "=SUM(1;1) er hele svaret"
NAMES = tuple(f"Prip Skovgaard {letter}" for letter in "ABCDEFGHIJKL")  # of respondents
PLACES = ("Vesterkøbing", "Nørrebyvig", "Sønderhalling")
QUOTED = "Vi gik lange gåture ved åen med dem, der savnede selskab i foråret."
_TEXTS = (
    f"Vi ringede til alle. Skriv til Asbjørn Vinterkær Holgersen, telefon {PERSONAL[0]}.",
    f"Vi gik ture i skoven. Mail: {PERSONAL[1]}",
    FORMULA,
    "Videomøder hver uge.\r\nOgså om aftenen.",
    'Gåture; "to og to"',
    "'=apostrof og 🦆",
    "Videomøder med de pårørende",
    QUOTED,
    "Videomøder og gåture",
    "Vi ringede rundt",
    f"{REFUSED[0]}, og derfor sagde vi det ikke til nogen af de andre.",
    f"{UNANSWERED[0]} og gåture for dem, der helst ville ud i det fri.",
)


def rows(consent: bool = True) -> pd.DataFrame:
    """The file: twelve who answered and one who did not."""
    table = pd.DataFrame(
        {
            "nr": [f"Q{no:03d}" for no in range(1, 13)],
            "kommune": [PLACES[0]] * 8 + [PLACES[1]] * 3 + [PLACES[2]],
            "navn": NAMES,
            "rolle": ["1", "2"] * 6,
            "samtykke": ["1"] * 10 + ["2", None],
            "alder": ["41.5"] * 12,
            "varig": ["1", "2", "3"] * 4,
            "hvad": _TEXTS,
            "uddybet": [None] * 10 + [f"{REFUSED[1]} {REFUSED[2]}", None],
        }
    )
    away = pd.DataFrame({"nr": ["Q013"], "kommune": [PLACES[2]], "navn": ["Borte Person"]})
    whole = pd.concat([table, away], ignore_index=True).astype("str")
    return whole if consent else whole.drop(columns="samtykke")


def coded_study(path: Path, consent: bool = True) -> Study:
    """The study, coded by two; what they wrote for themselves is not to leave either."""
    form = QUESTIONNAIRE.replace("CONSENT", _CONSENT if consent else "")
    study = Study.create_from(path, rows(consent), parse_questionnaire(form), RECIPE)
    answers = study.survey.answers.index.tolist()
    for name in ("eva", "bo"):
        study.decide(name, AddCoder(name, f"{name.title()} Kodersen"))
    for code, label in (("x", "Møder"), ("y", "Gåture")):
        study.decide("eva", CreateCode(code, label, "hvad det er"))
    study.decide("eva", ReviseCode("y", examples=(answers[1], answers[10]), memo="Memohemmelighed"))
    study.decide("eva", ApplyCode("x", (*answers[:4], answers[6], answers[8], answers[10])))
    study.decide("eva", ApplyCode("y", (answers[7], answers[8], answers[11])), why="Grundhemmelig")
    study.decide("bo", ApplyCode("x", (answers[0], answers[6], answers[10])))
    study.decide("bo", CodeSegment("y", answers[1], 3, 12))
    study.decide("bo", MarkAnswers((answers[9],), "nothing"))
    # A good quotation of one who permits it, and one of each who does not.
    study.decide("bo", MarkAnswers((answers[7], answers[10], answers[11]), "quote"))
    for coder in ("eva", "bo"):
        study.decide(coder, MarkAnswers((answers[0], answers[1], answers[6]), "done"))
    study.decide("bo", WriteMemo(answers[0], "Memohemmelighed"))
    study.decide("eva", Settle((answers[1],), ("y",), "slip", "Grundhemmelig"))
    return study


NOTES = ("Memohemmelighed", "Grundhemmelig")


def unpacked(content: bytes, name: str = "") -> list[bytes]:
    """All that a file holds, in every way it may be written: packed, columnar, with escapes."""
    found = [content]
    if content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for part in archive.infolist():
                found += [part.filename.encode(), *unpacked(archive.read(part), part.filename)]
    if name.endswith(".parquet"):
        found.append(pd.read_parquet(io.BytesIO(content)).to_csv().encode())
    found.append(html.unescape(content.decode("utf-8", "replace")).encode())
    return found


def held(path: Path) -> bytes:
    """The same of a file on disk."""
    parts = unpacked(path.read_bytes(), path.name)
    if path.suffix == ".sav":
        table, meta = pyreadstat.read_sav(path)
        parts += [table.to_csv().encode(), str(vars(meta)).encode()]
    return b"\n".join(parts)


def written_as(words: str) -> set[bytes]:
    """Words in the ways in which a file may have them."""
    plain = {words.encode(each, "ignore") for each in ("utf-8", "utf-16-le", "utf-16-be", "cp1252")}
    return plain | {json.dumps(words)[1:-1].encode(), words.upper().encode()}
