"""The server on a WebSocket, for debugging."""

from __future__ import annotations

import asyncio
import importlib
import threading
from typing import Any

from pygls.io_ import run_websocket

from scopewise.errors import InputError
from scopewise.lsp.language_server import ScopewiseServer


def serve_websocket(server: ScopewiseServer, host: str, port: int) -> None:
    """Serve one client; raises InputError when the optional package is missing."""
    try:
        websockets = importlib.import_module("websockets.asyncio.server")
    except ImportError as error:
        raise InputError(
            "The `websockets` package is not installed.",
            "Type `pip install 'scopewise[websocket]'`.",
        ) from error
    asyncio.run(_serve(server, websockets.serve, host, port))


async def _serve(server: ScopewiseServer, listen: Any, host: str, port: int) -> None:
    is_over = asyncio.Event()

    async def connected(socket: Any) -> None:
        await run_websocket(socket, threading.Event(), server.protocol)
        is_over.set()

    # Browsers let every web page connect to this machine, but they say which page it is. Only
    # clients that are no browsers are let in; pygls's own server does not look.
    async with listen(connected, host, port, origins=[None]):
        await is_over.wait()
