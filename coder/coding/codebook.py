"""A codebook taken over from another study, as decisions; every code keeps its id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coder.coding.state import State
from coder.errors import UserError
from coder.model import Code, CreateCode, Decision, ReviseCode


@dataclass(frozen=True)
class TakenOver:
    """The decisions, how many codes are new by them, and how many were there already."""

    decisions: tuple[Decision, ...]
    new: int
    there: int


def codebook_decisions(state: State, codes: Sequence[Code]) -> TakenOver:
    """The codes in use of another study as codes of this one, those above first.

    A code that is here by its id stays as it is. Examples stay behind, since they are answers of
    the other study. Raises ``UserError`` when there is nothing to take, or when another code has
    the label of one.
    """
    by_id = {code.id: code for code in codes}
    kept = [code for code in codes if not code.retired]
    if not kept:
        raise UserError("wave.no_codes")
    labels = {_folded(code.label): code.id for code in state.codes.values()}
    taken = [c.label for c in kept if labels.get(_folded(c.label), c.id) != c.id]
    if taken:
        raise UserError("wave.labels_taken", labels=", ".join(taken))
    new = [code for code in kept if code.id not in state.codes]
    decisions: list[Decision] = []
    for code in sorted(new, key=lambda code: _depth(code, by_id)):
        parent = _in_use_above(code, by_id)
        decisions.append(CreateCode(code.id, code.label, code.definition, parent, code.codable))
        told = {name: getattr(code, name) for name in ("include", "exclude", "memo", "colour")}
        if any(told.values()):
            given = {name: text for name, text in told.items() if text}
            decisions.append(ReviseCode(code.id, **given))
    return TakenOver(tuple(decisions), len(new), len(kept) - len(new))


def _depth(code: Code, by_id: dict[str, Code]) -> int:
    return 0 if code.parent is None else 1 + _depth(by_id[code.parent], by_id)


def _in_use_above(code: Code, by_id: dict[str, Code]) -> str | None:
    """The nearest code above that is taken over as well."""
    if code.parent is None:
        return None
    above = by_id[code.parent]
    return _in_use_above(above, by_id) if above.retired else above.id


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
