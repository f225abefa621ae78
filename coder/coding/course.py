"""The course of the work: when each answer was dealt with first, and when categories came up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from coder.coding.again import counted
from coder.coding.log import merged_into, standing
from coder.coding.state import State
from coder.model import (
    AcceptGroup,
    ApplyCode,
    CodeSegment,
    ConfirmProposal,
    Decision,
    MarkAnswers,
    MoveAnswers,
    SplitCode,
)


@dataclass(frozen=True)
class First:
    """When an answer that is dealt with now was so first, and which codes came up with it."""

    answer: str
    at: datetime
    new: tuple[str, ...]


def firsts(state: State, coder: str | None = None) -> list[First]:
    """The answers that the coder (None: any) has dealt with, in the order in which that began.

    A code comes up with the first answer that has it; one that was merged into another is that
    other one, as if it had always been.
    """
    now, into = state.dealt_with(coder) - state.set_aside(), merged_into(state.log)
    codes: set[str] = set()
    found: dict[str, First] = {}
    for entry in counted(standing(state.log), state.anew):
        given = _given(entry.decision) if coder in (None, entry.coder) else ()
        for answer, code in given:
            if answer in now:
                last = into.get(code, code) if code else None
                new = () if last is None or last in codes else (last,)
                codes.update(new)
                first = found.get(answer, First(answer, entry.at, ()))
                found[answer] = First(answer, first.at, (*first.new, *new))
    return list(found.values())


def saturation(course: Iterable[First], step: int = 10) -> Iterator[tuple[int, int, int]]:
    """For every ``step`` answers dealt with: how many by then, new codes in them, codes by then."""
    answers = new = codes = 0
    for first in course:
        answers, new, codes = answers + 1, new + len(first.new), codes + len(first.new)
        if answers % step == 0:
            yield answers, new, codes
            new = 0
    if answers % step:
        yield answers, new, codes


def _given(decision: Decision) -> Iterator[tuple[str, str | None]]:
    """Each answer that the decision deals with, and the code it gets; None: it is done with."""
    match decision:
        case ConfirmProposal(code=code, answers=answers) | AcceptGroup(code=code, answers=answers):
            yield from ((answer, code) for answer in answers)
        case ApplyCode(code, answers) | MoveAnswers(answers=answers, target=code):
            yield from ((answer, code) for answer in answers)
        case CodeSegment(code, answer):
            yield answer, code
        case SplitCode(parts=parts):
            yield from ((answer, part.code) for part in parts for answer in part.answers)
        case MarkAnswers(answers, "done" | "nothing", True):
            yield from ((answer, None) for answer in answers)
