"""Install what the report is set by as PDF: LibreOffice, and a letter as wide as Calibri."""

import shutil
import sys
from pathlib import Path

from tools.debian import SetUpError, install_packages, say

_OFFICES = ("soffice", "libreoffice")


def main() -> int:
    """Install what is missing; 1 and one sentence when that cannot be done."""
    missing = [] if office_path() else ["libreoffice-writer"]
    if not any(Path("/usr/share/fonts").rglob("Carlito-Regular.*")):
        missing.append("fonts-crosextra-carlito")
    try:
        if missing:
            install_packages(missing, "Setting the report as PDF")
    except SetUpError as error:
        say(str(error))
        return 1
    return 0


def office_path() -> str | None:
    """LibreOffice, the first on the PATH; None: there is none."""
    return next((found for found in map(shutil.which, _OFFICES) if found), None)


if __name__ == "__main__":
    sys.exit(main())
