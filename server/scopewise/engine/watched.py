"""An engine that tells what it is doing, for a status that people can see."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, Iterator, Sequence
from typing import Protocol

from scopewise.cancel import CancelToken
from scopewise.engine.protocol import Delta, Engine, EngineInfo, Event, Prefill, Request
from scopewise.errors import Cancelled, PromptTooLong, ScopewiseError


class Watcher(Protocol):
    """Hears what an engine does; everything is called on the event loop."""

    def loading(self, share: float) -> None:
        """So much of the model is in memory."""

    def reading(self) -> None:
        """A prompt is being read."""

    def writing(self, n_tokens: int) -> None:
        """So many new tokens were written."""

    def ready(self) -> None:
        """The model is in memory and has nothing to do."""

    def unloaded(self) -> None:
        """The model left memory because nobody needs it."""

    def failed(self, sentence: str) -> None:
        """The model cannot be used at present, and why."""


class WatchedEngine:
    """An engine with somebody watching; says nothing more once it is closed."""

    def __init__(self, engine: Engine, watcher: Watcher) -> None:
        self._engine = engine
        self._watcher = watcher
        self._n_running = 0
        self._is_loaded = False
        self._is_closed = False

    async def generate(self, request: Request, cancel: CancelToken) -> AsyncGenerator[Event, None]:
        n_tokens: dict[int, int] = {}
        self._n_running += 1
        try:
            with self._failures():
                async with contextlib.aclosing(self._engine.generate(request, cancel)) as events:
                    async for event in events:
                        self._is_loaded = True
                        self._note(event, n_tokens)
                        yield event
        finally:
            self._n_running -= 1
            self._rest()

    async def count_tokens(self, texts: Sequence[str]) -> list[int]:
        with self._failures():
            counts = await self._engine.count_tokens(texts)
        self._is_loaded = True
        self._rest()
        return counts

    async def describe(self) -> EngineInfo:
        with self._failures():
            info = await self._engine.describe()
        self._is_loaded = True
        self._rest()
        return info

    async def close(self) -> None:
        self._is_closed = True
        await self._engine.close()

    def _note(self, event: Event, n_tokens: dict[int, int]) -> None:
        if self._is_closed:
            return
        if isinstance(event, Prefill):
            self._watcher.reading()
        elif isinstance(event, Delta) and event.n_tokens > n_tokens.get(event.sample, 0):
            n_new = event.n_tokens - n_tokens.get(event.sample, 0)
            n_tokens[event.sample] = event.n_tokens
            self._watcher.writing(n_new)

    def _rest(self) -> None:
        if self._is_loaded and not self._n_running and not self._is_closed:
            self._watcher.ready()

    @contextlib.contextmanager
    def _failures(self) -> Iterator[None]:
        """Report what keeps the engine from working; not a stopped job."""
        try:
            yield
        except (Cancelled, PromptTooLong):
            raise
        except ScopewiseError as error:
            self._is_loaded = False
            if not self._is_closed:
                self._watcher.failed(str(error))
            raise
