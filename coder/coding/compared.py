"""Whose coding is compared with whose, as the ratings that agreement is computed from.

Everywhere ``single`` are the answers of which a code says that one is done (``coding.layers``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from coder.coding.again import counted
from coder.coding.draft import Draft
from coder.coding.layers import done_codes
from coder.coding.log import merged_into, standing
from coder.coding.ratings import Ratings, make_ratings
from coder.coding.state import State
from coder.model import MarkAnswers

Given = dict[tuple[str, str], Collection[str]]
FIRST, LATER = "first", "later"
MACHINE = "machine"
KEY = "key"


def of_coders(
    state: State,
    answers: Collection[str] | None = None,
    settled: bool = False,
    single: Collection[str] = (),
) -> Ratings:
    """The coders beside each other: each answer with the codes of those who are done with it.

    answers : only these (None: all). settled : everyone's codes of a settled answer are those that
    it was settled with, so that it can be seen what settling changed.
    """
    wanted = None if answers is None else set(answers)
    after = {answer: each.codes for answer, each in state.settled.items()} if settled else {}
    given: Given = {
        (answer, coder): after.get(answer, codes)
        for (coder, answer), codes in done_codes(state, single).items()
        if wanted is None or answer in wanted
    }
    return _ratings(state, given)


def with_key(
    state: State, coder: str, answers: Collection[str], single: Collection[str] = ()
) -> Ratings:
    """A coder beside the settled answers: coders are the coder and ``key``."""
    given: Given = {}
    for (who, answer), codes in done_codes(state, single).items():
        if who == coder and answer in answers and answer in state.settled:
            given |= {(answer, coder): codes, (answer, KEY): state.settled[answer].codes}
    return _ratings(state, given)


def over_time(
    state: State,
    coder: str,
    answers: Collection[str],
    single: Collection[str] = (),
    round: str | None = None,
) -> Ratings:
    """A coder beside the same one again: the coding of an answer when it was first done, and later.

    Of answers that were drawn for a round of coding again: as they were coded when it opened, and
    as they were in it; the latest round counts. Of others, when they were done, taken up again by
    hand (``done`` was taken off) and done anew: at first, and now. round : the id of a round of
    coding again, of which alone this is wanted. Codes that have been merged since count as what
    they went into.
    """
    given: Given = {} if round else _by_hand(state, coder, answers, single)
    for id in state.seconds if round is None else [round]:
        for (who, answer), (first, later) in twice(state, id, single).items():
            if who == coder and answer in answers:
                given |= {(answer, FIRST): first, (answer, LATER): later}
    return _ratings(state, given)


def twice(
    state: State, round: str, single: Collection[str] = ()
) -> dict[tuple[str, str], tuple[frozenset[str], frozenset[str]]]:
    """What was coded again in a round, by coder and answer: the codes at first, and in it.

    Only what the coder was done with both times, and is still an answer.
    """
    aside = state.set_aside()
    first = done_codes(state.firsts[round], single)
    second = done_codes(state.seconds[round], single)
    return {
        key: (first[key], codes)
        for key, codes in second.items()
        if key in first and key[1] not in aside
    }


def _by_hand(state: State, coder: str, answers: Collection[str], single: Collection[str]) -> Given:
    first, again = _first_done(state, coder)
    now = done_codes(state, single)
    given: Given = {}
    for answer in again:
        if (coder, answer) in now and answer in answers:
            given |= {(answer, FIRST): first[answer], (answer, LATER): now[coder, answer]}
    return given


def with_machine(
    state: State,
    coder: str,
    suggested: Mapping[str, Collection[str]],
    single: Collection[str] = (),
) -> Ratings:
    """A coder beside what the machine suggested for answers that the coder is done with."""
    given: Given = {}
    for (who, answer), codes in done_codes(state, single).items():
        if who == coder and answer in suggested:
            given |= {(answer, coder): codes, (answer, MACHINE): suggested[answer]}
    return _ratings(state, given)


def _first_done(state: State, coder: str) -> tuple[dict[str, frozenset[str]], set[str]]:
    """The codes of each answer when the coder was first done with it; those taken up again."""
    draft, into = Draft(state.answers, anew=state.anew), merged_into(state.log)
    first: dict[str, frozenset[str]] = {}
    again: set[str] = set()
    for entry in counted(standing(state.log), state.anew):
        draft.apply(entry.coder, entry.decision)
        match entry.decision:
            case MarkAnswers(answers, "done" | "nothing", on) if entry.coder == coder:
                for answer in answers:
                    if on:
                        codes = draft.codings.get((coder, answer), ())
                        first.setdefault(answer, frozenset(into.get(code, code) for code in codes))
                    elif answer in first:
                        again.add(answer)
    return first, again


def _ratings(state: State, given: Given) -> Ratings:
    return make_ratings(given, [code.id for code in state.codes.values() if code.codable])
