"""Progress notifications: few, in order, and forgotten at the end."""

from __future__ import annotations

import asyncio
from typing import Any

from pygls.exceptions import JsonRpcMethodNotFound

from scopewise.lsp.progress import Progress


class FakeServer:
    """Records progress as pygls would send it."""

    def __init__(self, create: Any = None) -> None:
        self.work_done_progress = self
        self.tokens: dict[str, object] = {}
        self.sent: list[tuple[str, str | None]] = []
        self._create = create or asyncio.sleep

    async def create_async(self, token: str) -> None:
        await self._create(0)
        self.tokens[token] = object()

    def begin(self, token: str, value: Any) -> None:
        assert value.percentage is None
        assert value.cancellable
        self.sent.append(("begin", value.message))

    def report(self, token: str, value: Any) -> None:
        self.sent.append(("report", value.message))

    def end(self, token: str, value: Any) -> None:
        self.sent.append(("end", value.message))


def progress_of(server: FakeServer, is_shown: bool = True) -> Progress:
    return Progress(server, "Mend it", is_shown)  # type: ignore[arg-type]


async def test_only_the_last_of_many_reports_is_sent() -> None:
    server = FakeServer()
    progress = progress_of(server)

    for n in range(100):
        progress.say(f"{n} tokens")
        await asyncio.sleep(0.001)
    await asyncio.sleep(0.3)
    await progress.end("Done.")

    assert server.sent[0] == ("begin", "0 tokens")
    assert server.sent[-2:] == [("report", "99 tokens"), ("end", "Done.")]
    assert len(server.sent) <= 4


async def test_token_is_forgotten() -> None:
    server = FakeServer()
    progress = progress_of(server)

    await progress.end()
    await progress.end()

    assert server.tokens == {}
    assert server.sent == [("begin", None), ("end", None)]


async def test_nothing_is_said_after_the_end() -> None:
    server = FakeServer()
    progress = progress_of(server)
    await progress.end()

    progress.say("too late")
    await asyncio.sleep(0.3)

    assert server.sent[-1] == ("end", None)


async def test_client_that_refuses() -> None:
    async def refuse(_: float) -> None:
        raise JsonRpcMethodNotFound

    server = FakeServer(refuse)
    progress = progress_of(server)
    progress.say("12 tokens")

    await progress.end("Done.")

    assert server.sent == []


async def test_client_that_never_answers_delays_the_end_only_a_little() -> None:
    server = FakeServer(lambda _: asyncio.sleep(60))
    progress = progress_of(server)

    async with asyncio.timeout(3):
        await progress.end("Done.")

    assert server.sent == []


async def test_client_without_progress() -> None:
    server = FakeServer()
    progress = progress_of(server, is_shown=False)

    progress.say("12 tokens")
    await progress.end()

    assert server.sent == []
