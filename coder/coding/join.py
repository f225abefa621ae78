"""Two logs of one survey, written apart, as one log.

Both may have begun as copies of one study, and may have been joined before: an entry that stands in
both counts once. The rest is put in order of time, each side in its own order, and numbered anew;
an ``Undo`` goes on meaning the entry that it meant.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from coder.coding.again import second_codings
from coder.coding.draft import Draft
from coder.coding.log import standing
from coder.errors import UserError
from coder.model import (
    AcceptGroup,
    AddCoder,
    ConfirmProposal,
    CreateCode,
    Decision,
    LogEntry,
    ReviseCode,
    SplitCode,
    Undo,
)

Side = Literal["ours", "theirs"]


@dataclass(frozen=True)
class Clash:
    """An entry that can't follow once the logs are one: its side, its number there, and why not."""

    side: Side
    no: int
    reason: UserError


@dataclass(frozen=True)
class Joined:
    """The log made of two.

    ``ours`` and ``theirs`` give the new number of each entry by the one it had; ``shared`` is how
    many stood in both, ``added`` how many only in theirs. ``renamed`` are the labels and names that
    had to be changed, old and new. With ``clashes`` the log can't be used.
    """

    log: tuple[LogEntry, ...]
    ours: Mapping[int, int]
    theirs: Mapping[int, int]
    shared: int
    added: int
    renamed: tuple[tuple[str, str], ...] = ()
    clashes: tuple[Clash, ...] = ()

    def new(self) -> list[LogEntry]:
        """The entries that stood only in theirs, in order."""
        here = set(self.ours.values())
        return [entry for entry in self.log if entry.no not in here]


def join_logs(
    answers: frozenset[str],
    ours: Sequence[LogEntry],
    theirs: Sequence[LogEntry],
    keep_both: bool = False,
) -> Joined:
    """Both logs as one. Joining in the other direction gives the same codings.

    answers : the ids that can be coded. keep_both : a code or coder called as another one gets
    `` (2)`` after its name; otherwise that is a clash.
    """
    partner = _partners(ours, theirs)
    order = _in_order(ours, theirs, partner)
    numbers: dict[Side, dict[int, int]] = {"ours": {}, "theirs": {}}
    for no, (side, entry) in enumerate(order, start=1):
        numbers[side][entry.no] = no
    numbers["theirs"] |= {there: numbers["ours"][here] for there, here in partner.items()}
    log = [
        replace(entry, no=no, decision=_renumbered(entry.decision, numbers[side]))
        for no, (side, entry) in enumerate(order, start=1)
    ]
    log, renamed, refusals = _replayed(answers, log, keep_both)
    logs: dict[Side, Sequence[LogEntry]] = {"ours": ours, "theirs": theirs}
    recounted = [
        Clash(side, no, UserError("join.recounted"))
        for side, entries in logs.items()
        for no in _recounted(entries, log, numbers[side])
    ]
    return Joined(
        log=tuple(log),
        ours=numbers["ours"],
        theirs=numbers["theirs"],
        shared=len(partner),
        added=len(theirs) - len(partner),
        renamed=tuple(renamed),
        clashes=(
            *(Clash(order[no - 1][0], order[no - 1][1].no, why) for no, why in refusals),
            *recounted,
        ),
    )


def _partners(ours: Sequence[LogEntry], theirs: Sequence[LogEntry]) -> dict[int, int]:
    """The number here of every entry of theirs that stands here as well.

    By the id that the one who posted gave it; without one, by everything that it says.
    """
    waiting: dict[object, deque[int]] = defaultdict(deque)
    for entry in ours:
        waiting[_identity(entry, entry.decision)].append(entry.no)
    found: dict[int, int] = {}
    for entry in theirs:
        decision = entry.decision
        if isinstance(decision, Undo):
            decision = Undo(found.get(decision.no, 0))  # what stands only there has no number here
        same = waiting.get(_identity(entry, decision))
        if same:
            found[entry.no] = same.popleft()
    return found


def _identity(entry: LogEntry, decision: Decision) -> object:
    return entry.id or (entry.at, entry.coder, decision, entry.why)


