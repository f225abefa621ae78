"""A study as a lead, a coder and a reader may use it: refused by the study, not by a page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from coder.model import CreateCode, SetRole, SetStatus, TreatFinds
from coder.study import Study, seen_as
from tests.fixtures import refused

Act = Callable[[Study, Path], object]

# What only a lead may do that is no decision.
FOR_LEADS: dict[str, Act] = {
    "the answers as written": lambda study, to: study.original,
    "personal data": lambda study, to: study.finds(),
    "a later file": lambda study, to: study.add(to / "none.csv"),
    "a later table": lambda study, to: study.add_from(pd.DataFrame()),
    "what it would change": lambda study, to: study.difference(pd.DataFrame()),
    "a codebook": lambda study, to: study.import_codebook(to / "none.csv", "Kai"),
    "codings": lambda study, to: study.import_codings(to / "none.csv"),
    "a project": lambda study, to: study.import_project(to / "none.qdpx", "Kai"),
    "a copy coded apart": lambda study, to: study.join(to / "none.db"),
    "the recipe": lambda study, to: study.set_recipe(""),
    "what is held out": lambda study, to: study.hold_out(0.5),
    "what may not be published": lambda study, to: study.export(to / "x.xlsx", unpublished=True),
    "the export as written": lambda study, to: study.export(to / "x.xlsx", as_written=True),
    "a layer as written": lambda study, to: study.layer("consensus").original,
    "a layer of it all": lambda study, to: study.layer("consensus").export(
        to / "x.xlsx", unpublished=True
    ),
    "a study beside it": lambda study, to: study.need_lead(),
}


@pytest.fixture(scope="module")
def led(proposed: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Study]:
    """One study as its lead, a coder, a reader and a stranger see it; to be changed by no test."""
    path = tmp_path_factory.mktemp("led") / "led.db"
    path.write_bytes(proposed.read_bytes())
    study = Study.open(path)
    lead, coder, reader = (study.coder(name) for name in ("Lea", "Kai", "Rita"))
    study.decide(lead, SetRole(reader, "reader"))
    first = study.finds()[0]
    study.decide(lead, TreatFinds((first.id,), "keep"))
    people = {"lead": lead, "coder": coder, "reader": reader, "stranger": None}
    return {
        name: seen_as(study, study.state.role(person), person) for name, person in people.items()
    }


@pytest.mark.parametrize("act", FOR_LEADS.values(), ids=FOR_LEADS)
@pytest.mark.parametrize("who", ["coder", "reader", "stranger"])
def test_what_is_for_leads(act: Act, who: str, led: dict[str, Study], tmp_path: Path) -> None:
    with refused("role.leads_only"):
        act(led[who], tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_lead_may_do_everything(led: dict[str, Study], tmp_path: Path) -> None:
    assert led["lead"].finds()
    assert led["lead"].export(tmp_path / "x.xlsx", unpublished=True).rows


def test_what_may_be_published_may_be_exported_by_all(
    led: dict[str, Study], tmp_path: Path
) -> None:
    rows = {led[who].export(tmp_path / f"{who}.xlsx").rows for who in led}
    assert len(rows) == 1


def test_decisions_for_leads_are_refused_to_coders_and_all_to_readers(
    led: dict[str, Study],
) -> None:
    study, before = led["coder"], led["lead"].state.no
    people = {name: id for id, name in study.state.coders.items()}
    find = led["lead"].finds()[1].id
    for decision in (TreatFinds((find,), "drop"), SetRole(people["Kai"], "lead")):
        with refused("log.leads_only", name="Kai"):
            study.decide(people["Kai"], decision)
    answer = str(study.survey.answers.index[0])
    for decision in (
        CreateCode("x", "X"),
        SetStatus((answer,), "empty"),
        TreatFinds((find,), "keep"),
    ):
        # Whichever way one comes to the study, a reader can't decide.
        for way in (led["reader"], led["lead"]):
            with refused("log.reader", name="Rita"):
                way.decide(people["Rita"], decision)
    assert led["lead"].state.no == before


def test_a_reader_sees_no_personal_data_that_coders_may_see(led: dict[str, Study]) -> None:
    kept = next(each for each in led["lead"].finds() if each.treatment == "keep")
    shown = {who: " ".join(led[who].survey.answers.loc[kept.answer, ["text"]]) for who in led}
    assert kept.words in shown["coder"]
    assert kept.words not in shown["reader"]
    others = led["lead"].survey.answers.index.drop(kept.answer)
    same = [led[who].survey.answers.loc[others] for who in ("coder", "reader")]
    pd.testing.assert_frame_equal(*same)


def test_a_reader_does_not_join_and_sees_no_log(led: dict[str, Study]) -> None:
    for act in (lambda: led["reader"].coder("New"), lambda: led["reader"].entries()):
        with refused("role.leads_only"):
            act()


def test_nobody_is_told_of_what_is_not_theirs(led: dict[str, Study]) -> None:
    assert led["lead"].next_step() == "review"
    assert led["coder"].next_step() == "candidates"
    assert led["reader"].next_step() == "results"


def test_the_study_is_one_however_it_is_seen(own_proposed: Study) -> None:
    coder = own_proposed.coder("Kai")
    view = seen_as(own_proposed, "coder", coder)
    view.decide(coder, CreateCode("x", "X"))
    assert "x" in own_proposed.state.codes
    own_proposed.decide(coder, CreateCode("y", "Y"))
    assert "y" in view.state.codes
    assert seen_as(own_proposed, "coder", coder) is view
