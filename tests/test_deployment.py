"""What is deployed: the lock file, and the look-up of known vulnerabilities."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools.audit import report
from tools.lock import without_torch

Lock = dict[str, list[Requirement]]


@pytest.fixture(scope="module")
def text(checkout: Path) -> str:
    return (checkout / "requirements.lock").read_text("utf-8")


@pytest.fixture(scope="module")
def lock(text: str) -> Lock:
    """Each distribution with its pins: several where systems or Pythons differ."""
    found: Lock = {}
    for line in re.findall(r"(?m)^([\w.\[-][^\\#\n]*)\\$", text):
        pin = Requirement(line)
        found.setdefault(canonicalize_name(pin.name), []).append(pin)
    return found


def test_the_lock_agrees_with_what_the_project_asks_for(checkout: Path, lock: Lock) -> None:
    project = tomllib.loads((checkout / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["sign-in"]]
    for each in map(Requirement, wanted):
        if each.name == "torch":
            continue
        for pin in lock[canonicalize_name(each.name)]:
            (version,) = (one.version for one in pin.specifier)
            assert each.specifier.contains(version), f"{pin} is not {each}: run make lock"


def test_everything_is_pinned_by_version_and_hash(text: str, lock: Lock) -> None:
    assert len(lock) > 60
    assert {one.operator for pins in lock.values() for pin in pins for one in pin.specifier} == {
        "=="
    }
    blocks = re.split(r"(?m)^(?=\w)", text)[1:]
    assert [each for each in blocks if "--hash=sha256:" not in each] == []


def test_what_the_pinned_ones_need_is_pinned_too(lock: Lock) -> None:
    """As far as they are installed here; else `--no-deps` would leave something out."""
    missing = []
    for name in lock:
        try:
            needs = map(Requirement, requires(name) or [])
        except PackageNotFoundError:
            continue
        for need in needs:
            if need.marker is None or need.marker.evaluate({"extra": ""}):
                missing.append(canonicalize_name(need.name))
    assert set(missing) - set(lock) <= {"torch", "setuptools"}


def test_no_index_and_no_gpu(text: str, lock: Lock) -> None:
    assert "://" not in text
    assert "--index" not in text
    assert [name for name in lock if name.startswith(("torch", "nvidia", "cuda", "triton"))] == []


def test_torch_goes_with_its_hashes() -> None:
    names = ("sympy==1", "torch==2 ; x", "nvidia-x==1", "tqdm==3")
    blocks = [f"{name} \\\n    --hash=a\n" for name in names]
    assert without_torch("".join(blocks)) == blocks[0] + blocks[3]


def checked(name: str, *problems: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "version": "1.0", "vulns": list(problems)}


def test_an_audit_tells_what_it_found() -> None:
    hole = {"id": "CVE-1", "fix_versions": ["1.1", "2.0"]}
    lines, code = report([checked("one", hole), checked("two"), {"name": "x", "skip_reason": "y"}])
    assert code == 1
    assert lines[0] == "one 1.0: CVE-1, mended in 1.1, 2.0"
    assert "2 of 3" in lines[1]
    assert report([checked("two")])[1] == 0


@pytest.mark.parametrize("listed", [[], [{"name": "x", "skip_reason": "not found"}]])
def test_an_audit_that_could_not_be_made_is_no_success(listed: list[dict[str, Any]]) -> None:
    lines, code = report(listed)
    assert code == 2
    assert "nothing was checked" in lines[0]