def _in_order(
    ours: Sequence[LogEntry], theirs: Sequence[LogEntry], partner: Mapping[int, int]
) -> list[tuple[Side, LogEntry]]:
    """All entries by time and coder; what stands in both stands where it stood here."""
    place = {partner[e.no]: at for at, e in enumerate(theirs) if e.no in partner}
    merged: list[tuple[Side, LogEntry]] = []
    passed: set[int | None] = set()
    at = 0
    for entry in ours:
        until = place.get(entry.no, 0)  # what came before it there comes before it here
        while at < len(theirs):
            here = partner.get(theirs[at].no)
            if here is None and (at < until or _is_before(theirs[at], entry)):
                merged.append(("theirs", theirs[at]))
            elif here not in passed or here is None:
                break
            at += 1
        merged.append(("ours", entry))
        passed.add(entry.no)
    left = (entry for entry in theirs[at:] if entry.no not in partner)
    return [*merged, *(("theirs", entry) for entry in left)]


def _is_before(one: LogEntry, other: LogEntry) -> bool:
    return (one.at, one.coder) < (other.at, other.coder)


def _renumbered(decision: Decision, numbers: Mapping[int, int]) -> Decision:
    """The decision, meaning the same entry by the number that it has now."""
    return Undo(numbers[decision.no]) if isinstance(decision, Undo) else decision


def _replayed(
    answers: frozenset[str], log: Sequence[LogEntry], keep_both: bool
) -> tuple[list[LogEntry], list[tuple[str, str]], list[tuple[int, UserError]]]:
    """The log with names told apart, these names, and what can't be done, with its number.

    What can't be done is left out, to see what else can't.
    """
    draft = Draft(answers)
    counts = {entry.no for entry in standing(log)}
    apart, renamed, refused = [], [], []
    for entry in log:
        decision = entry.decision
        if entry.no in counts:
            for given, name, reason in _names_taken(decision, draft):
                decision = _called(decision, given, name)
                if keep_both:
                    renamed.append((given, name))
                else:
                    refused.append((entry.no, reason))
            try:
                draft.apply(entry.coder, decision)
            except UserError as error:
                refused.append((entry.no, error))
            except ValueError:  # a code of this very id is there already
                refused.append((entry.no, UserError("join.same_id")))
        apart.append(replace(entry, decision=decision))
    return apart, renamed, refused


def _recounted(
    entries: Sequence[LogEntry], log: Sequence[LogEntry], numbers: Mapping[int, int]
) -> Iterator[int]:
    """The entries that would be a second coding in the joined log and were none, or were one."""
    left = standing(log)
    stands, after = {entry.no for entry in left}, second_codings(left)
    before = second_codings(standing(entries))
    if before or after:
        for entry in standing(entries):
            new = numbers[entry.no]
            if new in stands and before.get(entry.no) != after.get(new):
                yield entry.no


# --- names that are there already --------------------------------------------------------------


def _names_taken(decision: Decision, draft: Draft) -> Iterator[tuple[str, str, UserError]]:
    """The names that the decision gives and something else has: each with a free one, and why."""
    if isinstance(decision, AddCoder):
        others = {name for coder, name in draft.coders.items() if coder != decision.coder}
        for name, free in _taken([decision.name], others):
            yield name, free, UserError("log.coder_exists", name=name)
        return
    mine = decision.code if isinstance(decision, ReviseCode) else None
    labels = {code.label for code in draft.codes.values() if code.id != mine}
    for label, free in _taken(_labels(decision), labels):
        yield label, free, UserError("log.code_exists", label=label)


def _taken(given: Sequence[str], there: Collection[str]) -> Iterator[tuple[str, str]]:
    """What of the names is there already, each with a free one."""
    known = {_folded(each) for each in there}
    for name in given:
        if _folded(name) in known:
            tries = (f"{name} ({no})" for no in range(2, len(known) + 3))
            free = next(each for each in tries if _folded(each) not in known)
            known.add(_folded(free))
            yield name, free


def _labels(decision: Decision) -> list[str]:
    """The labels that the decision gives to codes."""
    match decision:
        case CreateCode(label=label) | ConfirmProposal(label=label):
            return [label]
        case AcceptGroup(label=str(label)) | ReviseCode(label=str(label)) if label:
            return [label]
        case SplitCode(parts=parts):
            return [part.label for part in parts]
    return []


def _called(decision: Decision, old: str, new: str) -> Decision:
    """The decision with another name for what it names so."""
    match decision:
        case AddCoder():
            return replace(decision, name=new)
        case CreateCode() | ConfirmProposal() | AcceptGroup() | ReviseCode():
            return replace(decision, label=new)
        case SplitCode(parts=parts):
            named = (replace(each, label=new) if each.label == old else each for each in parts)
            return replace(decision, parts=tuple(named))
    return decision


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
