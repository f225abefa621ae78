"""Look up what is installed in the database of known vulnerabilities.

    python -m tools.audit

Exit code 1 when something is found. Where the database can't be reached, or knows nothing of what
is installed, that is said: nothing was checked then, so it is no success either (exit code 2).
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

COMMAND = ("-m", "pip_audit", "--local", "--format", "json", "--progress-spinner", "off")


def main() -> int:
    """Ask, and say what was found."""
    done = subprocess.run([sys.executable, *COMMAND], capture_output=True, text=True)
    try:
        listed = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        listed = []
    lines, code = report(listed)
    print("\n".join(lines))
    return code


def report(listed: Sequence[Mapping[str, Any]]) -> tuple[list[str], int]:
    """What to say of the distributions that pip-audit lists, and the exit code."""
    known = [each for each in listed if "skip_reason" not in each]
    found = [
        f"{each['name']} {each['version']}: {one['id']}, mended in "
        f"{', '.join(one['fix_versions']) or 'no version yet'}"
        for each in known
        for one in each["vulns"]
    ]
    if not known:
        return ["The database of vulnerabilities can't be reached: nothing was checked."], 2
    counted = f"{len(known)} of {len(listed)} distributions checked, {len(found)} problems found."
    return [*found, counted], 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
