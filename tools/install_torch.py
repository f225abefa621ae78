"""Install a CPU build of torch before anything asks for torch; standard library only.

A plain `pip install torch` may bring several gigabytes of CUDA. Run by the environment's Python.
CODER_TORCH, if set, is a pip requirement with options and is taken as it is: that is how to
choose a CUDA build, or an index of CPU builds, on purpose.
"""

import importlib.util
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from tools.debian import SetUpError, say

VERSION = "2.13.0"
CPU_BUILD = f"torch=={VERSION}+cpu"
PLAIN_BUILD = f"torch=={VERSION}"
GPU_NAMES = ("nvidia-", "cuda", "rocm", "triton", "pytorch-triton")
GPU_VERSIONS = ("cu", "rocm", "xpu")


def main() -> int:
    """Install torch unless it is there; 1 and one sentence when no CPU build is offered."""
    try:
        if importlib.util.find_spec("torch") is None:
            _install(os.environ.get("CODER_TORCH", ""))
    except SetUpError as error:
        say(str(error))
        return 1
    return 0


def gpu_parts(report: Mapping[str, Any]) -> list[str]:
    """Names, with versions, of what in a pip installation report belongs to a GPU build.

    `report` is what `pip install --dry-run --report -` prints, read as JSON. An empty list means
    that the plan is a CPU build. KeyError when it is not such a report.
    """
    planned = [item["metadata"] for item in report["install"]]
    return sorted(f"{it['name']} {it['version']}" for it in planned if _is_gpu(it))


def _is_gpu(distribution: Mapping[str, str]) -> bool:
    name = re.sub(r"[-_.]+", "-", distribution["name"]).lower()
    local_version = distribution["version"].partition("+")[2]
    return name.startswith(GPU_NAMES) or local_version.startswith(GPU_VERSIONS)


def _install(choice: str) -> None:
    if choice:
        say(f"Installing torch as CODER_TORCH says: {choice} …")
        _pip_or_stop(shlex.split(choice))
        return
    say("Installing torch, CPU build (about 200 MB) …")
    first = _pip([CPU_BUILD])
    if first.returncode == 0:
        return
    if "No matching distribution" not in first.stderr:
        raise SetUpError(f"pip could not install {CPU_BUILD}: {first.stderr.strip()}")
    _refuse_gpu_build()
    _pip_or_stop([PLAIN_BUILD])


def _refuse_gpu_build() -> None:
    """SetUpError when the plain requirement would bring a GPU build; reads metadata only."""
    plan = _pip_or_stop(["--dry-run", "--report", "-", PLAIN_BUILD])
    found = gpu_parts(json.loads(plan.stdout))
    if found:
        raise SetUpError(
            f"{PLAIN_BUILD} is a GPU build here (it brings {found[0]} and {len(found) - 1} more "
            "such packages, several GB) and the package index has no CPU build for this Python: "
            'say CODER_TORCH="torch --index-url ADDRESS" with the address of the CPU index that '
            f'PyTorch\'s installation page names, or CODER_TORCH="{PLAIN_BUILD}" to take the '
            "GPU build on purpose, or PYTHON=… to use another Python after `make clean`."
        )


def _pip_or_stop(arguments: list[str]) -> subprocess.CompletedProcess[str]:
    result = _pip(arguments)
    if result.returncode:
        raise SetUpError(f"pip could not install {arguments[-1]}: {result.stderr.strip()}")
    return result


def _pip(arguments: list[str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pip", "install", "-qq", *arguments]
    return subprocess.run(command, capture_output=True, text=True)


if __name__ == "__main__":
    sys.exit(main())
