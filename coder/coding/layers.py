"""The layers of a coding: each coder's own, all of them together, and what they agree on."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from coder.coding.state import State
from coder.errors import UserError
from coder.model import Coding

ALL, CONSENSUS = "all", "consensus"


def consensus(state: State, single: Collection[str] = ()) -> dict[str, frozenset[str]]:
    """The codes of each answer that there is agreement on; none: nothing applies.

    As it was settled, or else as all who are done with it coded it. Answers that nobody is done
    with, or that coders are done with differently, are left out.
    """
    found = {
        answer: sets[0] for answer, sets in done_sets(state, single).items() if len(set(sets)) == 1
    }
    return found | {answer: frozenset(each.codes) for answer, each in state.settled.items()}


def done_sets(state: State, single: Collection[str] = ()) -> dict[str, list[frozenset[str]]]:
    """For each answer the codes of everyone who is done with it."""
    found: dict[str, list[frozenset[str]]] = {}
    for (_, answer), codes in done_codes(state, single).items():
        found.setdefault(answer, []).append(codes)
    return found


def done_codes(state: State, single: Collection[str] = ()) -> dict[tuple[str, str], frozenset[str]]:
    """The codes, by coder and answer, of answers that the coder is done with.

    single : the answers that may have one code only; of those the code says that one is done.
    """
    aside = state.set_aside()
    marked = (key for key, marks in state.marks.items() if "done" in marks or "nothing" in marks)
    coded = (key for key in state.codings if key[1] in single)
    return {
        key: frozenset(state.codings.get(key, ()))
        for key in dict.fromkeys([*marked, *coded])
        if key[1] not in aside
    }


def codings_of(state: State, layer: str, single: Collection[str] = ()) -> list[Coding]:
    """The codings of a layer: ``all``, ``consensus``, or a coder by id or name.

    Those of the consensus have no coder. Raises ``UserError`` (``layer.unknown``).
    """
    if layer == ALL:
        return state.all_codings()
    if layer == CONSENSUS:
        return list(_agreed(state, single))
    coder = coder_called(state, layer)
    return [each for each in state.all_codings() if each.coder == coder]


def coder_called(state: State, name: str) -> str:
    """The id of the coder with this id or name; ``UserError`` (``layer.unknown``) when none has."""
    wanted = " ".join(name.split()).casefold()
    for coder, known in state.coders.items():
        if name == coder or known.casefold() == wanted:
            return coder
    raise UserError("layer.unknown", name=name, coders=", ".join(state.coders.values()) or "–")


def _agreed(state: State, single: Collection[str]) -> Iterator[Coding]:
    order = {code: no for no, code in enumerate(state.codes)}
    for answer, codes in sorted(consensus(state, single).items()):
        for code in sorted(codes, key=order.__getitem__):
            yield Coding(answer, code, "")
