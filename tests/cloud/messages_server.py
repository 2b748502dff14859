"""A server on loopback that speaks the Messages API, or fails at it as it is told.

It runs in a thread of its own, so that tests of any kind can use it, and records every request.
A reply is a list of steps: bytes are written, numbers are seconds to wait, `HANG_UP` closes the
connection, and `HOLD` waits until the client closes it.
"""

from __future__ import annotations

import asyncio
import contextlib
import enum
import json
import ssl
import threading
import time
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

MODEL = "claude-sonnet-5-5"
USAGE = {
    "input_tokens": 21,
    "cache_creation_input_tokens": 300,
    "cache_read_input_tokens": 4000,
    "output_tokens": 1,
}


class Do(enum.Enum):
    HANG_UP = "hang up"
    RESET = "reset"
    HOLD = "hold"


HANG_UP, RESET, HOLD = Do

Step = bytes | float | Do
Reply = Sequence[Step]


@dataclass
class Received:
    """One request as it came over the wire."""

    method: str
    path: str
    headers: list[tuple[str, str]]
    body: bytes
    at: float
    """On the clock of `time.monotonic`."""
    hung_up: threading.Event = field(default_factory=threading.Event)
    """Set when the client closed the connection."""
    hung_up_at: float = 0.0
    is_answered: bool = False
    """Whether the whole reply was written before that."""

    def header(self, name: str) -> str | None:
        return dict(self.headers).get(name.lower())

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class MessagesServer:
    """Use it with `with`; `replies` are given one after the other, the last one again and again."""

    def __init__(self, *replies: Reply, tls: ssl.SSLContext | None = None) -> None:
        self.replies = list(replies)
        self.requests: list[Received] = []
        self.n_connections = 0
        self._tls = tls
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="messages", daemon=True)
        self._ready = threading.Event()
        self._stop: asyncio.Event | None = None
        self.port = 0

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    def wait_for_request(self, number: int = 0, timeout_s: float = 10) -> Received:
        """The request of that number, when its whole body has come."""
        end = time.monotonic() + timeout_s
        while len(self.requests) <= number:
            assert time.monotonic() < end, "no request came"
            time.sleep(0.005)
        return self.requests[number]

    def __enter__(self) -> MessagesServer:
        self._thread.start()
        assert self._ready.wait(10), "the server did not start"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._stop is not None
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def _run(self) -> None:
        with contextlib.closing(self._loop):
            self._loop.run_until_complete(self._serve())

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        server = await asyncio.start_server(self._handle, "127.0.0.1", 0, ssl=self._tls)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.n_connections += 1
        gone = (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError)
        with contextlib.suppress(*gone):
            received = await _read(reader)
            reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
            self.requests.append(received)
            watch = asyncio.create_task(_watch(reader, received))
            try:
                await self._reply(writer, reply, watch)
                received.is_answered = not watch.done()
                if HANG_UP not in reply:
                    await asyncio.wait([watch], timeout=10)
            finally:
                watch.cancel()
        writer.close()

    async def _reply(
        self, writer: asyncio.StreamWriter, reply: Reply, watch: asyncio.Task[None]
    ) -> None:
        for step in reply:
            if step is HANG_UP:
                return
            if step is RESET:
                writer.transport.abort()
            elif step is HOLD:
                await watch
            elif isinstance(step, bytes):
                writer.write(step)
                await writer.drain()
            elif isinstance(step, float):
                await asyncio.wait([watch], timeout=step)


async def _read(reader: asyncio.StreamReader) -> Received:
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").rstrip().split("\r\n")
    method, path, _ = first.split(" ")
    pairs = [line.split(": ", 1) for line in lines]
    headers = [(name.lower(), value) for name, value in pairs]
    body = await reader.readexactly(int(dict(headers).get("content-length", "0")))
    return Received(method, path, headers, body, time.monotonic())


async def _watch(reader: asyncio.StreamReader, received: Received) -> None:
    """Ends when the client closes the connection, which is all it may still send."""
    with contextlib.suppress(ConnectionError):
        assert not await reader.read(1), "the client sent more than a request"
    received.hung_up_at = time.monotonic()
    received.hung_up.set()


def answer(
    *texts: str,
    stop_reason: str | None = "end_turn",
    output_tokens: int = 42,
    usage: dict[str, Any] = USAGE,
    stop_details: dict[str, Any] | None = None,
    between: Sequence[Step] = (),
    gzip: bool = False,
) -> list[Step]:
    """A whole answer, one delta a text, as the API streams it; `between` comes after each delta."""
    steps: list[Step] = [*begin(usage), event("ping", {})]
    for text in texts:
        steps += [delta(text), *between]
    delta_body = {"stop_reason": stop_reason, "stop_details": stop_details}
    steps += [
        event("content_block_stop", {"index": 0}),
        event("message_delta", {"delta": delta_body, "usage": {"output_tokens": output_tokens}}),
        event("message_stop", {}),
    ]
    return stream(*steps, gzip=gzip)


def begin(usage: dict[str, Any] = USAGE) -> list[Step]:
    """The first events of an answer."""
    message = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": MODEL,
        "content": [],
        "stop_reason": None,
        "usage": usage,
    }
    block = {"type": "text", "text": ""}
    return [
        event("message_start", {"message": message}),
        event("content_block_start", {"index": 0, "content_block": block}),
    ]


def event(name: str, fields: dict[str, Any]) -> bytes:
    """One event of the stream."""
    data = json.dumps({"type": name, **fields}, ensure_ascii=False)
    return f"event: {name}\ndata: {data}\n\n".encode()


def delta(text: str) -> bytes:
    return event("content_block_delta", {"index": 0, "delta": {"type": "text_delta", "text": text}})


def stream(*steps: Step, gzip: bool = False, ends: bool = True) -> list[Step]:
    """A response of status 200 in chunks; without `ends`, the last chunk never comes."""
    coding = "content-encoding: gzip\r\n" if gzip else ""
    head = (
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nrequest-id: req_1\r\n"
        f"{coding}transfer-encoding: chunked\r\n\r\n"
    )
    body = list(_zipped(steps)) if gzip else list(steps)
    chunks = [_chunk(step) if isinstance(step, bytes) else step for step in body]
    return [head.encode(), *chunks, *([b"0\r\n\r\n"] if ends else [])]


def failure(
    status: int,
    kind: str = "",
    message: str = "",
    *,
    code: str = "",
    headers: dict[str, str] | None = None,
    body: bytes | None = None,
) -> list[Step]:
    """A response that is an error, in the API's shape unless there is another body."""
    if body is None:
        error: dict[str, Any] = {"type": kind, "message": message}
        if code:
            error["details"] = {"error_code": code}
        body = json.dumps({"type": "error", "error": error, "request_id": "req_1"}).encode()
    lines = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
    head = (
        f"HTTP/1.1 {status} Said so\r\ncontent-type: application/json\r\n{lines}"
        f"content-length: {len(body)}\r\n\r\n"
    )
    return [head.encode() + body]


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def _zipped(steps: Sequence[Step]) -> Iterator[Step]:
    zipper = zlib.compressobj(wbits=31)
    for step in steps:
        if isinstance(step, bytes):
            yield zipper.compress(step) + zipper.flush(zlib.Z_SYNC_FLUSH)
        else:
            yield step
    yield zipper.flush()
