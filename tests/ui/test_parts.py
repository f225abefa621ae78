"""What the pages say of a decision, and that text stays text in a label."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coder.coding.log import State, advance
from coder.coding.lookup import labels
from coder.i18n import Language, load_texts
from coder.model import (
    AcceptGroup,
    AddCoder,
    ApplyCode,
    Assigned,
    CloseRound,
    CodeSegment,
    ConfirmProposal,
    CreateCode,
    Decision,
    Hidden,
    LogEntry,
    MarkAnswers,
    MarkPart,
    MergeCodes,
    MoveAnswers,
    MoveCode,
    OpenRound,
    PermitPublishing,
    RejectGroup,
    RemoveCode,
    RetireCode,
    ReviseCode,
    SetApart,
    SetRole,
    SetStatus,
    Settle,
    SplitCode,
    SplitPart,
    TreatFinds,
    Turn,
    UncodeSegment,
    Undo,
    UnmarkPart,
    WriteMemo,
    WriteSheet,
)
from coder.ui import parts, session

ANSWERS = ("R1", "R2", "R3", "R4")
# A decision of every kind, and what is said of it.
SAID: tuple[tuple[Decision, str, str], ...] = (
    (AddCoder("k", "Anna"), "Anna kom med som koder", "Anna joined as a coder"),
    (CreateCode("a", "Å"), "Oprettede kategorien »Å«", "Created the category “Å”"),
    (CreateCode("b", "B"), "Oprettede kategorien »B«", "Created the category “B”"),
    (
        ConfirmProposal("c", "Job", ANSWERS, "p", "fake"),
        "Bekræftede et forslag som »Job« (4 svar)",
        "Confirmed a proposal as “Job” (4 answers)",
    ),
    (ReviseCode("a", "Å", "Ny"), "Rettede en kategori til »Å«", "Revised a category to “Å”"),
    (ApplyCode("a", ("R1",)), "Kodede R1 som »Å«", "Coded R1 as “Å”"),
    (RemoveCode("a", ("R1",)), "Tog R1 ud af »Å«", "Took R1 out of “Å”"),
    (
        MoveAnswers(("R1", "R2"), "c", "b"),
        "Flyttede R1, R2 fra »Job« til »B«",
        "Moved R1, R2 from “Job” to “B”",
    ),
    (MergeCodes("c", "b"), "Lagde »Job« ind under »B«", "Merged “Job” into “B”"),
    (SetStatus(("R1",), "noise"), "Satte R1 til »Uden mening«", "Set R1 to “Noise”"),
    (SetStatus(("R1",), None), "Satte R1 til »Svar«", "Set R1 to “Answer”"),
    (
        TreatFinds(("f1", "f2"), "drop"),
        "Gennemgik 2 fund af personoplysninger: fjernet",
        "Reviewed 2 finds of personal data: left out",
    ),
    (
        AcceptGroup(Turn(("R3", "R4"), "a", ("a",), (0.9, 0.8)), "a", ("R3",), ("R4",)),
        "Godkendte R3 som »Å«",
        "Accepted R3 as “Å”",
    ),
    (
        RejectGroup(Turn(("R3", "R4"), "a")),
        "Afviste de viste svar",
        "Turned down the answers shown",
    ),
    (SetApart("R1", "R2"), "Skilte R1 og R2 ad", "Set R1 and R2 apart"),
    (MoveCode("a", "b"), "Flyttede »Å« i kodebogen", "Moved “Å” in the codebook"),
    (RetireCode("a"), "Tog »Å« ud af brug", "Retired “Å”"),
    (RetireCode("a", False), "Tog »Å« i brug igen", "Brought “Å” back into use"),
    (
        SplitCode("a", (SplitPart("e", "Ude", ("R3",)), SplitPart("i", "Inde", ()))),
        "Delte »Å« og oprettede »Ude«, »Inde«",
        "Split “Å” and created “Ude”, “Inde”",
    ),
    (
        CodeSegment("a", "R1", 2, 5),
        "Kodede et sted i R1 som »Å«",
        "Coded a segment of R1 as “Å”",
    ),
    (
        UncodeSegment("a", "R1", 2, 5),
        "Tog »Å« af et sted i R1",
        "Took “Å” off a segment of R1",
    ),
    (
        MarkAnswers(("R1",), "discuss"),
        "Mærkede R1 »skal drøftes«",
        "Marked R1 “to be discussed”",
    ),
    (
        MarkAnswers(("R1",), "discuss", False),
        "Fjernede mærket »skal drøftes« fra R1",
        "Took the mark “to be discussed” from R1",
    ),
    (WriteMemo("R1", "Se R2"), "Skrev et notat til R1", "Wrote a memo on R1"),
    (ReviseCode("a", include="gåture"), "Rettede en kategori til »Å«", "Revised a category to “Å”"),
    (
        WriteSheet("a", benefit="Ro [R1]"),
        "Skrev i kategoriarket for »Å«",
        "Wrote in the sheet of “Å”",
    ),
    (
        MarkPart("R1", "target_group", 0, 4),
        "Mærkede et sted i R1 som målgruppe",
        "Marked a passage of R1 as target group",
    ),
    (
        UnmarkPart("R1", "target_group", 0, 4),
        "Fjernede mærket målgruppe fra et sted i R1",
        "Took the mark target group off a passage of R1",
    ),
    (SetRole("k", "lead"), "Gav Anna rollen leder", "Gave Anna the role lead"),
    (
        OpenRound("r", "Første runde", (Assigned("k", ("R1", "R2")),)),
        "Åbnede runden »Første runde«",
        "Opened the round “Første runde”",
    ),
    (CloseRound("r"), "Lukkede runden »Første runde«", "Closed the round “Første runde”"),
    (
        Settle(("R1",), ("b",), "slip"),
        "Afklarede R1 som »B«: en smutter",
        "Settled R1 as “B”: a slip",
    ),
    (
        PermitPublishing("anonymous"),
        "Bestemte, hvordan svarene må komme ud: uden navne",
        "Decided how answers may leave: without names",
    ),
    (Hidden(), "Skjult, mens runden er blind", "Hidden while the round is blind"),
    (Undo(2), "Fortrød beslutning nr. 2", "Undid decision no. 2"),
)


def entries() -> list[LogEntry]:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return [LogEntry(no, at, "k", decision) for no, (decision, *_) in enumerate(SAID, 1)]


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch) -> State:
    """The state after all of these but the undo, as the pages' study."""
    state = advance(State(frozenset(ANSWERS)), entries()[:-1])
    study = SimpleNamespace(state=state, labels=lambda: labels(state))
    monkeypatch.setattr(session, "study", lambda: study)
    return state


