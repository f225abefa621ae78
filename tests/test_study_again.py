"""A coder who codes again can find nothing of the first coding in anything that can be asked.

There are two studies, alike but for what Anna chose of the answers that she now codes again.
Whatever she asks must be answered alike in both. That nothing is told past the state is tested of
every method in ``test_study_blind``; here those are asked that tell most.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from coder.cli import main
from coder.intake import take_in
from coder.model import (
    AcceptGroup,
    AddCoder,
    ApplyCode,
    Assigned,
    CloseRound,
    CodeSegment,
    CreateCode,
    MarkAnswers,
    MarkPart,
    OpenRound,
    RemoveCode,
    ReviseCode,
    SetRole,
    Settle,
    Turn,
    Undo,
    WriteMemo,
    WriteSheet,
)
from coder.study import Study, core
from tests.fixtures import refused
from tests.test_study_blind import CODES, answered, plain, twice


def coded_before(path: Path, chosen: str, note: str) -> Study:
    """Eva leads; Anna has coded eight answers, of four of which she chose this and wrote this."""
    study = Study.open(path)
    answers = tuple(study.survey.answers.index[:8])
    drawn, others = answers[:4], answers[4:]
    text = study.survey.answers.at[drawn[3], "text"]
    other = {"x": "y", "y": "x"}[chosen]
    for coder in ("eva", "anna", "bo"):
        study.decide(coder, AddCoder(coder, coder.title()))
    for code in CODES:
        study.decide("eva", CreateCode(code, f"Kategori {code}"))
    study.decide("eva", SetRole("anna", "coder"))
    study.decide("bo", ApplyCode(chosen, drawn[:2]))
    study.decide("anna", ApplyCode(chosen, drawn[:2]), why=note)
    study.decide("anna", ApplyCode("z", others))
    turn = Turn((drawn[2], others[0]), chosen, (chosen, other), (0.9, 0.8))
    study.decide("anna", AcceptGroup(turn, chosen, (drawn[2],), (), "fake"))
    study.decide("anna", CodeSegment(chosen, drawn[3], 0, min(5, len(text))))
    study.decide("anna", WriteMemo(drawn[0], note))
    study.decide("anna", WriteSheet(chosen, benefit=f"{note} ({drawn[0]})", case=drawn[1]))
    study.decide("anna", MarkPart(drawn[0], "purpose", 0, 2 if chosen == "x" else 3))
    study.decide("anna", ReviseCode("z", examples=(drawn[0 if chosen == "x" else 1],)))
    gone = study.decide("anna", ApplyCode(other, (drawn[3],)))
    study.decide("anna", Undo(gone.no), why=note)
    study.decide("anna", MarkAnswers(answers, "done"))
    study.decide("eva", Settle(drawn[:1], (chosen,), "slip", note))
    study.decide("eva", OpenRound("r", "Igen", (Assigned("anna", drawn),), design="again"))
    study.decide("anna", ApplyCode("z", drawn[:1]))
    study.decide("anna", MarkAnswers(drawn[:2], "done"))
    return study


@pytest.fixture(scope="module")
def worlds(
    checkout: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Study, Study]]:
    yield from twice(coded_before, checkout, tmp_path_factory)


TELLING = frozenset({
    "answers_by_code", "as_of", "codebook", "codings_then", "consensus", "entries", "export",
    "joint", "layer", "next_turn", "order", "passages", "ratings", "sheets", "state", "suggestions",
})  # fmt: skip


@pytest.mark.parametrize("viewer", ["anna", None])
def test_whatever_is_asked_is_answered_alike_whatever_was_chosen_at_first(
    worlds: tuple[Study, Study], viewer: str | None
) -> None:
    asked = TELLING | {"rounds", "second_codings", "disputed", "relook", "genealogy", "saturation"}
    first, second = (answered(study.seen_by(viewer), asked) for study in worlds)
    assert [name for name, said in first.items() if said != second[name]] == []
    assert not [name for name, said in (first | second).items() if "secret" in said]
    again = [plain(study.seen_by(viewer).ratings("later", "anna", "r")) for study in worlds]
    assert again[0] == again[1]


def test_who_may_see_all_is_answered_otherwise(worlds: tuple[Study, Study]) -> None:
    """Else the test above could hold for want of a difference."""
    first, second = (answered(study, TELLING) for study in worlds)
    assert {name.split()[0] for name, said in first.items() if said != second[name]} == TELLING


def test_suggestions_learn_nothing_of_what_was_chosen_at_first(
    worlds: tuple[Study, Study],
) -> None:
    for coder in ("anna", None):
        pasts = [study.seen_by("anna")._past(coder) for study in worlds]
        assert plain(pasts[0].coded) == plain(pasts[1].coded)
        assert plain(pasts[0].acts) == plain(pasts[1].acts)
    others = [plain(study.seen_by("eva")._past("anna").coded) for study in worlds]
    assert others[0] != others[1]


@pytest.fixture
def own(worlds: tuple[Study, Study], tmp_path: Path) -> Study:
    return Study.open(Path(shutil.copyfile(worlds[0].path, tmp_path / "study.db")))


def test_through_her_view_she_codes_afresh_and_the_coding_stays(own: Study) -> None:
    anna, eva = own.seen_by("anna"), own.seen_by("eva")
    drawn = own.state.rounds["r"].answers
    assert anna.hidden() == set(drawn)
    assert eva.hidden() == frozenset()
    before = plain(own.state.codings)
    assert anna.as_of(own.state.no).codings["anna", drawn[0]] == ("z",)
    assert (anna.undoable("anna") or pytest.fail("none")).no == own.state.no
    with refused("log.not_coded", answer=drawn[1], label="Kategori x"):
        anna.decide("anna", RemoveCode("x", drawn[1:2]))
    anna.decide("anna", ApplyCode("y", drawn[1:2]))
    anna.decide("anna", RemoveCode("y", drawn[1:2]))
    anna.decide("anna", ReviseCode("y", examples=drawn[2:3]))
    for _ in range(5):
        anna.undo("anna")
    assert anna.undo("anna") is None
    assert plain(own.state.codings) == before
    assert ("anna", drawn[0]) not in anna.state.codings
    anna.redo("anna")
    assert anna.rounds()[0].agreed is None
    assert own.seen_by("bo").rounds()[0].agreed is None


def test_a_lead_sees_how_far_it_is_and_when_it_closes_everyone_how_alike(own: Study) -> None:
    """Of two answers done anew she gave one x and then z, the other x and then nothing."""
    eva, drawn = own.seen_by("eva"), own.state.rounds["r"].answers
    (found,) = eva.rounds()
    assert (found.done, found.assigned) == ({"anna": 2}, {"anna": 4})
    assert (found.shared, found.compared, found.agreed) == (4, 2, 0)
    assert eva.second_codings() == {}
    eva.decide("eva", CloseRound("r"))
    for viewer in ("anna", "bo"):
        seen = own.seen_by(viewer)
        assert seen.state is own.state
        assert seen.rounds()[0].agreed == 0
        assert {each.label for each in seen.second_codings().values()} == {"Igen"}
    ratings = own.ratings("later", "anna", "Igen")
    assert (set(ratings.units), ratings.coders) == (set(drawn[:2]), ("first", "later"))
    overall = own.agreement("later", "anna", "r", draws=0).overall.set_index("coefficient")
    assert overall["value"]["percent_agreement"] == 0


def test_a_round_is_planned_of_what_each_coder_is_done_with(own: Study) -> None:
    own.decide("eva", CloseRound("r"))
    eva = own.seen_by("eva")
    done = set(own.state.done_answers("anna"))
    plan = eva.plan_round("s", "Mere", ["anna"], "again", overlap=5, seed=3, blind=False)
    assert (plan.blind, plan.again, plan.overlap, plan.seed) == (True, True, 5, 3)
    assert len(plan.answers) == 5
    assert set(plan.answers) <= done
    assert set(eva.plan_round("s", "Alle", ["anna"], "again", overlap=99).answers) == done
    with refused("round.nothing_done", name="Bo"):
        eva.plan_round("s", "Mere", ["anna", "bo"], "again", overlap=5)
    with refused("round.bad_again", count=0):
        eva.plan_round("s", "Mere", ["anna"], "again")
    last = own.survey.answers.index[-1]
    with refused("log.not_done", name="Anna", answer=last):
        eva.decide("eva", OpenRound("s", "Mere", (Assigned("anna", (last,)),), design="again"))


def test_a_question_with_one_code_has_one_each_time(tmp_path: Path) -> None:
    file = tmp_path / "few.csv"
    file.write_text("nr;hvad\n1;et\n2;to\n", "utf-8")
    form = take_in([file], open_columns=["hvad"], id_column="nr").questionnaire
    one = [core.replace(q, codes="one") if q.kind == "open" else q for q in form.questions]
    form = core.replace(form, questions=tuple(one))
    study = Study.create(tmp_path / "few.db", file, form)
    study.decide("anna", AddCoder("anna", "Anna"))
    for code in ("x", "y"):
        study.decide("anna", CreateCode(code, code.upper()))
    answer = study.survey.answers.index[0]
    study.decide("anna", ApplyCode("x", (answer,)))
    study.decide("anna", study.plan_round("r", "Igen", ["anna"], "again", overlap=9))
    study.decide("anna", ApplyCode("y", (answer,)))
    with refused("log.one_code", answer=answer):
        study.decide("anna", ApplyCode("x", (answer,)))
    study.decide("anna", CloseRound("r"))
    assert study.ratings("later", "anna", "r").units == (answer,)


def test_from_the_command_line(own: Study, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(own.path)
    command = ["agreement", path, "--beside", "later", "--coder", "Anna", "--round", "Igen"]
    for each in (["log", path, "--coder", "anna"], ["tables", path, "--layer", "anna"]):
        assert main(each) == 0
        said = capsys.readouterr()
        assert "secret" not in said.out
        assert "blind" in said.err
    own.decide("eva", CloseRound("r"))
    assert main([*command, "--draws", "0", "--json"]) == 0
    assert '"n_units": 2' in capsys.readouterr().out
