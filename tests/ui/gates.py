"""What the tests of the gate share: an app behind it that tells what reached it."""

from __future__ import annotations

from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from coder.ui.gate import Door, Gate

# Where Streamlit serves a page, an upload, a picture, a component's file and its own script.
PLACES = [
    "/",
    "/coding",
    "/_stcore/upload_file/session/file",
    "/media/picture.png",
    "/component/coder.desk/index.html",
    "/static/js/index.js",
    "/_stcore/metrics",
    "/_stcore/health/",
    "//_stcore/health",
]


SOCKET = "ws://127.0.0.1:8501/_stcore/stream"


def behind(door: Door, *, url: str = "http://127.0.0.1:8501", client: str = "127.0.0.1") -> Any:
    """A browser before a gate with this door."""
    inner = Starlette(
        routes=[
            WebSocketRoute("/_stcore/stream", _echo),
            Route("/{path:path}", _tell, methods=["GET", "POST", "PUT", "DELETE"]),
        ]
    )
    return TestClient(Gate(inner, door), base_url=url, client=(client, 5), follow_redirects=False)


async def _tell(request: Request) -> JSONResponse:
    account = request.headers.getlist("x-coder-account")
    return JSONResponse({"path": request.url.path, "account": account})


async def _echo(socket: WebSocket) -> None:
    await socket.accept()
    try:
        while True:
            said = await socket.receive_text()
            await socket.send_text(said + socket.headers.get("x-coder-account", ""))
    except WebSocketDisconnect:
        pass
