"""A server that runs as long as it is needed, and pages that have its key: for benchmarks."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from socket import socket
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

_TOKEN = secrets.token_urlsafe()


def free_port() -> int:
    """A port that nobody listens on now."""
    with closing(socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def app_command(study: Path, port: int) -> list[str]:
    """The arguments of Python that serve a study at this port."""
    return ["-m", "coder", "app", str(study), "--no-browser", "--port", str(port)]


@contextmanager
def served(command: Sequence[str], port: int, **variables: str) -> Iterator[str]:
    """Run Python with these arguments until the block ends; the address it serves."""
    url = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(
        [sys.executable, *command], env={**os.environ, "CODER_TOKEN": _TOKEN, **variables}
    )
    try:
        _wait_for(url)
        yield url
    finally:
        server.terminate()
        server.wait(30)


def opened(browser: Browser, url: str, path: str) -> Page:
    """A page of a browser session of its own, let in as by the link with the token."""
    session = browser.new_context()
    name = f"coder_token_{urlsplit(url).port}"
    session.add_cookies([{"name": name, "value": _TOKEN, "url": url}])
    page = session.new_page()
    page.goto(f"{url}/{path}")
    return page


def _wait_for(url: str) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=1):  # noqa: S310
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"nothing answers at {url}")
