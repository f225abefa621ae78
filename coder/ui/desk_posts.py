"""What the browser posts, turned into decisions.

A post comes at least once, in the order in which it was made, and carries an id by which the log
knows it again. What it says stood on the coder's screen: the answer, and what was offered for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, cast, get_args

from coder.errors import UserError
from coder.model import (
    AcceptGroup,
    CodeSegment,
    CreateCode,
    Decision,
    LogEntry,
    Mark,
    MarkAnswers,
    MoveAnswers,
    RemoveCode,
    SetStatus,
    Turn,
    UncodeSegment,
    WriteMemo,
)
from coder.study import Study

Act = Literal["give", "take", "mark", "memo", "aside", "undo", "redo"]
_OFFERED = 9  # at most so many codes are offered


@dataclass(frozen=True)
class Post:
    """One act of the coder.

    ``span`` is a place in the answer as it was shown, which had ``length`` code points; without
    one the act is about all of it. With a ``label`` the code is new. ``replaces`` is the code that
    goes when another is given, where an answer may have only one. ``offered`` stood on the screen
    as suggestions, the first with this ``chance``, made ``by`` this machine. ``again`` is the round
    of coding again in which it was decided, empty in no such round.
    """

    uid: str
    act: Act
    answer: str | None = None
    code: str = ""
    span: tuple[int, int] | None = None
    length: int = 0
    label: str = ""
    definition: str = ""
    replaces: str | None = None
    offered: tuple[str, ...] = ()
    chance: float | None = None
    by: str = ""
    mark: Mark = "done"
    on: bool = True
    text: str = ""
    again: str = ""


def read_post(given: Mapping[str, Any]) -> Post:
    """A post as it came; ``UserError`` when it is none."""
    known = {field.name for field in fields(Post)}
    values = {name: value for name, value in given.items() if name in known}
    for name in ("span", "offered"):
        if isinstance(values.get(name), list):
            values[name] = tuple(values[name])
    try:
        post = Post(**values)
    except TypeError as error:
        raise UserError("desk.not_understood") from error
    if not _is_sound(post):
        raise UserError("desk.not_understood")
    return post


def _is_sound(post: Post) -> bool:
    texts = (post.uid, post.code, post.label, post.definition, post.by, post.text, post.again)
    return (
        all(isinstance(each, str) for each in (*texts, *post.offered))
        and bool(post.uid)
        and post.act in get_args(Act)
        and post.mark in get_args(Mark)
        and isinstance(post.on, bool)
        and (post.span is None or (len(post.span) == 2 and all(type(e) is int for e in post.span)))
        and (post.answer is None or isinstance(post.answer, str))
        and (post.replaces is None or isinstance(post.replaces, str))
        and (post.chance is None or isinstance(post.chance, int | float))
        and len(post.offered) <= _OFFERED
    )


def carry_out(study: Study, coder: str, post: Post) -> LogEntry | None:
    """Write what a post decides, unless the log has it; the last entry that it comes to.

    Of an undo or a redo that is the entry taken back; None when there was none. Raises
    ``UserError`` for what can't be done.
    """
    _check_round(study, coder, post)
    if post.act == "undo":
        return study.undo(coder, id=post.uid)
    if post.act == "redo":
        return study.redo(coder, id=post.uid)
    entry = None
    for no, decision in enumerate(decisions(study, coder, post)):
        entry = study.decide(coder, decision, id=f"{post.uid}.{no}" if no else post.uid)
    return entry


def _check_round(study: Study, coder: str, post: Post) -> None:
    """What is decided while coding again is no coding, and no coding is a second one.

    So it does not become the other when a round was opened or closed before it came here.
    """
    rounds = study.state.rounds
    between = [rounds[id] for id in (post.again, study.state.anew) if id in rounds]
    concerned = post.answer is None or any(post.answer in each.of(coder) for each in between)
    if post.again != study.state.anew and concerned:
        raise UserError("desk.other_round")


def decisions(study: Study, coder: str, post: Post) -> list[Decision]:
    """The decisions that a post comes to: one, or two where the log has no single one for it."""
    answer = post.answer
    if answer is None or answer not in study.state.answers:
        raise UserError("log.no_answer", answer=answer)
    match post.act:
        case "give" if post.span:
            return [*_made(post), *_moved(post, answer), _segment(study, post, answer)]
        case "give" if post.replaces:
            return [*_made(post), *_moved(post, answer)]
        case "give":
            return [_given(study, post, answer)]
        case "take":
            return [_taken(study, coder, post, answer)]
        case "mark":
            return [MarkAnswers((answer,), post.mark, post.on)]
        case "memo":
            return [WriteMemo(answer, post.text)]
        case "aside":
            return [SetStatus((answer,), "none" if post.on else None)]
    raise ValueError(f"{post.act} is no decision of its own")


def _made(post: Post) -> list[Decision]:
    return [CreateCode(post.code, post.label, post.definition)] if post.label else []


def _moved(post: Post, answer: str) -> list[Decision]:
    return [MoveAnswers((answer,), post.replaces, post.code)] if post.replaces else []


def _given(study: Study, post: Post, answer: str) -> AcceptGroup:
    """A code for the answer, with what was offered, so that suggestions learn from it."""
    offered = () if answer in study.held_out() else post.offered
    chances = (float(post.chance),) if offered and post.chance is not None else ()
    turn = Turn((answer,), None, offered, chances)
    by = post.by if offered else ""
    return AcceptGroup(turn, post.code, (answer,), (), by, post.label, post.definition)


def _segment(study: Study, post: Post, answer: str) -> CodeSegment:
    span = cast("tuple[int, int]", post.span)
    length = len(study.survey.answers.at[answer, "text"])
    if length != post.length:  # as by a find of personal data that was treated meanwhile
        raise UserError("desk.text_changed", answer=answer)
    if not 0 <= span[0] < span[1] <= length:
        raise UserError("log.bad_segment", answer=answer, start=span[0], end=span[1])
    return CodeSegment(post.code, answer, *study.span_as_written(answer, *span))


def _taken(study: Study, coder: str, post: Post, answer: str) -> Decision:
    if post.span is None:
        return RemoveCode(post.code, (answer,))
    there = study.state.spans.get((coder, answer, post.code), ())
    shown = {study.span_as_shown(answer, *span): span for span in there}
    written = shown.get(post.span) or study.span_as_written(answer, *post.span)
    return UncodeSegment(post.code, answer, *written)
