"""Progress notifications that the server starts itself, with a button to cancel.

Clients hardly ever hand a token over with a request, so we create one (`window/workDoneProgress`).
There is never a percentage: after one at the beginning VS Code drops reports that have only text.
"""

from __future__ import annotations

import asyncio
import itertools
import logging

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from scopewise.actions.outcome import Phase
from scopewise.lsp.pacing import Pace

logger = logging.getLogger(__name__)

_INTERVAL_S = 0.2
"""Between two reports; a model writes thirty tokens a second."""
_PATIENCE_S = 1.0
"""How long the end of a job waits for a client that has not answered `create` yet."""

_numbers = itertools.count(1)


class Progress:
    """What one job is doing, in the words last said; silent where the client shows none."""

    def __init__(self, ls: LanguageServer, title: str, is_shown: bool) -> None:
        self.token = f"scopewise-{next(_numbers)}"
        self._ls = ls
        self._title = title
        self._message = ""
        self._is_open = False
        self._is_ended = False
        self._pace = Pace(self._send, _INTERVAL_S)
        self._opening = asyncio.create_task(self._open()) if is_shown else None

    def say(self, message: str) -> None:
        """Show a message, soon: of several in quick succession only the last is sent."""
        if message == self._message or self._is_ended:
            return
        self._message = message
        if self._is_open:
            self._pace.due()

    def phase(self, phase: Phase) -> None:
        self.say(phase.message)

    async def end(self, message: str = "") -> None:
        """Take the notification away, with a last word; a second call does nothing."""
        if self._opening is None or self._is_ended:
            return
        self._is_ended = True
        await asyncio.wait([self._opening], timeout=_PATIENCE_S)
        self._pace.stop()
        if self._is_open:
            end = lsp.WorkDoneProgressEnd(message=message or None)
            self._ls.work_done_progress.end(self.token, end)
        self._opening.cancel()
        self._ls.work_done_progress.tokens.pop(self.token, None)

    async def _open(self) -> None:
        try:
            await self._ls.work_done_progress.create_async(self.token)
        except JsonRpcException as error:
            logger.info("The client refuses a progress notification: %s", error)
            return
        begin = lsp.WorkDoneProgressBegin(
            self._title, cancellable=True, message=self._message or None
        )
        self._ls.work_done_progress.begin(self.token, begin)
        self._is_open = True
        self._pace.rest()

    def _send(self) -> None:
        report = lsp.WorkDoneProgressReport(cancellable=True, message=self._message)
        self._ls.work_done_progress.report(self.token, report)
