"""What travels in the wheel, that it works outside the checkout, and the choice of torch."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from email import message_from_string
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from tools.install_torch import VERSION, gpu_parts


@pytest.fixture(scope="module")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built with the build tools of this environment."""
    folder = tmp_path_factory.mktemp("wheel")
    options = ["--wheel", "--no-isolation", "--outdir", str(folder)]
    run([sys.executable, "-m", "build", *options, str(checkout)], folder)
    (made,) = folder.glob("coder_open_answers-*.whl")
    return made


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    return set(zipfile.ZipFile(wheel).namelist())


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    return message_from_string(read(wheel, "METADATA"))


def read(wheel: Path, file: str) -> str:
    """The text of one file in the wheel's `.dist-info` folder."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [n for n in archive.namelist() if n.endswith(f".dist-info/{file}")]
        return archive.read(name).decode("utf-8")


def run(command: Sequence[str], folder: Path, **variables: str) -> str:
    """Run `command` in `folder`; its output, or a failed test that shows it."""
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.fail(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


def test_every_module_and_its_data_travel(checkout: Path, names: set[str]) -> None:
    wanted = {
        path.relative_to(checkout).as_posix()
        for path in (checkout / "coder").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {"coder/locales/da.toml", "coder/locales/en.toml"} <= wanted
    assert wanted <= names


def test_the_demo_survey_travels(checkout: Path, names: set[str]) -> None:
    files = [path for path in (checkout / "data").rglob("*") if path.is_file()]
    assert files
    assert {f"coder/{path.relative_to(checkout).as_posix()}" for path in files} <= names


def test_the_list_of_encoders_travels_without_weights(names: set[str]) -> None:
    models = {name for name in names if name.startswith("coder/models/")}
    assert "coder/models/manifest.toml" in models
    assert {Path(name).suffix for name in models} <= {".toml", ".md"}


def test_nothing_else_travels(names: set[str]) -> None:
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"coder"}
    assert not [name for name in names if "__pycache__" in name or name.endswith((".db", ".pyc"))]


def test_the_command_is_coder(wheel: Path, metadata: Message) -> None:
    assert metadata["Name"] == "coder-open-answers"
    assert metadata["License-Expression"] == "MIT"
    assert metadata["Requires-Python"] == ">=3.11"
    assert re.search(r"^coder = coder\.cli:main$", read(wheel, "entry_points.txt"), re.MULTILINE)


def test_torch_is_held_to_the_release_that_the_set_up_looks_for(metadata: Message) -> None:
    needed = map(Requirement, metadata.get_all("Requires-Dist", []))
    torch = next(each for each in needed if each.name == "torch")
    assert VERSION in torch.specifier
    assert "2.14.1" not in torch.specifier


def test_the_wheel_makes_a_demo_anywhere(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    pip = [sys.executable, "-m", "pip", "install", "-qq", "--no-deps", "--no-index"]
    run([*pip, "--target", str(site), str(wheel)], tmp_path)
    where = run([sys.executable, "-c", "import coder; print(coder.__file__)"], tmp_path, **on(site))
    assert Path(where.strip()).is_relative_to(site)

    run([sys.executable, "-m", "coder", "demo", "trial"], tmp_path, **on(site))
    assert (tmp_path / "trial" / "demo.db").stat().st_size > 0


def on(site: Path) -> dict[str, str]:
    """Environment variables with which Python finds `site` before the checkout."""
    return {"PYTHONPATH": str(site)}


def plan(*distributions: tuple[str, str]) -> dict[str, Any]:
    """What pip's report says of these names and versions, as far as it is read."""
    return {"install": [{"metadata": {"name": n, "version": v}} for n, v in distributions]}


@pytest.mark.parametrize(
    "distributions",
    [
        [],
        [("torch", "2.13.0"), ("sympy", "1.14.0"), ("filelock", "4.2.11")],
        [("torch", "2.13.0+cpu"), ("networkx", "3.6.1")],
    ],
)
def test_a_cpu_build_is_taken(distributions: list[tuple[str, str]]) -> None:
    assert gpu_parts(plan(*distributions)) == []


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("nvidia-cublas", "13.1.1"),
        ("nvidia_nccl_cu13", "2.29.7"),
        ("cuda-toolkit", "13.0.3"),
        ("cudatoolkit", "11.8"),
        ("Triton", "3.7.1"),
        ("pytorch-triton-rocm", "3.7.1"),
        ("torch", "2.13.0+cu130"),
        ("torch", "2.13.0+rocm6.4"),
    ],
)
def test_a_gpu_build_is_seen(name: str, version: str) -> None:
    report = plan(("torch", "2.13.0"), ("sympy", "1.14.0"), (name, version))
    assert gpu_parts(report) == [f"{name} {version}"]


def test_what_is_no_report_is_refused() -> None:
    with pytest.raises(KeyError):
        gpu_parts({"version": "1"})
