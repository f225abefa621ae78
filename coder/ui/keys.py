"""The keys of the desk: the defaults in ``keys.toml``, and what a user's own file changes."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import platformdirs

from coder.errors import UserError
from coder.i18n import Texts

# What may be pressed besides single signs, as the file writes it.
NAMED = (
    *("Enter", "Space", "Backspace", "Delete", "Escape", "Insert", "Home", "End"),
    *("PageUp", "PageDown", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"),
    *(f"F{no}" for no in range(1, 13)),
)
_BY_SMALL = {name.casefold(): name for name in NAMED}
_MODIFIERS = ("Ctrl", "Alt", "Shift")
_PARTS = re.compile(r"((?:(?:ctrl|alt|shift)\+)*)(.+)", re.IGNORECASE)
# Signs that everybody knows the key by; other names are in the language files.
_SIGNS = {"ArrowLeft": "←", "ArrowRight": "→", "ArrowUp": "↑", "ArrowDown": "↓"}

Keys = Mapping[str, tuple[str, ...]]  # the keys of each action


@dataclass(frozen=True)
class KeyTable:
    """The keys that hold; with ``trouble``, the defaults, since the user's file can't be used."""

    keys: Keys
    trouble: UserError | None = None

    def actions(self) -> dict[str, str]:
        """The action of each key."""
        return {key: action for action, keys in self.keys.items() for key in keys}


def load_keys() -> KeyTable:
    """The keys of whoever runs the program: the defaults, with what their own file changes."""
    path = own_file()
    if not path.is_file() and "CODER_KEYS" not in os.environ:
        return KeyTable(default_keys())
    try:
        return KeyTable(changed_keys(path))
    except UserError as error:
        return KeyTable(default_keys(), error)


def own_file() -> Path:
    """Where the user's own keys are: what CODER_KEYS names, else ``keys.toml`` in the settings."""
    named = os.environ.get("CODER_KEYS")
    folder = platformdirs.user_config_path("coder-open-answers", appauthor=False)
    return Path(named) if named else folder / "keys.toml"


@cache
def default_keys() -> Keys:
    """The keys that come with the program; their actions are all that there are."""
    content = tomllib.loads(files("coder.ui").joinpath("keys.toml").read_text("utf-8"))
    return {action: _keys(value) or () for action, value in content.items()}


def changed_keys(path: Path) -> Keys:
    """The default keys with the changes in a file.

    Raises ``UserError`` (``keys.*``) with the file and the line for what is no TOML, an action or
    a key that there is not, and a key that would have two actions.
    """
    text = _read(path)
    keys = dict(default_keys())
    own = _parse(path, text)
    for action, value in own.items():
        place = {"path": path, "line": _line(text, action)}
        if action not in keys:
            raise UserError("keys.unknown_action", **place, action=action, known=", ".join(keys))
        found = _keys(value)
        if found is None:
            raise UserError("keys.unknown_key", **place, action=action, pressed=value)
        keys[action] = found
    _check_once(path, text, keys, list(own))
    return keys


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except FileNotFoundError as error:
        raise UserError("file.missing", path=path) from error
    except (OSError, UnicodeDecodeError) as error:
        raise UserError("file.unreadable", path=path, kind="UTF-8") from error


def _parse(path: Path, text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UserError("keys.no_toml", path=path, reason=error) from error


def _line(text: str, action: str) -> int:
    """The line on which an action stands; 1 when it is written in some other way."""
    lines = text.splitlines()
    found = re.compile(rf"""\s*\[*["']?{re.escape(action)}["']?\s*[=\]]""")
    return next((no for no, line in enumerate(lines, start=1) if found.match(line)), 1)


def _check_once(path: Path, text: str, keys: Keys, own: Sequence[str]) -> None:
    """Whether every key has one action. The later line of the file is the one complained of."""
    owner: dict[str, str] = {}
    for action in (*(each for each in keys if each not in own), *own):
        for key in keys[action]:
            if owner.setdefault(key, action) != action:
                place = {"path": path, "line": _line(text, action)}
                raise UserError("keys.twice", **place, pressed=key, first=owner[key], second=action)


def _keys(value: object) -> tuple[str, ...] | None:
    """The keys that a value of the file names, in one spelling; None when one is no key."""
    names: Sequence[object] = value if isinstance(value, list) else [value]
    keys = [key_name(name) for name in names if isinstance(name, str)]
    if len(keys) < len(names) or None in keys:
        return None
    return tuple(dict.fromkeys(key for key in keys if key))


def key_name(written: str) -> str | None:
    """A key in the one spelling that a press is compared with (``desk_keys.js``), or None.

    ``shift+ctrl+Z`` is ``Ctrl+Shift+z``. A sign that is no letter or digit goes without Shift,
    since keyboards differ in which signs need it.
    """
    parts = _PARTS.fullmatch(written.strip())
    if parts is None:
        return None
    held = {each.casefold() for each in parts[1].split("+") if each}
    key = _BY_SMALL.get(parts[2].casefold())
    if key is None:
        key = parts[2].lower()
        is_sign = not key.isalnum()
        if len(key) != 1 or not key.isprintable() or key.isspace() or (is_sign and "shift" in held):
            return None
    return "+".join([*(each for each in _MODIFIERS if each.casefold() in held), key])


def key_label(key: str, texts: Texts) -> str:
    """A key in words, in the language of the page: ``Skift+1``."""
    if key.endswith("+"):  # the key of that sign
        return key
    *held, last = key.split("+")
    shown = [texts("keys.name.Shift") if each == "Shift" else each for each in held]
    if last in NAMED:
        known = f"keys.name.{last}"
        shown.append(_SIGNS.get(last) or texts.sentences.get(known, last))
    else:
        shown.append(last.upper())
    return "+".join(shown)


def key_cap(key: str, texts: Texts) -> str:
    """A key as it is printed on a button, where there is little room: ``⇧1``."""
    return key_label(key, texts).replace(f"{texts('keys.name.Shift')}+", "⇧")
