"""PostgreSQL for the tests: Debian's package, and a server of one's own in a temporary folder."""

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


_NEW = ("-U", "coder", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")


@contextmanager
def server() -> Iterator[str]:
    """A server of one's own while the block runs; the address of its first database.

    It answers on a socket in its folder only. As root it is run by Debian's user ``postgres``,
    since the server refuses to be root.
    """
    found = programs()
    if found is None:
        raise SetUpError("There is no PostgreSQL here; `make test` installs it on Debian.")
    runner = pwd.getpwnam("postgres") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    with tempfile.TemporaryDirectory(prefix="coder-pg-") as name:
        folder, data = Path(name), Path(name, "data")
        os.chown(folder, runner.pw_uid, runner.pw_gid)
        control: list[str | Path] = [found / "pg_ctl", "-D", data, "-s", "-w"]
        options = " ".join([*(f"-c {each}" for each in _SETTINGS), f"-k {folder}"])
        initdb: list[str | Path] = [found / "initdb", "-D", data, *_NEW]
        _run(runner, initdb)
        try:
            _run(runner, [*control, "-l", folder / "log", "-o", options, "start"])
            yield f"postgresql+psycopg://coder@/postgres?host={folder}"
        finally:
            _run(runner, [*control, "-m", "immediate", "stop"])


def _run(runner: pwd.struct_passwd, command: list[str | Path]) -> None:
    """Run a program as this user; its last words are the reason when it fails."""
    is_root = os.geteuid() == 0
    done = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd="/",
        user=runner.pw_uid if is_root else None,
        group=runner.pw_gid if is_root else None,
        extra_groups=[] if is_root else None,
    )
    if done.returncode:
        raise SetUpError(f"{Path(command[0]).name} failed: {done.stdout.decode(errors='replace')}")


if __name__ == "__main__":
    sys.exit(main())
