"""Sheets and the appendix through the study: consent, personal data, roles, the founding case."""

from __future__ import annotations

import csv
import json
import re
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from coder.cli import main
from coder.demo import EXPERT
from coder.errors import UserError
from coder.i18n import load_texts
from coder.model import (
    ApplyCode,
    CreateCode,
    MarkPart,
    MergeCodes,
    MoveAnswers,
    PermitPublishing,
    Sheet,
    TreatFinds,
    UnmarkPart,
    WriteMemo,
    WriteSheet,
)
from coder.study import Study, seen_as
from coder.study.report_results import categories
from tests.fixtures import refused

# The order of the report: the seven categories it describes, the three too small, the remainder.
FOUNDING = (
    "Online kontakt til pårørende", "Online bostøtte", "Digital genoptræning",
    "Digitale opfølgningssamtaler i jobcentre", "Fysisk aktivitet online",
    "Online familiebehandling", "Kompenserende kontakt (fx gåture)", "Online hjemmepleje",
    "Virtuel jobtræning", "Online undervisning", "Øvrige",
)  # fmt: skip


def code_called(study: Study, label: str) -> str:
    return next(code.id for code in study.state.codes.values() if code.label == label)


# --- the appendix ------------------------------------------------------------------------------


def test_the_demos_appendix_has_the_49_permitted_in_the_founding_order(demo: Study) -> None:
    table = demo.most_promising()
    assert len(table) == 49 == table["case"].nunique()
    themes = list(dict.fromkeys(table["theme"]))
    assert themes == [each for each in FOUNDING if each in themes]
    assert len(themes) > 7
    people = demo.survey.respondents
    owners = demo.survey.cases.loc[table["case"], "respondent"]
    assert (people.loc[owners, "samtykke"] == "1").all()
    assert (demo.scores().cases.loc[table["case"], "score"] > 0.8).all()
    assert (table[["organisation", "department", "role"]] != "").all(axis=None)
    assert table["organisation"].tolist() == people.loc[owners, "kommune"].tolist()
    assert len(demo.most_promising(unpublished=True)) == 60


def test_the_codebooks_order_is_the_reports(demo: Study) -> None:
    assert tuple(code.label for code in demo.state.ordered()) == FOUNDING


def test_every_case_says_what_was_done_and_all_of_it_is_only_proposed(demo: Study) -> None:
    table = demo.most_promising()
    assert (table["action"] != "").all()
    for row in table.to_dict("records"):
        filled = [p for p in ("target_group", "purpose", "action", "learning") if row[p]]
        assert list(row["proposed"]) == filled


def test_what_is_marked_is_in_the_appendix_until_it_is_unmarked(own_demo: Study) -> None:
    case = own_demo.most_promising()["case"].iloc[0]
    text = own_demo.survey.answers.at[case, "text"]
    who = own_demo.coder("Anna")
    own_demo.decide(who, MarkPart(case, "learning", 0, len(text.split()[0])))
    row = own_demo.most_promising().iloc[0]
    assert row["learning"] == text.split()[0]
    assert "learning" not in row["proposed"]
    own_demo.decide(who, UnmarkPart(case, "learning", 0, len(text.split()[0])))
    assert own_demo.most_promising()["learning"].iloc[0] != text.split()[0]
    with refused("log.bad_segment", answer=case):
        own_demo.decide(who, MarkPart(case, "purpose", 0, len(text) + 1))
    short = own_demo.survey.answers["elaboration"].isna().idxmax()
    with refused("log.bad_segment", answer=short):
        own_demo.decide(who, MarkPart(short, "purpose", 0, 1, "elaboration"))


def test_a_marked_passage_is_shown_without_the_personal_data_in_it(own_demo: Study) -> None:
    find = next(each for each in own_demo.finds() if ":text:" in each.id)
    written = own_demo.original.answers.at[find.answer, "text"]
    start = written.index(find.words)
    who = own_demo.coder("Anna")
    own_demo.decide(who, MarkPart(find.answer, "action", start, start + len(find.words)))
    shown = own_demo.survey.answers.at[find.answer, "text"]
    (passage,) = own_demo.passages()[find.answer]
    assert shown[passage.start : passage.end] == find.pseudonym
    own_demo.decide(who, TreatFinds((find.id,), "keep"))
    (passage,) = own_demo.passages()[find.answer]
    shown = own_demo.survey.answers.at[find.answer, "text"]
    assert shown[passage.start : passage.end] == find.words
    reader = seen_as(own_demo, "reader", None)
    (passage,) = reader.passages()[find.answer]
    shown = reader.survey.answers.at[find.answer, "text"]
    assert shown[passage.start : passage.end] == find.pseudonym
    own_demo.decide(who, TreatFinds((find.id,), "drop"))
    assert own_demo.passages()[find.answer] == ()


