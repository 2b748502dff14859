"""Starting the server: on stdin and stdout, or on a socket for debugging."""

from __future__ import annotations

import dataclasses
import logging
import sys

from scopewise.cloud.keys import Keys
from scopewise.lsp.features import register
from scopewise.lsp.language_server import ScopewiseServer
from scopewise.lsp.websocket import serve_websocket
from scopewise.settings import Settings

Address = tuple[str, int]


def serve(
    tcp: Address | None = None,
    ws: Address | None = None,
    trace: str = "",
    trace_prompts: bool = False,
    keys: Keys | None = None,
) -> None:
    """Serve one editor until it leaves; `trace` is a file for one JSON line per span."""
    _set_up_logging()
    base = Settings()
    if trace:
        traced = dataclasses.replace(base.trace, file=trace, prompts=trace_prompts)
        base = dataclasses.replace(base, trace=traced)
    server = make_server(base, keys)
    if tcp is not None:
        server.start_tcp(*tcp)
    elif ws is not None:
        serve_websocket(server, *ws)
    else:
        server.start_io()


def make_server(settings: Settings | None = None, keys: Keys | None = None) -> ScopewiseServer:
    """A server with all its handlers, not yet connected to anything."""
    server = ScopewiseServer(settings, keys)
    register(server)
    return server


def _set_up_logging() -> None:
    """Log to stderr, for stdout is the protocol."""
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    # At INFO it logs whole messages, source text included.
    logging.getLogger("pygls").setLevel(logging.WARNING)
