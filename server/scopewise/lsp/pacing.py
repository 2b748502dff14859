"""Sending what changes quickly, but not oftener than a client can show it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Pace:
    """Sends at once, then at most once an interval, and the last state in any case."""

    def __init__(self, send: Callable[[], None], interval_s: float) -> None:
        self._send = send
        self._interval_s = interval_s
        self._is_due = False
        self._timer: asyncio.TimerHandle | None = None

    def due(self) -> None:
        """There is something new to send."""
        self._is_due = True
        if self._timer is None:
            self._go()

    def rest(self) -> None:
        """Hold what is due back for an interval from now."""
        if self._timer is None:
            later = asyncio.get_running_loop().call_later
            self._timer = later(self._interval_s, self._go)

    def stop(self) -> None:
        """Send nothing more until something is due again."""
        self._is_due = False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _go(self) -> None:
        self._timer = None
        if self._is_due:
            self._is_due = False
            self._send()
            self.rest()
