"""Disagreements to settle, in the order of what they say about the codebook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product

from coder.coding.layers import done_codes
from coder.coding.state import State

Confusion = tuple[str, ...]  # two codes chosen for one another, or one that only some chose


@dataclass(frozen=True)
class Disagreement:
    """An answer that coders who are done with it coded differently.

    ``chosen`` are the codes by coder, ``disputed`` those that not all chose. ``confusion`` is what
    it has in common with ``alike`` disagreements, itself among them: two codes of which some chose
    the one and some the other, or a single code that only some chose.
    """

    answer: str
    chosen: Mapping[str, tuple[str, ...]]
    disputed: tuple[str, ...]
    confusion: Confusion
    alike: int


def disagreements(
    state: State,
    answers: Collection[str] | None = None,
    settled: bool = False,
    single: Collection[str] = (),
) -> list[Disagreement]:
    """The disagreements that are not settled, or with ``settled`` all, most telling first.

    A confusion tells the more about the codebook the more disagreements come down to it, since one
    clearer definition would decide them all; of equally many, the one that is more of all uses of
    its codes. Each answer stands under its most telling confusion, so that its cases follow one
    another. answers : only these (None: all). single : see ``coding.layers.done_codes``.
    """
    done = done_codes(state, single)
    chosen = _differing(done, answers)
    if not settled:
        chosen = {a: by for a, by in chosen.items() if a not in state.settled}
    confused = {answer: tuple(_confusions(by)) for answer, by in chosen.items()}
    counts = Counter(each for some in confused.values() for each in some)
    uses = Counter(code for codes in done.values() for code in codes)

    def weight(each: Confusion) -> tuple[float, ...]:
        return counts[each], counts[each] / max(sum(uses[code] for code in each), 1)

    order = {code: no for no, code in enumerate(state.codes)}
    found = []
    for answer, by in chosen.items():
        top = max(confused[answer], key=lambda each: (weight(each), [-order[c] for c in each]))
        disputed = set().union(*by.values()) - frozenset.intersection(*by.values())
        found.append(
            Disagreement(
                answer,
                {coder: tuple(sorted(codes, key=order.__getitem__)) for coder, codes in by.items()},
                tuple(sorted(disputed, key=order.__getitem__)),
                top,
                counts[top],
            )
        )
    return sorted(
        found,
        key=lambda each: (
            [-value for value in weight(each.confusion)],
            [order[code] for code in each.confusion],
            each.answer,
        ),
    )


def _differing(
    done: Mapping[tuple[str, str], frozenset[str]], answers: Collection[str] | None
) -> dict[str, dict[str, frozenset[str]]]:
    """By answer the codes by coder, where those who are done differ."""
    wanted = None if answers is None else set(answers)
    found: dict[str, dict[str, frozenset[str]]] = {}
    for (coder, answer), codes in done.items():
        if wanted is None or answer in wanted:
            found.setdefault(answer, {})[coder] = codes
    return {answer: by for answer, by in found.items() if len(set(by.values())) > 1}


def _confusions(by: Mapping[str, frozenset[str]]) -> Iterator[Confusion]:
    """Each confusion of any two coders, once."""
    found: dict[Confusion, None] = {}
    for one, other in combinations(dict.fromkeys(by.values()), 2):
        only = one - other, other - one
        pairs = product(*only) if all(only) else ((code,) for some in only for code in some)
        found |= dict.fromkeys(tuple(sorted(each)) for each in pairs)
    yield from found
