"""The time a job may take."""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import Iterator

from scopewise.cancel import CancelToken


def out_of_time(seconds: float) -> str:
    """Why a job that had so many seconds was stopped."""
    return f"The job took longer than {seconds:g} s and was stopped."


@contextlib.contextmanager
def deadline(cancel: CancelToken, seconds: float) -> Iterator[None]:
    """Cancels the job when the block takes longer than so many seconds; never with `inf`."""
    if math.isinf(seconds):
        yield
        return
    timer = asyncio.get_running_loop().call_later(seconds, cancel.cancel, out_of_time(seconds))
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
