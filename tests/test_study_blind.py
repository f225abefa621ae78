"""Nothing of what another coder chose in a blind round is in anything that a study can be asked.

There are two studies, alike but for what Bo chose in the blind round. Whatever Anna, or one whom
nobody knows, asks must be answered alike in both: so she learns nothing of it. What is asked is
read from the class, so that a method that is new is asked as well.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from coder.cli import main
from coder.coding.state import State
from coder.errors import UserError
from coder.i18n import load_texts
from coder.model import (
    AcceptGroup,
    AddCoder,
    ApplyCode,
    Assigned,
    CloseRound,
    CodeSegment,
    ConfirmProposal,
    CreateCode,
    MarkAnswers,
    MarkPart,
    OpenRound,
    ReviseCode,
    SetApart,
    SetRole,
    Settle,
    Sheet,
    Turn,
    Undo,
    WriteMemo,
    WriteSheet,
)
from coder.study import Study, core, read_questionnaire
from coder.text.suggest import Past
from tests.fixtures import refused

CODES = ("x", "y", "z")
# These change the study, need a file of their own, or give the study to somebody else; or they
# are all figures at once, each of which is asked for by itself.
NOT_ASKED = {
    "add", "add_from", "back_up_daily", "create", "create_from", "decide", "difference",
    "hold_out", "open", "redo", "seen_by", "set_context_items", "set_recipe", "side_sample",
    "undo", "view", "all_figures", "save_figures", "save_report", "report_file",
    "import_codebook", "import_codings", "import_project", "follow", "unfollow", "export_bundle",
    "join",
}  # fmt: skip


class Clock(datetime):
    """A clock that stands still, so that two studies can be made at the same time."""

    @classmethod
    def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
        return datetime(2026, 3, 2, 9, tzinfo=UTC)


def blind_study(path: Path, chosen: str, note: str) -> Study:
    """Anna and Bo code four answers blind, Eva leads; Bo chooses this code and writes this."""
    study = Study.open(path)
    answers = tuple(study.survey.answers.index[:12])
    hidden, others = answers[:4], answers[4:]
    one = hidden[0] if chosen == "x" else hidden[2]
    text = study.survey.answers.at[hidden[3], "text"]
    other = {"x": "y", "y": "x"}[chosen]
    for coder in ("eva", "anna", "bo"):
        study.decide(coder, AddCoder(coder, coder.title()))
    for code in CODES:
        study.decide("eva", CreateCode(code, f"Kategori {code}"))
    study.decide("eva", SetRole("bo", "coder"))
    # Before the round opens, and on other answers: the first is hidden too, the second is seen.
    study.decide("bo", ApplyCode(chosen, hidden[:1]))
    study.decide("bo", ApplyCode("x", others[:4]))
    study.decide("anna", ApplyCode("y", others[4:]))
    assigned = Assigned("anna", hidden), Assigned("bo", hidden)
    study.decide("eva", OpenRound("r", "Blind", assigned, design="all"))
    study.decide("anna", ApplyCode("x", hidden[:2]))
    study.decide("anna", MarkAnswers(hidden[:2], "done"))
    study.decide("bo", ApplyCode(chosen, hidden[1:2]), why=note)
    study.decide("bo", ApplyCode("z", (one, others[5])), why=note)
    turn = Turn((one, others[6]), "z", ("z", "x"), (0.9, 0.8))
    study.decide("bo", AcceptGroup(turn, "z", (one, others[6]), (), "fake"))
    alone = Turn((hidden[3], others[7]), chosen, (chosen, other), (0.9, 0.8))
    study.decide("bo", AcceptGroup(alone, chosen, (hidden[3],), (), "fake"))
    study.decide("bo", CodeSegment(chosen, hidden[3], 0, min(5, len(text))))
    study.decide("bo", ConfirmProposal("new", "Ny", (one,), "p", "fake"))
    study.decide("bo", WriteMemo(hidden[1], note))
    study.decide("bo", WriteSheet(chosen, benefit=f"{note} ({one})", case=hidden[1]), why=note)
    study.decide("bo", MarkPart(one, "purpose", 0, 3))
    study.decide("bo", ReviseCode("z", examples=(hidden[0] if chosen == "x" else hidden[1],)))
    study.decide("bo", SetApart(hidden[0], hidden[1 if chosen == "x" else 2]))
    gone = study.decide("bo", ApplyCode(other, (hidden[3],)))
    study.decide("bo", Undo(gone.no), why=note)
    study.decide("bo", MarkAnswers(hidden, "done"))
    return study


@pytest.fixture(scope="module")
def worlds(
    checkout: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Study, Study]]:
    yield from twice(blind_study, checkout, tmp_path_factory)


def twice(
    work: Callable[[Path, str, str], Study],
    checkout: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Study, Study]]:
    """The first of the demo's answers in two studies, worked on alike but for what was chosen."""
    folder, data = tmp_path_factory.mktemp("few"), checkout / "data"
    few = (data / "demo.csv").read_text("utf-8-sig").splitlines()[:61]
    (folder / "few.csv").write_text("\n".join(few), "utf-8")
    questionnaire = read_questionnaire(data / "questionnaire.yaml")
    recipe = (data / "recipe.yaml").read_text("utf-8")
    study = Study.create(folder / "few.db", folder / "few.csv", questionnaire, recipe)
    study.propose(encoder="fake")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(core, "datetime", Clock)
        made = []
        for chosen, note in (("x", "secret one"), ("y", "secret two")):
            path = tmp_path_factory.mktemp("world") / "study.db"
            made.append(work(Path(shutil.copyfile(study.path, path)), chosen, note))
        yield made[0], made[1]


