"""An engine that counts what it is asked, to tell an answer just written from a recorded one."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence

from scopewise.cancel import CancelToken
from scopewise.engine.protocol import Engine, EngineInfo, Event, Request


class MeteredEngine:
    """The engine behind it, and how many generations it was asked for."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.n_generations = 0

    def generate(self, request: Request, cancel: CancelToken) -> AsyncGenerator[Event, None]:
        self.n_generations += 1
        return self._engine.generate(request, cancel)

    async def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return await self._engine.count_tokens(texts)

    async def describe(self) -> EngineInfo:
        return await self._engine.describe()

    async def close(self) -> None:
        await self._engine.close()