def test_words_are_looked_for_in_what_is_shown_and_kept_as_places_in_what_was_written(
    own_demo: Study,
) -> None:
    find = next(each for each in own_demo.finds() if ":text:" in each.id)
    written = own_demo.original.answers.at[find.answer, "text"]
    with refused("appendix.not_in_answer", answer=find.answer):
        own_demo.passage_of(find.answer, "action", find.words)
    found = own_demo.passage_of(find.answer, "action", find.pseudonym)
    span = own_demo.span_as_written(find.answer, found.start, found.end)
    assert written[slice(*span)] == find.words
    own_demo.decide(own_demo.coder("Anna"), MarkPart(find.answer, "action", *span))
    assert own_demo.passages()[find.answer] == (found,)


def test_the_appendix_as_a_file_says_what_is_only_proposed(demo: Study, tmp_path: Path) -> None:
    texts = load_texts("da")
    table = demo.save_appendix(tmp_path / "bilag.csv", texts)
    with (tmp_path / "bilag.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter=";"))
    assert [row["Sag"] for row in rows] == table["case"].tolist()
    assert rows[0]["Kun foreslået"] == ", ".join(
        texts(f"appendix.part.{part}") for part in table["proposed"].iloc[0]
    )
    demo.save_appendix(tmp_path / "bilag.xlsx", texts)
    book = pd.read_excel(tmp_path / "bilag.xlsx", dtype=str, keep_default_na=False)
    assert book["Hvad der blev gjort"].tolist() == table["action"].tolist()
    with refused("export.wrong_ending", ending=".xlsx"):
        demo.save_appendix(tmp_path / "bilag.docx", texts)


def test_the_command_says_how_much_it_wrote_and_how_much_is_only_proposed(
    demo: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, texts = tmp_path / "appendix.xlsx", load_texts("en")
    assert main(["--lang", "en", "appendix", str(demo.path), "--out", str(path)]) == 0
    said = capsys.readouterr()
    assert texts("cli.appendix.done", path=path, rows=49) in said.err
    proposed = demo.most_promising()["proposed"].map(len).sum()
    assert texts("cli.appendix.proposed", count=proposed) in said.err
    assert len(pd.read_excel(path)) == 49
    wrong = tmp_path / "appendix.docx"
    assert main(["appendix", str(demo.path), "--out", str(wrong)]) == 1
    assert not wrong.exists()


def test_who_is_no_lead_gets_only_what_may_be_published(demo: Study) -> None:
    reader = seen_as(demo, "reader", None)
    assert len(reader.most_promising()) == 49
    with refused("role.leads_only"):
        reader.most_promising(unpublished=True)
    with pytest.raises(UserError):
        seen_as(demo, "coder", None).most_promising(unpublished=True)


# --- sheets ------------------------------------------------------------------------------------


def test_every_code_has_a_sheet_in_the_order_of_the_codebook(own_demo: Study) -> None:
    codes = [code.id for code in own_demo.state.ordered()]
    assert own_demo.sheets() == tuple(Sheet(code) for code in codes)
    own_demo.decide(own_demo.coder("Anna"), WriteSheet(codes[2], benefit="Ro [R022]"))
    assert own_demo.sheets()[2] == Sheet(codes[2], benefit="Ro [R022]")
    again = Study.open(own_demo.path)
    assert again.sheets() == own_demo.sheets()


def test_what_helps_to_write_a_sheet(own_demo: Study) -> None:
    code, other = (code_called(own_demo, label) for label in FOUNDING[:2])
    who, own = own_demo.coder("Anna"), own_demo.state.answers_of(code)
    written = WriteSheet(code, f"Skærm [{own[0]}, R999]. Ro.", f"For ({own[1]})", case=own[2])
    own_demo.decide(who, written)
    help = own_demo.sheet_help(code)
    assert list(help.answers) == own
    assert help.cited == tuple(own[:3])
    assert help.unused == tuple(own[3:])
    assert (help.moved, help.unknown, help.uncited) == ((), ("R999",), ("Ro.",))
    assert set(help.sentences["answer"]) == set(own)
    expert = own_demo.coder("ekspert")
    own_demo.decide(expert, MoveAnswers((own[0],), code, other))
    help = own_demo.sheet_help(code)
    assert help.moved == (own[0],)
    assert own[0] not in (*help.answers, *help.cited)


def test_candidates_are_of_the_category_promising_and_permitted(demo: Study) -> None:
    code = code_called(demo, FOUNDING[0])
    help, table = demo.sheet_help(code), demo.most_promising("all")
    assert sorted(help.candidates) == sorted(table.loc[table["code"] == code, "case"])
    assert set(help.candidates) <= set(help.permitted)
    assert not help.ranked


def test_with_a_language_model_the_most_typical_candidate_is_first(own_proposed: Study) -> None:
    study = own_proposed
    who = study.coder(EXPERT)
    study.decide(who, CreateCode("c", "Alle"))
    study.decide(who, ApplyCode("c", tuple(study.survey.answers.index)))
    help = study.sheet_help("c")
    assert help.ranked
    assert len(help.candidates) == len(study.most_promising("all"))
    near = study._typicality(help.answers)
    order = [near[each] for each in help.candidates]
    assert order == sorted(order, reverse=True)
    assert len(set(order)) > 10


def test_what_is_published_of_a_sheet_names_nobody_who_refused(own_demo: Study) -> None:
    code = code_called(own_demo, FOUNDING[0])
    help = own_demo.sheet_help(code)
    refusing = next(each for each in help.answers if each not in help.permitted)
    text = f"Skærm [{refusing}, {help.permitted[0]}]. Ro ({refusing})."
    own_demo.decide(own_demo.coder("Anna"), WriteSheet(code, text, case=refusing))
    (sheet,) = (each for each in own_demo.published_sheets() if each.code == code)
    assert sheet == Sheet(code, f"Skærm [{help.permitted[0]}]. Ro.")


def test_an_unknown_code_has_no_help(demo: Study) -> None:
    with pytest.raises(ValueError, match="no code"):
        demo.sheet_help("none")


def test_a_merge_takes_the_sheet_along_and_what_it_cites_is_in_the_category(
    own_demo: Study,
) -> None:
    one, other = (code_called(own_demo, label) for label in FOUNDING[:2])
    answer, who = own_demo.state.answers_of(one)[0], own_demo.coder("Anna")
    own_demo.decide(who, WriteSheet(one, f"Skærm [{answer}]."))
    own_demo.decide(who, MergeCodes(one, other))
    help = own_demo.sheet_help(other)
    assert help.sheet.character == f"Skærm [{answer}]."
    assert (help.cited, help.moved) == ((answer,), ())
    own_demo.undo(who)
    assert own_demo.sheets()[1] == Sheet(other)


def test_a_layer_says_whose_coding_counts_in_the_appendix(own_demo: Study) -> None:
    who = own_demo.coder("Anna")
    case = own_demo.most_promising()["case"].iloc[-1]
    own_demo.decide(who, ApplyCode(code_called(own_demo, FOUNDING[0]), (case,)))
    of = {
        layer: own_demo.layer(layer).most_promising().set_index("case").at[case, "theme"]
        for layer in ("all", "Anna", "ekspert")
    }
    assert of == {"all": FOUNDING[0], "Anna": FOUNDING[0], "ekspert": FOUNDING[-1]}


def test_proposed_passages_can_be_marked_as_they_are(own_demo: Study) -> None:
    answer = next(each.answer for each in own_demo.finds() if ":text:" in each.id)
    who = own_demo.coder("Anna")
    for each in own_demo.proposed_passages(answer):
        span = own_demo.span_as_written(answer, each.start, each.end, each.field)
        own_demo.decide(who, MarkPart(answer, each.part, *span, each.field))
    assert own_demo.passages()[answer] == own_demo.proposed_passages(answer)


# --- the sheets as they are exported -----------------------------------------------------------


@pytest.fixture(scope="module")
def written(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Study:
    """A sheet that cites one who permits publication and one who does not, who is its case."""
    path = tmp_path_factory.mktemp("written") / "own.db"
    study = Study.open(Path(shutil.copyfile(demo_folder / "demo.db", path)))
    expert = study.coder(EXPERT)
    code = code_called(study, FOUNDING[0])
    yes, no = one_of_each(study)
    told = f"Video [{yes}] og telefon [{no}]. =1+1"
    study.decide(expert, WriteSheet(code, told, f"Ældre ({yes}, {no}).", case=no))
    return study


def one_of_each(study: Study) -> tuple[str, str]:
    """An answer of the first category that may be published, and one that may not."""
    told = study.sheet_help(code_called(study, FOUNDING[0]))
    return told.permitted[0], next(a for a in told.answers if a not in told.permitted)


def exported(
    study: Study, folder: Path, unpublished: bool = False
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """The sheet of the workbook, its only row, and the file of JSON."""
    study.export(folder / "out.xlsx", "xlsx", unpublished=unpublished)
    study.export(folder / "out.json", "json", unpublished=unpublished)
    table = pd.read_excel(folder / "out.xlsx", sheet_name="sheets", dtype=str).fillna("")
    return table, json.loads((folder / "out.json").read_text("utf-8"))


def test_sheets_leave_without_what_is_withheld(written: Study, tmp_path: Path) -> None:
    yes, no = one_of_each(written)
    table, held = exported(written, tmp_path)
    (row,) = table.to_dict("records")
    (one,) = held["sheets"]
    for found in (row, one):
        assert found["character"] == f"Video [{yes}] og telefon. =1+1"
        assert found["audience"] == f"Ældre ({yes})."
        assert found["case_answer"] == ""
    assert (row["label"], row["cites"], one["cites"]) == (FOUNDING[0], yes, [yes])
    assert one["code"] == row["code"] == code_called(written, FOUNDING[0])
    assert no not in (tmp_path / "out.json").read_text("utf-8")
    told = next(each for each in written.published_sheets() if each.code == one["code"])
    assert (told.character, told.audience) == (one["character"], one["audience"])


def test_for_own_use_all_of_a_sheet_is_there(written: Study, tmp_path: Path) -> None:
    yes, no = one_of_each(written)
    table, held = exported(written, tmp_path, unpublished=True)
    assert table["case_answer"].tolist() == [held["sheets"][0]["case_answer"]] == [no]
    assert held["sheets"][0]["cites"] == [yes, no]


def test_without_names_a_sheet_cites_pseudonyms(written: Study, tmp_path: Path) -> None:
    study = Study.open(Path(shutil.copyfile(str(written.path), tmp_path / "own.db")))
    study.decide(study.coder(EXPERT), PermitPublishing("anonymous"))
    yes, no = one_of_each(study)
    table, held = exported(study, tmp_path)
    (cited,) = held["sheets"][0]["cites"]
    assert cited in {each["answer"] for each in held["answers"]}
    assert table["character"].tolist() == [f"Video [{cited}] og telefon. =1+1"]
    assert cited not in (yes, no)
    blocks = categories(study, load_texts("da"), unpublished=False)
    told = "\n".join(str(getattr(each, "text", "")) for each in blocks)
    assert f"Video [{cited}] og telefon." in told
    assert not {yes, no} & set(re.findall(r"R\d+(?:\.2)?", told))


def test_memos_leave_only_for_own_use(written: Study, tmp_path: Path) -> None:
    study = Study.open(Path(shutil.copyfile(str(written.path), tmp_path / "own.db")))
    path = tmp_path / "out.qdpx"
    study.decide(study.coder(EXPERT), WriteMemo(one_of_each(study)[0], "Kun til mig selv"))
    assert study.export(path, "qdpx").lost["memos"] == 1
    with zipfile.ZipFile(path) as packed:
        assert not any(b"til mig selv" in packed.read(name) for name in packed.namelist())
    assert "memos" not in study.export(path, "qdpx", unpublished=True).lost
    with zipfile.ZipFile(path) as packed:
        assert [name for name in packed.namelist() if b"til mig selv" in packed.read(name)]


def test_of_a_sheet_without_words_there_is_nothing(demo: Study, tmp_path: Path) -> None:
    table, held = exported(demo, tmp_path)
    assert table.empty
    assert held["sheets"] == []
