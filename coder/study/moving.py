"""A study in another place, and two studies that were coded apart as one."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace

import pandas as pd

from coder.coding.join import Clash, Joined, join_logs
from coder.coding.log import advance
from coder.coding.state import State
from coder.errors import UserError
from coder.place import Place
from coder.store import Conflict, Store
from coder.study.core import row_of
from coder.study.study import Study

# What a study has of its own beside the survey and the log: of each kind the last counts.
_OWN_KINDS = ("recipe", "proposals", "words", "context", "waves")
_SHOWN = 5  # columns or questions that are named when two studies differ


def copy_study(source: Place, target: Place) -> dict[str, int]:
    """Copy a study to another place, whole or not at all; the counts of what is there now.

    Every version of every part and every entry of the log with its hash, and whose the pseudonyms
    are; not the vectors, which can be computed again. Raises ``UserError`` when there is something
    already, or when the study is damaged.
    """
    Store.open(source).copy_to(target)
    return dict(Study.open(target).check().counts)


def join_studies(
    place: Place, other: Place, keep_both: bool = False, dry_run: bool = False
) -> Joined:
    """Bring the coding of another study of the same survey into this one, all or nothing.

    keep_both, and what comes of it : see ``coding.join``. With ``dry_run``, or when there are
    clashes, nothing is written. Otherwise there is a backup first, and what the other study had of
    recipes, lists of words and proposals is kept as earlier versions. The other study stays as it
    is. Raises ``UserError`` when it is of another survey, or something is written meanwhile.
    """
    ours, theirs = Study.open(place), Study.open(other)
    _check_same_survey(ours, theirs)
    mine = ours.state
    joined = join_logs(mine.answers, mine.log, theirs.state.log, keep_both)
    joined = replace(joined, clashes=(*joined.clashes, *_several_codes(ours, joined)))
    if not (joined.clashes or dry_run) and (joined.added or _parts_to_add(place, other)):
        _write(place, other, mine, joined)
    return joined


def _write(place: Place, other: Place, mine: State, joined: Joined) -> None:
    store, theirs = Store.open(place), Store.open(other)
    store.back_up("join")
    told = {
        "ours": store.end_of_log(),
        "theirs": theirs.end_of_log(),
        "renamed": joined.renamed,
        "numbers": {
            "ours": [joined.ours[no] for no in sorted(joined.ours)],
            "theirs": [joined.theirs[no] for no in sorted(joined.theirs)],
        },
    }
    parts = [*_parts_to_add(place, other), ("joined", json.dumps(told).encode())]
    try:
        store.replace_log([row_of(entry) for entry in joined.log], mine.no, parts)
    except Conflict as error:
        raise UserError("study.changed_meanwhile", path=place) from error


def _parts_to_add(place: Place, other: Place) -> list[tuple[str, bytes]]:
    """What only the other study has of each kind; after it again what has counted here."""
    store, theirs = Store.open(place), Store.open(other)
    parts: list[tuple[str, bytes]] = []
    for kind in _OWN_KINDS:
        known = [content for _, content in store.history(kind)]
        new = [content for _, content in theirs.history(kind) if content not in known]
        parts += [(kind, content) for content in (*new, *(known[-1:] if new else []))]
    return parts


# --- what must agree ---------------------------------------------------------------------------


def _check_same_survey(ours: Study, theirs: Study) -> None:
    paths = {"path": ours.path, "other": theirs.path}
    here = {each.name: each for each in ours.questionnaire.questions}
    there = {each.name: each for each in theirs.questionnaire.questions}
    names = [name for name in {**here, **there} if here.get(name) != there.get(name)]
    if names or ours.questionnaire.cases != theirs.questionnaire.cases:
        raise UserError("join.other_questionnaire", **paths, questions=_some(names))
    if ours.check().responses != theirs.check().responses:
        mine, other = ours.responses(), theirs.responses()
        here_only, there_only = _rows(mine) - _rows(other), _rows(other) - _rows(mine)
        counts = {"ours": here_only.total(), "theirs": there_only.total()}
        columns = _some(_columns(mine, other))
        raise UserError("join.other_survey", **paths, **counts, columns=columns)


def _rows(table: pd.DataFrame) -> Counter[tuple[str, ...]]:
    return Counter(tuple(map(str, row)) for row in table.itertuples(index=False))


def _columns(mine: pd.DataFrame, other: pd.DataFrame) -> list[str]:
    """The columns that only one has, or that hold other values."""
    names = dict.fromkeys([*mine.columns, *other.columns])
    return [
        each
        for each in names
        if each not in mine
        or each not in other
        or Counter(mine[each].astype(str)) != Counter(other[each].astype(str))
    ]


def _some(names: list[str]) -> str:
    return ", ".join([*names[:_SHOWN], *(["…"] if names[_SHOWN:] else [])]) or "–"


def _several_codes(study: Study, joined: Joined) -> list[Clash]:
    """Answers that may have one code and would get more, from a coder who was on both sides."""
    if joined.clashes or not joined.log:
        return []
    state = advance(State(study.state.answers), joined.log)
    before = study.state.codings
    return [
        Clash("theirs", 0, UserError("log.one_code", answer=answer))
        for (coder, answer), codes in state.codings.items()
        if len(codes) > max(1, len(before.get((coder, answer), ())))
        and study.codes_per_answer(answer) == "one"
    ]
