"""Write `requirements.lock`: what a deployment installs, each at one version and with its hashes.

    python -m tools.lock

For every system and Python that the project runs on. torch is left out, with all that belongs to
a GPU build of it: `tools.install_torch` sees to that one. No index is named in the file.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tools.install_torch import GPU_NAMES

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
HEAD = (
    "# Written by `make lock` from pyproject.toml; how it is used: docs/security.md, Deployment.\n"
)
COMMAND = (
    *("-m", "uv", "pip", "compile", "pyproject.toml", "--extra", "sign-in", "--quiet"),
    *("--universal", "--python-version", "3.11", "--generate-hashes", "--upgrade"),
    *("--no-header", "--no-annotate", "--native-tls"),
)


def main() -> int:
    """Resolve and write; the resolver's own exit code and words where it fails."""
    done = subprocess.run(
        [sys.executable, *COMMAND], capture_output=True, text=True, cwd=ROOT, check=False
    )
    if done.returncode:
        print(done.stderr, file=sys.stderr)
        return done.returncode
    LOCK.write_text(HEAD + without_torch(done.stdout), "utf-8")
    return 0


def without_torch(lock: str) -> str:
    """The lock without torch and what belongs to a GPU; a requirement and its hashes are one."""
    kept = [each for each in re.split(r"(?m)^(?=\S)", lock) if not _left_out(each)]
    return "".join(kept)


def _left_out(requirement: str) -> bool:
    name = re.split(r"[=\s;\[]", requirement, maxsplit=1)[0]
    return name == "torch" or name.startswith(GPU_NAMES)


if __name__ == "__main__":
    raise SystemExit(main())
