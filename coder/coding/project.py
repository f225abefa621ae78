"""The codebook and the codings of a project made elsewhere, as decisions of its coders."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from coder.coding.incoming import Refusal, SomeCode
from coder.coding.state import State
from coder.model import (
    AddCoder,
    ApplyCode,
    CodeSegment,
    CreateCode,
    Decision,
    ReviseCode,
    WriteMemo,
)


class Given(NamedTuple):
    """A coding of the file: its number, answer, place of the code, coder's name, and segment.

    ``span`` is in code points of the answer as it was written; None: all of it.
    """

    no: int
    answer: str
    code: int
    coder: str
    span: tuple[int, int] | None


class GivenNote(NamedTuple):
    """What is noted in the file of an answer, by this coder, or of a code, by its place."""

    answer: str | None
    code: int | None
    coder: str
    text: str


@dataclass(frozen=True)
class ProjectIncoming:
    """What a project would change, each decision with the id of who makes it.

    ``codes`` and ``codings`` are how many are new, ``there`` how many codings were there already.
    ``notes`` are how many become memos; ``left`` those of which there is another memo already.
    What can't be taken is in ``refusals``; the rest can.
    """

    decisions: tuple[tuple[str, Decision], ...]
    codes: int
    codings: int
    there: int
    refusals: tuple[Refusal, ...]
    notes: int = 0
    left: int = 0


def project_incoming(
    state: State,
    codes: Sequence[SomeCode],
    known: Mapping[int, str],
    given: Sequence[Given],
    by: str,
    new_id: Callable[[], str],
    single: frozenset[str] = frozenset(),
    notes: Sequence[GivenNote] = (),
) -> ProjectIncoming:
    """The decisions that bring a project's codes and codings in, and what can't be taken.

    known : the codes of the study that codes of the file are known to be, by place; others are
    known by their names. by : the name of who makes new codes. single : the answers that may have
    one code only. Nothing that exists is changed: a code keeps its description, and what a coder
    has coded here stays as it is.
    """
    making = _Making(state, {}, new_id)
    making.codes(codes, known, {each.code for each in given}, by)
    new_codes = len(making.created)
    making.codings(codes, given, single)
    taken, left = making.notes(notes, by)
    return ProjectIncoming(
        tuple(making.decisions),
        new_codes,
        making.new,
        making.there,
        tuple(making.refusals),
        taken,
        left,
    )


@dataclass
class _Making:
    state: State
    ids: dict[int, str]  # of codes, by place
    new_id: Callable[[], str]
    decisions: list[tuple[str, Decision]] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    created: dict[str, bool] = field(default_factory=dict)  # whether each new code can be given
    joined: dict[str, str] = field(default_factory=dict)
    new: int = 0
    there: int = 0

    def codes(
        self, codes: Sequence[SomeCode], known: Mapping[int, str], used: set[int], by: str
    ) -> None:
        """Find each code among those of the study, or create it; those above come first.

        A heading that the file gives to answers is none.
        """
        by_label = {_folded(each.label): each.id for each in self.state.codes.values()}
        taken = set(by_label)
        for place, code in enumerate(codes):
            label = " ".join(code.label.split())
            there = known.get(place) or by_label.pop(_folded(label), "")
            if there:
                self.ids[place] = there
            elif not label:
                self.refusals.append(Refusal(code.row, "project.no_label", {"no": code.row}))
            else:
                above = None if code.parent is None else codes[code.parent].label
                label = _free(label, above, taken)
                self._create(place, code, label, code.codable or place in used, by)
            taken.add(_folded(label))

    def _create(self, place: int, code: SomeCode, label: str, codable: bool, by: str) -> None:
        self.ids[place] = id = self.new_id()
        self.created[id] = codable
        parent = None if code.parent is None else self.ids.get(code.parent)
        who = self.coder(by)
        self.decisions.append((who, CreateCode(id, label, code.definition, parent, codable)))
        if code.colour:
            self.decisions.append((who, ReviseCode(id, colour=code.colour)))

    def codings(
        self, codes: Sequence[SomeCode], given: Sequence[Given], single: frozenset[str]
    ) -> None:
        """Codes on whole answers first: a segment of one that has the code says nothing more."""
        whole: dict[tuple[str, str], dict[str, None]] = {}
        segments: dict[tuple[str, str, str], set[tuple[int, int]]] = {}
        has: dict[tuple[str, str], set[str]] = {}
        for each in sorted(given, key=lambda each: each.span is not None):
            refusal = self._refusal(codes, each)
            if refusal:
                self.refusals.append(refusal)
                continue
            who, code = self.coder(each.coder), self.ids[each.code]
            own = has.setdefault(
                (who, each.answer), set(self.state.codings.get((who, each.answer), ()))
            )
            if own - {code} and each.answer in single:
                params = {"no": each.no, "answer": each.answer}
                self.refusals.append(Refusal(each.no, "project.one_code", params))
                continue
            here = self.state.spans.get((who, each.answer, code), ())
            is_here = code in self.state.codings.get((who, each.answer), ())
            spans = segments.setdefault((who, each.answer, code), set())
            is_whole = each.answer in whole.get((who, code), ())
            own.add(code)
            if is_whole or (is_here and (each.span is None or not here or each.span in here)):
                self.there += 1
            elif each.span is None:
                whole.setdefault((who, code), {})[each.answer] = None
                self.new += 1
            elif each.span in spans:
                self.there += 1
            else:
                spans.add(each.span)
                self.new += 1
        for (who, code), answers in whole.items():
            self.decisions.append((who, ApplyCode(code, tuple(answers))))
        for (who, answer, code), spans in segments.items():
            for start, end in sorted(spans):
                self.decisions.append((who, CodeSegment(code, answer, start, end)))

    def notes(self, notes: Sequence[GivenNote], by: str) -> tuple[int, int]:
        """Notes as memos; several of one answer by one coder, or of one code, are one memo.

        A memo that is here stays as it is. Returns how many notes were taken, and how many not.
        """
        told: dict[tuple[str, str], dict[str, None]] = {}
        for each in notes:
            if each.answer is not None:
                key = self.coder(each.coder or by), each.answer
                told.setdefault(key, {})[each.text] = None
            elif each.code in self.ids:
                told.setdefault(("", self.ids[each.code]), {})[each.text] = None
        taken = left = 0
        for (who, about), texts in told.items():
            there = self._memo(who, about)
            new = [text for text in texts if text not in there]
            if there:
                left += len(new)
            else:
                taken += len(new)
                self.decisions.append(self._noted(who, about, "\n\n".join(new), by))
        return taken, left

    def _memo(self, who: str, about: str) -> str:
        if who:
            return self.state.memos.get((who, about), "")
        code = self.state.codes.get(about)
        return code.memo if code else ""

    def _noted(self, who: str, about: str, text: str, by: str) -> tuple[str, Decision]:
        if who:
            return who, WriteMemo(about, text)
        return self.coder(by), ReviseCode(about, memo=text)

    def _refusal(self, codes: Sequence[SomeCode], each: Given) -> Refusal | None:
        code = self.ids.get(each.code, "")
        params = {"no": each.no, "answer": each.answer, "code": codes[each.code].label}
        if not code:
            return Refusal(each.no, "project.no_code", params)
        there = self.state.codes.get(code)
        if there and not there.codable:
            return Refusal(each.no, "project.heading", params)
        if not each.coder:
            return Refusal(each.no, "project.no_coder", params)
        return None

    def coder(self, name: str) -> str:
        """The id of the coder with this name, who joins if new."""
        plain = " ".join(name.split())
        if not self.joined:
            self.joined = {_folded(known): who for who, known in self.state.coders.items()}
        if _folded(plain) not in self.joined:
            self.joined[_folded(plain)] = who = self.new_id()
            self.decisions.append((who, AddCoder(who, plain)))
        return self.joined[_folded(plain)]


def _free(label: str, above: str | None, taken: set[str]) -> str:
    """A label that no other code has: with that of the code above after it, and then a number."""
    if _folded(label) not in taken:
        return label
    plain = f"{label} ({' '.join(above.split())})" if above and above.strip() else label
    found, no = plain, 1
    while _folded(found) in taken:
        no += 1
        found = f"{plain} ({no})"
    return found


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
