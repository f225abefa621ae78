"""Decisions as plain values, as they are stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, get_args

from coder.model import Assigned, Decision, SplitPart, Turn

_KINDS: dict[str, Callable[..., Decision]] = {kind.__name__: kind for kind in get_args(Decision)}


def decision_fields(decision: Decision) -> dict[str, Any]:
    """A decision as plain values, ``kind`` among them, for storing."""
    return {"kind": type(decision).__name__, **_plain(decision)}


def decision_from(values: Mapping[str, Any]) -> Decision:
    """The decision that ``decision_fields`` wrote; ``ValueError`` when it is of no known kind."""
    kind = _KINDS.get(str(values.get("kind")))
    if kind is None:
        raise ValueError(f"no decision of kind {values.get('kind')!r}")
    given = _with_tuples({name: value for name, value in values.items() if name != "kind"})
    if "turn" in given:
        given["turn"] = Turn(**_with_tuples(given["turn"]))
    if "parts" in given:
        given["parts"] = tuple(SplitPart(**_with_tuples(part)) for part in given["parts"])
    if "assigned" in given:
        given["assigned"] = tuple(Assigned(**_with_tuples(each)) for each in given["assigned"])
    return kind(**given)


def _plain(value: Decision | Turn | SplitPart | Assigned) -> dict[str, Any]:
    return {each.name: _plain_value(getattr(value, each.name)) for each in fields(value)}


def _plain_value(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain_value(each) for each in value]
    return _plain(value) if isinstance(value, (Turn, SplitPart, Assigned)) else value


def _with_tuples(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(v) if isinstance(v, list) else v for name, v in values.items()}
