"""Open the app in the browser, once it can be reached."""

from __future__ import annotations

import tempfile
import threading
import time
import urllib.request
import webbrowser
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

_PATIENCE = 30.0  # seconds
_KEPT = 20.0  # so slow may a browser be that has to be started first


def open_when_up(link: str) -> None:
    """Open the link as soon as the server answers, without keeping the caller waiting."""
    threading.Thread(target=_wait_and_open, args=(link,), daemon=True).start()


def _wait_and_open(link: str) -> None:
    parts = urlsplit(link)
    if not _is_up(f"{parts.scheme}://{parts.netloc}/_stcore/health"):
        return
    with tempfile.TemporaryDirectory(prefix="coder-") as folder:
        webbrowser.open(leading_to(link, Path(folder)).as_uri())
        time.sleep(_KEPT)


def leading_to(link: str, folder: Path) -> Path:
    """A page that leads on to the link, for its owner only.

    The link itself would stand in the list of the machine's processes, where everyone can read it
    with its token.
    """
    file = folder / "coder.html"
    file.touch(mode=0o600)
    file.write_text(f'<meta http-equiv="refresh" content="0; url={escape(link)}">', "utf-8")
    return file


def _is_up(url: str) -> bool:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=1):  # noqa: S310
                return True
        except OSError:
            time.sleep(0.1)
    return False
