"""Who may do what, as the log keeps it."""

from __future__ import annotations

from typing import get_args

from coder.coding.state import State
from coder.model import (
    AddCoder,
    ApplyCode,
    CoderRole,
    CreateCode,
    SetRole,
    Undo,
    WriteMemo,
)
from tests.coding.test_log import CODED, played
from tests.fixtures import refused

EVA = played(("eva", AddCoder("eva", "Eva")), state=CODED)
LED = played(("anna", SetRole("eva", "reader")), state=EVA)


def roles(state: State) -> dict[str, CoderRole]:
    return {coder: state.role(coder) for coder in state.coders}


def test_until_somebody_is_given_a_role_all_are_leads() -> None:
    assert roles(EVA) == {"anna": "lead", "bo": "lead", "eva": "lead"}
    assert EVA.role(None) == "lead"


def test_after_that_who_gave_it_leads_and_the_others_code() -> None:
    assert roles(LED) == {"anna": "lead", "bo": "coder", "eva": "reader"}
    assert LED.role(None) == "coder"


def test_to_undo_the_first_role_makes_all_leads_again() -> None:
    assert roles(played(("anna", Undo(LED.no)), state=LED)) == roles(EVA)


def test_there_is_always_a_lead() -> None:
    for role in get_args(CoderRole):
        if role != "lead":
            with refused("log.last_lead", name="Anna"):
                played(("anna", SetRole("anna", role)), state=LED)
            with refused("log.last_lead", name="Anna"):
                played(("anna", SetRole("anna", role)), state=EVA)
    two = played(("anna", SetRole("bo", "lead")), ("bo", SetRole("anna", "coder")), state=LED)
    assert roles(two) == {"anna": "coder", "bo": "lead", "eva": "reader"}


def test_only_a_lead_gives_roles_and_only_to_those_who_are_there() -> None:
    with refused("log.leads_only", name="Bo"):
        played(("bo", SetRole("bo", "lead")), state=LED)
    with refused("log.no_coder", coder="nobody"):
        played(("anna", SetRole("nobody", "coder")), state=LED)


def test_a_reader_decides_nothing_and_undoes_nothing() -> None:
    for decision in (ApplyCode("x", ("A1",)), WriteMemo("A1", "note"), CreateCode("z", "New")):
        with refused("log.reader", name="Eva"):
            played(("eva", decision), state=LED)
    with refused("log.reader", name="Eva"):
        played(("eva", Undo(4)), state=LED)


def test_a_coder_takes_back_what_they_did_and_a_lead_what_anyone_did() -> None:
    own, others = 6, 4  # Bo coded A1, Anna coded A1 and A2
    with refused("log.undo_others", no=others):
        played(("bo", Undo(others)), state=LED)
    with refused("log.undo_others", no=LED.no):
        played(("bo", Undo(LED.no)), state=LED)
    assert not played(("bo", Undo(own)), state=LED).coded_answers("bo")
    assert not played(("anna", Undo(own)), state=LED).coded_answers("bo")
