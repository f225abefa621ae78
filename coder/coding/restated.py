"""A state said again in as few decisions as it takes, by which another log comes to the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from coder.model import (
    AddCoder,
    ApplyCode,
    Code,
    CodeSegment,
    Coding,
    CreateCode,
    Decision,
    Mark,
    MarkAnswers,
    MoveCode,
    RetireCode,
    ReviseCode,
    SetStatus,
    Settle,
    Status,
)

Decided = tuple[str, Decision]  # who, and what


def restated(
    coders: Mapping[str, str],
    codes: Sequence[Code],
    codings: Sequence[Coding],
    marks: Mapping[tuple[str, str], Sequence[Mark]],
    statuses: Mapping[str, Status | None],
    settled: Mapping[str, Settle],
) -> list[Decided]:
    """The decisions, in order, after which a new log says all of this.

    coders : names by id; whoever codes or marks is among them. marks : by (coder, answer). Of codes
    the memos, and of what is settled the notes, are not said again.
    """
    if not coders:
        return []
    first = next(iter(coders))
    return [
        *((who, AddCoder(who, name)) for who, name in coders.items()),
        *((first, each) for each in _created(codes)),
        *_coded(codings),
        *_marked(marks),
        *((first, SetStatus((answer,), status)) for answer, status in sorted(statuses.items())),
        *((first, each) for each in _settled(settled)),
        *((first, each) for each in _set_apart(codes)),
    ]


def _created(codes: Sequence[Code]) -> Iterator[Decision]:
    """All at the top and then each in its place, since a code may stand before the one above it."""
    for code in codes:
        yield CreateCode(code.id, code.label, code.definition)
    for code in codes:
        yield MoveCode(code.id, code.parent)
    for code in codes:
        if code.include or code.exclude or code.colour or code.examples:
            yield ReviseCode(
                code.id,
                include=code.include,
                exclude=code.exclude,
                colour=code.colour,
                examples=code.examples,
            )


def _coded(codings: Sequence[Coding]) -> Iterator[Decided]:
    whole: dict[tuple[str, str], list[str]] = {}
    for each in codings:
        spans = [span for span in each.spans if span[0] < span[1]]
        for start, end in spans:
            yield each.coder, CodeSegment(each.code, each.answer, start, end)
        if not spans:
            whole.setdefault((each.coder, each.code), []).append(each.answer)
    for (coder, code), answers in whole.items():
        yield coder, ApplyCode(code, tuple(sorted(answers)))


def _marked(marks: Mapping[tuple[str, str], Sequence[Mark]]) -> Iterator[Decided]:
    found: dict[tuple[str, Mark], list[str]] = {}
    for (coder, answer), noted in marks.items():
        for mark in noted:
            found.setdefault((coder, mark), []).append(answer)
    for (coder, mark), answers in sorted(found.items()):
        yield coder, MarkAnswers(tuple(sorted(answers)), mark)


def _settled(settled: Mapping[str, Settle]) -> Iterator[Decision]:
    for answer, each in sorted(settled.items()):
        yield Settle((answer,), each.codes, each.reason)


def _set_apart(codes: Sequence[Code]) -> Iterator[Decision]:
    """Last, since what can't be given any more may have been."""
    for code in codes:
        if not code.codable:
            yield ReviseCode(code.id, codable=False)
        if code.retired:
            yield RetireCode(code.id)
