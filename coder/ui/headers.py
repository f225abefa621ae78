"""What the server tells the browser not to do: a content security policy, and its companions.

Every answer is shown as text. Should a page of ours, or Streamlit, ever fail at that, a browser
that keeps to these headers still runs no script that an answer brought, and asks no other host
for a picture.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Awaitable, Callable, MutableMapping
from importlib.resources import files
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)


class SafeHeaders:
    """ASGI middleware that adds the headers to every answer over HTTP; websockets pass by."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.headers = [(name.encode(), value.encode()) for name, value in safe_headers().items()]

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *self.headers]
            await send(message)

        await self.app(scope, receive, send_safely if scope["type"] == "http" else send)


def safe_headers() -> dict[str, str]:
    """The headers by name, in small letters."""
    return {
        "content-security-policy": policy(),
        "x-content-type-options": "nosniff",  # an upload is never taken for a script
        "referrer-policy": "no-referrer",  # the address names the study and the coder
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
    }


def policy() -> str:
    """What a page may load and do, as a content security policy: everything from here only."""
    sources = {
        "default-src": "'none'",
        # Our components are scripts that Streamlit loads as blobs; grids are drawn with the help
        # of WebAssembly. No 'unsafe-eval': what Vega would need stays out.
        "script-src": f"'self' blob: 'wasm-unsafe-eval' {_inline_scripts()}",
        "worker-src": "'self' blob:",
        "style-src": "'self' 'unsafe-inline'",  # Streamlit and Plotly write styles as they draw
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        # Older browsers don't count a websocket of the page's own host as 'self'.
        "connect-src": "'self' data: blob: ws://127.0.0.1:* ws://localhost:*",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {values}" for name, values in sources.items())


def _inline_scripts() -> str:
    """The scripts that stand in Streamlit's own page, by what they hash to."""
    page = files("streamlit").joinpath("static", "index.html").read_text("utf-8")
    hashes = [hashlib.sha256(script.encode()).digest() for script in _INLINE.findall(page)]
    return " ".join(f"'sha256-{base64.b64encode(each).decode()}'" for each in hashes)
