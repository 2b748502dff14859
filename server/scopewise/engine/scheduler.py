"""One queue in front of one engine.

Interactive work goes before hovers, hovers before background work.
A newer job for the same document and target replaces the older one, and interactive work does not
wait for a background generation to end: that one is stopped and told so.
"""

from __future__ import annotations

import asyncio
import contextlib
import enum
import heapq
import itertools
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field

from scopewise.cancel import CancelToken
from scopewise.engine.protocol import Engine, EngineInfo, Event, Request
from scopewise.errors import Cancelled


class Priority(enum.IntEnum):
    """Lower goes first."""

    INTERACTIVE = 0
    HOVER = 1
    BACKGROUND = 2


REPLACED = "A newer request for the same place took over."
PREEMPTED = "Interactive work needed the model."


@dataclass(frozen=True, order=True)
class _Ticket:
    priority: Priority
    number: int
    turn: asyncio.Future[None] = field(compare=False)
    cancel: CancelToken = field(compare=False)


class Scheduler:
    """Hands the engine to one generation at a time, in order of priority, then of arrival."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._numbers = itertools.count()
        self._waiting: list[_Ticket] = []
        self._holder: _Ticket | None = None
        self._jobs: dict[str, tuple[Priority, CancelToken]] = {}

    @contextlib.contextmanager
    def job(
        self, key: str, cancel: CancelToken, priority: Priority = Priority.INTERACTIVE
    ) -> Iterator[Engine]:
        """The engine as one job sees it; an older job with the same key is cancelled.

        The key names what the job works on: document and target.
        A more important older job is not replaced; the new one is then cancelled instead.
        """
        older = self._jobs.get(key)
        if older is not None and older[0] < priority:
            cancel.cancel(PREEMPTED)
            cancel.check()
        if older is not None:
            older[1].cancel(REPLACED)
        ours = (priority, cancel)
        self._jobs[key] = ours
        try:
            yield _ScheduledEngine(self, priority)
        finally:
            if self._jobs.get(key) is ours:
                del self._jobs[key]

    @property
    def n_waiting(self) -> int:
        """Generations in the queue, the running one not counted."""
        return len(self._waiting)

    @contextlib.asynccontextmanager
    async def turn(self, priority: Priority, cancel: CancelToken) -> AsyncIterator[None]:
        """The time during which the engine is ours; raises Cancelled while waiting."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        ticket = _Ticket(priority, next(self._numbers), turn, cancel)
        heapq.heappush(self._waiting, ticket)
        self._preempt(priority)
        self._pass_on()
        try:
            await self._wait(ticket)
            yield
        finally:
            self._leave(ticket)

    def _preempt(self, priority: Priority) -> None:
        holder = self._holder
        if priority is Priority.INTERACTIVE and holder and holder.priority > priority:
            holder.cancel.cancel(PREEMPTED)

    async def _wait(self, ticket: _Ticket) -> None:
        loop = asyncio.get_running_loop()

        def give_up() -> None:
            if not ticket.turn.done():
                ticket.turn.set_exception(Cancelled(ticket.cancel.reason))

        forget = ticket.cancel.on_cancel(lambda: loop.call_soon_threadsafe(give_up))
        try:
            await ticket.turn
        finally:
            forget()

    def _leave(self, ticket: _Ticket) -> None:
        if self._holder is ticket:
            self._holder = None
            self._pass_on()
        elif ticket in self._waiting:
            self._waiting.remove(ticket)
            heapq.heapify(self._waiting)

    def _pass_on(self) -> None:
        """Give a free engine to the first in the queue that still wants it."""
        while self._holder is None and self._waiting:
            ticket = heapq.heappop(self._waiting)
            if not ticket.turn.done():
                self._holder = ticket
                ticket.turn.set_result(None)


class _ScheduledEngine:
    """The engine, with every generation waiting for its turn."""

    def __init__(self, scheduler: Scheduler, priority: Priority) -> None:
        self._scheduler = scheduler
        self._priority = priority

    async def generate(self, request: Request, cancel: CancelToken) -> AsyncGenerator[Event, None]:
        async with self._scheduler.turn(self._priority, cancel):
            events = self._scheduler.engine.generate(request, cancel)
            async with contextlib.aclosing(events):
                async for event in events:
                    yield event

    async def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return await self._scheduler.engine.count_tokens(texts)

    async def describe(self) -> EngineInfo:
        return await self._scheduler.engine.describe()

    async def close(self) -> None:
        """The engine outlives its jobs."""
