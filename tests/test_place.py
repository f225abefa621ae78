"""Where a study is kept, and that no password is ever said."""

from __future__ import annotations

from pathlib import Path

import pytest

from coder.cli import main
from coder.place import Database, place_of, without_password
from coder.store import Store
from tests.fixtures import refused

SECRET = "hemmelig"
ADDRESSES = [
    f"postgresql+psycopg://anna:{SECRET}@127.0.0.1:1/study",
    f"postgresql+psycopg://anna:p@{SECRET}/x:y@127.0.0.1:1/study",
    f"postgresql://anna@127.0.0.1:1/study?password={SECRET}&connect_timeout=1",
    f"postgresql+psycopg://anna:{SECRET}@127.0.0.1:port/study",
    f"mysql://anna:{SECRET}@127.0.0.1/study",
]


@pytest.mark.parametrize("text", ["s.db", "/tmp/s.db", "C:\\s.db", "a b/æ.db", "postgresql"])
def test_a_path_is_a_path(text: str) -> None:
    assert place_of(text) == Path(text)


def test_an_address_is_a_database_called_by_its_name() -> None:
    place = place_of("postgresql+psycopg://anna:secret@db.example.org:5433/survey_2020")
    assert isinstance(place, Database)
    assert place.stem == "survey_2020"
    assert str(place) == "postgresql+psycopg://anna@db.example.org:5433/survey_2020"
    assert "secret" not in repr(place)


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_command_says_a_password(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    for command in (["tables", address], ["check", address], ["app", address], ["log", address]):
        assert main(["--lang", "en", *command, "--bogus"]) == 2
        assert main(["--lang", "en", *command]) == 1
    said = capsys.readouterr()
    assert SECRET not in said.out + said.err
    assert "Traceback" not in said.err


def test_a_text_loses_its_passwords_and_nothing_else() -> None:
    said = without_password("see postgresql://a:b@c/d?user=e&password=f&x=1 and http://g/h@i")
    assert said == "see postgresql://a@c/d?user=e&password=…&x=1 and http://g/h@i"


def test_a_server_that_is_not_there_is_said_to_be_so() -> None:
    with refused("study.unreachable", path=place_of("postgresql+psycopg://anna@127.0.0.1:1/study")):
        Store.open(place_of("postgresql+psycopg://anna@127.0.0.1:1/study"))


@pytest.mark.parametrize(
    "address", ["mysql://a@b/c", "postgresql+psycopg://a@b", "postgresql+other://a@b/c", "s3://x/y"]
)
def test_another_kind_of_database_is_refused(address: str) -> None:
    with refused("study.unknown_database"):
        Store.open(place_of(address))
