"""Reading a YAML file field by field, every mistake with its place.

Every scalar is read as text, so that a code 01 keeps its zero and a label "no" stays a word; what
should be a number or a yes/no is read by ``number`` and ``flag``. All raise ``UserError``
(``yaml.*``) with the place, such as ``questions[q04].options[2]``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from typing import Any

import yaml

from coder.errors import UserError

Fields = Mapping[str, Any]

# The parser in C, where PyYAML has it: a questionnaire is read whenever its study is opened.
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def load(text: str) -> Any:
    """The content of a YAML text: mappings, lists and text, nothing else."""
    try:
        return yaml.load(text, Loader=_LOADER)  # noqa: S506 - it makes only text
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise UserError("yaml.unreadable", line=mark.line + 1 if mark else "?") from error


def mapping(node: Any, place: str, allowed: Iterable[str]) -> Fields:
    """The node, if it is a mapping with no other keys than these."""
    keys = sorted(allowed)
    if not isinstance(node, dict):
        raise UserError("yaml.not_mapping", place=place, keys=", ".join(keys))
    for key in node:
        if key not in keys:
            raise UserError("yaml.unknown_key", place=place, name=key, keys=", ".join(keys))
    return node


def items(fields: Fields, key: str, place: str, default: Sequence[Any] | None = None) -> list[Any]:
    """The list under a key; without a default the key is needed."""
    value = _value(fields, key, place, default)
    if not isinstance(value, (list, tuple)):
        raise UserError("yaml.not_list", place=f"{place}.{key}")
    return list(value)


def texts(fields: Fields, key: str, place: str, default: Sequence[str] | None = None) -> list[str]:
    """The list of texts under a key."""
    values = items(fields, key, place, default)
    if not all(isinstance(value, str) for value in values):
        raise UserError("yaml.not_text", place=f"{place}.{key}")
    return values


def text(fields: Fields, key: str, place: str, default: str | None = None) -> str:
    """The text under a key."""
    value = _value(fields, key, place, default)
    if not isinstance(value, str):
        raise UserError("yaml.not_text", place=f"{place}.{key}")
    return value


def choice(
    fields: Fields, key: str, place: str, allowed: Sequence[str], default: str | None = None
) -> str:
    """The text under a key, which must be one of these."""
    value = text(fields, key, place, default)
    if value not in allowed:
        raise UserError(
            "yaml.bad_choice", place=f"{place}.{key}", value=value, choices=", ".join(allowed)
        )
    return value


def number(fields: Fields, key: str, place: str) -> float:
    """The number under a key."""
    value = text(fields, key, place)
    try:
        found = float(value)
    except ValueError as error:
        raise UserError("yaml.not_number", place=f"{place}.{key}", value=value) from error
    if not isfinite(found):
        raise UserError("yaml.not_number", place=f"{place}.{key}", value=value)
    return found


def whole(fields: Fields, key: str, place: str) -> int:
    """The count under a key: a whole number from 0."""
    value = text(fields, key, place)
    if not value.isdecimal():
        raise UserError("yaml.not_whole", place=f"{place}.{key}", value=value)
    return int(value)


def flag(fields: Fields, key: str, place: str, default: bool) -> bool:
    """The yes/no under a key, written true or false."""
    return choice(fields, key, place, ("true", "false"), str(default).lower()) == "true"


def _value(fields: Fields, key: str, place: str, default: Any) -> Any:
    if key not in fields and default is None:
        raise UserError("yaml.missing_key", place=place, name=key)
    return fields.get(key, default)
