"""Install what the browser tests need: Chromium and a font with Danish letters."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.debian import SetUpError, install_packages, say

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# How the browser is started where nobody looks at it: nothing of its own over the network.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)


def main() -> int:
    """Install what is missing; 1 and one sentence when that cannot be done."""
    missing = [] if browser_path() else ["chromium"]
    if not has_danish_font():
        missing.append("fonts-dejavu-core")
    try:
        if missing:
            install_packages(missing, "Testing the pages in a browser")
    except SetUpError as error:
        say(str(error))
        return 1
    return 0


def browser_path() -> str | None:
    """Chromium: the one that CHROMIUM names, or the first on the PATH; None: there is none."""
    names = (os.environ.get("CHROMIUM"), *map(shutil.which, _BROWSERS))
    return next((name for name in names if name and Path(name).exists()), None)


def has_danish_font() -> bool:
    """Whether some installed font has æ, ø and å, as far as can be told."""
    if shutil.which("fc-list"):
        listed = subprocess.run(["fc-list", ":lang=da"], capture_output=True, text=True)
        return bool(listed.stdout.strip())
    return any(Path("/usr/share/fonts").rglob("DejaVuSans*.ttf"))


if __name__ == "__main__":
    sys.exit(main())
