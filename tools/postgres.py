"""A PostgreSQL server for the tests: Debian's package, and a private server in a temporary folder."""

import getpass
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.debian import SetUpError, install_packages, say

# Nothing is kept, so nothing need be safe: what the tests ask for comes ten times as fast.
_SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=")


def main() -> int:
    """Install PostgreSQL if it is missing; 1 when that can't be done and the tests must run."""
    try:
        if programs() is None:
            install_packages(["postgresql"], "Testing studies in a database")
    except SetUpError as error:
        say(str(error))
        return int(is_needed())
    return 0


def is_needed() -> bool:
    """Whether tests that have no server fail, as in continuous integration, or are left out."""
    return os.environ.get("CI", "").lower() in ("1", "true")


def programs() -> Path | None:
    """The folder of the server's programs, the newest; None: there are none."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = sorted(debian, key=lambda each: int(each.parts[-3]))
    return newest[-1].parent if newest else None


@contextmanager
def server() -> Iterator[str]:
    """A server of one's own while the block runs; the address of its first database.

    It answers on a socket in its folder only. As root it is run by Debian's user ``postgres``,
    since the server refuses to be root.
    """
    bin = programs()
    if bin is None:
        raise SetUpError("There is no PostgreSQL here; `make test` installs it on Debian.")
    runner = _runner()
    with tempfile.TemporaryDirectory(prefix="coder-pg-") as name:
        folder, owner = Path(name), {"user": runner.pw_uid, "group": runner.pw_gid}
        os.chown(folder, runner.pw_uid, runner.pw_gid)
        data, options = folder / "data", " ".join(f"-c {each}" for each in _SETTINGS)
        _run([bin / "initdb", "-D", data, "-U", "coder", "-A", "trust", "-E", "UTF8", "--no-locale",
              "--no-sync"], **owner)  # fmt: skip
        control = [bin / "pg_ctl", "-D", data, "-s", "-w"]
        started = [*control, "-l", folder / "log", "-o", f"{options} -k {folder}", "start"]
        try:
            _run(started, **owner)
            yield f"postgresql+psycopg://coder@/postgres?host={folder}"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], **_quiet(owner))


def _runner() -> pwd.struct_passwd:
    return pwd.getpwnam("postgres" if os.geteuid() == 0 else getpass.getuser())


def _run(command: list[str | Path], **owner: int) -> None:
    done = subprocess.run(command, **_quiet(owner))
    if done.returncode:
        raise SetUpError(f"{Path(command[0]).name} failed: {done.stdout.decode(errors='replace')}")


def _quiet(owner: dict[str, int]) -> dict[str, object]:
    """As whom a program runs, and that it says nothing and sees no other folder."""
    groups = {"extra_groups": []} if os.geteuid() == 0 else {}
    who = {**owner, **groups} if os.geteuid() == 0 else {}
    return {**who, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "cwd": "/"}


if __name__ == "__main__":
    sys.exit(main())
