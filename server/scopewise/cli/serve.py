"""`scopewise serve`: the language server."""

from __future__ import annotations

from typing import Annotated

import typer

from scopewise.cli import output


def serve(
    context: typer.Context,
    stdio: Annotated[bool, typer.Option("--stdio", help="Speak on stdin and stdout.")] = True,
    tcp: Annotated[
        str, typer.Option(metavar="[HOST:]PORT", help="Listen on TCP instead, for debugging.")
    ] = "",
    ws: Annotated[
        str, typer.Option(metavar="[HOST:]PORT", help="Listen on WebSocket instead.")
    ] = "",
    trace: Annotated[
        str, typer.Option(metavar="FILE", help="Append one JSON line per measured span.")
    ] = "",
    trace_prompts: Annotated[
        bool, typer.Option("--trace-prompts", help="Also write prompts and answers to the trace.")
    ] = False,
) -> None:
    """Run the language server, on stdin and stdout unless told otherwise."""
    from scopewise.lsp.server import serve as run

    with output.failing():
        run(
            tcp=_address(tcp) if tcp else None,
            ws=_address(ws) if ws else None,
            trace=trace,
            trace_prompts=trace_prompts,
            keys=context.obj,
        )


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not port.isdigit():
        raise typer.BadParameter(f"`{text}` is not a port, nor HOST:PORT.")
    return host or "127.0.0.1", int(port)
