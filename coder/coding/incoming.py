"""Codes and codings that were made elsewhere, as decisions; what can't be taken is told by row."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from coder.coding.state import State
from coder.model import ApplyCode, CreateCode, Decision, ReviseCode


@dataclass(frozen=True)
class Refusal:
    """A row that can't be taken, and why: the key of a sentence and its parameters."""

    row: int
    key: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Incoming:
    """What a file would change: decisions, each with the name of who makes it (empty: who imports).

    ``refusals`` are rows that can't be taken; if there are any, nothing is to be done. ``there`` is
    how many codings of the file are there already.
    """

    decisions: tuple[tuple[str, Decision], ...] = ()
    refusals: tuple[Refusal, ...] = ()
    there: int = 0


class SomeCode(Protocol):
    """A code as a file has it; ``parent`` is its place in the list, None at the top."""

    @property
    def row(self) -> int: ...
    @property
    def label(self) -> str: ...
    @property
    def definition(self) -> str: ...
    @property
    def include(self) -> str: ...
    @property
    def exclude(self) -> str: ...
    @property
    def colour(self) -> str: ...
    @property
    def codable(self) -> bool: ...
    @property
    def parent(self) -> int | None: ...


def codes_incoming(state: State, codes: Sequence[SomeCode], new_id: Callable[[], str]) -> Incoming:
    """The codes of a file as new codes, those above first.

    Refused is a code without a name, and one whose name is there already, in the codebook or
    earlier in the file: nothing that exists is changed.
    """
    taken = {_folded(code.label) for code in state.codes.values()}
    ids = [new_id() for _ in codes]
    decisions: list[tuple[str, Decision]] = []
    refusals: list[Refusal] = []
    for id, code in zip(ids, codes, strict=True):
        folded = _folded(code.label)
        if not folded:
            refusals.append(Refusal(code.row, "codes.no_label", {"row": code.row}))
        elif folded in taken:
            said = {"row": code.row, "label": code.label}
            refusals.append(Refusal(code.row, "codes.exists", said))
        taken.add(folded)
        parent = None if code.parent is None else ids[code.parent]
        decisions += [("", each) for each in _decisions(id, code, parent)]
    return Incoming(tuple(decisions), tuple(refusals))


def _decisions(id: str, code: SomeCode, parent: str | None) -> list[Decision]:
    made: list[Decision] = [CreateCode(id, code.label, code.definition, parent, code.codable)]
    if code.include or code.exclude or code.colour:
        revised = ReviseCode(
            id,
            include=code.include or None,
            exclude=code.exclude or None,
            colour=code.colour or None,
        )
        made.append(revised)
    return made


def codings_incoming(state: State, rows: Sequence[tuple[int, str, str, str]]) -> Incoming:
    """Codings of a file as decisions of their coders: one for each coder and code, in order.

    rows : row, answer, code (its id or label), coder (a name). What is coded so already is left;
    nothing is taken off. Refused is a row with an answer or code that is not there, or a heading,
    or without a coder.
    """
    by_label = {_folded(code.label): code.id for code in state.codes.values()}
    ids = {_folded(name): who for who, name in state.coders.items()}
    names: dict[str, str] = {}
    given: dict[tuple[str, str], dict[str, None]] = {}
    refusals: list[Refusal] = []
    there = 0
    for row, answer, written, coder in rows:
        code = written if written in state.codes else by_label.get(_folded(written), "")
        refusal = _refusal(state, row, answer, written, code, coder)
        if refusal:
            refusals.append(refusal)
            continue
        who = ids.get(_folded(coder), "")
        name = names.setdefault(_folded(coder), " ".join(coder.split()))
        answers = given.setdefault((name, code), {})
        if answer in answers or code in state.codings.get((who, answer), ()):
            there += 1
        else:
            answers[answer] = None
    decisions = [(who, ApplyCode(code, tuple(new))) for (who, code), new in given.items() if new]
    return Incoming(tuple(decisions), tuple(refusals), there)


def _refusal(
    state: State, row: int, answer: str, written: str, code: str, coder: str
) -> Refusal | None:
    if answer not in state.answers:
        return Refusal(row, "codings.no_answer", {"row": row, "answer": answer})
    if not code:
        return Refusal(row, "codings.no_code", {"row": row, "code": written})
    if not state.codes[code].codable:
        return Refusal(row, "codings.heading", {"row": row, "code": written})
    if not coder.strip():
        return Refusal(row, "codings.no_coder", {"row": row})
    return None


def coders_of(rows: Collection[tuple[int, str, str, str]]) -> list[str]:
    """The names of the coders of a file, each once."""
    return list(dict.fromkeys(" ".join(coder.split()) for *_, coder in rows))


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