# --- everything that can be asked --------------------------------------------------------------


def arguments(study: Study) -> Mapping[str, Any]:
    """Something for each parameter that has no default."""
    answers = list(study.survey.answers.index)
    items = [each.name for each in study.questionnaire.questions if each.kind == "single"]
    backgrounds = [each.name for each in study.questionnaire.of_kind("background")]
    dimensions = [each.name for each in (study.recipe() or pytest.fail("no recipe")).dimensions]
    found = study.agreement(draws=0)
    return {
        "code": "x", "answer": answers[1], "no": study.state.no, "coder": "bo", "name": "Bo",
        "item": items[0], "by": backgrounds[-1], "case": study.survey.cases.index[0],
        "items": items[:2], "across": dimensions[0], "up": dimensions[1], "count": 2,
        "question": items[0], "codes": ["1", "2"], "others": answers[:3], "query": "a",
        "start": 0, "end": 2, "part": "action", "write": str,
        "write_answers": str, "when": lambda at: "then",
        "text": "They call.", "words": _Words(),
        "proposal": (study.proposals() or pytest.fail("none")).proposals[0],
        "round": "s", "label": "Ny", "coders": ["anna", "bo"], "layer": "consensus",
        "found": found, "doubted": ["Kategori x"], "texts": load_texts("da"),
        "cases": list(study.survey.cases.index[:5]), "path": study.path.with_name("export.xlsx"),
    }  # fmt: skip


class _Words(dict[str, str]):
    """Words by their keys, looked up or asked for: every key is its own word."""

    def __missing__(self, key: str) -> str:
        return key

    def __call__(self, key: str) -> str:
        return key


# What is asked besides, of methods that tell more when they are asked for more.
BESIDES: Mapping[str, list[dict[str, Any]]] = {
    "agreement": [{"draws": 9}, {"draws": 0, "beside": "machine", "coder": "bo"}],
    "ratings": [{"beside": "later", "coder": "bo"}, {"beside": "key", "coder": "bo"}],
    "entries": [{"coder": "bo"}, {"code": "x"}, {"code": "y"}, {"kind": "ConfirmProposal"}],
    "export": [{"unpublished": True}],
    "order": [{"by": "doubtful"}, {"by": "similar", "code": "x"}, {"by": "typical"}],
    "suggestions": [{"coder": "bo"}, {"coder": "anna"}],
    "next_turn": [{"coder": "bo"}, {"coder": "anna"}],
    "disagreements": [{"settled": True}],
    "groups": [{"by": "x"}, {"by": "y"}],
    "layer": [{"layer": "bo"}, {"layer": "anna"}],
    "propose": [{"encoder": "fake"}],
    "battery": [{"items": ["rolle"]}],
    "writers": [{"items": ["rolle"]}],
}
SLOW = {"agreement", "battery", "propose", "writers"}  # if they are asked for all there is


