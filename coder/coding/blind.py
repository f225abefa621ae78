"""What one person sees of the log while rounds are blind.

``look`` gives a state from a log in which whatever others decided of hidden answers is left out.
Numbers, times and coders stay, so that everything that follows from a log follows from this one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from coder.coding.again import drawn
from coder.coding.log import advance
from coder.coding.state import State
from coder.coding.without import without
from coder.model import LogEntry, Undo

Again = Mapping[str, tuple[int, frozenset[str]]]  # as ``coding.again.drawn`` gives it


@dataclass(frozen=True)
class Sight:
    """What somebody sees (``state``) of what is the case (``whole``), without the ``hidden``.

    ``again`` tells who codes again (see ``coding.again``).
    """

    whole: State
    hidden: frozenset[str]
    state: State
    again: Again = field(default_factory=dict)


def hidden_from(state: State, viewer: str | None) -> frozenset[str]:
    """The answers of which this person may not see what others decided; None: nobody known.

    Those of every open blind round. A test is blind only to those who take it, and coding again to
    each coder for the answers drawn for him or her.
    """
    found: set[str] = set()
    for each in state.open_rounds():
        if each.again:
            found.update(each.answers if viewer is None else each.of(viewer))
        elif each.blind and (not each.test or viewer is None or viewer in each.coders):
            found.update(each.answers)
    return frozenset(found)


def look(whole: State, viewer: str | None, before: Sight | None = None) -> Sight:
    """What this person sees. before : an earlier look, so that only what is new is read.

    Who codes again sees the answers as if they had never been coded: not their own first coding
    either. Until the round is closed only they see the second.
    """
    if before and before.whole is whole:
        return before
    hidden, again = hidden_from(whole, viewer), drawn(whole)
    if not hidden and not again:
        return Sight(whole, hidden, whole)
    before_is = before and (before.whole.answers, before.hidden, before.again)
    goes_on = before_is == (whole.answers, hidden, again)
    start = before.state if before and goes_on else _beginning(whole, viewer)
    eyes = _Eyes(viewer, hidden, again)
    entries = [eyes.seen(each, whole.log) for each in whole.log[start.no :]]
    return Sight(whole, hidden, advance(start, entries), again)


def _beginning(whole: State, viewer: str | None) -> State:
    own = whole.round_of(viewer)
    return State(whole.answers, anew=own.round if own and own.again else "")


@dataclass(frozen=True)
class _Eyes:
    """Who looks, of which answers others' decisions are hidden from them, and who codes again."""

    viewer: str | None
    hidden: frozenset[str]
    again: Again

    def seen(self, entry: LogEntry, log: tuple[LogEntry, ...]) -> LogEntry:
        """The entry as this person sees it: without what is hidden of it."""
        hidden = self._hidden_in(entry)
        if entry.coder == self.viewer and not hidden:
            return entry
        about = entry
        while isinstance(about.decision, Undo):
            about = log[about.decision.no - 1]
        decision = without(entry.decision, hidden)
        hidden |= self._hidden_in(about)
        told = decision == entry.decision and without(about.decision, hidden) == about.decision
        return entry if told else replace(entry, decision=decision, why="", id="")

    def _hidden_in(self, entry: LogEntry) -> frozenset[str]:
        """Of others what is hidden and their second coding; of one's own the first coding."""
        opened, answers = self.again.get(entry.coder, (0, frozenset()))
        if entry.coder == self.viewer:
            return answers if entry.no < opened else frozenset()
        return self.hidden | answers if entry.no > opened else self.hidden
