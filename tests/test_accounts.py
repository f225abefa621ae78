"""The file of accounts, and the command about it."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from argon2 import PasswordHasher, extract_parameters

from coder.accounts import Accounts, default_file
from coder.cli import main
from coder.study import Study
from tests.fixtures import refused

PASSWORD = "correct horse battery staple"
FAST = PasswordHasher(1, 8, 1)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "deeper" / "accounts.json"


@pytest.fixture
def accounts(file: Path) -> Accounts:
    made = Accounts(file, FAST)
    made.add("Anna", PASSWORD)
    return made


def test_the_file_is_its_owners_alone_and_has_no_password(accounts: Accounts, file: Path) -> None:
    assert file.stat().st_mode & 0o777 == 0o600
    content = file.read_text("utf-8")
    assert PASSWORD not in content
    assert json.loads(content)["Anna"].startswith("$argon2id$")
    file.chmod(0o644)
    with refused("accounts.open_to_others", file=file):
        accounts.names()


def test_passwords_cost_what_the_standard_recommends(file: Path) -> None:
    """RFC 9106, section 4, the second recommendation: 3 passes over 64 MiB, 4 lanes."""
    Accounts(file).add("Anna", PASSWORD)
    used = extract_parameters(json.loads(file.read_text())["Anna"])
    assert (used.time_cost, used.memory_cost, used.parallelism) == (3, 64 * 1024, 4)
    assert used.salt_len >= 16


def test_equal_passwords_do_not_look_alike(accounts: Accounts) -> None:
    accounts.add("Bo", PASSWORD)
    assert accounts.stamp("Anna") != accounts.stamp("Bo")


def test_a_name_is_one_whatever_its_case(accounts: Accounts) -> None:
    assert accounts.matching(" anna ", PASSWORD) == "Anna"
    with refused("accounts.exists", name="ANNA"):
        accounts.add("ANNA", PASSWORD)


def test_there_is_no_account_and_no_password_to_begin_with(file: Path) -> None:
    none = Accounts(file, FAST)
    assert none.names() == []
    assert none.matching("admin", "") is None
    assert none.matching("", "") is None
    with refused("accounts.no_name"):
        none.add("  ", PASSWORD)
    with refused("accounts.missing"):
        none.remove("Anna")
    assert not file.exists()


@pytest.mark.parametrize(
    ("password", "key"),
    [
        ("", "accounts.password_length"),
        ("elevenchars", "accounts.password_length"),
        ("x" * 257, "accounts.password_length"),
        ("AnnaAnnaAnnaAnna", "accounts.password_is_name"),
        ("anna12anna34", "accounts.password_is_name"),
    ],
)
def test_a_password_that_is_too_easy(password: str, key: str, accounts: Accounts) -> None:
    for change in (accounts.change_password,):
        with refused(key):
            change("Anna", password)
    assert accounts.matching("Anna", PASSWORD) == "Anna"


@pytest.mark.parametrize("content", ["", "[]", "{", '"x"'])
def test_a_file_that_is_none_lets_nobody_in(content: str, accounts: Accounts, file: Path) -> None:
    file.write_text(content)
    with refused("file.unreadable"):
        accounts.matching("Anna", PASSWORD)


def test_a_hash_that_is_none_lets_nobody_in(accounts: Accounts, file: Path) -> None:
    file.write_text('{"Anna": ""}')
    assert accounts.matching("Anna", "") is None


def test_the_command(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*arguments: str, typed: str = "") -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code = main(["--lang", "en", "accounts", *arguments])
        said = capsys.readouterr()
        return code, said.out + said.err

    monkeypatch.setenv("CODER_ACCOUNTS", str(file))
    assert default_file() == file
    assert run("add", "Anna", typed=f"{PASSWORD}\n{PASSWORD}\n")[0] == 0
    code, said = run("add", "Bo", typed=f"{PASSWORD}\nanother password\n")
    assert (code, "not the same" in said) == (1, True)
    assert run("list") == (0, "Anna\n")
    assert run("password", "Anna", typed="short\nshort\n")[0] == 1
    before = file.read_text()
    assert run("password", "Anna", typed="an entirely new one\nan entirely new one\n")[0] == 0
    assert file.read_text() != before
    assert run("remove", "Bo")[0] == 1
    assert run("remove", "Anna")[0] == 0
    assert run("list") == (0, "")


def test_no_password_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    """It would stand in the shell's history and in the list of processes."""
    assert main(["accounts", "add", "Anna", PASSWORD]) == 2
    assert main(["accounts", "add", "Anna", f"--password={PASSWORD}"]) == 2


def test_roles_are_given_before_anyone_has_come(
    small_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        code = main(["--lang", "en", "roles", str(small_path), *arguments])
        said = capsys.readouterr()
        return code, said.out + said.err

    assert run("Rita", "reader")[0] == 1
    assert Study.open(small_path).state.log == ()
    code, said = run("Rita", "reader", "--by", "Lea")
    assert code == 0
    assert [line.split() for line in said.splitlines()[-2:]] == [
        ["Lea", "lead"],
        ["Rita", "reader"],
    ]
    code, said = run("Rita", "lead", "--by", "Rita")
    assert (code, "Rita is a reader" in said) == (1, True)
