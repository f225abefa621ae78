"""What the decision log says at one moment: the coders, the codebook, the codings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from coder.model import (
    Act,
    Code,
    CoderRole,
    Coding,
    LogEntry,
    Mark,
    OpenRound,
    Passage,
    PermitPublishing,
    Settle,
    Sheet,
    Status,
    Treatment,
)

Spans = tuple[tuple[int, int], ...]
DONE: tuple[Mark, ...] = ("done", "nothing")  # either tells that nothing more is to be coded


@dataclass(frozen=True)
class State:
    """What the log says. It never changes.

    ``answers`` are the ids that can be coded; ``coders`` gives names by id; ``codes`` the codes
    there are by id, siblings in the order of the codebook; ``codings`` the code ids by (coder,
    answer), never empty; ``spans`` the segments by (coder, answer, code), where a code is not on
    all of the answer; ``marks`` and ``memos`` what a coder notes of an answer, by (coder, answer);
    ``statuses`` why what was written is no answer, None where somebody has decided that it is
    one; ``treatments`` what is done with finds of personal data, by the find's id. ``acted`` has
    every act by which codes were given or refused, with its coder, in order, as if the codes had
    always been those they are now; ``apart`` the pairs of answers that belong apart; ``used`` the
    codes of all acts; ``undone`` the numbers of the entries that count as never made; ``roles``
    what persons may do who have been told (see ``role``); ``rounds`` all there have been by id,
    ``closed`` those that are over; ``settled`` how each answer was settled last; ``sheets`` what
    is written of categories, by code; ``passages`` the marked parts of answers, in order;
    ``publishing`` what a lead said last of how answers may leave, None: nothing yet.

    ``firsts`` and ``seconds`` have, for each round of coding again, by its id, a state of its own
    with the whole codebook and no log: how its answers were coded when it was opened, and what was
    decided of them in it, each by the coder they were drawn for. ``anew`` is the round of which
    the second counts as the coding here: in the state that a coder of it sees; empty in any other.
    """

    answers: frozenset[str]
    log: tuple[LogEntry, ...] = ()
    coders: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Code] = field(default_factory=dict)
    codings: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    spans: Mapping[tuple[str, str, str], Spans] = field(default_factory=dict)
    marks: Mapping[tuple[str, str], tuple[Mark, ...]] = field(default_factory=dict)
    memos: Mapping[tuple[str, str], str] = field(default_factory=dict)
    statuses: Mapping[str, Status | None] = field(default_factory=dict)
    treatments: Mapping[str, Treatment] = field(default_factory=dict)
    acted: tuple[tuple[str, Act], ...] = ()
    apart: tuple[tuple[str, str], ...] = ()
    used: frozenset[str | None] = frozenset()
    undone: frozenset[int] = frozenset()
    roles: Mapping[str, CoderRole] = field(default_factory=dict)
    rounds: Mapping[str, OpenRound] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()
    settled: Mapping[str, Settle] = field(default_factory=dict)
    sheets: Mapping[str, Sheet] = field(default_factory=dict)
    passages: Mapping[str, tuple[Passage, ...]] = field(default_factory=dict)
    publishing: PermitPublishing | None = None
    firsts: Mapping[str, State] = field(default_factory=dict)
    seconds: Mapping[str, State] = field(default_factory=dict)
    anew: str = ""

    def beginning(self) -> State:
        """What the same log said before its first entry."""
        return State(self.answers, anew=self.anew)

    @property
    def no(self) -> int:
        """The number of the last entry, 0 before the first."""
        return self.log[-1].no if self.log else 0

    def role(self, coder: str | None) -> CoderRole:
        """What this person may do: all are leads until somebody has been given a role.

        After that, whoever has none is a coder.
        """
        return self.roles.get(coder or "", "coder") if self.roles else "lead"

    def open_rounds(self) -> list[OpenRound]:
        """The rounds that are not over, oldest first."""
        return [each for id, each in self.rounds.items() if id not in self.closed]

    def round_of(self, coder: str | None) -> OpenRound | None:
        """The open round in which this coder codes, or None; there is at most one."""
        return next((each for each in self.open_rounds() if coder in each.coders), None)

    def children(self, parent: str | None = None) -> list[Code]:
        """The codes right under this one (None: at the top), in the order of the codebook."""
        return [code for code in self.codes.values() if code.parent == parent]

    def ordered(self, parent: str | None = None) -> list[Code]:
        """The codes below this one (None: all), each before those under it, as they are read."""
        found = []
        for code in self.children(parent):
            found += [code, *self.ordered(code.id)]
        return found

    def usable(self) -> list[Code]:
        """The codes that can be given: neither headings nor retired, in the codebook's order."""
        return [code for code in self.codes.values() if code.codable and not code.retired]

    def path(self, code: str) -> str:
        """The label of a code with those above it, from the top."""
        labels = []
        at: str | None = code
        while at is not None:
            labels.append(self.codes[at].label)
            at = self.codes[at].parent
        return " › ".join(reversed(labels))

    def all_codings(self) -> list[Coding]:
        """Every coding, by coder and answer."""
        return [
            Coding(answer, code, coder, self.spans.get((coder, answer, code), ()))
            for (coder, answer), codes in self.codings.items()
            for code in codes
        ]

    def answers_of(self, code: str, coder: str | None = None) -> list[str]:
        """The answers that have this code from the coder (None: from any), in order of id."""
        return sorted(
            {
                answer
                for (who, answer), codes in self.codings.items()
                if code in codes and coder in (None, who)
            }
        )

    def set_aside(self) -> set[str]:
        """What was written and is, as somebody decided, no answer: nothing that can be coded."""
        return {answer for answer, status in self.statuses.items() if status}

    def acts(self, coder: str | None = None) -> list[Act]:
        """The acts of the coder (None: of all), in order."""
        return [act for who, act in self.acted if coder in (None, who)]

    def coded_answers(self, coder: str | None = None) -> set[str]:
        """The answers that have any code from the coder (None: from any)."""
        return {answer for who, answer in self.codings if coder in (None, who)}

    def marked(self, mark: Mark, coder: str | None = None) -> set[str]:
        """The answers that have this mark from the coder (None: from any)."""
        return {
            a for (who, a), marks in self.marks.items() if mark in marks and coder in (None, who)
        }

    def done_answers(self, coder: str | None = None) -> set[str]:
        """The answers that the coder (None: any) is done with: marked so, or nothing applies."""
        return self.marked("done", coder) | self.marked("nothing", coder)

    def dealt_with(self, coder: str | None = None) -> set[str]:
        """The answers that the coder (None: any) has coded or is done with."""
        return self.coded_answers(coder) | self.done_answers(coder)

    def disputed(self) -> set[str]:
        """The answers that coders who have dealt with them coded differently."""
        sets: dict[str, set[frozenset[str]]] = {}
        closed = {(who, answer) for (who, answer), m in self.marks.items() if set(m) & set(DONE)}
        for who, answer in {*self.codings, *closed}:
            codes = frozenset(self.codings.get((who, answer), ()))
            sets.setdefault(answer, set()).add(codes)
        return {answer for answer, found in sets.items() if len(found) > 1}