@pytest.mark.usefixtures("state")
@pytest.mark.parametrize("no", range(len(SAID)))
@pytest.mark.parametrize(("language", "column"), [("da", 1), ("en", 2)])
def test_every_decision_is_a_sentence(no: int, language: Language, column: int) -> None:
    assert parts.describe(entries()[no], load_texts(language)) == SAID[no][column]


def test_no_kind_of_decision_is_forgotten_here() -> None:
    assert {type(decision) for decision, *_ in SAID} == set(get_args(Decision))


@pytest.mark.usefixtures("state")
def test_a_decision_is_told_with_the_name_of_today() -> None:
    """The merged category is no more, so its last known name is used."""
    entry = entries()[8]
    assert "»Job«" in parts.describe(entry, load_texts("da"))


# --- plain -------------------------------------------------------------------------------------

# These start or end something within a line of Markdown, wherever they stand.
WITHIN_A_LINE = "\\`*[]~$"
# These mean something only where a line begins.
AT_THE_START = "#>+-"


def read(escaped: str) -> str:
    """What a reader of Markdown makes of backslashes before punctuation."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", escaped).replace("\u2060", "")


@given(st.text(st.characters(exclude_characters="\u2060")))
def test_plain_can_be_read_back(text: str) -> None:
    assert read(parts.plain(text)) == text


@given(st.text(alphabet=f"{WITHIN_A_LINE}ab "))
def test_no_special_character_stands_alone(text: str) -> None:
    pairs = r"\\[!-/:-@\[-`{-~]"
    left = re.sub(pairs, "", parts.plain(text))
    assert not set(left) & set(WITHIN_A_LINE)


@pytest.mark.parametrize(
    "name",
    [
        "Børn & Unge",
        "Nr. Aaby-Ejby (afd. 1)",
        "Tilbud: nyt",
        "q01_b",
        "< 10 km",
        "a/b, c; d",
        "1.2.",
    ],
)
def test_an_ordinary_name_has_no_backslash(name: str) -> None:
    assert parts.plain(name) == name


@pytest.mark.parametrize(
    "markup",
    ["_a_", "a _b_ c", "&amp;", "&#38;", "<b>", "</b>", "<!--", ":red[a]", ":smile:", "a:"],
)
def test_signs_that_mean_something_here_do_not_stand_alone(markup: str) -> None:
    escaped = parts.plain(markup)
    assert read(escaped) == markup
    assert not re.search(r"(?<!\\)[_<&:]", escaped)


@given(st.sampled_from(AT_THE_START), st.text())
def test_nothing_begins_a_heading_list_or_quotation(first: str, rest: str) -> None:
    assert parts.plain(first + rest).startswith("\\" + first)


@given(st.integers(min_value=0, max_value=999), st.sampled_from(".)"))
def test_a_number_does_not_begin_a_list(number: int, end: str) -> None:
    assert parts.plain(f"{number}{end} a") == f"{number}\\{end} a"
