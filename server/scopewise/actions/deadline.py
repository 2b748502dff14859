"""The time a job may take."""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import Iterator

from scopewise.cancel import CancelToken


@contextlib.contextmanager
def deadline(cancel: CancelToken, seconds: float) -> Iterator[None]:
    """Cancels the job when the block takes longer than so many seconds; never with `inf`."""
    reason = f"The job took longer than {seconds:g} s and was stopped."
    if math.isinf(seconds):
        yield
        return
    timer = asyncio.get_running_loop().call_later(seconds, cancel.cancel, reason)
    try:
        yield
    finally:
        timer.cancel()


@contextlib.contextmanager
def part_of(cancel: CancelToken, seconds: float) -> Iterator[CancelToken]:
    """A token for a part of a job: cancelled with the job, or alone when the part takes longer."""
    part = CancelToken()
    forget = cancel.on_cancel(lambda: part.cancel(cancel.reason))
    try:
        with deadline(part, seconds):
            yield part
    finally:
        forget()
