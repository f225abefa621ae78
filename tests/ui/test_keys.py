"""The keys of the desk: how they are spelled, and what a file of one's own may change."""

from __future__ import annotations

from pathlib import Path

import pytest

from coder.errors import UserError
from coder.i18n import LANGUAGES, load_texts
from coder.ui.keys import changed_keys, default_keys, key_cap, key_label, key_name, load_keys
from tests.fixtures import refused


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The place of the user's own file, which is not there yet."""
    path = tmp_path / "keys.toml"
    monkeypatch.setenv("CODER_KEYS", str(path))
    return path


def test_the_defaults_give_every_key_one_action() -> None:
    keys = default_keys()
    assert keys["done"] == ("Enter",)
    assert keys["undo"] == ("u", "Ctrl+z")
    assert [keys[f"code_{no}"] for no in (1, 9, 10, 18)] == [
        ("1",), ("9",), ("Shift+1",), ("Shift+9",)
    ]  # fmt: skip
    every = [key for given in keys.values() for key in given]
    assert len(every) == len(set(every)) == 38


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_action_is_named_in_the_list_of_keys(language: str) -> None:
    words = load_texts(language).sentences  # type: ignore[arg-type]
    named = [action for action in default_keys() if not action.startswith("code_")]
    assert [action for action in named if f"desk.word.{action}" not in words] == []


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("U", "u"),
        ("å", "å"),
        (" shift+ctrl+Z ", "Ctrl+Shift+z"),
        ("shift+1", "Shift+1"),
        ("arrowleft", "ArrowLeft"),
        ("f12", "F12"),
        ("+", "+"),
        ("Ctrl++", "Ctrl++"),
        ("alt+,", "Alt+,"),
    ],
)
def test_a_key_has_one_spelling(written: str, name: str) -> None:
    assert key_name(written) == name


@pytest.mark.parametrize("written", ["", " ", "Shift", "uu", "Tab", "F13", "Shift+?", "Hyper+u"])
def test_what_is_no_key(written: str) -> None:
    assert key_name(written) is None


def test_keys_are_printed_in_the_language_of_the_page() -> None:
    danish, english = load_texts("da"), load_texts("en")
    assert key_label("Shift+1", danish) == "Skift+1"
    assert key_cap("Shift+1", danish) == key_cap("Shift+1", english) == "⇧1"
    assert key_label("Ctrl+Shift+z", english) == "Ctrl+Shift+Z"
    assert key_label("Space", danish) == "Mellemrum"
    assert key_label("ArrowLeft", english) == "←"
    assert key_label("Ctrl++", english) == "Ctrl++"
    assert key_label("F2", danish) == "F2"


def test_without_a_file_of_ones_own_the_defaults_hold(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("CODER_KEYS", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert load_keys().keys == default_keys()
    assert load_keys().trouble is None


def test_a_file_in_the_settings_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("CODER_KEYS", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "coder-open-answers").mkdir()
    (tmp_path / "coder-open-answers" / "keys.toml").write_text('memo = "k"', "utf-8")
    assert load_keys().keys["memo"] == ("k",)


def test_a_file_changes_what_it_names_and_nothing_else(own: Path) -> None:
    own.write_text('done = ["Space", "j"]\nskip = "Enter"\nhelp = []\n', "utf-8")
    keys = load_keys().keys
    assert (keys["done"], keys["skip"], keys["help"]) == (("Space", "j"), ("Enter",), ())
    changed = {"done", "skip", "help"}
    assert {action for action in keys if keys[action] != default_keys()[action]} == changed
    actions = load_keys().actions()
    assert (actions["Space"], actions["Enter"]) == ("done", "skip")
    assert "h" not in actions


def test_an_action_that_there_is_not_is_refused_with_its_line(own: Path) -> None:
    own.write_text('# mine\n\nfinish = "j"\n', "utf-8")
    with refused("keys.unknown_action", path=own, line=3, action="finish"):
        changed_keys(own)


@pytest.mark.parametrize("value", ['"Tab"', '["j", "uu"]', "3", "[1]", "true"])
def test_what_is_no_key_is_refused_with_its_line(own: Path, value: str) -> None:
    own.write_text(f'memo = "k"\ndone = {value}\n', "utf-8")
    with refused("keys.unknown_key", path=own, line=2, action="done"):
        changed_keys(own)


def test_one_key_for_two_actions_is_refused_where_the_file_says_so(own: Path) -> None:
    own.write_text('memo = "k"\ndone = "U"\n', "utf-8")
    with refused("keys.twice", path=own, line=2, pressed="u", first="undo", second="done"):
        changed_keys(own)
    own.write_text('memo = "k"\ndone = "k"\n', "utf-8")
    with refused("keys.twice", path=own, line=2, pressed="k", first="memo", second="done"):
        changed_keys(own)


def test_what_is_no_toml_is_refused(own: Path) -> None:
    own.write_text("done = Enter\n", "utf-8")
    with refused("keys.no_toml", path=own):
        changed_keys(own)
    own.write_bytes(b'done = "\xff"\n')
    with refused("file.unreadable", path=own):
        changed_keys(own)


def test_until_a_file_is_mended_the_defaults_hold(own: Path) -> None:
    for content in (None, "done = Enter", 'finish = "j"'):
        if content is not None:
            own.write_text(content, "utf-8")
        table = load_keys()
        assert table.keys == default_keys()
        assert isinstance(table.trouble, UserError)
