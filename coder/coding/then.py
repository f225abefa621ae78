"""The codebook and the codings as they were, beside what they are now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from coder.coding.log import merged_into
from coder.coding.state import State
from coder.model import Code

Since = Literal["new", "merged", "gone", "renamed", "revised", "moved", "retired", "returned"]


@dataclass(frozen=True)
class CodeThen:
    """A code then and now, None where it was not there, and what has become of it since.

    ``into`` is the code of now that it was merged into. The counts are of answers, by any coder;
    what is set aside is no answer.
    """

    code: str
    then: Code | None
    now: Code | None
    answers_then: int
    answers_now: int
    since: tuple[Since, ...]
    into: str | None = None


@dataclass(frozen=True)
class CodingThen:
    """The codes of one answer by one coder, then and now; empty where there were none."""

    answer: str
    coder: str
    then: tuple[str, ...]
    now: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Whether these are the same codes, whatever they are called."""
        return set(self.then) == set(self.now)


def codebook_then(then: State, now: State) -> list[CodeThen]:
    """Every code that was there then, in the order of its codebook, and those that came since."""
    merged = merged_into(now.log)
    counts = _counts(then), _counts(now)
    return [
        CodeThen(
            code,
            then.codes.get(code),
            now.codes.get(code),
            counts[0].get(code, 0),
            counts[1].get(code, 0),
            tuple(_since(then.codes.get(code), now.codes.get(code), code in merged)),
            merged.get(code),
        )
        for code in dict.fromkeys([*then.codes, *now.codes])
    ]


def codings_then(then: State, now: State) -> list[CodingThen]:
    """The coding of every answer that had or has any, by answer and coder."""
    before, after = _codings(then), _codings(now)
    return [
        CodingThen(answer, coder, before.get((answer, coder), ()), after.get((answer, coder), ()))
        for answer, coder in sorted({*before, *after})
    ]


def _since(then: Code | None, now: Code | None, is_merged: bool) -> Iterator[Since]:
    if then is None:
        yield "new"
    elif now is None:
        yield "merged" if is_merged else "gone"
    else:
        if now.label != then.label:
            yield "renamed"
        if (now.definition, now.include, now.exclude) != (
            then.definition,
            then.include,
            then.exclude,
        ):
            yield "revised"
        if now.parent != then.parent:
            yield "moved"
        if now.retired != then.retired:
            yield "retired" if now.retired else "returned"


def _codings(state: State) -> dict[tuple[str, str], tuple[str, ...]]:
    """The codes by (answer, coder), without what is set aside."""
    aside = state.set_aside()
    return {(a, coder): codes for (coder, a), codes in state.codings.items() if a not in aside}


def _counts(state: State) -> dict[str, int]:
    """How many answers have each code, from any coder."""
    having: dict[str, set[str]] = {}
    for (answer, _), codes in _codings(state).items():
        for code in codes:
            having.setdefault(code, set()).add(answer)
    return {code: len(answers) for code, answers in having.items()}
