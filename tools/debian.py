"""Install missing Debian packages, saying so; standard library only."""

import os
import shutil
import subprocess


class SetUpError(Exception):
    """Set-up cannot go on; the message is one sentence for the person at the keyboard."""


def say(text: str) -> None:
    """Print one line at once, so that a long step is announced before it begins."""
    print(text, flush=True)


def install_packages(packages: list[str], purpose: str) -> None:
    """Install `packages` with apt-get; SetUpError when that cannot be done without help."""
    wanted = " ".join(packages)
    needed = f"{purpose} needs {wanted}"
    prefix = _root_prefix()
    if prefix is None or shutil.which("apt-get") is None:
        raise SetUpError(
            f"{needed}: please install it with this system's package manager "
            f"(on Debian, as root: apt-get install {wanted}) and run the same command again."
        )
    say(f"{needed}: installing it with apt-get …")
    result = _apt_get(prefix, "install", packages)
    if result.returncode:  # the usual reason on a fresh machine is an empty or old package list
        _apt_get(prefix, "update", [])
        result = _apt_get(prefix, "install", packages)
    if result.returncode:
        reason = (result.stderr.strip() or result.stdout.strip()).splitlines()[-1:]
        raise SetUpError(f"{needed}, but apt-get said: {''.join(reason)}")


def _root_prefix() -> list[str] | None:
    """What to put before a command to run it as root; None when that is not possible."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True).returncode == 0:
        return [sudo, "-n"]
    return None


def _apt_get(prefix: list[str], verb: str, packages: list[str]) -> subprocess.CompletedProcess[str]:
    options = ["-y", "--no-install-recommends"] if verb == "install" else []
    command = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", verb, "-qq"]
    return subprocess.run([*command, *options, *packages], capture_output=True, text=True)
