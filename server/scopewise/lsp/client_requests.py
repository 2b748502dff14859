"""Requests of our own to the client: asked, answered in plain JSON, or withdrawn."""

from __future__ import annotations

import asyncio
import uuid
from functools import partial

from pygls.lsp.server import LanguageServer

from scopewise.cancel import CancelToken
from scopewise.lsp.protocol import Protocol


async def request(ls: LanguageServer, method: str, params: object, cancel: CancelToken) -> object:
    """The client's answer as it came, however long it takes.

    Raises JsonRpcException for a client that refuses or answers with something unreadable, and
    Cancelled when the job is stopped first; the client is told to take its question away.
    """
    assert isinstance(ls.protocol, Protocol)
    cancel.check()
    number = str(uuid.uuid4())
    answer = ls.protocol.send_request_async(method, params, msg_id=number)
    loop = asyncio.get_running_loop()
    stop = loop.create_future()
    # Whoever cancels may do so in another thread.
    forget = cancel.on_cancel(partial(loop.call_soon_threadsafe, _settle, stop))
    try:
        await asyncio.wait([answer, stop], return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            cancel.check()
        return answer.result()
    finally:
        forget()
        stop.cancel()
        if not answer.done():
            ls.protocol.withdraw(number)


def _settle(stop: asyncio.Future[None]) -> None:
    if not stop.done():
        stop.set_result(None)