def asked(
    study: Study, only: frozenset[str] = frozenset()
) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Every question there is, with its name."""
    given = arguments(study)
    for name in dir(Study):
        if name.startswith("_") or name in NOT_ASKED or (only and name not in only):
            continue
        if not callable(getattr(Study, name)):
            yield name, lambda name=name: getattr(study, name)  # type: ignore[misc]
            continue
        method = getattr(study, name)
        needed = inspect.signature(method).parameters.values()
        required = {each.name: given[each.name] for each in needed if each.default is each.empty}
        ways = [*([] if name in SLOW else [{}]), *BESIDES.get(name, [])]
        for more in ways:
            yield f"{name} {more or ''}", lambda m=method, a=required | more: m(**a)  # type: ignore[misc]


def plain(value: Any) -> str:
    """A value in full as text, without what differs from file to file."""
    match value:
        case Study():
            return plain(value.joint()) + plain(value.codebook()) + plain(value.state)
        case pd.DataFrame() | pd.Series():
            return value.to_json(orient="split", default_handler=str)
        case np.ndarray():
            return repr(value.tolist())
        case Mapping():
            return repr([(plain(k), plain(v)) for k, v in value.items()])
        case set() | frozenset():
            return repr(sorted(map(plain, value)))
        case list() | tuple():
            return repr([plain(each) for each in value])
    if dataclasses.is_dataclass(value):
        return repr([plain(getattr(value, each.name)) for each in dataclasses.fields(value)])
    return repr(value)


def answered(study: Study, only: frozenset[str] = frozenset()) -> dict[str, str]:
    found = {}
    for name, ask in asked(study, only):
        written = study.path.with_name("export.xlsx")
        written.unlink(missing_ok=True)
        try:
            said = plain(ask())
        except (UserError, ValueError) as error:
            said = repr(error)
        if written.exists():
            said += plain(pd.read_excel(written, sheet_name=None))
        found[name] = re.sub(r"clip\d+|" + re.escape(str(study.path.parent)), "", said)
    return found


def test_whatever_is_asked_is_answered_alike_whatever_another_chose(
    worlds: tuple[Study, Study],
) -> None:
    first, second = (answered(study.seen_by("anna")) for study in worlds)
    assert list(first) == list(second)
    told = [name for name, said in first.items() if said != second[name]]
    assert told == []
    assert not [name for name, said in (first | second).items() if "secret" in said]
    assert len(first) > 90
    one, other = (plain(study.seen_by(None).state) for study in worlds)
    assert one == other


def test_no_bundle_tells_what_another_chose(worlds: tuple[Study, Study]) -> None:
    """Its sources, of which all else in it is made, are the same in both but for pseudonyms."""
    told = []
    for study in worlds:
        seen = study.seen_by("anna")
        leaving = seen._nameless(unpublished=True).leaving
        ids = {new: old for old, new in leaving.ids.items()}
        told.append("\n".join(plain(each) for each in seen._restated(leaving)))
        for new, old in sorted(ids.items(), key=lambda pair: -len(pair[0])):
            told[-1] = told[-1].replace(new, old)
    assert sorted(told[0].split("', '")) == sorted(told[1].split("', '"))
    assert "secret" not in told[0]


def test_who_may_see_all_is_answered_otherwise(worlds: tuple[Study, Study]) -> None:
    """Else the test above could hold for want of a difference."""
    telling = frozenset({
        "agreement", "answers_by_code", "as_of", "codebook", "codings_then", "confirmed",
        "disagreements", "entries", "export", "joint", "layer", "next_turn", "order",
        "most_promising", "passages", "ratings", "sheet_help", "sheets", "state", "suggestions",
    })  # fmt: skip
    first, second = (answered(study, telling) for study in worlds)
    assert {name.split()[0] for name, said in first.items() if said != second[name]} == telling


def test_every_kind_of_answer_that_teaches_suggestions_is_left_out(
    worlds: tuple[Study, Study],
) -> None:
    pasts: list[Past] = [study.seen_by("anna")._past(None) for study in worlds]
    assert plain(pasts[0].coded) == plain(pasts[1].coded)
    assert plain(pasts[0].acts) == plain(pasts[1].acts)


# --- and what is seen --------------------------------------------------------------------------


def test_one_sees_what_one_chose_and_what_is_not_hidden(worlds: tuple[Study, Study]) -> None:
    whole, seen = worlds[0], worlds[0].seen_by("anna")
    hidden, state = seen.hidden(), seen.state
    assert len(hidden) == 4
    assert {a for who, a in state.codings if who == "anna"} >= set(sorted(hidden)[:2])
    assert {a for who, a in state.codings if who == "bo"} == {
        a for who, a in whole.state.codings if who == "bo"
    } - hidden
    assert seen.survey is whole.survey
    assert whole.seen_by("anna") is seen


def test_a_lead_sees_how_far_it_is_and_no_code(worlds: tuple[Study, Study]) -> None:
    first, second = (study.seen_by("eva") for study in worlds)
    (one,), (other,) = first.rounds(), second.rounds()
    assert (one.done, one.assigned) == ({"anna": 2, "bo": 4}, {"anna": 4, "bo": 4})
    assert (one.compared, one.agreed, other.agreed) == (2, 1, 0)
    assert plain(first.state) == plain(second.state)
    assert worlds[0].seen_by("anna").rounds()[0].agreed is None


@pytest.fixture
def own(worlds: tuple[Study, Study], tmp_path: Path) -> Study:
    """A copy of the first study, to be changed."""
    return Study.open(Path(shutil.copyfile(worlds[0].path, tmp_path / "study.db")))


def test_what_is_decided_through_a_view_is_in_the_study_and_seen_by_the_others_when_it_closes(
    own: Study,
) -> None:
    anna, bo = own.seen_by("anna"), own.seen_by("bo")
    hidden = sorted(anna.hidden())
    anna.decide("anna", ApplyCode("z", (hidden[3],)))
    assert ("anna", hidden[3]) in own.state.codings
    assert ("anna", hidden[3]) not in bo.state.codings
    own.decide("eva", CloseRound("r"))
    assert ("anna", hidden[3]) in bo.state.codings
    assert anna.state is own.state


def test_what_is_hidden_can_not_be_undone_nor_lost_by_who_can_not_see_it(own: Study) -> None:
    eva = own.seen_by("eva")
    memo = next(e.no for e in own.state.log if isinstance(e.decision, WriteMemo))
    with refused("log.nothing_to_undo", no=memo):
        eva.decide("eva", Undo(memo))
    (example,) = own.state.codes["z"].examples
    assert eva.state.codes["z"].examples == ()
    new = next(answer for answer in own.survey.answers.index if answer not in eva.hidden())
    eva.decide("eva", ReviseCode("z", examples=(new,)))
    assert own.state.codes["z"].examples == (new, example)


def test_what_is_hidden_of_a_sheet_is_not_written_over(own: Study) -> None:
    anna, (new, *_) = own.seen_by("anna"), own.survey.answers.index[-1:]
    assert own.state.sheets["x"].benefit != anna.state.sheets.get("x", Sheet("x")).benefit == ""
    with refused("log.sheet_hidden"):
        anna.decide("anna", WriteSheet("x", benefit="Mine"))
    anna.decide("anna", WriteSheet("x", character=f"Mine [{new}]"))
    own.decide("eva", CloseRound("r"))
    assert anna.state.sheets["x"].benefit.startswith("secret one")
    assert anna.state.sheets["x"].character.startswith("Mine")


def test_a_view_reads_only_what_is_new(own: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    from coder.coding import blind

    seen, read = own.seen_by("anna"), []
    before = seen.state
    real = blind.advance

    def advance(state: State, entries: Any) -> State:
        read.append(len(entries))
        return real(state, entries)

    monkeypatch.setattr(blind, "advance", advance)
    own.decide("bo", MarkAnswers(tuple(sorted(seen.hidden())), "discuss"))
    assert seen.state.no == before.no + 1
    assert read == [1]


def test_a_test_needs_its_key(own: Study) -> None:
    own.decide("eva", CloseRound("r"))
    answer = own.survey.answers.index[0]
    assigned = (Assigned("bo", (answer,)),)
    with refused("log.not_settled", answer=answer):
        own.decide("eva", OpenRound("t", "Prøve", assigned, True, True))
    own.decide("eva", Settle((answer,), ("x",), "slip", "the key"))
    own.decide("eva", own.plan_round("t", "Prøve", ["bo"], test=True))
    assert "the key" not in plain(own.seen_by("bo").state)
    assert "the key" in plain(own.seen_by("anna").state)
    own.decide("eva", CloseRound("t"))
    assert own.ratings("key", "bo", "t").units == (answer,)


# --- from the command line ---------------------------------------------------------------------


def test_the_command_line_tells_nobody_more_than_they_may_see(
    worlds: tuple[Study, Study], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    said: list[str] = []
    for study in worlds:
        path, out = str(study.path), tmp_path / "out.xlsx"
        for command in (
            ["log", path], ["log", path, "--coder", "anna"], ["tables", path, "--json"],
            ["agreement", path, "--draws", "0"], ["tables", path, "--layer", "bo"],
            ["export", path, "--format", "xlsx", "--out", str(out), "--coder", "Anna",
             "--unpublished"],
        ):  # fmt: skip
            out.unlink(missing_ok=True)
            assert main(command) == 0
            told = capsys.readouterr()
            assert "blind" in told.err
            written = plain(pd.read_excel(out, sheet_name=None)) if out.exists() else ""
            said.append(told.out + written)
    half = len(said) // 2
    assert said[:half] == said[half:]
    assert main(["log", str(worlds[0].path), "--coder", "Ida"]) == 1
