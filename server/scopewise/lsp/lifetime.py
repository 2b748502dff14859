"""Going away together with the editor, and taking the engine's process along."""

from __future__ import annotations

import asyncio
import logging
import os

import psutil

from scopewise.lsp.language_server import ScopewiseServer

logger = logging.getLogger(__name__)

_INTERVAL_S = 3.0


def watch(ls: ScopewiseServer, editor: int | None) -> None:
    """Have the server end with the editor's process, and clean up however the loop ends."""
    # In a container the editor's process id means nothing.
    is_known = editor is not None and psutil.pid_exists(editor)
    ls.spawn(_watch(ls, editor if is_known else None))


async def _watch(ls: ScopewiseServer, editor: int | None) -> None:
    # A closed stdin ends pygls's loop, which cancels this task like every other.
    try:
        await _until_gone(editor)
        logger.warning("The editor's process is gone.")
    finally:
        await ls.close()
    # The thread that reads stdin cannot be interrupted: some other process holds the pipe open.
    os._exit(1)


async def _until_gone(process: int | None) -> None:
    if process is None:
        await asyncio.Event().wait()
        return
    # A process that is not our child tells nobody when it ends.
    while psutil.pid_exists(process):  # noqa: ASYNC110
        await asyncio.sleep(_INTERVAL_S)
