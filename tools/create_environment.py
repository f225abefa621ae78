"""Create the virtual environment, with pip in it; standard library only.

Run by the Python that the environment is for: `python3.11 -m tools.create_environment .venv`.
"""

import importlib.util
import subprocess
import sys
from pathlib import Path

from tools.debian import SetUpError, install_packages, say

# The first pip that reads what a package needs without downloading the package.
PIP = "pip>=24.1"


def main(arguments: list[str]) -> int:
    """Create the environment in the folder named by the only argument, unless it works already."""
    folder = Path(arguments[0])
    python = folder / "bin" / "python"
    try:
        if not _runs([str(python), "-m", "pip", "--version"]):
            _create(folder)
        if not _runs([str(python), "-m", "pip", "install", "-qq", PIP]):
            raise SetUpError(f"Could not install {PIP}: is the package index within reach?")
    except SetUpError as error:
        say(str(error))
        return 1
    return 0


def _create(folder: Path) -> None:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    if not _has_venv():
        install_packages([f"python{version}-venv"], "Creating a Python environment")
    say(f"Creating the environment in {folder} with Python {version} …")
    done = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(folder)], capture_output=True, text=True
    )
    if done.returncode:
        raise SetUpError(f"python -m venv failed: {(done.stdout + done.stderr).strip()}")


def _has_venv() -> bool:
    """Whether this Python can make environments; Debian keeps part of that in a package."""
    return all(importlib.util.find_spec(name) is not None for name in ("venv", "ensurepip"))


def _runs(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except OSError:  # no such program, or one whose Python has been moved away
        return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
