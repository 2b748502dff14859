"""Long work: started at once, stopped by whoever may stop it, never the end of the server."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from scopewise.cancel import CancelToken
from scopewise.lsp.progress import Progress

T = TypeVar("T")

BY_USER = "Cancelled."
AT_SHUTDOWN = "The server is shutting down."

_PATIENCE_S = 2.0
"""For jobs that were stopped; one whose question no client answers ends when it is answered."""


@dataclass(eq=False)
class Job:
    """One piece of long work."""

    title: str
    progress: Progress
    is_quiet: bool = False
    """Nobody asked for it, so nobody is told about it."""
    request: str | int | None = None
    """The id of the request that waits for it."""
    cancel: CancelToken = field(default_factory=CancelToken)
    is_with_user: bool = False
    """The work is done, and what came of it waits for the user's word, which may take minutes."""


class Jobs:
    """The jobs that run at present."""

    def __init__(self, new_progress: Callable[[str, bool], Progress]) -> None:
        """`new_progress` is given a job's title and whether to show anything."""
        self._new_progress = new_progress
        self._running: dict[Job, asyncio.Task[object]] = {}

    def start(
        self,
        title: str,
        work: Callable[[Job], Awaitable[T]],
        *,
        is_quiet: bool = False,
        request: str | int | None = None,
    ) -> asyncio.Task[T]:
        """A task doing `work`, which may be awaited or left to itself."""
        job = Job(title, self._new_progress(title, not is_quiet), is_quiet, request)
        task = asyncio.create_task(self._run(job, work))
        self._running[job] = task
        return task

    @property
    def is_busy(self) -> bool:
        """Whether anything is at work that a user asked for."""
        return any(not job.is_quiet and not job.is_with_user for job in self._running)

    def is_running(self, title: str) -> bool:
        return any(job.title == title for job in self._running)

    def report_loading(self, share: float) -> None:
        """Tell everyone who waits for the model how far it is loaded."""
        for job in self._running:
            job.progress.say(f"Loading the model: {share:.0%}")

    # Stopping

    def cancel_progress(self, token: str | int) -> None:
        """Stop the job whose progress notification was cancelled."""
        self._cancel(lambda job: job.progress.token == token)

    def cancel_request(self, request: str | int) -> None:
        """Stop the job a cancelled request waits for."""
        self._cancel(lambda job: job.request == request)

    def cancel_all(self) -> None:
        self._cancel(lambda _: True)

    async def stop_all(self) -> None:
        """Stop everything, and wait a moment for it."""
        self.cancel_all()
        if tasks := list(self._running.values()):
            await asyncio.wait(tasks, timeout=_PATIENCE_S)

    async def close(self) -> None:
        """Stop everything, and wait until it has."""
        tasks = list(self._running.values())
        for job, task in self._running.items():
            job.cancel.cancel(AT_SHUTDOWN)
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _cancel(self, is_meant: Callable[[Job], bool]) -> None:
        for job in list(self._running):
            if is_meant(job):
                job.cancel.cancel(BY_USER)

    async def _run(self, job: Job, work: Callable[[Job], Awaitable[T]]) -> T:
        try:
            return await work(job)
        except asyncio.CancelledError:
            job.cancel.cancel(AT_SHUTDOWN)
            raise
        finally:
            self._running.pop(job, None)
            await job.progress.end()
